//! A school in one workbook: a sheet for each file, settings and layout as sheets `school` and `layout`. Each sheet is
//! handed out as the text of the file that it stands for, with the cell of every piece of it, so that nothing else in
//! the program knows of workbooks but messages, which name sheet and cell.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::exchange::import::{Sheet, workbook};
use crate::open;

use super::columns::{BLOCK, Column, FILES, Holds, LAYOUT_TOML, REPEATED, SCHOOL, SCHOOL_TOML, SECTIONS};
use super::problem::Problem;
use super::words;

/// Endings of the workbooks that may be a school.
const ENDINGS: [&str; 3] = ["xlsx", "xlsm", "ods"];

/// Whether a school that is named so is a workbook and not a folder.
pub fn is_workbook(dir: &Path) -> bool {
    ending(dir).is_some() && dir.is_file()
}

fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_string_lossy().to_lowercase();
    ENDINGS.contains(&ending.as_str()).then_some(ending)
}

/// Where the schedule of a school stands unless it is said: in its folder, or beside its workbook.
pub fn schedule_of(dir: &Path) -> PathBuf {
    if !is_workbook(dir) {
        return dir.join("schedule");
    }
    let mut name = dir.file_stem().unwrap_or_default().to_owned();
    name.push("-schedule");
    dir.with_file_name(name)
}

/// The workbook and the file that a path such as `school.xlsx/needs.csv` names.
pub fn inside(path: &Path) -> Option<(&Path, &str)> {
    let (book, name) = (path.parent()?, path.file_name()?.to_str()?);
    is_workbook(book).then_some((book, name))
}

/// Whether the file is there, in a folder or as a sheet. What is wrong with a workbook is reported when it is read.
pub fn is_there(path: &Path) -> bool {
    match inside(path) {
        Some((book, name)) => member(book, name).map_or(true, |member| member.is_some()),
        None => open::is_there(path),
    }
}

/// The content of a file, in a folder or as a sheet, of at most `most` bytes.
///
/// # Errors
/// It cannot be read.
pub fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    match inside(path) {
        Some((book, name)) => match member(book, name)? {
            Some(member) => Ok(member.text.into_bytes()),
            None => Err(io::ErrorKind::NotFound.into()),
        },
        None => open::bytes_up_to(path, most),
    }
}

/// The names of the files that the workbook's sheets stand for.
///
/// # Errors
/// It cannot be read.
pub fn names(book: &Path) -> io::Result<Vec<String>> {
    Ok(sheets(book)?.iter().map(|sheet| file_of(&sheet.name)).collect())
}

/// The file that a sheet stands for; of a sheet that stands for none the name with the ending of a table.
fn file_of(sheet: &str) -> String {
    let sheet = sheet.trim();
    let files = FILES.iter().map(|file| file.name).chain([SCHOOL_TOML, LAYOUT_TOML]);
    let known = files.clone().find(|file| stem(file).eq_ignore_ascii_case(sheet));
    known.map_or_else(|| format!("{sheet}.csv"), str::to_owned)
}

/// The sheet of a file: its name without the ending.
pub fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn sheets(book: &Path) -> io::Result<Vec<Sheet>> {
    let ending = ending(book).unwrap_or_default();
    workbook::read(book, &ending).map_err(|message| io::Error::new(io::ErrorKind::InvalidData, message))
}

/// A file out of a workbook: its text, and at which byte each cell begins.
pub struct Member {
    pub text: String,
    /// Byte, row and column (1-based), in order of bytes.
    pub cells: Vec<(usize, usize, usize)>,
}

/// The file of that name; `None` where the workbook has no sheet for it.
///
/// # Errors
/// The workbook cannot be read.
pub fn member(book: &Path, name: &str) -> io::Result<Option<Member>> {
    let sheet = sheets(book)?.into_iter().find(|sheet| file_of(&sheet.name) == name);
    Ok(sheet.map(|sheet| {
        let mut rows = sheet.rows;
        rows.insert(0, (1, sheet.header));
        let mut writer = Writer { member: Member { text: String::new(), cells: Vec::new() } };
        match name {
            SCHOOL_TOML => writer.settings(&rows),
            LAYOUT_TOML => writer.layout(&rows),
            _ => writer.table(&rows),
        }
        writer.member
    }))
}

