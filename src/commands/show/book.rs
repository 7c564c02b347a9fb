//! The files of a schedule as they are looked up: by person, place and block.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::report::Words;
use crate::school::{Language, clock};
use crate::verify::{Error, table};
use crate::write::files::{
    NAMES, PLACE_TIMETABLE, SESSIONS, STAFF_TIMETABLE, STUDENT_TIMETABLE, Table, UNMET_NEEDS,
};
use crate::write::{language_of, scenario_of};

/// What a week can be shown of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Student,
    Staff,
    Place,
    Block,
}

impl Kind {
    /// In the language of the school.
    pub fn word(self, words: &Words) -> String {
        let word = match self {
            Kind::Student => words.student,
            Kind::Staff if words.decimal == "." => return "staff".to_owned(),
            Kind::Staff => words.staff,
            Kind::Place => words.place,
            Kind::Block => words.block,
        };
        word.to_lowercase()
    }

    pub fn label(self) -> &'static str {
        match self {
            Kind::Student => "student",
            Kind::Staff => "staff",
            Kind::Place => "place",
            Kind::Block => "block",
        }
    }
}

/// Somebody or something whose week can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    pub kind: Kind,
    pub id: String,
    /// Empty where not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// When a block is, as every timetable repeats it.
#[derive(Clone, Debug, Serialize)]
pub struct Time {
    pub day: String,
    pub start: String,
    pub end: String,
}

/// A row of a timetable; cells that its file does not have are empty.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Whose timetable it is.
    #[serde(skip)]
    pub owner: String,
    pub block: String,
    #[serde(flatten)]
    pub time: Time,
    pub session: String,
    pub offering: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lead: String,
}

/// A row of `sessions.csv`.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    pub session: String,
    #[serde(skip)]
    pub block: String,
    pub offering: String,
    pub place: String,
    pub lead: String,
    pub assistants: Vec<String>,
    #[serde(serialize_with = "as_number")]
    pub count: String,
    #[serde(serialize_with = "as_number")]
    pub capacity: String,
}

/// A row of `unmet_needs.csv`.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    #[serde(skip)]
    pub owner: String,
    pub subject: String,
    pub priority: String,
    #[serde(serialize_with = "as_number")]
    pub missing: String,
    pub reason: String,
    pub detail: String,
}

/// A cell that should hold a number as one, else as the text that stands there.
fn as_number<S: Serializer>(cell: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match cell.parse() {
        Ok(number) => serializer.serialize_u64(number),
        Err(_) => serializer.serialize_str(cell),
    }
}

/// A schedule, read from its folder.
pub struct Book {
    pub sessions: Vec<Session>,
    pub students: Vec<Item>,
    pub staff: Vec<Item>,
    pub places: Vec<Item>,
    pub missing: Vec<Missing>,
    /// Everybody and everything, in the order of the files.
    pub known: Vec<Who>,
    /// In the order of the week.
    pub days: Vec<String>,
    pub times: HashMap<String, Time>,
    /// The kind of each block, as `sessions.csv` says.
    pub kinds: HashMap<String, String>,
    /// Under which it was made.
    pub scenario: Option<String>,
    /// Of the school.
    pub language: Language,
}

