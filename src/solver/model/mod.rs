//! From a [`School`] to the best [`Schedule`] that can be found and proven.

pub mod bound;
pub mod build;
pub mod classes;
pub mod coaching;
pub mod comfort;
pub mod decode;
pub mod engine;
pub mod formulation;
pub mod interchange;
pub mod monolith;
pub mod objective;
mod observer;
mod options;
pub mod places;
pub mod program;
pub mod requests;
pub mod rules;
pub mod scope;
pub mod search;
pub mod sets;
pub mod start;
pub mod valid_inequalities;

use crate::schedule::{Outcome, Schedule};
use crate::school::School;

pub use observer::{Observer, Progress};
pub use options::{EngineChoice, Method, Options};

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
