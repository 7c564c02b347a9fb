//! The state of a schedule that is there already, so that the search goes on from it.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::instance::{Instance, NONE};
use super::moves::Worker;
use super::state::State;
use super::{duties, groups};
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;

/// The week of the schedule without what breaks a rule. `None`: its groups, packages or pins do not hold.
pub fn warm_start<'a>(x: &'a Instance<'a>, from: &Schedule, seed: u64) -> Option<Worker<'a>> {
    let mut state = State::new(x);
    let groups = take_groups(&mut state, from)?;
    take_packages(&mut state, from)?;
    take_meetings(&mut state, from, &groups);
    let mut sessions: Vec<&Session> = from.sessions.iter().collect();
    // What comes first for a student is there before what needs it.
    sessions.sort_by_key(|session| {
        let block = &x.school[session.block];
        (block.day, block.start, block.end)
    });
    for session in sessions {
        take_session(&mut state, session);
    }
    state.commit();
    let mut worker = Worker::new(state, Xoshiro256PlusPlus::seed_from_u64(seed));
    duties::place(&mut worker).then_some(worker)
}

/// The groups, by their number in the schedule.
fn take_groups(state: &mut State, from: &Schedule) -> Option<Vec<u32>> {
    let school = state.x.school;
    let mut of_key: BTreeMap<CoachingKey, Vec<usize>> = BTreeMap::new();
    for (at, group) in from.groups.iter().enumerate() {
        // A group may hold students without a site beside those of one.
        let key = group.students.iter().map(|&i| school.coaching_key(i)).max()?;
        of_key.entry(key).or_default().push(at);
    }
    let mut taken = vec![NONE; from.groups.len()];
    for of_key in of_key.into_values() {
        for (new, at) in state.new_groups(of_key.len()).into_iter().zip(of_key) {
            taken[at] = new;
            state.set_coach(new, from.groups[at].coach.index() as u32);
            from.groups[at].students.iter().for_each(|&i| state.join(i.index() as u32, new));
        }
    }
    let coaching = school.coaching.as_ref();
    let sized = |&g: &u32| {
        let size = state.groups[g as usize].students.len();
        coaching.is_some_and(|coaching| (coaching.min as usize..=coaching.max as usize).contains(&size))
    };
    let grouped =
        |i: StudentId| coaching.is_none() || !school.is_coached(i) || state.group_of[i.index()] != NONE;
    let hold = taken.iter().all(|g| sized(g) && groups::pairs_hold(state, *g));
    (hold && school.student_ids().all(grouped)).then_some(taken)
}

fn take_packages(state: &mut State, from: &Schedule) -> Option<()> {
    let mut holders: Vec<_> = from.package_holders.iter().collect();
    for slot in 0..state.holders.len() {
        let package = PackageId::new(state.package_of_slot[slot] as usize);
        let at = holders.iter().position(|holder| holder.package == package)?;
        let staff = holders.swap_remove(at).staff;
        // Others are found for it then.
        if state.x.school.may_carry(staff, &state.x.school[package]) {
            state.hold(slot as u32, staff.index() as u32);
        }
    }
    state.short_of_standby().is_none().then_some(())
}

/// Meetings that the coach holds; a stand-in is only for a repaired week.
fn take_meetings(state: &mut State, from: &Schedule, groups: &[u32]) {
    let x = state.x;
    let most = x.school.coaching.as_ref().map_or(0, |coaching| coaching.meetings as usize);
    for meeting in from.meetings.iter().filter(|meeting| meeting.stand_in.is_none()) {
        let group = groups[meeting.group];
        let (block, place) = (meeting.block.index() as u32, meeting.place.index() as u32);
        let (coach, activity) = (state.groups[group as usize].coach, state.meeting(group));
        let open = |i: &StudentId| {
            let i = i.index() as u32;
            state.student_open(i, block) && state.too_far_from(i, block, place).is_none()
        };
        let seats = x.school[meeting.place].seats as usize;
        if state.sessions_of[activity as usize].len() < most
            && meeting.students.len() <= seats.min(state.seats_left(place, block) as usize)
            && meeting.students.iter().all(open)
            && state.may_deploy(coach, block, place)
            && state.place_open(place, block)
            && !x.lead_barred(block, None, coach, place)
        {
            let k = state.open(activity, block, place, coach);
            meeting.students.iter().for_each(|i| state.attend(i.index() as u32, NONE, k));
        }
    }
}

fn take_session(state: &mut State, session: &Session) {
    let x = state.x;
    let (activity, offering) = match session.activity {
        Activity::Offering(o) => (o.index() as u32, Some(o.index() as u32)),
        Activity::Study => (state.study(), None),
    };
    let block = session.block.index() as u32;
    let place = session.place.map_or(NONE, |place| place.index() as u32);
    let lead = session.lead.index() as u32;
    let may = |state: &State, s: u32| {
        state.may_deploy(s, block, place) && !x.session_banned(block, offering, s, place)
    };
    if !may(state, lead)
        || x.lead_barred(block, offering, lead, place)
        || (place != NONE && !state.place_open(place, block))
    {
        return;
    }
    let savepoint = state.savepoint();
    let k = state.open(activity, block, place, lead);
    for assistant in session.assistants.iter().map(|s| s.index() as u32) {
        if may(state, assistant) {
            state.assist(k, assistant);
        }
    }
    for attendance in &session.attendances {
        let i = attendance.student.index() as u32;
        let n = attendance.need.map_or(NONE, |need| need.index() as u32);
        let meets = n != NONE || offering.is_none();
        if meets && state.has_seat(k) && state.student_open(i, block) && state.can_attend(i, n, k) {
            state.attend(i, n, k);
        }
    }
    let least = offering.map_or(1, |o| state.least(o));
    if (state.sessions[k as usize].members.len() as u32) < least {
        state.roll_back(savepoint);
    }
}
