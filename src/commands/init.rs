use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use crate::shell;

use super::new_folder::claim;
use super::output::{as_text, finish};

/// Writes a small working school to start from
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write; must not exist or be empty
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
