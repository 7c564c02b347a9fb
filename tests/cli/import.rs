//! `leerzone import`: other systems' files as they document them, into files that `check` accepts; nothing made
//! by hand is lost.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, leerzone};
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a source in it and the folder of a school to be.
pub struct Place(TempDir);

impl Place {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(TempDir::new().expect("a temporary folder"));
        fs::create_dir(place.source()).expect("a folder");
        for (name, text) in files {
            fs::write(place.source().join(name), text).expect("a file");
        }
        place
    }

    pub fn source(&self) -> PathBuf {
        self.0.path().join("source")
    }

    pub fn dir(&self) -> PathBuf {
        self.0.path().join("school")
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.dir().join(file)).expect("an imported file")
    }
}

pub fn import(format: &str, source: &Path, dir: &Path, more: &[&str]) -> Assert {
    leerzone(&["import", format]).arg(source).arg(dir).args(more).assert()
}

const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,\
familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n\
u1,,,true,o,student,amina,,Amina,Bos,,100,,,,,09,\n\
u2,,,true,o,student,bram,,Bram,\"de Vries, jr\",,101,,,,,09,\n\
u3,,,true,o,teacher,ann,,Ann,Smit,,200,,,,,,\n\
u4,,,true,o,guardian,mum,,Mum,Bos,,300,,,,,,\n\
u5,tobedeleted,,true,o,student,gone,,Gone,Away,,102,,,,,09,\n\
u6,,,true,o,aide,dina,,Dina,Kok,,201,,,,,,\n";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,\
schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n\
c1,,,1a,,,,homeroom,,o,t,,,\n\
c2,,,wi1,,k1,,scheduled,,o,t,Wiskunde,wi,\n\
c3,,,ne1,,k2,,scheduled,,o,t,,,\n\
c4,,,odd,,,,scheduled,,o,t,,,\n";
const COURSES: &str = "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,\
subjects,subjectCodes\nk2,,,,Nederlands,ne,,o,,\n";
const ENROLLMENTS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,\
primary,beginDate,endDate\n\
e1,,,c1,o,u1,student,,,\ne2,,,c1,o,u2,student,,,\ne3,,,c1,o,u3,teacher,true,,\ne4,,,c2,o,u3,teacher,true,,\n\
e5,,,c3,o,u1,student,,,\ne6,,,c2,o,u9,student,,,\n";

fn oneroster() -> Place {
    Place::new(&[
        ("users.csv", USERS),
        ("classes.csv", CLASSES),
        ("courses.csv", COURSES),
        ("enrollments.csv", ENROLLMENTS),
    ])
}

#[test]
fn oneroster_gives_students_staff_subjects_and_needs() {
    let place = oneroster();
    import("oneroster", &place.source(), &place.dir(), &["--needs", "should"])
        .success()
        .stderr(contains("users.csv:5: the user has the role `guardian`"))
        .stderr(contains("classes.csv:5: class `odd` names no subject"))
        .stderr(contains("enrollments.csv:7: `u9`"));
    assert_eq!(
        place.read("students.csv"),
        "student,name,class,year,coach\nu1,Amina Bos,1a,09,u3\nu2,\"Bram de Vries, jr\",1a,09,u3\n"
    );
    assert_eq!(
        place.read("staff.csv"),
        "staff,name,roles,subjects\nu3,Ann Smit,teacher|coach,wi\nu6,Dina Kok,assistant,\n"
    );
    assert_eq!(place.read("subjects.csv"), "subject,name\nwi,Wiskunde\nne,Nederlands\n");
    assert_eq!(place.read("needs.csv"), "who,subject,sessions,priority\nu1,ne,1,should\n");
}

#[test]
fn what_is_exported_as_a_zip_file_can_be_imported() {
    let small = Small::new();
    small.solve(&[]).success();
    let zip = small.dir().join("roster.zip");
    let export = |to: &Path| {
        let mut command = leerzone(&["export", "oneroster"]);
        command.arg(small.dir()).arg(small.out()).arg(to).args(["--from", "2027-01-11"]).assert().success();
    };
    export(&zip);
    let bytes = fs::read(&zip).expect("the zip file");
    assert!(bytes.starts_with(b"PK"));
    export(&zip);
    assert_eq!(fs::read(&zip).expect("the zip file"), bytes, "equal schedules give equal files");
    let place = Place::new(&[]);
    import("oneroster", &zip, &place.dir(), &["--needs", "must"]).success();
    assert_eq!(place.read("students.csv"), "student,name,class,year,coach\ns1,Ali Bos,,1,\ns2,Bea Vos,,1,\n");
    assert_eq!(
        place.read("staff.csv"),
        "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\n"
    );
    assert_eq!(place.read("needs.csv").lines().count(), 5);
    fs::write(&zip, "no zip").expect("a file");
    import("oneroster", &zip, &place.dir(), &[]).code(2).stderr(contains("cannot read"));
}

