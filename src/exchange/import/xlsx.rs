//! A workbook with a sheet for each input file, as timetablers keep it.

use std::path::Path;

use crate::read::columns::FILES;

use super::{ColumnMap, Draft, Import, Sheet};

/// # Errors
/// The workbook cannot be read, or has a date where none belongs.
pub fn import(source: &Path, map: &ColumnMap) -> Result<Import, String> {
    let mut import = Import::default();
    let mut sheets = Vec::new();
    for sheet in Sheet::read_all(source)?.into_iter().map(|sheet| map.rename(sheet)) {
        let name = sheet.name.trim().to_lowercase();
        let stem = name.strip_suffix(".csv").unwrap_or(&name);
        import.open(&sheet);
        let Some(file) = FILES.into_iter().find(|file| file.name.strip_suffix(".csv") == Some(stem)) else {
            let known: Vec<&str> = FILES.iter().filter_map(|file| file.name.strip_suffix(".csv")).collect();
            import.note(&sheet.name, format!("no input file is called so; sheets are {}", known.join(", ")));
            import.skip(&sheet.name, "no such input file", sheet.rows.len());
            continue;
        };
        import.add(draft(file, &sheet));
        sheets.push(sheet);
    }
    map.note_unused(&mut import);
    refuse_dates(&sheets)?;
    Ok(import)
}

/// # Errors
/// Names every cell of which a spreadsheet made a date where no date belongs.
pub fn refuse_dates(sheets: &[Sheet]) -> Result<(), String> {
    let cells: Vec<String> = sheets.iter().flat_map(unwanted_dates).collect();
    if cells.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the spreadsheet made dates of what was typed, such as 1-2: format these columns as text and type it again\n  {}",
        cells.join("\n  ")
    ))
}

/// The cells with a date where no date belongs.
fn unwanted_dates(sheet: &Sheet) -> Vec<String> {
    let title = |column: usize| sheet.header.get(column).map_or("", String::as_str).trim().to_lowercase();
    let mut cells: Vec<_> = sheet.dates.iter().collect();
    cells.sort_unstable();
    cells
        .into_iter()
        .filter(|((_, column), _)| !["from", "until", "note", ""].contains(&title(*column).as_str()))
        .map(|((line, column), date)| {
            format!("{}!{}{line}: `{}` is {date}", sheet.name, letters(*column), title(*column))
        })
        .collect()
}

/// How a spreadsheet calls a column.
fn letters(column: usize) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        letters.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters
}

/// The columns that have a title.
pub fn draft(file: &'static crate::read::columns::File, sheet: &Sheet) -> Draft {
    let titled: Vec<usize> = (0..sheet.header.len()).filter(|&at| !sheet.header[at].is_empty()).collect();
    let pick = |row: &[String]| titled.iter().map(|&at| row.get(at).cloned().unwrap_or_default()).collect();
    let mut draft = Draft::new(file, []);
    // Titles are known by their words, however they are written.
    draft.columns = titled.iter().map(|&at| sheet.header[at].trim().to_lowercase()).collect();
    draft.rows = sheet.rows.iter().map(|(_, row)| pick(row)).collect();
    draft
}
