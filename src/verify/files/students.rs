//! `student_timetable.csv`: who attends what, and for which need.

use std::collections::HashMap;
use std::path::Path;

use crate::school::{NeedId, School, StudentId};
use crate::verify::breach::{Row, Rule};
use crate::verify::needs::meets_subject;
use crate::verify::week::{Attendance, STUDENTS, Week};
use crate::verify::{Error, table};

use super::{BlockCells, Files};

pub fn read(files: &mut Files, out: &Path, week: &mut Week) -> Result<(), Error> {
    let columns = [
        "student", "block", "day", "start", "end", "kind", "session", "offering", "subject", "place", "lead",
    ];
    let mut first: HashMap<(StudentId, usize), u64> = HashMap::new();
    table::read(out, STUDENTS, columns, |line, cells| {
        let [student_cell, block, day, start, end, kind, id, offering, subject, place, lead] = cells;
        let row = Row { file: STUDENTS, line };
        let student = files.names.students.find(student_cell, row, files.breaches);
        let session = files.session(row, id, block);
        let (Some(student), Some(session)) = (student, session) else { return };
        if let Some(before) = first.insert((student, session), line) {
            let rows = [Row { file: STUDENTS, line: before }, row];
            let message = format!("student `{student_cell}` is listed twice in session `{id}`");
            files.breaches.add(Rule::Files, rows, message);
            return;
        }
        let block = week.sessions[session].block;
        files.same_block(row, block, &BlockCells { day, start, end, kind: Some(kind) });
        same_cells(files, row, session, [offering, place, lead]);
        check_subject(files, row, student, &week.sessions[session], subject);
        week.attendances.push(Attendance { line, student, session });
    })
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
