//! What an engine is asked and what it answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::model::program::Program;
use crate::schedule::Schedule;

/// When an engine stops.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall clock.
    pub time: Option<Duration>,
    /// (bound - total) / max(|total|, 1) that is good enough.
    pub gap: f64,
    /// Nodes of branch and bound: a limit that cuts every run at the same point.
    pub nodes: Option<u64>,
    pub threads: usize,
    pub seed: u64,
    /// Set from outside to end the search.
    pub stop: Arc<AtomicBool>,
}

impl Limits {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolveStatus {
    /// Nothing better exists.
    Optimal,
    /// No solution exists.
    Infeasible,
    /// The gap asked for was reached.
    GapReached,
    /// The time or node limit ended it.
    Limit,
    /// `stop` ended it.
    Stopped,
}

/// What an engine found for a formulation.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The best schedule found, with all that a part keeps, and its total; in a part what its program counts.
    pub schedule: Option<(Schedule, f64)>,
    /// No schedule of the scope has a higher total; infinite where nothing is proven.
    pub bound: f64,
    pub status: SolveStatus,
}

/// The linear relaxation.
#[derive(Clone, Debug)]
pub struct Relaxation {
    /// No schedule of the scope has a higher total.
    pub bound: f64,
    /// By variable of the program: value in the relaxation's solution; empty if none was reached.
    pub values: Vec<f64>,
    /// By row of the program: gain of one more on its right.
    pub prices: Vec<f64>,
}

/// What an engine found for a program.
#[derive(Clone, Debug)]
pub struct Answer {
    /// By variable; `None`: no solution was found.
    pub values: Option<Vec<f64>>,
    /// Of the objective, its constant included.
    pub bound: f64,
    pub status: SolveStatus,
}

/// An engine for mixed-integer linear programs.
pub(super) trait Solver: Sync {
    /// `start`: values of all variables that hold every row.
    fn solve(&self, program: &Program, limits: &Limits, start: Option<&[f64]>) -> anyhow::Result<Answer>;

    fn relax(&self, program: &Program, time: Option<Duration>) -> anyhow::Result<Relaxation>;
}
