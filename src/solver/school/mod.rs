//! The domain as plain data: no I/O, no solver. [`read`](crate::read) hands out a valid [`School`];
//! from there on nothing compares strings.

mod absence;
mod bans;
mod by_site;
mod coaching;
mod eligibility;
mod id;
mod time;
mod weekday;
mod wishes;

use std::borrow::Cow;

pub use bans::{Bans, Deployment, covers};
pub use by_site::BySite;
pub use coaching::{CoachingKey, may_join};
pub use eligibility::{attends_at, same_unit};
pub use id::*;
pub use time::most_at_once;
pub use weekday::{Weekday, is_plain, weekday};
pub use wishes::{Duty, MOST_DENIED, Wanted, Wish, WishWorth};

/// One school with one layout, valid and frozen: every id refers to an existing row.
#[derive(Clone, Debug)]
pub struct School {
    pub name: String,
    /// How its tables are written, as those of its schedule are.
    pub csv: CsvStyle,
    /// Of the pages made for people; files stay as they are.
    pub language: Language,
    pub days: Vec<String>,
    pub sites: Vec<String>,
    pub units: Vec<String>,
    pub weights: Weights,
    /// `None`: no coaching groups are made.
    pub coaching: Option<Coaching>,
    pub presence: Presence,
    pub own_staff: OwnStaff,
    /// Whether places with a unit are for sessions and meetings that its staff lead.
    pub own_places: OwnPlaces,
    /// Least number of staff who stand by in every block (R8).
    pub staff_per_block: u32,
    /// And who in particular.
    pub reserve_groups: Vec<ReserveGroup>,
    /// By block: how many of these have been called upon in a repaired week; empty: none.
    pub reserve_called: Vec<u32>,
    pub budgets: Vec<Budget>,
    /// Minutes from site to site, symmetric, 0 where not named.
    pub travel: Grid<SiteId, SiteId, u32>,
    /// Name of the layout.
    pub layout: String,
    /// In order of day, start and end.
    pub blocks: Vec<Block>,
    pub subjects: Vec<Subject>,
    pub offerings: Vec<Offering>,
    pub places: Vec<Place>,
    pub staff: Vec<Staff>,
    pub students: Vec<Student>,
    /// One row per student and distinct (subjects, priority, with, staff, days, ask), sorted by student: rows of
    /// `needs.csv` that differ in nothing else are added up.
    pub needs: Vec<Need>,
    /// Who asked for needs, and why.
    pub asks: Vec<Ask>,
    /// Dates between which needs hold, each once; only a term makes something of them.
    pub dated: Vec<Dated>,
    pub pins: Vec<Pin>,
    pub pairs: Vec<Pair>,
    pub packages: Vec<Package>,
    pub wishes: Vec<Wish>,
    /// Regular lessons, part-time days and exams, to be shown in weeks; the grids below say whom they keep from which block.
    pub busy: Vec<Busy>,
    /// Whether the block's audience includes the student (busy times not considered).
    pub invited: Grid<StudentId, BlockId, bool>,
    /// Invited and not busy at any moment of the block.
    pub student_free: Grid<StudentId, BlockId, bool>,
    /// Not busy at any moment of the block.
    pub staff_free: Grid<StaffId, BlockId, bool>,
    /// Not busy, and its site is not busy, at any moment of the block.
    pub place_free: Grid<PlaceId, BlockId, bool>,
}

impl School {
    pub fn block_ids(&self) -> impl DoubleEndedIterator<Item = BlockId> + ExactSizeIterator + use<> {
        ids(self.blocks.len())
    }
    pub fn offering_ids(&self) -> impl DoubleEndedIterator<Item = OfferingId> + ExactSizeIterator + use<> {
        ids(self.offerings.len())
    }
    pub fn place_ids(&self) -> impl DoubleEndedIterator<Item = PlaceId> + ExactSizeIterator + use<> {
        ids(self.places.len())
    }
    pub fn staff_ids(&self) -> impl DoubleEndedIterator<Item = StaffId> + ExactSizeIterator + use<> {
        ids(self.staff.len())
    }
    pub fn student_ids(&self) -> impl DoubleEndedIterator<Item = StudentId> + ExactSizeIterator + use<> {
        ids(self.students.len())
    }
    pub fn need_ids(&self) -> impl DoubleEndedIterator<Item = NeedId> + ExactSizeIterator + use<> {
        ids(self.needs.len())
    }
    pub fn package_ids(&self) -> impl DoubleEndedIterator<Item = PackageId> + ExactSizeIterator + use<> {
        ids(self.packages.len())
    }

