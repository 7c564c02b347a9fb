//! What stood between a student and a session of a need, found from the school and the schedule alone.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::rules::r6_needs::{day_allows, order_allows};
use crate::pluralize::pluralize;
use crate::school::{
    BlockId, DayId, Deployment, Id, NeedId, OfferingId, SiteId, StaffId, StudentId, SubjectId, UnitId,
};

use super::lookup::{Lookup, occupied};
use super::plan::{Entry, Plan, What};
use super::reason::Reason;

/// Sessions named in a detail; more are counted.
const NAMED: usize = 3;

/// Judges needs one after another: what was worked out for one serves the next.
pub struct Obstacles<'a> {
    lookup: &'a Lookup<'a>,
    /// By subjects, and the offerings that are not for the student.
    offered: HashMap<(&'a [SubjectId], Vec<OfferingId>), Offered>,
    /// Whether a session could have run.
    could_run: HashMap<Chance, bool>,
    /// Sentences about sessions: classmates share them.
    told: HashMap<Nearest, Arc<str>>,
}

/// The nearest obstacle among sessions open to a student, how many have it and the first of their entries.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Nearest {
    reason: Reason,
    sessions: usize,
    first: [usize; NAMED],
}

/// What can meet a need of some subjects.
struct Offered {
    /// For one of the subjects.
    offerings: Vec<OfferingId>,
    /// Blocks in which one of them may run.
    fitting: Vec<BlockId>,
}

impl Offered {
    fn new(lookup: &Lookup, subjects: &[SubjectId], barred: &[OfferingId]) -> Self {
        let school = lookup.plan.school;
        let mut offerings = lookup.offerings_for(subjects);
        offerings.retain(|offering| !barred.contains(offering));
        let fits =
            |block: &BlockId| offerings.iter().any(|&offering| school[offering].runs_in(&school[*block]));
        Self { fitting: school.block_ids().filter(fits).collect(), offerings }
    }
}

/// All that decides whether one more session of an offering could have run in a block.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Chance {
    offering: OfferingId,
    block: BlockId,
    site: Option<SiteId>,
    /// Only where students are bound to the staff of their own unit.
    unit: Option<UnitId>,
    with: Option<SubjectId>,
}

impl<'a> Obstacles<'a> {
    pub fn new(lookup: &'a Lookup<'a>) -> Self {
        Self { lookup, offered: HashMap::new(), could_run: HashMap::new(), told: HashMap::new() }
    }

    /// The nearest obstacle to one more session of a need that misses some, and the numbers behind it.
    pub fn of_need(&mut self, need: NeedId) -> (Reason, Arc<str>) {
        let school = self.lookup.plan.school;
        let (subjects, barred) = (&school[need].subjects, school.barred(school[need].student));
        let offered = self.offered.entry((subjects, barred));
        let offered =
            offered.or_insert_with_key(|(subjects, barred)| Offered::new(self.lookup, subjects, barred));
        let case = Case::new(self.lookup, offered, need);
        // Where one ran, there were people and a place for it.
        let Some(nearest) = case.nearest() else {
            let from_data = case.impossible().or_else(|| case.no_block_left(&mut self.could_run));
            let from_data = from_data.or_else(|| case.on_other_days());
            let (reason, detail) = from_data.unwrap_or_else(|| case.at_other_times());
            return (reason, detail.into());
        };
        let detail = match nearest.reason {
            // It names what else the student attends.
            Reason::Clash | Reason::ClashAndFull => case.tell(&nearest).into(),
            _ => self.told.entry(nearest).or_insert_with(|| case.tell(&nearest).into()).clone(),
        };
        (nearest.reason, detail)
    }
}

/// One need with what it is judged by.
struct Case<'a> {
    lookup: &'a Lookup<'a>,
    plan: &'a Plan<'a>,
    offered: &'a Offered,
    need: NeedId,
    student: StudentId,
    /// By block: an offering fits it, it is on a day of the need, the student is free then and does not attend this need
    /// at that time.
    left: Vec<bool>,
}

impl<'a> Case<'a> {
    fn new(lookup: &'a Lookup<'a>, offered: &'a Offered, need: NeedId) -> Self {
        let plan = lookup.plan;
        let school = plan.school;
        let student = school[need].student;
        let attended: Vec<BlockId> = plan
            .attended_by(student)
            .filter(|entry| entry.need_of(student) == Some(need))
            .map(|entry| entry.block)
            .collect();
        let mut left = vec![false; school.blocks.len()];
        for &block in &offered.fitting {
            left[block.index()] = school[need].may_be_met_in(&school[block])
                && school.student_free[(student, block)]
                && !attended.iter().any(|&other| school[other].overlaps(&school[block]));
        }
        Self { lookup, plan, offered, need, student, left }
    }

