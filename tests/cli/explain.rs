//! `leerzone explain`: the reason is the tested one, and what it proposes meets the need when it is done.

use std::fs;

use crate::small::{Small, leerzone};
use predicates::str::contains;
use serde_json::Value;

const WITHOUT_ENGLISH: &str = "who,subject,sessions,priority\n";

/// Solves to the end and explains everything that is unmet.
fn explained(small: &Small, who: &str) -> Vec<Value> {
    small.solve(&["--gap", "0"]).success();
    let output = leerzone(&["explain", "--json", "--quiet"])
        .arg(small.dir())
        .arg(small.out())
        .arg(who)
        .output()
        .expect("explain runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    document["needs"].as_array().expect("needs").clone()
}

fn total(small: &Small) -> f64 {
    let text = fs::read_to_string(small.out().join("summary.json")).expect("summary.json");
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    summary["total"].as_f64().expect("a total")
}

fn unmet(small: &Small) -> String {
    fs::read_to_string(small.out().join("unmet_needs.csv")).expect("unmet_needs.csv")
}

/// Does what the remedy says: the need is then met, and the total rises by at least what was promised.
fn holds(small: &Small, need: &Value, remedy: &Value) {
    small.solve(&["--gap", "0"]).success();
    let before = total(small);
    let scenario = small.dir().with_file_name("remedy.toml");
    fs::write(&scenario, remedy["scenario"].as_str().expect("a scenario")).expect("a file");
    small.solve(&["--gap", "0", "--scenario", scenario.to_str().expect("a path")]).success();
    let lacking =
        format!("{},{}", need["student"].as_str().unwrap_or(""), need["subject"].as_str().unwrap_or(""));
    assert!(!unmet(small).contains(&lacking), "{remedy}\n{}", unmet(small));
    let gain = remedy["gain"].as_f64().expect("a gain");
    assert!(total(small) >= before + gain - 1e-6, "{before} + {gain} > {}: {remedy}", total(small));
}

/// The remedies of a kind; every one that is proposed is tried.
fn remedies<'n>(small: &Small, need: &'n Value, kind: &str) -> Vec<&'n Value> {
    let all = need["remedies"].as_array().expect("remedies");
    all.iter().for_each(|remedy| holds(small, need, remedy));
    all.iter().filter(|remedy| remedy["kind"] == kind).collect()
}

/// One teacher of mathematics with one block, and so many students who need it.
fn one_session(students: usize, max: u32) -> Small {
    let students: Vec<String> = (1..=students).map(|number| format!("s{number},,1")).collect();
    Small::new()
        .with("offerings.csv", &format!("offering,name,subjects,min,max\nmath,Math,wi,1,{max}\n"))
        .with("staff.csv", "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\n")
        .with("students.csv", &format!("student,name,year\n{}\n", students.join("\n")))
        .with("needs.csv", &format!("{WITHOUT_ENGLISH}all,wi,1,must\n"))
}

#[test]
fn a_full_session_needs_a_seat_or_an_hour() {
    let small = one_session(5, 4);
    let needs = explained(&small, "wi");
    let [need] = &needs[..] else { panic!("{needs:?}") };
    assert_eq!((need["reason"].as_str(), need["verdict"].as_str()), (Some("sessions-full"), Some("others")));
    // Full of whom, and with what priority.
    assert_eq!((&need["sessions"][0]["students"], &need["sessions"][0]["must"]), (&4.into(), &4.into()));
    // Meeting it as the school is takes the seat from one other.
    assert_eq!(need["as_it_is"]["loses"].as_array().map(Vec::len), Some(1));
    let seat = remedies(&small, need, "seat");
    assert_eq!(seat.len(), 1, "{need}");
    assert_eq!(seat[0]["gain"].as_f64(), Some(100.0));
    assert_eq!(remedies(&small, need, "hour").len(), 2, "one block more of Ann, or of somebody else: {need}");
}

#[test]
fn own_needs_that_collide_are_told_apart_from_others() {
    let small = Small::new()
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,ben,mon,10:00,11:00\n");
    let needs = explained(&small, "s1");
    let [need] = &needs[..] else { panic!("{needs:?}") };
    assert_eq!((need["subject"].as_str(), need["verdict"].as_str()), (Some("en"), Some("own-needs")));
    let loses = &need["as_it_is"]["loses"];
    assert_eq!((&loses[0]["student"], &loses[0]["subject"]), (&"s1".into(), &"wi".into()));
    let by_class = explained(&small, "class:");
    assert_eq!(by_class.len(), 2);
    assert!(!remedies(&small, need, "hour").is_empty(), "{need}");
}

#[test]
fn too_few_for_a_session() {
    let small = one_session(2, 4).with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,3,4\n");
    let needs = explained(&small, "s1");
    assert_eq!(needs[0]["verdict"], "impossible");
    assert_eq!((&needs[0]["too_few"]["lacking"], &needs[0]["too_few"]["min"]), (&2.into(), &3.into()));
    assert_eq!(remedies(&small, &needs[0], "smaller-session").len(), 1);
}

