//! `leerzone watch`: the week and the page follow the files of a school while they are edited.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::small::{Small, contents, leerzone};
use serde_json::Value;

/// A watch under way, which tells one JSON document a line.
struct Watch {
    child: Child,
    told: BufReader<ChildStdout>,
}

impl Watch {
    fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"))
            .arg("watch")
            .arg(dir)
            .args(["--json", "--quiet", "--time-limit", "2"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let told = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, told }
    }

    /// What it tells next.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.told.read_line(&mut line).expect("text");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Ctrl-C; gives the exit code and what it still told.
    fn end(mut self) -> (Option<i32>, String) {
        let status = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
        let mut rest = String::new();
        while self.told.read_line(&mut rest).expect("text") > 0 {}
        (self.child.wait().expect("it ends").code(), rest)
    }
}

fn verified(small: &Small) {
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
}

fn students(small: &Small, subject: &str) -> usize {
    let text = fs::read_to_string(small.out().join("student_timetable.csv")).expect("the timetable");
    text.lines().filter(|line| line.contains(&format!("/{subject}/"))).count()
}

#[test]
fn a_saved_change_moves_the_week_and_the_page() {
    let small = Small::new();
    let mut watch = Watch::start(&small.dir(), &[]);
    assert_eq!(watch.next()["state"], "solved");
    verified(&small);
    assert_eq!(students(&small, "english"), 2);
    let page = small.dir().join("schedule.html");
    let first = fs::read_to_string(&page).expect("the page");
    let beside = small.dir().join("schedule.html.js");
    let version = |page: &str| {
        let (_, rest) = page.split_once("data-version=\"").expect("a version");
        rest.split_once('"').expect("its end").0.to_owned()
    };
    assert!(fs::read_to_string(&beside).expect("the script").contains(&version(&first)));

    // Written to another file first, as many editors do.
    let written = small.dir().join("students.csv.tmp");
    fs::write(&written, "student,name,year\ns1,Ali Bos,1\ns2,Bea Vos,1\ns3,Cas Tol,1\n").expect("a file");
    fs::rename(&written, small.dir().join("students.csv")).expect("renamed");
    let told = watch.next();
    assert_eq!(told["state"], "repaired");
    verified(&small);
    let second = fs::read_to_string(&page).expect("the page");
    assert!(second.contains("Cas Tol") && version(&second) != version(&first));

    let (code, rest) = watch.end();
    assert_eq!((code, rest.as_str()), (Some(0), ""), "nothing more to tell, its own files included");
    // The page that is left looks for nothing.
    let last = fs::read_to_string(&page).expect("the page");
    assert!(!beside.exists() && !last.contains("data-version=") && !last.contains("file:"));
}

#[test]
fn a_broken_file_keeps_the_last_good_schedule() {
    let small = Small::new();
    let mut watch = Watch::start(&small.dir(), &[]);
    assert_eq!(watch.next()["state"], "solved");
    let before = contents(&small.out());
    let good = fs::read_to_string(small.dir().join("staff.csv")).expect("the file");
    fs::write(small.dir().join("staff.csv"), good.replace("teacher", "teecher")).expect("a file");
    let told = watch.next();
    assert_eq!(told["state"], "problems");
    assert_eq!(told["problems"][0]["file"], "staff.csv");
    assert_eq!(contents(&small.out()), before);
    let beside = fs::read_to_string(small.dir().join("schedule.html.js")).expect("the script");
    assert!(beside.contains("stale = \"true\""), "{beside}");
    // The file as it was: nothing has to move.
    fs::write(small.dir().join("staff.csv"), &good).expect("a file");
    assert_eq!(watch.next()["state"], "same");
    assert_eq!(contents(&small.out()), before);
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn files_that_are_no_input_and_equal_content_change_nothing() {
    let small = Small::new();
    small.solve(&[]).success();
    let mut watch = Watch::start(&small.dir(), &["--poll"]);
    assert_eq!(watch.next()["state"], "same", "the schedule is there already");
    let needs = fs::read_to_string(small.dir().join("needs.csv")).expect("the file");
    fs::write(small.dir().join(".~lock.needs.csv#"), "me").expect("a file");
    fs::write(small.dir().join("notes.txt"), "mine").expect("a file");
    fs::write(small.dir().join("needs.csv"), &needs).expect("a file");
    fs::write(small.dir().join("needs.csv"), needs.replace("all,en,1,should\n", "")).expect("a file");
    assert_eq!(watch.next()["state"], "repaired", "the first that is told is the need");
    verified(&small);
    assert_eq!(watch.end(), (Some(0), String::new()));
}

#[test]
fn a_week_that_cannot_be_repaired_is_solved_anew() {
    let staff = "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,en,1\n";
    let small = Small::new().with("staff.csv", staff);
    let mut watch = Watch::start(&small.dir(), &[]);
    assert_eq!(watch.next()["state"], "solved");
    // Nobody has time for it unless a lesson is given up.
    fs::write(small.dir().join("packages.csv"), "package,name,blocks,roles,people\nstage,Stage,1,,1\n")
        .expect("a file");
    assert_eq!(watch.next()["state"], "solved");
    verified(&small);
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn who_is_out_stays_out_when_a_week_is_solved_anew() {
    let staff = "staff,name,roles,subjects,max_blocks\nann,Ann,teacher|coach,wi,1\nben,Ben,teacher,en,\n";
    let small = Small::new().with("staff.csv", staff);
    small.solve(&[]).success();
    let mut replan = leerzone(&["replan", "--absent", "ben", "--out"]);
    replan.arg(small.out()).arg(small.dir()).arg(small.out()).assert().success();
    assert_eq!(students(&small, "english"), 0);
    let mut watch = Watch::start(&small.dir(), &[]);
    watch.next();
    fs::write(small.dir().join("packages.csv"), "package,name,blocks,roles,people\nstage,Stage,1,coach,1\n")
        .expect("a file");
    assert_eq!(watch.next()["state"], "solved", "Ann has no time unless her lesson is given up");
    verified(&small);
    let duties = fs::read_to_string(small.out().join("staff_timetable.csv")).expect("the timetable");
    assert!(!duties.contains("ben,"), "{duties}");
    let summary = fs::read_to_string(small.out().join("summary.json")).expect("summary.json");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["repair"]["absent"][0]["id"], "ben");
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn a_folder_that_is_removed_ends_the_watch() {
    for mode in ["--quiet", "--poll"] {
        let small = Small::new();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"))
            .args(["watch", mode, "--json", "--time-limit", "2"])
            .arg(small.dir())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut told = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        told.read_line(&mut line).expect("text");
        assert!(line.contains("solved"), "{line}");
        fs::remove_dir_all(small.dir()).expect("removed");
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("is gone"), "{mode}: {said}");
        assert_eq!(output.status.code(), Some(1), "{mode}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let small = Small::new();
    leerzone(&["watch"]).arg(small.dir().join("nowhere")).assert().code(2);
}
