//! The whole model handed to the engine at once, to measure the search against.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use super::build;
use super::engine::{Engine, Limits, SolveStatus};
use super::formulation::Formulation;
use super::observer::{Observer, Progress};
use super::options::Options;
use super::program::LinExpr;
use super::scope::Scope;
use super::search::quick_bound;
use super::sets::Sets;
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::School;

/// Solves the whole school in one program.
///
/// # Errors
/// When no schedule exists, none was found within the limits, or the engine fails.
pub fn monolith(
    school: &School,
    sets: &Sets,
    options: &Options,
    observer: &mut dyn Observer,
) -> anyhow::Result<(Schedule, Outcome)> {
    let began = Instant::now();
    let tell = |observer: &mut dyn Observer, phase, total, bound| {
        observer.progress(&Progress { phase, total, bound, seconds: began.elapsed().as_secs_f64() });
    };
    tell(observer, "build", None, None);
    let scope = Scope::whole();
    let model = build::build(school, sets, &scope);
    tell(observer, "solve", None, None);
    let limits = Limits {
        time: options.time_limit.map(|time| time.saturating_sub(began.elapsed())),
        gap: options.gap,
        nodes: None,
        threads: options.threads,
        seed: options.seed,
        stop: Arc::clone(&options.stop),
    };
    let solved = Engine::solve_by_any(options.engine, &model, &limits, None, |told| observer.trouble(told))?;
    if solved.status == SolveStatus::Infeasible {
        return Err(contradiction(&model));
    }
    let (schedule, total) = solved.schedule.ok_or_else(not_found)?;
    tell(observer, "solve", Some(total), Some(solved.bound));
    let status = match solved.status {
        SolveStatus::Optimal => Status::Optimal,
        SolveStatus::GapReached => Status::GapReached,
        SolveStatus::Stopped => Status::Interrupted,
        SolveStatus::Limit | SolveStatus::Infeasible => Status::TimeLimit,
    };
    // A coach may have more groups than the program has room for: what it proves then holds for less than all schedules.
    let (status, bound) = match (model.groups.limited, status) {
        (false, _) => (status, solved.bound.max(total)),
        (true, Status::Optimal | Status::GapReached) => {
            (Status::Feasible, quick_bound(school, sets).max(total))
        }
        (true, _) => (status, quick_bound(school, sets).max(total)),
    };
    let seconds = began.elapsed().as_secs_f64();
    Ok((schedule, Outcome { status, total, bound, seconds }))
}

/// The first schedule that the engine finds, whatever its total: a start for the search.
///
/// # Errors
/// When no schedule exists, none was found in the time left, or the engine fails.
pub fn first_schedule(
    school: &School,
    sets: &Sets,
    options: &Options,
    time: Option<Duration>,
    observer: &mut dyn Observer,
) -> anyhow::Result<Schedule> {
    let scope = Scope::whole();
    let mut model = build::build(school, sets, &scope);
    model.program.objective = LinExpr::default();
    let limits = Limits {
        time,
        gap: 1.0,
        nodes: None,
        threads: options.threads,
        seed: options.seed,
        stop: Arc::clone(&options.stop),
    };
    let solved = Engine::solve_by_any(options.engine, &model, &limits, None, |told| observer.trouble(told))?;
    if solved.status == SolveStatus::Infeasible {
        return Err(contradiction(&model));
    }
    solved.schedule.map(|(schedule, _)| schedule).ok_or_else(not_found)
}

fn not_found() -> anyhow::Error {
    anyhow!(
        "no schedule was found, which does not prove that there is none: allow more time, try another --seed, or let \
         `leerzone explain DIR` look for pins, pairs, packages and budgets that stand in each other's way"
    )
}

/// What it means that the model has no solution: that the rules contradict each other only where it leaves nothing out.
fn contradiction(model: &Formulation) -> anyhow::Error {
    if model.groups.limited {
        return not_found();
    }
    let family = model.program.contradiction.map_or(String::new(), |family| format!(" ({family})"));
    anyhow!(
        "the rules contradict each other: no schedule holds them all{family}; `leerzone explain DIR` finds the \
         smallest set that conflicts"
    )
}
