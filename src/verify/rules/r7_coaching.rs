//! R7: each student has one coaching group; a group has one coach and the same students all week, its
//! size is within bounds, it does not mix `group_by` values; it meets in coaching blocks only with its
//! own coach, or in a repaired week with a stand-in whom `staff_timetable.csv` marks `cover`.
//!
//! Compared, for a school with `[coaching]`: the groups of every student who is invited to a coaching
//! block (one) and of every other (none); each group's coaches (one, with the role `coach`), its
//! members with `min` and `max`, their `group_by` columns and sites with each other; each meeting's
//! block, lead and students with the group: those present are the members who are invited and free
//! then; the meetings of a group with `meetings`, and at most one in a block. A school without
//! `[coaching]` has neither groups nor meetings.

use std::collections::{BTreeMap, BTreeSet};

use crate::school::{BlockId, Coaching, Id, Kind, Role, School, Student, StudentColumn, StudentId};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{Activity, CHANGES, GROUPS, Group, STUDENTS, Session, Week, title};

use super::count;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    let Some(coaching) = &school.coaching else {
        for group in &week.groups {
            let message = format!("group `{}` exists, but the school has no [coaching]", group.id);
            violations.add(Rule::R7, group.rows(), message);
        }
        return;
    };
    for student in school.student_ids() {
        check_membership(school, week, student, violations);
    }
    for group in &week.groups {
        check_group(school, coaching, group, violations);
    }
    check_meetings(school, coaching, week, violations);
}

fn check_membership(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let coached = |block: BlockId| school[block].kind == Kind::Coaching && school.invited[(student, block)];
    let groups = &week.groups_of[student.index()];
    let id = &school[student].id;
    let rows = groups.iter().flat_map(|&group| {
        let of_student = |member: &&(StudentId, u64)| member.0 == student;
        week.groups[group].members.iter().filter(of_student).map(|&(_, line)| Row { file: GROUPS, line })
    });
    match (groups.len(), school.block_ids().any(coached)) {
        (1, true) | (0, false) => {}
        (0, true) => {
            let whole_file = Row { file: GROUPS, line: 0 };
            violations.add(Rule::R7, [whole_file], format!("student `{id}` is in no coaching group"));
        }
        (1, false) => {
            let message =
                format!("student `{id}` is in a coaching group, but is invited to no coaching block");
            violations.add(Rule::R7, rows, message);
        }
        (number, _) => {
            violations.add(Rule::R7, rows, format!("student `{id}` is in {number} coaching groups"));
        }
    }
}

fn check_group(school: &School, coaching: &Coaching, group: &Group, violations: &mut Violations) {
    let id = &group.id;
    let coach_rows = || group.coaches.iter().map(|&(_, line)| Row { file: GROUPS, line });
    if group.coaches.len() > 1 {
        let coaches: Vec<_> = group.coaches.iter().map(|&(coach, _)| school[coach].id.as_str()).collect();
        let message = format!("group `{id}` has {} coaches: {}", coaches.len(), coaches.join(", "));
        violations.add(Rule::R7, coach_rows(), message);
    }
    for &(coach, _) in &group.coaches {
        if !school[coach].roles.has(Role::Coach) {
            let message = format!("group `{id}`: `{}` lacks the role `coach`", school[coach].id);
            violations.add(Rule::R7, coach_rows(), message);
        }
    }
    let size = group.members.len();
    if !(coaching.min as usize..=coaching.max as usize).contains(&size) {
        let size = count(size, "student");
        let message = format!("group `{id}` has {size}, size is {} to {}", coaching.min, coaching.max);
        violations.add(Rule::R7, group.rows(), message);
    }
    for column in &coaching.group_by {
        check_mixing(
            school,
            group,
            column_name(*column),
            |student| value(school, student, *column),
            violations,
        );
    }
    let site = |student: &Student| student.site.map(|site| school[site].clone());
    check_mixing(school, group, "site", site, violations);
}

/// Reports a group whose members differ in what `value` gives; members without a value go with all.
fn check_mixing(
    school: &School,
    group: &Group,
    what: &str,
    value: impl Fn(&Student) -> Option<String>,
    violations: &mut Violations,
) {
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    for &(student, line) in &group.members {
        if let Some(value) = value(&school[student]) {
            first.entry(value).or_insert(line);
        }
    }
    if first.len() > 1 {
        let values: Vec<_> = first.keys().map(|value| format!("`{value}`")).collect();
        let message = format!("group `{}` mixes {what} {}", group.id, values.join(", "));
        violations.add(Rule::R7, first.values().map(|&line| Row { file: GROUPS, line }), message);
    }
}

