//! The week as the files tell it: rows with their line numbers, ids resolved. `sessions.csv` says what
//! runs, `student_timetable.csv` who attends, `coaching_groups.csv` who belongs together; the other
//! files must agree with these.

use crate::school::{BlockId, Id, OfferingId, PackageId, PlaceId, School, SiteId, StaffId, StudentId};

use super::violation::Row;

pub const SESSIONS: &str = "sessions.csv";
pub const STUDENTS: &str = "student_timetable.csv";
pub const STAFF: &str = "staff_timetable.csv";
pub const PLACES: &str = "place_timetable.csv";
pub const GROUPS: &str = "coaching_groups.csv";
pub const HOLDERS: &str = "package_holders.csv";
pub const UNMET: &str = "unmet_needs.csv";
pub const WISHES: &str = "wishes.csv";
pub const CHANGES: &str = "changes.csv";
pub const SUMMARY: &str = "summary.json";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    Offering(OfferingId),
    Study,
    /// Index into [`Week::groups`].
    Meeting(usize),
}

/// A row of `sessions.csv`.
#[derive(Debug)]
pub struct Session {
    pub line: u64,
    /// As written; of a meeting the group.
    pub id: String,
    pub activity: Activity,
    pub block: BlockId,
    pub place: Option<PlaceId>,
    /// `None`: the cell is empty or names nobody known.
    pub lead: Option<StaffId>,
    pub assistants: Vec<StaffId>,
    /// Indices into [`Week::attendances`].
    pub attendances: Vec<usize>,
}

impl Session {
    pub fn row(&self) -> Row {
        Row { file: SESSIONS, line: self.line }
    }

    pub fn offering(&self) -> Option<OfferingId> {
        match self.activity {
            Activity::Offering(offering) => Some(offering),
            Activity::Study | Activity::Meeting(_) => None,
        }
    }

    /// Lead and assistants.
    pub fn staff(&self) -> impl Iterator<Item = StaffId> {
        self.lead.into_iter().chain(self.assistants.iter().copied())
    }
}

/// A row of `student_timetable.csv`.
#[derive(Debug)]
pub struct Attendance {
    pub line: u64,
    pub student: StudentId,
    /// Index into [`Week::sessions`].
    pub session: usize,
}

impl Attendance {
    pub fn row(&self) -> Row {
        Row { file: STUDENTS, line: self.line }
    }
}

/// The rows of one group in `coaching_groups.csv`.
#[derive(Debug)]
pub struct Group {
    pub id: String,
    /// Coach of each row with its line, equal ones once.
    pub coaches: Vec<(StaffId, u64)>,
    pub members: Vec<(StudentId, u64)>,
}

impl Group {
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.members.iter().map(|&(_, line)| Row { file: GROUPS, line })
    }

    /// The coach, where the rows agree on one.
    pub fn coach(&self) -> Option<StaffId> {
        match self.coaches[..] {
            [(coach, _)] => Some(coach),
            _ => None,
        }
    }
}

/// A row of `package_holders.csv`.
#[derive(Debug)]
pub struct Holder {
    pub line: u64,
    pub package: PackageId,
    pub staff: StaffId,
}

impl Holder {
    pub fn row(&self) -> Row {
        Row { file: HOLDERS, line: self.line }
    }
}

/// A row of `staff_timetable.csv` with the role `reserve`.
#[derive(Debug)]
pub struct Reserve {
    pub line: u64,
    pub block: BlockId,
    pub staff: StaffId,
}

impl Reserve {
    pub fn row(&self) -> Row {
        Row { file: STAFF, line: self.line }
    }
}

#[derive(Debug, Default)]
pub struct Week {
    pub sessions: Vec<Session>,
    pub attendances: Vec<Attendance>,
    pub groups: Vec<Group>,
    pub holders: Vec<Holder>,
    pub reserves: Vec<Reserve>,
    /// Meetings (indices into `sessions`) that a stand-in leads, as `staff_timetable.csv` says.
    pub covered: Vec<(usize, StaffId)>,
    /// A week that was repaired while it ran, in which coaches may have stand-ins.
    pub repaired: bool,
    /// By student: indices into `attendances`.
    pub of_student: Vec<Vec<usize>>,
    /// By staff member: indices into `sessions`, one for each deployment, in order of time.
    pub of_staff: Vec<Vec<usize>>,
    /// By place: indices into `sessions`, in order of time.
    pub of_place: Vec<Vec<usize>>,
    /// By student: indices into `groups`.
    pub groups_of: Vec<Vec<usize>>,
}

impl Week {
    /// Fills everything that is looked up by student, staff member or place.
    pub fn index(&mut self, school: &School) {
        self.of_student = vec![Vec::new(); school.students.len()];
        self.of_staff = vec![Vec::new(); school.staff.len()];
        self.of_place = vec![Vec::new(); school.places.len()];
        self.groups_of = vec![Vec::new(); school.students.len()];
        for (index, attendance) in self.attendances.iter().enumerate() {
            self.of_student[attendance.student.index()].push(index);
            self.sessions[attendance.session].attendances.push(index);
        }
        for (index, group) in self.groups.iter().enumerate() {
            for (student, _) in &group.members {
                self.groups_of[student.index()].push(index);
            }
        }
        let mut by_time: Vec<usize> = (0..self.sessions.len()).collect();
        by_time.sort_by_key(|&index| {
            let block = &school[self.sessions[index].block];
            (block.day, block.start, block.end, index)
        });
        for index in by_time {
            let session = &self.sessions[index];
            for staff in session.staff() {
                self.of_staff[staff.index()].push(index);
            }
            if let Some(place) = session.place {
                self.of_place[place.index()].push(index);
            }
        }
    }

    /// The session an attendance is of.
    pub fn attended(&self, attendance: usize) -> &Session {
        &self.sessions[self.attendances[attendance].session]
    }

    pub fn student_of(&self, attendance: usize) -> StudentId {
        self.attendances[attendance].student
    }

    /// The rows of these sessions.
    pub fn session_rows<'a>(&'a self, sessions: &'a [usize]) -> impl Iterator<Item = Row> + 'a {
        sessions.iter().map(|&session| self.sessions[session].row())
    }

    /// The rows of these attendances.
    pub fn attendance_rows<'a>(&'a self, attendances: &'a [usize]) -> impl Iterator<Item = Row> + 'a {
        attendances.iter().map(|&attendance| self.attendances[attendance].row())
    }
}

/// Site of the session's place.
pub fn site(school: &School, session: &Session) -> Option<SiteId> {
    session.place.and_then(|place| school[place].site)
}

/// The session as messages name it: "session `s12` (`wi-ha` in `mon-1`)".
pub fn title(school: &School, session: &Session) -> String {
    let block = &school[session.block].id;
    match session.activity {
        Activity::Offering(offering) => {
            format!("session `{}` (`{}` in `{block}`)", session.id, school[offering].id)
        }
        Activity::Study => format!("session `{}` (`study` in `{block}`)", session.id),
        Activity::Meeting(_) => format!("meeting of group `{}` in `{block}`", session.id),
    }
}
