//! Changes to a school that are made in memory: cells set, rows removed or added, settings set or taken
//! out. They are made to the text of the files before anything is made of it, so that a changed school is
//! read and judged like any other; what is wrong with a change is told at the place of the change.

mod keys;
mod rows;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::columns::{File, Section};
use super::problem::{Problem, nearest};
use super::source::Source;

/// What is to be changed, in the order in which it is done.
#[derive(Debug, Default)]
pub struct Changes {
    /// Where the changes are written down.
    pub(crate) sources: Vec<Arc<Source>>,
    pub(crate) rows: Vec<RowEdit>,
    pub(crate) keys: Vec<KeyEdit>,
    /// What is wrong with the changes by themselves.
    pub(crate) problems: Vec<Problem>,
}

impl Changes {
    pub(crate) fn add_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }
}

/// A table that has rows.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    File(&'static File),
    /// A repeated table of a TOML file: blocks, budgets, travel.
    Section(&'static Section),
}

/// A change of rows.
#[derive(Debug)]
pub struct RowEdit {
    /// Index into [`Changes::sources`].
    pub source: usize,
    pub target: Target,
    pub change: RowChange,
}

#[derive(Debug)]
pub enum RowChange {
    Remove(Which),
    Set(Which, Vec<Cell>),
    Add(Vec<Cell>, Range<usize>),
}

/// The rows that have all of these cells.
#[derive(Debug)]
pub struct Which {
    pub cells: Vec<(&'static str, String)>,
    pub span: Range<usize>,
}

#[derive(Debug)]
pub struct Cell {
    pub column: &'static str,
    /// Where the column is named.
    pub key: Range<usize>,
    /// As a CSV file has it.
    pub text: String,
    /// Where the value stands.
    pub span: Range<usize>,
}

/// A change of a single setting of `school.toml` or the layout.
#[derive(Debug)]
pub struct KeyEdit {
    pub source: usize,
    /// `school.toml` or `layout.toml`.
    pub file: &'static str,
    /// From the outermost table to the key.
    pub path: Vec<String>,
    pub span: Range<usize>,
    /// Where the new value stands; `None`: taken out.
    pub value: Option<Range<usize>>,
}

impl Target {
    /// The word by which changes name it.
    pub fn name(&self) -> &'static str {
        match self {
            Target::File(file) => file.name.trim_end_matches(".csv"),
            Target::Section(section) => section.name,
        }
    }

    /// How messages name it.
    fn title(&self) -> String {
        match self {
            Target::File(file) => format!("`{}`", file.name),
            Target::Section(section) => format!("`[[{}]]` of {}", section.name, section.file),
        }
    }

    pub fn columns(&self) -> &'static [super::columns::Column] {
        match self {
            Target::File(file) => file.columns,
            Target::Section(section) => section.keys,
        }
    }

    /// The column whose values name the rows.
    pub fn id(&self) -> Option<&'static str> {
        let first = self.columns().first()?;
        (first.holds == super::columns::Holds::Id).then_some(first.name)
    }
}

impl Which {
    fn matches<'c>(&self, cell: impl Fn(&str) -> Option<Cow<'c, str>>) -> bool {
        self.cells.iter().all(|(column, text)| cell(column).unwrap_or_default() == text.as_str())
    }

    fn told(&self) -> String {
        if self.cells.is_empty() {
            return "anything in it".to_owned();
        }
        let cells = self.cells.iter().map(|(column, text)| format!("{column} `{text}`"));
        cells.collect::<Vec<_>>().join(", ")
    }

    /// What to report where no row matches; `known` are the values of the first column asked for.
    fn unmatched<'k>(&self, target: Target, known: impl Iterator<Item = &'k str>) -> Problem {
        let near = self.cells.first().and_then(|(_, text)| nearest(text, known));
        let help = match near {
            Some(near) if self.cells.len() == 1 => format!("did you mean `{near}`?"),
            _ => "correct it, or add such a row first".to_owned(),
        };
        Problem::error("no-such-row", format!("{} has no row with {}", target.title(), self.told()))
            .found(self.told())
            .expected(format!("a row of {}", target.title()))
            .help(help)
    }
}

impl Changes {
    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Everything that says what is changed.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|source| source.text.as_str())
    }

    fn place(&self, source: usize, span: &Range<usize>) -> super::source::Place {
        super::source::Place { source: Arc::clone(&self.sources[source]), span: span.clone() }
    }

    fn report(&self, source: usize, span: &Range<usize>, problem: Problem) -> Problem {
        problem.at(&self.sources[source], span.clone())
    }
}
