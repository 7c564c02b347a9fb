//! The neighbourhood: small changes of a [`State`] that hold every rule. Each move leaves the state
//! changed and says whether it did anything; whether it stays is the caller's choice.

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::instance::NONE;
use super::state::{Held, Session, State};
use crate::model::sets;
use crate::school::*;

/// Sessions tried when a student is to be seated by moving others.
const WIDTH: usize = 6;

/// Open needs that get another chance after a round, and tries each.
const HARD_CASES: usize = 100;
const HARD_TRIES: usize = 20;

/// A search: a state, and the chance that drives it.
#[derive(Clone, Debug)]
pub struct Walker<'a> {
    pub state: State<'a>,
    pub random: Xoshiro256PlusPlus,
    /// Whether it matters who leads a session that a student attends.
    attracts: bool,
    candidates: Vec<(f64, u32, u32, u32)>,
    evicted: Vec<u32>,
    /// Sessions whose lead was wanted for something else.
    displaced: Vec<Session>,
}

impl<'a> Walker<'a> {
    pub fn new(state: State<'a>, random: Xoshiro256PlusPlus) -> Self {
        let school = state.x.school;
        let units = school.own_staff != OwnStaff::Ignore
            && school.weights.own_unit > 0.0
            && school.students.iter().any(|student| student.unit.is_some());
        let attracts = units || school.needs.iter().any(|need| need.staff.is_some());
        Self { state, random, attracts, candidates: Vec::new(), evicted: Vec::new(), displaced: Vec::new() }
    }

    /// A walker in the same state whose chance differs, and differs again from the next fork's.
    pub fn fork(&mut self) -> Self {
        let mut fork = self.clone();
        fork.random.jump();
        self.random.long_jump();
        fork
    }

