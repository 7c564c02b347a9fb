//! The timetable as FET exports it: one row an activity, text quoted, lists joined by `+`.

use crate::exchange::{Quotes, Table};
use crate::school::clock;
use crate::timetable::Timetable;

const HEADER: [&str; 9] = [
    "Activity Id",
    "Day",
    "Hour",
    "Students Sets",
    "Subject",
    "Teachers",
    "Activity Tags",
    "Room",
    "Comments",
];

pub fn export(timetable: &Timetable) -> String {
    let school = timetable.school;
    let mut table = Table::with_header(Quotes::All, HEADER);
    for (number, session) in (1..).zip(&timetable.sessions) {
        let block = &school[session.block];
        let staff = std::iter::once(&session.lead).chain(&session.assistants);
        let teachers: Vec<&str> = staff.map(|staff| school[*staff].id.as_str()).collect();
        table.push([
            &number.to_string(),
            &school[block.day],
            &clock(block.start),
            &timetable.classes(session).join("+"),
            timetable.offering_id(session),
            &teachers.join("+"),
            block.kind.label(),
            timetable.place_id(session),
            &session.id,
        ]);
    }
    table.with_mark().into_text()
}
