//! Whom nobody could replace: person, subject and block, and what was lost without them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::rules::r4_limits;
use crate::model::scope::people;
use crate::school::*;

use super::Day;
use super::day::{Hit, Week};

/// What was lost because one person was out in one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Irreplaceable {
    pub hit: Hit,
    /// Days on which they were ill then.
    pub times: u32,
    /// Sessions of must, should and could lost on all of them together.
    pub lost: [u32; 3],
    /// Who has nothing to do then, could lead it and stays within their limits, were nobody else ill.
    pub idle: Vec<StaffId>,
}

/// Everybody without whom sessions of `must` or `should` were lost, the most costly first.
pub fn of(week: &Week, days: &[Day]) -> Vec<Irreplaceable> {
    let school = week.school;
    let mut found: BTreeMap<Hit, Irreplaceable> = BTreeMap::new();
    for day in days {
        for lost in &day.loss.lost {
            let Some(hit) = lost.instead_of else { continue };
            let new = || Irreplaceable { hit, times: 0, lost: [0; 3], idle: Vec::new() };
            found.entry(hit).or_insert_with(new).lost[school[lost.need].priority as usize] += lost.sessions;
        }
    }
    let mut found: Vec<Irreplaceable> = found
        .into_values()
        .filter(|one| one.lost[Priority::Must as usize] + one.lost[Priority::Should as usize] > 0)
        .collect();
    let duties = Duties::new(week);
    for one in &mut found {
        let day = school[one.hit.block].day;
        let out = |other: &&Day| other.weekday == day && other.ill.contains(&one.hit.lead);
        one.times = days.iter().filter(out).count() as u32;
        one.idle = duties.could_lead(one.hit.offering, one.hit.block);
    }
    found.sort_by_key(|one| (std::cmp::Reverse(one.lost), one.hit));
    found
}

/// What everybody does in the week as planned.
pub struct Duties<'a> {
    week: &'a Week<'a>,
    /// By staff member: blocks at work.
    at: Vec<BTreeSet<BlockId>>,
    /// By staff member: blocks of packages.
    carried: Vec<u64>,
}

impl<'a> Duties<'a> {
    pub fn new(week: &'a Week<'a>) -> Self {
        let mut at = vec![BTreeSet::new(); week.school.staff.len()];
        for session in &week.schedule.sessions {
            people(session).for_each(|staff| {
                at[staff.index()].insert(session.block);
            });
        }
        for meeting in &week.schedule.meetings {
            at[week.schedule.lead_of(meeting).index()].insert(meeting.block);
        }
        let mut carried = vec![0; week.school.staff.len()];
        for holder in &week.schedule.package_holders {
            carried[holder.staff.index()] += u64::from(week.school[holder.package].blocks);
        }
        Self { week, at, carried }
    }

    /// Whether they are there, have nothing to do and stay within their limits with this block.
    pub fn is_idle(&self, staff: StaffId, block: BlockId) -> bool {
        let &Week { school, sets, .. } = self.week;
        let at = &self.at[staff.index()];
        let load = r4_limits::Load {
            week: at.len() as u64 + self.carried[staff.index()],
            day: at.iter().filter(|&&other| school[other].day == school[block].day).count() as u32,
            at: |other: BlockId| at.contains(&other),
        };
        school.staff_free[(staff, block)]
            && sets.overlapping[block.index()].iter().all(|other| !at.contains(other))
            && r4_limits::allows((school, sets), &school[staff], block, &load)
    }

    pub fn could_lead(&self, offering: OfferingId, block: BlockId) -> Vec<StaffId> {
        let leads = &self.week.sets.leads_of[offering.index()];
        leads.iter().copied().filter(|&staff| self.is_idle(staff, block)).collect()
    }
}
