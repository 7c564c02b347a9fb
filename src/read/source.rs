//! One input file as text, with its lines counted.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::open;

use super::problem::{Excerpt, Problem, Problems};
use super::workbook;

/// The longest excerpt worth showing, bytes.
const LONGEST_EXCERPT: usize = 2_000;

/// The text of one input file without byte order mark.
#[derive(Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
    /// Byte at which each line starts.
    lines: Vec<usize>,
    /// Where the text differs from the file.
    changed: Option<Changed>,
    /// Sources whose bytes count on from here: what is taken over from them keeps its place.
    annexes: Vec<(usize, Arc<Source>)>,
    /// Of a sheet of a workbook: at which byte each cell begins, with its row and column.
    cells: Vec<(usize, usize, usize)>,
    /// Whether the file begins with a byte order mark.
    pub has_bom: bool,
}

/// A piece of a source.
#[derive(Clone, Debug)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Range<usize>,
}

/// Bytes of a changed text that do not stand so in its file.
#[derive(Debug)]
pub struct Patch {
    /// In the changed text.
    pub new: Range<usize>,
    /// What it replaces in the file; empty where it was put in.
    pub old: Range<usize>,
    /// Who asked for it; `None`: nothing is said of it.
    pub from: Option<Place>,
}

#[derive(Debug)]
struct Changed {
    file: Box<Source>,
    /// In order of place.
    patches: Vec<Patch>,
}

impl Changed {
    /// The last patch that starts at or before the byte.
    fn before(&self, byte: usize) -> Option<&Patch> {
        let after = self.patches.partition_point(|patch| patch.new.start <= byte);
        self.patches[..after].last()
    }

    /// The byte of the file that stands at this byte of the changed text.
    fn in_file(&self, byte: usize) -> usize {
        match self.before(byte) {
            None => byte,
            Some(patch) if byte <= patch.new.end => patch.old.start,
            Some(patch) => patch.old.end + (byte - patch.new.end),
        }
    }
}

