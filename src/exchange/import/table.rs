//! Any table, with a column map that says what its columns are: attendance, choices or lists of other systems.

use std::path::Path;

use crate::read::columns::{FILES, File};

use super::xlsx::{draft, refuse_dates};
use super::{ColumnMap, Import, Sheet};

/// # Errors
/// The table cannot be read, the map names no input file, or the table lacks columns that the file needs.
pub fn import(source: &Path, map: &ColumnMap) -> Result<Import, String> {
    let file = input_file(map)?;
    let mut import = Import::default();
    let mut sheets: Vec<Sheet> = Vec::new();
    for sheet in Sheet::read_all(source)?.into_iter().filter(|sheet| !sheet.header.is_empty()) {
        sheets.push(map.rename(sheet));
    }
    for sheet in &mut sheets {
        import.open(sheet);
        let required: Vec<&str> =
            file.columns.iter().filter(|column| column.required).map(|column| column.name).collect();
        sheet.must_have(&required).map_err(|message| {
            format!("{message}. Name them in the file of --map, under [map] or, with one value for all rows, [fill]")
        })?;
        let unread: Vec<String> =
            sheet.header.iter().filter(|title| !is_known(file, title)).cloned().collect();
        if !unread.is_empty() {
            import.note(&sheet.name, format!("columns that are not read: {}", unread.join(", ")));
        }
        for title in &mut sheet.header {
            if !is_known(file, title) {
                title.clear();
            }
        }
        let needed: Vec<usize> = required.iter().filter_map(|name| sheet.column(&[name])).collect();
        let mut rows = Vec::new();
        for (line, row) in std::mem::take(&mut sheet.rows) {
            let empty = needed.iter().find(|at| row.get(**at).is_none_or(String::is_empty));
            match empty {
                Some(at) => {
                    let message = format!("`{}` is empty", sheet.header[*at]);
                    import.leave_out(sheet, line, "an empty cell that must not be empty", message);
                }
                None => rows.push((line, row)),
            }
        }
        sheet.rows = rows;
        import.add(draft(file, sheet));
    }
    refuse_dates(&sheets)?;
    map.note_unused(&mut import);
    Ok(import)
}

fn is_known(file: &File, title: &str) -> bool {
    file.columns.iter().any(|column| column.name.eq_ignore_ascii_case(title.trim()))
}

fn input_file(map: &ColumnMap) -> Result<&'static File, String> {
    let wanted = map.file.as_deref().unwrap_or_default();
    FILES.into_iter().find(|file| file.name == wanted).ok_or_else(|| {
        let names: Vec<&str> = FILES.iter().map(|file| file.name).collect();
        let found = if wanted.is_empty() { "no `file`".to_owned() } else { format!("`file = \"{wanted}\"`") };
        format!(
            "the file of --map has {found}: give the input file that the rows are for, one of {}",
            names.join(", ")
        )
    })
}
