//! A written schedule in other systems' files.

pub mod fet;
mod hours;
pub mod ics;
pub mod oneroster;
pub mod untis;
pub mod xlsx;
pub mod zermelo;

use std::collections::BTreeSet;

use crate::timetable::Timetable;

/// A file of an export: its name and its bytes.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// Ids with the character by which a format joins several of them: whoever reads the file takes one for two.
pub fn ambiguous(timetable: &Timetable, format: &str, separator: char) -> Vec<String> {
    let school = timetable.school;
    let classes: BTreeSet<&str> = school.students.iter().map(|student| student.class.as_str()).collect();
    let staff = school.staff.iter().map(|staff| ("staff", staff.id.as_str()));
    let ids = classes.into_iter().map(|class| ("class", class)).chain(staff);
    ids.filter(|(_, id)| id.contains(separator))
        .map(|(kind, id)| {
            format!("{kind} `{id}` has a `{separator}` in it, by which {format} joins lists: it will be taken for several")
        })
        .collect()
}

/// First and last name, as near as a name in one cell tells.
fn split_name(name: &str) -> (&str, &str) {
    name.trim().split_once(' ').map_or(("", name.trim()), |(first, last)| (first, last.trim()))
}
