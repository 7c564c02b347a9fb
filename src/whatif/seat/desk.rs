//! The running week as the desk looks it up, what a student's week is worth, and single moves.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::model::rules::r6_needs::{day_allows, order_allows};
use crate::schedule::{Activity, Attendance, Session};
use crate::school::*;
use crate::write::{Entry, Lookup, Plan, What, best_needs, meets};

use super::search::Way;

/// What the total counts of students, by the names of `summary.json`; `min_blocks` where a supervisor goes home.
pub const TERMS: [&str; 8] =
    ["must", "should", "could", "staff_asked", "own_unit", "fairness", "presence", "min_blocks"];

/// By [`TERMS`].
pub type Terms = [f64; 8];

pub fn sum(terms: &Terms, other: &Terms) -> Terms {
    std::array::from_fn(|at| terms[at] + other[at])
}

/// What keeps a student out of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// The student sits in it.
    There,
    /// Neither block nor offering is for the student.
    Audience,
    Busy,
    OtherSite,
    /// The lead is of another unit, whose staff are for its own students only.
    OwnStaff,
    /// On none of the days on which the need may be met.
    Days,
    /// The lead is not qualified for what the need asks `with` it.
    With,
    Banned,
    /// From whoever sits there.
    Apart(StudentId),
    /// Something else that the student attends then, or from which there is no time to come.
    Clash(usize),
    /// As many of the offering on that day as may be.
    PerDay,
    /// What comes first is not attended before.
    After(OfferingId),
    Full,
    /// There is a seat, but what else the student attends does not let it count for the subject.
    Counts,
}

impl Bar {
    /// The word used in documents.
    pub fn label(self) -> &'static str {
        match self {
            Bar::There => "there",
            Bar::Audience => "audience",
            Bar::Busy => "busy",
            Bar::OtherSite => "other-site",
            Bar::OwnStaff => "own-staff",
            Bar::Days => "days",
            Bar::With => "with",
            Bar::Banned => "banned",
            Bar::Apart(_) => "apart",
            Bar::Clash(_) => "clash",
            Bar::PerDay => "per-day",
            Bar::After(_) => "after",
            Bar::Full => "full",
            Bar::Counts => "counts-for-another",
        }
    }
}

/// One student leaves and enters sessions.
#[derive(Clone, Debug)]
pub struct Move {
    pub student: StudentId,
    /// Indices into [`Plan::entries`], study that gives way included.
    pub leave: Vec<usize>,
    pub enter: Vec<usize>,
    /// What every attendance of the student then meets.
    pub needs: Vec<(usize, Option<NeedId>)>,
    pub terms: Terms,
    pub changes: u32,
    /// Sessions beside study that are left.
    pub own: usize,
    /// What the total gains, less the price of the changes.
    pub worth: f64,
    /// Need sessions that are met no more, and those met besides.
    pub loses: Vec<NeedId>,
    pub gains: Vec<NeedId>,
}

/// What a student does, and what it counts.
#[derive(Debug)]
pub struct Week {
    pub student: StudentId,
    pub entries: Vec<usize>,
    /// What each meets.
    pub needs: Vec<Option<NeedId>>,
    /// Whether some attendance could count for several needs.
    pub several: bool,
    pub terms: Terms,
}

/// The need for which each attendance of a student counts.
type Counted = Rc<[Option<NeedId>]>;

/// A running week.
pub struct Desk<'a> {
    pub school: &'a School,
    pub plan: &'a Plan<'a>,
    pub lookup: &'a Lookup<'a>,
    /// Loss of one change.
    pub weight: f64,
    attend_pins: HashMap<StudentId, Vec<&'a Pin>>,
    weeks: RefCell<HashMap<StudentId, Rc<Week>>>,
    pub(super) ways: RefCell<HashMap<usize, Rc<Vec<Way>>>>,
    counts: RefCell<HashMap<Exchange, Option<Counted>>>,
}

/// What decides for what a student's attendances count: who leaves which sessions, and what each that is entered could
/// count for, by need.
type Exchange = (StudentId, Vec<usize>, Vec<Vec<u8>>);

