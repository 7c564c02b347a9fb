//! Sign-ups of students: a row each with the first to the last choice, to `needs.csv`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::read::columns;
use crate::school::Priority;

use super::sheet::{Sheet, cell};
use super::{Draft, Import};

/// Titles of the column that says who it is.
const WHO: [&str; 8] =
    ["student", "leerling", "student id", "leerlingnummer", "id", "name", "naam", "student name"];
/// What stands in the title of a choice.
const CHOICE: [&str; 3] = ["choice", "keuze", "pick"];

/// The nth choice has the nth priority, further ones the last.
///
/// # Errors
/// The source, or the students and subjects of the school, cannot be read.
pub fn import(source: &Path, dir: &Path, priorities: &[Priority]) -> Result<Import, String> {
    let students = Known::read(dir, columns::STUDENTS.name, "student", |row, at| cell(row, at).to_owned())?;
    let subjects = Known::read(dir, columns::SUBJECTS.name, "subject", |row, at| cell(row, at).to_owned())?;
    let offerings = Known::offerings(dir);
    let mut import = Import::default();
    let mut draft = Draft::new(&columns::NEEDS, ["who", "subject", "sessions", "priority"]);
    for sheet in Sheet::read_all(source)? {
        let Some(who) = sheet.column(&WHO) else {
            import.note(&sheet.name, format!("no column says who it is; call it {}", WHO[0]));
            continue;
        };
        let choices = choice_columns(&sheet, who);
        for (line, row) in &sheet.rows {
            let place = sheet.place(*line);
            match students.find(cell(row, Some(who))) {
                Err(message) => import.note(place, format!("student {message}")),
                Ok(student) => {
                    let mut taken = HashSet::new();
                    for (rank, &at) in choices.iter().enumerate() {
                        let text = cell(row, Some(at));
                        if text.is_empty() {
                            continue;
                        }
                        let found =
                            subjects.find(text).or_else(|message| offerings.find(text).map_err(|_| message));
                        match found {
                            Err(message) => import.note(&place, format!("subject {message}")),
                            Ok(subject) if !taken.insert(subject) => {
                                import.note(
                                    &place,
                                    format!("`{text}` is chosen twice; the first choice counts"),
                                );
                            }
                            Ok(subject) => {
                                let priority = priorities.get(rank).or(priorities.last());
                                let priority = priority.copied().unwrap_or(Priority::Could);
                                draft.push([student, subject, "1", priority.label()]);
                            }
                        }
                    }
                }
            }
        }
    }
    import.add(draft);
    Ok(import)
}

/// The columns that say so; where none does, all behind the student.
fn choice_columns(sheet: &Sheet, who: usize) -> Vec<usize> {
    let is_choice = |title: &str| {
        let title = title.to_lowercase();
        CHOICE.iter().any(|word| title.contains(word)) || title.parse::<u32>().is_ok()
    };
    let named: Vec<usize> = (0..sheet.header.len()).filter(|&at| is_choice(&sheet.header[at])).collect();
    if named.is_empty() { (who + 1..sheet.header.len()).collect() } else { named }
}

/// What ids and names stand for.
struct Known {
    ids: HashMap<String, String>,
    /// `None` where several are called so.
    names: HashMap<String, Option<String>>,
}

impl Known {
    fn read(
        dir: &Path,
        file: &str,
        what: &str,
        stands_for: impl Fn(&[String], Option<usize>) -> String,
    ) -> Result<Self, String> {
        let sheet = Sheet::read_csv(&dir.join(file))?;
        let (id, name) = (sheet.column(&[what]), sheet.column(&["name"]));
        let mut known = Self { ids: HashMap::new(), names: HashMap::new() };
        for (_, row) in &sheet.rows {
            let value = stands_for(row, id);
            known.ids.insert(cell(row, id).to_lowercase(), value.clone());
            let named = known.names.entry(cell(row, name).to_lowercase());
            named.and_modify(|several| *several = None).or_insert(Some(value));
        }
        Ok(known)
    }

    /// Offerings stand for the subjects they meet, any of which will do.
    fn offerings(dir: &Path) -> Self {
        let file = columns::OFFERINGS.name;
        let header = Sheet::read_csv(&dir.join(file)).ok();
        let subjects = header.and_then(|sheet| sheet.column(&["subjects"]));
        Self::read(dir, file, "offering", |row, _| cell(row, subjects).to_owned())
            .unwrap_or_else(|_| Self { ids: HashMap::new(), names: HashMap::new() })
    }

    fn find(&self, text: &str) -> Result<&str, String> {
        let lower = text.trim().to_lowercase();
        if let Some(id) = self.ids.get(&lower).filter(|_| !lower.is_empty()) {
            return Ok(id);
        }
        match self.names.get(&lower) {
            Some(Some(id)) if !lower.is_empty() => Ok(id),
            Some(None) => Err(format!("`{text}`: several are called so; give the id")),
            _ => Err(format!("`{text}` is not known")),
        }
    }
}
