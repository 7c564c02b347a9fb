//! The files that list what a school has: subjects, offerings, places, staff, students, packages.

use crate::school::{
    Kind, Offering, OfferingId, Package, PackageId, Place, PlaceId, Qualified, Role, Roles, SiteId, Staff,
    StaffId, Student, StudentId, Subject, SubjectId, UnitId,
};

use super::columns;
use super::groups::Groups;
use super::input::Input;
use super::names::{Names, compose};
use super::problem::{Problem, Problems, Severity};
use super::roster::Roster;
use super::table::{Row, Table};
use super::value;

/// The reserved subject of needs that are met in homework blocks.
pub const HOMEWORK: &str = "homework";

/// Everything a school has.
#[derive(Debug)]
pub struct Resources {
    pub subjects: Roster<SubjectId, Subject>,
    pub offerings: Roster<OfferingId, Offering>,
    pub places: Roster<PlaceId, Place>,
    pub staff: Roster<StaffId, Staff>,
    pub students: Roster<StudentId, Student>,
    pub packages: Roster<PackageId, Package>,
    pub shared: Shared,
}

impl Resources {
    pub fn read(input: &Input, problems: &mut Problems) -> Self {
        let mut shared = Shared::default();
        let subjects = subjects(input, problems);
        let offerings = offerings(input, &subjects.names, problems);
        let places = places(input, &mut shared, problems);
        let staff = staff(input, &subjects.names, &offerings.names, &mut shared, problems);
        let students = students(input, &staff.names, &mut shared, problems);
        let are_read =
            places.names.is_complete() && staff.names.is_complete() && students.names.is_complete();
        if !are_read {
            // What names them may be among the rows that could not be read.
            shared.sites.set_incomplete();
            shared.units.set_incomplete();
        }
        let packages = packages(input, &subjects.names, &shared.units, &staff.names, problems);
        Self { subjects, offerings, places, staff, students, packages, shared }
    }
}

/// Sites and units have no file of their own: they are whatever the other files name.
#[derive(Debug)]
pub struct Shared {
    pub sites: Names<SiteId>,
    pub units: Names<UnitId>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            sites: Names::new("site", columns::PLACES.name, true),
            units: Names::new("unit", "staff.csv or students.csv", true),
        }
    }
}

impl Shared {
    fn site(&mut self, row: &Row, column: &str) -> Option<SiteId> {
        row.text(column).map(|site| self.sites.add(site))
    }

    fn unit(&mut self, row: &Row) -> Option<UnitId> {
        row.text("unit").map(|unit| self.units.add(unit))
    }
}

fn name(row: &Row, id: &str) -> String {
    row.text("name").unwrap_or(id).to_owned()
}

/// A value that other files compare with their own, where `é` may be one character or two.
fn composed(text: Option<&str>) -> String {
    text.map_or(String::new(), |text| compose(text).unwrap_or_else(|| text.to_owned()))
}

fn roles(row: &Row, problems: &mut Problems) -> Option<Roles> {
    row.words("roles", &Role::ALL.map(|role| (role.label(), role)), problems)
        .map(|roles| roles.into_iter().collect())
}

fn subjects(input: &Input, problems: &mut Problems) -> Roster<SubjectId, Subject> {
    let table = Table::open(input, &columns::SUBJECTS, problems);
    let mut subjects = Roster::read(table, "subject", columns::SUBJECTS.name, problems, |row, id, _| {
        Subject { id: id.to_owned(), name: name(row, id) }
    });
    if subjects.names.get(HOMEWORK).is_none() {
        subjects.names.add(HOMEWORK);
        subjects.rows.push(Subject { id: HOMEWORK.to_owned(), name: HOMEWORK.to_owned() });
    }
    subjects
}

