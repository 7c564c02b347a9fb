//! Sessions as the model sees them: counted where nothing tells them apart.
//!
//! An *opening* (o, b, area) is an activity in a block in an area of places (or online). A *session class* c
//! is an opening with leads whom no student can tell apart. Its variables: `y[s,c]` s leads a session of c,
//! `a[s,c]` s assists in one, `x[i,n,c]` student i attends one for request n. A *seat group* G of an opening
//! holds place classes in which its sessions have equally many seats; where there are several, `Y[c,G]`,
//! `A[c,G]` and `w[c,G]` count the sessions, assistants and students of c in G, and `Z[o,b,q]` the sessions
//! in place class q.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::schedule::Activity;
use crate::school::*;

use super::places::Places;
use super::program::{LinExpr, Program, Variable};
use super::requests::Requests;
use super::scope::Scope;
use super::sets::Sets;

/// Numbers of one session of an activity.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    pub min: u32,
    pub max: u32,
    pub assistants: u32,
    pub per_assistant: u32,
}

impl Numbers {
    pub fn of(school: &School, activity: Activity) -> Self {
        match activity {
            Activity::Offering(o) => {
                let Offering { min, max, assistants, per_assistant, .. } = school[o];
                Self { min, max, assistants, per_assistant }
            }
            Activity::Study => Self { min: 1, max: u32::MAX, assistants: 0, per_assistant: 0 },
        }
    }

    /// Students in a session with `assistants` in a place with `seats`.
    pub fn most(&self, assistants: u32, seats: u32) -> u32 {
        self.max.saturating_add(assistants.saturating_mul(self.per_assistant)).min(seats)
    }
}

#[derive(Debug)]
pub struct Opening {
    pub activity: Activity,
    pub block: BlockId,
    /// Index into [`Places::areas`]; `None`: online.
    pub area: Option<usize>,
    /// At least one.
    pub groups: Vec<SeatGroup>,
}

/// Place classes in which a session of the opening has equally many seats.
#[derive(Debug)]
pub struct SeatGroup {
    /// Seats, at most the students who could come.
    pub seats: u32,
    /// Indices into [`Places::classes`] with `Z[o,b,q]`, which only exists where there are several; none
    /// online.
    pub places: Vec<(usize, Option<Variable>)>,
}

#[derive(Debug)]
pub struct Class {
    pub opening: usize,
    pub activity: Activity,
    pub block: BlockId,
    pub site: Option<SiteId>,
    /// Index into the incumbent's sessions: this session stays, with its people and place.
    pub kept: Option<usize>,
    /// Stands for all its leads in what a student could ask.
    pub lead: StaffId,
    /// Who may lead a session: `y[s,c]`. Empty if kept.
    pub leads: Vec<(StaffId, Variable)>,
    /// Who may assist: `a[s,c]`. Empty if kept.
    pub assistants: Vec<(StaffId, Variable)>,
    pub attendees: Vec<Attendee>,
    /// Students of a kept session who may not move.
    pub staying: u32,
    /// By seat group of the opening.
    pub seats: Vec<ClassSeats>,
}

/// Sessions, assistants and students of a class in one seat group.
#[derive(Debug)]
pub struct ClassSeats {
    pub sessions: LinExpr,
    pub assistants: LinExpr,
    pub students: LinExpr,
}

#[derive(Clone, Copy, Debug)]
pub struct Attendee {
    pub student: StudentId,
    /// Index into [`Requests::all`]; `None` in a study session.
    pub request: Option<usize>,
    /// `x[i,n,c]`
    pub variable: Variable,
}

impl Class {
    /// Number of sessions.
    pub fn sessions(&self) -> LinExpr {
        match self.kept {
            Some(_) => LinExpr::constant(1.0),
            None => self.leads.iter().map(|&(_, y)| y).collect(),
        }
    }

    /// Students in all its sessions.
    pub fn students(&self) -> LinExpr {
        let mut sum: LinExpr = self.attendees.iter().map(|attendee| attendee.variable).collect();
        sum.constant = f64::from(self.staying);
        sum
    }
}

#[derive(Debug, Default)]
pub struct Classes {
    pub openings: Vec<Opening>,
    pub all: Vec<Class>,
}

/// Who could attend: student and request.
type Candidate = (StudentId, Option<usize>);

/// What a student could ask of a lead.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LeadKey {
    alone: Option<StaffId>,
    unit: Option<usize>,
    qualified: Vec<SubjectId>,
}

