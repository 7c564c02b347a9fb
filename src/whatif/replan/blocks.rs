//! Puts blocks back as they were in which everybody does what they did, only elsewhere or with somebody else.

use std::collections::BTreeMap;

use crate::model::objective;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;

use super::places;
use super::strike::Struck;

/// Every such block that nothing was struck in, unless that loses something.
pub fn stay(school: &School, sets: &Sets, before: &[Session], struck: &Struck, schedule: &mut Schedule) {
    let in_block = |sessions: &[Session], block: BlockId| -> Vec<Session> {
        let here = sessions.iter().filter(|session| session.block == block);
        let mut here: Vec<Session> = here.cloned().collect();
        here.sort_by_key(|session| session.lead);
        here
    };
    for block in school.block_ids() {
        let old = in_block(before, block);
        let now = in_block(&schedule.sessions, block);
        if old == now || old != in_block(&struck.schedule.sessions, block) || duties(&old) != duties(&now) {
            continue;
        }
        let mut back = schedule.clone();
        back.sessions.retain(|session| session.block != block);
        let first = back.sessions.len();
        back.sessions.extend(with_needs_of(&now, old));
        let fits = (first..back.sessions.len()).all(|at| {
            let place = back.sessions[at].place;
            place.is_none_or(|place| places::suits(school, sets, &back, at, place))
        });
        if fits && objective::total(school, &back) >= objective::total(school, schedule) - 1e-6 {
            *schedule = back;
        }
    }
}

/// Who leads and assists what, and what every student attends.
fn duties(sessions: &[Session]) -> (Vec<(StaffId, Activity, Vec<StaffId>)>, BTreeMap<StudentId, Activity>) {
    let staff = sessions.iter().map(|session| (session.lead, session.activity, session.assistants.clone()));
    let attended = |session: &Session| {
        session.attendances.iter().map(|at| (at.student, session.activity)).collect::<Vec<_>>()
    };
    (staff.collect(), sessions.iter().flat_map(attended).collect())
}

/// The sessions of before, in which every attendance meets what it meets now.
fn with_needs_of(now: &[Session], mut old: Vec<Session>) -> Vec<Session> {
    let now = now.iter().flat_map(|session| &session.attendances);
    let needs: BTreeMap<StudentId, Option<NeedId>> = now.map(|at| (at.student, at.need)).collect();
    for attendance in old.iter_mut().flat_map(|session| &mut session.attendances) {
        attendance.need = needs.get(&attendance.student).copied().flatten();
    }
    old
}
