//! R5: between blocks at different sites there are at least the travel minutes. Students attend at their
//! own site, or online (no column exists elsewhere).
//!
//! For staff s, blocks b and b' of one day that do not overlap, site k: deployments of s in b at k + those
//! in b' at sites k' with travel(k, k') > minutes between b and b' <= 1.

use std::collections::BTreeMap;

use crate::model::formulation::Formulation;
use crate::model::program::Sum;
use crate::model::sets;
use crate::school::*;

pub const TRAVEL: &str = "R5.travel";

pub fn add(model: &mut Formulation) {
    if model.school.sites.len() < 2 {
        return;
    }
    for staff in model.school.staff_ids() {
        if !model.weeks[staff.index()].is_empty() {
            add_staff(model, staff);
        }
    }
}

fn add_staff(model: &mut Formulation<'_>, staff: StaffId) {
    let school = model.school;
    let mut at: BTreeMap<(BlockId, SiteId), Sum> = BTreeMap::new();
    for deployed in &model.deployed[staff.index()] {
        let Some(site) = deployed.site else { continue };
        let sum = at.entry((deployed.block, site)).or_default();
        match deployed.column {
            Some(column) => sum.add(1.0, column),
            None => sum.constant += 1.0,
        }
    }
    let too_near = |a: BlockId, b: BlockId, from: SiteId, to: SiteId| {
        let (first, second) = (&school[a], &school[b]);
        first.day == second.day
            && sets::before(first, second)
            && sets::minutes_between(first, second) < school.travel[(from, to)]
    };
    for (&(block, site), here) in &at {
        let mut by_block: BTreeMap<BlockId, Sum> = BTreeMap::new();
        for (&(later, other), there) in &at {
            if other != site && too_near(block, later, site, other) {
                by_block.entry(later).or_default().add_sum(1.0, there);
            }
        }
        for mut sum in by_block.into_values() {
            sum.add_sum(1.0, here);
            if !sum.is_constant() {
                model.program.at_most(TRAVEL, sum, &Sum::constant(1.0));
            }
        }
    }
}
