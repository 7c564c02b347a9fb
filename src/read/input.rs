//! What a school is read from: a folder, the layout chosen, and the changes made in memory.

use std::path::{Path, PathBuf};

use super::changes::Changes;
use super::{Parsed, folder, workbook};

/// Names everything that the school depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub dir: &'a Path,
    /// In place of the folder's `layout.toml`.
    pub layout: Option<&'a Path>,
    pub changes: &'a Changes,
}

impl Input<'_> {
    /// Reads the files; whether the school can work is not looked at yet.
    pub(crate) fn parse(&self) -> Parsed {
        super::parse(self)
    }

    /// SHA-256 in hexadecimal over names, lengths and bytes of the input files, in order of name, then of
    /// the scenarios and single changes in their order. A layout from the command line counts as
    /// `layout.toml`; files that are not there do not count.
    pub fn hash(&self) -> String {
        folder::hash(self)
    }

    /// Every file that the school is read from, be it there or not. A layout from the command line does not make the
    /// folder's own one a file that nothing reads.
    pub fn files(&self) -> Vec<PathBuf> {
        if workbook::is_workbook(self.dir) {
            return [self.dir.to_owned()].into_iter().chain(self.layout.map(Path::to_owned)).collect();
        }
        let files = folder::files(self).into_iter().map(|(_, path)| path);
        files.chain([folder::layout_file(self.dir, None).0]).collect()
    }

    /// The file that the layout is read from.
    pub fn layout_path(&self) -> PathBuf {
        self.layout_file().0
    }

    /// Path of the layout and the name it has in messages.
    pub(super) fn layout_file(&self) -> (PathBuf, String) {
        folder::layout_file(self.dir, self.layout)
    }
}