#[test]
fn oneroster_1_2_keeps_roles_apart_and_ids_can_be_user_names() {
    let users = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,\
                 identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,\
                 resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,\
                 primaryOrgSourcedId,pronouns\n\
                 u1,,,true,amina,,Amina,Bos,,,,,,,09,,,,,,,o,\n";
    let roles = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,\
                 userProfileSourcedId\nr1,,,u1,primary,student,,,o,\n";
    let place = Place::new(&[("users.csv", users), ("roles.csv", roles)]);
    import("oneroster", &place.source(), &place.dir(), &["--id", "username"]).success();
    assert_eq!(place.read("students.csv"), "student,name,class,year,coach\namina,Amina Bos,,09,\n");
}

#[test]
fn a_file_made_by_hand_is_only_replaced_if_forced() {
    let place = oneroster();
    let again = |more: &[&str]| import("oneroster", &place.source(), &place.dir(), more);
    again(&[]).success();
    // What an import wrote, the next may overwrite.
    fs::write(place.source().join("users.csv"), USERS.replace("Amina,Bos", "Amina,Kaya")).expect("a file");
    again(&[]).success();
    assert!(place.read("students.csv").contains("Amina Kaya"));

    let by_hand = "student;name;class;unit\nu1;Amina by hand;1a;eik\n";
    fs::write(place.dir().join("students.csv"), by_hand).expect("a file");
    fs::write(place.source().join("users.csv"), USERS).expect("a file");
    again(&[]).code(2).stderr(contains("students.csv").and(contains("--force")));
    assert_eq!(place.read("students.csv"), by_hand);

    again(&["--add"]).success();
    assert_eq!(
        place.read("students.csv"),
        "student;name;class;unit;year;coach\nu1;Amina by hand;1a;eik;;\nu2;Bram de Vries, jr;1a;;09;u3\n"
    );
    again(&["--add"]).success();
    assert_eq!(place.read("students.csv").lines().count(), 3, "rows are added once");

    again(&["--force"]).success().stdout(contains("students.csv.bak"));
    assert!(place.read("students.csv").contains("Amina Bos"));
    assert!(place.read("students.csv.bak").contains("Amina by hand"));
}

#[test]
fn untis_gives_master_data_choices_and_busy_times() {
    let place = Place::new(&[
        (
            "GPU001.TXT",
            "1,\"1A\",\"VOL\",\"D\",\"102\",1,1,,\n2,\"1A~1B\",\"RKR\",\"M\",\"101\",2,2,,\n3,\"1A\",\"VOL\",\"D\",\"102\",7,1,,\n4,\"1A\",\"VOL\",\"D\",\"102\",1,9,,\n",
        ),
        ("gpu004.txt", "\"VOL\";\"Vollmer\"\n\"RKR\";\"Kramer\"\n"),
        ("GPU005.TXT", "\"102\",\"Raum 102\",,,,,,28\n\"101\",,,,,,,\n"),
        ("GPU006.TXT", "\"D\",\"Deutsch\"\n\"M\",\"Mathe\"\n\"M2\",\"Mathe 2\"\n"),
        ("GPU008.TXT", "\"VOL\",\"D\",5,10\n\"RKR\",\"M*\",5,10\n"),
        (
            "GPU010.TXT",
            "\"s1\",\"Bos\",,,,,,\"Amina\",\"100\",\"1A\",,,,,\n\"s2\",\"Vos\",,,,,,\"Bram\",\"101\",\"1B\",,,,,\n",
        ),
        ("GPU015.TXT", "\"s1\",4,\"D\",,\"1A\",,\"100\",,,,\"M~M2\",,\n"),
        ("periods.csv", "period,start,end\n1,08:30,09:20\n2,09:20,10:10\n"),
    ]);
    import("untis", &place.source(), &place.dir(), &["--priority", "must"])
        .success()
        .stderr(contains("GPU001.TXT:3: day `7`"))
        .stderr(contains("GPU001.TXT:4: the times of period `9`"))
        .stderr(contains("30 seats were filled in: 101"));
    assert_eq!(place.read("subjects.csv"), "subject,name\nD,Deutsch\nM,Mathe\nM2,Mathe 2\n");
    assert_eq!(
        place.read("staff.csv"),
        "staff,name,roles,subjects\nVOL,Vollmer,teacher,D\nRKR,Kramer,teacher,M|M2\n"
    );
    assert_eq!(place.read("places.csv"), "place,name,seats\n102,Raum 102,28\n101,101,30\n");
    assert_eq!(place.read("students.csv"), "student,name,class,year\ns1,Amina Bos,1A,1\ns2,Bram Vos,1B,1\n");
    assert_eq!(place.read("needs.csv"), "who,subject,sessions,priority\ns1,D|M|M2,1,must\n");
    let busy = place.read("busy.csv");
    for row in [
        "class,1A,mon,08:30,09:20,untis",
        "staff,VOL,mon,08:30,09:20,untis",
        "place,102,mon,08:30,09:20,untis",
        "class,1B,tue,09:20,10:10,untis",
    ] {
        assert!(busy.lines().any(|line| line == row), "no {row} in {busy}");
    }
    fs::remove_file(place.source().join("periods.csv")).expect("removed");
    import("untis", &place.source(), &place.dir(), &[]).code(2).stderr(contains("--periods"));
}