pub struct Builder<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub scope: &'a Scope<'a>,
    pub places: &'a Places,
    pub requests: &'a Requests,
    pub bans: &'a Bans<'a>,
    pub program: &'a mut Program,
    wished: Option<WishWorth>,
    /// Free students and the blocks that their kept meetings take.
    in_meeting: HashSet<(StudentId, BlockId)>,
    classes: Classes,
}

impl<'a> Builder<'a> {
    pub fn new(
        (school, sets, scope): (&'a School, &'a Sets, &'a Scope<'a>),
        places: &'a Places,
        requests: &'a Requests,
        bans: &'a Bans<'a>,
        program: &'a mut Program,
    ) -> Self {
        let in_meeting = scope
            .meetings()
            .flat_map(|meeting| meeting.students.iter().map(|&student| (student, meeting.block)))
            .filter(|&(student, _)| scope.student(student))
            .flat_map(|(student, block)| sets.overlapping[block.index()].iter().map(move |&b| (student, b)))
            .collect();
        Self {
            school,
            sets,
            scope,
            places,
            requests,
            bans,
            program,
            wished: WishWorth::new(school),
            in_meeting,
            classes: Classes::default(),
        }
    }

    pub fn build(mut self) -> Classes {
        for o in self.school.offering_ids() {
            for &block in &self.sets.blocks_of[o.index()] {
                self.open(Activity::Offering(o), block);
            }
        }
        if self.school.presence.fill == Fill::Study {
            let presence = |b: &BlockId| self.school[*b].kind.counts_as_presence();
            self.school.block_ids().filter(presence).for_each(|block| self.open(Activity::Study, block));
        }
        self.keep();
        self.classes
    }

    /// Free students who could attend the activity in the block, as far as known without a place and lead.
    fn candidates(&self, activity: Activity, block: BlockId) -> Vec<Candidate> {
        let school = self.school;
        let deployment = Deployment { block, offering: activity.offering(), staff: None, place: None };
        let comes = |&(i, _): &Candidate| {
            school.student_free[(i, block)]
                && !self.in_meeting.contains(&(i, block))
                && !self.bans.forbid_student(i, deployment)
        };
        match activity {
            Activity::Offering(o) => {
                let all = &self.requests.all;
                let today = |request: &&usize| all[**request].days.has(school[block].day);
                let requests = self.requests.of_offering[o.index()].iter().filter(today);
                requests.map(|&request| (all[request].student, Some(request))).filter(comes).collect()
            }
            Activity::Study => {
                let studies = |i: &StudentId| self.scope.student(*i) && school.presence.minimum(*i) > 0;
                school.student_ids().filter(studies).map(|i| (i, None)).filter(comes).collect()
            }
        }
    }

    /// Everybody who may lead the activity in the block, as far as known without a place.
    fn leads(&self, activity: Activity, block: BlockId) -> Vec<StaffId> {
        let all = match activity {
            Activity::Offering(o) => &self.sets.leads_of[o.index()],
            Activity::Study => &self.sets.supervisors,
        };
        all.iter().copied().filter(|&s| self.deployable(activity, block, s, None)).collect()
    }

    fn deployable(&self, activity: Activity, block: BlockId, staff: StaffId, place: Option<PlaceId>) -> bool {
        self.school.staff_free[(staff, block)]
            && self.scope.cell(staff, block)
            && !self.bans.forbid(Deployment {
                block,
                offering: activity.offering(),
                staff: Some(staff),
                place,
            })
    }

    fn open(&mut self, activity: Activity, block: BlockId) {
        if self.bans.forbid(Deployment { block, offering: activity.offering(), staff: None, place: None }) {
            return;
        }
        let leads = self.leads(activity, block);
        if leads.is_empty() {
            return;
        }
        let numbers = Numbers::of(self.school, activity);
        let candidates = self.candidates(activity, block);
        if candidates.len() < numbers.min as usize {
            return;
        }
        let online = matches!(activity, Activity::Offering(o) if self.school[o].online);
        if online {
            let seats = numbers.most(numbers.assistants, distinct(&candidates));
            let groups = vec![SeatGroup { seats, places: Vec::new() }];
            self.open_in(Opening { activity, block, area: None, groups }, &leads, candidates);
            return;
        }
        for area in 0..self.places.areas.len() {
            let site = self.places.areas[area].site;
            let here: Vec<Candidate> = (candidates.iter().copied())
                .filter(|&(i, _)| attends_at(self.school[i].site, site))
                .collect();
            let groups = self.seat_groups(activity, block, area, distinct(&here));
            if !groups.is_empty() && here.len() >= numbers.min as usize {
                self.open_in(Opening { activity, block, area: Some(area), groups }, &leads, here);
            }
        }
    }

