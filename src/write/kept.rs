//! Where the best schedule so far of a run is, until the run ends.

use std::path::{Path, PathBuf};

use super::folder::Target;

/// The hidden folder beside `out`, on the same file system.
///
/// # Errors
/// `out` is no name of a folder inside another one.
pub fn kept_path(out: &Path) -> anyhow::Result<PathBuf> {
    let target = Target::of(out)?;
    Ok(target.parent.join(format!(".{}-best", target.name)))
}
