//! The part of a schedule around what is unmet: some offerings in one block, those who lack them, those who sit in
//! their sessions then, and those who could lead them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::objective;
use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule};
use crate::school::*;

use super::case::met;
use super::part::{Found, Free, Solver};

/// Students who may move: those who lack something, and those in sessions they could join.
const MOST_LACKING: usize = 60;
const MOST_STUDENTS: usize = 90;
/// How often a block in which nothing takes place yet is filled further.
pub const ROUNDS: usize = 2;
/// Old blocks in which unmet needs of one kind are tried again.
const BLOCKS: usize = 4;

/// Unmet needs with their value, the most urgent first.
pub type Unmet = Vec<(NeedId, f64)>;

/// Unmet needs, those together that the same offerings meet at the same site.
pub fn unmet(school: &School, sets: &Sets, schedule: &Schedule) -> Vec<(Vec<OfferingId>, Unmet)> {
    let met = met(school, &schedule.sessions);
    let mut kinds: BTreeMap<(Vec<OfferingId>, Option<SiteId>), Unmet> = BTreeMap::new();
    for need in school.need_ids().filter(|&need| met[need.index()] < school[need].sessions) {
        let missing = f64::from(school[need].sessions - met[need.index()]);
        let key = (sets.offerings_of[need.index()].clone(), school[school[need].student].site);
        let value = missing * school.weights.priority(school[need].priority);
        kinds.entry(key).or_default().push((need, value));
    }
    let sorted = kinds.into_iter().map(|((offerings, _), mut needs)| {
        needs.sort_by_key(|&(need, _)| school[need].priority);
        (offerings, needs)
    });
    sorted.collect()
}

pub fn serves(offerings: &[OfferingId], activity: Activity) -> bool {
    matches!(activity, Activity::Offering(o) if offerings.contains(&o))
}

/// Who lacks what the offerings meet and could come in the block, the most urgent first.
fn lacking(solver: &Solver, schedule: &Schedule, offerings: &[OfferingId], block: BlockId) -> Vec<StudentId> {
    let Solver { school, sets, .. } = solver;
    let met = met(school, &schedule.sessions);
    let lacks = |need: &NeedId| {
        met[need.index()] < school[*need].sessions
            && sets.offerings_of[need.index()].iter().any(|o| offerings.contains(o))
            && school[*need].may_be_met_in(&school[block])
            && school.student_free[(school[*need].student, block)]
    };
    let mut lacking: Vec<NeedId> = school.need_ids().filter(lacks).collect();
    lacking.sort_by_key(|&need| school[need].priority);
    let mut seen = BTreeSet::new();
    lacking.into_iter().map(|need| school[need].student).filter(|&student| seen.insert(student)).collect()
}

/// How many of them have nothing then.
pub fn idle(solver: &Solver, schedule: &Schedule, offerings: &[OfferingId], block: BlockId) -> usize {
    let at_once = &solver.sets.overlapping[block.index()];
    let here = schedule.sessions.iter().filter(|session| at_once.contains(&session.block));
    let busy: BTreeSet<StudentId> =
        here.flat_map(|session| session.attendances.iter().map(|at| at.student)).collect();
    lacking(solver, schedule, offerings, block).iter().filter(|&student| !busy.contains(student)).count()
}

/// Solves the part. `None`: nothing better was found.
///
/// # Errors
/// The engine fails.
pub fn better(
    solver: &Solver,
    schedule: &Schedule,
    offerings: &[OfferingId],
    block: BlockId,
) -> anyhow::Result<Option<Schedule>> {
    let Solver { school, sets, .. } = solver;
    let hour: BTreeSet<BlockId> = sets.overlapping[block.index()].iter().copied().collect();
    let mut free = Free::nothing(school);
    let mut moving: BTreeSet<StudentId> =
        lacking(solver, schedule, offerings, block).into_iter().take(MOST_LACKING).collect();
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
    let found = match solver.solve(schedule, free, &[], &moves, |_| ())? {
        Found::Schedule(found) => found,
        Found::Impossible | Found::Undecided => return Ok(None),
    };
    let more = objective::gain(school, schedule, &found) > 1e-6;
    Ok(more.then_some(found))
}

/// Meets what is unmet where that takes no search: in blocks in which nothing takes place yet, then kind by kind, what
/// is worth most first, where most who lack it have nothing. Ends with the time of the solver.
///
/// # Errors
/// The engine fails.
pub fn filled(solver: &Solver, mut schedule: Schedule) -> anyhow::Result<Schedule> {
    let Solver { school, sets, .. } = solver;
    let mut kinds = unmet(school, sets, &schedule);
    kinds.sort_by(|(_, a), (_, b)| worth(b).total_cmp(&worth(a)));
    let all: BTreeSet<OfferingId> = kinds.iter().flat_map(|(offerings, _)| offerings).copied().collect();
    let all: Vec<OfferingId> = all.into_iter().collect();
    let used: BTreeSet<BlockId> = (schedule.sessions.iter().map(|session| session.block))
        .chain(schedule.meetings.iter().map(|meeting| meeting.block))
        .collect();
    let empty = school.block_ids().filter(|block| !used.contains(block));
    let mut tries: Vec<(&[OfferingId], BlockId)> =
        empty.flat_map(|block| std::iter::repeat_n((&all[..], block), ROUNDS)).collect();
    for (offerings, _) in &kinds {
        let mut blocks: Vec<(usize, BlockId)> = school
            .block_ids()
            .filter(|&block| offerings.iter().any(|o| sets.blocks_of[o.index()].contains(&block)))
            .map(|block| (idle(solver, &schedule, offerings, block), block))
            .filter(|&(idle, _)| idle > 0)
            .collect();
        blocks.sort_by_key(|&(idle, block)| (std::cmp::Reverse(idle), block));
        tries.extend(blocks.into_iter().take(BLOCKS).map(|(_, block)| (&offerings[..], block)));
    }
    for (offerings, block) in tries {
        if solver.over() {
            break;
        }
        if let Some(found) = better(solver, &schedule, offerings, block)? {
            schedule = found;
        }
    }
    Ok(schedule)
}

fn worth(unmet: &Unmet) -> f64 {
    unmet.iter().map(|&(_, value)| value).sum()
}
