//! `leerzone solve`: what it writes, when it writes nothing, what it answers.

use std::fs;

use crate::small::{HEADERS, Small, contents, leerzone};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

fn summary(small: &Small) -> Value {
    let text = fs::read_to_string(small.out().join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_folder_holds_every_file_with_its_columns() {
    let small = Small::new();
    small.solve(&[]).success().stdout(contains("must 2 of 2, should 2 of 2"));
    let files = contents(&small.out());
    for (file, header) in HEADERS {
        assert_eq!(files[file].lines().next(), Some(header), "{file}");
    }
    assert_eq!(files.len(), HEADERS.len() + 1, "{:?}", files.keys());
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
}

#[test]
fn sessions_are_named_by_what_they_are() {
    let small = Small::new();
    small.solve(&[]).success();
    let mut reader = csv::Reader::from_path(small.out().join("sessions.csv")).expect("sessions.csv");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row[0], format!("{}/{}/{}", &row[1], &row[3], &row[5]));
    }
}

#[test]
fn coaching_groups_are_named_after_their_coach() {
    let school = "name = \"Small\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 1\nmeetings = 1\n";
    let layout = "name = \"coaching\"\n\
         [[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"coaching\"\n\
         [[block]]\nid = \"two\"\ndays = [\"mon\"]\nstart = \"10:00\"\nend = \"11:00\"\nkind = \"coaching\"\n";
    let small = Small::new()
        .with("school.toml", school)
        .with("layout.toml", layout)
        .with("staff.csv", "staff,name,roles\nann,Ann,coach\n")
        .with("needs.csv", "who,subject,sessions,priority\n");
    small.solve(&[]).success();
    let files = contents(&small.out());
    assert_eq!(files["coaching_groups.csv"], "group,coach,student\ngroup-ann,ann,s1\ngroup-ann-2,ann,s2\n");
    let rows: Vec<&str> = files["sessions.csv"].lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    for (group, meetings) in [("group-ann,", 1), ("group-ann-2,", 1)] {
        assert_eq!(rows.iter().filter(|row| row.starts_with(group)).count(), meetings, "{rows:?}");
    }
    assert!(rows.iter().all(|row| row.contains(",coaching,coaching,")), "{rows:?}");
}

#[test]
fn equal_runs_write_equal_files() {
    let small = Small::new();
    let run = || {
        small.solve(&["--seed", "7"]).success();
        let mut files = contents(&small.out());
        let text = files.remove("summary.json").expect("a summary");
        let mut summary: Value = serde_json::from_str(&text).expect("JSON");
        summary["seconds"] = Value::Null;
        (files, summary)
    };
    assert_eq!(run(), run());
}

#[test]
fn the_summary_says_how_good_it_is_and_what_it_was_made_from() {
    let small = Small::new();
    small.solve(&["--seed", "3"]).success();
    let first = summary(&small);
    assert_eq!(first["total"], 220.0);
    assert!(first["bound"].as_f64() >= Some(220.0), "{first}");
    assert_eq!(first["terms"]["must"], serde_json::json!({ "count": 2, "value": 200.0 }));
    assert_eq!(first["needs"]["should"], serde_json::json!({ "asked": 2, "met": 2 }));
    assert_eq!(first["counts"]["students"], 2);
    assert_eq!(first["options"]["seed"], 3);
    assert_eq!(first["versions"]["leerzone"], env!("CARGO_PKG_VERSION"));
    for key in ["status", "gap", "seconds", "input_hash"] {
        assert!(!first[key].is_null(), "{key}");
    }
    let small = small.with("places.csv", "place,name,seats\nr1,Room 1,10\nr2,Room 2,11\n");
    small.solve(&[]).success();
    assert_ne!(summary(&small)["input_hash"], first["input_hash"]);
}

#[test]
fn json_on_stdout_is_the_summary_and_the_folder() {
    let small = Small::new();
    let output = small.solve(&["--json", "--quiet"]).success().stderr("").get_output().stdout.clone();
    let mut printed: Value = serde_json::from_slice(&output).expect("JSON");
    let out = printed.as_object_mut().expect("an object").remove("out");
    assert_eq!(out, Some(Value::from(small.out().display().to_string())));
    assert_eq!(printed, summary(&small));
}