#[test]
fn a_workbook_with_a_sheet_for_each_file_becomes_the_school() {
    let place = Place::new(&[]);
    let mut book = Workbook::new();
    let sheets: [(&str, &[&[&str]]); 3] = [
        (
            "Students",
            &[&["student", "name", "year"], &["s1", "Ali", "1"], &["", "", ""], &["s2", "Bea", "1"]],
        ),
        ("busy", &[&["kind", "id", "day", "start", "end"], &["student", "s1", "mon", "8:30", "9:00"]]),
        ("Notes", &[&["anything"], &["at all"]]),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (at, row) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*row) {
                // As spreadsheets do: what looks like a number is one.
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(at, column, number),
                    Err(_) => sheet.write_string(at, column, *cell),
                }
                .expect("a cell");
            }
        }
    }
    let source = place.source().join("school.xlsx");
    book.save(&source).expect("a workbook");
    import("xlsx", &source, &place.dir(), &[])
        .success()
        .stderr(contains("Notes: no input file is called so"));
    assert_eq!(place.read("students.csv"), "student,name,year\ns1,Ali,1\ns2,Bea,1\n");
    assert_eq!(place.read("busy.csv"), "kind,id,day,start,end\nstudent,s1,mon,8:30,9:00\n");
}

/// An event of a calendar.
fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n{}\r\nEND:VEVENT\r\n", lines.replace('\n', "\r\n"))
}

pub fn calendar(events: &[&str]) -> String {
    let events: String = events.iter().map(|lines| event(lines)).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n")
}

