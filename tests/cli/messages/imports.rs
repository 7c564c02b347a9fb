use super::trial::Change::{Bytes, Cut, File, Folder, Remove, Run};
use super::trial::{Mistake, said};

const USERS: &str = "sourcedId,enabledUser,role,username,givenName,familyName,grades\n\
                     u1,true,student,amina,Amina,Bos,1\nu2,true,teacher,ann,Ann,Smit,\n";
const ROLES: &str = "sourcedId,userSourcedId,role\nr1,u1,student\n";

const ONEROSTER: &[Mistake] = &[
    ("a folder that is not there", &[], "import oneroster roster new"),
    (
        "a folder without users",
        &[File("roster/classes.csv", "sourcedId,title\n")],
        "import oneroster roster new",
    ),
    ("a file for a folder", &[File("users.csv", USERS)], "import oneroster users.csv new"),
    (
        "users without an id and a role",
        &[File("roster/users.csv", "username,givenName\namina,Amina\n")],
        "import oneroster roster new",
    ),
    (
        "users without an id and a name",
        &[File("roster/users.csv", "givenName,familyName\nAmina,Bos\n")],
        "import oneroster roster new",
    ),
    (
        "users without the column of --id",
        &[File("roster/users.csv", USERS)],
        "import oneroster roster new --id identifier",
    ),
    (
        "roles without a role",
        &[File("roster/users.csv", USERS), File("roster/roles.csv", "userSourcedId\nu1\n")],
        "import oneroster roster new",
    ),
    (
        "classes without an id and a title",
        &[File("roster/users.csv", USERS), File("roster/classes.csv", "name\n1a\n")],
        "import oneroster roster new",
    ),
    (
        "classes without a title",
        &[File("roster/users.csv", USERS), File("roster/classes.csv", "sourcedId\nc1\n")],
        "import oneroster roster new",
    ),
    (
        "enrollments without a class",
        &[File("roster/users.csv", USERS), File("roster/enrollments.csv", "userSourcedId\nu1\n")],
        "import oneroster roster new",
    ),
    (
        "users and nobody among them",
        &[File("roster/users.csv", "sourcedId,role\n")],
        "import oneroster roster new",
    ),
    (
        "a role without a file, and an id that is none",
        &[File("roster/users.csv", "sourcedId,role\nu1,student\nu2,guardian\na|b,student\n,teacher\n")],
        "import oneroster roster new",
    ),
    (
        "classes without a subject, students in two classes, people and classes that are not there",
        &[
            File("roster/users.csv", USERS),
            File(
                "roster/classes.csv",
                "sourcedId,title,classType,subjects\nc1,1a,homeroom,\nc2,1b,homeroom,\nc3,odd,scheduled,\n\
                 c4,wi1,scheduled,Wiskunde\n",
            ),
            File(
                "roster/enrollments.csv",
                "classSourcedId,userSourcedId,role\nc1,u1,student\nc2,u1,student\nc4,u9,student\nc3,u1,student\n",
            ),
        ],
        "import oneroster roster new",
    ),
    (
        "more that cannot be placed than is shown",
        &[File(
            "roster/users.csv",
            "sourcedId,role\nu1,student\nu2,x\nu3,x\nu4,x\nu5,x\nu6,x\nu7,x\nu8,x\nu9,x\nu10,x\nu11,x\nu12,x\nu13,x\n\
             u14,x\nu15,x\nu16,x\nu17,x\nu18,x\nu19,x\nu20,x\nu21,x\nu22,x\nu23,x\n",
        )],
        "import oneroster roster new",
    ),
    (
        "a cell that no table has",
        &[File("roster/users.csv", "sourcedId,role\nu1,student\u{7}\n")],
        "import oneroster roster new",
    ),
    ("a zip file that is none", &[File("roster.zip", "no zip")], "import oneroster roster.zip new"),
    ("a zip file that is not there", &[], "import oneroster roster.zip new"),
    (
        "a zip file that was cut off",
        &[Run("export oneroster school school/schedule roster.zip --from 2027-01-11"), Cut("roster.zip", 40)],
        "import oneroster roster.zip new",
    ),
    ("an unknown column of ids", &[], "import oneroster roster new --id email"),
    ("an unknown priority", &[], "import oneroster roster new --needs often"),
    (
        "a file for the school",
        &[File("roster/users.csv", USERS), File("new", "")],
        "import oneroster roster new",
    ),
    (
        "a school made by hand",
        &[File("roster/users.csv", USERS), File("roster/roles.csv", ROLES)],
        "import oneroster roster school",
    ),
    (
        "rows added to a file that is no table",
        &[File("roster/users.csv", USERS), File("school/students.csv", "student,name\ns1,Ali,too many\n")],
        "import oneroster roster school --add",
    ),
    (
        "a folder where a file is to be replaced",
        &[File("roster/users.csv", USERS), Remove("school/students.csv"), Folder("school/students.csv")],
        "import oneroster roster school --force",
    ),
    (
        "a folder where rows are to be added",
        &[File("roster/users.csv", USERS), Remove("school/students.csv"), Folder("school/students.csv")],
        "import oneroster roster school --add",
    ),
    ("both adding and replacing", &[], "import oneroster roster school --add --force"),
];

