//! `leerzone replan` in a school whose data have changed: those whom it is about move, nobody else.

use std::collections::BTreeSet;

use crate::repairs::*;
use crate::small::{Small, leerzone};

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

/// A repaired week of the school with other files in place of these, which the referee passes.
fn repaired_with(small: &Small, files: &[(&str, &str)]) -> BTreeSet<String> {
    let new = files.iter().fold(copy_of(small), |new, (file, text)| new.with(file, text));
    let data = new.dir().display().to_string();
    let mut command = leerzone(&["replan", "--quiet", "--data", &data, "--out"]);
    command.arg(repaired(small)).arg(small.dir()).arg(small.out()).assert().success();
    leerzone(&["verify"]).arg(new.dir()).arg(repaired(small)).assert().success();
    rows(&repaired(small), "changes.csv").into_iter().map(|row| row["id"].clone()).collect()
}

#[test]
fn who_is_to_be_apart_from_now_on_is_not_left_together() {
    let small = solved(side_by_side());
    let rows = rows(&small.out(), "student_timetable.csv");
    let ann: Vec<&String> =
        rows.iter().filter(|row| row["lead"] == "ann").map(|row| &row["student"]).collect();
    let [one, two, _] = ann[..] else { panic!("three with Ann: {ann:?}") };
    let changed =
        repaired_with(&small, &[("pairs.csv", &format!("student,other,kind\n{one},{two},apart\n"))]);
    // One goes to the fourth seat beside Bob; a session has three students at least, so that somebody comes back.
    assert_eq!(changed.len(), 2, "{:?}", changes(&small));
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 6);
}

/// Ann teaches mathematics in four blocks in a row, twice to those who must and twice to those who could come.
fn four_in_a_row() -> Small {
    let hour = |at: u32| {
        format!(
            "[[block]]\nid = \"b{at}\"\ndays = [\"mon\"]\nstart = \"{at:02}:00\"\nend = \"{at:02}:50\"\nkind = \"lesson\"\n"
        )
    };
    let layout: String = [9, 10, 11, 12].map(hour).concat();
    Small::new()
        .with("layout.toml", &format!("name = \"four\"\n{layout}"))
        .with("offerings.csv", "offering,name,subjects,min,max,per_day\nmath,Math,wi,1,4,4\n")
        .with("places.csv", "place,name,site,seats\nr1,Room 1,north,4\nr2,Room 2,south,4\n")
        .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\nrob,Rob,supervisor,,\n")
        .with("students.csv", "student,name,site\ns1,1,north\ns2,2,south\n")
        .with("needs.csv", "who,subject,sessions,priority\ns1,wi,2,must\ns2,wi,2,could\n")
}

#[test]
fn a_row_that_has_become_too_long_keeps_what_is_worth_most() {
    let small = solved(four_in_a_row());
    let staff =
        "staff,name,roles,subjects,cost,max_in_a_row\nann,Ann,teacher,wi,10,2\nrob,Rob,supervisor,,,\n";
    repaired_with(&small, &[("staff.csv", staff)]);
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 2);
}

#[test]
fn whoever_may_work_on_fewer_days_keeps_what_is_worth_most() {
    let block = "[[block]]\nid = \"{day}\"\ndays = [\"mon\", \"tue\"]\nstart = \"09:00\"\nend = \"09:50\"\n";
    let layout = format!("name = \"two\"\n{block}kind = \"lesson\"\n");
    let small = solved(
        four_in_a_row()
            .with("school.toml", "name = \"Small\"\ndays = [\"mon\", \"tue\"]\n")
            .with("layout.toml", &layout)
            .with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\ns2,wi,2,could\n"),
    );
    let staff = "staff,name,roles,subjects,cost,max_days\nann,Ann,teacher,wi,10,1\nrob,Rob,supervisor,,,\n";
    repaired_with(&small, &[("staff.csv", staff)]);
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 1);
}

#[test]
fn a_way_that_has_become_longer_is_not_made_between_two_lessons() {
    let small = solved(four_in_a_row());
    let travel =
        "name = \"Small\"\ndays = [\"mon\"]\n[[travel]]\nfrom = \"north\"\nto = \"south\"\nminutes = 20\n";
    repaired_with(&small, &[("school.toml", travel)]);
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 2);
}

#[test]
fn what_is_worth_least_goes_where_the_budget_has_shrunk() {
    let small = solved(four_in_a_row());
    let budget = "name = \"Small\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"*\"\ncost = 25.0\n";
    let changed = repaired_with(&small, &[("school.toml", budget)]);
    assert_eq!(changed, set(&["ann", "s2"]), "{:?}", changes(&small));
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 2);
}

#[test]
fn who_is_to_stand_by_from_now_on_no_longer_teaches() {
    // Two teach at once; one of them is to be kept free in every block.
    let small = solved(
        four_in_a_row()
            .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nrob,Rob,teacher,wi\n")
            .with("needs.csv", "who,subject,sessions,priority\ns1,wi,4,must\ns2,wi,4,could\n"),
    );
    assert_eq!(rows(&small.out(), "sessions.csv").len(), 8);
    let reserve = "name = \"Small\"\ndays = [\"mon\"]\n[reserve]\nstaff_per_block = 1\n";
    repaired_with(&small, &[("school.toml", reserve)]);
    assert_eq!(rows(&repaired(&small), "sessions.csv").len(), 4);
    assert_eq!(summary(&repaired(&small))["needs"]["must"]["met"], 4);
}

#[test]
fn a_new_package_goes_to_somebody_whose_meetings_leave_time_for_it() {
    // Carl has six blocks, two of them meetings and two lessons; Finn has fewer, but nothing to do.
    let layout = "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n\
                  [[block]]\nid = \"{day}-1\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n";
    let staff = "staff,name,roles,subjects,max_blocks\n\
                 carl,Carl,coach|teacher,wi,6\nemma,Emma,coach,,2\nfinn,Finn,teacher,ne,3\n";
    let small = solved(
        coached()
            .with("layout.toml", layout)
            .with("needs.csv", "who,subject,sessions,priority\ns1,wi,2,must\n")
            .with("staff.csv", staff),
    );
    let package = "package,name,blocks,roles,people\nmentor,Mentoring,3,teacher,1\n";
    let changed = repaired_with(&small, &[("packages.csv", package)]);
    assert_eq!(changed, BTreeSet::new(), "{:?}", changes(&small));
    assert_eq!(rows(&repaired(&small), "package_holders.csv")[0]["staff"], "finn");
}
