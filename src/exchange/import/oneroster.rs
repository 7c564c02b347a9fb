//! OneRoster CSV, 1.1 or 1.2: users become students and staff, classes give subjects, homerooms give
//! classes and coaches, enrollments what staff teach and, if asked for, what students need.

use std::collections::HashMap;
use std::path::Path;

use crate::exchange::zipped;
use crate::read::columns;
use crate::school::Priority;
use crate::write::file_stem;

use super::sheet::{Sheet, cell};
use super::{Draft, Import, unusable_id};

/// Which column of `users.csv` gives the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum IdColumn {
    /// sourcedId
    Sourced,
    /// username
    Username,
    /// identifier
    Identifier,
}

impl IdColumn {
    fn name(self) -> &'static str {
        match self {
            IdColumn::Sourced => "sourcedId",
            IdColumn::Username => "username",
            IdColumn::Identifier => "identifier",
        }
    }
}

/// # Errors
/// `users.csv` is missing, or a file cannot be read.
pub fn import(source: &Path, ids: IdColumn, needs: Option<Priority>) -> Result<Import, String> {
    let mut import = Import::default();
    let roster = Roster::open(source)?;
    let missing = || format!("cannot read {}: it holds no users.csv", source.display());
    let users = roster.sheet("users.csv")?.ok_or_else(missing)?;
    let roles = roster.sheet("roles.csv")?;
    users.must_have(&["sourcedId", ids.name()])?;
    match &roles {
        Some(roles) => roles.must_have(&["userSourcedId", "role"])?,
        None => users.must_have(&["role"])?,
    }
    let mut people = People::read(&users, roles.as_ref(), ids, &mut import);
    let courses = roster.sheet("courses.csv")?;
    let classes = match roster.sheet("classes.csv")? {
        Some(sheet) => {
            sheet.must_have(&["sourcedId", "title"])?;
            Classes::read(&sheet, courses.as_ref(), &mut import)
        }
        None => Classes::default(),
    };
    let mut wishes = Draft::new(&columns::NEEDS, ["who", "subject", "sessions", "priority"]);
    if let Some(sheet) = roster.sheet("enrollments.csv")? {
        sheet.must_have(&["classSourcedId", "userSourcedId"])?;
        enroll(&sheet, &classes, &mut people, needs, &mut wishes, &mut import);
    }
    people.hand_out(&classes, &mut import);
    import.add(wishes);
    Ok(import)
}

/// The files, as the standard hands them over in a zip file or unpacked.
enum Roster<'a> {
    Folder(&'a Path),
    Zip(HashMap<String, Vec<u8>>),
}

impl<'a> Roster<'a> {
    fn open(source: &'a Path) -> Result<Self, String> {
        if zipped::is_zip(source) {
            Ok(Self::Zip(zipped::unpack(source)?))
        } else if source.is_dir() {
            Ok(Self::Folder(source))
        } else {
            Err(format!(
                "{} is no folder: name the folder or the *.zip file that holds users.csv",
                source.display()
            ))
        }
    }

    /// The table of that name, if there is one.
    fn sheet(&self, file: &str) -> Result<Option<Sheet>, String> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(file);
                crate::open::is_there(&path).then(|| Sheet::read_csv(&path)).transpose()
            }
            Self::Zip(files) => {
                let sheet = files.get(file).map(|bytes| Sheet::of_bytes(file, bytes)).transpose()?;
                Ok(sheet.map(Sheet::with_header))
            }
        }
    }
}

/// Rows that the other system has struck out.
fn is_gone(sheet: &Sheet, row: &[String]) -> bool {
    cell(row, sheet.column(&["status"])).eq_ignore_ascii_case("tobedeleted")
        || cell(row, sheet.column(&["enabledUser"])).eq_ignore_ascii_case("false")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Student,
    Teacher,
    Aide,
}

fn sort(role: &str) -> Option<Sort> {
    match role.to_lowercase().as_str() {
        "student" => Some(Sort::Student),
        "teacher" => Some(Sort::Teacher),
        "aide" | "proctor" => Some(Sort::Aide),
        _ => None,
    }
}

