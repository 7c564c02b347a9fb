//! What staff have to do in a week that is put together anew, and what they can take on beside it (R1, R4, R5, R8).

use crate::model::rules::{r4_limits, r8_staff};
use crate::model::sets::Sets;
use crate::schedule::{Meeting, PackageHolder, Session};
use crate::school::*;

/// Something to lead, assist or supervise.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    block: BlockId,
    site: Option<SiteId>,
}

impl Duty {
    pub fn session(school: &School, session: &Session) -> Self {
        Self { block: session.block, site: session.place.and_then(|place| school[place].site) }
    }

    pub fn meeting(school: &School, meeting: &Meeting) -> Self {
        Self { block: meeting.block, site: school[meeting.place].site }
    }
}

pub struct Load<'a> {
    school: &'a School,
    sets: &'a Sets,
    /// By staff member.
    duties: Vec<Vec<Duty>>,
    /// By staff member: the blocks of packages.
    carried: Vec<u64>,
    /// By budget.
    spent: Vec<f64>,
    /// By block: staff neither busy nor deployed.
    idle: Vec<usize>,
}

impl<'a> Load<'a> {
    /// Of those who carry packages, and do nothing else yet.
    pub fn new(school: &'a School, sets: &'a Sets, holders: &[PackageHolder]) -> Self {
        let mut carried = vec![0; school.staff.len()];
        for holder in holders {
            carried[holder.staff.index()] += u64::from(school[holder.package].blocks);
        }
        Self {
            school,
            sets,
            duties: vec![Vec::new(); school.staff.len()],
            carried,
            spent: (school.budgets.iter())
                .map(|budget| r8_staff::spent_on_packages(school, budget, holders))
                .collect(),
            idle: school.block_ids().map(|block| r8_staff::free_in(school, block)).collect(),
        }
    }

    pub fn add(&mut self, staff: &[StaffId], duty: Duty) {
        for &block in &self.sets.overlapping[duty.block.index()] {
            // A schedule edited by hand may name somebody as lead and as assistant.
            let engaged = self.idle_among(staff, block);
            self.idle[block.index()] = self.idle[block.index()].saturating_sub(engaged);
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
            && self.leaves_reserve(staff, duty.block)
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
        r4_limits::allows(self.sets, &school[staff], duty.block, &load)
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

    fn leaves_reserve(&self, staff: &[StaffId], block: BlockId) -> bool {
        self.sets.overlapping[block.index()].iter().all(|&b| {
            let taken = self.idle_among(staff, b) as u32;
            r8_staff::leaves_reserve(self.school.reserve_in(b), self.idle[b.index()] as u32, taken)
        })
    }

    fn idle_among(&self, staff: &[StaffId], block: BlockId) -> usize {
        let at_work = |s: StaffId| {
            let duties = &self.duties[s.index()];
            duties.iter().any(|duty| self.school[duty.block].overlaps(&self.school[block]))
        };
        staff.iter().filter(|&&s| self.school.staff_free[(s, block)] && !at_work(s)).count()
    }
}

/// What the budget pays for one block of these people.
fn cost(school: &School, budget: &Budget, staff: &[StaffId]) -> f64 {
    staff.iter().filter(|&&staff| budget.covers(school, staff)).map(|&staff| school[staff].cost).sum()
}
