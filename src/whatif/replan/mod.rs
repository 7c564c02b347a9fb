//! Repairs a running schedule: what is no longer possible is struck, and the hole is filled with as few changes
//! as pay.
//!
//! 1. [`strike`] takes out what breaks a rule now; [`groups`] mends coaching groups and packages.
//! 2. A part of the model is solved around what is left: the students who lost something and the staff who are
//!    idle and could replace somebody are free. Its objective is the school's, less [`prices`] of changes.
//! 3. If needs stay open, the part is widened by sessions whose leads could help, and the better result taken.

pub mod changes;
mod groups;
mod places;
mod prices;
mod strike;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::objective;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Meeting, Schedule, Session};
use crate::school::*;
use crate::verify::Reread;

use super::part::{Free, Solver};
use prices::Prices;
use strike::Struck;

/// Students whose sessions are freed for the sake of others.
const MOST_STUDENTS: usize = 160;

/// A school and the schedule that ran until now, as far as the school knows its ids.
pub struct Replan<'a> {
    pub solver: Solver<'a>,
    pub before: &'a Reread,
    /// Needs that are new, or ask more than they did.
    pub fresh: &'a [NeedId],
    /// Loss of one change for one person in one block.
    pub weight: f64,
}

impl Replan<'_> {
    /// The repaired schedule.
    ///
    /// # Errors
    /// Coaching groups, packages or pins can no longer be held, or the engine fails.
    pub fn run(&self) -> anyhow::Result<Schedule> {
        let Solver { school, sets, .. } = self.solver;
        let mut struck = strike::strike(school, sets, self.before);
        struck.want(school, self.fresh);
        groups::mend(school, sets, self.before, &mut struck)?;
        let prices = Prices::new(school, self.before, &struck, self.weight);
        let narrow = self.narrow(&struck);
        let mut best = self.fill(&struck, &prices, narrow.clone())?;
        if let Some(wide) = self.wide(&struck, &best, narrow) {
            let other = self.fill(&struck, &prices, wide)?;
            if self.worth(&prices, &other) > self.worth(&prices, &best) + 1e-6 {
                best = other;
            }
        }
        places::stay(school, sets, &struck, &mut best);
        Ok(best)
    }

    fn worth(&self, prices: &Prices, schedule: &Schedule) -> f64 {
        objective::total(self.solver.school, schedule) - prices.of(schedule)
    }

    fn fill(&self, struck: &Struck, prices: &Prices, free: Free) -> anyhow::Result<Schedule> {
        let open = &struck.open_meetings;
        let filled = self.solver.solve(&struck.schedule, free, open, |model| prices.add(model))?;
        filled.ok_or_else(|| {
            anyhow::anyhow!(
                "no repair was found that holds every rule; make a new schedule with `leerzone solve`"
            )
        })
    }

    /// Those who lost something, and whoever is idle and could lead, assist, supervise or coach in their stead.
    fn narrow(&self, struck: &Struck) -> Free {
        let Solver { school, sets, .. } = self.solver;
        let mut free = Free::nothing(school);
        struck.students.iter().for_each(|&student| free.student(student));
        let wanted = wanted(school, struck);
        for block in school.block_ids() {
            let at_once = &sets.overlapping[block.index()];
            let coaching = struck.open_meetings.iter().any(|meeting| at_once.contains(&meeting.block));
            for staff in school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]) {
                let leads = |activity: &Activity| could_lead(sets, staff, *activity);
                let here = struck.hours.iter().any(|hour| at_once.contains(hour)) && wanted.iter().any(leads);
                let assists = struck.helped.contains(&block) && school[staff].roles.has(Role::Assistant);
                let coaches = coaching && school[staff].roles.has(Role::Coach);
                if here || assists || coaches || struck.cells.contains(&(staff, block)) {
                    free.cell(staff, block);
                }
            }
        }
        free
    }

    /// The same and, if somebody still lacks what they had, the sessions whose leads could help, smallest
    /// first, and the idle hours of staff at other times. `None`: nothing to gain.
    fn wide(&self, struck: &Struck, found: &Schedule, mut free: Free) -> Option<Free> {
        let Solver { school, sets, .. } = self.solver;
        let lacking = lacking(school, struck, found);
        let unheld: Vec<&Meeting> =
            (struck.open_meetings.iter()).filter(|open| !held(found, open)).collect();
        if lacking.is_empty() && unheld.is_empty() {
            return None;
        }
        let wanted: BTreeSet<Activity> = (school.offering_ids())
            .filter(|o| lacking.iter().any(|need| sets.offerings_of[need.index()].contains(o)))
            .map(Activity::Offering)
            .collect();
        for block in school.block_ids() {
            for staff in school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]) {
                if wanted.iter().any(|&activity| could_lead(sets, staff, activity)) {
                    free.cell(staff, block);
                }
            }
        }
        let helps = |session: &&Session| {
            let at_once = &sets.overlapping[session.block.index()];
            let coach = school[session.lead].roles.has(Role::Coach)
                && unheld.iter().any(|meeting| at_once.contains(&meeting.block));
            let lead = struck.hours.iter().any(|hour| at_once.contains(hour))
                && wanted.iter().any(|&activity| could_lead(sets, session.lead, activity));
            coach || lead
        };
        let mut sessions: Vec<&Session> = struck.schedule.sessions.iter().filter(helps).collect();
        sessions.sort_by_key(|session| session.attendances.len());
        let mut students = 0;
        for session in sessions {
            students += session.attendances.len();
            if students > MOST_STUDENTS {
                break;
            }
            free.session(session);
        }
        Some(free)
    }
}

