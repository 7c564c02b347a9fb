//! A mixed-integer linear program as plain data: what the rules write and the engines read. Sums are lists
//! in the order of writing, so that equal schools give byte-identical programs.

use std::fmt::Write;

use good_lp::variable::UnsolvedProblem;
use good_lp::{Expression, ProblemVariables, variable};

/// Sums closer than this count as equal.
const TOLERANCE: f64 = 1e-6;

/// A variable of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variable(u32);

impl Variable {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A linear expression: `constant` + the sum of factor x variable. What is fixed has been folded into the
/// constant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinExpr {
    pub terms: Vec<(Variable, f64)>,
    pub constant: f64,
}

impl LinExpr {
    pub fn constant(constant: f64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    pub fn add(&mut self, factor: f64, variable: Variable) {
        self.terms.push((variable, factor));
    }

    pub fn add_expr(&mut self, factor: f64, other: &LinExpr) {
        self.terms.extend(other.terms.iter().map(|&(variable, value)| (variable, factor * value)));
        self.constant += factor * other.constant;
    }

    pub fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn value(&self, values: &[f64]) -> f64 {
        self.constant
            + self.terms.iter().map(|&(variable, factor)| factor * values[variable.index()]).sum::<f64>()
    }

    /// Each variable once, in order, none with factor 0.
    fn tidy(&mut self) {
        self.terms.sort_by_key(|&(variable, _)| variable);
        self.terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        self.terms.retain(|&(_, factor)| factor != 0.0);
    }
}

impl From<Variable> for LinExpr {
    fn from(variable: Variable) -> Self {
        Self { terms: vec![(variable, 1.0)], constant: 0.0 }
    }
}

impl FromIterator<Variable> for LinExpr {
    fn from_iter<I: IntoIterator<Item = Variable>>(variables: I) -> Self {
        Self { terms: variables.into_iter().map(|variable| (variable, 1.0)).collect(), constant: 0.0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    AtMost,
    Exactly,
}

/// `terms` (at most | exactly) `rhs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The constraint family, named as in docs/model.md.
    pub family: &'static str,
    pub terms: Vec<(Variable, f64)>,
    pub sense: Sense,
    pub rhs: f64,
}

/// Lower and upper bound, both finite: with them every set of constraint prices proves a bound on the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    pub lower: f64,
    pub upper: f64,
    pub integer: bool,
}

/// Maximise `objective` over the variables within their bounds, subject to the constraints.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub variables: Vec<Bounds>,
    pub constraints: Vec<Constraint>,
    pub objective: LinExpr,
    /// The family of a constraint that nothing can satisfy, if one was written.
    pub contradiction: Option<&'static str>,
    /// Variables that follow from earlier ones: the least of the sums, cut to the variable's bounds.
    derived: Vec<(Variable, Vec<LinExpr>)>,
    /// By variable; only kept where somebody reads them.
    names: Option<Vec<String>>,
}

impl Program {
    /// A program that remembers the names of its variables, for [`Program::lp`].
    pub fn named() -> Self {
        Self { names: Some(Vec::new()), ..Self::default() }
    }

    pub fn variable(&mut self, bounds: Bounds, name: impl FnOnce() -> String) -> Variable {
        let variable = Variable(self.variables.len() as u32);
        self.variables.push(bounds);
        if let Some(names) = &mut self.names {
            names.push(name());
        }
        variable
    }

    pub fn binary(&mut self, name: impl FnOnce() -> String) -> Variable {
        self.variable(Bounds { lower: 0.0, upper: 1.0, integer: true }, name)
    }

    pub fn integer(&mut self, upper: u32, name: impl FnOnce() -> String) -> Variable {
        self.variable(Bounds { lower: 0.0, upper: f64::from(upper), integer: true }, name)
    }

    /// A variable between 0 and `upper` that integers of the others make integer.
    pub fn continuous(&mut self, upper: f64, name: impl FnOnce() -> String) -> Variable {
        self.variable(Bounds { lower: 0.0, upper, integer: false }, name)
    }

    /// States that a best solution has `variable` = `sum` cut to its bounds, for completing a start.
    pub fn derive(&mut self, variable: Variable, sum: LinExpr) {
        self.derive_least(variable, vec![sum]);
    }

