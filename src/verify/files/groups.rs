//! `coaching_groups.csv`: who belongs to which group.

use std::collections::HashMap;
use std::path::Path;

use crate::school::StudentId;
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{GROUPS, Group, Week};
use crate::verify::{Error, table};

use super::names::Names;

pub fn read(names: &Names, out: &Path, week: &mut Week, violations: &mut Violations) -> Result<(), Error> {
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut first: HashMap<(usize, StudentId), Row> = HashMap::new();
    table::read(out, GROUPS, ["group", "coach", "student"], |line, [id, coach, student]| {
        let row = Row { file: GROUPS, line };
        if id.is_empty() {
            violations.add(Rule::Files, [row], "the cell `group` is empty".to_owned());
            return;
        }
        let at = *index.entry(id.to_owned()).or_insert_with(|| {
            week.groups.push(Group { id: id.to_owned(), coaches: Vec::new(), members: Vec::new() });
            week.groups.len() - 1
        });
        let group = &mut week.groups[at];
        if let Some(coach) = names.staff.find(coach, row, violations)
            && group.coaches.iter().all(|&(known, _)| known != coach)
        {
            group.coaches.push((coach, line));
        }
        let Some(student_id) = names.students.find(student, row, violations) else { return };
        match first.insert((at, student_id), row) {
            None => group.members.push((student_id, line)),
            Some(before) => {
                let message = format!("student `{student}` is listed twice in group `{id}`");
                violations.add(Rule::Files, [before, row], message);
            }
        }
    })
}
