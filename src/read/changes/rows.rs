//! Changes of the rows of a CSV file: a new text, with the place of everything that differs.

use std::ops::Range;

use super::super::columns::File;
use super::super::problem::Problems;
use super::super::source::{Patch, Place, Source};
use super::super::table::Table;
use super::{Cell, Changes, RowChange, RowEdit, Target, Which};

/// A row while it is changed.
struct Row {
    /// `None`: added.
    old: Option<Range<usize>>,
    /// Who added it.
    from: Option<Place>,
    removed: bool,
    /// Its cells do not stand under the header; it is left to be reported as it is.
    ragged: bool,
    /// One for each field of the header, new columns included.
    cells: Vec<Field>,
}

#[derive(Clone, Default)]
struct Field {
    /// Where it stands in the file, if it does.
    old: Option<Range<usize>>,
    text: String,
    /// Who set it.
    from: Option<Place>,
}

/// The changed text so far.
struct Writer<'t> {
    old: &'t str,
    text: String,
    /// Bytes of the old text that are done with.
    done: usize,
    patches: Vec<Patch>,
}

impl Writer<'_> {
    fn copy_until(&mut self, until: usize) {
        if until > self.done {
            self.text += &self.old[self.done..until];
            self.done = until;
        }
    }

    fn replace(&mut self, old: Range<usize>, new: &str, from: Option<Place>) {
        self.copy_until(old.start);
        let start = self.text.len();
        self.text += new;
        self.patches.push(Patch { new: start..self.text.len(), old: old.clone(), from });
        self.done = self.done.max(old.end);
    }
}

impl Changes {
    fn of_file<'c>(&'c self, file: &'static File) -> impl Iterator<Item = &'c RowEdit> {
        self.rows
            .iter()
            .filter(move |edit| matches!(edit.target, Target::File(changed) if changed.name == file.name))
    }

    /// Whether any row of the file is to be changed.
    pub fn touch(&self, file: &'static File) -> bool {
        self.of_file(file).next().is_some()
    }

    /// The header of a file that is not there and gets rows; `None` if it gets none.
    pub fn new_file(&self, file: &'static File, problems: &mut Problems) -> Option<Source> {
        let added = self.of_file(file).filter_map(|edit| match &edit.change {
            RowChange::Add(cells, _) => Some(cells),
            _ => None,
        });
        let used: Vec<&str> = added.flatten().map(|cell| cell.column).collect();
        if used.is_empty() {
            for edit in self.of_file(file) {
                if let RowChange::Remove(which) | RowChange::Set(which, _) = &edit.change {
                    let problem = which.unmatched(edit.target, std::iter::empty());
                    problems.push(self.report(edit.source, &which.span, problem));
                }
            }
            return None;
        }
        let columns = file.columns.iter().filter(|column| column.required || used.contains(&column.name));
        let header = columns.map(|column| column.name).collect::<Vec<_>>().join(",");
        Some(Source::new(file.name, header + "\n"))
    }

    /// The file with all changes of its rows.
    pub fn changed_rows(&self, table: Table, problems: &mut Problems) -> Source {
        let edits: Vec<&RowEdit> = self.of_file(table.file).collect();
        let mut header: Vec<String> = table.header().to_vec();
        let new_columns = new_columns(&header, &edits);
        header.extend(new_columns.iter().map(|&column| column.to_owned()));
        let mut rows = rows(&table, header.len());
        for edit in edits {
            self.change(edit, &header, &mut rows, problems);
        }
        let (text, patches) = written(&table, &new_columns, &rows);
        table.source.patched(text, patches)
    }

    fn change(&self, edit: &RowEdit, header: &[String], rows: &mut Vec<Row>, problems: &mut Problems) {
        let set = |row: &mut Row, cells: &[Cell]| {
            for cell in cells {
                let at = header.iter().position(|name| name == cell.column);
                if let Some(field) = at.and_then(|at| row.cells.get_mut(at)) {
                    field.text = cell.text.clone();
                    field.from = Some(self.place(edit.source, &cell.span));
                }
            }
        };
        match &edit.change {
            RowChange::Add(cells, span) => {
                let from = Some(self.place(edit.source, span));
                let cells_of_row = vec![Field::default(); header.len()];
                let mut row = Row { old: None, from, removed: false, ragged: false, cells: cells_of_row };
                set(&mut row, cells);
                rows.push(row);
            }
            RowChange::Set(which, cells) => {
                self.each_match(edit, which, header, rows, problems, |row| set(row, cells));
            }
            RowChange::Remove(which) => {
                self.each_match(edit, which, header, rows, problems, |row| row.removed = true);
            }
        }
    }

