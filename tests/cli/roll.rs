//! `--history` and `leerzone roll`: who missed out comes first next time, and a term is kept week by week.

use std::collections::BTreeSet;
use std::fs;

use crate::small::{Small, leerzone};
use predicates::str::contains;
use serde_json::Value;

/// Four students, and two seats in mathematics on each of the days.
fn school(days: &str) -> Small {
    Small::new()
        .with("school.toml", &format!("name = \"Term\"\ndays = [{days}]\n"))
        .with(
            "layout.toml",
            "[[block]]\nid = \"{day}-1\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n",
        )
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,2\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher,wi\nben,Ben,teacher,en\n")
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n")
}

fn missed(unmet: &str) -> BTreeSet<String> {
    unmet.lines().skip(1).map(|line| line.split(',').next().unwrap_or("").to_owned()).collect()
}

fn unmet(small: &Small, week: &str) -> BTreeSet<String> {
    let file = small.dir().join("weeks").join(week).join("schedule/unmet_needs.csv");
    missed(&fs::read_to_string(file).expect("unmet_needs.csv"))
}

fn roll(small: &Small, arguments: &[&str]) -> assert_cmd::assert::Assert {
    leerzone(&["roll"]).arg(small.dir()).args(arguments).args(["--gap", "0", "--quiet"]).assert()
}

#[test]
fn who_missed_out_comes_first_next_time() {
    let small = school("\"mon\"");
    small.solve(&["--gap", "0"]).success();
    let before = fs::read_to_string(small.out().join("unmet_needs.csv")).expect("unmet_needs.csv");
    let earlier = small.dir().with_file_name("last-week.csv");
    fs::write(&earlier, &before).expect("a file");
    let earlier = earlier.to_str().expect("a path");
    small.solve(&["--gap", "0", "--history", earlier]).success();
    let after = fs::read_to_string(small.out().join("unmet_needs.csv")).expect("unmet_needs.csv");
    assert_eq!(missed(&before).len(), 2);
    assert!(missed(&before).is_disjoint(&missed(&after)), "{before} {after}");
    // The total is that of a school with this history.
    let mut verify = leerzone(&["verify", "--history", earlier]);
    verify.arg(small.dir()).arg(small.out()).assert().success();
    small.solve(&["--history", "nowhere.csv"]).code(2).stderr(contains("nowhere.csv"));
}

#[test]
fn dates_of_needs_become_days() {
    let needs = "who,subject,sessions,priority,dagen,Vanaf,t/m\n\
                 s1,wi,1,must,,2026-09-01,2026-09-07\ns2,wi,1,must,mon|tue,,2026-08-31\n\
                 s3,wi,1,must,mon,2026-09-07,\ns4,wi,1,must,,,\n";
    let weeks =
        "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n[[week]]\nweek = \"37\"\nstart = \"2026-09-07\"\n";
    let small = school("\"mon\", \"tue\"").with("needs.csv", needs).with("weeks.toml", weeks);
    let check = leerzone(&["check"]).arg(small.dir()).assert().success();
    let told = String::from_utf8_lossy(&check.get_output().stderr).into_owned();
    assert!(told.contains("warning[dates-in-a-term]") && told.contains("needs.csv:2"), "{told}");
    let when = |week: &str| -> Vec<String> {
        roll(&small, &[week]).success();
        let folder = small.dir().join("weeks").join(week);
        leerzone(&["verify"])
            .arg(small.dir())
            .arg(folder.join("schedule"))
            .arg("--layout")
            .arg(folder.join("layout.toml"))
            .arg("--scenario")
            .arg(folder.join("week.toml"))
            .assert()
            .success();
        assert_eq!(unmet(&small, week), BTreeSet::new());
        let text = fs::read_to_string(folder.join("schedule/student_timetable.csv")).expect("the file");
        let days = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        days.filter(|row| row[0] != "s4").map(|row| format!("{} {}", row[0], row[2])).collect()
    };
    assert_eq!(when("36"), ["s1 tue", "s2 mon"]);
    assert_eq!(when("37"), ["s1 mon", "s3 mon"]);
}

