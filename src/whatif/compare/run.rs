//! Solves combinations side by side: as many at once as there are workers, which share them out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::bail;
use serde_json::Value;

use crate::model::{self, Observer, Options, objective};
use crate::parallel::par_map;
use crate::read::first_error;
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::School;
use crate::whatif::start;
use crate::write::{self, Run};

use super::combination::{Combination, Read};
use super::{Comparison, Evaluated, Measure, Missing, evaluate};

/// How all combinations are solved.
pub struct Job<'a> {
    /// The workers are for all combinations together.
    pub options: &'a Options,
    /// What `summary.json` tells of them.
    pub told: &'a Value,
    /// Name and version of the engine.
    pub engine: &'a str,
    /// Each combination gets a folder in it.
    pub out: &'a Path,
}

/// Watches the solves, which run side by side.
pub trait Watch: Sync {
    fn start(&self, combination: &Combination) -> Box<dyn Observer + '_>;
    fn done(&self, combination: &Combination, result: &Result<Evaluated, Missing>);
}

/// How many run at once, and the workers of each.
pub fn shares(workers: usize, combinations: usize) -> (usize, usize) {
    let at_once = workers.clamp(1, combinations.max(1));
    (at_once, (workers / at_once).max(1))
}

/// Part of the time limit after which the school without a change is what the changed one goes on from.
const BEFORE: f64 = 0.5;
/// Difference below which two totals are the same.
const SAME: f64 = 1e-6;

/// Solves all of them; each is judged by the referee, or missing with the reason. A stop leaves out what
/// has not begun. A change is searched on from the school without it, and that goes on with the same effort: what they
/// differ by then comes from the change. One that only adds is never worse.
fn run(combinations: &[Combination], job: &Job, watch: &dyn Watch) -> Vec<Result<Evaluated, Missing>> {
    let (at_once, threads) = shares(job.options.threads, combinations.len());
    let memory_limit = job.options.memory_limit.map(|bytes| bytes / at_once as u64);
    let share = Options { threads, memory_limit, ..job.options.clone() };
    let runs: Vec<One> =
        combinations.iter().map(|combination| One { combination, job, share: &share, watch }).collect();
    let base_of: Vec<Option<usize>> = combinations.iter().map(|one| base_of(combinations, one)).collect();
    let bases: Vec<usize> = (0..runs.len()).filter(|&at| base_of.contains(&Some(at))).collect();
    let half = share.time_limit.map(|limit| limit.mul_f64(BEFORE));
    let begun: BTreeMap<usize, Solved> =
        bases.iter().copied().zip(par_map(at_once, &bases, |&at| runs[at].solve(half, None))).collect();
    let all: Vec<usize> = (0..runs.len()).collect();
    let done = |at: usize, solved: Solved| {
        let result = runs[at].judged(solved, base_of[at].map(|base| combinations[base].name.clone()));
        watch.done(runs[at].combination, &result);
        result
    };
    let mut solved = par_map(at_once, &all, |&at| {
        let solved = match (begun.get(&at), base_of[at].and_then(|base| begun.get(&base))) {
            (Some(Err(why)), _) => Err(why.clone()),
            (Some(Ok(known)), _) if known.proven => Ok(*known),
            (Some(Ok(known)), _) => runs[at].solve(half, Some((&runs[at], *known))),
            (None, Some(Ok(base))) => runs[at].solve(half, base_of[at].map(|of| (&runs[of], *base))),
            (None, _) => runs[at].solve(share.time_limit, None),
        };
        // What depends on no other is told at once.
        let judged = base_of[at].is_none().then(|| done(at, solved.clone()));
        (solved, judged)
    });
    for at in all {
        if let (Some(of), Ok(one)) = (base_of[at], &solved[at].0)
            && let Ok(base) = solved[of].0
            && one.goes_on
            && one.total < base.total - SAME
        {
            solved[at].0 = runs[at].take_over(&runs[of], *one);
        }
    }
    let all = solved.into_iter().enumerate();
    all.map(|(at, (solved, judged))| judged.unwrap_or_else(|| done(at, solved))).collect()
}

/// The combination with the same school, layout and seed that leaves the change out.
fn base_of(combinations: &[Combination], one: &Combination) -> Option<usize> {
    combinations.iter().position(|other| {
        let changes = |one: &Combination| one.scenarios.len() + one.sets.len();
        other.dir == one.dir
            && other.layout == one.layout
            && other.seed == one.seed
            && other.scenarios.is_empty()
            && (other.sets.is_empty() || other.sets == one.sets)
            && changes(other) < changes(one)
    })
}

