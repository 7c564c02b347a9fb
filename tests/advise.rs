//! `leerzone advise`: a gain that is told is there when the school is solved again with the change.

mod small;

use std::fs;

use serde_json::Value;
use small::{Small, leerzone};

/// Five students need mathematics; Ann has one block a week and sessions hold four. Ben has time and is not
/// qualified; Dan has nothing to do, and room two is not used.
fn school() -> Small {
    Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,en,2\n",
        )
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,should\n")
}

fn advised(small: &Small) -> Value {
    small.solve(&["--gap", "0"]).success();
    let output = leerzone(&["advise", "--json", "--quiet"])
        .arg(small.dir())
        .arg(small.out())
        .output()
        .expect("advise runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn summary(small: &Small) -> Value {
    let text = fs::read_to_string(small.out().join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

/// The total of the school, solved to the end with a change.
fn total_with(small: &Small, change: &Value) -> f64 {
    let scenario = small.dir().with_file_name("change.toml");
    fs::write(&scenario, change["scenario"].as_str().expect("a scenario")).expect("a file");
    small.solve(&["--gap", "0", "--scenario", scenario.to_str().expect("a path")]).success();
    summary(small)["total"].as_f64().expect("a total")
}

fn list<'v>(advised: &'v Value, key: &str) -> &'v Vec<Value> {
    advised[key].as_array().expect("a list")
}

#[test]
fn every_gain_is_realised_by_solving_again() {
    let small = school();
    let advised = advised(&small);
    let before = summary(&small)["total"].as_f64().expect("a total");
    let advice = list(&advised, "advice");
    let kinds: Vec<&str> = advice.iter().filter_map(|advice| advice["kind"].as_str()).collect();
    for kind in ["hour", "qualification", "seat"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    for advice in advice {
        let gain = advice["gain"].as_f64().expect("a gain");
        assert!(gain > 0.0);
        assert!(total_with(&small, advice) >= before + gain - 1e-6, "{before} {advice}");
    }
}

#[test]
fn what_gains_most_stands_first() {
    let advised = advised(&school());
    let advice = list(&advised, "advice");
    let gains: Vec<f64> = advice.iter().filter_map(|advice| advice["gain"].as_f64()).collect();
    assert!(gains.is_sorted_by(|a, b| a >= b), "{gains:?}");
    // A block more serves the two who are left out, a seat more serves one of them.
    let of = |kind: &str| advice.iter().find(|advice| advice["kind"] == kind).expect("the advice");
    assert_eq!((of("hour")["gain"].as_f64(), of("seat")["gain"].as_f64()), (Some(20.0), Some(10.0)));
    assert_eq!((&of("hour")["met"]["should"], &of("seat")["met"]["should"]), (&2.into(), &1.into()));
}

#[test]
fn what_is_dropped_costs_nothing() {
    let small = school();
    let advised = advised(&small);
    let before = summary(&small)["total"].as_f64().expect("a total");
    let drops = list(&advised, "drop");
    let texts: Vec<&str> = drops.iter().filter_map(|drop| drop["change"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains("blocks of ben are not used")), "{texts:?}");
    assert!(texts.iter().any(|text| text.ends_with("is not used")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("math/ann")), "{texts:?}");
    for drop in drops {
        assert!(total_with(&small, drop) >= before - 1e-6, "{drop}");
    }
}

#[test]
fn a_session_whose_students_fit_elsewhere_can_go() {
    // Both lead mathematics; one session holds all four students.
    let small = school()
        .with("staff.csv", "staff,name,roles,subjects,max_blocks,min_blocks\nann,Ann,teacher,wi,1,1\nben,Ben,teacher,wi,1,1\n")
        .with("students.csv", "student,name\ns1,1\ns2,2\n");
    small.solve(&["--gap", "0"]).success();
    // As if the school cared for nobody's least number of blocks any more.
    let small = small.with(
        "staff.csv",
        "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,wi,1\n",
    );
    let output = leerzone(&["advise", "--json", "--quiet"]).arg(small.dir()).arg(small.out()).output();
    let advised: Value = serde_json::from_slice(&output.expect("advise runs").stdout).expect("JSON");
    let sessions: Vec<&Value> =
        list(&advised, "drop").iter().filter(|drop| drop["kind"] == "session").collect();
    assert!(!sessions.is_empty(), "{advised}");
    for session in sessions {
        assert!(total_with(&small, session) >= 20.0);
    }
}

#[test]
fn a_school_without_unmet_needs_lacks_nothing() {
    let small = school().with("students.csv", "student,name\ns1,1\ns2,2\n");
    let advised = advised(&small);
    assert_eq!(list(&advised, "advice").len(), 0);
    leerzone(&["advise"]).arg(small.dir()).arg(small.out()).assert().success();
    leerzone(&["advise"]).arg(small.dir()).arg(small.dir().join("nowhere")).assert().code(2);
}
