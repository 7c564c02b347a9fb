//! Scenarios: TOML files that say how a school is to differ from its folder, and single changes given on the
//! command line. Both become [`Changes`], which the reader makes before it makes anything of the files.
//!
//! ```toml
//! name = "zone North closed"
//! [[remove.places]]
//! place = "north"
//! [set.staff.jansen]
//! max_blocks = 10
//! [[set.needs]]
//! where = { who = "class:3a", subject = "wi" }
//! sessions = 3
//! [[add.busy]]
//! kind = "staff"
//! id = "jansen"
//! day = "tue"
//! [set.school.weights]
//! could = 2
//! ```

#![expect(clippy::result_large_err, reason = "an error is a whole report, made once for each thing to mend")]

mod names;
mod parse;
mod single;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::limits;
use crate::open;
use crate::read::Changes;
use crate::read::changing::{Problems, Source, parse_toml};

/// The changes asked for on a command line, and how they are named.
#[derive(Debug, Default)]
pub struct Scenario {
    pub changes: Changes,
    /// The `name` of each scenario file, or the file's own.
    pub names: Vec<String>,
    /// The files, as given.
    pub files: Vec<PathBuf>,
    /// The single changes, as given.
    pub sets: Vec<String>,
}

impl Scenario {
    /// Reads scenario files and single changes, to be made in this order. A file is looked for where the
    /// command runs, then in the folder of the school.
    pub fn load(dir: &Path, files: &[PathBuf], sets: &[String]) -> Self {
        Self::load_and(dir, files, sets, None)
    }

    /// The same, and then what the text of a further scenario asks for.
    pub fn load_and(dir: &Path, files: &[PathBuf], sets: &[String], text: Option<&str>) -> Self {
        let mut scenario = Self { files: files.to_vec(), sets: sets.to_vec(), ..Self::default() };
        let mut problems = Problems::default();
        for file in files {
            scenario.read(dir, file, &mut problems);
        }
        single::read(&mut scenario.changes, sets, &mut problems);
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            scenario.parse(Source::new("--history", text.to_owned()), &mut problems);
        }
        scenario.changes.problems = problems.into_list();
        scenario
    }

    fn read(&mut self, dir: &Path, file: &Path, problems: &mut Problems) {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let path = if !open::is_there(file) && open::is_there(&dir.join(file)) {
            dir.join(file)
        } else {
            file.to_owned()
        };
        let name = file.display().to_string();
        let Some(source) = Source::load(&path, &name, limits::SETTINGS, problems) else {
            self.names.push(stem);
            return;
        };
        let name = self.parse(source, problems);
        self.names.push(name.unwrap_or(stem));
    }

    fn parse(&mut self, source: Source, problems: &mut Problems) -> Option<String> {
        let source = Arc::new(source);
        let document = parse_toml(&source, problems);
        let index = self.changes.sources.len();
        self.changes.sources.push(Arc::clone(&source));
        parse::read(&mut self.changes, index, &source, document.get_ref(), problems)
    }

    /// How outputs name it; `None`: the school as it stands.
    pub fn title(&self) -> Option<String> {
        let parts: Vec<&str> = self.names.iter().chain(&self.sets).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" + "))
    }

    /// What `summary.json` tells of it under `options`.
    pub fn told(&self) -> [(&'static str, Value); 2] {
        let files: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        [("scenario", json!(files)), ("set", json!(self.sets))]
    }
}
