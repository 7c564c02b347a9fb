//! Takes back whatever change can be taken back without loss: the steps before look at one hour each, and what one of
//! them did may be of no use any more after the next.

use std::collections::{BTreeMap, BTreeSet};

use crate::school::*;
use crate::whatif::part::{Free, Solver};

use super::Repair;

/// How often everything is looked at.
const ROUNDS: usize = 10;

impl Repair<'_> {
    /// Everybody who does something else than before may do what they did, all at once and hour by hour, until nothing
    /// gains by it.
    pub fn polish(&mut self) -> anyhow::Result<()> {
        for _ in 0..ROUNDS {
            if self.replan.solver.over() {
                return Ok(());
            }
            let before = self.schedule.clone();
            self.students_back()?;
            for (hour, staff) in self.staff_hours() {
                if self.replan.solver.over() {
                    return Ok(());
                }
                self.staff_back(&hour, &staff)?;
            }
            if self.gain(&before) >= -1e-6 {
                break;
            }
        }
        self.each_student_back()
    }

    /// Every student alone, since all at once may be more than an engine can do in its time.
    fn each_student_back(&mut self) -> anyhow::Result<()> {
        let changed = self.prices.changed_students(&self.schedule);
        let students: BTreeSet<StudentId> = changed.iter().map(|&(student, _)| student).collect();
        for student in students {
            if self.replan.solver.over() {
                return Ok(());
            }
            let mut free = Free::nothing(self.replan.solver.school);
            free.student(student);
            self.fill(free, &[], &|one, block| one == student && changed.contains(&(one, block)))?;
        }
        Ok(())
    }

    /// Students alone, in sessions as they are.
    fn students_back(&mut self) -> anyhow::Result<()> {
        let changed = self.prices.changed_students(&self.schedule);
        let mut free = Free::nothing(self.replan.solver.school);
        changed.iter().for_each(|&(student, _)| free.student(student));
        if changed.is_empty() {
            return Ok(());
        }
        self.fill(free, &[], &|student, block| changed.contains(&(student, block)))
    }

    /// Staff who do something else than before, by hour.
    fn staff_hours(&self) -> BTreeMap<Vec<BlockId>, BTreeSet<StaffId>> {
        let sets = self.replan.solver.sets;
        let mut hours: BTreeMap<Vec<BlockId>, BTreeSet<StaffId>> = BTreeMap::new();
        for (staff, block) in self.prices.changed_staff(&self.schedule) {
            hours.entry(sets.overlapping[block.index()].clone()).or_default().insert(staff);
        }
        hours
    }

    /// The staff of one hour, with everybody in their sessions.
    fn staff_back(&mut self, hour: &[BlockId], staff: &BTreeSet<StaffId>) -> anyhow::Result<()> {
        let Solver { school, .. } = self.replan.solver;
        let changed = self.prices.changed_students(&self.schedule);
        let mut free = Free::nothing(school);
        let here = changed.iter().filter(|(_, block)| hour.contains(block));
        here.for_each(|&(student, _)| free.student(student));
        staff.iter().for_each(|&one| free.cells_at(school, one, hour));
        let theirs = |session: &&crate::schedule::Session| {
            hour.contains(&session.block) && staff.contains(&session.lead)
        };
        free.sessions(self.schedule.sessions.iter().filter(theirs));
        self.fill(free, &[], &|student, block| hour.contains(&block) || changed.contains(&(student, block)))
    }
}
