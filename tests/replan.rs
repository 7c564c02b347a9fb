//! `leerzone replan`: the hole is filled by whom the guide says, and nothing else changes.

mod small;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::assert::Assert;
use predicates::str::contains;
use serde_json::Value;
use small::{Small, leerzone};

type Row = BTreeMap<String, String>;

/// Ann teaches mathematics in block one, Dan Dutch in block two. Rob (in reserve), Own (of Ann's unit) and
/// Oth could replace Ann.
fn school() -> Small {
    Small::new()
        .with("school.toml", "name = \"Ill\"\ndays = [\"mon\"]\n[reserve]\nstaff_per_block = 1\n")
        .with("subjects.csv", "subject,name\nwi,Mathematics\nne,Dutch\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\ndutch,Dutch,ne,1,4\n")
        .with("places.csv", "place,name,seats\nr1,Room 1,10\nr2,Room 2,10\nr3,Room 3,4\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,likes,unit\nrob,Rob,teacher,wi,,b\nann,Ann,teacher,wi,math,a\n\
             oth,Oth,teacher,wi,,b\nown,Own,teacher,wi,,a\ndan,Dan,teacher,ne,dutch,a\n",
        )
        .with("students.csv", "student,name\ns1,One\ns2,Two\ns3,Three\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,ne,1,should\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,dan,mon,09:00,10:00\n")
}

fn solved(small: Small) -> Small {
    small.solve(&["--gap", "0"]).success();
    small
}

fn repaired(small: &Small) -> PathBuf {
    small.dir().join("schedule-repaired")
}

fn replan(small: &Small, arguments: &[&str]) -> Assert {
    leerzone(&["replan"]).arg(small.dir()).arg(small.out()).arg("--quiet").args(arguments).assert()
}

