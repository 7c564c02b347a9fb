//! The sets of the mathematics (docs/model.md), built once from the school.

use super::rules::r8_staff::Standby;
use crate::school::{
    BlockId, Id, NeedId, OfferingId, PlaceId, School, SiteId, Staff, StaffId, StudentId, ids,
};

/// Index sets derived from a [`School`]. Letters as in docs/model.md: students i, needs n, offerings o,
/// blocks b, staff s, places p.
#[derive(Debug)]
pub struct Sets {
    /// Blocks that share a moment with b, b included: same day, intervals intersect.
    pub overlapping: Vec<Vec<BlockId>>,
    /// Per block: the blocks c of its day that follow it "in a row": b ends at or before c starts, and no
    /// block of the layout fits between.
    pub next_in_a_row: Vec<Vec<BlockId>>,
    /// Per block: the blocks that it follows in a row, in time order.
    pub before_in_a_row: Vec<Vec<BlockId>>,
    /// Blocks in time order: day, start, end.
    pub in_time: Vec<BlockId>,
    /// Blocks in which o may run, by kind.
    pub blocks_of: Vec<Vec<BlockId>>,
    /// Staff who may lead o: allowed role, qualified.
    pub leads_of: Vec<Vec<StaffId>>,
    /// Places that carry the tags of o; empty if o is online.
    pub places_of: Vec<Vec<PlaceId>>,
    /// Needs that an attendance of o can meet.
    pub needs_of: Vec<Vec<NeedId>>,
    /// Offerings whose attendance can meet n.
    pub offerings_of: Vec<Vec<OfferingId>>,
    /// Staff with the role supervisor, who may lead a study session.
    pub supervisors: Vec<StaffId>,
    pub coaches: Vec<StaffId>,
    /// Staff who may assist in o: role, and qualified where that is asked for; nobody where o has no assistants.
    pub assistants_of: Vec<Vec<StaffId>>,
    /// Students whom no site binds, where sites are minutes apart.
    pub travelling: Vec<StudentId>,
    /// Who could stand by for what the reserve asks.
    pub standby: Standby,
}

impl Sets {
    pub fn new(school: &School) -> Self {
        let offerings_by_subject = offerings_by_subject(school);
        let offerings_of: Vec<Vec<OfferingId>> = school
            .needs
            .iter()
            .map(|need| {
                let mut offerings: Vec<OfferingId> = need
                    .subjects
                    .iter()
                    .flat_map(|subject| offerings_by_subject[subject.index()].iter().copied())
                    .filter(|&offering| school[offering].admits(need.student))
                    .collect();
                offerings.sort_unstable();
                offerings.dedup();
                offerings
            })
            .collect();
        let mut needs_of = vec![Vec::new(); school.offerings.len()];
        for need in school.need_ids() {
            for offering in &offerings_of[need.index()] {
                needs_of[offering.index()].push(need);
            }
        }
        let who = |may: fn(&Staff) -> bool| {
            school.staff_ids().filter(|&staff| may(&school[staff])).collect::<Vec<_>>()
        };
        let in_time = blocks_in_time(school);
        let next_in_a_row: Vec<Vec<BlockId>> = school.block_ids().map(|b| school.next_in_a_row(b)).collect();
        let mut before_in_a_row = vec![Vec::new(); school.blocks.len()];
        for &block in &in_time {
            next_in_a_row[block.index()].iter().for_each(|next| before_in_a_row[next.index()].push(block));
        }
        Self {
            overlapping: school.block_ids().map(|b| school.overlapping(b).collect()).collect(),
            next_in_a_row,
            before_in_a_row,
            in_time,
            blocks_of: school
                .offerings
                .iter()
                .map(|o| school.block_ids().filter(|&b| o.runs_in(&school[b])).collect())
                .collect(),
            leads_of: school.offering_ids().map(|o| school.leads_of(o)).collect(),
            places_of: school
                .offerings
                .iter()
                .map(|o| {
                    let suits = |p: &PlaceId| school[*p].has_tags_of(o);
                    if o.online { Vec::new() } else { school.place_ids().filter(suits).collect() }
                })
                .collect(),
            needs_of,
            offerings_of,
            supervisors: who(Staff::may_supervise),
            coaches: who(Staff::may_coach),
            assistants_of: school
                .offering_ids()
                .map(|o| if school[o].assistants > 0 { school.assistants_of(o) } else { Vec::new() })
                .collect(),
            travelling: travelling(school),
            standby: Standby::new(school),
        }
    }
}

impl Sets {
    /// Blocks in which an offering for the need may run on one of its days, perhaps more than once.
    pub fn blocks_for(&self, school: &School, need: NeedId) -> impl Iterator<Item = BlockId> {
        let blocks = self.offerings_of[need.index()].iter().flat_map(|o| &self.blocks_of[o.index()]);
        blocks.copied().filter(move |&block| school[need].may_be_met_in(&school[block]))
    }
}

fn travelling(school: &School) -> Vec<StudentId> {
    let apart = |from: SiteId| ids(school.sites.len()).any(|to: SiteId| school.travel[(from, to)] > 0);
    if !ids(school.sites.len()).any(apart) {
        return Vec::new();
    }
    school.student_ids().filter(|&i| school[i].site.is_none()).collect()
}

fn blocks_in_time(school: &School) -> Vec<BlockId> {
    let mut blocks: Vec<BlockId> = school.block_ids().collect();
    blocks.sort_by_key(|&b| (school[b].day, school[b].start, school[b].end, b));
    blocks
}

fn offerings_by_subject(school: &School) -> Vec<Vec<OfferingId>> {
    let mut by_subject = vec![Vec::new(); school.subjects.len()];
    for offering in school.offering_ids() {
        for subject in &school[offering].subjects {
            by_subject[subject.index()].push(offering);
        }
    }
    by_subject
}
