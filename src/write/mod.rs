//! From a [`Schedule`] to a folder of CSV and JSON, whole or not at all. The files are described in
//! `docs/output.md`.

mod file;
mod folder;
mod kept;
mod lock;
mod lookup;
mod need_assignment;
mod plan;
mod reason;
mod run;
pub mod summary;
mod tables;
mod unmet;
mod unmet_reasons;

pub mod files;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{anyhow, bail};
use serde_json::Value;

use crate::schedule::{Outcome, Schedule};
use crate::school::School;
use crate::verify::{Violation, verify};

use need_assignment::settled;

pub use folder::{Contents, Staged, check_target, check_target_of};
pub use kept::kept_path;
pub use lock::Lock;
pub use need_assignment::{At, best_needs, meets, uncounted};
pub use reason::{Reason, Unmet};
pub use run::Run;
pub use summary::{Needs, is_made_of, language_of, scenario_of};

pub use file::{Taken, check_file, file_stem, free_file, is_device, write_file};
pub use lookup::Lookup;
pub use plan::{Entry, Plan, What};

/// Broken rules told when a schedule is refused; the rest is counted.
const BREACHES_TOLD: usize = 20;

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The content of `summary.json`.
    pub summary: Value,
    /// With the total as the referee counts it.
    pub outcome: Outcome,
    /// Need sessions asked and met, by priority: must, should, could.
    pub needs: [Needs; 3],
    /// Rows of `unmet_needs.csv`.
    pub unmet: usize,
    /// What these rows say.
    pub missing: Vec<Unmet>,
}

/// Writes the schedule into the folder `out`, which keeps its previous content unless all goes well.
/// The referee judges the files first and counts the total that `summary.json` states.
///
/// # Errors
/// `out` cannot be replaced, a file cannot be written, or the referee finds a broken rule.
pub fn write_schedule(
    school: &School,
    schedule: &Schedule,
    outcome: &Outcome,
    run: &Run,
    out: &Path,
) -> anyhow::Result<Written> {
    // The same week always names the same subjects, whatever led to it.
    let schedule = uncounted(schedule);
    write_whole(school, &schedule, outcome, run, out, |_| Ok(None)).map_err(|error| untouched(&error, out))
}

/// The same for a repaired week. `finish` gets the folder with the tables, before the referee judges it, to
/// write `changes.csv` there, and gives what `summary.json` says under `repair`.
///
/// # Errors
/// As [`write_schedule`], or those of `finish`.
pub fn write_repaired(
    school: &School,
    schedule: &Schedule,
    outcome: &Outcome,
    run: &Run,
    out: &Path,
    finish: impl FnOnce(&Path) -> anyhow::Result<Value>,
) -> anyhow::Result<Written> {
    write_whole(school, schedule, outcome, run, out, |folder| finish(folder).map(Some))
        .map_err(|error| untouched(&error, out))
}

/// The error, with what stands in `out` after it: folders are replaced whole or not at all.
pub fn untouched(error: &anyhow::Error, out: &Path) -> anyhow::Error {
    match out.is_dir() {
        true => anyhow!("{error:#}; {} stays as it was", out.display()),
        false => anyhow!("{error:#}; nothing was written to {}", out.display()),
    }
}

fn write_whole(
    school: &School,
    schedule: &Schedule,
    outcome: &Outcome,
    run: &Run,
    out: &Path,
    finish: impl FnOnce(&Path) -> anyhow::Result<Option<Value>>,
) -> anyhow::Result<Written> {
    let schedule = settled(school, schedule);
    let plan = Plan::new(school, &schedule);
    let staged = Staged::beside(out)?;
    let unmet = unmet::list(&plan);
    tables::write(&plan, &unmet, staged.path())?;
    let repair = finish(staged.path())?;
    let verdict = verify(school, staged.path())?;
    refuse_breaches(&verdict.violations)?;
    let needs = summary::count_needs(&plan);
    // Where the search counted otherwise, the referee holds.
    let outcome = Outcome { total: verdict.total, ..outcome.clone() };
    let mut summary = summary::compose(&plan, &needs, (&verdict.terms, &verdict.comfort), &outcome, run);
    if let Some(repair) = repair {
        summary["repair"] = repair;
    }
    summary::write(&summary, staged.path())?;
    staged.publish()?;
    Ok(Written { summary, outcome, needs, unmet: unmet.len(), missing: unmet })
}

/// The schedule that stands in `out`, with each attendance counted for the need that its files name: where several would
/// count as much, another one is no less right, but not what anybody reads there.
pub fn counted_as_written(school: &School, schedule: &Schedule, out: &Path) -> Schedule {
    // A repair keeps the needs of the week before.
    let is_repaired = out.join(files::CHANGES.file).is_file();
    if is_repaired { settled(school, schedule) } else { settled(school, &uncounted(schedule)) }
}

/// Everything missing in a schedule, with the reasons.
pub fn missing(school: &School, schedule: &Schedule) -> Vec<Unmet> {
    let schedule = settled(school, schedule);
    unmet::list(&Plan::new(school, &schedule))
}

/// A schedule that breaks a rule is a fault of this program, which must never be published.
fn refuse_breaches(violations: &[Violation]) -> anyhow::Result<()> {
    if violations.is_empty() {
        return Ok(());
    }
    let mut text = format!("the schedule found breaks {} rules and is not written:", violations.len());
    for violation in violations.iter().take(BREACHES_TOLD) {
        let rows: Vec<String> = violation.rows.iter().map(ToString::to_string).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {}: {} ({})", violation.rule.label(), violation.message, rows.join(", "));
    }
    if violations.len() > BREACHES_TOLD {
        let _ = write!(text, "\n  and {} more", violations.len() - BREACHES_TOLD);
    }
    bail!("{text}\nThis is a fault of leerzone; please report it with the input folder.")
}