#[test]
fn a_shorter_week_asks_for_less_presence() {
    let presence = "\n[presence]\nmin_blocks = { \"*\" = 2 }\nfill = \"none\"\n";
    let weeks = "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nholidays = [\"mon\"]\n";
    for (shrink, missing) in [("", 4 + 2), ("shrink = true\n", 2)] {
        let toml = format!("name = \"Term\"\ndays = [\"mon\", \"tue\"]\n{presence}{shrink}");
        let small = school("").with("school.toml", &toml).with("weeks.toml", weeks);
        roll(&small, &["36"]).success();
        let file = small.dir().join("weeks/36/schedule/unmet_needs.csv");
        let rows = fs::read_to_string(file).expect("unmet_needs.csv");
        let blocks = rows.lines().filter_map(|row| row.split_once(",presence,,")?.1.split(',').next());
        assert_eq!(blocks.filter_map(|blocks| blocks.parse::<u32>().ok()).sum::<u32>(), missing, "{rows}");
    }
}

#[test]
fn what_is_left_of_a_budget_is_carried_over() {
    let weeks = "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nabsent = [\"ann\"]\n\
                 [[week]]\nweek = \"37\"\nstart = \"2026-09-07\"\n\
                 [[week]]\nweek = \"38\"\nstart = \"2026-09-14\"\n";
    for (carry, missed) in [("", 2), ("carry = true\n", 0)] {
        let toml = format!(
            "name = \"Term\"\ndays = [\"mon\", \"tue\"]\n[[budget]]\nunit = \"*\"\n{carry}cost = 20.0\n"
        );
        let small = school("")
            .with("school.toml", &toml)
            .with("staff.csv", "staff,name,roles,subjects,cost\nann,Ann,teacher,wi,10\n")
            .with("packages.csv", "package,name,blocks,roles,people\nkey,Keys,1,,1\n")
            .with("weeks.toml", weeks);
        // Nothing but the package in the first week; all that is left in the second; nothing over in the third.
        for (week, missed) in [("36", 4), ("37", missed), ("38", 2)] {
            roll(&small, &[week]).success();
            assert_eq!(unmet(&small, week).len(), missed, "{carry} {week}");
            let folder = small.dir().join("weeks").join(week);
            let mut verify = leerzone(&["verify"]);
            verify
                .arg(small.dir())
                .arg(folder.join("schedule"))
                .arg("--layout")
                .arg(folder.join("layout.toml"));
            verify.arg("--scenario").arg(folder.join("week.toml")).assert().success();
        }
    }
}

#[test]
fn a_term_takes_turns() {
    let small = school("\"mon\"").with(
        "weeks.toml",
        "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n[[week]]\nweek = \"37\"\nstart = \"2026-09-07\"\n",
    );
    roll(&small, &["36"]).success();
    roll(&small, &["37"]).success();
    assert!(unmet(&small, "36").is_disjoint(&unmet(&small, "37")));
    let output = roll(&small, &["--json"]).success();
    let report: Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    let weeks = report["weeks"].as_array().expect("weeks");
    assert_eq!(weeks.iter().map(|week| week["met"][0].as_u64()).collect::<Vec<_>>(), [Some(2), Some(2)]);
    // Everybody missed one week, nobody two.
    let missing = report["missing"].as_array().expect("missing");
    assert_eq!(missing.iter().map(|one| one["weeks"].as_u64()).collect::<Vec<_>>(), [Some(1); 4]);
    roll(&small, &["37"]).code(2).stderr(contains("--again"));
    roll(&small, &["37", "--again"]).success();
    // Each week can be verified by itself.
    let week = small.dir().join("weeks/37");
    leerzone(&["verify"])
        .arg(small.dir())
        .arg(week.join("schedule"))
        .arg("--layout")
        .arg(week.join("layout.toml"))
        .arg("--scenario")
        .arg(week.join("week.toml"))
        .assert()
        .success();
}

#[test]
fn nobody_comes_on_holidays_and_the_absent_do_not_teach() {
    let small = school("\"mon\", \"tue\", \"wed\"")
        .with(
            "weeks.toml",
            "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nholidays = [\"2026-09-01\"]\n\
             absent = [\"ann:wed\"]\nclosed = [\"r1\"]\n",
        )
        .with("pins.csv", "kind,block,offering,staff,place,student\nban,tue-1,math,,,\n");
    roll(&small, &["36"]).success().stdout(contains("2 of 4"));
    let sessions =
        fs::read_to_string(small.dir().join("weeks/36/schedule/sessions.csv")).expect("sessions.csv");
    let rows: Vec<Vec<&str>> = sessions.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1, "{sessions}");
    assert_eq!((rows[0][1], rows[0][4]), ("mon-1", "r2"));
    let summary =
        fs::read_to_string(small.dir().join("weeks/36/schedule/summary.json")).expect("summary.json");
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["counts"]["blocks"], 2);
}

