//! R8, pairs: students `apart` are never in one session or coaching group, students `together` are in
//! one coaching group.
//!
//! Compared: the sessions (study and meetings included) and groups of both students of each row of
//! `pairs.csv`. `together` says nothing in a school without `[coaching]`.

use crate::school::{Id, Pair, PairKind, School};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{GROUPS, Week, title};

const PAIRS: &str = "pairs.csv";

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for pair in &school.pairs {
        match pair.kind {
            PairKind::Apart => check_apart(school, week, pair, violations),
            PairKind::Together => check_together(school, week, pair, violations),
        }
    }
}

fn check_apart(school: &School, week: &Week, pair: &Pair, violations: &mut Violations) {
    let ids = names(school, pair);
    let row = Row { file: PAIRS, line: pair.line };
    for &mine in &week.of_student[pair.student.index()] {
        for &theirs in &week.of_student[pair.other.index()] {
            if week.attendances[mine].session == week.attendances[theirs].session {
                let title = title(school, week.attended(mine));
                let rows = week.attendance_rows(&[mine, theirs]).chain([row]).collect::<Vec<_>>();
                violations.add(Rule::R8, rows, format!("{ids} are both in {title}, they are to be apart"));
            }
        }
    }
    let groups = &week.groups_of[pair.other.index()];
    for group in week.groups_of[pair.student.index()].iter().filter(|group| groups.contains(group)) {
        let message = format!("{ids} are both in group `{}`, they are to be apart", week.groups[*group].id);
        violations.add(Rule::R8, group_rows(week, pair).chain([row]), message);
    }
}

fn check_together(school: &School, week: &Week, pair: &Pair, violations: &mut Violations) {
    let groups = &week.groups_of[pair.other.index()];
    let together = week.groups_of[pair.student.index()].iter().any(|group| groups.contains(group));
    if school.coaching.is_some() && !together {
        let row = Row { file: PAIRS, line: pair.line };
        let message = format!("{} are not in one coaching group", names(school, pair));
        violations.add(Rule::R8, group_rows(week, pair).chain([row]), message);
    }
}

/// The rows of both students in the groups they are in.
fn group_rows<'a>(week: &'a Week, pair: &'a Pair) -> impl Iterator<Item = Row> + 'a {
    let groups = [pair.student, pair.other].into_iter().flat_map(move |student| {
        week.groups_of[student.index()].iter().map(move |&group| (student, &week.groups[group]))
    });
    groups.flat_map(|(student, group)| {
        let own = group.members.iter().filter(move |member| member.0 == student);
        own.map(|&(_, line)| Row { file: GROUPS, line })
    })
}

fn names(school: &School, pair: &Pair) -> String {
    format!("students `{}` and `{}`", school[pair.student].id, school[pair.other].id)
}
