use super::trial::Change::{File, Folder, Remove, Run, Write};
use super::trial::{Mistake, said};

const ICS: &str = "export ics school school/schedule to --from 2027-01-11";

const EXPORTS: &[Mistake] = &[
    ("a schedule that is not there", &[], "export xlsx school nowhere week.xlsx"),
    (
        "a school that cannot be read",
        &[Remove("school/places.csv")],
        "export fet school school/schedule week.csv",
    ),
    (
        "a session that is not listed",
        &[Write("school/schedule/student_timetable.csv", "one/math/ann", "one/math/eve")],
        "export fet school school/schedule week.csv",
    ),
    (
        "a session that is listed twice",
        &[Write(
            "school/schedule/sessions.csv",
            "capacity\n",
            "capacity\none/math/ann,one,lesson,math,r1,ann,,0,4\n",
        )],
        "export fet school school/schedule week.csv",
    ),
    (
        "a lead whom the school does not know",
        &[Write("school/schedule/sessions.csv", ",ann,", ",eve,")],
        "export fet school school/schedule week.csv",
    ),
    (
        "a session without a lead",
        &[Write("school/schedule/sessions.csv", ",ann,", ",,")],
        "export fet school school/schedule week.csv",
    ),
    (
        "a number that is none",
        &[File(
            "school/schedule/unmet_needs.csv",
            "student,subject,priority,missing,reason,detail\ns1,wi,must,one,,\n",
        )],
        "export fet school school/schedule week.csv",
    ),
    ("a file for the folder of calendars", &[File("to", "")], ICS),
    ("a folder with something else in it", &[File("to/notes.txt", "")], ICS),
    ("a file of the school", &[], "export fet school school/schedule school/staff.csv"),
    ("a file in the schedule", &[], "export xlsx school school/schedule school/schedule/week.xlsx"),
    ("a folder for the file", &[Folder("week.csv")], "export fet school school/schedule week.csv"),
    (
        "a file for the folder around the file",
        &[File("to", "")],
        "export fet school school/schedule to/week.csv",
    ),
    (
        "a file for the folder around the folder",
        &[File("to", "")],
        "export untis school school/schedule to/gpu",
    ),
    (
        "an owner who is not there",
        &[],
        "export ics school school/schedule to --from 2027-01-11 --only student:s9",
    ),
    ("a first day that is none", &[], "export ics school school/schedule to --from monday"),
    ("too many weeks", &[], "export ics school school/schedule to --from 2027-01-11 --weeks 105"),
    ("weeks after the end of time", &[], "export ics school school/schedule to --from 9999-12-20 --weeks 3"),
    (
        "holidays that are not there",
        &[],
        "export ics school school/schedule to --from 2027-01-11 --skip free.csv",
    ),
    (
        "holidays without their columns",
        &[File("free.csv", "day\n2027-01-12\n")],
        "export ics school school/schedule to --from 2027-01-11 --skip free.csv",
    ),
    (
        "holidays that are no dates",
        &[File("free.csv", "from,until\n2027-01-12,\n12-1-2027,\n")],
        "export ics school school/schedule to --from 2027-01-11 --skip free.csv",
    ),
    (
        "holidays that end before they begin",
        &[File("free.csv", "from,until\n2027-01-12,2027-01-11\n")],
        "export ics school school/schedule to --from 2027-01-11 --skip free.csv",
    ),
    (
        "an unknown time zone",
        &[],
        "export zermelo school school/schedule week.csv --from 2027-01-11 --timezone Utrecht",
    ),
    (
        "a weekday that is none",
        &[],
        "export zermelo school school/schedule week.csv --from 2027-01-11 --weekdays moon",
    ),
    (
        "more weekdays than days",
        &[],
        "export oneroster school school/schedule to --from 2027-01-11 --weekdays mon,tue",
    ),
    (
        "a schedule made under a scenario",
        &[
            File("change.toml", "name = \"Change\"\n[set.school.weights]\nmust = 90\n"),
            Run("solve school --quiet --scenario change.toml --out other"),
        ],
        "export fet school other week.csv",
    ),
    ("a page in an unknown language", &[], "report school school/schedule --lang fr"),
    ("a page where a folder is", &[Folder("page.html")], "report school school/schedule --to page.html"),
    (
        "pages where something else is",
        &[File("pages/notes.txt", "")],
        "report school school/schedule --split --to pages",
    ),
    ("a page of no schedule", &[], "report school school"),
    ("somebody who is not there", &[], "show school/schedule Zachary"),
    ("a name almost right", &[], "show school/schedule Alli"),
    (
        "a name of several",
        &[Write("school/schedule/names.csv", "Bea Vos", "Ali Bos")],
        "show school/schedule Ali",
    ),
    (
        "a name of more than are named",
        &[File(
            "school/schedule/names.csv",
            "kind,id,name\nstudent,s1,Al\nstudent,s2,Al\nstudent,s3,Al\nstudent,s4,Al\nstudent,s5,Al\nstudent,s6,Al\n\
             student,s7,Al\nstudent,s8,Al\n",
        )],
        "show school/schedule al",
    ),
    (
        "an id of several",
        &[Write("school/schedule/names.csv", "place,r1", "place,s1")],
        "show school/schedule s1",
    ),
    ("a sort of week that is none", &[], "show school/schedule s1 --kind parent"),
    ("a week of no schedule", &[], "show school s1"),
];

#[test]
fn exports_pages_and_weeks() {
    insta::assert_snapshot!(said(EXPORTS));
}
