//! Keeps repaired sessions in the rooms that people know.

use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;

use super::invalidate::Invalidated;

/// Moves sessions that go on, and those that replace invalidated ones, back to their places, where those are free.
pub fn stay(
    school: &School,
    sets: &Sets,
    before: &[Session],
    invalidated: &Invalidated,
    schedule: &mut Schedule,
) {
    for block in school.block_ids() {
        stay_in(school, sets, before, block, schedule);
    }
    for old in &invalidated.sessions {
        let Some(place) = old.place else { continue };
        let heirs = schedule.sessions.iter().enumerate().filter(|(_, session)| {
            session.block == old.block
                && session.activity == old.activity
                && !invalidated
                    .schedule
                    .sessions
                    .iter()
                    .any(|kept| (kept.block, kept.lead) == (session.block, session.lead))
        });
        let shared = |session: &Session| {
            session
                .attendances
                .iter()
                .filter(|at| old.attendances.iter().any(|b| b.student == at.student))
                .count()
        };
        let Some((heir, _)) = heirs.max_by_key(|(_, session)| shared(session)) else { continue };
        if suits(school, sets, schedule, heir, place) {
            schedule.sessions[heir].place = Some(place);
        }
    }
}

/// Sessions of the block that have only changed places: all at once, as some may have changed with each other.
fn stay_in(school: &School, sets: &Sets, before: &[Session], block: BlockId, schedule: &mut Schedule) {
    let mut moved: Vec<(usize, PlaceId)> = Vec::new();
    for (at, session) in schedule.sessions.iter().enumerate().filter(|(_, s)| s.block == block) {
        let same = |old: &&Session| {
            (old.block, old.activity, old.lead) == (session.block, session.activity, session.lead)
        };
        let place = before.iter().find(same).and_then(|old| old.place);
        moved.extend(place.filter(|_| session.place != place).map(|place| (at, place)));
    }
    let site = |place: Option<PlaceId>| place.and_then(|place| school[place].site);
    moved.retain(|&(at, place)| site(schedule.sessions[at].place) == site(Some(place)));
    if moved.is_empty() {
        return;
    }
    let mut all = schedule.clone();
    moved.iter().for_each(|&(at, place)| all.sessions[at].place = Some(place));
    if moved.iter().all(|&(at, place)| suits(school, sets, &all, at, place)) {
        *schedule = all;
        return;
    }
    // One may free the room of the next; two may have each other's.
    while let Some(back) = returning(school, sets, &moved, schedule) {
        for at in back {
            schedule.sessions[moved[at].0].place = Some(moved[at].1);
            moved.remove(at);
        }
    }
}

/// Of the sessions that have moved, by index from the last: one that can have its place again, or two that changed
/// places.
fn returning(
    school: &School,
    sets: &Sets,
    moved: &[(usize, PlaceId)],
    schedule: &Schedule,
) -> Option<Vec<usize>> {
    if let Some(one) = moved.iter().rposition(|&(at, place)| suits(school, sets, schedule, at, place)) {
        return Some(vec![one]);
    }
    for (a, &(one, to)) in moved.iter().enumerate() {
        for (b, &(other, from)) in moved.iter().enumerate().skip(a + 1) {
            let both = (schedule.sessions[one].place, schedule.sessions[other].place);
            if both != (Some(from), Some(to)) {
                continue;
            }
            let mut changed = schedule.clone();
            changed.sessions[one].place = Some(to);
            changed.sessions[other].place = Some(from);
            if suits(school, sets, &changed, one, to) && suits(school, sets, &changed, other, from) {
                return Some(vec![b, a]);
            }
        }
    }
    None
}

/// Whether the session may be held there beside what else is.
pub fn suits(school: &School, sets: &Sets, schedule: &Schedule, at: usize, place: PlaceId) -> bool {
    let session = &schedule.sessions[at];
    let at_once = |b: BlockId| school[b].overlaps(&school[session.block]);
    let others = schedule.sessions.iter().enumerate();
    let others = others.filter(|(other, s)| *other != at && s.place == Some(place) && at_once(s.block));
    let beside: Vec<usize> = others.map(|(_, other)| other.attendances.len()).collect();
    let meets = schedule.meetings.iter().any(|meeting| meeting.place == place && at_once(meeting.block));
    let tags = match session.activity {
        Activity::Offering(o) => sets.places_of[o.index()].contains(&place),
        Activity::Study => true,
    };
    let pinned = |pin: &Pin| pin.place.is_some() && (pin.place == Some(place) || pin.place == session.place);
    let site = session.place.and_then(|place| school[place].site);
    tags && !meets
        && beside.len() < school[place].parallel as usize
        && school.place_free[(place, session.block)]
        && school[place].seats as usize >= session.attendances.len() + beside.iter().sum::<usize>()
        && school[place].site == site
        && !school.pins.iter().any(pinned)
        && school.may_lead_in(session.lead, place)
}

/// Whether one more who use the place in a block, so many, are too many there at some moment, beside others by their
/// blocks.
pub fn is_crowded(
    school: &School,
    place: PlaceId,
    (block, students): (BlockId, usize),
    beside: &[(BlockId, usize)],
) -> bool {
    let (limits, block) = (&school[place], &school[block]);
    let at_once = beside.iter().map(|&(other, many)| (&school[other], many));
    let at_once: Vec<(&Block, usize)> = at_once.filter(|(other, _)| other.overlaps(block)).collect();
    let moments = at_once.iter().map(|(other, _)| other.start.max(block.start)).chain([block.start]);
    moments.into_iter().any(|moment| {
        let now = at_once.iter().filter(|(other, _)| other.start <= moment && moment < other.end);
        let (count, all) = now.fold((1, students), |(n, sum), (_, many)| (n + 1, sum + many));
        count > limits.parallel as usize || all > limits.seats as usize
    })
}
