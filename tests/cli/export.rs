//! `leerzone export`: files laid out as the other systems document them, read back by other code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, contents, leerzone};
use assert_cmd::assert::Assert;
use calamine::{Data, Reader, Xlsx, open_workbook};
use leerzone::exchange::dates::{Calendar, Term};
use predicates::str::contains;

/// Solved, with a student whose name is a formula and one with commas and quotes.
fn solved() -> Small {
    let small = Small::new()
        // Both students in every session: there is one best week, whatever the engine.
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,2,4\nenglish,English,en,2,4\n")
        .with("places.csv", "place,name,seats\n001,\"Room, 1\",10\nr2,Room 2,10\n")
        .with("students.csv", "student,name,class,year\ns1,=1+1,1a,1\ns2,\"Bea \"\"B\"\" Vos\",1b,1\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects\nann,Ann Smit,teacher|coach,wi\nben,Ben Mol,teacher,en\n",
        );
    small.solve(&[]).success();
    small
}

fn export(small: &Small, format: &str, to: &Path, more: &[&str]) -> Assert {
    leerzone(&["export", format]).arg(small.dir()).arg(small.out()).arg(to).args(more).assert()
}

fn exported(small: &Small, format: &str, more: &[&str]) -> PathBuf {
    let to = small.dir().join("export");
    export(small, format, &to, more).success();
    to
}

fn exported_to(small: &Small, format: &str, name: &str, more: &[&str]) -> PathBuf {
    let to = small.dir().join(name);
    export(small, format, &to, more).success();
    to
}

/// Rows of a CSV file by the titles of its header.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Fields of a file without header.
fn fields(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// Properties of every event of a calendar, unfolded.
fn events(text: &str) -> Vec<BTreeMap<String, String>> {
    assert!(text.lines().all(|line| line.len() <= 75), "a line is longer than 75 bytes");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let text = text.replace("\r\n ", "");
    let property = |line: &str| line.split_once(':').map(|(key, value)| (key.to_owned(), value.to_owned()));
    let event = |event: &str| event.lines().filter_map(property).collect();
    text.split("BEGIN:VEVENT").skip(1).map(event).collect()
}

const TERM: [&str; 4] = ["--from", "2027-03-22", "--weeks", "2"];

#[test]
fn a_calendar_of_no_weeks_is_none() {
    let term = |weeks| Term {
        from: "2027-01-11".parse().expect("a date"),
        weeks,
        holidays: Vec::new(),
        weekdays: None,
        zone: "Europe/Amsterdam".to_owned(),
    };
    let days = ["mon".to_owned(), "tue".to_owned()];
    assert!(Calendar::new(&days, &term(1)).is_ok());
    assert_eq!(Calendar::new(&days, &term(0)).expect_err("no weeks"), "0 weeks: expected 1 to 104");
}

#[test]
fn calendars_have_real_dates_over_the_change_of_the_clock() {
    let small = solved();
    let files = contents(&exported(&small, "ics", &TERM));
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "place-001.ics",
            "place-r2.ics",
            "staff-ann.ics",
            "staff-ben.ics",
            "student-s1.ics",
            "student-s2.ics"
        ]
    );
    let events = events(&files["student-s1.ics"]);
    let starts: BTreeSet<&str> = events.iter().map(|event| event["DTSTART"].as_str()).collect();
    // 9:00 and 10:00 in Amsterdam, an hour earlier in UTC in winter and two in summer.
    let expected = ["20270322T080000Z", "20270322T090000Z", "20270329T070000Z", "20270329T080000Z"];
    assert_eq!(starts, BTreeSet::from(expected));
    let summaries: BTreeSet<&str> = events.iter().map(|event| event["SUMMARY"].as_str()).collect();
    assert_eq!(summaries, BTreeSet::from(["English", "Mathematics"]));
    assert!(files["student-s1.ics"].contains("Room\\, 1") || files["student-s1.ics"].contains("Room 2"));
    assert!(!files["staff-ann.ics"].contains("Vos"), "names of students stand in a calendar of staff");
}

#[test]
fn events_keep_their_uid_when_the_week_changes() {
    let small = solved();
    let uids = |files: &BTreeMap<String, String>| -> BTreeSet<String> {
        files.values().flat_map(|text| events(text)).map(|event| event["UID"].clone()).collect()
    };
    let files = contents(&exported(&small, "ics", &TERM));
    let before = uids(&files);
    assert_eq!(before.len(), files.values().map(|text| events(text).len()).sum::<usize>());
    // The other way round: what was first comes second.
    let swapped = small.with("pins.csv", "kind,block,offering,staff,place,student\nban,one,,ann,001,\n");
    swapped.solve(&[]).success();
    let to = swapped.dir().join("export");
    export(&swapped, "ics", &to, &[&TERM[..], &["--only", "student"]].concat()).success();
    let students = |uids: &BTreeSet<String>, files: BTreeMap<String, String>| {
        let of_students: BTreeSet<String> = files
            .iter()
            .filter(|(name, _)| name.starts_with("student"))
            .flat_map(|(_, text)| events(text))
            .map(|event| event["UID"].clone())
            .collect();
        assert!(of_students.is_subset(uids), "new UIDs for the same blocks and dates");
    };
    students(&before, contents(&to));
}

