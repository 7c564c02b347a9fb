//! Reads one CSV file of an output folder, as a spreadsheet may have saved it: comma or semicolon,
//! BOM, CRLF, empty rows, columns in any order, further columns.

use std::path::Path;

use crate::formula::meant;
use crate::limits;
use crate::open;

use super::Error;

/// Calls `each` with the line (1-based, the header is line 1) and the trimmed cells of every row that is
/// not empty, in the order of `columns`. A row that is too short has empty cells at its end.
///
/// # Errors
/// A file that is missing or unreadable, that is not UTF-8 CSV, or that lacks one of the columns.
pub fn read<const N: usize>(
    out: &Path,
    file: &'static str,
    columns: [&str; N],
    each: impl FnMut(u64, [&str; N]),
) -> Result<(), Error> {
    let bytes =
        open::bytes(&out.join(file)).map_err(|cause| Error::Missing { path: out.join(file), cause })?;
    parse(&bytes, file, columns, each)
}

/// The same of a file's bytes.
///
/// # Errors
/// They are no UTF-8 CSV, or lack one of the columns.
pub fn parse<const N: usize>(
    bytes: &[u8],
    file: &'static str,
    columns: [&str; N],
    mut each: impl FnMut(u64, [&str; N]),
) -> Result<(), Error> {
    let malformed = |line: u64, message: String| Error::Malformed { file, line, message };
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let line = 1 + newlines(&bytes[..cause.valid_up_to()]);
        malformed(line, "not UTF-8: save the file as UTF-8".to_owned())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    limits::table(text, delimiter(text)).map_err(|excess| {
        let line = 1 + newlines(&text.as_bytes()[..excess.span.start]);
        malformed(line, format!("{}; expected {}: {}", excess.message, excess.expected, excess.help))
    })?;

    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut record = csv::StringRecord::new();
    let mut next = |record: &mut csv::StringRecord| match reader.read_record(record) {
        Ok(more) => Ok(more.then(|| record.position().map_or(0, csv::Position::byte))),
        Err(cause) => Err(malformed(0, cause.to_string())),
    };

    let mut at = [0; N];
    if next(&mut record)?.is_none() {
        return Err(malformed(1, format!("the file is empty; expected the columns {}", columns.join(","))));
    }
    for (at, column) in at.iter_mut().zip(columns) {
        *at = record.iter().position(|cell| cell.trim() == column).ok_or_else(|| {
            malformed(1, format!("column `{column}` is missing; expected {}", columns.join(",")))
        })?;
    }
    while let Some(byte) = next(&mut record)? {
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            each(lines.of(byte), at.map(|column| meant(record.get(column).unwrap_or("").trim())));
        }
    }
    Ok(())
}

/// The separator that the header uses more often.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    let count = |separator: char| header.matches(separator).count();
    if count(';') > count(',') { b';' } else { b',' }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// Line numbers of rising byte offsets. The csv crate's own count stands at the end of the record
/// before, which is wrong after CRLF and after empty lines.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// Line of the first row that starts at or after `byte`.
    fn of(&mut self, byte: u64) -> u64 {
        let mut start = usize::try_from(byte).map_or(self.bytes.len(), |byte| byte.min(self.bytes.len()));
        while matches!(self.bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let start = start.max(self.at);
        self.line += newlines(&self.bytes[self.at..start]);
        self.at = start;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<(u64, String, String)>, Error> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("f.csv"), text).expect("a written file");
        let mut rows = Vec::new();
        read(dir.path(), "f.csv", ["a", "b"], |line, [a, b]| rows.push((line, a.to_owned(), b.to_owned())))?;
        Ok(rows)
    }

    fn row(line: u64, a: &str, b: &str) -> (u64, String, String) {
        (line, a.to_owned(), b.to_owned())
    }

    #[test]
    fn a_spreadsheets_file_keeps_its_line_numbers() {
        let text = "\u{feff}b;x;a\r\n1;;one\r\n\r\n;;\r\n2; ;\"t\r\nwo\"\r\n3\r\n";
        let expected = vec![row(2, "one", "1"), row(5, "t\r\nwo", "2"), row(7, "", "3")];
        assert_eq!(rows(text.as_bytes()).expect("readable"), expected);
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = rows(b"a,c\n1,2\n").expect_err("no column b");
        assert!(error.to_string().contains("f.csv:1: column `b` is missing"), "{error}");
    }

    #[test]
    fn wrong_encoding_names_its_line() {
        let error = rows(b"a,b\n1,2\nJos\xe9,2\n").expect_err("Latin-1");
        assert!(error.to_string().contains("f.csv:3: not UTF-8"), "{error}");
    }
}
