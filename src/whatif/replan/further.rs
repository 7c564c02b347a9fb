//! What a repair does beyond the hours in which something fell out: other times, and room made by others.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::classes::Numbers;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;
use crate::whatif::case::met;
use crate::whatif::part::{Free, MOST_STUDENTS, Solver};

use super::{Repair, Replan, could_lead, lacking};

/// Students who still lack something and may move at once.
const MOST_LACKING: usize = 40;
/// Students of the sessions from which somebody may be taken in a quick repair.
const FEW_STUDENTS: usize = 40;

impl Repair<'_> {
    /// At other times: whoever still lacks what they had, or has a new need, may come when they have nothing.
    pub fn elsewhere(&mut self) -> anyhow::Result<()> {
        let Solver { school, sets, .. } = self.replan.solver;
        let lacking = self.lacking();
        if lacking.is_empty() {
            return Ok(());
        }
        let mut free = Free::nothing(school);
        lacking.iter().for_each(|&need| free.student(school[need].student));
        let wanted: BTreeSet<OfferingId> =
            lacking.iter().flat_map(|need| sets.offerings_of[need.index()].iter().copied()).collect();
        for &o in &wanted {
            let blocks = &sets.blocks_of[o.index()];
            sets.leads_of[o.index()].iter().for_each(|&staff| free.cells_at(school, staff, blocks));
        }
        let busy = occupied(school, sets, &self.schedule);
        self.fill(free, &[], &|student, block| !busy[(student, block)])
    }

    /// Needs of those who lost something that are still lacking; in a quick repair those of `must` and `should` alone.
    fn lacking(&self) -> Vec<NeedId> {
        let school = self.replan.solver.school;
        let mut needs = lacking(school, &self.invalidated, &self.schedule);
        needs.retain(|&need| !self.replan.quick || school[need].priority.counts_for_fairness());
        needs
    }

    /// Sessions of needs that are still lacking to those who lost something in these blocks, by priority.
    pub fn most_urgent(&self, hours: &BTreeSet<BlockId>) -> [usize; 3] {
        let school = self.replan.solver.school;
        let lost = self.lost(hours);
        let mut urgent = [0; 3];
        for need in lacking(school, &self.invalidated, &self.schedule) {
            urgent[school[need].priority as usize] += usize::from(lost.contains(&school[need].student));
        }
        urgent
    }

    /// At the same time: somebody leaves a session of less value, whose students move with it.
    pub fn take_from_others(&mut self, hours: &BTreeSet<BlockId>) -> anyhow::Result<()> {
        let school = self.replan.solver.school;
        let open = self.unheld(hours);
        let lost = self.lost(hours);
        let lacking: Vec<NeedId> =
            self.lacking().into_iter().filter(|&need| lost.contains(&school[need].student)).collect();
        if lacking.is_empty() && open.is_empty() {
            return Ok(());
        }
        let mut free = self.idle(hours, &open);
        lacking.iter().for_each(|&need| free.student(school[need].student));
        let mut sessions = self.helpers(hours, &lacking, !open.is_empty());
        sessions.sort_by_key(|session| session.attendances.len());
        free.sessions_of(sessions, if self.replan.quick { FEW_STUDENTS } else { MOST_STUDENTS });
        self.fill(free, &open, &|_, block| hours.contains(&block))
    }

    /// Sessions whose leads could lead what is lacking.
    fn helpers(&self, hours: &BTreeSet<BlockId>, lacking: &[NeedId], coaches: bool) -> Vec<&Session> {
        let Solver { school, sets, .. } = self.replan.solver;
        let wanted: BTreeSet<OfferingId> =
            lacking.iter().flat_map(|need| sets.offerings_of[need.index()].iter().copied()).collect();
        let helps = |session: &&Session| {
            let leads = |o: &OfferingId| could_lead(sets, session.lead, Activity::Offering(*o));
            hours.contains(&session.block)
                && ((coaches && school[session.lead].may_coach()) || wanted.iter().any(leads))
        };
        self.schedule.sessions.iter().filter(helps).collect()
    }

    /// Hour by hour, the most urgent first: whoever still lacks something changes places with those who sit where it
    /// could be met. What they leave for it they may do when they have nothing.
    pub fn make_room(&mut self) -> anyhow::Result<()> {
        let sets = self.replan.solver.sets;
        let mut hours: BTreeMap<BTreeSet<BlockId>, [usize; 3]> = BTreeMap::new();
        let school = self.replan.solver.school;
        for need in self.newly_lacking() {
            for block in self.could_come(need) {
                let hour = sets.overlapping[block.index()].iter().copied().collect();
                hours.entry(hour).or_default()[school[need].priority as usize] += 1;
            }
        }
        let mut hours: Vec<_> = hours.into_iter().collect();
        hours.sort_by_key(|&(_, urgent)| std::cmp::Reverse(urgent));
        for (hour, _) in hours {
            if self.replan.solver.over() {
                break;
            }
            self.make_room_in(&hour)?;
        }
        Ok(())
    }

    fn make_room_in(&mut self, hour: &BTreeSet<BlockId>) -> anyhow::Result<()> {
        let Solver { school, sets, .. } = self.replan.solver;
        let mut needs = self.newly_lacking();
        needs.retain(|&need| self.could_come(need).any(|block| hour.contains(&block)));
        needs.sort_by_key(|&need| school[need].priority);
        needs.truncate(MOST_LACKING);
        if needs.is_empty() {
            return Ok(());
        }
        let mut free = Free::nothing(school);
        needs.iter().for_each(|&need| free.student(school[need].student));
        let coming: BTreeSet<StudentId> = needs.iter().map(|&need| school[need].student).collect();
        let wanted: BTreeSet<OfferingId> =
            needs.iter().flat_map(|need| sets.offerings_of[need.index()].iter().copied()).collect();
        for &o in &wanted {
            sets.leads_of[o.index()].iter().for_each(|&staff| free.cells_at(school, staff, hour));
        }
        let serves = |session: &Session| {
            matches!(session.activity, Activity::Offering(o) if wanted.contains(&o))
                && hour.contains(&session.block)
        };
        // A session that they leave below its least number may only be left if it may go.
        let dissolves = |session: &Session| {
            let here = session.attendances.iter().filter(|at| coming.contains(&at.student)).count();
            let min = Numbers::of(school, session.activity).min as usize;
            hour.contains(&session.block) && here > 0 && session.attendances.len() - here < min
        };
        free.sessions(self.schedule.sessions.iter().filter(|session| serves(session) || dissolves(session)));
        let busy = occupied(school, sets, &self.schedule);
        self.fill(free, &[], &|student, block| {
            hour.contains(&block) || (coming.contains(&student) && !busy[(student, block)])
        })
    }

    /// Whoever lost something to others sits where a seat is left when they have nothing.
    pub fn seat_displaced(&mut self) -> anyhow::Result<()> {
        let Replan { solver: Solver { school, sets, .. }, before, .. } = self.replan;
        let (was, is) = (met(school, &before.sessions), met(school, &self.schedule.sessions));
        let mut free = Free::nothing(school);
        let losing = school.need_ids().filter(|need| is[need.index()] < was[need.index()]);
        losing.for_each(|need| free.student(school[need].student));
        if !free.students.contains(&true) {
            return Ok(());
        }
        let busy = occupied(school, sets, &self.schedule);
        self.fill(free, &[], &|student, block| !busy[(student, block)])
    }

    /// Needs of which more is missing than before; for what was missing anyway nobody else is to move.
    fn newly_lacking(&self) -> Vec<NeedId> {
        let Replan { solver, before, fresh, .. } = self.replan;
        let school = solver.school;
        let (was, is) = (met(school, &before.sessions), met(school, &self.schedule.sessions));
        let mut needs = lacking(school, &self.invalidated, &self.schedule);
        needs.retain(|need| is[need.index()] < was[need.index()] || fresh.contains(need));
        needs
    }

    /// Blocks in which the need could be met, as far as its student is there.
    fn could_come(&self, need: NeedId) -> impl Iterator<Item = BlockId> + '_ {
        let Solver { school, sets, .. } = self.replan.solver;
        sets.blocks_for(school, need).filter(move |&block| school.student_free[(school[need].student, block)])
    }
}

/// Where students are, blocks that overlap included.
fn occupied(school: &School, sets: &Sets, schedule: &Schedule) -> Grid<StudentId, BlockId, bool> {
    let mut occupied = Grid::filled(school.students.len(), school.blocks.len(), false);
    let mut take = |student: StudentId, block: BlockId| {
        sets.overlapping[block.index()].iter().for_each(|&b| occupied[(student, b)] = true);
    };
    for session in &schedule.sessions {
        session.attendances.iter().for_each(|at| take(at.student, session.block));
    }
    for meeting in &schedule.meetings {
        meeting.students.iter().for_each(|&student| take(student, meeting.block));
    }
    occupied
}
