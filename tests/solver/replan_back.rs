//! `leerzone replan --back`: who is there again has what they had, and whoever is still out stays covered.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::repairs::*;
use crate::small::{Small, contents, leerzone};
use predicates::str::contains;

#[test]
fn a_repaired_week_is_repaired_again_and_undone() {
    let small = solved(coached());
    repair(&small, &["--absent", "carl:tue"]);
    let (tuesday, again) = (repaired(&small), small.dir().join("again"));
    let from_tuesday = |arguments: &[&str]| {
        let mut command = leerzone(&["replan", "--quiet", "--out"]);
        command.arg(&again).arg(small.dir()).arg(&tuesday).args(arguments).assert().success();
        leerzone(&["verify"]).arg(small.dir()).arg(&again).assert().success();
        let mut deployed: Vec<String> = rows(&again, "staff_timetable.csv")
            .iter()
            .map(|row| format!("{} {} {}", row["staff"], row["block"], row["role"]))
            .collect();
        deployed.sort();
        deployed
    };
    // Carl is still out. Gus is now, too: nobody is left to stand in.
    let both = ["carl mon-c coach", "emma mon-c coach", "emma tue-c coach"];
    assert_eq!(from_tuesday(&["--absent", "gus"]), both);
    // Carl is there again.
    let back = ["carl mon-c coach", "carl tue-c coach", "emma mon-c coach", "emma tue-c coach"];
    assert_eq!(from_tuesday(&["--back", "carl"]), back);
    let mut unknown = leerzone(&["replan", "--back", "emma"]);
    unknown.arg(small.dir()).arg(&tuesday).assert().code(2).stderr(contains("of that id is out"));
}

#[test]
fn who_is_back_gives_the_cancelled_lessons_back() {
    // Nobody else can teach Dutch, and Rob stands in for Ann.
    let small = solved(school());
    repair(&small, &["--absent", "dan", "--absent", "ann"]);
    let ill = repaired(&small);
    assert_eq!(rows(&ill, "unmet_needs.csv").iter().filter(|row| row["subject"] == "ne").count(), 3);
    let again = small.dir().join("again");
    let back = |who: &[&str]| {
        let mut command = leerzone(&["replan", "--quiet"]);
        command.args(who.iter().flat_map(|who| ["--back", who]));
        command.arg("--out").arg(&again).arg(small.dir()).arg(&ill).assert().success();
        leerzone(&["verify"]).arg(small.dir()).arg(&again).assert().success();
        week(&again)
    };
    assert_eq!(back(&["dan", "ann"]), week(&small.out()));
    // With Dan alone, Ann's lesson stays with Rob.
    let dan = back(&["dan"]);
    assert_eq!(dan.iter().filter(|row| row[3] == "dan").count(), 3, "{dan:?}");
    assert_eq!(dan.iter().filter(|row| row[3] == "rob").count(), 3, "{dan:?}");
}

#[test]
fn who_is_back_assists_again_and_rooms_and_subjects_stay() {
    // With an assistant a session holds six; without, the two who came last have no seat.
    let small = solved(
        school()
            .with("school.toml", "name = \"Help\"\ndays = [\"mon\"]\n")
            .with(
                "offerings.csv",
                "offering,name,subjects,min,max,assistants,per_assistant,per_day,qualified\nplein,Plein,wi|ne,1,4,1,2,2,any\n",
            )
            .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nhal,Hal,assistant,\n")
            .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\n")
            .with("busy.csv", "kind,id,day,start,end\n")
            .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,ne,1,must\n"),
    );
    let timetable =
        |folder: &Path| fs::read_to_string(folder.join("student_timetable.csv")).expect("a timetable");
    let before = timetable(&small.out());
    repair(&small, &["--absent", "hal:mon:one"]);
    assert_eq!(rows(&repaired(&small), "unmet_needs.csv").len(), 2);
    // Whoever is still there does what they did, in the same room.
    let left: BTreeSet<&str> = before.lines().collect();
    assert!(timetable(&repaired(&small)).lines().all(|line| left.contains(line)));
    let again = small.dir().join("again");
    let mut command = leerzone(&["replan", "--quiet", "--back", "hal", "--out"]);
    command.arg(&again).arg(small.dir()).arg(repaired(&small)).assert().success();
    leerzone(&["verify"]).arg(small.dir()).arg(&again).assert().success();
    assert_eq!(timetable(&again), before);
}

