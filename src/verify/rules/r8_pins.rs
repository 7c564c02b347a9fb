//! R8, pins: a `session` pin's session runs, an `attend` pin's student attends, nothing has all the cells
//! of a `ban`.
//!
//! Compared: each row of `pins.csv` with every session or attendance by the cells that are filled. The
//! staff cell is the lead; in a ban also an assistant or coach. A ban without an offering holds for
//! coaching and study too; a ban with a student is about that student's attendances.

use crate::school::{Id, Pin, PinKind, School};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{Session, Week, title};

const PINS: &str = "pins.csv";

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for pin in &school.pins {
        let row = Row { file: PINS, line: pin.line };
        match pin.kind {
            PinKind::Session | PinKind::Attend => {
                if !holds(week, pin) {
                    violations.add(Rule::R8, [row], format!("no session has {}", cells(school, pin)));
                }
            }
            PinKind::Ban => check_ban(school, week, pin, row, violations),
        }
    }
}

fn holds(week: &Week, pin: &Pin) -> bool {
    let led = |session: &Session| pin.staff.is_none_or(|staff| session.lead == Some(staff));
    match pin.student {
        Some(student) => week.of_student[student.index()].iter().any(|&attendance| {
            let session = week.attended(attendance);
            matches(session, pin) && led(session)
        }),
        None => week.sessions.iter().any(|session| matches(session, pin) && led(session)),
    }
}

fn check_ban(school: &School, week: &Week, pin: &Pin, row: Row, violations: &mut Violations) {
    let banned = |session: &Session| {
        matches(session, pin) && pin.staff.is_none_or(|staff| session.staff().any(|other| other == staff))
    };
    let mut violation = |session: &Session, found: Row| {
        let message = format!("{} has {}, which is banned", title(school, session), cells(school, pin));
        violations.add(Rule::R8, [found, row], message);
    };
    match pin.student {
        Some(student) => {
            for &attendance in &week.of_student[student.index()] {
                let session = week.attended(attendance);
                if banned(session) {
                    violation(session, week.attendances[attendance].row());
                }
            }
        }
        None => {
            week.sessions
                .iter()
                .filter(|session| banned(session))
                .for_each(|found| violation(found, found.row()));
        }
    }
}

/// Block, offering and place, where the pin names them.
fn matches(session: &Session, pin: &Pin) -> bool {
    pin.block.is_none_or(|block| session.block == block)
        && pin.offering.is_none_or(|offering| session.offering() == Some(offering))
        && pin.place.is_none_or(|place| session.place == Some(place))
}

/// The filled cells of a pin: "block `mon-1`, offering `wi`".
fn cells(school: &School, pin: &Pin) -> String {
    let cells = [
        ("block", pin.block.map(|id| &school[id].id)),
        ("offering", pin.offering.map(|id| &school[id].id)),
        ("staff", pin.staff.map(|id| &school[id].id)),
        ("place", pin.place.map(|id| &school[id].id)),
        ("student", pin.student.map(|id| &school[id].id)),
    ];
    let filled = cells.iter().filter_map(|(name, id)| id.map(|id| format!("{name} `{id}`")));
    filled.collect::<Vec<_>>().join(", ")
}
