//! The engines that solve a program, behind one trait.

#[cfg(feature = "faults")]
mod faulty;
mod guard;
#[cfg(feature = "highs")]
#[allow(unsafe_code, reason = "the crate `highs` has no safe way to interrupt a search")]
mod highs;
mod microlp;
mod solver;

use std::time::Duration;

use anyhow::bail;

use crate::schedule::Schedule;

use super::formulation::Formulation;
use super::options::EngineChoice;
use super::program::Program;
use super::scope::Scope;
use super::{decode, objective, start};
use solver::Solver;
pub use solver::{Answer, Limits, Relaxation, SolveStatus, Solved};

/// An engine for formulations.
#[derive(Clone, Copy)]
pub struct Engine(&'static dyn Solver);

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    pub fn new(choice: EngineChoice) -> Self {
        let solver: &'static dyn Solver = match choice {
            EngineChoice::Microlp => &microlp::Microlp,
            #[cfg(feature = "highs")]
            EngineChoice::Highs => &highs::Highs,
        };
        #[cfg(feature = "faults")]
        let solver = faulty::instead_of(choice, solver);
        Self(solver)
    }

    /// [`Engine::solve`] by the engine chosen; where that fails, by the others in turn. `tell` hears of every
    /// failure.
    ///
    /// # Errors
    /// Every engine failed; the error is that of the one chosen.
    pub fn solve_by_any(
        choice: EngineChoice,
        model: &Formulation,
        limits: &Limits,
        start: Option<&Schedule>,
        tell: impl FnMut(&str),
    ) -> anyhow::Result<Solved> {
        by_any(choice, tell, |engine| engine.solve(model, limits, start))
    }

    /// The best schedule of the formulation's scope that the limits allow. A `start` that the formulation
    /// cannot express is ignored.
    ///
    /// # Errors
    /// The engine fails, or gives a solution that is none.
    pub fn solve(
        &self,
        model: &Formulation,
        limits: &Limits,
        start: Option<&Schedule>,
    ) -> anyhow::Result<Solved> {
        let whole = &model.program;
        let answer = self.answer(whole, limits, start.and_then(|schedule| start::values(model, schedule)))?;
        let schedule = match &answer.values {
            Some(values) => {
                let schedule = decode::schedule(model, values)?;
                // A part may have an objective of its own.
                let total = match model.scope {
                    Scope::Whole => objective::total(model.school, &schedule),
                    Scope::Neighbourhood(_) => whole.objective.value(values),
                };
                Some((schedule, total))
            }
            None => None,
        };
        let (mut bound, mut status) = (answer.bound, answer.status);
        match (status, schedule.as_ref().map(|(_, total)| *total)) {
            (SolveStatus::Optimal | SolveStatus::GapReached, None) => {
                bail!("it says {status:?} and gives no solution")
            }
            (SolveStatus::Infeasible, Some(_)) => bail!("it says {status:?} and gives a solution"),
            // A bound that a schedule refutes bounds nothing.
            (_, Some(total)) if bound.is_nan() || bound < total - tolerance(total) => {
                (bound, status) = (f64::INFINITY, SolveStatus::Limit);
            }
            (SolveStatus::Optimal, Some(total)) if bound > total + tolerance(total) => {
                status = SolveStatus::Limit;
            }
            _ => {}
        }
        Ok(Solved { schedule, bound, status })
    }

    /// Values of all variables, which hold every row, if any are found. `start`: the same.
    fn answer(&self, whole: &Program, limits: &Limits, start: Option<Vec<f64>>) -> anyhow::Result<Answer> {
        let (program, index) = whole.without_fixed();
        if program.contradiction.is_some() {
            return Ok(Answer { values: None, bound: f64::NEG_INFINITY, status: SolveStatus::Infeasible });
        }
        let start: Option<Vec<f64>> = start.map(|values| {
            let free = values.iter().zip(&index).filter(|(_, variable)| variable.is_some());
            free.map(|(&value, _)| value).collect()
        });
        let answer = match program.variables.is_empty() {
            true => nothing_to_decide(&program),
            false => guard::solve(self.0, program, limits, start)?,
        };
        let values = answer.values.map(|values| rounded(whole, &whole.with_fixed(&index, &values)));
        if let Some(family) = values.as_ref().and_then(|values| whole.broken(values)) {
            bail!("its solution breaks {family}");
        }
        Ok(Answer { values, ..answer })
    }

    /// The linear relaxation. Its bound holds even where the time ends it early.
    ///
    /// # Errors
    /// The engine fails.
    pub fn relaxation(&self, model: &Formulation, time: Option<Duration>) -> anyhow::Result<Relaxation> {
        self.0.relax(&model.program, time)
    }
}

/// What the engine chosen makes of a program that is none of a school; where it fails, the others in turn.
///
/// # Errors
/// Every engine failed; the error is that of the one chosen.
pub fn solve_program(choice: EngineChoice, program: &Program, limits: &Limits) -> anyhow::Result<Answer> {
    by_any(choice, |_| {}, |engine| engine.answer(program, limits, None))
}

/// Asks the engine chosen; where that fails, the others in turn. `tell` hears of every failure.
fn by_any<T>(
    choice: EngineChoice,
    mut tell: impl FnMut(&str),
    solve: impl Fn(Engine) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let first = match solve(Engine::new(choice)) {
        Ok(solved) => return Ok(solved),
        Err(error) => error,
    };
    tell(&format!("the engine {} failed: {first:#}", choice.name()));
    for other in EngineChoice::ALL.iter().copied().filter(|&other| other != choice) {
        match solve(Engine::new(other)) {
            Ok(solved) => {
                tell(&format!("the engine {} took over", other.name()));
                return Ok(solved);
            }
            Err(error) => tell(&format!("the engine {} failed: {error:#}", other.name())),
        }
    }
    Err(first)
}

fn nothing_to_decide(program: &Program) -> Answer {
    Answer { values: Some(Vec::new()), bound: program.objective.constant, status: SolveStatus::Optimal }
}

/// What an engine's own tolerances may add up to.
fn tolerance(total: f64) -> f64 {
    1e-4 * total.abs().max(1.0)
}

/// Integers without the engine's rounding errors, and what follows from them: as the engine has it, since it may weigh
/// more than one variable can, or else counted again.
fn rounded(program: &Program, values: &[f64]) -> Vec<f64> {
    let round = |(bounds, &value): (&super::program::Bounds, &f64)| match bounds.integer {
        true => value.round(),
        false => value,
    };
    let mut rounded: Vec<f64> = program.variables.iter().zip(values).map(round).collect();
    let mut as_found = rounded.clone();
    program.round_derived(&mut as_found);
    if program.broken(&as_found).is_none() {
        return as_found;
    }
    program.complete(&mut rounded);
    rounded
}
