use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::limits;

/// What a schedule breaks: a rule of the guide, the agreement of the files with each other, or the
/// stated total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Rule {
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    #[serde(rename = "files")]
    Files,
    #[serde(rename = "total")]
    Total,
}

impl Rule {
    /// The word used in messages.
    pub fn label(self) -> &'static str {
        match self {
            Rule::R1 => "R1",
            Rule::R2 => "R2",
            Rule::R3 => "R3",
            Rule::R4 => "R4",
            Rule::R5 => "R5",
            Rule::R6 => "R6",
            Rule::R7 => "R7",
            Rule::R8 => "R8",
            Rule::R9 => "R9",
            Rule::Files => "files",
            Rule::Total => "total",
        }
    }
}

/// A row of a file. Lines are 1-based, the header is line 1; line 0 is the file as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Row {
    pub file: &'static str,
    pub line: u64,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { write!(f, "{}", self.file) } else { write!(f, "{}:{}", self.file, self.line) }
    }
}

/// One broken rule, with its numbers and the rows that break it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    pub rule: Rule,
    pub message: String,
    pub rows: Vec<Row>,
}

/// All violations found so far.
#[derive(Debug, Default)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    /// Adds one, of those that anybody can look through.
    pub fn add(&mut self, rule: Rule, rows: impl IntoIterator<Item = Row>, message: String) {
        if self.0.len() == limits::PROBLEMS {
            return;
        }
        let (rows, message) = if self.0.len() + 1 == limits::PROBLEMS {
            (Vec::new(), "further violations are not listed".to_owned())
        } else {
            (rows.into_iter().collect(), message)
        };
        self.0.push(Violation { rule, message, rows });
    }

    /// Adds those found elsewhere.
    pub fn extend(&mut self, others: Self) {
        others.0.into_iter().for_each(|other| self.add(other.rule, other.rows, other.message));
    }
}

/// Why a schedule cannot be checked at all.
#[derive(Debug)]
pub enum Error {
    /// The folder or one of its files is missing or cannot be opened.
    Missing { path: PathBuf, cause: std::io::Error },
    /// A file that is not the table or the JSON it should be.
    Malformed { file: &'static str, line: u64, message: String },
}

impl Error {
    /// The message for a table that is read under another name than that of a schedule.
    pub fn of_file(&self, name: &str) -> String {
        match self {
            Error::Malformed { line, message, .. } => format!("{name}:{line}: {message}"),
            Error::Missing { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing { path, cause } if cause.kind() == std::io::ErrorKind::PermissionDenied => {
                write!(f, "cannot read {}: {cause}; check who may read it", path.display())
            }
            Error::Missing { path, cause } => {
                write!(f, "{}: {cause}; expected a schedule as `leerzone solve` writes it", path.display())
            }
            Error::Malformed { file, line, message } => {
                write!(f, "{}: {message}", Row { file, line: *line })
            }
        }
    }
}

impl std::error::Error for Error {}
