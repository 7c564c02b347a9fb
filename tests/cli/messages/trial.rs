//! Tries command lines in a folder with the folder `school`, which holds its schedule.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::small::{Small, leerzone};

/// What somebody did before. Files and folders are named from the folder around the school.
pub enum Change {
    /// One text in place of another in a file.
    Write(&'static str, &'static str, &'static str),
    /// A file with this content.
    File(&'static str, &'static str),
    Bytes(&'static str, &'static [u8]),
    Remove(&'static str),
    Folder(&'static str),
    /// A link of this name to that one.
    Link(&'static str, &'static str),
    /// Bytes of a file that are cut off at its end.
    Cut(&'static str, usize),
    /// A command line that succeeds.
    Run(&'static str),
}

/// What is wrong, how it came to be, and the command line that is then tried.
pub type Mistake = (&'static str, &'static [Change], &'static str);

/// A folder in which everything is tried anew.
pub struct Trial(TempDir);

impl Trial {
    /// The small school with the one schedule that its busy times leave.
    pub fn new() -> Self {
        static SOLVED: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        let solved = SOLVED.get_or_init(|| {
            let busy = "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,ben,mon,09:00,10:00\n";
            let small = Small::new().with("busy.csv", busy);
            small.solve(&[]).success();
            let mut files = Vec::new();
            collect(&small.dir(), Path::new("school"), &mut files);
            files
        });
        let trial = Self(TempDir::new().expect("a temporary folder"));
        solved.iter().for_each(|(name, bytes)| trial.write(name, bytes));
        trial
    }

    fn write(&self, name: &Path, bytes: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The exit code, and what is said on stderr but for how a search goes.
    pub fn run(&self, line: &str) -> (i32, String) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = leerzone(&words).current_dir(self.0.path()).output().expect("it runs");
        let said = String::from_utf8(output.stderr).expect("text");
        // The folder has another name each time.
        let root = self.0.path().canonicalize().expect("a folder").display().to_string();
        let progress =
            |line: &&str| line.trim_start().split_once(" s  ").is_some_and(|(n, _)| n.parse::<f64>().is_ok());
        let said: String = said.split_inclusive('\n').filter(|line| !progress(line)).collect();
        (output.status.code().expect("it ends by itself"), said.replace(&root, "HERE"))
    }

    pub fn make(&self, change: &Change) {
        let write = |name: &str, bytes: &[u8]| self.write(Path::new(name), bytes);
        match change {
            Change::Write(file, old, new) => {
                let text = fs::read_to_string(self.path(file)).expect("a file");
                assert!(text.contains(old), "{file} has no {old:?}:\n{text}");
                write(file, text.replacen(old, new, 1).as_bytes());
            }
            Change::File(file, text) => write(file, text.as_bytes()),
            Change::Bytes(file, bytes) => write(file, bytes),
            Change::Remove(name) if self.path(name).is_dir() => {
                fs::remove_dir_all(self.path(name)).expect("a folder");
            }
            Change::Remove(name) => fs::remove_file(self.path(name)).expect("a file"),
            Change::Folder(name) => fs::create_dir_all(self.path(name)).expect("a folder"),
            Change::Link(name, to) => {
                std::os::unix::fs::symlink(self.path(to), self.path(name)).expect("a link");
            }
            Change::Cut(name, bytes) => {
                let whole = fs::read(self.path(name)).expect("a file");
                write(name, &whole[..whole.len() - bytes]);
            }
            Change::Run(line) => {
                let (code, said) = self.run(line);
                assert_eq!(code, 0, "{line}: {said}");
            }
        }
    }
}

/// Every file of a folder, named from `called`.
fn collect(folder: &Path, called: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let called = called.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&entry.path(), &called, files);
        } else {
            files.push((called, fs::read(entry.path()).expect("a file")));
        }
    }
}

/// What is said of each mistake.
pub fn said(mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for (class, changes, line) in mistakes {
        let trial = Trial::new();
        changes.iter().for_each(|change| trial.make(change));
        let (code, said) = trial.run(line);
        assert!(!said.is_empty(), "nothing is said of: {class}");
        write!(text, "# {class}\n$ leerzone {line} (exit code {code})\n\n{}\n\n", said.trim_end())
            .expect("a text");
    }
    text
}
