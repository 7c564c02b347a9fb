//! A comparison written down as independent commands, for as many machines as there are.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shell;

use super::Measure;
use super::combination::Combination;
use super::replace::replace;

/// The file that says what belongs together.
pub const FILE: &str = "plan.json";
/// The commands, one a line.
pub const COMMANDS: &str = "plan.txt";

/// The content of `plan.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Of this program: results of another are not mixed with those of this one.
    pub version: String,
    pub by: String,
    pub combinations: Vec<Planned>,
}

/// One command.
#[derive(Debug, Serialize, Deserialize)]
pub struct Planned {
    pub name: String,
    pub folder: PathBuf,
    pub layout: Option<PathBuf>,
    pub scenarios: Vec<PathBuf>,
    pub set: Vec<String>,
    pub seed: u64,
    /// Of the input when it was planned.
    pub input_hash: String,
    /// As `summary.json` tells them.
    pub options: Value,
    /// Where the schedule goes.
    pub schedule: PathBuf,
    /// For a shell.
    pub command: String,
}

impl Planned {
    /// `shared`: the arguments of solving that all commands have.
    pub fn new(
        combination: &Combination,
        input_hash: String,
        told: Value,
        out: &Path,
        shared: &[String],
    ) -> Self {
        let schedule = out.join(&combination.name);
        Self {
            name: combination.name.clone(),
            folder: combination.dir.clone(),
            layout: combination.layout.clone(),
            scenarios: combination.scenarios.clone(),
            set: combination.sets.clone(),
            seed: combination.seed,
            input_hash,
            options: told,
            command: command(combination, &schedule, shared),
            schedule,
        }
    }

    pub fn combination(&self, order: usize) -> Combination {
        Combination {
            order,
            name: self.name.clone(),
            dir: self.folder.clone(),
            layout: self.layout.clone(),
            layout_told: None,
            scenarios: self.scenarios.clone(),
            sets: self.set.clone(),
            seed: self.seed,
        }
    }
}

impl Plan {
    pub fn new(by: Measure, combinations: Vec<Planned>) -> Self {
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), by: by.key().to_owned(), combinations }
    }

    /// All commands, one a line.
    pub fn commands(&self) -> String {
        self.combinations.iter().map(|planned| planned.command.clone() + "\n").collect()
    }

    /// Writes both files into the folder.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, out: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
        replace(out, COMMANDS, &self.commands())?;
        replace(out, FILE, &(serde_json::to_string_pretty(self)? + "\n"))
    }

    /// Reads the plan of a folder.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn read(out: &Path) -> anyhow::Result<Self> {
        let path = out.join(FILE);
        let text = crate::open::text(&path).with_context(|| {
            format!(
                "cannot read {}: `leerzone compare … --plan --out {}` writes it",
                path.display(),
                shell::path(out)
            )
        })?;
        let plan: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a plan of leerzone: plan again", path.display()))?;
        if plan.version != env!("CARGO_PKG_VERSION") {
            bail!(
                "{} was made by leerzone {}, this is {}: plan again, or gather with that version",
                path.display(),
                plan.version,
                env!("CARGO_PKG_VERSION")
            );
        }
        Ok(plan)
    }
}

fn command(combination: &Combination, schedule: &Path, shared: &[String]) -> String {
    let mut words = vec!["leerzone".to_owned(), "solve".to_owned(), shell::path(&combination.dir)];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if let Some(layout) = &combination.layout {
        option("--layout", shell::path(layout));
    }
    for scenario in &combination.scenarios {
        option("--scenario", shell::path(scenario));
    }
    combination.sets.iter().for_each(|set| option("--set", shell::word(set)));
    option("--seed", combination.seed.to_string());
    option("--out", shell::path(schedule));
    words.extend(shared.iter().map(|word| shell::word(word)));
    words.extend(["--if-changed".to_owned(), "--quiet".to_owned()]);
    words.join(" ")
}