impl Source {
    /// Reads a file of at most `most` bytes; `None` where it cannot be read as text at all. Text that is not UTF-8 is a problem
    /// and is then taken for Latin-1, so that the rest of the file can be looked at as well.
    pub fn load(path: &Path, name: &str, most: u64, problems: &mut Problems) -> Option<Self> {
        if let Some((book, file)) = workbook::inside(path) {
            return match workbook::member(book, file) {
                Ok(member) => {
                    member.map(|member| Self { cells: member.cells, ..Self::new(name, member.text) })
                }
                Err(error) => {
                    // Every sheet fails for the same reason.
                    if !problems.has("unreadable", name) && file == super::columns::SCHOOL_TOML {
                        problems.push(unreadable(name, &error));
                    }
                    None
                }
            };
        }
        let bytes = match open::bytes_up_to(path, most) {
            Ok(bytes) => bytes,
            Err(error) => {
                problems.push(unreadable(name, &error));
                return None;
            }
        };
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            problems.push(utf16(name));
            return None;
        }
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        match std::str::from_utf8(body) {
            Ok(text) => {
                let has_bom = body.len() < bytes.len();
                Some(Self { has_bom, ..Self::new(name, text.to_owned()) })
            }
            Err(error) => {
                let source = Self::new(name, body.iter().map(|&byte| char::from(byte)).collect());
                problems.push(not_utf8(&source, body, error.valid_up_to()));
                Some(source)
            }
        }
    }

    pub fn new(name: &str, text: String) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self {
            name: name.to_owned(),
            text,
            lines,
            changed: None,
            annexes: Vec::new(),
            cells: Vec::new(),
            has_bom: false,
        }
    }

    /// The file with another text, which differs from its own by `patches`, in order of place.
    pub fn patched(self, text: String, patches: Vec<Patch>) -> Self {
        let mut patched = Self::new(&self.name, text);
        patched.changed = Some(Changed { file: Box::new(self), patches });
        patched
    }

    /// Makes room for spans of `source`: those that are so much further on than in `source` itself.
    pub fn annex(&mut self, source: &Arc<Source>) -> usize {
        // The text's own end still belongs to it.
        let base = self.annexes.last().map_or(self.text.len(), |(base, last)| base + last.text.len()) + 1;
        self.annexes.push((base, Arc::clone(source)));
        base
    }

    /// Where a span of the text really stands.
    pub fn origin(&self, span: Range<usize>) -> (&Source, Range<usize>) {
        if let Some((base, annex)) = self.annexes.iter().rev().find(|(base, _)| span.start >= *base) {
            return (annex, span.start - base..span.end.max(span.start) - base);
        }
        let Some(changed) = &self.changed else { return (self, span) };
        let patch = changed.before(span.start).filter(|patch| span.start <= patch.new.end);
        match patch.and_then(|patch| patch.from.as_ref()) {
            Some(place) => (&place.source, place.span.clone()),
            None => {
                let start = changed.in_file(span.start);
                (&changed.file, start..changed.in_file(span.end).max(start))
            }
        }
    }

    /// The row and column of the cell in which a byte stands, of a sheet of a workbook.
    pub fn cell(&self, byte: usize) -> Option<(usize, usize)> {
        let after = self.cells.partition_point(|(start, ..)| *start <= byte);
        self.cells[..after].last().map(|&(_, row, column)| (row, column))
    }

    /// 1-based line and character of a byte.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.line_of_text(byte);
        let column = self.text.get(self.lines[line - 1]..byte).map_or(0, |before| before.chars().count());
        (line, column + 1)
    }

    /// The line in which a byte stands.
    pub fn line_at(&self, byte: usize) -> &str {
        let line = self.line_of_text(byte);
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text.get(self.lines[line - 1]..end).unwrap_or_default().trim()
    }

    /// 1-based line of a byte; of a changed text the line of the file.
    pub fn line(&self, byte: usize) -> usize {
        match &self.changed {
            Some(changed) => changed.file.line_of_text(changed.in_file(byte)),
            None => self.line_of_text(byte),
        }
    }

    fn line_of_text(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte)
    }

    /// The whole lines around `span`, unless they are too long to be shown.
    pub(super) fn excerpt(&self, span: Range<usize>) -> Option<Excerpt> {
        let first = self.lines[self.line_of_text(span.start) - 1];
        let last = self.line_of_text(span.end.saturating_sub(1).max(span.start));
        let end = self.lines.get(last).copied().unwrap_or(self.text.len());
        if end - first > LONGEST_EXCERPT {
            return None;
        }
        let text = self.text.get(first..end)?.trim_end_matches(['\r', '\n']);
        let inside = |byte: usize| byte.saturating_sub(first).min(text.len());
        Some(Excerpt { text: text.to_owned(), span: inside(span.start)..inside(span.end) })
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    Problem::error("unreadable", format!("`{name}` cannot be read"))
        .file(name)
        .found(error.to_string())
        .expected("a file that can be read")
        .help("check the file's name, what it is and who may read it")
}

fn utf16(name: &str) -> Problem {
    Problem::error("encoding", format!("`{name}` is not UTF-8"))
        .file(name)
        .found("the byte order mark of UTF-16")
        .expected("text in UTF-8")
        .help("save the file as `CSV UTF-8` in the spreadsheet program, or as UTF-8 in the editor")
}

fn not_utf8(source: &Source, bytes: &[u8], at: usize) -> Problem {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| std::str::from_utf8(line).is_err()).count();
    // A Latin-1 character from 0x80 takes two bytes as UTF-8.
    let start = bytes[..at].iter().map(|byte| 1 + usize::from(*byte >= 0x80)).sum::<usize>();
    let width = 1 + usize::from(bytes[at] >= 0x80);
    let more =
        if lines > 1 { format!(" ({lines} lines of the file have such bytes)") } else { String::new() };
    Problem::error("encoding", format!("`{}` is not UTF-8", source.name))
        .at(source, start..start + width)
        .found(format!("byte {at} is 0x{:02X}{more}", bytes[at]))
        .expected("text in UTF-8")
        .help("save the file as `CSV UTF-8` in the spreadsheet program, or as UTF-8 in the editor")
}
