//! `leerzone layouts`: what is proposed fits the day and keeps what stays, the estimate is never below what
//! is possible, and the frontier leaves out what is bettered.

use std::fs;
use std::path::PathBuf;

use crate::small::{Small, leerzone};
use assert_cmd::assert::Assert;
use predicates::str::contains;
use serde_json::Value;

/// A day from 8:30 to 15:00 with coaching at its start, one zone, and lessons of year 1 until noon.
fn school() -> Small {
    let block = |id: &str, start: &str, end: &str, kind: &str| {
        format!("[[block]]\nid = \"{id}\"\nstart = \"{start}\"\nend = \"{end}\"\nkind = \"{kind}\"\n")
    };
    let layout = "name = \"now\"\n".to_owned()
        + &block("{day}-start", "08:30", "09:00", "coaching")
        + &block("{day}-zone", "10:00", "11:00", "zone")
        + &block("{day}-end", "14:30", "15:00", "homework");
    Small::new()
        .with("layout.toml", &layout)
        .with("students.csv", "student,name,year\ns1,Ali,1\ns2,Bea,1\ns3,Cem,2\ns4,Dee,2\n")
        .with("busy.csv", "kind,id,day,start,end\nyear,1,mon,09:00,12:00\nyear,2,mon,12:00,14:30\n")
}

fn layouts(small: &Small, arguments: &[&str]) -> Assert {
    leerzone(&["layouts", "--json", "--time-limit", "2", "--threads", "2"])
        .arg(small.dir())
        .args(arguments)
        .assert()
}

fn json(run: &Assert) -> Value {
    serde_json::from_slice(&run.get_output().stdout).unwrap()
}

fn proposals(small: &Small) -> PathBuf {
    small.dir().join("proposals")
}

fn names(json: &Value, list: &str) -> Vec<String> {
    let name =
        |one: &Value| one["name"].as_str().or(one["layout"].as_str()).or(one.as_str()).unwrap().to_owned();
    json[list].as_array().unwrap().iter().map(name).collect()
}

/// Id, start, end, kind and audience of the blocks of a layout.
fn blocks(small: &Small, name: &str) -> Vec<[String; 5]> {
    let text = fs::read_to_string(proposals(small).join("layouts").join(format!("{name}.toml"))).unwrap();
    let layout: toml::Table = toml::from_str(&text).unwrap();
    let cell = |block: &toml::Value, key: &str| match block.get(key) {
        Some(toml::Value::Array(items)) => {
            items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join("|")
        }
        Some(value) => value.as_str().unwrap().to_owned(),
        None => String::new(),
    };
    let blocks = layout["block"].as_array().unwrap();
    blocks
        .iter()
        .map(|block| ["id", "start", "end", "kind", "audience"].map(|key| cell(block, key)))
        .collect()
}

#[test]
fn blocks_lie_where_they_were_asked_for() {
    let small = school();
    layouts(&small, &["--count", "1,2", "--length", "60", "--solve", "0"]).success();
    let times = |name: &str| -> Vec<String> {
        let zones = blocks(&small, name).into_iter().filter(|block| block[3] == "zone");
        zones
            .map(|[_, start, end, _, audience]| format!("{start}-{end} {audience}").trim().to_owned())
            .collect()
    };
    assert_eq!(times("2x60-before"), ["09:00-10:00", "10:00-11:00"]);
    assert_eq!(times("2x60-after"), ["12:30-13:30", "13:30-14:30"]);
    assert_eq!(times("1x60-before-staggered"), ["09:00-10:00 year:1", "13:30-14:30 year:2"]);
    assert_eq!(times("1x60-after-staggered"), ["13:30-14:30 year:1", "09:00-10:00 year:2"]);
    // Year 1 is free after noon and year 2 before.
    assert_eq!(times("1x60-gaps-staggered"), ["12:00-13:00 year:1", "09:00-10:00 year:2"]);
    for name in ["2x60-before", "1x60-gaps-staggered"] {
        let kept: Vec<String> =
            blocks(&small, name).into_iter().filter(|b| b[3] != "zone").map(|b| b[0].clone()).collect();
        assert_eq!(kept, ["{day}-start", "{day}-end"], "{name}");
    }
    // The id that pins may name is used again.
    assert!(blocks(&small, "1x60-before").iter().any(|block| block[0] == "{day}-zone"));
}

#[test]
fn no_schedule_is_better_than_its_estimate() {
    let small = school();
    let json = json(&layouts(&small, &["--solve", "20", "--length", "30,60"]).success());
    let solved = json["candidates"].as_array().unwrap().iter().filter(|one| one["solved"] == true);
    let mut compared = 0;
    for candidate in solved {
        let results = json["combinations"].as_array().unwrap();
        let result = results.iter().find(|result| result["name"] == candidate["layout"]).unwrap();
        let (total, bound) = (result["total"].as_f64().unwrap(), candidate["bound"].as_f64().unwrap());
        assert!(total <= bound + 1e-6, "{candidate}: {total}");
        compared += 1;
        let layout = format!("proposals/layouts/{}.toml", candidate["layout"].as_str().unwrap());
        leerzone(&["verify"])
            .arg(small.dir())
            .arg(proposals(&small).join(candidate["layout"].as_str().unwrap()))
            .args(["--layout", &layout])
            .assert()
            .success();
        let summary =
            fs::read(proposals(&small).join(candidate["layout"].as_str().unwrap()).join("summary.json"));
        let summary: Value = serde_json::from_slice(&summary.unwrap()).unwrap();
        assert!(summary["options"]["layout"].as_str().unwrap().ends_with(&layout), "{summary}");
    }
    assert!(compared >= 6, "{json:#}");
}

