//! HiGHS: cuts, heuristics, presolve. Built through good_lp, then driven directly, because bound, status,
//! start and interrupts do not pass through good_lp.

use std::os::raw::{c_char, c_int, c_void};
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use good_lp::SolverModel;
use highs::{HighsModelStatus, HighsSolutionStatus, Model};
use highs_sys::{
    Highs_changeObjectiveOffset, Highs_setCallback, Highs_startCallback, HighsCallbackDataIn,
    HighsCallbackDataOut, kHighsCallbackIpmInterrupt, kHighsCallbackMipInterrupt,
    kHighsCallbackSimplexInterrupt,
};

use super::solver::{Answer, Limits, Relaxation, SolveStatus, Solver};
use crate::model::program::Program;

/// Relaxations with more nonzeros than this are solved by the interior-point method.
const LARGE: usize = 400_000;

pub struct Highs;

impl Solver for Highs {
    fn solve(&self, program: &Program, limits: &Limits, start: Option<&[f64]>) -> anyhow::Result<Answer> {
        let began = Instant::now();
        let answer = solve(program, limits, start, "choose")?;
        if answer.status != SolveStatus::Infeasible {
            return Ok(answer);
        }
        // Its presolve has been seen to find small models infeasible that are not.
        let left = limits.time.map(|time| time.saturating_sub(began.elapsed()));
        let again = solve(program, &Limits { time: left, ..limits.clone() }, start, "off")?;
        Ok(if again.values.is_some() { again } else { answer })
    }

    fn relax(&self, program: &Program, time: Option<Duration>) -> anyhow::Result<Relaxation> {
        let mut model = model(program, false)?;
        let nonzeros: usize = program.constraints.iter().map(|row| row.terms.len()).sum();
        if nonzeros > LARGE {
            set(&mut model, "solver", "ipm")?;
            set(&mut model, "run_crossover", "off")?;
        }
        if let Some(time) = time {
            set(&mut model, "time_limit", time.as_secs_f64())?;
        }
        set(&mut model, "threads", 1)?;
        let solved = run(model, &Watch { limits: None, until: until(time) })?;
        if solved.status() == HighsModelStatus::Infeasible {
            return Ok(Relaxation { bound: f64::NEG_INFINITY, values: Vec::new(), prices: Vec::new() });
        }
        let solution = solved.get_solution();
        let prices = solution.dual_rows().to_vec();
        let bound = program.bound_from(&prices);
        Ok(Relaxation { bound, values: solution.columns().to_vec(), prices })
    }
}

fn solve(
    program: &Program,
    limits: &Limits,
    start: Option<&[f64]>,
    presolve: &str,
) -> anyhow::Result<Answer> {
    let mut model = model(program, true)?;
    set(&mut model, "presolve", presolve)?;
    set(&mut model, "mip_rel_gap", limits.gap.max(0.0))?;
    set(&mut model, "random_seed", (limits.seed % i32::MAX as u64) as i32)?;
    set(&mut model, "threads", limits.threads.max(1) as i32)?;
    set(&mut model, "parallel", if limits.threads > 1 { "on" } else { "off" })?;
    if let Some(nodes) = limits.nodes {
        set(&mut model, "mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX))?;
    }
    if let Some(time) = limits.time {
        set(&mut model, "time_limit", time.as_secs_f64())?;
    }
    if let Some(values) = start {
        // Refused on tolerances at worst: then it searches without.
        let _ = model.try_set_solution(Some(values), None, None, None);
    }
    let watch = Watch { limits: Some(limits), until: until(limits.time) };
    let solved = run(model, &watch)?;
    let (status, found) = (solved.status(), solved.primal_solution_status());
    let values = (found == HighsSolutionStatus::Feasible).then(|| solved.get_solution().columns().to_vec());
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::INFINITY);
    let status = match status {
        HighsModelStatus::Optimal if proven(&solved) => SolveStatus::Optimal,
        HighsModelStatus::Optimal => SolveStatus::GapReached,
        HighsModelStatus::Infeasible => SolveStatus::Infeasible,
        HighsModelStatus::UnboundedOrInfeasible => SolveStatus::Infeasible,
        _ if limits.stopped() => SolveStatus::Stopped,
        HighsModelStatus::ReachedTimeLimit
        | HighsModelStatus::ReachedInterrupt
        | HighsModelStatus::ReachedSolutionLimit
        | HighsModelStatus::ReachedIterationLimit
        | HighsModelStatus::ReachedMemoryLimit => SolveStatus::Limit,
        other => bail!("HiGHS ended with the status {other:?}"),
    };
    let bound = match (status, bound.is_finite()) {
        (SolveStatus::Infeasible, _) => f64::NEG_INFINITY,
        (_, true) => bound,
        (_, false) => f64::INFINITY,
    };
    Ok(Answer { values, bound, status })
}

fn proven(solved: &highs::SolvedModel) -> bool {
    let gap = solved.double_info_value(c"mip_gap").unwrap_or(0.0);
    gap.abs() < 1e-9
}

/// The time limit with some grace: HiGHS looks at its own only now and then.
fn until(time: Option<Duration>) -> Option<Instant> {
    Some(Instant::now() + time? + Duration::from_secs(1))
}

fn model(program: &Program, integer: bool) -> anyhow::Result<Model> {
    let (unsolved, variables) = program.for_good_lp(integer);
    let mut problem = unsolved.using(good_lp::highs);
    for constraint in program.constraints(&variables) {
        problem.add_constraint(constraint);
    }
    let mut model = problem.try_into_inner().map_err(|error| anyhow!("HiGHS refuses the model: {error}"))?;
    model.make_quiet();
    // SAFETY: the pointer is that of a live model.
    unsafe { Highs_changeObjectiveOffset(model.as_mut_ptr(), program.objective.constant) };
    Ok(model)
}

fn set<V: highs::HighsOptionValue>(model: &mut Model, option: &str, value: V) -> anyhow::Result<()> {
    model.try_set_option(option, value).map_err(|_| anyhow!("HiGHS refuses the option {option}"))
}

/// What the interrupt callback looks at.
struct Watch<'a> {
    limits: Option<&'a Limits>,
    until: Option<Instant>,
}

impl Watch<'_> {
    fn over(&self) -> bool {
        self.limits.is_some_and(Limits::stopped) || self.until.is_some_and(|until| Instant::now() > until)
    }
}

fn run(mut model: Model, watch: &Watch) -> anyhow::Result<highs::SolvedModel> {
    let pointer = model.as_mut_ptr();
    // SAFETY: `watch` outlives the run, and HiGHS calls back only while it runs; the model is consumed here.
    unsafe {
        Highs_setCallback(pointer, Some(interrupt), std::ptr::from_ref(watch).cast_mut().cast::<c_void>());
        for callback in
            [kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt, kHighsCallbackIpmInterrupt]
        {
            Highs_startCallback(pointer, callback);
        }
    }
    model.try_solve().map_err(|status| anyhow!("HiGHS failed: {status:?}"))
}

/// # Safety
/// Called by HiGHS with the pointer that [`run`] gave it.
unsafe extern "C" fn interrupt(
    _kind: c_int,
    _message: *const c_char,
    _out: *const HighsCallbackDataOut,
    data: *mut HighsCallbackDataIn,
    watch: *mut c_void,
) {
    // SAFETY: see above; `data` is null or valid during the call.
    let (watch, data) = unsafe { (watch.cast::<Watch>().as_ref(), data.as_mut()) };
    if let (Some(watch), Some(data)) = (watch, data)
        && watch.over()
    {
        data.user_interrupt = 1;
    }
}