fn offerings(
    input: &Input,
    subjects: &Names<SubjectId>,
    problems: &mut Problems,
) -> Roster<OfferingId, Offering> {
    let table = Table::open(input, &columns::OFFERINGS, problems);
    let mut after = Vec::new();
    let mut offerings =
        Roster::read(table, "offering", columns::OFFERINGS.name, problems, |row, id, problems| {
            after.extend(row.text("after").map(|text| (id.to_owned(), text.to_owned(), row.start)));
            offering(row, id, subjects, problems)
        });
    for (id, text, start) in after {
        match offerings.names.resolve(&text) {
            Ok(earlier) => {
                if let Some(own) = offerings.names.get(&id) {
                    offerings.rows[crate::school::Id::index(own)].after = earlier;
                }
            }
            Err(problem) => {
                if let Some(table) = &offerings.origin.table {
                    problems.push(problem.at(&table.source, table.locate(start, "after")).field("after"));
                }
            }
        }
    }
    offerings
}

fn offering(row: &Row, id: &str, subjects: &Names<SubjectId>, problems: &mut Problems) -> Offering {
    let taught = row.find_all("subjects", subjects, problems);
    let homework = subjects.get(HOMEWORK).filter(|homework| taught.contains(homework));
    let kinds = row.words("kinds", &Kind::ALL.map(|kind| (kind.label(), kind)), problems);
    let kinds = match homework {
        Some(_) => homework_kinds(row, kinds, taught.len() == 1, problems),
        None => kinds.unwrap_or_else(|| vec![Kind::Lesson, Kind::Zone]),
    };
    let (min, max) = (row.required_count("min", problems), row.required_count("max", problems));
    if let (Some(min), Some(max)) = (min, max) {
        if let Err(problem) = value::check_range(("min", min), ("max", max)) {
            row.report("max", problem, problems);
        }
        row.positive("max", problems);
    }
    row.required("subjects", problems);
    Offering {
        id: id.to_owned(),
        name: name(row, id),
        qualifications: taught
            .iter()
            .copied()
            .filter(|subject| subjects.get(HOMEWORK) != Some(*subject))
            .collect(),
        subjects: taught,
        kinds,
        min: min.unwrap_or(0),
        max: max.unwrap_or(0),
        roles: roles(row, problems)
            .unwrap_or_else(|| [Role::Teacher, Role::Instructor, Role::Guest].into_iter().collect()),
        assistants: row.count("assistants", problems).unwrap_or(0),
        per_assistant: row.count("per_assistant", problems).unwrap_or(0),
        assistants_qualified: row.flag("assistants_qualified", problems).unwrap_or(false),
        tags: tags(row, problems),
        online: row.flag("online", problems).unwrap_or(false),
        after: None,
        per_day: row.positive("per_day", problems).unwrap_or(1),
        qualified: row
            .word("qualified", &[("all", Qualified::All), ("any", Qualified::Any)], problems)
            .unwrap_or(Qualified::All),
        // The students are still to be read.
        audience: None,
    }
}

/// Says of each offering who may attend it.
pub fn audiences(offerings: &mut Roster<OfferingId, Offering>, groups: &Groups, problems: &mut Problems) {
    let Some(table) = &offerings.origin.table else { return };
    let mut at = 0;
    // What is wrong with the rows has been reported when they were read.
    table.each_row(&mut Problems::default(), |row, _| {
        if offerings.origin.starts.get(at) != Some(&row.start) {
            return;
        }
        let mut audience = Vec::new();
        let items = row.items("audience", problems);
        for &(index, item) in &items {
            match groups.audience(item) {
                Ok(students) => audience.extend_from_slice(students),
                Err(problem) => row.report_item("audience", index, problem, problems),
            }
        }
        audience.sort_unstable();
        audience.dedup();
        offerings.rows[at].audience = (!items.is_empty()).then_some(audience);
        at += 1;
    });
}

/// Kinds of an offering of homework, which is met in homework blocks only; `alone`: it is of nothing else, so that only
/// other kinds are left out.
fn homework_kinds(row: &Row, kinds: Option<Vec<Kind>>, alone: bool, problems: &mut Problems) -> Vec<Kind> {
    let only = vec![Kind::Homework];
    let found = match kinds {
        None if alone => return only,
        Some(kinds) if kinds == only => return only,
        None => "an empty cell".to_owned(),
        Some(kinds) => format!("`{}`", kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("|")),
    };
    let told = "homework is met in homework blocks only";
    let problem = match alone {
        true => Problem::warning("homework-elsewhere", told),
        false => Problem::error("homework-elsewhere", told),
    };
    let problem = problem
        .found(found)
        .expected("`homework`, for an offering of the subject `homework`")
        .help("write `homework` in kinds; what else it teaches needs an offering of its own");
    row.report("kinds", problem, problems);
    only
}