#[test]
fn an_earlier_repair_is_undone_through_a_later_one() {
    let small = solved(school());
    repair(&small, &["--absent", "dan"]);
    let (first, second, third) = (repaired(&small), small.dir().join("second"), small.dir().join("third"));
    let next = |from: &Path, to: &Path, arguments: &[&str]| {
        let mut command = leerzone(&["replan", "--quiet", "--out"]);
        command.arg(to).arg(small.dir()).arg(from).args(arguments).assert().success();
        leerzone(&["verify"]).arg(small.dir()).arg(to).assert().success();
    };
    next(&first, &second, &["--absent", "own"]);
    assert!(!week(&second).iter().any(|row| row[3] == "dan"));
    next(&second, &third, &["--back", "dan"]);
    assert_eq!(week(&third), week(&small.out()));
}

/// Ann teaches mathematics and Dan Dutch at the same time, to three students each; Rob (in reserve) and Own may teach
/// both.
fn both_at_once() -> Small {
    school()
        .with("school.toml", "name = \"Both\"\ndays = [\"mon\"]\n[reserve]\nstaff_per_block = 1\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,3\ndutch,Dutch,ne,1,3\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,likes,max_blocks\nann,Ann,teacher,wi,math,1\ndan,Dan,teacher,ne,dutch,1\n\
             rob,Rob,teacher,wi|ne,,\nown,Own,teacher,wi|ne,,\n",
        )
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\n")
        .with("needs.csv", "who,subject,sessions,priority,staff\ns1,wi,1,must,ann\ns2,wi,1,must,ann\ns3,wi,1,must,ann\ns4,ne,1,must,dan\ns5,ne,1,must,dan\ns6,ne,1,must,dan\n")
        .with("layout.toml", "[[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n")
        .with("busy.csv", "kind,id,day,start,end\n")
}

/// The leads of the sessions, by offering.
fn leads(folder: &Path) -> BTreeSet<String> {
    rows(folder, "sessions.csv").iter().map(|row| format!("{} {}", row["offering"], row["lead"])).collect()
}

#[test]
fn of_two_who_are_out_one_comes_back_though_all_is_written_over_each_other() {
    let without_reserve = both_at_once().with("school.toml", "name = \"Both\"\ndays = [\"mon\"]\n");
    let small = solved(without_reserve);
    let planned = week(&small.out());
    let out = small.out();
    for orders in [["ann", "dan"], ["dan", "ann"]] {
        for back in [["ann", "dan"], ["dan", "ann"]] {
            orders.iter().for_each(|who| repair_into(&small, &out, &out, &["--absent", who]));
            let covered: BTreeSet<[String; 4]> = week(&out);
            assert_eq!(covered.len(), 6, "{covered:?}");
            repair_into(&small, &out, &out, &["--back", back[0]]);
            let of = |who: &str, week: &BTreeSet<[String; 4]>| -> BTreeSet<[String; 4]> {
                let theirs = planned.iter().filter(|row| row[3] == who).map(|row| row[0].clone());
                let theirs: BTreeSet<String> = theirs.collect();
                week.iter().filter(|row| theirs.contains(&row[0])).cloned().collect()
            };
            // One has their session again; that of the other stays with whoever covers it.
            let now = week(&out);
            assert_eq!(of(back[0], &now), of(back[0], &planned), "{orders:?} {back:?}");
            assert_eq!(of(back[1], &now), of(back[1], &covered), "{orders:?} {back:?}");
            repair_into(&small, &out, &out, &["--back", back[1]]);
            assert_eq!(week(&out), planned, "{orders:?} {back:?}");
        }
        orders.iter().for_each(|who| repair_into(&small, &out, &out, &["--absent", who]));
        repair_into(&small, &out, &out, &["--back", "ann", "--back", "dan"]);
        assert_eq!(week(&out), planned);
    }
}

