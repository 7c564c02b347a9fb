//! A school and the schedule that runs in it, for commands that ask about both.

use std::path::Path;
use std::process::ExitCode;

use crate::read::{self, Severity};
use crate::verify::{self, Rule};
use crate::whatif::case::{Case, Origin};

use super::BAD_INPUT;
use super::input::InputArgs;
use super::made::tell_other_input;
use super::progress::note;

/// Prints why a command cannot go on.
pub fn bad_input(message: &str) -> ExitCode {
    note(&format!("error: {message}"));
    ExitCode::from(BAD_INPUT)
}

pub fn origin<'a>(input: &'a InputArgs, out: &'a Path) -> Origin<'a> {
    let InputArgs { dir, layout, history, changes } = input;
    Origin { dir, layout: layout.as_deref(), scenario: &changes.scenario, set: &changes.set, history, out }
}

/// Reads both. The inner error: told to the user, with the exit code.
///
/// # Errors
/// The schedule is not there.
pub fn open(input: &InputArgs, out: &Path, quiet: bool) -> anyhow::Result<Result<Case, ExitCode>> {
    let told = input.read();
    tell_other_input(out, &told);
    let told = told.reading;
    let shown = told.problems.into_iter().filter(|problem| !quiet || problem.severity == Severity::Error);
    read::print_problems(&shown.collect::<Vec<_>>());
    let Some(school) = told.school else { return Ok(Err(ExitCode::from(BAD_INPUT))) };
    let verdict = match verify::verify(&school, out) {
        Ok(verdict) => verdict,
        Err(error) => return Ok(Err(bad_input(&error.to_string()))),
    };
    if let Some(breach) = verdict.breaches.iter().find(|breach| breach.rule != Rule::Total) {
        return Ok(Err(bad_input(&format!(
            "{} is no schedule of this school that holds every rule: {} ({}); `leerzone verify` lists all",
            out.display(),
            breach.message,
            breach.rule.label()
        ))));
    }
    Ok(origin(input, out).case(None).map_err(|error| bad_input(&format!("{error:#}"))))
}
