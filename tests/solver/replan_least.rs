//! `leerzone replan` changes no more than it needs to: in a school of real size no single change can be taken back
//! without as much being lost.

use std::path::Path;

use crate::repairs::*;
use crate::small::{Small, leerzone};
use leerzone::schedule::{Activity, Attendance, Outcome, Schedule, Session, Status};
use leerzone::school::*;
use leerzone::whatif::case::{Case, Origin};
use leerzone::whatif::replan::changes::{Change, between};
use leerzone::write::{Run, files, write_repaired};
use serde_json::json;

/// Ways that are tried to take the changes of one student back together.
const WAYS: usize = 6;

/// What a week is worth: need sessions met by priority, the total, changes that count, and all rows.
#[derive(Debug, PartialEq)]
struct Worth {
    met: [u64; 3],
    total: f64,
    changes: usize,
    rows: usize,
}

/// The week as the referee judges it, and what differs from the week before; `None`: it breaks a rule.
fn judged(case: &Case, schedule: &Schedule, before: &Path, to: &Path) -> Option<(Worth, Vec<Change>)> {
    let run = Run { input_hash: String::new(), engine: String::new(), options: json!({}), scenario: None };
    let outcome = Outcome { status: Status::Feasible, total: 0.0, bound: 0.0, seconds: 0.0 };
    let mut changes = Vec::new();
    let written = write_repaired(&case.school, schedule, &outcome, &run, to, |folder| {
        changes = between(before, folder)?;
        files::CHANGES.write(folder, case.school.csv, changes.iter().map(Change::row))?;
        Ok(json!({}))
    });
    let written = written.ok()?;
    let met = written.needs.map(|needs| needs.met);
    let counting = changes.iter().filter(|change| change.counts()).count();
    Some((Worth { met, total: written.outcome.total, changes: counting, rows: changes.len() }, changes))
}

/// Students whom a session may have at most.
fn seats(school: &School, session: &Session) -> usize {
    let Activity::Offering(o) = session.activity else { return usize::MAX };
    let room = session.place.map_or(usize::MAX, |place| school[place].seats as usize);
    room.min(school[o].max as usize + session.assistants.len() * school[o].per_assistant as usize)
}

/// Every way to take this one change back.
fn undone(school: &School, schedule: &Schedule, change: &Change) -> Vec<Schedule> {
    let Some(block) = school.block_ids().find(|&block| school[block].id == change.cell.block) else {
        return Vec::new();
    };
    let offering = school.offering_ids().find(|&o| school[o].id == change.was.offering);
    let activity = offering.map(Activity::Offering);
    let place = school.place_ids().find(|&place| school[place].id == change.was.place);
    let here = |session: &Session| session.block == block && Some(session.activity) == activity;
    let mut found = Vec::new();
    if change.cell.kind == "student" {
        let student = school.student_ids().find(|&i| school[i].id == change.cell.id).expect("a student");
        let mut without = schedule.clone();
        let at_once = |b: BlockId| school[b].overlaps(&school[block]);
        let sessions = without.sessions.iter_mut().filter(|session| at_once(session.block));
        sessions.for_each(|session| session.attendances.retain(|at| at.student != student));
        for at in (0..without.sessions.len()).filter(|&at| here(&without.sessions[at])) {
            let session = &without.sessions[at];
            if session.attendances.len() >= seats(school, session) {
                continue;
            }
            if change.counts() || school[session.lead].id == change.was.lead {
                let mut back = without.clone();
                back.sessions[at].attendances.push(Attendance { student, need: None });
                found.push(back);
            }
        }
        if offering.is_none() {
            without.sessions.retain(|session| !session.attendances.is_empty());
            found.push(without);
        }
        return found;
    }
    let staff = school.staff_ids().find(|&staff| school[staff].id == change.cell.id).expect("somebody");
    for at in (0..schedule.sessions.len()).filter(|&at| here(&schedule.sessions[at])) {
        let mut back = schedule.clone();
        back.sessions[at].lead = staff;
        found.push(back.clone());
        back.sessions[at].place = place;
        found.push(back.clone());
        back.sessions[at].lead = schedule.sessions[at].lead;
        found.push(back);
    }
    if offering.is_none() {
        let mut without = schedule.clone();
        without.sessions.retain(|session| session.block != block || session.lead != staff);
        found.push(without);
    }
    found
}

#[test]
fn a_repair_changes_no_more_than_needed() {
    nothing_can_be_undone("0");
}

#[test]
fn a_repair_of_another_week_changes_no_more_than_needed() {
    nothing_can_be_undone("1");
}

#[test]
fn a_repair_that_counts_attendances_for_other_needs_changes_no_more_than_needed() {
    nothing_can_be_undone("5");
}

/// Repairs the week that `solve` finds with this seed, and tries to take each change back.
fn nothing_can_be_undone(seed: &str) {
    let small = Small::new();
    let dir = small.dir().display().to_string();
    leerzone(&["generate", "--students", "300", "--seed", "3", "--force", &dir]).assert().success();
    // Until the gap is small, so that the plan is the same on every machine.
    leerzone(&["solve", "--quiet", "--gap", "0.03", "--seed", seed]).arg(small.dir()).assert().success();
    let staff = rows(&small.out(), "staff_timetable.csv");
    let on_monday = |who: &str| staff.iter().filter(|row| row["staff"] == who && row["day"] == "mon").count();
    let mut people: Vec<&str> =
        staff.iter().filter(|row| row["role"] == "teacher").map(|row| row["staff"].as_str()).collect();
    people.sort_by_key(|&who| (std::cmp::Reverse(on_monday(who)), who));
    people.dedup();
    let room = rows(&small.out(), "sessions.csv")[0]["place"].clone();
    let arguments = [
        "--absent",
        &format!("{}:mon", people[0]),
        "--absent",
        &format!("{}:tue", people[1]),
        "--closed",
        &format!("{room}:wed"),
        // So that on a busy machine, too, all is tried.
        "--time-limit",
        "60",
    ];
    repair(&small, &arguments);
    let out = repaired(&small);
    let origin = Origin { dir: &small.dir(), layout: None, scenario: &[], set: &[], history: &[], out: &out };
    let case = origin.case(None).expect("a repaired week");
    let to = small.dir().with_file_name("undone");
    let (found, changes) = judged(&case, &case.schedule, &small.out(), &to).expect("a repaired week");
    let weight = summary(&out)["repair"]["change_weight"].as_f64().expect("a weight");
    let worth = |one: &Worth| one.total - weight * one.changes as f64;
    let school = &case.school;
    // Each change by itself, then all of one student together.
    let single = changes.iter().map(std::slice::from_ref);
    let mut sorted = changes.clone();
    sorted.sort_by_key(|change| change.cell.clone());
    let theirs = sorted.chunk_by(|a, b| a.cell.kind == "student" && a.cell.id == b.cell.id);
    let mut tried = 0;
    for together in single.chain(theirs.filter(|all| all.len() > 1)) {
        let mut undoing = vec![case.schedule.clone()];
        for change in together {
            undoing =
                undoing.iter().flat_map(|schedule| undone(school, schedule, change)).take(WAYS).collect();
        }
        for schedule in undoing {
            tried += 1;
            let Some((other, _)) = judged(&case, &schedule, &small.out(), &to) else { continue };
            let as_good = other.met == found.met && worth(&other) >= worth(&found) - 1e-6;
            assert!(
                !as_good || other.rows >= found.rows,
                "{together:?} could be undone: {found:?} {other:?}"
            );
        }
    }
    assert!(found.changes > 0 && tried > 0, "{found:?}");
}
