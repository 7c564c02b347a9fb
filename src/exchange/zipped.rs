//! Folders of small files as one zip file.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Bytes that a file of a zip may unpack to; more is no roster of a school.
const MOST: u64 = 500_000_000;

/// Whether the name says that it is a zip file.
pub fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// The files by their names without folders.
///
/// # Errors
/// It is no zip file, or one that unpacks to more than a school has.
pub fn unpack(path: &Path) -> Result<HashMap<String, Vec<u8>>, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut archive = ZipArchive::new(file).map_err(|error| unreadable(&error))?;
    let mut files = HashMap::new();
    let mut left = MOST;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|error| unreadable(&error))?;
        let name = file.name().map_err(|error| unreadable(&error))?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        left = left
            .checked_sub(read as u64)
            .ok_or_else(|| format!("{} unpacks to more than {MOST} bytes", path.display()))?;
        if !name.is_empty() {
            files.insert(name, bytes);
        }
    }
    Ok(files)
}

/// Equal files give equal bytes.
///
/// # Errors
/// The zip file cannot be built.
pub fn pack<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, String> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        writer.start_file(name, options).map_err(|error| error.to_string())?;
        writer.write_all(bytes).map_err(|error| error.to_string())?;
    }
    Ok(writer.finish().map_err(|error| error.to_string())?.into_inner())
}
