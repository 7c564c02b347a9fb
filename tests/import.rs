//! `leerzone import`: other systems' files as they document them, into files that `check` accepts; nothing made
//! by hand is lost.

mod small;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use small::{Small, leerzone};
use tempfile::TempDir;

/// A folder with a source in it and the folder of a school to be.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(TempDir::new().expect("a temporary folder"));
        fs::create_dir(place.source()).expect("a folder");
        for (name, text) in files {
            fs::write(place.source().join(name), text).expect("a file");
        }
        place
    }

    fn source(&self) -> PathBuf {
        self.0.path().join("source")
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("school")
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.dir().join(file)).expect("an imported file")
    }
}

fn import(format: &str, source: &Path, dir: &Path, more: &[&str]) -> Assert {
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
        ("GPU010.TXT", "\"s1\",\"Bos\",,,,,,\"Amina\",\"100\",\"1A\",,,,,\n"),
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
    assert_eq!(place.read("students.csv"), "student,name,class,year\ns1,Amina Bos,1A,1\n");
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

fn calendar(events: &[&str]) -> String {
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
        "UID:7\nSUMMARY:Monthly\nDTSTART:20270112T080000\nDTEND:20270112T090000\nRRULE:FREQ=MONTHLY",
        "UID:8\nSUMMARY:Past\nDTSTART:20260907T160000\nDTEND:20260907T170000\nRRULE:FREQ=WEEKLY;COUNT=3",
    ]);
    let place = Place::new(&[("ann.ics", &text)]);
    let source = place.source().join("ann.ics");
    let options = ["--who", "staff:ann", "--from", "2027-01-11"];
    import("ics", &source, &place.dir(), &options)
        .success()
        .stderr(contains("the event of 20270112T080000: the repetition"));
    let expected = "kind,id,day,start,end,note\n\
                    staff,ann,mon,14:00,15:00,calendar\n\
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
