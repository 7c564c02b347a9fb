//! What the command line tells of itself: formats, completions, manual pages; and how `solve` ends.

use std::fs;

use crate::small::{HEADERS, Small, leerzone};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use serde_json::Value;
use tempfile::TempDir;

#[test]
fn formats_tell_every_column_of_every_file() {
    let output = leerzone(&["help", "formats"]).assert().success();
    let text = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    for file in leerzone::read::columns::FILES {
        let (_, section) = text.split_once(&format!("\n{}: ", file.name)).expect("the file's section");
        let section = section.split("\n\n").next().unwrap_or_default();
        for column in file.columns {
            let told = section.lines().any(|line| line.trim_start().starts_with(column.name));
            assert!(told, "no column {} in {section}", column.name);
        }
    }
    for (file, header) in HEADERS {
        assert!(text.contains(file) && header.split(',').all(|column| text.contains(column)));
    }
    leerzone(&["help", "formats", "staff.csv"])
        .assert()
        .success()
        .stdout(contains("max_in_a_row").and(contains("seats").not()));
    leerzone(&["help", "formats", "stuff.csv"]).assert().code(2).stderr(contains("staff.csv"));
    let output = leerzone(&["help", "formats", "places.csv", "--json"]).assert().success();
    let json: Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    assert_eq!(json[0]["columns"][3]["name"], "seats");
    assert_eq!(json[0]["columns"][3]["if_empty"], "required");
}

#[test]
fn help_explains_commands_as_before() {
    leerzone(&["help"]).assert().success().stdout(contains("Usage: leerzone").and(contains("help formats")));
    leerzone(&["help", "export", "ics"]).assert().success().stdout(contains("--weeks"));
    leerzone(&["help", "slove"]).assert().code(2).stderr(contains("there is no command `slove`"));
}

#[test]
fn shells_and_man_are_served() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        leerzone(&["completions", shell]).assert().success().stdout(contains("leerzone")).stderr(is_empty());
    }
    let folder = TempDir::new().expect("a temporary folder");
    let to = folder.path().join("man");
    leerzone(&["man"]).arg(&to).assert().success();
    for page in ["leerzone.1", "leerzone-solve.1", "leerzone-export-ics.1"] {
        let text = fs::read_to_string(to.join(page)).expect("a manual page");
        assert!(text.contains(".TH"), "{page}");
    }
}

#[test]
fn solve_ends_with_who_is_worst_off_what_was_scarce_and_what_to_do_next() {
    let small = Small::new().with(
        "needs.csv",
        "who,subject,sessions,priority\nall,wi,1,must\ns1,na,2,should\ns2,en,1,could\ns2,wi,1,could\n",
    );
    small
        .solve(&[])
        .success()
        .stdout(contains("worst off: s1 misses 2 sessions of must and should; 1 of 2 students misses any"))
        .stdout(contains("scarce, in sessions missing: na 2 (mostly no offering)"))
        .stdout(contains("no better timetable exists: this is proven"))
        .stdout(contains("leerzone show").and(contains("leerzone report")));
    let output = small.solve(&["--json"]).success();
    let _: Value = serde_json::from_slice(&output.get_output().stdout).expect("one JSON document");
}

#[test]
fn lines_that_are_told_can_be_copied_into_a_shell() {
    let small = Small::new();
    let around = small.dir().parent().expect("a folder").to_owned();
    fs::rename(small.dir(), around.join("my school")).expect("another name");
    let run = |words: &[&str]| leerzone(words).current_dir(&around).assert().success();
    run(&["solve", "my school"])
        .stdout(contains("next: leerzone show 'my school/schedule' s1"))
        .stdout(contains("leerzone report 'my school' 'my school/schedule'"));
    run(&["compare", "my school", "--plan", "--out", "pl an"])
        .stdout(contains("leerzone solve 'my school' "))
        .stderr(contains("then `leerzone compare --gather 'pl an'`"));
    run(&["init", "a new one"]).stderr(contains("leerzone check 'a new one'"));
}

#[test]
fn the_time_that_is_taken_without_a_limit_is_told() {
    for command in ["solve", "replan", "advise", "explain"] {
        let told = leerzone(&["help", command, "--json"]).assert().success();
        let json: Value = serde_json::from_slice(&told.get_output().stdout).expect("JSON");
        let arguments = json["arguments"].as_array().expect("a list");
        let limit = arguments.iter().find(|one| one["name"] == "--time-limit").expect("the option");
        let about = limit["about"].as_str().expect("a text");
        let defaults = "[default: no limit; 7 for a repair, 60 for `advise`, 20 a need for `explain`]";
        assert!(about.contains(defaults), "{command}: {about}");
    }
}
