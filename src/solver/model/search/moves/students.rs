//! Moves of students: into a session for a need, from one session to another, two in exchange.

use super::Worker;
use crate::model::search::instance::NONE;
use crate::model::search::state::Held;

/// Sessions tried when a student is to be seated by moving others.
const WIDTH: usize = 6;

/// Open needs that get another chance after a round, and tries each.
const HARD_CASES: usize = 100;
const HARD_TRIES: usize = 20;

impl Worker<'_> {
    /// Whether the student may be taken out of the session and the rest still holds; `replaced`: someone
    /// else takes the seat, so that the least number is kept.
    pub(super) fn may_leave(&self, i: u32, k: u32, replaced: bool) -> bool {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        if !state.at_hand(k) || session.activity >= state.study() {
            return state.at_hand(k) && session.activity == state.study();
        }
        (replaced || session.members.len() as u32 > state.least(session.activity))
            && !state.x.attendance_pinned(i, session)
            && state.dependents(i, k).is_empty()
    }

    /// Takes the student out; a study session left empty ends.
    pub(super) fn take_out(&mut self, i: u32, k: u32) -> u32 {
        let n = self.state.leave(i, k);
        let session = &self.state.sessions[k as usize];
        if session.activity == self.state.study() && session.members.is_empty() {
            self.state.close(k);
        }
        n
    }

    /// Seats the need in a session with a free seat at a time when the student has nothing else: the one
    /// that gains most.
    pub(super) fn seat_directly(&mut self, n: u32) -> bool {
        let i = self.student_of(n);
        let state = &self.state;
        let mut best: Option<(f64, u32)> = None;
        for &o in state.x.offerings_for(n) {
            let site = state.x.site_of_student[i as usize];
            for &Held { session: k, block, full } in state.sessions_at(o, site).flatten() {
                if full || state.student_in(i, block).is_some() {
                    continue;
                }
                let gain = state.x.extra(n, state.sessions[k as usize].lead) + state.presence_gain(i, block);
                if best.is_none_or(|(most, _)| gain > most) && state.has_seat(k) && state.can_attend(i, n, k)
                {
                    best = Some((gain, k));
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
            let savepoint = self.state.savepoint();
            let first = self.ejected.len();
            if self.insert_with_ejection(n, k) {
                let mut seated = true;
                while self.ejected.len() > first {
                    let Some(ejected) = self.ejected.pop() else { break };
                    seated = seated && self.seat(ejected, depth - 1);
                }
                if seated {
                    return true;
                }
            }
            self.ejected.truncate(first);
            self.state.roll_back(savepoint);
        }
        false
    }

    /// Some session of the offering that the student of the need can reach, on a day of the need.
    fn pick_session(&mut self, o: u32, n: u32) -> Option<u32> {
        let site = self.state.x.site_of_student[self.student_of(n) as usize];
        if self.state.x.needs[n as usize].has_days {
            let held = self.state.sessions_at(o, site).flatten();
            let today = held.filter(|held| self.state.x.may_be_met_in(n, held.block));
            let sessions: Vec<u32> = today.map(|held| held.session).collect();
            return self.pick(&sessions);
        }
        let count = self.state.sessions_at(o, site).map(Vec::len).sum();
        let index = self.below(count)?;
        self.state.sessions_at(o, site).flatten().nth(index).map(|held| held.session)
    }

    /// Of some sessions for the need the one whose lead serves it best.
    fn pick_better(&mut self, n: u32) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        for _ in 0..if self.attracts { 3 } else { 1 } {
            let o = self.pick_offering(n)?;
            let k = self.pick_session(o, n)?;
            let extra = self.state.x.extra(n, self.state.sessions[k as usize].lead);
            if best.is_none_or(|(most, _)| extra > most) {
                best = Some((extra, k));
            }
        }
        best.map(|(_, k)| k)
    }

    /// Puts the student into the session whoever must go; needs that lose their attendance are added to
    /// `ejected`. On `false` the caller rolls back.
    pub(super) fn insert_with_ejection(&mut self, n: u32, k: u32) -> bool {
        let i = self.student_of(n);
        let block = self.state.sessions[k as usize].block;
        if self.state.student_in(i, block) == Some(k) {
            return self.meet_instead(i, n, k);
        }
        if !self.state.can_attend(i, n, k) && !self.suits_after_clash(i, k) {
            return false;
        }
        while let Some(clash) = self.state.student_in(i, block) {
            if clash == k || !self.may_leave(i, clash, false) {
                return false;
            }
            let loser = self.take_out(i, clash);
            if loser != NONE {
                self.ejected.push(loser);
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
            self.ejected.push(loser);
            if !self.state.has_seat(k) {
                return false;
            }
        }
        if !self.state.can_attend(i, n, k) {
            return false;
        }
        self.state.attend(i, n, k);
        true
    }

    /// The student's attendance of the session meets `n` instead of another need, which is added to `ejected`.
    /// On `false` the caller rolls back.
    fn meet_instead(&mut self, i: u32, n: u32, k: u32) -> bool {
        let before = self.state.leave(i, k);
        if before == NONE || before == n || !self.state.can_attend(i, n, k) {
            return false;
        }
        self.state.attend(i, n, k);
        self.ejected.push(before);
        true
    }

    /// Whether the only hindrance may be the session the student would give up.
    fn suits_after_clash(&self, i: u32, k: u32) -> bool {
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
        self.ejected.clear();
        if !self.insert_with_ejection(n, k) {
            return false;
        }
        self.reseat(depth)
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
                let savepoint = self.state.savepoint();
                self.ejected.clear();
                if self.seat(n, 3) && self.state.total > savepoint.total + 1e-9 {
                    self.state.commit();
                    break;
                }
                self.state.roll_back(savepoint);
            }
        }
    }

    /// An attendance moves to another session of the same need.
    pub fn move_attendance(&mut self) -> bool {
        let Some((k, i, n)) = self.pick_attendance() else { return false };
        if !self.may_leave(i, k, false) {
            return false;
        }
        let Some(to) = self.pick_better(n) else { return false };
        if to == k {
            return false;
        }
        self.ejected.clear();
        self.take_out(i, k);
        if !self.insert_with_ejection(n, to) {
            return false;
        }
        self.reseat(1)
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
        if self.state.student_in(i, to_block).is_some() || !self.state.can_attend(i, n, to) {
            return false;
        }
        self.state.attend(i, n, to);
        if self.state.student_in(j, from_block).is_some() || !self.state.can_attend(j, m, k) {
            return false;
        }
        self.state.attend(j, m, k);
        true
    }

    /// Some attendance that meets a need: session, student, need.
    pub(super) fn pick_attendance(&mut self) -> Option<(u32, u32, u32)> {
        let k = self.below(self.state.running.len()).map(|index| self.state.running[index])?;
        let index = self.below(self.state.sessions[k as usize].members.len())?;
        let (i, n) = self.state.sessions[k as usize].members[index];
        (n != NONE).then_some((k, i, n))
    }

    /// Moving others to seat all students of a session that ended is dear, and rarely what decides.
    pub(super) fn reseat_mostly_directly(&mut self) -> bool {
        let depth = u32::from(self.below(8) == Some(0));
        self.reseat(depth)
    }

    /// Seats the ejected needs again as far as possible; `false` as soon as too many are left over for the move to be
    /// kept, whatever the others bring.
    pub(super) fn reseat(&mut self, depth: u32) -> bool {
        let x = self.state.x;
        // The dearest first: they find more seats free, and their loss tells soonest.
        self.ejected
            .sort_unstable_by(|&a, &b| x.needs[a as usize].value.total_cmp(&x.needs[b as usize].value));
        let mut pending: f64 = self.ejected.iter().map(|&n| self.most(n)).sum();
        while let Some(n) = self.ejected.pop() {
            if self.state.total + pending < self.floor {
                return false;
            }
            pending -= self.most(n);
            let need = &self.state.x.needs[n as usize];
            if self.state.met[n as usize] < need.sessions {
                let first = self.ejected.len();
                self.seat(n, depth);
                self.ejected.truncate(first);
            }
        }
        self.state.total >= self.floor
    }

    /// What a seat for the need can gain at most.
    fn most(&self, n: u32) -> f64 {
        let x = self.state.x;
        let need = &x.needs[n as usize];
        let unmet = if need.counts_for_fairness { self.state.unmet[need.student as usize] } else { 0 };
        let i = need.student;
        let present = self.state.present[i as usize] >= x.presence[i as usize];
        let presence = if present { 0.0 } else { x.school.weights.should };
        need.most + presence + x.school.weights.fairness * f64::from(unmet)
    }
}
