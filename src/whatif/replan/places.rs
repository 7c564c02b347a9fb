//! Keeps repaired sessions in the rooms that people know.

use crate::model::sets::{self, Sets};
use crate::schedule::{Activity, Schedule, Session};
use crate::school::*;

use super::strike::Struck;

/// Moves sessions that replace struck ones back to their places, where those are free.
pub fn stay(school: &School, sets: &Sets, struck: &Struck, schedule: &mut Schedule) {
    for old in &struck.sessions {
        let Some(place) = old.place else { continue };
        let heirs = schedule.sessions.iter().enumerate().filter(|(_, session)| {
            session.block == old.block
                && session.activity == old.activity
                && !struck
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

fn suits(school: &School, sets: &Sets, schedule: &Schedule, at: usize, place: PlaceId) -> bool {
    let session = &schedule.sessions[at];
    let at_once = |b: BlockId| school[b].overlaps(&school[session.block]);
    let used = (schedule.sessions.iter().enumerate())
        .any(|(other, s)| other != at && s.place == Some(place) && at_once(s.block))
        || schedule.meetings.iter().any(|meeting| meeting.place == place && at_once(meeting.block));
    let tags = match session.activity {
        Activity::Offering(o) => sets.places_of[o.index()].contains(&place),
        Activity::Study => true,
    };
    let pinned = |pin: &Pin| pin.place.is_some() && (pin.place == Some(place) || pin.place == session.place);
    let site = session.place.and_then(|place| school[place].site);
    tags && !used
        && school.place_free[(place, session.block)]
        && school[place].seats as usize >= session.attendances.len()
        && school[place].site == site
        && !school.pins.iter().any(pinned)
        && sets::works_at(&school[session.lead], school[place].site)
}
