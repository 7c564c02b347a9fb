//! What one more of each scarce thing would gain, and what could be dropped at no loss. Prices of the relaxation say
//! what is worth trying; what is told has been found by solving again from the running schedule.

pub mod drops;
mod prices;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::model::objective;
use crate::model::scope::people;
use crate::schedule::{Activity, Schedule};
use crate::school::*;

use super::case::{Case, Origin};
use super::explain::force::hours;
use super::explain::remedies::{self, Change};
use super::part::{Found, Free, Solver};
use prices::Prices;

/// Time for the prices.
const SIEVE: Duration = Duration::from_secs(8);
/// Blocks in which a change is tried, dearest first.
const BLOCKS: usize = 3;
/// Students who may move: those who lack something, and those in sessions they could join.
const MOST_LACKING: usize = 40;
const MOST_STUDENTS: usize = 60;

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
    /// Changes that the sieve let through but that were not tried.
    pub untried: usize,
    /// Tried, and without gain.
    pub without: usize,
    pub bound: f64,
}

/// A change with what it is about.
struct Candidate {
    change: Change,
    offerings: Vec<OfferingId>,
    blocks: BTreeSet<BlockId>,
    estimate: f64,
}

/// Tries the `top` most promising changes.
///
/// # Errors
/// The engine fails.
pub fn advise(origin: &Origin, case: &Case, solver: &Solver, top: usize) -> anyhow::Result<Advised> {
    let left = solver.deadline.saturating_duration_since(Instant::now());
    let prices = Prices::new(case, Instant::now() + SIEVE.min(left / 4));
    let candidates = candidates(case, &prices);
    let mut base: BTreeMap<(Vec<OfferingId>, BlockId), Gain> = BTreeMap::new();
    let (mut advice, mut without, mut tried) = (Vec::new(), 0, 0);
    for candidate in candidates.iter().take(top).take_while(|_| !solver.over()) {
        tried += 1;
        match confirm(origin, case, solver, candidate, &prices, &mut base)? {
            Some(found) => advice.push(found),
            None => without += 1,
        }
    }
    advice.sort_by(|a: &Advice, b: &Advice| b.gain.total_cmp(&a.gain));
    Ok(Advised { advice, untried: candidates.len() - tried, without, bound: prices.bound })
}

/// Every change that could serve some unmet need, by what the prices say of it; each once.
fn candidates(case: &Case, prices: &Prices) -> Vec<Candidate> {
    let Case { school, sets, schedule } = case;
    let met = case.met(schedule);
    let mut kinds: BTreeMap<(Vec<OfferingId>, Option<SiteId>), Vec<NeedId>> = BTreeMap::new();
    for need in school.need_ids().filter(|&need| met[need.index()] < school[need].sessions) {
        let key = (sets.offerings_of[need.index()].clone(), school[school[need].student].site);
        kinds.entry(key).or_default().push(need);
    }
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    for ((offerings, _), mut needs) in kinds {
        needs.sort_by_key(|&need| school[need].priority);
        let blocks: BTreeSet<BlockId> = needs.iter().flat_map(|&need| hours(case, need)).collect();
        for change in remedies::candidates(case, needs[0]) {
            let estimate = prices.estimate(case, &change, &offerings, &blocks);
            let better = |known: &Candidate| known.estimate < estimate;
            if found.get(&change.scenario).is_none_or(better) {
                let (offerings, blocks) = (offerings.clone(), blocks.clone());
                found.insert(change.scenario.clone(), Candidate { change, offerings, blocks, estimate });
            }
        }
    }
    let mut all: Vec<Candidate> = found.into_values().filter(|candidate| candidate.estimate > 1e-6).collect();
    all.sort_by(|a, b| b.estimate.total_cmp(&a.estimate));
    all
}

/// What a search around some offerings in a block gains.
#[derive(Clone, Copy, Debug, Default)]
struct Gain {
    total: f64,
    met: [i64; 3],
}