const PERIODS: &str = "period,start,end\n1,08:30,09:20\n";
const LESSON: &str = "1,\"1A\",\"VOL\",\"D\",\"102\",1,1,,\n";

const UNTIS: &[Mistake] = &[
    ("a folder that is not there", &[], "import untis gpu new"),
    ("a file for a folder", &[File("GPU001.TXT", LESSON)], "import untis GPU001.TXT new"),
    ("a folder with nothing of Untis", &[File("gpu/notes.txt", "x")], "import untis gpu new"),
    ("lessons without the times of periods", &[File("gpu/GPU001.TXT", LESSON)], "import untis gpu new"),
    (
        "periods that are not there",
        &[File("gpu/GPU001.TXT", LESSON)],
        "import untis gpu new --periods times.csv",
    ),
    (
        "periods without their ends",
        &[File("gpu/GPU001.TXT", LESSON), File("gpu/periods.csv", "period,start\n1,08:30\n")],
        "import untis gpu new",
    ),
    (
        "a day and a period that are not there",
        &[
            File(
                "gpu/GPU001.TXT",
                "1,\"1A\",\"VOL\",\"D\",\"102\",1,1,,\n2,\"1A\",,,,9,1,,\n3,\"1A\",,,,1,7,,\n",
            ),
            File("gpu/periods.csv", PERIODS),
        ],
        "import untis gpu new",
    ),
    (
        "a choice without a student, an id that is none, a room without seats",
        &[
            File("gpu/GPU005.TXT", "\"102\",\"Raum 102\",,,,,,many\n"),
            File("gpu/GPU006.TXT", "\"D|E\",\"Deutsch\"\n"),
            File("gpu/GPU015.TXT", "\"s1\",4,,,,,,,,,,,\n\"s1\",4,\"D\",,,,,,,,,,\n"),
        ],
        "import untis gpu new",
    ),
    ("a folder for a file", &[Folder("gpu/GPU010.TXT")], "import untis gpu new"),
    ("an unknown priority", &[], "import untis gpu new --priority often"),
];

const CALENDAR: &str = "import ics cal.ics school --who staff:ann --from 2027-01-11";
const EVENTS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n\
    BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:none\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20270111T0900\r\nDTEND:20270111T100000\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:3\r\nDTSTART;TZID=Mars/Base:20270111T090000\r\nDTEND:20270111T100000\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:4\r\nDTSTART:20270111T090000\r\nDTEND:never\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:5\r\nDTSTART:20270111T090000\r\nDURATION:long\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:6\r\nDTSTART:20270111T090000\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:7\r\nDTSTART:20270111T090000\r\nDTEND:20270111T080000\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:8\r\nDTSTART:20261214T090000\r\nDTEND:20261214T100000\r\n\
    RRULE:FREQ=MINUTELY\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:9\r\nDTSTART:20261214T090000\r\nDTEND:20261214T100000\r\n\
    RRULE:FREQ=WEEKLY;BYWEEKNO=2\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:10\r\nDTSTART:20261214T090000\r\nDTEND:20261214T100000\r\n\
    RRULE:FREQ=WEEKLY;BYDAY=1MO\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:11\r\nDTSTART:20261214T090000\r\nDTEND:20261214T100000\r\n\
    RRULE:FREQ=DAILY;INTERVAL=some\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:12\r\nDTSTART:99991231T090000\r\nDURATION:P2D\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:13\r\nDTSTART;VALUE=DATE:99991231\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

