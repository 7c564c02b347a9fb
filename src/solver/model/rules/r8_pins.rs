//! R8, pins: what is pinned happens, what is banned does not.
//!
//! - `session` pin: sum of the sessions that have all its cells (`y`, `Y`, `Z`) >= 1.
//! - `attend` pin: sum of `x[i,n,c]` over the classes with all its cells >= 1.
//! - `ban` with a student and a staff member who could assist in class c: `x[i,n,c]` + `a[s,c]` <= 1.
//! - `ban` with a student that covers coaching, slot g, block b in which the student is free: `in[i,g]` +
//!   the sum of `meet[g,b,..]` that the ban covers <= 1.
//!
//! All other bans: no variable exists. Repairs ask [`is_met_by`].

use crate::model::classes::{Class, Opening};
use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::schedule::{Activity, Session};
use crate::school::*;

pub const SESSION: &str = "R8.session_pin";
pub const ATTEND: &str = "R8.attend_pin";
pub const BAN: &str = "R8.ban";

pub fn add(model: &mut Formulation) {
    for pin in model.school.demanding_pins() {
        match pin.student {
            Some(student) => add_attendance(model, pin, student),
            None => add_session(model, pin),
        }
    }
    for (student, pin) in model.bans.of_students() {
        add_assistants(model, pin, student);
        if pin.offering.is_none() {
            add_meetings(model, pin, student);
        }
    }
}

/// Whether the session is what a demanding pin asks for.
pub fn is_met_by(pin: &Pin, session: &Session) -> bool {
    pin.block == Some(session.block)
        && pin.offering.map(Activity::Offering) == Some(session.activity)
        && pin.staff.is_none_or(|staff| staff == session.lead)
        && pin.place.is_none_or(|place| Some(place) == session.place)
        && pin.student.is_none_or(|student| session.attendances.iter().any(|at| at.student == student))
}

/// Whether the class is of the pin's block and offering and can be led by its staff member.
fn same_lead(class: &Class, pin: &Pin) -> bool {
    let led = |staff: StaffId| match class.kept {
        Some(_) => class.lead == staff,
        None => class.leads.iter().any(|&(lead, _)| lead == staff),
    };
    Some(class.block) == pin.block
        && Some(class.activity) == pin.offering.map(Activity::Offering)
        && pin.staff.is_none_or(led)
}

fn add_session(model: &mut Formulation, pin: &Pin) {
    if model.scope.kept_sessions().any(|(_, session)| is_met_by(pin, session)) {
        return;
    }
    let mut sessions = LinExpr::default();
    let mut counted = None;
    for class in model.classes.all.iter().filter(|class| class.kept.is_none() && same_lead(class, pin)) {
        let opening = &model.classes.openings[class.opening];
        match (pin.staff, pin.place) {
            // With a staff member named, the place is an area of its own.
            (Some(staff), place) => {
                let here = place.is_none_or(|place| is_alone(model, opening, place));
                let lead = class.leads.iter().find(|&&(lead, _)| lead == staff && here);
                lead.iter().for_each(|&&(_, y)| sessions.add(1.0, y));
            }
            (None, None) => sessions.add_expr(1.0, &class.sessions()),
            (None, Some(place)) => {
                let first = counted.replace(class.opening) != Some(class.opening);
                sessions.add_expr(1.0, &sessions_in(model, class, opening, place, first));
            }
        }
    }
    model.program.at_most(SESSION, LinExpr::constant(1.0), &sessions);
}

fn is_alone(model: &Formulation, opening: &Opening, place: PlaceId) -> bool {
    opening.area.is_some_and(|area| model.places.areas[area].alone == Some(place))
}

/// Sessions of the opening in the place, which as a pinned one is a class of places by itself. A `Z` counts
/// for all classes of the opening and is taken with the `first` only.
fn sessions_in(
    model: &Formulation,
    class: &Class,
    opening: &Opening,
    place: PlaceId,
    first: bool,
) -> LinExpr {
    let q = model.places.class_of[place.index()];
    let mut sessions = LinExpr::default();
    for (group, seats) in opening.groups.iter().zip(&class.seats) {
        match group.places.iter().find(|&&(other, _)| other == q) {
            Some((_, Some(z))) if first => sessions.add(1.0, *z),
            Some((_, Some(_))) => {}
            Some((_, None)) => sessions.add_expr(1.0, &seats.sessions),
            None => {}
        }
    }
    sessions
}

fn add_attendance(model: &mut Formulation, pin: &Pin, student: StudentId) {
    if !model.scope.student(student) {
        return;
    }
    let Formulation { attends, classes, places, scope, program, .. } = model;
    let at_place = |class: &Class, place: PlaceId| match class.kept.zip(scope.neighbourhood()) {
        Some((index, part)) => part.incumbent.sessions[index].place == Some(place),
        None => {
            let area = classes.openings[class.opening].area;
            area.is_some_and(|area| places.areas[area].alone == Some(place))
        }
    };
    let attended: LinExpr = attends[student.index()]
        .iter()
        .filter(|attends| {
            let class = &classes.all[attends.class];
            same_lead(class, pin) && pin.place.is_none_or(|place| at_place(class, place))
        })
        .map(|attends| attends.variable)
        .collect();
    program.at_most(ATTEND, LinExpr::constant(1.0), &attended);
}

fn add_assistants(model: &mut Formulation, pin: &Pin, student: StudentId) {
    let Some(staff) = pin.staff else { return };
    let Formulation { attends, classes, places, program, .. } = model;
    for attends in &attends[student.index()] {
        let class = &classes.all[attends.class];
        let Some(&(_, assists)) = class.assistants.iter().find(|&&(s, _)| s == staff) else { continue };
        let place = classes.openings[class.opening].area.and_then(|area| places.areas[area].alone);
        if covers(
            pin,
            Deployment { block: class.block, offering: class.activity.offering(), staff: Some(staff), place },
        ) {
            let mut both = LinExpr::from(attends.variable);
            both.add(1.0, assists);
            program.at_most(BAN, both, &LinExpr::constant(1.0));
        }
    }
}

fn add_meetings(model: &mut Formulation, pin: &Pin, student: StudentId) {
    let Formulation { school, groups, places, program, .. } = model;
    for slot in &groups.slots {
        let Some(member) = slot.member(student) else { continue };
        for block in school.block_ids().filter(|&b| school.student_free[(student, b)]) {
            let covered = slot.meetings.iter().filter(|meeting| {
                let place = places.areas[groups.openings[meeting.opening].area].alone;
                let here = Deployment { block, offering: None, staff: Some(slot.coach), place };
                meeting.block == block && covers(pin, here)
            });
            let mut sum: LinExpr = covered.map(|meeting| meeting.meets).collect();
            if !sum.is_constant() {
                sum.add(1.0, member);
                program.at_most(BAN, sum, &LinExpr::constant(1.0));
            }
        }
    }
}
