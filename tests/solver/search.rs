//! The search of schools too large for the engine: improved site by site, within the limits given.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small::leerzone;
use serde_json::Value;
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
fn a_limit_that_leaves_no_time_ends_with_a_schedule_that_holds_every_rule() {
    let (folder, dir) = three_sites();
    let [out, trace] = ["out", "trace.csv"].map(|name| folder.path().join(name));
    solve(&dir, &out, &["--time-limit", "0.001", "--trace", trace.to_str().expect("text")]).success();
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();
    let trace = fs::read_to_string(trace).expect("a trace");
    assert!(!trace.contains(",price,") && trace.contains(",start,"), "no time for prices:\n{trace}");
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

/// Twelve sites whose teachers all go from one to another, each for two or three sessions a week in all.
fn one_pool_of_staff() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |file: &str, text: String| fs::write(folder.path().join(file), text).expect("written");
    let sites: Vec<String> = (0..12).map(|site| format!("s{site:02}")).collect();
    let subjects = ["sk", "na", "wi"];
    write(
        "school.toml",
        "name = \"Pool\"\ndays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n".to_owned(),
    );
    let block = |id: u32, start: u32| {
        format!(
            "[[block]]\nid = \"{{day}}-{id}\"\ndays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n\
             start = \"{start:02}:00\"\nend = \"{:02}:00\"\nkind = \"lesson\"\n",
            start + 1
        )
    };
    write("layout.toml", format!("name = \"two\"\n{}{}", block(1, 9), block(2, 10)));
    write("subjects.csv", format!("subject,name\n{}", subjects.map(|s| format!("{s},{s}\n")).concat()));
    let offerings = subjects.map(|s| format!("les-{s},{s},5,20,1\n")).concat();
    write("offerings.csv", format!("offering,subjects,min,max,per_day\n{offerings}"));
    let (mut places, mut students, mut needs) = (String::new(), String::new(), String::new());
    for site in &sites {
        (0..6).for_each(|place| places += &format!("{site}-{place},{site},24\n"));
        for student in 0..84 {
            students += &format!("{site}-{student},{site}\n");
            for (at, subject) in subjects.iter().enumerate().filter(|(at, _)| (student + at) % 3 > 0) {
                let priority = ["must", "should", "could"][(student / 3 + at) % 3];
                needs += &format!("{site}-{student},{subject},{},{priority}\n", 1 + (student / 9 + at) % 2);
            }
        }
    }
    let staff = |person: usize| {
        let [one, other] = [0, 1].map(|at| subjects[(person + at) % 3]);
        format!("t{person},teacher,{one}|{other},{},{}\n", sites.join("|"), 2 + person % 2)
    };
    write("places.csv", format!("place,site,seats\n{places}"));
    write("students.csv", format!("student,site\n{students}"));
    write("needs.csv", format!("who,subject,sessions,priority\n{needs}"));
    let staff: String = (0..60).map(staff).collect();
    write("staff.csv", format!("staff,roles,subjects,sites,max_blocks\n{staff}"));
    folder
}

/// What a site gives up in a round that is not taken over must not be used by another.
#[test]
fn sites_that_share_all_their_staff_never_have_one_of_them_too_often() {
    let folder = one_pool_of_staff();
    let out = folder.path().join("out");
    for seed in ["1", "2", "3", "4"] {
        let options = ["--time-limit", "2", "--threads", "2", "--seed", seed];
        solve(folder.path(), &out, &options).success();
        leerzone(&["verify"]).arg(folder.path()).arg(&out).assert().success();
    }
}

/// Three students without a site are too few for a group of their own, and welcome in that of any site.
#[test]
fn few_students_without_a_site_are_coached_with_those_of_one() {
    let folder = TempDir::new().expect("a temporary folder");
    let [dir, out] = ["school", "out"].map(|name| folder.path().join(name));
    leerzone(&["generate"]).arg(&dir).args(["--students", "1200", "--sites", "2"]).assert().success();
    let file = dir.join("students.csv");
    let students = fs::read_to_string(&file).expect("students");
    let header = students.lines().next().expect("a header");
    let site = header.split(',').position(|column| column == "site").expect("sites");
    let without = |(row, line): (usize, &str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if [1, 400, 900].contains(&row) {
            cells[site] = "";
        }
        cells.join(",") + "\n"
    };
    fs::write(&file, students.lines().enumerate().map(without).collect::<String>()).expect("written");
    solve(&dir, &out, &["--time-limit", "12"]).success();
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();
}