    /// A number below `n`, or `None` if `n` is 0.
    pub fn below(&mut self, n: usize) -> Option<usize> {
        (n > 0).then(|| ((u128::from(self.random.next_u64()) * n as u128) >> 64) as usize)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        self.below(from.len()).map(|index| from[index])
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick_open_need(&mut self) -> Option<u32> {
        let index = self.below(self.state.open_needs.len())?;
        Some(self.state.open_needs[index])
    }

    fn student_of(&self, n: u32) -> u32 {
        self.state.x.needs[n as usize].student
    }

    fn pick_group(&mut self) -> Option<u32> {
        let index = self.below(self.state.bounds.groups.len())?;
        Some(self.state.bounds.groups[index])
    }

    fn pick_offering(&mut self, n: u32) -> Option<u32> {
        let offerings = &self.state.x.sets.offerings_of[n as usize];
        self.pick(offerings).map(|o| o.index() as u32)
    }

    // ---- students ----------------------------------------------------------------------------------

    /// Whether the student may be taken out of the session and the rest still holds; `replaced`: someone
    /// else takes the seat, so that the least number is kept.
    fn may_leave(&self, i: u32, k: u32, replaced: bool) -> bool {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        if !state.at_hand(k) || session.activity >= state.study() {
            return state.at_hand(k) && session.activity == state.study();
        }
        let min = state.x.school.offerings[session.activity as usize].min;
        (replaced || session.members.len() as u32 > min)
            && !state.x.attendance_pinned(i, session)
            && state.dependents(i, k).is_empty()
    }

    /// Takes the student out; a study session left empty ends.
    fn take_out(&mut self, i: u32, k: u32) -> u32 {
        let n = self.state.leave(i, k);
        let session = &self.state.sessions[k as usize];
        if session.activity == self.state.study() && session.members.is_empty() {
            self.state.close(k);
        }
        n
    }

    /// Seats the need in a session with a free seat at a time when the student has nothing else: the one
    /// that gains most.
    fn seat_directly(&mut self, n: u32) -> bool {
        let i = self.student_of(n);
        let state = &self.state;
        let mut best: Option<(f64, u32)> = None;
        for o in &state.x.sets.offerings_of[n as usize] {
            let site = state.x.site_of_student[i as usize];
            for &Held { session: k, block } in state.sessions_at(o.index() as u32, site).flatten() {
                if state.student_in(i, block).is_none() && state.has_seat(k) && state.suits(i, n, k) {
                    let gain = state.gain(i, n, k);
                    if best.is_none_or(|(most, _)| gain > most) {
                        best = Some((gain, k));
                    }
                }
            }
        }
        if let Some((_, k)) = best {
            self.state.attend(i, n, k);
        }
        best.is_some()
    }

    /// Seats the need, if it must be by moving other attendances, each of which is seated again, up to
    /// `depth` deep.
    fn seat(&mut self, n: u32, depth: u32) -> bool {
        if self.seat_directly(n) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        for _ in 0..WIDTH {
            let Some(o) = self.pick_offering(n) else { return false };
            let Some(k) = self.pick_session(o, n) else { continue };
            let mark = self.state.mark();
            let first = self.evicted.len();
            if self.push_in(n, k) {
                let mut seated = true;
                while self.evicted.len() > first {
                    let Some(evicted) = self.evicted.pop() else { break };
                    seated = seated && self.seat(evicted, depth - 1);
                }
                if seated {
                    return true;
                }
            }
            self.evicted.truncate(first);
            self.state.roll_back(mark);
        }
        false
    }

    /// Some session of the offering that the student of the need can reach.
    fn pick_session(&mut self, o: u32, n: u32) -> Option<u32> {
        let site = self.state.x.site_of_student[self.student_of(n) as usize];
        let count = self.state.sessions_at(o, site).map(Vec::len).sum();
        let index = self.below(count)?;
        self.state.sessions_at(o, site).flatten().nth(index).map(|held| held.session)
    }

    /// Puts the student into the session whoever must go; needs that lose their attendance are added to
    /// `evicted`. On `false` the caller rolls back.
    fn push_in(&mut self, n: u32, k: u32) -> bool {
        let i = self.student_of(n);
        let block = self.state.sessions[k as usize].block;
        if self.state.student_in(i, block) == Some(k) {
            return self.meet_instead(i, n, k);
        }
        if !self.state.suits(i, n, k) && !self.suits_after_clash(i, n, k) {
            return false;
        }
        while let Some(clash) = self.state.student_in(i, block) {
            if clash == k || !self.may_leave(i, clash, false) {
                return false;
            }
            let loser = self.take_out(i, clash);
            if loser != NONE {
                self.evicted.push(loser);
            }
        }
        if !self.state.has_seat(k) {
            let members = self.state.sessions[k as usize].members.len();
            let Some(index) = self.below(members) else { return false };
            let (j, _) = self.state.sessions[k as usize].members[index];
            if !self.may_leave(j, k, true) {
                return false;
            }
            let loser = self.state.leave(j, k);
            self.evicted.push(loser);
            if !self.state.has_seat(k) {
                return false;
            }
        }
        if !self.state.suits(i, n, k) {
            return false;
        }
        self.state.attend(i, n, k);
        true
    }

    /// The student's attendance of the session meets `n` instead of another need, which is added to `evicted`.
    /// On `false` the caller rolls back.
    fn meet_instead(&mut self, i: u32, n: u32, k: u32) -> bool {
        let before = self.state.leave(i, k);
        if before == NONE || before == n || !self.state.suits(i, n, k) {
            return false;
        }
        self.state.attend(i, n, k);
        self.evicted.push(before);
        true
    }

    /// Puts the student into the session, whoever must go; the others' needs are seated again if possible.
    pub fn push_in_final(&mut self, n: u32, k: u32) -> bool {
        self.evicted.clear();
        let done = self.push_in(n, k);
        if done {
            self.reseat(1);
        }
        done
    }

    /// Whether the only hindrance may be the session the student would give up.
    fn suits_after_clash(&self, i: u32, _n: u32, k: u32) -> bool {
        let session = &self.state.sessions[k as usize];
        self.state.student_in(i, session.block).is_some_and(|clash| {
            self.state.sessions[clash as usize].activity == session.activity && clash != k
        })
    }

    /// An open need takes a seat in some session; who loses theirs is seated elsewhere if possible.
    pub fn seat_open_need(&mut self, depth: u32) -> bool {
        let Some(n) = self.pick_open_need() else { return false };
        let Some(o) = self.pick_offering(n) else { return false };
        let Some(k) = self.pick_session(o, n) else { return false };
        self.evicted.clear();
        if !self.push_in(n, k) {
            return false;
        }
        self.reseat(depth);
        true
    }

    /// The open needs of greatest value get another chance, moving others further than the rounds do.
    pub fn seat_hard_cases(&mut self) {
        let mut open = self.state.open_needs.clone();
        open.sort_by(|&a, &b| {
            let value = |n: u32| self.state.x.needs[n as usize].value;
            value(b).total_cmp(&value(a)).then(a.cmp(&b))
        });
        open.truncate(HARD_CASES);
        for n in open {
            for _ in 0..HARD_TRIES {
                let mark = self.state.mark();
                self.evicted.clear();
                if self.seat(n, 3) && self.state.total > mark.total + 1e-9 {
                    self.state.commit();
                    break;
                }
                self.state.roll_back(mark);
            }
        }
    }

    /// An attendance moves to another session of the same need.
    pub fn move_attendance(&mut self) -> bool {
        let Some((k, i, n)) = self.pick_attendance() else { return false };
        if !self.may_leave(i, k, false) {
            return false;
        }
        let Some(o) = self.pick_offering(n) else { return false };
        let Some(to) = self.pick_session(o, n) else { return false };
        if to == k {
            return false;
        }
        self.evicted.clear();
        self.take_out(i, k);
        if !self.push_in(n, to) {
            return false;
        }
        self.reseat(1);
        true
    }

    /// Two students of different sessions change places, each keeping their need met.
    pub fn swap_attendances(&mut self) -> bool {
        let Some((k, i, n)) = self.pick_attendance() else { return false };
        let Some(o) = self.pick_offering(n) else { return false };
        let Some(to) = self.pick_session(o, n) else { return false };
        let others = self.state.sessions[to as usize].members.len();
        let Some((j, m)) = self.below(others).map(|index| self.state.sessions[to as usize].members[index])
        else {
            return false;
        };
        if to == k || i == j || !self.may_leave(i, k, true) || !self.may_leave(j, to, true) {
            return false;
        }
        let [from_block, to_block] = [k, to].map(|k| self.state.sessions[k as usize].block);
        self.state.leave(i, k);
        self.state.leave(j, to);
        if self.state.student_in(i, to_block).is_some() || !self.state.suits(i, n, to) {
            return false;
        }
        self.state.attend(i, n, to);
        if self.state.student_in(j, from_block).is_some() || !self.state.suits(j, m, k) {
            return false;
        }
        self.state.attend(j, m, k);
        true
    }

    /// Some attendance that meets a need: session, student, need.
    fn pick_attendance(&mut self) -> Option<(u32, u32, u32)> {
        let k = self.below(self.state.running.len()).map(|index| self.state.running[index])?;
        let index = self.below(self.state.sessions[k as usize].members.len())?;
        let (i, n) = self.state.sessions[k as usize].members[index];
        (n != NONE).then_some((k, i, n))
    }

    /// Moving others to seat all students of a session that ended is dear, and rarely what decides.
    fn reseat_mostly_directly(&mut self) {
        let depth = u32::from(self.below(8) == Some(0));
        self.reseat(depth);
    }

    fn reseat(&mut self, depth: u32) {
        while let Some(n) = self.evicted.pop() {
            let need = &self.state.x.needs[n as usize];
            if self.state.met[n as usize] < need.sessions {
                let first = self.evicted.len();
                self.seat(n, depth);
                self.evicted.truncate(first);
            }
        }
    }

    // ---- sessions ----------------------------------------------------------------------------------

    /// Fills the session with students who have nothing else then, those who gain most first.
    pub fn fill(&mut self, k: u32) {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let block = session.block;
        for list in state.x.demand_at(session.activity, state.site_at_hand(session.place)) {
            for &n in list {
                let need = &state.x.needs[n as usize];
                let i = need.student;
                if state.met[n as usize] < need.sessions
                    && state.student_in(i, block).is_none()
                    && state.suits(i, n, k)
                {
                    let chance = (self.random.next_u64() >> 32) as u32;
                    candidates.push((state.gain(i, n, k), chance, i, n));
                }
            }
        }
        candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, _, i, n) in &candidates {
            if !self.state.has_seat(k) {
                break;
            }
            if self.state.student_in(i, block).is_none() && self.state.suits(i, n, k) {
                self.state.attend(i, n, k);
            }
        }
        self.candidates = candidates;
    }

