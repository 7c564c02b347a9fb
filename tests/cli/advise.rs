//! `leerzone advise`: a gain that is told is there when the school is solved again with the change.

use std::collections::BTreeSet;
use std::fs;

use crate::small::{Small, leerzone};
use serde_json::Value;

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

/// Solves with a change, anew or from the running schedule, and lets the referee judge: what the summary says.
fn with(small: &Small, change: &Value, from: &[&str]) -> Value {
    let scenario = small.dir().with_file_name("change.toml");
    fs::write(&scenario, change["scenario"].as_str().expect("a scenario")).expect("a file");
    let scenario = scenario.to_str().expect("a path");
    let changed = small.dir().with_file_name("changed");
    let out = changed.to_str().expect("a path");
    small.solve(&[&["--gap", "0", "--scenario", scenario, "--out", out], from].concat()).success();
    leerzone(&["verify", "--scenario", scenario]).arg(small.dir()).arg(&changed).assert().success();
    let text = fs::read_to_string(changed.join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

fn total_of(summary: &Value) -> f64 {
    summary["total"].as_f64().expect("a total")
}

fn total_with(small: &Small, change: &Value) -> f64 {
    total_of(&with(small, change, &[]))
}

/// Every gain that is told is there when the school is solved with the change: the total, and the need sessions.
/// Gives the kinds of what gains, and of all that was tried.
fn realised(small: &Small) -> [BTreeSet<String>; 2] {
    let advised = advised(small);
    let before = summary(small);
    let running = small.out().display().to_string();
    for advice in list(&advised, "advice") {
        let gain = advice["gain"].as_f64().expect("a gain");
        assert!(gain > 0.0);
        for from in [&[][..], &["--start", &running]] {
            let after = with(small, advice, from);
            assert!(total_of(&after) >= total_of(&before) + gain - 1e-6, "{before} {advice} {after}");
            for priority in ["must", "should", "could"] {
                let met = |summary: &Value| summary["needs"][priority]["met"].as_i64().expect("a number");
                let promised = advice["met"][priority].as_i64().expect("a number");
                assert!(met(&after) - met(&before) >= promised, "{priority}: {advice} {after}");
            }
        }
    }
    let kinds =
        |key: &str| list(&advised, key).iter().map(|one| one["kind"].as_str().expect("a kind").to_owned());
    let gaining: BTreeSet<String> = kinds("advice").collect();
    [gaining.clone(), gaining.into_iter().chain(kinds("without_gain")).collect()]
}

fn kinds(kinds: &[&str]) -> BTreeSet<String> {
    kinds.iter().map(|&kind| kind.to_owned()).collect()
}

fn list<'v>(advised: &'v Value, key: &str) -> &'v Vec<Value> {
    advised[key].as_array().expect("a list")
}

#[test]
fn every_gain_is_realised_by_solving_again() {
    let [gaining, tried] = realised(&school());
    assert_eq!(gaining, kinds(&["hour", "qualification", "seat"]));
    // A place and a block would serve nobody here; that was found out and not guessed.
    assert!(tried.is_superset(&kinds(&["place", "block"])), "{tried:?}");
}

#[test]
fn a_place_is_worth_something_where_places_are_scarce() {
    let small = school()
        .with("places.csv", "place,name,seats\nr1,Room 1,10\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nben,Ben,teacher,wi\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,ben,mon,10:00,11:00\n");
    let [gaining, _] = realised(&small);
    assert!(gaining.is_superset(&kinds(&["place", "seat", "hour"])), "{gaining:?}");
}

#[test]
fn a_block_is_worth_something_where_everybody_teaches_in_all_of_them() {
    let small = school()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,2\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\n");
    let [gaining, _] = realised(&small);
    assert!(gaining.is_superset(&kinds(&["block", "seat", "hour"])), "{gaining:?}");
}

#[test]
fn money_is_worth_something_where_it_runs_out() {
    let small = school()
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\n")
        .with("school.toml", "name = \"Poor\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 15.0\n");
    let [gaining, _] = realised(&small);
    assert!(gaining.contains("budget"), "{gaining:?}");
}