impl<'a> Desk<'a> {
    pub fn new(plan: &'a Plan<'a>, lookup: &'a Lookup<'a>, weight: f64) -> Self {
        let school = plan.school;
        let mut attend_pins: HashMap<StudentId, Vec<&Pin>> = HashMap::new();
        for pin in school.demanding_pins() {
            if let Some(student) = pin.student {
                attend_pins.entry(student).or_default().push(pin);
            }
        }
        let (weeks, ways, counts) = (RefCell::default(), RefCell::default(), RefCell::default());
        Self { school, plan, lookup, weight, attend_pins, weeks, ways, counts }
    }

    pub fn entry(&self, at: usize) -> &'a Entry<'a> {
        &self.plan.entries[at]
    }

    pub fn is_study(&self, at: usize) -> bool {
        self.entry(at).what == What::Study
    }

    /// The student's running week.
    pub fn week(&self, student: StudentId) -> Rc<Week> {
        if let Some(week) = self.weeks.borrow().get(&student) {
            return Rc::clone(week);
        }
        let entries = self.plan.of_student[student.index()].clone();
        // What each attendance meets is told by the week: with a need that is asked at the desk it might count for that.
        let needs: Vec<Option<NeedId>> = entries.iter().map(|&at| self.entry(at).need_of(student)).collect();
        let sessions = entries.iter().filter_map(|&at| session_of(self.entry(at), None));
        let several = sessions.into_iter().any(|session| {
            let meets = |need: &NeedId| meets(self.school, &session, *need);
            self.school.needs_of(student).filter(meets).nth(1).is_some()
        });
        let terms = self.terms(student, &entries, &needs);
        let week = Rc::new(Week { student, entries, needs, several, terms });
        self.weeks.borrow_mut().insert(student, Rc::clone(&week));
        week
    }

    /// What each attendance of such a week then meets; `None`: some would meet no need.
    fn needs_met(
        &self,
        week: &Week,
        leave: &[usize],
        enter: &[usize],
        then: &[usize],
    ) -> Option<Vec<Option<NeedId>>> {
        let (school, student) = (self.school, week.student);
        let offered = |at: &usize| matches!(self.entry(*at).what, What::Offering(_));
        let left: Vec<usize> = leave.iter().copied().filter(offered).collect();
        let kinds = enter.iter().map(|&at| {
            let (entry, session) = (self.entry(at), session_of(self.entry(at), None));
            let own = u8::from(school.is_own_unit(entry.lead, student));
            let kind = |need: NeedId| match &session {
                Some(session) if meets(school, session, need) => {
                    1 + own + 2 * u8::from(school[need].staff == Some(entry.lead))
                }
                _ => 0,
            };
            school.needs_of(student).map(kind).collect()
        });
        let exchange: Exchange = (student, left, kinds.collect());
        let known = self.counts.borrow().get(&exchange).cloned();
        let counted = known.unwrap_or_else(|| {
            let offered: Vec<usize> = then.iter().copied().filter(offered).collect();
            let counted = self.counted(student, &offered).map(Rc::from);
            self.counts.borrow_mut().insert(exchange, counted.clone());
            counted
        });
        let counted = counted?;
        let mut counted = counted.iter().copied();
        Some(then.iter().map(|at| if offered(at) { counted.next().flatten() } else { None }).collect())
    }

    /// The needs for which attendances of offerings count most; `None`: some would meet none.
    fn counted(&self, student: StudentId, week: &[usize]) -> Option<Vec<Option<NeedId>>> {
        let school = self.school;
        let sessions: Vec<Session> = (week.iter().map(|&at| self.entry(at)))
            .filter_map(|entry| session_of(entry, Some(Attendance { student, need: entry.need_of(student) })))
            .collect();
        let attended: Vec<(usize, usize)> = (0..sessions.len()).map(|session| (session, 0)).collect();
        let needs = best_needs(school, &sessions, student, &attended);
        needs.iter().all(Option::is_some).then_some(needs)
    }

