//! `leerzone show`: a week as a grid, found by id or by name.

use std::fs;

use crate::small::{HEADERS, leerzone};
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A schedule with two bell schedules that overlap, as a person might have edited it.
fn schedule() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let rows = [
        (
            "sessions.csv",
            "group-ann,mon-0,coaching,coaching,r1,ann,,2,8\n\
             mon-low/math/ann,mon-low,lesson,math,r1,ann,bob,2,4\n\
             mon-up/zone/cas,mon-up,zone,zone,plaza,cas,,1,30\n\
             tue-low/math/ann,tue-low,lesson,math,r1,ann,,1,4\n",
        ),
        (
            "student_timetable.csv",
            "s1,mon-0,mon,8:30,9:00,coaching,group-ann,coaching,,r1,ann\n\
             s2,mon-0,mon,8:30,9:00,coaching,group-ann,coaching,,r1,ann\n\
             s1,mon-low,mon,09:00,10:00,lesson,mon-low/math/ann,math,wi,r1,ann\n\
             s2,mon-low,mon,09:00,10:00,lesson,mon-low/math/ann,math,wi,r1,ann\n\
             s1,tue-low,tue,09:00,10:00,lesson,tue-low/math/ann,math,wi,r1,ann\n\
             s3,mon-up,mon,09:30,10:30,zone,mon-up/zone/cas,zone,ku|mu,plaza,cas\n",
        ),
        (
            "staff_timetable.csv",
            "ann,mon-0,mon,8:30,9:00,coaching,coach,group-ann,coaching,r1\n\
             ann,mon-low,mon,09:00,10:00,lesson,teacher,mon-low/math/ann,math,r1\n\
             ann,tue-low,tue,09:00,10:00,lesson,teacher,tue-low/math/ann,math,r1\n\
             ann,mon-up,mon,09:30,10:30,zone,reserve,,,\n\
             bob,mon-low,mon,09:00,10:00,lesson,assistant,mon-low/math/ann,math,r1\n\
             cas,mon-up,mon,09:30,10:30,zone,teacher,mon-up/zone/cas,zone,plaza\n",
        ),
        (
            "place_timetable.csv",
            "r1,mon-0,mon,8:30,9:00,group-ann,coaching,ann,2\n\
             r1,mon-low,mon,09:00,10:00,mon-low/math/ann,math,ann,2\n\
             r1,tue-low,tue,09:00,10:00,tue-low/math/ann,math,ann,1\n\
             plaza,mon-up,mon,09:30,10:30,mon-up/zone/cas,zone,cas,1\n",
        ),
        ("coaching_groups.csv", "group-ann,ann,s1\ngroup-ann,ann,s2\n"),
        ("package_holders.csv", ""),
        ("unmet_needs.csv", "s2,wi,must,1,sessions-full,tue-low/math/ann was full\n"),
        (
            "names.csv",
            "student,s1,Ali Bos\nstudent,s2,Bea Vos\nstudent,s3,Ali Mol\nstudent,s4,Dee Kok\n\
             staff,ann,Ann Smit\nstaff,bob,\nstaff,cas,Cas Bos\nplace,r1,Room 1\nplace,plaza,s1\n",
        ),
    ];
    for ((file, header), (same, rows)) in HEADERS.iter().zip(rows) {
        assert_eq!(*file, same);
        fs::write(folder.path().join(file), format!("{header}\n{rows}")).expect("a file");
    }
    folder
}

fn show(folder: &TempDir, arguments: &[&str]) -> Assert {
    leerzone(&["show"]).arg(folder.path()).args(arguments).assert()
}

/// The cells of the grid that is printed, line by line.
fn cells(shown: Assert) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(&shown.success().get_output().stdout).into_owned();
    assert!(text.is_ascii(), "plain when not on a terminal: {text}");
    let lines = text.lines().filter(|line| line.starts_with("| "));
    lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn a_students_week_has_days_across_and_times_down() {
    let expected = [
        ["", "mon", "tue"],
        ["08:30-09:00", "coaching", ""],
        ["", "ann, r1", ""],
        ["09:00-10:00", "wi in math", "wi in math"],
        ["", "ann, r1", "ann, r1"],
    ];
    assert_eq!(cells(show(&schedule(), &["s1", "--kind", "student"])), expected);
}