const ICS: &[Mistake] = &[
    ("a file that is not there", &[], CALENDAR),
    ("a file that is no calendar", &[File("cal.ics", "Mon 9:00 dentist\n")], CALENDAR),
    (
        "a calendar that breaks off",
        &[File("cal.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VTODO\r\n")],
        CALENDAR,
    ),
    ("a file that is no text", &[Bytes("cal.ics", b"BEGIN:VCALENDAR\xff")], CALENDAR),
    ("events without a time that can be read", &[File("cal.ics", EVENTS)], CALENDAR),
    ("nobody's calendar", &[], "import ics cal.ics school --who ann --from 2027-01-11"),
    ("a sort of owner that is none", &[], "import ics cal.ics school --who teacher:ann --from 2027-01-11"),
    ("an unknown member of staff", &[], "import ics cal.ics school --who staff:anm --from 2027-01-11"),
    ("an unknown place", &[], "import ics cal.ics school --who place:gym --from 2027-01-11"),
    ("an unknown year", &[], "import ics cal.ics school --who year:2 --from 2027-01-11"),
    ("a date that is none", &[], "import ics cal.ics school --who staff:ann --from 11-1-2027"),
    ("a date too far away", &[], "import ics cal.ics school --who staff:ann --from 9999-12-30"),
    (
        "an unknown time zone",
        &[],
        "import ics cal.ics school --who staff:ann --from 2027-01-11 --timezone Europe/Utrecht",
    ),
    (
        "a weekday that is none",
        &[],
        "import ics cal.ics school --who staff:ann --from 2027-01-11 --weekdays mon,today",
    ),
    (
        "more weekdays than days",
        &[],
        "import ics cal.ics school --who staff:ann --from 2027-01-11 --weekdays mon,tue",
    ),
    (
        "days that are no weekdays",
        &[File("school/school.toml", "name = \"Cycle\"\ndays = [\"A\", \"B\"]\n")],
        CALENDAR,
    ),
];

const CHOICES: &[Mistake] = &[
    ("a file that is not there", &[], "import choices choices.csv school"),
    (
        "a school without students",
        &[File("choices.csv", "student,choice\ns1,wi\n")],
        "import choices choices.csv nowhere",
    ),
    (
        "nobody to say whose choices these are",
        &[File("choices.csv", "pupil,choice\ns1,wi\n")],
        "import choices choices.csv school --add",
    ),
    (
        "unknown students and subjects, and a subject twice",
        &[File("choices.csv", "student,choice 1,choice 2\ns1,wi,wi\ns9,wi,\ns2,dancing,\n")],
        "import choices choices.csv school --add",
    ),
    (
        "two students of one name",
        &[
            File("school/students.csv", "student,name\ns1,Ali Bos\ns2,Ali Bos\n"),
            File("choices.csv", "name,choice\nAli Bos,wi\ns2,wi\n"),
        ],
        "import choices choices.csv school --add",
    ),
    ("an unknown priority", &[], "import choices choices.csv school --priorities must,maybe"),
];

#[test]
fn oneroster() {
    insta::assert_snapshot!(said(ONEROSTER));
}

#[test]
fn untis() {
    insta::assert_snapshot!(said(UNTIS));
}

#[test]
fn calendars() {
    insta::assert_snapshot!(said(ICS));
}

#[test]
fn choices() {
    insta::assert_snapshot!(said(CHOICES));
}
