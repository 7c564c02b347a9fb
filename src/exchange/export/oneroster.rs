//! OneRoster 1.1 CSV in bulk: every session and coaching group is a class with its enrollments, with the
//! courses, people, term and school that they refer to.

use crate::exchange::dates::Calendar;
use crate::exchange::{Quotes, Table};
use crate::school::{Role, SubjectId};
use crate::timetable::{Session, Timetable, What};
use crate::write::file_stem;
use crate::write::files::{COACHING, STUDY};

use super::{File, split_name};

const TERM: &str = "term";
/// The course of the classes of the school.
const HOMEROOM: &str = "homeroom";

/// What the manifest says of each file of the standard: whether it is there.
const FILES: [(&str, bool); 14] = [
    ("academicSessions", true),
    ("categories", false),
    ("classes", true),
    ("classResources", false),
    ("courses", true),
    ("courseResources", false),
    ("demographics", false),
    ("enrollments", true),
    ("lineItems", false),
    ("orgs", true),
    ("resources", false),
    ("results", false),
    ("users", true),
    ("manifest", true),
];

pub fn export(timetable: &Timetable, calendar: &Calendar) -> Vec<File> {
    let org = org_id(timetable);
    let classes = classes(timetable);
    let file = |name: &str, table: Table| File::new(name, table.into_text());
    vec![
        file("manifest.csv", manifest(&timetable.school.name)),
        file("orgs.csv", orgs(timetable, &org)),
        file("academicSessions.csv", terms(calendar)),
        file("courses.csv", courses(timetable, &org)),
        file("users.csv", users(timetable, &org)),
        file("classes.csv", class_rows(timetable, &classes, &org)),
        file("enrollments.csv", enrollments(timetable, &classes, &org)),
    ]
}

fn org_id(timetable: &Timetable) -> String {
    file_stem(&timetable.school.name).to_lowercase()
}

fn manifest(school: &str) -> Table {
    let mut table = Table::with_header(Quotes::Needed, ["propertyName", "value"]);
    table.push(["manifest.version", "1.0"]);
    table.push(["oneroster.version", "1.1"]);
    for (name, present) in FILES.iter().filter(|(name, _)| *name != "manifest") {
        table.push([format!("file.{name}").as_str(), if *present { "bulk" } else { "absent" }]);
    }
    table.push(["source.systemName", "leerzone"]);
    table.push(["source.systemCode", school]);
    table
}

fn orgs(timetable: &Timetable, org: &str) -> Table {
    let header = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"];
    let mut table = Table::with_header(Quotes::Needed, header);
    table.push([org, "", "", &timetable.school.name, "school", "", ""]);
    table
}

fn terms(calendar: &Calendar) -> Table {
    let header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "type",
        "startDate",
        "endDate",
        "parentSourcedId",
        "schoolYear",
    ];
    let mut table = Table::with_header(Quotes::Needed, header);
    let (from, until) = (calendar.from.to_string(), calendar.until.to_string());
    // A school year is named after the calendar year in which it ends; it begins in August.
    let year = calendar.until.year() + i16::from(calendar.until.month() >= 8);
    table.push([TERM, "", "", &format!("{from} - {until}"), "term", &from, &until, "", &year.to_string()]);
    table
}

/// Names and ids of subjects, joined as the standard joins lists.
fn subject_lists(timetable: &Timetable, subjects: &[SubjectId]) -> [String; 2] {
    let school = timetable.school;
    let names: Vec<&str> = subjects.iter().map(|subject| school[*subject].name.as_str()).collect();
    let codes: Vec<&str> = subjects.iter().map(|subject| school[*subject].id.as_str()).collect();
    [names.join(","), codes.join(",")]
}

fn courses(timetable: &Timetable, org: &str) -> Table {
    let header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "schoolYearSourcedId",
        "title",
        "courseCode",
        "grades",
        "orgSourcedId",
        "subjects",
        "subjectCodes",
    ];
    let mut table = Table::with_header(Quotes::Needed, header);
    for offering in &timetable.school.offerings {
        let [names, codes] = subject_lists(timetable, &offering.subjects);
        let id = offering.id.as_str();
        table.push([id, "", "", "", &offering.name, id, "", org, &names, &codes]);
    }
    for id in [COACHING, STUDY, HOMEROOM] {
        table.push([id, "", "", "", id, id, "", org, "", ""]);
    }
    table
}

