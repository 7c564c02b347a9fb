//! Files as spreadsheets save them, and files that are no tables.

use std::fs;

use leerzone::verify::{school_of_week, verify};

use super::*;
use crate::case::CSV_FILES;

/// The text as a Dutch spreadsheet saves it: semicolons, a BOM, CRLF, columns and rows in another
/// order, an empty row.
fn as_a_spreadsheet_saves(text: &str) -> String {
    let turned = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(";");
    let mut lines = text.lines();
    let header = lines.next().map(turned).unwrap_or_default();
    let rows: Vec<String> = lines.rev().map(turned).collect();
    format!("\u{feff}{header}\r\n\r\n{}\r\n;;;\r\n", rows.join("\r\n"))
}

#[test]
fn files_saved_by_a_spreadsheet_are_read() {
    let mut case = correct();
    for file in CSV_FILES {
        let text = as_a_spreadsheet_saves(&case.text(file));
        case = case.write(file, text);
    }
    case.evaluate().assert_holds();
}

#[test]
fn times_rewritten_by_a_spreadsheet_are_read() {
    correct().edit_all("student_timetable.csv", "09:00,10:00", "9:00,10:00:00").evaluate().assert_holds();
}

#[test]
fn rows_keep_their_line_numbers_in_a_spreadsheets_file() {
    let case = correct().remove("busy.csv", "student,s6");
    let text = as_a_spreadsheet_saves(&case.text("sessions.csv").replace("physics,lab", "physics,room"));
    // Header, an empty row, then the nine rows from the last to the first.
    case.write("sessions.csv", text).evaluate().assert_broken(
        &["R2"],
        "R2",
        &["tag `lab`"],
        &["sessions.csv:8"],
    );
}

/// What keeps the case from being judged at all.
#[track_caller]
fn unreadable(case: Case, part: &str) {
    let school = correct().evaluate().school;
    let error = verify(&school, &case.schedule()).expect_err("no schedule that can be read").to_string();
    assert!(error.contains(part), "{error}");
}

#[test]
fn what_is_no_table_names_its_line() {
    for file in CSV_FILES {
        let text = correct().text(file);
        let mut lines: Vec<&str> = text.lines().collect();
        let mut bytes = lines[..1].join("\n").into_bytes();
        bytes.extend_from_slice(b"\nJos\xe9");
        unreadable(correct().write(file, bytes), &format!("{file}:2: not UTF-8"));
        let long = "x".repeat(2_000_000);
        lines.insert(2.min(lines.len()), &long);
        unreadable(correct().write(file, lines.join("\n")), &format!("{file}:{}: ", 3.min(lines.len())));
        let renamed = text.replacen(
            lines[0],
            &lines[0].replace("staff", "personeel").replace("student", "leerling"),
            1,
        );
        if renamed != text {
            unreadable(correct().write(file, renamed), &format!("{file}:1: column `"));
        }
        unreadable(correct().write(file, ""), &format!("{file}:1: the file is empty"));
    }
}

#[test]
fn a_summary_that_cannot_be_read() {
    let with_folder = |case: Case| {
        fs::remove_file(case.path("summary.json")).expect("the file");
        fs::create_dir(case.path("summary.json")).expect("a folder");
        case
    };
    unreadable(with_folder(correct()), "summary.json");
    let case = with_folder(correct().write("changes.csv", "kind,id,block\n"));
    assert!(school_of_week(&correct().evaluate().school, &case.schedule()).is_err());
    unreadable(case, "summary.json");
    unreadable(correct().write("summary.json", "{\n\"total\": \"much\" }"), "summary.json:2");
    let case = correct().write("summary.json", "{\n\"repair\": \"much\" }");
    unreadable(case.write("changes.csv", "kind,id,block\n"), "summary.json:2");
}

#[test]
fn a_comma_separates_where_both_are_as_many() {
    let text = correct().text("package_holders.csv").replace("staff", "staff,note;of;whom");
    correct().write("package_holders.csv", text).evaluate().assert_holds();
}

/// Beyond what anybody looks through, violations are counted no more.
#[test]
fn so_many_breaches_are_listed() {
    let most = leerzone::limits::PROBLEMS;
    let with = |rows: usize| {
        let more = "zoe,mon-2,mon,10:15,11:15,zone,reserve,,,\n".repeat(rows);
        let text = correct().text("staff_timetable.csv");
        correct().write("staff_timetable.csv", text + &more).evaluate().verdict.violations
    };
    let violations = with(most - 1);
    assert_eq!(violations.len(), most - 1);
    assert!(violations.iter().all(|violation| violation.message == "unknown staff `zoe`"));
    let violations = with(most + 1);
    assert_eq!(violations.len(), most);
    let last = &violations[most - 1];
    assert_eq!((&last.message[..], &last.rows[..]), ("further violations are not listed", &[][..]));
}
