//! R4: a staff member stays within `max_blocks`, `max_per_day` and `max_in_a_row`.
//!
//! For staff s:
//! - sum over b of `d[s,b]` + sum over p of blocks_p `h[p,s]` <= max_blocks_s;
//! - for each day: sum over b of the day of `d[s,b]` <= max_per_day_s;
//! - for each chain of max_in_a_row_s + 1 positions in a row: sum of `d[s,b]` over it <= max_in_a_row_s. A position is the
//!   blocks side by side that follow upon the same blocks and are followed by the same.

use std::collections::{BTreeMap, HashSet};

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::school::*;

pub const WEEK: &str = "R4.week";
pub const DAY: &str = "R4.day";
pub const ROW: &str = "R4.row";

type Chain = Vec<Vec<BlockId>>;

pub fn add(model: &mut Formulation) {
    let mut chains: BTreeMap<u32, Vec<Chain>> = BTreeMap::new();
    for staff in model.school.staff_ids() {
        if model.weeks[staff.index()].is_empty() && !model.holders.iter().any(|&(_, s, _)| s == staff) {
            continue;
        }
        add_week(model, staff);
        add_days(model, staff);
        if let Some(most) = model.school[staff].max_in_a_row {
            let chains =
                chains.entry(most).or_insert_with(|| model.sets.chains(model.school, most as usize + 1));
            add_chains(model, staff, most, chains);
        }
    }
}

fn add_week(model: &mut Formulation, staff: StaffId) {
    let school = model.school;
    let Some(most) = school[staff].max_blocks else { return };
    let mut total = LinExpr::default();
    model.weeks[staff.index()].iter().for_each(|(_, deployed)| total.add_expr(1.0, deployed));
    for &(package, holder, variable) in &model.holders {
        if holder == staff {
            total.add(f64::from(school[package].blocks), variable);
        }
    }
    if let Some(part) = model.scope.neighbourhood() {
        let held = part.incumbent.package_holders.iter().filter(|holder| holder.staff == staff);
        total.constant += held.map(|holder| f64::from(school[holder.package].blocks)).sum::<f64>();
    }
    model.program.at_most(WEEK, total, &LinExpr::constant(f64::from(most)));
}

fn add_days(model: &mut Formulation, staff: StaffId) {
    let Some(most) = model.school[staff].max_per_day else { return };
    let mut days: BTreeMap<DayId, LinExpr> = BTreeMap::new();
    for (block, deployed) in &model.weeks[staff.index()] {
        days.entry(model.school[*block].day).or_default().add_expr(1.0, deployed);
    }
    for total in days.into_values().filter(|total| !total.is_constant()) {
        model.program.at_most(DAY, total, &LinExpr::constant(f64::from(most)));
    }
}

fn add_chains(model: &mut Formulation, staff: StaffId, most: u32, chains: &[Chain]) {
    let Formulation { weeks, program, .. } = model;
    let week: BTreeMap<BlockId, &LinExpr> =
        weeks[staff.index()].iter().map(|(block, deployed)| (*block, deployed)).collect();
    let mut added: HashSet<Vec<&BlockId>> = HashSet::new();
    for chain in chains {
        let deployed = |position: &Vec<BlockId>| position.iter().any(|block| week.contains_key(block));
        let blocks: Vec<&BlockId> = chain.iter().flatten().filter(|block| week.contains_key(block)).collect();
        // Chains may differ only in blocks in which the person is never deployed.
        if !chain.iter().all(deployed) || !added.insert(blocks.clone()) {
            continue;
        }
        let mut total = LinExpr::default();
        blocks.into_iter().filter_map(|block| week.get(block)).for_each(|sum| total.add_expr(1.0, sum));
        if !total.is_constant() {
            program.at_most(ROW, total, &LinExpr::constant(f64::from(most)));
        }
    }
}
