use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use crate::exchange::template;
use crate::open;
use crate::read::{words, workbook};
use crate::school::Language;
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
    /// Language of its headings, words and explanations: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    language: Language,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

fn language(text: &str) -> Result<Language, String> {
    let codes = || Language::ALL.map(Language::code).into_iter();
    let code = words::meant(text, codes())
        .ok_or_else(|| format!("expected {}", codes().collect::<Vec<_>>().join(" or ")))?;
    Ok(Language::ALL.into_iter().find(|language| language.code() == code).unwrap_or_default())
}

/// The example that every new school starts as, so that the tests of the examples cover it.
macro_rules! template {
    ($folder:literal) => {
        template!($folder: "README.md", "school.toml", "layout.toml", "subjects.csv", "offerings.csv", "places.csv",
            "staff.csv", "students.csv", "needs.csv", "busy.csv")
    };
    ($folder:literal: $($name:literal),+) => {
        [$(($name, include_str!(concat!("../../examples/", $folder, "/", $name)))),+]
    };
}

type Template = [(&'static str, &'static str); 10];

const ENGLISH: Template = template!("first-school");
const DUTCH: Template = template!("eerste-school");

impl Args {
    fn template(&self) -> &'static Template {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.dir.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        return write_workbook(args);
    }
    claim(&args.dir, false, "init only writes to a new or empty folder, so that nothing is lost")?;
    for (name, text) in args.template() {
        let path = args.dir.join(name);
        // The folder was empty a moment ago; a file that appeared since is not overwritten either.
        File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let document = json!({ "dir": as_text(&args.dir), "files": args.template().map(|(name, _)| name) });
    finish(args.json, &document, || {
        let (folder, dir) = (args.dir.display(), shell::path(&args.dir));
        let next = format!("  leerzone check {dir}\n  leerzone solve {dir}");
        match args.language {
            Language::English => {
                format!("{folder}: a small school; README.md there says what each file holds. Next:\n{next}")
            }
            Language::Dutch => {
                format!(
                    "{folder}: een kleine school; README.md daar zegt wat er in elk bestand staat. Verder:\n{next}"
                )
            }
        }
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
    write_file(&args.dir, &template::workbook(args.template())?)?;
    let files = args.template().iter().map(|(name, _)| *name).filter(|name| *name != "README.md");
    let sheets: Vec<&str> = files.map(workbook::stem).collect();
    let document = json!({ "dir": as_text(&args.dir), "sheets": sheets });
    finish(args.json, &document, || {
        let (name, dir) = (args.dir.display(), shell::path(&args.dir));
        let next = format!("  leerzone check {dir}\n  leerzone solve {dir}");
        match args.language {
            Language::English => format!(
                "{name}: a small school, a sheet for each kind of thing; the notes on the headings say what goes \
                 where. Next:\n{next}"
            ),
            Language::Dutch => {
                format!("{name}: een kleine school, voor elk soort gegevens een blad. Verder:\n{next}")
            }
        }
    })
}