    /// The area's free places that suit, by the seats of a session in them. A shared place is a group of its
    /// own.
    fn seat_groups(
        &mut self,
        activity: Activity,
        block: BlockId,
        area: usize,
        students: u32,
    ) -> Vec<SeatGroup> {
        let numbers = Numbers::of(self.school, activity);
        let suits = |place: PlaceId| match activity {
            Activity::Offering(o) => self.sets.places_of[o.index()].binary_search(&place).is_ok(),
            Activity::Study => true,
        };
        let mut groups: BTreeMap<(u32, Option<usize>), Vec<usize>> = BTreeMap::new();
        for &class in &self.places.areas[area].classes {
            let row = &self.places.classes[class];
            let place = row.example();
            let deployment =
                Deployment { block, offering: activity.offering(), staff: None, place: Some(place) };
            let seats = numbers.most(numbers.assistants, row.seats);
            if suits(place)
                && self.school.place_free[(place, block)]
                && !self.bans.forbid(deployment)
                && seats >= numbers.min
            {
                let alone = row.shared.then_some(class);
                groups.entry((seats.min(students), alone)).or_default().push(class);
            }
        }
        let school = self.school;
        let mut variable = |class: usize, several: bool| {
            let row = &self.places.classes[class];
            several.then(|| {
                self.program.integer(row.sessions, || {
                    let (activity, block) = (activity_id(school, activity), &school[block].id);
                    format!("Z[{activity},{block},{}]", school[row.example()].id)
                })
            })
        };
        groups
            .into_iter()
            .map(|((seats, _), classes)| {
                let several = classes.len() > 1;
                SeatGroup { seats, places: classes.iter().map(|&q| (q, variable(q, several))).collect() }
            })
            .collect()
    }

    fn open_in(&mut self, opening: Opening, leads: &[StaffId], candidates: Vec<Candidate>) {
        let Opening { activity, block, area, .. } = opening;
        let (site, alone) = match area {
            Some(area) => (self.places.areas[area].site, self.places.areas[area].alone),
            None => (None, None),
        };
        let mut classes: BTreeMap<LeadKey, Vec<StaffId>> = BTreeMap::new();
        let key = self.lead_key(activity, block, &candidates);
        for &staff in leads {
            let works_here = area.is_none_or(|area| self.places.may_lead_in(self.school, staff, area));
            if works_here && (alone.is_none() || self.deployable(activity, block, staff, alone)) {
                classes.entry(key(staff)).or_default().push(staff);
            }
        }
        let classes: Vec<Vec<StaffId>> = classes.into_values().collect();
        let index = self.classes.openings.len();
        self.classes.openings.push(opening);
        for leads in classes {
            self.add_class(index, site, alone, &leads, &candidates);
        }
    }

