//! The linear program of a school and of its parts: its best schedule holds every rule, and what the program
//! promises is what the referee counts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use leerzone::model::EngineChoice;
use leerzone::model::engine::Engine;
#[cfg(feature = "highs")]
use leerzone::model::formulation::Formulation;
use leerzone::model::program::Bounds;
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;
use leerzone::model::{build, decode, start};
use leerzone::read_school;
use leerzone::school::School;

use crate::program::{best, improved, limits, poor_schedule};
use crate::small::contents;

/// Every example by its folder.
fn examples() -> Vec<(String, School)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of examples")
        .map(|entry| entry.expect("an example").path())
        .filter(|path| path.join("school.toml").exists())
        .collect();
    examples.sort();
    let read = |dir: PathBuf| {
        let name = dir.display().to_string();
        let school = read_school(&dir, None).school.unwrap_or_else(|| panic!("{name} is not valid"));
        (name, school)
    };
    examples.into_iter().map(read).collect()
}

/// The example with one more place, in which a group may meet as in the others and a session holds more.
fn with_a_larger_place(example: &str) -> (String, School) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in contents(&from) {
        let more = if name == "places.csv" { "hall,Hall,40\n" } else { "" };
        std::fs::write(folder.path().join(name), text + more).expect("a file");
    }
    let school = read_school(folder.path(), None).school.expect("a school");
    (format!("{example} and a hall"), school)
}

#[test]
fn the_best_schedule_of_every_example_holds_every_rule_and_has_the_promised_total() {
    for (name, school) in examples() {
        for &engine in EngineChoice::ALL {
            assert!(best(&name, &school, engine).is_some(), "{name}");
        }
    }
}

#[test]
fn parts_improve_a_schedule_and_keep_the_rest() {
    for (name, school) in examples() {
        let mut schedule = poor_schedule(&school, EngineChoice::Microlp).expect("a schedule");
        for round in 0..6 {
            let engine = EngineChoice::ALL[round % EngineChoice::ALL.len()];
            let free = |at: usize| !(at * 7 + round).is_multiple_of(3);
            let cell = |staff: usize, block: usize| (staff + block + round).is_multiple_of(2);
            schedule = improved(&name, &school, &schedule, free, cell, engine).0;
        }
    }
}

#[test]
fn the_relaxation_bounds_every_schedule() {
    for (name, school) in examples() {
        let sets = Sets::new(&school);
        let scope = Scope::whole();
        let model = build::build(&school, &sets, &scope);
        for &engine in EngineChoice::ALL {
            let engine = Engine::new(engine);
            let relaxed = engine.relaxation(&model, None).expect("a relaxation");
            let solved = engine.solve(&model, &limits(), None).expect("a solution");
            let (_, total) = solved.schedule.expect("a schedule");
            assert!(relaxed.bound >= total - 1e-4, "{name}: {} < {total}", relaxed.bound);
        }
    }
}

#[test]
fn an_engine_says_what_it_could_not_solve() {
    let (_, school) =
        examples().into_iter().find(|(name, _)| name.ends_with("two-sites")).expect("it is there");
    let sets = Sets::new(&school);
    let scope = Scope::whole();
    let mut model = build::build(&school, &sets, &scope);
    let microlp = Engine::new(EngineChoice::Microlp);
    let late = microlp.relaxation(&model, Some(Duration::ZERO)).expect_err("no time");
    assert_eq!(format!("{late:#}"), "microlp did not finish the relaxation in time");
    // More of this is always better, and nothing bounds it.
    let endless = Bounds { lower: 0.0, upper: f64::INFINITY, integer: false };
    let variable = model.program.variable(endless, String::new);
    model.program.objective.add(1.0, variable);
    let told = format!("{:#}", microlp.relaxation(&model, None).expect_err("no bound"));
    assert!(told.starts_with("microlp: "), "{told}");
    #[cfg(feature = "highs")]
    {
        let say = |model: &Formulation| {
            let solved = Engine::new(EngineChoice::Highs).solve(model, &limits(), None);
            format!("{:#}", solved.expect_err("no solution"))
        };
        let told = say(&model);
        assert!(told.starts_with("HiGHS ended with the status "), "{told}");
        model.program.objective.add(f64::NAN, variable);
        let told = say(&model);
        assert!(told.starts_with("HiGHS "), "{told}");
    }
}

#[test]
fn values_that_are_no_solution_are_refused_and_never_panic() {
    let mut refused: BTreeSet<String> = BTreeSet::new();
    for (name, school) in examples().into_iter().chain([with_a_larger_place("coaches-and-units")]) {
        let sets = Sets::new(&school);
        let scope = Scope::whole();
        let model = build::build(&school, &sets, &scope);
        let (schedule, _) = best(&name, &school, EngineChoice::Microlp).expect("a schedule");
        let values = start::values(&model, &schedule).expect("its values");
        assert!(decode::schedule(&model, &values).is_ok(), "{name}");
        let step = (values.len() / 400).max(1);
        for variable in (0..values.len()).step_by(step) {
            for change in [-1.0, 0.5, 1.0, 3.0] {
                let mut wrong = values.clone();
                wrong[variable] += change;
                refused.extend(decode::schedule(&model, &wrong).err().map(|error| format!("{error:#}")));
            }
        }
    }
    let all = [
        "a class does not fit",
        "a meeting without a place",
        "a session without a lead",
        "a session without a place",
        "more sessions than places",
        "students without a session",
        "the engine's solution is not integer",
    ];
    assert_eq!(refused.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