#[test]
fn the_budget_stands_in_the_way() {
    let small = one_session(5, 4)
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\n")
        .with("school.toml", "name = \"Poor\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 15.0\n");
    let needs = explained(&small, "all");
    let budget = remedies(&small, &needs[0], "budget");
    assert_eq!(budget.len(), 1, "{needs:?}");
}

#[test]
fn nobody_is_qualified() {
    let small = one_session(2, 4)
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,coach,wi\nben,Ben,teacher,en\n");
    let needs = explained(&small, "s2");
    assert_eq!(
        (&needs[0]["reason"], &needs[0]["verdict"]),
        (&"nobody-qualified".into(), &"impossible".into())
    );
    assert_eq!(remedies(&small, &needs[0], "qualification").len(), 1);
    assert_eq!(remedies(&small, &needs[0], "hour").len(), 1);
}

#[test]
fn a_room_is_what_is_missing() {
    let small = one_session(2, 4)
        .with("offerings.csv", "offering,name,subjects,min,max,tags\nmath,Math,wi,1,4,lab\n");
    let needs = explained(&small, "s1");
    assert_eq!((&needs[0]["reason"], &needs[0]["verdict"]), (&"no-place".into(), &"impossible".into()));
    assert_eq!(remedies(&small, &needs[0], "place").len(), 1, "{}", needs[0]);
}

#[test]
fn another_block_is_what_is_missing() {
    // Ann teaches mathematics in both blocks to as many as a session holds.
    let small = one_session(5, 2).with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\n");
    let needs = explained(&small, "all");
    let [need] = &needs[..] else { panic!("{needs:?}") };
    let remedies_of = |kind| remedies(&small, need, kind).len();
    assert_eq!((remedies_of("seat"), remedies_of("block")), (1, 1), "{need}");
}

#[test]
fn where_one_change_is_not_enough_two_are_tried() {
    // Neither a teacher nor a room for it.
    let small = one_session(2, 4)
        .with("offerings.csv", "offering,name,subjects,min,max,tags\nmath,Math,wi,1,4,lab\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,coach,wi\n");
    let needs = explained(&small, "s1");
    let two = remedies(&small, &needs[0], "two");
    assert_eq!(two.len(), 1, "{}", needs[0]);
    let text = two[0]["change"].as_str().expect("a text");
    assert!(text.contains("a further teacher") && text.contains("a further place"), "{text}");
    assert!(needs[0]["tried"]["pairs"].as_u64() > Some(0), "{}", needs[0]);
}

#[test]
fn two_small_changes_are_tried_before_somebody_new() {
    // Ann has no block left and the school no money for her; a further teacher would do as well, and is more.
    let busy = ["s5,mon,09:00,10:00", "s1,mon,10:00,11:00", "s2,mon,10:00,11:00", "s3,mon,10:00,11:00"];
    let busy: String = busy.iter().map(|row| format!("student,{row}\n")).collect();
    let small = one_session(5, 4)
        .with("school.toml", "name = \"Poor\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 10.0\n")
        .with("staff.csv", "staff,name,roles,subjects,max_blocks,cost\nann,Ann,teacher,wi,1,10\n")
        .with("busy.csv", &format!("kind,id,day,start,end\n{busy}student,s4,mon,10:00,11:00\n"));
    let needs = explained(&small, "s5");
    let two = remedies(&small, &needs[0], "two");
    let text = two[0]["change"].as_str().expect("a text");
    assert!(text.contains("one more block of ann") && text.contains("in the budget"), "{text}");
    assert_eq!(needs[0]["remedies"][0], *two[0]);
    assert!(!remedies(&small, &needs[0], "hour").is_empty());
}

#[test]
fn that_nothing_small_would_have_helped_is_told() {
    // No teacher, no room, and a session takes more than there are.
    let small = one_session(2, 4)
        .with("offerings.csv", "offering,name,subjects,min,max,tags\nmath,Math,wi,3,4,lab\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,coach,wi\n");
    let needs = explained(&small, "s1");
    assert_eq!(needs[0]["remedies"], serde_json::json!([]));
    assert_eq!(needs[0]["tried"]["cut_off"], false);
    let mut command = leerzone(&["explain"]);
    let told = command.arg(small.dir()).arg(small.out()).arg("s1").assert().success();
    told.stdout(contains("no small change was found that would have met it: "));
}

#[test]
fn what_is_met_needs_no_explanation() {
    let small = one_session(2, 4);
    assert_eq!(explained(&small, "s1"), Vec::<Value>::new());
    let mut command = leerzone(&["explain"]);
    command
        .arg(small.dir())
        .arg(small.out())
        .arg("s1")
        .assert()
        .success()
        .stdout("every need of s1 is met\n");
    for (who, code, message) in [("nobody", 2, "no student, class or subject"), ("class:9", 2, "no student")]
    {
        let mut command = leerzone(&["explain"]);
        command.arg(small.dir()).arg(small.out()).arg(who).assert().code(code).stderr(contains(message));
    }
}

