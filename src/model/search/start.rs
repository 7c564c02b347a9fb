//! The first schedule: groups, packages and what pins demand, so that all later steps only improve.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::groups;
use super::instance::{Instance, NONE};
use super::moves::Worker;
use super::state::State;
use crate::model::rules::r4_limits::room;
use crate::school::*;

/// A schedule that holds every rule and contains what must be there; `worth` is that of
/// [`super::coaches::plan`]. `None`: groups, packages or pins are not met in this way, of which the engine can
/// tell whether they can be.
pub fn start<'a>(x: &'a Instance<'a>, worth: &[Vec<f64>], seed: u64) -> Option<Worker<'a>> {
    let mut state = State::new(x);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    groups::form(&mut state, worth, &mut random)?;
    hand_out_packages(&mut state)?;
    state.commit();
    let mut worker = Worker::new(state, random);
    run_pinned(&mut worker)?;
    for group in 0..worker.state.groups.len() as u32 {
        for block in 0..x.school.blocks.len() as u32 {
            let savepoint = worker.state.savepoint();
            if !worker.meet(group, block) {
                worker.state.roll_back(savepoint);
            }
        }
    }
    worker.state.commit();
    Some(worker)
}

/// R9, to those with the most blocks left.
fn hand_out_packages(state: &mut State) -> Option<()> {
    let school = state.x.school;
    let mut slots: Vec<u32> = (0..state.holders.len() as u32).collect();
    slots.sort_by_key(|&slot| {
        std::cmp::Reverse(school.packages[state.package_of_slot[slot as usize] as usize].blocks)
    });
    for slot in slots {
        let p = state.package_of_slot[slot as usize];
        let package = &school.packages[p as usize];
        let left = |s: &u32| room(&school.staff[*s as usize], u64::from(state.package_load[*s as usize]));
        let of_package = |&slot: &usize| state.package_of_slot[slot] == p;
        let holders = (0..state.holders.len()).filter(of_package).map(|slot| state.holders[slot]);
        let holders: Vec<u32> = holders.collect();
        let holder = (0..school.staff.len() as u32)
            .filter(|&s| school.staff[s as usize].may_carry(package))
            .filter(|s| !holders.contains(s))
            .filter(|s| left(s) >= i64::from(package.blocks))
            .max_by_key(left);
        state.hold(slot, holder?);
    }
    Some(())
}

/// R8: sessions and attendances that pins demand, those that name most first.
pub fn run_pinned(worker: &mut Worker) -> Option<()> {
    let school = worker.state.x.school;
    let mut pins: Vec<&Pin> = school.demanding_pins().collect();
    pins.sort_by_key(|pin| {
        let named = [pin.staff.is_some(), pin.place.is_some()].into_iter().filter(|&named| named).count();
        (pin.kind == PinKind::Attend, std::cmp::Reverse(named))
    });
    for pin in pins {
        let done = match pin.kind {
            PinKind::Session => worker.run_pinned_session(pin),
            _ => worker.run_pinned_attendance(pin),
        };
        if !done {
            return None;
        }
        worker.state.commit();
    }
    Some(())
}

impl Worker<'_> {
    fn run_pinned_session(&mut self, pin: &Pin) -> bool {
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { return true };
        let (block, activity) = (block.index() as u32, offering.index() as u32);
        let held = self.state.sessions_of[activity as usize].iter().copied().find(|&k| {
            let session = &self.state.sessions[k as usize];
            session.block == block
                && pin.staff.is_none_or(|s| s.index() as u32 == session.lead)
                && pin.place.is_none_or(|p| p.index() as u32 == session.place)
        });
        if let Some(k) = held.filter(|_| pin.student.is_none()) {
            self.state.sessions[k as usize].pinned = true;
            return true;
        }
        let x = self.state.x;
        let leads = x.sets.leads_of[offering.index()].iter();
        let site = pin.student.and_then(|i| x.school[i].site);
        let places: Vec<u32> = match x.school[offering].online {
            true => vec![NONE],
            false => x.places_of[offering.index()].get(site).to_vec(),
        };
        for s in leads.filter(|&&s| pin.staff.is_none_or(|only| only == s)).map(|s| s.index() as u32) {
            for &place in places.iter().filter(|&&p| pin.place.is_none_or(|only| only.index() as u32 == p)) {
                let savepoint = self.state.savepoint();
                if self.state.may_deploy(s, block, place)
                    && (place == NONE || self.state.place_open(place, block))
                    && !x.session_banned(block, Some(activity), s, place)
                    && self.open_filled(activity, block, place, s, pin.student)
                {
                    return true;
                }
                self.state.roll_back(savepoint);
            }
        }
        false
    }

    /// Opens a session with the pinned student, if any, and fills it.
    fn open_filled(
        &mut self,
        activity: u32,
        block: u32,
        place: u32,
        s: u32,
        student: Option<StudentId>,
    ) -> bool {
        let x = self.state.x;
        let k = self.state.open(activity, block, place, s);
        self.state.sessions[k as usize].pinned = true;
        if let Some(student) = student {
            let i = student.index() as u32;
            let needs = x.needs_of_student[i as usize].clone();
            let seat = needs
                .filter(|&n| x.can_meet(n, activity))
                .find(|&n| self.state.student_open(i, block) && self.state.can_attend(i, n, k));
            let Some(n) = seat else { return false };
            self.state.attend(i, n, k);
        }
        self.fill(k);
        self.state.sessions[k as usize].members.len() as u32 >= self.state.least(activity)
    }

    fn run_pinned_attendance(&mut self, pin: &Pin) -> bool {
        let (Some(block), Some(offering), Some(student)) = (pin.block, pin.offering, pin.student) else {
            return true;
        };
        let x = self.state.x;
        let (i, b, activity) = (student.index() as u32, block.index() as u32, offering.index() as u32);
        let named = |k: u32, worker: &Self| {
            let session = &worker.state.sessions[k as usize];
            session.activity == activity && session.block == b && x.pin_names(pin, session)
        };
        if self.state.student_in(i, b).is_some_and(|k| named(k, self)) {
            return true;
        }
        let needs: Vec<u32> =
            x.needs_of_student[i as usize].clone().filter(|&n| x.can_meet(n, activity)).collect();
        for attempt in 0..2 {
            let mut sessions = self.state.sessions_of[activity as usize].clone();
            sessions.retain(|&k| named(k, self));
            for k in sessions {
                for &n in &needs {
                    let savepoint = self.state.savepoint();
                    if self.insert_for_good(n, k) {
                        return true;
                    }
                    self.state.roll_back(savepoint);
                }
            }
            if attempt == 0 {
                let session = Pin { kind: PinKind::Session, ..pin.clone() };
                let savepoint = self.state.savepoint();
                if !self.run_pinned_session(&session) {
                    self.state.roll_back(savepoint);
                    return false;
                }
            }
            if self.state.student_in(i, b).is_some_and(|k| named(k, self)) {
                return true;
            }
        }
        false
    }
}
