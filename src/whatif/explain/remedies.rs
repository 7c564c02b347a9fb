//! Changes of the data that could let a need be met: a seat, a smaller session, an hour of somebody, money, a
//! qualification, a place, another block.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::rules::r4_limits::{self, Limit};
use crate::schedule::{Activity, Session};
use crate::school::*;
use crate::whatif::case::Case;
use crate::whatif::change::{Change, fresh, quoted, set};

use super::force::hours;

/// Staff for whom a qualification is tried.
const TRAINED: usize = 3;

/// Changes to try for a need, smallest first.
pub fn candidates(case: &Case, need: NeedId) -> Vec<Change> {
    let mut changes = Vec::new();
    seats(case, need, &mut changes);
    smaller(case, need, &mut changes);
    limits(case, need, &mut changes);
    budgets(case, &mut changes);
    extra_hours(case, need, &mut changes);
    one_subject(case, need, &mut changes);
    qualifications(case, need, &mut changes);
    places(case, need, &mut changes);
    changes.extend(further_blocks(case, need).into_iter().next());
    changes
}

fn offerings(case: &Case, need: NeedId) -> &[OfferingId] {
    &case.sets.offerings_of[need.index()]
}

/// Sessions that could meet the need and run when the student can come.
pub fn sessions(case: &Case, need: NeedId) -> impl Iterator<Item = (&Session, OfferingId)> {
    let hours = hours(case, need);
    case.schedule.sessions.iter().filter_map(move |session| match session.activity {
        Activity::Offering(o) if offerings(case, need).contains(&o) && hours.contains(&session.block) => {
            Some((session, o))
        }
        _ => None,
    })
}

/// One more student in a session: of the offering, or of the room where that is full first.
fn seats(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let school = &case.school;
    let mut rooms = BTreeSet::new();
    let mut full = BTreeSet::new();
    for (session, o) in sessions(case, need) {
        let students = session.attendances.len() as u32;
        if students >= school[o].most_students(session.assistants.len() as u32, u32::MAX) {
            full.insert(o);
        } else if let Some(place) = session.place
            && students >= school[place].seats
        {
            rooms.insert(place);
        }
    }
    for o in full {
        let Offering { id, max, .. } = &school[o];
        changes.push(Change::new(
            "seat",
            format!("one more seat: sessions of {id} for {} students, not {max}", max + 1),
            set("offerings", id, "max", max + 1),
        ));
    }
    for place in rooms {
        let Place { id, seats, .. } = &school[place];
        changes.push(Change::new(
            "seat",
            format!("one more seat in {id}: {}, not {seats}", seats + 1),
            set("places", id, "seats", seats + 1),
        ));
    }
}

/// A session that may start with those who lack it.
fn smaller(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let school = &case.school;
    let met = case.met(&case.schedule);
    for &o in offerings(case, need) {
        let lacking: BTreeSet<StudentId> = (school.need_ids())
            .filter(|n| met[n.index()] < school[*n].sessions && offerings(case, *n).contains(&o))
            .map(|n| school[n].student)
            .collect();
        let Offering { id, min, .. } = &school[o];
        let enough = (lacking.len() as u32).max(1);
        if enough < *min {
            changes.push(Change::new(
                "smaller-session",
                format!("sessions of {id} that start with {enough} students, not {min}"),
                set("offerings", id, "min", enough),
            ));
        }
    }
}

/// One block or day more of somebody who is at a limit.
fn limits(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let Case { school, sets, schedule } = case;
    let leads: BTreeSet<StaffId> =
        offerings(case, need).iter().flat_map(|o| sets.leads_of[o.index()].iter().copied()).collect();
    for staff in leads {
        let blocks = blocks_of(case, staff);
        let row = &school[staff];
        let carried = schedule.package_holders.iter().filter(|holder| holder.staff == staff);
        let carried: u64 = carried.map(|holder| u64::from(school[holder.package].blocks)).sum();
        for Limit { column, unit, period, most } in r4_limits::reached(school, row, &blocks, carried) {
            let more = Change::new(
                "hour",
                format!("one more {unit} of {} {period}: {}, not {most}", row.id, most + 1),
                set("staff", &row.id, column, most + 1),
            );
            changes.push(more.about(staff));
        }
    }
}

