//! Answers of Zermelo's API, saved as JSON: users and students, groups, locations and appointments.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::exchange::dates::Calendar;
use crate::exchange::export::zermelo::OWN;
use crate::open;
use crate::read::columns;
use crate::school::Priority;

use super::busy_times::BusyTimes;
use super::{Counted, Draft, Import, unusable_id, year_of};

/// What stands as note in the rows of `busy.csv`.
const NOTE: &str = "zermelo";
/// Seats of a location whose capacity is not given.
const USUAL_SEATS: u64 = 30;

type Object = Map<String, Value>;

/// Reads a file, or every `*.json` of a folder. What an object is shows in its fields.
///
/// # Errors
/// A file cannot be read or is no JSON.
pub fn import(
    source: &Path,
    days: &[String],
    calendar: &Calendar,
    priority: Priority,
) -> Result<Import, String> {
    let mut import = Import::default();
    let answers = Answers::read(source, &mut import)?;
    let groups = Groups::new(&answers);
    people(&answers, &groups, &mut import);
    places(&answers, &mut import);
    let mut needs = Counted::default();
    let mut busy = BusyTimes::new(NOTE);
    for appointment in answers.last_versions(&mut import) {
        let file = &appointment.file;
        let at = appointment.text("start");
        let Some((start, end)) = appointment.times() else {
            import.note(file, format!("the appointment at {at}: start or end is no time"));
            import.skip(file, "start or end is no time", 1);
            continue;
        };
        let choice = ["type", "appointmentType"].iter().any(|field| appointment.text(field) == "choice");
        let own = ["remark", "schedulerRemark"].iter().any(|field| appointment.text(field).starts_with(OWN));
        if choice {
            let subjects: Vec<String> = appointment.texts("subjects").collect();
            for student in appointment.texts("students").filter(|_| !subjects.is_empty()) {
                needs.add(&student, &subjects.join("|"), priority);
            }
        }
        if own {
            import.skip(file, "made by leerzone: no busy time", usize::from(!choice));
            continue;
        }
        let students: Vec<String> = appointment.texts("students").collect();
        let staff = appointment.texts("teachers").map(|id| ("staff", id));
        let rooms = appointment.texts("locations").map(|id| ("place", id));
        let mut attend: Vec<(&str, String)> = students.into_iter().map(|id| ("student", id)).collect();
        if attend.is_empty() && !choice {
            for group in appointment.groups() {
                match groups.members(&group) {
                    Some(members) => attend.extend(members),
                    None => import.note(
                        file,
                        format!("group `{group}` is no class, and nothing says who is in it: its students stay free"),
                    ),
                }
            }
        }
        // A choice can be changed: only its staff and places are busy.
        let attend = attend.into_iter().filter(|_| !choice);
        let mut within = false;
        for (kind, id) in attend.chain(staff).chain(rooms) {
            within |= busy.add(kind, &id, calendar, start, end);
        }
        import.skip(file, "not in these days", usize::from(!within && !choice));
    }
    import.notes.dedup();
    import.add(needs.into_draft());
    import.add(busy.into_draft(days));
    Ok(import)
}

/// One object of an answer.
struct Record {
    file: String,
    fields: Object,
}

