//! R7: coaching groups that cannot be formed, coaches that are missing or have too little time.

use crate::counted::counted;
use std::collections::BTreeMap;

use crate::read::origin::Origins;
use crate::read::problem::{Problem, Problems};
use crate::school::{
    BlockId, Coaching, Kind, OwnStaff, Role, School, Staff, StaffId, Student, StudentColumn, StudentId,
    UnitId,
};

use super::disjoint;

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let blocks: Vec<BlockId> =
        school.block_ids().filter(|&block| school[block].kind == Kind::Coaching).collect();
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
    let students: Vec<StudentId> = school
        .student_ids()
        .filter(|&student| blocks.iter().any(|&block| school.invited[(student, block)]))
        .collect();
    report_sizes(school, coaching, &students, origins, problems);
    if students.is_empty() {
        return;
    }
    if !school.staff.iter().any(is_coach) {
        origins.settings.report(&origins.setting_spans.coaching, "coaching", no_coach(&students), problems);
        return;
    }
    report_no_coaches(school, &students, origins, problems);
    report_units(school, &students, origins, problems);
    report_meetings(school, coaching, &students, &blocks, origins, problems);
}

fn unused(blocks: &[BlockId]) -> Problem {
    let number = counted(blocks.len(), "coaching block");
    Problem::warning("unused-blocks", format!("{number} without coaching groups"))
        .found(number)
        .expected("a table [coaching] in school.toml, which says how large the groups are")
        .help("add [coaching] with `min`, `max` and `meetings`, or take the blocks out")
}

/// The value of every `group_by` column, as words for a message.
fn group_key(school: &School, coaching: &Coaching, student: &Student) -> Vec<String> {
    let word = |column: &StudentColumn| match column {
        StudentColumn::Class => format!("class `{}`", student.class),
        StudentColumn::Year => format!("year `{}`", student.year),
        StudentColumn::Unit => format!("unit `{}`", student.unit.map_or("", |unit| school[unit].as_str())),
    };
    coaching.group_by.iter().map(word).collect()
}

/// Students who may share a group. Those without a site may join those of any, so where there are such,
/// sites are left out of account.
fn mixable(school: &School, coaching: &Coaching, students: &[StudentId]) -> BTreeMap<String, Vec<StudentId>> {
    let by_site = students.iter().all(|&student| school[student].site.is_some());
    let mut by_key: BTreeMap<String, Vec<StudentId>> = BTreeMap::new();
    for &student in students {
        let mut key = group_key(school, coaching, &school[student]);
        let site = school[student].site.filter(|_| by_site);
        key.extend(site.map(|site| format!("site `{}`", school[site])));
        by_key.entry(key.join(", ")).or_default().push(student);
    }
    by_key
}

fn report_sizes(
    school: &School,
    coaching: &Coaching,
    students: &[StudentId],
    origins: &Origins,
    problems: &mut Problems,
) {
    for (key, members) in mixable(school, coaching, students) {
        let (least, most) = possible_groups(members.len(), coaching);
        if least > most {
            let problem = indivisible(&key, members.len(), least, most, coaching);
            origins.settings.report(&origins.setting_spans.coaching, "min", problem, problems);
        }
    }
}

/// The fewest groups that keep to `max`, the most that keep to `min`.
fn possible_groups(students: usize, coaching: &Coaching) -> (usize, usize) {
    (students.div_ceil(coaching.max.max(1) as usize), students / coaching.min.max(1) as usize)
}

fn indivisible(key: &str, students: usize, least: usize, most: usize, coaching: &Coaching) -> Problem {
    let Coaching { min, max, .. } = coaching;
    let of = if key.is_empty() { String::new() } else { format!(" of {key}") };
    let number = counted(students, "student");
    let lower = students / least;
    let help = if most == 0 {
        format!("set `min` to {lower} or less, or let them join others by a wider `group_by`")
    } else {
        format!("set `min` to {lower} or less, or `max` to {} or more", students.div_ceil(most))
    };
    Problem::error("group-size", format!("{number}{of} cannot form coaching groups of {min} to {max}"))
        .rule("R7")
        .found(format!(
            "{number}: at most {} of at least {min}, at least {} of at most {max}",
            counted(most, "group"),
            counted(least, "group")
        ))
        .expected("a number of groups that keeps every group within `min` and `max`")
        .help(help)
}

fn is_coach(staff: &Staff) -> bool {
    staff.roles.has(Role::Coach)
}

fn no_coach(students: &[StudentId]) -> Problem {
    Problem::error("no-coach", "coaching groups without a coach")
        .rule("R7")
        .found(format!("{} and nobody with the role `coach`", counted(students.len(), "student")))
        .expected("staff with the role `coach` in staff.csv")
        .help("add `coach` to the roles of staff, or take [coaching] out")
}

/// Present coaches whom nobody can keep.
fn report_no_coaches(school: &School, students: &[StudentId], origins: &Origins, problems: &mut Problems) {
    let mut by_coach: BTreeMap<StaffId, Vec<StudentId>> = BTreeMap::new();
    for &student in students {
        if let Some(coach) = school[student].coach.filter(|&coach| !is_coach(&school[coach])) {
            by_coach.entry(coach).or_default().push(student);
        }
    }
    for (coach, members) in by_coach {
        let id = &school[coach].id;
        let number = counted(members.len(), "student");
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
    let coaches: Vec<&Staff> = school.staff.iter().filter(|staff| is_coach(staff)).collect();
    if school.own_staff == OwnStaff::Ignore || coaches.iter().all(|coach| coach.unit.is_none()) {
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
            let impossible = school.own_staff == OwnStaff::Require && !shared;
            let problem = unit_without_coach(&school[unit], members.len(), impossible);
            origins.students.report_id(members[0], "unit", problem, problems);
        }
    }
}

fn unit_without_coach(unit: &str, students: usize, impossible: bool) -> Problem {
    let message = format!("unit `{unit}` has {} and no coach", counted(students, "student"));
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
    students: &[StudentId],
    blocks: &[BlockId],
    origins: &Origins,
    problems: &mut Problems,
) {
    let (mut groups, mut wanted) = (0, 0);
    for members in mixable(school, coaching, students).values() {
        let invited = |student: StudentId| {
            let invited = blocks.iter().filter(move |&&block| school.invited[(student, block)]);
            disjoint(invited.map(|&block| &school[block]))
        };
        let fewest = members.iter().map(|&student| invited(student)).min().unwrap_or(0);
        let least = possible_groups(members.len(), coaching).0;
        groups += least;
        wanted += least * coaching.meetings.min(fewest) as usize;
    }
    let available: u64 = school
        .staff_ids()
        .filter(|&staff| is_coach(&school[staff]))
        .map(|staff| {
            let free = blocks
                .iter()
                .filter(|&&block| school.staff_free[(staff, block)])
                .map(|&block| &school[block]);
            u64::from(disjoint(free).min(school[staff].max_blocks.unwrap_or(u32::MAX)))
        })
        .sum();
    if wanted as u64 > available {
        let problem =
            Problem::warning("coach-hours", "coaches have too few blocks for all coaching meetings")
                .rule("R7")
                .found(format!(
                    "at least {} with {wanted} meetings a week; coaches are free for {available}",
                    counted(groups, "group"),
                ))
                .expected(format!("{wanted} blocks of coaches, free in coaching blocks"))
                .help("add coaches, raise `max`, or ask for fewer `meetings`");
        origins.settings.report(&origins.setting_spans.meetings, "meetings", problem, problems);
    }
}