#[test]
fn a_calendar_becomes_busy_times_of_one_round_of_the_week() {
    let text = calendar(&[
        "UID:1\nSUMMARY:Dentist\nDTSTART;TZID=Europe/Amsterdam:20270112T103000\nDTEND;TZID=Europe/Amsterdam:20270112T113000",
        "UID:2\nSUMMARY:In UTC\nDTSTART:20270113T080000Z\nDURATION:PT45M",
        "UID:3\nSUMMARY:Weekly\nDTSTART:20260907T140000\nDTEND:20260907T150000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH\nEXDATE:20270114T140000",
        "UID:4\nSUMMARY:Course\nDTSTART;VALUE=DATE:20270115\nDTEND;VALUE=DATE:20270116",
        "UID:5\nSUMMARY:Next week\nDTSTART:20270119T090000\nDTEND:20270119T100000",
        "UID:6\nSUMMARY:Free\nTRANSP:TRANSPARENT\nDTSTART:20270112T080000\nDTEND:20270112T090000",
        "UID:7\nSUMMARY:Monthly\nDTSTART:20261112T080000\nDTEND:20261112T090000\nRRULE:FREQ=MONTHLY",
        "UID:8\nSUMMARY:Past\nDTSTART:20260907T160000\nDTEND:20260907T170000\nRRULE:FREQ=WEEKLY;COUNT=3",
    ]);
    let place = Place::new(&[("ann.ics", &text)]);
    let source = place.source().join("ann.ics");
    let options = ["--who", "staff:ann", "--from", "2027-01-11"];
    import("ics", &source, &place.dir(), &options).success().stderr("");
    let expected = "kind,id,day,start,end,note\n\
                    staff,ann,mon,14:00,15:00,calendar\n\
                    staff,ann,tue,08:00,09:00,calendar\n\
                    staff,ann,tue,10:30,11:30,calendar\n\
                    staff,ann,wed,09:00,09:45,calendar\n\
                    staff,ann,fri,,,calendar\n";
    assert_eq!(place.read("busy.csv"), expected);

    // Another's calendar is added, the same one's replaced.
    let other = place.source().join("ben.ics");
    fs::write(&other, calendar(&["UID:1\nDTSTART:20270111T090000\nDTEND:20270111T093000"])).expect("a file");
    import("ics", &other, &place.dir(), &["--who", "staff:ben", "--from", "2027-01-11"]).success();
    import("ics", &other, &place.dir(), &options).success();
    let expected = "kind,id,day,start,end,note\n\
                    staff,ben,mon,09:00,09:30,calendar\n\
                    staff,ann,mon,09:00,09:30,calendar\n";
    assert_eq!(place.read("busy.csv"), expected);
    fs::write(place.dir().join("staff.csv"), "staff,name\nann,Ann\n").expect("a file");
    let unknown = ["--who", "staff:anm", "--from", "2027-01-11"];
    import("ics", &other, &place.dir(), &unknown)
        .code(2)
        .stderr(contains("staff.csv has no staff `anm`; did you mean `ann`?"));
    let nobody = ["--who", "ann", "--from", "2027-01-11"];
    import("ics", &other, &place.dir(), &nobody).code(2).stderr(contains("such as staff:anja"));
    import("ics", &place.source().join("none.ics"), &place.dir(), &options).code(2);
}

/// The rows that one event alone makes in the week of 11 January 2027, without `staff,ann`, and what is told.
fn busy(lines: &str) -> (Vec<String>, String) {
    let place = Place::new(&[("ann.ics", &calendar(&[lines]))]);
    let options = ["--who", "staff:ann", "--from", "2027-01-11"];
    let run = import("ics", &place.source().join("ann.ics"), &place.dir(), &options);
    let told = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    let rows = fs::read_to_string(place.dir().join("busy.csv")).unwrap_or_default();
    let row = |row: &str| row.trim_start_matches("staff,ann,").trim_end_matches(",calendar").to_owned();
    (rows.lines().skip(1).map(row).collect(), told)
}

