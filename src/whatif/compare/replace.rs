//! Files that are replaced whole or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Puts a file in place in one step.
///
/// # Errors
/// It cannot be written.
pub fn replace(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let write = || -> anyhow::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".new-");
        #[cfg(unix)]
        builder.permissions(permissions(&folder.join(name)));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name))?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", folder.join(name).display()))
}

/// Those of the file to be replaced, as far as the user's umask leaves them.
#[cfg(unix)]
fn permissions(old: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(old).map_or(0o666, |data| data.permissions().mode());
    std::fs::Permissions::from_mode(mode)
}
