//! What stood between a student and a session of a need, found from the school and the schedule alone.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::counted::counted;
use crate::school::{
    BlockId, Id, NeedId, OfferingId, OwnStaff, PairKind, Pin, PinKind, PlaceId, Qualified, School, SiteId,
    StaffId, StudentId, SubjectId, UnitId,
};

use super::plan::{Entry, Plan, What};
use super::unmet::Reason;

/// Sessions named in a detail; more are counted.
const NAMED: usize = 3;

/// What every need is judged by: looked up for many, worked out once.
pub struct Obstacles<'a> {
    plan: &'a Plan<'a>,
    /// Per offering: who may lead it, whatever the need.
    leads: Vec<Vec<StaffId>>,
    /// Per offering: places that carry its tags.
    places: Vec<Vec<PlaceId>>,
    /// Whether a session could have run.
    could_run: HashMap<Chance, bool>,
}

/// All that decides whether one more session of an offering could have run in a block.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Chance {
    offering: OfferingId,
    block: BlockId,
    site: Option<SiteId>,
    unit: Option<UnitId>,
    with: Option<SubjectId>,
}

impl<'a> Obstacles<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Self {
        let school = plan.school;
        let carries = |offering: OfferingId, place: &PlaceId| {
            school[offering].tags.iter().all(|tag| school[*place].tags.contains(tag))
        };
        Self {
            plan,
            leads: school
                .offering_ids()
                .map(|offering| {
                    school.staff_ids().filter(|&staff| may_lead(school, staff, offering)).collect()
                })
                .collect(),
            places: school
                .offering_ids()
                .map(|offering| school.place_ids().filter(|place| carries(offering, place)).collect())
                .collect(),
            could_run: HashMap::new(),
        }
    }

    /// The nearest obstacle to one more session of a need that misses some, and the numbers behind it.
    pub fn of_need(&mut self, need: NeedId) -> (Reason, String) {
        let student = self.plan.school[need].student;
        let pairs = self.plan.school.pairs.iter().filter(|pair| pair.kind == PairKind::Apart);
        let apart = pairs.filter_map(|pair| match student {
            student if student == pair.student => Some(pair.other),
            student if student == pair.other => Some(pair.student),
            _ => None,
        });
        let apart = apart.collect();
        let mut case = Case { plan: self.plan, tables: self, need, student, apart };
        let from_data = case.impossible().or_else(|| case.no_block_left());
        from_data.unwrap_or_else(|| case.among_sessions())
    }
}

fn may_lead(school: &School, staff: StaffId, offering: OfferingId) -> bool {
    let qualified = |subject| school[staff].subjects.contains(subject);
    let row = &school[offering];
    let subjects = match row.qualified {
        Qualified::All => row.subjects.iter().all(qualified),
        Qualified::Any => row.subjects.iter().any(qualified),
    };
    subjects && row.roles.intersects(school[staff].roles)
}

/// One need with what it is judged by.
struct Case<'a, 't> {
    plan: &'a Plan<'a>,
    tables: &'t mut Obstacles<'a>,
    need: NeedId,
    student: StudentId,
    /// Never to be in a session with the student.
    apart: Vec<StudentId>,
}

