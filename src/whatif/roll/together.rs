//! Groups of a coach who has several stay what they were in the week before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::schedule::Schedule;
use crate::school::{Pair, PairKind, School, StudentId, may_join};
use crate::verify::table;
use crate::write::files::COACHING_GROUPS;

/// The members of last week's groups whose coach had several of them, as far as they may still share one.
///
/// # Errors
/// The file is missing or is no table.
pub fn groups(school: &School, schedule: &Path) -> anyhow::Result<Vec<Vec<StudentId>>> {
    let mut groups: BTreeMap<(String, String), Vec<StudentId>> = BTreeMap::new();
    table::read(
        schedule,
        COACHING_GROUPS.file,
        ["group", "coach", "student"],
        |_, [group, coach, student]| {
            let members = groups.entry((coach.to_owned(), group.to_owned())).or_default();
            members.extend(school.student_ids().find(|&i| school[i].id == student && school.is_coached(i)));
        },
    )?;
    let coaches: Vec<String> = groups.keys().map(|(coach, _)| coach.clone()).collect();
    let several = |coach: &String| coaches.iter().filter(|other| *other == coach).count() > 1;
    let stays = |members: &[StudentId]| {
        let key = |i: StudentId| school.coaching_key(i);
        members
            .iter()
            .all(|&i| members.iter().all(|&j| may_join(&key(i), &key(j)) || may_join(&key(j), &key(i))))
    };
    Ok(groups
        .into_iter()
        .filter(|((coach, _), members)| several(coach) && members.len() > 1 && stays(&members[..]))
        .map(|(_, members)| members)
        .collect())
}

/// The school in which they stay together.
pub fn school(school: &School, groups: &[Vec<StudentId>]) -> School {
    let mut together = school.clone();
    let pairs = groups.iter().flat_map(|members| members.windows(2));
    together.pairs.extend(pairs.map(|two| Pair {
        kind: PairKind::Together,
        student: two[0],
        other: two[1],
        line: 0,
    }));
    together
}

/// How many of them are no longer with most of their group.
pub fn moved(groups: &[Vec<StudentId>], schedule: &Schedule) -> usize {
    let stay = |members: &Vec<StudentId>| {
        let members: BTreeSet<&StudentId> = members.iter().collect();
        let there =
            schedule.groups.iter().map(|group| group.students.iter().filter(|i| members.contains(i)).count());
        members.len() - there.max().unwrap_or(0)
    };
    groups.iter().map(stay).sum()
}
