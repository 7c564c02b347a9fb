//! What the page's script draws weeks from: everything once, people and places by their position.

use serde_json::{Value, json};

use crate::school::{Budget, Id, Kind, Priority, School, StaffId, Student, clock};
use crate::timetable::{Missing, Owner, Session, Timetable, What};
use crate::write::files::{MEETINGS, MIN_BLOCKS, PRESENCE, RESERVE};

use super::details::Details;
use super::labels;
use super::repair::Repair;
use super::requests;
use super::words::{Words, fill};

/// The position of nobody and nothing.
const NONE: i64 = -1;
/// What a session is if it is no offering.
const COACHING: i64 = -1;
const STUDY: i64 = -2;

/// The data as JSON that may stand inside a `<script>` element.
pub fn script_json(
    timetable: &Timetable,
    repair: Option<&Repair>,
    words: &Words,
    details: &Details,
) -> String {
    let text = compose(timetable, repair, words, details).to_string();
    // Nothing that a cell holds can end the element or open a comment in it.
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}

fn compose(timetable: &Timetable, repair: Option<&Repair>, words: &Words, details: &Details) -> Value {
    let mut data = everything(timetable, repair, words, details);
    let budgets = budgets(timetable, words);
    if !budgets.is_empty() {
        data["budgets"] = budgets.into();
    }
    data
}

/// Of each budget of a unit: the unit, what is spent, and what it bought.
fn budgets(timetable: &Timetable, words: &Words) -> Vec<Value> {
    let school = timetable.school;
    let row = |budget: &Budget| {
        let covers = |&staff: &StaffId| budget.covers(school, staff);
        let (mut cost, mut blocks, mut carried, mut met) = (0.0, 0, 0, 0);
        for session in &timetable.sessions {
            let staff = session.assistants.iter().copied().chain([session.lead]);
            for staff in staff.filter(covers) {
                cost += school[staff].cost;
                blocks += 1;
            }
            if covers(&session.lead) {
                met += session.seats.iter().filter(|seat| !seat.subject.is_empty()).count();
            }
        }
        for &(package, staff) in timetable.holders.iter().filter(|(_, staff)| covers(staff)) {
            cost += school[staff].cost * f64::from(school[package].blocks);
            carried += school[package].blocks as usize;
        }
        let counts = [blocks + carried, carried, met].map(|count| count.to_string());
        let [blocks, carried, met] = &counts;
        let (cost, most) = (words.number(cost), words.number(budget.cost));
        let text = fill(words.budget_spent, &[&cost, &most, blocks, carried, met]);
        Some(json!([budget.unit?.index(), text]))
    };
    school.budgets.iter().filter_map(row).collect()
}

fn everything(timetable: &Timetable, repair: Option<&Repair>, words: &Words, details: &Details) -> Value {
    let school = timetable.school;
    let mut cells = Cells::default();
    let sessions: Vec<Value> =
        timetable.sessions.iter().map(|session| session_row(timetable, session, &mut cells)).collect();
    let kinds: Vec<Value> =
        Kind::ALL.iter().map(|kind| json!([kind.label(), labels::kind(*kind, words)])).collect();
    json!({
        "words": words,
        "days": labels::days(school, words),
        "kinds": kinds,
        "blocks": school.blocks.iter().map(|row| {
            json!([row.id, row.day.index(), clock(row.start), clock(row.end), row.kind as usize])
        }).collect::<Vec<_>>(),
        "dayIds": school.days,
        "subjects": school.subjects.iter().map(|row| {
            json!([row.id, labels::subjects(school, &row.id, words), labels::colour(school, &row.id)])
        }).collect::<Vec<_>>(),
        "offerings": school.offerings.iter().map(|row| {
            let subjects: Vec<usize> = row.subjects.iter().map(|subject| subject.index()).collect();
            json!([row.id, row.name, subjects])
        }).collect::<Vec<_>>(),
        "places": school.places.iter().map(|row| {
            json!([row.id, row.name, row.seats, row.site.map(|site| &school[site])])
        }).collect::<Vec<_>>(),
        "units": school.units,
        "staff": school.staff.iter().map(|row| {
            json!([row.id, row.name, position(row.unit), row.min_blocks, row.max_blocks])
        }).collect::<Vec<_>>(),
        "busy": school.busy.iter().map(|row| {
            let time = row.time.map(|(start, end)| [clock(start), clock(end)]);
            json!([row.kind, row.id, row.day.index(), time, row.note])
        }).collect::<Vec<_>>(),
        "repair": repair.map(|repair| repair.to_json(timetable, words)),
        "students": school.students.iter().map(|row| student_row(school, row)).collect::<Vec<_>>(),
        "groups": timetable.groups.iter().map(|group| {
            let students: Vec<usize> = group.students.iter().map(|student| student.index()).collect();
            json!([group.id, group.coach.index(), students])
        }).collect::<Vec<_>>(),
        "sessions": sessions,
        "colours": cells.known.iter().map(|cell| labels::colour(school, cell)).collect::<Vec<_>>(),
        "cells": cells.known.iter().map(|cell| {
            json!([labels::subjects(school, cell, words), cell.split('|').collect::<Vec<_>>()])
        }).collect::<Vec<_>>(),
        "duties": duties(timetable, words),
        "missing": timetable.missing.iter().map(|row| missing_row(timetable, row, words, details)).collect::<Vec<_>>(),
        "requests": requests::rows(timetable, words),
        "packages": timetable.holders.iter().map(|(package, staff)| {
            json!([staff.index(), school[*package].name])
        }).collect::<Vec<_>>(),
    })
}