#[test]
fn coaches_go_on_from_the_last_week() {
    let coaches = "staff,name,roles,subjects\nann,Ann,teacher|coach,wi\nben,Ben,teacher|coach,en\n";
    let small = school("\"mon\", \"tue\"")
        .with(
            "school.toml",
            "name = \"Term\"\ndays = [\"mon\", \"tue\"]\n[coaching]\nmin = 2\nmax = 2\nmeetings = 1\n",
        )
        .with(
            "layout.toml",
            "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n",
        )
        .with("staff.csv", coaches)
        .with("students.csv", "student,name,coach\ns1,1,ann\ns2,2,ben\ns3,3,\ns4,4,\n")
        .with(
            "weeks.toml",
            "[[week]]\nweek = \"1\"\nstart = \"2026-08-31\"\n[[week]]\nweek = \"2\"\nstart = \"2026-09-07\"\n",
        );
    roll(&small, &["1"]).success();
    roll(&small, &["2"]).success().stdout(contains("4 of 4"));
}

#[test]
fn mistakes_in_the_plan_are_told() {
    let small = school("\"mon\"");
    roll(&small, &["1"]).code(2).stderr(contains("weeks.toml"));
    for (plan, message) in [
        ("[[week]]\nweek = \"1\"\nstart = \"31-08-2026\"\n", "is no date"),
        ("[[week]]\nweek = \"../1\"\nstart = \"2026-08-31\"\n", "cannot be called so"),
        ("[[week]]\nweek = \"1\"\nstart = \"2026-08-31\"\nholiday = []\n", "unknown field `holiday`"),
        ("[[week]]\nweek = \"1\"\nstart = \"2026-08-31\"\nholidays = [\"2026-10-31\"]\n", "no school day"),
        ("[[week]]\nweek = \"1\"\nstart = \"2026-08-31\"\nholidays = [\"mon\"]\n", "no school day left"),
        ("[[week]]\nweek = \"1\"\nstart = \"2026-08-31\"\nabsent = [\"nobody\"]\n", "no staff member"),
        ("[[week]]\nweek = \"2\"\nstart = \"2026-08-31\"\n", "has no week `1`"),
    ] {
        fs::write(small.dir().join("weeks.toml"), plan).expect("a file");
        let told = roll(&small, &["1"]).code(2).stderr(contains(message));
        // All but the question for a week that is not there.
        if !message.starts_with("has no week") {
            told.stderr(contains(if plan.lines().count() > 3 { "weeks.toml:4:" } else { "weeks.toml:" }));
        }
    }
    assert!(!small.dir().join("weeks").exists());
}

#[test]
fn all_weeks_are_looked_over_before_any_is_solved() {
    let small = school("\"mon\", \"tue\"").with(
        "weeks.toml",
        "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nabsent = [\"nobody\", \"ann:sun\"]\n\
         [[week]]\nweek = \"37\"\nstart = \"2026-09-08\"\nholidays = [\"sunday\"]\nclosed = [\"gym\"]\n",
    );
    let wrong = [
        "week `36`: absent nobody",
        "`sun` is no day",
        "`sunday` is no date",
        "closed gym",
        "another day than `mon`",
    ];
    let mut check = leerzone(&["check"]);
    for told in [roll(&small, &[]), check.arg(small.dir()).assert()] {
        let told = wrong.iter().fold(told.code(2), |told, text| told.stderr(contains(*text)));
        told.stderr(contains("4 errors, 1 warning"));
    }
    let output = roll(&small, &["--json"]).code(2);
    let document: Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    let problems = document["problems"].as_array().expect("a list");
    let places: Vec<_> =
        problems.iter().map(|told| (told["line"].as_u64(), told["column"].as_u64())).collect();
    let at = |line, column| (Some(line), Some(column));
    assert_eq!(places, [at(4, 11), at(4, 21), at(7, 9), at(8, 13), at(9, 11)], "{document:#}");
    // A week that starts late is odd, and no more.
    fs::write(small.dir().join("weeks.toml"), "[[week]]\nweek = \"37\"\nstart = \"2026-09-08\"\n")
        .expect("a file");
    leerzone(&["check"]).arg(small.dir()).assert().success().stderr(contains("warning[week-start]"));
    fs::write(small.dir().join("weeks.toml"), "[[week]]\nweek = 37\n").expect("a file");
    leerzone(&["check"]).arg(small.dir()).assert().code(2).stderr(contains("weeks.toml"));
}

