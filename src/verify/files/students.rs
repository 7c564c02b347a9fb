//! `student_timetable.csv`: who attends what, and for which need.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use crate::school::{NeedId, School, StudentId};
use crate::verify::needs::meets_subject;
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{Attendance, STUDENTS, Week};
use crate::verify::{Error, table};

use super::compare::{BlockCells, Files};

pub fn read(files: &mut Files, out: &Path, week: &mut Week) -> Result<(), Error> {
    let columns = [
        "student", "block", "day", "start", "end", "kind", "session", "offering", "subject", "place", "lead",
    ];
    let (school, names, written, sessions) = (files.school, files.names, files.written, &week.sessions);
    let parts = table::read_abreast(out, STUDENTS, columns, |part: &mut Part, line, cells| {
        let [student_cell, block, day, start, end, kind, id, offering, subject, place, lead] = cells;
        let row = Row { file: STUDENTS, line };
        let files = &mut Files { school, names, written, violations: &mut part.violations };
        let student = names.students.find(student_cell, row, files.violations);
        let session = files.session(row, id, block);
        let (Some(student), Some(session)) = (student, session) else { return };
        let block = sessions[session].block;
        files.same_block(row, block, &BlockCells { day, start, end, kind: Some(kind) });
        same_cells(files, row, session, [offering, place, lead]);
        check_subject(files, row, student, &sessions[session], subject);
        part.attendances.push(Attendance { line, student, session });
    })?;
    let all = parts.iter().map(|part| part.attendances.len()).sum();
    let mut first: HashMap<(StudentId, usize), u64> = HashMap::with_capacity(all);
    week.attendances.reserve(all);
    for part in parts {
        files.violations.extend(part.violations);
        for attendance in part.attendances {
            let Attendance { line, student, session } = attendance;
            match first.entry((student, session)) {
                Entry::Vacant(entry) => {
                    entry.insert(line);
                    week.attendances.push(attendance);
                }
                Entry::Occupied(before) => {
                    let rows = [*before.get(), line].map(|line| Row { file: STUDENTS, line });
                    let (student, session) = (&school[student].id, &week.sessions[session].id);
                    let message = format!("student `{student}` is listed twice in session `{session}`");
                    files.violations.add(Rule::Files, rows, message);
                }
            }
        }
    }
    Ok(())
}

/// What rows that follow each other hold.
#[derive(Default)]
struct Part {
    attendances: Vec<Attendance>,
    violations: Violations,
}

fn same_cells(files: &mut Files, row: Row, session: usize, [offering, place, lead]: [&str; 3]) {
    let cells = &files.written.cells[session];
    if offering == cells.offering && place == cells.place && lead == cells.lead {
        return;
    }
    let expected = [cells.offering.clone(), cells.place.clone(), cells.lead.clone()];
    for ((column, found), expected) in
        [("offering", offering), ("place", place), ("lead", lead)].into_iter().zip(&expected)
    {
        files.same(row, session, column, found, expected);
    }
}

/// The cell `subject` names a need of the student that the offering can meet. A student without any
/// such need breaks R6, which says so.
fn check_subject(
    files: &mut Files,
    row: Row,
    student: StudentId,
    session: &crate::verify::week::Session,
    subject: &str,
) {
    let school = files.school;
    let Some(offering) = session.offering() else { return };
    let mut possible =
        school.needs_of(student).filter(|&need| meets_subject(school, offering, need)).peekable();
    if possible.peek().is_some() && !possible.any(|need| names_need(school, need, subject)) {
        let message = format!(
            "subject `{subject}` is no need of student `{}` that `{}` meets",
            school[student].id, school[offering].id
        );
        files.differ(row, message);
    }
}

/// Whether a cell names a need: by its subjects as in `needs.csv`, or by one of them.
fn names_need(school: &School, need: NeedId, cell: &str) -> bool {
    let subjects = || school[need].subjects.iter().map(|&subject| school[subject].id.as_str());
    cell.split('|').map(str::trim).eq(subjects()) || subjects().any(|subject| subject == cell)
}
