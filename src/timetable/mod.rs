//! A written schedule, read back from its folder with the ids of its school: what pages, calendars and
//! other systems' files are made of. It takes a schedule edited by hand as it stands; whether its rules
//! hold is for [`verify`](crate::verify) to say.

mod read;

use std::collections::HashMap;
use std::time::SystemTime;

use crate::school::{BlockId, Id, Kind, PackageId, PlaceId, Priority, School, StaffId, StudentId};
use crate::write::files::{COACHING, STUDY};

pub use crate::school::{Weekday, is_plain, weekday};
pub use crate::write::What;
pub use read::Error;

/// Who is where and when.
#[derive(Debug)]
pub struct Timetable<'a> {
    pub school: &'a School,
    /// Under which it was made, as far as its folder says so.
    pub scenario: Option<String>,
    /// When its files were written.
    pub made: Option<SystemTime>,
    /// In the order of the file.
    pub sessions: Vec<Session>,
    pub groups: Vec<Group>,
    pub holders: Vec<(PackageId, StaffId)>,
    pub missing: Vec<Missing>,
    /// By student, place: indices into `sessions`, in order of time.
    pub of_student: Vec<Vec<usize>>,
    pub of_place: Vec<Vec<usize>>,
    /// By staff member, in order of time.
    pub of_staff: Vec<Vec<Duty>>,
    /// By student: index into `groups`.
    group_of: Vec<Option<usize>>,
    /// Indices into `missing`, in its order.
    missing_of: HashMap<Owner, Vec<usize>>,
}

/// A row of `sessions.csv` with those who attend.
#[derive(Debug)]
pub struct Session {
    /// As written; of a meeting the group.
    pub id: String,
    pub what: What,
    pub block: BlockId,
    pub place: Option<PlaceId>,
    pub lead: StaffId,
    pub assistants: Vec<StaffId>,
    pub seats: Vec<Seat>,
    /// `None`: nothing limits it.
    pub capacity: Option<u32>,
}

/// A student in a session.
#[derive(Debug)]
pub struct Seat {
    pub student: StudentId,
    /// The need that is met, as written; empty in coaching and study.
    pub subject: String,
}

#[derive(Debug)]
pub struct Group {
    pub id: String,
    pub coach: StaffId,
    pub students: Vec<StudentId>,
}

/// A row of `staff_timetable.csv`.
#[derive(Debug)]
pub struct Duty {
    pub block: BlockId,
    /// The word of the file.
    pub role: String,
    /// Index into [`Timetable::sessions`]; `None` of someone in reserve.
    pub session: Option<usize>,
}

/// A row of `unmet_needs.csv`.
#[derive(Debug)]
pub struct Missing {
    pub who: Owner,
    pub subject: String,
    /// `None`: no need, but presence, meetings or `min_blocks`.
    pub priority: Option<Priority>,
    pub missing: u32,
    pub reason: String,
    pub detail: String,
    /// Who asked for it, and why.
    pub by: String,
    pub note: String,
}

/// Whose calendar or row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    Student(StudentId),
    Staff(StaffId),
    Place(PlaceId),
}

impl Timetable<'_> {
    /// What the cell `offering` says.
    pub fn offering_id(&self, session: &Session) -> &str {
        match session.what {
            What::Coaching => COACHING,
            What::Study => STUDY,
            What::Offering(offering) => &self.school[offering].id,
        }
    }

    /// The name of the offering; `None` for coaching and study, which have none.
    pub fn offering_name(&self, session: &Session) -> Option<&str> {
        match session.what {
            What::Coaching | What::Study => None,
            What::Offering(offering) => Some(&self.school[offering].name),
        }
    }

    /// Every subject of a cell such as `ku|mu` by its name, joined by ` / `.
    pub fn subject_names(&self, cell: &str) -> String {
        let name = |id: &str| {
            let known = self.school.subjects.iter().find(|subject| subject.id == id);
            known.map_or(id, |subject| subject.name.as_str()).to_owned()
        };
        cell.split('|').filter(|id| !id.is_empty()).map(name).collect::<Vec<_>>().join(" / ")
    }

    /// The place's id, or nothing for an online session.
    pub fn place_id(&self, session: &Session) -> &str {
        session.place.map_or("", |place| &self.school[place].id)
    }

    pub fn kind(&self, session: &Session) -> Kind {
        self.school[session.block].kind
    }

    /// The classes of those who attend, each once, in the order of the students.
    pub fn classes(&self, session: &Session) -> Vec<&str> {
        let mut classes: Vec<&str> = Vec::new();
        for seat in &session.seats {
            let class = self.school[seat.student].class.as_str();
            if !class.is_empty() && !classes.contains(&class) {
                classes.push(class);
            }
        }
        classes
    }

    pub fn group_of(&self, student: StudentId) -> Option<&Group> {
        self.group_of[student.index()].map(|at| &self.groups[at])
    }

    /// Id and name.
    pub fn title(&self, owner: Owner) -> (&str, &str) {
        let school = self.school;
        match owner {
            Owner::Student(id) => (&school[id].id, &school[id].name),
            Owner::Staff(id) => (&school[id].id, &school[id].name),
            Owner::Place(id) => (&school[id].id, &school[id].name),
        }
    }

    /// The rows of `unmet_needs.csv` that are about the owner.
    pub fn missing_of(&self, owner: Owner) -> impl Iterator<Item = &Missing> {
        self.missing_of.get(&owner).into_iter().flatten().map(|&at| &self.missing[at])
    }

    /// Fills what is looked up by student, staff member and place.
    fn index(&mut self) {
        let school = self.school;
        self.of_student = vec![Vec::new(); school.students.len()];
        self.of_place = vec![Vec::new(); school.places.len()];
        let mut by_time: Vec<usize> = (0..self.sessions.len()).collect();
        // Blocks are in order of time.
        by_time.sort_by_key(|&at| (self.sessions[at].block, at));
        for at in by_time {
            let session = &self.sessions[at];
            session.seats.iter().for_each(|seat| self.of_student[seat.student.index()].push(at));
            if let Some(place) = session.place {
                self.of_place[place.index()].push(at);
            }
        }
        self.group_of = vec![None; school.students.len()];
        for (at, group) in self.groups.iter().enumerate() {
            for student in &group.students {
                self.group_of[student.index()].get_or_insert(at);
            }
        }
        self.missing_of = HashMap::new();
        for (at, missing) in self.missing.iter().enumerate() {
            self.missing_of.entry(missing.who).or_default().push(at);
        }
        self.of_staff.iter_mut().for_each(|duties| duties.sort_by_key(|duty| duty.block));
    }
}