    fn each_match(
        &self,
        edit: &RowEdit,
        which: &Which,
        header: &[String],
        rows: &mut [Row],
        problems: &mut Problems,
        mut change: impl FnMut(&mut Row),
    ) {
        let field = |column: &str| header.iter().position(|name| name == column);
        let mut found = false;
        for row in rows.iter_mut().filter(|row| !row.removed) {
            let cells = &row.cells;
            if which.matches(|column| cells.get(field(column)?).map(|cell| cell.text.as_str().into())) {
                found = true;
                change(row);
            }
        }
        if !found {
            let at = which.cells.first().and_then(|(column, _)| field(column));
            let known = rows.iter().filter_map(|row| row.cells.get(at?)).map(|cell| cell.text.as_str());
            problems.push(self.report(edit.source, &which.span, which.unmatched(edit.target, known)));
        }
    }
}

/// Columns that changes fill in and the header lacks.
fn new_columns(header: &[String], edits: &[&RowEdit]) -> Vec<&'static str> {
    let mut new: Vec<&str> = Vec::new();
    for edit in edits {
        if let RowChange::Add(cells, _) | RowChange::Set(_, cells) = &edit.change {
            for cell in cells {
                if !header.iter().any(|name| name == cell.column) && !new.contains(&cell.column) {
                    new.push(cell.column);
                }
            }
        }
    }
    new
}

fn rows(table: &Table, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    table.each_row(&mut Problems::default(), |row, _| {
        let (old, fields) = row.raw();
        let mut cells: Vec<Field> =
            fields.into_iter().map(|(old, text)| Field { old: Some(old), text, from: None }).collect();
        let ragged = cells.len() != table.header().len();
        cells.resize(width, Field::default());
        rows.push(Row { old: Some(old), from: None, removed: false, ragged, cells });
    });
    rows
}

/// The new text, and where it differs. What stands in the file keeps its line.
fn written(table: &Table, new_columns: &[&str], rows: &[Row]) -> (String, Vec<Patch>) {
    let old = &table.source.text;
    let separator = table.separator();
    let mut writer = Writer { old, text: String::new(), done: 0, patches: Vec::new() };
    let end = table.end_of_header();
    for column in new_columns {
        writer.replace(end..end, &format!("{separator}{column}"), None);
    }
    for row in rows {
        let Some(span) = &row.old else { continue };
        if row.removed {
            let lines = old[span.clone()].matches('\n').count();
            writer.replace(span.clone(), &"\n".repeat(lines), None);
            continue;
        }
        for cell in row.cells.iter().filter(|_| !row.ragged) {
            match (&cell.old, &cell.from) {
                (Some(place), Some(_)) => {
                    writer.replace(place.clone(), &quoted(&cell.text, separator), cell.from.clone());
                }
                (None, _) => {
                    writer.replace(span.end..span.end, &separator.to_string(), None);
                    writer.replace(span.end..span.end, &quoted(&cell.text, separator), cell.from.clone());
                }
                (Some(_), None) => {}
            }
        }
    }
    writer.copy_until(old.len());
    add_rows(&mut writer, rows, separator);
    (writer.text, writer.patches)
}

fn add_rows(writer: &mut Writer, rows: &[Row], separator: char) {
    let end = writer.old.len();
    if !writer.text.ends_with('\n') {
        writer.replace(end..end, "\n", None);
    }
    for row in rows.iter().filter(|row| row.old.is_none() && !row.removed) {
        for (at, cell) in row.cells.iter().enumerate() {
            let after = if at + 1 == row.cells.len() { '\n' } else { separator };
            let text = format!("{}{after}", quoted(&cell.text, separator));
            writer.replace(end..end, &text, cell.from.clone().or_else(|| row.from.clone()));
        }
    }
}

fn quoted(text: &str, separator: char) -> String {
    if text.contains([separator, '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