/// Repairs, and lets the referee judge the result against the school as it stands in the folder.
fn repair(small: &Small, arguments: &[&str]) {
    replan(small, arguments).success();
    leerzone(&["verify"]).arg(small.dir()).arg(repaired(small)).assert().success();
}

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(file)).expect("a file of the schedule");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn summary(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

/// `who: was > now` of every row of `changes.csv`: for staff what and as what, for students what and with whom.
fn changes(small: &Small) -> BTreeSet<String> {
    let doing = |row: &Row, when: &str| {
        let cell = |what: &str| row[&format!("{when}{what}")].clone();
        let text = format!("{} {}{}", cell(""), cell("_role"), cell("_lead"));
        text.trim().to_owned()
    };
    let rows = rows(&repaired(small), "changes.csv");
    rows.iter()
        .map(|row| {
            let text =
                format!("{} {}: {} > {}", row["id"], row["block"], doing(row, "was"), doing(row, "now"));
            text.trim().to_owned()
        })
        .collect()
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

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

/// Ann and Bob teach mathematics side by side with three students each, of four at most; nobody else can.
fn side_by_side() -> Small {
    school()
        .with("school.toml", "name = \"Two\"\ndays = [\"mon\"]\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,3,4\ndutch,Dutch,ne,1,6\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,likes\nann,Ann,teacher,wi,math\nbob,Bob,teacher,wi,math\ndan,Dan,teacher,ne,\n",
        )
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,bob,mon,10:00,11:00\nstaff,dan,mon,09:00,10:00\n")
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

/// Two coaches with three students each.
fn coached() -> Small {
    let layout = "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n";
    school()
        .with(
            "school.toml",
            "name = \"Coached\"\ndays = [\"mon\", \"tue\"]\n[coaching]\nmin = 2\nmax = 4\nmeetings = 2\n",
        )
        .with("layout.toml", layout)
        .with(
            "staff.csv",
            "staff,name,roles,subjects\ncarl,Carl,coach,\nemma,Emma,coach,\nfinn,Finn,teacher,wi\ngus,Gus,coach,\n",
        )
        .with(
            "students.csv",
            "student,name,coach\ns1,1,carl\ns2,2,carl\ns3,3,carl\ns4,4,emma\ns5,5,emma\ns6,6,emma\n",
        )
        .with("needs.csv", "who,subject,sessions,priority\n")
        .with("busy.csv", "kind,id,day,start,end\n")
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
    unknown.arg(small.dir()).arg(&tuesday).assert().code(2).stderr(contains("is not out"));
}

/// The rows of a timetable of students without what the engine may choose among equals.
fn week(folder: &Path) -> BTreeSet<[String; 4]> {
    let rows = rows(folder, "student_timetable.csv");
    rows.iter()
        .map(|row| ["student", "block", "offering", "lead"].map(|column| row[column].clone()))
        .collect()
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
fn limits_that_have_become_tighter_are_kept() {
    // Carl coaches twice and teaches once; now he has two blocks, then one.
    let layout = "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n\
                  [[block]]\nid = \"mon-1\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n";
    let small = solved(
        coached()
            .with("layout.toml", layout)
            .with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\n")
            .with(
                "staff.csv",
                "staff,name,roles,subjects,max_blocks\ncarl,Carl,coach|teacher,wi,3\nemma,Emma,coach,,\n",
            ),
    );
    for (most, sessions) in [("3", 5), ("2", 4), ("1", 3)] {
        let set = format!("staff.carl.max_blocks={most}");
        replan(&small, &["--set", &set]).success();
        let mut verify = leerzone(&["verify", "--set", &set]);
        verify.arg(small.dir()).arg(repaired(&small)).assert().success();
        assert_eq!(rows(&repaired(&small), "sessions.csv").len(), sessions, "{most}");
    }
}

#[test]
fn new_data_moves_only_those_it_is_about() {
    let small = solved(side_by_side());
    let new = copy_of(&small);
    // A newcomer who needs mathematics, and a student who has left.
    let new = new
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\ns7,7\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\ns1,ne,1,should\ns2,ne,1,should\ns3,ne,1,should\ns4,ne,1,should\ns5,ne,1,should\n");
    let data = new.dir().display().to_string();
    let mut command = leerzone(&["replan", "--quiet", "--data", &data, "--out"]);
    command.arg(repaired(&small)).arg(small.dir()).arg(small.out()).assert().success();
    leerzone(&["verify"]).arg(new.dir()).arg(repaired(&small)).assert().success();
    let changed: BTreeSet<String> =
        rows(&repaired(&small), "changes.csv").into_iter().map(|row| row["id"].clone()).collect();
    assert_eq!(changed, set(&["s6", "s7"]), "{:?}", changes(&small));
    assert_eq!(rows(&repaired(&small), "unmet_needs.csv"), Vec::<Row>::new());
}

/// The school of another in a folder of its own, of which a test changes something.
fn copy_of(small: &Small) -> Small {
    let new = Small::new();
    for entry in fs::read_dir(small.dir()).expect("the school").map(|entry| entry.expect("an entry")) {
        if entry.path().is_file() {
            fs::copy(entry.path(), new.dir().join(entry.file_name())).expect("a copy");
        }
    }
    new
}

#[test]
fn a_new_need_that_counts_more_takes_a_full_seat() {
    // Four seats in mathematics, taken by `could`; a fifth student now needs it badly, and sits in Dutch meanwhile.
    let small = solved(
        school()
            .with("school.toml", "name = \"Full\"\ndays = [\"mon\"]\n")
            .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\ndan,Dan,teacher,ne\n")
            .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,dan,mon,10:00,11:00\n")
            .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\n")
            .with(
                "needs.csv",
                "who,subject,sessions,priority\ns1,wi,1,could\ns2,wi,1,could\ns3,wi,1,could\ns4,wi,1,could\ns5,ne,1,could\n",
            ),
    );
    let new = copy_of(&small).with(
        "needs.csv",
        "who,subject,sessions,priority\ns1,wi,1,could\ns2,wi,1,could\ns3,wi,1,could\ns4,wi,1,could\ns5,ne,1,could\ns5,wi,1,must\n",
    );
    let data = new.dir().display().to_string();
    let mut command = leerzone(&["replan", "--quiet", "--data", &data, "--out"]);
    command.arg(repaired(&small)).arg(small.dir()).arg(small.out()).assert().success();
    leerzone(&["verify"]).arg(new.dir()).arg(repaired(&small)).assert().success();
    let summary = summary(&repaired(&small));
    assert_eq!(summary["needs"]["must"]["met"], 1);
    // The newcomer and whoever made room; the three others stay.
    assert_eq!(summary["repair"]["students"], 2, "{:?}", changes(&small));
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
