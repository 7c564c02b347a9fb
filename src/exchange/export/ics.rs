//! iCalendar: a calendar for each student, staff member and place. Events have a time in UTC, which every
//! program shows in the zone of whoever reads it, and a UID that stays the same from export to export.

use std::collections::HashSet;
use std::fmt::Write;

use icalendar::{Calendar as Ics, Component, Event, EventLike};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::exchange::dates::Calendar;
use crate::report::Words;
use crate::school::{BlockId, Id};
use crate::timetable::{Owner, Session, Timetable, What};
use crate::write::free_file;

use super::File;

/// Bytes of the UID that tell events apart.
const UID_BYTES: usize = 16;
/// Revisions are counted in minutes from here (2020-01-01).
const REVISIONS_FROM: i64 = 1_577_836_800;

/// The calendars of these owners; `now` stamps the revision.
///
/// # Errors
/// A date beyond what a clock can show.
pub fn export(
    timetable: &Timetable,
    calendar: &Calendar,
    owners: &[Owner],
    now: Timestamp,
) -> Result<Vec<File>, String> {
    let words = Words::of(timetable.school.language);
    let mut taken = HashSet::new();
    let maker = Maker { timetable, calendar, words, now };
    owners
        .iter()
        .map(|&owner| {
            let text = maker.calendar_of(owner)?;
            let start = format!("{}-", kind(owner));
            let name = free_file(&start, timetable.title(owner).0, "ics", &mut taken);
            Ok(File::new(name, text))
        })
        .collect()
}

/// Everybody and everything that has a calendar.
pub fn everybody(timetable: &Timetable) -> Vec<Owner> {
    let school = timetable.school;
    let students = school.student_ids().map(Owner::Student);
    students.chain(school.staff_ids().map(Owner::Staff)).chain(school.place_ids().map(Owner::Place)).collect()
}

/// The word for what the owner is.
pub fn kind(owner: Owner) -> &'static str {
    match owner {
        Owner::Student(_) => "student",
        Owner::Staff(_) => "staff",
        Owner::Place(_) => "place",
    }
}

/// Without line breaks and the like, with which a name could end its property and start another.
fn on_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What an event says.
struct Entry {
    block: BlockId,
    /// Tells apart what the owner has at the same time.
    key: String,
    title: String,
    place: String,
    text: String,
    /// Being in reserve leaves the time free.
    busy: bool,
}

struct Maker<'a> {
    timetable: &'a Timetable<'a>,
    calendar: &'a Calendar,
    words: &'a Words,
    now: Timestamp,
}