    /// How many of so many in reserve are left to stand by in the block (R8).
    pub fn reserve_in(&self, block: BlockId, people: u32) -> u32 {
        people.saturating_sub(self.reserve_called.get(block.index()).copied().unwrap_or(0))
    }

    /// Whom the group asks for, behind "people": ` of unit eik who work at noord`; nothing where it asks for anybody.
    pub fn reserve_told(&self, group: &ReserveGroup) -> String {
        let mut told = String::new();
        if let Some(unit) = group.unit {
            told += &format!(" of unit `{}`", self[unit]);
        }
        let mut who = Vec::new();
        who.extend(group.site.map(|site| format!("work at `{}`", self[site])));
        if !group.subjects.is_empty() {
            let subjects = group.subjects.iter().map(|&subject| format!("`{}`", self[subject].id));
            who.push(format!("are qualified for {}", subjects.collect::<Vec<_>>().join(" or ")));
        }
        if !group.roles.is_empty() {
            let roles = group.roles.iter().map(|role| format!("`{}`", role.label()));
            who.push(format!("have the role {}", roles.collect::<Vec<_>>().join(" or ")));
        }
        if !who.is_empty() {
            told += &format!(" who {}", who.join(" and "));
        }
        told
    }

    /// The pins that demand something: all but bans.
    pub fn demanding_pins(&self) -> impl Iterator<Item = &Pin> {
        self.pins.iter().filter(|pin| pin.kind != PinKind::Ban)
    }

    /// The rows of [`School::needs`] that belong to one student.
    pub fn needs_of(
        &self,
        student: StudentId,
    ) -> impl DoubleEndedIterator<Item = NeedId> + ExactSizeIterator + use<> {
        let from = self.needs.partition_point(|need| need.student < student);
        let to = self.needs.partition_point(|need| need.student <= student);
        (from..to).map(NeedId::new)
    }

    pub fn day_ids(&self) -> impl DoubleEndedIterator<Item = DayId> + ExactSizeIterator + use<> {
        ids(self.days.len())
    }

    /// The days on which a need may be attended as one cell, `mon|tue`; `None`: every day.
    pub fn need_days(&self, need: NeedId) -> Option<String> {
        let days = self[need].days;
        (days != Days::EVERY).then(|| {
            let named = self.day_ids().filter(|&day| days.has(day)).map(|day| self[day].as_str());
            named.collect::<Vec<_>>().join("|")
        })
    }

    /// The alternatives of a need as one cell: `ku|mu`.
    pub fn need_subjects(&self, need: NeedId) -> Cow<'_, str> {
        let id = |&subject: &SubjectId| self[subject].id.as_str();
        match self[need].subjects.as_slice() {
            [subject] => id(subject).into(),
            subjects => subjects.iter().map(id).collect::<Vec<_>>().join("|").into(),
        }
    }
}

/// Lets `school[id]` stand for the row of that id.
macro_rules! index_by_id {
    ($($id:ty => $table:ident: $row:ty),+ $(,)?) => {$(
        impl std::ops::Index<$id> for School {
            type Output = $row;
            fn index(&self, id: $id) -> &$row {
                &self.$table[id.index()]
            }
        }
    )+};
}

index_by_id! {
    DayId => days: String,
    SiteId => sites: String,
    UnitId => units: String,
    BlockId => blocks: Block,
    SubjectId => subjects: Subject,
    OfferingId => offerings: Offering,
    PlaceId => places: Place,
    StaffId => staff: Staff,
    StudentId => students: Student,
    NeedId => needs: Need,
    AskId => asks: Ask,
    PackageId => packages: Package,
}

