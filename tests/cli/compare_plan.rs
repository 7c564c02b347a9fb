//! `leerzone compare --plan`: plans for many machines that never mix what does not belong together.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use crate::comparing::*;
use crate::small::{Small, leerzone};
use serde_json::Value;

/// Plans the comparison of two layouts and two scenarios; gives the folder and the commands.
fn planned(small: &Small) -> (PathBuf, Vec<String>) {
    let cmp = small.dir().join("compare");
    let run = leerzone(&[
        "compare",
        "--layout",
        "layouts",
        "--scenario",
        "it's one less.toml",
        "--time-limit",
        "30",
    ])
    .args(["--plan", "--out"])
    .arg(&cmp)
    .arg(small.dir())
    .assert()
    .success();
    let commands = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert_eq!(commands, fs::read_to_string(cmp.join("plan.txt")).unwrap());
    (cmp, commands.lines().map(str::to_owned).collect())
}

fn with_scenario() -> Small {
    school().with("it's one less.toml", "[set.staff.ben]\nmax_blocks = 0\n")
}

/// The folder of the program in front of the others, as the commands of a plan expect it.
fn path() -> std::ffi::OsString {
    let program = assert_cmd::cargo::cargo_bin!("leerzone");
    let mut folders = vec![program.parent().unwrap().to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).unwrap()
}

fn shell(command: &str) -> bool {
    Process::new("sh").args(["-c", command]).env("PATH", path()).status().unwrap().success()
}

