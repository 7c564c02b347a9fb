//! What every schedule must contain: pinned sessions, pinned attendances and task packages (R8, R9).
//!
//! An iterative forward search (Müller 2005) places one duty after another where it pushes out least. A duty that was
//! pushed out waits for its next turn and weighs more from then on, so that duties which depend on the same people,
//! places or seats sort themselves out. Pinned students sit before anybody else; only when all duties are placed are
//! the sessions filled up to their least number, along augmenting paths.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::instance::{Instance, NONE};
use super::moves::Worker;
use super::state::{Savepoint, Session};
use crate::school::{BlockId, DayId, Id, Pin, PinKind, PlaceId, StaffId};

/// Placements tried in all, at least, and more for every duty.
const LEAST_STEPS: usize = 400;
const STEPS_PER_DUTY: usize = 20;
/// Placements of one duty that are compared: those that push nothing out, and the others.
const FREE_CHOICES: usize = 40;
const DEAR_CHOICES: usize = 120;
/// What pushing out a duty of weight 1 costs, in the largest weights of a need session.
const PUSHED_OUT: f64 = 1_000.0;

/// Something that must be there.
#[derive(Clone, Debug)]
struct Duty {
    what: What,
    /// Grows whenever another duty pushes it out.
    weight: f64,
    /// The session, or the holder, that meets it now; [`NONE`] while it waits.
    met_by: u32,
    /// What must be placed before it: the offering that comes first for its student.
    after: Option<usize>,
}

#[derive(Clone, Debug)]
enum What {
    Session(Wanted),
    /// A slot of a package.
    Package(u32),
}

/// A session that runs, or that a student attends, with the cells that a pin fills.
#[derive(Clone, Debug)]
struct Wanted {
    blocks: Vec<u32>,
    offering: u32,
    lead: Option<u32>,
    place: Option<u32>,
    student: Option<u32>,
}

impl Wanted {
    fn is(&self, session: &Session) -> bool {
        session.running
            && session.activity == self.offering
            && self.blocks.contains(&session.block)
            && self.lead.is_none_or(|s| s == session.lead)
            && self.place.is_none_or(|p| p == session.place)
    }
}

/// One way to meet a duty.
#[derive(Clone, Copy, Debug)]
enum Choice {
    Join { session: u32, need: u32 },
    Open { block: u32, lead: u32, place: u32, need: u32 },
    Hold { staff: u32 },
}

/// Places what pins and packages demand, whatever else has to go; `false`: not found. What is there already and
/// meets a duty stays if it can.
pub fn place(worker: &mut Worker) -> bool {
    let mut search = Search::new(worker);
    if search.duties.is_empty() {
        return true;
    }
    search.keep_what_is_there();
    search.run()
}

struct Search<'w, 'a> {
    worker: &'w mut Worker<'a>,
    duties: Vec<Duty>,
    /// By session: the duties that it meets.
    duties_of: HashMap<u32, Vec<usize>>,
    /// Duties pushed out by the placement under way.
    pushed_out: Vec<usize>,
    dear: f64,
}

impl<'w, 'a> Search<'w, 'a> {
    fn new(worker: &'w mut Worker<'a>) -> Self {
        let x = worker.state.x;
        let largest = x.needs.iter().map(|need| need.most).fold(1.0, f64::max);
        Self {
            duties: duties(x, worker.state.holders.len() as u32),
            duties_of: HashMap::new(),
            pushed_out: Vec::new(),
            dear: PUSHED_OUT * largest,
            worker,
        }
    }

    /// Finds what meets a duty already, in a schedule that the search goes on from.
    fn keep_what_is_there(&mut self) {
        for d in 0..self.duties.len() {
            let state = &self.worker.state;
            let found = match &self.duties[d].what {
                What::Package(slot) => state.holders[*slot as usize],
                What::Session(wanted) => {
                    let of_offering = &state.sessions_of[wanted.offering as usize];
                    let attended = |k: u32| {
                        wanted.student.is_none_or(|i| {
                            state.sessions[k as usize].members.iter().any(|&(j, n)| j == i && n != NONE)
                        })
                    };
                    let suits = |&k: &u32| wanted.is(&state.sessions[k as usize]) && attended(k);
                    of_offering.iter().copied().find(suits).unwrap_or(NONE)
                }
            };
            if found != NONE {
                self.settle(d, found);
            }
        }
    }