#[test]
fn each_kind_of_change_is_tried_however_many_others_there_are() {
    // Of twenty subjects each has a teacher at the limit, whose hours have a price; one lacks a room.
    let small = school();
    let subjects: Vec<String> = (0..20).map(|number| format!("k{number}")).collect();
    let rows = |row: &dyn Fn(&String) -> String| subjects.iter().map(|id| row(id) + "\n").collect::<String>();
    let small = small
        .with("subjects.csv", &format!("subject,name\n{}", rows(&|id| format!("{id},{id}"))))
        .with(
            "offerings.csv",
            &format!("offering,name,subjects,min,max\n{}", rows(&|id| format!("o-{id},{id},{id},1,1"))),
        )
        .with(
            "staff.csv",
            &format!(
                "staff,name,roles,subjects,max_blocks\n{}",
                rows(&|id| format!("t-{id},{id},teacher,{id},1"))
            ),
        )
        .with("places.csv", &format!("place,name,seats\n{}", rows(&|id| format!("r-{id},{id},9"))))
        .with(
            "needs.csv",
            &format!("who,subject,sessions,priority\n{}", rows(&|id| format!("all,{id},1,could"))),
        );
    small.solve(&["--gap", "0"]).success();
    let output =
        leerzone(&["advise", "--json", "--quiet", "--top", "12"]).arg(small.dir()).arg(small.out()).output();
    let advised: Value = serde_json::from_slice(&output.expect("advise runs").stdout).expect("JSON");
    let tried = ["advice", "without_gain"]
        .map(|key| list(&advised, key).iter().filter_map(|one| one["kind"].as_str()));
    let tried: BTreeSet<&str> = tried.into_iter().flatten().collect();
    assert_eq!(tried, BTreeSet::from(["block", "hour", "place", "qualification", "seat"]));
    assert!(advised["not_tried"].as_u64() > Some(20), "{}", advised["not_tried"]);
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
    let one = |text: &&&str| text.starts_with("1 of ") && text.ends_with(" are not used");
    assert_eq!(texts.iter().find(one), None);
    assert!(!texts.iter().any(|text| text.ends_with("with 1 students")), "{texts:?}");
    assert!(texts.iter().any(|text| text.starts_with("nothing takes place in ")), "{texts:?}");
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

#[test]
fn money_that_is_left_can_go() {
    let small = school()
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\n")
        .with("students.csv", "student,name\ns1,1\ns2,2\n")
        .with("school.toml", "name = \"Rich\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 50.0\n");
    let advised = advised(&small);
    let money = list(&advised, "drop").iter().find(|drop| drop["kind"] == "budget").expect("the budget");
    let text = money["change"].as_str().expect("a text");
    assert!(text.ends_with(" of the 50 in the budget of * are not spent"), "{text}");
    assert!(total_with(&small, money) >= total_of(&summary(&small)) - 1e-6);
}

#[test]
fn the_example_is_advised_as_its_readme_says() {
    let school = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/what-if");
    let folder = tempfile::tempdir().expect("a folder");
    let week = folder.path().join("week");
    leerzone(&["solve", "--quiet", "--out"]).arg(&week).arg(&school).assert().success();
    let output =
        leerzone(&["advise", "--json", "--quiet"]).arg(&school).arg(&week).output().expect("advise runs");
    let advised: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let gains: Vec<(&Value, &Value)> =
        list(&advised, "advice").iter().map(|one| (&one["kind"], &one["gain"])).collect();
    assert_eq!(gains.len(), 2, "{gains:?}");
    assert!(
        gains.iter().all(|(kind, gain)| **gain == 30.0 && (*kind == "block" || *kind == "hour")),
        "{gains:?}"
    );
    assert!(list(&advised, "without_gain").iter().any(|one| one["kind"] == "seat"), "{advised}");
    assert!(list(&advised, "drop").iter().any(|one| one["change"] == "r2 is not used"), "{advised}");
    leerzone(&["explain"])
        .arg(&school)
        .arg(&week)
        .arg("subject:wi")
        .assert()
        .success()
        .stdout(predicates::str::contains("a further lesson block on mon"));
}

#[test]
fn a_gain_that_takes_other_blocks_is_found_by_searching_the_whole_school() {
    // The one seat of mathematics is Bea's, when Ali has English; another would only serve him if English came later.
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,1\nenglish,English,en,1,4\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\n")
        .with("needs.csv", "who,subject,sessions,priority\ns1,en,1,must\nall,wi,1,should\n")
        .with("pins.csv", "kind,block,offering,staff,place,student\nsession,one,english,,,\n");
    small.solve(&["--gap", "0"]).success();
    let small = small.with("pins.csv", "kind,block,offering,staff,place,student\n");
    let output = leerzone(&["advise", "--json", "--quiet", "--time-limit", "40"])
        .arg(small.dir())
        .arg(small.out())
        .output()
        .expect("advise runs");
    let advised: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let seat = list(&advised, "advice").iter().find(|one| one["kind"] == "seat");
    assert_eq!(seat.and_then(|seat| seat["gain"].as_f64()), Some(10.0), "{advised:#}");
    assert_eq!(total_with(&small, seat.expect("a seat")), 120.0);
}
