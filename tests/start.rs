//! `leerzone solve --start`: the search goes on from a written schedule and never ends below it.

mod small;

use std::fs;
use std::path::Path;

use predicates::str::contains;
use serde_json::Value;
use small::leerzone;

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
