//! A file that says which column of another system's table is which column of ours (`--map`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::open;

use super::{Import, Sheet};

/// `[map]` gives each title of a source its name here, `[fill]` gives columns that the source lacks a value.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMap {
    /// The input file that the rows are for, where the format leaves it open.
    pub file: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    #[serde(default)]
    fill: BTreeMap<String, String>,
    /// Titles that some table had.
    #[serde(skip)]
    found: RefCell<BTreeSet<String>>,
}

impl ColumnMap {
    /// # Errors
    /// The file cannot be read, or has other keys than `file`, `[map]` and `[fill]` with texts.
    pub fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = open::settings_text(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        toml::from_str(&text).map_err(|error| {
            format!(
                "{name}: {}; expected, say, [map] and below it leerlingnummer = \"student\"",
                error.message()
            )
        })
    }

    /// Gives the columns of the table the names of the map.
    pub fn rename(&self, mut sheet: Sheet) -> Sheet {
        for title in &mut sheet.header {
            let named = self.map.iter().find(|(from, _)| from.trim().to_lowercase() == title.to_lowercase());
            if let Some((from, to)) = named {
                self.found.borrow_mut().insert(from.clone());
                title.clone_from(to);
            }
        }
        for (column, value) in &self.fill {
            sheet.header.push(column.clone());
            let width = sheet.header.len();
            for (_, row) in &mut sheet.rows {
                row.resize(width - 1, String::new());
                row.push(value.clone());
            }
        }
        sheet
    }

    /// Names the titles that no table had.
    pub fn note_unused(&self, import: &mut Import) {
        let found = self.found.borrow();
        for title in self.map.keys().filter(|title| !found.contains(*title)) {
            import.note("--map", format!("no table has a column `{title}`"));
        }
    }
}
