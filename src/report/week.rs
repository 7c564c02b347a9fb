//! What somebody does in a week, as paper shows it: sessions, duties and busy times.

use std::collections::BTreeSet;

use crate::school::{Busy, DayId, Id, PlaceId, School, StaffId, StudentId, clock};
use crate::timetable::{Duty, Owner, Session, Timetable, What};
use crate::write::files::RESERVE;

use super::labels;
use super::words::{Words, fill};

/// The kind of an [`Entry`] that is no block.
pub const BUSY: &str = "busy";

/// One thing at one time.
pub struct Entry {
    pub day: DayId,
    /// `None`: the whole day.
    pub time: Option<(u16, u16)>,
    /// Kind of the block, or [`BUSY`].
    pub kind: &'static str,
    /// Of the subject, as the style sheet counts them.
    pub colour: Option<usize>,
    pub title: String,
    pub lines: Vec<String>,
}

/// Everything in the owner's week.
pub fn of(timetable: &Timetable, owner: Owner, words: &Words) -> Vec<Entry> {
    let school = timetable.school;
    let mut entries: Vec<Entry> = match owner {
        Owner::Student(student) => {
            of_sessions(timetable, &timetable.of_student[student.index()], |session| {
                attended(timetable, student, session, words)
            })
        }
        Owner::Place(place) => of_sessions(timetable, &timetable.of_place[place.index()], |session| {
            let lead = school[session.lead].name.clone();
            (None, name(timetable, session, words).to_owned(), vec![lead, students(session, words)])
        }),
        Owner::Staff(staff) => {
            let duties = timetable.of_staff[staff.index()].iter();
            duties.map(|duty| duty_entry(timetable, staff, duty, words)).collect()
        }
    };
    entries.extend(school.busy.iter().filter(|row| is_of(school, owner, row)).map(|row| Entry {
        day: row.day,
        time: row.time,
        kind: BUSY,
        colour: None,
        title: if row.note.is_empty() { words.busy.to_owned() } else { row.note.clone() },
        lines: Vec::new(),
    }));
    entries
}

/// The times of a week, whole days first.
pub fn times(entries: &[Entry]) -> Vec<Option<(u16, u16)>> {
    entries.iter().map(|entry| entry.time).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Start and end in words; a whole day has no end.
pub fn time_words(time: Option<(u16, u16)>, words: &Words) -> [String; 2] {
    match time {
        None => [words.whole_day.to_owned(), String::new()],
        Some((start, end)) => [clock(start), clock(end)],
    }
}

/// What an offering, coaching or study is called.
pub fn name<'a>(timetable: &'a Timetable, session: &Session, words: &Words) -> &'a str {
    match session.what {
        What::Coaching => words.coaching,
        What::Study => words.study,
        What::Offering(offering) => &timetable.school[offering].name,
    }
}

pub fn place<'a>(timetable: &'a Timetable, place: Option<PlaceId>, words: &Words) -> &'a str {
    place.map_or(words.online, |place| &timetable.school[place].name)
}

pub fn students(session: &Session, words: &Words) -> String {
    match session.seats.len() {
        1 => words.one_student.to_owned(),
        count => fill(words.n_students, &[&count]),
    }
}

/// Colour, title and lines of a session.
type Shown = (Option<usize>, String, Vec<String>);

fn of_sessions(timetable: &Timetable, sessions: &[usize], show: impl Fn(&Session) -> Shown) -> Vec<Entry> {
    let entry = |&at: &usize| {
        let session = &timetable.sessions[at];
        let block = &timetable.school[session.block];
        let (colour, title, lines) = show(session);
        Entry {
            day: block.day,
            time: Some((block.start, block.end)),
            kind: block.kind.label(),
            colour,
            title,
            lines,
        }
    };
    sessions.iter().map(entry).collect()
}

/// The subject that the student comes for, where the offering does not say so already.
fn attended(timetable: &Timetable, student: StudentId, session: &Session, words: &Words) -> Shown {
    let school = timetable.school;
    let cell = session.seats.iter().find(|seat| seat.student == student).map_or("", |seat| &seat.subject);
    let subject = labels::subjects(school, cell, words);
    let name = name(timetable, session, words);
    let with = format!("{} · {}", place(timetable, session.place, words), school[session.lead].name);
    let colour = (!cell.is_empty()).then(|| labels::colour(school, cell));
    if subject.is_empty() || name.contains(&subject) {
        (colour, name.to_owned(), vec![with])
    } else {
        (colour, subject, vec![name.to_owned(), with])
    }
}

fn duty_entry(timetable: &Timetable, staff: StaffId, duty: &Duty, words: &Words) -> Entry {
    let block = &timetable.school[duty.block];
    let (title, lines) = match duty.session.map(|at| &timetable.sessions[at]) {
        None => (words.reserve.to_owned(), Vec::new()),
        Some(session) => {
            let place = place(timetable, session.place, words).to_owned();
            let role = match duty.role.as_str() {
                "cover" => Some(words.cover.to_owned()),
                _ if session.lead != staff => Some(words.assists.to_owned()),
                _ => None,
            };
            let lines = role.into_iter().chain([place, students(session, words)]).collect();
            (name(timetable, session, words).to_owned(), lines)
        }
    };
    let kind = if duty.role == RESERVE { RESERVE } else { block.kind.label() };
    Entry { day: block.day, time: Some((block.start, block.end)), kind, colour: None, title, lines }
}

/// Whether a busy time is the owner's, by name or by class, year, unit or site.
fn is_of(school: &School, owner: Owner, busy: &Busy) -> bool {
    let in_unit = |unit: Option<_>| unit.is_some_and(|unit| busy.id == school[unit]);
    match (owner, busy.kind) {
        (Owner::Student(id), "student") => busy.id == school[id].id,
        (Owner::Student(id), "class") => busy.id == school[id].class,
        (Owner::Student(id), "year") => busy.id == school[id].year,
        (Owner::Student(id), "unit") => in_unit(school[id].unit),
        (Owner::Staff(id), "staff") => busy.id == school[id].id,
        (Owner::Staff(id), "unit") => in_unit(school[id].unit),
        (Owner::Place(id), "place") => busy.id == school[id].id,
        (Owner::Place(id), "site") => school[id].site.is_some_and(|site| busy.id == school[site]),
        _ => false,
    }
}
