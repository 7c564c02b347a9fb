//! OneRoster CSV, 1.1 or 1.2, and folders of Microsoft School Data Sync: users become students and staff, classes
//! give subjects, homerooms give classes and coaches, enrollments what staff teach and what students need.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;

use crate::exchange::zipped;
use crate::read::columns;
use crate::school::Priority;
use crate::write::file_stem;
use crate::write::files::{COACHING, STUDY};

use super::sheet::{Sheet, cell};
use super::{ColumnMap, Counted, Draft, Import, unusable_id};

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

/// What becomes a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SubjectFrom {
    /// The subject code of the class or its course
    Code,
    /// The course
    Course,
}

/// What is taken from a roster, and how.
#[derive(Clone, Debug)]
pub struct Options {
    pub ids: IdColumn,
    /// Of the needs that enrollments become; `None`: they become none.
    pub needs: Option<Priority>,
    pub subjects: SubjectFrom,
    /// Only the people and classes of this school.
    pub org: Option<String>,
    /// The day on which enrollments and roles must hold.
    pub date: Date,
}

/// # Errors
/// `users.csv` is missing, or a file cannot be read.
pub fn import(source: &Path, options: &Options, map: &ColumnMap) -> Result<Import, String> {
    let mut import = Import::default();
    let roster = Roster { files: Files::open(source)?, map };
    let missing = || format!("cannot read {}: it holds no users.csv", source.display());
    let users = roster.sheet("users.csv")?.ok_or_else(missing)?;
    let roles = roster.sheet("roles.csv")?;
    users.must_have(&["sourcedId", options.ids.name()])?;
    match &roles {
        Some(roles) => roles.must_have(&["userSourcedId", "role"])?,
        None => users.must_have(&["role"])?,
    }
    let mut people = People::read(&users, roles.as_ref(), options, &mut import);
    let courses = roster.sheet("courses.csv")?;
    let classes = match roster.sheet("classes.csv")? {
        Some(sheet) => {
            sheet.must_have(&["sourcedId", "title"])?;
            Classes::read(&sheet, courses.as_ref(), options, &mut import)
        }
        None => Classes::default(),
    };
    let mut needs = Counted::default();
    if let Some(sheet) = roster.sheet("enrollments.csv")? {
        sheet.must_have(&["classSourcedId", "userSourcedId"])?;
        enroll(&sheet, &classes, &mut people, options, &mut needs, &mut import);
    }
    people.hand_out(&classes, &mut import);
    import.add(needs.into_draft());
    map.note_unused(&mut import);
    Ok(import)
}

/// The files, as the standard hands them over in a zip file or unpacked.
enum Files<'a> {
    Folder(&'a Path),
    Zip(HashMap<String, Vec<u8>>),
}

impl<'a> Files<'a> {
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
}

struct Roster<'a> {
    files: Files<'a>,
    map: &'a ColumnMap,
}

impl Roster<'_> {
    /// The table of that name, if there is one.
    fn sheet(&self, file: &str) -> Result<Option<Sheet>, String> {
        let sheet = match &self.files {
            Files::Folder(folder) => {
                let path = folder.join(file);
                crate::open::is_there(&path).then(|| Sheet::read_csv(&path)).transpose()?
            }
            Files::Zip(files) => {
                let sheet = files.get(file).map(|bytes| Sheet::of_bytes(file, bytes)).transpose()?;
                sheet.map(Sheet::with_header)
            }
        };
        Ok(sheet.map(|sheet| self.map.rename(sheet)))
    }
}

/// Titles of the columns that say to which school a row belongs.
const ORG: [&str; 4] = ["orgSourcedIds", "primaryOrgSourcedId", "orgSourcedId", "schoolSourcedId"];

/// Why a row does not count, in a few words; nothing where it does.
fn reason_to_skip(sheet: &Sheet, row: &[String], options: &Options) -> Option<&'static str> {
    let text = |titles: &[&str]| cell(row, sheet.column(titles));
    let date = |titles: &[&str]| text(titles).get(..10).and_then(|date| date.parse::<Date>().ok());
    let status = text(&["status"]).to_lowercase();
    if status == "tobedeleted" || text(&["enabledUser"]).eq_ignore_ascii_case("false") {
        return Some("deleted or disabled");
    }
    if status == "inactive" {
        return Some("inactive");
    }
    if date(&["endDate", "roleEndDate"]).is_some_and(|end| end < options.date) {
        return Some("ended before the date");
    }
    if date(&["beginDate", "roleStartDate"]).is_some_and(|begin| begin > options.date) {
        return Some("begins after the date");
    }
    let orgs: Vec<&str> = text(&ORG).split([',', '|']).map(str::trim).filter(|org| !org.is_empty()).collect();
    let wanted = options.org.as_deref();
    (!orgs.is_empty() && wanted.is_some_and(|org| !orgs.contains(&org))).then_some("of another school")
}

