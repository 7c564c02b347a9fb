//! A school to start from as one workbook: a sheet for each of its files, the meaning of each column as a note on its
//! heading, and a list to choose from where a cell takes an id of another sheet or one of a few words.

use anyhow::Context;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula, Note, Workbook,
    Worksheet,
};
use toml::{Table, Value};

use crate::delimited::Dialect;
use crate::read::columns::{BLOCK, Column, FILES, LAYOUT_TOML, REPEATED, SCHOOL, SCHOOL_TOML, SECTIONS};
use crate::read::words::meant;
use crate::read::workbook::stem;

/// Rows below a heading that offer a list.
const ROWS: u32 = 5_000;
const WIDTH: f64 = 14.0;

/// The workbook of a school given by the texts of its files.
///
/// # Errors
/// A text is not what the name of its file says, or the workbook cannot be built.
pub fn workbook(files: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    // Equal schools give equal files.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let is_read = |name: &str| {
        FILES.iter().map(|file| file.name).chain([SCHOOL_TOML, LAYOUT_TOML]).any(|file| file == name)
    };
    for (name, text) in files.iter().filter(|(name, _)| is_read(name)) {
        let sheet = book.add_worksheet();
        match *name {
            SCHOOL_TOML => settings(sheet, &toml::from_str(text)?)?,
            LAYOUT_TOML => layout(sheet, &toml::from_str(text)?)?,
            _ => match FILES.iter().find(|file| file.name == *name) {
                Some(file) => table(sheet, file.columns, text)?,
                None => continue,
            },
        }
        sheet.set_name(stem(name))?;
    }
    book.save_to_buffer().context("cannot build the workbook")
}

