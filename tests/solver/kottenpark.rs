//! A real school with full weeks, where its folder is beside the project: nearly all needs are met.

use std::path::Path;

use assert_cmd::Command;

#[test]
fn meets_nearly_every_need_of_kottenpark() {
    let school = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/kottenpark-2003");
    if !school.is_dir() {
        eprintln!("skipped: {} is not there", school.display());
        return;
    }
    let parent = tempfile::tempdir().expect("a folder for the schedule");
    let out = parent.path().join("schedule");
    let solved = Command::cargo_bin("leerzone")
        .expect("the program")
        .arg("solve")
        .arg(&school)
        .arg("--out")
        .arg(&out)
        .args(["--time-limit", "120", "--quiet", "--json"])
        .output()
        .expect("solve runs");
    assert!(solved.status.success(), "{}", String::from_utf8_lossy(&solved.stderr));
    let summary: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("summary.json")).expect("a summary"))
            .expect("JSON");
    let total = summary["total"].as_f64().expect("a total");
    assert!(total >= 0.995 * 630_000.0, "total {total}");
    Command::cargo_bin("leerzone")
        .expect("the program")
        .arg("verify")
        .arg(&school)
        .arg(&out)
        .assert()
        .success();
}