#[test]
fn holidays_and_single_calendars() {
    let small = solved();
    let skip = small.dir().join("holidays.txt");
    fs::write(&skip, "from,until,name\n2027-03-29,2027-03-30,Easter\n").expect("a file");
    let mut arguments = TERM.to_vec();
    let skip_text = skip.display().to_string();
    arguments.extend(["--skip", &skip_text, "--only", "staff:ann"]);
    let files = contents(&exported(&small, "ics", &arguments));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["staff-ann.ics"]);
    assert!(events(&files["staff-ann.ics"]).iter().all(|event| event["DTSTART"].starts_with("20270322")));

    let to = small.dir().join("export");
    for (arguments, message) in [
        (vec!["--from", "2027-03-22", "--only", "staff:nobody"], "there is no such"),
        (vec!["--from", "22-3-2027"], "write it as 2027-01-11"),
        (vec!["--from", "2027-03-22", "--timezone", "Mars/Phobos"], "unknown time zone"),
        (vec!["--from", "2027-03-22", "--weekdays", "mon,tue"], "the cycle has 1 day: mon"),
    ] {
        export(&small, "ics", &to, &arguments).code(2).stderr(contains(message));
    }
    fs::write(&skip, "from,until\n2027-03-29,2027-03-01\n").expect("a file");
    export(&small, "ics", &to, &["--from", "2027-03-22", "--skip", &skip_text])
        .code(2)
        .stderr(contains(":2: `until` is 2027-03-01, before `from`"));
}

#[test]
fn a_name_cannot_end_its_calendar() {
    let name = "\"Ali\r\nEND:VCALENDAR\rBEGIN:VEVENT;,\"";
    let small = Small::new()
        .with("students.csv", &format!("student,name,year\ns1,{name},1\n"))
        .with("places.csv", &format!("place,name,seats\nr1,{name},10\nr2,{name},10\n"));
    small.solve(&[]).success();
    let files = contents(&exported(&small, "ics", &TERM));
    for (file, text) in &files {
        let lines: Vec<&str> = text.split(['\r', '\n']).collect();
        assert_eq!(lines.iter().filter(|line| **line == "END:VCALENDAR").count(), 1, "{file}");
        let count = |line: &str| lines.iter().filter(|other| **other == line).count();
        assert_eq!(count("BEGIN:VEVENT"), count("END:VEVENT"), "{file}");
    }
}

#[test]
fn days_without_weekdays_are_asked_for() {
    let small = Small::new().with("school.toml", "name = \"Small\"\ndays = [\"A\"]\n").with(
        "layout.toml",
        "[[block]]\nid = \"one\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n",
    );
    small.solve(&[]).success();
    let to = small.dir().join("export");
    export(&small, "ics", &to, &TERM).code(2).stderr(contains("--weekdays"));
    export(&small, "ics", &to, &[&TERM[..], &["--weekdays", "wed"]].concat()).success();
    let files = contents(&to);
    assert!(events(&files["student-s1.ics"]).iter().all(|event| event["DTSTART"].starts_with("20270324")
        || event["DTSTART"].starts_with("20270331")));
}

#[test]
fn the_workbook_has_a_sheet_for_each_and_no_formulas() {
    let small = solved();
    let to = small.dir().join("export.xlsx");
    export(&small, "xlsx", &to, &[]).success();
    let mut book: Xlsx<_> = open_workbook(&to).expect("a workbook");
    let people = [
        "Weeks of students",
        "Weeks of staff",
        "Weeks of places",
        "Timetable",
        "Who is where",
        "What is missing",
    ];
    let programs = ["rows_sessions", "rows_students", "rows_staff", "rows_places", "rows_unmet"];
    assert_eq!(book.sheet_names(), [&people[..], &programs].concat());
    let students = book.worksheet_range("rows_students").expect("the sheet");
    assert_eq!(students.get_value((0, 0)), Some(&Data::String("student".to_owned())));
    assert_eq!(students.get_value((1, 1)), Some(&Data::String("=1+1".to_owned())));
    assert_eq!(students.height(), 5);
    let formulas = book.worksheet_formula("rows_students").expect("the formulas");
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
    let sessions = book.worksheet_range("rows_sessions").expect("the sheet");
    assert!(matches!(sessions.get_value((1, 12)), Some(Data::Float(_))), "students are a number");

    let bytes = fs::read(&to).expect("the file");
    export(&small, "xlsx", &to, &[]).success();
    assert_eq!(fs::read(&to).expect("the file"), bytes, "equal schedules give equal files");
}