    fn run(&mut self) -> bool {
        let most = LEAST_STEPS + STEPS_PER_DUTY * self.duties.len();
        let choices: Vec<usize> = (0..self.duties.len()).map(|d| self.count_choices(d)).collect();
        let mut waiting: Vec<usize> = (0..self.duties.len()).collect();
        for _ in 0..most {
            waiting.retain(|&d| self.duties[d].met_by == NONE);
            let next = waiting.iter().copied().max_by(|&a, &b| {
                let weight = |d: usize| self.duties[d].weight;
                weight(a).total_cmp(&weight(b)).then(choices[b].cmp(&choices[a])).then(b.cmp(&a))
            });
            let Some(mut d) = next else {
                if self.fill() {
                    self.finish();
                    return true;
                }
                waiting = (0..self.duties.len()).collect();
                continue;
            };
            while let Some(first) = self.duties[d].after.filter(|&first| self.duties[first].met_by == NONE) {
                d = first;
            }
            if !self.place(d) {
                self.duties[d].weight += 1.0;
                // Somewhere else what comes first may leave more room.
                if let Some(first) = self.duties[d].after {
                    self.free(first);
                    waiting = (0..self.duties.len()).collect();
                }
            }
            for pushed in std::mem::take(&mut self.pushed_out) {
                self.duties[pushed].weight += 1.0;
                waiting.push(pushed);
            }
            self.worker.state.commit();
        }
        false
    }

    /// Roughly how many ways there are to meet the duty: those with few come first.
    fn count_choices(&self, d: usize) -> usize {
        let x = self.worker.state.x;
        match &self.duties[d].what {
            What::Package(slot) => holders(x, self.worker.state.package_of_slot[*slot as usize]).count(),
            What::Session(wanted) => {
                let leads = wanted.lead.map_or(x.sets.leads_of[wanted.offering as usize].len(), |_| 1);
                let places =
                    wanted.place.map_or(x.sets.places_of[wanted.offering as usize].len().max(1), |_| 1);
                leads * places * wanted.blocks.len()
            }
        }
    }

