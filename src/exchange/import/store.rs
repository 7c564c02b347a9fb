//! Puts imported rows into the files of a school. A file that somebody made or changed by hand is only overwritten on
//! request: the folder keeps a note of what each import wrote.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::csv_injection::escape;
use crate::delimited::Dialect;
use crate::open;
use crate::read::columns::Holds;
use crate::read::named_by_contract;
use crate::write::write_file;

use super::{Draft, Sheet};

/// Remembers the files that imports wrote, by their hashes.
const RECORD: &str = ".leerzone-imports.json";

/// What becomes of a file that was made by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing; the import is refused.
    Careful,
    /// Its rows stay; new ones are added.
    Add,
    /// It is replaced; the old one is kept under another name.
    Force,
}

/// What became of a file.
#[derive(Debug, Serialize)]
pub struct Change {
    pub file: &'static str,
    /// Rows written for the first time.
    pub added: usize,
    /// Rows that were there and stay.
    pub kept: usize,
    /// Rows of an earlier import that are gone, or written again.
    pub replaced: usize,
    /// Name of the copy of a file that was replaced.
    pub backup: Option<String>,
}

/// The names of the files that stand in the way of a careful import.
pub fn in_the_way(dir: &Path, drafts: &[Draft], mode: Mode) -> Vec<&'static str> {
    if mode != Mode::Careful {
        return Vec::new();
    }
    let record = Record::read(dir);
    drafts.iter().map(|draft| draft.file.name).filter(|name| record.is_foreign(dir, name)).collect()
}

/// A file as it will be.
pub struct Ready {
    file: &'static str,
    text: String,
    added: usize,
    kept: usize,
    replaced: usize,
    /// Made by hand, and replaced.
    replaces: bool,
    /// With rows made by hand: it stays one made by hand.
    by_hand: bool,
}

/// Every file as it will be, before any is written.
///
/// # Errors
/// Rows cannot be added to a file that is none.
pub fn prepare(dir: &Path, drafts: &[Draft], mode: Mode) -> anyhow::Result<Vec<Ready>> {
    let record = Record::read(dir);
    let ready = |draft: &Draft| {
        let file = draft.file.name;
        let path = dir.join(file);
        let foreign = record.is_foreign(dir, file);
        let merged = path.exists() && (mode == Mode::Add || (draft.replaces.is_some() && !foreign));
        let merged_rows = if merged {
            merge(&path, draft)?
        } else {
            Merged { text: fresh(draft)?, added: draft.rows.len(), kept: 0, replaced: 0 }
        };
        let Merged { text, added, kept, replaced } = merged_rows;
        let (replaces, by_hand) = (foreign && !merged, foreign && merged);
        Ok(Ready { file, text, added, kept, replaced, replaces, by_hand })
    };
    // There is nothing to take away from a file that is not there.
    let changes = |draft: &&Draft| !draft.rows.is_empty() || dir.join(draft.file.name).exists();
    drafts.iter().filter(changes).map(ready).collect()
}

/// What would become of the files.
pub fn planned(files: &[Ready]) -> Vec<Change> {
    let change = |ready: &Ready| {
        let backup = ready.replaces.then(|| format!("{}.bak", ready.file));
        Change { file: ready.file, added: ready.added, kept: ready.kept, replaced: ready.replaced, backup }
    };
    files.iter().map(change).collect()
}

/// Writes the files, each whole or not at all.
///
/// # Errors
/// A file cannot be written.
pub fn store(dir: &Path, files: Vec<Ready>) -> anyhow::Result<Vec<Change>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut record = Record::read(dir);
    let mut changes = Vec::new();
    for Ready { file, text, added, kept, replaced, replaces, by_hand } in files {
        let path = dir.join(file);
        let backup = if replaces { Some(back_up(&path)?) } else { None };
        write_file(&path, text.as_bytes())?;
        if !by_hand {
            record.hashes.insert(file.to_owned(), hash(text.as_bytes()));
            record.write(dir)?;
        }
        changes.push(Change { file, added, kept, replaced, backup });
    }
    Ok(changes)
}

