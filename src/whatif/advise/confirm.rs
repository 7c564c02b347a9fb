//! What a change gains, found by solving again around it from the running schedule: with the change, and without it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::objective;
use crate::model::scope::people;
use crate::schedule::{Activity, Schedule};
use crate::school::*;
use crate::whatif::case::{Case, Origin};
use crate::whatif::part::{Found, Free, Solver};

use super::prices::Prices;
use super::sieve::Candidate;

/// Blocks in which a change is tried that one block uses up, the dearest first.
const BLOCKS: usize = 4;
/// Blocks in which one is tried that serves all week.
const WEEK: usize = 8;
/// Students who may move: those who lack something, and those in sessions they could join.
const MOST_LACKING: usize = 60;
const MOST_STUDENTS: usize = 90;

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
    without: BTreeMap<(Vec<OfferingId>, Vec<BlockId>), Gain>,
}

impl<'a> Confirming<'a> {
    pub fn new(origin: &'a Origin, case: &'a Case, solver: &'a Solver, prices: &'a Prices) -> Self {
        Self { origin, case, solver, prices, without: BTreeMap::new() }
    }

    /// What the change gains. `None`: nothing, or the school could not make it.
    ///
    /// # Errors
    /// The engine fails.
    pub fn confirm(&mut self, candidate: &Candidate) -> anyhow::Result<Option<Gain>> {
        let Ok(changed) = self.origin.case(Some(&candidate.change.scenario)) else { return Ok(None) };
        let there = Solver {
            school: &changed.school,
            sets: &changed.sets,
            stop: self.solver.stop.clone(),
            ..*self.solver
        };
        let mut best: Option<Gain> = None;
        for blocks in self.tries(&changed, candidate) {
            if self.solver.over() {
                break;
            }
            let here = blocks.iter().filter_map(|name| named(&changed.school, name)).collect::<Vec<_>>();
            let mut gain = around(&changed, &there, &candidate.offerings, &here)?;
            let without = self.without(candidate, &blocks)?;
            gain.total -= without.total;
            (0..3).for_each(|at| gain.met[at] -= without.met[at]);
            if best.is_none_or(|best| gain.total > best.total) {
                best = Some(gain);
            }
        }
        Ok(best.filter(|best| best.total > 1e-6))
    }

    fn without(&mut self, candidate: &Candidate, blocks: &[String]) -> anyhow::Result<Gain> {
        let blocks: Vec<BlockId> = blocks.iter().filter_map(|name| named(&self.case.school, name)).collect();
        let key = (candidate.offerings.clone(), blocks);
        if let Some(known) = self.without.get(&key) {
            return Ok(*known);
        }
        let gain = around(self.case, self.solver, &key.0, &key.1)?;
        self.without.insert(key, gain);
        Ok(gain)
    }

    /// Blocks, by name, in which to try the change: one after the other where it serves all week, else one at a
    /// time. The dearest come first, then those in which most students who lack something have nothing.
    fn tries(&self, changed: &Case, candidate: &Candidate) -> Vec<Vec<String>> {
        let Case { school, .. } = self.case;
        let known: BTreeSet<&str> = school.blocks.iter().map(|block| block.id.as_str()).collect();
        let added = changed.school.blocks.iter().filter(|block| !known.contains(block.id.as_str()));
        let added: Vec<Vec<String>> = added.map(|block| vec![block.id.clone()]).collect();
        if !added.is_empty() {
            return added;
        }
        let mut blocks: Vec<(BlockId, f64, usize)> = (candidate.blocks.iter())
            .filter(|&&block| self.could_serve(candidate, block))
            .map(|&block| {
                let price = self.prices.seat(&candidate.offerings, &BTreeSet::from([block]));
                (block, price, self.idle(candidate, block))
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

    /// Students who lack what the offerings meet and have nothing in the block.
    fn idle(&self, candidate: &Candidate, block: BlockId) -> usize {
        let Case { sets, schedule, .. } = self.case;
        let here = schedule.sessions.iter().filter(|s| sets.overlapping[block.index()].contains(&s.block));
        let busy: BTreeSet<StudentId> =
            here.flat_map(|session| session.attendances.iter().map(|at| at.student)).collect();
        let lacking = lacking(self.case, schedule, &candidate.offerings, block);
        lacking.iter().filter(|&student| !busy.contains(student)).count()
    }
}

fn named(school: &School, name: &str) -> Option<BlockId> {
    school.block_ids().find(|&block| school[block].id == name)
}

fn serves(offerings: &[OfferingId], activity: Activity) -> bool {
    matches!(activity, Activity::Offering(o) if offerings.contains(&o))
}

/// Who lacks what the offerings meet and could come in the block, the most urgent first.
fn lacking(case: &Case, schedule: &Schedule, offerings: &[OfferingId], block: BlockId) -> Vec<StudentId> {
    let Case { school, sets, .. } = case;
    let met = case.met(schedule);
    let lacks = |need: &NeedId| {
        met[need.index()] < school[*need].sessions
            && sets.offerings_of[need.index()].iter().any(|o| offerings.contains(o))
            && school.student_free[(school[*need].student, block)]
    };
    let mut lacking: Vec<NeedId> = school.need_ids().filter(lacks).collect();
    lacking.sort_by_key(|&need| school[need].priority);
    let mut seen = BTreeSet::new();
    lacking.into_iter().map(|need| school[need].student).filter(|&student| seen.insert(student)).collect()
}

/// Solves the parts around some offerings in one block after the other.
fn around(
    case: &Case,
    solver: &Solver,
    offerings: &[OfferingId],
    blocks: &[BlockId],
) -> anyhow::Result<Gain> {
    let mut schedule = case.schedule.clone();
    for &block in blocks {
        if let Some(found) = part(case, solver, &schedule, offerings, block)?
            && objective::total(&case.school, &found) > objective::total(&case.school, &schedule)
        {
            schedule = found;
        }
    }
    Ok(gain(case, &schedule))
}

/// The part around some offerings in a block: who lacks them, who sits in their sessions then, who leads.
fn part(
    case: &Case,
    solver: &Solver,
    schedule: &Schedule,
    offerings: &[OfferingId],
    block: BlockId,
) -> anyhow::Result<Option<Schedule>> {
    let Case { school, sets, .. } = case;
    let hour: BTreeSet<BlockId> = sets.overlapping[block.index()].iter().copied().collect();
    let mut free = Free::nothing(school);
    let mut moving: BTreeSet<StudentId> =
        lacking(case, schedule, offerings, block).into_iter().take(MOST_LACKING).collect();
    for session in &schedule.sessions {
        if serves(offerings, session.activity)
            && hour.contains(&session.block)
            && moving.len() < MOST_STUDENTS
        {
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
        Found::Schedule(found) => Some(found),
        Found::Impossible | Found::Undecided => None,
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