/// How a spreadsheet program of the school writes tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvStyle {
    pub separator: u8,
    /// Whether a byte order mark says that the file is UTF-8.
    pub has_bom: bool,
}

impl CsvStyle {
    /// As programs expect it.
    pub const PLAIN: Self = Self { separator: b',', has_bom: false };
    /// As Excel opens it in countries with a decimal comma.
    pub const EXCEL_NL: Self = Self { separator: b';', has_bom: true };
}

/// A language in which pages are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Dutch,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Dutch];

    /// The code used in files and in HTML.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Dutch => "nl",
        }
    }
}

/// Value of one counted unit of each term of the objective (`[weights]`).
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub must: f64,
    pub should: f64,
    pub could: f64,
    pub coach_kept: f64,
    pub staff_asked: f64,
    pub likes: f64,
    /// Of one point of a wish that comes true.
    pub wishes: f64,
    pub own_unit: f64,
    /// Loss, given as a non-negative number.
    pub fairness: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            must: 100.0,
            should: 10.0,
            could: 1.0,
            coach_kept: 5.0,
            staff_asked: 2.0,
            likes: 1.0,
            wishes: 1.0,
            own_unit: 1.0,
            fairness: 5.0,
        }
    }
}

impl Weights {
    /// Value of one attended session of a need.
    pub fn priority(&self, priority: Priority) -> f64 {
        match priority {
            Priority::Must => self.must,
            Priority::Should => self.should,
            Priority::Could => self.could,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Coaching {
    /// Group size, students.
    pub min: u32,
    pub max: u32,
    /// Meetings a week, at most the number of coaching blocks a student is invited to.
    pub meetings: u32,
    pub group_by: Vec<StudentColumn>,
}

/// A column of `students.csv` that coaching groups may not mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudentColumn {
    Class,
    Year,
    Unit,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Presence {
    /// Least number of lesson and zone blocks a week, by student; empty: none is asked for.
    pub min_blocks: Vec<u32>,
    pub fill: Fill,
    /// What a week of a term with fewer days asks for less, if it does: the keys of `min_blocks` as they were written.
    pub shrink: Option<Vec<(String, u32)>>,
}

impl Presence {
    /// Least number of lesson and zone blocks a week of the student.
    pub fn minimum(&self, student: StudentId) -> u32 {
        self.min_blocks.get(student.index()).copied().unwrap_or(0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Short of the minimum, a student may sit in a supervised study session.
    Study,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnStaff {
    Prefer,
    Require,
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnPlaces {
    Prefer,
    Require,
    Ignore,
}

/// In every block so many people stand by who are like this; what is left out all are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReserveGroup {
    pub people: u32,
    pub unit: Option<UnitId>,
    /// Works there.
    pub site: Option<SiteId>,
    /// Qualified for at least one of them.
    pub subjects: Vec<SubjectId>,
    /// Has at least one of them.
    pub roles: Roles,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// All staff together (`"*"`).
    pub all: bool,
    /// The unit whose staff it pays.
    pub unit: Option<UnitId>,
    /// Whom it pays as well, and those with one of these roles.
    pub people: Vec<StaffId>,
    pub roles: Roles,
    /// Both as they were written: `staff:jan|role:guest`.
    pub named: String,
    /// Cost a week.
    pub cost: f64,
    /// In a term, what earlier weeks left of it may be spent as well (`roll`).
    pub carry: bool,
}

impl Budget {
    /// Whom it pays, in messages.
    pub fn whose(&self, school: &School) -> String {
        let unit = match self.unit {
            _ if self.all => Some("all staff".to_owned()),
            unit => unit.map(|unit| format!("unit `{}`", school[unit])),
        };
        let named = (!self.named.is_empty()).then(|| format!("`{}`", self.named));
        unit.into_iter().chain(named).collect::<Vec<_>>().join(" with ")
    }

    /// The same as the cells that tell it from other budgets: `unit` and `covers`, empty where not given.
    pub fn cells<'s>(&'s self, school: &'s School) -> [&'s str; 2] {
        let unit = if self.all { "*" } else { self.unit.map_or("", |unit| school[unit].as_str()) };
        [unit, &self.named]
    }
}

/// One interval of the weekly cycle. Times are minutes since midnight, `start < end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub id: String,
    pub day: DayId,
    pub start: u16,
    pub end: u16,
    pub kind: Kind,
}

/// A row of `busy.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Busy {
    /// `student`, `class`, `year`, `unit`, `staff`, `place` or `site`.
    pub kind: &'static str,
    pub id: String,
    pub day: DayId,
    /// Start and end; `None`: the whole day.
    pub time: Option<(u16, u16)>,
    pub note: String,
}

/// Minutes since midnight as the `HH:MM` of files.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Coaching,
    Lesson,
    Zone,
    Homework,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Coaching, Kind::Lesson, Kind::Zone, Kind::Homework];

    /// The word used in files.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Coaching => "coaching",
            Kind::Lesson => "lesson",
            Kind::Zone => "zone",
            Kind::Homework => "homework",
        }
    }

    /// Lesson and zone blocks count towards presence.
    pub fn counts_as_presence(self) -> bool {
        matches!(self, Kind::Lesson | Kind::Zone)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Offering {
    pub id: String,
    pub name: String,
    pub subjects: Vec<SubjectId>,
    /// Those of `subjects` for which somebody can be qualified: no qualification is asked for the subject `homework`.
    pub qualifications: Vec<SubjectId>,
    pub kinds: Vec<Kind>,
    /// Students in one session.
    pub min: u32,
    pub max: u32,
    /// Roles that may lead it.
    pub roles: Roles,
    /// Most assistants in one session.
    pub assistants: u32,
    /// Extra students one assistant allows above `max`.
    pub per_assistant: u32,
    /// Assistants are qualified for a subject of it as well.
    pub assistants_qualified: bool,
    pub tags: Vec<String>,
    pub online: bool,
    pub after: Option<OfferingId>,
    /// Most sessions a student takes of it a day.
    pub per_day: u32,
    pub qualified: Qualified,
    /// Who may attend, in order; `None`: everyone.
    pub audience: Option<Vec<StudentId>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualified {
    /// The lead is qualified for every subject of the offering.
    All,
    /// For at least one.
    Any,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub id: String,
    pub name: String,
    pub site: Option<SiteId>,
    /// Students in total at any moment.
    pub seats: u32,
    /// Sessions at once.
    pub parallel: u32,
    pub tags: Vec<String>,
    pub unit: Option<UnitId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Teacher,
    Instructor,
    Coach,
    Assistant,
    Supervisor,
    Guest,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Teacher, Role::Instructor, Role::Coach, Role::Assistant, Role::Supervisor, Role::Guest];

    /// The word used in files.
    pub fn label(self) -> &'static str {
        match self {
            Role::Teacher => "teacher",
            Role::Instructor => "instructor",
            Role::Coach => "coach",
            Role::Assistant => "assistant",
            Role::Supervisor => "supervisor",
            Role::Guest => "guest",
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }
    pub fn insert(&mut self, role: Role) {
        self.0 |= 1 << role as u8;
    }
    pub fn intersects(self, other: Roles) -> bool {
        self.0 & other.0 != 0
    }
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        let mut set = Self::default();
        roles.into_iter().for_each(|role| set.insert(role));
        set
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    pub id: String,
    pub name: String,
    pub roles: Roles,
    /// Qualified for.
    pub subjects: Vec<SubjectId>,
    pub likes: Vec<OfferingId>,
    pub unit: Option<UnitId>,
    /// Sites where they work; empty = all.
    pub sites: Vec<SiteId>,
    pub min_blocks: u32,
    /// `None` = no limit, here and below.
    pub max_blocks: Option<u32>,
    /// Days a week on which they work.
    pub max_days: Option<u32>,
    pub max_per_day: Option<u32>,
    pub max_in_a_row: Option<u32>,
    /// Blocks a week in which they step in for others.
    pub cover_max: Option<u32>,
    /// Per block.
    pub cost: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Student {
    pub id: String,
    pub name: String,
    pub class: String,
    pub year: String,
    pub unit: Option<UnitId>,
    /// `None`: may attend at any site.
    pub site: Option<SiteId>,
    /// Present coach.
    pub coach: Option<StaffId>,
    /// Unmet `must` and `should` sessions of earlier weeks (`history.csv`), where fairness starts from.
    pub missed_before: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    Must,
    Should,
    Could,
}

impl Priority {
    pub const ALL: [Priority; 3] = [Priority::Must, Priority::Should, Priority::Could];

    /// The word used in files.
    pub fn label(self) -> &'static str {
        match self {
            Priority::Must => "must",
            Priority::Should => "should",
            Priority::Could => "could",
        }
    }

    /// Unmet sessions of this priority count towards fairness.
    pub fn counts_for_fairness(self) -> bool {
        self != Priority::Could
    }
}

/// `student` should attend `sessions` sessions a week of any of `subjects`.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    pub student: StudentId,
    /// At least one; more are alternatives, in the order of the file.
    pub subjects: Vec<SubjectId>,
    pub sessions: u32,
    pub priority: Priority,
    /// The lead must be qualified for this subject.
    pub with: Option<SubjectId>,
    /// The staff member asked for.
    pub staff: Option<StaffId>,
    /// On which it may be attended.
    pub days: Days,
    /// Who asked for it, and why; never judged.
    pub ask: Option<AskId>,
}

