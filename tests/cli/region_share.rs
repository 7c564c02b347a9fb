//! Three schools of two boards, bid, share and solve.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::small::leerzone;

const SCHOOLS: [&str; 3] = ["berk", "eik", "linde"];

/// A copy of the example, in which bids and sharings are made.
struct Valley(TempDir);

impl Valley {
    fn new() -> Self {
        let valley = Self(TempDir::new().expect("a folder"));
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/region/valley");
        for folder in ["", "pool", "berk", "eik", "linde"] {
            fs::create_dir_all(valley.at(folder)).expect("a folder");
            for entry in fs::read_dir(from.join(folder)).expect("the example") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    fs::copy(&path, valley.at(folder).join(path.file_name().expect("a name")))
                        .expect("a copy");
                }
            }
        }
        valley
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn bid(&self, school: &str, more: &[&str]) {
        leerzone(&["region", "bid", "--quiet", "--gap", "0", "--out"])
            .arg(self.at(&format!("bids/{school}")))
            .arg(self.at(school))
            .args(more)
            .assert()
            .success();
    }

    fn share(&self, more: &[&str]) {
        let (region, shared) = (self.at(""), self.at("shared"));
        leerzone(&["region", "share", "--quiet"])
            .arg(region)
            .arg("--out")
            .arg(shared)
            .args(more)
            .assert()
            .success();
    }

    /// Solves the school with what it was given, lets the referee judge it, and gives its total.
    fn solve(&self, school: &str, scenario: bool) -> f64 {
        let (dir, out) = (self.at(school), self.at(&format!("{school}/schedule")));
        let file = self.at(&format!("shared/{school}.toml"));
        let scenario: Vec<&Path> = if scenario { vec![Path::new("--scenario"), &file] } else { Vec::new() };
        let solve = ["solve", "--quiet", "--gap", "0"];
        leerzone(&solve).arg(&dir).arg("--out").arg(&out).args(&scenario).assert().success();
        leerzone(&["verify"]).arg(&dir).arg(&out).args(&scenario).assert().success();
        let summary = self.text(&format!("{school}/schedule/summary.json"));
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        summary["total"].as_f64().expect("a total")
    }
}

#[test]
fn a_region_gains_by_sharing() {
    let valley = Valley::new();
    let alone: f64 = SCHOOLS.iter().map(|school| valley.solve(school, false)).sum();
    SCHOOLS.iter().for_each(|school| valley.bid(school, &[]));
    valley.share(&[]);
    let shared: f64 = SCHOOLS.iter().map(|school| valley.solve(school, true)).sum();
    assert!(shared >= alone + 500.0, "{alone} alone, {shared} shared");
    let share: serde_json::Value = serde_json::from_str(&valley.text("shared/share.json")).expect("JSON");
    let of = |key: &str| share[key].as_f64().expect("a number");
    assert!(of("total") >= of("bound") - 0.01 * of("bound").abs(), "{share}");
    // A second round keeps what is used, and no school has less than before.
    for school in SCHOOLS {
        let scenario = valley.at(&format!("shared/{school}.toml"));
        valley.bid(school, &["--round", "2", "--scenario", scenario.to_str().expect("a path")]);
    }
    valley.share(&["--round", "2"]);
    let again: f64 = SCHOOLS.iter().map(|school| valley.solve(school, true)).sum();
    assert!(again >= shared, "{shared}, then {again}");
}

#[test]
fn bids_hold_nothing_of_students_or_own_staff() {
    let valley = Valley::new();
    // Ids and names that stand nowhere else.
    for school in SCHOOLS {
        for (file, columns) in [("students.csv", vec![0, 1, 2]), ("staff.csv", vec![0, 1])] {
            let text = valley.text(&format!("{school}/{file}"));
            let mut secrets: Vec<String> = Vec::new();
            for line in text.lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                secrets.extend(columns.iter().map(|&at: &usize| cells[at].to_owned()));
            }
            valley.bid(school, &[]);
            for file in ["bid.csv", "blocks.csv", "given.csv"] {
                let text = valley.text(&format!("bids/{school}/{file}"));
                for secret in &secrets {
                    assert!(!text.contains(secret.as_str()), "{school}: `{secret}` in {file}");
                }
            }
        }
    }
    let bid = valley.text("bids/eik/bid.csv");
    assert!(bid.lines().any(|line| line.contains(",solved,")), "{bid}");
}

#[test]
fn equal_bids_share_equally_and_the_order_of_schools_does_not_matter() {
    let valley = Valley::new();
    SCHOOLS.iter().for_each(|school| valley.bid(school, &[]));
    let first = SCHOOLS.map(|school| valley.text(&format!("bids/{school}/bid.csv")));
    SCHOOLS.iter().for_each(|school| valley.bid(school, &[]));
    assert_eq!(first, SCHOOLS.map(|school| valley.text(&format!("bids/{school}/bid.csv"))));
    let files = ["pool_timetable.csv", "short.csv", "eik.toml", "share.json"];
    valley.share(&[]);
    let before = files.map(|file| valley.text(&format!("shared/{file}")));
    let region = valley.text("region.toml");
    let tables: Vec<&str> = region.split("\n[").collect();
    let is_school = |table: &&&str| table.starts_with("[school");
    let mut schools: Vec<&str> = tables.iter().filter(is_school).copied().collect();
    schools.reverse();
    let rest = tables.iter().filter(|table| !is_school(table)).copied();
    let turned: Vec<&str> = rest.chain(schools).collect();
    fs::write(valley.at("region.toml"), turned.join("\n[")).expect("written");
    valley.share(&[]);
    assert_eq!(before, files.map(|file| valley.text(&format!("shared/{file}"))));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let valley = Valley::new();
    SCHOOLS.iter().for_each(|school| valley.bid(school, &["--top", "0"]));
    let refused = |told: &str, more: &[&str]| {
        let out = leerzone(&["region", "share", "--out"])
            .arg(valley.at("shared"))
            .arg(valley.at(""))
            .args(more)
            .assert();
        let out = out.code(2);
        let text = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
        assert!(text.contains(told), "{text}");
    };
    refused("a bid of round 1", &["--round", "2"]);
    let staff = valley.text("pool/staff.csv");
    fs::write(valley.at("pool/staff.csv"), staff.replace("teacher,na|wi", "teecher,na|wi")).expect("written");
    refused("staff.csv:3:16", &[]);
    fs::write(valley.at("pool/staff.csv"), &staff).expect("written");
    let busy = valley.text("pool/busy.csv");
    fs::write(valley.at("pool/busy.csv"), busy.replace("noor", "nor")).expect("written");
    refused("did you mean `noor`?", &[]);
    fs::write(valley.at("pool/busy.csv"), busy).expect("written");
    fs::remove_file(valley.at("bids/eik/bid.csv")).expect("removed");
    refused("ask the school for its bids", &[]);
}
