use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use crate::exchange::template;
use crate::open;
use crate::read::workbook;
use crate::shell;
use crate::write::write_file;

use super::new_folder::claim;
use super::output::{as_text, finish};
use super::refusal::bad_input;

/// Writes a small working school to start from
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write, must not exist or be empty; or a workbook, school.xlsx
    dir: PathBuf,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

/// The example that every new school starts as, so that the tests of the examples cover it.
macro_rules! template {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../examples/first-school/", $name)))),+]
    };
}

const TEMPLATE: [(&str, &str); 10] = template![
    "README.md",
    "school.toml",
    "layout.toml",
    "subjects.csv",
    "offerings.csv",
    "places.csv",
    "staff.csv",
    "students.csv",
    "needs.csv",
    "busy.csv",
];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.dir.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        return write_workbook(args);
    }
    claim(&args.dir, false, "init only writes to a new or empty folder, so that nothing is lost")?;
    for (name, text) in TEMPLATE {
        let path = args.dir.join(name);
        // The folder was empty a moment ago; a file that appeared since is not overwritten either.
        File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let document = json!({ "dir": as_text(&args.dir), "files": TEMPLATE.map(|(name, _)| name) });
    finish(args.json, &document, || {
        let (folder, dir) = (args.dir.display(), shell::path(&args.dir));
        format!(
            "{folder}: a small school; README.md there says what each file holds. Next:\n  leerzone check {dir}\n  \
             leerzone solve {dir}"
        )
    })
}

/// The same school as one workbook.
fn write_workbook(args: &Args) -> anyhow::Result<ExitCode> {
    if open::is_there(&args.dir) {
        let book = args.dir.display();
        return Err(bad_input(format!(
            "{book} is there already; init only writes a new workbook, so that nothing is lost"
        )));
    }
    write_file(&args.dir, &template::workbook(&TEMPLATE)?)?;
    let files = TEMPLATE.iter().map(|(name, _)| *name).filter(|name| *name != "README.md");
    let sheets: Vec<&str> = files.map(workbook::stem).collect();
    let document = json!({ "dir": as_text(&args.dir), "sheets": sheets });
    finish(args.json, &document, || {
        let (name, dir) = (args.dir.display(), shell::path(&args.dir));
        format!(
            "{name}: a small school, a sheet for each kind of thing; the notes on the headings say what goes where. Next:\n  \
             leerzone check {dir}\n  leerzone solve {dir}"
        )
    })
}
