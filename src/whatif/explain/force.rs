//! What it would take to meet one more session of a need, found by solving the part of the model around it.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::model::engine::{Engine, Limits, SolveStatus};
use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::model::scope::Scope;
use crate::model::{build, objective};
use crate::schedule::{Activity, Schedule};
use crate::school::*;
use crate::whatif::case::{Case, NeedName};
use crate::whatif::part::{Found, Free, Solver};

/// The row that asks for the session.
const FORCED: &str = "whatif.forced";
/// Students of the sessions that could meet the need who may move for it, and others who lack it too.
const MOST_STUDENTS: usize = 100;
const MOST_LACKING: usize = 20;
/// Needs x blocks and variables of a school that is asked as a whole, and variables x nodes spent on it.
const MOST_CELLS: usize = 20_000;
const MOST_VARIABLES: usize = 4_000;
const EFFORT: u64 = 400_000;
/// Part of the time left for that.
const SHARE: f64 = 0.5;

/// A schedule in which the session is met, compared with the present one.
#[derive(Clone, Debug)]
pub struct Forced {
    /// Of the whole school.
    pub gain: f64,
    /// Sessions of needs that are then missing, and those that are then met besides.
    pub loses: Vec<(NeedName, u32)>,
    pub gains: Vec<(NeedName, u32)>,
    pub schedule: Schedule,
}

/// What asking for a session came to.
#[derive(Clone, Debug)]
pub enum Outcome {
    Met(Box<Forced>),
    /// Proven: by no schedule of the school.
    Impossible,
    /// By no part of the school that was asked.
    NotFound,
    /// Not decided within the limits.
    Undecided,
}

/// Meets one session more of the need than the schedule, at the least cost to others: in each block in turn, with the
/// sessions that run there.
///
/// # Errors
/// The engine fails.
pub fn force(case: &Case, solver: &Solver, need: NeedId) -> anyhow::Result<Outcome> {
    let met = case.met(&case.schedule);
    let least = met[need.index()] + 1;
    let student = case.school[need].student;
    let busy = busy(case);
    let mut best: Option<Forced> = None;
    let mut decided = true;
    for block in hours(case, need) {
        if solver.over() {
            decided = false;
            break;
        }
        let hour: BTreeSet<BlockId> = case.sets.overlapping[block.index()].iter().copied().collect();
        let free = around(case, need, &hour);
        let moves = |i: StudentId, block: BlockId| {
            i == student || hour.contains(&block) || !busy.contains(&(i, block))
        };
        let found = solver.solve(&case.schedule, free, &[], &moves, |model| demand(model, need, least))?;
        match found {
            Found::Schedule(schedule) => {
                let forced = compare(case, &met, schedule);
                let harmless = forced.loses.is_empty() && forced.gain > 0.0;
                if best.as_ref().is_none_or(|best| forced.gain > best.gain) {
                    best = Some(forced);
                }
                if harmless {
                    break;
                }
            }
            Found::Impossible => {}
            Found::Undecided => decided = false,
        }
    }
    Ok(match best {
        Some(best) => Outcome::Met(Box::new(best)),
        None if hours(case, need).is_empty() => Outcome::Impossible,
        None if decided => Outcome::NotFound,
        None => Outcome::Undecided,
    })
}

/// What the parts came to, asked of the whole school where that is small enough for the engine: a better way to meet the
/// need, or whether it is proven that there is none.
pub fn prove(case: &Case, solver: &Solver, need: NeedId, tested: Outcome) -> (Outcome, bool) {
    let Case { school, sets, schedule } = case;
    if matches!(tested, Outcome::Impossible) {
        return (tested, true);
    }
    if solver.over() || school.needs.len() * school.blocks.len() > MOST_CELLS {
        return (tested, false);
    }
    let scope = Scope::whole();
    let mut model = build::build(school, sets, &scope);
    let variables = model.program.variables.len();
    // A program without room for all groups that a coach may have proves nothing.
    if variables > MOST_VARIABLES || model.groups.limited {
        return (tested, false);
    }
    let met = case.met(schedule);
    demand(&mut model, need, met[need.index()] + 1);
    let limits = Limits {
        time: Some(solver.deadline.saturating_duration_since(Instant::now()).mul_f64(SHARE)),
        gap: 0.0,
        nodes: Some(EFFORT / variables.max(20) as u64),
        threads: 1,
        seed: 0,
        stop: solver.stop.clone(),
    };
    let start = match &tested {
        Outcome::Met(forced) => Some(&forced.schedule),
        _ => None,
    };
    // Without an answer what the parts found still holds.
    let Ok(solved) = Engine::new(solver.engine).solve(&model, &limits, start) else { return (tested, false) };
    let proven = matches!(solved.status, SolveStatus::Optimal | SolveStatus::Infeasible);
    let Some((found, _)) = solved.schedule else {
        return match (solved.status, &tested) {
            (SolveStatus::Infeasible, Outcome::NotFound | Outcome::Undecided) => (Outcome::Impossible, true),
            _ => (tested, false),
        };
    };
    let found = compare(case, &met, found);
    match tested {
        Outcome::Met(known) if known.gain >= found.gain - 1e-6 => (Outcome::Met(known), proven),
        _ => (Outcome::Met(Box::new(found)), proven),
    }
}

