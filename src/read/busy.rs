//! `busy.csv`: who and what is free in which block.

use crate::school::{Block, BlockId, Busy, DayId, Grid, Id, PlaceId, StaffId, StudentId, ids};

use super::columns;
use super::groups::{By, Groups};
use super::input::Input;
use super::names::Names;
use super::problem::{Problem, Problems};
use super::resources::Resources;
use super::table::{Row, Table};
use super::value;

/// What busy rows may name.
pub struct Known<'n> {
    pub days: &'n Names<DayId>,
    pub blocks: &'n [Block],
    pub groups: &'n Groups<'n>,
    pub resources: &'n Resources,
}

/// Who is free when; busy rows take away from it.
pub struct Free {
    pub students: Grid<StudentId, BlockId, bool>,
    pub staff: Grid<StaffId, BlockId, bool>,
    pub places: Grid<PlaceId, BlockId, bool>,
}

impl Free {
    /// Students where they are invited, staff and places always.
    pub fn new(invited: &Grid<StudentId, BlockId, bool>, blocks: usize, resources: &Resources) -> Self {
        Self {
            students: invited.clone(),
            staff: Grid::filled(resources.staff.rows.len(), blocks, true),
            places: Grid::filled(resources.places.rows.len(), blocks, true),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum BusyKind {
    Student,
    Group(By),
    Staff,
    Place,
    Site,
}

const KINDS: [(&str, BusyKind); 7] = [
    ("student", BusyKind::Student),
    ("class", BusyKind::Group(By::Class)),
    ("year", BusyKind::Group(By::Year)),
    ("unit", BusyKind::Group(By::Unit)),
    ("staff", BusyKind::Staff),
    ("place", BusyKind::Place),
    ("site", BusyKind::Site),
];

/// Whoever one row is about.
#[derive(Default)]
struct Affected<'g> {
    /// As in [`KINDS`].
    kind: Option<&'static str>,
    students: &'g [StudentId],
    student: Option<StudentId>,
    staff: Vec<StaffId>,
    places: Vec<PlaceId>,
}

/// Takes busy times away from `free`; the rows themselves are returned.
pub fn busy(input: &Input, known: &Known, free: &mut Free, problems: &mut Problems) -> Vec<Busy> {
    let mut rows = Vec::new();
    let Some(table) = Table::open(input, &columns::BUSY, problems) else { return rows };
    table.each_row(problems, |row, problems| {
        let affected = affected(row, known, problems);
        let day = row.find_required("day", known.days, problems);
        let Some((start, end)) = interval(row, problems) else { return };
        let Some(day) = day else { return };
        if let (Some(kind), Some(id)) = (affected.kind, row.text("id")) {
            let time = row.text("start").map(|_| (start, end));
            let note = row.text("note").unwrap_or_default().to_owned();
            // A person may stand there by name.
            let id = match (affected.student, affected.staff.first()) {
                (Some(student), _) => &known.resources.students.rows[student.index()].id,
                (None, Some(staff)) if kind == "staff" => &known.resources.staff.rows[staff.index()].id,
                _ => id,
            };
            rows.push(Busy { kind, id: id.to_owned(), day, time, note });
        }
        for (index, block) in known.blocks.iter().enumerate() {
            if block.day == day && start < block.end && block.start < end {
                take_away(free, &affected, BlockId::new(index));
            }
        }
    });
    rows
}

fn take_away(free: &mut Free, affected: &Affected, block: BlockId) {
    for &student in affected.students.iter().chain(&affected.student) {
        free.students[(student, block)] = false;
    }
    for &staff in &affected.staff {
        free.staff[(staff, block)] = false;
    }
    for &place in &affected.places {
        free.places[(place, block)] = false;
    }
}

fn affected<'g>(row: &Row, known: &'g Known, problems: &mut Problems) -> Affected<'g> {
    let mut affected = Affected::default();
    let resources = known.resources;
    let kind = row.required_word("kind", &KINDS, problems);
    let (Some(kind), Some(id)) = (kind, row.required("id", problems)) else { return affected };
    affected.kind = KINDS.iter().find(|(_, known)| *known == kind).map(|(label, _)| *label);
    match kind {
        BusyKind::Student => affected.student = row.find("id", &resources.students.names, problems),
        BusyKind::Staff => affected.staff.extend(row.find("id", &resources.staff.names, problems)),
        BusyKind::Place => affected.places.extend(row.find("id", &resources.places.names, problems)),
        BusyKind::Site => {
            if let Some(site) = row.find("id", &resources.shared.sites, problems) {
                let at_site = |place: &PlaceId| resources.places.rows[place.index()].site == Some(site);
                affected.places.extend(ids(resources.places.rows.len()).filter(at_site));
            }
        }
        BusyKind::Group(By::Unit) => {
            if let Some(unit) = row.find("id", &resources.shared.units, problems) {
                // A unit may have staff only.
                affected.students = known.groups.with(By::Unit, id).unwrap_or_default();
                let in_unit = |staff: &StaffId| resources.staff.rows[staff.index()].unit == Some(unit);
                affected.staff.extend(ids(resources.staff.rows.len()).filter(in_unit));
            }
        }
        BusyKind::Group(by) => match known.groups.with(by, id) {
            Ok(students) => affected.students = students,
            Err(problem) => row.report("id", problem, problems),
        },
    }
    affected
}

/// Start and end; the whole day where both are empty.
fn interval(row: &Row, problems: &mut Problems) -> Option<(u16, u16)> {
    let (start, end) = match (row.text("start"), row.text("end")) {
        (None, None) => return Some((0, u16::MAX)),
        (Some(_), Some(_)) => (row.time("start", problems), row.time("end", problems)),
        (start, _) => {
            let (given, empty) = if start.is_some() { ("start", "end") } else { ("end", "start") };
            let problem = Problem::error("empty-cell", format!("`{given}` without `{empty}`"))
                .found("an empty cell")
                .expected("both a start and an end, or neither for the whole day")
                .help(format!("fill in `{empty}`, or empty `{given}`"));
            let field = if row.table.has(empty) { empty } else { given };
            row.report(field, problem, problems);
            return None;
        }
    };
    let (start, end) = (start?, end?);
    if let Err(problem) = value::check_interval(start, end) {
        row.report("end", problem, problems);
        return None;
    }
    Some((start, end))
}
