//! `unmet_needs.csv`: nothing missing is left out, and the reason is the true one.

use std::fs;

use crate::small::{Small, leerzone};

/// Asserts the only row: student, subject, missing, reason; gives the detail.
fn only(rows: &[[String; 5]], expected: [&str; 4]) -> String {
    let [row] = rows else { panic!("{rows:?}") };
    assert_eq!(row[..4], expected, "{row:?}");
    row[4].clone()
}

/// The rows; a page in Dutch says nothing of them in English.
fn unmet(small: &Small) -> Vec<[String; 5]> {
    let rows = small.unmet();
    let to = small.dir().join("page.html");
    leerzone(&["report", "--lang", "nl", "--to"])
        .arg(&to)
        .arg(small.dir())
        .arg(small.out())
        .assert()
        .success();
    let page = fs::read_to_string(to).expect("the page");
    for detail in rows.iter().map(|row| &row[4]) {
        for part in detail.split("; ") {
            assert!(!page.contains(part), "in English: {part}");
        }
    }
    rows
}

const NEEDS: &str = "who,subject,sessions,priority\n";

fn needs(rows: &str) -> String {
    format!("{NEEDS}{rows}")
}

#[test]
fn nothing_offered() {
    let small = Small::new().with("needs.csv", &needs("s1,na,2,must\n"));
    only(&unmet(&small), ["s1", "na", "2", "no-offering"]);
}

#[test]
fn nobody_qualified() {
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nphysics,Physics,na,1,4\n")
        .with("needs.csv", &needs("s1,na,1,must\n"));
    let detail = only(&unmet(&small), ["s1", "na", "1", "nobody-qualified"]);
    assert!(detail.contains("none of 2 staff may lead physics"), "{detail}");
}

#[test]
fn nobody_qualified_for_what_the_need_asks_beside() {
    let small = Small::new()
        .with("needs.csv", "who,subject,sessions,priority,with\ns1,wi,1,must,en\ns2,wi,1,must,\n");
    only(&unmet(&small), ["s1", "wi", "1", "nobody-qualified"]);
}

#[test]
fn no_place_with_the_tags() {
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max,tags\nmath,Math,wi,1,4,abacus\n")
        .with("needs.csv", &needs("s1,wi,1,must\n"));
    only(&unmet(&small), ["s1", "wi", "1", "no-place"]);
}

#[test]
fn never_free() {
    let small = Small::new()
        .with("needs.csv", &needs("s1,wi,1,must\n"))
        .with("busy.csv", "kind,id,day,start,end,note\nstudent,s1,mon,,,trip\n");
    let detail = only(&unmet(&small), ["s1", "wi", "1", "never-free"]);
    assert!(detail.contains("0 of the 2 blocks"), "{detail}");
}

#[test]
fn free_less_often_than_asked() {
    let offerings = "offering,name,subjects,min,max,per_day\nmath,Math,wi,1,4,9\n";
    let small = Small::new().with("offerings.csv", offerings).with("needs.csv", &needs("s1,wi,3,must\n"));
    let detail = only(&unmet(&small), ["s1", "wi", "1", "never-free"]);
    assert!(detail.contains("attends it in 2; 3 asked"), "{detail}");
}

#[test]
fn nobody_free_to_lead_it() {
    let small = Small::new()
        .with("needs.csv", &needs("s1,wi,1,must\n"))
        .with("busy.csv", "kind,id,day,start,end,note\nstaff,ann,mon,,,part time\n");
    only(&unmet(&small), ["s1", "wi", "1", "nobody-free"]);
}

#[test]
fn too_few_students_for_a_session() {
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,3,4\n")
        .with("needs.csv", &needs("s1,wi,1,must\n"));
    only(&unmet(&small), ["s1", "wi", "1", "no-session"]);
}

