//! Appointments with the fields of Zermelo's API, times in Unix seconds: as JSON to post, only what has changed since
//! an earlier export, or as a table with a row for each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::exchange::dates::Calendar;
use crate::exchange::{Quotes, Table};
use crate::school::{BlockId, Kind};
use crate::timetable::{Session, Timetable, What};

use super::hours::Hours;

/// How the remark of an appointment begins that leerzone made.
pub const OWN: &str = "leerzone/";

/// An appointment; the names of its fields are those of the API.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    start: i64,
    end: i64,
    start_time_slot: i64,
    subjects: Vec<String>,
    teachers: Vec<String>,
    locations: Vec<String>,
    students: Vec<String>,
    optional: bool,
    capacity: Option<u32>,
    expected_student_count: usize,
    available_space: Option<usize>,
    online_students: Vec<String>,
    online_teachers: Vec<String>,
    online_location_url: String,
    appointment_type: String,
    /// The code, which stays the same as long as the appointment does.
    remark: String,
}

/// What is to be posted, and what is to be taken away.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Export {
    post: Vec<Appointment>,
    cancel: Vec<Appointment>,
    unchanged: Vec<Appointment>,
}

/// # Errors
/// A date beyond what a clock can show.
pub fn export(timetable: &Timetable, calendar: &Calendar, since: Option<Export>) -> Result<Export, String> {
    let mut before: BTreeMap<String, Appointment> = BTreeMap::new();
    for appointment in since.into_iter().flat_map(|since| since.post.into_iter().chain(since.unchanged)) {
        before.insert(appointment.remark.clone(), appointment);
    }
    let mut export = Export::default();
    for mut appointment in coded(timetable, calendar, &before)? {
        // What is now is compared with what was: the order of students says nothing.
        appointment.students.sort_unstable();
        appointment.online_students.sort_unstable();
        match before.remove(&appointment.remark) {
            Some(same) if same == appointment => export.unchanged.push(appointment),
            _ => export.post.push(appointment),
        }
    }
    export.cancel = before.into_values().collect();
    Ok(export)
}

/// Appointments with their codes: `leerzone/date/block/offering/number`. Of sessions side by side each keeps the code
/// under which most of its students were before, so that nobody who signed up loses the seat.
fn coded(
    timetable: &Timetable,
    calendar: &Calendar,
    before: &BTreeMap<String, Appointment>,
) -> Result<Vec<Appointment>, String> {
    let school = timetable.school;
    let hours = Hours::new(school);
    let mut side_by_side: BTreeMap<(BlockId, &str), Vec<&Session>> = BTreeMap::new();
    for session in &timetable.sessions {
        let key = (session.block, timetable.offering_id(session));
        side_by_side.entry(key).or_default().push(session);
    }
    let mut appointments = Vec::new();
    for ((block, offering), sessions) in side_by_side {
        for (date, start, end) in calendar.times(school, block)? {
            let code = |number: usize| format!("{OWN}{date}/{}/{offering}/{number}", school[block].id);
            let mut made: Vec<Appointment> = sessions
                .iter()
                .map(|session| {
                    let slot = hours.of(block);
                    appointment(timetable, session, [start.as_second(), end.as_second(), slot])
                })
                .collect();
            let numbers = numbers(&made, &|number| before.get(&code(number)));
            for (appointment, number) in made.iter_mut().zip(numbers) {
                appointment.remark = code(number);
            }
            appointments.append(&mut made);
        }
    }
    appointments.sort_by(|a, b| (a.start, &a.remark).cmp(&(b.start, &b.remark)));
    Ok(appointments)
}

