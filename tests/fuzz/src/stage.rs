//! The folders that the readers see: sound ones, in which one file at a time holds the bytes of an input.

use std::fs;
use std::path::{Path, PathBuf};

/// Where a file that the input replaces stands, and what belongs there otherwise.
pub struct Stage {
    root: PathBuf,
    /// The file that holds an input, and its sound content if it is usually there.
    replaced: Option<(PathBuf, Option<Vec<u8>>)>,
}

impl Stage {
    /// Copies the sound folders of this package to the folder `$LEERZONE_STAGE`.
    pub fn new() -> Self {
        let root = PathBuf::from(std::env::var_os("LEERZONE_STAGE").expect("a folder in LEERZONE_STAGE"));
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["school", "schedule", "roster", "untis", "single"] {
            copy(&here.join(folder), &root.join(folder));
        }
        Self { root, replaced: None }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Puts `bytes` in the place of a file and everything else back to what it was.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        if self.replaced.as_ref().is_none_or(|(replaced, _)| *replaced != path) {
            match self.replaced.take() {
                Some((file, Some(sound))) => fs::write(file, sound).expect("a writable folder"),
                Some((file, None)) => fs::remove_file(file).expect("a writable folder"),
                None => {}
            }
            self.replaced = Some((path.clone(), fs::read(&path).ok()));
        }
        fs::write(&path, bytes).expect("a writable folder");
        path
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a writable folder");
    for entry in fs::read_dir(from).expect("the folders of this package") {
        let path = entry.expect("the folders of this package").path();
        fs::copy(&path, to.join(path.file_name().expect("a file"))).expect("a writable folder");
    }
}
