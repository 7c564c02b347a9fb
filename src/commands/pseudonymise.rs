use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use serde_json::{Value, json};

use crate::exchange::pseudonyms::pseudonymise;
use crate::feasibility::read_school;
use crate::read::{self, Input};
use crate::shell;
use crate::write::{Taken, check_file, write_file};

use super::new_folder::claim;
use super::output::{as_text, finish};
use super::refusal::{bad, bad_files, bad_input};

/// Copies a school with every id replaced and every name left out, to share a problem without sharing people
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the school
    dir: PathBuf,
    /// Folder of the copy; must not exist or be empty
    copy: PathBuf,
    /// Layout to use in place of the folder's layout.toml
    #[arg(long, value_name = "F")]
    layout: Option<PathBuf>,
    /// Also write which id became which; keep this file to yourself
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reading = read_school(&args.dir, args.layout.as_deref());
    if reading.school.is_none() {
        return Err(bad_files(reading.problems));
    }
    let made = copy(&args.dir, args.layout.as_deref(), &args.copy, args.key.as_deref())?;
    finish(args.json, &made.document(args.key.as_deref()), || made.text())
}

/// A copy that was written.
pub struct Written<'a> {
    to: &'a Path,
    left_out: Vec<String>,
}

/// Writes the copy of a school that can be read.
///
/// # Errors
/// A file cannot be read or written.
pub fn copy<'a>(
    dir: &Path,
    layout: Option<&Path>,
    to: &'a Path,
    key: Option<&Path>,
) -> anyhow::Result<Written<'a>> {
    let changes = read::Changes::default();
    let input = Input { dir, layout, changes: &changes };
    if let Some(key) = key {
        let mut taken = Taken { files: input.files(), ..Taken::default() };
        taken.files.extend(Input { dir: to, layout: None, changes: &changes }.files());
        check_file(key, &taken).map_err(bad)?;
    }
    let layout = input.layout_path();
    let copy = pseudonymise(dir, &layout).map_err(bad_input)?;
    claim(to, false, "choose a new folder for the copy, so that nothing is lost")?;
    for (name, text) in &copy.files {
        write_file(&to.join(name), text.as_bytes())?;
    }
    if read_school(to, None).school.is_none() {
        bail!("{} cannot be read again: `leerzone check {}` says why", to.display(), shell::path(to));
    }
    if let Some(key) = key {
        write_file(key, copy.key.as_bytes())?;
    }
    Ok(Written { to, left_out: copy.left_out })
}

impl Written<'_> {
    pub fn text(&self) -> String {
        let left_out = self.left_out.iter().map(|one| format!("left out, as nothing reads it: {one}\n"));
        left_out.collect::<String>()
            + &format!(
                "copy without names written to {}; days, times, numbers and roles are those of the school",
                self.to.display()
            )
    }

    pub fn document(&self, key: Option<&Path>) -> Value {
        json!({ "copy": as_text(self.to), "key": key.map(as_text), "left_out": self.left_out })
    }
}