    /// The same for the least of several sums.
    pub fn derive_least(&mut self, variable: Variable, sums: Vec<LinExpr>) {
        self.derived.push((variable, sums));
    }

    /// left <= right
    pub fn at_most(&mut self, family: &'static str, mut left: LinExpr, right: &LinExpr) {
        left.add_expr(-1.0, right);
        self.constraint(family, left, Sense::AtMost);
    }

    /// left = right
    pub fn exactly(&mut self, family: &'static str, mut left: LinExpr, right: &LinExpr) {
        left.add_expr(-1.0, right);
        self.constraint(family, left, Sense::Exactly);
    }

    /// `sum` (at most | exactly) 0; constraints that the bounds imply are left out.
    fn constraint(&mut self, family: &'static str, mut sum: LinExpr, sense: Sense) {
        sum.tidy();
        let (least, most) = self.range(&sum);
        let implied = most <= TOLERANCE && (sense == Sense::AtMost || least >= -TOLERANCE);
        let impossible = least > TOLERANCE || (sense == Sense::Exactly && most < -TOLERANCE);
        if impossible && sum.is_constant() {
            self.contradiction.get_or_insert(family);
        } else if !implied {
            self.constraints.push(Constraint { family, terms: sum.terms, sense, rhs: 0.0 - sum.constant });
        }
    }

    /// Lets a variable have one value only.
    pub fn fix(&mut self, variable: Variable, value: f64) {
        let bounds = &mut self.variables[variable.index()];
        (bounds.lower, bounds.upper) = (value, value);
    }

    /// The same program without variables that have one value only, and by variable of this one the variable there.
    pub fn without_fixed(&self) -> (Program, Vec<Option<Variable>>) {
        let mut rest = Program { contradiction: self.contradiction, ..Program::default() };
        let index: Vec<Option<Variable>> = (self.variables.iter())
            .map(|bounds| (bounds.lower < bounds.upper).then(|| rest.variable(bounds.clone(), String::new)))
            .collect();
        let reduce = |terms: &[(Variable, f64)], constant: f64| {
            let mut sum = LinExpr::constant(constant);
            for &(variable, factor) in terms {
                match index[variable.index()] {
                    Some(variable) => sum.add(factor, variable),
                    None => sum.constant += factor * self.variables[variable.index()].lower,
                }
            }
            sum
        };
        rest.objective = reduce(&self.objective.terms, self.objective.constant);
        for constraint in &self.constraints {
            rest.constraint(constraint.family, reduce(&constraint.terms, -constraint.rhs), constraint.sense);
        }
        (rest, index)
    }

    /// Values of all variables from those of the variables that [`Program::without_fixed`] leaves.
    pub fn with_fixed(&self, index: &[Option<Variable>], values: &[f64]) -> Vec<f64> {
        let value = |(bounds, variable): (&Bounds, &Option<Variable>)| match variable {
            Some(variable) => values[variable.index()],
            None => bounds.lower,
        };
        self.variables.iter().zip(index).map(value).collect()
    }

    /// Least and greatest value within the bounds.
    pub fn range(&self, sum: &LinExpr) -> (f64, f64) {
        let (mut least, mut most) = (sum.constant, sum.constant);
        for &(variable, factor) in &sum.terms {
            let Bounds { lower, upper, .. } = self.variables[variable.index()];
            least += factor * if factor > 0.0 { lower } else { upper };
            most += factor * if factor > 0.0 { upper } else { lower };
        }
        (least, most)
    }

    /// Fills in the derived variables of a start.
    pub fn complete(&self, values: &mut [f64]) {
        for (variable, sums) in &self.derived {
            let Bounds { lower, upper, .. } = self.variables[variable.index()];
            let least = sums.iter().map(|sum| sum.value(values)).fold(upper, f64::min);
            values[variable.index()] = least.max(lower);
        }
    }

    /// Rounds the derived variables, which integers of the others make integer.
    pub fn round_derived(&self, values: &mut [f64]) {
        for (variable, _) in &self.derived {
            values[variable.index()] = values[variable.index()].round();
        }
    }

