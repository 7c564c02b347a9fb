//! A table as people keep it: CSV with any usual separator and encoding, or a sheet of a workbook.

use std::collections::HashMap;
use std::path::Path;

use crate::csv_injection::unescape;
use crate::delimited::{Dialect, decode};
use crate::{limits, open};

use super::workbook;

/// Rows of text with the lines they stand on.
#[derive(Debug)]
pub struct Sheet {
    /// For messages.
    pub name: String,
    pub header: Vec<String>,
    /// 1-based line; cells are trimmed, rows without any text left out.
    pub rows: Vec<(usize, Vec<String>)>,
    /// The encoding, where it is not UTF-8.
    pub encoding: Option<&'static str>,
    /// Cells that a spreadsheet keeps as a date, by line and column.
    pub dates: HashMap<(usize, usize), String>,
}

impl Sheet {
    /// A CSV file with a header.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_csv(path: &Path) -> Result<Self, String> {
        Ok(Self::with_header(Self::read_plain(path)?))
    }

    /// A CSV file without one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_plain(path: &Path) -> Result<Self, String> {
        let bytes = open::bytes(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        Self::of_bytes(&called(path), &bytes)
    }

    /// CSV text without a header.
    ///
    /// # Errors
    /// It is larger than any table of a school, or no text.
    pub fn of_bytes(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let (text, encoding) = decode(bytes);
        let Dialect { separator, start } = Dialect::detect(&text, b",;\t", |_| false);
        let (skipped, text) = text.split_at(start);
        let newlines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let first = 1 + newlines(skipped);
        limits::table(text, separator).map_err(|excess| {
            let line = first + newlines(&text[..excess.span.start]);
            format!("{name}:{line}: {}; expected {}: {}", excess.message, excess.expected, excess.help)
        })?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        // The text is valid and rows may have any length, so no record is lost.
        let (mut line, mut at) = (first, 0);
        let records = reader.records().flatten().map(|record| {
            // The reader's own count stands before line breaks that it still has to skip.
            let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
            let breaks = text[byte..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            line += newlines(&text[at..byte + breaks]);
            at = byte + breaks;
            (line, record.iter().map(|cell| unescape(cell.trim()).to_owned()).collect())
        });
        let encoding = (encoding != encoding_rs::UTF_8).then(|| encoding.name());
        Ok(Self { encoding, ..Self::new(name, filled(records)) })
    }

    /// Rows without a header.
    pub fn new(name: &str, rows: Vec<(usize, Vec<String>)>) -> Self {
        Self { name: name.to_owned(), header: Vec::new(), rows, encoding: None, dates: HashMap::new() }
    }

    /// The first row is the header.
    pub fn with_header(mut self) -> Self {
        if !self.rows.is_empty() {
            self.header = self.rows.remove(0).1;
        }
        self
    }

    /// Every sheet of a workbook, or the one table of a CSV file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_all(path: &Path) -> Result<Vec<Self>, String> {
        let ending =
            path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if workbook::ENDINGS.contains(&ending.as_str()) {
            workbook::read(path, &ending).map_err(|error| format!("cannot read {}: {error}", path.display()))
        } else {
            Ok(vec![Self::read_csv(path)?])
        }
    }

    /// Where the column stands that is called one of these, upper and lower case alike.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        let is = |title: &String| names.iter().any(|name| title.trim().eq_ignore_ascii_case(name));
        self.header.iter().position(is)
    }

    /// What is wrong with a table that lacks columns which it cannot do without.
    ///
    /// # Errors
    /// One of them is missing.
    pub fn must_have(&self, names: &[&str]) -> Result<(), String> {
        let mut lacking: Vec<&str> =
            names.iter().filter(|name| self.column(&[name]).is_none()).copied().collect();
        lacking.dedup();
        if lacking.is_empty() {
            return Ok(());
        }
        let columns = if lacking.len() == 1 { "the column" } else { "the columns" };
        Err(format!(
            "{} lacks {columns} {}; its first line is `{}`",
            self.name,
            lacking.join(", "),
            self.header.join(",")
        ))
    }

    /// Where a row stands, for messages.
    pub fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.name)
    }
}

/// The cell, or nothing where the row is too short.
pub fn cell(row: &[String], at: Option<usize>) -> &str {
    at.and_then(|at| row.get(at)).map_or("", String::as_str)
}

fn called(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn filled(rows: impl Iterator<Item = (usize, Vec<String>)>) -> Vec<(usize, Vec<String>)> {
    rows.filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())).collect()
}
