//! From a [`Schedule`] to a folder of CSV and JSON, whole or not at all. The files are described in
//! `docs/output.md`.

mod folder;
mod obstacles;
mod plan;
mod summary;
mod tables;
mod unmet;

pub mod files;

use std::path::Path;

use serde_json::Value;

use crate::schedule::{Outcome, Schedule};
use crate::school::School;

use plan::Plan;

pub use folder::{Staged, refuse_input};
pub use summary::Needs;
pub use unmet::{Reason, Unmet};

/// What `summary.json` tells of the run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of all input files, in hexadecimal.
    pub input_hash: String,
    /// Name and version of the engine.
    pub engine: String,
    /// The options that bear on the result, by name.
    pub options: Value,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The content of `summary.json`.
    pub summary: Value,
    /// Need sessions asked and met, by priority: must, should, could.
    pub needs: [Needs; 3],
}

/// Writes the schedule into the folder `out`, which keeps its previous content unless all goes well.
///
/// # Errors
/// `out` cannot be replaced, or a file cannot be written.
pub fn write_schedule(
    school: &School,
    schedule: &Schedule,
    outcome: &Outcome,
    run: &Run,
    out: &Path,
) -> anyhow::Result<Written> {
    let plan = Plan::new(school, schedule);
    let staged = Staged::beside(out)?;
    tables::write(&plan, &unmet::list(&plan), staged.path())?;
    let needs = summary::count_needs(&plan);
    let summary = summary::compose(&plan, &needs, outcome, run);
    summary::write(&summary, staged.path())?;
    staged.publish()?;
    Ok(Written { summary, needs })
}