fn gather(cmp: &Path) -> (Value, String) {
    let run = leerzone(&["compare", "--json", "--gather"]).arg(cmp).assert().success();
    let output = run.get_output();
    (serde_json::from_slice(&output.stdout).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

#[cfg(unix)]
#[test]
fn the_commands_of_a_plan_give_what_compare_gives() {
    let small = with_scenario();
    let (cmp, commands) = planned(&small);
    assert_eq!(commands.len(), 4);
    leerzone(&["compare", "--gather"]).arg(&cmp).assert().code(1);
    assert!(shell(&commands[0]));
    let (json, told) = gather(&cmp);
    assert_eq!(json["combinations"].as_array().unwrap().len(), 1);
    assert_eq!(json["missing"].as_array().unwrap().len(), 3);
    assert!(told.contains("missing: two+it-s-one-less: not finished"), "{told}");
    assert!(commands.iter().all(|command| shell(command)));
    let (all, told) = gather(&cmp);
    assert_eq!((&all["missing"], &*told), (&serde_json::json!([]), ""));
    let table = fs::read_to_string(cmp.join("comparison.csv")).unwrap();
    leerzone(&[
        "compare",
        "--layout",
        "layouts",
        "--scenario",
        "it's one less.toml",
        "--threads",
        "1",
        "--out",
    ])
    .arg(small.dir().join("direct"))
    .arg(small.dir())
    .assert()
    .success();
    assert_eq!(fs::read_to_string(small.dir().join("direct/comparison.csv")).unwrap(), table);
}

#[cfg(unix)]
#[test]
fn a_finished_command_does_nothing_when_it_is_run_again() {
    let small = with_scenario();
    let (cmp, commands) = planned(&small);
    let summary = cmp.join("one+as-it-is/summary.json");
    let written = || fs::metadata(&summary).unwrap().modified().unwrap();
    let command = commands.iter().find(|command| command.contains("one+as-it-is")).unwrap();
    assert!(shell(command));
    let first = written();
    assert!(shell(command));
    assert_eq!(written(), first, "the schedule was made again");
    let text = fs::read_to_string(&summary).unwrap();
    fs::write(&summary, text.replace("\"status\": \"optimal\"", "\"status\": \"interrupted\"")).unwrap();
    assert!(shell(command));
    assert_eq!(fs::read_to_string(&summary).unwrap().matches("\"optimal\"").count(), 1);
}

#[test]
fn a_schedule_of_the_same_input_is_kept_and_answers_like_a_new_one() {
    // Physics has no teacher: the must stays unmet.
    let small = school().with("needs.csv", "who,subject,sessions,priority\nall,na,1,must\nall,wi,1,must\n");
    let summary = small.out().join("summary.json");
    small.solve(&["--if-changed", "--strict"]).code(3);
    let written = || fs::metadata(&summary).unwrap().modified().unwrap();
    let first = written();
    let kept = small.solve(&["--if-changed", "--strict", "--json"]).code(3);
    assert!(String::from_utf8(kept.get_output().stderr.clone()).unwrap().contains("is up to date"));
    let told: Value = serde_json::from_slice(&kept.get_output().stdout).unwrap();
    assert_eq!(told["needs"]["must"]["met"], 2);
    assert_eq!(written(), first);
    for changed in [&["--seed", "2"][..], &["--set", "staff.ann.cost=3"], &["--layout", "layouts/one.toml"]] {
        let before = written();
        small.solve(&[&["--if-changed"], changed].concat()).success();
        assert_ne!(written(), before, "{changed:?}");
    }
    let before = written();
    fs::remove_file(small.out().join("sessions.csv")).unwrap();
    small.solve(&["--if-changed", "--layout", "layouts/one.toml"]).success();
    assert_ne!(written(), before);
}

#[cfg(unix)]
#[test]
fn results_of_changed_inputs_are_never_mixed() {
    let small = with_scenario();
    let (cmp, commands) = planned(&small);
    assert!(commands.iter().all(|command| shell(command)));
    let names = |json: &Value| -> Vec<String> {
        json["missing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    // A schedule made with another seed than planned.
    assert!(shell(&commands[0].replace("--seed 0", "--seed 1")));
    let (json, told) = gather(&cmp);
    assert_eq!(names(&json), ["one+as-it-is"]);
    assert!(told.contains("made with other options"), "{told}");
    assert!(shell(&commands[0]));
    // One layout changes after the plan: what was made from it, and from nothing else, is left out.
    fs::write(small.dir().join("layouts/one.toml"), ONE_BLOCK.replace("09:00", "08:00")).unwrap();
    let (json, told) = gather(&cmp);
    assert_eq!(names(&json), ["one+as-it-is", "one+it-s-one-less"]);
    assert!(told.contains("the input was changed after the plan was made: plan again"), "{told}");
    // Planned again, the old schedules of the changed layout are not taken for new ones.
    let (_, commands) = planned(&small);
    let (json, told) = gather(&cmp);
    assert_eq!(names(&json), ["one+as-it-is", "one+it-s-one-less"]);
    assert!(told.contains("made from another input: run its command"), "{told}");
    assert!(commands.iter().all(|command| shell(command)));
    assert!(names(&gather(&cmp).0).is_empty());
    // Nobody's hand has improved a schedule unnoticed.
    let timetable = cmp.join("two+as-it-is/student_timetable.csv");
    let text = fs::read_to_string(&timetable).unwrap();
    let shorter: Vec<&str> = text.lines().take(2).collect();
    fs::write(&timetable, shorter.join("\n")).unwrap();
    assert_eq!(names(&gather(&cmp).0), ["two+as-it-is"]);
}

/// Whether a program is there; tests that need it say so and pass where it is not.
fn there(program: &str) -> bool {
    let found = Process::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: {program} is not installed, so running a plan with it was not tested");
    }
    found
}

/// The recipe of the guide in that language.
fn recipe(language: &str) -> String {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/whatif.md")).unwrap();
    let from = guide.split(&format!("```{language}\n")).nth(1).expect("the recipe");
    from.split("```").next().expect("its end").to_owned()
}

#[cfg(unix)]
#[test]
fn each_task_of_the_array_runs_its_line_of_the_plan() {
    let small = with_scenario();
    let (cmp, commands) = planned(&small);
    let script = recipe("bash").replace("cmp/", "compare/");
    for task in 1..=commands.len() {
        let run = Process::new("sh")
            .args(["-c", &script])
            .current_dir(small.dir())
            .env("PATH", path())
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(gather(&cmp).0["combinations"].as_array().unwrap().len(), task);
    }
}

#[cfg(unix)]
#[test]
fn gnu_parallel_runs_a_plan() {
    if !there("parallel") {
        return;
    }
    let small = with_scenario();
    let (cmp, _) = planned(&small);
    let run = Process::new("parallel")
        .args(["-j", "2", "--joblog"])
        .arg(small.dir().join("jobs.log"))
        .stdin(fs::File::open(cmp.join("plan.txt")).unwrap())
        .env("PATH", path())
        .env("HOME", small.dir())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (json, told) = gather(&cmp);
    assert_eq!((json["combinations"].as_array().unwrap().len(), &*told), (4, ""));
}

#[cfg(unix)]
#[test]
fn snakemake_runs_a_plan_with_the_rules_of_the_guide() {
    if !there("snakemake") {
        return;
    }
    let small = with_scenario();
    planned(&small);
    fs::write(small.dir().join("Snakefile"), recipe("python").replace("\"cmp\"", "\"compare\"")).unwrap();
    let snakemake = || {
        let run = Process::new("snakemake")
            .args(["--cores", "2", "--directory"])
            .arg(small.dir())
            .arg("--snakefile")
            .arg(small.dir().join("Snakefile"))
            .env("PATH", path())
            .env("XDG_CACHE_HOME", small.dir().join("cache"))
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    snakemake();
    assert_eq!(json(&out(&small))["combinations"].as_array().unwrap().len(), 4);
    // Planned again after a change: what was made before is made again, the rest is left alone.
    let written =
        |name: &str| fs::metadata(out(&small).join(name).join("summary.json")).unwrap().modified().unwrap();
    let before = (written("one+as-it-is"), written("two+as-it-is"));
    fs::write(small.dir().join("layouts/one.toml"), ONE_BLOCK.replace("09:00", "08:00")).unwrap();
    planned(&small);
    snakemake();
    assert_ne!(written("one+as-it-is"), before.0);
    assert_eq!(written("two+as-it-is"), before.1);
    assert_eq!(gather(&out(&small)).0["missing"], serde_json::json!([]));
}
