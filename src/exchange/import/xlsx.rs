//! A workbook with a sheet for each input file, as timetablers keep it.

use std::path::Path;

use crate::read::columns::FILES;

use super::{Draft, Import, Sheet};

/// # Errors
/// The workbook cannot be read.
pub fn import(source: &Path) -> Result<Import, String> {
    let mut import = Import::default();
    for sheet in Sheet::read_all(source)? {
        let name = sheet.name.trim().to_lowercase();
        let stem = name.strip_suffix(".csv").unwrap_or(&name);
        let Some(file) = FILES.into_iter().find(|file| file.name.strip_suffix(".csv") == Some(stem)) else {
            let known: Vec<&str> = FILES.iter().filter_map(|file| file.name.strip_suffix(".csv")).collect();
            import.note(&sheet.name, format!("no input file is called so; sheets are {}", known.join(", ")));
            continue;
        };
        import.add(draft(file, &sheet));
    }
    Ok(import)
}

/// The columns that have a title.
fn draft(file: &'static crate::read::columns::File, sheet: &Sheet) -> Draft {
    let titled: Vec<usize> = (0..sheet.header.len()).filter(|&at| !sheet.header[at].is_empty()).collect();
    let pick = |row: &[String]| titled.iter().map(|&at| row.get(at).cloned().unwrap_or_default()).collect();
    let mut draft = Draft::new(file, []);
    // Titles are known by their words, however they are written.
    draft.columns = titled.iter().map(|&at| sheet.header[at].trim().to_lowercase()).collect();
    draft.rows = sheet.rows.iter().map(|(_, row)| pick(row)).collect();
    draft
}
