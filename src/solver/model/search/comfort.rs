//! Makes a finished week more comfortable, measure after measure ([`Comfort`](crate::model::comfort::Comfort)): each
//! step is taken by the state, which holds every rule, and kept if the total is no lower, the measures before are no
//! worse and its own is better.

use super::instance::{Instance, NONE};
use super::state::{Session, State};
use crate::model::comfort::{OwnPlaceOrder, elsewhere, idle, uneven};
use crate::school::*;

/// Times that all steps are tried; most weeks change no more after two.
const PASSES: usize = 4;
/// Less is no difference between two totals.
const TIE: f64 = 1e-9;

/// Improves the week until nothing gains any more, or `over`.
pub fn improve(state: &mut State, over: &dyn Fn() -> bool) {
    state.commit();
    let own = OwnPlaceOrder::new(state.x.school);
    let mut tidy = Tidy { state, own, over };
    for _ in 0..PASSES {
        let changed = tidy.end_sessions() | tidy.even_out() | tidy.keep_rooms() | tidy.close_gaps();
        if !changed || over() {
            break;
        }
    }
}

struct Tidy<'s, 'a, 'b> {
    state: &'s mut State<'a>,
    own: OwnPlaceOrder,
    over: &'b dyn Fn() -> bool,
}

impl Tidy<'_, '_, '_> {
    /// Takes the step and keeps it if it says so and the total is no lower.
    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> bool) -> bool {
        let savepoint = self.state.savepoint();
        let kept = step(self) && self.state.total >= savepoint.total - TIE * savepoint.total.abs().max(1.0);
        if kept {
            self.state.commit()
        } else {
            self.state.roll_back(savepoint)
        }
        kept
    }

    fn session(&self, k: u32) -> &Session {
        &self.state.sessions[k as usize]
    }

    /// Running sessions, those with fewest students first.
    fn smallest_first(&self) -> Vec<u32> {
        let mut running = self.state.running.clone();
        running.sort_by_key(|&k| (self.session(k).members.len(), k));
        running
    }

    /// Whether the student may change from the one session to the other, at whatever time that is.
    fn may_change(&self, i: u32, from: u32, to: u32) -> bool {
        let state = &*self.state;
        state.has_seat(to)
            && state.x.pins_hold_in(i, self.session(from), self.session(to))
            && state.dependents(i, from).is_empty()
    }

    /// Moves the student; `false` where a rule is against it, and the step has to be taken back.
    fn change(&mut self, (i, n): (u32, u32), from: u32, to: u32) -> bool {
        self.state.leave(i, from);
        if !self.state.student_open(i, self.session(to).block) || !self.state.can_attend(i, n, to) {
            return false;
        }
        self.state.attend(i, n, to);
        true
    }

    /// Staff blocks: ends sessions whose students all fit into others of the offering, and spares assistants whose seats
    /// stay empty.
    fn end_sessions(&mut self) -> bool {
        let mut changed = false;
        for k in self.smallest_first() {
            if (self.over)() {
                break;
            }
            if self.session(k).running && !self.session(k).pinned {
                changed |= self.spare_assistants(k);
                changed |= self.attempt(|tidy| tidy.end(k));
            }
        }
        changed
    }

    fn end(&mut self, k: u32) -> bool {
        let Session { activity, members, assistants, .. } = self.session(k).clone();
        let others = self.state.sessions_of[activity as usize].iter();
        let others: Vec<u32> = others.copied().filter(|&other| other != k).collect();
        let free: usize = others.iter().filter(|&&other| self.state.has_seat(other)).count();
        if free == 0 {
            return false;
        }
        for (i, n) in members {
            let open = |&to: &u32| {
                let block = self.session(to).block;
                let at_once = self.state.student_in(i, block).is_none_or(|at| at == k);
                at_once && self.may_change(i, k, to)
            };
            // Where it makes the fewest uneven.
            let to =
                others.iter().copied().filter(open).min_by_key(|&to| (self.session(to).members.len(), to));
            if !to.is_some_and(|to| self.change((i, n), k, to)) {
                return false;
            }
        }
        assistants.into_iter().for_each(|s| self.state.dismiss(k, s));
        self.state.close(k);
        true
    }

    fn spare_assistants(&mut self, k: u32) -> bool {
        let mut changed = false;
        for s in self.session(k).assistants.clone() {
            changed |= self.attempt(|tidy| {
                tidy.state.dismiss(k, s);
                let session = tidy.session(k);
                let has_with =
                    |&(_, n): &(u32, u32)| n != NONE && tidy.state.x.needs[n as usize].with.is_some();
                session.members.len() as u32 <= session.capacity && !session.members.iter().any(has_with)
            });
        }
        changed
    }

    /// Sizes of the sessions of the activity at the time and site of the session, and how uneven they are.
    fn unevenness(&self, k: u32) -> u32 {
        let of = |k: u32| {
            let session = self.session(k);
            (session.block, self.state.x.site_of(session.place))
        };
        let parallel = self.state.sessions_of[self.session(k).activity as usize].iter();
        let parallel = parallel.filter(|&&other| of(other) == of(k));
        uneven(&mut parallel.map(|&other| self.session(other).members.len() as u32).collect::<Vec<_>>())
    }

    /// Parallel sessions of even size.
    fn even_out(&mut self) -> bool {
        let mut changed = false;
        for to in self.smallest_first() {
            if self.session(to).activity >= self.state.study() {
                continue;
            }
            let mut others: Vec<u32> = self.state.sessions_of[self.session(to).activity as usize].clone();
            others.sort_by_key(|&k| (std::cmp::Reverse(self.session(k).members.len()), k));
            for from in others {
                let here = |k: u32| (self.session(k).block, self.state.x.site_of(self.session(k).place));
                if from == to || here(from) != here(to) {
                    continue;
                }
                for member in self.session(from).members.clone() {
                    let (most, least) = (self.session(from).members.len(), self.session(to).members.len());
                    if (self.over)() || most < least + 2 {
                        break;
                    }
                    if self.may_change(member.0, from, to) {
                        changed |= self.attempt(|tidy| {
                            let least = tidy.state.least(tidy.session(from).activity) as usize;
                            tidy.change(member, from, to) && tidy.session(from).members.len() >= least
                        });
                    }
                }
            }
        }
        changed
    }

    /// Coaching groups in one room all week, leads in one room through a day, both in places of their unit.
    fn keep_rooms(&mut self) -> bool {
        let mut changed = false;
        for group in 0..self.state.groups.len() as u32 {
            changed |= !(self.over)() && self.gather(self.state.meeting(group));
        }
        let all: Vec<u32> = self.meetings().chain(self.state.running.iter().copied()).collect();
        for k in all {
            if (self.over)() {
                break;
            }
            if !self.may_move(k) || self.rooms(&[k]) == [0; 3] {
                continue;
            }
            for place in self.wanted_places(k) {
                if let Some(moves) = self.moves_to(k, place)
                    && self.exchange(moves)
                {
                    changed = true;
                    break;
                }
            }
        }
        changed
    }

    fn meetings(&self) -> impl Iterator<Item = u32> {
        let state = &*self.state;
        let activities = (0..state.groups.len() as u32).map(|group| state.meeting(group) as usize);
        activities.flat_map(|activity| state.sessions_of[activity].iter().copied())
    }

    /// Moves all meetings of a group that can be there to one place.
    fn gather(&mut self, activity: u32) -> bool {
        let meetings = self.state.sessions_of[activity as usize].clone();
        let Some(&first) = meetings.first() else { return false };
        if self.rooms(&meetings)[0] == 0 {
            return false;
        }
        let x = self.state.x;
        let site = x.site_of(self.session(first).place);
        let places = x.school.place_ids().map(|place| place.index() as u32);
        places.filter(|&place| x.site_of(place) == site).any(|place| {
            let moves = meetings.iter().filter_map(|&k| self.moves_to(k, place)).flatten().collect();
            self.exchange(moves)
        })
    }

    /// Whether no pin says where the session is.
    fn may_move(&self, k: u32) -> bool {
        let session = self.session(k);
        session.running && !session.pinned && session.place != NONE
    }

    /// The three measures of rooms, of the groups and leads of these sessions alone.
    fn rooms(&self, sessions: &[u32]) -> [u32; 3] {
        let state = &*self.state;
        let mut groups: Vec<u32> = Vec::new();
        let mut days: Vec<(u32, DayId)> = Vec::new();
        let mut others = 0;
        for session in sessions.iter().map(|&k| self.session(k)) {
            if state.group_met(session.activity).is_some() && !groups.contains(&session.activity) {
                groups.push(session.activity);
            }
            let day = (session.lead, state.x.school.blocks[session.block as usize].day);
            if !days.contains(&day) {
                days.push(day);
            }
            let (lead, place) = (StaffId::new(session.lead as usize), PlaceId::new(session.place as usize));
            others += self.own.of(state.x.school, lead, place);
        }
        let of_group = |activity: u32| {
            let held = &state.sessions_of[activity as usize];
            elsewhere(&mut held.iter().map(|&k| self.session(k).place).collect::<Vec<_>>())
        };
        let of_day = |(lead, day)| elsewhere(&mut self.places_of_day(lead, day));
        [groups.into_iter().map(of_group).sum(), days.into_iter().map(of_day).sum(), others]
    }

    fn places_of_day(&self, lead: u32, day: DayId) -> Vec<u32> {
        let week = self.state.staff_week(lead).into_iter().map(|k| self.session(k));
        let today = week.filter(|session| self.state.x.school.blocks[session.block as usize].day == day);
        today.filter(|session| session.lead == lead && session.place != NONE).map(|s| s.place).collect()
    }

    /// Places at the same site in which the group or the lead is at other times, the usual first, then those of the unit.
    fn wanted_places(&self, k: u32) -> Vec<u32> {
        let (state, session) = (&*self.state, self.session(k));
        let school = state.x.school;
        let mut held: Vec<u32> = match state.group_met(session.activity) {
            Some(_) => {
                state.sessions_of[session.activity as usize].iter().map(|&k| self.session(k).place).collect()
            }
            None => Vec::new(),
        };
        held.extend(self.places_of_day(session.lead, school.blocks[session.block as usize].day));
        let mut wanted: Vec<u32> = Vec::new();
        let mut by_times = held.clone();
        by_times.sort_by_key(|place| {
            (std::cmp::Reverse(held.iter().filter(|&other| other == place).count()), *place)
        });
        let lead = StaffId::new(session.lead as usize);
        let outside = self.own.of(school, lead, PlaceId::new(session.place as usize)) > 0;
        let own = school.place_ids().filter(|&place| outside && self.own.of(school, lead, place) == 0);
        for place in by_times.into_iter().chain(own.map(|place| place.index() as u32)) {
            if !wanted.contains(&place) {
                wanted.push(place);
            }
        }
        wanted
    }

    /// Whether the session could be there if the place were free: R2, and what pins and units say.
    fn suits(&self, session: &Session, place: u32) -> bool {
        let (x, state) = (self.state.x, &*self.state);
        let offering = (session.activity < state.study()).then_some(session.activity);
        let (site, seats) = (x.site_of(place), x.school.places[place as usize].seats);
        let banned = |&s: &u32| x.session_banned(session.block, offering, s, place);
        let kept_out = |&(i, _): &(u32, u32)| {
            let staff = std::iter::once(&session.lead).chain(&session.assistants);
            let moved = Session { place, ..session.clone() };
            staff.into_iter().any(|&s| x.attendance_banned(i, session.block, offering, s, place))
                || !x.pins_hold_in(i, session, &moved)
        };
        seats as usize >= session.members.len()
            && offering.is_none_or(|o| x.places_of[o as usize].get(site).contains(&place))
            && x.school.place_free[(PlaceId::new(place as usize), BlockId::new(session.block as usize))]
            && !x.lead_barred(session.block, offering, session.lead, place)
            && !session.assistants.iter().any(banned)
            && (x.school.pins.is_empty() || !session.members.iter().any(kept_out))
    }

    /// The session moved to the place, and what is there then to where the session was.
    fn moves_to(&self, k: u32, place: u32) -> Option<Vec<(u32, u32)>> {
        let session = self.session(k);
        let same_site = self.state.x.site_of(session.place) == self.state.x.site_of(place);
        if place == session.place || !same_site || !self.may_move(k) || !self.suits(session, place) {
            return None;
        }
        let mut moves = vec![(k, place)];
        if !self.state.place_open(place, session.block) {
            let [other] = self.sessions_in(place, session.block)[..] else { return None };
            if !self.may_move(other) || !self.suits(self.session(other), session.place) {
                return None;
            }
            moves.push((other, session.place));
        }
        Some(moves)
    }

    /// Takes the moves if groups, leads and units have it better then.
    fn exchange(&mut self, moves: Vec<(u32, u32)>) -> bool {
        let sessions: Vec<u32> = moves.iter().map(|&(k, _)| k).collect();
        let twice = (1..sessions.len()).any(|at| sessions[..at].contains(&sessions[at]));
        let before = self.rooms(&sessions);
        !moves.is_empty()
            && !twice
            && self.attempt(|tidy| tidy.reopen(&moves).is_some_and(|moved| tidy.rooms(&moved) < before))
    }

    /// What is in the place at some moment of the block.
    fn sessions_in(&self, place: u32, block: u32) -> Vec<u32> {
        let state = &*self.state;
        let overlaps = |k: &u32| {
            let session = self.session(*k);
            session.place == place
                && (session.block == block
                    || state.x.school.blocks[session.block as usize]
                        .overlaps(&state.x.school.blocks[block as usize]))
        };
        state.running.iter().copied().chain(self.meetings()).filter(overlaps).collect()
    }

    /// Ends the sessions and holds them again in these places, with the same people; their new numbers.
    fn reopen(&mut self, moves: &[(u32, u32)]) -> Option<Vec<u32>> {
        let sessions: Vec<Session> = moves.iter().map(|&(k, _)| self.session(k).clone()).collect();
        for (&(k, _), session) in moves.iter().zip(&sessions) {
            for &(i, _) in &session.members {
                self.state.leave(i, k);
            }
            session.assistants.iter().for_each(|&s| self.state.dismiss(k, s));
            self.state.close(k);
        }
        let mut moved = Vec::new();
        for (&(_, place), session) in moves.iter().zip(&sessions) {
            let Session { activity, block, lead, ref assistants, ref members, .. } = *session;
            if !self.state.place_open(place, block)
                || (self.state.seats_left(place, block) as usize) < members.len()
            {
                return None;
            }
            let k = self.state.open(activity, block, place, lead);
            assistants.iter().for_each(|&s| self.state.assist(k, s));
            if (self.session(k).capacity as usize) < members.len() {
                return None;
            }
            members.iter().for_each(|&(i, n)| self.state.attend(i, n, k));
            moved.push(k);
        }
        Some(moved)
    }

    /// Fewer idle blocks: students change to sessions of the same offering next to what else they attend.
    fn close_gaps(&mut self) -> bool {
        let mut changed = false;
        for i in 0..self.state.x.school.students.len() as u32 {
            if (self.over)() {
                break;
            }
            if self.idle_of(i) == 0 {
                continue;
            }
            let attended: Vec<u32> = self.state.sessions_attended(i).collect();
            for from in attended {
                let session = self.session(from);
                if session.activity >= self.state.study() {
                    continue;
                }
                let Some(&member) = session.members.iter().find(|&&(j, _)| j == i) else { continue };
                for to in self.state.sessions_of[session.activity as usize].clone() {
                    if to != from
                        && self.may_change(i, from, to)
                        && self.attempt(|tidy| tidy.closes_gap(member, from, to))
                    {
                        changed = true;
                        break;
                    }
                }
            }
        }
        changed
    }

    fn closes_gap(&mut self, member: (u32, u32), from: u32, to: u32) -> bool {
        let measure = |tidy: &Self| {
            let uneven = match tidy.session(from).block == tidy.session(to).block {
                true => tidy.unevenness(to),
                false => tidy.unevenness(from) + tidy.unevenness(to),
            };
            (uneven, tidy.idle_of(member.0))
        };
        let before = measure(self);
        let least = self.state.least(self.session(from).activity) as usize;
        self.change(member, from, to) && self.session(from).members.len() >= least && measure(self) < before
    }

    /// Idle blocks between the student's sessions of each day.
    fn idle_of(&self, i: u32) -> u32 {
        let (state, student) = (&*self.state, StudentId::new(i as usize));
        let blocks: Vec<BlockId> =
            state.sessions_attended(i).map(|k| BlockId::new(self.session(k).block as usize)).collect();
        let school = state.x.school;
        let days = blocks.chunk_by(|&a, &b| school[a].day == school[b].day);
        days.map(|day| idle(school, student, day.iter().copied())).sum()
    }
}

/// The same for a schedule that the engine found, if the search can take it up whole.
pub fn improve_schedule(
    x: &Instance,
    schedule: crate::schedule::Schedule,
    total: f64,
) -> crate::schedule::Schedule {
    let Some(mut worker) = super::warm_start::warm_start(x, &schedule, 0) else { return schedule };
    let equal = |state: &State| (state.total - total).abs() <= TIE * total.abs().max(1.0);
    if !equal(&worker.state) {
        return schedule;
    }
    improve(&mut worker.state, &|| false);
    if equal(&worker.state) { worker.state.schedule() } else { schedule }
}
