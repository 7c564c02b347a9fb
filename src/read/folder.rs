//! The input folder as a whole: which files it has, and a hash over them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{limits, open};

use super::columns::{ABSENCE, FILES, LAYOUT_TOML, SCHOOL_TOML};
use super::input::Input;
use super::problem::{Problem, Problems, nearest};
use super::workbook;

/// Path of the layout and the name it has in messages. A layout from the command line is looked for
/// where the command runs, then in the folder of the school.
pub fn layout_file(dir: &Path, layout: Option<&Path>) -> (PathBuf, String) {
    match layout {
        None => (dir.join(LAYOUT_TOML), LAYOUT_TOML.to_owned()),
        Some(path) if !open::is_there(path) && workbook::is_there(&dir.join(path)) => {
            (dir.join(path), path.display().to_string())
        }
        Some(path) => (path.to_owned(), path.display().to_string()),
    }
}

/// A file that must be there and is not; a file with a similar name is taken for it.
pub fn missing_file(dir: &Path, name: &str, holds: &str) -> Problem {
    let present = file_names(dir);
    let unknown = present.iter().map(String::as_str).filter(|file| !is_known(file));
    let stem = name.trim_end_matches(".csv");
    let workbook = present.iter().find(|file| {
        let lower = file.to_lowercase();
        WORKBOOKS.iter().any(|ending| lower.strip_suffix(ending).is_some_and(|start| start == stem))
    });
    let help = match (workbook, nearest(name, unknown)) {
        (Some(workbook), _) => {
            format!("in the spreadsheet program, save the sheet of `{workbook}` as `{name}` (CSV UTF-8)")
        }
        (None, Some(near)) => format!("rename `{near}` to `{name}`"),
        (None, None) => format!("add `{name}`; `leerzone init` writes a small school to start from"),
    };
    Problem::error("missing-file", format!("`{name}` is missing"))
        .file(name)
        .found("no such file")
        .expected(format!("`{name}`: {holds}"))
        .help(help)
}

/// Reports CSV files that nothing reads.
pub fn report_unknown_files(dir: &Path, problems: &mut Problems) {
    let present = file_names(dir);
    for name in present.iter().filter(|name| name.to_lowercase().ends_with(".csv") && !is_known(name)) {
        let absent =
            FILES.iter().map(|file| file.name).filter(|known| !present.iter().any(|file| file == known));
        let near = nearest(name, absent);
        if near.is_none() && workbook::is_workbook(dir) {
            // A workbook may have sheets for other things.
            continue;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "it is not read; move it elsewhere or leave it".to_owned(),
        };
        problems.push(
            Problem::warning("unknown-file", format!("unknown file `{name}`"))
                .file(name.as_str())
                .found(format!("`{name}`"))
                .expected(format!("one of {}", FILES.map(|file| file.name).join(", ")))
                .help(help),
        );
    }
}

/// Endings of workbooks, which are no tables by themselves.
const WORKBOOKS: [&str; 4] = [".xlsx", ".xls", ".xlsm", ".ods"];

fn is_known(name: &str) -> bool {
    [SCHOOL_TOML, LAYOUT_TOML, ABSENCE.name].contains(&name) || FILES.iter().any(|file| file.name == name)
}

/// Names of the files in a folder, sorted; hidden and lock files are left out.
fn file_names(dir: &Path) -> Vec<String> {
    if workbook::is_workbook(dir) {
        return workbook::names(dir).unwrap_or_default();
    }
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with(['.', '~']))
        .collect();
    names.sort();
    names
}

/// Every file that the school is read from, be it there or not.
pub fn files(input: &Input) -> Vec<(&'static str, PathBuf)> {
    let of_folder = FILES.map(|file| file.name).into_iter().chain([SCHOOL_TOML]);
    let mut files: Vec<_> = of_folder.map(|name| (name, input.dir.join(name))).collect();
    files.push((LAYOUT_TOML, input.layout_path()));
    files
}

/// The hash of [`Input::hash`].
pub fn hash(input: &Input) -> String {
    let mut files = files(input);
    files.sort();
    let mut hasher = Sha256::new();
    let mut add = |name: &str, bytes: &[u8]| {
        hasher.update(format!("{name}\0{}\0", bytes.len()));
        hasher.update(bytes);
    };
    for (name, path) in files {
        if let Ok(bytes) = workbook::bytes(&path, limits::FILE) {
            add(name, &bytes);
        }
    }
    for text in input.changes.texts() {
        add("scenario", text.as_bytes());
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
