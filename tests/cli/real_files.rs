//! Other systems' files as schools really have them: web forms, clusters, code pages, zones of Windows, dates that a
//! spreadsheet made. What cannot be right is said, and nothing goes to somebody else.

use std::fs;

use crate::import::{Place, calendar, import};
use crate::small::{Small, leerzone};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

/// The needs that answers become in a school with some students, and what is said of them.
fn chosen(students: &str, answers: &[u8]) -> (Vec<String>, String) {
    let place = Place::new(&[]);
    let answers_file = place.source().join("answers.csv");
    fs::write(&answers_file, answers).expect("a file");
    fs::create_dir(place.dir()).expect("a folder");
    fs::write(place.dir().join("students.csv"), students).expect("a file");
    fs::write(place.dir().join("subjects.csv"), "subject,name\nwi,Mathematics\nen,English\nna,Physics\n")
        .expect("a file");
    let run = import("choices", &answers_file, &place.dir(), &[]);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    let needs = fs::read_to_string(place.dir().join("needs.csv")).unwrap_or_default();
    (needs.lines().skip(1).map(str::to_owned).collect(), said)
}

const THREE: &str = "student,name\n1,Amina Bos\n2,Bram de Vries\n3,Cas Bos\n";

#[test]
fn the_number_of_an_answer_is_nobodys_id() {
    let (needs, said) = chosen(
        THREE,
        b"ID,Start time,Completion time,Email,Name,First choice\n\
          1,1/11/27 9:00,1/11/27 9:01,x@school.nl,Cas Bos,wi\n2,1/11/27 9:02,1/11/27 9:03,y@school.nl,Nobody,en\n",
    );
    assert_eq!(needs, ["3,wi,1,should"]);
    assert!(said.contains("answers.csv:3: student `Nobody` is not known"), "{said}");
    let (needs, said) = chosen(THREE, b"leerlingnummer,naam,keuze\n1,Cas Bos,wi\n2,Bram de Vries,en\n");
    assert_eq!(needs, ["2,en,1,should"]);
    assert!(said.contains("`1` is 1 and `Cas Bos` is 3: the row names two students"), "{said}");
}

#[test]
fn ids_are_case_sensitive_and_the_later_answer_counts() {
    let (needs, _) = chosen("student\na1\nA1\n", b"student,1\na1,wi\nA1,en\n");
    assert_eq!(needs, ["a1,wi,1,should", "A1,en,1,should"]);
    let (needs, said) = chosen("student\na\nb\n", b"student,1\na,wi\nb,wi\na,en\n");
    assert_eq!(needs, ["b,wi,1,should", "a,en,1,should"]);
    assert!(said.contains("answers.csv:2: `a` answered again later, in line 4"), "{said}");
    let newest_first = b"timestamp,student,1\n2027-01-12 09:00,a,wi\n2027-01-11 09:00,a,en\n";
    assert_eq!(chosen("student\na\n", newest_first).0, ["a,wi,1,should"]);
}

#[test]
fn tables_are_read_as_they_were_saved() {
    let semicolons = b"sep=;\r\nstudent;First choice, if you like, please, now;2\r\n1;wi;en\r\n";
    assert_eq!(chosen(THREE, semicolons).0, ["1,wi,1,should", "1,en,1,could"]);
    let (needs, said) =
        chosen("student,name\n1,\u{17d}agar \u{20ac}\n", b"Nachname;Vorname;Wahl 1\n\x80;\x8eagar;wi, na\n");
    assert_eq!(needs, ["1,wi,1,should", "1,na,1,could"]);
    assert!(said.contains("read as windows-1252"), "{said}");
}