    /// The family of the first constraint or bound that the values break.
    pub fn broken(&self, values: &[f64]) -> Option<&'static str> {
        let outside = |(bounds, &value): (&Bounds, &f64)| {
            value < bounds.lower - TOLERANCE
                || value > bounds.upper + TOLERANCE
                || (bounds.integer && (value - value.round()).abs() > TOLERANCE)
        };
        if self.variables.iter().zip(values).any(outside) {
            return Some("bounds");
        }
        let breaks = |constraint: &&Constraint| {
            let left: f64 =
                constraint.terms.iter().map(|&(variable, factor)| factor * values[variable.index()]).sum();
            let over = left - constraint.rhs;
            over > TOLERANCE || (constraint.sense == Sense::Exactly && over < -TOLERANCE)
        };
        self.constraints.iter().find(breaks).map(|constraint| constraint.family)
    }

    /// The greatest objective that constraint prices leave possible: by weak duality no solution has more, whatever
    /// the prices. `prices`: what one more on the right of each constraint would gain; wrong signs are set to 0.
    pub fn bound_from(&self, prices: &[f64]) -> f64 {
        let mut gain = vec![0.0; self.variables.len()];
        for &(variable, factor) in &self.objective.terms {
            gain[variable.index()] += factor;
        }
        let mut bound = self.objective.constant;
        for (constraint, &price) in self.constraints.iter().zip(prices) {
            let price = if constraint.sense == Sense::AtMost { price.max(0.0) } else { price };
            bound += price * constraint.rhs;
            for &(variable, factor) in &constraint.terms {
                gain[variable.index()] -= price * factor;
            }
        }
        let best =
            |(bounds, gain): (&Bounds, f64)| gain * if gain > 0.0 { bounds.upper } else { bounds.lower };
        bound + self.variables.iter().zip(gain).map(best).sum::<f64>()
    }

    /// The program in the terms of good_lp, `integer` or relaxed, without the objective's constant.
    pub fn for_good_lp(&self, integer: bool) -> (UnsolvedProblem, Vec<good_lp::Variable>) {
        let mut problem = ProblemVariables::new();
        let variables: Vec<good_lp::Variable> = self
            .variables
            .iter()
            .map(|bounds| {
                let definition = variable().clamp(bounds.lower, bounds.upper);
                problem.add(if integer && bounds.integer { definition.integer() } else { definition })
            })
            .collect();
        let mut objective = Expression::with_capacity(self.objective.terms.len());
        for &(variable, factor) in &self.objective.terms {
            objective.add_mul(factor, variables[variable.index()]);
        }
        (problem.maximise(objective), variables)
    }

    /// The constraints as good_lp's constraints on the variables of [`Program::for_good_lp`].
    pub fn constraints<'a>(
        &'a self,
        variables: &'a [good_lp::Variable],
    ) -> impl Iterator<Item = good_lp::Constraint> + 'a {
        self.constraints.iter().map(|constraint| {
            let mut left = Expression::with_capacity(constraint.terms.len());
            for &(variable, factor) in &constraint.terms {
                left.add_mul(factor, variables[variable.index()]);
            }
            match constraint.sense {
                Sense::AtMost => left.leq(constraint.rhs),
                Sense::Exactly => left.eq(constraint.rhs),
            }
        })
    }

    /// The constraints of some families as text, one a line, for reading.
    pub fn lp(&self, families: &[&str]) -> String {
        let mut text = String::new();
        for constraint in self.constraints.iter().filter(|constraint| families.contains(&constraint.family)) {
            let sense = if constraint.sense == Sense::AtMost { "<=" } else { "=" };
            let _ = writeln!(
                text,
                "{}: {} {sense} {}",
                constraint.family,
                self.terms(&constraint.terms),
                constraint.rhs
            );
        }
        text
    }

    /// The objective as text.
    pub fn lp_objective(&self) -> String {
        let mut sum = self.objective.clone();
        sum.tidy();
        format!("maximise: {} + {}\n", self.terms(&sum.terms), sum.constant)
    }

    fn terms(&self, terms: &[(Variable, f64)]) -> String {
        let mut text = String::new();
        for (at, &(variable, factor)) in terms.iter().enumerate() {
            let sign = match (at, factor < 0.0) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            };
            text.push_str(sign);
            if factor.abs() != 1.0 {
                let _ = write!(text, "{} ", factor.abs());
            }
            match self.names.as_ref().and_then(|names| names.get(variable.index())) {
                Some(name) => text.push_str(name),
                None => {
                    let _ = write!(text, "c{}", variable.0);
                }
            }
        }
        text
    }
}
