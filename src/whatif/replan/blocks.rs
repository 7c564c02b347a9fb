//! Puts blocks back as they were in which everybody does what they did, only elsewhere or with somebody else.

use std::collections::BTreeMap;

use crate::model::objective;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;

use super::invalidate::Invalidated;
use super::places;

/// Every such block that nothing was invalidated in, unless that loses something.
pub fn stay(
    school: &School,
    sets: &Sets,
    before: &[Session],
    invalidated: &Invalidated,
    schedule: &mut Schedule,
) {
    let in_block = |sessions: &[Session], block: BlockId| -> Vec<Session> {
        let here = sessions.iter().filter(|session| session.block == block);
        let mut here: Vec<Session> = here.cloned().collect();
        here.sort_by_key(|session| session.lead);
        here
    };
    for block in school.block_ids() {
        let old = in_block(before, block);
        let now = in_block(&schedule.sessions, block);
        if old == now
            || old != in_block(&invalidated.schedule.sessions, block)
            || duties(school, &old) != duties(school, &now)
        {
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
        if fits && objective::gain(school, schedule, &back) >= -1e-6 {
            *schedule = back;
        }
    }
}

/// What everybody does in the sessions of one block.
#[derive(PartialEq)]
struct Duties {
    leads: BTreeMap<StaffId, Activity>,
    /// By the lead whom they help.
    assistants: BTreeMap<StaffId, Vec<StaffId>>,
    /// And where, as far as no site binds the student.
    attended: BTreeMap<StudentId, (Activity, Option<SiteId>)>,
}

fn duties(school: &School, sessions: &[Session]) -> Duties {
    let students = |session: &Session| -> Vec<(StudentId, (Activity, Option<SiteId>))> {
        let site = session.place.and_then(|place| school[place].site);
        let there = |student: StudentId| site.filter(|_| school[student].site.is_none());
        let attended = session.attendances.iter();
        attended.map(|at| (at.student, (session.activity, there(at.student)))).collect()
    };
    Duties {
        leads: sessions.iter().map(|session| (session.lead, session.activity)).collect(),
        assistants: sessions.iter().map(|session| (session.lead, session.assistants.clone())).collect(),
        attended: sessions.iter().flat_map(students).collect(),
    }
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
