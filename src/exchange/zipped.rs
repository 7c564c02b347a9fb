//! Folders of small files as one zip file.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::{limits, open};

/// What is said of a file that is not of its sort.
pub const DAMAGED: &str = "it is damaged, or not what its name says: save or fetch it again";

/// Whether the name says that it is a zip file.
pub fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// The files by their names without folders.
///
/// # Errors
/// It is no zip file, or one that unpacks to more than a school has.
pub fn unpack(path: &Path) -> Result<HashMap<String, Vec<u8>>, String> {
    let name = path.display();
    let packed =
        open::bytes_up_to(path, limits::ZIP).map_err(|error| format!("cannot read {name}: {error}"))?;
    let mut files = HashMap::new();
    each_file(&packed, |name, bytes| {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if !name.is_empty() {
            files.insert(name, bytes);
        }
    })
    .map_err(|error| format!("cannot read {name}: {error}"))?;
    Ok(files)
}

/// Hands out every file with its name, as long as they all unpack to no more than a school has.
///
/// # Errors
/// It is no zip file, or unpacks to more.
pub fn each_file(packed: &[u8], mut take: impl FnMut(&str, Vec<u8>)) -> Result<(), String> {
    let mut archive = ZipArchive::new(Cursor::new(packed)).map_err(|_| DAMAGED)?;
    let mut left = limits::UNPACKED;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|error| error.to_string())?;
        let name = file.name().map_err(|error| error.to_string())?.into_owned();
        let mut bytes = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        left = left.checked_sub(read as u64).ok_or_else(|| {
            format!("it unpacks to more than {} MB, which no school has", limits::UNPACKED / 1024 / 1024)
        })?;
        take(&name, bytes);
    }
    Ok(())
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