fn heading(sheet: &mut Worksheet, columns: &[(&str, &str)]) -> anyhow::Result<()> {
    let bold = Format::new().set_bold();
    for (at, (name, about)) in columns.iter().enumerate() {
        let at = u16::try_from(at)?;
        sheet.write_with_format(0, at, *name, &bold)?;
        sheet.set_column_width(at, WIDTH)?;
        if !about.is_empty() {
            sheet.insert_note(0, at, &Note::new(*about).set_author("leerzone"))?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A sheet of the rows of a CSV file, with every column that the file may have, called as the file calls it.
fn table(sheet: &mut Worksheet, columns: &[Column], text: &str) -> anyhow::Result<()> {
    let text = text.trim_start_matches('\u{feff}');
    let names = || columns.iter().map(|column| column.name);
    let dialect = Dialect::detect(text, b",;", |title| meant(title, names()).is_some());
    let mut reader = csv::ReaderBuilder::new().delimiter(dialect.separator).from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let called = |title: &str| names().position(|name| Some(name) == meant(title, names()));
    let titles: Vec<(&str, &str)> = (columns.iter().enumerate())
        .map(|(at, column)| {
            (header.iter().find(|title| called(title) == Some(at)).unwrap_or(column.name), column.about)
        })
        .collect();
    heading(sheet, &titles)?;
    for (row, record) in reader.records().enumerate() {
        for (title, cell) in header.iter().zip(&record?) {
            let (Some(at), false) = (called(title), cell.is_empty()) else { continue };
            write(sheet, u32::try_from(row + 1)?, u16::try_from(at)?, cell)?;
        }
    }
    for (at, column) in columns.iter().enumerate() {
        offer(sheet, u16::try_from(at)?, column)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &str) -> anyhow::Result<()> {
    match cell.parse::<f64>() {
        Ok(number) => sheet.write_number(row, column, number)?,
        Err(_) => sheet.write_string(row, column, cell)?,
    };
    Ok(())
}

/// What a column offers to choose from.
enum Choice {
    Words(&'static [&'static str]),
    /// Ids of another sheet.
    Ids(&'static str),
}

fn choice(column: &str, about: &str) -> Option<Choice> {
    Some(match column {
        "subject" | "with" => Choice::Ids("subjects"),
        "after" | "offering" => Choice::Ids("offerings"),
        "coach" | "staff" => Choice::Ids("staff"),
        "student" | "other" => Choice::Ids("students"),
        "place" => Choice::Ids("places"),
        "priority" => Choice::Words(&["must", "should", "could"]),
        "qualified" => Choice::Words(&["all", "any"]),
        "online" | "assistants_qualified" => Choice::Words(&["true", "false"]),
        "kind" if about.contains("coaching") => Choice::Words(&["coaching", "lesson", "zone", "homework"]),
        "kind" if about.contains("package") => {
            Choice::Words(&["offering", "role", "package", "block", "day"])
        }
        "kind" if about.contains("class") => {
            Choice::Words(&["student", "class", "year", "unit", "staff", "place", "site"])
        }
        _ => return None,
    })
}

fn offer(sheet: &mut Worksheet, at: u16, column: &Column) -> anyhow::Result<()> {
    use crate::read::columns::Holds;
    let Some(choice) = choice(column.name, column.about).filter(|_| column.holds != Holds::Id) else {
        return Ok(());
    };
    let list = match choice {
        Choice::Words(words) => DataValidation::new().allow_list_strings(words)?,
        Choice::Ids(of) => {
            DataValidation::new().allow_list_formula(Formula::new(format!("={of}!$A$2:$A${ROWS}")))
        }
    };
    // Other things may be typed as well: a Dutch word, several subjects.
    let list = list.set_error_style(DataValidationErrorStyle::Information).show_error_message(false);
    sheet.add_data_validation(1, at, ROWS, at, &list)?;
    Ok(())
}

/// The settings: a row for each key.
fn settings(sheet: &mut Worksheet, school: &Table) -> anyhow::Result<()> {
    heading(
        sheet,
        &[
            ("table", "part of the settings"),
            ("key", ""),
            ("value", "lists are separated by |"),
            ("meaning", ""),
        ],
    )?;
    sheet.set_column_width(3, 80)?;
    let mut row = 1;
    let mut put = |table: &str, key: &str, value: &str, about: &str| -> anyhow::Result<()> {
        sheet.write_string(row, 0, table)?;
        sheet.write_string(row, 1, key)?;
        write(sheet, row, 2, value)?;
        sheet.write_string(row, 3, about)?;
        row += 1;
        Ok(())
    };
    let about = |keys: &[Column], key: &str| {
        keys.iter().find(|column| column.name == key).map_or("", |column| column.about)
    };
    for column in SCHOOL.keys {
        match school.get(column.name) {
            None | Some(Value::Table(_) | Value::Array(_)) if column.name != "days" => {}
            Some(value) => put("", column.name, &cell(value), column.about)?,
            None => {}
        }
    }
    for section in SECTIONS.iter().filter(|section| section.file == SCHOOL_TOML && !section.name.is_empty()) {
        let Some(Value::Table(table)) = school.get(section.name) else { continue };
        for (key, value) in table {
            match value {
                Value::Table(of_key) => {
                    for (sub, value) in of_key {
                        put(section.name, &format!("{key}.{sub}"), &cell(value), about(section.keys, key))?;
                    }
                }
                _ if section.inner(key).is_some() => {}
                value => put(section.name, key, &cell(value), about(section.keys, key))?,
            }
        }
    }
    for section in REPEATED.iter().filter(|section| section.file == SCHOOL_TOML) {
        let (outer, key) = section.name.split_once('.').unwrap_or(("", section.name));
        let table = if outer.is_empty() { Some(school) } else { school.get(outer).and_then(Value::as_table) };
        for entry in table.and_then(|table| table.get(key)).and_then(Value::as_array).into_iter().flatten() {
            for (key, value) in entry.as_table().into_iter().flatten() {
                put(section.name, key, &cell(value), about(section.keys, key))?;
            }
        }
    }
    Ok(())
}

/// The layout: a row for each block.
fn layout(sheet: &mut Worksheet, layout: &Table) -> anyhow::Result<()> {
    heading(sheet, &BLOCK.keys.iter().map(|column| (column.name, column.about)).collect::<Vec<_>>())?;
    for (row, block) in layout.get("block").and_then(Value::as_array).into_iter().flatten().enumerate() {
        for (at, column) in BLOCK.keys.iter().enumerate() {
            if let Some(value) = block.get(column.name) {
                sheet.write_string(u32::try_from(row + 1)?, u16::try_from(at)?, cell(value))?;
            }
        }
    }
    for (at, column) in BLOCK.keys.iter().enumerate() {
        offer(sheet, u16::try_from(at)?, column)?;
    }
    Ok(())
}

/// A value as it stands in a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("|"),
        value => value.to_string(),
    }
}
