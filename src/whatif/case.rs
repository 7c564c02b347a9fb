//! A school and the schedule that runs in it, also with a change of the school's data.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::model::sets::Sets;
use crate::read::{Input, first_error};
use crate::schedule::{Group, Schedule, Session};
use crate::school::{Id, NeedId, Priority, School};
use crate::verify::{self, WrittenSchedule};

use super::history;
use super::scenario::Scenario;

/// Where a school and its schedule are.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub dir: &'a Path,
    pub layout: Option<&'a Path>,
    pub scenario: &'a [PathBuf],
    pub set: &'a [String],
    /// Files of earlier weeks.
    pub history: &'a [PathBuf],
    pub out: &'a Path,
}

/// The schedule in terms of the school.
#[derive(Debug)]
pub struct Case {
    pub school: School,
    pub sets: Sets,
    pub schedule: Schedule,
}

/// A need as files name it, so that it is found again in a changed school.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeedName {
    pub student: String,
    pub subject: String,
    pub priority: Priority,
    with: Option<String>,
    staff: Option<String>,
    days: Option<String>,
    ask: Option<(String, String)>,
}

impl NeedName {
    pub fn of(school: &School, need: NeedId) -> Self {
        let row = &school[need];
        Self {
            student: school[row.student].id.clone(),
            subject: school.need_subjects(need).into_owned(),
            priority: row.priority,
            with: row.with.map(|subject| school[subject].id.clone()),
            staff: row.staff.map(|staff| school[staff].id.clone()),
            days: school.need_days(need),
            ask: row.ask.map(|ask| (school[ask].by.clone(), school[ask].note.clone())),
        }
    }

    pub fn find(&self, school: &School) -> Option<NeedId> {
        school.need_ids().find(|&need| Self::of(school, need) == *self)
    }
}

impl<'a> Origin<'a> {
    /// The case with a change, given as the text of a scenario.
    ///
    /// # Errors
    /// The changed school cannot be read, or the schedule does not fit it.
    pub fn case(&self, change: Option<&str>) -> anyhow::Result<Case> {
        let (history, _) = history::scenario(self.history);
        // Keys of the change must stand before any table.
        let text = format!("{}\n{history}", change.unwrap_or_default());
        let scenario = Scenario::load_and(self.dir, self.scenario, self.set, Some(&text));
        let reading = Input { dir: self.dir, layout: self.layout, changes: &scenario.changes }.read();
        let Some(school) = reading.school else {
            bail!(first_error(&reading.problems));
        };
        let school = verify::school_of_week(&school, self.out)?;
        let mut written_schedule = verify::written_schedule(&school, self.out)?;
        if change.is_some() {
            // The files repeat numbers of the school, such as capacities, that the change makes others.
            written_schedule.violations.clear();
        }
        let schedule = schedule(written_schedule)?;
        Ok(Case { sets: Sets::new(&school), school, schedule })
    }
}

/// What was read, as a schedule.
///
/// # Errors
/// Files contradict each other or name unknown ids.
pub fn schedule(written_schedule: WrittenSchedule) -> anyhow::Result<Schedule> {
    if let Some(violation) = written_schedule.violations.first() {
        bail!("{}", violation.message);
    }
    let groups = written_schedule.groups.into_iter().map(|group| {
        let coach = group.coach.context("a coaching group has no coach")?;
        Ok(Group { coach, students: group.students })
    });
    Ok(Schedule {
        groups: groups.collect::<anyhow::Result<_>>()?,
        sessions: written_schedule.sessions,
        meetings: written_schedule.meetings,
        package_holders: written_schedule.package_holders,
        reserve: written_schedule.reserve,
    })
}

impl Case {
    /// Sessions met, by need.
    pub fn met(&self, schedule: &Schedule) -> Vec<u32> {
        met(&self.school, &schedule.sessions)
    }
}

/// Sessions met, by need.
pub fn met(school: &School, sessions: &[Session]) -> Vec<u32> {
    let mut met = vec![0; school.needs.len()];
    for need in sessions.iter().flat_map(|session| &session.attendances).filter_map(|at| at.need) {
        met[need.index()] += 1;
    }
    met
}
