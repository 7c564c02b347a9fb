//! Who watches a solve, and what they see of it.

use crate::schedule::Schedule;

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
    fn trouble(&mut self, _message: &str) {}

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
