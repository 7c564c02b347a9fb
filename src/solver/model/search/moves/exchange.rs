//! Leads exchange sessions, in one block or across the week, so that the load of each stays as it is (a 2-exchange, as
//! in the assignment problem): a move by chance, and a search for all exchanges that gain.

use super::Worker;
use crate::model::search::instance::NONE;
use crate::model::search::state::Session;
use crate::school::*;

/// Less is no gain.
const TIE: f64 = 1e-9;

impl Worker<'_> {
    /// Another person leads the session: who has something to do then, or has no block left, leads the other session and
    /// hands their own to the lead of this one.
    pub fn change_lead(&mut self) -> bool {
        let Some((k, i, _)) = self.pick_attendance() else { return false };
        let x = self.state.x;
        let session = &self.state.sessions[k as usize];
        let Session { activity, block, place, lead, .. } = *session;
        if !self.may_change_lead(session) {
            return false;
        }
        let leads = x.leads_of[activity as usize].get(self.state.site_at_hand(place));
        let Some(s) = self.pick_lead(leads, i) else { return false };
        if s == lead || !x.is_free(s, block) {
            return false;
        }
        let other = match self.state.staff_sessions(s, block).first() {
            None if self.state.may_deploy(s, block, place) => None,
            None => match self.pick_in_return(s, lead) {
                None => return false,
                found => found,
            },
            Some(&busy) if self.state.sessions[busy as usize].block == block => Some(busy),
            Some(_) => return false,
        };
        self.ejected.clear();
        self.change_leads(k, s, other)
    }

    /// Leads exchange sessions until no two do that gains anything, or `go_on` ends it.
    pub fn exchange_leads(&mut self, go_on: impl Fn() -> bool) {
        if !self.attracts && self.state.x.wishes.is_none() {
            return;
        }
        let mut found = true;
        while found {
            found = false;
            for k in self.state.running.clone() {
                if !go_on() {
                    return;
                }
                if let Some((s, other)) = self.best_lead(k) {
                    let before = self.state.total;
                    self.ejected.clear();
                    self.attempt(|worker| {
                        worker.change_leads(k, s, other) && worker.state.total > before + TIE
                    });
                    found |= self.state.total > before;
                }
            }
            self.state.commit();
        }
    }

    /// Who had better lead the session, and what they hand over in return, while students stay where they are.
    fn best_lead(&self, k: u32) -> Option<(u32, Option<u32>)> {
        let state = &self.state;
        let session = &state.sessions[k as usize];
        let Session { activity, block, place, lead, .. } = *session;
        if !session.running || !self.may_change_lead(session) || !state.at_hand(k) {
            return None;
        }
        let now = self.worth_of_lead(k, lead);
        let mut best: Option<(f64, u32, Option<u32>)> = None;
        let leads = state.x.leads_of[activity as usize].get(state.site_at_hand(place));
        for s in leads.iter().map(|s| s.index() as u32).filter(|&s| s != lead && state.x.is_free(s, block)) {
            let here = self.worth_of_lead(k, s) - now;
            let mut look_at = |gain: f64, other: Option<u32>| {
                if gain > best.map_or(TIE, |(most, ..)| most) {
                    best = Some((gain, s, other));
                }
            };
            let back = |other: u32| self.worth_of_lead(other, lead) - self.worth_of_lead(other, s);
            if let Some(&busy) = state.staff_sessions(s, block).first() {
                let at_once = &state.sessions[busy as usize];
                if at_once.block == block && self.may_hand_over(at_once, s, lead) {
                    look_at(here + back(busy), Some(busy));
                }
                continue;
            }
            if state.may_deploy(s, block, place) {
                look_at(here, None);
            }
            for other in state.staff_week(s) {
                if self.fits_in_return(other, s, lead) {
                    look_at(here + back(other), Some(other));
                }
            }
        }
        best.map(|(_, s, other)| (s, other))
    }

    /// What it is worth to the students of the session, and to the lead, who leads it.
    fn worth_of_lead(&self, k: u32, lead: u32) -> f64 {
        let session = &self.state.sessions[k as usize];
        let needs = session.members.iter().map(|&(_, n)| n).filter(|&n| n != NONE);
        let extra: f64 = needs.map(|n| self.state.x.extra(n, lead)).sum();
        let x = self.state.x;
        let wished = x.wished_lead(lead, session.activity) + x.wished_block(lead, session.block);
        extra + self.state.likes(session.activity, lead) + wished
    }

    /// `s` leads session `k`, whose lead leads `other`, if any, in return; both with as many of their students as suit.
    fn change_leads(&mut self, k: u32, s: u32, other: Option<u32>) -> bool {
        let session = self.state.sessions[k as usize].clone();
        let in_return = other.map(|other| (other, self.state.sessions[other as usize].clone()));
        if let Some((other, handed_over)) = &in_return
            && !(self.may_hand_over(handed_over, s, session.lead) && self.disband(*other))
        {
            return false;
        }
        if !self.disband(k) || !self.run_again(&session, s) {
            return false;
        }
        if let Some((_, handed_over)) = &in_return
            && !self.run_again(handed_over, session.lead)
        {
            return false;
        }
        self.reseat(0)
    }

    /// Whether it is a session of an offering that nothing holds to its lead.
    fn may_change_lead(&self, session: &Session) -> bool {
        session.activity < self.state.study() && !session.pinned && session.assistants.is_empty()
    }

    /// Whether the session is led by `from` and could be led by `to`, for all that is known of them alone.
    fn may_hand_over(&self, session: &Session, from: u32, to: u32) -> bool {
        let school = self.state.x.school;
        session.lead == from
            && self.may_change_lead(session)
            && school.staff[to as usize].may_lead(&school.offerings[session.activity as usize])
    }

    /// The same where `to` has nothing else then.
    fn fits_in_return(&self, k: u32, from: u32, to: u32) -> bool {
        let session = &self.state.sessions[k as usize];
        self.state.x.is_free(to, session.block)
            && self.state.staff_sessions(to, session.block).is_empty()
            && self.may_hand_over(session, from, to)
    }

    /// Some session that the staff member could hand over to somebody who has nothing else then.
    fn pick_in_return(&mut self, from: u32, to: u32) -> Option<u32> {
        let week = self.state.staff_week(from);
        let first = self.below(week.len())?;
        (0..week.len())
            .map(|step| week[(first + step) % week.len()])
            .find(|&k| self.fits_in_return(k, from, to))
    }
}