struct Person {
    id: String,
    name: String,
    sort: Sort,
    grade: String,
    class: String,
    /// Index of the coach.
    coach: Option<usize>,
    coaches: bool,
    subjects: Vec<String>,
}

/// In the order of the file.
#[derive(Default)]
struct People {
    rows: Vec<Person>,
    by_source: HashMap<String, usize>,
}

impl People {
    fn read(users: &Sheet, roles: Option<&Sheet>, ids: IdColumn, import: &mut Import) -> Self {
        let of_user = roles.map(roles_of_users).unwrap_or_default();
        let at = |name: &str| users.column(&[name]);
        let [sourced, id, role, grades] = [at("sourcedId"), at(ids.name()), at("role"), at("grades")];
        let [given, family] = [at("givenName"), at("familyName")];
        let mut people = Self::default();
        for (line, row) in users.rows.iter().filter(|(_, row)| !is_gone(users, row)) {
            let (place, source) = (users.place(*line), cell(row, sourced));
            let role = of_user.get(source).map_or(cell(row, role), String::as_str);
            let Some(sort) = sort(role) else {
                import.note(place, format!("the user has the role `{role}`, for which there is no file"));
                continue;
            };
            let id = cell(row, id);
            if let Some(why) = unusable_id(id) {
                import.note(place, why);
                continue;
            }
            people.by_source.insert(source.to_owned(), people.rows.len());
            people.rows.push(Person {
                id: id.to_owned(),
                name: format!("{} {}", cell(row, given), cell(row, family)).trim().to_owned(),
                sort,
                grade: cell(row, grades).split(',').next().unwrap_or_default().trim().to_owned(),
                class: String::new(),
                coach: None,
                coaches: false,
                subjects: Vec::new(),
            });
        }
        people
    }

    /// The drafts of students, staff and subjects.
    fn hand_out(&self, classes: &Classes, import: &mut Import) {
        let mut students = Draft::new(&columns::STUDENTS, ["student", "name", "class", "year", "coach"]);
        let mut staff = Draft::new(&columns::STAFF, ["staff", "name", "roles", "subjects"]);
        for person in &self.rows {
            let coach = person.coach.map_or("", |coach| &self.rows[coach].id);
            match (person.sort, person.coaches) {
                (Sort::Student, _) => {
                    students.push([&person.id, &person.name, &person.class, &person.grade, coach]);
                }
                (sort, coaches) => {
                    let roles = match (sort, coaches) {
                        (Sort::Aide, _) => "assistant",
                        (_, true) => "teacher|coach",
                        (_, false) => "teacher",
                    };
                    staff.push([&person.id, &person.name, roles, &person.subjects.join("|")]);
                }
            }
        }
        let mut subjects = Draft::new(&columns::SUBJECTS, ["subject", "name"]);
        for (id, name) in &classes.subjects {
            subjects.push([id, name]);
        }
        import.add(subjects);
        import.add(staff);
        import.add(students);
    }
}

/// The role of each user by 1.2, where users have a file of roles.
fn roles_of_users(roles: &Sheet) -> HashMap<String, String> {
    let at = |name: &str| roles.column(&[name]);
    let [user, role, kind] = [at("userSourcedId"), at("role"), at("roleType")];
    let mut of_user = HashMap::new();
    for (_, row) in roles.rows.iter().filter(|(_, row)| !is_gone(roles, row)) {
        let primary = cell(row, kind).eq_ignore_ascii_case("primary");
        if primary || !of_user.contains_key(cell(row, user)) {
            of_user.insert(cell(row, user).to_owned(), cell(row, role).to_owned());
        }
    }
    of_user
}

enum Class {
    Homeroom(String),
    /// The subject taught.
    Scheduled(String),
}

#[derive(Default)]
struct Classes {
    by_source: HashMap<String, Class>,
    /// Id and name, in the order of the classes.
    subjects: Vec<(String, String)>,
}