fn tags(row: &Row, problems: &mut Problems) -> Vec<String> {
    row.items("tags", problems).into_iter().map(|(_, tag)| tag.to_owned()).collect()
}

fn places(input: &Input, shared: &mut Shared, problems: &mut Problems) -> Roster<PlaceId, Place> {
    let table = Table::open(input, &columns::PLACES, problems);
    Roster::read(table, "place", columns::PLACES.name, problems, |row, id, problems| Place {
        id: id.to_owned(),
        name: name(row, id),
        site: shared.site(row, "site"),
        seats: row.required_count("seats", problems).unwrap_or(0),
        parallel: row.positive("parallel", problems).unwrap_or(1),
        tags: tags(row, problems),
        unit: shared.unit(row),
    })
}

fn staff(
    input: &Input,
    subjects: &Names<SubjectId>,
    offerings: &Names<OfferingId>,
    shared: &mut Shared,
    problems: &mut Problems,
) -> Roster<StaffId, Staff> {
    let table = Table::open(input, &columns::STAFF, problems);
    Roster::read(table, "staff", columns::STAFF.name, problems, |row, id, problems| {
        let min_blocks = row.count("min_blocks", problems).unwrap_or(0);
        let max_blocks = row.count("max_blocks", problems);
        if let Some(max) = max_blocks
            && let Err(mut problem) = value::check_range(("min_blocks", min_blocks), ("max_blocks", max))
        {
            // A minimum is only aimed at.
            problem.severity = Severity::Warning;
            row.report("max_blocks", problem, problems);
        }
        row.required("roles", problems);
        let sites =
            row.items("sites", problems).into_iter().map(|(_, site)| shared.sites.add(site)).collect();
        Staff {
            id: id.to_owned(),
            name: name(row, id),
            roles: roles(row, problems).unwrap_or_default(),
            subjects: row.find_all("subjects", subjects, problems),
            likes: row.find_all("likes", offerings, problems),
            unit: shared.unit(row),
            sites,
            min_blocks,
            max_blocks,
            max_days: row.count("max_days", problems),
            max_per_day: row.count("max_per_day", problems),
            max_in_a_row: row.count("max_in_a_row", problems),
            cover_max: row.count("cover_max", problems),
            cost: row.amount("cost", problems).unwrap_or(0.0),
        }
    })
}

fn students(
    input: &Input,
    staff: &Names<StaffId>,
    shared: &mut Shared,
    problems: &mut Problems,
) -> Roster<StudentId, Student> {
    let table = Table::open(input, &columns::STUDENTS, problems);
    Roster::read(table, "student", columns::STUDENTS.name, problems, |row, id, problems| Student {
        id: id.to_owned(),
        name: name(row, id),
        class: composed(row.text("class")),
        year: composed(row.text("year")),
        unit: shared.unit(row),
        site: shared.site(row, "site"),
        coach: row.find("coach", staff, problems),
        missed_before: 0,
    })
}

fn packages(
    input: &Input,
    subjects: &Names<SubjectId>,
    units: &Names<UnitId>,
    staff: &Names<StaffId>,
    problems: &mut Problems,
) -> Roster<PackageId, Package> {
    let table = Table::open(input, &columns::PACKAGES, problems);
    Roster::read(table, "package", columns::PACKAGES.name, problems, |row, id, problems| Package {
        id: id.to_owned(),
        name: name(row, id),
        blocks: row.required_count("blocks", problems).unwrap_or(0),
        roles: roles(row, problems).unwrap_or_default(),
        people: row.required_count("people", problems).unwrap_or(0),
        subjects: row.find_all("subjects", subjects, problems),
        unit: row.find("unit", units, problems),
        meets: row.find_all("meets", staff, problems),
    })
}