/// Blocks in which the staff member is deployed.
pub fn blocks_of(case: &Case, staff: StaffId) -> Vec<BlockId> {
    let schedule = &case.schedule;
    let sessions =
        schedule.sessions.iter().filter(|s| crate::model::scope::people(s).any(|other| other == staff));
    let meetings = schedule.meetings.iter().filter(|meeting| schedule.lead_of(meeting) == staff);
    sessions.map(|session| session.block).chain(meetings.map(|meeting| meeting.block)).collect()
}

/// The budget in few words.
pub fn budget_name<'s>(school: &'s School, budget: &'s Budget) -> String {
    let cells = budget.cells(school).into_iter().filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join(" with ")
}

/// The change that makes it pay so much.
pub fn set_budget(school: &School, budget: &Budget, cost: f64) -> String {
    let cells = ["unit", "covers"].into_iter().zip(budget.cells(school)).filter(|(_, cell)| !cell.is_empty());
    let cells: Vec<String> = cells.map(|(key, cell)| format!("{key} = {}", quoted(cell))).collect();
    format!("[[set.budget]]\nwhere = {{ {} }}\ncost = {cost:?}\n", cells.join(", "))
}

/// One more block of the dearest staff member it covers.
fn budgets(case: &Case, changes: &mut Vec<Change>) {
    let school = &case.school;
    for budget in &school.budgets {
        let covered = school.staff_ids().filter(|&staff| budget.covers(school, staff));
        let dearest = covered.map(|staff| school[staff].cost).fold(0.0, f64::max);
        if dearest > 0.0 {
            changes.push(Change::new(
                "budget",
                format!("{dearest} more in the budget of {}", budget_name(school, budget)),
                set_budget(school, budget, budget.cost + dearest),
            ));
        }
    }
}

/// A block of somebody who may lead an offering for it, at a time when the student can come.
fn extra_hours(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let school = &case.school;
    for &o in offerings(case, need) {
        let Offering { id, qualifications: subjects, roles, .. } = &school[o];
        let Some(role) = roles.iter().next() else { continue };
        let mut subjects = subjects.clone();
        subjects.extend(school[need].with);
        let subjects: Vec<&str> = subjects.iter().map(|&subject| school[subject].id.as_str()).collect();
        let taken = |name: &str| school.staff.iter().any(|staff| staff.id == name);
        let name = fresh("extra", taken);
        let (subjects_cell, name) = (quoted(&subjects.join("|")), quoted(&name));
        let unit = school.binding_unit(school[school[need].student].unit);
        let unit = unit.map_or(String::new(), |unit| format!("unit = {}\n", quoted(&school[unit])));
        changes.push(Change::new(
            "hour",
            format!(
                "one block of a further {} for {id}, qualified for {}",
                role.label(),
                subjects.join(", ")
            ),
            format!(
                "[[add.staff]]\nstaff = {name}\nroles = {}\nsubjects = {subjects_cell}\nmax_blocks = 1\n{unit}",
                quoted(role.label())
            ),
        ));
    }
}

/// A lead who knows one of the subjects is enough for an offering that asks for all of them.
fn one_subject(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    for &o in offerings(case, need) {
        let Offering { id, qualifications, qualified, .. } = &case.school[o];
        if *qualified == Qualified::All && qualifications.len() > 1 {
            changes.push(Change::new(
                "qualification",
                format!("{id} led by anybody qualified for one of its subjects, not for all"),
                format!("[set.offerings.{}]\nqualified = \"any\"\n", quoted(id)),
            ));
        }
    }
}