    /// Takes the cheapest way to meet the duty.
    fn place(&mut self, d: usize) -> bool {
        let mut choices = self.choices(d);
        // Equal ones in any order.
        for at in (1..choices.len()).rev() {
            let other = self.worker.below(at + 1).unwrap_or(at);
            choices.swap(at, other);
        }
        // A seat in a session that runs before a session of its own, and nobody disturbed before anybody.
        choices.sort_by_cached_key(|choice| (!self.is_free(choice), matches!(choice, Choice::Open { .. })));
        let mut best: Option<(f64, Choice)> = None;
        let mut tried_free = 0;
        for (tried, &choice) in choices.iter().enumerate() {
            let free = self.is_free(&choice);
            let joins_at_no_cost = best.is_some_and(|(cost, best)| {
                cost < self.dear
                    && matches!(best, Choice::Join { .. })
                    && !matches!(choice, Choice::Join { .. })
            });
            let enough = (free && tried_free >= FREE_CHOICES)
                || (!free && (best.is_some_and(|(cost, _)| cost < self.dear) || tried >= DEAR_CHOICES));
            if joins_at_no_cost || (enough && best.is_some()) {
                break;
            }
            tried_free += usize::from(free);
            let savepoint = self.worker.state.savepoint();
            if self.attempt(d, choice).is_some() {
                let cost = self.cost(savepoint);
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, choice));
                }
            }
            self.pushed_out.clear();
            self.worker.state.roll_back(savepoint);
        }
        let Some((_, choice)) = best else { return false };
        let Some(by) = self.attempt(d, choice) else { return false };
        for pushed in self.pushed_out.clone() {
            self.unsettle(pushed);
        }
        self.settle(d, by);
        true
    }

    fn cost(&self, before: Savepoint) -> f64 {
        let pushed: f64 = self.pushed_out.iter().map(|&d| self.duties[d].weight).sum();
        self.dear * pushed + before.total - self.worker.state.total
    }

    /// Whether the choice disturbs no member of staff and no place.
    fn is_free(&self, choice: &Choice) -> bool {
        let state = &self.worker.state;
        match *choice {
            Choice::Join { session, .. } => state.has_seat(session),
            Choice::Open { block, lead, place, .. } => {
                state.may_deploy(lead, block, place) && (place == NONE || state.place_open(place, block))
            }
            Choice::Hold { .. } => true,
        }
    }

    /// All ways to meet the duty that the data alone do not forbid.
    fn choices(&self, d: usize) -> Vec<Choice> {
        let (state, x) = (&self.worker.state, self.worker.state.x);
        let wanted = match &self.duties[d].what {
            What::Package(slot) => {
                let package = state.package_of_slot[*slot as usize];
                return holders(x, package).map(|staff| Choice::Hold { staff }).collect();
            }
            What::Session(wanted) => wanted,
        };
        let needs: Vec<u32> = match wanted.student {
            None => vec![NONE],
            Some(i) => {
                let of_student = x.needs_of_student[i as usize].clone();
                of_student.filter(|&n| x.can_meet(n, wanted.offering)).collect()
            }
        };
        let site = wanted.student.and_then(|i| x.site_of_student[i as usize]);
        let on_day =
            |block: u32| needs.iter().copied().filter(move |&n| n == NONE || x.may_be_met_in(n, block));
        let mut choices = Vec::new();
        for &session in &state.sessions_of[wanted.offering as usize] {
            if wanted.is(&state.sessions[session as usize]) {
                let block = state.sessions[session as usize].block;
                choices.extend(on_day(block).map(|need| Choice::Join { session, need }));
            }
        }
        let places: Vec<u32> = match x.school.offerings[wanted.offering as usize].online {
            true => vec![NONE],
            false => x.places_of[wanted.offering as usize].get(site).to_vec(),
        };
        let suits = |place: u32, block: u32| {
            let free = |p| x.school.place_free[(p, BlockId::new(block as usize))];
            place == NONE || free(PlaceId::new(place as usize))
        };
        for &block in &wanted.blocks {
            for &place in places.iter().filter(|&&p| wanted.place.is_none_or(|only| only == p)) {
                if !suits(place, block) {
                    continue;
                }
                for lead in x.sets.leads_of[wanted.offering as usize].iter().map(|s| s.index() as u32) {
                    if wanted.lead.is_none_or(|only| only == lead)
                        && x.is_free(lead, block)
                        && x.school.staff[lead as usize].works_at(x.site_of(place))
                        && !x.lead_barred(block, Some(wanted.offering), lead, place)
                    {
                        choices.extend(on_day(block).map(|need| Choice::Open { block, lead, place, need }));
                    }
                }
            }
        }
        choices
    }

    /// Makes the choice, and whatever it takes; gives what meets the duty then. On `None` the caller rolls back.
    fn attempt(&mut self, d: usize, choice: Choice) -> Option<u32> {
        self.pushed_out.clear();
        let what = self.duties[d].what.clone();
        match (choice, what) {
            (Choice::Hold { staff }, What::Package(slot)) => self.hold(slot, staff).then_some(staff),
            (Choice::Join { session, need }, What::Session(wanted)) => {
                wanted.student.is_none_or(|i| self.seat(i, need, session)).then_some(session)
            }
            (Choice::Open { block, lead, place, need }, What::Session(wanted)) => {
                if !self.clear_lead(lead, block, place) || !self.clear_place(place, block) {
                    return None;
                }
                // What had to go for the one may have been what the other lacked.
                if !self.worker.state.may_deploy(lead, block, place) {
                    return None;
                }
                let k = self.worker.state.open(wanted.offering, block, place, lead);
                wanted.student.is_none_or(|i| self.seat(i, need, k)).then_some(k)
            }
            _ => None,
        }
    }

    fn settle(&mut self, d: usize, by: u32) {
        self.duties[d].met_by = by;
        if matches!(self.duties[d].what, What::Session(_)) {
            self.duties_of.entry(by).or_default().push(d);
        }
    }

    fn unsettle(&mut self, d: usize) {
        let by = std::mem::replace(&mut self.duties[d].met_by, NONE);
        if let Some(duties) = self.duties_of.get_mut(&by) {
            duties.retain(|&other| other != d);
        }
    }

    /// Takes the duty back, so that it is placed anew.
    fn free(&mut self, d: usize) {
        let by = self.duties[d].met_by;
        if by == NONE {
            return;
        }
        self.pushed_out.clear();
        match self.duties[d].what.clone() {
            What::Package(slot) => {
                self.worker.state.hold(slot, NONE);
                self.pushed_out.push(d);
            }
            What::Session(Wanted { student: Some(i), .. }) => self.take_out(i, by),
            What::Session(_) => self.end(by),
        }
        for pushed in std::mem::take(&mut self.pushed_out) {
            self.unsettle(pushed);
        }
        self.worker.state.commit();
    }

    fn hold(&mut self, slot: u32, staff: u32) -> bool {
        let state = &self.worker.state;
        let package = state.package_of_slot[slot as usize];
        let blocks = state.x.school.packages[package as usize].blocks;
        let most = state.x.school.staff[staff as usize].max_blocks;
        let same = |&other: &usize| state.package_of_slot[other] == package && state.holders[other] == staff;
        if let Some(other) = (0..state.holders.len()).find(same) {
            self.give_back(other as u32);
        }
        if most.is_some_and(|most| blocks > most) {
            return false;
        }
        let over = |search: &Self| {
            let state = &search.worker.state;
            let taken = state.load[staff as usize] + state.package_load[staff as usize] + blocks;
            most.is_some_and(|most| taken > most)
        };
        while over(self) {
            if !self.relieve(staff, None) {
                return false;
            }
        }
        self.worker.state.hold(slot, staff);
        while blocks > 0 && !self.worker.state.is_paid(staff) {
            if !self.relieve_others(staff, None, slot) {
                return false;
            }
        }
        while let Some(lacking) = self.worker.state.short_of_standby() {
            if !self.relieve_others(staff, Some(lacking), slot) {
                self.worker.state.hold(slot, NONE);
                return false;
            }
        }
        let meets: Vec<u32> = self.worker.state.met_by_holder(slot).collect();
        meets.into_iter().all(|other| self.free_together(staff, other))
    }

    /// Ends what the two do in the block in which least is in the way of their being free together, if there is none yet.
    fn free_together(&mut self, one: u32, other: u32) -> bool {
        let state = &self.worker.state;
        if state.idle_together(one, other).next().is_some() {
            return true;
        }
        let school = state.x.school;
        let in_the_way = |block: u32| -> Vec<(u32, u32)> {
            let of = |s: u32| state.staff_sessions(s, block).into_iter().map(move |k| (s, k));
            of(one).chain(of(other)).collect()
        };
        let weight = |&(_, k): &(u32, u32)| -> f64 {
            let duties = self.duties_of.get(&k).into_iter().flatten();
            1.0 + self.dear * duties.map(|&d| self.duties[d].weight).sum::<f64>()
        };
        let blocks = school.free_together(StaffId::new(one as usize), StaffId::new(other as usize));
        let ways = blocks.map(|b| in_the_way(b.index() as u32));
        let least =
            ways.map(|way| (way.iter().map(weight).sum::<f64>(), way)).min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, way)) = least else { return false };
        for (s, k) in way {
            if self.worker.state.sessions[k as usize].running {
                self.withdraw(s, k);
            }
        }
        self.worker.state.idle_together(one, other).next().is_some()
    }

    /// Nobody holds the slot of the package any more.
    fn give_back(&mut self, slot: u32) {
        self.worker.state.hold(slot, NONE);
        let of_slot = |duty: &Duty| matches!(duty.what, What::Package(other) if other == slot);
        self.pushed_out.extend(self.duties.iter().position(of_slot));
    }

    /// Makes the staff member free to be deployed in the block at the place.
    fn clear_lead(&mut self, lead: u32, block: u32, place: u32) -> bool {
        for k in self.worker.state.staff_sessions(lead, block) {
            if self.worker.state.sessions[k as usize].running {
                self.withdraw(lead, k);
            }
        }
        let broken: Vec<u32> = self.worker.state.broken_meetings(lead, block).collect();
        broken.into_iter().for_each(|slot| self.give_back(slot));
        let x = self.worker.state.x;
        let staff = &x.school.staff[lead as usize];
        while !self.worker.state.may_deploy(lead, block, place) {
            let state = &self.worker.state;
            let full = staff
                .max_blocks
                .is_some_and(|most| state.load[lead as usize] + state.package_load[lead as usize] >= most);
            let day = x.school.blocks[block as usize].day;
            let lacking = state.lacks_standby(lead, block, place);
            if !self.relieve(lead, (!full).then_some(day)) && !self.relieve_others(lead, lacking, NONE) {
                return false;
            }
        }
        true
    }

    /// Takes the least important of what the staff member does, on the day or at all; `false`: there is nothing.
    fn relieve(&mut self, s: u32, day: Option<DayId>) -> bool {
        let state = &self.worker.state;
        let of_day = |&k: &u32| {
            let block = state.sessions[k as usize].block;
            day.is_none_or(|day| state.x.school.blocks[block as usize].day == day)
        };
        let sessions: Vec<u32> = state.staff_week(s).into_iter().filter(of_day).collect();
        let weight_of_package = |slot: u32| {
            let of_slot = |duty: &&Duty| matches!(duty.what, What::Package(other) if other == slot);
            self.duties.iter().find(of_slot).map_or(0.0, |duty| duty.weight)
        };
        let held = (0..state.holders.len() as u32)
            .filter(|&slot| day.is_none() && state.holders[slot as usize] == s);
        let package = held.map(|slot| (weight_of_package(slot), slot)).min_by(|a, b| a.0.total_cmp(&b.0));
        let session = self.least_important(&sessions);
        match (session, package) {
            (Some((weight, k)), package) if package.is_none_or(|(other, _)| weight <= other) => {
                self.withdraw(s, k);
            }
            (_, Some((_, slot))) => self.give_back(slot),
            _ => return false,
        }
        true
    }

    /// Where it is a budget or the reserve that stands in the way, somebody else's session ends, or a package but that of
    /// `slot` is given back. `lacking`: the block in which too few would stand by.
    fn relieve_others(&mut self, s: u32, lacking: Option<u32>, slot: u32) -> bool {
        let state = &self.worker.state;
        let x = state.x;
        let stands_in_the_way = |session: &Session| {
            lacking.is_some_and(|block| {
                let mut people = std::iter::once(&session.lead).chain(&session.assistants);
                people.any(|&other| other != s && state.could_stand_by(other, block))
            })
        };
        let budgets = |lead: u32| {
            let both = x.in_budget[s as usize].iter().zip(&x.in_budget[lead as usize]);
            x.school.staff[lead as usize].cost > 0.0 && both.into_iter().any(|(a, b)| *a && *b)
        };
        let sessions: Vec<u32> = (0..state.sessions.len() as u32)
            .filter(|&k| {
                let session = &state.sessions[k as usize];
                session.running && (stands_in_the_way(session) || budgets(session.lead))
            })
            .collect();
        match self.least_important(&sessions) {
            Some((_, k)) => {
                self.end(k);
                true
            }
            None => {
                let state = &self.worker.state;
                let held = (0..state.holders.len() as u32).filter(|&other| {
                    let (holder, package) =
                        (state.holders[other as usize], state.package_of_slot[other as usize]);
                    other != slot
                        && holder != NONE
                        && x.school.packages[package as usize].blocks > 0
                        && budgets(holder)
                });
                let held: Vec<u32> = held.collect();
                let Some(given) = self.worker.pick(&held) else { return false };
                self.give_back(given);
                true
            }
        }
    }

    /// The session whose duties weigh least, with their weight; the one with the fewest students among equals.
    fn least_important(&mut self, sessions: &[u32]) -> Option<(f64, u32)> {
        let weight = |k: u32| -> f64 {
            self.duties_of.get(&k).into_iter().flatten().map(|&d| self.duties[d].weight).sum()
        };
        let least = sessions.iter().map(|&k| weight(k)).min_by(f64::total_cmp)?;
        let equal: Vec<u32> = sessions.iter().copied().filter(|&k| weight(k) <= least).collect();
        self.worker.pick(&equal).map(|k| (least, k))
    }

    /// Takes the staff member out of the session, which ends if it was theirs.
    fn withdraw(&mut self, s: u32, k: u32) {
        if self.worker.state.sessions[k as usize].lead == s {
            self.end(k);
            return;
        }
        self.worker.state.dismiss(k, s);
        while let session = &self.worker.state.sessions[k as usize]
            && session.members.len() as u32 > session.capacity
        {
            let Some(i) = self.least_important_member(k, &[]) else { return };
            self.take_out(i, k);
        }
    }

    fn clear_place(&mut self, place: u32, block: u32) -> bool {
        while place != NONE && !self.worker.state.place_open(place, block) {
            let state = &self.worker.state;
            let overlaps = |other: u32| {
                let overlapping = &state.x.sets.overlapping[block as usize];
                overlapping.contains(&BlockId::new(other as usize))
            };
            let held: Vec<u32> = (0..state.sessions.len() as u32)
                .filter(|&k| {
                    let session = &state.sessions[k as usize];
                    session.running && session.place == place && overlaps(session.block)
                })
                .collect();
            let Some((_, k)) = self.least_important(&held) else { return false };
            self.end(k);
        }
        true
    }

    /// Ends a session with all that depends on it.
    fn end(&mut self, k: u32) {
        while let Some(&(i, _)) = self.worker.state.sessions[k as usize].members.last() {
            self.take_out(i, k);
        }
        while let Some(&s) = self.worker.state.sessions[k as usize].assistants.last() {
            self.worker.state.dismiss(k, s);
        }
        if self.worker.state.sessions[k as usize].running {
            self.worker.state.close(k);
        }
        for d in self.duties_of.get(&k).cloned().unwrap_or_default() {
            self.push_out(d);
        }
    }

    fn push_out(&mut self, d: usize) {
        if !self.pushed_out.contains(&d) {
            self.pushed_out.push(d);
        }
    }

    /// Takes the student out of the session, and of those that hold only with it.
    fn take_out(&mut self, i: u32, k: u32) {
        for later in self.worker.state.dependents(i, k) {
            self.take_out(i, later);
        }
        self.worker.state.leave(i, k);
        for d in self.duties_of.get(&k).cloned().unwrap_or_default() {
            if matches!(&self.duties[d].what, What::Session(wanted) if wanted.student == Some(i)) {
                self.push_out(d);
            }
        }
    }

    /// The member whose seat matters least; not one of `except`.
    fn least_important_member(&mut self, k: u32, except: &[u32]) -> Option<u32> {
        let weight = |i: u32| -> f64 {
            let of_session = self.duties_of.get(&k).into_iter().flatten().map(|&d| &self.duties[d]);
            let of_student = |duty: &&Duty| matches!(&duty.what, What::Session(w) if w.student == Some(i));
            of_session.filter(of_student).map(|duty| duty.weight).sum()
        };
        let members = &self.worker.state.sessions[k as usize].members;
        let members: Vec<u32> = members.iter().map(|&(i, _)| i).filter(|i| !except.contains(i)).collect();
        let least = members.iter().map(|&i| weight(i)).min_by(f64::total_cmp)?;
        let equal: Vec<u32> = members.iter().copied().filter(|&i| weight(i) <= least).collect();
        self.worker.pick(&equal)
    }

    /// Seats the student in the session for the need, whatever they attend or who sits there.
    fn seat(&mut self, i: u32, n: u32, k: u32) -> bool {
        let x = self.worker.state.x;
        let Session { activity, block, place, .. } = self.worker.state.sessions[k as usize];
        let members = &self.worker.state.sessions[k as usize].members;
        if members.iter().any(|&(j, met)| j == i && met != NONE) {
            return true;
        }
        let in_the_way = |search: &Self| {
            let state = &search.worker.state;
            state.student_in(i, block).or_else(|| state.too_far_from(i, block, place))
        };
        while let Some(other) = in_the_way(self) {
            let meeting = self.worker.state.group_met(self.worker.state.sessions[other as usize].activity);
            match meeting {
                Some(_) => self.end(other),
                None => self.take_out(i, other),
            }
        }
        while self.worker.state.met[n as usize] >= x.needs[n as usize].sessions {
            let Some(other) = self.worker.state.attendance_for(i, n, |_| true) else { return false };
            self.take_out(i, other);
        }
        let day = x.school.blocks[block as usize].day;
        let most = x.school.offerings[activity as usize].per_day;
        loop {
            let state = &self.worker.state;
            let on_day = |&other: &u32| {
                let session = &state.sessions[other as usize];
                session.activity == activity && x.school.blocks[session.block as usize].day == day
            };
            let same: Vec<u32> = state.sessions_attended(i).filter(on_day).collect();
            if (same.len() as u32) < most {
                break;
            }
            let Some(other) = self.worker.pick(&same) else { return false };
            self.take_out(i, other);
        }
        for &j in &x.apart[i as usize] {
            if self.worker.state.sessions[k as usize].members.iter().any(|&(member, _)| member == j) {
                self.take_out(j, k);
            }
        }
        while !self.worker.state.has_seat(k) {
            let Some(j) = self.least_important_member(k, &[i]) else { return false };
            self.take_out(j, k);
        }
        if !self.worker.state.student_open(i, block) || !self.worker.state.can_attend(i, n, k) {
            return false;
        }
        self.worker.state.attend(i, n, k);
        true
    }

    /// Fills every session up to its least number. `false`: some could not be; it has ended, and what it met waits.
    fn fill(&mut self) -> bool {
        let state = &self.worker.state;
        let mut sessions: Vec<u32> = state.running.clone();
        let time = |k: u32| {
            let block = &state.x.school.blocks[state.sessions[k as usize].block as usize];
            (block.day, block.start, block.end)
        };
        let followed =
            |k: u32| state.x.followed.get(state.sessions[k as usize].activity as usize) == Some(&true);
        // What comes first for a student is filled before what needs it.
        sessions.sort_by_key(|&k| (Reverse(followed(k)), time(k), k));
        let mut all_filled = true;
        for k in sessions {
            let session = &self.worker.state.sessions[k as usize];
            if !session.running || session.activity >= self.worker.state.study() {
                continue;
            }
            let offering = session.activity;
            self.worker.recruit_up_to(k, self.worker.state.least(offering));
            self.worker.state.commit();
            let least = self.worker.state.x.school.offerings[offering as usize].min as usize;
            if self.worker.state.sessions[k as usize].members.len() >= least {
                continue;
            }
            all_filled &= !self.duties_of.contains_key(&k);
            self.pushed_out.clear();
            self.end(k);
            if !all_filled {
                self.end_a_rival(offering);
            }
            for pushed in std::mem::take(&mut self.pushed_out) {
                self.unsettle(pushed);
                self.duties[pushed].weight += 1.0;
            }
            self.worker.state.commit();
        }
        all_filled
    }

    /// Ends, now and then, a session whose students might have filled another of this offering.
    fn end_a_rival(&mut self, offering: u32) {
        let state = &self.worker.state;
        let shares = |k: u32| {
            let other = state.sessions[k as usize].activity;
            other == offering
                || (other < state.study()
                    && state.x.sets.needs_of[other as usize]
                        .iter()
                        .any(|n| state.x.can_meet(n.index() as u32, offering)))
        };
        let rivals: Vec<u32> = state.running.iter().copied().filter(|&k| shares(k)).collect();
        if self.worker.below(2) == Some(0)
            && let Some(k) = self.worker.pick(&rivals)
        {
            self.end(k);
        }
    }

    /// All is there: whoever else gains by it may come, and what pins demand is marked.
    fn finish(&mut self) {
        for duty in &self.duties {
            if let What::Session(wanted) = &duty.what
                && wanted.student.is_none()
            {
                self.worker.state.sessions[duty.met_by as usize].pinned = true;
            }
        }
        for k in self.worker.state.running.clone() {
            if self.worker.state.sessions[k as usize].activity < self.worker.state.study() {
                self.worker.fill(k);
            }
        }
        self.worker.state.commit();
    }
}