fn back_up(path: &Path) -> anyhow::Result<String> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".bak");
    let to = path.with_file_name(&name);
    let bytes = open::bytes(path).with_context(|| format!("cannot read {}", path.display()))?;
    write_file(&to, &bytes)?;
    Ok(name.to_string_lossy().into_owned())
}

fn fresh(draft: &Draft) -> anyhow::Result<String> {
    to_csv(b',', &draft.columns, &draft.rows)
}

/// Rows as CSV.
///
/// # Errors
/// Never for text.
pub(in crate::exchange) fn to_csv(
    separator: u8,
    header: &[String],
    rows: &[Vec<String>],
) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| escape(cell).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8(bytes)?)
}

/// A file as it becomes, and how many of its rows are new, stay and are replaced.
struct Merged {
    text: String,
    added: usize,
    kept: usize,
    replaced: usize,
}

/// The file with the rows of the draft that it lacks: those of an id that it lacks where rows have ids, else
/// those that differ in any cell.
fn merge(path: &Path, draft: &Draft) -> anyhow::Result<Merged> {
    let sheet = Sheet::read_csv(path).map_err(anyhow::Error::msg)?;
    let text = open::text(path).unwrap_or_default();
    let separator =
        Dialect::detect(&text, b",;", |name| sheet.header.iter().any(|title| title == name)).separator;
    let mut header = sheet.header.clone();
    let mut named = named_by_contract(draft.file, &header);
    for column in draft.columns.iter().filter(|column| !named.contains(column)).cloned().collect::<Vec<_>>() {
        header.push(column.clone());
        named.push(column);
    }
    let at = |column: &str| named.iter().position(|title| title == column);
    let titles = sheet.header.len();
    let too_long = |row: &[String]| row.iter().skip(titles).any(|cell| !cell.is_empty());
    if let Some((line, row)) = sheet.rows.iter().find(|(_, row)| too_long(row)) {
        bail!(
            "{}:{line}: {} cells where the header has {titles}; mend the row, then import again. Nothing is written",
            path.display(),
            row.len()
        );
    }
    let mut rows: Vec<Vec<String>> = sheet.rows.into_iter().map(|(_, row)| row).collect();
    for row in &mut rows {
        row.resize(header.len(), String::new());
    }
    let before = rows.len();
    if let Some(cells) = &draft.replaces {
        rows.retain(|row| {
            !cells.iter().all(|(column, value)| at(column).is_some_and(|at| row[at] == *value))
        });
    }
    let id = draft.file.columns.iter().find(|column| column.holds == Holds::Id).map(|column| column.name);
    let key = |row: &Vec<String>| match id.and_then(at) {
        Some(id) => vec![row[id].clone()],
        None => draft.columns.iter().filter_map(|column| at(column)).map(|at| row[at].clone()).collect(),
    };
    let mut seen: HashSet<Vec<String>> = rows.iter().map(key).collect();
    let kept = rows.len();
    for new in &draft.rows {
        let mut row = vec![String::new(); header.len()];
        for (column, cell) in draft.columns.iter().zip(new) {
            if let Some(at) = at(column) {
                row[at].clone_from(cell);
            }
        }
        if seen.insert(key(&row)) {
            rows.push(row);
        }
    }
    let text = to_csv(separator, &header, &rows)?;
    Ok(Merged { text, added: rows.len() - kept, kept, replaced: before - kept })
}

/// What imports have written, by name of the file.
#[derive(Default)]
struct Record {
    hashes: BTreeMap<String, String>,
}

impl Record {
    /// A record that cannot be read says nothing, so that every file counts as made by hand.
    fn read(dir: &Path) -> Self {
        let text = open::settings(&dir.join(RECORD)).unwrap_or_default();
        Self { hashes: serde_json::from_slice(&text).unwrap_or_default() }
    }

    fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.hashes)?;
        text.push('\n');
        write_file(&dir.join(RECORD), text.as_bytes())
    }

    /// Whether the file is there and is not what an import wrote.
    fn is_foreign(&self, dir: &Path, name: &str) -> bool {
        let path: PathBuf = dir.join(name);
        path.exists() && open::bytes(&path).map_or(true, |bytes| self.hashes.get(name) != Some(&hash(&bytes)))
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