/// Somebody of the right role with time left learns it.
fn qualifications(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let Case { school, sets, .. } = case;
    for &o in offerings(case, need) {
        let offering = &school[o];
        let hours = hours(case, need);
        let idle = |staff: &StaffId| {
            let row = &school[*staff];
            let used = blocks_of(case, *staff);
            let left = r4_limits::room(row, used.len() as u64) > 0;
            left && hours.iter().any(|b| school.staff_free[(*staff, *b)] && !used.contains(b))
        };
        let learns = |staff: &StaffId| {
            school[*staff].roles.intersects(offering.roles) && !sets.leads_of[o.index()].contains(staff)
        };
        for staff in school.staff_ids().filter(learns).filter(idle).take(TRAINED) {
            let row = &school[staff];
            let mut subjects = row.subjects.clone();
            subjects.extend(offering.qualifications.iter().filter(|subject| !row.is_qualified(**subject)));
            let cell =
                subjects.iter().map(|&subject| school[subject].id.as_str()).collect::<Vec<_>>().join("|");
            let learnt = Change::new(
                "qualification",
                format!("{} also qualified for {}", row.id, offering.id),
                format!("[set.staff.{}]\nsubjects = {}\n", quoted(&row.id), quoted(&cell)),
            );
            changes.push(learnt.about(staff));
        }
    }
}

/// A further place that carries the tags.
fn places(case: &Case, need: NeedId, changes: &mut Vec<Change>) {
    let school = &case.school;
    for &o in offerings(case, need).iter().filter(|o| !school[**o].online) {
        let Offering { id, tags, max, .. } = &school[o];
        let name = fresh("extra-place", |name| school.places.iter().any(|place| place.id == name));
        let site = school[school[need].student].site.map_or("", |site| school[site].as_str());
        changes.push(Change::new(
            "place",
            format!("a further place for {id}, with {max} seats"),
            format!(
                "[[add.places]]\nplace = {}\nseats = {max}\nsite = {}\ntags = {}\n",
                quoted(&name),
                quoted(site),
                quoted(&tags.join("|"))
            ),
        ));
    }
}

/// A block more at the end of each day on which the student comes anyway, that of the latest first.
pub fn further_blocks(case: &Case, need: NeedId) -> Vec<Change> {
    let school = &case.school;
    let Some(kind) = offerings(case, need).iter().find_map(|o| school[*o].kinds.first()) else {
        return Vec::new();
    };
    let mut last: BTreeMap<DayId, BlockId> = BTreeMap::new();
    for block in hours(case, need) {
        let known = last.entry(school[block].day).or_insert(block);
        if school[*known].end < school[block].end {
            *known = block;
        }
    }
    let mut last: Vec<BlockId> = last.into_values().collect();
    last.sort_by_key(|&block| std::cmp::Reverse(school[block].end));
    let after = |block: BlockId| {
        let Block { day, start, end, .. } = school[block];
        block_after(school, day, end - start, *kind)
    };
    last.into_iter().filter_map(after).collect()
}

/// A block of so many minutes after all others of the day. `None`: the day is over.
pub fn block_after(school: &School, day: DayId, minutes: u16, kind: Kind) -> Option<Change> {
    let end = school.blocks.iter().filter(|block| block.day == day).map(|block| block.end).max()?;
    let until = end.checked_add(minutes).filter(|&until| until <= 24 * 60)?;
    let name = fresh("extra-block", |name| school.blocks.iter().any(|block| block.id == name));
    let (day, kind, start, until) = (&school[day], kind.label(), clock(end), clock(until));
    Some(Change::new(
        "block",
        format!("a further {kind} block on {day}, {start} to {until}"),
        format!(
            "[[add.block]]\nid = {}\ndays = [{}]\nstart = \"{start}\"\nend = \"{until}\"\nkind = \"{kind}\"\n",
            quoted(&name),
            quoted(day)
        ),
    ))
}