impl Classes {
    fn read(sheet: &Sheet, courses: Option<&Sheet>, import: &mut Import) -> Self {
        let at = |name: &str| sheet.column(&[name]);
        let [sourced, title, kind] = [at("sourcedId"), at("title"), at("classType")];
        let [course, names, codes] = [at("courseSourcedId"), at("subjects"), at("subjectCodes")];
        let mut classes = Self::default();
        for (line, row) in sheet.rows.iter().filter(|(_, row)| !is_gone(sheet, row)) {
            let class = if cell(row, kind).eq_ignore_ascii_case("homeroom") {
                Class::Homeroom(cell(row, title).to_owned())
            } else {
                let of_course = courses.and_then(|courses| course_subject(courses, cell(row, course)));
                match subject(cell(row, codes), cell(row, names)).or(of_course) {
                    Some((id, name)) => {
                        if !classes.subjects.iter().any(|(known, _)| *known == id) {
                            classes.subjects.push((id.clone(), name));
                        }
                        Class::Scheduled(id)
                    }
                    None => {
                        let title = cell(row, title);
                        import.note(
                            sheet.place(*line),
                            format!("class `{title}` names no subject and no course"),
                        );
                        continue;
                    }
                }
            };
            classes.by_source.insert(cell(row, sourced).to_owned(), class);
        }
        classes
    }
}

/// The first subject of the lists: its id and name.
fn subject(codes: &str, names: &str) -> Option<(String, String)> {
    let first = |list: &str| list.split(',').map(str::trim).find(|item| !item.is_empty()).map(str::to_owned);
    let (code, name) = (first(codes), first(names));
    let id = code.clone().or_else(|| name.as_deref().map(|name| file_stem(name).to_lowercase()))?;
    let name = name.unwrap_or_else(|| id.clone());
    unusable_id(&id).is_none().then_some((id, name))
}

/// What a course teaches; one that names no subject is a subject itself.
fn course_subject(courses: &Sheet, course: &str) -> Option<(String, String)> {
    let at = |name: &str| courses.column(&[name]);
    let (_, row) = courses.rows.iter().find(|(_, row)| cell(row, at("sourcedId")) == course)?;
    let named = subject(cell(row, at("subjectCodes")), cell(row, at("subjects")));
    named.or_else(|| subject(cell(row, at("courseCode")), cell(row, at("title"))))
}

fn enroll(
    sheet: &Sheet,
    classes: &Classes,
    people: &mut People,
    needs: Option<Priority>,
    wishes: &mut Draft,
    import: &mut Import,
) {
    let at = |name: &str| sheet.column(&[name]);
    let [class, user, role] = [at("classSourcedId"), at("userSourcedId"), at("role")];
    let mut coaches: HashMap<&str, usize> = HashMap::new();
    let mut homerooms: Vec<(usize, &str)> = Vec::new();
    for (line, row) in sheet.rows.iter().filter(|(_, row)| !is_gone(sheet, row)) {
        let (class, user) = (cell(row, class), cell(row, user));
        let (Some(known), Some(&who)) = (classes.by_source.get(class), people.by_source.get(user)) else {
            import.note(
                sheet.place(*line),
                format!("`{user}` in class `{class}`: one of the two was not read"),
            );
            continue;
        };
        let person = &mut people.rows[who];
        match (known, person.sort) {
            (Class::Homeroom(title), Sort::Student) if person.class.is_empty() => {
                person.class.clone_from(title);
                homerooms.push((who, class));
            }
            (Class::Homeroom(title), Sort::Student) => {
                let message =
                    format!("{} is in `{}` already, not in `{title}` too", person.name, person.class);
                import.note(sheet.place(*line), message);
            }
            (Class::Homeroom(_), _) => {
                if cell(row, role).eq_ignore_ascii_case("teacher") {
                    person.coaches = true;
                    coaches.entry(class).or_insert(who);
                }
            }
            (Class::Scheduled(subject), Sort::Student) => {
                if let Some(priority) = needs {
                    wishes.push([&person.id, subject, "1", priority.label()]);
                }
            }
            (Class::Scheduled(subject), _) => {
                if !person.subjects.contains(subject) {
                    person.subjects.push(subject.clone());
                }
            }
        }
    }
    for (student, class) in homerooms {
        people.rows[student].coach = coaches.get(class).copied();
    }
}