#[test]
fn needs_that_nobody_asked_to_explain_are_counted() {
    let small = one_session(3, 2);
    small.solve(&["--gap", "0"]).success();
    let none = leerzone(&["explain", "--most", "0"]).arg(small.dir()).arg(small.out()).arg("all").assert();
    none.success().stdout("1 unmet need; --most 1 explains them all\n");
}

#[test]
fn contradictory_demands_are_named_and_no_others() {
    // Zed costs less than Ann and has time for one of the two pinned sessions; the budget does not pay for both.
    let small = one_session(4, 4)
        .with("staff.csv", "staff,name,roles,subjects,max_blocks,cost\nann,Ann,teacher,wi,,10\nzed,Zed,teacher,wi,1,5\nben,Ben,teacher,en,,10\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\nenglish,English,en,1,4\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,2,must\nall,en,1,should\n")
        .with("school.toml", "name = \"Poor\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 12.0\n")
        .with(
            "pins.csv",
            "kind,block,offering,staff,place,student\nsession,one,math,,,\nban,one,english,,,\nsession,two,math,,,\n",
        );
    small.solve(&[]).code(1).stderr(contains("leerzone explain"));
    let expected = "these cannot hold together; without any one of them the others can:\n  \
                    pins.csv:2: session math one\n  pins.csv:4: session math two\n  \
                    school.toml: the budget of *, 12\n";
    leerzone(&["explain"]).arg(small.dir()).assert().success().stdout(expected);
    // No engine is done before it has begun.
    let undecided = leerzone(&["explain", "--time-limit", "0.000001"]).arg(small.dir()).assert().success();
    undecided.stdout("").stderr(contains("not decided: the time ran out"));
    let small = small.with("school.toml", "name = \"Rich\"\ndays = [\"mon\"]\n");
    leerzone(&["explain"]).arg(small.dir()).assert().success().stdout(contains("no contradiction"));
}

#[test]
fn a_missed_meeting_is_told_beside_the_needs() {
    // One coach for two blocks of coaching, who is away in the second.
    let small = Small::new()
        .with(
            "school.toml",
            "name = \"Coached\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 4\nmeetings = 2\n",
        )
        .with(
            "layout.toml",
            "[[block]]\nid = \"c1\"\nstart = \"08:00\"\nend = \"08:30\"\nkind = \"coaching\"\n\
             [[block]]\nid = \"c2\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n\
             [[block]]\nid = \"one\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n",
        )
        .with("subjects.csv", "subject,name\nwi,Mathematics\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\n")
        .with("places.csv", "place,name,seats\nr1,Room 1,10\n")
        .with("staff.csv", "staff,name,roles,subjects\ncarl,Carl,coach|teacher,wi\n")
        .with("students.csv", "student,name\ns1,One\n")
        .with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,carl,mon,08:30,09:00\n");
    small.solve(&[]).success();
    let told = leerzone(&["explain"]).arg(small.dir()).arg(small.out()).arg("s1").assert().success();
    let text = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    assert!(text.contains("every need of s1 is met"), "{text}");
    assert!(text.contains("s1 lacks 1 of meetings: "), "{text}");
}

#[test]
fn only_what_is_proven_is_said_to_be_so() {
    // A full session of a small school: the engine proves that somebody must leave it.
    let small = one_session(5, 4);
    let needs = explained(&small, "wi");
    assert_eq!((&needs[0]["verdict"], &needs[0]["proven"]), (&"others".into(), &true.into()), "{needs:?}");
    let told = leerzone(&["explain"]).arg(small.dir()).arg(small.out()).assert().success();
    told.stdout(contains("proven: no schedule that meets it has a higher total"));
    // No time for a proof: what was found, or not, is told as that.
    let out = leerzone(&["explain", "--json", "--time-limit", "0.01"])
        .arg(small.dir())
        .arg(small.out())
        .output()
        .expect("explain runs");
    let document: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let need = &document["needs"][0];
    assert!(need["proven"] == true || need["verdict"] != "impossible", "{need}");
}

#[test]
fn a_way_through_several_blocks_is_found_or_disproved() {
    // Ann teaches either subject, once a day of her two; the schedule by hand wastes both of her blocks on one student.
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,1\nenglish,English,en,1,1\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi|en\n")
        .with(
            "needs.csv",
            "who,subject,sessions,priority\ns1,wi,1,must\ns1,en,1,must\ns2,wi,1,must\ns2,en,1,must\n",
        );
    for need in explained(&small, "all") {
        assert_eq!(need["proven"], true, "{need}");
        assert_ne!(need["verdict"], "not-found", "{need}");
    }
}
