//! R8, staff: budgets hold; in every block at least `staff_per_block` people are neither busy nor deployed.
//! (`own_staff = "require"`: no variable exists for a student with staff of another unit.)
//!
//! - Budget: sum over its staff s and all b of cost_s `d[s,b]` <= cost.
//! - Block b: sum of `r[s,b]` over s free in b >= staff_per_block; for each moment m of b: `r[s,b]` + sum of
//!   `d[s,b']` over b' in m <= 1. Staff of whom nothing is decided here count as they are.

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::school::*;

pub const BUDGET: &str = "R8.budget";
pub const RESERVE: &str = "R8.reserve";

pub fn add(model: &mut Formulation) {
    add_budgets(model);
    if model.school.staff_per_block > 0 {
        model.school.block_ids().for_each(|block| add_reserve(model, block));
    }
}

fn add_budgets(model: &mut Formulation) {
    let school = model.school;
    for budget in &school.budgets {
        let mut cost = LinExpr::default();
        for staff in school.staff_ids().filter(|&staff| budget.covers(&school[staff])) {
            let week = &model.weeks[staff.index()];
            week.iter().for_each(|(_, deployed)| cost.add_expr(school[staff].cost, deployed));
            if week.is_empty() {
                cost.constant += school[staff].cost * model.deployed[staff.index()].len() as f64;
            }
        }
        if !cost.is_constant() {
            model.program.at_most(BUDGET, cost, &LinExpr::constant(budget.cost));
        }
    }
}

fn add_reserve(model: &mut Formulation, block: BlockId) {
    let Formulation { school, sets, deployed, weeks, moments, program, .. } = model;
    let mut reserve = LinExpr::default();
    for staff in school.staff_ids().filter(|&s| school.staff_free[(s, block)]) {
        let overlapping = &sets.overlapping[block.index()];
        if weeks[staff.index()].is_empty() {
            let deployed =
                deployed[staff.index()].iter().any(|deployed| overlapping.contains(&deployed.block));
            reserve.constant += f64::from(u8::from(!deployed));
            continue;
        }
        let week: Vec<&(BlockId, LinExpr)> =
            weeks[staff.index()].iter().filter(|(b, _)| overlapping.contains(b)).collect();
        match week[..] {
            [] => reserve.constant += 1.0,
            [(_, deployed)] => {
                reserve.constant += 1.0;
                reserve.add_expr(-1.0, deployed);
            }
            _ => {
                let name = || format!("r[{},{}]", school[staff].id, school[block].id);
                let spare = program.continuous(1.0, name);
                let mut free = LinExpr::constant(1.0);
                week.iter().for_each(|(_, deployed)| free.add_expr(-1.0, deployed));
                program.derive(spare, free);
                for moment in moments.iter().filter(|moment| moment.contains(&block)) {
                    let mut sum = LinExpr::from(spare);
                    let here = week.iter().filter(|(b, _)| moment.contains(b));
                    here.for_each(|(_, deployed)| sum.add_expr(1.0, deployed));
                    program.at_most(RESERVE, sum, &LinExpr::constant(1.0));
                }
                reserve.add(1.0, spare);
            }
        }
    }
    let least = LinExpr::constant(f64::from(school.reserve_in(block)));
    program.at_most(RESERVE, least, &reserve);
}
