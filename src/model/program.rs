//! A mixed-integer linear program as plain data: what the rules write and the engines read. Sums are lists
//! in the order of writing, so that equal schools give byte-identical programs.

use std::fmt::Write;

use good_lp::variable::UnsolvedProblem;
use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

/// Sums closer than this count as equal.
const TOLERANCE: f64 = 1e-6;

/// A variable of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Column(u32);

impl Column {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A linear expression: `constant` + the sum of factor x column. What is fixed has been folded into the
/// constant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum {
    pub terms: Vec<(Column, f64)>,
    pub constant: f64,
}

impl Sum {
    pub fn constant(constant: f64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    pub fn add(&mut self, factor: f64, column: Column) {
        self.terms.push((column, factor));
    }

    pub fn add_sum(&mut self, factor: f64, other: &Sum) {
        self.terms.extend(other.terms.iter().map(|&(column, value)| (column, factor * value)));
        self.constant += factor * other.constant;
    }

    pub fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn value(&self, values: &[f64]) -> f64 {
        self.constant
            + self.terms.iter().map(|&(column, factor)| factor * values[column.index()]).sum::<f64>()
    }

    /// Each column once, in order, none with factor 0.
    fn tidy(&mut self) {
        self.terms.sort_by_key(|&(column, _)| column);
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

impl From<Column> for Sum {
    fn from(column: Column) -> Self {
        Self { terms: vec![(column, 1.0)], constant: 0.0 }
    }
}

impl FromIterator<Column> for Sum {
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Self {
        Self { terms: columns.into_iter().map(|column| (column, 1.0)).collect(), constant: 0.0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    AtMost,
    Exactly,
}

/// `terms` (at most | exactly) `rhs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The constraint family, named as in docs/model.md.
    pub family: &'static str,
    pub terms: Vec<(Column, f64)>,
    pub sense: Sense,
    pub rhs: f64,
}

/// Lower and upper bound, both finite: with them every set of row prices proves a bound on the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    pub lower: f64,
    pub upper: f64,
    pub integer: bool,
}

/// Maximise `objective` over the columns within their bounds, subject to the rows.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub columns: Vec<Bounds>,
    pub rows: Vec<Row>,
    pub objective: Sum,
    /// The family of a row that nothing can satisfy, if one was written.
    pub contradiction: Option<&'static str>,
    /// Columns that follow from earlier ones: the sum, cut to the column's bounds.
    derived: Vec<(Column, Sum)>,
    /// By column; only kept where somebody reads them.
    names: Option<Vec<String>>,
}

impl Program {
    /// A program that remembers the names of its columns, for [`Program::lp`].
    pub fn named() -> Self {
        Self { names: Some(Vec::new()), ..Self::default() }
    }

    pub fn column(&mut self, bounds: Bounds, name: impl FnOnce() -> String) -> Column {
        let column = Column(self.columns.len() as u32);
        self.columns.push(bounds);
        if let Some(names) = &mut self.names {
            names.push(name());
        }
        column
    }

    pub fn binary(&mut self, name: impl FnOnce() -> String) -> Column {
        self.column(Bounds { lower: 0.0, upper: 1.0, integer: true }, name)
    }

    pub fn integer(&mut self, upper: u32, name: impl FnOnce() -> String) -> Column {
        self.column(Bounds { lower: 0.0, upper: f64::from(upper), integer: true }, name)
    }

    /// A column between 0 and `upper` that integers of the others make integer.
    pub fn continuous(&mut self, upper: f64, name: impl FnOnce() -> String) -> Column {
        self.column(Bounds { lower: 0.0, upper, integer: false }, name)
    }

    /// States that a best solution has `column` = `sum` cut to its bounds, for completing a start.
    pub fn derive(&mut self, column: Column, sum: Sum) {
        self.derived.push((column, sum));
    }

    /// left <= right
    pub fn at_most(&mut self, family: &'static str, mut left: Sum, right: &Sum) {
        left.add_sum(-1.0, right);
        self.row(family, left, Sense::AtMost);
    }

    /// left = right
    pub fn exactly(&mut self, family: &'static str, mut left: Sum, right: &Sum) {
        left.add_sum(-1.0, right);
        self.row(family, left, Sense::Exactly);
    }

    /// `sum` (at most | exactly) 0; rows that the bounds imply are left out.
    fn row(&mut self, family: &'static str, mut sum: Sum, sense: Sense) {
        sum.tidy();
        let (least, most) = self.range(&sum);
        let implied = most <= TOLERANCE && (sense == Sense::AtMost || least >= -TOLERANCE);
        let impossible = least > TOLERANCE || (sense == Sense::Exactly && most < -TOLERANCE);
        if impossible && sum.is_constant() {
            self.contradiction.get_or_insert(family);
        } else if !implied {
            self.rows.push(Row { family, terms: sum.terms, sense, rhs: 0.0 - sum.constant });
        }
    }

    /// Lets a column have one value only.
    pub fn fix(&mut self, column: Column, value: f64) {
        let bounds = &mut self.columns[column.index()];
        (bounds.lower, bounds.upper) = (value, value);
    }

    /// The same program without columns that have one value only, and by column of this one the column there.
    pub fn without_fixed(&self) -> (Program, Vec<Option<Column>>) {
        let mut rest = Program { contradiction: self.contradiction, ..Program::default() };
        let index: Vec<Option<Column>> = (self.columns.iter())
            .map(|bounds| (bounds.lower < bounds.upper).then(|| rest.column(bounds.clone(), String::new)))
            .collect();
        let reduce = |terms: &[(Column, f64)], constant: f64| {
            let mut sum = Sum::constant(constant);
            for &(column, factor) in terms {
                match index[column.index()] {
                    Some(column) => sum.add(factor, column),
                    None => sum.constant += factor * self.columns[column.index()].lower,
                }
            }
            sum
        };
        rest.objective = reduce(&self.objective.terms, self.objective.constant);
        for row in &self.rows {
            rest.row(row.family, reduce(&row.terms, -row.rhs), row.sense);
        }
        (rest, index)
    }

    /// Values of all columns from those of the columns that [`Program::without_fixed`] leaves.
    pub fn with_fixed(&self, index: &[Option<Column>], values: &[f64]) -> Vec<f64> {
        let value = |(bounds, column): (&Bounds, &Option<Column>)| match column {
            Some(column) => values[column.index()],
            None => bounds.lower,
        };
        self.columns.iter().zip(index).map(value).collect()
    }

    /// Least and greatest value within the bounds.
    fn range(&self, sum: &Sum) -> (f64, f64) {
        let (mut least, mut most) = (sum.constant, sum.constant);
        for &(column, factor) in &sum.terms {
            let Bounds { lower, upper, .. } = self.columns[column.index()];
            least += factor * if factor > 0.0 { lower } else { upper };
            most += factor * if factor > 0.0 { upper } else { lower };
        }
        (least, most)
    }

    /// Fills in the derived columns of a start.
    pub fn complete(&self, values: &mut [f64]) {
        for (column, sum) in &self.derived {
            let Bounds { lower, upper, .. } = self.columns[column.index()];
            values[column.index()] = sum.value(values).clamp(lower, upper);
        }
    }

    /// Rounds the derived columns, which integers of the others make integer.
    pub fn round_derived(&self, values: &mut [f64]) {
        for (column, _) in &self.derived {
            values[column.index()] = values[column.index()].round();
        }
    }

    /// The family of the first row or bound that the values break.
    pub fn broken(&self, values: &[f64]) -> Option<&'static str> {
        let outside = |(bounds, &value): (&Bounds, &f64)| {
            value < bounds.lower - TOLERANCE
                || value > bounds.upper + TOLERANCE
                || (bounds.integer && (value - value.round()).abs() > TOLERANCE)
        };
        if self.columns.iter().zip(values).any(outside) {
            return Some("bounds");
        }
        let breaks = |row: &&Row| {
            let left: f64 = row.terms.iter().map(|&(column, factor)| factor * values[column.index()]).sum();
            let over = left - row.rhs;
            over > TOLERANCE || (row.sense == Sense::Exactly && over < -TOLERANCE)
        };
        self.rows.iter().find(breaks).map(|row| row.family)
    }

    /// The greatest objective that row prices leave possible: by weak duality no solution has more, whatever
    /// the prices. `prices`: what one more on the right of each row would gain; wrong signs are set to 0.
    pub fn bound_from(&self, prices: &[f64]) -> f64 {
        let mut gain = vec![0.0; self.columns.len()];
        for &(column, factor) in &self.objective.terms {
            gain[column.index()] += factor;
        }
        let mut bound = self.objective.constant;
        for (row, &price) in self.rows.iter().zip(prices) {
            let price = if row.sense == Sense::AtMost { price.max(0.0) } else { price };
            bound += price * row.rhs;
            for &(column, factor) in &row.terms {
                gain[column.index()] -= price * factor;
            }
        }
        let best =
            |(bounds, gain): (&Bounds, f64)| gain * if gain > 0.0 { bounds.upper } else { bounds.lower };
        bound + self.columns.iter().zip(gain).map(best).sum::<f64>()
    }

    /// The program in the terms of good_lp, `integer` or relaxed, without the objective's constant.
    pub fn for_good_lp(&self, integer: bool) -> (UnsolvedProblem, Vec<Variable>) {
        let mut problem = ProblemVariables::new();
        let variables: Vec<Variable> = self
            .columns
            .iter()
            .map(|bounds| {
                let definition = variable().clamp(bounds.lower, bounds.upper);
                problem.add(if integer && bounds.integer { definition.integer() } else { definition })
            })
            .collect();
        let mut objective = Expression::with_capacity(self.objective.terms.len());
        for &(column, factor) in &self.objective.terms {
            objective.add_mul(factor, variables[column.index()]);
        }
        (problem.maximise(objective), variables)
    }

    /// The rows as good_lp's constraints on the variables of [`Program::for_good_lp`].
    pub fn constraints<'a>(&'a self, variables: &'a [Variable]) -> impl Iterator<Item = Constraint> + 'a {
        self.rows.iter().map(|row| {
            let mut left = Expression::with_capacity(row.terms.len());
            for &(column, factor) in &row.terms {
                left.add_mul(factor, variables[column.index()]);
            }
            match row.sense {
                Sense::AtMost => left.leq(row.rhs),
                Sense::Exactly => left.eq(row.rhs),
            }
        })
    }

    /// The rows of some families as text, one a line, for reading.
    pub fn lp(&self, families: &[&str]) -> String {
        let mut text = String::new();
        for row in self.rows.iter().filter(|row| families.contains(&row.family)) {
            let sense = if row.sense == Sense::AtMost { "<=" } else { "=" };
            let _ = writeln!(text, "{}: {} {sense} {}", row.family, self.terms(&row.terms), row.rhs);
        }
        text
    }

    /// The objective as text.
    pub fn lp_objective(&self) -> String {
        let mut sum = self.objective.clone();
        sum.tidy();
        format!("maximise: {} + {}\n", self.terms(&sum.terms), sum.constant)
    }

    fn terms(&self, terms: &[(Column, f64)]) -> String {
        let mut text = String::new();
        for (at, &(column, factor)) in terms.iter().enumerate() {
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
            match self.names.as_ref().and_then(|names| names.get(column.index())) {
                Some(name) => text.push_str(name),
                None => {
                    let _ = write!(text, "c{}", column.0);
                }
            }
        }
        text
    }
}
