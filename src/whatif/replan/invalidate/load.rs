//! What staff have to do in a week that is put together anew, and what they can take on beside it (R1, R4, R5, R8).

use std::collections::BTreeSet;

use crate::model::rules::{r4_limits, r8_staff};
use crate::model::sets::Sets;
use crate::schedule::PackageHolder;
use crate::school::*;

pub use crate::model::rules::r8_staff::Duty;

pub struct Load<'a> {
    school: &'a School,
    sets: &'a Sets,
    /// By staff member.
    duties: Vec<Vec<Duty>>,
    /// By staff member: the blocks of packages.
    carried: Vec<u64>,
    /// By budget.
    spent: Vec<f64>,
    /// By block and demand of the reserve: how many stand by.
    standby: Vec<usize>,
}

impl<'a> Load<'a> {
    /// Of those who carry packages, and do nothing else yet.
    pub fn new(school: &'a School, sets: &'a Sets, holders: &[PackageHolder]) -> Self {
        let mut carried = vec![0; school.staff.len()];
        for holder in holders {
            carried[holder.staff.index()] += u64::from(school[holder.package].blocks);
        }
        let mut load = Self {
            school,
            sets,
            duties: vec![Vec::new(); school.staff.len()],
            carried,
            spent: (school.budgets.iter())
                .map(|budget| r8_staff::spent_on_packages(school, budget, holders))
                .collect(),
            standby: Vec::new(),
        };
        let demands = 0..sets.standby.demands.len();
        let cells = school.block_ids().flat_map(|block| demands.clone().map(move |demand| (block, demand)));
        let count =
            |(block, demand)| school.staff_ids().filter(|&s| load.stands_by(s, block, demand, &[])).count();
        load.standby = cells.map(count).collect();
        load
    }

    pub fn add(&mut self, staff: &[StaffId], duty: Duty) {
        // A schedule edited by hand may name somebody as lead and as assistant.
        for (at, fewer) in self.fewer_standby(staff, duty) {
            self.standby[at] -= fewer;
        }
        for (budget, spent) in self.school.budgets.iter().zip(&mut self.spent) {
            *spent += cost(self.school, budget, staff);
        }
        staff.iter().for_each(|s| self.duties[s.index()].push(duty));
    }

    /// Whether all of them can do that too.
    pub fn takes(&self, staff: &[StaffId], duty: Duty) -> bool {
        staff.iter().all(|&s| self.can_do(s, duty))
            && self.within_budgets(staff)
            && self.leaves_reserve(staff, duty)
    }

    fn can_do(&self, staff: StaffId, duty: Duty) -> bool {
        let school = self.school;
        let duties = &self.duties[staff.index()];
        let same_day = |other: &&Duty| school[other.block].day == school[duty.block].day;
        let today = || duties.iter().filter(same_day);
        let load = r4_limits::Load {
            week: self.carried[staff.index()] + duties.len() as u64,
            day: today().count() as u32,
            at: |block: BlockId| duties.iter().any(|other| other.block == block),
        };
        r4_limits::allows((school, self.sets), &school[staff], duty.block, &load)
            && today().all(|&other| self.reachable(duty, other))
    }

    /// Whether there is time to get from the earlier of the two to the later one.
    fn reachable(&self, one: Duty, other: Duty) -> bool {
        let school = self.school;
        let at = |duty: Duty| duty.site.map(|site| (duty.block, site));
        !school[one.block].overlaps(&school[other.block])
            && !at(one).zip(at(other)).is_some_and(|(here, there)| school.too_far(here, there))
    }

    fn within_budgets(&self, staff: &[StaffId]) -> bool {
        self.school.budgets.iter().zip(&self.spent).all(|(budget, spent)| {
            let more = cost(self.school, budget, staff);
            more == 0.0 || r8_staff::affords(budget.cost, spent + more)
        })
    }

    fn leaves_reserve(&self, staff: &[StaffId], duty: Duty) -> bool {
        let least = self.sets.standby.least(self.school);
        self.fewer_standby(staff, duty)
            .into_iter()
            .all(|(at, fewer)| self.standby[at] >= least[at] as usize + fewer)
    }

    /// How many of these stand by no longer if they do that as well, by block and demand.
    fn fewer_standby(&self, staff: &[StaffId], duty: Duty) -> Vec<(usize, usize)> {
        let demands = self.sets.standby.demands.len();
        let times = |s: StaffId| vec![duty; staff.iter().filter(|&&other| other == s).count()];
        let people: BTreeSet<StaffId> = staff.iter().copied().collect();
        let mut fewer = Vec::new();
        for block in self.school.block_ids() {
            for demand in 0..demands {
                let falls_out = |&&s: &&StaffId| {
                    self.stands_by(s, block, demand, &[]) && !self.stands_by(s, block, demand, &times(s))
                };
                let count = people.iter().filter(falls_out).count();
                fewer.extend((count > 0).then_some((block.index() * demands + demand, count)));
            }
        }
        fewer
    }

    fn stands_by(&self, staff: StaffId, block: BlockId, demand: usize, more: &[Duty]) -> bool {
        let duties = [&self.duties[staff.index()], more].concat();
        let carried = self.carried[staff.index()];
        self.sets.standby.stands_by((self.school, self.sets), demand, (staff, block), &duties, carried)
    }
}

/// What the budget pays for one block of these people.
fn cost(school: &School, budget: &Budget, staff: &[StaffId]) -> f64 {
    staff.iter().filter(|&&staff| budget.covers(school, staff)).map(|&staff| school[staff].cost).sum()
}