#[test]
fn names_may_stand_in_parts_and_answers_together() {
    for answers in [
        "Nachname,Vorname,Wahl 1,Wahl 2\nBos,Amina,wi,en\n",
        "Achternaam;Tussenvoegsel;Voornaam;Eerste keuze\nVries;de;Bram;wi;en\nBos;;Amina;\"Mathematics;English\"\n",
        "Last name,First name,Preferences\nBos,Amina,\"wi, en\"\n",
        "Name,1,2\n\"Bos, Amina\",wi,en\n",
    ] {
        let (needs, said) = chosen(THREE, answers.as_bytes());
        assert!(
            needs.ends_with(&["1,wi,1,should".to_owned(), "1,en,1,could".to_owned()]),
            "{answers} {needs:?} {said}"
        );
    }
}

#[test]
fn separators_inside_quotes_do_not_count() {
    let place = Place::new(&[("GPU006.TXT", "\"MA\";\"Mathe, Physik, Chemie\"\n")]);
    import("untis", &place.source(), &place.dir(), &[]).success();
    assert_eq!(place.read("subjects.csv"), "subject,name\nMA,\"Mathe, Physik, Chemie\"\n");
}

#[test]
fn of_lessons_side_by_side_only_those_who_attend_are_busy() {
    let students = "\"s1\",\"A\",,,,,,\"A\",,\"5A\"\n\"s2\",\"B\",,,,,,\"B\",,\"5A\"\n";
    let lessons = "1,\"5A\",\"MUE\",\"MA\",\"R1\",1,3\n2,\"5A\",\"SCH\",\"PH\",\"R2\",1,3\n3,\"5A\",\"?\",\"D\",\"???\",1,4\n\
                   3,\"5A\",\"XXX\",\"D\",\"R1\",1,5\n";
    let files = [
        ("GPU001.TXT", lessons),
        ("GPU004.TXT", "\"MUE\",\"M\"\n\"SCH\",\"S\"\n"),
        ("GPU005.TXT", "\"R1\",,,,,,,9\n\"R2\",,,,,,,9\n"),
        ("GPU010.TXT", students),
        ("periods.csv", "period,start,end\n3,10:00,11:00\n4,11:00,12:00\n5,12:00,13:00\n"),
    ];
    let place = Place::new(&files);
    let run = import("untis", &place.source(), &place.dir(), &[]).success();
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("class 5A has lessons 1, 2 side by side on mon in period 3"), "{said}");
    assert!(said.contains("staff `XXX` is not in the master data"), "{said}");
    let busy = place.read("busy.csv");
    assert!(busy.contains("class,5A,mon,10:00") && !busy.contains('?') && !busy.contains("XXX"), "{busy}");

    fs::write(place.source().join("GPU015.TXT"), "\"s1\",1,\"MA\"\n\"s2\",2,\"PH\"\n\"s1\",4,\"MA\"\n")
        .expect("a file");
    import("untis", &place.source(), &place.dir(), &[]).success();
    let busy = place.read("busy.csv");
    assert!(busy.contains("student,s1,mon,10:00") && !busy.contains("class,5A,mon,10:00"), "{busy}");
    // Two lessons of one subject are two sessions.
    assert!(place.read("needs.csv").contains("s1,MA,2,should"));
}

const OUTLOOK: &str = "DTSTART;TZID=\"ZONE\":20270112T103000\nDTEND;TZID=\"ZONE\":20270112T113000";

#[test]
fn calendars_of_microsoft_have_zones_of_their_own() {
    for zone in [
        "W. Europe Standard Time",
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        "/Europe/Stockholm",
    ] {
        let event = format!("UID:1\n{}\nDESCRIPTION:at\nEnd: 10:00", OUTLOOK.replace("ZONE", zone));
        let free = "UID:2\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\nDTSTART:20270113T090000\nDTEND:20270113T100000";
        let moved = ["0\nDTSTART:20270114T080000", "1\nDTSTART:20270114T090000"]
            .map(|revision| format!("UID:3\nDURATION:PT1H\nSEQUENCE:{revision}"));
        let text = format!("\u{feff}{}", calendar(&[&event, free, &moved[0], &moved[1]]));
        let place = Place::new(&[("ann.ics", &text)]);
        let options = ["--who", "staff:ann", "--from", "2027-01-11"];
        import("ics", &place.source().join("ann.ics"), &place.dir(), &options).success().stderr("");
        assert_eq!(
            place.read("busy.csv"),
            "kind,id,day,start,end,note\nstaff,ann,tue,10:30,11:30,calendar\nstaff,ann,thu,09:00,10:00,calendar\n",
            "{zone}"
        );
    }
}

