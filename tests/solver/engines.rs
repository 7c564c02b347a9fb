//! An engine that goes wrong: the schedule is right all the same, and the user is told.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::small::{Small, contents, large, leerzone};
use serde_json::Value;

/// Solves with a fault in an engine; gives stderr and the summary. What is written holds every rule.
fn solved(fault: &str, arguments: &[&str]) -> (String, Value) {
    let school = Small::new();
    let output = leerzone(&["solve"])
        .arg(school.dir())
        .args(["--time-limit", "2", "--engine", "microlp"])
        .args(arguments)
        .env("LEERZONE_TEST_FAULT", fault)
        .assert()
        .success();
    let told = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
    let text = fs::read(school.out().join("summary.json")).expect("a summary");
    (told, serde_json::from_slice(&text).expect("JSON"))
}

#[test]
fn an_engine_that_finds_nothing_in_time_says_so() {
    let (_folder, dir) = large();
    let solved = leerzone(&["solve", "--quiet", "--method", "monolith", "--engine", "microlp"])
        .arg(&dir)
        .args(["--time-limit", "0.2"])
        .assert()
        .code(1);
    let told = String::from_utf8_lossy(&solved.get_output().stderr).into_owned();
    assert!(told.starts_with("error: no schedule was found, which does not prove"), "{told}");
    assert!(!dir.join("schedule").exists());
}

fn right_total() -> f64 {
    solved("none", &[]).1["total"].as_f64().expect("a number")
}

#[test]
fn the_search_goes_on_without_an_engine() {
    let total = right_total();
    for fault in ["fails", "panics", "no-values", "broken", "wrong-status"] {
        let (told, summary) = solved(&format!("any:{fault}"), &[]);
        assert!(told.contains("the engine microlp failed"), "{fault}: {told}");
        assert_eq!(summary["total"].as_f64(), Some(total), "{fault}");
    }
}

#[cfg(feature = "highs")]
#[test]
fn another_engine_takes_over() {
    let total = right_total();
    for fault in ["fails", "panics", "no-values", "broken", "wrong-status"] {
        for method in ["auto", "monolith"] {
            let (told, summary) = solved(&format!("microlp:{fault}"), &["--method", method]);
            assert!(told.contains("the engine microlp failed"), "{fault}: {told}");
            assert!(told.contains("the engine highs took over"), "{fault}: {told}");
            assert_eq!(summary["total"].as_f64(), Some(total), "{fault}");
            assert_eq!(summary["status"], "optimal", "{fault}");
        }
    }
}

#[test]
fn rounding_errors_are_mended_and_a_refuted_bound_is_dropped() {
    let total = right_total();
    for fault in ["any:off", "any:low-bound"] {
        let (_, summary) = solved(fault, &[]);
        assert_eq!(summary["total"].as_f64(), Some(total), "{fault}");
        assert!(summary["bound"].as_f64().expect("a bound") >= total, "{fault}");
    }
}

#[test]
fn an_engine_that_does_not_end_is_left_to_itself() {
    let (told, summary) = solved("any:overruns", &[]);
    assert!(told.contains("did not end within its time limit"), "{told}");
    assert_eq!(summary["total"].as_f64(), Some(right_total()));
}

#[test]
fn with_no_engine_left_the_last_good_schedule_stays() {
    let school = Small::new();
    school.solve(&[]).success();
    let before = contents(&school.out());
    let output = leerzone(&["solve"])
        .arg(school.dir())
        .args(["--method", "monolith", "--time-limit", "1"])
        .env("LEERZONE_TEST_FAULT", "any:fails")
        .assert()
        .code(1);
    let told = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(told.contains("a fault put in by a test"), "{told}");
    assert_eq!(contents(&school.out()), before);
}

