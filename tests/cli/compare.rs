//! `leerzone compare`: every combination solved and judged, the right numbers side by side, no noise read as
//! a finding.

use std::fs;

use crate::comparing::*;
use crate::small::{contents, leerzone};
use serde_json::Value;

#[test]
fn every_combination_is_solved_and_can_be_verified() {
    let small = school().with("ill.toml", "name = \"Ben is ill\"\n[set.staff.ben]\nmax_blocks = 0\n");
    compare(&small, &["--layout", "layouts", "--scenario", "ill.toml"]).success();
    let json = json(&out(&small));
    assert_eq!(json["combinations"].as_array().unwrap().len(), 4);
    assert_eq!(json["pairs"].as_array().unwrap().len(), 6);
    for (name, layout, scenario, must, should) in [
        ("two+as-it-is", "two", None, 2, 2),
        ("two+ill", "two", Some("ill.toml"), 2, 0),
        ("one+as-it-is", "one", None, 2, 0),
        ("one+ill", "one", Some("ill.toml"), 2, 0),
    ] {
        let result = result(&json, name);
        assert_eq!(result["needs"]["must"]["met"], must, "{name}");
        assert_eq!(result["needs"]["should"]["met"], should, "{name}");
        assert_eq!(result["scenario"], scenario.map_or(Value::Null, |_| "Ben is ill".into()));
        let mut verify = leerzone(&["verify"]);
        verify
            .arg(small.dir())
            .arg(out(&small).join(name))
            .arg("--layout")
            .arg(format!("layouts/{layout}.toml"));
        if let Some(scenario) = scenario {
            verify.args(["--scenario", scenario]);
        }
        verify.assert().success().stderr("");
    }
}

#[test]
fn the_measures_are_those_of_the_schedules() {
    let small = school()
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\nben,Ben,teacher,en,7.5\ncas,Cas,coach,,1\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,cas,mon,09:00,09:30\n");
    compare(&small, &["--layout", "layouts"]).success();
    let json = json(&out(&small));
    for name in ["one", "two"] {
        let result = result(&json, name);
        let folder = out(&small).join(name);
        let deployed = rows(&folder.join("staff_timetable.csv"));
        assert_eq!(result["staff_blocks"], deployed.len(), "{name}");
        let cost: f64 = deployed.iter().map(|row| if row["staff"] == "ann" { 10.0 } else { 7.5 }).sum();
        assert_eq!(result["cost"], cost, "{name}");
        let sessions = rows(&folder.join("sessions.csv"));
        let sum = |column: &str| sessions.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
        assert_eq!(result["seats"]["taken"], sum("students"), "{name}");
        assert_eq!(result["seats"]["seats"], sum("capacity"), "{name}");
        for block in result["blocks"].as_array().unwrap() {
            let at_work =
                deployed.iter().filter(|row| row["block"] == block["block"].as_str().unwrap()).count();
            let busy = usize::from(block["block"] == "one");
            assert_eq!(block["free"], 3 - busy - at_work, "{name} {block}");
        }
        let unmet = rows(&folder.join("unmet_needs.csv"));
        let worst = unmet.iter().map(|row| row["missing"].parse::<u32>().unwrap()).max().unwrap_or(0);
        assert_eq!(result["worst_off"]["missing"], worst, "{name}");
        assert_eq!(result["worst_off"]["students"], unmet.len(), "{name}");
    }
    let table = rows(&out(&small).join("comparison.csv"));
    assert_eq!(table.len(), 2);
    assert_eq!((&*table[0]["combination"], &*table[0]["rank"], &*table[0]["should_met"]), ("two", "1", "2"));
    assert_eq!((&*table[1]["combination"], &*table[1]["rank"], &*table[1]["should_met"]), ("one", "2", "0"));
}

