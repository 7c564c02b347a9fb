//! R9: a package is carried whole: sum over s of `h[p,s]` = people_p. R4 counts its blocks, and R8 what they cost. Who may
//! carry it is [`School::may_carry`]. The Lagrangian bound counts the blocks that packages take and cost.
//!
//! Each holder s of p and each t in `meets` of p are free at once: sum over b of `free[p,s,t,b]` >= `h[p,s]`, where both
//! are free in b; for each moment m of b: `free` + sum of `d[s,b']` over b' in m <= 1, and the same for t. A part keeps
//! what the rest of the week leaves possible. The search asks `State::broken_meetings`; the bound leaves it out.

use crate::model::formulation::Formulation;
use crate::model::program::{LinExpr, Program, Variable};
use crate::school::*;

pub const PEOPLE: &str = "R9.people";
pub const MEETS: &str = "R9.meets";

/// `h[p,s]`: s carries package p, for staff who may.
pub fn variables(school: &School, program: &mut Program) -> Vec<(PackageId, StaffId, Variable)> {
    let mut holders = Vec::new();
    for package in school.package_ids() {
        let row = &school[package];
        for staff in school.staff_ids() {
            if school.may_carry(staff, row) {
                let name = || format!("h[{},{}]", row.id, school[staff].id);
                holders.push((package, staff, program.binary(name)));
            }
        }
    }
    holders
}

/// Whether somebody is to be free together with a holder.
pub fn asks_for_meetings(school: &School) -> bool {
    school.packages.iter().any(|package| !package.meets.is_empty())
}

pub fn add(model: &mut Formulation) {
    add_meetings(model);
    if model.scope.neighbourhood().is_some() {
        return;
    }
    let Formulation { school, holders, program, .. } = model;
    for package in school.package_ids() {
        let people: LinExpr =
            holders.iter().filter(|(p, ..)| *p == package).map(|&(.., variable)| variable).collect();
        program.exactly(PEOPLE, people, &LinExpr::constant(f64::from(school[package].people)));
    }
}

fn add_meetings(model: &mut Formulation) {
    let school = model.school;
    if !asks_for_meetings(school) {
        return;
    }
    let mut holders: Vec<(PackageId, StaffId, LinExpr)> =
        model.holders.iter().map(|&(package, staff, variable)| (package, staff, variable.into())).collect();
    if let Some(part) = model.scope.neighbourhood() {
        let held = part.incumbent.package_holders.iter();
        holders.extend(held.map(|holder| (holder.package, holder.staff, LinExpr::constant(1.0))));
    }
    for (package, staff, holds) in holders {
        for &other in &school[package].meets {
            add_meeting(model, package, (staff, other), &holds);
        }
    }
}

fn add_meeting(
    model: &mut Formulation,
    package: PackageId,
    (staff, other): (StaffId, StaffId),
    holds: &LinExpr,
) {
    let school = model.school;
    let mut common = LinExpr::default();
    for block in school.free_together(staff, other) {
        let moments = model.moments.iter().filter(|moment| moment.contains(&block));
        let at_work: Vec<LinExpr> =
            moments.flat_map(|moment| [staff, other].map(|person| at_work(model, person, moment))).collect();
        if at_work.iter().any(|sum| sum.constant > 0.0) {
            continue;
        }
        let row = &school[package];
        let (one, two) = (&school[staff].id, &school[other].id);
        let name = || format!("free[{},{one},{two},{}]", row.id, school[block].id);
        let free = model.program.continuous(1.0, name);
        let mut derived = LinExpr::constant(1.0);
        for mut sum in at_work.into_iter().filter(|sum| !sum.is_constant()) {
            derived.add_expr(-1.0, &sum);
            sum.add(1.0, free);
            model.program.at_most(MEETS, sum, &LinExpr::constant(1.0));
        }
        model.program.derive(free, derived);
        common.add(1.0, free);
    }
    // Where the rest of the week leaves no block, a part cannot mend it.
    if !common.is_constant() || model.scope.neighbourhood().is_none() {
        model.program.at_most(MEETS, holds.clone(), &common);
    }
}

/// What the person does in blocks that share a moment.
fn at_work(model: &Formulation, person: StaffId, moment: &[BlockId]) -> LinExpr {
    let mut sum = LinExpr::default();
    let week = &model.weeks[person.index()];
    let decided = week.iter().filter(|(block, _)| moment.contains(block));
    decided.for_each(|(_, deployed)| sum.add_expr(1.0, deployed));
    if week.is_empty() {
        let kept = model.deployed[person.index()].iter().filter(|kept| moment.contains(&kept.block));
        sum.constant += kept.count() as f64;
    }
    sum
}