#[test]
fn a_roster_counts_as_of_a_day_and_of_a_school() {
    let place = Place::new(&[
        (
            "users.csv",
            "sourcedId,status,orgSourcedIds,role,givenName,familyName\nu1,,o1,student,A,A\nu2,,o2,student,B,B\n\
             u3,inactive,o1,student,C,C\nt1,,\"o1,o2\",teacher,T,T\n",
        ),
        (
            "classes.csv",
            "sourcedId,title,courseSourcedId,classType,subjectCodes\nc1,wi1,k1,scheduled,wi\nc2,wi2,k2,scheduled,wi\n",
        ),
        ("courses.csv", "sourcedId,title,courseCode\nk1,Havo,wi-ha\nk2,Vwo,wi-vw\n"),
        (
            "enrollments.csv",
            "sourcedId,classSourcedId,userSourcedId,role,beginDate,endDate\n\
             e1,c1,u1,student,,2026-12-31\ne2,c2,u1,student,2026-08-01,2027-07-31\ne3,c1,u2,student,2027-02-01,\n\
             e4,c1,u1,student,,\n",
        ),
    ]);
    let run = |more: &[&str]| {
        let options = [&["--needs", "must", "--date", "2027-01-11"][..], more].concat();
        let run = import("oneroster", &place.source(), &place.dir(), &options).success();
        let output = run.get_output();
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned())
    };
    let [table, said] = run(&["--org", "o1"]);
    assert_eq!(place.read("students.csv").lines().count(), 2);
    // Two enrollments of one subject are two sessions.
    assert_eq!(place.read("needs.csv"), "who,subject,sessions,priority\nu1,wi,2,must\n");
    assert!(said.contains("courses k1, k2 are one subject, `wi`"), "{said}");
    for reason in ["1 inactive", "1 of another school", "1 ended before the date", "1 begins after the date"]
    {
        assert!(table.contains(reason), "{reason}: {table}");
    }
    let [_, said] = run(&["--subjects", "course"]);
    assert!(said.contains("users of several schools: o1, o2"), "{said}");
    assert!(place.read("needs.csv").contains("u1,wi-vw,1,must"));
}

#[test]
fn school_data_sync_has_years_and_roles_in_a_file_of_their_own() {
    let place = Place::new(&[
        ("users.csv", "sourcedId,username,givenName,familyName\nu1,a,A,Bos\nu2,b,B,Bos\nu3,c,C,Bos\n"),
        (
            "roles.csv",
            "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary\nu1,o,student,t,9,true\n\
             u2,o,office,t,,true\nu3,o,office,t,,true\n",
        ),
    ]);
    let run = import("oneroster", &place.source(), &place.dir(), &[]).success();
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert_eq!(said.matches("office").count(), 1, "{said}");
    assert_eq!(place.read("students.csv"), "student,name,class,year,coach\nu1,A Bos,,9,\n");
}

