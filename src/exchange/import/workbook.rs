//! The sheets of a workbook. A few bytes of one can say a billion cells, so its sizes are looked at before memory
//! is given to them.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, Style, Xls, Xlsb, Xlsx};

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
            let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(message)?;
            whole(&mut book)
        }
        "ods" => {
            each_file(bytes, |_, _| {})?;
            check_ods(bytes)?;
            let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(message)?;
            whole(&mut book)
        }
        "xlsb" => {
            each_file(bytes, |_, _| {})?;
            let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(message)?;
            let mut sheets = Vec::new();
            for name in book.sheet_names() {
                let mut cells = book.worksheet_cells_reader(&name).map_err(message)?;
                let next = || Ok(cells.next_cell().map_err(message)?.map(|cell| (cell, 0)));
                sheets.push(streamed(name, next)?);
            }
            Ok(sheets)
        }
        _ => {
            each_file(bytes, |_, _| {})?;
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(message)?;
            let mut sheets = Vec::new();
            for name in book.sheet_names() {
                let mut cells = book.worksheet_cells_reader(&name).map_err(message)?;
                let digits: Vec<usize> = cells.styles().iter().map(digits_shown).collect();
                let next = || {
                    let next = cells.next_cell_with_style_id().map_err(message)?;
                    Ok(next.map(|(cell, style)| (cell, digits.get(style).copied().unwrap_or(0))))
                };
                sheets.push(streamed(name, next)?);
            }
            Ok(sheets)
        }
    }
}

fn message(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// How many digits a number has at least in a cell of this style: a format such as `00000` shows 123 as 00123.
fn digits_shown(style: &Style) -> usize {
    let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    if code.bytes().all(|byte| byte == b'0') { code.len() } else { 0 }
}

/// A sheet from its cells one by one, each with the digits that it shows at least.
fn streamed<'b>(
    name: String,
    mut next: impl FnMut() -> Result<Option<(calamine::Cell<DataRef<'b>>, usize)>, String>,
) -> Result<Sheet, String> {
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut dates = HashMap::new();
    let (mut cells, mut bytes) = (0, 0);
    while let Some((cell, digits)) = next()? {
        let (row, column) = cell.get_position();
        let (text, is_date) = text(&Data::from(cell.get_value().clone()), digits);
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::COLUMNS {
            return Err(too_large(&name));
        }
        let at = row;
        let row = rows.entry(row).or_default();
        if row.len() <= column {
            cells += column + 1 - row.len();
            row.resize(column + 1, String::new());
        }
        bytes += text.len() as u64;
        if is_date {
            dates.insert((at as usize + 1, column), text.clone());
        }
        row[column] = text;
        if cells > limits::CELLS || bytes > limits::FILE {
            return Err(too_large(&name));
        }
    }
    let rows = rows.into_iter().map(|(row, cells)| (row as usize + 1, cells)).collect();
    Ok(Sheet { dates, ..Sheet::new(&name, rows) }.with_header())
}

/// The sheets of a workbook that was found to be of a sound size.
fn whole<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(book: &mut R) -> Result<Vec<Sheet>, String>
where
    R::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range: Range<Data> = book.worksheet_range(&name).map_err(message)?;
        let first = range.start().map_or(0, |(row, _)| row as usize);
        let mut sheet = Sheet::new(&name, Vec::new());
        for (line, cells) in (first + 1..).zip(range.rows()) {
            let mut row = Vec::new();
            for (column, cell) in cells.iter().enumerate() {
                let (text, is_date) = text(cell, 0);
                if is_date {
                    sheet.dates.insert((line, column), text.clone());
                }
                row.push(text);
            }
            if row.iter().any(|cell| !cell.is_empty()) {
                sheet.rows.push((line, row));
            }
        }
        sheets.push(sheet.with_header());
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
    let stream = file.open_stream(stream).map_err(message)?;
    stream.take(limits::ZIP).read_to_end(&mut records).map_err(message)?;
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

/// A cell as it would be typed, and whether the spreadsheet keeps it as a date.
fn text(cell: &Data, digits: usize) -> (String, bool) {
    let text = match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) => return (text.trim().replace('T', " "), true),
        Data::DurationIso(text) => {
            let duration = text.trim().parse::<jiff::SignedDuration>();
            duration.map_or_else(|_| text.clone(), |duration| clock_time(duration.as_mins()))
        }
        Data::Int(number) => format!("{number:0digits$}"),
        // Whole numbers print without a decimal part.
        Data::Float(number) => format!("{number:0digits$}"),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(moment) => return date_or_time(moment),
    };
    (text, false)
}

/// Spreadsheets count days, and times of day as parts of one; a whole one is the midnight at its end.
fn date_or_time(moment: &ExcelDateTime) -> (String, bool) {
    let days = moment.as_f64();
    if moment.is_duration() || days <= 1.0 {
        return (clock_time((days * 24.0 * 60.0).round() as i64), false);
    }
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute) == (0, 0) { (date, true) } else { (format!("{date} {hour:02}:{minute:02}"), true) }
}

fn clock_time(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
