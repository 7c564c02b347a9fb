//! Replaces an output folder whole or not at all: everything is written into a folder beside it, which
//! then takes its name in one step.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::TempDir;

use super::files;

/// What an output folder may hold; what does not belong to it is never overwritten.
#[derive(Clone, Copy, Debug)]
pub struct Contents {
    /// What the folder holds, such as a schedule.
    pub what: &'static str,
    /// How such a folder is called if nobody says.
    pub name: &'static str,
    /// The option or argument that says where it is.
    pub option: &'static str,
    pub belongs: fn(&Path) -> bool,
}

/// The files of a schedule.
pub const SCHEDULE: Contents = Contents {
    what: "schedule",
    name: "schedule",
    option: "--out",
    belongs: |path| {
        let at_times = [files::WISHES.file, files::CHANGES.file, files::ALL_CHANGES.file];
        let mut known = files::ALL.into_iter().chain(at_times);
        path.file_name().is_some_and(|name| known.any(|file| name == file))
    },
};

/// A folder that will become the output folder. Dropped unpublished, it is removed.
pub struct Staged {
    folder: TempDir,
    /// Without symbolic links, so that a linked folder is replaced and not the link.
    target: PathBuf,
}

impl Staged {
    /// Makes the folder of a schedule beside `out`.
    ///
    /// # Errors
    /// `out` cannot be replaced: it is a file, holds files that are no part of a schedule, or its parent
    /// folder cannot be written.
    pub fn beside(out: &Path) -> anyhow::Result<Self> {
        Self::beside_of(out, SCHEDULE)
    }

    /// The same for a folder with other contents.
    ///
    /// # Errors
    /// As for a schedule.
    pub fn beside_of(out: &Path, contents: Contents) -> anyhow::Result<Self> {
        let target = Target::of(out)?;
        refuse_strangers(&target.path, contents)?;
        let mut builder = tempfile::Builder::new();
        let prefix = format!(".{}-new-", target.name);
        builder.prefix(&prefix);
        #[cfg(unix)]
        builder.permissions(permissions(&target.path));
        let folder = target.beside(|parent| builder.tempdir_in(parent))?;
        Ok(Self { folder, target: target.path })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let path = self.path().join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Gives the folder the name of the output folder and removes what stood there.
    ///
    /// # Errors
    /// The names could not be changed; then the previous output stands as before.
    pub fn publish(self) -> anyhow::Result<()> {
        let target = &self.target;
        let result =
            if target.exists() { replace(self.path(), target) } else { fs::rename(self.path(), target) };
        result.with_context(|| format!("cannot put the new files in place of {}", target.display()))?;
        sync_parent(target);
        Ok(())
    }
}

/// Checks before a search that `out` may become a schedule of the school in the folder `input`.
///
/// # Errors
/// `out` is the input folder or one around it, a file, or holds files that are no part of a schedule.
pub fn check_target(out: &Path, input: &Path) -> anyhow::Result<()> {
    check_target_of(out, input, &[], SCHEDULE)
}

/// The same for a folder with other contents. `schedules`: folders of schedules that the command reads.
///
/// # Errors
/// As for a schedule.
pub fn check_target_of(
    out: &Path,
    input: &Path,
    schedules: &[PathBuf],
    contents: Contents,
) -> anyhow::Result<()> {
    let what = contents.what;
    let target = Target::of(out)?.path;
    if let Some(schedule) = schedule_around(&target, schedules) {
        bail!(
            "{} lies in the schedule {}, whose folder may hold nothing else: choose a folder elsewhere for the {what} \
             with {}, such as in {}",
            out.display(),
            schedule.display(),
            contents.option,
            schedule.parent().unwrap_or(schedule).display()
        );
    }
    let input = input.canonicalize().unwrap_or_else(|_| input.to_owned());
    if input.starts_with(&target) {
        bail!(
            "{} holds the school that is read: choose another folder for the {what} with {}, such as {}",
            out.display(),
            contents.option,
            input.join(contents.name).display()
        );
    }
    refuse_strangers(&target, contents)
}

/// The schedule in whose folder the path lies, if it does: one of those named, or any that is one.
pub(super) fn schedule_around<'p>(path: &'p Path, named: &[PathBuf]) -> Option<&'p Path> {
    let named: Vec<PathBuf> = named.iter().filter_map(|folder| resolve(folder).ok()).collect();
    let is_schedule =
        |folder: &Path| [files::SESSIONS.file, files::SUMMARY].iter().all(|file| folder.join(file).is_file());
    path.ancestors().skip(1).find(|&folder| is_schedule(folder) || named.iter().any(|one| one == folder))
}

