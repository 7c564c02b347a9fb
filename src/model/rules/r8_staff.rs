//! R8, staff: budgets hold; in every block at least `staff_per_block` people are neither busy nor deployed.
//! (`own_staff = "require"`: no variable exists for a student with staff of another unit.)
//!
//! - Budget: sum over its staff s of cost_s (sum over b of `d[s,b]` + sum over packages p of blocks_p `h[p,s]`) <= cost.
//! - Block b: sum of `r[s,b]` over s free in b >= staff_per_block; for each moment m of b: `r[s,b]` + sum of
//!   `d[s,b']` over b' in m <= 1. Staff of whom nothing is decided here count as they are.
//!
//! The search and repairs ask [`affords`] and [`leaves_reserve`]. The Lagrangian bound prices the rows of budgets, and
//! those of the reserve as [`deployable`] has them.

use std::collections::BTreeSet;

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::model::scope::people;
use crate::schedule::{PackageHolder, Reserve, Schedule};
use crate::school::{BlockId, Budget, Grid, Id, School, Staff, StaffId};

use super::r4_limits::room;

/// Costs up to this times a budget hold: they are sums of fractions.
const TOLERANCE: f64 = 1.000_000_001;

pub const BUDGET: &str = "R8.budget";
pub const RESERVE: &str = "R8.reserve";

/// Whether a budget of so much pays for these costs.
pub fn affords(budget: f64, cost: f64) -> bool {
    cost <= budget * TOLERANCE
}

/// What is spent of the budget on so many blocks of each of them, those of packages included.
pub fn spent(school: &School, budget: &Budget, blocks: impl Fn(StaffId) -> u64) -> f64 {
    let covered = school.staff_ids().filter(|&staff| budget.covers(school, staff));
    covered.map(|staff| school[staff].cost * blocks(staff) as f64).sum()
}

/// What the budget pays for the packages that these people carry.
pub fn spent_on_packages(school: &School, budget: &Budget, holders: &[PackageHolder]) -> f64 {
    let covered = holders.iter().filter(|holder| budget.covers(school, holder.staff));
    covered.map(|holder| school[holder.staff].cost * f64::from(school[holder.package].blocks)).sum()
}

/// Whether some row of the rule counts the blocks of the staff member.
pub fn binds(school: &School, staff: &Staff) -> bool {
    asks_for_reserve(school) || (staff.cost > 0.0 && !school.budgets.is_empty())
}

pub fn asks_for_reserve(school: &School) -> bool {
    school.staff_per_block > 0
}

/// By block: the fewest staff left idle, neither busy nor deployed.
pub fn least_idle(school: &School) -> Vec<u32> {
    school.block_ids().map(|block| school.reserve_in(block)).collect()
}

/// Whether enough stay idle in a block when so many of those who are idle now are deployed.
pub fn leaves_reserve(least: u32, idle: u32, taken: u32) -> bool {
    taken == 0 || idle >= least + taken
}

/// Staff free in the block.
pub fn free_in(school: &School, block: BlockId) -> usize {
    school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]).count()
}

/// Most staff who can be deployed in the block.
pub fn deployable(school: &School, block: BlockId) -> f64 {
    free_in(school, block) as f64 - f64::from(school.reserve_in(block))
}

pub fn add(model: &mut Formulation) {
    add_budgets(model);
    if asks_for_reserve(model.school) {
        model.school.block_ids().for_each(|block| add_reserve(model, block));
    }
}

fn add_budgets(model: &mut Formulation) {
    let school = model.school;
    for budget in &school.budgets {
        let mut cost = LinExpr::default();
        if let Some(part) = model.scope.neighbourhood() {
            cost.constant += spent_on_packages(school, budget, &part.incumbent.package_holders);
        }
        for &(package, holder, variable) in &model.holders {
            let blocks = f64::from(school[package].blocks);
            if blocks > 0.0 && budget.covers(school, holder) {
                cost.add(school[holder].cost * blocks, variable);
            }
        }
        for staff in school.staff_ids().filter(|&staff| budget.covers(school, staff)) {
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

/// Adds people in each block who are neither busy nor deployed: those of `before`, then those who have blocks left
/// to step in, then the first.
pub fn choose_reserve(school: &School, before: &[Reserve], schedule: &mut Schedule) {
    if !asks_for_reserve(school) {
        return;
    }
    let mut deployed = Grid::filled(school.staff.len(), school.blocks.len(), false);
    for session in &schedule.sessions {
        people(session).for_each(|staff| deployed[(staff, session.block)] = true);
    }
    for meeting in &schedule.meetings {
        deployed[(schedule.lead_of(meeting), meeting.block)] = true;
    }
    let mut duties = vec![0_u64; school.staff.len()];
    for holder in &schedule.package_holders {
        duties[holder.staff.index()] += u64::from(school[holder.package].blocks);
    }
    let could_step_in = |staff: StaffId| {
        let work = school.block_ids().filter(|&b| deployed[(staff, b)]).count() as u64;
        room(&school[staff], work + duties[staff.index()]) > 0
    };
    let could_step_in: Vec<bool> = school.staff_ids().map(could_step_in).collect();
    let before: BTreeSet<&Reserve> = before.iter().collect();
    let mut reserve = Vec::new();
    for block in school.block_ids() {
        let at_once: Vec<BlockId> = school.overlapping(block).collect();
        let at_work = |staff: StaffId| at_once.iter().any(|&b| deployed[(staff, b)]);
        let free = school.staff_ids().filter(|&s| school.staff_free[(s, block)] && !at_work(s));
        let mut people: Vec<Reserve> = free.map(|staff| Reserve { block, staff }).collect();
        people
            .sort_by_cached_key(|reserve| (!before.contains(reserve), !could_step_in[reserve.staff.index()]));
        reserve.extend(people.into_iter().take(school.staff_per_block as usize));
    }
    schedule.reserve.extend(reserve);
}
