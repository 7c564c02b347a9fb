//! `leerzone solve --resume`: what a run found that was killed, stopped or ran out of time is not lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::small::{Small, contents, large, leerzone, wait_for};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

fn summary(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("summary.json")).expect("summary.json")).expect("JSON")
}

fn total(out: &Path) -> f64 {
    summary(out)["total"].as_f64().expect("a total")
}

#[test]
fn a_killed_run_goes_on_from_its_best_schedule() {
    let (_folder, dir) = large();
    let (out, kept) = (dir.join("schedule"), dir.join(".schedule-best"));
    let mut run = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"));
    run.arg("solve").arg(&dir).args(["--quiet", "--gap", "0", "--threads", "2"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    wait_for(&kept.join("summary.json"));
    run.kill().expect("killed");
    run.wait().expect("it ends");
    assert!(!out.exists());
    leerzone(&["verify"]).arg(&dir).arg(&kept).assert().success();
    let before = total(&kept);

    // Who does not ask for it is told of it, and a worse schedule does not cost it.
    let brief = ["--time-limit", "0.2", "--seed", "8"];
    let afresh = leerzone(&["solve"]).arg(&dir).args(brief).assert().success();
    afresh.stderr(contains("a run that did not end has kept a schedule").and(contains("--resume goes on")));
    let best = total(&out).max(if kept.exists() { total(&kept) } else { f64::NEG_INFINITY });
    assert!(best >= before, "{best} is less than {before}");

    let resumed = leerzone(&["solve", "--resume"]).arg(&dir).args(["--time-limit", "2"]).assert().success();
    resumed.stderr(contains("going on from the schedule in"));
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();
    assert!(total(&out) >= best, "{} is less than {best}", total(&out));
    assert_eq!(summary(&out)["options"]["resume"], true);
    assert!(!kept.exists());
}

#[test]
fn a_run_out_of_time_goes_on_and_never_gets_worse() {
    let (_folder, dir) = large();
    let out = dir.join("schedule");
    let limited = ["--gap", "0", "--time-limit", "3"];
    leerzone(&["solve", "--quiet"]).arg(&dir).args(limited).assert().success();
    let before = total(&out);
    let resumed = leerzone(&["solve", "--resume"]).arg(&dir).args(limited).assert().success();
    resumed.stderr(contains("of a run that was out of time"));
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();
    assert!(total(&out) >= before, "{} is less than {before}", total(&out));
}

/// A school with what a killed run would have kept.
fn cut_short() -> (Small, PathBuf) {
    let school = Small::new();
    school.solve(&[]).success();
    let kept = school.dir().join(".schedule-best");
    fs::rename(school.out(), &kept).expect("moved");
    (school, kept)
}

#[test]
fn without_anything_to_resume_a_run_starts_afresh() {
    let school = Small::new();
    school.solve(&["--resume"]).success().stderr(contains("nothing to resume: no run on"));
    let resumed = contents(&school.out());
    school.solve(&[]).success().stderr(contains("resume").not());
    let plain = contents(&school.out());
    for (file, text) in plain.iter().filter(|(file, _)| *file != "summary.json") {
        assert_eq!(resumed[file], *text, "{file}");
    }
    // A finished schedule is not a run that was cut short.
    school.solve(&["--resume"]).success().stderr(contains("nothing to resume"));
}

#[test]
fn what_was_kept_of_another_input_is_not_taken() {
    let (school, kept) = cut_short();
    let school = school.with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n");
    school.solve(&["--resume"]).success().stderr(contains(".schedule-best was made from another input"));
    assert!(!kept.exists());
}

#[test]
fn what_breaks_a_rule_is_not_taken() {
    let (school, kept) = cut_short();
    let sessions = fs::read_to_string(kept.join("sessions.csv")).expect("the sessions");
    fs::write(kept.join("sessions.csv"), sessions.replace("ann", "ben")).expect("changed");
    let summary = fs::read_to_string(kept.join("summary.json")).expect("the summary");
    let better = summary.replacen("\"total\": ", "\"total\": 9", 1);
    fs::write(kept.join("summary.json"), better).expect("changed");
    let told = school.solve(&["--resume"]).success();
    told.stderr(contains("nothing to resume").and(contains(".schedule-best does not fit")));
    assert!(!kept.exists());
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
}

#[test]
fn what_was_resumed_is_up_to_date() {
    let (school, kept) = cut_short();
    school.solve(&["--resume"]).success().stderr(contains("going on from"));
    assert!(!kept.exists());
    school.solve(&["--resume", "--if-changed"]).success().stderr(contains("is up to date"));
    // A plain run would not have found it this way.
    school.solve(&["--if-changed"]).success().stderr(contains("is up to date").not());
}

#[test]
fn a_run_killed_while_it_keeps_leaves_nothing_behind() {
    let school = Small::new();
    let half = school.dir().join("..schedule-best-new-x1y2z3");
    fs::create_dir(&half).expect("a folder");
    school.solve(&[]).success();
    assert!(!half.exists());
}

#[test]
fn a_half_written_folder_is_no_schedule() {
    let (school, kept) = cut_short();
    fs::remove_file(kept.join("summary.json")).expect("removed");
    let told = school.solve(&["--resume"]).success();
    told.stderr(contains("nothing to resume").and(contains(".schedule-best holds no whole schedule")));
}