    /// Students whom the session serves better than the one they attend for the same need come over, in a
    /// free seat or in exchange for a member to whom it is all the same.
    fn attract(&mut self, k: u32) {
        let x = self.state.x;
        let Session { activity, block, place, lead, .. } = self.state.sessions[k as usize];
        for list in x.demand_at(activity, self.state.site_at_hand(place)) {
            for &n in list {
                let i = self.student_of(n);
                if self.state.met[n as usize] > 0 && self.state.x.extra(n, lead) > 0.0 {
                    self.come_over(i, n, k, block);
                }
            }
        }
    }

    fn come_over(&mut self, i: u32, n: u32, k: u32, block: u32) {
        let x = self.state.x;
        let mark = self.state.mark();
        let here = x.extra(n, self.state.sessions[k as usize].lead);
        let worse = |from: u32| from != k && x.extra(n, self.state.sessions[from as usize].lead) < here;
        let Some(from) = self.state.attendance_for(i, n, worse) else { return };
        let replaced = !self.state.has_seat(k);
        if self.state.student_in(i, block).is_some_and(|held| held != from)
            || !self.may_leave(i, from, replaced)
        {
            return;
        }
        self.state.leave(i, from);
        // A block may overlap more than the one that was left.
        if self.state.student_in(i, block).is_none() && self.state.suits(i, n, k) {
            if !replaced {
                self.state.attend(i, n, k);
                return;
            }
            let members = self.state.sessions[k as usize].members.len();
            let first = self.below(members).unwrap_or(0);
            for index in 0..members {
                let (j, m) = self.state.sessions[k as usize].members[(first + index) % members];
                if self.exchange((i, n), (j, m), from, k) {
                    if self.state.total > mark.total + 1e-9 {
                        return;
                    }
                    // With `i` in it, nobody else can make room.
                    break;
                }
            }
        }
        self.state.roll_back(mark);
    }

