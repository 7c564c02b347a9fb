//! `leerzone verify`: what it accepts, what it counts, how it answers.

use std::fs;

use crate::case::{CSV_FILES, Case};
use serde_json::{Value, json};

fn stdout(case: &Case, arguments: &[&str]) -> (Option<i32>, String) {
    let output = case.run(arguments);
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn stderr(case: &Case) -> (Option<i32>, String) {
    let output = case.run(&[]);
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_correct_schedule_is_verified_with_its_terms() {
    let (code, text) = stdout(&Case::correct(), &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("verified: "), "{text}");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<Vec<String>> = text.lines().map(words).collect();
    for line in
        ["must 10 1000 1000", "own_unit 13 13 13", "fairness 1 -5 -5", "meetings 0 0 0", "total 1032 1032"]
    {
        assert!(lines.contains(&words(line)), "no `{line}` in {text}");
    }
    assert!(text.is_ascii(), "no borders or colours when not on a terminal: {text}");
}

#[test]
fn json_carries_verdict_terms_and_what_is_unmet() {
    let (code, text) = stdout(&Case::correct(), &["--json"]);
    assert_eq!(code, Some(0), "{text}");
    let document: Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!(document["holds"], json!(true));
    assert_eq!(document["violations"], json!([]));
    assert_eq!(document["total"], json!(1032.0));
    assert_eq!(document["terms"]["presence"], json!({ "count": 1, "value": -10.0 }));
    let unmet = json!([{ "student": "s3", "subject": "mu", "priority": "could", "missing": 1 }]);
    assert_eq!(document["unmet"], unmet);

    let (code, text) = stdout(&Case::correct().edit("sessions.csv", "support,room", "support,"), &["--json"]);
    assert_eq!(code, Some(4), "{text}");
    let document: Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!(document["holds"], json!(false));
    let violation = json!({
        "rule": "R2",
        "message": "session `m4` (`support` in `mon-h`) has no place",
        "rows": [{ "file": "sessions.csv", "line": 7 }],
    });
    assert_eq!(document["violations"][0], violation);
}

#[test]
fn without_a_summary_there_is_no_total_to_compare() {
    let case = Case::correct();
    fs::remove_file(case.path("summary.json")).expect("a file to remove");
    let (code, text) = stdout(&case, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("no summary.json"), "{text}");
}

#[test]
fn a_missing_file_or_folder_is_bad_input() {
    for file in CSV_FILES {
        let case = Case::correct();
        fs::remove_file(case.path(file)).expect("a file to remove");
        let (code, text) = stderr(&case);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(file), "{text}");
    }
    let case = Case::correct();
    fs::remove_dir_all(case.schedule()).expect("a folder to remove");
    assert_eq!(stderr(&case).0, Some(2));
}

#[test]
fn files_that_are_no_tables_are_bad_input() {
    let case = Case::correct().edit("sessions.csv", "capacity", "room_for");
    let (code, text) = stderr(&case);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("sessions.csv:1: column `capacity` is missing"), "{text}");

    let (code, text) = stderr(&Case::correct().write("unmet_needs.csv", b"student,subject\nJos\xe9,x\n"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("unmet_needs.csv:2: not UTF-8"), "{text}");

    let (code, text) = stderr(&Case::correct().write("summary.json", "{\n\"total\": \"much\" }"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("summary.json:2"), "{text}");

    assert_eq!(stderr(&Case::correct().write("package_holders.csv", "")).0, Some(2));
}

#[test]
fn a_school_that_cannot_be_read_is_bad_input() {
    let (code, text) = stderr(&Case::correct().edit("needs.csv", "year:1,wi,2,must", "year:1,wi,2,maybe"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("needs.csv"), "{text}");
}

#[test]
fn another_layout_is_judged_by_its_own_blocks() {
    let case = Case::correct();
    let layout = case.text("layout.toml").replace("start = \"15:00\"", "start = \"15:15\"");
    let file = case.school().join("late.toml");
    fs::write(&file, layout).expect("a written layout");
    let (code, text) = stdout(&case, &["--layout", &file.to_string_lossy()]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("start is `15:00`, block `mon-h` has `15:15`"), "{text}");
}

#[test]
fn many_breaches_of_a_rule_are_counted_not_listed() {
    let case = Case::correct().edit_all("student_timetable.csv", ",mon,", ",wed,").edit_all(
        "student_timetable.csv",
        ",lesson,",
        ",zone,",
    );
    let found = case.evaluate().verdict.violations.len();
    let (code, text) = stdout(&case, &[]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.starts_with(&format!("broken: {found} violations found")), "{text}");
    assert_eq!(text.matches("student_timetable.csv:").count(), 20, "{text}");
    assert!(text.contains(&format!("and {} more; --json lists all", found - 20)), "{text}");
}