#[test]
fn a_workbook_of_a_schedule_makes_no_school() {
    let small = solved();
    let to = small.dir().join("export.xlsx");
    export(&small, "xlsx", &to, &[]).success();
    let made = small.dir().join("made");
    let imported = leerzone(&["import", "xlsx"]).arg(&to).arg(&made).assert();
    assert!(!made.join("students.csv").exists(), "{imported:?}");
}

#[test]
fn gpu_files_have_their_fields_in_place() {
    let small = solved();
    let files = contents(&exported(&small, "untis", &[]));
    let timetable = fields(&files["GPU001.TXT"]);
    // Two sessions with students of two classes each.
    assert_eq!(timetable.len(), 4);
    for row in &timetable {
        assert_eq!(row.len(), 9, "{row:?}");
        assert!(["1a", "1b"].contains(&row[1].as_str()) && ["ann", "ben"].contains(&row[2].as_str()));
        assert_eq!(row[5], "1");
        assert!(["1", "2"].contains(&row[6].as_str()));
    }
    assert!(files["GPU001.TXT"].starts_with("1,\"1a\",\""), "{}", files["GPU001.TXT"]);
    let lessons = fields(&files["GPU002.TXT"]);
    assert!(lessons.iter().all(|row| row[1] == "1" && row[4] == "1a~1b" && row[9] == "2"), "{lessons:?}");
    assert!(lessons.iter().any(|row| row[6] == "math" && row[5] == "ann"));
    // A room that looks like a number is text.
    assert!(files["GPU005.TXT"].starts_with("\"001\",\"Room, 1\",,,,,,10\r\n"), "{}", files["GPU005.TXT"]);
    let students = fields(&files["GPU010.TXT"]);
    assert_eq!((students[1][0].as_str(), students[1][9].as_str()), ("s2", "1b"));
    assert_eq!((students[1][1].as_str(), students[1][7].as_str()), ("\"B\" Vos", "Bea"));
    assert!(!files["GPU010.TXT"].contains("\"=1"), "a formula stands in the file");
    let choices = fields(&files["GPU015.TXT"]);
    assert_eq!(choices.len(), 4);
    let numbers: BTreeSet<&str> = timetable.iter().map(|row| row[0].as_str()).collect();
    assert!(choices.iter().all(|row| numbers.contains(row[1].as_str())));
}

#[test]
fn oneroster_files_refer_to_each_other() {
    let small = solved();
    let files = contents(&exported(&small, "oneroster", &TERM));
    let manifest = table(&files["manifest.csv"]);
    let bulk: BTreeSet<String> = manifest
        .iter()
        .filter(|row| row["value"] == "bulk")
        .map(|row| row["propertyName"].replacen("file.", "", 1) + ".csv")
        .collect();
    let present: BTreeSet<String> = files.keys().filter(|name| *name != "manifest.csv").cloned().collect();
    assert_eq!(bulk, present);
    let ids = |file: &str| -> BTreeSet<String> {
        table(&files[file]).iter().map(|row| row["sourcedId"].clone()).collect()
    };
    for (file, column, target) in [
        ("classes.csv", "courseSourcedId", "courses.csv"),
        ("classes.csv", "schoolSourcedId", "orgs.csv"),
        ("classes.csv", "termSourcedIds", "academicSessions.csv"),
        ("enrollments.csv", "classSourcedId", "classes.csv"),
        ("enrollments.csv", "userSourcedId", "users.csv"),
        ("users.csv", "orgSourcedIds", "orgs.csv"),
    ] {
        let targets = ids(target);
        assert!(table(&files[file]).iter().all(|row| targets.contains(&row[column])), "{file} {column}");
    }
    assert_eq!(table(&files["enrollments.csv"]).len(), ids("enrollments.csv").len());
    let header = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,\
                  familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password";
    assert_eq!(files["users.csv"].lines().next(), Some(header));
}

