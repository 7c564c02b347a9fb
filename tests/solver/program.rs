//! Schools as a few lines of text, their best schedules, and what the referee says of these.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use leerzone::model::engine::{Engine, Limits, SolveStatus};
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;
use leerzone::model::{EngineChoice, build, objective, start};
use leerzone::read_school;
use leerzone::schedule::{Outcome, Schedule, Status};
use leerzone::school::{Grid, Id, School, StaffId, StudentId};
use leerzone::verify;
use leerzone::write::{self, Run};

/// Files of a school, by name.
pub type Files<'a> = &'a [(&'a str, &'a str)];

/// Two students, each with one need, a teacher, a place and two blocks after each other.
pub const BASE: Files = &[
    ("school.toml", "name = \"Twee\"\ndays = [\"mo\"]\n"),
    (
        "layout.toml",
        "name = \"two\"\n[[block]]\nid = \"b1\"\ndays = [\"mo\"]\nstart = \"09:00\"\nend = \"10:00\"\n\
         kind = \"lesson\"\n[[block]]\nid = \"b2\"\ndays = [\"mo\"]\nstart = \"10:00\"\nend = \"11:00\"\n\
         kind = \"lesson\"\n",
    ),
    ("subjects.csv", "subject,name\nwi,Wiskunde\n"),
    ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,2\n"),
    ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,1\n"),
    ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\n"),
    ("students.csv", "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\n"),
    ("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n"),
];

/// The base with other files in place of its own.
pub fn school_with(name: &str, changed: Files) -> School {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (file, text) in BASE.iter().chain(changed) {
        fs::write(dir.path().join(file), text).expect("a written file");
    }
    let reading = read_school(dir.path(), None);
    reading.school.unwrap_or_else(|| panic!("{name}: {:#?}", reading.problems))
}

pub fn limits() -> Limits {
    Limits {
        time: Some(Duration::from_secs(60)),
        gap: 0.0,
        nodes: None,
        threads: 1,
        seed: 0,
        stop: Arc::default(),
    }
}

/// The referee's total; fails if the schedule breaks a rule.
pub fn judged(name: &str, school: &School, schedule: &Schedule, total: f64, bound: f64) -> f64 {
    let out = tempfile::tempdir().expect("a temporary folder");
    let outcome = Outcome { status: Status::Optimal, total, bound, seconds: 0.0 };
    let run = Run {
        input_hash: String::new(),
        engine: String::new(),
        options: serde_json::json!({}),
        scenario: None,
    };
    let target = out.path().join("schedule");
    write::write_schedule(school, schedule, &outcome, &run, &target).expect("a written schedule");
    let verdict = verify::verify(school, &target).expect("a verdict");
    assert!(verdict.violations.is_empty(), "{name}: {:#?}", verdict.violations);
    verdict.total
}

/// The best schedule and its total, by program, engine and referee alike; `None` if the rules contradict each
/// other.
pub fn best(name: &str, school: &School, engine: EngineChoice) -> Option<(Schedule, f64)> {
    let sets = Sets::new(school);
    let scope = Scope::whole();
    let model = build::build(school, &sets, &scope);
    let solved = Engine::new(engine).solve(&model, &limits(), None).expect("an answer");
    if solved.status == SolveStatus::Infeasible {
        return None;
    }
    assert_eq!(solved.status, SolveStatus::Optimal, "{name}");
    let (schedule, total) = solved.schedule.expect("a schedule");
    assert!((total - solved.bound).abs() < 1e-4, "{name}: {total} {}", solved.bound);
    let referee = judged(name, school, &schedule, total, solved.bound);
    assert!((total - referee).abs() < 1e-6, "{name}: {total}, referee {referee}");
    let values = start::values(&model, &schedule).expect("the program knows its own schedule");
    let stated = model.program.objective.value(&values);
    assert!((total - stated).abs() < 1e-6, "{name}: {total}, program {stated}");
    Some((schedule, total))
}

/// A schedule to start from that leaves much to gain: the best for a school in which every other student
/// needs nothing; `None` if there is none.
pub fn poor_schedule(school: &School, engine: EngineChoice) -> Option<Schedule> {
    let pinned = |student: StudentId| school.pins.iter().any(|pin| pin.student == Some(student));
    let mut poor = school.clone();
    for need in poor.needs.iter_mut().filter(|need| need.student.index() % 2 == 1 && !pinned(need.student)) {
        need.sessions = 0;
    }
    let sets = Sets::new(&poor);
    let scope = Scope::whole();
    let model = build::build(&poor, &sets, &scope);
    Engine::new(engine).solve(&model, &limits(), None).expect("an answer").schedule.map(|(poor, _)| poor)
}

/// Improves the part of the schedule that is free: some of the students, some staff in some blocks. Nothing
/// gets worse, what is not free stays, every rule holds.
pub fn improved(
    name: &str,
    school: &School,
    schedule: &Schedule,
    free_student: impl Fn(usize) -> bool,
    free_cell: impl Fn(usize, usize) -> bool,
    engine: EngineChoice,
) -> (Schedule, f64) {
    let sets = Sets::new(school);
    let before = objective::total(school, schedule);
    let students: Vec<bool> = (0..school.students.len()).map(free_student).collect();
    let mut cells: Grid<StaffId, _, bool> = Grid::filled(school.staff.len(), school.blocks.len(), false);
    for staff in school.staff_ids() {
        for block in school.block_ids() {
            cells[(staff, block)] = free_cell(staff.index(), block.index());
        }
    }
    let scope = Scope::part(&sets, schedule, students.clone(), cells);
    let model = build::build(school, &sets, &scope);
    let values = start::values(&model, schedule).expect("the part holds its own schedule");
    let stated = model.program.objective.value(&values);
    assert!((before - stated).abs() < 1e-6, "{name}: {before}, program {stated}");

    let solved = Engine::new(engine).solve(&model, &limits(), Some(schedule)).expect("a solution");
    let (better, total) = solved.schedule.expect("a schedule");
    assert!(total >= before - 1e-6, "{name}: from {before} to {total}");
    assert!(solved.bound >= total - 1e-4, "{name}: {total}, bound {}", solved.bound);
    let referee = judged(name, school, &better, total, solved.bound);
    assert!((total - referee).abs() < 1e-6, "{name}: {total}, referee {referee}");
    for student in school.student_ids().filter(|i| !students[i.index()]) {
        assert_eq!(attended(schedule, student), attended(&better, student), "{name}");
    }
    (better, total)
}

/// What a student attends, in whatever order the sessions come.
fn attended(schedule: &Schedule, student: StudentId) -> Vec<String> {
    let mut attended: Vec<String> = schedule
        .sessions
        .iter()
        .flat_map(|session| session.attendances.iter().map(move |at| (session, at)))
        .filter(|(_, at)| at.student == student)
        .map(|(session, at)| {
            format!("{:?} {:?} {:?} {:?}", session.block, session.activity, session.lead, at.need)
        })
        .collect();
    attended.sort();
    attended
}