#[test]
fn who_stood_in_and_fell_out_too_does_not_keep_the_lesson() {
    // Rob stands in for Ann, then Oth, of his unit, for Rob.
    let small = solved(school());
    let (out, planned) = (small.out(), rows(&small.out(), "staff_timetable.csv"));
    repair_into(&small, &out, &out, &["--absent", "ann"]);
    assert!(leads(&out).contains("math rob"));
    repair_into(&small, &out, &out, &["--absent", "rob"]);
    assert!(leads(&out).contains("math oth"), "{:?}", leads(&out));
    repair_into(&small, &out, &out, &["--back", "ann"]);
    assert!(leads(&out).contains("math ann"), "{:?}", leads(&out));
    assert!(!rows(&out, "staff_timetable.csv").iter().any(|row| row["staff"] == "rob"));
    repair_into(&small, &out, &out, &["--back", "rob"]);
    assert_eq!(rows(&out, "staff_timetable.csv"), planned);
    assert_eq!(rows(&out, "all_changes.csv"), Vec::<Row>::new());
}

#[test]
fn a_meeting_that_was_cancelled_takes_place_again() {
    let small = solved(coached());
    let (out, planned) = (small.out(), week(&small.out()));
    ["gus", "carl:tue", "emma:tue"]
        .iter()
        .for_each(|who| repair_into(&small, &out, &out, &["--absent", who]));
    assert!(!week(&out).iter().any(|row| row[1] == "tue-c"));
    repair_into(&small, &out, &out, &["--back", "carl"]);
    assert_eq!(week(&out).iter().filter(|row| row[1] == "tue-c").count(), 3);
    repair_into(&small, &out, &out, &["--back", "emma"]);
    assert_eq!(week(&out), planned);
}

#[test]
fn what_new_data_changed_meanwhile_stays() {
    let small = solved(side_by_side());
    let new =
        copy_of(&small).with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\ns7,7\n");
    let (out, data) = (small.out(), new.dir().display().to_string());
    let planned = week(&out);
    repair_into(&small, &out, &out, &["--absent", "dan"]);
    let mut command = leerzone(&["replan", "--quiet", "--data", &data, "--out"]);
    command.arg(&out).arg(small.dir()).arg(&out).assert().success();
    leerzone(&["verify"]).arg(new.dir()).arg(&out).assert().success();
    assert!(week(&out).iter().any(|row| row[0] == "s7"));
    repair_into(&new, &out, &out, &["--back", "dan"]);
    let with_newcomer = week(&out);
    assert!(with_newcomer.is_superset(&planned), "{with_newcomer:?}");
    assert!(with_newcomer.iter().any(|row| row[0] == "s7"));
}

#[test]
fn without_a_history_nobody_is_brought_back() {
    let small = solved(school());
    let out = small.out();
    repair_into(&small, &out, &out, &["--absent", "ann"]);
    let back = |dir: &Path| {
        let mut command = leerzone(&["replan", "--quiet", "--back", "ann", "--out"]);
        command.arg(&out).arg(dir).arg(&out).assert()
    };
    // The school has another layout now.
    let other = fs::read_to_string(small.dir().join("layout.toml")).expect("the layout");
    let new = copy_of(&small).with("layout.toml", &other.replace("\"one\"", "\"first\""));
    back(&new.dir()).code(2).stderr(contains("math in one"));
    let before = contents(&out);
    fs::remove_file(out.join("all_changes.csv")).expect("the history");
    back(&small.dir()).code(2).stderr(contains("all_changes.csv"));
    // What is repaired without one has none either.
    repair_into(&small, &out, &out, &["--absent", "rob"]);
    assert!(!out.join("all_changes.csv").exists());
    assert!(before.contains_key("all_changes.csv"));
}

