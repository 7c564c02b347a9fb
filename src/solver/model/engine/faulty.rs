//! An engine that fails on purpose, for tests (cargo feature `faults`). The environment variable `LEERZONE_TEST_FAULT`
//! holds `ENGINE:FAULT`, with `any` for every engine.

use std::time::Duration;

use anyhow::bail;

use super::solver::{Answer, Limits, Relaxation, SolveStatus, Solver};
use crate::model::options::EngineChoice;
use crate::model::program::Program;

const VARIABLE: &str = "LEERZONE_TEST_FAULT";

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Gives an error.
    Fails,
    Panics,
    /// Says that nothing is possible, and gives a solution all the same.
    WrongStatus,
    /// Says that it found the best and gives nothing.
    NoValues,
    /// Every value is a little off, as by rounding.
    Off,
    /// Every value is 0.6 off: no rounding mends it.
    Broken,
    /// A bound below its own solution.
    LowBound,
    /// Does not end.
    Overruns,
}

impl Fault {
    const ALL: [(&'static str, Fault); 8] = [
        ("fails", Fault::Fails),
        ("panics", Fault::Panics),
        ("wrong-status", Fault::WrongStatus),
        ("no-values", Fault::NoValues),
        ("off", Fault::Off),
        ("broken", Fault::Broken),
        ("low-bound", Fault::LowBound),
        ("overruns", Fault::Overruns),
    ];
}

struct Faulty {
    inner: &'static dyn Solver,
    fault: Fault,
}

/// The engine itself, unless the variable says otherwise.
pub fn instead_of(choice: EngineChoice, solver: &'static dyn Solver) -> &'static dyn Solver {
    let Ok(asked) = std::env::var(VARIABLE) else { return solver };
    let Some((engine, name)) = asked.split_once(':') else { return solver };
    let fault = Fault::ALL.into_iter().find(|(known, _)| *known == name);
    match fault {
        // Kept until the program ends: there are few engines, and only in tests.
        Some((_, fault)) if engine == "any" || engine == choice.name() => {
            Box::leak(Box::new(Faulty { inner: solver, fault }))
        }
        _ => solver,
    }
}

impl Solver for Faulty {
    fn solve(&self, program: &Program, limits: &Limits, start: Option<&[f64]>) -> anyhow::Result<Answer> {
        match self.fault {
            Fault::Fails => bail!("a fault put in by a test"),
            Fault::Panics => panic!("a fault put in by a test"),
            Fault::Overruns => {
                std::thread::sleep(Duration::from_secs(3600));
                bail!("a fault put in by a test")
            }
            _ => {}
        }
        let mut answer = self.inner.solve(program, limits, start)?;
        let moved = |answer: &mut Answer, by: f64| {
            answer.values.iter_mut().flatten().for_each(|value| *value += by);
        };
        match self.fault {
            Fault::WrongStatus => answer.status = SolveStatus::Infeasible,
            Fault::NoValues => answer.values = None,
            Fault::Off => moved(&mut answer, 2e-7),
            Fault::Broken => moved(&mut answer, 0.6),
            Fault::LowBound => answer.bound -= 1000.0,
            Fault::Fails | Fault::Panics | Fault::Overruns => {}
        }
        Ok(answer)
    }

    fn relax(&self, program: &Program, time: Option<Duration>) -> anyhow::Result<Relaxation> {
        self.inner.relax(program, time)
    }
}