    /// Nothing offered, nobody qualified, no place: whatever the week.
    fn impossible(&self) -> Option<(Reason, String)> {
        let school = self.plan.school;
        let offerings = &self.offered.offerings;
        if offerings.is_empty() {
            let detail = format!("no offering meets {}", school.need_subjects(self.need));
            return Some((Reason::NoOffering, detail));
        }
        let led = || offerings.iter().copied().filter(|&offering| self.leads(offering).next().is_some());
        if led().next().is_none() {
            let detail = format!(
                "none of {} staff may lead {}{}",
                school.staff.len(),
                list(offerings.iter().map(|&offering| school[offering].id.as_str())),
                self.lead_asked()
            );
            return Some((Reason::NobodyQualified, detail));
        }
        let placed = |offering: OfferingId| {
            school[offering].online || !self.lookup.places(offering, self.student).is_empty()
        };
        if !led().any(placed) {
            let site =
                school[self.student].site.map_or(String::new(), |site| format!(" at {}", school[site]));
            let names = list(led().map(|offering| school[offering].id.as_str()));
            let detail = format!("none of {} places{site} carries the tags of {names}", school.places.len());
            return Some((Reason::NoPlace, detail));
        }
        None
    }

    /// No further block in which the student, a lead and a place are free.
    fn no_block_left(&self, known: &mut HashMap<Chance, bool>) -> Option<(Reason, String)> {
        let school = self.plan.school;
        let met = self.plan.met(self.need);
        let asked = school[self.need].sessions;
        let fitting = &self.offered.fitting;
        if self.left_to_student().next().is_none() {
            let fitting = fitting.iter().filter(|&&block| self.is_on_its_days(block));
            let free = fitting.clone().filter(|&&block| school.student_free[(self.student, block)]).count();
            let detail = format!(
                "can come in {free} of the {} blocks in which it may run{} and attends it in {met}; {asked} asked",
                fitting.count(),
                self.on_its_days()
            );
            return Some((Reason::NeverFree, detail));
        }
        let could_run = self.left_to_student().any(|block| self.could_run(block, known));
        if !could_run {
            let detail = format!(
                "in none of the {} further blocks in which the student can come{} is somebody free to lead it{}, \
                 with a place; attends {met} of {asked}",
                self.left_to_student().count(),
                self.on_its_days(),
                self.lead_asked()
            );
            return Some((Reason::NobodyFree, detail));
        }
        None
    }

    /// The nearest obstacle among the sessions that ran in blocks left to the student; `None`: none did.
    fn nearest(&self) -> Option<Nearest> {
        let mut nearest: Option<Nearest> = None;
        for at in self.sessions().filter(|&at| self.left[self.plan.entries[at].block.index()]) {
            let reason = self.obstacle(at).unwrap_or(Reason::NotFound);
            let found = match &mut nearest {
                Some(nearest) if nearest.reason < reason => continue,
                Some(nearest) if nearest.reason == reason => nearest,
                other => other.insert(Nearest { reason, sessions: 0, first: [usize::MAX; NAMED] }),
            };
            if let Some(first) = found.first.get_mut(found.sessions) {
                *first = at;
            }
            found.sessions += 1;
        }
        nearest
    }

    /// What ran, if anything, ran on days that are not the need's.
    fn on_other_days(&self) -> Option<(Reason, String)> {
        let school = self.plan.school;
        let days = school.need_days(self.need)?;
        let ran: Vec<DayId> = self.sessions().map(|at| school[self.plan.entries[at].block].day).collect();
        let on_time = ran.iter().any(|&day| school[self.need].days.has(day));
        let (first, last) = (ran.iter().min()?, ran.iter().max()?);
        if on_time {
            return None;
        }
        let its_days = || school.day_ids().filter(|&day| school[self.need].days.has(day));
        let when = if its_days().next_back() < Some(*first) {
            "after"
        } else if its_days().next() > Some(*last) {
            "before"
        } else {
            "on others than"
        };
        let sessions = match ran.len() {
            1 => "the only session of it ran".to_owned(),
            ran => format!("all {ran} sessions of it ran"),
        };
        Some((Reason::OtherDays, format!("{sessions} {when} the days asked for ({days})")))
    }

    /// What ran, if anything, ran when the student could not come.
    fn at_other_times(&self) -> (Reason, String) {
        let ran = match self.sessions().count() {
            0 => "no session of it ran this week".to_owned(),
            ran => format!("{} of it ran, at other times", pluralize(ran, "session")),
        };
        let (blocks, days) = (self.left_to_student().count(), self.on_its_days());
        (Reason::NoSession, format!("{ran}; blocks left in which the student can come{days}: {blocks}"))
    }

    fn tell(&self, &Nearest { reason, sessions, first }: &Nearest) -> String {
        let first = first.iter().take(sessions).map(|&at| self.describe(reason, &self.plan.entries[at]));
        let named = and_more(first, sessions);
        let sessions = pluralize(sessions, "session");
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
            Reason::SessionsFull => {
                format!("{} ({})", entry.id, pluralize(entry.attendances.len(), "student"))
            }
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
    fn obstacle(&self, at: usize) -> Option<Reason> {
        let plan = self.plan;
        let entry = &plan.entries[at];
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
            let elsewhere = occupied(plan, self.student, entry.block) || self.too_far(entry);
            match (elsewhere, self.lookup.seat_left(at)) {
                (false, true) => None,
                (false, false) => Some(Reason::SessionsFull),
                (true, true) => Some(Reason::Clash),
                (true, false) => Some(Reason::ClashAndFull),
            }
        }
    }

