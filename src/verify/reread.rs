//! A written schedule as data again, for whoever goes on from it.

use std::path::Path;

use crate::schedule::{self, Attendance, Meeting, PackageHolder, Reserve};
use crate::school::{School, StaffId, StudentId};

use super::breach::Breaches;
use super::week::{Activity, Session, Week};
use super::{Breach, Error, files, needs};

/// What the files hold of which the school knows the ids. Nothing says that it holds a rule.
#[derive(Debug)]
pub struct Reread {
    pub sessions: Vec<schedule::Session>,
    pub groups: Vec<Group>,
    /// `group` is an index into `groups`.
    pub meetings: Vec<Meeting>,
    pub package_holders: Vec<PackageHolder>,
    pub reserve: Vec<Reserve>,
    /// Unknown ids and files that contradict each other.
    pub breaches: Vec<Breach>,
}

#[derive(Debug)]
pub struct Group {
    /// `None`: nobody whom the school knows.
    pub coach: Option<StaffId>,
    pub students: Vec<StudentId>,
}

/// Reads the schedule in `out` with the ids of `school`. Attendances are counted for the needs where they
/// count most; those that meet none of the school's are kept without one.
///
/// # Errors
/// The folder or one of its CSV files is missing or is not what its name says.
pub fn reread(school: &School, out: &Path) -> Result<Reread, Error> {
    let mut breaches = Breaches::default();
    let week = files::read(school, out, &mut breaches)?;
    let counted = needs::count(school, &week);
    let mut reread = Reread {
        sessions: Vec::new(),
        groups: week.groups.iter().map(group).collect(),
        meetings: Vec::new(),
        package_holders: (week.holders.iter())
            .map(|holder| PackageHolder { package: holder.package, staff: holder.staff })
            .collect(),
        reserve: (week.reserves.iter())
            .map(|reserve| Reserve { block: reserve.block, staff: reserve.staff })
            .collect(),
        breaches: breaches.0,
    };
    for (index, row) in week.sessions.iter().enumerate() {
        match row.activity {
            Activity::Meeting(group) => reread.meetings.extend(meeting(&week, index, group)),
            Activity::Offering(offering) => {
                let activity = schedule::Activity::Offering(offering);
                reread.sessions.extend(session(&week, row, &counted, activity));
            }
            Activity::Study => {
                reread.sessions.extend(session(&week, row, &counted, schedule::Activity::Study));
            }
        }
    }
    Ok(reread)
}

fn group(group: &super::week::Group) -> Group {
    let mut students: Vec<StudentId> = group.members.iter().map(|&(student, _)| student).collect();
    students.sort_unstable();
    Group { coach: group.coach(), students }
}

fn session(
    week: &Week,
    row: &Session,
    counted: &needs::Counted,
    activity: schedule::Activity,
) -> Option<schedule::Session> {
    let attendance =
        |&index: &usize| Attendance { student: week.student_of(index), need: counted.need[index] };
    let mut attendances: Vec<Attendance> = row.attendances.iter().map(attendance).collect();
    attendances.sort_unstable();
    let (block, place, assistants) = (row.block, row.place, row.assistants.clone());
    Some(schedule::Session { activity, block, place, lead: row.lead?, assistants, attendances })
}

fn meeting(week: &Week, index: usize, group: usize) -> Option<Meeting> {
    let row = &week.sessions[index];
    let coach = week.groups[group].coach();
    let mut students: Vec<StudentId> = row.attendances.iter().map(|&at| week.student_of(at)).collect();
    students.sort_unstable();
    let stand_in = row.lead.filter(|&lead| coach != Some(lead) && week.covered.contains(&(index, lead)));
    Some(Meeting { group, block: row.block, place: row.place?, students, stand_in })
}
