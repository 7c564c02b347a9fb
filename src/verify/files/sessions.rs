//! `sessions.csv`: what runs. The other timetables are compared with it.

use std::collections::HashMap;
use std::path::Path;

use crate::school::School;
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{Activity, SESSIONS, Session, Week, title};
use crate::verify::{Error, table};

use super::compare::Files;
use super::names::Names;
use super::written::{Cells, Written};

pub fn read(
    names: &Names,
    out: &Path,
    week: &mut Week,
    violations: &mut Violations,
) -> Result<Written, Error> {
    let columns =
        ["session", "block", "kind", "offering", "place", "lead", "assistants", "students", "capacity"];
    let groups: HashMap<String, usize> =
        week.groups.iter().enumerate().map(|(index, group)| (group.id.clone(), index)).collect();
    let mut written = Written::default();
    table::read(out, SESSIONS, columns, |line, cells| {
        let [id, block, kind, offering, place, lead, assistants, students, capacity] = cells;
        let row = Row { file: SESSIONS, line };
        if id.is_empty() {
            violations.add(Rule::Files, [row], "the cell `session` is empty".to_owned());
            return;
        }
        let activity = match offering {
            "coaching" => find_group(&groups, id, row, violations).map(Activity::Meeting),
            "study" => Some(Activity::Study),
            _ => names.offerings.find(offering, row, violations).map(Activity::Offering),
        };
        let block_id = names.blocks.find(block, row, violations);
        let (Some(activity), Some(block_id)) = (activity, block_id) else {
            written.dropped.insert(id.to_owned());
            return;
        };
        let assistants =
            assistants.split('|').filter_map(|cell| names.staff.find_if_any(cell.trim(), row, violations));
        let assistants = assistants.collect();
        written.index.entry(id.to_owned()).or_default().push(week.sessions.len());
        written.cells.push(Cells {
            line,
            block: block.to_owned(),
            offering: offering.to_owned(),
            place: place.to_owned(),
            lead: lead.to_owned(),
            kind: kind.to_owned(),
            students: students.to_owned(),
            capacity: capacity.to_owned(),
        });
        week.sessions.push(Session {
            line,
            id: id.to_owned(),
            activity,
            block: block_id,
            place: names.places.find_if_any(place, row, violations),
            lead: names.staff.find_if_any(lead, row, violations),
            assistants,
            attendances: Vec::new(),
        });
    })?;
    check_unique(&written, week, violations);
    Ok(written)
}

fn find_group(
    groups: &HashMap<String, usize>,
    id: &str,
    row: Row,
    violations: &mut Violations,
) -> Option<usize> {
    let found = groups.get(id).copied();
    if found.is_none() {
        violations.add(Rule::Files, [row], format!("group `{id}` does not exist in coaching_groups.csv"));
    }
    found
}

/// A session id stands for one row, except that a group has one row for each of its meetings.
fn check_unique(written: &Written, week: &Week, violations: &mut Violations) {
    let mut repeated: Vec<_> = written.index.iter().filter(|(_, indices)| indices.len() > 1).collect();
    repeated.sort_by_key(|(_, indices)| indices[0]);
    for (id, indices) in repeated {
        let is_meeting = |&index: &usize| matches!(week.sessions[index].activity, Activity::Meeting(_));
        if !indices.iter().all(is_meeting) {
            let rows = week.session_rows(indices);
            let message = format!("session id `{id}` stands for {} rows", indices.len());
            violations.add(Rule::Files, rows, message);
        }
    }
}

/// Compares `kind`, `students` and `capacity` with the block, the timetables and the school.
pub fn check_numbers(files: &mut Files, week: &Week) {
    for (session, cells) in week.sessions.iter().zip(&files.written.cells) {
        let kind = files.school[session.block].kind.label();
        let mut differ = |message: String| {
            let message = format!("{}: {message}", title(files.school, session));
            files.violations.add(Rule::Files, [session.row()], message);
        };
        if cells.kind != kind {
            differ(format!("kind is `{}`, the block's is `{kind}`", cells.kind));
        }
        let listed = session.attendances.len();
        if cells.students.parse() != Ok(listed) {
            differ(format!("students is `{}`, student_timetable.csv lists {listed}", cells.students));
        }
        if let Some(capacity) = capacity(files.school, session)
            && cells.capacity.parse() != Ok(capacity)
        {
            differ(format!("capacity is `{}`, it is {capacity}", cells.capacity));
        }
    }
}

/// Most students that fit: the offering's `max` and what its assistants add, and the seats of the
/// place. `None`: nothing limits it.
pub fn capacity(school: &School, session: &Session) -> Option<u32> {
    let seats = session.place.map(|place| school[place].seats);
    let most = match session.activity {
        Activity::Offering(offering) => {
            let offering = &school[offering];
            let extra = (session.assistants.len() as u32).saturating_mul(offering.per_assistant);
            Some(offering.max.saturating_add(extra))
        }
        Activity::Study => None,
        Activity::Meeting(_) => school.coaching.as_ref().map(|coaching| coaching.max),
    };
    [seats, most].into_iter().flatten().min()
}
