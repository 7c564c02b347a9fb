use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

use crate::exchange::pseudonyms::pseudonymise;
use crate::read::{self, Input, read_school};
use crate::write::write_file;

use super::BAD_INPUT;
use super::new_folder::{NewFolder, claim};

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
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reading = read_school(&args.dir, args.layout.as_deref());
    if reading.school.is_none() {
        read::print_problems(&reading.problems);
        return Ok(ExitCode::from(BAD_INPUT));
    }
    copy(&args.dir, args.layout.as_deref(), &args.copy, args.key.as_deref())
}

/// Writes the copy of a school that can be read.
///
/// # Errors
/// A file cannot be read or written.
pub fn copy(dir: &Path, layout: Option<&Path>, to: &Path, key: Option<&Path>) -> anyhow::Result<ExitCode> {
    let changes = read::Changes::default();
    let layout = Input { dir, layout, changes: &changes }.layout_path();
    let copy = match pseudonymise(dir, &layout) {
        Ok(copy) => copy,
        Err(message) => {
            eprintln!("error: {message}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    if let NewFolder::Taken(why) = claim(to, false)? {
        eprintln!("error: {why}; choose a new folder for the copy, so that nothing is lost");
        return Ok(ExitCode::from(BAD_INPUT));
    }
    for (name, text) in &copy.files {
        write_file(&to.join(name), text.as_bytes())?;
    }
    if read_school(to, None).school.is_none() {
        bail!("{} cannot be read again: `leerzone check {}` says why", to.display(), to.display());
    }
    if let Some(key) = key {
        write_file(key, copy.key.as_bytes())?;
    }
    for left_out in &copy.left_out {
        eprintln!("left out, as nothing reads it: {left_out}");
    }
    eprintln!(
        "copy without names written to {}; days, times, numbers and roles are those of the school",
        to.display()
    );
    Ok(ExitCode::SUCCESS)
}