/// A folder to be replaced, absolute and without links as far as it exists.
pub(super) struct Target {
    pub path: PathBuf,
    pub parent: PathBuf,
    pub name: String,
}

impl Target {
    /// # Errors
    /// `out` is no name of a folder inside another one, or a link to nothing.
    pub fn of(out: &Path) -> anyhow::Result<Self> {
        let path = resolve(out)?;
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            bail!("{} cannot be replaced: name a folder inside another one", out.display());
        };
        Ok(Self { parent: parent.to_owned(), name: name.to_string_lossy().into_owned(), path })
    }

    /// Makes something in the folder around it, which is made where it is not there.
    ///
    /// # Errors
    /// That folder cannot be written.
    pub fn beside<T>(&self, make: impl FnOnce(&Path) -> io::Result<T>) -> anyhow::Result<T> {
        fs::create_dir_all(&self.parent).and_then(|()| make(&self.parent)).with_context(|| {
            format!(
                "cannot write into {}: check that you may write there, or choose another folder",
                self.parent.display()
            )
        })
    }
}

/// The path, absolute and without links as far as it exists.
///
/// # Errors
/// It is a link to nothing.
pub(super) fn resolve(out: &Path) -> anyhow::Result<PathBuf> {
    if let Ok(target) = out.canonicalize() {
        return Ok(target);
    }
    if out.is_symlink() {
        bail!("{} is a link to nothing: remove it or choose another folder", out.display());
    }
    let absolute = std::path::absolute(out)
        .with_context(|| format!("cannot tell where `{}` is: give its whole path", out.display()))?;
    let known = absolute.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    Ok(match known {
        Some((above, real)) => match absolute.strip_prefix(above) {
            Ok(rest) => real.join(rest),
            Err(_) => absolute,
        },
        None => absolute,
    })
}

/// Refuses to replace what does not belong to the contents.
fn refuse_strangers(target: &Path, contents: Contents) -> anyhow::Result<()> {
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        bail!(
            "{} is a file: choose a folder for the {} with {}",
            target.display(),
            contents.what,
            contents.option
        );
    }
    let entries = fs::read_dir(target).with_context(|| format!("cannot read {}", target.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", target.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with('.') && !(contents.belongs)(&path) {
            bail!(
                "{} holds `{name}`, which is no part of a {} and would be lost: move it away, or choose \
                 another folder with {}",
                target.display(),
                contents.what,
                contents.option
            );
        }
    }
    Ok(())
}

/// Those of the folder to be replaced, or what the user's umask leaves.
#[cfg(unix)]
fn permissions(target: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(target).map_or_else(|_| fs::Permissions::from_mode(0o777), |data| data.permissions())
}

/// Exchanges the two folders; the old one is then removed under the new one's former name.
fn replace(new: &Path, target: &Path) -> io::Result<()> {
    match exchange(new, target) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => replace_in_two_steps(new, target),
        result => result,
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(new: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE).map_err(|error| match error {
        // What a file system or kernel says that has no such exchange.
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_new: &Path, _target: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// For file systems without an exchange: the old folder steps aside, and back if the new one cannot come.
fn replace_in_two_steps(new: &Path, target: &Path) -> io::Result<()> {
    let mut aside = new.as_os_str().to_owned();
    aside.push("-previous");
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    // The new schedule is in place; a leftover of the old one harms nobody.
    let _ = fs::remove_dir_all(&aside);
    Ok(())
}

/// Makes the change of names last through a power failure where the system can.
fn sync_parent(target: &Path) {
    if let Some(Ok(parent)) = target.parent().map(fs::File::open) {
        // Some file systems cannot sync a folder; the schedule is complete either way.
        let _ = parent.sync_all();
    }
}
