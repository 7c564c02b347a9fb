//! How much of a school is read. Nothing that a school has comes near; beyond it a file is a slip or an attack,
//! and is refused before it takes the memory of the machine.

use std::ops::Range;

/// Bytes of one file: 256 MB. The largest timetable of 50,000 students takes a third of it.
pub const FILE: u64 = 256 * 1024 * 1024;
/// Bytes of a TOML or JSON file that somebody writes by hand: 4 MB.
pub const SETTINGS: u64 = 4 * 1024 * 1024;
/// Bytes of a zip file or workbook: 64 MB, and what it unpacks to: 512 MB.
pub const ZIP: u64 = 64 * 1024 * 1024;
pub const UNPACKED: u64 = 512 * 1024 * 1024;
/// Columns of a table.
pub const COLUMNS: usize = 1_000;
/// Bytes of a cell, as in spreadsheets.
pub const CELL: usize = 32_767;
/// Rows of a table.
pub const ROWS: usize = 2_000_000;
/// Cells of a table.
pub const CELLS: usize = 30_000_000;
/// Days of the cycle.
pub const DAYS: usize = 100;
/// Blocks of a layout.
pub const BLOCKS: usize = 2_000;
/// Sites of a school.
pub const SITES: usize = 1_000;
/// Students times blocks.
pub const STUDENT_BLOCKS: usize = 200_000_000;
/// Needs, one a student and subject.
pub const NEEDS: usize = 20_000_000;
/// Problems of one input that are remembered; the rest is counted.
pub const PROBLEMS: usize = 100_000;

/// What makes a table too large, or no text.
#[derive(Debug, PartialEq, Eq)]
pub struct Excess {
    /// Stable short name of the kind.
    pub code: &'static str,
    /// The bytes meant.
    pub span: Range<usize>,
    pub message: String,
    pub expected: String,
    pub help: &'static str,
}

/// Looks over a table before anything is made of it: its columns, rows and cells, and control characters.
///
/// # Errors
/// The first thing in it that no table of a school has.
pub fn table(text: &str, delimiter: u8) -> Result<(), Excess> {
    let bytes = text.as_bytes();
    let plain: [bool; 256] =
        std::array::from_fn(|byte| byte >= 0x20 && ![b'"', delimiter, 0x7f].contains(&(byte as u8)));
    let (mut rows, mut cells, mut columns, mut row, mut cell) = (0, 0, 1, 0, 0);
    let mut quoted = false;
    for (at, &byte) in bytes.iter().enumerate() {
        if plain[usize::from(byte)] {
            continue;
        }
        let ends_row = !quoted && matches!(byte, b'\r' | b'\n');
        if byte == b'"' && (quoted || at == cell || bytes[cell] == b'"') {
            quoted = !quoted;
        } else if ends_row || (byte == delimiter && !quoted) {
            if at - cell > CELL {
                return Err(long_cell(cell..at));
            }
            cell = at + 1;
            if ends_row {
                if at > row {
                    rows += 1;
                    cells += columns;
                }
                (row, columns) = (at + 1, 1);
            } else {
                columns += 1;
            }
            if columns > COLUMNS {
                return Err(many_columns(row..at));
            }
            if rows > ROWS || cells > CELLS {
                return Err(many_rows(row.min(at)..at));
            }
        } else if byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n') || byte == 0x7f {
            return Err(control(at, byte));
        }
    }
    if bytes.len() - cell > CELL { Err(long_cell(cell..bytes.len())) } else { Ok(()) }
}

fn long_cell(span: Range<usize>) -> Excess {
    Excess {
        code: "cell-too-long",
        message: format!("a cell of {} bytes or more", span.len()),
        span,
        expected: format!("at most {CELL} bytes, as in spreadsheets"),
        help: "shorten it; where it goes on over many rows, a double quote was opened and never closed",
    }
}

fn many_columns(span: Range<usize>) -> Excess {
    Excess {
        code: "too-many-columns",
        span,
        message: format!("a row of more than {COLUMNS} cells"),
        expected: format!("at most {COLUMNS} columns"),
        help: "take out the separators that are too many",
    }
}

fn many_rows(span: Range<usize>) -> Excess {
    Excess {
        code: "too-many-rows",
        span,
        message: format!("more than {ROWS} rows, or {CELLS} cells"),
        expected: format!("at most {ROWS} rows and {CELLS} cells"),
        help: "keep the rows of one school and one week",
    }
}

fn control(at: usize, byte: u8) -> Excess {
    Excess {
        code: "control-character",
        span: at..at + 1,
        message: format!("the control character U+{byte:04X} in the text"),
        expected: "text that can be seen".to_owned(),
        help: "save the file again as `CSV UTF-8`; a file with such characters is often no text at all",
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL, COLUMNS, table};

    fn code(text: &str) -> Option<&'static str> {
        table(text, b',').err().map(|excess| excess.code)
    }

    #[test]
    fn tables_as_schools_have_them_pass() {
        assert_eq!(code(""), None);
        assert_eq!(code("a,b\r\n\"x, \"\"y\"\"\nz\",1\n\n\ta,é"), None);
        assert_eq!(code(&"a,".repeat(COLUMNS - 1)), None);
        assert_eq!(code(&"x".repeat(CELL)), None);
        assert_eq!(code(&format!("\"{}\"", "x,\n".repeat(CELL / 3 - 1))), None);
    }

    #[test]
    fn what_no_school_has_is_refused_with_its_place() {
        assert_eq!(code(&"a,".repeat(COLUMNS)), Some("too-many-columns"));
        assert_eq!(code(&"x".repeat(CELL + 1)), Some("cell-too-long"));
        assert_eq!(code(&format!("{},\n", "x".repeat(CELL + 1))), Some("cell-too-long"));
        assert_eq!(code(&"a\n".repeat(super::ROWS + 1)), Some("too-many-rows"));
        let wide = format!("{}\n", ",".repeat(COLUMNS - 1)).repeat(super::CELLS / COLUMNS + 1);
        assert_eq!(code(&wide), Some("too-many-rows"));
        for odd in ["\0", "\u{1b}[2J", "\u{7f}"] {
            let excess = table(&format!("ab{odd}"), b',').expect_err("a control character");
            assert_eq!((excess.code, excess.span), ("control-character", 2..3));
        }
    }
}