    /// `j` gives the seat in `k` to `i` and takes the one that `i` has left in `from`; `false` if that breaks
    /// a rule or loses for `j`, with nothing changed.
    fn exchange(&mut self, (i, n): (u32, u32), (j, m): (u32, u32), from: u32, k: u32) -> bool {
        let state = &self.state;
        let from_session = &state.sessions[from as usize];
        if j == i
            || m == NONE
            || state.x.extra(m, state.sessions[k as usize].lead) > state.x.extra(m, from_session.lead)
            || !self.may_leave(j, k, true)
        {
            return false;
        }
        let held = self.state.student_in(j, self.state.sessions[from as usize].block);
        if held.is_some_and(|held| held != k) {
            return false;
        }
        let mark = self.state.mark();
        self.state.leave(j, k);
        let free = self.state.student_in(j, self.state.sessions[from as usize].block).is_none();
        if free && self.state.suits(j, m, from) && self.state.suits(i, n, k) {
            self.state.attend(j, m, from);
            self.state.attend(i, n, k);
            return true;
        }
        self.state.roll_back(mark);
        false
    }

    /// Some session attracts those it serves better.
    pub fn attract_some(&mut self) -> bool {
        let Some((k, _, _)) = self.pick_attendance() else { return false };
        self.attract(k);
        true
    }

    /// Adds students with the need open who would have to give up another attendance, where that one
    /// finds another session.
    fn fill_by_moving(&mut self, k: u32) {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let needs: Vec<u32> = state
            .x
            .demand_at(session.activity, state.site_at_hand(session.place))
            .flatten()
            .copied()
            .filter(|&n| {
                let need = &state.x.needs[n as usize];
                state.met[n as usize] < need.sessions
                    && state.student_in(need.student, session.block).is_some()
            })
            .collect();
        for n in needs {
            if !self.state.has_seat(k) {
                break;
            }
            let mark = self.state.mark();
            let first = self.evicted.len();
            let mut seated = self.push_in(n, k);
            while self.evicted.len() > first {
                let Some(evicted) = self.evicted.pop() else { break };
                seated = seated && self.seat_directly(evicted);
            }
            if !seated {
                self.state.roll_back(mark);
            }
        }
    }

    /// Ends the session and adds the needs of its students to `evicted`; `false` if a pin forbids it.
    fn disband(&mut self, k: u32) -> bool {
        if self.state.sessions[k as usize].pinned || !self.state.at_hand(k) {
            return false;
        }
        while let Some(&(i, _)) = self.state.sessions[k as usize].members.last() {
            if !self.take_out_with_dependents(i, k) {
                return false;
            }
        }
        if !self.state.sessions[k as usize].running {
            return true;
        }
        while let Some(&assistant) = self.state.sessions[k as usize].assistants.last() {
            self.state.dismiss(k, assistant);
        }
        self.state.close(k);
        true
    }

    fn take_out_with_dependents(&mut self, i: u32, k: u32) -> bool {
        if self.state.x.attendance_pinned(i, &self.state.sessions[k as usize]) {
            return false;
        }
        for later in self.state.dependents(i, k) {
            if !self.may_leave(i, later, false) {
                return false;
            }
            let n = self.take_out(i, later);
            self.evicted.push(n);
        }
        let n = self.state.leave(i, k);
        if n != NONE {
            self.evicted.push(n);
        }
        true
    }

    /// Takes the staff member out of whatever they do at the block.
    fn release(&mut self, s: u32, block: u32) -> bool {
        for k in self.state.staff_sessions(s, block) {
            if !self.state.sessions[k as usize].running {
                continue;
            }
            if !self.withdraw(s, k) {
                return false;
            }
        }
        true
    }

    /// Takes the staff member out of the session, which ends if it was theirs.
    fn withdraw(&mut self, s: u32, k: u32) -> bool {
        let session = &self.state.sessions[k as usize];
        if session.lead != s {
            return self.dismiss(k, s);
        }
        if session.activity < self.state.study() && session.assistants.is_empty() {
            self.displaced.push(session.clone());
        }
        self.disband(k)
    }

    /// Other people lead the displaced sessions, as far as there are any: who is free, or somebody who gives up
    /// something in turn.
    fn hand_over(&mut self) {
        let x = self.state.x;
        while let Some(session) = self.displaced.pop() {
            let leads = x.leads_of[session.activity as usize].get(self.state.site_at_hand(session.place));
            let Some(first) = self.below(leads.len()) else { continue };
            let mut others = (0..leads.len()).map(|step| leads[(first + step) % leads.len()]);
            let free = others.find(|lead| {
                let s = lead.index() as u32;
                s != session.lead && self.state.may_deploy(s, session.block, session.place)
            });
            let (mark, evicted, displaced) = (self.state.mark(), self.evicted.len(), self.displaced.len());
            let lead = free.unwrap_or(leads[first]).index() as u32;
            let ready = free.is_some() || (lead != session.lead && self.take(lead, session.block));
            // What is displaced for a displaced session is not handed over again.
            self.displaced.truncate(displaced);
            if !ready || !self.run_again(&session, lead) {
                self.evicted.truncate(evicted);
                self.state.roll_back(mark);
            }
        }
    }