#[test]
fn a_workbook_keeps_what_was_meant() {
    let place = Place::new(&[]);
    let source = place.source().join("school.xlsx");
    let save = |class: bool| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("students").expect("a sheet");
        for (column, title) in (0..).zip(["student", "name", "class"]) {
            sheet.write_string(0, column, title).expect("a cell");
        }
        sheet.write_number_with_format(1, 0, 123, &Format::new().set_num_format("00000")).expect("a cell");
        sheet.write_string(1, 1, "Ali").expect("a cell");
        if class {
            let date = ExcelDateTime::from_ymd(2026, 1, 2).expect("a date");
            sheet
                .write_datetime_with_format(1, 2, &date, &Format::new().set_num_format("d-mmm"))
                .expect("a cell");
        }
        let sheet = book.add_worksheet().set_name("busy").expect("a sheet");
        for (column, title) in (0..).zip(["kind", "id", "day", "start", "end"]) {
            sheet.write_string(0, column, title).expect("a cell");
        }
        for (column, text) in (0..).zip(["student", "00123", "mon"]) {
            sheet.write_string(1, column, text).expect("a cell");
        }
        let time = Format::new().set_num_format("[h]:mm");
        sheet.write_number_with_format(1, 3, 0.75, &time).expect("a cell");
        sheet.write_number_with_format(1, 4, 1.0, &time).expect("a cell");
        book.save(&source).expect("a workbook");
    };
    save(false);
    import("xlsx", &source, &place.dir(), &[]).success();
    assert!(place.read("students.csv").contains("\n00123,Ali,"));
    assert_eq!(place.read("busy.csv"), "kind,id,day,start,end\nstudent,00123,mon,18:00,24:00\n");
    save(true);
    let run = import("xlsx", &source, &place.dir(), &[]).code(2);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("students!C2: `class` is 2026-01-02"), "{said}");
}

#[test]
fn any_table_comes_in_with_a_column_map() {
    let place = Place::new(&[
        ("afwezig.csv", "Leerlingnummer;Dag;Reden\ns1;mon;ziek\n;tue;\n"),
        (
            "map.toml",
            "file = \"busy.csv\"\n[map]\nleerlingnummer = \"id\"\nDag = \"day\"\nReden = \"note\"\n[fill]\nkind = \"student\"\n",
        ),
    ]);
    let map = place.source().join("map.toml").display().to_string();
    let table = place.source().join("afwezig.csv");
    let run = import("table", &table, &place.dir(), &["--map", &map, "--dry-run"]).success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(
        said.contains("1 an empty cell that must not be empty") && said.contains("would be written"),
        "{said}"
    );
    assert!(!place.dir().exists());
    import("table", &table, &place.dir(), &["--map", &map]).success();
    assert_eq!(place.read("busy.csv"), "id,day,note,kind\ns1,mon,ziek,student\n");
}

