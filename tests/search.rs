//! The search of schools too large for the engine: improved site by site, within the limits given.

mod small;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use small::leerzone;
use tempfile::TempDir;

/// A school of three sites, large enough to be improved site by site.
fn three_sites() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let dir = folder.path().join("school");
    leerzone(&["generate"])
        .arg(&dir)
        .args(["--students", "1050", "--sites", "3", "--seed", "3"])
        .assert()
        .success();
    (folder, dir)
}

fn solve(dir: &Path, out: &Path, options: &[&str]) -> assert_cmd::assert::Assert {
    leerzone(&["solve"]).arg(dir).arg("--out").arg(out).args(options).assert()
}

#[test]
fn a_school_of_several_sites_is_improved_site_by_site_and_holds_every_rule() {
    let (folder, dir) = three_sites();
    let [out, trace] = ["out", "trace.csv"].map(|name| folder.path().join(name));
    let trace_option = trace.to_str().expect("text");
    solve(&dir, &out, &["--time-limit", "12", "--threads", "2", "--trace", trace_option]).success();
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();

    let summary: Value =
        serde_json::from_slice(&fs::read(out.join("summary.json")).expect("a summary")).expect("JSON");
    let [total, bound] = ["total", "bound"].map(|key| summary[key].as_f64().expect("a number"));
    assert!(bound >= total, "{bound} < {total}");
    let must = &summary["needs"]["must"];
    let (met, asked) = (must["met"].as_f64().expect("met"), must["asked"].as_f64().expect("asked"));
    assert!(met >= 0.8 * asked, "{met} of {asked} musts");

    let trace = fs::read_to_string(trace).expect("a trace");
    assert!(trace.starts_with("seconds,phase,total,bound\n"), "{trace}");
    for phase in [",price,", ",start,", ",improve,", ",write,"] {
        assert!(trace.contains(phase), "no {phase} in\n{trace}");
    }
}

#[test]
fn too_little_memory_is_told_before_the_search() {
    let (folder, dir) = three_sites();
    let out = folder.path().join("out");
    let told = solve(&dir, &out, &["--time-limit", "10", "--memory-limit", "5"]).failure().code(1);
    let stderr = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(stderr.contains("--memory-limit allows 5"), "{stderr}");
    assert!(!out.exists(), "nothing is written");
}