/// The rows that count; why others do not is counted.
fn rows_that_count<'s>(
    sheet: &'s Sheet,
    options: &Options,
    import: &mut Import,
) -> Vec<&'s (usize, Vec<String>)> {
    import.open(sheet);
    let mut rows = Vec::new();
    for row in &sheet.rows {
        match reason_to_skip(sheet, &row.1, options) {
            None => rows.push(row),
            Some(reason) => import.skip(&sheet.name, reason, 1),
        }
    }
    rows
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
    fn read(users: &Sheet, roles: Option<&Sheet>, options: &Options, import: &mut Import) -> Self {
        let of_user = roles.map(|roles| roles_of_users(roles, options, import));
        let at = |name: &str| users.column(&[name]);
        let [sourced, id, role, grades] = [at("sourcedId"), at(options.ids.name()), at("role"), at("grades")];
        let [given, family] = [at("givenName"), at("familyName")];
        let mut people = Self::default();
        let mut orgs: BTreeSet<&str> = BTreeSet::new();
        for (line, row) in rows_that_count(users, options, import) {
            let source = cell(row, sourced);
            let by_role = of_user.as_ref().map(|of_user| of_user.get(source));
            if let Some(None) = by_role {
                import.skip(&users.name, "no role that counts", 1);
                continue;
            }
            let by_role = by_role.flatten();
            let role = by_role.map_or(cell(row, role), |by_role| by_role.role.as_str());
            let Some(sort) = sort(role) else {
                let message = format!(
                    "the user has the role `{role}`, for which there is no file; all of that role are left out"
                );
                import.leave_out_all(users, *line, &format!("role `{role}`"), message);
                continue;
            };
            orgs.extend(cell(row, users.column(&ORG)).split(',').filter(|org| !org.is_empty()));
            let id = cell(row, id);
            if let Some(why) = unusable_id(id) {
                import.leave_out(users, *line, "no usable id", why);
                continue;
            }
            let grade = by_role.map(|by_role| by_role.grade.as_str()).filter(|grade| !grade.is_empty());
            let grade = grade.unwrap_or(cell(row, grades));
            people.by_source.insert(source.to_owned(), people.rows.len());
            people.rows.push(Person {
                id: id.to_owned(),
                name: format!("{} {}", cell(row, given), cell(row, family)).trim().to_owned(),
                sort,
                grade: grade.split(',').next().unwrap_or_default().trim().to_owned(),
                class: String::new(),
                coach: None,
                coaches: false,
                subjects: Vec::new(),
            });
        }
        if orgs.len() > 1 {
            let orgs = orgs.into_iter().collect::<Vec<_>>().join(", ");
            import.note(&users.name, format!("users of several schools: {orgs}; --org takes those of one"));
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

/// What `roles.csv` says of a user.
struct UserRole {
    role: String,
    grade: String,
}

/// The primary role of each user, or the first.
fn roles_of_users(roles: &Sheet, options: &Options, import: &mut Import) -> HashMap<String, UserRole> {
    let at = |name: &str| roles.column(&[name]);
    let [user, role, kind, primary, grade] =
        [at("userSourcedId"), at("role"), at("roleType"), at("isPrimary"), at("grade")];
    let mut of_user = HashMap::new();
    for (_, row) in rows_that_count(roles, options, import) {
        let primary = cell(row, kind).eq_ignore_ascii_case("primary")
            || cell(row, primary).eq_ignore_ascii_case("true");
        if primary || !of_user.contains_key(cell(row, user)) {
            let found = UserRole { role: cell(row, role).to_owned(), grade: cell(row, grade).to_owned() };
            of_user.insert(cell(row, user).to_owned(), found);
        }
    }
    of_user
}

enum Class {
    Homeroom(String),
    /// A coaching group, as leerzone exports it: its teacher coaches its students.
    Coaching,
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
    fn read(sheet: &Sheet, courses: Option<&Sheet>, options: &Options, import: &mut Import) -> Self {
        let at = |name: &str| sheet.column(&[name]);
        let [sourced, title, kind] = [at("sourcedId"), at("title"), at("classType")];
        let [course, names, codes] = [at("courseSourcedId"), at("subjects"), at("subjectCodes")];
        let mut classes = Self::default();
        let mut courses_of: HashMap<String, BTreeSet<String>> = HashMap::new();
        let by_id: HashMap<&str, Course> = courses.map(|courses| Course::all(courses)).unwrap_or_default();
        for (line, row) in rows_that_count(sheet, options, import) {
            let course = cell(row, course);
            let class = if course == COACHING {
                Class::Coaching
            } else if course == STUDY {
                import.skip(&sheet.name, "study, which is no subject", 1);
                continue;
            } else if cell(row, kind).eq_ignore_ascii_case("homeroom") {
                Class::Homeroom(cell(row, title).to_owned())
            } else {
                let of_class = subject(cell(row, codes), cell(row, names));
                let known = by_id.get(course);
                let found = match options.subjects {
                    SubjectFrom::Course => known.and_then(|course| course.itself.clone()).or(of_class),
                    SubjectFrom::Code => of_class.or_else(|| known.and_then(|course| course.subject.clone())),
                };
                match found {
                    Some((id, name)) => {
                        courses_of.entry(id.clone()).or_default().insert(course.to_owned());
                        if !classes.subjects.iter().any(|(known, _)| *known == id) {
                            classes.subjects.push((id.clone(), name));
                        }
                        Class::Scheduled(id)
                    }
                    None => {
                        let title = cell(row, title);
                        let message = format!("class `{title}` names no subject and no course");
                        import.leave_out(sheet, *line, "no subject and no course", message);
                        continue;
                    }
                }
            };
            classes.by_source.insert(cell(row, sourced).to_owned(), class);
        }
        for (subject, _) in &classes.subjects {
            let courses: Vec<&str> = courses_of[subject].iter().map(String::as_str).collect();
            if courses.len() > 1 {
                let message = format!(
                    "courses {} are one subject, `{subject}`; --subjects course makes each a subject of its own",
                    courses.join(", ")
                );
                import.note(&sheet.name, message);
            }
        }
        classes
    }
}

type Subject = (String, String);

/// A row of `courses.csv`.
struct Course {
    /// What it teaches; a course that names no subject is one itself.
    subject: Option<Subject>,
    itself: Option<Subject>,
}

impl Course {
    fn all(sheet: &Sheet) -> HashMap<&str, Self> {
        let at = |titles: &[&str]| sheet.column(titles);
        let [id, title] = [at(&["sourcedId"]), at(&["title"])];
        let [codes, names, code] =
            [at(&["subjectCodes"]), at(&["subjects", "subject"]), at(&["courseCode", "code"])];
        let course = |(_, row): &(usize, Vec<String>)| {
            let code = Some(cell(row, code)).filter(|code| !code.is_empty()).unwrap_or(cell(row, id));
            let itself = subject(code, cell(row, title));
            let subject = subject(cell(row, codes), cell(row, names)).or_else(|| itself.clone());
            Self { subject, itself }
        };
        sheet.rows.iter().map(|row| (cell(&row.1, id), course(row))).collect()
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

fn enroll(
    sheet: &Sheet,
    classes: &Classes,
    people: &mut People,
    options: &Options,
    needs: &mut Counted,
    import: &mut Import,
) {
    let at = |name: &str| sheet.column(&[name]);
    let [class, user, role] = [at("classSourcedId"), at("userSourcedId"), at("role")];
    let mut coaches: HashMap<&str, usize> = HashMap::new();
    let mut homerooms: Vec<(usize, &str)> = Vec::new();
    let mut seen = HashSet::new();
    for (line, row) in rows_that_count(sheet, options, import) {
        let (class, user) = (cell(row, class), cell(row, user));
        let (Some(known), Some(&who)) = (classes.by_source.get(class), people.by_source.get(user)) else {
            let message = format!("`{user}` in class `{class}`: one of the two was not read");
            import.leave_out_all(sheet, *line, "user or class not read", message);
            continue;
        };
        if !seen.insert((class, user)) {
            import.skip(&sheet.name, "twice in the file", 1);
            continue;
        }
        let person = &mut people.rows[who];
        match (known, person.sort) {
            (Class::Homeroom(title), Sort::Student) if person.class.is_empty() => {
                person.class.clone_from(title);
                homerooms.push((who, class));
            }
            (Class::Homeroom(title), Sort::Student) => {
                let message =
                    format!("{} is in `{}` already, not in `{title}` too", person.name, person.class);
                import.leave_out(sheet, *line, "in another homeroom", message);
            }
            (Class::Coaching, Sort::Student) => homerooms.push((who, class)),
            (Class::Homeroom(_) | Class::Coaching, _) => {
                if cell(row, role).eq_ignore_ascii_case("teacher") {
                    person.coaches = true;
                    coaches.entry(class).or_insert(who);
                }
            }
            (Class::Scheduled(subject), Sort::Student) => {
                if let Some(priority) = options.needs {
                    needs.add(&person.id, subject, priority);
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
        let coach = coaches.get(class).copied();
        people.rows[student].coach = coach.or(people.rows[student].coach);
    }
}
