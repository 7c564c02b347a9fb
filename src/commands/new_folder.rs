//! Folders that a command fills with files of its own.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use super::refusal::bad_input;

/// Makes `dir`, or takes it if it is empty; with `force` also if it is not. `instead`: what to do otherwise.
///
/// # Errors
/// The folder is taken, or cannot be made or read.
pub fn claim(dir: &Path, force: bool, instead: &str) -> anyhow::Result<()> {
    let taken = |how: &str| Err(bad_input(format!("{} is {how}; {instead}", dir.display())));
    match std::fs::read_dir(dir) {
        Ok(mut entries) => {
            let empty = entries.next().is_none();
            if empty || force { Ok(()) } else { taken("not empty") }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => taken("a file"),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", dir.display())),
    }
}
