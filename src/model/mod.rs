//! From a [`School`] to the best [`Schedule`] that can be found and proven.

pub mod bound;
pub mod classes;
pub mod coaching;
pub mod decode;
pub mod engine;
pub mod formulation;
pub mod monolith;
pub mod objective;
pub mod places;
pub mod program;
pub mod rules;
pub mod scope;
pub mod search;
pub mod sets;
pub mod start;
pub mod valid_inequalities;
pub mod wishes;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::parallel::processors;
use crate::schedule::{Outcome, Schedule};
use crate::school::School;

/// What the user asks of a solve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Wall-clock limit of the whole solve; `None`: the search ends by itself.
    pub time_limit: Option<Duration>,
    /// Stop when (bound - total) / max(|total|, 1) is at most this.
    pub gap: f64,
    /// Workers side by side, at least 1.
    pub threads: usize,
    pub seed: u64,
    pub engine: EngineChoice,
    pub method: Method,
    /// Bytes that the program may hold while it searches; `None`: no limit.
    pub memory_limit: Option<u64>,
    /// Set from outside (Ctrl-C) to end the search and keep the best schedule so far.
    pub stop: Arc<AtomicBool>,
}

/// No limits, all processors, the strongest engine that is built in.
impl Default for Options {
    fn default() -> Self {
        Self {
            time_limit: None,
            gap: 0.001,
            threads: processors(),
            seed: 0,
            engine: EngineChoice::default(),
            method: Method::Auto,
            memory_limit: None,
            stop: Arc::default(),
        }
    }
}

impl Options {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The linear-programming engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    Microlp,
    #[cfg(feature = "highs")]
    Highs,
}

impl Default for EngineChoice {
    #[cfg(feature = "highs")]
    fn default() -> Self {
        Self::Highs
    }

    #[cfg(not(feature = "highs"))]
    fn default() -> Self {
        Self::Microlp
    }
}

impl EngineChoice {
    /// Those built in.
    pub const ALL: &'static [EngineChoice] = &[
        EngineChoice::Microlp,
        #[cfg(feature = "highs")]
        EngineChoice::Highs,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EngineChoice::Microlp => "microlp",
            #[cfg(feature = "highs")]
            EngineChoice::Highs => "highs",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Start solution, improvement and bound, sized to the school.
    Auto,
    /// The whole model handed to the engine at once, to measure against.
    Monolith,
    /// The search as of large schools also where the school is small enough for the engine, to hold the two against
    /// each other.
    Search,
}

/// A moment of the search, for whoever watches.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What the search is doing now.
    pub phase: &'static str,
    /// Best schedule so far.
    pub total: Option<f64>,
    /// Proven: no schedule is better.
    pub bound: Option<f64>,
    pub seconds: f64,
}

/// Watches a solve.
pub trait Observer {
    fn progress(&mut self, progress: &Progress);

    /// Something went wrong that the solve survives.
    fn trouble(&mut self, _told: &str) {}

    /// Whether a schedule of this total is to be handed to [`Observer::best`] now.
    fn wants_best(&mut self, _total: f64) -> bool {
        false
    }

    /// The best schedule so far, of a search that goes on.
    fn best(&mut self, _schedule: &Schedule, _progress: &Progress) {}
}

/// Nobody watches.
impl Observer for () {
    fn progress(&mut self, _progress: &Progress) {}
}

/// Finds a schedule that holds R1 to R9 and is as good as the options allow.
///
/// # Errors
/// When the rules contradict each other so that no schedule at all exists, or the engine fails.
pub fn solve(
    school: &School,
    options: &Options,
    observer: &mut dyn Observer,
) -> anyhow::Result<(Schedule, Outcome)> {
    solve_from(school, options, None, observer)
}

/// The same, but going on from a schedule: what of it breaks a rule is left out, the result is never worse than the
/// rest. The monolithic method takes no start.
///
/// # Errors
/// As [`solve`].
pub fn solve_from(
    school: &School,
    options: &Options,
    from: Option<&Schedule>,
    observer: &mut dyn Observer,
) -> anyhow::Result<(Schedule, Outcome)> {
    let sets = sets::Sets::new(school);
    match options.method {
        Method::Auto | Method::Search => search::search(school, &sets, options, from, observer),
        Method::Monolith => monolith::monolith(school, &sets, options, observer),
    }
}
