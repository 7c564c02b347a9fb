//! Appointments with the fields of Zermelo's API: one row a session and date, times in Unix seconds, lists
//! joined by `|`.

use crate::exchange::dates::Calendar;
use crate::exchange::{Quotes, Table};
use crate::school::Kind;
use crate::timetable::{Timetable, What};

use super::{period, periods};

const HEADER: [&str; 16] = [
    "start",
    "end",
    "startTimeSlot",
    "subjects",
    "teachers",
    "locations",
    "students",
    "optional",
    "capacity",
    "expectedStudentCount",
    "availableSpace",
    "onlineStudents",
    "onlineTeachers",
    "onlineLocationUrl",
    "appointmentType",
    "remark",
];

/// # Errors
/// A date beyond what a clock can show.
pub fn export(timetable: &Timetable, calendar: &Calendar) -> Result<String, String> {
    let school = timetable.school;
    let periods = periods(school);
    let mut table = Table::with_header(Quotes::Needed, HEADER);
    for session in &timetable.sessions {
        let block = &school[session.block];
        let staff = std::iter::once(&session.lead).chain(&session.assistants);
        let staff: Vec<&str> = staff.map(|staff| school[*staff].id.as_str()).collect();
        let students: Vec<&str> = session.seats.iter().map(|seat| school[seat.student].id.as_str()).collect();
        let (staff, students) = (staff.join("|"), students.join("|"));
        let online = session.place.is_none();
        let capacity = session.capacity.map(|capacity| capacity as usize);
        let left = capacity.map(|capacity| capacity.saturating_sub(session.seats.len()));
        let told = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
        let kind = match (session.what, block.kind) {
            (What::Coaching, _) => "talk",
            (_, Kind::Lesson | Kind::Zone) => "choice",
            _ => "activity",
        };
        for (_, start, end) in calendar.times(school, session.block)? {
            table.push([
                start.as_second().to_string().as_str(),
                &end.as_second().to_string(),
                &period(&periods, block.start, block.end).to_string(),
                timetable.offering_id(session),
                &staff,
                timetable.place_id(session),
                &students,
                "false",
                &told(capacity),
                &session.seats.len().to_string(),
                &told(left),
                if online { &students } else { "" },
                if online { &staff } else { "" },
                "",
                kind,
                &session.id,
            ]);
        }
    }
    Ok(table.into_text())
}
