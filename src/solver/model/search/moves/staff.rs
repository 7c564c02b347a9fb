//! What is moved so that a member of staff is free: sessions end or are handed over; packages change hands.

use super::Worker;
use crate::model::rules::r4_limits::room;
use crate::model::search::instance::NONE;
use crate::model::search::state::State;
use crate::school::*;

impl Worker<'_> {
    /// Ends the session and adds the needs of its students to `ejected`; `false` if a pin forbids it.
    pub(super) fn disband(&mut self, k: u32) -> bool {
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
            self.ejected.push(n);
        }
        let n = self.state.leave(i, k);
        if n != NONE {
            self.ejected.push(n);
        }
        true
    }

    /// Takes the staff member out of whatever they do at the block.
    pub(super) fn release(&mut self, s: u32, block: u32) -> bool {
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
    pub(super) fn hand_over(&mut self) {
        let x = self.state.x;
        while let Some(session) = self.displaced.pop() {
            let leads = x.leads_of[session.activity as usize].get(self.state.site_at_hand(session.place));
            let Some(first) = self.below(leads.len()) else { continue };
            let mut others = (0..leads.len()).map(|step| leads[(first + step) % leads.len()]);
            let free = others.find(|lead| {
                let s = lead.index() as u32;
                s != session.lead && self.state.may_deploy(s, session.block, session.place)
            });
            let displaced = self.displaced.len();
            let lead = free.unwrap_or(leads[first]).index() as u32;
            self.attempt(|worker| {
                let ready = free.is_some() || (lead != session.lead && worker.take(lead, session.block));
                // What is displaced for a displaced session is not handed over again.
                worker.displaced.truncate(displaced);
                ready && worker.run_again(&session, lead)
            });
        }
    }

    /// Does it, or leaves all as it was.
    pub(super) fn attempt(&mut self, step: impl FnOnce(&mut Self) -> bool) {
        let (savepoint, ejected) = (self.state.savepoint(), self.ejected.len());
        if !step(self) {
            self.ejected.truncate(ejected);
            self.state.roll_back(savepoint);
        }
    }

    /// Makes the staff member free to be deployed in the block.
    pub(super) fn take(&mut self, s: u32, block: u32) -> bool {
        self.state.x.is_free(s, block)
            && self.release(s, block)
            && (self.state.may_deploy(s, block, NONE) || self.make_room(s, block))
    }

    /// Takes an assistant out of a session, with the students who then have no seat.
    fn dismiss(&mut self, k: u32, s: u32) -> bool {
        if !self.state.at_hand(k) {
            return false;
        }
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
            self.ejected.push(n);
        }
        true
    }

    /// Makes room in the limits of the staff member for one more deployment in the block, by ending
    /// another of their sessions.
    fn make_room(&mut self, s: u32, block: u32) -> bool {
        let state = &self.state;
        let day = state.x.school.blocks[block as usize].day;
        let full = room(&state.x.school.staff[s as usize], state.blocks_taken(s)) <= 0;
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
    pub(super) fn find_place(
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
        let suits = |&p: &u32| {
            attends_at(site, state.x.site_of(p))
                && state.place_open(p, block)
                && state.seats_left(p, block) >= students
                && !state.x.lead_barred(block, offering, lead, p)
                && (!state.x.has_travel || state.may_deploy(lead, block, p))
        };
        if !state.x.places_of_units {
            return places.iter().copied().find(suits);
        }
        // Of places alike, one of the lead's unit.
        let first = places.iter().position(suits)?;
        let school = state.x.school;
        let place = |p: u32| &school.places[p as usize];
        let found = place(places[first]);
        let alike = |p: &u32| place(*p).seats == found.seats && place(*p).tags == found.tags;
        let alike = places[first..].iter().copied().filter(alike).filter(suits);
        alike.min_by_key(|&p| school.order_of_place(StaffId::new(lead as usize), PlaceId::new(p as usize)))
    }

    /// Gives a slot of a package to another member of staff, who may have to give up sessions.
    pub fn change_holder(&mut self) -> bool {
        let Some(slot) = self.below(self.state.holders.len()).map(|slot| slot as u32) else { return false };
        let x = self.state.x;
        let p = self.state.package_of_slot[slot as usize];
        let package = &x.school.packages[p as usize];
        let Some(s) = self.below(x.school.staff.len()) else { return false };
        let s = s as u32;
        let held = |slot: usize| self.state.package_of_slot[slot] == p && self.state.holders[slot] == s;
        if !x.school.may_carry(StaffId::new(s as usize), package) || (0..self.state.holders.len()).any(held) {
            return false;
        }
        self.ejected.clear();
        self.state.hold(slot, s);
        let meets_all = |state: &State| {
            state.met_by_holder(slot).all(|other| state.idle_together(s, other).next().is_some())
        };
        if !self.shed(s) || self.state.short_of_standby().is_some() || !meets_all(&self.state) {
            return false;
        }
        self.reseat(1)
    }

    /// Ends sessions of the staff member until the week has room for what is left, and budgets pay for it.
    fn shed(&mut self, s: u32) -> bool {
        let is_too_much = |state: &State| {
            room(&state.x.school.staff[s as usize], state.blocks_taken(s)) < 0 || !state.is_paid(s)
        };
        while is_too_much(&self.state) {
            let week = self.state.staff_week(s);
            let Some(k) = self.pick(&week) else { return false };
            if !self.withdraw(s, k) {
                return false;
            }
        }
        true
    }
}
