//! A written schedule as data again, for whoever goes on from it.

use std::path::Path;

use crate::schedule::{self, Attendance, Meeting, PackageHolder, Reserve};
use crate::school::{School, StaffId, StudentId};

use super::violation::Violations;
use super::week::{Activity, Session, Week};
use super::{Error, Violation, files, needs};

/// What the files hold of which the school knows the ids. Nothing says that it holds a rule.
#[derive(Debug)]
pub struct WrittenSchedule {
    pub sessions: Vec<schedule::Session>,
    pub groups: Vec<Group>,
    /// `group` is an index into `groups`.
    pub meetings: Vec<Meeting>,
    pub package_holders: Vec<PackageHolder>,
    pub reserve: Vec<Reserve>,
    /// Unknown ids and files that contradict each other.
    pub violations: Vec<Violation>,
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
pub fn written_schedule(school: &School, out: &Path) -> Result<WrittenSchedule, Error> {
    let mut violations = Violations::default();
    let week = files::read(school, out, &mut violations)?;
    let counted = needs::count(school, &week);
    let mut written_schedule = WrittenSchedule {
        sessions: Vec::new(),
        groups: week.groups.iter().map(group).collect(),
        meetings: Vec::new(),
        package_holders: (week.holders.iter())
            .map(|holder| PackageHolder { package: holder.package, staff: holder.staff })
            .collect(),
        reserve: (week.reserves.iter())
            .map(|reserve| Reserve { block: reserve.block, staff: reserve.staff })
            .collect(),
        violations: violations.0,
    };
    for (index, row) in week.sessions.iter().enumerate() {
        match row.activity {
            Activity::Meeting(group) => written_schedule.meetings.extend(meeting(&week, index, group)),
            Activity::Offering(offering) => {
                let activity = schedule::Activity::Offering(offering);
                written_schedule.sessions.extend(session(&week, row, &counted, activity));
            }
            Activity::Study => {
                written_schedule.sessions.extend(session(&week, row, &counted, schedule::Activity::Study));
            }
        }
    }
    Ok(written_schedule)
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
