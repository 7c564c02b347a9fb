//! R2: a place holds at most `parallel` sessions and `seats` students at a time.
//!
//! - Seat group G of opening (o, b, area) with several place classes: sum over c of `Y[c,G]` = sum over q
//!   in G of `Z[o,b,q]`.
//! - Place class q, moment m: the sessions and meetings in q in blocks of m <= its places (x parallel).
//! - Shared place q, moment m: the students in q in blocks of m <= seats.
//!
//! Counting is enough: blocks are intervals, so that sessions of which never more than k run at once fit
//! into k interchangeable places. Busy places and missing tags: no place class is offered. Seats of a place
//! with one session at a time are in R3 (meetings: R7).

use std::collections::BTreeMap;

use crate::model::classes::SeatGroup;
use crate::model::formulation::Formulation;
use crate::model::program::{LinExpr, Program};
use crate::school::*;

pub const PLACES: &str = "R2.places";
pub const SESSIONS: &str = "R2.sessions";
pub const SEATS: &str = "R2.seats";

/// Place class and block.
type Cell = (usize, BlockId);

#[derive(Default)]
struct Load {
    sessions: BTreeMap<Cell, LinExpr>,
    /// Only of shared places.
    students: BTreeMap<Cell, LinExpr>,
}

pub fn add(model: &mut Formulation) {
    let mut load = Load::default();
    add_sessions(model, &mut load);
    add_meetings(model, &mut load);
    add_kept(model, &mut load);
    let Formulation { places, moments, program, .. } = model;
    for (q, class) in places.classes.iter().enumerate() {
        for moment in moments.iter() {
            let total = |cells: &BTreeMap<Cell, LinExpr>| {
                let mut total = LinExpr::default();
                let here = moment.iter().filter_map(|&block| cells.get(&(q, block)));
                here.for_each(|sum| total.add_expr(1.0, sum));
                total
            };
            let (sessions, students) = (total(&load.sessions), total(&load.students));
            if !sessions.is_constant() {
                program.at_most(SESSIONS, sessions, &LinExpr::constant(f64::from(class.sessions)));
            }
            if !students.is_constant() {
                program.at_most(SEATS, students, &LinExpr::constant(f64::from(class.seats)));
            }
        }
    }
}

/// Spreads the sessions of a seat group over its place classes.
fn spread(program: &mut Program, group: &SeatGroup, block: BlockId, sessions: LinExpr, load: &mut Load) {
    if let [(q, None)] = group.places[..] {
        load.sessions.entry((q, block)).or_default().add_expr(1.0, &sessions);
        return;
    }
    let mut placed = LinExpr::default();
    for &(q, variable) in &group.places {
        if let Some(variable) = variable {
            placed.add(1.0, variable);
            load.sessions.entry((q, block)).or_default().add(1.0, variable);
        }
    }
    if !group.places.is_empty() {
        program.exactly(PLACES, sessions, &placed);
    }
}

fn add_sessions(model: &mut Formulation, load: &mut Load) {
    let Formulation { classes, places, program, .. } = model;
    let mut classes_of = vec![Vec::new(); classes.openings.len()];
    for class in &classes.all {
        classes_of[class.opening].push(class);
    }
    for (opening, classes) in classes.openings.iter().zip(classes_of) {
        for (g, group) in opening.groups.iter().enumerate() {
            let mut sessions = LinExpr::default();
            classes.iter().for_each(|class| sessions.add_expr(1.0, &class.seats[g].sessions));
            if let [(q, _)] = group.places[..]
                && places.classes[q].shared
            {
                let students = load.students.entry((q, opening.block)).or_default();
                classes.iter().for_each(|class| students.add_expr(1.0, &class.seats[g].students));
            }
            spread(program, group, opening.block, sessions, load);
        }
    }
}

fn add_meetings(model: &mut Formulation, load: &mut Load) {
    let Formulation { groups, places, program, .. } = model;
    let mut meetings: Vec<Vec<_>> =
        groups.openings.iter().map(|opening| vec![Vec::new(); opening.groups.len()]).collect();
    for meeting in groups.slots.iter().flat_map(|slot| &slot.meetings) {
        meetings[meeting.opening][meeting.group].push((meeting.meets, meeting.attending));
    }
    for (opening, meetings) in groups.openings.iter().zip(meetings) {
        for (group, meetings) in opening.groups.iter().zip(meetings) {
            if let [(q, _)] = group.places[..]
                && places.classes[q].shared
            {
                let students = load.students.entry((q, opening.block)).or_default();
                meetings.iter().for_each(|&(_, attending)| students.add(1.0, attending));
            }
            let sessions = meetings.iter().map(|&(meets, _)| meets).collect();
            spread(program, group, opening.block, sessions, load);
        }
    }
}

/// Sessions and meetings that stay take their place; who may join or leave them counts by variables.
fn add_kept(model: &Formulation, load: &mut Load) {
    let class_of = |place: PlaceId| model.places.class_of[place.index()];
    let mut joinable: BTreeMap<usize, LinExpr> = BTreeMap::new();
    for class in &model.classes.all {
        if let Some(kept) = class.kept {
            joinable.insert(kept, class.students());
        }
    }
    for (index, session) in model.scope.kept_sessions() {
        let Some(place) = session.place else { continue };
        let cell = (class_of(place), session.block);
        load.sessions.entry(cell).or_default().constant += 1.0;
        if model.places.classes[cell.0].shared {
            let staying = session.attendances.iter().filter(|at| !model.scope.student(at.student)).count();
            let students = joinable.remove(&index).unwrap_or(LinExpr::constant(staying as f64));
            load.students.entry(cell).or_default().add_expr(1.0, &students);
        }
    }
    for meeting in model.scope.meetings() {
        let cell = (class_of(meeting.place), meeting.block);
        load.sessions.entry(cell).or_default().constant += 1.0;
        if model.places.classes[cell.0].shared {
            load.students.entry(cell).or_default().constant += meeting.students.len() as f64;
        }
    }
}
