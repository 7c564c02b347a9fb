//! From other systems' files to input files of a school. What an importer cannot place it says.

pub mod choices;
pub mod ics;
pub mod oneroster;
mod sheet;
pub mod store;
pub mod untis;
pub(crate) mod workbook;
pub mod xlsx;

use std::collections::HashSet;
use std::path::Path;

use crate::open;
use crate::read::changing::nearest;
use crate::read::columns::{self, File};

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
    /// What could not be placed, with where it stands.
    pub notes: Vec<String>,
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
    let (file, column) = match kind {
        "staff" => (&columns::STAFF, "staff"),
        "place" => (&columns::PLACES, "place"),
        "student" | "class" | "year" => (&columns::STUDENTS, kind),
        _ => return Ok(()),
    };
    let Ok(sheet) = Sheet::read_csv(&dir.join(file.name)) else { return Ok(()) };
    let at = sheet.column(&[column]);
    let known: Vec<&str> = sheet.rows.iter().map(|(_, row)| sheet::cell(row, at)).collect();
    if at.is_none() || known.contains(&id) {
        return Ok(());
    }
    let near = nearest(id, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("{} has no {kind} `{id}`{near}", file.name))
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
