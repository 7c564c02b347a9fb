//! R7: coaches that are missing or have too little time, and what else keeps coaching groups from being formed.

use crate::model::rules::r4_limits::room;
use crate::pluralize::pluralize;
use std::collections::BTreeMap;

use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{BlockId, Coaching, School, Staff, StaffId, StudentId, UnitId, most_at_once};

use super::group_sizes;
use super::sharing::{Sharing, Ties, coached, possible_groups};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let blocks: Vec<BlockId> = school.coaching_blocks().collect();
    let Some(coaching) = &school.coaching else {
        if let Some(&first) = blocks.first() {
            origins.layout.report(
                &origins.blocks[crate::school::Id::index(first)],
                "id",
                unused(&blocks),
                problems,
            );
        }
        return;
    };
    let students = coached(school);
    let sharing = Sharing::new(school, coaching);
    group_sizes::report(school, coaching, &sharing.count(&students), origins, problems);
    if students.is_empty() {
        return;
    }
    if !school.staff.iter().any(Staff::may_coach) {
        origins.settings.report(&origins.setting_spans.coaching, "coaching", no_coach(&students), problems);
        return;
    }
    report_no_coaches(school, &students, origins, problems);
    report_units(school, &students, origins, problems);
    report_meetings(school, coaching, &mixable(&sharing, &students), &blocks, origins, problems);
}

fn unused(blocks: &[BlockId]) -> Problem {
    let number = pluralize(blocks.len(), "coaching block");
    Problem::warning("unused-blocks", format!("{number} without coaching groups"))
        .found(number)
        .expected("a table [coaching] in school.toml, which says how large the groups are")
        .help("add [coaching] with `min`, `max` and `meetings`, or take the blocks out")
}

/// Students who may share a group. Who has no site may join those of any, so where there are such, sites are
/// left out of account; so with units.
fn mixable<'s>(sharing: &Sharing<'s>, students: &[StudentId]) -> BTreeMap<Ties<'s>, Vec<StudentId>> {
    let ties: Vec<Ties> = students.iter().map(|&student| sharing.of(student)).collect();
    let by_site = ties.iter().all(|ties| ties.bound.site.is_some());
    let by_unit = ties.iter().all(|ties| ties.bound.unit.is_some());
    let mut by_ties: BTreeMap<Ties, Vec<StudentId>> = BTreeMap::new();
    for (&student, mut ties) in students.iter().zip(ties) {
        ties.bound.site = ties.bound.site.filter(|_| by_site);
        ties.bound.unit = ties.bound.unit.filter(|_| by_unit);
        by_ties.entry(ties).or_default().push(student);
    }
    by_ties
}

fn no_coach(students: &[StudentId]) -> Problem {
    Problem::error("no-coach", "coaching groups without a coach")
        .rule("R7")
        .found(format!("{} and nobody with the role `coach`", pluralize(students.len(), "student")))
        .expected("staff with the role `coach` in staff.csv")
        .help("add `coach` to the roles of staff, or take [coaching] out")
}

/// Present coaches whom nobody can keep.
fn report_no_coaches(school: &School, students: &[StudentId], origins: &Origins, problems: &mut Problems) {
    let mut by_coach: BTreeMap<StaffId, Vec<StudentId>> = BTreeMap::new();
    for &student in students {
        if let Some(coach) = school[student].coach.filter(|&coach| !school[coach].may_coach()) {
            by_coach.entry(coach).or_default().push(student);
        }
    }
    for (coach, members) in by_coach {
        let id = &school[coach].id;
        let number = pluralize(members.len(), "student");
        let problem =
            Problem::warning("not-a-coach", format!("`{id}` is the coach of {number} and no coach"))
                .rule("R7")
                .found(format!("`{id}` without the role `coach`"))
                .expected("somebody with the role `coach` in staff.csv, or nobody")
                .help(format!(
                    "add `coach` to the roles of `{id}`, or name another; nobody can keep this coach"
                ));
        origins.students.report_id(members[0], "coach", problem, problems);
    }
}

fn report_units(school: &School, students: &[StudentId], origins: &Origins, problems: &mut Problems) {
    let coaches: Vec<&Staff> = school.staff.iter().filter(|staff| staff.may_coach()).collect();
    if !school.counts_units() || coaches.iter().all(|coach| coach.unit.is_none()) {
        return;
    }
    let mut by_unit: BTreeMap<UnitId, Vec<StudentId>> = BTreeMap::new();
    for &student in students {
        if let Some(unit) = school[student].unit {
            by_unit.entry(unit).or_default().push(student);
        }
    }
    for (unit, members) in by_unit {
        if !coaches.iter().any(|coach| coach.unit == Some(unit)) {
            let shared = coaches.iter().any(|coach| coach.unit.is_none());
            let impossible = school.binds_units() && !shared;
            let problem = unit_without_coach(&school[unit], members.len(), impossible);
            origins.students.report_id(members[0], "unit", problem, problems);
        }
    }
}

fn unit_without_coach(unit: &str, students: usize, impossible: bool) -> Problem {
    let message = format!("unit `{unit}` has {} and no coach", pluralize(students, "student"));
    let problem = if impossible {
        Problem::error("unit-without-coach", message).rule("R8")
    } else {
        Problem::warning("unit-without-coach", message).rule("R7")
    };
    let help = if impossible {
        "give staff of the unit the role `coach`, or set `own_staff = \"prefer\"` in school.toml"
    } else {
        "give staff of the unit the role `coach`; otherwise coaches of elsewhere lead its groups"
    };
    problem
        .found(format!("no staff of unit `{unit}` with the role `coach`"))
        .expected(format!("at least one coach of unit `{unit}`"))
        .help(help)
}

fn report_meetings(
    school: &School,
    coaching: &Coaching,
    mixable: &BTreeMap<Ties, Vec<StudentId>>,
    blocks: &[BlockId],
    origins: &Origins,
    problems: &mut Problems,
) {
    let (mut groups, mut wanted) = (0, 0);
    for members in mixable.values() {
        let invited = |student: StudentId| {
            let invited = blocks.iter().filter(move |&&block| school.invited[(student, block)]);
            most_at_once(invited.map(|&block| &school[block]))
        };
        let fewest = members.iter().map(|&student| invited(student)).min().unwrap_or(0);
        let least = possible_groups(members.len(), coaching).0;
        groups += least;
        wanted += least * coaching.meetings.min(fewest) as usize;
    }
    let available: i64 = school
        .staff_ids()
        .filter(|&staff| school[staff].may_coach())
        .map(|staff| {
            let free = blocks
                .iter()
                .filter(|&&block| school.staff_free[(staff, block)])
                .map(|&block| &school[block]);
            i64::from(most_at_once(free)).min(room(&school[staff], 0))
        })
        .sum();
    if wanted as i64 > available {
        let problem =
            Problem::warning("coach-hours", "coaches have too few blocks for all coaching meetings")
                .rule("R7")
                .found(format!(
                    "at least {} with {wanted} meetings a week; coaches are free for {available}",
                    pluralize(groups, "group"),
                ))
                .expected(format!("{wanted} blocks of coaches, free in coaching blocks"))
                .help("add coaches, raise `max`, or ask for fewer `meetings`");
        origins.settings.report(&origins.setting_spans.meetings, "meetings", problem, problems);
    }
}