#[test]
fn overlapping_bells_have_rows_of_their_own() {
    let expected = [
        ["", "mon", "tue"],
        ["08:30-09:00", "coaching", ""],
        ["", "r1", ""],
        ["", "2 students", ""],
        ["09:00-10:00", "math", "math"],
        ["", "r1", "r1"],
        ["", "2 students", "1 student"],
        ["09:30-10:30", "(reserve)", ""],
    ];
    assert_eq!(cells(show(&schedule(), &["ann"])), expected);
    show(&schedule(), &["bob"]).success().stdout(contains("math (assists)"));
}

#[test]
fn a_place_shows_who_leads_what() {
    let shown = cells(show(&schedule(), &["Room 1"]));
    assert!(
        shown.contains(&["09:00-10:00", "math, ann", "math, ann"].map(str::to_owned).to_vec()),
        "{shown:?}"
    );
}

#[test]
fn a_block_shows_its_sessions() {
    let shown = cells(show(&schedule(), &["mon-low"]));
    assert_eq!(shown[1], ["math", "ann + bob", "r1", "2 of 4", "Ali Bos, Bea Vos"]);
    show(&schedule(), &["mon-low"]).stdout(contains("block mon-low: mon 09:00-10:00"));
}

#[test]
fn a_day_shows_all_its_blocks() {
    show(&schedule(), &["MON"])
        .success()
        .stdout(contains("block mon-low: mon 09:00-10:00").and(contains("Bea Vos")));
}

#[test]
fn what_is_missing_is_told_with_the_reason() {
    let told = "missing 1 x wi (must), sessions-full: tue-low/math/ann was full";
    show(&schedule(), &["s2"]).success().stdout(contains(told));
    show(&schedule(), &["s1", "--kind", "student"]).success().stdout(contains("missing").not());
}

#[test]
fn names_and_parts_of_names_are_found() {
    for who in ["Bea Vos", "bea", "S2"] {
        show(&schedule(), &[who]).success().stdout(contains("student s2 (Bea Vos)"));
    }
    show(&schedule(), &["Dee Kok"]).success().stdout(contains("nothing this week"));
}

#[test]
fn several_are_never_guessed_between() {
    let ali = show(&schedule(), &["ali"]).code(2).stdout("");
    ali.stderr(contains("`s1` (Ali Bos)").and(contains("`s3` (Ali Mol)")).and(contains("give the id")));
    show(&schedule(), &["bos", "--kind", "staff"]).success().stdout(contains("staff cas"));
}

#[test]
fn a_slip_of_the_pen_gets_a_suggestion() {
    show(&schedule(), &["Smti"]).code(2).stderr(contains("did you mean staff `ann` (Ann Smit)"));
    show(&schedule(), &["zzzzzz"]).code(2).stderr(contains("nobody and nothing"));
}

#[test]
fn json_for_scripts() {
    let json = |arguments: &[&str]| -> Value {
        let shown = show(&schedule(), arguments).success();
        serde_json::from_slice(&shown.get_output().stdout).expect("JSON")
    };
    let student = json(&["s2", "--json"]);
    assert_eq!(student["kind"], "student");
    assert_eq!(student["week"][1]["start"], "09:00");
    assert_eq!(student["missing"][0]["missing"], 1);
    let block = json(&["mon-low", "--json"]);
    assert_eq!(block["sessions"][0]["students"], json!(["s1", "s2"]));
    assert_eq!(block["sessions"][0]["capacity"], 4);
}

#[test]
fn a_schedule_without_names_still_shows() {
    let folder = schedule();
    fs::remove_file(folder.path().join("names.csv")).expect("a file");
    show(&folder, &["s1"]).success().stdout(contains("student s1\n"));
}

#[test]
fn a_folder_that_is_no_schedule_names_the_file() {
    let folder = TempDir::new().expect("a temporary folder");
    show(&folder, &["s1"]).code(2).stderr(contains("sessions.csv"));
    let folder = schedule();
    fs::write(folder.path().join("sessions.csv"), "session,block\n").expect("a file");
    show(&folder, &["s1"]).code(2).stderr(contains("sessions.csv:1: column `kind` is missing"));
}
