//! `leerzone verify`: what it accepts, what it counts, how it answers.

mod referee;

use std::fs;

use referee::Case;
use serde_json::json;

const CSV_FILES: [&str; 7] = [
    "sessions.csv",
    "student_timetable.csv",
    "staff_timetable.csv",
    "place_timetable.csv",
    "coaching_groups.csv",
    "package_holders.csv",
    "unmet_needs.csv",
];

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
    let judgement = Case::correct().judge();
    judgement.assert_holds();
    assert_eq!(judgement.document["total"], json!(1032.0));
    assert_eq!(judgement.document["terms"]["presence"], json!({ "count": 1, "value": -10.0 }));
    let unmet = json!([{ "student": "s3", "subject": "mu", "priority": "could", "missing": 1 }]);
    assert_eq!(judgement.document["unmet"], unmet);
}

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
    let mut case = Case::correct();
    for file in CSV_FILES {
        let text = as_a_spreadsheet_saves(&case.text(file));
        case = case.write(file, text);
    }
    case.judge().assert_holds();
}

#[test]
fn times_rewritten_by_a_spreadsheet_are_read() {
    Case::correct().edit_all("student_timetable.csv", "09:00,10:00", "9:00,10:00:00").judge().assert_holds();
}

#[test]
fn rows_keep_their_line_numbers_in_a_spreadsheets_file() {
    let case = Case::correct().remove("busy.csv", "student,s6");
    let text = as_a_spreadsheet_saves(&case.text("sessions.csv").replace("physics,lab", "physics,room"));
    // Header, an empty row, then the nine rows from the last to the first.
    case.write("sessions.csv", text).judge().assert_broken(
        &["R2"],
        "R2",
        &["tag `lab`"],
        &["sessions.csv:8"],
    );
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
    let found = case.judge().document["breaches"].as_array().map_or(0, Vec::len);
    let (code, text) = stdout(&case, &[]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.starts_with(&format!("broken: {found} breaches found")), "{text}");
    assert_eq!(text.matches("student_timetable.csv:").count(), 20, "{text}");
    assert!(text.contains(&format!("and {} more; --json lists all", found - 20)), "{text}");
}

/// The school of the case with other needs of s5, who attends Dutch and arts, both led by dora.
fn with_needs_of_s5(needs: &[&str], unmet: &[&str]) -> Case {
    let case = Case::correct().remove("needs.csv", "s5,ku|mu").edit(
        "needs.csv",
        "year:2,ne,1,must,,",
        &format!("s6,ne,1,must,,\n{}", needs.join("\n")),
    );
    fs::remove_file(case.path("summary.json")).expect("a file to remove");
    unmet.iter().fold(case, |case, row| case.append("unmet_needs.csv", row))
}

fn term(case: &Case, name: &str) -> u64 {
    case.judge().document["terms"][name]["count"].as_u64().expect("a count")
}

#[test]
fn an_attendance_counts_for_the_need_that_counts_most() {
    // Whatever `subject` claims: arts meets the must, which also asks for dora.
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,must,,dora"];
    let case = with_needs_of_s5(&needs, &["s5,ku|mu,could,1,no_seat,"]);
    case.judge().assert_holds();
    assert_eq!((term(&case, "must"), term(&case, "could"), term(&case, "staff_asked")), (11, 0, 1));
}

#[test]
fn a_worse_assignment_in_unmet_needs_is_a_breach() {
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,must,,"];
    let case = with_needs_of_s5(&needs, &["s5,mu,must,1,no_seat,"]);
    let parts = ["`s5` misses 0 must sessions of `mu`, the file says 1"];
    case.judge().assert_broken(&[], "files", &parts, &["unmet_needs.csv:5"]);
}

#[test]
fn an_equally_good_assignment_in_unmet_needs_holds() {
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,could,,"];
    for missing in ["s5,ku|mu,could,1,no_seat,", "s5,mu,could,1,no_seat,"] {
        with_needs_of_s5(&needs, &[missing]).judge().assert_holds();
    }
}

#[test]
fn an_attendance_makes_way_for_one_that_fits_nowhere_else() {
    // Physics asks for bram, who leads m2 only; the joint lesson can meet wi alone.
    let case = Case::correct().edit("offerings.csv", "physics,na,lesson", "physics,na|wi,lesson").edit(
        "needs.csv",
        "year:1,wi,2,must,,",
        "s2,wi,2,must,,\ns3,wi,2,must,,\ns4,wi,2,must,,\ns1,wi,2,must,,bram",
    );
    fs::remove_file(case.path("summary.json")).expect("a file to remove");
    // Counting physics for wi would gain 2 and leave a session of wi without a need.
    case.judge().assert_holds();
    assert_eq!(term(&case, "staff_asked"), 1);
}

#[test]
fn fairness_counts_what_was_missed_before() {
    // s6 missed 2 before and misses 1 now: u = 3, u(u-1)/2 = 3 instead of 1.
    let case = Case::correct()
        .edit("needs.csv", "year:2,ne,1,must,,", "year:2,ne,1,must,,\ns6,ku,1,should,,")
        .append("unmet_needs.csv", "s6,ku,should,1,no_seat,");
    let judgement = case.judge();
    judgement.assert_broken(&[], "total", &["recomputed it is 1022"], &["summary.json:0"]);
    assert_eq!(judgement.document["terms"]["fairness"], json!({ "count": 3, "value": -15.0 }));
}