fn users(timetable: &Timetable, org: &str) -> Table {
    let header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "enabledUser",
        "orgSourcedIds",
        "role",
        "username",
        "userIds",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
        "password",
    ];
    let mut table = Table::with_header(Quotes::Needed, header);
    let mut user = |id: &str, name: &str, role: &str, grade: &str| {
        let (first, last) = split_name(name);
        table.push([id, "", "", "true", org, role, id, "", first, last, "", id, "", "", "", "", grade, ""]);
    };
    for student in &timetable.school.students {
        user(&student.id, &student.name, "student", &student.year);
    }
    for staff in &timetable.school.staff {
        let leads = [Role::Teacher, Role::Instructor, Role::Coach, Role::Guest];
        let teaches = leads.into_iter().any(|role| staff.roles.has(role));
        user(&staff.id, &staff.name, if teaches { "teacher" } else { "aide" }, "");
    }
    table
}

/// The sessions of each class: one, or the meetings of a coaching group.
fn classes<'a>(timetable: &'a Timetable) -> Vec<Vec<&'a Session>> {
    let mut classes: Vec<Vec<&'a Session>> = Vec::new();
    for session in &timetable.sessions {
        let same = |class: &&mut Vec<&Session>| {
            session.what == What::Coaching && class[0].what == What::Coaching && class[0].id == session.id
        };
        match classes.iter_mut().find(same) {
            Some(class) => class.push(session),
            None => classes.push(vec![session]),
        }
    }
    classes
}

fn class_rows(timetable: &Timetable, classes: &[Vec<&Session>], org: &str) -> Table {
    let header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "grades",
        "courseSourcedId",
        "classCode",
        "classType",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
        "subjects",
        "subjectCodes",
        "periods",
    ];
    let mut table = Table::with_header(Quotes::Needed, header);
    for class in classes {
        let session = class[0];
        // Coaching groups have no other name, and one is not like another.
        let title = match session.what {
            What::Coaching => session.id.as_str(),
            _ => timetable.offering_name(session).unwrap_or(timetable.offering_id(session)),
        };
        let [names, codes] = match session.what {
            What::Offering(offering) => subject_lists(timetable, &timetable.school[offering].subjects),
            What::Coaching | What::Study => Default::default(),
        };
        let periods: Vec<&str> = class.iter().map(|s| timetable.school[s.block].id.as_str()).collect();
        let kind = if session.what == What::Coaching { "homeroom" } else { "scheduled" };
        table.push([
            session.id.as_str(),
            "",
            "",
            title,
            "",
            timetable.offering_id(session),
            &session.id,
            kind,
            timetable.place_id(session),
            org,
            TERM,
            &names,
            &codes,
            &periods.join(","),
        ]);
    }
    for class in school_classes(timetable) {
        let id = homeroom_id(class);
        table.push([id.as_str(), "", "", class, "", HOMEROOM, class, HOMEROOM, "", org, TERM, "", "", ""]);
    }
    table
}

/// Each once, in the order of the students.
fn school_classes<'a>(timetable: &'a Timetable) -> Vec<&'a str> {
    let mut classes: Vec<&str> = Vec::new();
    for student in timetable.school.students.iter().filter(|student| !student.class.is_empty()) {
        if !classes.contains(&student.class.as_str()) {
            classes.push(&student.class);
        }
    }
    classes
}

fn homeroom_id(class: &str) -> String {
    format!("class:{class}")
}

fn enrollments(timetable: &Timetable, classes: &[Vec<&Session>], org: &str) -> Table {
    let header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ];
    let school = timetable.school;
    let mut table = Table::with_header(Quotes::Needed, header);
    for class in classes {
        let session = class[0];
        let mut students: Vec<_> = class.iter().flat_map(|s| &s.seats).map(|seat| seat.student).collect();
        students.sort_unstable();
        students.dedup();
        let students = students.into_iter().map(|student| (school[student].id.as_str(), "student", ""));
        let helpers = session.assistants.iter().map(|staff| (school[*staff].id.as_str(), "aide", ""));
        let lead = (school[session.lead].id.as_str(), "teacher", "true");
        for (user, role, primary) in std::iter::once(lead).chain(helpers).chain(students) {
            let id = format!("{}:{user}", session.id);
            table.push([id.as_str(), "", "", &session.id, org, user, role, primary, "", ""]);
        }
    }
    for student in school.students.iter().filter(|student| !student.class.is_empty()) {
        let class = homeroom_id(&student.class);
        let id = format!("{class}:{}", student.id);
        table.push([id.as_str(), "", "", &class, org, &student.id, "student", "", "", ""]);
    }
    table
}

/// Whether a file is one of those that an export writes.
pub fn is_known(name: &str) -> bool {
    FILES.iter().any(|(known, present)| *present && name.strip_suffix(".csv") == Some(*known))
}