#[test]
fn repeated_events_take_the_times_that_the_standard_gives_them() {
    let at = |start: &str, more: &str| format!("UID:1\nDTSTART{start}\nDURATION:PT1H\n{more}");
    for (event, rows) in [
        (at(":20261214T080000", "RDATE:20270111T080000,20270113T080000"), "mon,08:00,09:00 wed,08:00,09:00"),
        (
            at(
                ":20261214T080000",
                "RDATE;VALUE=PERIOD:20270111T080000/PT30M\nRDATE;VALUE=PERIOD:20270112T100000Z/20270112T103000Z",
            ),
            "mon,08:00,08:30 tue,11:00,11:30",
        ),
        (
            at(":20261214T080000", "RDATE;VALUE=DATE:20270111,20270112\nEXDATE;VALUE=DATE:20270111"),
            "tue,08:00,09:00",
        ),
        (
            at(":20270104T090000", "RRULE:FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR"),
            "tue,09:00,10:00 thu,09:00,10:00",
        ),
        (at(":20270104T090000", "RRULE:FREQ=DAILY;COUNT=9"), "mon,09:00,10:00 tue,09:00,10:00"),
        // It ends before the event of the 12th begins.
        (at(":20270104T150000", "RRULE:FREQ=DAILY;UNTIL=20270112T100000Z"), "mon,15:00,16:00"),
        (at(":20270104T150000", "RRULE:FREQ=DAILY;UNTIL=20270112"), "mon,15:00,16:00 tue,15:00,16:00"),
        // Which two weeks are meant depends on the day on which weeks start.
        (at(":20270103T170000", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU"), ""),
        (at(":20270103T170000", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO"), "mon,17:00,18:00"),
        (at(":20261110T110000", "RRULE:FREQ=MONTHLY;BYDAY=2TU"), "tue,11:00,12:00"),
        (at(";VALUE=DATE:20200113", "RRULE:FREQ=YEARLY").replace("PT1H", "P1D"), "wed,,"),
        // By the clock of the event, whatever the clock was when it began: UTC, and a zone.
        (at(":20260701T060000Z", "RRULE:FREQ=WEEKLY"), "wed,07:00,08:00"),
        (at(";TZID=Europe/Amsterdam:20260701T080000", "RRULE:FREQ=WEEKLY"), "wed,08:00,09:00"),
        // In New York it is still Sunday.
        (at(";TZID=America/New_York:20270103T210000", "RRULE:FREQ=WEEKLY;BYDAY=SU"), "mon,03:00,04:00"),
        (
            at(
                ":20270104T080000",
                "RRULE:FREQ=DAILY\nEXDATE:20270111T070000Z,20270112T070000Z,20270113T090000\nEXDATE:20270114T080000",
            ),
            "wed,08:00,09:00 fri,08:00,09:00",
        ),
    ] {
        assert_eq!(busy(&event).0.join(" "), rows, "{event}");
    }
}

#[test]
fn a_repetition_that_moves_is_not_busy_where_it_was() {
    let moved = "UID:1\nRECURRENCE-ID:20270112T070000Z\nDTSTART:20270113T120000\nDURATION:PT1H\n";
    let text = calendar(&[
        "UID:1\nDTSTART:20270105T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU,FR",
        moved,
        "UID:1\nRECURRENCE-ID:20270115T080000\nSTATUS:CANCELLED\nDTSTART:20270115T080000\nDURATION:PT1H",
    ]);
    let place = Place::new(&[("ann.ics", &text)]);
    let source = place.source().join("ann.ics");
    let options = ["--who", "staff:ann", "--from", "2027-01-11"];
    import("ics", &source, &place.dir(), &options).success().stderr("");
    assert_eq!(place.read("busy.csv"), "kind,id,day,start,end,note\nstaff,ann,wed,12:00,13:00,calendar\n");
    let range =
        text.replace("RECURRENCE-ID:20270112T070000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270112T070000Z");
    fs::write(&source, range).expect("a file");
    import("ics", &source, &place.dir(), &options).success().stderr(contains(
        "ann.ics:14: the event of 20270113T120000: RANGE is not followed: one repetition is moved",
    ));
}

#[test]
fn what_a_repeated_event_means_is_told_where_it_cannot_be_followed() {
    let at = |more: &str| format!("UID:1\nSUMMARY:Private\nDTSTART:20270112T080000\nDURATION:PT1H\n{more}");
    for (more, told) in [
        (
            "RRULE:FREQ=DAILY;COUNT=oops",
            "ann.ics:10: the event of 20270112T080000: the repetition `FREQ=DAILY;COUNT=oops`: `OOPS` is not a valid COUNT",
        ),
        (
            "RRULE:FREQ=MINUTELY;INTERVAL=\n 45",
            "ann.ics:10: the event of 20270112T080000: the repetition `FREQ=MINUTELY;INTERVAL=45`: leerzone does not follow",
        ),
        ("RRULE:FREQ=DAILY;UNTIL=soon", "only the times of DTSTART and RDATE count as busy"),
        (
            "RDATE:20270114T080000,soon",
            "ann.ics:10: the event of 20270112T080000: RDATE: cannot read the time `soon`; it is left out",
        ),
        ("RRULE:FREQ=YEARLY\nEXDATE:soon", "ann.ics:11: the event of 20270112T080000: EXDATE: cannot read"),
        (
            "EXRULE:FREQ=DAILY",
            "ann.ics:10: the event of 20270112T080000: EXRULE `FREQ=DAILY` is not followed",
        ),
    ] {
        let (rows, messages) = busy(&at(more));
        assert!(rows.contains(&"tue,08:00,09:00".to_owned()), "{more}: {rows:?}");
        assert!(messages.contains(told) && !messages.contains("Private"), "{more}: {messages}");
    }
}

#[test]
fn a_calendar_that_has_become_empty_takes_its_rows_away() {
    let full = calendar(&["UID:1\nDTSTART:20270111T090000\nDTEND:20270111T093000"]);
    let place = Place::new(&[("ann.ics", &full), ("ben.ics", &full)]);
    let [ann, ben] = ["ann", "ben"].map(|id| place.source().join(format!("{id}.ics")));
    let owners = ["staff:ann", "staff:ben"].map(|who| ["--who", who, "--from", "2027-01-11"]);
    import("ics", &ann, &place.dir(), &owners[0]).success();
    import("ics", &ben, &place.dir(), &owners[1]).success();

    // An event that cannot be read may be one of those that made the rows.
    fs::write(&ann, calendar(&["UID:1\nDTSTART:soon\nDURATION:PT1H"])).expect("a file");
    import("ics", &ann, &place.dir(), &owners[0]).code(2).stderr(contains("nothing is written"));
    assert!(place.read("busy.csv").contains("staff,ann"));

    fs::write(&ann, calendar(&["UID:1\nDTSTART:20270111T090000"])).expect("a file");
    import("ics", &ann, &place.dir(), &owners[0])
        .success()
        .stdout(contains("busy.csv: 0 rows written, 1 kept, 1 of an earlier import replaced"))
        .stderr(contains("it takes no time"));
    assert_eq!(place.read("busy.csv"), "kind,id,day,start,end,note\nstaff,ben,mon,09:00,09:30,calendar\n");

    let nowhere = place.dir().join("new");
    import("ics", &ann, &nowhere, &owners[0]).success().stdout(contains("nothing is written"));
    assert!(!nowhere.exists());
}

#[test]
fn sign_ups_become_needs() {
    let small = Small::new();
    let source = small.dir().join("choices.txt");
    let text = "Leerling;Klas;1e keuze;2e keuze;3e keuze\ns1;1a;Mathematics;english;na\n\
                Bea Vos;1a;en;en;\nNobody;1a;wi;;\ns2;1a;dancing;;\n";
    fs::write(&source, text).expect("a file");
    let by_hand = fs::read_to_string(small.dir().join("needs.csv")).expect("needs.csv");
    import("choices", &source, &small.dir(), &[]).code(2).stderr(contains("needs.csv"));
    import("choices", &source, &small.dir(), &["--add"])
        .success()
        .stderr(contains("choices.txt:4: student `Nobody` is not known"))
        .stderr(contains("choices.txt:5: subject `dancing` is not known"))
        .stderr(contains("choices.txt:3: `en` is chosen twice"));
    let needs = fs::read_to_string(small.dir().join("needs.csv")).expect("needs.csv");
    assert_eq!(needs, by_hand + "s1,wi,1,should\ns1,en,1,could\ns1,na,1,could\ns2,en,1,should\n");
    leerzone(&["check"]).arg(small.dir()).assert().success();
}

#[test]
fn json_tells_the_files_and_what_could_not_be_placed() {
    let place = oneroster();
    let output = import("oneroster", &place.source(), &place.dir(), &["--json"]).success();
    let told: Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    assert_eq!(told["files"][2]["file"], "students.csv");
    assert_eq!(told["files"][2]["added"], 2);
    assert_eq!(told["notes"].as_array().map(Vec::len), Some(3));
    let empty = Place::new(&[("users.csv", "sourcedId,role\nu1,guardian\n")]);
    import("oneroster", &empty.source(), &empty.dir(), &[]).code(2).stderr(contains("nothing is written"));
    assert!(!empty.dir().exists());
    for (files, message) in [
        (vec![("users.csv", "sourcedId,status\nu1,\n")], "users.csv lacks the column role"),
        (
            vec![("users.csv", USERS), ("enrollments.csv", "sourcedId,classSourcedId\ne1,c1\n")],
            "enrollments.csv lacks the column userSourcedId; its first line is `sourcedId,classSourcedId`",
        ),
    ] {
        let lacking = Place::new(&files);
        import("oneroster", &lacking.source(), &lacking.dir(), &[]).code(2).stderr(contains(message));
        assert!(!lacking.dir().exists());
    }
    import("oneroster", &place.0.path().join("none"), &place.dir(), &[])
        .code(2)
        .stderr(contains("name the folder or the *.zip file"));
}

#[test]
fn an_appointment_of_ten_thousand_years_is_read_in_a_moment() {
    let long = "DTSTART:00010101T000000\nDTEND:99981231T000000";
    let text = calendar(&[
        &format!("UID:1\n{long}"),
        &format!("UID:2\n{long}\nRRULE:FREQ=DAILY;COUNT=99999999"),
        &format!("UID:3\n{long}\nRRULE:FREQ=WEEKLY;INTERVAL=9223372036854775807;COUNT=99999999"),
    ]);
    let place = Place::new(&[("ann.ics", &text)]);
    let options = ["--who", "staff:ann", "--from", "2027-01-11"];
    import("ics", &place.source().join("ann.ics"), &place.dir(), &options).success();
    let busy = place.read("busy.csv");
    assert_eq!(
        busy.lines().filter(|line| line.starts_with("staff,ann,") && line.contains(",,")).count(),
        5,
        "{busy}"
    );
}
