//! `leerzone stress`: what illness does to a week. Every day that is repaired is judged by the referee; one that breaks a
//! rule would end the command.

use std::fs;
use std::path::PathBuf;

use crate::small::{Small, contents, leerzone};
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

fn result(small: &Small) -> PathBuf {
    small.dir().join("stress")
}

fn run(small: &Small, arguments: &[&str]) -> Assert {
    leerzone(&["stress", "--quiet"]).arg(small.dir()).arg(small.out()).args(arguments).assert()
}

fn stressed(small: &Small, arguments: &[&str]) -> Value {
    let told = run(small, &[arguments, &["--json"]].concat()).success();
    serde_json::from_slice(&told.get_output().stdout).expect("JSON")
}

fn solved(small: Small) -> Small {
    small.solve(&["--gap", "0"]).success();
    small
}

/// Ann teaches mathematics, Ben English, once each; nobody can replace either.
const STAFF: &str =
    "staff,name,roles,subjects,max_blocks\nann,Ann Smit,teacher,wi,1\nben,Ben Mol,teacher,en,1\n";

fn school() -> Small {
    solved(Small::new().with("staff.csv", STAFF))
}

#[test]
fn without_illness_nothing_is_lost() {
    let small = school();
    let told = stressed(&small, &["--rate", "0", "--days", "7"]);
    assert_eq!((&told["days"], &told["lost"]["must"]["mean"]), (&7.into(), &0.0.into()));
    assert_eq!(told["without_lost_must"]["mean"], 1.0);
    assert_eq!(told["irreplaceable"], serde_json::json!([]));
    let table = fs::read_to_string(result(&small).join("stress.csv")).expect("the table");
    assert_eq!(table.lines().filter(|line| line.ends_with(",mon,,0,0,0,0,0,0,0,")).count(), 7, "{table}");
}

/// The referee counts the week that `replan` writes; here the same is lost.
#[test]
fn who_is_always_ill_leaves_the_week_that_replan_makes() {
    for (who, must, should) in [("ann", 2, 0), ("Ben Mol", 0, 2)] {
        let small = school().with("absence.csv", &format!("who,rate\n{who},1\n"));
        let told = stressed(&small, &["--rate", "0", "--days", "3"]);
        leerzone(&["replan", "--quiet", "--absent", who])
            .arg(small.dir())
            .arg(small.out())
            .assert()
            .success();
        let unmet = small.dir().join("schedule-repaired/unmet_needs.csv");
        let rows = fs::read_to_string(unmet).expect("the file").lines().skip(1).count();
        assert_eq!(rows, must + should);
        for draw in told["draws"].as_array().expect("a list") {
            assert_eq!((&draw["must"], &draw["should"]), (&must.into(), &should.into()), "{draw}");
            assert_eq!((&draw["hit"], &draw["cancelled"]), (&1.into(), &1.into()), "{draw}");
        }
        let one = &told["irreplaceable"][0];
        assert_eq!((&one["times"], &one["could_step_in"]), (&3.into(), &serde_json::json!([])));
        assert_eq!(one["must"], 3 * must);
        assert_eq!(told["without_lost_must"]["mean"], if must > 0 { 0.0 } else { 1.0 });
    }
}

#[test]
fn whoever_is_idle_steps_in() {
    let staff = "staff,name,roles,subjects,likes\nada,Ada,teacher,wi,\nann,Ann Smit,teacher,wi,math\n";
    let small = Small::new()
        .with("staff.csv", staff)
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\n");
    let small = solved(small);
    let absence = small.dir().join("ill.csv");
    fs::write(&absence, "who;rate\nann;1,0\n").expect("a file");
    let told =
        stressed(&small, &["--rate", "0", "--days", "2", "--absence", absence.to_str().expect("a path")]);
    assert_eq!((&told["lost"]["must"]["mean"], &told["cancelled"]["mean"]), (&0.0.into(), &0.0.into()));
}

#[test]
fn equal_seeds_give_equal_files_whatever_the_threads() {
    let small = school();
    let files = |arguments: &[&str]| {
        run(&small, &[&["--days", "30", "--rate", "0.3"], arguments].concat()).success();
        contents(&result(&small))
    };
    let first = files(&["--seed", "5", "--threads", "1"]);
    assert_eq!(files(&["--seed", "5", "--threads", "2"]), first);
    assert_ne!(files(&["--seed", "6"]), first);
}

/// So that a school with somebody more can be held against it.
#[test]
fn somebody_more_changes_nobody_elses_illness() {
    let ill = |small: &Small| -> Vec<Vec<String>> {
        let told = stressed(small, &["--days", "60", "--rate", "0.2", "--together", "0.5"]);
        let draws = told["draws"].as_array().expect("a list").clone();
        let names = |draw: &Value| serde_json::from_value(draw["ill"].clone()).expect("names");
        draws.iter().map(names).collect()
    };
    let before = ill(&school());
    let staff = STAFF.replace("ann,", "eva,Eva,teacher,na,\nann,");
    let mut after = ill(&solved(Small::new().with("staff.csv", &staff)));
    after.iter_mut().for_each(|ill| ill.retain(|one| one != "eva"));
    assert_eq!(after, before);
    assert!(before.iter().flatten().count() > 5);
}

