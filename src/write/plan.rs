//! The schedule as it is written: sessions and meetings alike, with ids, in the order of the files.

use std::collections::HashSet;

use crate::schedule::{Activity, Attendance, Meeting, Schedule, Session};
use crate::school::{
    BlockId, Duty, Id, NeedId, OfferingId, PlaceId, Role, School, StaffId, StudentId, Wanted, Wish,
};

use super::files::{COACHING, COVER, STUDY};

/// A row of `sessions.csv`.
pub struct Entry<'a> {
    /// Of a meeting, the group.
    pub id: String,
    pub what: What,
    pub block: BlockId,
    pub place: Option<PlaceId>,
    pub lead: StaffId,
    /// A meeting whose lead stands in for the coach.
    pub covered: bool,
    pub assistants: &'a [StaffId],
    /// Sorted by student.
    pub attendances: Vec<Attendance>,
    /// Students that fit; `None`: nothing limits it.
    pub capacity: Option<u32>,
}

impl Entry<'_> {
    pub fn attended_by(&self, student: StudentId) -> bool {
        self.attendance_of(student).is_some()
    }

    /// What attending it meets for the student.
    pub fn need_of(&self, student: StudentId) -> Option<NeedId> {
        self.attendance_of(student)?.need
    }

    fn attendance_of(&self, student: StudentId) -> Option<&Attendance> {
        let found = self.attendances.binary_search_by_key(&student, |attendance| attendance.student);
        found.ok().map(|at| &self.attendances[at])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Coaching,
    Offering(OfferingId),
    Study,
}

/// A coaching group with its id.
pub struct NamedGroup {
    pub id: String,
    pub coach: StaffId,
    /// Sorted.
    pub students: Vec<StudentId>,
    pub meetings: usize,
    /// Index into [`Schedule::groups`].
    index: usize,
}

/// Everything that the tables and the reasons look up.
pub struct Plan<'a> {
    pub school: &'a School,
    pub schedule: &'a Schedule,
    /// By time of the block, then block, what runs, lead and place.
    pub entries: Vec<Entry<'a>>,
    /// By coach and first student.
    pub groups: Vec<NamedGroup>,
    /// Indices into `entries`, in their order.
    pub of_student: Vec<Vec<usize>>,
    pub of_staff: Vec<Vec<usize>>,
    pub of_place: Vec<Vec<usize>>,
    pub of_offering: Vec<Vec<usize>>,
    /// By student: the first of `groups` that they are in.
    group_of: Vec<Option<usize>>,
    /// Sessions attended for each need.
    met: Vec<u32>,
}

impl<'a> Plan<'a> {
    pub fn new(school: &'a School, schedule: &'a Schedule) -> Self {
        let groups = name_groups(school, schedule);
        let mut group_ids = vec![""; schedule.groups.len()];
        groups.iter().for_each(|group| group_ids[group.index] = &group.id);
        let meetings = schedule.meetings.iter().map(|meeting| {
            let lead = schedule.lead_of(meeting);
            meeting_entry(school, meeting, lead, group_ids[meeting.group])
        });
        let sessions = schedule.sessions.iter().map(|session| session_entry(school, session));
        let mut entries: Vec<Entry> = meetings.chain(sessions).collect();
        entries.sort_by_key(|entry| (time_of(school, entry.block), entry.what, entry.lead, entry.place));
        distinguish(&mut entries, &groups);

        let mut plan = Self {
            school,
            schedule,
            groups,
            of_student: vec![Vec::new(); school.students.len()],
            of_staff: vec![Vec::new(); school.staff.len()],
            of_place: vec![Vec::new(); school.places.len()],
            of_offering: vec![Vec::new(); school.offerings.len()],
            group_of: vec![None; school.students.len()],
            met: vec![0; school.needs.len()],
            entries,
        };
        plan.index();
        plan
    }

    fn index(&mut self) {
        for (at, group) in self.groups.iter().enumerate().rev() {
            group.students.iter().for_each(|student| self.group_of[student.index()] = Some(at));
        }
        for (at, entry) in self.entries.iter().enumerate() {
            for attendance in &entry.attendances {
                self.of_student[attendance.student.index()].push(at);
                if let Some(need) = attendance.need {
                    self.met[need.index()] += 1;
                }
            }
            self.of_staff[entry.lead.index()].push(at);
            entry.assistants.iter().for_each(|staff| self.of_staff[staff.index()].push(at));
            if let Some(place) = entry.place {
                self.of_place[place.index()].push(at);
            }
            if let What::Offering(offering) = entry.what {
                self.of_offering[offering.index()].push(at);
            }
        }
    }

    /// Sessions of the need that are attended.
    pub fn met(&self, need: NeedId) -> u32 {
        self.met[need.index()]
    }

    /// Sessions of the need that are missing.
    pub fn missing(&self, need: NeedId) -> u32 {
        self.school[need].sessions.saturating_sub(self.met(need))
    }

