//! The CSV files. Rows stand in a fixed order, so that two runs can be compared with `diff`: people,
//! places and packages in the order of their input files, blocks in the order of time.

use std::borrow::Cow;
use std::path::Path;

use crate::parallel::{par_map, processors};
use crate::school::{BlockId, Id, Priority, Role, School, Wish, clock};

use super::files::{
    COACHING_GROUPS, NAMES, PACKAGE_HOLDERS, PLACE_TIMETABLE, RESERVE, SESSIONS, STAFF_TIMETABLE,
    STUDENT_TIMETABLE, UNMET_ASKED, UNMET_NEEDS, WISHES,
};
use super::plan::{Entry, Plan, time_of};
use super::reason::Unmet;

/// Writes every CSV file into `folder`.
///
/// # Errors
/// A file cannot be written.
pub fn write(plan: &Plan, unmet: &[Unmet], folder: &Path) -> anyhow::Result<()> {
    let blocks: Vec<[String; 4]> =
        plan.school.block_ids().map(|block| block_cells(plan.school, block)).collect();
    let style = plan.school.csv;
    // The longest first.
    let files: [&Write; 9] = [
        &|| STUDENT_TIMETABLE.write(folder, style, student_rows(plan, &blocks)),
        &|| match plan.school.asks.is_empty() {
            true => UNMET_NEEDS.write(folder, style, unmet.iter().map(unmet_row)),
            false => UNMET_ASKED.write(folder, style, unmet.iter().map(asked_row)),
        },
        &|| SESSIONS.write(folder, style, plan.entries.iter().map(|entry| session_row(plan, entry))),
        &|| STAFF_TIMETABLE.write(folder, style, staff_rows(plan)),
        &|| NAMES.write(folder, style, name_rows(plan.school)),
        &|| PLACE_TIMETABLE.write(folder, style, place_rows(plan)),
        &|| COACHING_GROUPS.write(folder, style, group_rows(plan)),
        &|| PACKAGE_HOLDERS.write(folder, style, holder_rows(plan)),
        &|| match plan.school.wishes.is_empty() {
            true => Ok(()),
            false => WISHES.write(folder, style, plan.school.wishes.iter().map(|wish| wish_row(plan, wish))),
        },
    ];
    par_map(processors(), &files, |write| write()).into_iter().collect()
}

type Write<'a> = dyn Fn() -> anyhow::Result<()> + Sync + 'a;

fn session_row(plan: &Plan, entry: &Entry) -> [String; 9] {
    let school = plan.school;
    let assistants: Vec<&str> = entry.assistants.iter().map(|&staff| school[staff].id.as_str()).collect();
    [
        entry.id.clone(),
        school[entry.block].id.clone(),
        school[entry.block].kind.label().to_owned(),
        plan.offering_cell(entry).to_owned(),
        place_cell(school, entry),
        school[entry.lead].id.clone(),
        assistants.join("|"),
        entry.attendances.len().to_string(),
        entry.capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
    ]
}

/// `blocks`: their cells.
fn student_rows<'p>(plan: &'p Plan, blocks: &'p [[String; 4]]) -> impl Iterator<Item = [Cow<'p, str>; 11]> {
    let school = plan.school;
    school.student_ids().flat_map(move |student| {
        plan.attended_by(student).map(move |entry| {
            let need = entry.need_of(student);
            let [block, day, start, end] = &blocks[entry.block.index()];
            [
                school[student].id.as_str().into(),
                block.into(),
                day.into(),
                start.into(),
                end.into(),
                school[entry.block].kind.label().into(),
                entry.id.as_str().into(),
                plan.offering_cell(entry).into(),
                need.map(|need| school.need_subjects(need)).unwrap_or_default(),
                entry.place.map_or("", |place| school[place].id.as_str()).into(),
                school[entry.lead].id.as_str().into(),
            ]
        })
    })
}

