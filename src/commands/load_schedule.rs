//! Opens a written schedule for the commands that tell of it.

use std::path::Path;

use crate::school::School;
use crate::timetable::Timetable;

use super::input::InputArgs;
use super::output::tell_other_input;
use super::refusal::bad_input;

/// The school of the schedule in `out`.
///
/// # Errors
/// It cannot be used.
pub fn school(input: &InputArgs, out: &Path) -> anyhow::Result<School> {
    let told = input.read();
    tell_other_input(out, &told);
    told.usable().cloned()
}

/// The schedule in `out`.
///
/// # Errors
/// A file of it cannot be read, or does not fit the school.
pub fn open<'a>(school: &'a School, out: &Path) -> anyhow::Result<Timetable<'a>> {
    Timetable::read(school, out).map_err(bad_input)
}
