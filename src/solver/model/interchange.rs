//! A program as other solvers read it, and their answers read back. Variable k is called `v<k>`, whatever it means:
//! ids may hold what a format does not allow.

use std::fmt::Write;

use anyhow::{Context, bail, ensure};

use crate::schedule::Schedule;
use crate::school::School;

use super::program::{Program, Sense};
use super::scope::Scope;
use super::sets::Sets;
use super::{build, decode};

/// A file format for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Free MPS, to minimise the negative of the total: not every reader knows `OBJSENSE`.
    Mps,
    /// CPLEX LP, to maximise the total.
    Lp,
}

/// The whole model of a school as text, and how many variables and constraints it has.
pub fn write_model(school: &School, format: Format) -> (String, [usize; 2]) {
    let (sets, scope) = (Sets::new(school), Scope::whole());
    let program = build::build(school, &sets, &scope).program;
    let text = match format {
        Format::Mps => mps(&program),
        Format::Lp => lp(&program),
    };
    (text, [program.variables.len(), program.constraints.len()])
}

/// The schedule that another solver's answer to [`write_model`] describes. It holds the rules as far as the answer does.
///
/// # Errors
/// The text names no variable of the model, or gives a count that is not whole.
pub fn read_solution(school: &School, text: &str) -> anyhow::Result<Schedule> {
    let (sets, scope) = (Sets::new(school), Scope::whole());
    let model = build::build(school, &sets, &scope);
    let mut values = values(&model.program, text)?;
    for (value, bounds) in values.iter_mut().zip(&model.program.variables) {
        if bounds.integer {
            *value = value.round();
        }
    }
    model.program.round_derived(&mut values);
    decode::schedule(&model, &values).context("it is no schedule of this school as it is now")
}

/// The value of each variable: in any line, the number after its name. What is not named is 0, as solvers print it; what
/// HiGHS tells of prices after that is left out.
fn values(program: &Program, text: &str) -> anyhow::Result<Vec<f64>> {
    let mut values = vec![0.0; program.variables.len()];
    let mut found = false;
    for line in text.lines().take_while(|line| !line.starts_with("# Dual") && !line.starts_with("# Basis")) {
        let mut words = line.split_whitespace();
        let index = words.by_ref().find_map(|word| word.strip_prefix('v')?.parse::<usize>().ok());
        let Some((index, value)) = index.zip(words.next()) else { continue };
        let value: f64 = value.parse().with_context(|| format!("`{value}` is no value of v{index}"))?;
        match values.get_mut(index) {
            Some(place) => *place = value,
            None => bail!(
                "it names v{index}, and the model has {} variables: it is of another school",
                values.len()
            ),
        }
        found = true;
    }
    ensure!(found, "it holds no line with the name of a variable, such as `v0 1`");
    Ok(values)
}

fn lp(program: &Program) -> String {
    let mut text = String::from("Maximize\n total:");
    terms(&mut text, program.objective.terms.iter().map(|&(variable, factor)| (variable.index(), factor)));
    // A constant may stand in the objective only as the factor of a variable.
    let _ = write!(text, " {:+} constant\nSubject To\n", program.objective.constant);
    for (at, constraint) in program.constraints.iter().enumerate() {
        let _ = write!(text, " r{at}:");
        terms(&mut text, constraint.terms.iter().map(|&(variable, factor)| (variable.index(), factor)));
        let sense = if constraint.sense == Sense::AtMost { "<=" } else { "=" };
        let _ = writeln!(text, " {sense} {}", constraint.rhs);
    }
    text += "Bounds\n constant = 1\n";
    for (at, bounds) in program.variables.iter().enumerate() {
        let _ = writeln!(text, " {} <= v{at} <= {}", bounds.lower, bounds.upper);
    }
    text += "General\n";
    for at in (0..program.variables.len()).filter(|&at| program.variables[at].integer) {
        let _ = writeln!(text, " v{at}");
    }
    text + "End\n"
}

/// Sums of terms, a few in a line: readers limit its length.
fn terms(text: &mut String, terms: impl Iterator<Item = (usize, f64)>) {
    const IN_A_LINE: usize = 8;
    for (at, (variable, factor)) in terms.enumerate() {
        let space = if at % IN_A_LINE == IN_A_LINE - 1 { "\n " } else { " " };
        let _ = write!(text, "{space}{factor:+} v{variable}");
    }
}

fn mps(program: &Program) -> String {
    let mut text = String::from("NAME leerzone\nROWS\n N negative_total\n");
    let mut columns = vec![String::new(); program.variables.len()];
    for &(variable, factor) in &program.objective.terms {
        let _ = writeln!(columns[variable.index()], " v{} negative_total {}", variable.index(), -factor);
    }
    let mut rhs = String::new();
    for (at, constraint) in program.constraints.iter().enumerate() {
        let _ = writeln!(text, " {} r{at}", if constraint.sense == Sense::AtMost { 'L' } else { 'E' });
        for &(variable, factor) in &constraint.terms {
            let _ = writeln!(columns[variable.index()], " v{} r{at} {factor}", variable.index());
        }
        let _ = writeln!(rhs, " rhs r{at} {}", constraint.rhs);
    }
    text += "COLUMNS\n";
    let mut integer = false;
    for (at, column) in columns.iter().enumerate() {
        if program.variables[at].integer != integer {
            integer = !integer;
            let _ = writeln!(text, " m{at} 'MARKER' '{}'", if integer { "INTORG" } else { "INTEND" });
        }
        // A variable has to stand here to be known.
        let unused = format!(" v{at} negative_total 0\n");
        text += if column.is_empty() { &unused } else { column };
    }
    if integer {
        text += " m 'MARKER' 'INTEND'\n";
    }
    // The right-hand side of the objective is taken from it.
    let _ = write!(text, "RHS\n rhs negative_total {}\n{rhs}BOUNDS\n", program.objective.constant);
    for (at, bounds) in program.variables.iter().enumerate() {
        let _ = writeln!(text, " LO bound v{at} {}\n UP bound v{at} {}", bounds.lower, bounds.upper);
    }
    text + "ENDATA\n"
}
