//! R1: a student, a staff member, is in one place at a time.
//!
//! Over moments m (largest sets of blocks that share an instant):
//! - for student i: sum of `x[i,n,c]` over classes c in blocks of m <= 1;
//! - for staff s: sum of `d[s,b]` over b in m <= 1, where `d[s,b]` = sum of `y`, `a` and `meet` of s in b;
//! - for student i, group g, where a coaching block of m overlaps others: the same sum of `x` + `in[i,g]` +
//!   sum of `meet[g,b]` over coaching blocks of m in which i is free <= 2.
//!
//! Busy times and audiences: no variable exists for them.

use std::collections::BTreeMap;

use crate::model::formulation::{Attends, Formulation};
use crate::model::program::{LinExpr, Variable};
use crate::school::*;

use super::{r4_limits, r8_staff};

pub const STUDENT: &str = "R1.student";
pub const STAFF: &str = "R1.staff";
pub const MEMBER: &str = "R1.member";

pub fn add(model: &mut Formulation) {
    let moments_of = moments_of(model);
    add_students(model, &moments_of);
    add_members(model);
    model.weeks = (0..model.school.staff.len()).map(|s| week(model, StaffId::new(s))).collect();
    add_staff(model, &moments_of);
}

/// By block: indices into the model's moments.
fn moments_of(model: &Formulation) -> Vec<Vec<usize>> {
    let mut moments_of = vec![Vec::new(); model.school.blocks.len()];
    for (at, moment) in model.moments.iter().enumerate() {
        moment.iter().for_each(|b| moments_of[b.index()].push(at));
    }
    moments_of
}

fn add_students(model: &mut Formulation, moments_of: &[Vec<usize>]) {
    let Formulation { attends, program, .. } = model;
    for attends in attends.iter() {
        let mut at_moment: BTreeMap<usize, LinExpr> = BTreeMap::new();
        for &Attends { block, variable, .. } in attends {
            for &moment in &moments_of[block.index()] {
                at_moment.entry(moment).or_default().add(1.0, variable);
            }
        }
        for sum in at_moment.into_values() {
            program.at_most(STUDENT, sum, &LinExpr::constant(1.0));
        }
    }
}

/// Members of a group that meets attend it.
fn add_members(model: &mut Formulation) {
    let Formulation { school, moments, groups, attends, program, .. } = model;
    for slot in &groups.slots {
        for moment in moments.iter() {
            let meets: Vec<(BlockId, Variable)> = slot
                .meetings
                .iter()
                .filter(|meeting| moment.contains(&meeting.block))
                .map(|meeting| (meeting.block, meeting.meets))
                .collect();
            if meets.is_empty() {
                continue;
            }
            for &(i, member) in &slot.members {
                let mut sum: LinExpr = (attends[i.index()].iter())
                    .filter(|attends| moment.contains(&attends.block))
                    .map(|attends| attends.variable)
                    .collect();
                if sum.is_constant() {
                    continue;
                }
                sum.add(1.0, member);
                let free = meets.iter().filter(|(b, _)| school.student_free[(i, *b)]);
                free.for_each(|&(_, meets)| sum.add(1.0, meets));
                program.at_most(MEMBER, sum, &LinExpr::constant(2.0));
            }
        }
    }
}

/// `d[s,b]` by block; empty if nothing of the staff member is decided here.
fn week(model: &mut Formulation, staff: StaffId) -> Vec<(BlockId, LinExpr)> {
    if !model.decides(staff) {
        return Vec::new();
    }
    let mut by_block: BTreeMap<BlockId, LinExpr> = BTreeMap::new();
    for deployed in &model.deployed[staff.index()] {
        let sum = by_block.entry(deployed.block).or_default();
        match deployed.variable {
            Some(variable) => sum.add(1.0, variable),
            None => sum.constant += 1.0,
        }
    }
    let (school, program) = (model.school, &mut model.program);
    let counted = counted_by_week(school, staff);
    by_block
        .into_iter()
        .map(|(block, sum)| {
            if sum.terms.len() < 2 || !counted {
                return (block, sum);
            }
            let name = || format!("d[{},{}]", school[staff].id, school[block].id);
            let variable = program.binary(name);
            program.derive(variable, sum.clone());
            program.exactly(STAFF, sum, &variable.into());
            (block, variable.into())
        })
        .collect()
}

/// Whether rows beyond single moments ask how often the staff member is deployed.
fn counted_by_week(school: &School, staff: StaffId) -> bool {
    let row = &school[staff];
    row.min_blocks > 0 || r4_limits::binds(row) || r8_staff::binds(school, row)
}

fn add_staff(model: &mut Formulation, moments_of: &[Vec<usize>]) {
    let Formulation { weeks, program, .. } = model;
    for week in weeks.iter() {
        let mut at_moment: BTreeMap<usize, LinExpr> = BTreeMap::new();
        for (block, sum) in week {
            for &moment in &moments_of[block.index()] {
                at_moment.entry(moment).or_default().add_expr(1.0, sum);
            }
        }
        for sum in at_moment.into_values() {
            program.at_most(STAFF, sum, &LinExpr::constant(1.0));
        }
    }
}
