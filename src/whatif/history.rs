//! What was missed in earlier weeks, as rows of `history.csv` and `wishes_history.csv` in memory.

use std::path::{Path, PathBuf};

use crate::read::Problem;
use crate::verify::table;
use crate::write::files::{UNMET_NEEDS, WISHES};

use super::change::quoted;

/// The text of a scenario that adds what the files say was missed. A folder stands for the `unmet_needs.csv` and
/// `wishes.csv` in it.
pub fn scenario(files: &[PathBuf]) -> (String, Vec<Problem>) {
    let (mut text, mut problems) = (String::new(), Vec::new());
    for file in files {
        match rows(file) {
            Ok(rows) => text += &rows,
            Err(message) => problems.push(
                Problem::error("unreadable", format!("`{}` says nothing of an earlier week", file.display()))
                    .file(file.display().to_string())
                    .found(message)
                    .expected("an unmet_needs.csv, or the folder of a schedule")
                    .help("name the schedule of that week, or its unmet_needs.csv"),
            ),
        }
    }
    (text, problems)
}

/// Rows without a priority are about no need and count for nothing.
fn rows(file: &Path) -> Result<String, String> {
    let path = if file.is_dir() { file.join(UNMET_NEEDS.file) } else { file.to_owned() };
    let bytes = crate::open::bytes(&path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let columns = ["student", "subject", "priority", "missing"];
    table::parse(&bytes, UNMET_NEEDS.file, columns, |_, [student, subject, priority, missing]| {
        if !priority.is_empty() {
            let cells =
                [("student", student), ("subject", subject), ("priority", priority), ("missing", missing)];
            text += "[[add.history]]\n";
            cells.iter().for_each(|(column, cell)| text += &format!("{column} = {}\n", quoted(cell)));
        }
    })
    .map_err(|error| error.of_file(&path.display().to_string()))?;
    Ok(text + &denied(file)?)
}

/// The wishes that the schedule in the folder denied.
fn denied(folder: &Path) -> Result<String, String> {
    let path = folder.join(WISHES.file);
    let mut text = String::new();
    if !folder.is_dir() || !crate::open::is_there(&path) {
        return Ok(text);
    }
    let bytes = crate::open::bytes(&path).map_err(|error| error.to_string())?;
    let columns = ["staff", "kind", "id", "denied"];
    table::parse(&bytes, WISHES.file, columns, |_, [staff, kind, id, denied]| {
        if denied != "0" {
            let cells = [("staff", staff), ("kind", kind), ("id", id), ("denied", denied)];
            text += "[[add.wishes_history]]\n";
            cells.iter().for_each(|(column, cell)| text += &format!("{column} = {}\n", quoted(cell)));
        }
    })
    .map_err(|error| error.of_file(&path.display().to_string()))?;
    Ok(text)
}
