//! What one more of each scarce thing would gain, and what could be dropped at no loss. Prices of the relaxation say
//! what is worth trying; what is told has been found by solving again from the running schedule.

pub mod prices;
pub mod redundant;
mod screening;
mod verify_gain;
mod whole;

use std::time::{Duration, Instant};

use super::case::{Case, Origin};
use super::change::Change;
use super::part::Solver;
use crate::parallel::par_map;
use prices::Prices;
use screening::{Candidate, candidates};
use verify_gain::{Confirming, Gain};

/// Time for the prices.
const SIEVE: Duration = Duration::from_secs(2);

/// A confirmed gain.
#[derive(Clone, Debug)]
pub struct Advice {
    pub change: Change,
    /// By the prices, at most.
    pub estimate: f64,
    /// Of the total, found by solving again; less what the same search finds without the change.
    pub gain: f64,
    /// Need sessions met more, by priority.
    pub met: [i64; 3],
}

/// What was found, best first.
#[derive(Debug)]
pub struct Advised {
    pub advice: Vec<Advice>,
    /// Changes that were not tried.
    pub untried: usize,
    /// Tried, and no gain was found, which does not prove that there is none.
    pub without: Vec<Change>,
    pub bound: f64,
}

/// Tries `top` changes, `threads` at a time: some of every kind first, then the most promising.
///
/// # Errors
/// The engine fails.
pub fn advise(
    origin: &Origin,
    case: &Case,
    solver: &Solver,
    top: usize,
    threads: usize,
) -> anyhow::Result<Advised> {
    let left = solver.deadline.saturating_duration_since(Instant::now());
    let prices = Prices::new(case, Instant::now() + SIEVE.min(left / 4), threads);
    let candidates = candidates(case, &prices);
    let confirming = Confirming::new(origin, case, solver, &prices);
    let tries = &candidates[..top.min(candidates.len())];
    let found =
        par_map(
            threads,
            tries,
            |candidate| {
                if solver.over() { None } else { Some(confirming.confirm(candidate)) }
            },
        );
    let (mut advice, mut without, mut tried) = (Vec::new(), Vec::new(), 0);
    let told = |candidate: &Candidate, gain: Gain| Advice {
        change: candidate.change.clone(),
        estimate: candidate.estimate,
        gain: gain.total,
        met: gain.met,
    };
    for (candidate, gain) in tries.iter().zip(found) {
        let Some(gain) = gain else { continue };
        tried += 1;
        match gain? {
            Some(gain) => advice.push(told(candidate, gain)),
            None => without.push(candidate),
        }
    }
    // What a part does not show the whole school may: with the time that is left.
    without.sort_by(|a, b| b.behind.total_cmp(&a.behind));
    let found = whole::gains(origin, case, solver, &without, threads);
    advice.extend(without.iter().zip(&found).filter_map(|(candidate, gain)| Some(told(candidate, (*gain)?))));
    let without = without.iter().zip(&found).filter(|(_, gain)| gain.is_none());
    let without = without.map(|(candidate, _)| candidate.change.clone()).collect();
    advice.sort_by(|a: &Advice, b: &Advice| b.gain.total_cmp(&a.gain));
    Ok(Advised { advice, untried: candidates.len() - tried, without, bound: prices.bound })
}