#[test]
fn answers_of_zermelo_become_a_school() {
    let answer = |data: Value| json!({ "response": { "status": 200, "data": data } }).to_string();
    let users = answer(json!([
        { "code": "s1", "firstName": "Ali", "prefix": null, "lastName": "Bos", "isStudent": true },
        { "code": "s2", "firstName": "Bea", "prefix": "de", "lastName": "Vos", "isStudent": true },
        { "code": "ann", "firstName": "Ann", "lastName": "Smit", "isStudent": false, "isEmployee": true },
        { "code": "mum", "firstName": "Mum", "lastName": "Bos", "isStudent": false, "isEmployee": false }
    ]));
    let students = answer(json!([
        { "student": "s1", "mainGroup": 7, "mainGroupName": "h4a", "groupInDepartments": [7, 9] },
        { "student": "s2", "mainGroup": 7, "mainGroupName": "h4a", "groupInDepartments": [7] }
    ]));
    let groups = answer(json!([
        { "id": 7, "name": "h4a", "extendedName": "h4.h4a", "isMainGroup": true },
        { "id": 9, "name": "wisA1", "extendedName": "h4.wisA1", "isMainGroup": false }
    ]));
    // 11 January 2027, 9:00 in Amsterdam.
    let at = |hour: i64| 1_799_654_400 + hour * 3600;
    let lesson = |id: i64, hour: i64, more: Value| {
        let mut lesson = json!({
            "id": id, "appointmentInstance": id, "start": at(hour), "end": at(hour) + 3000, "valid": true,
            "cancelled": false, "type": "lesson", "subjects": ["wi"], "teachers": ["ann"], "locations": [], "groups": []
        });
        let more = more.as_object().expect("an object").clone();
        lesson.as_object_mut().expect("an object").extend(more);
        lesson
    };
    let appointments = answer(json!([
        lesson(1, 0, json!({ "groupsInDepartments": [7] })),
        lesson(2, 1, json!({ "groups": ["h4.wisA1"] })),
        lesson(3, 2, json!({ "cancelled": true, "groupsInDepartments": [7] })),
        lesson(4, 3, json!({ "type": "choice", "students": ["s2"] }))
    ]));
    let files = [
        ("users.json", users),
        ("students.json", students),
        ("groups.json", groups),
        ("a.json", appointments),
    ];
    let place = Place::new(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    let run = import("zermelo", &place.source(), &place.dir(), &["--from", "2027-01-11"]).success();
    let table = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(
        table.contains("1 cancelled or hidden") && table.contains("1 neither student nor employee"),
        "{table}"
    );
    assert_eq!(
        place.read("students.csv"),
        "student,name,class,year\ns1,Ali Bos,h4a,4\ns2,Bea de Vos,h4a,4\n"
    );
    assert_eq!(place.read("staff.csv"), "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\n");
    assert_eq!(place.read("needs.csv"), "who,subject,sessions,priority\ns2,wi,1,should\n");
    let busy = place.read("busy.csv");
    let starts: Vec<&str> = busy.lines().skip(1).map(|row| row.trim_end_matches(",zermelo")).collect();
    assert_eq!(
        starts,
        [
            "class,h4a,mon,09:00,09:50",
            "staff,ann,mon,09:00,09:50",
            "staff,ann,mon,10:00,10:50",
            "staff,ann,mon,12:00,12:50",
            "student,s1,mon,10:00,10:50"
        ]
    );
}

#[test]
fn edexml_gives_students_with_class_and_year_and_staff() {
    let text = "<?xml version=\"1.0\"?>\n<EDEX><groepen><groep key=\"g1\"><naam>3a</naam><jaargroep>3</jaargroep></groep></groepen>\
                <leerlingen><leerling key=\"l1\"><achternaam>Bos &amp; Zn</achternaam><voorvoegsel>van</voorvoegsel>\
                <roepnaam>Ali</roepnaam><groep key=\"g1\"/></leerling><leerling><achternaam>X</achternaam></leerling></leerlingen>\
                <leerkrachten><leerkracht key=\"t1\"><achternaam>Smit</achternaam></leerkracht></leerkrachten></EDEX>";
    let place = Place::new(&[("edex.xml", text), ("half.xml", &text[..200])]);
    let run = import("edexml", &place.source().join("edex.xml"), &place.dir(), &[]).success();
    assert!(String::from_utf8_lossy(&run.get_output().stdout).contains("1 no usable key"));
    assert_eq!(place.read("students.csv"), "student,name,class,year\nl1,Ali van Bos & Zn,3a,3\n");
    assert_eq!(place.read("staff.csv"), "staff,name,roles,subjects\nt1,Smit,teacher,\n");
    import("edexml", &place.source().join("half.xml"), &place.dir(), &[]).code(2);
}

/// Two bells at once, and coaching before the lessons.
fn two_bells() -> Small {
    let block = |id: &str, start: &str, end: &str, kind: &str, audience: &str| {
        format!(
            "[[block]]\nid = \"{id}\"\ndays = [\"mon\"]\nstart = \"{start}\"\nend = \"{end}\"\nkind = \"{kind}\"\n\
             audience = [\"{audience}\"]\n"
        )
    };
    let layout = [
        block("start", "08:30", "09:00", "coaching", "year:1"),
        block("one", "09:00", "10:00", "lesson", "year:1"),
        block("two", "10:00", "11:00", "lesson", "year:1"),
        block("five", "09:00", "09:40", "lesson", "year:5"),
        block("fiver", "09:40", "10:20", "lesson", "year:5"),
    ];
    let small = Small::new()
        .with("layout.toml", &layout.concat())
        .with(
            "students.csv",
            "student,name,class,year\ns1,Ali Bos,1+a,1\ns2,Bea Vos,5a,5\ns3,Cas Mol,x~y,5\n",
        )
        .with(
            "staff.csv",
            "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\ncoa,Coach,coach,\n",
        )
        .with(
            "school.toml",
            "name = \"Small\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\n",
        );
    small.solve(&[]).success();
    small
}

#[test]
fn an_hour_is_counted_within_its_own_bell() {
    let small = two_bells();
    let to = small.dir().join("gpu");
    let export = |format: &str, more: &[&str]| {
        let mut command = leerzone(&["export", format]);
        command.arg(small.dir()).arg(small.out()).arg(&to).args(more);
        String::from_utf8_lossy(&command.assert().success().get_output().stderr).into_owned()
    };
    fs::write(small.dir().join("GPU002.TXT"), "17,,,,\n4,,,,\n").expect("a file");
    let lessons = small.dir().join("GPU002.TXT").display().to_string();
    let said = export("untis", &["--lessons", &lessons]);
    assert!(said.contains("class `x~y` has a `~` in it"), "{said}");
    let rows = fs::read_to_string(to.join("GPU001.TXT")).expect("a file");
    assert!(rows.lines().all(|row| {
        row.split(',').next().is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 17))
    }));
    let periods = fs::read_to_string(to.join("periods.csv")).expect("a file");
    for bell in ["0,08:30,09:00", "1,09:00,09:40", "1,09:00,10:00", "2,09:40,10:20", "2,10:00,11:00"] {
        assert!(periods.contains(bell), "{bell}: {periods}");
    }
    // Back into a school: nobody needs coaching, and everybody is busy when they were.
    let place = Place::new(&[]);
    import("untis", &to, &place.dir(), &[]).success();
    assert!(
        !place.read("needs.csv").contains("coaching") && !place.read("subjects.csv").contains("coaching")
    );
    assert_eq!(
        place.read("students.csv"),
        "student,name,class,year\ns1,Ali Bos,1+a,1\ns2,Bea Vos,5a,5\ns3,Cas Mol,x~y,\n"
    );
    let busy = place.read("busy.csv");
    assert!(busy.contains("student,s1,mon,08:30,09:00") && busy.contains("student,s2,mon,09:"), "{busy}");
    fs::remove_dir_all(&to).expect("removed");
    assert!(export("fet", &[]).contains("class `1+a` has a `+` in it"));
}