    /// Makes the staff member free to be deployed in the block.
    fn take(&mut self, s: u32, block: u32) -> bool {
        self.state.x.school.staff_free[(StaffId::new(s as usize), BlockId::new(block as usize))]
            && self.release(s, block)
            && (self.state.may_deploy(s, block, NONE) || self.make_room(s, block))
    }

    /// Takes an assistant out of a session, with the students who then have no seat.
    fn dismiss(&mut self, k: u32, s: u32) -> bool {
        self.state.dismiss(k, s);
        while self.state.sessions[k as usize].members.len() as u32 > self.state.sessions[k as usize].capacity
        {
            let members = self.state.sessions[k as usize].members.len();
            let Some(index) = self.below(members) else { return false };
            let (i, _) = self.state.sessions[k as usize].members[index];
            if !self.may_leave(i, k, true) {
                return false;
            }
            let n = self.state.leave(i, k);
            self.evicted.push(n);
        }
        true
    }

    /// Makes room in the limits of the staff member for one more deployment in the block, by ending
    /// another of their sessions.
    fn make_room(&mut self, s: u32, block: u32) -> bool {
        let state = &self.state;
        let day = state.x.school.blocks[block as usize].day;
        let full = state.x.school.staff[s as usize]
            .max_blocks
            .is_some_and(|max| state.load[s as usize] + state.package_load[s as usize] >= max);
        let mut others: Vec<u32> = state
            .staff_week(s)
            .into_iter()
            .filter(|&k| {
                let other = state.sessions[k as usize].block;
                full || state.x.school.blocks[other as usize].day == day
            })
            .collect();
        while !others.is_empty() && !self.state.may_deploy(s, block, NONE) {
            let Some(index) = self.below(others.len()) else { return false };
            let k = others.swap_remove(index);
            if !self.withdraw(s, k) {
                return false;
            }
            if full {
                break;
            }
        }
        self.state.may_deploy(s, block, NONE)
    }

    /// The first place in `places` where the activity can be held by the lead for a student of `site`.
    fn find_place(
        &self,
        places: &[u32],
        activity: u32,
        block: u32,
        lead: u32,
        site: Option<SiteId>,
        students: u32,
    ) -> Option<u32> {
        let state = &self.state;
        let offering = (activity < state.study()).then_some(activity);
        places.iter().copied().find(|&p| {
            sets::attends_at(site, state.x.site_of(p))
                && state.place_open(p, block)
                && state.seats_left(p, block) >= students
                && !state.x.session_banned(block, offering, lead, p)
                && (!state.x.has_travel || state.may_deploy(lead, block, p))
        })
    }

    /// Runs a session for an open need, whatever its lead did before at that time.
    pub fn run_session(&mut self) -> bool {
        let Some(n) = self.pick_open_need() else { return false };
        let Some(o) = self.pick_offering(n) else { return false };
        self.evicted.clear();
        self.run_somewhere(o, self.student_of(n))
    }

    /// A session runs in another block, perhaps with another lead, for those who can come then.
    pub fn move_session(&mut self) -> bool {
        let Some((k, i, _)) = self.pick_attendance() else { return false };
        let o = self.state.sessions[k as usize].activity;
        self.evicted.clear();
        self.disband(k) && self.run_somewhere(o, i)
    }

    /// A session ends; its students go to others where there is room.
    pub fn close_session(&mut self) -> bool {
        let Some(k) = self.below(self.state.running.len()).map(|index| self.state.running[index]) else {
            return false;
        };
        self.evicted.clear();
        if !self.disband(k) {
            return false;
        }
        self.reseat_mostly_directly();
        true
    }

    /// Runs a session of the offering in some block when the student is free of lessons, with some lead,
    /// who gives up what they did then; needs that lost their attendance are seated again if possible.
    fn run_somewhere(&mut self, o: u32, i: u32) -> bool {
        let x = self.state.x;
        let Some(block) = self.pick(&x.sets.blocks_of[o as usize]) else { return false };
        let site = x.site_of_student[i as usize];
        let Some(lead) = self.pick(x.leads_of[o as usize].get(site)) else { return false };
        if !x.school.student_free[(StudentId::new(i as usize), block)] {
            return false;
        }
        self.displaced.clear();
        let (block, s) = (block.index() as u32, lead.index() as u32);
        if !self.take(s, block) || !self.start(o, block, s, i) {
            return false;
        }
        if self.below(2) == Some(0) {
            self.hand_over();
        }
        self.reseat_mostly_directly();
        true
    }