/// Who may hold the package.
fn holders<'x>(x: &'x Instance, package: u32) -> impl Iterator<Item = u32> + use<'x> {
    let package = &x.school.packages[package as usize];
    let suits = move |staff: &StaffId| x.school.may_carry(*staff, package);
    x.school.staff_ids().filter(suits).map(|staff| staff.index() as u32)
}

/// What pins and packages demand, and what those need that come `after` something.
fn duties(x: &Instance, slots: u32) -> Vec<Duty> {
    let new = |what| Duty { what, weight: 1.0, met_by: NONE, after: None };
    let mut duties: Vec<Duty> = (0..slots).map(|slot| new(What::Package(slot))).collect();
    let mut pins: Vec<&Pin> = x.school.demanding_pins().collect();
    // Those that name most first, so that one with fewer cells finds the session of another there.
    pins.sort_by_key(|pin| {
        let named = [pin.staff.is_some(), pin.place.is_some()].into_iter().filter(|&named| named).count();
        (pin.kind == PinKind::Attend, Reverse(named))
    });
    for pin in pins {
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { continue };
        duties.push(new(What::Session(Wanted {
            blocks: vec![block.index() as u32],
            offering: offering.index() as u32,
            lead: pin.staff.map(|s| s.index() as u32),
            place: pin.place.map(|p| p.index() as u32),
            student: pin.student.map(|i| i.index() as u32),
        })));
    }
    add_what_comes_first(x, &mut duties);
    duties
}

