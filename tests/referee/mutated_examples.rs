//! Whatever cell or row of a solved schedule is changed, the referee notices.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::CSV_FILES;
use leerzone::read_school;
use leerzone::school::School;
use leerzone::verify::verify;

/// Rows of one file that are mutated, spread over it.
const ROWS: usize = 5;

/// Cells that may say something else and still be right: explanations, another spelling of a role,
/// another need that the same attendance may count for, another person who is as suitable.
const FREE_CELLS: [(&str, &str); 6] = [
    ("unmet_needs.csv", "reason"),
    ("unmet_needs.csv", "detail"),
    ("staff_timetable.csv", "role"),
    ("student_timetable.csv", "subject"),
    ("package_holders.csv", "staff"),
    ("package_holders.csv", "package"),
];

type Rows = Vec<Vec<String>>;

/// A file of a schedule: header and rows.
fn read_rows(path: &Path) -> Rows {
    let reader = csv::ReaderBuilder::new().has_headers(false).from_path(path);
    let records = reader.expect("a file of the schedule").into_records();
    records.map(|record| record.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn write_rows(path: &Path, rows: &Rows) {
    let mut writer = csv::Writer::from_path(path).expect("a writable file");
    rows.iter().for_each(|row| writer.write_record(row).expect("a written row"));
    writer.flush().expect("a written file");
}

/// Every mutation of a table with what it is called.
fn mutations(file: &str, rows: &Rows) -> Vec<(String, Rows)> {
    let mut mutations = Vec::new();
    let step = rows.len().div_ceil(ROWS).max(1);
    for at in (1..rows.len()).step_by(step) {
        let mut fewer = rows.clone();
        fewer.remove(at);
        mutations.push((format!("without row {}", rows[at].join(",")), fewer));
        let mut more = rows.clone();
        more.push(rows[at].clone());
        mutations.push((format!("twice row {}", rows[at].join(",")), more));
        let is_reserve = rows[at].iter().any(|cell| cell == "reserve");
        for (column, name) in rows[0].iter().enumerate() {
            if FREE_CELLS.contains(&(file, name)) || (is_reserve && name == "staff") {
                continue;
            }
            let mut changed = rows.clone();
            changed[at][column] = another_value(rows, at, column);
            let message = format!("row {} with {name} = {}", rows[at].join(","), changed[at][column]);
            mutations.push((message, changed));
        }
    }
    mutations
}

/// The next other value of the column, as a slip of the hand would take it; else one that nobody knows.
fn another_value(rows: &Rows, at: usize, column: usize) -> String {
    let next = (at + 1..rows.len()).chain(1..at).map(|row| &rows[row][column]);
    let mut other = next.filter(|value| **value != rows[at][column]);
    other.next().cloned().unwrap_or_else(|| "zzz".to_owned())
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<PathBuf> = (fs::read_dir(folder).expect("the examples"))
        .map(|entry| entry.expect("an example").path())
        .filter(|path| path.join("school.toml").exists())
        .collect();
    examples.sort();
    examples
}

#[track_caller]
fn violations(school: &School, out: &Path) -> usize {
    verify(school, out).expect("a schedule that can be read").violations.len()
}

#[test]
fn every_change_of_a_solved_example_is_noticed() {
    for example in examples() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let out = dir.path().join("schedule");
        let mut solve = assert_cmd::Command::cargo_bin("leerzone").expect("the program");
        solve.arg("solve").arg(&example).arg("--out").arg(&out).args([
            "--quiet",
            "--time-limit",
            "1",
            "--csv",
            "plain",
        ]);
        solve.assert().success();
        let school = read_school(&example, None).school.expect("a valid example");
        assert_eq!(violations(&school, &out), 0, "{}", example.display());

        for file in CSV_FILES {
            let rows = read_rows(&out.join(file));
            for (mutation, mutated) in mutations(file, &rows) {
                write_rows(&out.join(file), &mutated);
                assert!(violations(&school, &out) > 0, "{}: {file} {mutation}", example.display());
            }
            write_rows(&out.join(file), &rows);
        }
    }
}