    /// Opens a session of the offering that the student can reach and fills it; `false` if there is no
    /// place or fewer than the least number of students.
    fn start(&mut self, o: u32, block: u32, s: u32, i: u32) -> bool {
        let x = self.state.x;
        let offering = &x.school.offerings[o as usize];
        let place = if offering.online {
            (!x.session_banned(block, Some(o), s, NONE)).then_some(NONE)
        } else {
            let site = x.site_of_student[i as usize];
            self.find_place(x.places_of[o as usize].get(site), o, block, s, site, offering.min)
        };
        let Some(place) = place else { return false };
        if !self.state.may_deploy(s, block, place) {
            return false;
        }
        let k = self.state.open(o, block, place, s);
        self.fill(k);
        if self.state.has_seat(k) && self.below(4) == Some(0) {
            self.fill_by_moving(k);
        }
        if self.attracts && self.below(2) == Some(0) {
            self.attract(k);
        }
        let members = self.state.sessions[k as usize].members.len() as u32;
        members >= offering.min && members > 0
    }

    /// Another person leads the session, or two sessions of one block swap leads.
    pub fn change_lead(&mut self) -> bool {
        let Some(k) = self.below(self.state.running.len()).map(|index| self.state.running[index]) else {
            return false;
        };
        let x = self.state.x;
        let session = self.state.sessions[k as usize].clone();
        if session.activity >= self.state.study() || session.pinned || !session.assistants.is_empty() {
            return false;
        }
        let Some(lead) =
            self.pick(x.leads_of[session.activity as usize].get(self.state.site_at_hand(session.place)))
        else {
            return false;
        };
        let s = lead.index() as u32;
        if s == session.lead || !x.school.staff_free[(lead, BlockId::new(session.block as usize))] {
            return false;
        }
        self.evicted.clear();
        let other = self.state.staff_sessions(s, session.block).first().copied();
        let swapped = match other {
            None => None,
            Some(other) => {
                let other_session = self.state.sessions[other as usize].clone();
                if other_session.pinned
                    || other_session.block != session.block
                    || other_session.lead != s
                    || !other_session.assistants.is_empty()
                    || other_session.activity >= self.state.study()
                    || !sets::may_lead(
                        &x.school.staff[session.lead as usize],
                        &x.school.offerings[other_session.activity as usize],
                    )
                    || !self.disband(other)
                {
                    return false;
                }
                Some(other_session)
            }
        };
        if !self.disband(k) || !self.run_again(&session, s) {
            return false;
        }
        if let Some(other) = swapped
            && !self.run_again(&other, session.lead)
        {
            return false;
        }
        self.reseat(0);
        true
    }

    /// Runs a disbanded session again with another lead and as many of its students as suit, in another place if its
    /// own is taken.
    fn run_again(&mut self, session: &Session, lead: u32) -> bool {
        let x = self.state.x;
        let Session { activity, block, .. } = *session;
        let min = x.school.offerings[activity as usize].min;
        let open = |p: u32| self.state.place_open(p, block) && self.state.seats_left(p, block) >= min.max(1);
        let place = match session.place {
            NONE => Some(NONE),
            place if open(place) => Some(place),
            taken => {
                let site = self.state.site_at_hand(taken);
                self.find_place(x.places_of[activity as usize].get(site), activity, block, lead, site, min)
            }
        };
        let Some(place) = place else { return false };
        if !self.state.may_deploy(lead, block, place) || x.session_banned(block, Some(activity), lead, place)
        {
            return false;
        }
        let k = self.state.open(activity, block, place, lead);
        for &(i, n) in &session.members {
            if self.state.suits(i, n, k)
                && self.state.student_in(i, session.block).is_none()
                && self.state.has_seat(k)
            {
                self.state.attend(i, n, k);
            }
        }
        if self.state.sessions[k as usize].members.len() < session.members.len() {
            self.fill(k);
        }
        if self.attracts {
            self.attract(k);
        }
        self.state.sessions[k as usize].members.len() as u32 >= min.max(1)
    }

    /// An assistant joins a full session, which takes more students.
    pub fn add_assistant(&mut self) -> bool {
        let Some(k) = self.below(self.state.running.len()).map(|index| self.state.running[index]) else {
            return false;
        };
        let x = self.state.x;
        let session = &self.state.sessions[k as usize];
        if session.activity >= self.state.study()
            || !x.assisted[session.activity as usize]
            || session.assistants.len() as u32 >= x.school.offerings[session.activity as usize].assistants
            || (session.members.len() as u32) < session.capacity
        {
            return false;
        }
        let (block, place, activity) = (session.block, session.place, session.activity);
        let Some(s) = self.pick(x.assistants.get(self.state.site_at_hand(place))).map(|s| s.index() as u32)
        else {
            return false;
        };
        if !self.state.may_deploy(s, block, place) || x.session_banned(block, Some(activity), s, place) {
            return false;
        }
        let session = &self.state.sessions[k as usize];
        if session.members.iter().any(|&(i, _)| self.state.bans(i, session, s)) {
            return false;
        }
        self.state.assist(k, s);
        self.fill(k);
        true
    }

