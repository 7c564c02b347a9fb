//! R2: a place holds at most `parallel` sessions and `seats` students at a time, is never used when
//! busy, and carries the offering's tags.
//!
//! Compared: at the start of every session in a place (where the most can be going on), the sessions
//! and students there at that moment with `parallel` and `seats`; every session's block with the busy
//! times of its place and site; the offering's tags with the place's. A session that is not online has
//! a place.

use crate::school::{Id, PlaceId, School};
use crate::verify::violation::{Rule, Violations};
use crate::verify::week::{Session, Week, title};

use super::count;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for session in &week.sessions {
        match session.place {
            Some(place) => check_session(school, session, place, violations),
            None => check_online(school, session, violations),
        }
    }
    for place in school.place_ids() {
        check_moments(school, week, place, violations);
    }
}

fn check_online(school: &School, session: &Session, violations: &mut Violations) {
    let online = session.offering().is_some_and(|offering| school[offering].online);
    if !online {
        violations.add(Rule::R2, [session.row()], format!("{} has no place", title(school, session)));
    }
}

fn check_session(school: &School, session: &Session, place: PlaceId, violations: &mut Violations) {
    let id = &school[place].id;
    if !school.place_free[(place, session.block)] {
        let message = format!("place `{id}` is busy in block `{}`", school[session.block].id);
        violations.add(Rule::R2, [session.row()], message);
    }
    let Some(offering) = session.offering() else { return };
    for tag in school[offering].tags.iter().filter(|tag| !school[place].tags.contains(tag)) {
        let message = format!("{}: place `{id}` lacks the tag `{tag}`", title(school, session));
        violations.add(Rule::R2, [session.row()], message);
    }
}

fn check_moments(school: &School, week: &Week, place: PlaceId, violations: &mut Violations) {
    let sessions = &week.of_place[place.index()];
    let block = |index: usize| &school[week.sessions[index].block];
    let mut seen = None;
    for (at, &first) in sessions.iter().enumerate() {
        let (day, start) = (block(first).day, block(first).start);
        if seen.replace((day, start)) == Some((day, start)) {
            continue;
        }
        // In order of time: what is going on at `start` began before or begins with it.
        let before = sessions[..at].iter().rev().take_while(|&&other| block(other).day == day);
        let now: Vec<usize> = (before.filter(|&&other| block(other).overlaps(block(first))))
            .chain(
                sessions[at..]
                    .iter()
                    .take_while(|&&other| (block(other).day, block(other).start) == (day, start)),
            )
            .copied()
            .collect();
        check_load(school, week, place, &now, violations);
    }
}

/// Compares what goes on in a place at one moment with what it holds.
fn check_load(school: &School, week: &Week, place: PlaceId, now: &[usize], violations: &mut Violations) {
    let row = &school[place];
    let block = now.iter().map(|&index| week.sessions[index].block).max_by_key(|&block| school[block].start);
    let block = block.map_or("", |block| school[block].id.as_str());
    if now.len() > row.parallel as usize {
        let sessions = count(now.len(), "session");
        let message = format!(
            "place `{}` holds {sessions} at once in block `{block}`, parallel is {}",
            row.id, row.parallel
        );
        violations.add(Rule::R2, week.session_rows(now), message);
    }
    let students: usize = now.iter().map(|&index| week.sessions[index].attendances.len()).sum();
    if students > row.seats as usize {
        let students = count(students, "student");
        let message =
            format!("place `{}` holds {students} in block `{block}`, seats are {}", row.id, row.seats);
        violations.add(Rule::R2, week.session_rows(now), message);
    }
}