fn staff_rows(plan: &Plan) -> impl Iterator<Item = [String; 10]> {
    let school = plan.school;
    school.staff_ids().flat_map(move |staff| {
        let row = move |block: BlockId, role: &str, [session, offering, place]: [String; 3]| {
            let kind = school[block].kind.label().to_owned();
            let id = school[staff].id.clone();
            let role = role.to_owned();
            let [block, day, start, end] = block_cells(school, block);
            [id, block, day, start, end, kind, role, session, offering, place]
        };
        let deployed = plan.of_staff[staff.index()].iter().map(|&at| {
            let entry = &plan.entries[at];
            let role = if entry.lead == staff { plan.role_cell(entry) } else { Role::Assistant.label() };
            let cells = [entry.id.clone(), plan.offering_cell(entry).to_owned(), place_cell(school, entry)];
            (entry.block, role, cells)
        });
        let reserve = plan.schedule.reserve.iter().filter(|reserve| reserve.staff == staff);
        let reserve = reserve.map(|reserve| (reserve.block, RESERVE, Default::default()));
        let mut rows: Vec<_> = deployed.chain(reserve).collect();
        rows.sort_by_key(|(block, ..)| time_of(school, *block));
        rows.into_iter().map(move |(block, role, cells)| row(block, role, cells))
    })
}

fn place_rows(plan: &Plan) -> impl Iterator<Item = [String; 9]> {
    let school = plan.school;
    school.place_ids().flat_map(move |place| {
        plan.of_place[place.index()].iter().map(move |&at| {
            let entry = &plan.entries[at];
            let [block, day, start, end] = block_cells(school, entry.block);
            [
                school[place].id.clone(),
                block,
                day,
                start,
                end,
                entry.id.clone(),
                plan.offering_cell(entry).to_owned(),
                school[entry.lead].id.clone(),
                entry.attendances.len().to_string(),
            ]
        })
    })
}

fn group_rows(plan: &Plan) -> impl Iterator<Item = [String; 3]> {
    let school = plan.school;
    plan.groups.iter().flat_map(move |group| {
        let coach = &school[group.coach].id;
        group
            .students
            .iter()
            .map(move |&student| [group.id.clone(), coach.clone(), school[student].id.clone()])
    })
}

fn holder_rows(plan: &Plan) -> impl Iterator<Item = [String; 2]> {
    let school = plan.school;
    let mut holders = plan.schedule.package_holders.clone();
    holders.sort();
    holders.into_iter().map(|holder| [school[holder.package].id.clone(), school[holder.staff].id.clone()])
}

fn wish_row(plan: &Plan, wish: &Wish) -> [String; 6] {
    let school = plan.school;
    let granted = plan.granted(wish);
    [
        school[wish.staff].id.clone(),
        wish.what.kind().to_owned(),
        wish.what.id(school).to_owned(),
        wish.value.to_string(),
        granted.to_string(),
        u32::from(wish.is_denied(granted)).to_string(),
    ]
}

fn unmet_row(unmet: &Unmet) -> [Cow<'_, str>; 6] {
    [
        unmet.who.as_str().into(),
        unmet.subject.as_str().into(),
        unmet.priority.map_or("", Priority::label).into(),
        unmet.missing.to_string().into(),
        unmet.reason.label().into(),
        (&*unmet.detail).into(),
    ]
}

fn asked_row(unmet: &Unmet) -> [Cow<'_, str>; 8] {
    let [who, subject, priority, missing, reason, detail] = unmet_row(unmet);
    [who, subject, priority, missing, reason, detail, unmet.by.as_str().into(), unmet.note.as_str().into()]
}

fn name_rows(school: &School) -> impl Iterator<Item = [String; 3]> {
    let row = |kind: &str, id: &str, name: &str| [kind, id, name].map(str::to_owned);
    let students = school.students.iter().map(move |student| row("student", &student.id, &student.name));
    let staff = school.staff.iter().map(move |staff| row("staff", &staff.id, &staff.name));
    let places = school.places.iter().map(move |place| row("place", &place.id, &place.name));
    students.chain(staff).chain(places)
}

fn place_cell(school: &School, entry: &Entry) -> String {
    entry.place.map(|place| school[place].id.clone()).unwrap_or_default()
}

/// The columns `block,day,start,end`.
fn block_cells(school: &School, block: BlockId) -> [String; 4] {
    let row = &school[block];
    [row.id.clone(), school[row.day].clone(), clock(row.start), clock(row.end)]
}
