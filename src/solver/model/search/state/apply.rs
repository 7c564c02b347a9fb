//! The same steps without a journal: tables, lists and the total, but for what attendances are worth: whoever takes
//! them back has the total of before.

use super::{Held, Session, State};
use crate::model::classes::Numbers;
use crate::model::search::instance::NONE;
use crate::schedule::Activity;
use crate::school::*;

impl State<'_> {
    pub(super) fn raw_open(&mut self, k: u32) {
        let Session { activity, block, place, lead, capacity, .. } = self.sessions[k as usize];
        self.deploy(lead, block, k);
        if place != NONE {
            let at = self.moments(place, block);
            self.place_sessions[at].iter_mut().for_each(|held| *held += 1);
        }
        self.total += self.likes(activity, lead);
        if self.x.wishes.is_some() {
            self.total += self.x.wished_lead(lead, activity);
        }
        let mut positions = [0; 3];
        if activity <= self.study() {
            positions[0] = append(&mut self.running, k);
            let list = self.list_of(activity, place);
            let held = Held { session: k, block, full: capacity == 0 };
            positions[2] = append(&mut self.by_site[list], held);
            self.sessions[k as usize].list = list as u32;
        }
        positions[1] = append(&mut self.sessions_of[activity as usize], k);
        let session = &mut self.sessions[k as usize];
        session.positions = positions;
        session.running = true;
    }

    pub(super) fn raw_close(&mut self, k: u32) {
        let Session { activity, block, place, lead, positions, list, .. } = self.sessions[k as usize];
        self.withdraw(lead, block);
        if place != NONE {
            let at = self.moments(place, block);
            self.place_sessions[at].iter_mut().for_each(|held| *held -= 1);
        }
        self.total -= self.likes(activity, lead);
        if self.x.wishes.is_some() {
            self.total -= self.x.wished_lead(lead, activity);
        }
        let of_activity = &mut self.sessions_of[activity as usize];
        remove(of_activity, &mut self.sessions, positions, 1, |&k| k);
        if activity <= self.study() {
            remove(&mut self.running, &mut self.sessions, positions, 0, |&k| k);
            let of_site = &mut self.by_site[list as usize];
            remove(of_site, &mut self.sessions, positions, 2, |held| held.session);
        }
        self.sessions[k as usize].running = false;
    }

    pub fn likes(&self, activity: u32, lead: u32) -> f64 {
        let school = self.x.school;
        let liked = (activity as usize) < school.offerings.len()
            && school.staff[lead as usize].likes.contains(&OfferingId::new(activity as usize));
        if liked { school.weights.likes } else { 0.0 }
    }

    fn deploy(&mut self, s: u32, block: u32, k: u32) {
        let x = self.x;
        let at = self.moments(s, block);
        hold(&mut self.staff_at[at], k);
        let staff = &x.school.staff[s as usize];
        if self.load[s as usize] < staff.min_blocks {
            self.total += x.school.weights.should;
        }
        if x.wishes.is_some() {
            self.total += x.wished_block(s, block);
        }
        let touched = self.day_touched(s, block);
        self.load[s as usize] += 1;
        let day = self.block(block).day.index();
        self.day_load[s as usize * x.school.days.len() + day] += 1;
        for (spent, covered) in self.spent.iter_mut().zip(&x.in_budget[s as usize]) {
            if *covered {
                *spent += staff.cost;
            }
        }
        if !self.standby.is_empty() {
            self.recount_standby(s, touched);
        }
    }

    /// Counts anew in which blocks of the day, or of the week, the staff member stands by.
    pub(super) fn recount_standby(&mut self, s: u32, day: Option<DayId>) {
        if self.standby.is_empty() {
            return;
        }
        let demands = self.x.sets.standby.demands.len();
        for b in self.blocks_on(day) {
            for demand in 0..demands {
                let at = b as usize * demands + demand;
                let stands_by = self.would_stand_by(s, b, demand, None);
                let before = &mut self.stands_by[s as usize * self.standby.len() + at];
                match (std::mem::replace(before, stands_by), stands_by) {
                    (false, true) => self.standby[at] += 1,
                    (true, false) => self.standby[at] -= 1,
                    _ => {}
                }
            }
        }
    }

    fn withdraw(&mut self, s: u32, block: u32) {
        let x = self.x;
        let at = self.moments(s, block);
        hold(&mut self.staff_at[at], NONE);
        let staff = &x.school.staff[s as usize];
        if x.wishes.is_some() {
            self.total -= x.wished_block(s, block);
        }
        self.load[s as usize] -= 1;
        if self.load[s as usize] < staff.min_blocks {
            self.total -= x.school.weights.should;
        }
        let day = self.block(block).day.index();
        self.day_load[s as usize * x.school.days.len() + day] -= 1;
        for (spent, covered) in self.spent.iter_mut().zip(&x.in_budget[s as usize]) {
            if *covered {
                *spent -= staff.cost;
            }
        }
        if !self.standby.is_empty() {
            self.recount_standby(s, self.day_touched(s, block));
        }
    }

    pub(super) fn raw_attend(&mut self, k: u32, i: u32, n: u32) {
        self.count(k, i, n, 1);
        self.sessions[k as usize].members.push((i, n));
        self.set_full(k);
        let at = self.moments(i, self.sessions[k as usize].block);
        hold(&mut self.student_at[at.clone()], k);
        hold(&mut self.need_at[at], n);
        if n != NONE {
            self.held_in[n as usize] = k;
        }
    }

    pub(super) fn raw_leave(&mut self, k: u32, i: u32) -> u32 {
        let session = &mut self.sessions[k as usize];
        let position = session.members.iter().rposition(|&(j, _)| j == i).expect("a member of the session");
        let (_, n) = session.members.swap_remove(position);
        self.set_full(k);
        let at = self.moments(i, self.sessions[k as usize].block);
        hold(&mut self.student_at[at.clone()], NONE);
        hold(&mut self.need_at[at], NONE);
        if n != NONE {
            self.held_in[n as usize] = NONE;
        }
        self.count(k, i, n, -1);
        n
    }

    pub(super) fn count(&mut self, k: u32, i: u32, n: u32, by: i32) {
        let Session { activity, block, place, shares, .. } = self.sessions[k as usize];
        if shares {
            let at = self.moments(place, block);
            self.place_students[at].iter_mut().for_each(|held| *held = held.wrapping_add_signed(by));
        }
        if self.x.counts_as_presence[block as usize] {
            self.present[i as usize] = self.present[i as usize].wrapping_add_signed(by);
        }
        if n != NONE {
            let need = &self.x.needs[n as usize];
            let met = self.met[n as usize].wrapping_add_signed(by);
            self.met[n as usize] = met;
            if need.counts_for_fairness {
                self.unmet[i as usize] = self.unmet[i as usize].wrapping_add_signed(-by);
            }
            self.set_open(n, met < need.sessions);
        } else if self.group_met(activity).is_some() {
            self.attended_meetings[i as usize] = self.attended_meetings[i as usize].wrapping_add_signed(by);
        }
    }

    fn set_open(&mut self, n: u32, open: bool) {
        let position = self.open_position[n as usize];
        if open && position == NONE {
            self.open_position[n as usize] = self.open_needs.len() as u32;
            self.open_needs.push(n);
        } else if !open && position != NONE {
            self.open_needs.swap_remove(position as usize);
            if let Some(&moved) = self.open_needs.get(position as usize) {
                self.open_position[moved as usize] = position;
            }
            self.open_position[n as usize] = NONE;
        }
    }

    pub(super) fn raw_assist(&mut self, k: u32, s: u32) {
        let block = self.sessions[k as usize].block;
        self.deploy(s, block, k);
        if self.x.wishes.is_some() {
            self.total += self.x.wished_assistance(s);
        }
        self.sessions[k as usize].assistants.push(s);
        self.set_capacity(k);
    }

    pub(super) fn raw_dismiss(&mut self, k: u32, s: u32) {
        let block = self.sessions[k as usize].block;
        self.withdraw(s, block);
        if self.x.wishes.is_some() {
            self.total -= self.x.wished_assistance(s);
        }
        self.sessions[k as usize].assistants.retain(|&assistant| assistant != s);
        self.set_capacity(k);
    }

    fn set_capacity(&mut self, k: u32) {
        let session = &self.sessions[k as usize];
        if session.activity < self.study() {
            let seats = self.x.school.places.get(session.place as usize).map_or(u32::MAX, |p| p.seats);
            let offering = Activity::Offering(OfferingId::new(session.activity as usize));
            let most = Numbers::of(self.x.school, offering).most(session.assistants.len() as u32, seats);
            self.sessions[k as usize].capacity = most;
            self.set_full(k);
        }
    }

    fn set_full(&mut self, k: u32) {
        let session = &self.sessions[k as usize];
        if let Some(of_site) = self.by_site.get_mut(session.list as usize) {
            let full = session.members.len() as u32 >= session.capacity;
            of_site[session.positions[2] as usize].full = full;
        }
    }

    pub(super) fn raw_coach(&mut self, group: u32, coach: u32) -> u32 {
        let weight = self.x.school.weights.coach_kept;
        let before = std::mem::replace(&mut self.groups[group as usize].coach, coach);
        let kept = |coach: u32| {
            let members = self.groups[group as usize].students.iter();
            members.filter(|&&i| self.keeps_coach(i, coach)).count() as f64
        };
        self.total += weight * (kept(coach) - kept(before));
        before
    }

    fn keeps_coach(&self, i: u32, coach: u32) -> bool {
        self.x.school.students[i as usize].coach.is_some_and(|present| present.index() as u32 == coach)
    }

    pub(super) fn raw_join(&mut self, i: u32, group: u32) -> u32 {
        let weight = self.x.school.weights.coach_kept;
        let before = std::mem::replace(&mut self.group_of[i as usize], group);
        if before != NONE {
            self.groups[before as usize].students.retain(|&j| j != i);
            if self.groups[before as usize].students.is_empty() {
                self.bounds.groups.retain(|&g| g != before);
            }
            if self.keeps_coach(i, self.groups[before as usize].coach) {
                self.total -= weight;
            }
        }
        if group != NONE {
            if self.groups[group as usize].students.is_empty() {
                self.bounds.groups.push(group);
            }
            self.groups[group as usize].students.push(i);
            if self.keeps_coach(i, self.groups[group as usize].coach) {
                self.total += weight;
            }
        }
        before
    }

    pub(super) fn raw_hold(&mut self, slot: u32, staff: u32) -> u32 {
        let package = self.package_of_slot[slot as usize];
        let blocks = self.x.school.packages[package as usize].blocks;
        let before = std::mem::replace(&mut self.holders[slot as usize], staff);
        if before != NONE {
            self.package_load[before as usize] -= blocks;
            self.pay(before, -f64::from(blocks));
            self.total -= self.x.wished_package(before, package);
        }
        if staff != NONE {
            self.package_load[staff as usize] += blocks;
            self.pay(staff, f64::from(blocks));
            self.total += self.x.wished_package(staff, package);
        }
        [before, staff].into_iter().filter(|&s| s != NONE).for_each(|s| self.recount_standby(s, None));
        before
    }

    /// What so many more blocks of the staff member cost.
    fn pay(&mut self, s: u32, blocks: f64) {
        let cost = self.x.school.staff[s as usize].cost * blocks;
        for (spent, covered) in self.spent.iter_mut().zip(&self.x.in_budget[s as usize]) {
            if *covered {
                *spent += cost;
            }
        }
    }
}

/// Most blocks have one moment, for which a call that fills is dear.
fn hold(moments: &mut [u32], what: u32) {
    match moments {
        [moment] => *moment = what,
        several => several.fill(what),
    }
}

pub(in crate::model::search) fn append<T>(list: &mut Vec<T>, item: T) -> u32 {
    list.push(item);
    list.len() as u32 - 1
}

/// Takes a session out of one of its lists; the last one, `session_of` it, moves to its place.
fn remove<T>(
    list: &mut Vec<T>,
    sessions: &mut [Session],
    positions: [u32; 3],
    which: usize,
    session_of: impl Fn(&T) -> u32,
) {
    let position = positions[which] as usize;
    list.swap_remove(position);
    if let Some(moved) = list.get(position) {
        sessions[session_of(moved) as usize].positions[which] = position as u32;
    }
}
