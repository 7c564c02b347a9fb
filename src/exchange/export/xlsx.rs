//! A workbook with a sheet each for sessions, students, staff, places and what is missing. Cells are
//! written as text or numbers, never as formulas.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::school::{BlockId, Id, Priority, clock};
use crate::timetable::{Session, Timetable};

/// Longest text that a cell takes.
const LONGEST: usize = 32_767;

/// The workbook's bytes.
///
/// # Errors
/// The workbook cannot be built.
pub fn export(timetable: &Timetable) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Equal schedules give equal files.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    sessions(timetable, &mut Sheet::add(&mut book, "sessions", &SESSIONS)?)?;
    students(timetable, &mut Sheet::add(&mut book, "students", &STUDENTS)?)?;
    staff(timetable, &mut Sheet::add(&mut book, "staff", &STAFF)?)?;
    places(timetable, &mut Sheet::add(&mut book, "places", &PLACES)?)?;
    unmet(timetable, &mut Sheet::add(&mut book, "unmet", &UNMET)?)?;
    book.save_to_buffer()
}

const SESSIONS: [&str; 14] = [
    "session",
    "block",
    "day",
    "start",
    "end",
    "kind",
    "offering",
    "name",
    "place",
    "lead",
    "lead name",
    "assistants",
    "students",
    "capacity",
];
const STUDENTS: [&str; 13] = [
    "student", "name", "class", "year", "block", "day", "start", "end", "offering", "subject", "place",
    "lead", "session",
];
const STAFF: [&str; 10] =
    ["staff", "name", "block", "day", "start", "end", "role", "offering", "place", "session"];
const PLACES: [&str; 10] =
    ["place", "name", "block", "day", "start", "end", "offering", "lead", "students", "session"];
const UNMET: [&str; 7] = ["id", "name", "subject", "priority", "missing", "reason", "detail"];

struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

impl<'a> Sheet<'a> {
    fn add(book: &'a mut Workbook, name: &str, head: &[&str]) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        let bold = Format::new().set_bold();
        for (column, title) in (0..).zip(head) {
            sheet.write_string_with_format(0, column, *title, &bold)?;
            sheet.set_column_width(column, 14)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { sheet, row: 0 })
    }

    fn push<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), XlsxError> {
        self.row += 1;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text("") => {}
                Cell::Text(text) => {
                    let text: String = text.chars().take(LONGEST).collect();
                    self.sheet.write_string(self.row, column, text)?;
                }
                Cell::Number(number) => {
                    self.sheet.write_number(self.row, column, number)?;
                }
            }
        }
        Ok(())
    }
}

enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

use Cell::{Number, Text};

/// Block, day, start, end.
fn times(timetable: &Timetable, block: BlockId) -> [String; 4] {
    let row = &timetable.school[block];
    [row.id.clone(), timetable.school[row.day].clone(), clock(row.start), clock(row.end)]
}

fn sessions(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for session in &timetable.sessions {
        let [block, day, start, end] = times(timetable, session.block);
        let lead = &school[session.lead];
        let assistants: Vec<&str> =
            session.assistants.iter().map(|staff| school[*staff].id.as_str()).collect();
        sheet.push([
            Text(&session.id),
            Text(&block),
            Text(&day),
            Text(&start),
            Text(&end),
            Text(timetable.kind(session).label()),
            Text(timetable.offering_id(session)),
            Text(timetable.offering_name(session).unwrap_or_default()),
            Text(timetable.place_id(session)),
            Text(&lead.id),
            Text(&lead.name),
            Text(&assistants.join("|")),
            Number(session.seats.len() as f64),
            session.capacity.map_or(Text(""), |capacity| Number(f64::from(capacity))),
        ])?;
    }
    Ok(())
}

fn students(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for student in school.student_ids() {
        let who = &school[student];
        for session in timetable.of_student[student.index()].iter().map(|&at| &timetable.sessions[at]) {
            let [block, day, start, end] = times(timetable, session.block);
            let seat = session.seats.iter().find(|seat| seat.student == student);
            sheet.push([
                Text(&who.id),
                Text(&who.name),
                Text(&who.class),
                Text(&who.year),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(timetable.offering_id(session)),
                Text(seat.map_or("", |seat| &seat.subject)),
                Text(timetable.place_id(session)),
                Text(&school[session.lead].id),
                Text(&session.id),
            ])?;
        }
    }
    Ok(())
}

fn staff(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for staff in school.staff_ids() {
        for duty in &timetable.of_staff[staff.index()] {
            let [block, day, start, end] = times(timetable, duty.block);
            let session: Option<&Session> = duty.session.map(|at| &timetable.sessions[at]);
            sheet.push([
                Text(&school[staff].id),
                Text(&school[staff].name),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(&duty.role),
                Text(session.map_or("", |session| timetable.offering_id(session))),
                Text(session.map_or("", |session| timetable.place_id(session))),
                Text(session.map_or("", |session| &session.id)),
            ])?;
        }
    }
    Ok(())
}

fn places(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for place in school.place_ids() {
        for session in timetable.of_place[place.index()].iter().map(|&at| &timetable.sessions[at]) {
            let [block, day, start, end] = times(timetable, session.block);
            sheet.push([
                Text(&school[place].id),
                Text(&school[place].name),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(timetable.offering_id(session)),
                Text(&school[session.lead].id),
                Number(session.seats.len() as f64),
                Text(&session.id),
            ])?;
        }
    }
    Ok(())
}

fn unmet(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    for row in &timetable.missing {
        let (id, name) = timetable.title(row.who);
        sheet.push([
            Text(id),
            Text(name),
            Text(&row.subject),
            Text(row.priority.map_or("", Priority::label)),
            Number(f64::from(row.missing)),
            Text(&row.reason),
            Text(&row.detail),
        ])?;
    }
    Ok(())
}