impl<'a> Case<'a, '_> {
    /// Nothing offered, nobody qualified, no place: whatever the week.
    fn impossible(&self) -> Option<(Reason, String)> {
        let school = self.plan.school;
        let subjects = school.need_subjects(self.need);
        let offerings: Vec<OfferingId> = self.offerings().collect();
        if offerings.is_empty() {
            return Some((Reason::NoOffering, format!("no offering meets {subjects}")));
        }
        let led: Vec<OfferingId> =
            offerings.iter().copied().filter(|&offering| self.leads(offering).next().is_some()).collect();
        if led.is_empty() {
            let detail = format!(
                "none of {} staff may lead {}{}",
                school.staff.len(),
                list(offerings.iter().map(|&offering| school[offering].id.as_str())),
                self.lead_asked()
            );
            return Some((Reason::NobodyQualified, detail));
        }
        let placed =
            |offering: &OfferingId| school[*offering].online || self.places(*offering).next().is_some();
        if !led.iter().any(placed) {
            let site =
                school[self.student].site.map_or(String::new(), |site| format!(" at {}", school[site]));
            let names = list(led.iter().map(|&offering| school[offering].id.as_str()));
            let detail = format!("none of {} places{site} carries the tags of {names}", school.places.len());
            return Some((Reason::NoPlace, detail));
        }
        None
    }

    /// No further block in which the student, a lead and a place are free.
    fn no_block_left(&mut self) -> Option<(Reason, String)> {
        let school = self.plan.school;
        let met = self.plan.met(self.need);
        let asked = school[self.need].sessions;
        let fitting: Vec<BlockId> = school.block_ids().filter(|&block| self.kind_fits(block)).collect();
        let free = fitting.iter().filter(|&&block| school.student_free[(self.student, block)]).count();
        let left: Vec<BlockId> =
            fitting.iter().copied().filter(|&block| self.left_to_student(block)).collect();
        if left.is_empty() {
            let detail = format!(
                "can come in {free} of the {} blocks in which it may run and attends it in {met}; {asked} asked",
                fitting.len()
            );
            return Some((Reason::NeverFree, detail));
        }
        let could_run = left.iter().any(|&block| self.could_run(block));
        if !could_run {
            let detail = format!(
                "in none of the {} further blocks in which the student can come is somebody free to lead it{}, \
                 with a place; attends {met} of {asked}",
                left.len(),
                self.lead_asked()
            );
            return Some((Reason::NobodyFree, detail));
        }
        None
    }

    /// The nearest obstacle among the sessions that ran in blocks left to the student.
    fn among_sessions(&self) -> (Reason, String) {
        let plan = self.plan;
        let school = plan.school;
        let blocks = school.block_ids().filter(|&block| self.left_to_student(block)).count();
        let ran: Vec<&Entry> = self.sessions().collect();
        let open = ran.iter().filter(|entry| self.left_to_student(entry.block));
        let mut found: Vec<(Reason, &Entry)> =
            open.map(|entry| (self.obstacle(entry).unwrap_or(Reason::NotFound), *entry)).collect();
        found.sort_by_key(|(reason, _)| *reason);
        let Some(&(reason, _)) = found.first() else {
            let ran = match ran.len() {
                0 => "no session of it ran this week".to_owned(),
                ran => format!("{} of it ran, at other times", counted(ran, "session")),
            };
            let detail = format!("{ran}; blocks left in which the student can come: {blocks}");
            return (Reason::NoSession, detail);
        };
        found.retain(|(other, _)| *other == reason);
        (reason, self.tell(reason, &found))
    }

    fn tell(&self, reason: Reason, found: &[(Reason, &Entry)]) -> String {
        let named = list(found.iter().map(|(_, entry)| self.describe(reason, entry)));
        let sessions = counted(found.len(), "session");
        match reason {
            Reason::SessionsFull => {
                format!("{sessions} ran while the student had nothing else, full: {named}")
            }
            Reason::Clash => format!("{sessions} had seats left, during something else: {named}"),
            Reason::ClashAndFull => format!("{sessions} ran, full and during something else: {named}"),
            Reason::PerDay => format!("{sessions} ran on days that already have as many as allowed: {named}"),
            Reason::After => format!("{sessions} ran before what must be attended first: {named}"),
            Reason::Apart => format!("{sessions} ran with a student to be kept apart: {named}"),
            Reason::Banned => format!("{sessions} ran, banned for the student in pins.csv: {named}"),
            _ => format!("{sessions} had a seat left that the search did not use: {named}"),
        }
    }

    fn describe(&self, reason: Reason, entry: &Entry) -> String {
        let plan = self.plan;
        match reason {
            Reason::SessionsFull => format!("{} ({})", entry.id, counted(entry.attendances.len(), "student")),
            Reason::Clash | Reason::ClashAndFull => {
                let block = &plan.school[entry.block];
                let other = plan
                    .attended_by(self.student)
                    .find(|other| plan.school[other.block].overlaps(block))
                    .map_or("", |other| plan.offering_cell(other));
                format!("{} ({other})", entry.id)
            }
            _ => entry.id.clone(),
        }
    }

    /// What keeps the student out of a session that is open to them; `None`: nothing.
    fn obstacle(&self, entry: &Entry) -> Option<Reason> {
        let plan = self.plan;
        let What::Offering(offering) = entry.what else { return None };
        if self.banned(entry, offering) {
            Some(Reason::Banned)
        } else if self.kept_apart(entry) {
            Some(Reason::Apart)
        } else if self.misses_first(entry, offering) {
            Some(Reason::After)
        } else if self.day_is_full(entry, offering) {
            Some(Reason::PerDay)
        } else {
            match (occupied(plan, self.student, entry.block), seat_left(plan, entry)) {
                (false, true) => None,
                (false, false) => Some(Reason::SessionsFull),
                (true, true) => Some(Reason::Clash),
                (true, false) => Some(Reason::ClashAndFull),
            }
        }
    }

    fn banned(&self, entry: &Entry, offering: OfferingId) -> bool {
        let matches = |pin: &&Pin| {
            pin.kind == PinKind::Ban
                && pin.student == Some(self.student)
                && pin.block.is_none_or(|block| block == entry.block)
                && pin.offering.is_none_or(|banned| banned == offering)
                && pin.place.is_none_or(|place| Some(place) == entry.place)
                && pin.staff.is_none_or(|staff| staff == entry.lead || entry.assistants.contains(&staff))
        };
        self.plan.school.pins.iter().any(|pin| matches(&pin))
    }

    fn kept_apart(&self, entry: &Entry) -> bool {
        self.apart.iter().any(|&other| entry.attendances.iter().any(|a| a.student == other))
    }

    fn misses_first(&self, entry: &Entry, offering: OfferingId) -> bool {
        let school = self.plan.school;
        let Some(first) = school[offering].after else { return false };
        let starts = (school[entry.block].day, school[entry.block].start);
        !self.plan.attended_by(self.student).any(|other| {
            let block = &school[other.block];
            other.what == What::Offering(first) && (block.day, block.end) <= starts
        })
    }

    fn day_is_full(&self, entry: &Entry, offering: OfferingId) -> bool {
        let school = self.plan.school;
        let day = school[entry.block].day;
        let same = |other: &&Entry| other.what == What::Offering(offering) && school[other.block].day == day;
        self.plan.attended_by(self.student).filter(same).count() as u32 >= school[offering].per_day
    }

    /// Offerings for one of the subjects.
    fn offerings(&self) -> impl Iterator<Item = OfferingId> {
        let school = self.plan.school;
        let need = &school[self.need];
        school.offering_ids().filter(move |&offering| {
            need.subjects.iter().any(|subject| school[offering].subjects.contains(subject))
        })
    }

    /// Staff who may lead the offering for this student's need.
    fn leads(&self, offering: OfferingId) -> impl Iterator<Item = StaffId> {
        self.tables.leads[offering.index()].iter().copied().filter(|&staff| self.may_be_led_by(staff))
    }

    /// Whether the need's `with` and the student's unit allow this lead.
    fn may_be_led_by(&self, staff: StaffId) -> bool {
        let school = self.plan.school;
        let with = school[self.need].with;
        let unit = school[self.student].unit;
        let own = school.own_staff != OwnStaff::Require
            || unit.is_none()
            || school[staff].unit.is_none()
            || school[staff].unit == unit;
        own && with.is_none_or(|subject| school[staff].subjects.contains(&subject))
    }

    /// Places that carry the offering's tags and that the student may use.
    fn places(&self, offering: OfferingId) -> impl Iterator<Item = PlaceId> {
        let school = self.plan.school;
        let places = self.tables.places[offering.index()].iter().copied();
        places.filter(move |&place| sites_agree(school[self.student].site, school[place].site))
    }

    fn kind_fits(&self, block: BlockId) -> bool {
        let school = self.plan.school;
        self.offerings().any(|offering| school[offering].kinds.contains(&school[block].kind))
    }

    /// The student is free then and does not attend this need at that time.
    fn left_to_student(&self, block: BlockId) -> bool {
        let school = self.plan.school;
        let here = |entry: &Entry| {
            entry.attendances.iter().any(|a| a.student == self.student && a.need == Some(self.need))
        };
        school.student_free[(self.student, block)]
            && self.kind_fits(block)
            && !self
                .plan
                .attended_by(self.student)
                .any(|entry| school[entry.block].overlaps(&school[block]) && here(entry))
    }

    /// A lead and a place are free, whatever else they do.
    fn could_run(&mut self, block: BlockId) -> bool {
        let school = self.plan.school;
        let offerings: Vec<OfferingId> = self
            .offerings()
            .filter(|&offering| school[offering].kinds.contains(&school[block].kind))
            .collect();
        let (site, unit, with) =
            (school[self.student].site, school[self.student].unit, school[self.need].with);
        offerings.into_iter().any(|offering| {
            let chance = Chance { offering, block, site, unit, with };
            if let Some(&known) = self.tables.could_run.get(&chance) {
                return known;
            }
            let could = self.leads(offering).filter(|&lead| school.staff_free[(lead, block)]).any(|lead| {
                school[offering].online
                    || self.places(offering).any(|place| {
                        school.place_free[(place, block)] && works_at(school, lead, school[place].site)
                    })
            });
            self.tables.could_run.insert(chance, could);
            could
        })
    }

    /// Sessions that could count for the need, whenever they ran.
    fn sessions(&self) -> impl Iterator<Item = &'a Entry<'a>> {
        let plan = self.plan;
        self.offerings()
            .flat_map(move |offering| plan.of_offering[offering.index()].iter())
            .map(move |&at| &plan.entries[at])
            .filter(|entry| self.may_be_led_by(entry.lead) && same_site(plan.school, self.student, entry))
    }

    fn lead_asked(&self) -> String {
        let school = self.plan.school;
        let with = school[self.need].with;
        with.map_or(String::new(), |subject| format!(", qualified for {}", school[subject].id))
    }
}

