//! `leerzone solve` while it runs: progress on stderr, Ctrl-C, and being killed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::small::{contents, leerzone};
use serde_json::Value;
use tempfile::TempDir;

/// A school that keeps the search busy for much longer than a test waits.
fn large() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let dir = folder.path().join("large");
    leerzone(&["generate"]).arg(&dir).args(["--students", "300"]).assert().success();
    (folder, dir)
}

/// A run of the program, with its stderr.
fn start(arguments: &[&str], dir: &Path) -> (Child, BufReader<ChildStderr>) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"))
        .args(arguments)
        .arg(dir)
        .current_dir(dir.parent().expect("a folder"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    (child, stderr)
}

/// A solve that has told its first progress, with the rest of its stderr.
fn searching(dir: &Path) -> (Child, BufReader<ChildStderr>) {
    let (child, mut stderr) = start(&["solve", "--gap", "0"], dir);
    let mut line = String::new();
    while !line.contains(", total ") {
        line.clear();
        assert!(stderr.read_line(&mut line).expect("text") > 0, "it ended without progress");
    }
    assert!(line.contains("bound ") && line.contains("gap "), "{line}");
    (child, stderr)
}

fn send(signal: &str, child: &Child) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(status.success());
}

#[test]
fn an_interrupted_search_writes_the_best_so_far_and_says_so() {
    let (_folder, dir) = large();
    let (mut child, mut stderr) = searching(&dir);
    send("-INT", &child);
    let (mut told, mut printed) = (String::new(), String::new());
    stderr.read_to_string(&mut told).expect("text");
    child.stdout.take().expect("stdout is piped").read_to_string(&mut printed).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{told}");
    assert!(told.contains("stopped: this is the best schedule found"), "{told}");
    assert!(printed.starts_with("schedule written to"), "{printed}");
    let text = fs::read_to_string(dir.join("schedule").join("summary.json")).expect("a summary");
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(summary["status"], "interrupted");
    leerzone(&["verify"]).arg(&dir).arg(dir.join("schedule")).assert().success();
}

#[test]
fn a_killed_search_leaves_the_previous_schedule() {
    let (_folder, dir) = large();
    leerzone(&["solve", "--quiet", "--time-limit", "1"]).arg(&dir).assert().success().stderr("");
    let before = contents(&dir.join("schedule"));
    let (mut child, _stderr) = searching(&dir);
    send("-KILL", &child);
    assert!(!child.wait().expect("it ends").success());
    assert_eq!(contents(&dir.join("schedule")), before);
}

#[test]
fn an_interrupted_comparison_says_what_it_did_not_begin() {
    let (_folder, dir) = large();
    let many = ["compare", "--seeds", "1,2,3,4,5,6", "--gap", "0", "--out", "compared"];
    let (child, mut stderr) = start(&many, &dir);
    let mut told = String::new();
    assert!(stderr.read_line(&mut told).expect("text") > 0, "it ended without progress");
    send("-INT", &child);
    stderr.read_to_string(&mut told).expect("text");
    child.wait_with_output().expect("it ends");
    assert!(told.contains("missing: seed-6: stopped before it began"), "{told}");
}

#[test]
fn interrupted_proposals_say_which_were_not_estimated() {
    let (_folder, dir) = large();
    fs::write(dir.join("free.toml"), "remove.pins = \"all\"\n").expect("a file");
    let many = ["layouts", "--threads", "1", "--scenario", "free.toml", "--out", "proposed"];
    let (child, mut stderr) = start(&many, &dir);
    let mut told = String::new();
    while !told.contains("candidates to estimate") {
        assert!(stderr.read_line(&mut told).expect("text") > 0, "it ended without progress: {told}");
    }
    send("-INT", &child);
    stderr.read_to_string(&mut told).expect("text");
    child.wait_with_output().expect("it ends");
    let table = dir.with_file_name("proposed").join("candidates.csv");
    let table = fs::read_to_string(table).expect("candidates.csv");
    assert!(table.contains("stopped before it was estimated"), "{told} {table}");
}
