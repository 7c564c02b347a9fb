//! Where the best schedule so far of a run is, until the run ends.

use std::path::{Path, PathBuf};

use super::folder::resolve;

/// The hidden folder beside `out`, on the same file system.
///
/// # Errors
/// `out` is no name of a folder inside another one.
pub fn kept_path(out: &Path) -> anyhow::Result<PathBuf> {
    let target = resolve(out)?;
    match (target.parent(), target.file_name()) {
        (Some(parent), Some(name)) => Ok(parent.join(format!(".{}-best", name.to_string_lossy()))),
        _ => anyhow::bail!("{} cannot be replaced: name a folder inside another one", out.display()),
    }
}
