//! Solves combinations side by side: as many at once as there are workers, which share them out.

use std::path::Path;

use anyhow::bail;
use serde_json::Value;

use crate::model::{self, Observer, Options};
use crate::parallel::par_map;
use crate::read::first_error;
use crate::write::{self, Run, Written};

use super::combination::Combination;
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

/// Solves all of them; each is judged by the referee, or missing with the reason. A stop leaves out what
/// has not begun.
fn run(combinations: &[Combination], job: &Job, watch: &dyn Watch) -> Vec<Result<Evaluated, Missing>> {
    let (at_once, threads) = shares(job.options.threads, combinations.len());
    let memory_limit = job.options.memory_limit.map(|bytes| bytes / at_once as u64);
    let share = Options { threads, memory_limit, ..job.options.clone() };
    par_map(at_once, combinations, |combination| {
        let result = one(combination, job, &share, watch)
            .map_err(|error| Missing { name: combination.name.clone(), why: format!("{error:#}") });
        watch.done(combination, &result);
        result
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

/// `share`: what one of those that run at once may use.
fn one(
    combination: &Combination,
    job: &Job,
    share: &Options,
    watch: &dyn Watch,
) -> anyhow::Result<Evaluated> {
    if job.options.stopped() {
        bail!("stopped before it began");
    }
    let options = Options { seed: combination.seed, ..share.clone() };
    let mut told = combination.told(job.told);
    told["threads"] = share.threads.into();
    let read = combination.read();
    let out = job.out.join(&combination.name);
    let mut observer = watch.start(combination);
    solve(
        &read,
        &options,
        Run {
            input_hash: read.hash.clone(),
            engine: job.engine.to_owned(),
            options: told,
            scenario: read.scenario.title(),
        },
        &out,
        observer.as_mut(),
    )?;
    drop(observer);
    evaluate(combination, &read, &out)
}

fn solve(
    read: &super::combination::Read,
    options: &Options,
    run: Run,
    out: &Path,
    observer: &mut dyn Observer,
) -> anyhow::Result<Written> {
    let Some(school) = &read.reading.school else { bail!(first_error(&read.reading.problems)) };
    let (schedule, outcome) = model::solve(school, options, observer)?;
    write::write_schedule(school, &schedule, &outcome, &run, out)
}
