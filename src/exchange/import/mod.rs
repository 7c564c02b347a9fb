//! Reads other systems' files into the input files of a school, and says which rows it left out and why.

mod busy_times;
pub mod choices;
mod column_map;
pub mod edexml;
pub mod ics;
pub mod oneroster;
mod sheet;
pub mod store;
pub mod table;
pub mod untis;
pub(crate) mod workbook;
pub mod xlsx;
pub mod zermelo;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use crate::open;
use crate::read::changing::nearest;
use crate::read::columns::{self, File};
use crate::school::Priority;

pub use column_map::ColumnMap;
pub use sheet::Sheet;

/// Days of a school that has no `school.toml` yet.
const USUAL_DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

/// Rows for one input file.
#[derive(Debug)]
pub struct Draft {
    pub file: &'static File,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Where set, rows of other sources stay; those whose cells are these are replaced.
    pub replaces: Option<Vec<(&'static str, String)>>,
}

impl Draft {
    pub fn new<const N: usize>(file: &'static File, columns: [&str; N]) -> Self {
        let columns = columns.map(str::to_owned).to_vec();
        Self { file, columns, rows: Vec::new(), replaces: None }
    }

    pub fn push<const N: usize>(&mut self, row: [&str; N]) {
        self.rows.push(row.map(str::to_owned).to_vec());
    }
}

/// What an importer made of its source.
#[derive(Debug, Default)]
pub struct Import {
    pub drafts: Vec<Draft>,
    /// What the user should know of the source, with where it stands.
    pub notes: Vec<String>,
    /// For each table or file of the source, how many of its rows were read.
    pub sources: Vec<Tally>,
}

/// The rows of a table, and why some of them were left out.
#[derive(Debug, Serialize)]
pub struct Tally {
    pub source: String,
    pub rows: usize,
    pub left_out: BTreeMap<String, usize>,
}

impl Tally {
    pub fn read(&self) -> usize {
        self.rows.saturating_sub(self.left_out.values().sum())
    }
}

impl Import {
    /// Adds the rows, each once, unless there are none.
    pub fn add(&mut self, mut draft: Draft) {
        let mut seen = HashSet::new();
        draft.rows.retain(|row| seen.insert(row.clone()));
        if !draft.rows.is_empty() {
            self.drafts.push(draft);
        }
    }

