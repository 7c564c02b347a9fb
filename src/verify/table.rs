//! Reads one CSV file of an output folder, as a spreadsheet may have saved it: comma or semicolon,
//! BOM, CRLF, empty rows, columns in any order, further columns.

use std::path::Path;

use crate::csv_injection::unescape;
use crate::limits;
use crate::open;
use crate::parallel::{par_map, processors};

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
    parse(&bytes(out, file)?, file, columns, each)
}

/// The same on all processors: each goes through rows that follow each other and gathers what it finds in a `T` of its
/// own. They come back in the order of the file.
///
/// # Errors
/// As [`read`].
pub fn read_abreast<const N: usize, T: Default + Send>(
    out: &Path,
    file: &'static str,
    columns: [&str; N],
    each: impl Fn(&mut T, u64, [&str; N]) + Sync,
) -> Result<Vec<T>, Error> {
    let bytes = bytes(out, file)?;
    let rows = Rows::of(&bytes, file, columns)?;
    let parts = rows.parts(processors());
    let found = par_map(parts.len(), &parts, |part| {
        let mut found = T::default();
        part.each(|line, cells| each(&mut found, line, cells)).map(|()| found)
    });
    found.into_iter().collect()
}

/// The same of a file's bytes.
///
/// # Errors
/// They are no UTF-8 CSV, or lack one of the columns.
pub fn parse<const N: usize>(
    bytes: &[u8],
    file: &'static str,
    columns: [&str; N],
    each: impl FnMut(u64, [&str; N]),
) -> Result<(), Error> {
    Rows::of(bytes, file, columns)?.each(each)
}

/// What the file holds.
///
/// # Errors
/// It is missing or unreadable.
pub fn bytes(out: &Path, file: &str) -> Result<Vec<u8>, Error> {
    open::bytes(&out.join(file)).map_err(|cause| Error::Missing { path: out.join(file), cause })
}

/// Rows of a table without its header, or some that follow each other.
#[derive(Clone, Copy)]
struct Rows<'a, const N: usize> {
    file: &'static str,
    text: &'a str,
    delimiter: u8,
    /// Where the columns stand in a row.
    at: [usize; N],
    /// Line of the first byte of `text`.
    line: u64,
}

impl<'a, const N: usize> Rows<'a, N> {
    fn of(bytes: &'a [u8], file: &'static str, columns: [&str; N]) -> Result<Self, Error> {
        let malformed = |line: u64, message: String| Error::Malformed { file, line, message };
        let text = std::str::from_utf8(bytes).map_err(|cause| {
            let line = 1 + newlines(&bytes[..cause.valid_up_to()]);
            malformed(line, "not UTF-8: save the file as UTF-8".to_owned())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let delimiter = delimiter(text);
        limits::table(text, delimiter).map_err(|excess| {
            let line = 1 + newlines(&text.as_bytes()[..excess.span.start]);
            malformed(line, format!("{}; expected {}: {}", excess.message, excess.expected, excess.help))
        })?;
        let mut rows = Self { file, text, delimiter, at: [0; N], line: 1 };
        let mut reader = rows.reader();
        let mut header = csv::StringRecord::new();
        if !reader.read_record(&mut header).map_err(|cause| malformed(0, cause.to_string()))? {
            let expected = columns.join(",");
            return Err(malformed(1, format!("the file is empty; expected the columns {expected}")));
        }
        for (at, column) in rows.at.iter_mut().zip(columns) {
            *at = header.iter().position(|cell| cell.trim() == column).ok_or_else(|| {
                malformed(1, format!("column `{column}` is missing; expected {}", columns.join(",")))
            })?;
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        Ok(rows.from(end, text.len()))
    }

    /// Those between two bytes.
    fn from(self, start: usize, end: usize) -> Self {
        let line = self.line + newlines(&self.text.as_bytes()[..start]);
        Self { text: &self.text[start..end], line, ..self }
    }

    /// At most so many parts of about the same size.
    fn parts(self, most: usize) -> Vec<Self> {
        // Within quotes a line may end that does not end its row.
        if self.text.contains('"') {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut start = 0;
        for part in 1..=most {
            let about = self.text.len() / most * part;
            let next = self.text.as_bytes()[about.max(start)..].iter().position(|&byte| byte == b'\n');
            let end =
                next.filter(|_| part < most).map_or(self.text.len(), |next| about.max(start) + next + 1);
            if start < end {
                parts.push(self.from(start, end));
            }
            start = end;
        }
        parts
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(self.text.as_bytes())
    }

    fn each(&self, mut each: impl FnMut(u64, [&str; N])) -> Result<(), Error> {
        let mut reader = self.reader();
        let mut lines = Lines::new(self.text, self.line);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|cause| Error::Malformed {
            file: self.file,
            line: 0,
            message: cause.to_string(),
        })? {
            let byte = record.position().map_or(0, csv::Position::byte);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                each(lines.of(byte), self.at.map(|column| unescape(record.get(column).unwrap_or("").trim())));
            }
        }
        Ok(())
    }
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
    fn new(text: &'a str, line: u64) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line }
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
    fn all_processors_together_read_what_one_reads() {
        let plain: String = (0..1000).map(|row| format!("{row},x{row}\r\n\r\n")).collect();
        let quoted = plain.replace("x500", "\"two\r\nlines\"");
        for text in ["", &plain, plain.trim_end(), &quoted] {
            let text = format!("\u{feff}b,a\r\n{text}");
            let rows = Rows::of(text.as_bytes(), "f.csv", ["a", "b"]).expect("readable");
            let mut all = Vec::new();
            rows.each(|line, [a, b]| all.push(row(line, a, b))).expect("readable");
            for most in [1, 2, 7] {
                let mut found = Vec::new();
                for part in rows.parts(most) {
                    part.each(|line, [a, b]| found.push(row(line, a, b))).expect("readable");
                }
                assert_eq!(found, all);
            }
        }
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
