//! Calls an engine so that it can neither take the program down nor hold it up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{anyhow, bail};

use super::solver::{Answer, Limits, Solver};
use crate::model::program::Program;

/// Times its own limit, and so much more, that an engine is waited for. Engines look at the clock only now
/// and then.
const PATIENCE: u32 = 2;
const GRACE: Duration = Duration::from_secs(5);

/// The answer of the engine. One that overruns its time limit is left to itself and ends with the program.
///
/// # Errors
/// The engine fails, panics, or does not answer in time.
pub fn solve(
    solver: &'static dyn Solver,
    program: Program,
    limits: &Limits,
    start: Option<Vec<f64>>,
) -> anyhow::Result<Answer> {
    let patience = limits.time.map(|time| time.saturating_mul(PATIENCE).saturating_add(GRACE));
    let (sender, receiver) = mpsc::channel();
    let limits = limits.clone();
    std::thread::Builder::new().name("engine".to_owned()).spawn(move || {
        let answer = catch_unwind(AssertUnwindSafe(|| solver.solve(&program, &limits, start.as_deref())));
        let answer = answer.unwrap_or_else(|_| Err(anyhow!("it broke off")));
        // Nobody waits any more for an answer that comes too late.
        let _ = sender.send(answer);
    })?;
    let Some(patience) = patience else { return receiver.recv()? };
    match receiver.recv_timeout(patience) {
        Ok(answer) => answer,
        Err(_) => bail!("it did not end within its time limit"),
    }
}
