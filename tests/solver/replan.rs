//! `leerzone replan`: the hole is filled by whom the guide says, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::repairs::*;
use crate::small::{Small, leerzone};
use predicates::str::contains;

#[test]
fn the_reserve_steps_in_and_nothing_else_changes() {
    let small = solved(school());
    repair(&small, &["--absent", "ann:mon:one"]);
    let expected = set(&[
        "ann one: math teacher >",
        "rob one: reserve > math teacher",
        "oth one:  > reserve",
        "s1 one: math ann > math rob",
        "s2 one: math ann > math rob",
        "s3 one: math ann > math rob",
    ]);
    assert_eq!(changes(&small), expected);
    let repair = &summary(&repaired(&small))["repair"];
    // Ann no longer and Rob now: two changes of five each.
    assert_eq!((repair["changes"].as_u64(), repair["cost"].as_f64()), (Some(2), Some(10.0)));
    assert_eq!((repair["students"].as_u64(), repair["staff"].as_u64()), (Some(3), Some(3)));
}

#[test]
fn then_the_own_unit_and_then_others() {
    let small = solved(school());
    for (absent, lead) in [(&["rob"][..], "own"), (&["rob", "own"], "oth")] {
        let mut arguments = vec!["--absent", "ann:mon:09:00"];
        absent.iter().for_each(|who| arguments.extend(["--absent", who]));
        repair(&small, &arguments);
        let math: Vec<Row> = rows(&repaired(&small), "sessions.csv");
        let math: Vec<&Row> = math.iter().filter(|row| row["offering"] == "math").collect();
        assert_eq!(math.len(), 1);
        assert_eq!((math[0]["lead"].as_str(), math[0]["block"].as_str()), (lead, "one"));
        let moved = changes(&small).iter().filter(|change| change.contains("dutch")).count();
        assert_eq!(moved, 0);
    }
}

#[test]
fn the_last_of_the_reserve_is_spared_if_asked() {
    let small = solved(school());
    // Otto is left, to stand by or to teach.
    let absent = ["ann", "rob", "own", "dan"].map(|who| ["--absent", who]).concat();
    repair(&small, &[&absent[..], &["--keep-reserve"]].concat());
    let unmet = rows(&repaired(&small), "unmet_needs.csv");
    assert_eq!(unmet.iter().filter(|row| row["subject"] == "wi").count(), 3);
    replan(&small, &[&absent[..], &["--keep-reserve", "--strict"]].concat()).code(3);
}

/// Ann teaches on both days; Bob and Cas could do so as well.
fn two_days(more: &str) -> Small {
    let layout = "[[block]]\nid = \"{day}-1\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n";
    school()
        .with("school.toml", "name = \"Days\"\ndays = [\"mon\", \"tue\"]\n")
        .with("layout.toml", layout)
        .with(
            "staff.csv",
            &format!("staff,name,roles,subjects,likes,cover_max\nann,Ann,teacher,wi,math,\n{more}"),
        )
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,3,4\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,2,must\n")
        .with("busy.csv", "kind,id,day,start,end\n")
}

fn leads(folder: &Path) -> Vec<String> {
    rows(folder, "sessions.csv").iter().map(|row| row["lead"].clone()).collect()
}

#[test]
fn of_equals_whoever_stepped_in_least_is_asked() {
    let small = solved(two_days("bob,Bob,teacher,wi,,\ncas,Cas,teacher,wi,,\n"));
    assert_eq!(leads(&small.out()), ["ann", "ann"]);
    repair(&small, &["--absent", "ann"]);
    assert_eq!(leads(&repaired(&small)).into_iter().collect::<BTreeSet<_>>(), set(&["bob", "cas"]));
    // One after the other as well.
    let (first, second) = (small.dir().join("first"), small.dir().join("second"));
    repair_into(&small, &small.out(), &first, &["--absent", "ann:mon"]);
    repair_into(&small, &first, &second, &["--absent", "ann:tue"]);
    assert_eq!(leads(&second).into_iter().collect::<BTreeSet<_>>(), set(&["bob", "cas"]));
}

#[test]
fn nobody_steps_in_more_often_than_agreed() {
    for (more, expected) in [
        ("bob,Bob,teacher,wi,,0\ncas,Cas,teacher,wi,,\n", &["cas", "cas"][..]),
        ("bob,Bob,teacher,wi,,0\ncas,Cas,teacher,wi,,1\n", &["cas"]),
        ("bob,Bob,teacher,wi,,0\n", &[]),
    ] {
        let small = solved(two_days(more));
        // Whoever leads by plan steps in for nobody.
        assert_eq!(leads(&small.out()), ["ann", "ann"]);
        repair(&small, &["--absent", "ann"]);
        assert_eq!(leads(&repaired(&small)), expected, "{more}");
    }
}