/// Needs of `school` that `old` has not, or with fewer sessions.
pub fn fresh_needs(old: &School, school: &School) -> Vec<NeedId> {
    let key = |school: &School, need: NeedId| {
        let row = &school[need];
        let with = row.with.map(|subject| school[subject].id.clone());
        let student = school[row.student].id.clone();
        (student, school.need_subjects(need), row.priority, with)
    };
    let mut asked: BTreeMap<_, u32> = BTreeMap::new();
    for need in old.need_ids() {
        *asked.entry(key(old, need)).or_default() += old[need].sessions;
    }
    let more = |need: &NeedId| asked.get(&key(school, *need)).is_none_or(|&before| before < school[*need].sessions);
    school.need_ids().filter(more).collect()
}

/// Whether the meeting takes place, led by whomever.
fn held(schedule: &Schedule, open: &Meeting) -> bool {
    schedule.meetings.iter().any(|meeting| (meeting.group, meeting.block) == (open.group, open.block))
}

/// What could take the place of what was struck.
fn wanted(school: &School, struck: &Struck) -> BTreeSet<Activity> {
    let mut wanted: BTreeSet<Activity> = struck.sessions.iter().map(|session| session.activity).collect();
    let of = |student: StudentId| school.needs_of(student);
    let subjects: BTreeSet<SubjectId> =
        struck.students.iter().flat_map(|&i| of(i)).flat_map(|need| school[need].subjects.clone()).collect();
    let struck_subjects = |o: &OfferingId| {
        school[*o].subjects.iter().any(|subject| struck.subjects.contains(subject) && subjects.contains(subject))
    };
    wanted.extend(school.offering_ids().filter(struck_subjects).map(Activity::Offering));
    wanted
}

fn could_lead(sets: &Sets, staff: StaffId, activity: Activity) -> bool {
    match activity {
        Activity::Offering(o) => sets.leads_of[o.index()].contains(&staff),
        Activity::Study => sets.supervisors.contains(&staff),
    }
}

/// Needs of struck students that are met less than they are asked.
fn lacking(school: &School, struck: &Struck, found: &Schedule) -> Vec<NeedId> {
    let mut met = vec![0u32; school.needs.len()];
    for need in found.sessions.iter().flat_map(|s| &s.attendances).filter_map(|attendance| attendance.need) {
        met[need.index()] += 1;
    }
    (struck.students.iter().flat_map(|&student| school.needs_of(student)))
        .filter(|&need| struck.subjects_of(school, need) && met[need.index()] < school[need].sessions)
        .collect()
}
