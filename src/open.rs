//! Every file that is read comes through here: plain files only, and no more of one than a school can need.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::limits;

/// The content of a file of at most [`limits::FILE`] bytes.
///
/// # Errors
/// There is no such file or it may not be read; it is a folder, a named pipe or a device; links lead nowhere or
/// round in a circle; it is too large.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    bytes_up_to(path, limits::FILE)
}

/// The same with a limit of its own.
///
/// # Errors
/// As [`bytes`].
pub fn bytes_up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = file(path, most)?;
    let expected = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    // What a file says of its length need not hold until it is read.
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64, most)) } else { Ok(bytes) }
}

/// The content of a TOML or JSON file of at most [`limits::SETTINGS`] bytes: what is made of it takes many times its
/// size.
///
/// # Errors
/// As [`bytes`].
pub fn settings(path: &Path) -> io::Result<Vec<u8>> {
    bytes_up_to(path, limits::SETTINGS)
}

/// The same as text, without the BOM that some editors put before it.
///
/// # Errors
/// As [`bytes`], or it is not UTF-8.
pub fn settings_text(path: &Path) -> io::Result<String> {
    let text = utf8(settings(path)?)?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The same as TOML.
///
/// # Errors
/// As [`settings_text`], or it is not TOML.
pub fn toml(path: &Path) -> io::Result<toml::Table> {
    toml::from_str(&settings_text(path)?).map_err(|error| odd(&error.to_string()))
}

/// The text of a file of at most [`limits::FILE`] bytes.
///
/// # Errors
/// As [`bytes`], or it is not UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    utf8(bytes(path)?)
}

fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    let not_utf8 = |_| odd("it is not UTF-8: save it as UTF-8 in the editor or spreadsheet program");
    String::from_utf8(bytes).map_err(not_utf8)
}

/// The open file.
fn file(path: &Path, most: u64) -> io::Result<File> {
    // Before it is opened: opening a pipe waits for a writer, and opening some devices does something.
    check(&std::fs::metadata(path).map_err(|error| explained(path, error))?, most)?;
    let mut options = OpenOptions::new();
    options.read(true);
    // It may have become a pipe meanwhile.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    check(&file.metadata()?, most)?;
    Ok(file)
}

/// Whether something has that name, be it a link to nothing: reading it tells what is wrong with it.
pub fn is_there(path: &Path) -> bool {
    let missing = [ErrorKind::NotFound, ErrorKind::NotADirectory];
    !matches!(path.symlink_metadata(), Err(error) if missing.contains(&error.kind()))
}

fn check(data: &Metadata, most: u64) -> io::Result<()> {
    if data.is_dir() {
        return Err(odd("it is a folder, not a file"));
    }
    if !data.is_file() {
        return Err(odd("it is a pipe, a device or a socket, not a file: save the content as a file first"));
    }
    if data.len() > most { Err(too_large(data.len(), most)) } else { Ok(()) }
}

fn too_large(bytes: u64, most: u64) -> io::Error {
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    odd(&format!("it has {} MB, and no such file has more than {}", megabytes(bytes), megabytes(most)))
}

/// What links do wrong in words.
fn explained(path: &Path, error: io::Error) -> io::Error {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return odd("it is a symbolic link that leads back to itself");
    }
    if error.kind() == ErrorKind::NotFound && path.is_symlink() {
        return odd("it is a symbolic link to nothing");
    }
    error
}

fn odd(message: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, message)
}