fn column_name(column: StudentColumn) -> &'static str {
    match column {
        StudentColumn::Class => "class",
        StudentColumn::Year => "year",
        StudentColumn::Unit => "unit",
    }
}

/// An empty cell is a value of its own here.
fn value(school: &School, student: &Student, column: StudentColumn) -> Option<String> {
    Some(match column {
        StudentColumn::Class => student.class.clone(),
        StudentColumn::Year => student.year.clone(),
        StudentColumn::Unit => student.unit.map(|unit| school[unit].clone()).unwrap_or_default(),
    })
}

fn check_meetings(school: &School, coaching: &Coaching, week: &Week, violations: &mut Violations) {
    let mut by_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, session) in week.sessions.iter().enumerate() {
        if let Activity::Meeting(group) = session.activity {
            by_group.entry(group).or_default().push(index);
            check_meeting(school, week, index, &week.groups[group], violations);
        }
    }
    for (group, meetings) in by_group {
        let id = &week.groups[group].id;
        if meetings.len() > coaching.meetings as usize {
            let found = count(meetings.len(), "time");
            let message = format!("group `{id}` meets {found}, meetings is {}", coaching.meetings);
            violations.add(Rule::R7, week.session_rows(&meetings), message);
        }
        let mut by_block: BTreeMap<BlockId, Vec<usize>> = BTreeMap::new();
        for &meeting in &meetings {
            by_block.entry(week.sessions[meeting].block).or_default().push(meeting);
        }
        for (block, meetings) in by_block.into_iter().filter(|(_, meetings)| meetings.len() > 1) {
            let found = count(meetings.len(), "time");
            let message = format!("group `{id}` meets {found} in block `{}`", school[block].id);
            violations.add(Rule::R7, week.session_rows(&meetings), message);
        }
    }
}

fn check_meeting(school: &School, week: &Week, index: usize, group: &Group, violations: &mut Violations) {
    let session = &week.sessions[index];
    let title = title(school, session);
    let kind = school[session.block].kind;
    if kind != Kind::Coaching {
        let message = format!("{title}: is a {} block, groups meet in coaching blocks", kind.label());
        violations.add(Rule::R7, [session.row()], message);
    }
    if !session.assistants.is_empty() {
        let assistants = count(session.assistants.len(), "assistant");
        violations.add(Rule::R7, [session.row()], format!("{title}: has {assistants}, a meeting has none"));
    }
    check_coach(school, week, index, group, violations);
    check_present(school, week, session, group, violations);
}

fn check_coach(school: &School, week: &Week, index: usize, group: &Group, violations: &mut Violations) {
    let session = &week.sessions[index];
    let title = title(school, session);
    let mut violation = |message: String| {
        let coach_rows = group.coaches.iter().map(|&(_, line)| Row { file: GROUPS, line });
        violations.add(
            Rule::R7,
            [session.row()].into_iter().chain(coach_rows),
            format!("{title}: {message}"),
        );
    };
    let Some(lead) = session.lead else { return };
    let id = &school[lead].id;
    if group.coaches.iter().any(|&(coach, _)| coach == lead) {
        return;
    }
    if !week.covered.contains(&(index, lead)) {
        let own: Vec<_> = group.coaches.iter().map(|&(coach, _)| school[coach].id.as_str()).collect();
        violation(format!("is led by `{id}`, the group's coach is `{}`", own.join("`, `")));
    } else if !week.repaired {
        violation(format!(
            "is led by the stand-in `{id}`, but this is no repaired week: there is no {CHANGES}"
        ));
    } else if !school[lead].roles.has(Role::Coach) {
        violation(format!("the stand-in `{id}` lacks the role `coach`"));
    }
}

/// Those present are the members who are invited and free; R1 reports members who are not.
fn check_present(
    school: &School,
    week: &Week,
    session: &Session,
    group: &Group,
    violations: &mut Violations,
) {
    let members: BTreeSet<StudentId> = group.members.iter().map(|&(student, _)| student).collect();
    let mut present = BTreeSet::new();
    for &attendance in &session.attendances {
        let student = week.student_of(attendance);
        present.insert(student);
        if !members.contains(&student) {
            let title = title(school, session);
            let message = format!("student `{}` attends the {title}, but is not in it", school[student].id);
            violations.add(Rule::R7, week.attendance_rows(&[attendance]), message);
        }
    }
    for &(student, line) in &group.members {
        if school.student_free[(student, session.block)] && !present.contains(&student) {
            let message = format!(
                "student `{}` is free and missing from {STUDENTS} for the {}",
                school[student].id,
                title(school, session)
            );
            violations.add(Rule::R7, [session.row(), Row { file: GROUPS, line }], message);
        }
    }
}