#[test]
fn sessions_that_ran_after_the_test() {
    let school = "name = \"Small\"\ndays = [\"mon\", \"tue\", \"wed\"]\n";
    let layout = "name = \"three\"\n[[block]]\nid = \"{day}\"\ndays = [\"mon\", \"tue\", \"wed\"]\nstart = \"09:00\"\n\
                  end = \"10:00\"\nkind = \"lesson\"\n";
    let case = |asked: &str, others: &str| {
        Small::new()
            .with("school.toml", school)
            .with("layout.toml", layout)
            .with("students.csv", "student,name,year\ns1,Ali Bos,1\ns2,Bea Vos,1\ns3,Cas Mol,1\n")
            .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,2,4\n")
            .with(
                "needs.csv",
                &format!("who,subject,sessions,priority,days\ns1,wi,1,should,{asked}\ns2,wi,2,must,{others}\ns3,wi,2,must,{others}\n"),
            )
    };
    let detail = only(&unmet(&case("mon", "tue|wed")), ["s1", "wi", "1", "other-days"]);
    assert_eq!(detail, "all 2 sessions of it ran after the days asked for (mon)");
    let detail = only(&unmet(&case("wed", "mon|tue")), ["s1", "wi", "1", "other-days"]);
    assert_eq!(detail, "all 2 sessions of it ran before the days asked for (wed)");
    let detail = only(&unmet(&case("tue", "mon|wed")), ["s1", "wi", "1", "other-days"]);
    assert_eq!(detail, "all 2 sessions of it ran on others than the days asked for (tue)");
    // Not free on its days.
    let busy = "kind,id,day,start,end,note\nstudent,s1,mon,,,\n";
    let detail =
        only(&unmet(&case("mon", "tue|wed").with("busy.csv", busy)), ["s1", "wi", "1", "never-free"]);
    assert!(detail.contains("0 of the 1 blocks in which it may run on mon"), "{detail}");
}

#[test]
fn a_full_session() {
    let small = Small::new()
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,1\n")
        .with("staff.csv", "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\n")
        .with("needs.csv", &needs("s1,wi,1,must\ns2,wi,1,should\n"));
    let detail = only(&unmet(&small), ["s2", "wi", "1", "sessions-full"]);
    assert!(detail.contains("(1 student)"), "{detail}");
}

#[test]
fn two_needs_at_the_same_time() {
    let busy = "kind,id,day,start,end,note\nstaff,ann,mon,10:00,11:00,\nstaff,ben,mon,10:00,11:00,\n";
    let small = Small::new()
        .with("needs.csv", &needs("s1,wi,1,must\nall,en,1,should\n"))
        .with("busy.csv", busy)
        .with("pins.csv", "kind,block,offering,staff,place,student\nattend,one,math,,,s1\n");
    let detail = only(&unmet(&small), ["s1", "en", "1", "clash"]);
    assert!(detail.contains("one/english/ben (math)"), "{detail}");
}

#[test]
fn once_a_day() {
    let small = Small::new().with("needs.csv", &needs("s1,wi,2,must\ns2,wi,2,must\n"));
    let rows = unmet(&small);
    assert_eq!(rows.len(), 2, "{rows:?}");
    // Whether a second session ran at all is the search's choice.
    assert!(rows.iter().all(|row| ["per-day", "no-session"].contains(&row[3].as_str())), "{rows:?}");
}

#[test]
fn a_session_in_which_the_student_sits_already_is_no_matter_of_the_day() {
    let small = Small::new()
        .with("staff.csv", "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\n")
        .with("needs.csv", &needs("s1,wi,1,must\ns1,wi,1,could\n"));
    only(&unmet(&small), ["s1", "wi", "1", "clash"]);
}

#[test]
fn kept_apart() {
    let small = Small::new()
        .with("staff.csv", "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\n")
        .with("needs.csv", &needs("s1,wi,1,must\ns2,wi,1,should\n"))
        .with("pairs.csv", "kind,student,other\napart,s1,s2\n");
    only(&unmet(&small), ["s2", "wi", "1", "apart"]);
}

#[test]
fn banned() {
    let small = Small::new()
        .with("needs.csv", &needs("all,wi,1,must\n"))
        .with("pins.csv", "kind,block,offering,staff,place,student\nban,,math,,,s1\n");
    only(&unmet(&small), ["s1", "wi", "1", "banned"]);
}