#[test]
fn a_pair_tells_who_gains_and_who_loses() {
    // With one room Ali and Bea cannot both be served in one block each; the scenario turns round whom.
    let small = school()
        .with("students.csv", "student,name,class,year,unit\ns1,Ali,1a,1,red\ns2,Bea,2b,2,blue\n")
        .with("places.csv", "place,name,seats\nr1,Room,1\n")
        .with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\ns2,wi,1,should\n")
        .with("turn.toml", "[[set.needs]]\nwhere = { who = \"s1\" }\npriority = \"should\"\n[[set.needs]]\nwhere = { who = \"s2\" }\npriority = \"must\"\n");
    compare(
        &small,
        &["--layout", "layouts/one.toml", "--layout", "layouts/two.toml", "--scenario", "turn.toml"],
    )
    .success();
    let json = json(&out(&small));
    let more_blocks = pair(&json, "one+as-it-is", "two+as-it-is");
    assert_eq!((&more_blocks["gain"], &more_blocks["lose"]), (&1.into(), &0.into()));
    assert_eq!(more_blocks["students"][0]["student"], "s2");
    assert_eq!(more_blocks["by"]["year"][0]["value"], "2");
    assert_eq!(more_blocks["by"]["class"][0]["value"], "2b");
    assert_eq!(more_blocks["by"]["unit"][0]["more"]["should"], 1);
    assert_eq!(more_blocks["finding"], "better");
    assert_eq!(more_blocks["better"], "two+as-it-is");
    let turned = pair(&json, "one+as-it-is", "one+turn");
    assert_eq!((&turned["gain"], &turned["lose"]), (&1.into(), &1.into()));
    let gains = rows(&out(&small).join("gains.csv"));
    let of_turn: Vec<_> =
        gains.iter().filter(|row| row["a"] == "one+as-it-is" && row["b"] == "one+turn").collect();
    assert_eq!(
        (&*of_turn[0]["student"], &*of_turn[0]["change"], &*of_turn[0]["should"]),
        ("s1", "lose", "-1")
    );
    assert_eq!(
        (&*of_turn[1]["student"], &*of_turn[1]["change"], &*of_turn[1]["should"]),
        ("s2", "gain", "1")
    );
}

#[test]
fn noise_is_not_read_as_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, cmp) = (folder.path().join("school"), folder.path().join("cmp"));
    leerzone(&["generate"]).arg(&dir).args(["--students", "100", "--offerings", "24"]).assert().success();
    let told = leerzone(&["compare", "--time-limit", "0.5", "--seeds", "1,2,3", "--quiet"])
        .arg(&dir)
        .arg("--out")
        .arg(&cmp)
        .assert()
        .success()
        .stderr("");
    let json = json(&cmp);
    for pair in json["pairs"].as_array().unwrap() {
        // The same school: whatever differs, no seed can be shown to be better.
        assert!(pair["finding"] == "within_gap" || pair["finding"] == "equal", "{pair:#}");
        assert!(pair["words"].as_str().unwrap().starts_with("no finding: "), "{pair:#}");
        let gap = |name: &Value| result(&json, name.as_str().unwrap())["gap"].as_f64().unwrap();
        assert!(gap(&pair["a"]) > 0.0 && gap(&pair["b"]) > 0.0);
    }
    let text = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    assert!(text.contains("no finding: ") && text.contains("may come from the search"), "{text}");
}

#[test]
fn totals_that_count_differently_are_not_compared() {
    let small = school().with("weights.toml", "[set.school.weights]\nshould = 20\n");
    compare(&small, &["--scenario", "weights.toml"]).success();
    let json = json(&out(&small));
    let pair = pair(&json, "as-it-is", "weights");
    assert_eq!(pair["finding"], "incomparable");
    assert!(pair["words"].as_str().unwrap().contains("compare what is met, not the totals"));
}

