//! Who comes into a session: students with nothing else then, and those whom it serves better than theirs.

use rand::Rng;

use super::Worker;
use crate::model::search::instance::NONE;
use crate::model::search::state::Session;

impl Worker<'_> {
    /// Fills the session with students who have nothing else then, those who gain most first.
    pub fn fill(&mut self, k: u32) {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let block = session.block;
        for list in state.x.demand_at(session.activity, state.site_at_hand(session.place)) {
            for &n in list {
                if !state.is_open(n) {
                    continue;
                }
                let i = state.x.needs[n as usize].student;
                if state.student_in(i, block).is_none() && state.can_attend(i, n, k) {
                    let chance = (self.random.next_u64() >> 32) as u32;
                    candidates.push((state.gain(i, n, k), chance, i, n));
                }
            }
        }
        let before =
            |a: &(f64, u32, u32, u32), b: &(f64, u32, u32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let session = &self.state.sessions[k as usize];
        let seats = session.capacity.saturating_sub(session.members.len() as u32) as usize;
        let mut left = candidates.as_mut_slice();
        // Mostly there are many more than seats.
        while !left.is_empty() && self.state.has_seat(k) {
            let next = seats.saturating_add(1).min(left.len());
            if next < left.len() {
                left.select_nth_unstable_by(next, before);
            }
            let (first, others) = left.split_at_mut(next);
            first.sort_unstable_by(before);
            for &(_, _, i, n) in &*first {
                if !self.state.has_seat(k) {
                    break;
                }
                if self.state.student_in(i, block).is_none() && self.state.can_attend(i, n, k) {
                    self.state.attend(i, n, k);
                }
            }
            left = others;
        }
        self.candidates = candidates;
    }

    /// Students whom the session serves better than the one they attend for the same need come over, in a
    /// free seat or in exchange for a member to whom it is all the same.
    pub(super) fn attract(&mut self, k: u32) {
        let x = self.state.x;
        let Session { activity, block, lead, .. } = self.state.sessions[k as usize];
        for n in x.demand_for(activity, lead) {
            if self.state.met[n as usize] > 0 {
                self.come_over(self.student_of(n), n, k, block);
            }
        }
    }

    fn come_over(&mut self, i: u32, n: u32, k: u32, block: u32) {
        let x = self.state.x;
        let savepoint = self.state.savepoint();
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
        if self.state.student_in(i, block).is_none() && self.state.can_attend(i, n, k) {
            if !replaced {
                self.state.attend(i, n, k);
                return;
            }
            let members = self.state.sessions[k as usize].members.len();
            let first = self.below(members).unwrap_or(0);
            for index in 0..members {
                let (j, m) = self.state.sessions[k as usize].members[(first + index) % members];
                if self.exchange((i, n), (j, m), from, k) {
                    if self.state.total > savepoint.total + 1e-9 {
                        return;
                    }
                    // With `i` in it, nobody else can make room.
                    break;
                }
            }
        }
        self.state.roll_back(savepoint);
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
        let savepoint = self.state.savepoint();
        self.state.leave(j, k);
        let free = self.state.student_in(j, self.state.sessions[from as usize].block).is_none();
        if free && self.state.can_attend(j, m, from) && self.state.can_attend(i, n, k) {
            self.state.attend(j, m, from);
            self.state.attend(i, n, k);
            return true;
        }
        self.state.roll_back(savepoint);
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
    pub(super) fn fill_by_moving(&mut self, k: u32) {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let needs: Vec<u32> = state
            .x
            .demand_at(session.activity, state.site_at_hand(session.place))
            .flatten()
            .copied()
            .filter(|&n| {
                let i = state.x.needs[n as usize].student;
                state.is_open(n) && state.student_in(i, session.block).is_some()
            })
            .collect();
        for n in needs {
            if !self.state.has_seat(k) {
                break;
            }
            let savepoint = self.state.savepoint();
            let first = self.ejected.len();
            let mut seated = self.insert_with_ejection(n, k);
            while self.ejected.len() > first {
                let Some(ejected) = self.ejected.pop() else { break };
                seated = seated && self.seat_directly(ejected);
            }
            if !seated {
                self.state.roll_back(savepoint);
            }
        }
    }
}