#[test]
fn those_who_could_step_in_are_listed_in_order() {
    let small = solved(school());
    let arguments = ["--absent", "ann:mon:one", "--list"];
    replan(&small, &arguments).success().stdout(contains(
        "mon 09:00 Math of Ann:\n  1. Rob (rob): in reserve\n  2. Own (own): of the same unit\n  3. Oth (oth): had nothing then\n",
    ));
    assert!(!repaired(&small).exists());
    let told = replan(&small, &[&arguments[..], &["--json"]].concat()).success();
    let told: serde_json::Value = serde_json::from_slice(&told.get_output().stdout).expect("JSON");
    let hole = &told["holes"][0];
    assert_eq!((hole["block"].as_str(), hole["offering"].as_str()), (Some("one"), Some("math")));
    let names: Vec<_> =
        hole["candidates"].as_array().expect("a list").iter().map(|one| &one["staff"]).collect();
    assert_eq!(names, ["rob", "own", "oth"]);
    replan(&small, &["--absent", "oth", "--list"]).success().stdout("nothing falls out\n");
    let coached = solved(coached());
    replan(&coached, &["--absent", "carl:tue", "--list"])
        .success()
        .stdout(contains("of Carl:\n  1. Gus (gus): had nothing then\n"));
    // A repair says why it asked whom it asked.
    leerzone(&["replan", "--absent", "ann:mon:one"])
        .arg(small.dir())
        .arg(small.out())
        .assert()
        .success()
        .stdout(contains("(in reserve)"));
}

#[test]
fn nobody_moves_for_someone_who_had_nothing_to_do() {
    let small = solved(school());
    repair(&small, &["--absent", "own"]);
    assert_eq!(changes(&small), BTreeSet::new());
    assert_eq!(summary(&repaired(&small))["total"], summary(&small.out())["total"]);
}

#[test]
fn a_closed_room_moves_its_session_and_nobody_else() {
    let small = solved(school());
    let before = rows(&small.out(), "sessions.csv");
    let math = before.iter().find(|row| row["offering"] == "math").expect("a session");
    let room = math["place"].clone();
    repair(&small, &["--closed", &format!("{room}:mon:one")]);
    let after = rows(&repaired(&small), "sessions.csv");
    let moved = after.iter().find(|row| row["offering"] == "math").expect("a session");
    assert_eq!((&moved["lead"], &moved["block"]), (&math["lead"], &math["block"]));
    assert_ne!(moved["place"], room);
    assert_eq!(changes(&small).len(), 4, "Ann and three students");
    assert_eq!(summary(&repaired(&small))["repair"]["changes"], 0);
}

#[test]
fn without_anybody_to_step_in_students_join_another_session() {
    let small = solved(side_by_side());
    let with = |folder: &Path, lead: &str| -> BTreeSet<String> {
        let rows = rows(folder, "student_timetable.csv");
        rows.iter().filter(|row| row["lead"] == lead).map(|row| row["student"].clone()).collect()
    };
    let before = with(&small.out(), "bob");
    assert_eq!(before.len(), 3);
    repair(&small, &["--absent", "ann"]);
    let after = with(&repaired(&small), "bob");
    assert!(after.is_superset(&before), "{before:?} {after:?}");
    assert_eq!(after.len(), 4);
    // Ann, and the two students for whom there is no seat.
    assert_eq!(summary(&repaired(&small))["repair"]["changes"], 3);
    assert_eq!(with(&repaired(&small), "dan").len(), 6);
}

#[test]
fn a_stand_in_takes_the_coachs_meeting_and_the_group_stays() {
    let small = solved(coached());
    repair(&small, &["--absent", "carl:tue"]);
    let groups = |folder: &Path| fs::read_to_string(folder.join("coaching_groups.csv")).expect("groups");
    assert_eq!(groups(&repaired(&small)), groups(&small.out()));
    let staff = rows(&repaired(&small), "staff_timetable.csv");
    let cover: Vec<&Row> = staff.iter().filter(|row| row["role"] == "cover").collect();
    assert_eq!(cover.len(), 1);
    assert_eq!((cover[0]["staff"].as_str(), cover[0]["block"].as_str()), ("gus", "tue-c"));
    let expected = set(&[
        "carl tue-c: coaching coach >",
        "gus tue-c:  > coaching cover",
        "s1 tue-c: coaching carl > coaching gus",
        "s2 tue-c: coaching carl > coaching gus",
        "s3 tue-c: coaching carl > coaching gus",
    ]);
    assert_eq!(changes(&small), expected);
    // Only a repaired week may have stand-ins.
    fs::remove_file(repaired(&small).join("changes.csv")).expect("the changes");
    leerzone(&["verify"]).arg(small.dir()).arg(repaired(&small)).assert().code(4);
}

#[test]
fn the_example_of_an_illness_is_repaired_as_its_readme_says() {
    let school = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/illness");
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("monday");
    leerzone(&["solve", "--quiet", "--gap", "0", "--out"]).arg(&out).arg(&school).assert().success();
    leerzone(&["replan", "--absent", "ann"])
        .arg(&school)
        .arg(&out)
        .assert()
        .success()
        .stdout(contains("must 3 of 3, should 3 of 3"));
    let repaired = folder.path().join("monday-repaired");
    leerzone(&["verify"]).arg(&school).arg(&repaired).assert().success();
    let leads: BTreeMap<String, String> = rows(&repaired, "sessions.csv")
        .into_iter()
        .map(|row| (row["offering"].clone(), row["lead"].clone()))
        .collect();
    let expected = [("coaching", "oth"), ("math", "rob"), ("dutch", "dan")];
    assert_eq!(leads, expected.map(|(what, who)| (what.to_owned(), who.to_owned())).into());
}