#[test]
fn fet_and_zermelo_have_their_columns() {
    let small = solved();
    let fet = fs::read_to_string(exported(&small, "fet", &[])).expect("the file");
    assert!(fet.starts_with(
        "\u{feff}\"Activity Id\",\"Day\",\"Hour\",\"Students Sets\",\"Subject\",\"Teachers\",\"Activity Tags\",\
         \"Room\",\"Comments\"\r\n"
    ));
    let rows = table(&fet);
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["Students Sets"] == "1a+1b" && row["Day"] == "mon"));
    let hours: BTreeSet<&str> = rows.iter().map(|row| row["Hour"].as_str()).collect();
    assert_eq!(hours, BTreeSet::from(["09:00", "10:00"]));

    let zermelo =
        fs::read_to_string(exported_to(&small, "zermelo", "appointments.csv", &TERM)).expect("the file");
    let rows = table(&zermelo);
    assert_eq!(rows.len(), 4);
    let starts: BTreeSet<i64> = rows.iter().map(|row| row["start"].parse().expect("seconds")).collect();
    // 2027-03-22 08:00:00 UTC and so on.
    assert_eq!(starts, BTreeSet::from([1_805_702_400, 1_805_706_000, 1_806_303_600, 1_806_307_200]));
    for row in &rows {
        assert_eq!((row["students"].as_str(), row["appointmentType"].as_str()), ("s1|s2", "choice"));
        assert_eq!((row["capacity"].as_str(), row["availableSpace"].as_str()), ("4", "2"));
    }
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let small = solved();
    let to = small.dir().join("mine");
    fs::create_dir(&to).expect("a folder");
    fs::write(to.join("letter.txt"), "mine").expect("a file");
    for (format, more) in [("untis", &[][..]), ("ics", &TERM[..]), ("oneroster", &TERM[..])] {
        export(&small, format, &to, more).code(2).stderr(contains("letter.txt"));
    }
    assert_eq!(contents(&to).len(), 1);
}

/// Files beside and inside the school, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    entries
        .filter(|path| path.is_file())
        .map(|path| (name(&path), fs::read(&path).expect("a file")))
        .collect()
}

/// Command lines whose file would take the place of one that is read, or lie in a schedule.
const SPOILING: &[&str] = &[
    "report school school/schedule --to school/needs.csv",
    "report school school/schedule --to link/needs.csv",
    // Not there, but read as soon as it is.
    "report school school/schedule --to school/pins.csv",
    "report school school/schedule --layout other.toml --to school/layout.toml",
    "report school school/schedule --layout other.toml --to other.toml",
    "report school school/schedule --scenario closed.toml --to school/closed.toml",
    "report school school/schedule --history week.csv --to week.csv",
    "report school school/schedule --to school/schedule/sessions.csv",
    "report school school/schedule --to link/schedule/page.html",
    "export xlsx school school/schedule school/students.csv",
    "export fet school school/schedule school/staff.csv",
    "export zermelo school school/schedule school/school.toml --from 2027-01-11",
    "export zermelo school school/schedule free.csv --from 2027-01-11 --skip free.csv",
    "export ics school school/schedule school/schedule --from 2027-01-11 --only student",
    "pseudonymise school copy --key school/needs.csv",
    "solve school --quiet --trace school/needs.csv",
    "solve school --quiet --trace school/schedule/trace.csv",
    "solve school --quiet --out new --trace new/trace.csv",
    "watch school --quiet --to school/needs.csv",
    "watch school --quiet --to school/schedule/page.html",
    "report school school/schedule --split --to school/schedule/pages",
    "report school school/schedule --split --to link/schedule/deep/pages",
    "export ics school school/schedule school/schedule/calendars --from 2027-01-11",
    "solve school --quiet --out school/schedule/other",
    "replan school school/schedule --absent ann --out school/schedule/other",
    "compare school --out school/schedule/other",
];

#[cfg(unix)]
#[test]
fn no_file_takes_the_place_of_one_that_is_read() {
    let small = solved().with("closed.toml", "[set.staff.ann]\nmax_blocks = 4\n");
    let around = small.dir().parent().expect("a folder").to_owned();
    let run = |line: &str| leerzone(&line.split(' ').collect::<Vec<_>>()).current_dir(&around).assert();
    std::os::unix::fs::symlink(small.dir(), around.join("link")).expect("a link");
    fs::copy(small.dir().join("layout.toml"), around.join("other.toml")).expect("a layout");
    fs::copy(small.out().join("unmet_needs.csv"), around.join("week.csv")).expect("a week");
    fs::write(around.join("free.csv"), "from,until\n2027-01-12,\n").expect("a file");
    let all = || [files(&around), files(&small.dir()), files(&small.out())];
    let before = all();
    for line in SPOILING {
        let told = run(line).code(2);
        let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        let help = if told.contains("lies in the schedule") { "elsewhere" } else { "would be lost: name" };
        assert!(told.contains(help), "{line}: {told}");
        assert!(all() == before, "{line} changed something");
    }
    assert!(["copy", "new"].iter().all(|made| !around.join(made).exists()));
    run("report school school/schedule --to school/page.html").success();
    run("solve school --quiet --trace school/trace.csv").success();
}
