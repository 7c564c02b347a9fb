//! Students for a session that has too few: augmenting paths from session to session.

use super::Worker;
use crate::model::search::instance::NONE;

/// Longest path: sessions that each give a student to the one before.
const LONGEST_PATH: u32 = 6;

impl Worker<'_> {
    /// Brings students into the session until it has `least`, as far as there are any.
    pub fn recruit_up_to(&mut self, k: u32, least: u32) -> bool {
        while (self.state.sessions[k as usize].members.len() as u32) < least {
            if !self.state.has_seat(k) || !self.recruit(k, LONGEST_PATH, &mut vec![k]) {
                return false;
            }
        }
        true
    }

    /// Brings students up to `least` out of sessions that can spare them, those who meet the same need there.
    pub fn recruit_spared(&mut self, k: u32, least: u32) {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let place = state.site_at_hand(session.place);
        let lists = state.x.demand_at(session.activity, place);
        let asking: Vec<u32> = lists.flatten().copied().filter(|&n| state.met[n as usize] > 0).collect();
        let Some(first) = self.below(asking.len()) else { return };
        let mut path = vec![k];
        for step in 0..asking.len() {
            let session = &self.state.sessions[k as usize];
            if session.members.len() as u32 >= least || !self.state.has_seat(k) {
                break;
            }
            self.call_over(asking[(first + step) % asking.len()], k, (0, true), &mut path);
            path.truncate(1);
        }
    }

    /// Brings one more student into the session: one who has nothing else then, or one of another session that can
    /// spare them or finds somebody in turn. Needs that lose their attendance are added to `ejected`. `path`: sessions
    /// that look for somebody already. On `false` nothing has changed.
    pub fn recruit(&mut self, k: u32, depth: u32, path: &mut Vec<u32>) -> bool {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let (activity, block) = (session.activity, session.block);
        let asking: Vec<u32> =
            state.x.demand_at(activity, state.site_at_hand(session.place)).flatten().copied().collect();
        let Some(first) = self.below(asking.len()) else { return false };
        let (later, sooner) = asking.split_at(first);
        let asking = || sooner.iter().chain(later).copied();
        for n in asking() {
            let i = self.student_of(n);
            let state = &self.state;
            if state.is_open(n) && state.student_in(i, block).is_none() && state.can_attend(i, n, k) {
                self.state.attend(i, n, k);
                return true;
            }
        }
        // Of sessions that can spare somebody before those that cannot.
        for spared in [true, false] {
            if !spared && depth == 0 {
                break;
            }
            for n in asking() {
                if self.call_over(n, k, (depth, spared), path) {
                    return true;
                }
            }
        }
        false
    }

    /// The student of the need leaves what stands in the way of the session and attends it.
    fn call_over(&mut self, n: u32, k: u32, (depth, spared): (u32, bool), path: &mut Vec<u32>) -> bool {
        let i = self.student_of(n);
        let block = self.state.sessions[k as usize].block;
        let clash = self.state.student_in(i, block);
        let full = self.state.met[n as usize] >= self.state.x.needs[n as usize].sessions;
        let met_there =
            clash.is_some_and(|clash| self.state.sessions[clash as usize].members.contains(&(i, n)));
        let instead = (full && !met_there)
            .then(|| self.state.attendance_for(i, n, |held| Some(held) != clash))
            .flatten();
        if clash == Some(k) || instead == Some(k) || (full && !met_there && instead.is_none()) {
            return false;
        }
        let left: Vec<u32> = clash.into_iter().chain(instead).collect();
        if left.is_empty() || left.iter().any(|held| path.contains(held)) {
            return false;
        }
        let can_spare = |held: u32| {
            let session = &self.state.sessions[held as usize];
            session.activity >= self.state.study()
                || session.members.len() as u32 > self.state.least(session.activity)
        };
        if left.iter().all(|&held| can_spare(held)) != spared
            || !left.iter().all(|&held| self.may_leave(i, held, true) || self.pinned_to_either(i, held, k))
        {
            return false;
        }
        let savepoint = self.state.savepoint();
        let ejected = self.ejected.len();
        for &held in &left {
            let lost = self.take_out(i, held);
            if lost != NONE && lost != n {
                self.ejected.push(lost);
            }
        }
        if self.state.student_in(i, block).is_none() && self.state.can_attend(i, n, k) {
            self.state.attend(i, n, k);
            path.push(k);
            path.extend(&left);
            let replaced = left.iter().all(|&held| self.replace(held, depth, path));
            if replaced {
                return true;
            }
        }
        self.ejected.truncate(ejected);
        self.state.roll_back(savepoint);
        false
    }

    /// A session that gave a student gets another if it has too few now.
    fn replace(&mut self, k: u32, depth: u32, path: &mut Vec<u32>) -> bool {
        let session = &self.state.sessions[k as usize];
        let enough = !session.running
            || session.activity >= self.state.study()
            || session.members.len() as u32 >= self.state.least(session.activity);
        enough || (depth > 0 && self.recruit(k, depth - 1, path))
    }

    /// Whether the student is pinned to the one session in words that hold for the other as well.
    fn pinned_to_either(&self, i: u32, from: u32, to: u32) -> bool {
        let [from, to] = [from, to].map(|k| &self.state.sessions[k as usize]);
        from.activity == to.activity && self.state.x.pins_hold_in(i, from, to)
    }
}
