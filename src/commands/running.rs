//! A school and the schedule that runs in it, for commands that ask about both.

use std::path::Path;

use crate::verify::{self, Rule};
use crate::whatif::case::{Case, Origin};

use super::input::InputArgs;
use super::output::tell_other_input;
use super::refusal::{bad, bad_input};

pub fn origin<'a>(input: &'a InputArgs, out: &'a Path) -> Origin<'a> {
    let InputArgs { dir, layout, history, changes } = input;
    Origin { dir, layout: layout.as_deref(), scenario: &changes.scenario, set: &changes.set, history, out }
}

/// Reads both.
///
/// # Errors
/// The school cannot be used, or the schedule is not one of it.
pub fn open(input: &InputArgs, out: &Path, quiet: bool) -> anyhow::Result<Case> {
    let told = input.read();
    tell_other_input(out, &told);
    let school = told.told(quiet)?;
    let verdict = verify::verify(school, out).map_err(bad_input)?;
    if let Some(violation) = verdict.violations.iter().find(|violation| violation.rule != Rule::Total) {
        return Err(bad_input(format!(
            "{} is no schedule of this school that holds every rule: {} ({}); `leerzone verify` lists all",
            out.display(),
            violation.message,
            violation.rule.label()
        )));
    }
    origin(input, out).case(None).map_err(bad)
}
