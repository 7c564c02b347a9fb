//! R9: a package is carried whole: sum over s of `h[p,s]` = people_p. R4 counts its blocks, and R8 what they cost. Who may
//! carry it is [`Staff::may_carry`](crate::school::Staff::may_carry). The Lagrangian bound counts the blocks that packages
//! take and cost.

use crate::model::formulation::Formulation;
use crate::model::program::{LinExpr, Program, Variable};
use crate::school::*;

pub const PEOPLE: &str = "R9.people";

/// `h[p,s]`: s carries package p, for staff who may.
pub fn variables(school: &School, program: &mut Program) -> Vec<(PackageId, StaffId, Variable)> {
    let mut holders = Vec::new();
    for package in school.package_ids() {
        let row = &school[package];
        for staff in school.staff_ids() {
            if school[staff].may_carry(row) {
                let name = || format!("h[{},{}]", row.id, school[staff].id);
                holders.push((package, staff, program.binary(name)));
            }
        }
    }
    holders
}

pub fn add(model: &mut Formulation) {
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