/// A number from 1 on for each of several appointments.
fn numbers<'b>(made: &[Appointment], before: &dyn Fn(usize) -> Option<&'b Appointment>) -> Vec<usize> {
    let mut known: Vec<(usize, &Appointment)> = Vec::new();
    let mut missed = 0;
    for number in 1.. {
        match before(number) {
            Some(appointment) => known.push((number, appointment)),
            None => missed += 1,
        }
        // Numbers of sessions that were cancelled leave gaps.
        if missed > made.len() {
            break;
        }
    }
    let alike = |a: &Appointment, b: &Appointment| {
        let students: BTreeSet<&String> = b.students.iter().collect();
        let shared = a.students.iter().filter(|student| students.contains(student)).count();
        (shared, a.teachers == b.teachers, a.locations == b.locations)
    };
    let mut pairs = Vec::new();
    for (at, appointment) in made.iter().enumerate() {
        for (number, earlier) in &known {
            pairs.push((std::cmp::Reverse(alike(appointment, earlier)), *number, at));
        }
    }
    pairs.sort_unstable();
    let mut of: HashMap<usize, usize> = HashMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (_, number, at) in pairs {
        if !of.contains_key(&at) && taken.insert(number) {
            of.insert(at, number);
        }
    }
    let mut free = (1..).filter(|number| !taken.contains(number));
    (0..made.len()).map(|at| of.get(&at).copied().or_else(|| free.next()).unwrap_or(at + 1)).collect()
}

fn appointment(timetable: &Timetable, session: &Session, [start, end, slot]: [i64; 3]) -> Appointment {
    let school = timetable.school;
    let staff = std::iter::once(&session.lead).chain(&session.assistants);
    let teachers: Vec<String> = staff.map(|staff| school[*staff].id.clone()).collect();
    let students: Vec<String> = session.seats.iter().map(|seat| school[seat.student].id.clone()).collect();
    let subjects = match session.what {
        What::Offering(offering) => {
            school[offering].subjects.iter().map(|subject| school[*subject].id.clone()).collect()
        }
        What::Coaching | What::Study => vec![timetable.offering_id(session).to_owned()],
    };
    let online = session.place.is_none();
    let left = session.capacity.map(|capacity| (capacity as usize).saturating_sub(session.seats.len()));
    Appointment {
        start,
        end,
        start_time_slot: slot,
        subjects,
        locations: session.place.iter().map(|place| school[*place].id.clone()).collect(),
        optional: false,
        capacity: session.capacity,
        expected_student_count: students.len(),
        available_space: left,
        online_students: if online { students.clone() } else { Vec::new() },
        online_teachers: if online { teachers.clone() } else { Vec::new() },
        online_location_url: String::new(),
        appointment_type: kind(timetable, session).to_owned(),
        remark: String::new(),
        teachers,
        students,
    }
}

fn kind(timetable: &Timetable, session: &Session) -> &'static str {
    match (session.what, timetable.kind(session)) {
        (What::Coaching, _) => "talk",
        (_, Kind::Lesson | Kind::Zone) => "choice",
        _ => "activity",
    }
}

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

/// One row for each session and date, lists joined by `|`.
///
/// # Errors
/// A date beyond what a clock can show.
pub fn as_table(timetable: &Timetable, calendar: &Calendar) -> Result<String, String> {
    let school = timetable.school;
    let hours = Hours::new(school);
    let mut table = Table::with_header(Quotes::Needed, HEADER);
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    for session in &timetable.sessions {
        let slot = hours.of(session.block);
        for (_, start, end) in calendar.times(school, session.block)? {
            let row = appointment(timetable, session, [start.as_second(), end.as_second(), slot]);
            table.push([
                row.start.to_string(),
                row.end.to_string(),
                row.start_time_slot.to_string(),
                timetable.offering_id(session).to_owned(),
                row.teachers.join("|"),
                row.locations.join("|"),
                row.students.join("|"),
                "false".to_owned(),
                number(row.capacity.map(|capacity| capacity as usize)),
                row.expected_student_count.to_string(),
                number(row.available_space),
                row.online_students.join("|"),
                row.online_teachers.join("|"),
                row.online_location_url,
                row.appointment_type,
                session.id.clone(),
            ]);
        }
    }
    Ok(table.into_text())
}
