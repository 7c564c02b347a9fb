//! Decides whole days, or the whole week of a small school, at once with the price of every change: the steps before
//! look at one hour each, and miss what takes a change in two of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::schedule::Meeting;
use crate::school::*;
use crate::whatif::part::{Effort, Found, Free};

use super::Repair;

/// Needs x blocks up to which the whole week is decided at once.
const SMALL_CELLS: usize = 6_000;
/// And up to which whole days are: the engine would not get anywhere with more.
const MIDDLE_CELLS: usize = 40_000;
const EFFORT: Effort = Effort { most: Duration::from_secs(3), nodes: 2_000 };
/// How often every day is looked at.
const ROUNDS: usize = 3;

impl Repair<'_> {
    /// The whole week if it is small; in a larger one day by day where something changed, as long as that gains.
    pub fn decide_at_once(&mut self) -> anyhow::Result<()> {
        let school = self.replan.solver.school;
        let cells = school.needs.len() * school.blocks.len();
        if cells > MIDDLE_CELLS {
            return Ok(());
        }
        if cells <= SMALL_CELLS {
            self.decide(&self.replan.solver.school.block_ids().collect())?;
            return Ok(());
        }
        for _ in 0..ROUNDS {
            let mut gained = false;
            for day in self.changed_days() {
                if self.replan.solver.over() {
                    return Ok(());
                }
                gained |= self.decide(&day)?;
            }
            if !gained {
                break;
            }
        }
        Ok(())
    }

    /// The days on which somebody does something else than before, that with the most changes first.
    fn changed_days(&self) -> Vec<BTreeSet<BlockId>> {
        let students = self.prices.changed_students(&self.schedule);
        let staff = self.prices.changed_staff(&self.schedule);
        let staff = staff.into_iter().map(|(_, block)| block);
        self.days(students.into_iter().map(|(_, block)| block).chain(staff))
    }

    /// The blocks of the days of these, that with the most of them first.
    fn days(&self, blocks: impl Iterator<Item = BlockId>) -> Vec<BTreeSet<BlockId>> {
        let school = self.replan.solver.school;
        let mut days = BTreeMap::new();
        blocks.for_each(|block| *days.entry(school[block].day).or_insert(0) += 1);
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_by_key(|&(_, count)| Reverse(count));
        let whole = |day| school.block_ids().filter(|&block| school[block].day == day).collect();
        days.into_iter().map(|(day, _)| whole(day)).collect()
    }

    /// Everybody in these blocks is free, and every meeting in them may be led by somebody else or given up. Whether
    /// that gained.
    fn decide(&mut self, blocks: &BTreeSet<BlockId>) -> anyhow::Result<bool> {
        let school = self.replan.solver.school;
        let mut free = Free::nothing(school);
        school.student_ids().for_each(|student| free.student(student));
        school.staff_ids().for_each(|staff| free.cells_at(school, staff, blocks));
        let here = self.schedule.meetings.iter().filter(|meeting| blocks.contains(&meeting.block));
        let mut open: Vec<Meeting> = here.cloned().collect();
        open.extend(self.unheld(blocks));
        let found = self.replan.solver.solve_within(
            EFFORT,
            &self.schedule,
            free,
            &open,
            &|_, block| blocks.contains(&block),
            |model| self.prices.add(model),
        )?;
        let Found::Schedule(schedule) = found else { return Ok(false) };
        let broken = |schedule| self.broken_pins(schedule).count();
        let gained = self.gain(&schedule) > 1e-6 && broken(&schedule) <= broken(&self.schedule);
        if gained {
            self.schedule = schedule;
        }
        Ok(gained)
    }
}