/// A coach who would have more groups than the program of the whole school has room for.
fn many_groups() -> Small {
    let students: String = (0..100).map(|i| format!("s{i},S{i},1,ann\n")).collect();
    Small::new()
        .with(
            "school.toml",
            "name = \"Many\"\ndays = [\"mon\"]\n[weights]\ncoach_kept = 20\n[coaching]\nmin = 2\nmax = 60\nmeetings = 1\n",
        )
        .with(
            "layout.toml",
            "name = \"c\"\n[[block]]\nid = \"c\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"09:30\"\nkind = \"coaching\"\n",
        )
        .with("places.csv", "place,name,seats\nr1,Room 1,60\nr2,Room 2,60\n")
        .with("students.csv", &format!("student,name,year,coach\n{students}"))
        .with("needs.csv", "who,subject,sessions,priority\n")
}

#[test]
fn a_program_that_leaves_groups_out_proves_nothing() {
    // Two groups of Ann, of which one meets: 100 x 20 for the coach that is kept, 40 meetings missing.
    let best = 1600.0;
    let small =
        many_groups().with("staff.csv", "staff,name,roles,subjects\nann,Ann,coach,\nben,Ben,coach,\n");
    for method in ["auto", "monolith"] {
        small.solve(&["--method", method, "--gap", "0"]).success();
        leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
        let text = fs::read(small.out().join("summary.json")).expect("a summary");
        let summary: Value = serde_json::from_slice(&text).expect("JSON");
        assert!(summary["bound"].as_f64().is_some_and(|bound| bound >= best), "{method}: {summary}");
    }
    // With Ann alone the program has no solution, and there is a schedule all the same.
    let small = many_groups().with("staff.csv", "staff,name,roles,subjects\nann,Ann,coach,\n");
    small.solve(&["--gap", "0"]).success();
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
    let told = small.solve(&["--method", "monolith"]).code(1);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("which does not prove that there is none"), "{told}");
    leerzone(&["explain"])
        .arg(small.dir())
        .assert()
        .success()
        .stdout(predicates::str::contains("no contradiction"));
}

/// What HiGHS by itself answers to the written model is as good as what leerzone finds, and is read back.
#[test]
fn another_solver_gets_the_whole_model_and_its_answer_is_read_back() {
    let highs = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/highs/bin/highs");
    if !highs.is_file() {
        eprintln!("skipped: there is no HiGHS of its own at {}", highs.display());
        return;
    }
    let total = right_total();
    for ending in ["mps", "lp"] {
        let school = Small::new();
        let (model, answer) = (school.dir().join(format!("model.{ending}")), school.dir().join("answer.sol"));
        let written =
            leerzone(&["solve"]).arg(school.dir()).arg("--write-model").arg(&model).assert().success();
        written.stderr(predicates::str::contains("--start ANSWER"));
        assert!(!school.out().exists(), "nothing is solved");
        let solved =
            Command::new(&highs).arg(&model).arg("--solution_file").arg(&answer).output().expect("it runs");
        assert!(solved.status.success(), "{solved:?}");
        let goal = format!("{}", if ending == "mps" { -total } else { total });
        let told = fs::read_to_string(&answer).expect("an answer");
        assert!(told.contains(&format!("Objective {goal}\n")), "{ending}: {goal} in {told}");
        // Too short to find anything: the schedule is the one that was read.
        let started = ["--method", "search", "--time-limit", "0.001"];
        leerzone(&["solve"]).arg(school.dir()).arg("--start").arg(&answer).args(started).assert().success();
        leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
        let summary = fs::read(school.out().join("summary.json")).expect("a summary");
        let summary: Value = serde_json::from_slice(&summary).expect("JSON");
        assert_eq!(summary["total"].as_f64(), Some(total), "{ending}");
    }
}

#[test]
fn an_answer_that_is_none_is_refused() {
    let school = Small::new();
    let answer = school.dir().join("answer.sol");
    for (text, told) in
        [("infeasible\n", "no line with the name of a variable"), ("v99999999 1\n", "of another school")]
    {
        fs::write(&answer, text).expect("a file");
        let solved = leerzone(&["solve"]).arg(school.dir()).arg("--start").arg(&answer).assert().code(2);
        solved.stderr(predicates::str::contains(told));
    }
    leerzone(&["solve"]).arg(school.dir()).args(["--write-model", "model.txt"]).assert().code(2);
}
