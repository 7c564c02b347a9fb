//! What a timetabler does every day with a small school: quiet runs, tables for Excel, questions without names.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::small::leerzone;

/// The school of `leerzone init`, with a schedule.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        leerzone(&["init"]).arg(folder.path().join("school")).assert().success();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a successful command writes to stdout.
    fn run(&self, words: &[&str]) -> String {
        let output = leerzone(words).current_dir(self.folder.path()).output().expect("it runs");
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn first_line(&self, file: &Path) -> String {
        fs::read_to_string(file).expect("a file").lines().next().unwrap_or_default().to_owned()
    }
}

#[test]
fn a_quiet_solve_prints_nothing_and_an_unchanged_one_says_so() {
    let desk = Desk::new();
    let output =
        leerzone(&["solve", "school", "--quiet"]).current_dir(desk.folder.path()).output().expect("it runs");
    assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
    let changed =
        |words: &[&str]| serde_json::from_str::<Value>(&desk.run(words)).expect("JSON")["changed"].clone();
    assert_eq!(changed(&["solve", "school", "--if-changed", "--json"]), false);
    assert_eq!(
        changed(&["solve", "school", "--if-changed", "--json", "--set", "school.weights.could=2"]),
        true
    );
}

#[test]
fn tables_are_written_as_the_school_writes_its_own() {
    let desk = Desk::new();
    desk.run(&["solve", "school"]);
    let sessions = desk.path("school/schedule/sessions.csv");
    assert!(desk.first_line(&sessions).starts_with("session,block,"));
    desk.run(&["solve", "school", "--csv", "excel-nl"]);
    assert!(desk.first_line(&sessions).starts_with("\u{feff}session;block;"));
    desk.run(&["verify", "school", "school/schedule"]);
    desk.run(&["replan", "school", "school/schedule", "--absent", "Bert de Jong:mon", "--out", "repaired"]);
    desk.run(&["verify", "school", "repaired"]);

    let students = desk.path("school/students.csv");
    let text = fs::read_to_string(&students).expect("the students").replace(',', ";");
    fs::write(&students, format!("\u{feff}{text}")).expect("written");
    desk.run(&["solve", "school"]);
    assert!(desk.first_line(&sessions).starts_with("\u{feff}session;block;"));
    assert!(desk.first_line(&desk.path("repaired/changes.csv")).starts_with("kind,id,"));
}

#[test]
fn who_names_nobody_asks_about_everybody_as_unmet_needs_has_it() {
    let desk = Desk::new();
    desk.run(&["solve", "school"]);
    let document: Value =
        serde_json::from_str(&desk.run(&["explain", "school", "school/schedule", "--json"])).expect("JSON");
    let explained = document["needs"].as_array().expect("needs");
    let mut told: Vec<String> = explained
        .iter()
        .map(|need| format!("{},{}", need["student"].as_str().unwrap(), need["subject"].as_str().unwrap()))
        .collect();
    let unmet = fs::read_to_string(desk.path("school/schedule/unmet_needs.csv")).expect("a file");
    let row = |line: &str| line.splitn(3, ',').take(2).collect::<Vec<_>>().join(",");
    let mut written: Vec<String> = unmet.lines().skip(1).map(row).collect();
    told.sort();
    written.sort();
    assert_eq!(told, written);
}

#[test]
fn a_change_is_compared_with_the_school_as_it_is() {
    let desk = Desk::new();
    let text = desk.run(&["compare", "school", "--set", "staff.chris.max_blocks=2", "--out", "compared"]);
    for name in ["as-it-is", "staff.chris.max_blocks-2"] {
        assert!(text.contains(name), "no {name} in:\n{text}");
    }
}

#[test]
fn a_dash_is_stdout() {
    let desk = Desk::new();
    desk.run(&["solve", "school"]);
    let page = desk.run(&["report", "school", "school/schedule", "--to", "-"]);
    assert!(page.trim_start().starts_with("<!"), "{}", &page[..80.min(page.len())]);
    assert!(!desk.path("-").exists());
}