    /// The function that tells leads apart as far as these students could.
    fn lead_key(
        &self,
        activity: Activity,
        block: BlockId,
        candidates: &[Candidate],
    ) -> impl Fn(StaffId) -> LeadKey + use<'a> {
        let school = self.school;
        let requests = || {
            candidates.iter().filter_map(|&(_, request)| request.map(|request| &self.requests.all[request]))
        };
        let mut with: Vec<SubjectId> = requests().filter_map(|request| request.with).collect();
        with.sort_unstable();
        with.dedup();
        let mut named: HashSet<StaffId> = requests().filter_map(|request| request.staff).collect();
        let students: HashSet<StudentId> = candidates.iter().map(|&(student, _)| student).collect();
        let offering = activity.offering();
        let about = |pin: &&Pin| {
            pin.student.is_some_and(|student| students.contains(&student))
                && pin.block.is_none_or(|b| b == block)
                && pin.offering.is_none_or(|o| Some(o) == offering)
        };
        let assisted = Numbers::of(school, activity).assistants > 0;
        let mut all_alone = school.pairs.iter().any(|pair| {
            pair.kind == PairKind::Apart && students.contains(&pair.student) && students.contains(&pair.other)
        });
        for pin in school.pins.iter().filter(about) {
            named.extend(pin.staff);
            all_alone |= assisted && pin.kind == PinKind::Ban && pin.staff.is_some();
        }
        // Study meets no need, so that own staff are worth nothing more there.
        let counts = |unit| match activity {
            Activity::Offering(_) => school.counted_unit(unit),
            Activity::Study => school.binding_unit(unit),
        };
        let units: HashSet<UnitId> = students.iter().filter_map(|&i| counts(school[i].unit)).collect();
        let foreign = (school.binds_units() && !units.is_empty()).then_some(usize::MAX);
        move |staff| LeadKey {
            alone: (all_alone || named.contains(&staff)).then_some(staff),
            unit: school[staff].unit.and_then(|unit| match units.contains(&unit) {
                true => Some(unit.index()),
                false => foreign,
            }),
            qualified: with.iter().copied().filter(|&w| school[staff].is_qualified(w)).collect(),
        }
    }

    fn add_class(
        &mut self,
        opening: usize,
        site: Option<SiteId>,
        place: Option<PlaceId>,
        leads: &[StaffId],
        candidates: &[Candidate],
    ) {
        let school = self.school;
        let Opening { activity, block, .. } = self.classes.openings[opening];
        let numbers = Numbers::of(school, activity);
        let lead = leads[0];
        let comers: Vec<Candidate> = (candidates.iter().copied())
            .filter(|&who| self.comes(who, activity, block, lead, place))
            .collect();
        if distinct(&comers) < numbers.min {
            return;
        }
        let class = self.classes.all.len();
        let name = |what: &str, who: &str| {
            format!("{what}[{who},{},{},{class}]", activity_id(school, activity), school[block].id)
        };
        let y: Vec<(StaffId, Variable)> =
            leads.iter().map(|&s| (s, self.program.binary(|| name("y", &school[s].id)))).collect();
        let assistants: Vec<(StaffId, Variable)> = self
            .assistants(activity, block, site, place)
            .into_iter()
            .map(|s| (s, self.program.binary(|| name("a", &school[s].id))))
            .collect();
        let attendees = self.attend(&comers, |i| name("x", &school[i].id));
        let seats = self.class_seats(opening, &y, &assistants, &attendees, name);
        self.classes.all.push(Class {
            opening,
            activity,
            block,
            site,
            kept: None,
            lead,
            leads: y,
            assistants,
            attendees,
            staying: 0,
            seats,
        });
    }

    fn attend(&mut self, comers: &[Candidate], name: impl Fn(StudentId) -> String) -> Vec<Attendee> {
        let attend = |&(student, request): &Candidate| {
            let variable = self.program.binary(|| match request {
                Some(request) => format!("{}#{request}", name(student)),
                None => name(student),
            });
            Attendee { student, request, variable }
        };
        comers.iter().map(attend).collect()
    }

    /// Whether the lead and place suit the student and the request.
    fn comes(
        &self,
        (student, request): Candidate,
        activity: Activity,
        block: BlockId,
        lead: StaffId,
        place: Option<PlaceId>,
    ) -> bool {
        let with = request.and_then(|request| self.requests.all[request].with);
        let deployment = Deployment { block, offering: activity.offering(), staff: Some(lead), place };
        with.is_none_or(|with| self.school[lead].is_qualified(with))
            && self.school.own_staff_allows(lead, student)
            && !self.bans.forbid_student(student, deployment)
    }

    /// Staff whom assisting could be of use for: it gains seats, counts towards their `min_blocks` or is wished.
    fn assistants(
        &self,
        activity: Activity,
        block: BlockId,
        site: Option<SiteId>,
        place: Option<PlaceId>,
    ) -> Vec<StaffId> {
        let numbers = Numbers::of(self.school, activity);
        let Some(o) = activity.offering() else { return Vec::new() };
        let useful = |s: &StaffId| {
            let wished = || self.wished.as_ref().is_some_and(|worth| worth.of(*s, block, Duty::Assist) > 0.0);
            numbers.per_assistant > 0 || self.school[*s].min_blocks > 0 || wished()
        };
        (self.sets.assistants_of[o.index()].iter().copied())
            .filter(useful)
            .filter(|&s| self.school[s].works_at(site) && self.deployable(activity, block, s, place))
            .collect()
    }

    fn class_seats(
        &mut self,
        opening: usize,
        leads: &[(StaffId, Variable)],
        assistants: &[(StaffId, Variable)],
        attendees: &[Attendee],
        name: impl Fn(&str, &str) -> String,
    ) -> Vec<ClassSeats> {
        let groups = &self.classes.openings[opening].groups;
        if groups.len() == 1 {
            return vec![ClassSeats {
                sessions: leads.iter().map(|&(_, y)| y).collect(),
                assistants: assistants.iter().map(|&(_, a)| a).collect(),
                students: attendees.iter().map(|attendee| attendee.variable).collect(),
            }];
        }
        let numbers = Numbers::of(self.school, self.classes.openings[opening].activity);
        groups
            .iter()
            .map(|group| {
                let seats = group.seats.to_string();
                let available: u32 = group.places.iter().map(|&(q, _)| self.places.classes[q].sessions).sum();
                let sessions = available.min(leads.len() as u32);
                let helpers = sessions.saturating_mul(numbers.assistants).min(assistants.len() as u32);
                let assistants = match helpers {
                    0 => LinExpr::default(),
                    _ => LinExpr::from(self.program.integer(helpers, || name("A", &seats))),
                };
                ClassSeats {
                    sessions: self.program.integer(sessions, || name("Y", &seats)).into(),
                    assistants,
                    students: self.program.integer(attendees.len() as u32, || name("w", &seats)).into(),
                }
            })
            .collect()
    }

    /// Sessions of the incumbent that stay and that free students may leave or join.
    fn keep(&mut self) {
        let mut by_offering: HashMap<Activity, Vec<usize>> = HashMap::new();
        let kept: Vec<(usize, &crate::schedule::Session)> = self.scope.kept_sessions().collect();
        for &(index, session) in &kept {
            by_offering.entry(session.activity).or_default().push(index);
        }
        let mut candidates: HashMap<(Activity, BlockId), Vec<Candidate>> = HashMap::new();
        for (index, session) in kept {
            let (activity, block) = (session.activity, session.block);
            let here = match candidates.remove(&(activity, block)) {
                Some(here) => here,
                None => self.candidates(activity, block),
            };
            self.keep_session(index, session, &here);
            candidates.insert((activity, block), here);
        }
    }

    fn keep_session(&mut self, index: usize, session: &crate::schedule::Session, candidates: &[Candidate]) {
        let school = self.school;
        let (activity, block, lead) = (session.activity, session.block, session.lead);
        let site = session.place.and_then(|place| school[place].site);
        let numbers = Numbers::of(school, activity);
        let assistants = session.assistants.len() as u32;
        let staying = session.attendances.iter().filter(|at| !self.scope.student(at.student)).count() as u32;
        let seats = numbers.most(assistants, session.place.map_or(u32::MAX, |place| school[place].seats));
        let suits = |&who: &Candidate| {
            (session.place.is_none() || attends_at(school[who.0].site, site))
                && self.comes(who, activity, block, lead, session.place)
                && !session.assistants.iter().any(|&staff| {
                    let place = session.place;
                    let with = Deployment { block, offering: activity.offering(), staff: Some(staff), place };
                    self.bans.forbid_student(who.0, with)
                })
        };
        let comers: Vec<Candidate> = match seats > staying {
            true => candidates.iter().copied().filter(suits).collect(),
            false => Vec::new(),
        };
        if comers.is_empty() {
            return;
        }
        let name = |i: StudentId| {
            format!(
                "x[{},{},{},{}]",
                school[i].id,
                activity_id(school, activity),
                school[block].id,
                school[lead].id
            )
        };
        let attendees = self.attend(&comers, name);
        let mut students: LinExpr = attendees.iter().map(|attendee| attendee.variable).collect();
        students.constant = f64::from(staying);
        let opening = self.classes.openings.len();
        let area = session.place.map(|place| self.places.area_of_place(place));
        let groups = vec![SeatGroup { seats, places: Vec::new() }];
        self.classes.openings.push(Opening { activity, block, area, groups });
        self.classes.all.push(Class {
            opening,
            activity,
            block,
            site,
            kept: Some(index),
            lead,
            leads: Vec::new(),
            assistants: Vec::new(),
            attendees,
            staying,
            seats: vec![ClassSeats {
                sessions: LinExpr::constant(1.0),
                assistants: LinExpr::constant(f64::from(assistants)),
                students,
            }],
        });
    }
}

pub fn activity_id(school: &School, activity: Activity) -> &str {
    match activity {
        Activity::Offering(o) => &school[o].id,
        Activity::Study => "study",
    }
}

/// Number of students; candidates come sorted by student.
fn distinct(candidates: &[Candidate]) -> u32 {
    candidates.chunk_by(|a, b| a.0 == b.0).count() as u32
}