#[test]
fn strict_tells_scripts_of_an_unmet_must() {
    let small = Small::new().with("needs.csv", "who,subject,sessions,priority\ns1,na,1,must\ns2,wi,1,must\n");
    small.solve(&[]).code(0);
    small.solve(&["--strict"]).code(3).stdout(contains("must 1 of 2"));
    assert!(small.out().join("sessions.csv").exists());
    let small = small.with("needs.csv", "who,subject,sessions,priority\ns1,na,1,should\ns2,wi,1,must\n");
    small.solve(&["--strict"]).code(0);
}

#[test]
fn a_new_schedule_replaces_the_old_one_whole() {
    let small = Small::new();
    small.solve(&[]).success();
    fs::remove_file(small.out().join("names.csv")).expect("a file to lose");
    let small = small.with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\n");
    small.solve(&[]).success();
    let files = contents(&small.out());
    assert_eq!(files["student_timetable.csv"].lines().count(), 2);
    assert!(files.contains_key("names.csv"));
    assert_eq!(hidden(&small), Vec::<String>::new());
}

/// Names that start with a dot: what a run leaves behind.
fn hidden(small: &Small) -> Vec<String> {
    let entries = fs::read_dir(small.dir()).expect("the folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn bad_input_leaves_the_previous_schedule_alone() {
    let small = Small::new();
    small.solve(&[]).success();
    let before = contents(&small.out());
    let small = small.with("needs.csv", "who,subject,sessions,priority\nnobody,wi,1,must\n");
    small.solve(&[]).code(2).stdout("").stderr(contains("needs.csv"));
    assert_eq!(contents(&small.out()), before);
}

#[test]
fn the_school_itself_is_never_the_output() {
    let small = Small::new();
    let before = contents(&small.dir());
    for out in [small.dir(), small.dir().join("."), small.dir().parent().expect("a parent").to_owned()] {
        let out = out.display().to_string();
        small.solve(&["--out", &out]).code(2).stderr(contains("holds the school that is read"));
    }
    assert_eq!(contents(&small.dir()), before);
}

#[test]
fn other_files_are_never_lost() {
    let small = Small::new();
    let file = small.dir().join("notes.txt");
    fs::write(&file, "mine").expect("a file");
    small.solve(&["--out", &file.display().to_string()]).code(2).stderr(contains("is a file"));
    fs::create_dir(small.out()).expect("a folder");
    fs::write(small.out().join("notes.txt"), "mine").expect("a file");
    small.solve(&[]).code(2).stderr(contains("notes.txt").and(contains("--out")));
    assert_eq!(fs::read_to_string(file).expect("the file"), "mine");
    assert_eq!(contents(&small.out()).len(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_named_before_the_search() {
    let small = Small::new();
    let out = small.dir().join("places.csv").join("schedule");
    small.solve(&["--out", &out.display().to_string()]).code(1).stderr(contains("places.csv"));
}

#[test]
fn folders_on_the_way_are_made() {
    let small = Small::new();
    let out = small.dir().join("plans").join("autumn");
    small.solve(&["--out", &out.display().to_string()]).success();
    assert!(out.join("summary.json").exists());
}

#[cfg(unix)]
#[test]
fn a_linked_folder_is_replaced_and_the_link_stays() {
    let small = Small::new();
    let real = small.dir().join("real");
    fs::create_dir(&real).expect("a folder");
    std::os::unix::fs::symlink(&real, small.out()).expect("a link");
    small.solve(&[]).success();
    assert!(small.out().is_symlink());
    assert!(real.join("summary.json").exists());
}

#[test]
fn odd_options_are_refused_with_what_is_expected() {
    let small = Small::new();
    for (option, value) in
        [("--gap", "-1"), ("--gap", "x"), ("--threads", "0"), ("--memory-limit", "0"), ("--engine", "abacus")]
    {
        small.solve(&[option, value]).code(2).stderr(contains("expected").or(contains("not in")));
    }
    for value in ["0", "-3", "soon", "NaN", "inf"] {
        leerzone(&["solve"]).arg(small.dir()).args(["--time-limit", value]).assert().code(2);
    }
}

#[cfg(not(feature = "highs"))]
#[test]
fn an_engine_that_is_not_built_in_says_how_to_build_it() {
    Small::new().solve(&["--engine", "highs"]).code(2).stderr(contains("--features highs"));
}
