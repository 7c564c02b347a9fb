//! R6: a student attends only offerings whose audience includes them, and meets a need only on its `days`; no student
//! attends more sessions for a need than asked (a fill is `study`, not a need), nor more of an offering a day than
//! `per_day`, nor an offering before its `after`.
//!
//! Compared: the student of each attendance with the offering's audience; the attendances that no need is left for in the best assignment; the attendances of one
//! offering by one student on one day with `per_day`; for an attendance of an offering with `after`,
//! whether the same student attends that one in a block that ends at or before the start of this one;
//! study attendances with the lesson and zone blocks that needs leave missing to the least presence.

use std::collections::BTreeMap;

use crate::school::{Block, Fill, Id, NeedId, OfferingId, School, StudentId};
use crate::verify::needs::{Counted, can_meet, is_for, is_on_its_days, meets_subject};
use crate::verify::violation::{Rule, Violations};
use crate::verify::week::{Activity, Session, Week, title};

use super::count;

pub fn check(school: &School, week: &Week, counted: &Counted, violations: &mut Violations) {
    for student in school.student_ids() {
        check_asked(school, week, counted, student, violations);
        check_per_day(school, week, student, violations);
        check_after(school, week, student, violations);
        check_study(school, week, student, violations);
    }
}

fn check_asked(
    school: &School,
    week: &Week,
    counted: &Counted,
    student: StudentId,
    violations: &mut Violations,
) {
    let attendances = &week.of_student[student.index()];
    let candidates = |attendance: usize| -> Vec<NeedId> {
        let session = week.attended(attendance);
        school.needs_of(student).filter(|&need| can_meet(school, session, need)).collect()
    };
    let left_over = |&&attendance: &&usize| {
        counted.need[attendance].is_none() && week.attended(attendance).offering().is_some()
    };
    let mut by_needs: BTreeMap<Vec<NeedId>, usize> = BTreeMap::new();
    for &attendance in attendances.iter().filter(left_over) {
        by_needs.entry(candidates(attendance)).or_insert(attendance);
        if candidates(attendance).is_empty() {
            let session = week.attended(attendance);
            let excluded = session.offering().is_some_and(|offering| !is_for(school, offering, student));
            let (who, title) = (&school[student].id, title(school, session));
            let day = &school[school[session.block].day];
            let message = if excluded {
                format!("student `{who}` is not in the audience of {title}")
            } else if has_other_days(school, session, student) {
                format!("student `{who}` attends {title} on {day}, not on the days of the need")
            } else {
                format!("student `{who}` has no need that {title} meets")
            };
            violations.add(Rule::R6, week.attendance_rows(&[attendance]), message);
        }
    }
    for needs in by_needs.into_keys().filter(|needs| !needs.is_empty()) {
        let shares = |&attendance: &usize| candidates(attendance).iter().any(|need| needs.contains(need));
        let rows: Vec<usize> = attendances.iter().copied().filter(shares).collect();
        let asked: u32 = needs.iter().map(|&need| school[need].sessions).sum();
        let subjects: Vec<_> = needs.iter().map(|&need| school.need_subjects(need)).collect();
        let message = format!(
            "student `{}` attends {} for {}, asked {} {asked}",
            school[student].id,
            count(rows.len(), "session"),
            subjects.join(", "),
            if asked == 1 { "is" } else { "are" }
        );
        violations.add(Rule::R6, week.attendance_rows(&rows), message);
    }
}

/// Whether a need of the student that the session would meet has other days.
fn has_other_days(school: &School, session: &Session, student: StudentId) -> bool {
    session.offering().is_some_and(|offering| {
        let meets = |need: &NeedId| meets_subject(school, offering, *need);
        school.needs_of(student).filter(meets).any(|need| !is_on_its_days(school, session, need))
    })
}

fn check_per_day(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let mut by_day: BTreeMap<(OfferingId, usize), Vec<usize>> = BTreeMap::new();
    for &attendance in &week.of_student[student.index()] {
        let session = week.attended(attendance);
        if let Some(offering) = session.offering() {
            by_day.entry((offering, school[session.block].day.index())).or_default().push(attendance);
        }
    }
    for ((offering, day), attendances) in by_day {
        let per_day = school[offering].per_day;
        if attendances.len() > per_day as usize {
            let message = format!(
                "student `{}` attends {} of `{}` on {}, per_day is {per_day}",
                school[student].id,
                count(attendances.len(), "session"),
                school[offering].id,
                school.days[day]
            );
            violations.add(Rule::R6, week.attendance_rows(&attendances), message);
        }
    }
}

fn check_after(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let attendances = &week.of_student[student.index()];
    for &attendance in attendances {
        let session = week.attended(attendance);
        let Some(offering) = session.offering() else { continue };
        let Some(first) = school[offering].after else { continue };
        let earlier = attendances.iter().any(|&other| {
            let other = week.attended(other);
            other.offering() == Some(first) && ends_before(&school[other.block], &school[session.block])
        });
        if !earlier {
            let message = format!(
                "student `{}` attends {} without `{}` before it",
                school[student].id,
                title(school, session),
                school[first].id
            );
            violations.add(Rule::R6, week.attendance_rows(&[attendance]), message);
        }
    }
}

fn ends_before(a: &Block, b: &Block) -> bool {
    a.day < b.day || (a.day == b.day && a.end <= b.start)
}

fn check_study(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let (mut study, mut other) = (Vec::new(), 0);
    for &attendance in &week.of_student[student.index()] {
        let session = week.attended(attendance);
        if session.activity == Activity::Study {
            study.push(attendance);
        } else if school[session.block].kind.counts_as_presence() {
            other += 1;
        }
    }
    let minimum = match school.presence.fill {
        Fill::Study => school.presence.minimum(student) as usize,
        Fill::None => 0,
    };
    if study.len() > minimum.saturating_sub(other) {
        let message = format!(
            "student `{}` has {} beside {}, the least presence is {minimum}{}",
            school[student].id,
            count(study.len(), "study session"),
            count(other, "lesson and zone block"),
            if school.presence.fill == Fill::None { " (no fill)" } else { "" }
        );
        violations.add(Rule::R6, week.attendance_rows(&study), message);
    }
}
