//! `staff_timetable.csv`: the sessions seen from the staff, stand-in coaches and the reserve.

use std::collections::HashMap;
use std::path::Path;

use crate::school::{BlockId, Role, School, StaffId};
use crate::verify::violation::{Row, Rule};
use crate::verify::week::{Activity, Reserve, STAFF, Session, Week, title};
use crate::verify::{Error, table};

use super::compare::{BlockCells, Files};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Lead,
    Assistant,
}

/// What `sessions.csv` asks to be repeated here, with whether a row was found.
type Expected = HashMap<(usize, StaffId, Part), bool>;

pub fn read(files: &mut Files, out: &Path, week: &mut Week) -> Result<(), Error> {
    let columns = ["staff", "block", "day", "start", "end", "kind", "role", "session", "offering", "place"];
    let mut expected = expected(week);
    let mut reserves: HashMap<(StaffId, BlockId), Row> = HashMap::new();
    table::read(out, STAFF, columns, |line, cells| {
        let [staff, block_cell, day, start, end, kind, role, session, offering, place] = cells;
        let row = Row { file: STAFF, line };
        let staff_id = files.names.staff.find(staff, row, files.violations);
        let Some(block) = files.names.blocks.find(block_cell, row, files.violations) else { return };
        let times = BlockCells { day, start, end, kind: Some(kind) };
        if role == "reserve" {
            files.same_block(row, block, &times);
            if [session, offering, place].iter().any(|cell| !cell.is_empty()) {
                files.differ(row, "a reserve has neither session, offering nor place".to_owned());
            }
            let Some(staff_id) = staff_id else { return };
            match reserves.insert((staff_id, block), row) {
                None => week.reserves.push(Reserve { line, block, staff: staff_id }),
                Some(before) => {
                    let message =
                        format!("staff `{staff}` is listed twice as reserve in block `{block_cell}`");
                    files.violations.add(Rule::Files, [before, row], message);
                }
            }
            return;
        }
        let Some(index) = files.session(row, session, block_cell) else { return };
        let Some(staff_id) = staff_id else { return };
        files.same_block(row, week.sessions[index].block, &times);
        let Some(part) = part(files.school, &week.sessions[index], staff_id, role) else {
            let message = format!(
                "role `{role}` is none that `{staff}` has in {}",
                title(files.school, &week.sessions[index])
            );
            files.differ(row, message);
            return;
        };
        let expected_cells = {
            let cells = &files.written.cells[index];
            [cells.offering.clone(), cells.place.clone()]
        };
        files.same(row, index, "offering", offering, &expected_cells[0]);
        files.same(row, index, "place", place, &expected_cells[1]);
        match expected.get_mut(&(index, staff_id, part)) {
            Some(found @ false) => *found = true,
            Some(true) => files.differ(row, format!("staff `{staff}` is listed twice in `{session}`")),
            None => {
                let verb = verb(part);
                let title = title(files.school, &week.sessions[index]);
                let message = format!("staff `{staff}` {verb} {title} here, but not in sessions.csv");
                files.violations.add(Rule::Files, [row, week.sessions[index].row()], message);
            }
        }
        if role == "cover" {
            week.covered.push((index, staff_id));
        }
    })?;
    report_missing(files, week, &expected);
    Ok(())
}

fn expected(week: &Week) -> Expected {
    let mut expected = Expected::new();
    for (index, session) in week.sessions.iter().enumerate() {
        expected.extend(session.lead.map(|lead| ((index, lead, Part::Lead), false)));
        expected.extend(session.assistants.iter().map(|&staff| ((index, staff, Part::Assistant), false)));
    }
    expected
}

/// What a role means in a session: `lead`, or the role by which the person leads it, or `assistant`.
fn part(school: &School, session: &Session, staff: StaffId, role: &str) -> Option<Part> {
    let may_lead = match session.activity {
        Activity::Offering(offering) => {
            let allowed = |known: Role| school[offering].roles.has(known) && school[staff].roles.has(known);
            Role::ALL.into_iter().any(|known| known.label() == role && allowed(known))
        }
        Activity::Study => role == "supervisor",
        Activity::Meeting(_) => matches!(role, "coach" | "cover"),
    };
    // An offering may be led by someone with the role `assistant`.
    let leads = role == "lead" || may_lead && (role != "assistant" || session.lead == Some(staff));
    match role {
        _ if leads => Some(Part::Lead),
        "assistant" => Some(Part::Assistant),
        _ => None,
    }
}

fn report_missing(files: &mut Files, week: &Week, expected: &Expected) {
    let mut missing: Vec<_> = expected.iter().filter(|(_, found)| !**found).map(|(key, _)| *key).collect();
    missing.sort_by_key(|&(session, staff, part)| (session, part as u8, staff));
    for (session, staff, part) in missing {
        let session = &week.sessions[session];
        let message = format!(
            "staff `{}` {} {}, but staff_timetable.csv has no such row",
            files.school[staff].id,
            verb(part),
            title(files.school, session)
        );
        files.violations.add(Rule::Files, [session.row()], message);
    }
}

fn verb(part: Part) -> &'static str {
    match part {
        Part::Lead => "leads",
        Part::Assistant => "assists",
    }
}