    /// The entries that the student attends.
    pub fn attended_by(&self, student: StudentId) -> impl Iterator<Item = &Entry<'a>> {
        self.of_student[student.index()].iter().map(|&at| &self.entries[at])
    }

    /// How often the wish comes true.
    pub fn granted(&self, wish: &Wish) -> u32 {
        let (school, who) = (self.school, wish.staff);
        let comes_true = |entry: &Entry| {
            let duty = match entry.what {
                _ if entry.lead != who => Duty::Assist,
                What::Coaching => Duty::Coach,
                What::Offering(offering) => Duty::Lead(offering),
                What::Study => Duty::Study,
            };
            match wish.what {
                Wanted::Offering(offering) => duty == Duty::Lead(offering),
                Wanted::Role(role) => school[who].roles.has(role) && school.is_done_as(duty, role),
                Wanted::Package(_) => false,
                Wanted::Block(block) => entry.block == block,
                Wanted::Day(day) => school[entry.block].day == day,
            }
        };
        let deployed = self.of_staff[who.index()].iter().filter(|&&at| comes_true(&self.entries[at]));
        let carried = self.schedule.package_holders.iter();
        let carried = carried.filter(|h| h.staff == who && wish.what == Wanted::Package(h.package));
        (deployed.count() + carried.count()) as u32
    }

    /// The coaching group that the student is in.
    pub fn group_of(&self, student: StudentId) -> Option<&NamedGroup> {
        self.group_of[student.index()].map(|at| &self.groups[at])
    }

    /// What the cell `offering` says.
    pub fn offering_cell(&self, entry: &Entry) -> &'a str {
        match entry.what {
            What::Coaching => COACHING,
            What::Study => STUDY,
            What::Offering(offering) => &self.school[offering].id,
        }
    }

    /// What the cell `role` says of the lead.
    pub fn role_cell(&self, entry: &Entry) -> &'static str {
        if entry.covered { COVER } else { self.lead_role(entry).label() }
    }

    /// By which role the lead leads it: the first of theirs that the offering allows.
    fn lead_role(&self, entry: &Entry) -> Role {
        match entry.what {
            What::Coaching => Role::Coach,
            What::Study => Role::Supervisor,
            What::Offering(offering) => {
                let allowed = self.school[offering].roles;
                let theirs = self.school[entry.lead].roles;
                theirs.iter().find(|&role| allowed.has(role)).unwrap_or(Role::Teacher)
            }
        }
    }
}

/// Orders blocks by day, start and end.
pub fn time_of(school: &School, block: BlockId) -> impl Ord + use<> {
    let row = &school[block];
    (row.day, row.start, row.end, block)
}

/// `group-<coach>`; the second and further groups of one coach are `group-<coach>-2`, ...
fn name_groups(school: &School, schedule: &Schedule) -> Vec<NamedGroup> {
    let mut groups: Vec<NamedGroup> = schedule
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            let mut students = group.students.clone();
            students.sort();
            NamedGroup { id: String::new(), coach: group.coach, students, meetings: 0, index }
        })
        .collect();
    schedule.meetings.iter().for_each(|meeting| groups[meeting.group].meetings += 1);
    groups.sort_by_key(|group| (group.coach, group.students.first().copied()));
    let mut taken = HashSet::new();
    for group in &mut groups {
        group.id = free_name(format!("group-{}", school[group.coach].id), &mut taken);
    }
    groups
}

/// The name, or the first of `name-2`, `name-3`, ... that is not taken; takes it.
fn free_name(name: String, taken: &mut HashSet<String>) -> String {
    if taken.insert(name.clone()) {
        return name;
    }
    let mut further = (2..).map(|number| format!("{name}-{number}"));
    further.find(|name| taken.insert(name.clone())).unwrap_or(name)
}

/// Two sessions share `block/offering/lead` only if ids themselves contain a slash; then the later has a
/// number.
fn distinguish(entries: &mut [Entry], groups: &[NamedGroup]) {
    let mut taken: HashSet<String> = groups.iter().map(|group| group.id.clone()).collect();
    for entry in entries.iter_mut().filter(|entry| entry.what != What::Coaching) {
        entry.id = free_name(std::mem::take(&mut entry.id), &mut taken);
    }
}

fn meeting_entry<'a>(school: &School, meeting: &Meeting, lead: StaffId, group: &str) -> Entry<'a> {
    let most = school.coaching.as_ref().map_or(u32::MAX, |coaching| coaching.max);
    let mut attendances: Vec<Attendance> =
        meeting.students.iter().map(|&student| Attendance { student, need: None }).collect();
    attendances.sort();
    Entry {
        id: group.to_owned(),
        what: What::Coaching,
        block: meeting.block,
        place: Some(meeting.place),
        lead,
        covered: meeting.stand_in.is_some(),
        assistants: &[],
        attendances,
        capacity: Some(most.min(school[meeting.place].seats)),
    }
}

fn session_entry<'a>(school: &School, session: &'a Session) -> Entry<'a> {
    let (what, offering, most) = match session.activity {
        Activity::Study => (What::Study, STUDY, None),
        Activity::Offering(id) => {
            let offering = &school[id];
            let extra = offering.per_assistant.saturating_mul(session.assistants.len() as u32);
            (What::Offering(id), offering.id.as_str(), Some(offering.max.saturating_add(extra)))
        }
    };
    let mut attendances = session.attendances.clone();
    attendances.sort();
    Entry {
        id: format!("{}/{}/{}", school[session.block].id, offering, school[session.lead].id),
        what,
        block: session.block,
        place: session.place,
        lead: session.lead,
        covered: false,
        assistants: &session.assistants,
        attendances,
        capacity: most.into_iter().chain(session.place.map(|place| school[place].seats)).min(),
    }
}
