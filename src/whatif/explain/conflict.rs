//! Rules that cannot hold together: the smallest set, found by leaving out one after the other.

use std::sync::Arc;
use std::time::Duration;

use crate::model::build;
use crate::model::engine::{Engine, Limits, SolveStatus};
use crate::model::program::LinExpr;
use crate::model::rules::r8_staff::asks_for_reserve;
use crate::model::scope::Scope;
use crate::model::search::has_start;
use crate::model::sets::Sets;
use crate::school::*;
use crate::whatif::part::Solver;

/// A single test.
const TIME: Duration = Duration::from_secs(10);

/// Something that the data demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Index into [`School::pins`], and so on.
    Pin(usize),
    Pair(usize),
    Budget(usize),
    Package(usize),
    Reserve,
    OwnStaff,
    OwnPlaces,
}

/// What a search for a conflict says.
#[derive(Clone, Debug, PartialEq)]
pub enum Conflict {
    /// All rules can hold together.
    None,
    /// These cannot, and without any one of them the others can.
    Smallest(Vec<Demand>),
    /// Not decided in time, or the rules that cannot be left out contradict each other by themselves.
    Unknown,
}

/// Finds a smallest set of demands that no schedule meets.
///
/// # Errors
/// The engine fails.
pub fn find(solver: &Solver) -> anyhow::Result<Conflict> {
    let school = solver.school;
    let mut demands: Vec<Demand> = Vec::new();
    demands.extend((0..school.pins.len()).map(Demand::Pin));
    demands.extend((0..school.pairs.len()).map(Demand::Pair));
    demands.extend((0..school.budgets.len()).map(Demand::Budget));
    demands.extend((0..school.packages.len()).map(Demand::Package));
    demands.extend(asks_for_reserve(school).then_some(Demand::Reserve));
    demands.extend(school.binds_units().then_some(Demand::OwnStaff));
    demands.extend((school.own_places == OwnPlaces::Require).then_some(Demand::OwnPlaces));
    match holds(solver, &demands)? {
        Some(true) => return Ok(Conflict::None),
        None => return Ok(Conflict::Unknown),
        Some(false) => {}
    }
    if holds(solver, &[])? != Some(true) {
        return Ok(Conflict::Unknown);
    }
    shrink(solver, demands)
}

/// Leaves out whatever the conflict does without: halves first, as most demands have no part in it.
fn shrink(solver: &Solver, mut demands: Vec<Demand>) -> anyhow::Result<Conflict> {
    let mut size = demands.len().div_ceil(2);
    loop {
        let mut at = 0;
        while at < demands.len() {
            let mut rest = demands.clone();
            rest.drain(at..(at + size).min(demands.len()));
            match holds(solver, &rest)? {
                Some(false) => demands = rest,
                Some(true) => at += size,
                None => return Ok(Conflict::Unknown),
            }
        }
        if size == 1 {
            return Ok(Conflict::Smallest(demands));
        }
        size = size.div_ceil(2);
    }
}

/// Whether a schedule meets these demands and all other rules; `None`: not decided in time.
fn holds(solver: &Solver, demands: &[Demand]) -> anyhow::Result<Option<bool>> {
    if solver.over() {
        return Ok(None);
    }
    let school = only(solver.school, demands);
    let sets = Sets::new(&school);
    if has_start(&school, &sets) {
        return Ok(Some(true));
    }
    let scope = Scope::whole();
    let mut model = build::build(&school, &sets, &scope);
    model.program.objective = LinExpr::default();
    // A program without room for all groups that a coach may have proves nothing.
    let impossible = (!model.groups.limited).then_some(false);
    if model.program.contradiction.is_some() {
        return Ok(impossible);
    }
    let limits = Limits {
        time: Some(TIME),
        gap: 1.0,
        nodes: None,
        threads: 1,
        seed: 0,
        stop: Arc::clone(&solver.stop),
    };
    let solved = Engine::new(solver.engine).solve(&model, &limits, None)?;
    Ok(match solved.status {
        SolveStatus::Infeasible => impossible,
        _ => solved.schedule.map(|_| true),
    })
}

/// The school with these demands only, and with those needs only that pins are about: no other need has to be met.
fn only(school: &School, demands: &[Demand]) -> School {
    let mut small = school.clone();
    let kept = |demand: Demand| demands.contains(&demand);
    let mut index = 0..;
    small.pins.retain(|_| index.next().is_some_and(|at| kept(Demand::Pin(at))));
    let mut index = 0..;
    small.pairs.retain(|_| index.next().is_some_and(|at| kept(Demand::Pair(at))));
    let mut index = 0..;
    small.budgets.retain(|_| index.next().is_some_and(|at| kept(Demand::Budget(at))));
    let packages = small.packages.iter_mut().enumerate().filter(|(at, _)| !kept(Demand::Package(*at)));
    packages.for_each(|(_, package)| package.people = 0);
    if !kept(Demand::Reserve) {
        small.staff_per_block = 0;
        small.reserve_groups.clear();
    }
    if school.binds_units() && !kept(Demand::OwnStaff) {
        small.own_staff = OwnStaff::Prefer;
    }
    if school.own_places == OwnPlaces::Require && !kept(Demand::OwnPlaces) {
        small.own_places = OwnPlaces::Prefer;
    }
    let pinned: Vec<SubjectId> = (small.demanding_pins())
        .filter_map(|pin| pin.offering)
        .flat_map(|o| school[o].subjects.clone())
        .collect();
    small.needs.retain(|need| need.subjects.iter().any(|subject| pinned.contains(subject)));
    small.presence.min_blocks.clear();
    small
}
