//! A written schedule as the start of a search, also of a school that has changed since.

use std::path::Path;

use anyhow::Context;

use crate::model::sets::Sets;
use crate::schedule::Schedule;
use crate::school::School;
use crate::verify;

use super::around::filled;
use super::part::Solver;
use super::replan::{Replan, fresh_needs};

/// What the schedule in `out` is in this school: what no longer holds is taken out and the hole filled, as `replan`
/// does, but at no price of a change. `changed`: what is unmet is then tried again wherever somebody who lacks it has
/// nothing.
///
/// # Errors
/// The schedule cannot be read, or its coaching groups, packages or pins cannot be mended.
pub fn start_from(school: &School, out: &Path, changed: bool, solver: &Solver) -> anyhow::Result<Schedule> {
    let before = verify::written_schedule(school, out)?;
    let fresh = fresh_needs(school, &before, out)?;
    let stop = solver.stop.clone();
    let solver = Solver { stop, ..*solver };
    let replan = Replan { solver, before: &before, fresh: &fresh, weight: 0.0, covers: None, quick: false };
    let repaired = replan.run().with_context(|| format!("{} is no start for this school", out.display()))?;
    // A school changed in memory is asked about for what it adds; the search might not come upon it.
    if changed { filled(&replan.solver, repaired) } else { Ok(repaired) }
}

/// The same with all that the repair needs, for commands that only have a school.
///
/// # Errors
/// As [`start_from`].
pub fn read(
    school: &School,
    out: &Path,
    changed: bool,
    options: &crate::model::Options,
) -> anyhow::Result<Schedule> {
    let sets = Sets::new(school);
    let share = if changed { 2 } else { 4 };
    let time = options.time_limit.map_or(MOST, |limit| MOST.min(limit / share));
    let deadline = std::time::Instant::now() + time;
    let (engine, stop) = (options.engine, options.stop.clone());
    start_from(school, out, changed, &Solver { school, sets: &sets, engine, deadline, stop })
}

/// Longest time for the repair of the start; the search goes on from there anyway.
const MOST: std::time::Duration = std::time::Duration::from_secs(7);