#[test]
fn an_illness_lasts_as_long_as_the_table_says() {
    let small = school().with("absence.csv", "who,rate,days\nrole:teacher,0.3,1\nann,0.3,4\n");
    let told = stressed(&small, &["--days", "120", "--together", "0"]);
    let draws = told["draws"].as_array().expect("a list");
    let runs = |who: &str| -> Vec<usize> {
        let ill: Vec<bool> = draws
            .iter()
            .map(|draw| draw["ill"].as_array().expect("names").iter().any(|one| one == who))
            .collect();
        let runs: Vec<usize> = ill.split(|ill| !ill).map(<[bool]>::len).collect();
        // An illness may have begun before the first day, or go on after the last.
        runs[1..runs.len() - 1].iter().copied().filter(|&run| run > 0).collect()
    };
    assert!(!runs("ann").is_empty() && runs("ann").iter().all(|&run| run >= 4), "{:?}", runs("ann"));
    assert!(runs("ben").contains(&1), "{:?}", runs("ben"));
}

#[test]
fn days_of_schools_with_all_kinds_of_rules_are_repaired() {
    for example in ["illness", "coaches-and-units", "pins-and-bans", "reserve", "two-sites"] {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let school = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        let (out, to) = (folder.path().join("schedule"), folder.path().join("stress"));
        leerzone(&["solve", "--quiet", "--time-limit", "20", "--out"])
            .arg(&out)
            .arg(&school)
            .assert()
            .success();
        leerzone(&["stress", "--quiet", "--days", "12", "--rate", "0.3", "--out"])
            .arg(&to)
            .arg(&school)
            .arg(&out)
            .assert()
            .success()
            .stdout(contains("12 days drawn and repaired"));
        assert!(to.join("stress.csv").is_file() && to.join("irreplaceable.csv").is_file());
    }
}

#[test]
fn mistakes_in_the_table_are_told_with_their_place() {
    let small = school();
    for (row, message, help) in [
        ("ann,2", "the rate 2 is above 1", "write 0.02 for 2 %"),
        ("an,0.1", "unknown staff `an`", "did you mean `ann`?"),
        ("role:techer,0.1", "unknown role `techer`", "did you mean `teacher`?"),
        ("unit:eik,0.1", "unknown unit `eik`", "add `eik`"),
        ("ann,0.1,0", "`days` is 0", "write at least 1"),
        ("ann,", "`rate` is empty", "fill in `rate`"),
    ] {
        let table = format!(
            "who,rate,days\nall,0.1,1\n{row}{}\n",
            if row.matches(',').count() == 2 { "" } else { "," }
        );
        fs::write(small.dir().join("absence.csv"), table).expect("a file");
        run(&small, &[]).code(2).stderr(contains(message).and(contains("absence.csv:3")).and(contains(help)));
    }
    fs::write(small.dir().join("absence.csv"), "who,rate\nall,0.1\nall,0.2\n").expect("a file");
    run(&small, &[]).code(2).stderr(contains("stands here a second time"));
    fs::write(small.dir().join("absence.csv"), "who,rate\nrole:guest,0.1\n").expect("a file");
    leerzone(&["stress", "--days", "1"])
        .arg(small.dir())
        .arg(small.out())
        .assert()
        .success()
        .stderr(contains("is nobody of staff.csv"));
    leerzone(&["check"]).arg(small.dir()).assert().success().stderr(contains("absence.csv").not());
}

#[test]
fn what_is_no_result_is_not_replaced() {
    let small = school();
    run(&small, &["--days", "1"]).success();
    let before = contents(&result(&small));
    fs::write(result(&small).join("notes.txt"), "mine").expect("a file");
    run(&small, &["--days", "2"]).code(2).stderr(contains("notes.txt"));
    fs::remove_file(result(&small).join("notes.txt")).expect("the file");
    assert_eq!(contents(&result(&small)), before);
    run(&small, &["--days", "0"]).code(2);
    run(&small, &["--rate", "1.5"]).code(2).stderr(contains("from 0 to 1"));
}

/// Cas is idle and lacks the qualification; somebody like Ann who stands by would do as well.
#[test]
fn a_reserve_and_a_qualification_save_what_was_lost() {
    let staff = format!("{STAFF}cas,Cas,teacher,,\n");
    let small = solved(Small::new().with("staff.csv", &staff)).with("absence.csv", "who,rate\nann,1\n");
    let told = stressed(&small, &["--rate", "0", "--days", "4"]);
    assert_eq!(told["lost"]["must"]["mean"], 2.0);
    let relief = told["relief"].as_array().expect("a list");
    let of = |kind: &str| relief.iter().find(|one| one["kind"] == kind).expect("one of the kind");
    assert_eq!((&of("reserve")["like"]["id"], &of("reserve")["must"]), (&"ann".into(), &8.into()));
    let qualified = of("qualification");
    assert_eq!((&qualified["staff"]["id"], &qualified["subject"]), (&"cas".into(), &"wi".into()));
    assert_eq!(qualified["must"], 8);
}
