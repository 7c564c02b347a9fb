//! Reads the folder. A name that the school does not have ends it: a page or a calendar with gaps would
//! mislead whoever reads it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::path::Path;

use crate::school::{Id, Priority, School, StaffId, ids};
use crate::verify::{self, table};
use crate::write::files::{
    COACHING, COACHING_GROUPS, MIN_BLOCKS, PACKAGE_HOLDERS, RESERVE, SESSIONS, STAFF_TIMETABLE,
    STUDENT_TIMETABLE, STUDY, Table, UNMET_ASKED, UNMET_NEEDS,
};

use crate::write::scenario_of;

use super::{Duty, Group, Missing, Owner, Seat, Session, Timetable, What};

/// Why a schedule cannot be read.
#[derive(Debug)]
pub enum Error {
    /// A file is missing or is not the table it should be.
    File(verify::Error),
    /// A cell that does not fit the school or the other files.
    Cell { file: &'static str, line: u64, message: String },
}

impl From<verify::Error> for Error {
    fn from(error: verify::Error) -> Self {
        Error::File(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File(error) => error.fmt(f),
            Error::Cell { file, line, message } => write!(
                f,
                "{file}:{line}: {message}; is this the schedule of this school? `leerzone verify` tells all \
                 that does not fit"
            ),
        }
    }
}

impl std::error::Error for Error {}

impl<'a> Timetable<'a> {
    /// Reads the schedule of `school` in the folder `out`.
    ///
    /// # Errors
    /// A file is missing or no table, or names what the school does not have.
    pub fn read(school: &'a School, out: &Path) -> Result<Self, Error> {
        let names = Names::new(school);
        let (sessions, by_key) = read_sessions(&names, out)?;
        let mut timetable = Self {
            school,
            scenario: scenario_of(out),
            made: std::fs::metadata(out.join(SESSIONS.file)).and_then(|file| file.modified()).ok(),
            sessions,
            groups: Vec::new(),
            holders: Vec::new(),
            missing: read_missing(&names, out)?,
            of_student: Vec::new(),
            of_place: Vec::new(),
            of_staff: vec_of(school.staff.len()),
            group_of: Vec::new(),
            missing_of: HashMap::new(),
        };
        timetable.read_seats(&names, &by_key, out)?;
        timetable.read_duties(&names, &by_key, out)?;
        timetable.read_groups(&names, out)?;
        timetable.holders = rows(out, &PACKAGE_HOLDERS, |[package, staff]| {
            Ok((names.packages.find(package)?, names.staff.find(staff)?))
        })?;
        timetable.index();
        Ok(timetable)
    }

    fn read_seats(&mut self, names: &Names, by_key: &ByKey, out: &Path) -> Result<(), Error> {
        let seats = rows(out, &STUDENT_TIMETABLE, |cells| {
            let [student, block, _, _, _, _, session, _, subject, ..] = cells;
            let seat = Seat { student: names.students.find(student)?, subject: subject.to_owned() };
            Ok((find_session(by_key, block, session)?, seat))
        })?;
        for (session, seat) in seats {
            self.sessions[session].seats.push(seat);
        }
        Ok(())
    }

    fn read_duties(&mut self, names: &Names, by_key: &ByKey, out: &Path) -> Result<(), Error> {
        let duties = rows(out, &STAFF_TIMETABLE, |cells| {
            let [staff, block, _, _, _, _, role, session, ..] = cells;
            let session = if role == RESERVE { None } else { Some(find_session(by_key, block, session)?) };
            let duty = Duty { block: names.blocks.find(block)?, role: role.to_owned(), session };
            Ok((names.staff.find(staff)?, duty))
        })?;
        for (staff, duty) in duties {
            self.of_staff[staff.index()].push(duty);
        }
        Ok(())
    }