#[test]
// With all the time they need: how far a repair comes in the usual seconds depends on the machine.
fn in_a_whole_school_those_who_come_back_have_what_they_had() {
    let small = Small::new();
    let dir = small.dir().display().to_string();
    leerzone(&["generate", "--students", "100", "--seed", "5", "--force", &dir]).assert().success();
    small.solve(&[]).success();
    let out = small.out();
    let planned = week(&out);
    // The two who have most students on the first day.
    let mut students: BTreeMap<String, usize> = BTreeMap::new();
    let monday = |row: &&[String; 4]| row[1].starts_with("mon") && row[2] != "coaching";
    planned.iter().filter(monday).for_each(|row| *students.entry(row[3].clone()).or_default() += 1);
    let mut busiest: Vec<&String> = students.keys().collect();
    busiest.sort_by_key(|&who| std::cmp::Reverse(students[who]));
    let theirs = |who: &str, week: &BTreeSet<[String; 4]>| -> BTreeSet<[String; 4]> {
        week.iter().filter(|row| row[3] == who && row[1].starts_with("mon")).cloned().collect()
    };
    let (ann, ben) = (busiest[0], busiest[1]);
    let unmet = |folder: &Path| -> u64 {
        rows(folder, "unmet_needs.csv").iter().filter_map(|row| row["missing"].parse::<u64>().ok()).sum()
    };
    let missing = unmet(&out);
    for who in [ann, ben] {
        repair_into(&small, &out, &out, &["--absent", &format!("{who}:mon"), "--time-limit", "300"]);
    }
    let (ill, ill_missing) = (week(&out), unmet(&out));
    assert_eq!((theirs(ann, &ill).len(), theirs(ben, &ill).len()), (0, 0));
    repair_into(&small, &out, &out, &["--back", ann, "--time-limit", "300"]);
    let one = week(&out);
    let given = theirs(ann, &one);
    let had = theirs(ann, &planned);
    let sessions = |rows: &BTreeSet<[String; 4]>| -> BTreeSet<[String; 2]> {
        rows.iter().map(|row| [row[1].clone(), row[2].clone()]).collect()
    };
    assert!(sessions(&given).is_superset(&sessions(&had)), "{given:?} {had:?}");
    assert!(unmet(&out) <= ill_missing, "{} {ill_missing}", unmet(&out));
    assert_eq!(theirs(ben, &one).len(), 0);
    repair_into(&small, &out, &out, &["--back", ben, "--time-limit", "300"]);
    assert_eq!(week(&out), planned);
    assert_eq!(unmet(&out), missing);
}

#[test]
fn an_assistant_goes_back_to_the_session_that_is_too_full_without() {
    // Ann's six students need Hal; the two of Bob, beside her in the same room, do not. Ida could help as well.
    let small = solved(
        school()
            .with("school.toml", "name = \"Help\"\ndays = [\"mon\"]\n")
            .with("layout.toml", "[[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n")
            .with("places.csv", "place,name,seats,parallel\nplein,Plein,20,4\n")
            .with(
                "offerings.csv",
                "offering,name,subjects,min,max,assistants,per_assistant\nmath,Math,wi,1,4,1,2\n",
            )
            .with(
                "staff.csv",
                "staff,name,roles,subjects,likes\nann,Ann,teacher,wi,math\nbob,Bob,teacher,wi,math\nhal,Hal,assistant,,\n\
                 ida,Ida,assistant,,\n",
            )
            .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\ns7,7\ns8,8\n")
            .with("busy.csv", "kind,id,day,start,end\n")
            .with("needs.csv", "who,subject,sessions,priority,staff\ns1,wi,1,must,bob\ns2,wi,1,must,bob\ns3,wi,1,must,ann\ns4,wi,1,must,ann\ns5,wi,1,must,ann\ns6,wi,1,must,ann\ns7,wi,1,must,ann\ns8,wi,1,must,ann\n"),
    );
    let (out, planned) = (small.out(), week(&small.out()));
    let helps = rows(&out, "staff_timetable.csv");
    let helps = helps.iter().find(|row| row["role"] == "assistant").expect("an assistant")["staff"].clone();
    repair_into(&small, &out, &out, &["--absent", &helps]);
    repair_into(&small, &out, &out, &["--back", &helps]);
    assert_eq!(week(&out), planned);
    assert_eq!(rows(&out, "all_changes.csv"), Vec::<Row>::new());
}
