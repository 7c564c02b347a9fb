//! What is wrong with an input folder: one [`Problem`] each, with where it stands and how to mend it.

use std::ops::{Range, RangeInclusive};

use serde::Serialize;

use crate::limits;

use super::source::Source;
use super::workbook;

/// Bytes of a text about a problem.
const LONGEST_TEXT: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    /// Worth knowing; the school can be scheduled.
    Warning,
}

/// One finding in the input, in the words of the person who mends it.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub severity: Severity,
    /// Stable short name of the kind of problem, such as `unknown-id`.
    pub code: &'static str,
    /// The rule of the contract that could not hold, `R1` to `R9`.
    pub rule: Option<&'static str>,
    /// Name within the input folder; the path as given for a layout from the command line.
    pub file: String,
    /// 1-based; `None` where the file or the folder as a whole is meant.
    pub line: Option<usize>,
    /// 1-based, in characters.
    pub column: Option<usize>,
    /// The sheet, where the school is a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell of the sheet, such as `B4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The CSV column or TOML key.
    pub field: Option<String>,
    pub message: String,
    pub found: String,
    pub expected: String,
    pub help: String,
    #[serde(skip)]
    pub(super) excerpt: Option<Excerpt>,
}

/// The source lines of a problem, and the bytes of them that are meant.
#[derive(Clone, Debug)]
pub(super) struct Excerpt {
    pub text: String,
    pub span: Range<usize>,
}

impl Problem {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Self {
            severity,
            code,
            rule: None,
            file: String::new(),
            line: None,
            column: None,
            sheet: None,
            cell: None,
            field: None,
            message,
            found: String::new(),
            expected: String::new(),
            help: String::new(),
            excerpt: None,
        }
    }

    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }

    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    pub fn rule(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// The file as a whole.
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// The bytes `span` of `source`, or what changed them.
    pub fn at(mut self, source: &Source, span: Range<usize>) -> Self {
        let (source, span) = source.origin(span);
        self.file = source.name.clone();
        if let Some((row, column)) = source.cell(span.start) {
            (self.line, self.column) = (Some(row), Some(column));
            self.cell = Some(workbook::cell_name(row, column));
            return self;
        }
        let (line, column) = source.position(span.start);
        self.line = Some(line);
        self.column = Some(column);
        self.excerpt = source.excerpt(span);
        self
    }

    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Every problem found so far.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    errors: usize,
    /// Found after so many that no more are remembered.
    more: usize,
}

impl Problems {
    pub fn push(&mut self, mut problem: Problem) {
        self.errors += usize::from(problem.severity == Severity::Error);
        if self.list.len() == limits::PROBLEMS {
            self.more += 1;
            return;
        }
        for text in [&mut problem.message, &mut problem.found, &mut problem.expected, &mut problem.help] {
            shorten(text);
        }
        self.list.push(problem);
    }

    /// Adds what was found beside these.
    pub fn extend(&mut self, other: Problems) {
        let errors = self.errors + other.errors;
        other.list.into_iter().for_each(|problem| self.push(problem));
        self.more += other.more;
        self.errors = errors;
    }

    /// Whether there is a problem of that code in the file.
    pub fn has(&self, code: &str, file: &str) -> bool {
        self.list.iter().any(|problem| problem.code == code && problem.file == file)
    }

    /// Whether there is a problem of that code in these lines of the file.
    pub fn stands_in(&self, code: &str, file: &str, lines: &RangeInclusive<usize>) -> bool {
        self.list.iter().any(|problem| {
            problem.code == code
                && problem.file == file
                && problem.line.is_some_and(|line| lines.contains(&line))
        })
    }

    /// Whether no error stands in any other file than these.
    pub fn errors_only_in(&self, files: &[&str]) -> bool {
        let elsewhere = |problem: &&Problem| !files.contains(&problem.file.as_str());
        self.more == 0
            && !self.list.iter().filter(elsewhere).any(|problem| problem.severity == Severity::Error)
    }

    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// All of them as they were found.
    pub fn into_list(mut self) -> Vec<Problem> {
        self.tell_more();
        self.list
    }

    /// Says how many were not remembered.
    fn tell_more(&mut self) {
        if self.more > 0 {
            let problem =
                Problem::error("too-many-problems", format!("there are {} more problems", self.more))
                    .found(format!("{} problems", self.list.len() + self.more))
                    .expected("none")
                    .help("mend the first ones and check again; often they have one cause");
            self.list.push(problem);
        }
    }

    /// All of them in the order of `files`, then of lines.
    pub fn into_sorted(mut self, files: &[&str]) -> Vec<Problem> {
        self.tell_more();
        let rank = |file: &str| files.iter().position(|name| *name == file).unwrap_or(files.len());
        self.list.sort_by_cached_key(|problem| (rank(&problem.file), problem.line, problem.column));
        self.list
    }
}

/// A whole file may stand in one text.
fn shorten(text: &mut String) {
    if text.len() > LONGEST_TEXT {
        let end = (0..=LONGEST_TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
}

/// The known name nearest to `name`, if it is near enough to be meant; the first in the alphabet of
/// several.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
    let close = |other: &'a str| {
        let other_length = other.chars().count();
        let reach = (length.max(other_length) / 3).clamp(1, 3);
        if other_length.abs_diff(length) > reach {
            return None;
        }
        let distance = strsim::osa_distance(&name, &other.to_lowercase());
        // Two short words that share nothing are not near.
        (distance <= reach && distance < length.max(other_length)).then_some((distance, other))
    };
    known.into_iter().filter_map(close).min().map(|(_, other)| other)
}

/// The first error in one line; the whole of them was told before.
pub fn first_error(problems: &[Problem]) -> String {
    let first = problems.iter().find(|problem| problem.severity == Severity::Error);
    first.map_or("the school cannot be read".to_owned(), |problem| {
        let line = problem.line.map_or(String::new(), |line| format!(":{line}"));
        // Why a file cannot be read, only the system says.
        let found = if problem.code == "unreadable" { format!(": {}", problem.found) } else { String::new() };
        let place = match (&problem.sheet, &problem.cell) {
            (Some(sheet), Some(cell)) => format!("{}, sheet {sheet}, cell {cell}", problem.file),
            _ => format!("{}{line}", problem.file),
        };
        format!("{place}: {}{found}", problem.message)
    })
}