    /// Whether a student of no site has no time to come from what else they attend, or to go there.
    fn too_far(&self, entry: &Entry) -> bool {
        let school = self.plan.school;
        let at = |entry: &Entry| Some((entry.block, school[entry.place?].site?));
        let (None, Some(here)) = (school[self.student].site, at(entry)) else { return false };
        let mut others = self.plan.attended_by(self.student).filter_map(at);
        others.any(|there| school.too_far(here, there))
    }

    fn banned(&self, entry: &Entry, offering: OfferingId) -> bool {
        let (block, place) = (entry.block, entry.place);
        let with = |staff| Deployment { block, offering: Some(offering), staff: Some(staff), place };
        let mut staff = std::iter::once(entry.lead).chain(entry.assistants.iter().copied());
        staff.any(|staff| self.lookup.bans.forbid_student(self.student, with(staff)))
    }

    fn kept_apart(&self, entry: &Entry) -> bool {
        self.lookup.apart(self.student).iter().any(|&other| entry.attended_by(other))
    }

    fn misses_first(&self, entry: &Entry, offering: OfferingId) -> bool {
        let school = self.plan.school;
        let attended = self.plan.attended_by(self.student).filter_map(|other| match other.what {
            What::Offering(o) => Some((o, other.block)),
            _ => None,
        });
        !order_allows(school, &school[offering], entry.block, attended)
    }

    /// Whether the student has as many of it that day as allowed, at other times: at the same time it is a clash.
    fn day_is_full(&self, entry: &Entry, offering: OfferingId) -> bool {
        let school = self.plan.school;
        let block = &school[entry.block];
        let same = |other: &&Entry| {
            let at = &school[other.block];
            other.what == What::Offering(offering) && at.day == block.day && !at.overlaps(block)
        };
        !day_allows(&school[offering], self.plan.attended_by(self.student).filter(same).count() as u32)
    }

    /// Staff who may lead the offering for this student's need.
    fn leads(&self, offering: OfferingId) -> impl Iterator<Item = StaffId> {
        self.lookup.leads(offering).iter().copied().filter(|&staff| self.may_be_led_by(staff))
    }

    /// Whether the need's `with` and the student's unit allow this lead.
    fn may_be_led_by(&self, staff: StaffId) -> bool {
        self.plan.school.may_serve(staff, self.need)
    }

    fn is_on_its_days(&self, block: BlockId) -> bool {
        let school = self.plan.school;
        school[self.need].may_be_met_in(&school[block])
    }

    /// The days of the need in a sentence; nothing where it may be met on every day.
    fn on_its_days(&self) -> String {
        self.plan.school.need_days(self.need).map_or(String::new(), |days| format!(" on {days}"))
    }

    fn left_to_student(&self) -> impl Iterator<Item = BlockId> {
        self.offered.fitting.iter().copied().filter(|block| self.left[block.index()])
    }

    /// A lead and a place are free, whatever else they do.
    fn could_run(&self, block: BlockId, known: &mut HashMap<Chance, bool>) -> bool {
        let school = self.plan.school;
        let (site, with) = (school[self.student].site, school[self.need].with);
        let unit = school.binding_unit(school[self.student].unit);
        let here = |offering: &&OfferingId| school[**offering].runs_in(&school[block]);
        self.offered.offerings.iter().filter(here).any(|&offering| {
            let chance = Chance { offering, block, site, unit, with };
            *known.entry(chance).or_insert_with(|| {
                self.leads(offering).filter(|&lead| school.staff_free[(lead, block)]).any(|lead| {
                    school[offering].online
                        || self.lookup.places(offering, self.student).iter().any(|&place| {
                            school.place_free[(place, block)] && school.may_lead_in(lead, place)
                        })
                })
            })
        })
    }

    /// Sessions that could count for the need, whenever they ran.
    fn sessions(&self) -> impl Iterator<Item = usize> {
        let of_offering = |&offering| self.lookup.sessions_at(offering, self.student).iter().copied();
        let all = self.offered.offerings.iter().flat_map(of_offering);
        all.filter(|&at| self.may_be_led_by(self.plan.entries[at].lead))
    }

    fn lead_asked(&self) -> String {
        let school = self.plan.school;
        let with = school[self.need].with;
        with.map_or(String::new(), |subject| format!(", qualified for {}", school[subject].id))
    }
}

/// `a, b, c and 4 more`.
fn list<'s>(names: impl Iterator<Item = &'s str>) -> String {
    let names: Vec<&str> = names.collect();
    and_more(names.iter().take(NAMED), names.len())
}

/// The first names of `all`.
fn and_more<S: AsRef<str>>(first: impl Iterator<Item = S>, all: usize) -> String {
    let (mut text, mut named) = (String::new(), 0);
    for name in first {
        if named > 0 {
            text.push_str(", ");
        }
        text.push_str(name.as_ref());
        named += 1;
    }
    if all > named {
        text.push_str(&format!(" and {} more", all - named));
    }
    text
}
