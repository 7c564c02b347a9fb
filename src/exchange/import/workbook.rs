//! The sheets of a workbook. A few bytes of one can say a billion cells, so its sizes are looked at before memory
//! is given to them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, DataRef, Ods, Range, Reader, Xls, Xlsb, Xlsx};

use crate::exchange::zipped::{DAMAGED, each_file};
use crate::{limits, open};

use super::Sheet;

/// Endings of the files that are workbooks.
pub const ENDINGS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

/// Every sheet that has text in it, the first row as its header.
///
/// # Errors
/// The file cannot be read, is no workbook, or is larger than any that a school keeps.
pub fn read(path: &Path, ending: &str) -> Result<Vec<Sheet>, String> {
    let bytes = open::bytes_up_to(path, limits::ZIP).map_err(|error| error.to_string())?;
    // The parser was written for workbooks of spreadsheet programs; what surprises it is no such workbook.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let read = catch_unwind(AssertUnwindSafe(|| sheets(&bytes, ending)));
    std::panic::set_hook(hook);
    read.unwrap_or_else(|_| Err(DAMAGED.to_owned()))
}

fn sheets(bytes: &[u8], ending: &str) -> Result<Vec<Sheet>, String> {
    match ending {
        "xls" => {
            check_xls(bytes)?;
            let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(told)?;
            whole(&mut book)
        }
        "ods" => {
            each_file(bytes, |_, _| {})?;
            check_ods(bytes)?;
            let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(told)?;
            whole(&mut book)
        }
        "xlsb" => {
            each_file(bytes, |_, _| {})?;
            let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(told)?;
            let mut sheets = Vec::new();
            for name in book.sheet_names() {
                let mut cells = book.worksheet_cells_reader(&name).map_err(told)?;
                sheets.push(streamed(name, || cells.next_cell().map_err(told))?);
            }
            Ok(sheets)
        }
        _ => {
            each_file(bytes, |_, _| {})?;
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(told)?;
            let mut sheets = Vec::new();
            for name in book.sheet_names() {
                let mut cells = book.worksheet_cells_reader(&name).map_err(told)?;
                sheets.push(streamed(name, || cells.next_cell().map_err(told))?);
            }
            Ok(sheets)
        }
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A sheet from its cells one by one.
fn streamed<'b>(
    name: String,
    mut next: impl FnMut() -> Result<Option<calamine::Cell<DataRef<'b>>>, String>,
) -> Result<Sheet, String> {
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let (mut cells, mut bytes) = (0, 0);
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        let text = text(&Data::from(cell.get_value().clone()));
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::COLUMNS {
            return Err(too_large(&name));
        }
        let row = rows.entry(row).or_default();
        if row.len() <= column {
            cells += column + 1 - row.len();
            row.resize(column + 1, String::new());
        }
        bytes += text.len() as u64;
        row[column] = text;
        if cells > limits::CELLS || bytes > limits::FILE {
            return Err(too_large(&name));
        }
    }
    let rows = rows.into_iter().map(|(row, cells)| (row as usize + 1, cells)).collect();
    Ok(Sheet { name, header: Vec::new(), rows }.with_header())
}

/// The sheets of a workbook that was found to be of a sound size.
fn whole<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(book: &mut R) -> Result<Vec<Sheet>, String>
where
    R::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range: Range<Data> = book.worksheet_range(&name).map_err(told)?;
        let first = range.start().map_or(0, |(row, _)| row as usize);
        let rows = range.rows().enumerate().map(|(at, row)| (first + at + 1, row.iter().map(text).collect()));
        let rows =
            rows.filter(|(_, row): &(usize, Vec<String>)| row.iter().any(|cell| !cell.is_empty())).collect();
        sheets.push(Sheet { name, header: Vec::new(), rows }.with_header());
    }
    Ok(sheets)
}

fn too_large(sheet: &str) -> String {
    format!(
        "sheet `{sheet}` has more than {} columns or {} cells: delete the columns and rows that nobody uses",
        limits::COLUMNS,
        limits::CELLS
    )
}

/// Counts the cells that a sheet says by repetition: `number-columns-repeated` of cells with something in them.
fn check_ods(bytes: &[u8]) -> Result<(), String> {
    let mut excess = false;
    each_file(bytes, |name, content| {
        if name != "content.xml" {
            return;
        }
        let text = String::from_utf8_lossy(&content);
        let (mut total, mut empty, mut row, mut repeated) = (0_usize, 0_usize, 0_usize, 1_usize);
        for tag in text.split('<') {
            let number = |key: &str| -> usize {
                let value = tag.split_once(key).and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
                value.map_or(1, |value| value.trim().parse().unwrap_or(usize::MAX))
            };
            if tag.starts_with("table:table-row") {
                (empty, row, repeated) = (0, 0, number("number-rows-repeated"));
            } else if tag.starts_with("table:table-cell") || tag.starts_with("table:covered-table-cell") {
                let cells = number("number-columns-repeated");
                // Empty cells count where others follow.
                if tag.contains("office:") || tag.contains("formula") || !tag.trim_end().ends_with("/>") {
                    let added = cells.saturating_add(std::mem::take(&mut empty));
                    row = row.saturating_add(added);
                    total = total.saturating_add(added.saturating_mul(repeated.min(limits::ROWS)));
                } else {
                    empty = empty.saturating_add(cells);
                }
            }
            excess |= row > limits::COLUMNS || total > limits::CELLS;
        }
    })?;
    if excess { Err(too_large("content.xml")) } else { Ok(()) }
}

/// Looks for cells far off in an old workbook; those of a sheet have at most 256 columns.
fn check_xls(bytes: &[u8]) -> Result<(), String> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    let stream = ["Workbook", "Book"]
        .into_iter()
        .find(|name| file.exists(name))
        .ok_or("it holds no workbook: save it as .xlsx in the spreadsheet program")?;
    let mut records = Vec::new();
    let stream = file.open_stream(stream).map_err(told)?;
    stream.take(limits::ZIP).read_to_end(&mut records).map_err(told)?;
    let word = |at: usize| Some(u16::from_le_bytes([*records.get(at)?, *records.get(at + 1)?]));
    let mut at = 0;
    while let (Some(kind), Some(length)) = (word(at), word(at + 2)) {
        let (start, end) = (at + 4, at + 4 + usize::from(length));
        // Records of one cell, and of several in a row with the last column at their end.
        let column = match kind {
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00fd | 0x027e | 0x0201 | 0x00d6 => word(start + 2),
            0x00bd | 0x00be if length >= 6 => word(end - 2).max(word(start + 2)),
            _ => None,
        };
        if column.is_some_and(|column| column > 255) {
            return Err(too_large("Workbook"));
        }
        at = end;
    }
    Ok(())
}

/// A cell as it would be typed.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        // Whole numbers print without a decimal part.
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(moment) => date_or_time(moment.as_f64()),
    }
}

/// Spreadsheets count days, and times of day as parts of one.
fn date_or_time(days: f64) -> String {
    let minutes = (days.fract() * 24.0 * 60.0).round() as i64;
    if days < 1.0 {
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    let epoch = jiff::civil::Date::constant(1899, 12, 30);
    let span = jiff::Span::new().try_days(days.trunc() as i64);
    let date = span.and_then(|span| epoch.checked_add(span));
    date.map_or_else(|_| days.to_string(), |date| date.to_string())
}