#[test]
fn presence_meetings_and_staff_minimums_have_rows_too() {
    let school = "name = \"Small\"\ndays = [\"mon\"]\n[presence]\nmin_blocks = { \"*\" = 2 }\nfill = \"none\"\n\
                  [coaching]\nmin = 1\nmax = 4\nmeetings = 1\n";
    let layout = "name = \"two\"\n\
         [[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n\
         [[block]]\nid = \"coach\"\ndays = [\"mon\"]\nstart = \"11:00\"\nend = \"12:00\"\nkind = \"coaching\"\n";
    let small = Small::new()
        .with("school.toml", school)
        .with("layout.toml", layout)
        .with("staff.csv", "staff,name,roles,subjects,min_blocks\nann,Ann,teacher|coach,wi,3\n")
        .with("busy.csv", "kind,id,day,start,end,note\nstudent,s2,mon,11:00,12:00,dentist\n")
        .with("needs.csv", &needs("all,wi,1,must\n"));
    let rows = unmet(&small);
    let found: Vec<[&str; 4]> = rows.iter().map(|row| [0, 1, 2, 3].map(|cell| row[cell].as_str())).collect();
    let expected = [
        ["s1", "presence", "1", "never-free"],
        ["s2", "presence", "1", "never-free"],
        ["s2", "meetings", "1", "never-free"],
        ["ann", "min_blocks", "1", "never-free"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn it_serves_as_next_weeks_history() {
    let school =
        "name = \"Small\"\ndays = [\"mon\"]\n[presence]\nmin_blocks = { \"*\" = 9 }\nfill = \"none\"\n";
    let small =
        Small::new().with("school.toml", school).with("needs.csv", &needs("s1,na,2,must\ns2,wi,1,must\n"));
    assert_eq!(unmet(&small).len(), 3);
    fs::copy(small.out().join("unmet_needs.csv"), small.dir().join("history.csv")).expect("a copy");
    let check = leerzone(&["check"]).arg(small.dir()).assert().success();
    let told = String::from_utf8_lossy(&check.get_output().stderr).into_owned();
    assert!(!told.contains("history.csv"), "{told}");
    small.solve(&[]).success();
    let text = fs::read_to_string(small.out().join("summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    // Two of last week and two of this week: 4 x 3 / 2. Missing presence is no need and does not count.
    assert_eq!(summary["terms"]["fairness"]["count"], 6);
}

/// As many students, who all come to mathematics once.
fn many(students: usize) -> Small {
    let names: String = (0..students).map(|student| format!("s{student},{student},1\n")).collect();
    Small::new()
        .with("students.csv", &format!("student,name,year\n{names}"))
        .with("needs.csv", "who,subject,sessions,priority\ns1,wi,1,must\n")
}

#[test]
fn a_need_of_more_sessions_than_anybody_could_attend() {
    let small = many(100).with("needs.csv", "who,subject,sessions,priority\nall,wi,1000000,must\n");
    let rows = small.unmet();
    let missing: Vec<u64> = rows.iter().map(|row| row[2].parse().expect("a number")).collect();
    // Ann teaches four of them; who comes counts once a day.
    assert_eq!(missing.iter().sum::<u64>(), 100 * 1_000_000 - 8, "{rows:?}");
    assert!(missing.iter().all(|&missing| missing >= 999_999), "{rows:?}");
    let text = fs::read_to_string(small.out().join("summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(summary["total"], summary["bound"], "{text}");
}

#[test]
fn presence_of_many_students_that_no_week_has_blocks_for() {
    let small = many(4_300).with(
        "school.toml",
        "name = \"Long\"\ndays = [\"mon\"]\n[presence]\nmin_blocks = { \"*\" = 999999 }\nfill = \"none\"\n",
    );
    for method in ["monolith", "search"] {
        small.solve(&["--method", method, "--gap", "0"]).success();
        leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
    }
}

#[test]
fn assistants_who_bring_more_seats_than_can_be_counted() {
    let offerings =
        "offering,name,subjects,min,max,assistants,per_assistant\nmath,Math,wi,1,1,1000000,1000000\n";
    let small = many(5)
        .with("offerings.csv", offerings)
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nbob,Bob,assistant,\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n");
    for method in ["monolith", "search"] {
        small.solve(&["--method", method]).success();
        leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
        let unmet = fs::read_to_string(small.out().join("unmet_needs.csv")).expect("the file");
        assert_eq!(unmet.lines().count(), 1, "{unmet}");
    }
}