#[test]
fn a_later_repair_leaves_the_days_before_it_alone() {
    let small = solved(school());
    repair(&small, &["--absent", "ann", "--absent", "own", "--absent", "oth"]);
    let (first, second) = (repaired(&small), small.dir().join("second"));
    // A room in which nothing is, whichever the engine has chosen.
    let taken: Vec<String> = rows(&first, "sessions.csv").iter().map(|row| row["place"].clone()).collect();
    let empty = ["r3", "r2", "r1"].into_iter().find(|room| !taken.iter().any(|place| place == room));
    let mut command = leerzone(&["replan", "--quiet", "--closed", empty.expect("an empty room"), "--out"]);
    command.arg(&second).arg(small.dir()).arg(&first).assert().success();
    leerzone(&["verify"]).arg(small.dir()).arg(&second).assert().success();
    let sessions = |folder: &Path| fs::read_to_string(folder.join("sessions.csv")).expect("sessions.csv");
    assert_eq!(sessions(&second), sessions(&first));
}

#[test]
fn a_pin_that_nobody_is_left_for_does_not_stop_a_repair() {
    let pins = "kind,block,offering,staff,place,student\nattend,two,dutch,,,s1\nsession,one,math,ann,,\n";
    let small = solved(school().with("pins.csv", pins));
    repair(&small, &["--absent", "dan", "--absent", "ann"]);
    let sessions = rows(&repaired(&small), "sessions.csv");
    assert_eq!(sessions.iter().map(|row| row["lead"].as_str()).collect::<Vec<_>>(), ["rob"]);
}

#[test]
fn a_change_is_made_only_if_it_is_worth_its_weight() {
    // Bob can teach in block two as well, where the students sit in Dutch; a `must` is worth the move.
    let small = solved(school().with(
        "staff.csv",
        "staff,name,roles,subjects,likes\nann,Ann,teacher,wi,math\nbob,Bob,teacher,wi,\ndan,Dan,teacher,ne,dutch\n",
    ).with("school.toml", "name = \"Weight\"\ndays = [\"mon\"]\n").with(
        "busy.csv",
        "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,dan,mon,09:00,10:00\nstaff,bob,mon,09:00,10:00\n",
    ).with("needs.csv", "who,subject,sessions,priority,staff\nall,wi,1,must,ann\ns1,ne,1,should,\n"));
    let taught = |arguments: &[&str]| {
        repair(&small, &[&["--absent", "ann"][..], arguments].concat());
        rows(&repaired(&small), "sessions.csv").iter().filter(|row| row["lead"] == "bob").count()
    };
    assert_eq!(taught(&[]), 1);
    assert_eq!(taught(&["--change-weight", "1000"]), 0);
}

#[test]
fn wrong_requests_are_told() {
    let small = solved(school());
    for (arguments, message) in [
        (&[][..], "nothing to repair"),
        (&["--absent", "nobody"], "no staff member has this id"),
        (&["--absent", "s1"], "this is a student"),
        (&["--absent", "ann:fri"], "no day (mon)"),
        (&["--closed", "r9"], "no place has this id"),
        (&["--change-weight=-1", "--absent", "ann"], "expected 0 or more"),
    ] {
        replan(&small, arguments).code(2).stderr(contains(message));
    }
    assert!(!repaired(&small).exists());
    let missing = small.dir().join("nowhere");
    leerzone(&["replan", "--absent", "ann"]).arg(small.dir()).arg(missing).assert().code(2);
}

#[test]
fn a_pin_is_kept_in_place_of_something_at_another_time() {
    let staff = "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,\ncat,Cat,teacher,wi|en,1\n";
    let students = "student,name\ns1,One\ns2,Two\ns3,Three\ns4,Four\n";
    let offerings = "offering,name,subjects,min,max\nmath,Math,wi,1,4\nenglish,English,en,2,4\n";
    let needs = "who,subject,sessions,priority\nstudent:s1,wi,1,could\nall,en,1,must\n";
    let pins = "kind,block,offering,staff,place,student\nattend,two,math,,,s1\n";
    let small = Small::new()
        .with("staff.csv", staff)
        .with("students.csv", students)
        .with("offerings.csv", offerings)
        .with("needs.csv", needs)
        .with("pins.csv", pins);
    let small = solved(small);
    repair(&small, &["--absent", "ann"]);
    let sessions = rows(&repaired(&small), "sessions.csv");
    let held: Vec<_> =
        sessions.iter().map(|row| (row["session"].as_str(), row["students"].as_str())).collect();
    assert_eq!(held, [("two/math/cat", "1")]);
}
