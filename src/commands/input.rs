//! The arguments by which several commands name the school that they are about.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::parallel::join;
use crate::read::{self, Changes, Input, Reading, Severity};
use crate::school;
use crate::whatif::history;
use crate::whatif::roll;
use crate::whatif::scenario::Scenario;
use crate::write::Taken;

use super::output::as_text;
use super::refusal::bad_files;

/// To be flattened into the arguments of a command that reads a school.
#[derive(clap::Args, Clone, Debug)]
pub struct InputArgs {
    /// Folder of the school
    pub dir: PathBuf,
    /// Layout to use in place of the folder's layout.toml
    #[arg(long, value_name = "F")]
    pub layout: Option<PathBuf>,
    /// What was missed in an earlier week: its schedule, or an unmet_needs.csv; several add up
    #[arg(long, value_name = "WEEK")]
    pub history: Vec<PathBuf>,
    #[command(flatten)]
    pub changes: ChangeArgs,
}

/// Changes of the school that are made in memory.
#[derive(clap::Args, Clone, Debug)]
pub struct ChangeArgs {
    /// File with changes of the school, made in memory; several are made in turn
    #[arg(long, value_name = "S")]
    pub scenario: Vec<PathBuf>,
    /// A single change, such as staff.jansen.max_blocks=10 or school.weights.must=50
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
}

/// A school that was read, with all that its outputs tell of where it comes from.
pub struct School {
    pub reading: Reading,
    pub scenario: Scenario,
    pub history: Vec<PathBuf>,
    pub hash: String,
}

impl InputArgs {
    /// [`School::hash`] without reading the school.
    pub fn hash(&self) -> String {
        let (history, _) = history::scenario(&self.history);
        let ChangeArgs { scenario, set } = &self.changes;
        let scenario = Scenario::load_and(&self.dir, scenario, set, Some(&history));
        Input { dir: &self.dir, layout: self.layout.as_deref(), changes: &scenario.changes }.hash()
    }

    /// What no file that is written may replace or join, where `out` is the schedule that is read or made.
    pub fn taken(&self, out: &Path) -> Taken {
        let input = Input { dir: &self.dir, layout: self.layout.as_deref(), changes: &Changes::default() };
        // Scenarios are also looked for in the folder of the school.
        let scenarios = self.changes.scenario.iter().flat_map(|file| [file.clone(), self.dir.join(file)]);
        let (mut schedules, weeks): (Vec<_>, Vec<_>) =
            self.history.iter().cloned().partition(|week| week.is_dir());
        schedules.push(out.to_owned());
        let term = self.dir.join(roll::FILE);
        Taken {
            files: input.files().into_iter().chain(scenarios).chain(weeks).chain([term]).collect(),
            schedules,
        }
    }

    pub fn read(&self) -> School {
        let (history, problems) = history::scenario(&self.history);
        let ChangeArgs { scenario, set } = &self.changes;
        let mut scenario = Scenario::load_and(&self.dir, scenario, set, Some(&history));
        scenario.changes.add_problems(problems);
        let input = Input { dir: &self.dir, layout: self.layout.as_deref(), changes: &scenario.changes };
        let (hash, reading) = join(|| input.hash(), || input.read());
        School { reading, scenario, history: self.history.clone(), hash }
    }
}

impl School {
    /// The school; without its warnings, which are for those who make a schedule.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn usable(&self) -> anyhow::Result<&school::School> {
        self.reading.school.as_ref().ok_or_else(|| bad_files(self.reading.problems.clone()))
    }

    /// The school, whose warnings are told unless `quiet`.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn told(&self, quiet: bool) -> anyhow::Result<&school::School> {
        let shown = self.reading.problems.iter().filter(|p| !quiet || p.severity == Severity::Error);
        let shown: Vec<_> = shown.cloned().collect();
        match &self.reading.school {
            Some(school) => {
                read::print_problems(&shown);
                Ok(school)
            }
            None => Err(bad_files(shown)),
        }
    }

    /// Adds the scenario to the options that `summary.json` tells.
    pub fn add_to(&self, mut options: Value) -> Value {
        for (name, value) in self.scenario.told() {
            options[name] = value;
        }
        if !self.history.is_empty() {
            options["history"] = self.history.iter().map(|week| as_text(week)).collect();
        }
        options
    }
}