impl Maker<'_> {
    fn calendar_of(&self, owner: Owner) -> Result<String, String> {
        let (id, name) = self.timetable.title(owner);
        let mut ics = Ics::empty();
        ics.append_property(("VERSION", "2.0"));
        ics.append_property(("PRODID", "-//leerzone//timetable//EN"));
        ics.append_property(("CALSCALE", "GREGORIAN"));
        ics.append_property(("METHOD", "PUBLISH"));
        let name = format!("{name} – {}", self.timetable.school.name);
        ics.append_property(("X-WR-CALNAME", on_one_line(&name).as_str()));
        ics.append_property(("X-WR-TIMEZONE", self.calendar.zone_name.as_str()));
        for entry in self.entries(owner) {
            for (date, start, end) in self.calendar.times(self.timetable.school, entry.block)? {
                let block = &self.timetable.school[entry.block].id;
                let uid = self.uid(&[kind(owner), id, block, &date.to_string(), &entry.key]);
                ics.push(self.event(&entry, &uid, start, end));
            }
        }
        Ok(ics.to_string())
    }

    fn event(&self, entry: &Entry, uid: &str, start: Timestamp, end: Timestamp) -> Event {
        let utc = |moment: Timestamp| moment.strftime("%Y%m%dT%H%M%SZ").to_string();
        let revision = (self.now.as_second() - REVISIONS_FROM).max(0) / 60;
        let mut event = Event::new();
        event
            .uid(uid)
            .add_property("DTSTAMP", utc(self.now))
            .add_property("LAST-MODIFIED", utc(self.now))
            .add_property("SEQUENCE", revision.to_string())
            .add_property("DTSTART", utc(start))
            .add_property("DTEND", utc(end))
            .add_property("TRANSP", if entry.busy { "OPAQUE" } else { "TRANSPARENT" })
            .summary(&on_one_line(&entry.title));
        if !entry.place.is_empty() {
            event.location(&on_one_line(&entry.place));
        }
        if !entry.text.is_empty() {
            event.description(&entry.text.replace(|c: char| c.is_control() && c != '\n', " "));
        }
        event.done()
    }

    /// The same for the same owner, block and date, whatever is done then.
    fn uid(&self, parts: &[&str]) -> String {
        let mut hasher = Sha256::new();
        for part in std::iter::once(&self.timetable.school.name.as_str()).chain(parts) {
            hasher.update(format!("{}:{part}", part.len()));
        }
        let mut uid = String::new();
        for byte in hasher.finalize().iter().take(UID_BYTES) {
            // Writing to a string cannot fail.
            let _ = write!(uid, "{byte:02x}");
        }
        uid + "@leerzone"
    }

    fn entries(&self, owner: Owner) -> Vec<Entry> {
        let sessions = &self.timetable.sessions;
        match owner {
            Owner::Student(student) => {
                let attended = self.timetable.of_student[student.index()].iter();
                attended.map(|&at| self.attended(&sessions[at], owner)).collect()
            }
            Owner::Staff(staff) => {
                let duties = self.timetable.of_staff[staff.index()].iter();
                duties
                    .map(|duty| match duty.session {
                        Some(at) => self.led(&sessions[at], &duty.role),
                        None => self.reserve(duty.block),
                    })
                    .collect()
            }
            Owner::Place(place) => {
                let held = self.timetable.of_place[place.index()].iter();
                held.map(|&at| self.held(&sessions[at])).collect()
            }
        }
    }

    fn name(&self, session: &Session) -> &str {
        match session.what {
            What::Coaching => self.words.coaching,
            What::Study => self.words.study,
            What::Offering(offering) => &self.timetable.school[offering].name,
        }
    }

    fn entry(&self, session: &Session, title: &str, text: String) -> Entry {
        let school = self.timetable.school;
        let place = session.place.map_or(self.words.online, |place| &school[place].name);
        Entry {
            block: session.block,
            key: String::new(),
            title: title.to_owned(),
            place: place.to_owned(),
            text,
            busy: true,
        }
    }

    fn attended(&self, session: &Session, owner: Owner) -> Entry {
        let seat = session.seats.iter().find(|seat| Owner::Student(seat.student) == owner);
        let subject = seat.map(|seat| self.timetable.subject_names(&seat.subject)).unwrap_or_default();
        let lead = &self.timetable.school[session.lead].name;
        let own = self.name(session);
        if subject.is_empty() {
            self.entry(session, own, lead.clone())
        } else {
            self.entry(session, &subject, format!("{own}\n{lead}"))
        }
    }

    fn led(&self, session: &Session, role: &str) -> Entry {
        let own = self.name(session);
        let title = match role {
            "assistant" => format!("{own} ({})", self.words.assists),
            "cover" => format!("{own} ({})", self.words.cover),
            _ => own.to_owned(),
        };
        let students = match session.seats.len() {
            1 => self.words.one_student.to_owned(),
            several => crate::report::fill(self.words.n_students, &[&several]),
        };
        self.entry(session, &title, students)
    }

    fn held(&self, session: &Session) -> Entry {
        let lead = &self.timetable.school[session.lead];
        let mut entry = self.entry(session, self.name(session), lead.name.clone());
        entry.key = format!("{}/{}", self.timetable.offering_id(session), lead.id);
        entry
    }

    fn reserve(&self, block: BlockId) -> Entry {
        let [key, place, text] = Default::default();
        Entry { block, key, title: self.words.reserve.to_owned(), place, text, busy: false }
    }
}