    /// A supervised study session for students short of their least presence.
    pub fn run_study(&mut self, short: &[u32]) -> bool {
        let Some(i) = self.pick(short) else { return false };
        let x = self.state.x;
        if self.state.present[i as usize] >= x.presence[i as usize] {
            return false;
        }
        let Some(block) = self.below(x.school.blocks.len()).map(|b| b as u32) else { return false };
        if !x.school.blocks[block as usize].kind.counts_as_presence() || !self.state.student_open(i, block) {
            return false;
        }
        let seated = self.state.sessions_of[self.state.study() as usize].iter().copied().find(|&k| {
            self.state.sessions[k as usize].block == block
                && self.state.has_seat(k)
                && self.state.suits(i, NONE, k)
        });
        if let Some(k) = seated {
            self.state.attend(i, NONE, k);
            return true;
        }
        let site = x.site_of_student[i as usize];
        let Some(s) = self.pick(x.supervisors.get(site)).map(|s| s.index() as u32) else { return false };
        if !self.state.may_deploy(s, block, NONE) {
            return false;
        }
        let study = self.state.study();
        let places: Vec<u32> = x.places_by_seats.get(site).iter().rev().copied().collect();
        let Some(place) = self.find_place(&places, study, block, s, site, 1) else { return false };
        if !self.state.may_deploy(s, block, place) {
            return false;
        }
        let k = self.state.open(study, block, place, s);
        for &j in short {
            if self.state.has_seat(k) && self.state.student_open(j, block) && self.state.suits(j, NONE, k) {
                self.state.attend(j, NONE, k);
            }
        }
        !self.state.sessions[k as usize].members.is_empty()
    }

    /// A group meets in one more block, or gives a meeting up.
    pub fn change_meeting(&mut self) -> bool {
        let x = self.state.x;
        let Some(group) = self.pick_group() else { return false };
        let Some(block) = self.pick(&x.coaching_blocks) else { return false };
        self.evicted.clear();
        let met = self.state.sessions_of[self.state.meeting(group) as usize]
            .iter()
            .copied()
            .find(|&k| self.state.sessions[k as usize].block == block);
        if let Some(k) = met {
            return self.disband(k);
        }
        self.displaced.clear();
        let coach = self.state.groups[group as usize].coach;
        if !self.take(coach, block) || !self.meet(group, block) {
            return false;
        }
        if self.below(4) != Some(0) {
            self.hand_over();
        }
        self.reseat(1);
        true
    }

    /// Holds a meeting of the group in the block if its coach and a place are free; members give up what
    /// they attend then.
    pub fn meet(&mut self, group: u32, block: u32) -> bool {
        let x = self.state.x;
        let Some(coaching) = &x.school.coaching else { return false };
        let activity = self.state.meeting(group);
        let coach = self.state.groups[group as usize].coach;
        let held = &self.state.sessions_of[activity as usize];
        if x.school.blocks[block as usize].kind != Kind::Coaching
            || held.len() as u32 >= coaching.meetings
            || held.iter().any(|&k| self.state.sessions[k as usize].block == block)
            || !self.state.may_deploy(coach, block, NONE)
        {
            return false;
        }
        let students: Vec<u32> = self.state.groups[group as usize]
            .students
            .iter()
            .copied()
            .filter(|&i| x.school.student_free[(StudentId::new(i as usize), BlockId::new(block as usize))])
            .collect();
        let site = students.iter().find_map(|&i| x.site_of_student[i as usize]);
        let seats = students.len() as u32;
        let Some(place) = self.find_place(x.places_by_seats.get(site), activity, block, coach, site, seats)
        else {
            return false;
        };
        if students.is_empty()
            || !self.state.may_deploy(coach, block, place)
            || students.iter().any(|&i| x.attendance_banned(i, block, None, coach, place))
        {
            return false;
        }
        for &i in &students {
            while let Some(k) = self.state.student_in(i, block) {
                if !self.may_leave(i, k, false) {
                    return false;
                }
                let n = self.take_out(i, k);
                if n != NONE {
                    self.evicted.push(n);
                }
            }
        }
        let k = self.state.open(activity, block, place, coach);
        for i in students {
            self.state.attend(i, NONE, k);
        }
        true
    }

    /// Gives a slot of a package to another member of staff, who may have to give up sessions.
    pub fn change_holder(&mut self) -> bool {
        let Some(slot) = self.below(self.state.holders.len()).map(|slot| slot as u32) else { return false };
        let x = self.state.x;
        let p = self.state.package_of_slot[slot as usize];
        let package = &x.school.packages[p as usize];
        let Some(s) = self.below(x.school.staff.len()) else { return false };
        let staff = &x.school.staff[s];
        let s = s as u32;
        let held = |slot: usize| self.state.package_of_slot[slot] == p && self.state.holders[slot] == s;
        if !(package.roles.is_empty() || package.roles.intersects(staff.roles))
            || (0..self.state.holders.len()).any(held)
        {
            return false;
        }
        self.evicted.clear();
        self.state.hold(slot, s);
        if !self.shed(s) {
            return false;
        }
        self.reseat(1);
        true
    }

