//! A school and the schedule that runs in it, for commands that ask about both.

use std::path::Path;

use crate::school::School;
use crate::verify::{self, Rule, Violation};
use crate::whatif::case::{Case, Origin};
use crate::write::files::UNMET_NEEDS;

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
    opened(input, told.told(quiet)?, out, |_| false)
}

/// The same of a school that is read, in which the school may ask for more than it did when the schedule was made.
///
/// # Errors
/// The schedule is not one of the school.
pub fn open_asking_more(input: &InputArgs, school: &School, out: &Path) -> anyhow::Result<Case> {
    opened(input, school, out, |violation| violation.rows.iter().all(|row| row.file == UNMET_NEEDS.file))
}

fn opened(
    input: &InputArgs,
    school: &School,
    out: &Path,
    beside: impl Fn(&Violation) -> bool,
) -> anyhow::Result<Case> {
    let verdict = verify::verify(school, out).map_err(bad_input)?;
    let breaks = |violation: &&Violation| violation.rule != Rule::Total && !beside(violation);
    if let Some(violation) = verdict.violations.iter().find(breaks) {
        return Err(bad_input(format!(
            "{} is no schedule of this school that holds every rule: {} ({}); `leerzone verify` lists all",
            out.display(),
            violation.message,
            violation.rule.label()
        )));
    }
    origin(input, out).case(None).map_err(bad)
}
