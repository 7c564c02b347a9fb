//! How somebody saved a table: its encoding, and what separates its cells.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Rows that are looked at to find the separator.
const SAMPLE: usize = 100;

/// The text of a file in whatever encoding it was saved, without its byte order mark, and that encoding.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[mark..]).0, encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // Where a file is too short to tell, it is more likely from western Europe than from anywhere else.
    let encoding = detector.guess(Some(b"nl"), Utf8Detection::Deny);
    (encoding.decode_without_bom_handling(bytes).0, encoding)
}

/// Where a table begins and what separates its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub separator: u8,
    /// The first byte below a line such as `sep=;`, which Excel reads and which is no part of the table.
    pub start: usize,
}

impl Dialect {
    /// The separator among `candidates` with which the text makes most sense as a table: its header names columns
    /// that are `known`, quotes end where cells do, and rows are as wide as the header. The first one on a tie.
    pub fn detect(text: &str, candidates: &[u8], known: impl Fn(&str) -> bool) -> Self {
        let (start, named) = separator_line(text);
        let fit = |separator: u8| {
            let rows: Vec<Row> = Rows::new(&text[start..], separator).take(SAMPLE).collect();
            let header = rows.first()?;
            let width = header.cells.len();
            let known = header.cells.iter().filter(|cell| known(cell.trim())).count();
            let sound = rows.iter().all(|row| row.is_sound);
            let even = rows.iter().filter(|row| row.cells.len() == width).count();
            Some((known, named == Some(separator), sound, width > 1, even, width))
        };
        let best = candidates.iter().copied().rev().max_by_key(|separator| fit(*separator));
        Self { separator: best.unwrap_or(b','), start }
    }
}

/// The byte below a first line `sep=;`, and the separator that it names.
fn separator_line(text: &str) -> (usize, Option<u8>) {
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    let plain = line.trim_start_matches('"').to_lowercase();
    let Some(rest) = plain.strip_prefix("sep=") else { return (0, None) };
    let named = rest.trim_end_matches(['\r', '\n']);
    let is_separator = !named.is_empty() && named.chars().all(|c| ",;\t|\"".contains(c));
    if is_separator { (line.len(), named.bytes().next()) } else { (0, None) }
}

struct Row<'t> {
    cells: Vec<Cow<'t, str>>,
    /// Every quote that opens a cell closes at its end.
    is_sound: bool,
}

/// The rows of a text that are not blank.
struct Rows<'t> {
    text: &'t str,
    at: usize,
    separator: u8,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, separator: u8) -> Self {
        Self { text, at: 0, separator }
    }

    /// The cell that starts here, and whether its quotes are sound.
    fn cell(&mut self) -> (Cow<'t, str>, bool) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let ends = |at: usize| bytes.get(at).is_none_or(|byte| [self.separator, b'\r', b'\n'].contains(byte));
        if bytes.get(start) != Some(&b'"') {
            while !ends(self.at) {
                self.at += 1;
            }
            return (Cow::Borrowed(&self.text[start..self.at]), true);
        }
        self.at += 1;
        let mut closed = false;
        while let Some(&byte) = bytes.get(self.at) {
            if byte == b'"' {
                if bytes.get(self.at + 1) != Some(&b'"') {
                    closed = true;
                    break;
                }
                self.at += 1;
            }
            self.at += 1;
        }
        let inside = &self.text[start + 1..self.at];
        let inside = if inside.contains('"') { inside.replace("\"\"", "\"").into() } else { inside.into() };
        self.at = (self.at + 1).min(bytes.len());
        let sound = closed && ends(self.at);
        while !ends(self.at) {
            self.at += 1;
        }
        (inside, sound)
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches(['\r', '\n']).len();
            if self.at >= self.text.len() {
                return None;
            }
            let mut row = Row { cells: Vec::new(), is_sound: true };
            loop {
                let (cell, sound) = self.cell();
                row.cells.push(cell);
                row.is_sound &= sound;
                if self.text.as_bytes().get(self.at) != Some(&self.separator) {
                    break;
                }
                self.at += 1;
            }
            if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, decode};

    #[test]
    fn the_separator_is_the_one_that_makes_a_table() {
        let found = |text: &str| {
            let dialect = Dialect::detect(text, b",;\t", |_| false);
            (char::from(dialect.separator), dialect.start)
        };
        for (text, separator) in [
            ("\"MA\";\"Mathe, Physik, Chemie\"\n", ';'),
            ("\"MA\",\"Mathe; Physik; Chemie\"\n", ','),
            ("student;First choice, if you like, please, now\namina;wi\n", ';'),
            ("a\tb, c, d\n1\t2\n", '\t'),
            ("name,text\n\"A; B\nC; D\",1\n", ','),
            ("only one column\nx\n", ','),
            ("", ','),
        ] {
            assert_eq!(found(text), (separator, 0), "{text:?}");
        }
        assert_eq!(found("sep=;\r\na;b,c,d\r\n"), (';', 7));
        let by_name = Dialect::detect("student;a,b,c\n1;2,3,4\n", b",;", |name| name == "student");
        assert_eq!(by_name.separator, b';');
    }

    #[test]
    fn text_is_read_in_the_encoding_in_which_it_was_saved() {
        for (bytes, text, encoding) in [
            (&b"\xef\xbb\xbfna\xc3\xafef"[..], "naïef", "UTF-8"),
            (b"id;name\n1;\x8eagar \x80\n", "id;name\n1;Žagar €\n", "windows-1252"),
            (b"M\xfcller\n", "Müller\n", "windows-1252"),
            (b"\xff\xfea\0b\0", "ab", "UTF-16LE"),
        ] {
            let (found, with) = decode(bytes);
            assert_eq!((found.as_ref(), with.name()), (text, encoding));
        }
    }
}
