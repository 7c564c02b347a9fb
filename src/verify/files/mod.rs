//! Reads the files of an output folder into a [`Week`] and reports where they disagree with the school
//! or with each other.

mod compare;
mod groups;
mod holders;
mod names;
mod places;
mod sessions;
mod staff;
mod students;
pub mod summary;
pub mod unmet;
pub mod wishes;
mod written;

use std::path::Path;

use crate::school::School;

use super::Error;
use super::violation::Violations;
use super::week::Week;

use compare::Files;
use names::Names;

/// Reads all tables but `unmet_needs.csv`, which [`unmet::check`] compares with what was counted.
///
/// # Errors
/// A file that is missing or that is not a table with the columns of the guide.
pub fn read(school: &School, out: &Path, violations: &mut Violations) -> Result<Week, Error> {
    let names = Names::new(school);
    let mut week = Week::default();
    groups::read(&names, out, &mut week, violations)?;
    let written = sessions::read(&names, out, &mut week, violations)?;
    let mut files = Files { school, names: &names, written: &written, violations };
    students::read(&mut files, out, &mut week)?;
    week.index(school);
    sessions::check_numbers(&mut files, &week);
    staff::read(&mut files, out, &mut week)?;
    places::read(&mut files, out, &week)?;
    holders::read(&mut files, out, &mut week)?;
    Ok(week)
}