fn position<I: Id>(id: Option<I>) -> i64 {
    id.and_then(|id| i64::try_from(id.index()).ok()).unwrap_or(NONE)
}

/// The cells `subject`, each once.
#[derive(Default)]
struct Cells<'a> {
    known: Vec<&'a str>,
}

impl<'a> Cells<'a> {
    fn at(&mut self, cell: &'a str) -> i64 {
        if cell.is_empty() {
            return NONE;
        }
        let at = self.known.iter().position(|known| *known == cell).unwrap_or_else(|| {
            self.known.push(cell);
            self.known.len() - 1
        });
        i64::try_from(at).unwrap_or(NONE)
    }
}

fn student_row(school: &School, row: &Student) -> Value {
    json!([
        row.id,
        row.name,
        row.class,
        row.year,
        position(row.unit),
        row.coach.map(|coach| &school[coach].name)
    ])
}

fn session_row<'a>(timetable: &'a Timetable, session: &'a Session, cells: &mut Cells<'a>) -> Value {
    let what = match session.what {
        What::Coaching => COACHING,
        What::Study => STUDY,
        What::Offering(offering) => position(Some(offering)),
    };
    let group = timetable.groups.iter().position(|group| what == COACHING && group.id == session.id);
    let assistants: Vec<usize> = session.assistants.iter().map(|staff| staff.index()).collect();
    let students: Vec<usize> = session.seats.iter().map(|seat| seat.student.index()).collect();
    let subjects: Vec<i64> = if session.seats.iter().all(|seat| seat.subject.is_empty()) {
        Vec::new()
    } else {
        session.seats.iter().map(|seat| cells.at(&seat.subject)).collect()
    };
    json!([
        session.id,
        session.block.index(),
        what,
        position(session.place),
        session.lead.index(),
        assistants,
        session.capacity,
        students,
        subjects,
        group,
    ])
}

/// Duties that sessions do not tell of by themselves: reserve, and coaches' stand-ins.
fn duties(timetable: &Timetable, words: &Words) -> Vec<Value> {
    let school = timetable.school;
    let mut rows = Vec::new();
    for staff in school.staff_ids() {
        for duty in &timetable.of_staff[staff.index()] {
            let session = duty.session.map(|at| (at, &timetable.sessions[at]));
            let known = session.is_some_and(|(_, s)| s.lead == staff || s.assistants.contains(&staff));
            let role = match duty.role.as_str() {
                RESERVE => words.reserve,
                "cover" => words.cover,
                other => other,
            };
            if !known {
                rows.push(json!([staff.index(), duty.block.index(), role, session.map(|(at, _)| at)]));
            }
        }
    }
    rows
}

fn missing_row(timetable: &Timetable, row: &Missing, words: &Words, details: &Details) -> Value {
    let (kind, at) = match row.who {
        Owner::Student(student) => ("student", student.index()),
        Owner::Staff(staff) => ("staff", staff.index()),
        Owner::Place(place) => ("place", place.index()),
    };
    let subject = missing_subject(timetable, row, words);
    let priority = row.priority.map(|priority| priority_word(priority, words));
    json!([
        kind,
        at,
        subject,
        priority,
        row.missing,
        words.reason(&row.reason),
        details.in_words(&row.detail),
        row.subject.split('|').collect::<Vec<_>>(),
    ])
}

/// What is missing, in words.
pub fn missing_subject(timetable: &Timetable, row: &Missing, words: &Words) -> String {
    match (row.priority, row.subject.as_str()) {
        (None, PRESENCE) => words.presence.to_owned(),
        (None, MEETINGS) => words.meetings.to_owned(),
        (None, MIN_BLOCKS) => words.min_blocks.to_owned(),
        (_, cell) => labels::subjects(timetable.school, cell, words),
    }
}

pub fn priority_word(priority: Priority, words: &Words) -> &'static str {
    match priority {
        Priority::Must => words.must,
        Priority::Should => words.should,
        Priority::Could => words.could,
    }
}
