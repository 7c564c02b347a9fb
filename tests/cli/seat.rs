//! `leerzone seat`: the seats there are, by which moves, why not elsewhere; and what taking one writes.

use std::fs;

use crate::small::{Small, contents, leerzone};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

const NEEDS: &str = "who,subject,sessions,priority,staff\ns1,wi,1,must,ann\ns2,wi,1,must,ann\ns4,wi,1,must,cas\ns3,en,1,must,\n";

/// Ann teaches s1 and s2 mathematics in block one, which fills it; Cas s4 in block two, beside English for s3.
fn desk() -> Small {
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max,tags\nmath,Math,wi,1,2,m\nenglish,English,en,1,4,e\n")
        .with("places.csv", "place,name,seats,tags\nr1,Room 1,10,m\nr2,Room 2,10,e\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\ncas,Cas Vis,teacher,wi\n",
        )
        .with(
            "students.csv",
            "student,name,year\ns1,Ali Bos,1\ns2,Bea Vos,1\ns3,Cor Dam,1\ns4,Dee Kok,1\ns5,Eva Bos,1\n",
        )
        .with("needs.csv", NEEDS)
        .with(
            "busy.csv",
            "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,ben,mon,09:00,10:00\nstaff,cas,mon,09:00,10:00\n",
        );
    small.solve(&["--gap", "0"]).success();
    small
}

fn seat(small: &Small, words: &[&str]) -> assert_cmd::assert::Assert {
    leerzone(&["seat"]).arg(small.dir()).arg(small.out()).args(words).assert()
}

fn document(small: &Small, words: &[&str]) -> Value {
    let told = seat(small, words).success();
    serde_json::from_slice(&told.get_output().stdout).expect("JSON")
}

fn verified(small: &Small) {
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
}

#[test]
fn the_page_shows_what_is_told() {
    let small = desk();
    let told = seat(&small, &["cor", "Mathematics"]).success();
    let told = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/seat.md")).expect("the page");
    assert!(page.contains(&told), "docs/seat.md does not show\n{told}");
}

#[test]
fn a_seat_without_moves_is_told_with_what_it_brings() {
    let small = desk();
    let told = document(&small, &["S5", "WI", "--json"]);
    let [only] = told["seats"].as_array().expect("seats").as_slice() else { panic!("{told}") };
    assert_eq!((&only["session"], &only["seats_left"]), (&"two/math/cas".into(), &1.into()));
    assert_eq!((&only["gain"], &only["terms"]["must"]), (&100.0.into(), &100.0.into()));
    assert_eq!(told["not_there"][0]["because"][0]["reason"], "full");
    assert_eq!(told["in_needs"], false);
    // s1 for ann's: somebody moves for it.
    assert_eq!(told["by_moves"][0]["moves"][1]["to"][0], "two/math/cas");
}

#[test]
fn days_and_names_that_are_not_there_are_refused() {
    let small = desk();
    let before = contents(&small.out());
    seat(&small, &["s5", "wi", "--days", "MON"]).success().stdout(contains("two"));
    seat(&small, &["s5", "wi", "--days", "fri"]).code(2).stderr(contains("`fri` is no day"));
    seat(&small, &["Bos", "wi"]).code(2).stderr(contains("`s1` (Ali Bos), `s5` (Eva Bos): give the id"));
    seat(&small, &["s9", "wi"]).code(2).stderr(contains("no student of this school is called `s9`"));
    seat(&small, &["s5", "chess"]).code(2).stderr(contains("no subject"));
    seat(&small, &["s5", "wi", "--take", "9"])
        .code(2)
        .stderr(contains("no seat has this number; there are 2"));
    seat(&small, &["s5", "wi", "--take", "0"]).code(2);
    assert_eq!(contents(&small.out()), before);
}

#[test]
fn what_only_the_desk_asks_for_is_taken_once_the_data_ask_for_it() {
    let small = desk();
    let before = contents(&small.out());
    seat(&small, &["s3", "wi", "--take", "1"])
        .code(2)
        .stderr(contains("`s3,wi,1,must` (who, subject, sessions, priority)"));
    assert_eq!(contents(&small.out()), before);
    let small = small.with("needs.csv", &format!("{NEEDS}s3,wi,1,must,\n"));
    let told = document(&small, &["s3", "wi", "--json"]);
    assert_eq!((&told["missing"], &told["by_moves"][0]["gain"]), (&1.into(), &98.0.into()));
    seat(&small, &["s3", "wi", "--take", "1"])
        .success()
        .stdout(contains("mon 09:00 math (one)").and(contains("s1: from one/math/ann to two/math/cas")));
    verified(&small);
    let changes = fs::read_to_string(small.out().join("changes.csv")).expect("changes.csv");
    assert_eq!(changes.lines().count(), 4, "{changes}");
    assert!(changes.contains("student,s3,one") && changes.contains("student,s1,two"), "{changes}");
    // What was to be met is met.
    seat(&small, &["s3", "wi", "--take", "1"]).code(2).stderr(contains("no seat has this number"));
}

#[test]
fn a_taken_seat_keeps_who_is_out() {
    let small = desk();
    let out = small.out();
    let replan = |words: &[&str]| {
        leerzone(&["replan"])
            .arg(small.dir())
            .arg(&out)
            .args(words)
            .arg("--out")
            .arg(&out)
            .assert()
            .success();
    };
    replan(&["--absent", "ben"]);
    fs::write(small.dir().join("needs.csv"), format!("{NEEDS}s5,wi,1,should,\n")).expect("a file");
    seat(&small, &["s5", "wi", "--take", "1"]).success().stdout(contains("total +10"));
    verified(&small);
    let summary = fs::read_to_string(out.join("summary.json")).expect("summary.json");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["repair"]["absent"][0]["id"], "ben");
}

#[test]
fn study_gives_way() {
    let small = Small::new()
        .with("school.toml", "name = \"S\"\ndays = [\"mon\"]\n[presence]\nmin_blocks = { \"student:s1\" = 1 }\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\nsue,Sue,supervisor,\n",
        )
        .with("needs.csv", "who,subject,sessions,priority\ns2,wi,1,must\n");
    small.solve(&["--gap", "0"]).success();
    let small = small.with("needs.csv", "who,subject,sessions,priority\ns2,wi,1,must\ns1,wi,1,must\n");
    seat(&small, &["s1", "wi"])
        .success()
        .stdout(contains("without moving anybody:").and(contains("leaves ")));
    seat(&small, &["s1", "wi", "--take", "1"]).success();
    verified(&small);
    let sessions = fs::read_to_string(small.out().join("sessions.csv")).expect("sessions.csv");
    assert!(!sessions.contains("study"), "{sessions}");
}