/// The cells `by` and `note` of `needs.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// As written.
    pub by: String,
    /// Whom that names, if it is a member of staff.
    pub staff: Option<StaffId>,
    pub note: String,
}

/// The cells `from`, `until` and `days` of rows of `needs.csv` with a date, as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dated {
    pub from: String,
    pub until: String,
    pub days_cell: String,
    /// What the last one says.
    pub days: Days,
}

/// A set of days of the cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u128);

impl Days {
    pub const EVERY: Self = Self(u128::MAX);
    pub const NONE: Self = Self(0);

    pub fn has(self, day: DayId) -> bool {
        self.0 & Self::bit(day) != 0
    }
    pub fn insert(&mut self, day: DayId) {
        self.0 |= Self::bit(day);
    }
    /// There are fewer than 128 days (`limits::DAYS`).
    fn bit(day: DayId) -> u128 {
        1_u128.checked_shl(day.index() as u32).unwrap_or(0)
    }
}

impl FromIterator<DayId> for Days {
    fn from_iter<I: IntoIterator<Item = DayId>>(days: I) -> Self {
        let mut set = Self::NONE;
        days.into_iter().for_each(|day| set.insert(day));
        set
    }
}

/// One row of `pins.csv`; empty cells are `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    pub kind: PinKind,
    pub block: Option<BlockId>,
    pub offering: Option<OfferingId>,
    pub staff: Option<StaffId>,
    pub place: Option<PlaceId>,
    pub student: Option<StudentId>,
    /// 1-based line in `pins.csv`, for messages.
    pub line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinKind {
    /// A session with the given block, offering and, where given, lead and place runs.
    Session,
    /// The student attends the offering in the block (at the given lead and place).
    Attend,
    /// No session, or with a student no attendance, has all the given cells.
    Ban,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub kind: PairKind,
    pub student: StudentId,
    pub other: StudentId,
    /// 1-based line in `pairs.csv`, for messages.
    pub line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairKind {
    /// Never in one session or coaching group.
    Apart,
    /// In one coaching group.
    Together,
}

/// A bundle of duties given whole to `people` members of staff; uses `blocks` of their `max_blocks`.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    pub id: String,
    pub name: String,
    pub blocks: u32,
    /// Any of these; empty = any role.
    pub roles: Roles,
    pub people: u32,
    /// A holder is qualified for at least one; empty = nothing is asked.
    pub subjects: Vec<SubjectId>,
    /// A holder is of this unit; `None` = of any or none.
    pub unit: Option<UnitId>,
    /// Each holder and each of these, others, are free at the same time at least once a week.
    pub meets: Vec<StaffId>,
}
