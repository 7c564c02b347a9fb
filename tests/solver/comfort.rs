//! Among schedules of equal total the more comfortable one is written, and the referee counts how comfortable it is.

use std::fs;

use crate::small::{Small, leerzone};
use serde_json::Value;

/// Solves, verifies, and gives what `summary.json` says under `comfort`.
fn comfort(school: &Small, arguments: &[&str]) -> Value {
    school.solve(arguments).success();
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
    let text = fs::read(school.out().join("summary.json")).expect("a summary");
    let summary: Value = serde_json::from_slice(&text).expect("JSON");
    summary["comfort"].clone()
}

fn students(count: usize) -> String {
    let rows: String = (0..count).map(|i| format!("s{i:02},Student {i}\n")).collect();
    format!("student,name\n{rows}")
}

fn sizes(school: &Small) -> Vec<u32> {
    let mut reader = csv::Reader::from_path(school.out().join("sessions.csv")).expect("the file");
    let mut sizes: Vec<u32> = reader.records().map(|row| row.expect("a row")[7].parse().unwrap()).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn one_session_holds_those_who_fit_into_one() {
    for method in ["auto", "search"] {
        let school = Small::new()
            .with("subjects.csv", "subject,name\nwi,Mathematics\n")
            .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,10\n")
            .with(
                "staff.csv",
                "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,50\nben,Ben,teacher,wi,50\ncas,Cas,teacher,wi,50\n",
            )
            .with("students.csv", &students(10))
            .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n");
        let comfort = comfort(&school, &["--method", method]);
        assert_eq!(
            (comfort["staff_blocks"].as_u64(), comfort["cost"].as_f64()),
            (Some(1), Some(50.0)),
            "{method}"
        );
        assert_eq!(sizes(&school), [10], "{method}");
    }
}

#[test]
fn parallel_sessions_have_even_sizes() {
    let school = Small::new()
        .with("subjects.csv", "subject,name\nwi,Mathematics\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,17\n")
        .with("places.csv", "place,name,seats\nr1,Room 1,20\nr2,Room 2,20\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,wi,1\n",
        )
        .with("busy.csv", "kind,id,day,start,end\nplace,r1,mon,10:00,11:00\nplace,r2,mon,10:00,11:00\n")
        .with("students.csv", &students(20))
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n");
    for method in ["auto", "search"] {
        assert_eq!(comfort(&school, &["--method", method])["uneven"], 0, "{method}");
        assert_eq!(sizes(&school), [10, 10], "{method}");
    }
}

#[test]
fn a_group_meets_in_one_room_all_week() {
    let days = "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]";
    let staff: String = (0..4).map(|i| format!("c{i},Coach {i},coach,\n")).collect();
    let rooms: String = (1..5).map(|i| format!("r{i},Room {i},{}\n", 9 + i)).collect();
    // Two rooms are closed on one day each: one of them is enough, and its group moves once.
    let school = Small::new()
        .with("school.toml", &format!("name = \"Coached\"\n{days}\n[coaching]\nmin = 6\nmax = 10\nmeetings = 5\n"))
        .with(
            "layout.toml",
            &format!(
                "name = \"days\"\n[[block]]\nid = \"{{day}}-c\"\n{days}\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n"
            ),
        )
        .with("places.csv", &format!("place,name,seats\n{rooms}r5,Room 5,10\n"))
        .with("busy.csv", "kind,id,day,start,end\nplace,r1,tue,,\nplace,r2,thu,,\n")
        .with("staff.csv", &format!("staff,name,roles,subjects\n{staff}"))
        .with("students.csv", &students(40))
        .with("needs.csv", "who,subject,sessions,priority\n");
    for method in ["auto", "search"] {
        let comfort = comfort(&school, &["--method", method]);
        assert_eq!(comfort["group_rooms"], 1, "{method}: {comfort}");
    }
}

#[test]
fn between_two_sessions_no_block_is_idle() {
    let block = |id: &str, start: u32| {
        format!(
            "[[block]]\nid = \"{id}\"\ndays = [\"mon\"]\nstart = \"{start:02}:00\"\nend = \"{:02}:00\"\nkind = \"lesson\"\n",
            start + 1
        )
    };
    let school = Small::new()
        .with("layout.toml", &format!("name = \"three\"\n{}{}{}", block("a", 9), block("b", 10), block("c", 11)))
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nben,Ben,teacher,en\n")
        .with("students.csv", &students(3))
        .with(
            "pins.csv",
            "kind,block,offering,student\nsession,a,math,\nsession,b,english,\nsession,c,english,\nattend,a,math,s00\n\
             attend,b,english,s01\nattend,c,english,s02\n",
        )
        .with("needs.csv", "who,subject,sessions,priority\ns00,wi,1,must\nall,en,1,should\n");
    for method in ["auto", "search"] {
        assert_eq!(comfort(&school, &["--method", method])["idle_blocks"], 0, "{method}");
    }
}

#[test]
fn what_is_stated_is_counted_again() {
    let school = Small::new();
    comfort(&school, &[]);
    let path = school.out().join("summary.json");
    let mut summary: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    summary["comfort"]["staff_blocks"] = 7.into();
    fs::write(&path, summary.to_string()).unwrap();
    let told = leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().code(4);
    told.stdout(predicates::str::contains("states 7 as `staff_blocks`"));
}
