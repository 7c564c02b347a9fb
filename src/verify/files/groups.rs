//! `coaching_groups.csv`: who belongs to which group.

use std::collections::HashMap;
use std::path::Path;

use crate::verify::breach::{Breaches, Row, Rule};
use crate::verify::week::{GROUPS, Group, Week};
use crate::verify::{Error, table};

use super::names::Names;

pub fn read(names: &Names, out: &Path, week: &mut Week, breaches: &mut Breaches) -> Result<(), Error> {
    let mut index: HashMap<String, usize> = HashMap::new();
    table::read(out, GROUPS, ["group", "coach", "student"], |line, [id, coach, student]| {
        let row = Row { file: GROUPS, line };
        if id.is_empty() {
            breaches.add(Rule::Files, [row], "the cell `group` is empty".to_owned());
            return;
        }
        let at = *index.entry(id.to_owned()).or_insert_with(|| {
            week.groups.push(Group { id: id.to_owned(), coaches: Vec::new(), members: Vec::new() });
            week.groups.len() - 1
        });
        let group = &mut week.groups[at];
        if let Some(coach) = names.staff.find(coach, row, breaches)
            && group.coaches.iter().all(|&(known, _)| known != coach)
        {
            group.coaches.push((coach, line));
        }
        if let Some(student) = names.students.find(student, row, breaches) {
            group.members.push((student, line));
        }
    })?;
    week.groups.iter_mut().for_each(|group| drop_repeats(group, breaches));
    Ok(())
}

/// Reports members listed twice and keeps the first row of each.
fn drop_repeats(group: &mut Group, breaches: &mut Breaches) {
    let mut first = HashMap::new();
    group.members.retain(|&(student, line)| match first.insert(student, line) {
        None => true,
        Some(before) => {
            let rows = [before, line].map(|line| Row { file: GROUPS, line });
            let message = format!("a student is listed twice in group `{}`", group.id);
            breaches.add(Rule::Files, rows, message);
            false
        }
    });
}
