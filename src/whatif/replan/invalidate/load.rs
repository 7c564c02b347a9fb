//! What staff have to do in a week that is put together anew, and what they can take on beside it (R1, R4, R5, R8).

use crate::model::sets::Sets;
use crate::schedule::{Meeting, PackageHolder, Session};
use crate::school::*;

/// Costs up to this times a budget hold, as for the referee: they are sums of fractions.
const TOLERANCE: f64 = 1.000_000_001;

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
        let free = |b: BlockId| school.staff_ids().filter(|&s| school.staff_free[(s, b)]).count();
        Self {
            school,
            sets,
            duties: vec![Vec::new(); school.staff.len()],
            carried,
            spent: vec![0.0; school.budgets.len()],
            idle: school.block_ids().map(free).collect(),
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
        let row = &school[staff];
        let duties = &self.duties[staff.index()];
        let same_day = |other: &&Duty| school[other.block].day == school[duty.block].day;
        let today = || duties.iter().filter(same_day);
        let all = self.carried[staff.index()] + duties.len() as u64;
        row.max_blocks.is_none_or(|most| all < u64::from(most))
            && row.max_per_day.is_none_or(|most| today().count() < most as usize)
            && today().all(|&other| self.reachable(duty, other))
            && row.max_in_a_row.is_none_or(|most| self.in_a_row(staff, duty.block) <= most as usize)
    }

    /// Whether there is time to get from the earlier of the two to the later one.
    fn reachable(&self, one: Duty, other: Duty) -> bool {
        let school = self.school;
        let at = |duty: Duty| duty.site.map(|site| (duty.block, site));
        !school[one.block].overlaps(&school[other.block])
            && !at(one).zip(at(other)).is_some_and(|(here, there)| school.too_far(here, there))
    }

    /// The most blocks in a row with this one among them.
    fn in_a_row(&self, staff: StaffId, block: BlockId) -> usize {
        let follows = |a: BlockId, b: BlockId| self.sets.next_in_a_row[a.index()].contains(&b);
        let duties = self.duties[staff.index()].iter().map(|duty| duty.block);
        let mut blocks: Vec<BlockId> = duties.chain([block]).collect();
        blocks.sort_by_key(|&b| (self.school[b].day, self.school[b].start, b));
        blocks.dedup();
        let before = longest(&blocks, block, follows);
        blocks.reverse();
        before + longest(&blocks, block, |a, b| follows(b, a)) - 1
    }

    fn within_budgets(&self, staff: &[StaffId]) -> bool {
        self.school.budgets.iter().zip(&self.spent).all(|(budget, spent)| {
            let more = cost(self.school, budget, staff);
            more == 0.0 || spent + more <= budget.cost * TOLERANCE
        })
    }

    fn leaves_reserve(&self, staff: &[StaffId], block: BlockId) -> bool {
        self.sets.overlapping[block.index()].iter().all(|&b| {
            let least = self.school.reserve_in(b) as usize;
            least == 0 || self.idle[b.index()] >= least + self.idle_among(staff, b)
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
    staff.iter().filter(|&&staff| budget.covers(&school[staff])).map(|&staff| school[staff].cost).sum()
}

/// The longest row of these blocks, each following one before it, that ends with `last`.
fn longest(blocks: &[BlockId], last: BlockId, follows: impl Fn(BlockId, BlockId) -> bool) -> usize {
    let mut rows: Vec<usize> = Vec::with_capacity(blocks.len());
    for (at, &block) in blocks.iter().enumerate() {
        let before = (0..at).filter(|&earlier| follows(blocks[earlier], block));
        rows.push(before.map(|earlier| rows[earlier]).max().unwrap_or(0) + 1);
    }
    blocks.iter().zip(rows).find(|&(&block, _)| block == last).map_or(1, |(_, row)| row)
}