    /// Ends sessions of the staff member until they are within `max_blocks`.
    fn shed(&mut self, s: u32) -> bool {
        let Some(max) = self.state.x.school.staff[s as usize].max_blocks else { return true };
        while self.state.load[s as usize] + self.state.package_load[s as usize] > max {
            let week = self.state.staff_week(s);
            let Some(k) = self.pick(&week) else { return false };
            if !self.withdraw(s, k) {
                return false;
            }
        }
        true
    }

    /// Two students of like groups change places, or one moves over; meetings of both groups are held
    /// again where they were.
    pub fn change_group(&mut self) -> bool {
        let Some(coaching) = &self.state.x.school.coaching else { return false };
        let (min, max) = (coaching.min as usize, coaching.max as usize);
        let Some(a) = self.pick_group() else { return false };
        let Some(b) = self.below(self.state.peers(a).len()).map(|index| self.state.peers(a)[index]) else {
            return false;
        };
        if a == b {
            return false;
        }
        let students = &self.state.groups[a as usize].students;
        let Some(i) = self.below(students.len()).map(|index| self.state.groups[a as usize].students[index])
        else {
            return false;
        };
        let others = self.state.groups[b as usize].students.clone();
        let swap = self.pick(&others);
        let like = swap.is_some_and(|j| super::groups::alike(self.state.x.school, i, j));
        if !like || !self.coach_allowed(b, i) {
            return false;
        }
        let one_way = self.state.groups[a as usize].students.len() > min && others.len() < max;
        self.evicted.clear();
        let blocks = [self.close_meetings(a), self.close_meetings(b)];
        self.state.join(i, b);
        if let Some(j) = swap
            && !(one_way && self.below(2) == Some(0))
        {
            if !self.coach_allowed(a, j) {
                return false;
            }
            self.state.join(j, a);
        }
        if [a, b].iter().any(|&g| !super::groups::pairs_hold(&self.state, g)) {
            return false;
        }
        self.meet_again(a, &blocks[0]);
        self.meet_again(b, &blocks[1]);
        self.reseat(0);
        true
    }

    fn site_of_group(&self, group: u32) -> Option<SiteId> {
        let first = self.state.groups[group as usize].students.first()?;
        self.state.x.site_of_student[*first as usize]
    }

    fn coach_allowed(&self, group: u32, i: u32) -> bool {
        let coach = StaffId::new(self.state.groups[group as usize].coach as usize);
        sets::own_staff_allows(self.state.x.school, coach, StudentId::new(i as usize))
    }

    /// Another coach takes the group, or two groups swap coaches.
    pub fn change_coach(&mut self) -> bool {
        let x = self.state.x;
        let Some(a) = self.pick_group() else { return false };
        let site = self.site_of_group(a);
        let Some(coach) = self.pick(x.coaches.get(site)).map(|s| s.index() as u32) else { return false };
        let before = self.state.groups[a as usize].coach;
        if coach == before {
            return false;
        }
        if !self.state.bounds.staff[coach as usize] {
            return false;
        }
        let groups = self.state.bounds.groups.iter().copied();
        let other = groups.into_iter().find(|&g| self.state.groups[g as usize].coach == coach);
        self.evicted.clear();
        let mut changed = vec![(a, coach)];
        changed.extend(other.map(|b| (b, before)));
        let blocks: Vec<Vec<u32>> = changed.iter().map(|&(g, _)| self.close_meetings(g)).collect();
        for &(g, coach) in &changed {
            self.state.set_coach(g, coach);
            let students = self.state.groups[g as usize].students.clone();
            if students.iter().any(|&i| !self.coach_allowed(g, i)) {
                return false;
            }
        }
        for (&(g, coach), blocks) in changed.iter().zip(&blocks) {
            for &block in blocks {
                if x.school.staff_free[(StaffId::new(coach as usize), BlockId::new(block as usize))]
                    && (!self.release(coach, block) || !self.meet(g, block))
                {
                    return false;
                }
            }
        }
        self.reseat(1);
        true
    }

    fn close_meetings(&mut self, group: u32) -> Vec<u32> {
        let activity = self.state.meeting(group) as usize;
        let mut blocks = Vec::new();
        while let Some(&k) = self.state.sessions_of[activity].last() {
            blocks.push(self.state.sessions[k as usize].block);
            if !self.disband(k) {
                break;
            }
        }
        blocks
    }

    fn meet_again(&mut self, group: u32, blocks: &[u32]) {
        for &block in blocks {
            let mark = self.state.mark();
            if !self.meet(group, block) {
                self.state.roll_back(mark);
            }
        }
    }
}