/// Asks for so many sessions of the need, and for all of those that the same attendances would meet first.
fn demand(model: &mut Formulation, need: NeedId, least: u32) {
    let Some(request) = model.requests.of_need(need) else { return };
    let needs = &model.requests.all[request].needs;
    let at = needs.iter().position(|&other| other == need);
    let met = at.map(|at| model.met[request][at].clone()).unwrap_or_default();
    let rank = |at: usize| (model.school[needs[at]].priority, at);
    let first = (0..needs.len()).filter(|&other| at.is_some_and(|at| rank(other) < rank(at)));
    let first: Vec<(u32, LinExpr)> =
        first.map(|other| (model.school[needs[other]].sessions, model.met[request][other].clone())).collect();
    model.program.at_most(FORCED, LinExpr::constant(f64::from(least)), &met);
    for (sessions, met) in first {
        model.program.at_most(FORCED, LinExpr::constant(f64::from(sessions)), &met);
    }
}

fn compare(case: &Case, met: &[u32], schedule: Schedule) -> Forced {
    let school = &case.school;
    let then = case.met(&schedule);
    let gain = objective::gain(school, &case.schedule, &schedule);
    let differing = |from: &[u32], to: &[u32]| -> Vec<(NeedName, u32)> {
        let less = |need: NeedId| from[need.index()].checked_sub(to[need.index()]).filter(|&less| less > 0);
        school.need_ids().filter_map(|need| Some((NeedName::of(school, need), less(need)?))).collect()
    };
    Forced { gain, loses: differing(met, &then), gains: differing(&then, met), schedule }
}

/// Blocks in which the student could come and an offering for the need may run.
pub fn hours(case: &Case, need: NeedId) -> BTreeSet<BlockId> {
    let Case { school, sets, .. } = case;
    sets.blocks_for(school, need)
        .filter(|&block| school.student_free[(school[need].student, block)])
        .collect()
}

/// The student, those in sessions that could meet the need, others who lack it too, and who could lead it.
fn around(case: &Case, need: NeedId, hours: &BTreeSet<BlockId>) -> Free {
    let Case { school, sets, schedule } = case;
    let offerings = &sets.offerings_of[need.index()];
    let mut free = Free::nothing(school);
    let mut moving = BTreeSet::from([school[need].student]);
    let met = case.met(schedule);
    let idle = |student: StudentId| hours.iter().any(|&b| school.student_free[(student, b)]);
    let lacks = |other: &NeedId| {
        met[other.index()] < school[*other].sessions
            && idle(school[*other].student)
            && sets.offerings_of[other.index()].iter().any(|o| offerings.contains(o))
    };
    moving.extend(school.need_ids().filter(lacks).map(|other| school[other].student).take(MOST_LACKING));
    for session in &schedule.sessions {
        let serves = matches!(session.activity, Activity::Offering(o) if offerings.contains(&o));
        if serves && hours.contains(&session.block) && moving.len() < MOST_STUDENTS {
            moving.extend(session.attendances.iter().map(|at| at.student));
        }
    }
    moving.iter().for_each(|&student| free.student(student));
    for &o in offerings {
        for &staff in &sets.leads_of[o.index()] {
            let there = hours.iter().filter(|&&block| school.staff_free[(staff, block)]);
            there.for_each(|&block| free.cell(staff, block));
        }
    }
    free
}

/// Where students are.
fn busy(case: &Case) -> BTreeSet<(StudentId, BlockId)> {
    let Case { sets, schedule, .. } = case;
    let mut busy = BTreeSet::new();
    for session in &schedule.sessions {
        for &block in &sets.overlapping[session.block.index()] {
            busy.extend(session.attendances.iter().map(|at| (at.student, block)));
        }
    }
    busy
}
