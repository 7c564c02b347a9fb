//! `solve --resume`: keeps the best schedule of a run while it goes on, and takes up what an earlier one left.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::model::{Observer, Progress};
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::School;
use crate::whatif::resume::{self, Left};
use crate::write::{self, Run};

use super::progress::{note, number};

/// A run that ends sooner has little to lose.
const FIRST: Duration = Duration::from_secs(2);
/// At least so long from one time to the next.
const EVERY: Duration = Duration::from_secs(5);
/// And so many times as long as keeping took: that takes a twentieth of one processor at most.
const SHARE: u32 = 20;

/// Times as long as keeping takes, that the search must have left: what is kept shortly before the end is soon overtaken.
const WORTHWHILE: u32 = 5;

/// Hands a search on to whoever shows it and keeps its best schedule beside the output folder.
pub struct Checkpoint<'a> {
    shown: Box<dyn Observer>,
    school: &'a School,
    run: &'a Run,
    path: PathBuf,
    /// Total of what is kept of this input.
    kept: Option<f64>,
    /// `None`: it failed once, which was told.
    next: Option<Instant>,
    /// How long keeping takes.
    cost: Duration,
    /// When the search ends by itself; what has been found then is written anyway.
    end: Option<Instant>,
}

impl<'a> Checkpoint<'a> {
    /// `path`: [`write::kept_path`]. `kept`: the total of what an earlier run on the same input left there. `cost`: how
    /// long it takes to write a schedule. `limit`: time until the search ends by itself.
    pub fn new(
        shown: Box<dyn Observer>,
        school: &'a School,
        run: &'a Run,
        path: PathBuf,
        kept: Option<f64>,
        (cost, limit): (Duration, Option<Duration>),
    ) -> Self {
        let now = Instant::now();
        // No end that the clock can tell is none.
        let end = limit.and_then(|limit| now.checked_add(limit));
        Self { shown, school, run, path, kept, next: Some(now + FIRST), cost, end }
    }

    fn keep(&mut self, schedule: &Schedule, progress: &Progress) -> anyhow::Result<()> {
        let began = Instant::now();
        let total = progress.total.unwrap_or_default();
        let outcome = Outcome {
            status: Status::Interrupted,
            total,
            bound: progress.bound.unwrap_or(f64::INFINITY).max(total),
            seconds: progress.seconds,
        };
        let written = write::write_schedule(self.school, schedule, &outcome, self.run, &self.path)?;
        self.kept = Some(written.outcome.total);
        self.cost = began.elapsed();
        self.next = Some(Instant::now() + EVERY.max(self.cost * SHARE));
        Ok(())
    }

    /// The schedule with this total is in the output folder: what is kept is of no use any more, unless it is better.
    pub fn end(self, total: f64) -> Option<Left> {
        if let Some(kept) = self.kept
            && kept > total + 1e-9
        {
            return Some(Left { path: self.path, total: kept, ended: "killed" });
        }
        // One that stays is told and replaced by the next run.
        let _ = fs::remove_dir_all(&self.path);
        None
    }

    /// The error, with what is not lost by it.
    pub fn saved(&self, error: anyhow::Error) -> anyhow::Error {
        match self.kept {
            Some(total) if self.path.is_dir() => anyhow::anyhow!(
                "{error:#}; the best schedule so far, with a total of {}, is kept in {}: run again with --resume to go \
                 on from it",
                number(total),
                self.path.display()
            ),
            _ => error,
        }
    }
}

impl Observer for Checkpoint<'_> {
    fn progress(&mut self, progress: &Progress) {
        self.shown.progress(progress);
    }

    fn trouble(&mut self, told: &str) {
        self.shown.trouble(told);
    }

    fn wants_best(&mut self, total: f64) -> bool {
        let now = Instant::now();
        self.next.is_some_and(|next| next <= now)
            && self.end.is_none_or(|end| now + self.cost * WORTHWHILE < end)
            && self.kept.is_none_or(|kept| total > kept + 1e-9)
    }

    fn best(&mut self, schedule: &Schedule, progress: &Progress) {
        if let Err(error) = self.keep(schedule, progress) {
            self.next = None;
            self.shown.trouble(&format!("the best schedule so far cannot be kept for --resume: {error:#}"));
        }
    }
}

/// The schedule to go on from, with its total. What is left and what becomes of it is told.
pub fn take_up(school: &School, found: &Result<Left, String>, quiet: bool) -> Option<(Schedule, f64)> {
    let afresh = |why: &str| {
        if !quiet {
            note(&format!("nothing to resume: {why}; starting afresh"));
        }
        None
    };
    let left = match found {
        Ok(left) => left,
        Err(why) => return afresh(why),
    };
    match resume::take_up(school, left) {
        Ok((schedule, total)) => {
            if !quiet {
                note(&format!(
                    "going on from the schedule in {}, total {}, of a run that was {}",
                    left.path.display(),
                    number(total),
                    left.ended
                ));
            }
            Some((schedule, total))
        }
        Err(error) => afresh(&format!("{} does not fit: {error:#}", left.path.display())),
    }
}

/// Tells of a schedule that an earlier run kept, to those who did not ask for it.
pub fn tell_kept(left: &Left, kept: &Path) {
    if left.path == kept {
        note(&format!(
            "a run that did not end has kept a schedule with a total of {} in {}: --resume goes on from it",
            number(left.total),
            kept.display()
        ));
    }
}