/// The comparison of all of them, the best by the measure first.
pub fn compare(combinations: &[Combination], job: &Job, watch: &dyn Watch, by: Measure) -> Comparison {
    let (mut judged, mut missing) = (Vec::new(), Vec::new());
    for result in run(combinations, job, watch) {
        match result {
            Ok(one) => judged.push(one),
            Err(one) => missing.push(one),
        }
    }
    Comparison::new(judged, missing, by)
}

/// What became of a run, or why nothing did.
type Solved = Result<Known, String>;

#[derive(Clone, Copy)]
struct Known {
    total: f64,
    bound: f64,
    proven: bool,
    /// Whether it was searched on from the school without the change.
    goes_on: bool,
}

/// One combination and how it is solved.
struct One<'a> {
    combination: &'a Combination,
    job: &'a Job<'a>,
    /// What one of those that run at once may use.
    share: &'a Options,
    watch: &'a dyn Watch,
}

impl One<'_> {
    fn out(&self) -> PathBuf {
        self.job.out.join(&self.combination.name)
    }

    /// Solves and writes it, on from what `from` has written where that is worth as much here as there.
    fn solve(&self, time_limit: Option<Duration>, from: Option<(&One, Known)>) -> Solved {
        self.try_solve(time_limit, from).map_err(|error| format!("{error:#}"))
    }

    fn try_solve(&self, time_limit: Option<Duration>, from: Option<(&One, Known)>) -> anyhow::Result<Known> {
        if self.job.options.stopped() {
            bail!("stopped before it began");
        }
        let read = self.combination.read();
        let Some(school) = &read.reading.school else { bail!(first_error(&read.reading.problems)) };
        let mut options = Options { seed: self.combination.seed, time_limit, ..self.share.clone() };
        let began = Instant::now();
        let start = from.and_then(|(from, known)| {
            // What cannot be mended is no start.
            let start = start::read(school, &from.out(), true, &options).ok()?;
            (objective::total(school, &start) >= known.total - SAME).then_some(start)
        });
        // Alone it has all the time there is.
        let limit = if from.is_some() && start.is_none() { self.share.time_limit } else { time_limit };
        options.time_limit =
            limit.map(|limit| limit.saturating_sub(began.elapsed()).max(Duration::from_millis(1)));
        let mut observer = self.watch.start(self.combination);
        let (schedule, outcome) = model::solve_from(school, &options, start.as_ref(), observer.as_mut())?;
        drop(observer);
        self.write(&read, school, &schedule, &outcome)?;
        Ok(Known {
            total: outcome.total,
            bound: outcome.bound,
            proven: matches!(outcome.status, Status::Optimal | Status::GapReached),
            goes_on: start.is_some(),
        })
    }

    fn write(
        &self,
        read: &Read,
        school: &School,
        schedule: &Schedule,
        outcome: &Outcome,
    ) -> anyhow::Result<()> {
        let mut told = self.combination.told(self.job.told);
        told["threads"] = self.share.threads.into();
        let run = Run {
            input_hash: read.hash.clone(),
            engine: self.job.engine.to_owned(),
            options: told,
            scenario: read.scenario.title(),
        };
        write::write_schedule(school, schedule, outcome, &run, &self.out())?;
        Ok(())
    }

    /// The week of the school without the change, where that ended above the one with it.
    fn take_over(&self, base: &One, here: Known) -> Solved {
        let taken = || -> anyhow::Result<Known> {
            let read = self.combination.read();
            let Some(school) = &read.reading.school else { bail!(first_error(&read.reading.problems)) };
            let schedule = start::read(school, &base.out(), true, self.share)?;
            let total = objective::total(school, &schedule);
            if total < here.total {
                return Ok(here);
            }
            let bound = here.bound.max(total);
            let outcome = Outcome { status: Status::Feasible, total, bound, seconds: 0.0 };
            self.write(&read, school, &schedule, &outcome)?;
            Ok(Known { total, bound, ..here })
        };
        taken().map_err(|error| format!("{error:#}"))
    }

    fn judged(&self, solved: Solved, base: Option<String>) -> Result<Evaluated, Missing> {
        let judged = solved.map_err(anyhow::Error::msg).and_then(|known| {
            let mut judged = evaluate(self.combination, &self.combination.read(), &self.out())?;
            judged.goes_on_from = base.filter(|_| known.goes_on);
            Ok(judged)
        });
        judged.map_err(|error| Missing { name: self.combination.name.clone(), why: format!("{error:#}") })
    }
}