    /// Takes away the rows that the draft, which has none, replaces.
    pub fn clear(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    pub fn note(&mut self, place: impl std::fmt::Display, message: impl std::fmt::Display) {
        self.notes.push(format!("{place}: {message}"));
    }

    /// Counts the rows of a table that is about to be read.
    pub fn open(&mut self, sheet: &Sheet) {
        if let Some(encoding) = sheet.encoding {
            self.note(
                &sheet.name,
                format!("read as {encoding}, as it is not UTF-8: look whether names are right"),
            );
        }
        self.count(&sheet.name, sheet.rows.len());
    }

    /// The same of a source that is no table.
    pub fn count(&mut self, source: &str, rows: usize) {
        self.sources.push(Tally { source: source.to_owned(), rows, left_out: BTreeMap::new() });
    }

    /// Says that a row is left out: `reason` in a few words for the table at the end, `message` in full.
    pub fn leave_out(&mut self, sheet: &Sheet, line: usize, reason: &str, message: impl std::fmt::Display) {
        self.note(sheet.place(line), message);
        self.skip(&sheet.name, reason, 1);
    }

    /// Says only the first time that a row is left out for this reason.
    pub fn leave_out_all(
        &mut self,
        sheet: &Sheet,
        line: usize,
        reason: &str,
        message: impl std::fmt::Display,
    ) {
        let told = self.tally(&sheet.name).is_some_and(|tally| tally.left_out.contains_key(reason));
        if !told {
            self.note(sheet.place(line), message);
        }
        self.skip(&sheet.name, reason, 1);
    }

    /// Counts rows that are left out as they should be, such as those that were deleted.
    pub fn skip(&mut self, source: &str, reason: &str, rows: usize) {
        if rows == 0 {
            return;
        }
        if let Some(tally) = self.tally(source) {
            *tally.left_out.entry(reason.to_owned()).or_default() += rows;
        }
    }

    fn tally(&mut self, source: &str) -> Option<&mut Tally> {
        self.sources.iter_mut().find(|tally| tally.source == source)
    }
}

/// The day labels of the school in `dir`, as far as it says; else Monday to Friday.
pub fn days_of(dir: &Path) -> Vec<String> {
    let text = open::settings_text(&dir.join(columns::SCHOOL_TOML)).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let days = table.get("days").and_then(toml::Value::as_array);
    let known: Option<Vec<String>> =
        days.map(|days| days.iter().filter_map(|day| day.as_str().map(str::to_owned)).collect());
    known.filter(|days| !days.is_empty()).unwrap_or_else(|| USUAL_DAYS.map(str::to_owned).to_vec())
}

/// Checks that the school in `dir` has a student, staff member, place, class or year of that id, as far as its files are
/// there.
///
/// # Errors
/// It has not.
pub fn must_know(dir: &Path, kind: &str, id: &str) -> Result<(), String> {
    let Some((file, column)) = where_listed(kind) else { return Ok(()) };
    let Some(known) = column_of(dir, file, column).filter(|known| !known.contains(id)) else { return Ok(()) };
    let near = nearest(id, known.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("{} has no {kind} `{id}`{near}", file.name))
}

/// The ids of a kind of `busy.csv` that the school in `dir` has; `None` where it has no file for them.
fn ids_of(dir: &Path, kind: &str) -> Option<HashSet<String>> {
    let (file, column) = where_listed(kind)?;
    column_of(dir, file, column).map(|ids| ids.into_iter().collect())
}

/// The file and column that list what is of this kind.
fn where_listed(kind: &str) -> Option<(&'static File, &'static str)> {
    match kind {
        "staff" => Some((&columns::STAFF, "staff")),
        "place" => Some((&columns::PLACES, "place")),
        "student" => Some((&columns::STUDENTS, "student")),
        "class" => Some((&columns::STUDENTS, "class")),
        "year" => Some((&columns::STUDENTS, "year")),
        _ => None,
    }
}

fn column_of(dir: &Path, file: &File, column: &str) -> Option<BTreeSet<String>> {
    let sheet = Sheet::read_csv(&dir.join(file.name)).ok()?;
    let at = sheet.column(&[column])?;
    Some(sheet.rows.iter().map(|(_, row)| sheet::cell(row, Some(at)).to_owned()).collect())
}

/// Needs whose sessions are counted: each time that a student asks for the same subjects is one more.
#[derive(Default)]
struct Counted(Vec<((String, String, Priority), usize)>, HashMap<(String, String, Priority), usize>);

impl Counted {
    fn add(&mut self, who: &str, subjects: &str, priority: Priority) {
        let key = (who.to_owned(), subjects.to_owned(), priority);
        let at = *self.1.entry(key.clone()).or_insert(self.0.len());
        if at == self.0.len() {
            self.0.push((key, 0));
        }
        self.0[at].1 += 1;
    }

    fn into_draft(self) -> Draft {
        let mut draft = Draft::new(&columns::NEEDS, ["who", "subject", "sessions", "priority"]);
        for ((who, subjects, priority), sessions) in self.0 {
            draft.push([&who, &subjects, &sessions.to_string(), priority.label()]);
        }
        draft
    }
}

/// Why a text cannot be an id, or nothing.
fn unusable_id(id: &str) -> Option<String> {
    let bad = id.is_empty() || id.contains('|') || id.chars().any(char::is_control);
    bad.then(|| format!("`{}` cannot be an id: it is empty, or has a `|` or a line break", id.escape_debug()))
}

/// The year that a class's name begins with or contains: `1` of `1A`, `h4b` and `Klas 12`.
fn year_of(class: &str) -> &str {
    let start = class.find(|c: char| c.is_ascii_digit()).unwrap_or(class.len());
    let digits = &class[start..];
    &digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())]
}
