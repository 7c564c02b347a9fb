//! Moves of sessions: they start, move, end or get an assistant; study.

use super::Worker;
use crate::model::search::instance::NONE;
use crate::model::search::state::Session;
use crate::school::*;

impl Worker<'_> {
    /// Runs a session for an open need, whatever its lead did before at that time.
    pub fn run_session(&mut self) -> bool {
        let Some(n) = self.pick_open_need() else { return false };
        let Some(o) = self.pick_offering(n) else { return false };
        let i = self.student_of(n);
        let Some((block, lead)) = self.pick_time(o, n) else { return false };
        self.ejected.clear();
        self.run(o, block, lead, i, None)
    }

    /// A session runs in another block, perhaps with another lead, for those who can come then.
    pub fn move_session(&mut self) -> bool {
        let Some((k, i, n)) = self.pick_attendance() else { return false };
        let Session { activity: o, block: before, lead: led, .. } = self.state.sessions[k as usize];
        let Some((block, mut lead)) = self.pick_time(o, n) else { return false };
        if self.below(2) == Some(0) && self.state.x.is_free(led, block) {
            lead = led;
        }
        self.ejected.clear();
        let given_up = (lead == led).then_some(before);
        (block, lead) != (before, led) && self.disband(k) && self.run(o, block, lead, i, given_up)
    }

    /// The displaced sessions run in the block that their lead has given up, if they may.
    fn run_displaced_in(&mut self, block: u32) {
        let x = self.state.x;
        while let Some(session) = self.displaced.pop() {
            if !x.sets.blocks_of[session.activity as usize].contains(&BlockId::new(block as usize)) {
                continue;
            }
            let lead = session.lead;
            self.attempt(|worker| worker.run_again(&Session { block, ..session }, lead));
        }
    }

    /// A session ends; its students go to others where there is room.
    pub fn close_session(&mut self) -> bool {
        let Some(k) = self.below(self.state.running.len()).map(|index| self.state.running[index]) else {
            return false;
        };
        self.ejected.clear();
        if !self.disband(k) {
            return false;
        }
        self.reseat_mostly_directly()
    }

    /// Some block and lead for a session of the offering, when neither the student of the need nor the lead is busy.
    pub(super) fn pick_time(&mut self, o: u32, n: u32) -> Option<(u32, u32)> {
        let x = self.state.x;
        let i = self.student_of(n);
        let blocks = &x.sets.blocks_of[o as usize];
        let block = if x.needs[n as usize].has_days {
            let today = |block: &BlockId| x.may_be_met_in(n, block.index() as u32);
            self.pick(&blocks.iter().copied().filter(today).collect::<Vec<_>>())?
        } else {
            self.pick(blocks)?
        };
        let leads = x.leads_of[o as usize].get(x.site_of_student[i as usize]);
        let (block, lead) = (block.index() as u32, self.pick_lead(leads, i)?);
        let open = x.school.student_free[(StudentId::new(i as usize), BlockId::new(block as usize))]
            && x.is_free(lead, block);
        open.then_some((block, lead))
    }

    /// One of the leads, rather of the student's unit than of another.
    pub(super) fn pick_lead(&mut self, leads: &[StaffId], i: u32) -> Option<u32> {
        let school = self.state.x.school;
        let unit = school.students[i as usize].unit;
        let mut lead = self.pick(leads)?;
        if self.attracts && unit.is_some() && school[lead].unit != unit {
            lead = self.pick(leads)?;
        }
        Some(lead.index() as u32)
    }

    /// Runs a session of the offering for the student; its lead gives up what they did then; needs that lost their
    /// attendance are seated again if possible. In the block that the lead has given up, if any, they may do what they
    /// did in this one.
    fn run(&mut self, o: u32, block: u32, s: u32, i: u32, given_up: Option<u32>) -> bool {
        self.displaced.clear();
        if !self.take(s, block) || !self.start(o, block, s, i) {
            return false;
        }
        if let Some(before) = given_up.filter(|_| self.below(4) != Some(0)) {
            self.run_displaced_in(before);
        } else if self.below(2) == Some(0) {
            self.hand_over();
        }
        self.reseat_mostly_directly()
    }

    /// Opens a session of the offering that the student can reach and fills it; `false` if there is no
    /// place or fewer than the least number of students.
    pub(super) fn start(&mut self, o: u32, block: u32, s: u32, i: u32) -> bool {
        let x = self.state.x;
        let offering = &x.school.offerings[o as usize];
        let place = if offering.online {
            (!x.session_banned(block, Some(o), s, NONE)).then_some(NONE)
        } else {
            let site = x.site_of_student[i as usize];
            self.find_place(x.places_of[o as usize].get(site), o, block, s, site, self.state.least(o))
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
        // Where sessions are nearly full with their least number, a further one lives on what the others can spare.
        let least = self.state.least(o);
        let members = self.state.sessions[k as usize].members.len() as u32;
        if members < least && 2 * least > offering.max && self.below(4) == Some(0) {
            self.recruit_spared(k, least);
        }
        self.state.sessions[k as usize].members.len() as u32 >= least
    }

    /// Runs a disbanded session again with another lead and as many of its students as suit, in another place if its
    /// own is taken.
    pub(super) fn run_again(&mut self, session: &Session, lead: u32) -> bool {
        let x = self.state.x;
        let Session { activity, block, .. } = *session;
        let least = self.state.least(activity);
        let open = |p: u32| {
            self.state.place_open(p, block)
                && self.state.seats_left(p, block) >= least
                && !x.lead_barred(block, Some(activity), lead, p)
        };
        let place = match session.place {
            NONE => Some(NONE),
            place if open(place) => Some(place),
            taken => {
                let site = self.state.site_at_hand(taken);
                self.find_place(x.places_of[activity as usize].get(site), activity, block, lead, site, least)
            }
        };
        let Some(place) = place else { return false };
        if !self.state.may_deploy(lead, block, place) || x.lead_barred(block, Some(activity), lead, place) {
            return false;
        }
        let k = self.state.open(activity, block, place, lead);
        for &(i, n) in &session.members {
            if self.state.can_attend(i, n, k)
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
        self.state.sessions[k as usize].members.len() as u32 >= least
    }

    /// An assistant joins a full session, which takes more students; or any, if they wish to.
    pub fn add_assistant(&mut self) -> bool {
        let Some(k) = self.below(self.state.running.len()).map(|index| self.state.running[index]) else {
            return false;
        };
        let x = self.state.x;
        let session = &self.state.sessions[k as usize];
        let fills = session.activity < self.state.study()
            && x.assisted[session.activity as usize]
            && session.members.len() as u32 >= session.capacity;
        if session.activity >= self.state.study()
            || session.assistants.len() as u32 >= x.school.offerings[session.activity as usize].assistants
            || (!fills && x.wishes.is_none())
        {
            return false;
        }
        let (block, place, activity) = (session.block, session.place, session.activity);
        let Some(s) = self
            .pick(x.assistants_of[session.activity as usize].get(self.state.site_at_hand(place)))
            .map(|s| s.index() as u32)
        else {
            return false;
        };
        if !self.state.may_deploy(s, block, place) || x.session_banned(block, Some(activity), s, place) {
            return false;
        }
        if !fills && x.wished_assistance(s) + x.wished_block(s, block) <= 0.0 {
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
                && self.state.at_hand(k)
                && self.state.has_seat(k)
                && self.state.can_attend(i, NONE, k)
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
            if self.state.has_seat(k)
                && self.state.student_open(j, block)
                && self.state.can_attend(j, NONE, k)
            {
                self.state.attend(j, NONE, k);
            }
        }
        !self.state.sessions[k as usize].members.is_empty()
    }
}