#[test]
fn the_best_comes_first_by_the_measure_asked_for() {
    let small = school();
    let order = |by: &str| -> Vec<(String, u64)> {
        compare(&small, &["--layout", "layouts", "--by", by]).success();
        let json = json(&out(&small));
        assert_eq!(json["by"], by);
        let results = json["combinations"].as_array().unwrap();
        results
            .iter()
            .map(|one| (one["name"].as_str().unwrap().to_owned(), one["rank"].as_u64().unwrap()))
            .collect()
    };
    let named = |names: [(&str, u64); 2]| names.map(|(name, rank)| (name.to_owned(), rank)).to_vec();
    assert_eq!(order("should"), named([("two", 1), ("one", 2)]));
    assert_eq!(order("staff_blocks"), named([("one", 1), ("two", 2)]));
    assert_eq!(order("must"), named([("one", 1), ("two", 1)]));
    let wrong = compare(&small, &["--by", "beauty"]).code(2).get_output().stderr.clone();
    assert!(String::from_utf8(wrong).unwrap().contains("expected one of must, should"));
}

#[test]
fn the_page_is_whole_by_itself_and_escapes_what_it_shows() {
    let small = school().with("school.toml", "name = \"Zone <North> & \\\"South\\\"\"\ndays = [\"mon\"]\n");
    compare(&small, &["--layout", "layouts", "--set", "students.s1.year=<i>1"]).success();
    let page = fs::read_to_string(out(&small).join("comparison.html")).unwrap();
    assert!(page.contains("Zone &lt;North&gt; &amp; &quot;South&quot;"));
    assert!(page.contains("&lt;i&gt;1") && !page.contains("<i>1") && !page.contains("<North>"));
    for outside in ["http:", "https:", "<script", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let count = |text: &str| page.matches(text).count();
    assert!(count("<svg") >= 8);
    assert_eq!(count("<svg"), count("<details><summary>As a table</summary><div class=\"wide\"><table>"));
    assert_eq!(count("<svg"), count("aria-label="));
    for tag in ["svg", "table", "figure", "section", "details", "div", "p", "tr"] {
        assert_eq!(
            count(&format!("<{tag}>")) + count(&format!("<{tag} ")),
            count(&format!("</{tag}>")),
            "{tag}"
        );
    }
}

#[test]
fn several_schools_are_ranked_each_for_itself() {
    let (a, b) = (school(), school().with("needs.csv", "who,subject,sessions,priority\nall,wi,1,could\n"));
    let cmp = tempfile::tempdir().unwrap();
    let run = leerzone(&["compare", "--layout", "layouts"])
        .args([a.dir(), b.dir()])
        .arg("--out")
        .arg(cmp.path().join("cmp"))
        .assert()
        .success();
    let json = json(&cmp.path().join("cmp"));
    let names: Vec<&str> =
        json["combinations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["school+two", "school+one", "school+one-2", "school+two-2"]);
    assert_eq!(json["pairs"].as_array().unwrap().len(), 2);
    drop(run);
}

#[test]
fn a_combination_without_a_schedule_is_named_and_the_others_are_compared() {
    // Zed costs least, but cannot lead both pinned sessions at once.
    let small = school()
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\nben,Ben,teacher,en,10\nzed,Zed,teacher,wi|en,5\n")
        .with("pins.csv", "kind,block,offering\nsession,one,math\nsession,one,english\n")
        .with("poor.toml", "[[add.budget]]\nunit = \"*\"\ncost = 12\n");
    let run = compare(&small, &["--layout", "layouts", "--scenario", "poor.toml"]).code(1);
    let stderr = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(stderr.contains("missing: one+poor: the rules contradict each other"), "{stderr}");
    let json = json(&out(&small));
    let names = |list: &str| -> Vec<&str> {
        json[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
    };
    assert_eq!(names("missing"), ["one+poor", "two+poor"]);
    assert_eq!(names("combinations"), ["two+as-it-is", "one+as-it-is"]);
    assert!(!out(&small).join("one+poor").exists());
}

#[test]
fn of_many_combinations_each_is_held_against_the_best() {
    let small = school();
    let run =
        compare(&small, &["--layout", "layouts", "--seeds", "1,2,3,4,5,6,7", "--by", "should"]).success();
    let json = json(&out(&small));
    let results = json["combinations"].as_array().unwrap();
    assert_eq!(results.len(), 14);
    let best = results[0]["name"].as_str().unwrap();
    assert_eq!(best, "two+seed-1");
    let pairs = json["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 13);
    assert!(pairs.iter().all(|pair| pair["a"] == best || pair["b"] == best));
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert_eq!(
        text.lines().filter(|line| line.contains("+seed-") && line.contains(" 2 of 2 ")).count(),
        14,
        "{text}"
    );
}

#[test]
fn nothing_is_written_where_a_combination_cannot_be_read() {
    let small = school().with("wrong.toml", "[set.staff.bob]\ncost = 1\n");
    compare(&small, &["--layout", "layouts"]).success();
    let before = contents(&out(&small).join("two"));
    let wrong = compare(&small, &["--layout", "layouts", "--scenario", "wrong.toml"]).code(2);
    let stderr = String::from_utf8(wrong.get_output().stderr.clone()).unwrap();
    assert_eq!(stderr.matches("no row with staff `bob`").count(), 1, "{stderr}");
    assert_eq!(contents(&out(&small).join("two")), before);
    let taken = small.dir().join("layouts");
    let stranger = compare(&small, &["--out", taken.to_str().unwrap()]).code(2);
    assert!(String::from_utf8(stranger.get_output().stderr.clone()).unwrap().contains("holds `"));
    assert!(taken.join("two.toml").exists());
    compare(&small, &["--layout", "layout.toml", "--out", small.dir().to_str().unwrap()]).code(2);
    fs::create_dir(small.dir().join("empty")).unwrap();
    let none = compare(&small, &["--layout", "empty"]).code(2);
    assert!(String::from_utf8(none.get_output().stderr.clone()).unwrap().contains("has no layouts"));
}

#[test]
fn totals_that_ask_for_other_meetings_are_not_compared() {
    let coaching = |count: usize| {
        let block = |at: usize| {
            format!(
                "[[block]]\nid = \"c{at}\"\ndays = [\"mon\"]\nstart = \"08:{at}0\"\nend = \"08:{}0\"\nkind = \"coaching\"\n",
                at + 1
            )
        };
        format!("{ONE_BLOCK}{}", (0..count).map(block).collect::<String>())
    };
    let small = school()
        .with("school.toml", "name = \"Met\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 4\nmeetings = 2\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nben,Ben,teacher|coach,en\n")
        .with("layouts/one.toml", &coaching(1))
        .with("layouts/two.toml", &coaching(2));
    let told = compare(&small, &["--layout", "layouts"]).success();
    let told = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
    assert!(told.contains("count different things: 2 of 2 coaching meetings are held, and 4 of 4"), "{told}");
    assert!(!told.contains("is better than"), "{told}");
    let json = json(&out(&small));
    assert_eq!(pair(&json, "one", "two")["finding"], "incomparable");
    assert_eq!(result(&json, "two")["meetings"]["held"], 4);
}

#[test]
fn a_scenario_that_only_adds_somebody_is_never_worse() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, cmp) = (folder.path().join("school"), folder.path().join("cmp"));
    leerzone(&["generate"]).arg(&dir).args(["--students", "60", "--offerings", "24"]).assert().success();
    let more = folder.path().join("more.toml");
    fs::write(
        &more,
        "name = \"more\"\n[[add.staff]]\nstaff = \"noor\"\nname = \"Noor\"\nroles = \"guest\"\nmax_blocks = 1\n",
    )
    .unwrap();
    leerzone(&["compare", "--time-limit", "4", "--quiet", "--out"])
        .arg(&cmp)
        .arg(&dir)
        .arg("--scenario")
        .arg(&more)
        .assert()
        .success();
    let json = json(&cmp);
    let (with, without) = (result(&json, "more"), result(&json, "as-it-is"));
    assert_eq!(with["goes_on_from"], "as-it-is");
    assert!(with["total"].as_f64() >= without["total"].as_f64(), "{with} {without}");
    leerzone(&["verify", "--scenario"]).arg(&more).arg(&dir).arg(cmp.join("more")).assert().success();
    let words = pair(&json, "as-it-is", "more")["words"].as_str().unwrap();
    assert!(words.contains("with the same effort"), "{words}");
}
