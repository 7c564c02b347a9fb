//! Folders that a command fills with files of its own.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

pub enum NewFolder {
    Ready,
    /// Not touched; says why it cannot be used.
    Taken(String),
}

/// Makes `dir`, or takes it if it is empty; with `force` also if it is not.
///
/// # Errors
/// The folder cannot be made or read.
pub fn claim(dir: &Path, force: bool) -> anyhow::Result<NewFolder> {
    match std::fs::read_dir(dir) {
        Ok(mut entries) => {
            let empty = entries.next().is_none();
            let taken = || NewFolder::Taken(format!("{} is not empty", dir.display()));
            Ok(if empty || force { NewFolder::Ready } else { taken() })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
            Ok(NewFolder::Ready)
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Ok(NewFolder::Taken(format!("{} is a file", dir.display())))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", dir.display())),
    }
}
