//! Sets of students that other files name by a value: `class:` `year:` `unit:` `student:` `all`.

use std::collections::HashMap;

use crate::school::{Id, Student, StudentId, UnitId};

use super::names::{Names, compose};
use super::problem::{Problem, nearest};
use super::roster::Roster;
use super::words;

/// The students of each class, year and unit.
#[derive(Debug)]
pub struct Groups<'n> {
    students: &'n Names<StudentId>,
    everyone: Vec<StudentId>,
    classes: HashMap<String, Vec<StudentId>>,
    years: HashMap<String, Vec<StudentId>>,
    units: HashMap<String, Vec<StudentId>>,
    complete: bool,
}

/// A column of students.csv by which students are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Class,
    Year,
    Unit,
}

impl By {
    pub const ALL: [By; 3] = [By::Class, By::Year, By::Unit];

    pub fn label(self) -> &'static str {
        match self {
            By::Class => "class",
            By::Year => "year",
            By::Unit => "unit",
        }
    }
}

impl<'n> Groups<'n> {
    pub fn new(students: &'n Roster<StudentId, Student>, units: &Names<UnitId>) -> Self {
        let unit_names = units.list();
        let mut groups = Self {
            students: &students.names,
            everyone: (0..students.rows.len()).map(StudentId::new).collect(),
            classes: HashMap::new(),
            years: HashMap::new(),
            units: HashMap::new(),
            complete: students.names.is_complete(),
        };
        for (index, student) in students.rows.iter().enumerate() {
            let id = StudentId::new(index);
            let unit = student.unit.map_or("", |unit| unit_names[unit.index()]);
            for (map, value) in [
                (&mut groups.classes, student.class.as_str()),
                (&mut groups.years, student.year.as_str()),
                (&mut groups.units, unit),
            ] {
                if value.is_empty() {
                    continue;
                }
                match map.get_mut(value) {
                    Some(members) => members.push(id),
                    None => {
                        map.insert(value.to_owned(), vec![id]);
                    }
                }
            }
        }
        groups
    }

    /// Whether students.csv has no rows.
    pub fn are_empty(&self) -> bool {
        self.students.is_empty()
    }

    fn map(&self, by: By) -> &HashMap<String, Vec<StudentId>> {
        match by {
            By::Class => &self.classes,
            By::Year => &self.years,
            By::Unit => &self.units,
        }
    }

    /// The students with `value` in the column `by`; none where students.csv could not be read in full.
    pub fn with(&self, by: By, value: &str) -> Result<&[StudentId], Problem> {
        let composed = || self.map(by).get(&compose(value)?);
        match self.map(by).get(value).or_else(composed) {
            Some(members) => Ok(members),
            None if !self.complete => Ok(&[]),
            None if self.are_empty() => {
                let message = format!("no student has the {} `{value}`", by.label());
                self.students.none_at_all(message, value).map_or(Ok(&[]), Err)
            }
            None => Err(self.unknown(by, value)),
        }
    }

    fn unknown(&self, by: By, value: &str) -> Problem {
        let label = by.label();
        let mut known: Vec<&str> = self.map(by).keys().map(String::as_str).collect();
        known.sort_unstable();
        let help = match nearest(value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => {
                format!("no student has a {label}; fill in that column of students.csv")
            }
            None => format!("known: {}", some_of(&known)),
        };
        Problem::error("unknown-id", format!("no student has the {label} `{value}`"))
            .found(format!("`{value}`"))
            .expected(format!("a {label} of students.csv"))
            .help(help)
    }

    /// The students of a cell `who` of needs.csv.
    pub fn who(&self, text: &str) -> Result<&[StudentId], Problem> {
        if let Some(student) = self.students.get(text) {
            return Ok(&self.everyone[student.index()..=student.index()]);
        }
        match text.split_once(':') {
            Some((prefix, value)) => self.selected(text, prefix.trim(), value.trim()),
            None if words::meant(text, ["all"].into_iter()).is_some() => Ok(&self.everyone),
            None => {
                let student = self.students.resolve(text).map_err(|problem| self.or_group(text, problem))?;
                Ok(self.only(student))
            }
        }
    }

    /// The problem of an unknown student, where the text is the name of a class, year or unit.
    fn or_group(&self, text: &str, problem: Problem) -> Problem {
        let by = By::ALL.into_iter().find(|by| self.map(*by).contains_key(text));
        match by {
            Some(by) => problem.help(format!("write `{}:{text}` for all students of that {0}", by.label())),
            None => problem,
        }
    }

    fn only(&self, student: Option<StudentId>) -> &[StudentId] {
        student.map_or(&[], |student| &self.everyone[student.index()..=student.index()])
    }

    /// The students of an entry of a block's `audience`.
    pub fn audience(&self, text: &str) -> Result<&[StudentId], Problem> {
        match text.split_once(':') {
            Some((prefix, value)) => self.selected(text, prefix.trim(), value.trim()),
            None => Err(self.or_group(text, unknown_prefix(text, text))),
        }
    }

    fn selected(&self, text: &str, prefix: &str, value: &str) -> Result<&[StudentId], Problem> {
        let labels = By::ALL.map(By::label).into_iter().chain(["student"]);
        let Some(label) = words::meant(prefix, labels) else { return Err(unknown_prefix(text, prefix)) };
        match By::ALL.into_iter().find(|by| by.label() == label) {
            Some(by) => self.with(by, value),
            None => self.students.resolve(value).map(|student| self.only(student)),
        }
    }
}

fn unknown_prefix(text: &str, prefix: &str) -> Problem {
    let help = match nearest(prefix, ["class", "year", "unit", "student"]) {
        Some(near) => format!("did you mean `{near}:`?"),
        None => "put `class:`, `year:`, `unit:` or `student:` in front of the value".to_owned(),
    };
    Problem::error("unknown-word", format!("`{text}` names no group of students"))
        .found(format!("`{text}`"))
        .expected("`class:`, `year:`, `unit:` or `student:` with a value")
        .help(help)
}

/// The first few of a list, for a message.
pub fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
