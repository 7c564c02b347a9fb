//! Single files: written whole or not at all, and names that every system takes.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::folder::{resolve, schedule_around};

/// Longest name made of an id, in bytes.
const LONGEST: usize = 80;

/// Writes the file; until all of it is on the disk, what stood there stays.
///
/// # Errors
/// The folder cannot be written, or a folder has that name.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if is_stdout(path) {
        return std::io::stdout().write_all(bytes).context("cannot write to stdout");
    }
    refuse_folder(path)?;
    let parent = parent(path);
    let write = || -> anyhow::Result<()> {
        std::fs::create_dir_all(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".leerzone-");
        // What the user's umask leaves, as of any other file.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(parent)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Whether `-` was given in place of a file.
pub fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn refuse_folder(path: &Path) -> anyhow::Result<()> {
    if path.is_dir() {
        bail!("{} is a folder: name a file", path.display());
    }
    Ok(())
}

/// What no single file that a command writes may replace or join.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// What the command reads, be it there or not: a school may do without some of its files, and would then read
    /// what was written in their place.
    pub files: Vec<PathBuf>,
    /// Folders of schedules that it reads or makes.
    pub schedules: Vec<PathBuf>,
}

/// Checks before anything is written that a file may get that name.
///
/// # Errors
/// A folder has it, it is read, or it lies in a schedule: that would be spoilt, or be refused as an output folder from
/// then on.
pub fn check_file(path: &Path, taken: &Taken) -> anyhow::Result<()> {
    if is_stdout(path) {
        return Ok(());
    }
    refuse_folder(path)?;
    let places = places(path);
    if taken.files.iter().any(|file| self::places(file).iter().any(|place| places.contains(place))) {
        bail!("{} is a file that is read, and would be lost: name another file", path.display());
    }
    if let Some(schedule) = places.iter().find_map(|place| schedule_around(place, &taken.schedules)) {
        bail!(
            "{} lies in the schedule {}, whose folder may hold nothing else: name a file elsewhere, such as in {}",
            path.display(),
            schedule.display(),
            parent(schedule).display()
        );
    }
    Ok(())
}

/// Where the file of that name is or would be, and where it leads if it is a link.
fn places(path: &Path) -> Vec<PathBuf> {
    let named = path.file_name().and_then(|name| Some(resolve(parent(path)).ok()?.join(name)));
    named.into_iter().chain(path.canonicalize()).collect()
}

/// The id as part of a file name: letters, digits, `-`, `_`; anything else becomes `-`.
pub fn file_stem(id: &str) -> String {
    let mut stem = String::new();
    for c in id.chars() {
        let c = if c.is_alphanumeric() || c == '_' { c } else { '-' };
        if stem.len() + c.len_utf8() > LONGEST {
            break;
        }
        stem.push(c);
    }
    // Some systems keep such names for devices; an id may also be nothing but odd characters.
    if is_device(&stem) || stem.is_empty() { format!("-{stem}") } else { stem }
}

/// Whether some system keeps the name for a device.
pub fn is_device(stem: &str) -> bool {
    let stem = stem.to_lowercase();
    let numbered =
        |kind: &str| stem.strip_prefix(kind).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// A name for the file of an id, of those that are not taken; takes it.
pub fn free_file(start: &str, id: &str, ending: &str, taken: &mut HashSet<String>) -> String {
    let stem = format!("{start}{}", file_stem(id));
    let mut name = format!("{stem}.{ending}");
    let mut number = 2;
    // Some systems take upper and lower case for the same.
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}-{number}.{ending}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn names_of_files_are_harmless() {
        for (id, stem) in [
            ("l001", "l001"),
            ("../x", "---x"),
            ("Zoë B", "Zoë-B"),
            ("nul", "-nul"),
            ("COM1", "-COM1"),
            ("lpt9", "-lpt9"),
            ("a/b", "a-b"),
            ("x..", "x--"),
            ("", "-"),
        ] {
            assert_eq!(file_stem(id), stem);
        }
        assert!(file_stem(&"é".repeat(500)).len() <= 80);
    }
}
