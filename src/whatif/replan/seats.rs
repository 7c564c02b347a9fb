//! Keeps students with the lead they know, where several sessions of an offering run side by side.

use std::collections::HashMap;

use crate::model::classes::Numbers;
use crate::schedule::{Attendance, Schedule, Session};
use crate::school::*;

/// A student in another session of the same offering than before: which, and that of before.
#[derive(Clone, Copy)]
struct Moved {
    student: StudentId,
    now: usize,
    home: usize,
}

/// Brings students back into the session they had, as far as it has a seat or others come back in exchange.
pub fn stay(school: &School, before: &[Session], schedule: &mut Schedule) {
    let mut moved = moved(school, before, &schedule.sessions);
    while let Some(round) = next(school, &schedule.sessions, &moved) {
        let back: Vec<Moved> = round.iter().map(|&at| moved[at]).collect();
        for one in &back {
            let from = &mut schedule.sessions[one.now].attendances;
            if let Some(at) = from.iter().position(|attendance| attendance.student == one.student) {
                let attendance = from.remove(at);
                schedule.sessions[one.home].attendances.push(attendance);
            }
        }
        moved.retain(|other| !back.iter().any(|one| one.student == other.student && one.now == other.now));
    }
    schedule.sessions.iter_mut().for_each(|session| session.attendances.sort_unstable());
}

fn moved(school: &School, before: &[Session], sessions: &[Session]) -> Vec<Moved> {
    let place = |session: &Session| (session.block, session.activity, session.lead);
    let mut led = HashMap::new();
    for (at, session) in sessions.iter().enumerate() {
        led.entry(place(session)).or_insert(at);
    }
    let mut attended: HashMap<(StudentId, BlockId), &Session> = HashMap::new();
    for session in before {
        for attendance in &session.attendances {
            attended.entry((attendance.student, session.block)).or_insert(session);
        }
    }
    let mut moved = Vec::new();
    for (now, session) in sessions.iter().enumerate() {
        for attendance in &session.attendances {
            let student = attendance.student;
            let old = attended.get(&(student, session.block)).filter(|old| old.activity == session.activity);
            let asked = attendance.need.is_some_and(|need| school[need].staff == Some(session.lead));
            let Some(old) = old.filter(|old| old.lead != session.lead && !asked) else { continue };
            let home = led.get(&place(old)).copied();
            moved.extend(
                home.filter(|&home| may_return(school, attendance, &sessions[home])).map(|home| Moved {
                    student,
                    now,
                    home,
                }),
            );
        }
    }
    moved
}

/// Whether nothing but the number of seats can speak against it.
fn may_return(school: &School, attendance: &Attendance, home: &Session) -> bool {
    let student = attendance.student;
    let paired = school.pairs.iter().any(|pair| pair.student == student || pair.other == student);
    let pinned = school.pins.iter().any(|pin| pin.student == Some(student));
    let with = attendance.need.and_then(|need| school[need].with);
    let site = home.place.and_then(|place| school[place].site);
    // Whoever no site binds may have come from elsewhere.
    let travels = school[student].site.is_none() && school.sites.len() > 1;
    !paired
        && !pinned
        && !travels
        && with.is_none_or(|with| school[home.lead].subjects.contains(&with))
        && school.own_staff_allows(home.lead, student)
        && attends_at(school[student].site, site)
}

/// Who can come back together: one for whom there is a seat, or two or three in a circle.
fn next(school: &School, sessions: &[Session], moved: &[Moved]) -> Option<Vec<usize>> {
    for (a, one) in moved.iter().enumerate() {
        if has_seat(school, &sessions[one.home]) && can_leave(school, &sessions[one.now]) {
            return Some(vec![a]);
        }
        for (b, two) in moved.iter().enumerate().filter(|(_, two)| two.now == one.home) {
            if two.home == one.now {
                return Some(vec![a, b]);
            }
            let third = moved.iter().position(|three| three.now == two.home && three.home == one.now);
            if let Some(c) = third {
                return Some(vec![a, b, c]);
            }
        }
    }
    None
}

fn has_seat(school: &School, session: &Session) -> bool {
    let seats = match session.place {
        // Others share it.
        Some(place) if school[place].parallel > 1 => return false,
        Some(place) => school[place].seats,
        None => u32::MAX,
    };
    let numbers = Numbers::of(school, session.activity);
    (session.attendances.len() as u32) < numbers.most(session.assistants.len() as u32, seats)
}

fn can_leave(school: &School, session: &Session) -> bool {
    session.attendances.len() as u32 > Numbers::of(school, session.activity).min.max(1)
}