/// The name of a cell: `B4`.
pub fn cell_name(row: usize, column: usize) -> String {
    let (mut letters, mut left) = (Vec::new(), column);
    while left > 0 {
        letters.push(char::from(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

struct Writer {
    member: Member,
}

impl Writer {
    fn put(&mut self, text: &str, row: usize, column: usize) {
        self.member.cells.push((self.member.text.len(), row, column));
        self.member.text += text;
    }

    fn table(&mut self, rows: &[(usize, Vec<String>)]) {
        let width = rows.first().map_or(0, |(_, header)| header.len());
        for (row, cells) in rows {
            for at in 0..cells.len().max(width) {
                let cell = cells.get(at).map_or("", String::as_str).replace(['\n', '\r'], " ");
                if at > 0 {
                    self.member.text.push(',');
                }
                let quoted = format!("\"{}\"", cell.replace('"', "\"\""));
                self.put(if cell.contains([',', '"']) { &quoted } else { &cell }, *row, at + 1);
            }
            self.member.text.push('\n');
        }
    }

    /// Rows of `table`, `key` and `value`. A table of which there may be several begins anew where a key comes again.
    fn settings(&mut self, rows: &[(usize, Vec<String>)]) {
        let header = rows.first().map(|(_, header)| header.as_slice()).unwrap_or_default();
        let at =
            |name: &str| header.iter().position(|title| words::meant(title, [name].into_iter()).is_some());
        let (table_at, key_at, value_at) = (at("table"), at("key").unwrap_or(1), at("value").unwrap_or(2));
        let mut open = String::new();
        let mut seen: Vec<String> = Vec::new();
        // Keys of no table come first, as TOML has them.
        let table_of = |cells: &[String]| {
            table_at.and_then(|at| cells.get(at)).map_or("", |table| table.trim()).to_owned()
        };
        let (top, tables): (Vec<_>, Vec<_>) =
            rows.iter().skip(1).partition(|(_, cells)| table_of(cells).is_empty());
        for (row, cells) in top.into_iter().chain(tables) {
            let (table, key) = (table_of(cells), cells.get(key_at).map_or("", |key| key.trim()));
            let value = cells.get(value_at).map_or("", |value| value.trim());
            if key.is_empty() {
                continue;
            }
            let section =
                SECTIONS.iter().find(|section| section.file == SCHOOL_TOML && section.name == table);
            let repeats = REPEATED.iter().any(|section| section.name == table);
            if table != open || (repeats && seen.iter().any(|known| known == key)) {
                let heading =
                    if repeats { format!("[[{table}]]\n") } else { format!("[{}]\n", quoted_key(&table)) };
                self.put(&heading, *row, table_at.unwrap_or(0) + 1);
                seen.clear();
                open = table;
            }
            seen.push(key.to_owned());
            let (name, sub) = key.split_once('.').map_or((key, None), |(name, sub)| (name, Some(sub)));
            let column = section.unwrap_or(&&SCHOOL).keys.iter().find(|column| column.name == name);
            let written =
                sub.map_or_else(|| quoted_key(name), |sub| format!("{}.{}", quoted_key(name), quoted(sub)));
            self.put(&format!("{written} = "), *row, key_at + 1);
            self.put(&literal(column, value), *row, value_at + 1);
            self.member.text.push('\n');
        }
    }

    /// A row for each block.
    fn layout(&mut self, rows: &[(usize, Vec<String>)]) {
        let header = rows.first().map(|(_, header)| header.as_slice()).unwrap_or_default();
        let known = || BLOCK.keys.iter().map(|column| column.name);
        for (row, cells) in rows.iter().skip(1) {
            self.put("[[block]]\n", *row, 1);
            for (at, title) in header.iter().enumerate() {
                let cell = cells.get(at).map_or("", |cell| cell.trim());
                let name = words::meant(title, known()).unwrap_or(title);
                if cell.is_empty() || name.is_empty() {
                    continue;
                }
                let column = BLOCK.keys.iter().find(|column| column.name == name);
                self.put(
                    &format!("{} = ", quoted_key(name)),
                    if column.is_some() { *row } else { rows[0].0 },
                    at + 1,
                );
                self.put(&literal(column, cell), *row, at + 1);
                self.member.text.push('\n');
            }
        }
    }
}

fn quoted_key(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What a cell says, as TOML.
fn literal(column: Option<&Column>, text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite)
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    match column.map(|column| column.holds) {
        Some(Holds::Count | Holds::Amount) if is_number => text.to_owned(),
        Some(Holds::Words) => {
            let mut list = String::from("[");
            for (at, item) in text.split('|').enumerate() {
                // Writing to a string cannot fail.
                let _ = write!(list, "{}{}", if at > 0 { ", " } else { "" }, quoted(item.trim()));
            }
            list + "]"
        }
        Some(Holds::Flag) if text == "true" || text == "false" => text.to_owned(),
        _ => quoted(text),
    }
}

/// Says a problem of a school in a workbook in terms of its sheets.
pub fn rename(problem: &mut Problem, book: &Path) {
    let files = || FILES.iter().map(|file| file.name).chain([SCHOOL_TOML, LAYOUT_TOML]);
    if let Some(file) = files().find(|file| *file == problem.file) {
        problem.sheet = Some(stem(file).to_owned());
        problem.file = book.display().to_string();
    }
    for text in [&mut problem.message, &mut problem.found, &mut problem.expected, &mut problem.help] {
        for file in files() {
            let (sheet, quoted) = (format!("the sheet `{}`", stem(file)), format!("`{file}`"));
            *text = replaced(&text.replace(&quoted, &sheet), file, &sheet);
        }
    }
}

/// The text with `sheet` in place of `file`, but not of the end of a longer name such as `unmet_needs.csv`.
fn replaced(text: &str, file: &str, sheet: &str) -> String {
    let (mut replaced, mut done) = (String::new(), 0);
    for (at, _) in text.match_indices(file) {
        let is_longer = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        replaced += &text[done..at];
        replaced += if is_longer { file } else { sheet };
        done = at + file.len();
    }
    replaced + &text[done..]
}