    fn terms(&self, student: StudentId, week: &[usize], needs: &[Option<NeedId>]) -> Terms {
        let school = self.school;
        let weights = &school.weights;
        let mut terms = Terms::default();
        let (mut met, mut present) = (0_u32, 0_u32);
        for (&at, need) in week.iter().zip(needs) {
            let entry = self.entry(at);
            present += u32::from(school[entry.block].kind.counts_as_presence());
            let Some(need) = *need else { continue };
            let row = &school[need];
            met += u32::from(row.priority.counts_for_fairness());
            terms[row.priority as usize] += weights.priority(row.priority);
            terms[3] += if row.staff == Some(entry.lead) { weights.staff_asked } else { 0.0 };
            terms[4] += if school.is_own_unit(entry.lead, student) { weights.own_unit } else { 0.0 };
        }
        let counting = school.needs_of(student).filter(|&need| school[need].priority.counts_for_fairness());
        let asked: u64 = counting.map(|need| u64::from(school[need].sessions)).sum();
        let unmet = (u64::from(school[student].missed_before) + asked.saturating_sub(met.into())) as f64;
        terms[5] = -weights.fairness * unmet * (unmet - 1.0) / 2.0;
        let missing = school.presence.minimum(student).saturating_sub(present);
        terms[6] = -weights.should * f64::from(missing);
        terms
    }

    /// What keeps the student out of the session whatever else they do and whoever sits there.
    pub fn bar(&self, student: StudentId, at: usize) -> Option<Bar> {
        let (school, entry) = (self.school, self.entry(at));
        let cell = (student, entry.block);
        let offering = match entry.what {
            What::Offering(offering) => Some(offering),
            _ => None,
        };
        let admits = offering.is_none_or(|offering| school[offering].admits(student));
        if !school.invited[cell] || !admits {
            return Some(Bar::Audience);
        }
        if !school.student_free[cell] {
            return Some(Bar::Busy);
        }
        let site = entry.place.and_then(|place| school[place].site);
        if !attends_at(school[student].site, site) {
            return Some(Bar::OtherSite);
        }
        if !school.own_staff_allows(entry.lead, student) {
            return Some(Bar::OwnStaff);
        }
        let with =
            |staff| Deployment { block: entry.block, offering, staff: Some(staff), place: entry.place };
        let mut staff = std::iter::once(entry.lead).chain(entry.assistants.iter().copied());
        staff.any(|staff| self.lookup.bans.forbid_student(student, with(staff))).then_some(Bar::Banned)
    }

    /// Whether the student cannot be in both: they share a moment, or are too far apart (R1, R5).
    pub fn collide(&self, student: StudentId, one: usize, other: usize) -> bool {
        let (school, one, other) = (self.school, self.entry(one), self.entry(other));
        let site = |entry: &Entry| Some((entry.block, school[entry.place?].site?));
        school[one.block].overlaps(&school[other.block])
            || (school[student].site.is_none()
                && site(one).zip(site(other)).is_some_and(|(one, other)| school.too_far(one, other)))
    }