    fn read_groups(&mut self, names: &Names, out: &Path) -> Result<(), Error> {
        let members = rows(out, &COACHING_GROUPS, |[group, coach, student]| {
            Ok((group.to_owned(), names.staff.find(coach)?, names.students.find(student)?))
        })?;
        let mut known: HashMap<String, usize> = HashMap::new();
        for (id, coach, student) in members {
            match known.entry(id) {
                Entry::Occupied(group) => self.groups[*group.get()].students.push(student),
                Entry::Vacant(new) => {
                    let id = new.key().clone();
                    new.insert(self.groups.len());
                    self.groups.push(Group { id, coach, students: vec![student] });
                }
            }
        }
        Ok(())
    }
}

/// A session by its block and id: a group has one in every block where it meets.
type ByKey = HashMap<(String, String), usize>;

fn find_session(by_key: &ByKey, block: &str, session: &str) -> Result<usize, String> {
    let found = by_key.get(&(block.to_owned(), session.to_owned())).copied();
    found.ok_or_else(|| format!("session `{session}` in block `{block}` does not stand in {}", SESSIONS.file))
}

fn read_sessions(names: &Names, out: &Path) -> Result<(Vec<Session>, ByKey), Error> {
    let mut by_key = ByKey::new();
    let sessions = rows(out, &SESSIONS, |cells| {
        let [id, block, _, offering, place, lead, assistants, _, capacity] = cells;
        let what = match offering {
            COACHING => What::Coaching,
            STUDY => What::Study,
            offering => What::Offering(names.offerings.find(offering)?),
        };
        let place = if place.is_empty() { None } else { Some(names.places.find(place)?) };
        let assistants = assistants.split('|').map(str::trim).filter(|id| !id.is_empty());
        let assistants: Result<Vec<StaffId>, String> = assistants.map(|id| names.staff.find(id)).collect();
        let session = Session {
            id: id.to_owned(),
            what,
            block: names.blocks.find(block)?,
            place,
            lead: names.staff.find(lead)?,
            assistants: assistants?,
            seats: Vec::new(),
            capacity: capacity.parse().ok(),
        };
        let next = by_key.len();
        if by_key.insert((block.to_owned(), id.to_owned()), next).is_some() {
            return Err(format!("session `{id}` stands twice in block `{block}`"));
        }
        Ok(session)
    })?;
    Ok((sessions, by_key))
}

fn read_missing(names: &Names, out: &Path) -> Result<Vec<Missing>, Error> {
    let each = |[who, subject, priority, missing, reason, detail, by, note]: [&str; 8]| {
        // A need may be called so as well; then it has a priority.
        let who = if subject == MIN_BLOCKS && priority.is_empty() {
            Owner::Staff(names.staff.find(who)?)
        } else {
            Owner::Student(names.students.find(who)?)
        };
        Ok(Missing {
            who,
            subject: subject.to_owned(),
            priority: Priority::ALL.into_iter().find(|known| known.label() == priority),
            missing: missing.parse().map_err(|_| format!("missing is `{missing}`, not a number"))?,
            reason: reason.to_owned(),
            detail: detail.to_owned(),
            by: by.to_owned(),
            note: note.to_owned(),
        })
    };
    // A schedule of before anybody asked has not these columns.
    rows(out, &UNMET_ASKED, each).or_else(|_| {
        rows(out, &UNMET_NEEDS, |[who, subject, priority, missing, reason, detail]| {
            each([who, subject, priority, missing, reason, detail, "", ""])
        })
    })
}

/// Every row of a file, or the first that does not fit.
fn rows<const N: usize, T>(
    out: &Path,
    table: &Table<N>,
    mut each: impl FnMut([&str; N]) -> Result<T, String>,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    let mut wrong = None;
    table::read(out, table.file, table.columns, |line, cells| match each(cells) {
        Ok(row) => rows.push(row),
        Err(message) if wrong.is_none() => {
            wrong = Some(Error::Cell { file: table.file, line, message });
        }
        Err(_) => {}
    })?;
    wrong.map_or(Ok(rows), Err)
}

fn vec_of<T>(len: usize) -> Vec<Vec<T>> {
    std::iter::repeat_with(Vec::new).take(len).collect()
}

/// The ids of the school by the text that stands for them.
struct Names<'a> {
    blocks: Index<'a, crate::school::BlockId>,
    offerings: Index<'a, crate::school::OfferingId>,
    places: Index<'a, crate::school::PlaceId>,
    staff: Index<'a, StaffId>,
    students: Index<'a, crate::school::StudentId>,
    packages: Index<'a, crate::school::PackageId>,
}

impl<'a> Names<'a> {
    fn new(school: &'a School) -> Self {
        Self {
            blocks: Index::new("block", school.blocks.iter().map(|row| row.id.as_str())),
            offerings: Index::new("offering", school.offerings.iter().map(|row| row.id.as_str())),
            places: Index::new("place", school.places.iter().map(|row| row.id.as_str())),
            staff: Index::new("staff member", school.staff.iter().map(|row| row.id.as_str())),
            students: Index::new("student", school.students.iter().map(|row| row.id.as_str())),
            packages: Index::new("package", school.packages.iter().map(|row| row.id.as_str())),
        }
    }
}

struct Index<'a, I> {
    what: &'static str,
    by_text: HashMap<&'a str, I>,
}

impl<'a, I: Id> Index<'a, I> {
    fn new(what: &'static str, names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let len = names.len();
        Self { what, by_text: names.zip(ids(len)).collect() }
    }

    fn find(&self, text: &str) -> Result<I, String> {
        let what = self.what;
        self.by_text.get(text).copied().ok_or_else(|| match text {
            "" => format!("the cell of the {what} is empty"),
            _ => format!("the school has no {what} `{text}`"),
        })
    }
}
