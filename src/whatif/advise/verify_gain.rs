//! What a change gains, found by solving again around it from the running schedule: with the change, and without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::objective;
use crate::model::scope::people;
use crate::schedule::Schedule;
use crate::school::*;
use crate::whatif::around::{ROUNDS, better, idle, serves};
use crate::whatif::case::{Case, Origin};
use crate::whatif::part::Solver;

use super::prices::Prices;
use super::screening::Candidate;

/// Blocks in which a change is tried that one block uses up, the dearest first.
const BLOCKS: usize = 4;
/// Blocks in which one is tried that serves all week.
const WEEK: usize = 8;

/// What a search around some offerings gains over the running schedule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gain {
    pub total: f64,
    /// Need sessions met more, by priority.
    pub met: [i64; 3],
}

/// Tries changes, and remembers what the same search finds without them.
pub struct Confirming<'a> {
    origin: &'a Origin<'a>,
    case: &'a Case,
    solver: &'a Solver<'a>,
    prices: &'a Prices,
    without: Mutex<BTreeMap<Searched, Known>>,
}

/// Offerings and the blocks in which they were searched for, one after the other.
type Searched = (Vec<OfferingId>, Vec<BlockId>);
/// What that found; empty as long as nobody has searched.
type Known = Arc<Mutex<Option<Gain>>>;

impl<'a> Confirming<'a> {
    pub fn new(origin: &'a Origin, case: &'a Case, solver: &'a Solver, prices: &'a Prices) -> Self {
        Self { origin, case, solver, prices, without: Mutex::default() }
    }

    /// What the change gains. `None`: nothing, or the school could not make it.
    ///
    /// # Errors
    /// The engine fails.
    pub fn confirm(&self, candidate: &Candidate) -> anyhow::Result<Option<Gain>> {
        let Ok(changed) = self.origin.case(Some(&candidate.change.scenario)) else { return Ok(None) };
        let there = Solver {
            school: &changed.school,
            sets: &changed.sets,
            stop: self.solver.stop.clone(),
            ..*self.solver
        };
        let mut best: Option<Gain> = None;
        for blocks in self.tries(&changed, candidate) {
            // All that is missing is met: no other block can do better.
            let done = best.is_some_and(|best: Gain| best.total >= candidate.behind);
            if done || self.solver.over() {
                break;
            }
            let here = blocks.iter().filter_map(|name| named(&changed.school, name)).collect::<Vec<_>>();
            let mut gain = around(&changed, &there, &candidate.offerings, &here)?;
            // Without the change nothing less is found than the running schedule.
            if gain.total <= best.map_or(0.0, |best| best.total) {
                continue;
            }
            let without = self.without(candidate, &blocks)?;
            gain.total -= without.total;
            (0..3).for_each(|at| gain.met[at] -= without.met[at]);
            if best.is_none_or(|best| gain.total > best.total) {
                best = Some(gain);
            }
        }
        Ok(best.filter(|best| best.total > 1e-6))
    }

    fn without(&self, candidate: &Candidate, blocks: &[String]) -> anyhow::Result<Gain> {
        let blocks: Vec<BlockId> = blocks.iter().filter_map(|name| named(&self.case.school, name)).collect();
        let key = (candidate.offerings.clone(), blocks);
        let known = Arc::clone(held(&self.without).entry(key.clone()).or_default());
        // Whoever asks for the same meanwhile waits for it.
        let mut known = held(&known);
        if let Some(gain) = *known {
            return Ok(gain);
        }
        let gain = around(self.case, self.solver, &key.0, &key.1)?;
        *known = Some(gain);
        Ok(gain)
    }

    /// Blocks, by name, in which to try the change: one after the other where it serves all week, else one at a
    /// time. The dearest come first, then those in which most students who lack something have nothing.
    fn tries(&self, changed: &Case, candidate: &Candidate) -> Vec<Vec<String>> {
        let Case { school, .. } = self.case;
        let known: BTreeSet<&str> = school.blocks.iter().map(|block| block.id.as_str()).collect();
        let added = changed.school.blocks.iter().filter(|block| !known.contains(block.id.as_str()));
        let added: Vec<Vec<String>> = added.map(|block| vec![block.id.clone(); ROUNDS]).collect();
        if !added.is_empty() {
            return added;
        }
        let mut blocks: Vec<(BlockId, f64, usize)> = (candidate.blocks.iter())
            .filter(|&&block| self.could_serve(candidate, block))
            .map(|&block| {
                let price = self.prices.seat(&candidate.offerings, &BTreeSet::from([block]));
                (block, price, idle(self.solver, &self.case.schedule, &candidate.offerings, block))
            })
            .collect();
        blocks.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.2.cmp(&a.2)));
        let names = blocks.into_iter().map(|(block, ..)| school[block].id.clone());
        match candidate.change.kind {
            "seat" | "smaller-session" | "qualification" | "place" => vec![names.take(WEEK).collect()],
            _ => names.take(BLOCKS).map(|name| vec![name]).collect(),
        }
    }

    /// Whether the change can make a difference in the block.
    fn could_serve(&self, candidate: &Candidate, block: BlockId) -> bool {
        let Case { school, sets, schedule } = self.case;
        let at_once = |other: BlockId| sets.overlapping[block.index()].contains(&other);
        let mut here = schedule.sessions.iter().filter(|session| at_once(session.block));
        match (candidate.change.who, candidate.change.kind) {
            (Some(who), _) => {
                let coaches = (schedule.meetings.iter())
                    .any(|meeting| at_once(meeting.block) && schedule.lead_of(meeting) == who);
                school.staff_free[(who, block)]
                    && !coaches
                    && !here.any(|session| people(session).any(|other| other == who))
            }
            (None, "seat") => here.any(|session| serves(&candidate.offerings, session.activity)),
            (None, _) => true,
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn named(school: &School, name: &str) -> Option<BlockId> {
    school.block_ids().find(|&block| school[block].id == name)
}

/// Solves the parts around some offerings in one block after the other, and counts what that gains.
fn around(
    case: &Case,
    solver: &Solver,
    offerings: &[OfferingId],
    blocks: &[BlockId],
) -> anyhow::Result<Gain> {
    let mut schedule = case.schedule.clone();
    for &block in blocks {
        if let Some(found) = better(solver, &schedule, offerings, block)? {
            schedule = found;
        }
    }
    Ok(gain(case, &schedule))
}

pub fn gain(case: &Case, found: &Schedule) -> Gain {
    let school = &case.school;
    let total = objective::gain(school, &case.schedule, found);
    let mut met = [0; 3];
    let (before, then) = (case.met(&case.schedule), case.met(found));
    for need in school.need_ids() {
        met[school[need].priority as usize] +=
            i64::from(then[need.index()]) - i64::from(before[need.index()]);
    }
    if total > 0.0 { Gain { total, met } } else { Gain::default() }
}