    /// Sessions of the offering that a week has on the day of the session, itself apart.
    pub fn on_day<'w>(&self, week: &'w [usize], at: usize) -> impl Iterator<Item = usize> + 'w
    where
        'a: 'w,
    {
        let (plan, entry) = (self.plan, self.entry(at));
        let day = plan.school[entry.block].day;
        let same = move |other: &Entry| other.what == entry.what && plan.school[other.block].day == day;
        week.iter().copied().filter(move |&other| other != at && same(&plan.entries[other]))
    }

    /// What must be attended before the session and is not, in such a week (R6).
    pub fn misses_first(&self, week: &[usize], at: usize) -> Option<OfferingId> {
        let entry = self.entry(at);
        let What::Offering(offering) = entry.what else { return None };
        let row = &self.school[offering];
        let attended = week.iter().map(|&at| self.entry(at)).filter_map(|entry| match entry.what {
            What::Offering(offering) => Some((offering, entry.block)),
            _ => None,
        });
        let first = row.after?;
        (!order_allows(self.school, row, entry.block, attended)).then_some(first)
    }

    fn day_is_full(&self, week: &[usize], at: usize) -> bool {
        let What::Offering(offering) = self.entry(at).what else { return false };
        !day_allows(&self.school[offering], self.on_day(week, at).count() as u32)
    }

    /// Whether a pin wants the student in the session.
    pub fn pinned(&self, student: StudentId, at: usize) -> Option<&'a Pin> {
        let entry = self.entry(at);
        let wants = |pin: &&Pin| {
            pin.block == Some(entry.block)
                && pin.offering.is_some_and(|offering| entry.what == What::Offering(offering))
                && pin.staff.is_none_or(|staff| staff == entry.lead)
                && pin.place.is_none_or(|place| entry.place == Some(place))
        };
        self.attend_pins.get(&student)?.iter().copied().find(wants)
    }

    /// The move, with what it counts, if the student's own week then holds every rule. Study gives way.
    pub fn moved(&self, week: &Week, leave: &[usize], enter: &[usize]) -> Option<Move> {
        let (school, student) = (self.school, week.student);
        let mut leave = leave.to_vec();
        for &new in enter {
            if week.entries.contains(&new) || self.bar(student, new).is_some() {
                return None;
            }
            for &old in week.entries.iter().filter(|&&old| self.collide(student, old, new)) {
                match leave.contains(&old) {
                    true => {}
                    false if self.is_study(old) => leave.push(old),
                    false => return None,
                }
            }
        }
        let apart = |at: usize| enter.iter().all(|&one| one == at || !self.collide(student, one, at));
        if !enter.iter().all(|&at| apart(at)) {
            return None;
        }
        let mut then: Vec<usize> = week.entries.iter().copied().filter(|at| !leave.contains(at)).collect();
        then.extend_from_slice(enter);
        // More study than is missing to the least presence is none (R6).
        let counts = |at: &&usize| school[self.entry(**at).block].kind.counts_as_presence();
        while then.iter().filter(counts).count() > school.presence.minimum(student) as usize {
            let alone = |at: usize| self.entry(at).attendances.len() < 2;
            let study = then.iter().copied().filter(|&at| self.is_study(at));
            let Some(last) = study.max_by_key(|&at| (!alone(at), at)) else { break };
            if enter.contains(&last) {
                return None;
            }
            leave.push(last);
            then.retain(|&at| at != last);
        }
        let kept = |&at: &usize| {
            self.pinned(student, at).is_none_or(|pin| {
                enter.iter().any(|&new| self.pinned(student, new).is_some_and(|other| other.line == pin.line))
            })
        };
        if !leave.iter().all(kept)
            || enter.iter().any(|&at| self.day_is_full(&then, at))
            || then.iter().any(|&at| self.misses_first(&then, at).is_some())
        {
            return None;
        }
        let needs = self.needs_met(week, &leave, enter, &then)?;
        let terms = self.terms(student, &then, &needs);
        let terms: Terms = std::array::from_fn(|at| terms[at] - week.terms[at]);
        let changes = self.changes(&leave, enter);
        let [loses, gains] = differing(&week.needs, &needs);
        Some(Move {
            student,
            own: leave.iter().filter(|&&at| !self.is_study(at)).count(),
            leave,
            enter: enter.to_vec(),
            needs: then.into_iter().zip(needs).collect(),
            worth: terms.iter().sum::<f64>() - self.weight * f64::from(changes),
            terms,
            changes,
            loses,
            gains,
        })
    }

    /// Blocks in which the student does something else.
    fn changes(&self, leave: &[usize], enter: &[usize]) -> u32 {
        let left = |block: BlockId| leave.iter().map(|&at| self.entry(at)).find(|old| old.block == block);
        let new = enter.iter().map(|&at| self.entry(at));
        let other = new.filter(|new| left(new.block).is_none_or(|old| old.what != new.what)).count();
        let only_left = |at: &&usize| {
            let block = self.entry(**at).block;
            !enter.iter().any(|&new| self.entry(new).block == block)
        };
        (other + leave.iter().filter(only_left).count()) as u32
    }
}

/// The session of an offering, with at most one who attends it.
fn session_of(entry: &Entry, attendance: Option<Attendance>) -> Option<Session> {
    let What::Offering(offering) = entry.what else { return None };
    Some(Session {
        activity: Activity::Offering(offering),
        block: entry.block,
        place: entry.place,
        lead: entry.lead,
        assistants: Vec::new(),
        attendances: attendance.into_iter().collect(),
    })
}

/// What is there more often in the first list, and in the second.
fn differing(before: &[Option<NeedId>], then: &[Option<NeedId>]) -> [Vec<NeedId>; 2] {
    let mut gained: Vec<NeedId> = then.iter().flatten().copied().collect();
    let mut lost = Vec::new();
    for need in before.iter().flatten() {
        match gained.iter().position(|other| other == need) {
            Some(at) => {
                gained.swap_remove(at);
            }
            None => lost.push(*need),
        }
    }
    lost.sort_unstable();
    gained.sort_unstable();
    [lost, gained]
}