#[test]
fn the_frontier_is_what_nothing_betters() {
    let small = school();
    let json = json(&layouts(&small, &["--solve", "20", "--count", "1,2,3", "--length", "60"]).success());
    let point = |name: &str| -> (i64, i64) {
        let results = json["combinations"].as_array().unwrap();
        let one = results.iter().find(|one| one["name"] == name).unwrap();
        let met = |priority: &str| one["needs"][priority]["met"].as_i64().unwrap();
        (100 * met("must") + 10 * met("should") + met("could"), one["staff_blocks"].as_i64().unwrap())
    };
    let frontier = names(&json, "frontier");
    let all = names(&json, "combinations");
    assert!(all.contains(&"current".to_owned()) && !frontier.is_empty());
    let betters = |a: (i64, i64), b: (i64, i64)| a.0 >= b.0 && a.1 <= b.1 && a != b;
    for name in &all {
        let bettered = all.iter().any(|other| betters(point(other), point(name)));
        assert_eq!(frontier.contains(name), !bettered, "{name} {:?}", point(name));
    }
}

#[test]
fn what_is_noise_is_called_so() {
    let small = school();
    let told = leerzone(&["layouts", "--quiet", "--solve", "3", "--count", "1,2", "--length", "60"])
        .args(["--time-limit", "2", "--threads", "2"])
        .arg(small.dir())
        .assert()
        .success();
    let text = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    let (_, against) = text.split_once("\nagainst current:\n").expect("what may be concluded");
    let lines: Vec<&str> = against.lines().take_while(|line| line.starts_with("  ")).collect();
    assert_eq!(lines.len(), 3, "{text}");
    let said = ["is better than", "no finding", "the same total", "compare what is met"];
    assert!(lines.iter().all(|line| said.iter().any(|words| line.contains(words))), "{text}");
    assert!(lines.iter().all(|line| line.contains("current")), "{text}");
}

#[test]
fn equal_questions_have_equal_answers() {
    let small = school();
    let answer = || {
        let run = layouts(&small, &["--solve", "3", "--length", "45"]).success();
        (
            json(&run)["candidates"].clone(),
            fs::read_to_string(proposals(&small).join("candidates.csv")).unwrap(),
        )
    };
    assert_eq!(answer(), answer());
}

#[test]
fn what_cannot_be_used_is_told_with_what_helps() {
    let small = school().with("pins.csv", "kind,block,offering,staff\nsession,mon-zone,math,ann\n");
    let layout = fs::read_to_string(small.dir().join("layout.toml")).unwrap();
    let small = small.with(
        "layout.toml",
        &layout
            .replace("{day}-zone", "mon-zone")
            .replace("\"10:00\"\nend", "\"10:00\"\ndays = [\"mon\"]\nend"),
    );
    let run = layouts(&small, &["--solve", "1"]).success();
    let stderr = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(
        stderr.contains("unknown block `mon-zone`") && stderr.contains("remove.pins = \"all\""),
        "{stderr}"
    );
    let free = small.with("no-pins.toml", "remove.pins = \"all\"\n");
    let run = layouts(&free, &["--solve", "1", "--scenario", "no-pins.toml"]).success();
    assert!(json(&run)["candidates"].as_array().unwrap().iter().all(|one| one["problem"].is_null()));
}

#[test]
fn without_room_for_temporary_files_it_says_so() {
    let small = school();
    let mut command = leerzone(&["layouts"]);
    command.arg(small.dir()).env("TMPDIR", "/nowhere/at/all");
    command.assert().code(1).stderr(contains("cannot write a temporary file"));
}

#[test]
fn wrong_questions_are_answered_clearly() {
    let small = school();
    let says = |arguments: &[&str], text: &str| {
        let run = layouts(&small, arguments).code(2);
        let stderr = String::from_utf8(run.get_output().stderr.clone()).unwrap();
        assert!(stderr.contains(text), "{stderr}");
    };
    says(&["--length", "400"], "no layout fits");
    says(&["--from", "15:00", "--until", "14:00"], "the day would end at 14:00, before it begins at 15:00");
    says(&["--from", "9999:00"], "expected a time such as 08:30");
    says(&["--place", "under"], "expected before, after or gaps");
    fs::create_dir_all(proposals(&small).join("layouts")).unwrap();
    says(&[], "holds `layouts`, which is no part of a folder of proposals");
}
