//! A schedule that stands in no file, judged as if it did.

use crate::schedule::{self, Schedule};
use crate::school::{School, StudentId};

use super::week::{Activity, Attendance, Group, Holder, Reserve, Session, Week};
use super::{Unmet, Verdict, comfort, needs, rules, terms, usage, wishes};

/// Checks a repaired week that nobody has written against the school without those who are out. Lines are places in the
/// schedule; what files would repeat needs no check.
pub fn judge(school: &School, schedule: &Schedule) -> Verdict {
    let week = week(school, schedule);
    let counted = needs::count(school, &week);
    let mut violations = rules::of_week(school, &week);
    violations.extend(rules::of_needs(school, &week, &counted));
    let terms = terms::count(school, &week, &counted);
    let unmet = (school.need_ids())
        .map(|need| Unmet { need, missing: counted.missing(school, need) })
        .filter(|unmet| unmet.missing > 0)
        .collect();
    let usage = usage::count(school, &week);
    let comfort = comfort::count(school, &week, &usage);
    let granted = wishes::all_granted(school, &week);
    let (violations, total) = (violations.0, terms.total());
    Verdict { violations, total, terms, unmet, usage, comfort, granted, stated: None }
}

fn week(school: &School, schedule: &Schedule) -> Week {
    let mut week = Week { repaired: true, ..Week::default() };
    let line = |at: usize| at as u64 + 1;
    for (at, group) in schedule.groups.iter().enumerate() {
        let members = group.students.iter().map(|&student| (student, line(at))).collect();
        week.groups.push(Group { id: format!("g{at}"), coaches: vec![(group.coach, line(at))], members });
    }
    let attend = |week: &mut Week, students: &mut dyn Iterator<Item = StudentId>| {
        let session = week.sessions.len();
        week.attendances.extend(students.map(|student| Attendance { line: line(session), student, session }));
    };
    for (at, session) in schedule.sessions.iter().enumerate() {
        attend(&mut week, &mut session.attendances.iter().map(|at| at.student));
        let activity = match session.activity {
            schedule::Activity::Offering(offering) => Activity::Offering(offering),
            schedule::Activity::Study => Activity::Study,
        };
        week.sessions.push(Session {
            line: line(at),
            id: format!("s{at}"),
            activity,
            block: session.block,
            place: session.place,
            lead: Some(session.lead),
            assistants: session.assistants.clone(),
            attendances: Vec::new(),
        });
    }
    for (at, meeting) in schedule.meetings.iter().enumerate() {
        attend(&mut week, &mut meeting.students.iter().copied());
        week.covered.extend(meeting.stand_in.map(|staff| (week.sessions.len(), staff)));
        week.sessions.push(Session {
            line: line(at),
            id: format!("g{}", meeting.group),
            activity: Activity::Meeting(meeting.group),
            block: meeting.block,
            place: Some(meeting.place),
            lead: Some(schedule.lead_of(meeting)),
            assistants: Vec::new(),
            attendances: Vec::new(),
        });
    }
    let holder = |(at, holder): (usize, &schedule::PackageHolder)| Holder {
        line: line(at),
        package: holder.package,
        staff: holder.staff,
    };
    week.holders = schedule.package_holders.iter().enumerate().map(holder).collect();
    let reserve = |(at, reserve): (usize, &schedule::Reserve)| Reserve {
        line: line(at),
        block: reserve.block,
        staff: reserve.staff,
    };
    week.reserves = schedule.reserve.iter().enumerate().map(reserve).collect();
    week.index(school);
    week
}