#[test]
fn zermelo_gets_only_what_has_changed() {
    let small = two_bells();
    let export = |to: &str, more: &[&str]| -> Value {
        let to = small.dir().join(to);
        let mut command = leerzone(&["export", "zermelo"]);
        command.arg(small.dir()).arg(small.out()).arg(&to).args(["--from", "2027-01-11"]).args(more);
        command.assert().success();
        serde_json::from_slice(&fs::read(&to).expect("a file")).expect("JSON")
    };
    let first = export("first.json", &[]);
    let posts = first["post"].as_array().expect("appointments");
    assert!(posts.iter().any(|post| post["appointmentType"] == "talk" && post["startTimeSlot"] == 0));
    assert!(
        posts
            .iter()
            .all(|post| post["remark"].as_str().is_some_and(|code| code.starts_with("leerzone/2027-01-11/")))
    );
    let since = small.dir().join("first.json").display().to_string();
    let again = export("again.json", &["--since", &since]);
    assert_eq!(
        (again["post"].as_array().map(Vec::len), again["cancel"].as_array().map(Vec::len)),
        (Some(0), Some(0))
    );
    // Somebody else leads the lesson: it keeps its code, so that nobody loses a seat.
    let sessions = fs::read_to_string(small.out().join("sessions.csv")).expect("a file");
    let lesson = posts.iter().find(|post| post["subjects"][0] == "wi").expect("a lesson");
    fs::write(small.out().join("sessions.csv"), sessions.replace(",ann,", ",ben,")).expect("a file");
    let changed = export("changed.json", &["--since", &since]);
    assert_eq!(changed["cancel"].as_array().map(Vec::len), Some(0));
    let post = &changed["post"][0];
    assert_eq!((&post["remark"], post["teachers"][0].as_str()), (&lesson["remark"], Some("ben")));

    let place = Place::new(&[]);
    let since = small.dir().join("changed.json");
    import("zermelo", &since, &place.dir(), &["--from", "2027-01-11"]).success();
    assert!(place.read("needs.csv").contains("s1,wi,1,should"));
    assert!(!place.dir().join("busy.csv").exists(), "leerzone's own appointments keep nobody busy");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However a sheet of answers was saved, it says the same.
    #[test]
    fn answers_say_the_same_however_they_were_saved(
        separator in prop::sample::select(vec![',', ';', '\t']),
        mark in any::<bool>(),
        told in any::<bool>(),
        quoted in any::<bool>(),
        crlf in any::<bool>(),
        latin in any::<bool>(),
        blank in any::<bool>(),
    ) {
        let quote = |cell: &str| if quoted || cell.contains(separator) { format!("\"{cell}\"") } else { cell.to_owned() };
        let end = if crlf { "\r\n" } else { "\n" };
        let rows = [["Naam", "Klas", "1e keuze, of geen"], ["Zo\u{eb} \u{20ac}", "1a; b", "en"], ["Bram de Vries", "1a, b", "wi"]];
        let mut text = if told { format!("sep={separator}{end}") } else { String::new() };
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| quote(cell)).collect();
            text += &(cells.join(&separator.to_string()) + end);
            if blank {
                text += end;
            }
        }
        let bytes = match (latin, mark) {
            (true, _) => text.chars().map(|letter| if letter == '\u{20ac}' { 0x80 } else { letter as u8 }).collect(),
            (false, true) => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            (false, false) => text.into_bytes(),
        };
        let (needs, said) = chosen("student,name\n1,Zo\u{eb} \u{20ac}\n2,Bram de Vries\n", &bytes);
        prop_assert_eq!(needs, ["1,en,1,should", "2,wi,1,should"], "{}", said);
    }

    /// A weekly series with its zone written in any way, with an end and exceptions.
    #[test]
    fn series_take_place_when_they_should(
        zone in prop::sample::select(vec![
            "Europe/Amsterdam", "W. Europe Standard Time", "/Europe/Berlin", "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        ]),
        mark in any::<bool>(),
        days in prop::sample::subsequence(vec![0_usize, 1, 2, 3, 4], 1..=5),
        last in 0_usize..5,
        except in 0_usize..5,
        hour in 8_u32..17,
    ) {
        let names = ["MO", "TU", "WE", "TH", "FR"];
        let labels = ["mon", "tue", "wed", "thu", "fri"];
        let by_day: Vec<&str> = days.iter().map(|day| names[*day]).collect();
        let rule = format!(
            "UID:1\nDTSTART;TZID=\"{zone}\":20260105T{hour:02}0000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY={};UNTIL=202701{:02}T220000Z\n\
             EXDATE;TZID=\"{zone}\":202701{:02}T{hour:02}0000",
            by_day.join(","), 11 + last, 11 + except
        );
        let text = format!("{}{}", if mark { "\u{feff}" } else { "" }, calendar(&[&rule]));
        let place = Place::new(&[("ann.ics", &text)]);
        import("ics", &place.source().join("ann.ics"), &place.dir(), &["--who", "staff:ann", "--from", "2027-01-11"]).success();
        let expected: Vec<String> = days.iter().filter(|day| **day <= last && **day != except)
            .map(|day| format!("staff,ann,{},{hour:02}:00,{:02}:00,calendar", labels[*day], hour + 1)).collect();
        let busy = fs::read_to_string(place.dir().join("busy.csv")).unwrap_or_default();
        let found: Vec<&str> = busy.lines().skip(1).collect();
        prop_assert_eq!(found, expected);
    }
}