impl Record {
    /// A text or number.
    fn text(&self, field: &str) -> String {
        match self.fields.get(field) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn texts<'r>(&'r self, field: &str) -> impl Iterator<Item = String> + 'r {
        let items = self.fields.get(field).and_then(Value::as_array).into_iter().flatten();
        items
            .filter_map(|item| match item {
                Value::String(text) => Some(text.trim().to_owned()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
            .filter(|text| !text.is_empty())
    }

    fn is(&self, field: &str) -> Option<bool> {
        self.fields.get(field).and_then(Value::as_bool)
    }

    fn has(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.fields.contains_key(*field))
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.fields.get(field).and_then(Value::as_i64)
    }

    /// Unix seconds.
    fn times(&self) -> Option<(Timestamp, Timestamp)> {
        let at = |field| Timestamp::from_second(self.number(field)?).ok();
        Some((at("start")?, at("end")?)).filter(|(start, end)| start < end)
    }

    /// By number where the answer has them, else by name.
    fn groups(&self) -> Vec<String> {
        let numbers: Vec<String> = self.texts("groupsInDepartments").collect();
        if numbers.is_empty() { self.texts("groups").collect() } else { numbers }
    }

    fn name(&self) -> String {
        let parts = ["firstName", "prefix", "lastName"].map(|field| self.text(field));
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The objects of all files by what they are.
#[derive(Default)]
struct Answers {
    users: Vec<Record>,
    /// Students in departments: class, groups and year of a student.
    students: Vec<Record>,
    groups: Vec<Record>,
    departments: Vec<Record>,
    locations: Vec<Record>,
    appointments: Vec<Record>,
}

impl Answers {
    fn read(source: &Path, import: &mut Import) -> Result<Self, String> {
        let mut answers = Self::default();
        for path in json_files(source)? {
            let name = path.display();
            let bytes = open::bytes(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
            let json: Value = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))
                .map_err(|error| format!("{name}: it is no JSON: {error}"))?;
            let file =
                path.file_name().map_or_else(|| name.to_string(), |name| name.to_string_lossy().into_owned());
            let objects = objects(json)
                .ok_or_else(|| format!("{name}: expected an answer of the API: response, and in it data"))?;
            import.count(&file, objects.len());
            for fields in objects {
                answers.sort(Record { file: file.clone(), fields }, import);
            }
        }
        Ok(answers)
    }

    fn sort(&mut self, record: Record, import: &mut Import) {
        let list = if record.has(&["start"]) && record.has(&["end"]) {
            &mut self.appointments
        } else if record.has(&["isMainGroup"]) {
            &mut self.groups
        } else if record.has(&["student"])
            && record.has(&["mainGroup", "mainGroupName", "groupInDepartments"])
        {
            &mut self.students
        } else if record.has(&["yearOfEducation"]) {
            &mut self.departments
        } else if record.has(&["courseCapacity", "supportsConcurrentAppointments"]) {
            &mut self.locations
        } else if record.has(&["code"]) && record.has(&["firstName", "lastName"]) {
            &mut self.users
        } else {
            import.skip(&record.file, "of no known kind", 1);
            return;
        };
        list.push(record);
    }

    /// The appointments that take place: of each the last version, unless it was cancelled.
    fn last_versions(&self, import: &mut Import) -> Vec<&Record> {
        let mut last: BTreeMap<i64, usize> = BTreeMap::new();
        for (at, record) in
            self.appointments.iter().enumerate().filter(|(_, record)| record.is("valid") != Some(false))
        {
            if let Some(instance) = record.number("appointmentInstance") {
                let kept = last.entry(instance).or_insert(at);
                if record.number("id") >= self.appointments[*kept].number("id") {
                    *kept = at;
                }
            }
        }
        let mut taken = Vec::new();
        for (at, record) in self.appointments.iter().enumerate() {
            let instance = record.number("appointmentInstance");
            if record.is("valid") == Some(false)
                || instance.is_some_and(|instance| last.get(&instance) != Some(&at))
            {
                import.skip(&record.file, "replaced by a later version", 1);
            } else if record.is("cancelled") == Some(true) || record.is("hidden") == Some(true) {
                import.skip(&record.file, "cancelled or hidden", 1);
            } else {
                taken.push(record);
            }
        }
        taken
    }
}

fn json_files(source: &Path) -> Result<Vec<PathBuf>, String> {
    if !source.is_dir() {
        return Ok(vec![source.to_owned()]);
    }
    let name = source.display();
    let entries = std::fs::read_dir(source).map_err(|error| format!("cannot read {name}: {error}"))?;
    let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_json).collect();
    files.sort();
    if files.is_empty() {
        Err(format!("{name} holds no *.json: save the answers of the API there"))
    } else {
        Ok(files)
    }
}

/// The objects of an answer, of several in a list, or of what leerzone exported.
fn objects(json: Value) -> Option<Vec<Object>> {
    match json {
        Value::Array(items) => items
            .into_iter()
            .map(|item| match item {
                Value::Object(object) if object.contains_key("response") => objects(Value::Object(object)),
                Value::Object(object) => Some(vec![object]),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
            .map(|lists| lists.into_iter().flatten().collect()),
        Value::Object(mut object) => {
            if let Some(inner) = object.remove("response").or_else(|| object.remove("data")) {
                return objects(inner);
            }
            let lists: Vec<Value> =
                ["post", "unchanged"].iter().filter_map(|key| object.remove(*key)).collect();
            if lists.is_empty() {
                return None;
            }
            lists
                .into_iter()
                .map(objects)
                .collect::<Option<Vec<_>>>()
                .map(|lists| lists.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// Who is in which group.
struct Groups {
    /// The name of each class by number and by its names.
    classes: HashMap<String, String>,
    /// Students by number or name of a group.
    members: HashMap<String, BTreeSet<String>>,
}

impl Groups {
    fn new(answers: &Answers) -> Self {
        let mut classes = HashMap::new();
        let mut by_number: HashMap<String, [String; 2]> = HashMap::new();
        for group in &answers.groups {
            let names = [group.text("name"), group.text("extendedName")];
            if group.is("isMainGroup") == Some(true) {
                for key in names.iter().chain([&group.text("id")]).filter(|key| !key.is_empty()) {
                    classes.insert(key.clone(), names[0].clone());
                }
            }
            by_number.insert(group.text("id"), names);
        }
        for student in &answers.students {
            let class = student.text("mainGroupName");
            if !class.is_empty() {
                classes.insert(student.text("mainGroup"), class.clone());
                classes.insert(class.clone(), class);
            }
        }
        let mut members: HashMap<String, BTreeSet<String>> = HashMap::new();
        for student in &answers.students {
            for group in student.texts("groupInDepartments") {
                let names = by_number.get(&group).into_iter().flatten().filter(|name| !name.is_empty());
                for key in names.chain([&group]) {
                    members.entry(key.clone()).or_default().insert(student.text("student"));
                }
            }
        }
        Self { classes, members }
    }

    /// A class as such, another group by its students.
    fn members(&self, group: &str) -> Option<Vec<(&'static str, String)>> {
        if let Some(class) = self.classes.get(group) {
            return Some(vec![("class", class.clone())]);
        }
        let students = self.members.get(group)?;
        Some(students.iter().map(|student| ("student", student.clone())).collect())
    }
}

/// Drafts of students, staff and the subjects that are taught.
fn people(answers: &Answers, groups: &Groups, import: &mut Import) {
    let years: HashMap<String, String> =
        answers.departments.iter().map(|row| (row.text("id"), row.text("yearOfEducation"))).collect();
    let in_department: HashMap<String, &Record> =
        answers.students.iter().map(|student| (student.text("student"), student)).collect();
    let mut taught: HashMap<String, BTreeSet<String>> = HashMap::new();
    for appointment in &answers.appointments {
        for teacher in appointment.texts("teachers") {
            taught.entry(teacher).or_default().extend(appointment.texts("subjects"));
        }
    }
    let own = |record: &&Record| !record.text("remark").starts_with(OWN);
    let mut subjects = Draft::new(&columns::SUBJECTS, ["subject", "name"]);
    let names: BTreeSet<String> = answers
        .appointments
        .iter()
        .filter(own)
        .flat_map(|appointment| appointment.texts("subjects"))
        .collect();
    for subject in names.iter().filter(|subject| unusable_id(subject).is_none()) {
        subjects.push([subject, subject]);
    }
    let mut staff = Draft::new(&columns::STAFF, ["staff", "name", "roles", "subjects"]);
    let mut students = Draft::new(&columns::STUDENTS, ["student", "name", "class", "year"]);
    let mut seen = HashSet::new();
    let users = answers.users.iter().map(|user| (user, user.text("code")));
    for (user, code) in users.chain(answers.students.iter().map(|student| (student, student.text("student"))))
    {
        if user.is("archived") == Some(true) {
            import.skip(&user.file, "archived", 1);
            continue;
        }
        if let Some(why) = unusable_id(&code) {
            import.note(&user.file, why);
            import.skip(&user.file, "no usable id", 1);
            continue;
        }
        if !seen.insert(code.clone()) {
            continue;
        }
        let department = in_department.get(&code);
        if user.is("isStudent") == Some(true) || department.is_some() {
            let text = |field: &str| department.map_or(String::new(), |department| department.text(field));
            let class =
                groups.classes.get(&text("mainGroup")).cloned().unwrap_or_else(|| text("mainGroupName"));
            let code_of_year = text("departmentOfBranchCode");
            let year = years.get(&text("departmentOfBranch")).map_or_else(
                || year_of(if code_of_year.is_empty() { &class } else { &code_of_year }),
                String::as_str,
            );
            students.push([&code, &user.name(), &class, year]);
        } else if user.is("isEmployee") == Some(true) {
            let subjects =
                taught.get(&code).into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("|");
            staff.push([&code, &user.name(), "teacher", &subjects]);
        } else {
            import.skip(&user.file, "neither student nor employee", 1);
        }
    }
    import.add(subjects);
    import.add(staff);
    import.add(students);
}

fn places(answers: &Answers, import: &mut Import) {
    let mut draft = Draft::new(&columns::PLACES, ["place", "name", "seats"]);
    for location in &answers.locations {
        let name = location.text("name");
        if let Some(why) = unusable_id(&name) {
            import.note(&location.file, why);
            import.skip(&location.file, "no usable id", 1);
            continue;
        }
        let seats = location.fields.get("courseCapacity").and_then(Value::as_u64).filter(|seats| *seats > 0);
        if seats.is_none() {
            import
                .note(&location.file, format!("no capacity, so {USUAL_SEATS} seats were filled in: {name}"));
        }
        draft.push([&name, &name, &seats.unwrap_or(USUAL_SEATS).to_string()]);
    }
    import.add(draft);
}
