//! What changes gain by a search of the whole school from the running week: with each, and once without, at the same
//! effort.

use std::time::{Duration, Instant};

use crate::model::{self, Options};
use crate::parallel::par_map;
use crate::whatif::case::{Case, Origin};
use crate::whatif::part::Solver;

use super::screening::Candidate;
use super::verify_gain::{Gain, gain};

/// The least time for one search.
const LEAST: Duration = Duration::from_secs(4);

/// What each change gains over the same search without it; `None`: nothing was found, or there was no time.
pub fn gains(
    origin: &Origin,
    case: &Case,
    solver: &Solver,
    candidates: &[&Candidate],
    threads: usize,
) -> Vec<Option<Gain>> {
    let left = solver.deadline.saturating_duration_since(Instant::now());
    let searches = candidates.len() + 1;
    let time = left.mul_f64(threads as f64 / searches as f64).clamp(LEAST, left.max(LEAST));
    let asked: Vec<Option<&Candidate>> =
        std::iter::once(None).chain(candidates.iter().copied().map(Some)).collect();
    let mut found = par_map(threads, &asked, |candidate| {
        // One that ends early would be held against one that did not.
        if candidates.is_empty() || solver.over() || Instant::now() + time > solver.deadline + LEAST {
            return None;
        }
        match candidate {
            None => searched(case, solver, time),
            Some(candidate) => searched(&origin.case(Some(&candidate.change.scenario)).ok()?, solver, time),
        }
    });
    let Some(without) = found.remove(0) else { return vec![None; candidates.len()] };
    let more = |with: Option<Gain>| {
        let mut gain = with?;
        gain.total -= without.total;
        (0..3).for_each(|at| gain.met[at] -= without.met[at]);
        (gain.total > 1e-6).then_some(gain)
    };
    found.into_iter().map(more).collect()
}

/// What a search from the running week gains over it.
fn searched(case: &Case, solver: &Solver, time: Duration) -> Option<Gain> {
    let options = Options {
        time_limit: Some(time),
        gap: 0.0,
        threads: 1,
        engine: solver.engine,
        stop: solver.stop.clone(),
        ..Options::default()
    };
    // A search that fails finds nothing.
    let (schedule, _) = model::solve_from(&case.school, &options, Some(&case.schedule), &mut ()).ok()?;
    Some(gain(case, &schedule))
}
