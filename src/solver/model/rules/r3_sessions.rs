//! R3: a session has `min` to `max` + assistants x `per_assistant` students, and a lead; and never more
//! students than its place has seats (R2).
//!
//! Class c of offering o, seat group G (omitted where there is one):
//! - sum over G of `Y[c,G]` = sum over s of `y[s,c]`; likewise `A` and `a[s,c]`, `w` and `x[i,n,c]`;
//! - `w[c,G]` >= min_o `Y[c,G]`;
//! - `A[c,G]` <= assistants_o `Y[c,G]`;
//! - `w[c,G]` <= p `Y[c,G]` + r `A[c,G]` for the lines (p, r) of the session's capacity.
//!
//! The capacity of one session with k assistants is f(k) = min(max_o + k per_assistant_o, seats), a concave
//! function; its lines are those through (k, f(k)) and (k + 1, f(k + 1)). As f is concave, the students of
//! a class fit into its sessions exactly when the assistants are spread evenly, which the lines state
//! for all sessions together. Qualifications and roles: no variable exists where they lack.

use crate::model::classes::{Class, Numbers, Opening};
use crate::model::formulation::Formulation;
use crate::model::program::{LinExpr, Program};

pub const LEADS: &str = "R3.leads";
pub const ASSISTANTS: &str = "R3.assistants";
pub const STUDENTS: &str = "R3.students";
pub const LEAST: &str = "R3.least";
pub const MOST: &str = "R3.most";

pub fn add(model: &mut Formulation) {
    let Formulation { school, classes, program, .. } = model;
    for class in &classes.all {
        let opening = &classes.openings[class.opening];
        let numbers = Numbers::of(school, class.activity);
        if opening.groups.len() > 1 {
            join_groups(program, class);
        }
        add_sizes(program, class, opening, numbers);
    }
}

/// The counts by seat group add up to the class's.
fn join_groups(program: &mut Program, class: &Class) {
    let (mut sessions, mut assistants, mut students) =
        (LinExpr::default(), LinExpr::default(), LinExpr::default());
    for seats in &class.seats {
        sessions.add_expr(1.0, &seats.sessions);
        assistants.add_expr(1.0, &seats.assistants);
        students.add_expr(1.0, &seats.students);
    }
    program.exactly(LEADS, sessions, &class.sessions());
    program.exactly(ASSISTANTS, assistants, &class.assistants.iter().map(|&(_, a)| a).collect());
    program.exactly(STUDENTS, students, &class.students());
}

fn add_sizes(program: &mut Program, class: &Class, opening: &Opening, numbers: Numbers) {
    for (group, seats) in opening.groups.iter().zip(&class.seats) {
        let mut least = LinExpr::default();
        least.add_expr(f64::from(numbers.min), &seats.sessions);
        program.at_most(LEAST, least, &seats.students);
        if class.kept.is_none() {
            let mut most = LinExpr::default();
            most.add_expr(f64::from(numbers.assistants), &seats.sessions);
            program.at_most(ASSISTANTS, seats.assistants.clone(), &most);
        }
        let comers = class.staying + class.attendees.len() as u32;
        for (per_session, per_assistant) in capacity_lines(numbers, group.seats, comers) {
            let mut most = LinExpr::default();
            most.add_expr(f64::from(per_session), &seats.sessions);
            most.add_expr(f64::from(per_assistant), &seats.assistants);
            program.at_most(MOST, seats.students.clone(), &most);
        }
    }
}

/// The lines (students per session, students per assistant) whose least is the capacity of sessions with
/// so many `seats`, never more than `comers` each.
pub fn capacity_lines(numbers: Numbers, seats: u32, comers: u32) -> Vec<(u32, u32)> {
    let seats = seats.min(comers);
    let most = |assistants: u32| numbers.most(assistants, seats);
    // With an assistant for every seat it no longer rises.
    let steps = numbers.assistants.min(seats + 1);
    let mut lines: Vec<(u32, u32)> = (0..steps)
        .map(|assistants| {
            let more = most(assistants + 1) - most(assistants);
            (most(assistants) - more * assistants, more)
        })
        .collect();
    lines.dedup();
    if lines.is_empty() { vec![(most(0), 0)] } else { lines }
}
