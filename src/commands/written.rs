//! Opens a written schedule for the commands that tell of it.

use std::path::Path;
use std::process::ExitCode;

use crate::read;
use crate::school::School;
use crate::timetable::{Error, Timetable};
use crate::verify;

use super::BAD_INPUT;
use super::input::InputArgs;
use super::made::tell_other_input;

/// The school of the schedule in `out`; what is wrong with it is printed and gives the exit code of bad input. Warnings
/// are for those who make the schedule.
pub fn school(input: &InputArgs, out: &Path) -> Result<School, ExitCode> {
    let told = input.read();
    tell_other_input(out, &told);
    let reading = told.reading;
    reading.school.ok_or_else(|| {
        read::print_problems(&reading.problems);
        ExitCode::from(BAD_INPUT)
    })
}

/// The schedule in `out`; what does not fit is printed and gives the exit code of bad input.
///
/// # Errors
/// The folder or one of its files cannot be read.
pub fn open<'a>(school: &'a School, out: &Path) -> anyhow::Result<Result<Timetable<'a>, ExitCode>> {
    match Timetable::read(school, out) {
        Ok(timetable) => Ok(Ok(timetable)),
        Err(Error::File(error @ verify::Error::Missing { .. })) => Err(error.into()),
        Err(error) => {
            eprintln!("error: {error}");
            Ok(Err(ExitCode::from(BAD_INPUT)))
        }
    }
}