impl Book {
    /// # Errors
    /// A file is missing or is not the table it should be.
    pub fn read(out: &Path) -> Result<Self, Error> {
        let mut kinds = HashMap::new();
        let sessions = rows(out, &SESSIONS, |cells| {
            let [session, block, kind, offering, place, lead, assistants, count, capacity] = cells;
            let assistants =
                assistants.split('|').filter(|cell| !cell.is_empty()).map(str::to_owned).collect();
            kinds.insert(block.clone(), kind);
            Session { session, block, offering, place, lead, assistants, count, capacity }
        })?;
        let students = rows(out, &STUDENT_TIMETABLE, |cells| {
            let [owner, block, day, start, end, _, session, offering, subject, place, lead] = cells;
            let time = time(day, &start, &end);
            Item { owner, block, time, session, offering, subject, role: String::new(), place, lead }
        })?;
        let staff = rows(out, &STAFF_TIMETABLE, |cells| {
            let [owner, block, day, start, end, _, role, session, offering, place] = cells;
            let time = time(day, &start, &end);
            let [subject, lead] = Default::default();
            Item { owner, block, time, session, offering, subject, role, place, lead }
        })?;
        let places = rows(out, &PLACE_TIMETABLE, |cells| {
            let [owner, block, day, start, end, session, offering, lead, _] = cells;
            let time = time(day, &start, &end);
            let [subject, role, place] = Default::default();
            Item { owner, block, time, session, offering, subject, role, place, lead }
        })?;
        let missing = rows(out, &UNMET_NEEDS, |cells| {
            let [owner, subject, priority, missing, reason, detail] = cells;
            Missing { owner, subject, priority, missing, reason, detail }
        })?;
        let names =
            if out.join(NAMES.file).exists() { rows(out, &NAMES, |cells| cells)? } else { Vec::new() };

        let mut book = Self {
            sessions,
            students,
            staff,
            places,
            missing,
            known: Vec::new(),
            days: Vec::new(),
            times: HashMap::new(),
            kinds,
            scenario: scenario_of(out),
            language: language_of(out),
        };
        book.know(names);
        book.order_days();
        Ok(book)
    }

    /// The rows of one timetable.
    pub fn week(&self, who: &Who) -> Vec<&Item> {
        let items = match who.kind {
            Kind::Student => &self.students,
            Kind::Staff => &self.staff,
            Kind::Place => &self.places,
            Kind::Block => return Vec::new(),
        };
        items.iter().filter(|item| item.owner == who.id).collect()
    }

    /// The session that a timetable's row speaks of; a group has one in every block where it meets.
    pub fn session(&self, item: &Item) -> Option<&Session> {
        self.sessions.iter().find(|session| session.session == item.session && session.block == item.block)
    }

    /// Names first, then whoever only stands in a timetable.
    fn know(&mut self, names: Vec<[String; 3]>) {
        let named = names.into_iter().filter_map(|[kind, id, name]| {
            let kind = [Kind::Student, Kind::Staff, Kind::Place].into_iter().find(|k| k.label() == kind)?;
            Some(Who { kind, id, name })
        });
        let unnamed = |kind: Kind| move |id: &String| Who { kind, id: id.clone(), name: String::new() };
        let owner = |item: &Item| item.owner.clone();
        let everybody = named
            .chain(self.students.iter().map(owner).map(|id| unnamed(Kind::Student)(&id)))
            .chain(self.staff.iter().map(owner).map(|id| unnamed(Kind::Staff)(&id)))
            .chain(self.places.iter().map(owner).map(|id| unnamed(Kind::Place)(&id)))
            .chain(self.sessions.iter().map(|session| unnamed(Kind::Block)(&session.block)))
            .chain(self.staff.iter().map(|item| unnamed(Kind::Block)(&item.block)));
        let mut seen = HashSet::new();
        self.known = everybody.filter(|who| seen.insert((who.kind, who.id.clone()))).collect();
    }

    /// Sessions stand in the order of the week, and with them their days.
    fn order_days(&mut self) {
        for item in self.staff.iter().chain(&self.students).chain(&self.places) {
            self.times.entry(item.block.clone()).or_insert_with(|| item.time.clone());
        }
        let in_order = self.sessions.iter().filter_map(|session| self.times.get(&session.block));
        let others = self.staff.iter().map(|item| &item.time);
        let mut seen = HashSet::new();
        let days = in_order.chain(others).map(|time| &time.day);
        self.days = days.filter(|day| seen.insert(day.as_str())).cloned().collect();
    }
}

fn rows<const N: usize, T>(
    out: &Path,
    table: &Table<N>,
    mut each: impl FnMut([String; N]) -> T,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    table::read(out, table.file, table.columns, |_, cells| rows.push(each(cells.map(str::to_owned))))?;
    Ok(rows)
}

fn time(day: String, start: &str, end: &str) -> Time {
    Time { day, start: as_clock(start), end: as_clock(end) }
}

/// `08:30` of what a spreadsheet made of it, such as `8:30:00`, so that times sort as text.
fn as_clock(text: &str) -> String {
    let mut numbers = text.split(':').map(|part| part.trim().parse::<u16>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(hours @ 0..24)), Some(Ok(minutes @ 0..60))) => clock(hours * 60 + minutes),
        _ => text.to_owned(),
    }
}
