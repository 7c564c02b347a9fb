//! One run at a time for an output folder: a lock that the system lets go of when its holder dies.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::folder::Target;

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    file: Option<File>,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of the folder `out`, and clears away what a killed run left beside it.
    ///
    /// # Errors
    /// Another run holds it, or the folder around it cannot be written.
    pub fn of(out: &Path) -> anyhow::Result<Self> {
        let target = Target::of(out)?;
        let path = target.parent.join(format!(".{}-lock", target.name));
        loop {
            let open = |_: &Path| OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            let file = target.beside(open)?;
            match file.try_lock() {
                Ok(()) if still_there(&file, &path) => {
                    let lock = Self { file: Some(file), path };
                    clear(&target);
                    return Ok(lock);
                }
                // Its former holder has just removed it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => bail!(
                    "another run of leerzone is at work on {}: wait for its end, or choose another folder with --out",
                    out.display()
                ),
                // Some network folders know no locks; replacing the folder stays one step.
                Err(TryLockError::Error(_)) => return Ok(Self { file: None, path }),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Removed while held, so that nobody can hold a lock on a file that is gone. One that stays is no harm.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether the file is the one of that name, and not one that was removed meanwhile.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_there(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Removes the unfinished folders of runs that were killed. A schedule that had stepped aside comes back.
fn clear(target: &Target) {
    let Target { path: target, parent, name } = target;
    let Ok(entries) = fs::read_dir(parent) else { return };
    // Of the folder itself, and of the one where its best schedule so far is kept.
    let prefixes = [format!(".{name}-new-"), format!("..{name}-best-new-")];
    for entry in entries.flatten() {
        let left = entry.file_name().to_string_lossy().into_owned();
        if !prefixes.iter().any(|prefix| left.starts_with(prefix)) {
            continue;
        }
        // What cannot be removed is in nobody's way.
        let _ = match left.starts_with(&prefixes[0]) && left.ends_with("-previous") && !target.exists() {
            true => fs::rename(entry.path(), target),
            false => fs::remove_dir_all(entry.path()),
        };
    }
}
