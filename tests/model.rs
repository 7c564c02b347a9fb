//! The linear program of a school and of its parts: its best schedule holds every rule, and what the program
//! promises is what the referee counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use leerzone::model::engine::{Engine, Limits, SolveStatus};
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;
use leerzone::model::{EngineChoice, formulation, objective, start};
use leerzone::read::read_school;
use leerzone::schedule::{Outcome, Schedule, Status};
use leerzone::school::{Grid, Id, School, StaffId, StudentId};
use leerzone::verify;
use leerzone::write::{self, Run};

const ENGINES: &[EngineChoice] = &[
    EngineChoice::Microlp,
    #[cfg(feature = "highs")]
    EngineChoice::Highs,
];

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of examples")
        .map(|entry| entry.expect("an example").path())
        .filter(|path| path.join("school.toml").exists())
        .collect();
    examples.sort();
    examples
}

fn school(dir: &Path) -> School {
    read_school(dir, None).school.unwrap_or_else(|| panic!("{} is not valid", dir.display()))
}

fn limits() -> Limits {
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
fn judged(dir: &Path, school: &School, schedule: &Schedule, total: f64, bound: f64) -> f64 {
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
    assert!(verdict.breaches.is_empty(), "{}: {:#?}", dir.display(), verdict.breaches);
    verdict.total
}

#[test]
fn the_best_schedule_of_every_example_holds_every_rule_and_has_the_promised_total() {
    for dir in examples() {
        let school = school(&dir);
        let sets = Sets::new(&school);
        let scope = Scope::whole();
        let model = formulation::build(&school, &sets, &scope);
        for &engine in ENGINES {
            let solved = Engine::new(engine).solve(&model, &limits(), None).expect("a solution");
            assert_eq!(solved.status, SolveStatus::Optimal, "{}", dir.display());
            let (schedule, total) = solved.schedule.expect("a schedule");
            assert!((total - solved.bound).abs() < 1e-4, "{}: {total} {}", dir.display(), solved.bound);
            let referee = judged(&dir, &school, &schedule, total, solved.bound);
            assert!((total - referee).abs() < 1e-6, "{}: {total}, referee {referee}", dir.display());
            let values = start::values(&model, &schedule).expect("the program knows its own schedule");
            let stated = model.program.objective.value(&values);
            assert!((total - stated).abs() < 1e-6, "{}: {total}, program {stated}", dir.display());
        }
    }
}

/// A schedule to start from that leaves much to gain: the best for a school in which every other student
/// needs nothing.
fn poor_schedule(school: &School, sets: &Sets) -> Schedule {
    let pinned = |student: StudentId| school.pins.iter().any(|pin| pin.student == Some(student));
    let mut poor = school.clone();
    for need in poor.needs.iter_mut().filter(|need| need.student.index() % 2 == 1 && !pinned(need.student)) {
        need.sessions = 0;
    }
    let scope = Scope::whole();
    let model = formulation::build(&poor, sets, &scope);
    let solved = Engine::new(ENGINES[0]).solve(&model, &limits(), None).expect("a solution");
    solved.schedule.expect("a schedule").0
}

#[test]
fn parts_improve_a_schedule_and_keep_the_rest() {
    for dir in examples() {
        let school = school(&dir);
        let sets = Sets::new(&school);
        let mut schedule = poor_schedule(&school, &sets);
        for round in 0..6 {
            let before = objective::total(&school, &schedule);
            let free = |at: usize| !(at * 7 + round).is_multiple_of(3);
            let students: Vec<bool> = (0..school.students.len()).map(free).collect();
            let mut cells: Grid<StaffId, _, bool> =
                Grid::filled(school.staff.len(), school.blocks.len(), false);
            for staff in school.staff_ids() {
                for block in school.block_ids() {
                    cells[(staff, block)] = (staff.index() + block.index() + round) % 2 == 0;
                }
            }
            let scope = Scope::part(&sets, &schedule, students.clone(), cells);
            let model = formulation::build(&school, &sets, &scope);
            let values = start::values(&model, &schedule).expect("the part holds its own schedule");
            let stated = model.program.objective.value(&values);
            assert!((before - stated).abs() < 1e-6, "{}: {before}, program {stated}", dir.display());

            let engine = Engine::new(ENGINES[round % ENGINES.len()]);
            let solved = engine.solve(&model, &limits(), Some(&schedule)).expect("a solution");
            let (better, total) = solved.schedule.expect("a schedule");
            assert!(total >= before - 1e-6, "{}: from {before} to {total}", dir.display());
            assert!(solved.bound >= total - 1e-4, "{}: {total}, bound {}", dir.display(), solved.bound);
            let referee = judged(&dir, &school, &better, total, solved.bound);
            assert!((total - referee).abs() < 1e-6, "{}: {total}, referee {referee}", dir.display());
            for student in school.student_ids().filter(|i| !students[i.index()]) {
                assert_eq!(attended(&schedule, student), attended(&better, student), "{}", dir.display());
            }
            schedule = better;
        }
    }
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

#[test]
fn the_relaxation_bounds_every_schedule() {
    for dir in examples() {
        let school = school(&dir);
        let sets = Sets::new(&school);
        let scope = Scope::whole();
        let model = formulation::build(&school, &sets, &scope);
        for &engine in ENGINES {
            let engine = Engine::new(engine);
            let relaxed = engine.relaxation(&model, None).expect("a relaxation");
            let solved = engine.solve(&model, &limits(), None).expect("a solution");
            let (_, total) = solved.schedule.expect("a schedule");
            assert!(relaxed.bound >= total - 1e-4, "{}: {} < {total}", dir.display(), relaxed.bound);
        }
    }
}
