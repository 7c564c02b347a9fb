//! R1: a student, a staff member, is in one place at a time, never when busy, never at a block whose
//! audience excludes them.
//!
//! Compared: every two attendances of a student and every two deployments of a staff member (led,
//! assisted, coached, supervised) on one day, whose blocks must share no moment; every attendance with
//! the audience and the student's busy times; every deployment with the staff member's busy times.

use crate::school::{Id, School, StaffId, StudentId};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{Week, title};

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for student in school.student_ids() {
        check_student(school, week, student, violations);
    }
    for staff in school.staff_ids() {
        check_staff(school, week, staff, violations);
    }
}

fn check_student(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let id = &school[student].id;
    let mut visits: Vec<(usize, Row)> = Vec::new();
    for &attendance in &week.of_student[student.index()] {
        let attendance = &week.attendances[attendance];
        let session = &week.sessions[attendance.session];
        visits.push((attendance.session, attendance.row()));
        let block = &school[session.block].id;
        if !school.invited[(student, session.block)] {
            let message = format!("student `{id}` is not in the audience of block `{block}`");
            violations.add(Rule::R1, [attendance.row()], message);
        } else if !school.student_free[(student, session.block)] {
            let message = format!("student `{id}` is busy in block `{block}`");
            violations.add(Rule::R1, [attendance.row()], message);
        }
    }
    check_overlaps(school, week, &format!("student `{id}`"), visits, violations);
}

fn check_staff(school: &School, week: &Week, staff: StaffId, violations: &mut Violations) {
    let id = &school[staff].id;
    let mut visits: Vec<(usize, Row)> = Vec::new();
    for &index in &week.of_staff[staff.index()] {
        let session = &week.sessions[index];
        visits.push((index, session.row()));
        if !school.staff_free[(staff, session.block)] {
            let message = format!("staff `{id}` is busy in block `{}`", school[session.block].id);
            violations.add(Rule::R1, [session.row()], message);
        }
    }
    check_overlaps(school, week, &format!("staff `{id}`"), visits, violations);
}

/// Reports every two visits (index of the session, row) that share a moment.
fn check_overlaps(
    school: &School,
    week: &Week,
    who: &str,
    mut visits: Vec<(usize, Row)>,
    violations: &mut Violations,
) {
    let block = |session: usize| &school[week.sessions[session].block];
    visits.sort_by_key(|&(session, row)| (block(session).day, block(session).start, row));
    for (at, &(session, row)) in visits.iter().enumerate() {
        // In order of time: what starts before this one ends overlaps it.
        let until = (block(session).day, block(session).end);
        for &(other, other_row) in
            visits[at + 1..].iter().take_while(|(other, _)| (block(*other).day, block(*other).start) < until)
        {
            let titles = [session, other].map(|index| title(school, &week.sessions[index]));
            let message = format!("{who} is in {} and in {} at once", titles[0], titles[1]);
            violations.add(Rule::R1, [row, other_row], message);
        }
    }
}
