//! `leerzone solve --start`: the search goes on from a written schedule and never ends below it.

use std::fs;
use std::path::Path;

use crate::small::{Small, leerzone};
use predicates::str::contains;
use serde_json::Value;

fn total(out: &Path) -> f64 {
    let text = fs::read_to_string(out.join("summary.json")).expect("summary.json");
    serde_json::from_str::<Value>(&text).expect("JSON")["total"].as_f64().expect("a total")
}

#[test]
fn a_start_of_a_large_school_is_never_made_worse() {
    let school = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let mut solve = leerzone(&["solve", "--quiet", "--time-limit", "8", "--out"]);
    solve.arg(&first).arg(&school).assert().success();
    let mut solve = leerzone(&["solve", "--quiet", "--time-limit", "2", "--start"]);
    solve.arg(&first).arg("--out").arg(&second).arg(&school).assert().success();
    leerzone(&["verify"]).arg(&school).arg(&second).assert().success();
    assert!(total(&second) >= total(&first), "{} {}", total(&second), total(&first));
    // Also of a school that is changed in memory: somebody works less, and a room is closed on Monday.
    let scenario = folder.path().join("less.toml");
    let less =
        "[set.staff.sah]\nmax_blocks = 1\n[[add.busy]]\nkind = \"place\"\nid = \"101\"\nday = \"mon\"\n";
    fs::write(&scenario, less).expect("a scenario");
    let third = folder.path().join("third");
    let mut solve = leerzone(&["solve", "--quiet", "--time-limit", "3", "--start"]);
    solve
        .arg(&first)
        .arg("--scenario")
        .arg(&scenario)
        .arg("--out")
        .arg(&third)
        .arg(&school)
        .assert()
        .success();
    leerzone(&["verify", "--scenario"]).arg(&scenario).arg(&school).arg(&third).assert().success();
    assert!(total(&third) > 0.99 * total(&first), "{} {}", total(&third), total(&first));
}

#[test]
fn a_start_under_a_scenario_ends_as_a_new_schedule_does() {
    let small = Small::new();
    small.solve(&["--gap", "0"]).success();
    let running = small.out().display().to_string();
    let scenario = small.dir().with_file_name("change.toml");
    let [from, anew] = ["from", "anew"].map(|name| small.dir().with_file_name(name));
    for change in [
        "[set.staff.ann]\nmax_blocks = 0\n",
        "remove.places = [\"r1\"]\n",
        "[[add.students]]\nstudent = \"s3\"\nname = \"Cem\"\nyear = 1\n",
        "[[add.busy]]\nkind = \"staff\"\nid = \"ben\"\nday = \"mon\"\nstart = \"09:00\"\nend = \"10:00\"\n",
        "[[add.pins]]\nkind = \"ban\"\nblock = \"one\"\noffering = \"math\"\n",
        "[set.offerings.math]\nmax = 1\n",
        "remove.block = [\"one\"]\n",
        "[[set.needs]]\nwhere = { subject = \"en\" }\nsessions = 2\npriority = \"must\"\n",
    ] {
        fs::write(&scenario, change).expect("a scenario");
        let changed = ["--gap", "0", "--scenario", scenario.to_str().expect("a path"), "--out"];
        small.solve(&[&changed[..], &[anew.to_str().expect("a path")]].concat()).success();
        let start = [from.to_str().expect("a path"), "--start", &running];
        small.solve(&[&changed[..], &start].concat()).success();
        leerzone(&["verify", "--scenario"]).arg(&scenario).arg(small.dir()).arg(&from).assert().success();
        assert_eq!(total(&from), total(&anew), "{change}");
    }
}

#[test]
fn a_start_that_is_not_there_is_told_once() {
    let school = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/budget");
    let folder = tempfile::tempdir().expect("a folder");
    let mut solve = leerzone(&["solve", "--start", "nowhere", "--out"]);
    let told = solve.arg(folder.path().join("out")).arg(&school).assert().code(2).stderr(contains("nowhere"));
    let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert_eq!(text.matches("os error").count(), 1, "{text}");
}