/// Adds the attendances, or sessions, that pinned ones of offerings with an `after` need before them.
fn add_what_comes_first(x: &Instance, duties: &mut Vec<Duty>) {
    let school = x.school;
    let mut d = 0;
    while d < duties.len() {
        let What::Session(wanted) = &duties[d].what else {
            d += 1;
            continue;
        };
        let Some(first) = school.offerings[wanted.offering as usize].after.map(|o| o.index() as u32) else {
            d += 1;
            continue;
        };
        let student = wanted.student;
        let before = |block: u32| {
            let ends_before =
                |&later: &u32| school.blocks[block as usize].ends_before(&school.blocks[later as usize]);
            wanted.blocks.iter().any(ends_before)
        };
        let there = duties.iter().position(|duty| match &duty.what {
            What::Session(other) => {
                other.offering == first && other.student == student && other.blocks.iter().all(|&b| before(b))
            }
            What::Package(_) => false,
        });
        let blocks = x.sets.blocks_of[first as usize].iter().map(|b| b.index() as u32).filter(|&b| before(b));
        let blocks: Vec<u32> = blocks.collect();
        let at = there.unwrap_or(duties.len());
        duties[d].after = Some(at);
        if there.is_none() {
            let what = What::Session(Wanted { blocks, offering: first, lead: None, place: None, student });
            duties.push(Duty { what, weight: 1.0, met_by: NONE, after: None });
        }
        d += 1;
    }
}
