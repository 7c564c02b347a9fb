//! microlp: pure Rust, nothing to install; branch and bound without cuts or heuristics.

use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use good_lp::SolverModel;
use microlp::{OptimizationDirection, ResumeOptions, SolveOptions, SolveOutcome, TerminationReason};

use super::solver::{Answer, Limits, Relaxation, SolveStatus, Solver};
use crate::model::program::Program;

/// How long microlp runs between two looks at the stop flag.
const SLICE: Duration = Duration::from_millis(250);

pub struct Microlp;

impl Solver for Microlp {
    fn solve(&self, program: &Program, limits: &Limits, start: Option<&[f64]>) -> anyhow::Result<Answer> {
        let problem = problem(program, true);
        let variables = variables(program.variables.len());
        let began = Instant::now();
        let left = |began: Instant| limits.time.map(|time| time.saturating_sub(began.elapsed()));
        let mut options = SolveOptions::default();
        options.mip_gap = limits.gap;
        options.node_limit = limits.nodes;
        options.time_limit = Some(left(began).map_or(SLICE, |left| left.min(SLICE)));
        options.warm_start =
            start.map(|values| variables.iter().copied().zip(values.iter().copied()).collect());
        let Some(mut outcome) = unless_infeasible(problem.as_inner().solve_with(options))? else {
            return Ok(infeasible());
        };
        while outcome.termination_reason() == TerminationReason::TimeLimit
            && !limits.stopped()
            && left(began).is_none_or(|left| !left.is_zero())
        {
            let mut options: ResumeOptions = outcome.last_resume_options();
            options.time_limit = Some(left(began).map_or(SLICE, |left| left.min(SLICE)));
            let Some(next) = unless_infeasible(outcome.resume_with(options))? else {
                return Ok(infeasible());
            };
            outcome = next;
        }
        Ok(answer(program, &outcome, &variables, limits))
    }

    fn relax(&self, program: &Program, time: Option<Duration>) -> anyhow::Result<Relaxation> {
        let problem = problem(program, false);
        let mut options = SolveOptions::default();
        options.time_limit = time;
        let outcome = problem.as_inner().solve_with(options).map_err(failed)?;
        let Some(solution) = outcome.solution().filter(|_| outcome.is_optimal()) else {
            bail!("microlp did not finish the relaxation in time");
        };
        let values = solution.iter().map(|(_, value)| value).collect();
        let bound = solution.objective() + program.objective.constant;
        Ok(Relaxation { bound, values, prices: Vec::new() })
    }
}

/// `None` where no solution exists.
fn unless_infeasible(outcome: Result<SolveOutcome, microlp::Error>) -> anyhow::Result<Option<SolveOutcome>> {
    match outcome {
        Err(microlp::Error::Infeasible) => Ok(None),
        outcome => outcome.map(Some).map_err(failed),
    }
}

fn failed(error: microlp::Error) -> anyhow::Error {
    anyhow!("microlp: {error}")
}

fn problem(program: &Program, integer: bool) -> good_lp::solvers::microlp::MicroLpProblem {
    let (unsolved, variables) = program.for_good_lp(integer);
    let mut problem = unsolved.using(good_lp::microlp);
    for constraint in program.constraints(&variables) {
        problem.add_constraint(constraint);
    }
    problem
}

/// microlp numbers variables in the order in which they are added, so that those of any problem will do.
fn variables(count: usize) -> Vec<microlp::Variable> {
    let mut counter = microlp::Problem::new(OptimizationDirection::Maximize);
    (0..count).map(|_| counter.add_var(0.0, (0.0, 0.0))).collect()
}

fn infeasible() -> Answer {
    Answer { values: None, bound: f64::NEG_INFINITY, status: SolveStatus::Infeasible }
}

fn answer(
    program: &Program,
    outcome: &SolveOutcome,
    variables: &[microlp::Variable],
    limits: &Limits,
) -> Answer {
    let values = outcome
        .solution()
        .map(|solution| variables.iter().map(|&variable| solution.var_value(variable)).collect());
    let status = match outcome.termination_reason() {
        TerminationReason::ProvenOptimal => SolveStatus::Optimal,
        TerminationReason::MipGap => SolveStatus::GapReached,
        _ if limits.stopped() => SolveStatus::Stopped,
        _ => SolveStatus::Limit,
    };
    let proven = match (status, outcome.solution()) {
        (SolveStatus::Optimal, Some(solution)) => Some(solution.objective()),
        _ => outcome.stats().best_bound,
    };
    let bound = proven.map_or(f64::INFINITY, |bound| bound + program.objective.constant);
    Answer { values, bound, status }
}