#[test]
fn the_example_of_a_term_goes_as_its_readme_says() {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/term");
    let small = Small::new();
    for entry in fs::read_dir(example).expect("the example").map(|entry| entry.expect("an entry")) {
        if entry.path().is_file() {
            fs::copy(entry.path(), small.dir().join(entry.file_name())).expect("a copy");
        }
    }
    let groups = |week: &str| {
        let file = small.dir().join("weeks").join(week).join("schedule/coaching_groups.csv");
        fs::read_to_string(file).expect("coaching_groups.csv")
    };
    for week in ["36", "37", "38"] {
        roll(&small, &[week]).success();
    }
    let wi = |week: &str| {
        let file = small.dir().join("weeks").join(week).join("schedule/unmet_needs.csv");
        let text = fs::read_to_string(file).expect("unmet_needs.csv");
        text.lines()
            .filter(|line| line.contains(",wi,"))
            .map(|line| line[..2].to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert!(wi("36").is_disjoint(&wi("37")));
    assert_eq!((groups("37"), groups("38")), (groups("36"), groups("36")));
    let sessions =
        fs::read_to_string(small.dir().join("weeks/38/schedule/sessions.csv")).expect("sessions.csv");
    assert!(!sessions.contains("tue"), "{sessions}");
}

/// Weeks of a term of so many.
fn weeks(count: usize) -> String {
    let mondays = [
        "01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16", "02-23", "03-02", "03-09", "03-16",
        "03-23",
    ];
    let week = |(at, day): (usize, &&str)| format!("[[week]]\nweek = \"w{at}\"\nstart = \"2026-{day}\"\n");
    mondays.iter().enumerate().take(count).map(week).collect()
}

#[test]
fn turns_are_even_over_a_term_and_a_newcomer_waits_no_longer() {
    let small = school("\"mon\"").with("weeks.toml", &weeks(12));
    let mut missed: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for week in 0..12 {
        if week == 6 {
            fs::write(small.dir().join("students.csv"), "student,name\ns1,1\ns2,2\ns3,3\ns4,4\nnew,5\n")
                .expect("a file");
        }
        roll(&small, &[&format!("w{week}")]).success();
        unmet(&small, &format!("w{week}"))
            .into_iter()
            .for_each(|who| missed.entry(who).or_default().push(week));
        let counts: Vec<usize> =
            missed.iter().filter(|(who, _)| *who != "new").map(|(_, weeks)| weeks.len()).collect();
        let most = counts.iter().max().copied().unwrap_or(0);
        let least = if counts.len() < 4 { 0 } else { counts.iter().min().copied().unwrap_or(0) };
        assert!(most - least <= 1, "week {week}: {missed:?}");
    }
    let new = &missed["new"];
    assert!(!new.windows(3).any(|three| three[2] - three[0] == 2), "three weeks running: {missed:?}");
    // Ties do not fall on the same two in all weeks in which all are equal.
    let of = |who: &str| missed[who].iter().filter(|&&week| week < 6 && week % 2 == 0).count();
    assert!(["s1", "s2", "s3", "s4"].iter().any(|who| (1..3).contains(&of(who))), "{missed:?}");
}

#[test]
fn groups_of_one_coach_keep_their_members() {
    let small = Small::new()
        .with(
            "school.toml",
            "name = \"Two\"\ndays = [\"mon\", \"tue\"]\n[coaching]\nmin = 2\nmax = 3\nmeetings = 1\n",
        )
        .with(
            "layout.toml",
            "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n\
             [[block]]\nid = \"{day}-1\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n",
        )
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,2\n")
        .with("staff.csv", "staff,name,roles,subjects\nann,Ann,teacher|coach,wi\n")
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,should\n")
        .with("weeks.toml", &weeks(3));
    let members = |week: &str| {
        let file = small.dir().join("weeks").join(week).join("schedule/coaching_groups.csv");
        let mut groups: std::collections::BTreeMap<String, BTreeSet<String>> =
            std::collections::BTreeMap::new();
        for row in fs::read_to_string(file).expect("coaching_groups.csv").lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            groups.entry(cells[0].to_owned()).or_default().insert(cells[2].to_owned());
        }
        groups.into_values().collect::<BTreeSet<_>>()
    };
    for week in ["w0", "w1", "w2"] {
        // Who is out changes where everybody could sit.
        if week == "w1" {
            fs::write(
                small.dir().join("busy.csv"),
                "kind,id,day,start,end\nstudent,s1,mon,09:00,10:00\nstudent,s4,tue,09:00,10:00\n",
            )
            .expect("a file");
        }
        roll(&small, &[week]).success();
    }
    assert_eq!(members("w0"), members("w1"));
    assert_eq!(members("w1"), members("w2"));
}
