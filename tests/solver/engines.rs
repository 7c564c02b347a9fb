//! An engine that goes wrong: the schedule is right all the same, and the user is told.

use std::fs;

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
    assert!(
        told.starts_with("error: no schedule was found within the time limit, which does not prove"),
        "{told}"
    );
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