/// Solves again with the change, in the blocks where seats are dearest, and without it.
fn confirm(
    origin: &Origin,
    case: &Case,
    solver: &Solver,
    candidate: &Candidate,
    prices: &Prices,
    base: &mut BTreeMap<(Vec<OfferingId>, BlockId), Gain>,
) -> anyhow::Result<Option<Advice>> {
    let Ok(changed) = origin.case(Some(&candidate.change.scenario)) else { return Ok(None) };
    let there = Solver { school: &changed.school, sets: &changed.sets, stop: solver.stop.clone(), ..*solver };
    let mut best: Option<Gain> = None;
    for name in dearest(case, &changed, candidate, prices) {
        let named = |school: &School| school.block_ids().find(|&block| school[block].id == name);
        let Some(block) = named(&changed.school) else { continue };
        let mut gain = around(&changed, &there, &candidate.offerings, block)?;
        if let Some(block) = named(&case.school) {
            let key = (candidate.offerings.clone(), block);
            let before = match base.get(&key) {
                Some(known) => *known,
                None => around(case, solver, &candidate.offerings, block)?,
            };
            base.insert(key, before);
            gain.total -= before.total;
            (0..3).for_each(|at| gain.met[at] -= before.met[at]);
        }
        if best.is_none_or(|best| gain.total > best.total) {
            best = Some(gain);
        }
    }
    let Candidate { change, estimate, .. } = candidate;
    let advice =
        |best: Gain| Advice { change: change.clone(), estimate: *estimate, gain: best.total, met: best.met };
    Ok(best.filter(|best| best.total > 1e-6).map(advice))
}

/// Names of the blocks in which to try: those that the change adds, then the dearest.
fn dearest(case: &Case, changed: &Case, candidate: &Candidate, prices: &Prices) -> Vec<String> {
    let known: BTreeSet<&str> = case.school.blocks.iter().map(|block| block.id.as_str()).collect();
    let added = changed.school.blocks.iter().filter(|block| !known.contains(block.id.as_str()));
    let mut names: Vec<String> = added.map(|block| block.id.clone()).collect();
    let mut blocks: Vec<BlockId> = candidate.blocks.iter().copied().collect();
    let price = |block: BlockId| prices.seat(&candidate.offerings, &BTreeSet::from([block]));
    blocks.sort_by(|&a, &b| price(b).total_cmp(&price(a)));
    names.extend(blocks.into_iter().take(BLOCKS).map(|block| case.school[block].id.clone()));
    names
}

/// Solves the part around some offerings in a block: who lacks them, who sits in their sessions then, who leads.
fn around(case: &Case, solver: &Solver, offerings: &[OfferingId], block: BlockId) -> anyhow::Result<Gain> {
    let Case { school, sets, schedule } = case;
    let hour: BTreeSet<BlockId> = sets.overlapping[block.index()].iter().copied().collect();
    let met = case.met(schedule);
    let mut free = Free::nothing(school);
    let lacks = |need: &NeedId| {
        met[need.index()] < school[*need].sessions
            && sets.offerings_of[need.index()].iter().any(|o| offerings.contains(o))
            && school.student_free[(school[*need].student, block)]
    };
    let mut lacking: Vec<NeedId> = school.need_ids().filter(lacks).collect();
    lacking.sort_by_key(|&need| school[need].priority);
    let mut moving: BTreeSet<StudentId> =
        lacking.into_iter().map(|need| school[need].student).take(MOST_LACKING).collect();
    for session in &schedule.sessions {
        let serves = matches!(session.activity, Activity::Offering(o) if offerings.contains(&o));
        if serves && hour.contains(&session.block) && moving.len() < MOST_STUDENTS {
            moving.extend(session.attendances.iter().map(|at| at.student));
        }
    }
    moving.iter().for_each(|&student| free.student(student));
    // Sessions that run go on; else this would be a search for a better schedule.
    let at_work: BTreeSet<(StaffId, BlockId)> = (schedule.sessions.iter())
        .flat_map(|session| people(session).map(|staff| (staff, session.block)))
        .collect();
    for &o in offerings {
        for &staff in &sets.leads_of[o.index()] {
            let there =
                hour.iter().filter(|&&b| school.staff_free[(staff, b)] && !at_work.contains(&(staff, b)));
            there.for_each(|&b| free.cell(staff, b));
        }
    }
    let moves = |_: StudentId, block: BlockId| hour.contains(&block);
    Ok(match solver.solve(schedule, free, &[], &moves, |_| ())? {
        Found::Schedule(found) => gain(case, &found),
        Found::Impossible | Found::Undecided => Gain::default(),
    })
}

fn gain(case: &Case, found: &Schedule) -> Gain {
    let school = &case.school;
    let total = objective::total(school, found) - objective::total(school, &case.schedule);
    let mut met = [0; 3];
    let (before, then) = (case.met(&case.schedule), case.met(found));
    for need in school.need_ids() {
        met[school[need].priority as usize] +=
            i64::from(then[need.index()]) - i64::from(before[need.index()]);
    }
    if total > 0.0 { Gain { total, met } } else { Gain::default() }
}