/// Whether the student attends something at that time.
pub fn occupied(plan: &Plan, student: StudentId, block: BlockId) -> bool {
    let school = plan.school;
    plan.attended_by(student).any(|entry| school[entry.block].overlaps(&school[block]))
}

/// The student may go where the session is.
pub fn same_site(school: &School, student: StudentId, entry: &Entry) -> bool {
    entry.place.is_none_or(|place| sites_agree(school[student].site, school[place].site))
}

/// One more student fits, in the session and on the seats that its place shares with others.
pub fn seat_left(plan: &Plan, entry: &Entry) -> bool {
    let school = plan.school;
    let students = entry.attendances.len();
    let in_session = entry.capacity.is_none_or(|capacity| students < capacity as usize);
    in_session && entry.place.is_none_or(|place| busiest(plan, place, entry) < school[place].seats as usize)
}

/// Most students in the place at any moment of the entry's block.
fn busiest(plan: &Plan, place: PlaceId, entry: &Entry) -> usize {
    let school = plan.school;
    let block = &school[entry.block];
    let beside: Vec<&Entry> = plan.of_place[place.index()]
        .iter()
        .map(|&at| &plan.entries[at])
        .filter(|other| school[other.block].overlaps(block))
        .collect();
    let moments = beside.iter().map(|other| school[other.block].start.max(block.start));
    let present = |moment: u16| {
        let there = beside.iter().filter(|other| {
            let other = &school[other.block];
            other.start <= moment && moment < other.end
        });
        there.map(|other| other.attendances.len()).sum()
    };
    moments.map(present).max().unwrap_or(0)
}

/// Most of the blocks that one person can be in: blocks that overlap exclude each other.
pub fn most_at_once(school: &School, blocks: &[BlockId]) -> u32 {
    let mut by_end: Vec<BlockId> = blocks.to_vec();
    by_end.sort_by_key(|&block| (school[block].day, school[block].end, Reverse(school[block].start)));
    let mut last: Option<BlockId> = None;
    let mut count = 0;
    for block in by_end {
        if last.is_none_or(|last| !school[last].overlaps(&school[block])) {
            last = Some(block);
            count += 1;
        }
    }
    count
}

fn works_at(school: &School, staff: StaffId, site: Option<SiteId>) -> bool {
    let sites = &school[staff].sites;
    sites.is_empty() || site.is_none_or(|site| sites.contains(&site))
}

/// Either is empty, or both are the same.
fn sites_agree(one: Option<SiteId>, other: Option<SiteId>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// `a, b, c and 4 more`.
fn list<S: AsRef<str>>(names: impl Iterator<Item = S>) -> String {
    let names: Vec<S> = names.collect();
    let mut text = names.iter().take(NAMED).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        text.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    text
}
