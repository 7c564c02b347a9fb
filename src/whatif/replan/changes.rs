//! `changes.csv`: what differs for whom between two written schedules, row by row of their timetables.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::parallel::join;
use crate::school::Role;
use crate::verify::Error;
use crate::verify::table;
use crate::write::files::{RESERVE, SESSIONS, STAFF_TIMETABLE, STUDENT_TIMETABLE, Table};

/// One person in one block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// `student` or `staff`.
    pub kind: &'static str,
    pub id: String,
    pub block: String,
}

/// What the person does there; all empty: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doing {
    pub offering: String,
    /// Of staff.
    pub role: String,
    pub place: String,
    /// Of students and assistants.
    pub lead: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub cell: Cell,
    pub times: [String; 3],
    pub was: Doing,
    pub now: Doing,
}

impl Change {
    /// Whether the change has a price: another offering or role, or none any more. Another place or another
    /// lead of the same offering has none, nor has standing by in reserve.
    pub fn counts(&self) -> bool {
        let duty = |doing: &Doing| match doing.role == RESERVE {
            true => (String::new(), String::new()),
            false => (doing.offering.clone(), doing.role.clone()),
        };
        duty(&self.was) != duty(&self.now)
    }

    /// The cells of `changes.csv`.
    pub fn row(&self) -> [String; 14] {
        let [day, start, end] = self.times.clone();
        let Cell { kind, id, block } = self.cell.clone();
        let doing = |doing: &Doing| {
            let Doing { offering, role, place, lead } = doing.clone();
            [offering, role, place, lead]
        };
        let [was, was_role, was_place, was_lead] = doing(&self.was);
        let [now, now_role, now_place, now_lead] = doing(&self.now);
        [
            kind.to_owned(),
            id,
            block,
            day,
            start,
            end,
            was,
            was_role,
            was_place,
            was_lead,
            now,
            now_role,
            now_place,
            now_lead,
        ]
    }
}

/// What a repair did to one session: another lead, another place, or cancelled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    pub day: String,
    pub start: String,
    pub block: String,
    pub offering: String,
    pub was_lead: String,
    /// Empty: the session is cancelled.
    pub now_lead: String,
    pub was_place: String,
    pub now_place: String,
}

/// The sessions that go on with another lead or in another place, then those that are cancelled.
pub fn shifts(changes: &[Change]) -> Vec<Shift> {
    let mut shifts = Vec::new();
    let mut add = |change: &Change, was_lead: &str, now: &Doing| {
        let [day, start, _] = change.times.clone();
        let shift = Shift {
            day,
            start,
            block: change.cell.block.clone(),
            offering: change.was.offering.clone(),
            was_lead: was_lead.to_owned(),
            now_lead: now.lead.clone(),
            was_place: change.was.place.clone(),
            now_place: now.place.clone(),
        };
        let known = |known: &Shift| {
            let same = (&known.block, &known.offering, &known.was_lead)
                == (&shift.block, &shift.offering, &shift.was_lead);
            same && (known.now_lead == shift.now_lead || shift.now_lead.is_empty())
        };
        if !shifts.iter().any(known) {
            shifts.push(shift);
        }
    };
    // A student in the same offering as before sits in the same session, whoever leads it now.
    let students = changes.iter().filter(|change| change.cell.kind == "student");
    // Unless its lead still leads it: then only the student went to a parallel session.
    let freed: HashSet<(&str, &str)> = changes
        .iter()
        .filter(|change| change.cell.kind == "staff" && change.was.offering != change.now.offering)
        .map(|change| (change.cell.id.as_str(), change.cell.block.as_str()))
        .collect();
    let goes_on = |change: &&Change| {
        change.was.offering == change.now.offering
            && (change.was.lead == change.now.lead || freed.contains(&(&change.was.lead, &change.cell.block)))
    };
    for change in students.filter(goes_on) {
        add(change, &change.was.lead, &change.now);
    }
    let staff = changes.iter().filter(|change| change.cell.kind == "staff");
    let led = |doing: &Doing| !doing.offering.is_empty() && doing.role != Role::Assistant.label();
    for change in staff.filter(|change| led(&change.was) && change.was.offering != change.now.offering) {
        add(change, &change.cell.id, &Doing::default());
    }
    shifts
}

/// The rows of a file of changes.
///
/// # Errors
/// It is missing or is none.
pub fn listed(folder: &Path, file: &Table<14>) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    table::read(folder, file.file, file.columns, |_, cells| {
        let [kind, id, block, day, start, end, rest @ ..] = cells.map(str::to_owned);
        let [was, was_role, was_place, was_lead, now, now_role, now_place, now_lead] = rest;
        let kind = if kind == "student" { "student" } else { "staff" };
        changes.push(Change {
            cell: Cell { kind, id, block },
            times: [day, start, end],
            was: Doing { offering: was, role: was_role, place: was_place, lead: was_lead },
            now: Doing { offering: now, role: now_role, place: now_place, lead: now_lead },
        });
    })?;
    Ok(changes)
}

/// A week by person and block, and the times of the blocks.
type Week = HashMap<Cell, (Doing, [String; 3])>;

/// The changes from one folder to the other, students first, each in the order of the files.
///
/// # Errors
/// A timetable is missing or is none.
pub fn between(before: &Path, after: &Path) -> Result<Vec<Change>, Error> {
    let mut order = Vec::new();
    let old_students = table::bytes(before, STUDENT_TIMETABLE.file)?;
    let new_students = table::bytes(after, STUDENT_TIMETABLE.file)?;
    let (old_students, new_students) = without_common(&old_students, &new_students);
    let old = read(before, &old_students, &mut order)?;
    let new = read(after, &new_students, &mut order)?;
    let mut seen = HashSet::new();
    let mut changes: Vec<Change> = Vec::new();
    for cell in order.iter().filter(|cell| seen.insert(*cell)) {
        let (was, now) = (old.get(cell), new.get(cell));
        let doing =
            |entry: Option<&(Doing, [String; 3])>| entry.map(|(doing, _)| doing.clone()).unwrap_or_default();
        if doing(was) != doing(now)
            && let Some((_, times)) = was.or(now)
        {
            let (was, now) = (doing(was), doing(now));
            changes.push(Change { cell: cell.clone(), times: times.clone(), was, now });
        }
    }
    changes.sort_by_key(|change| change.cell.kind != "student");
    Ok(changes)
}

/// Two tables of which each row stands in one line, without the rows that both have; others whole.
fn without_common<'t>(old: &'t [u8], new: &'t [u8]) -> (Cow<'t, [u8]>, Cow<'t, [u8]>) {
    let rows = |table: &'t [u8]| table.split_inclusive(|&byte| byte == b'\n');
    let header = rows(old).next();
    if old.contains(&b'"') || new.contains(&b'"') || header != rows(new).next() {
        return (old.into(), new.into());
    }
    let without = |this: &'t [u8], other: &'t [u8]| {
        let there: HashSet<&[u8]> = rows(other).skip(1).collect();
        let only_here = rows(this).skip(1).filter(|row| !there.contains(row));
        header.into_iter().chain(only_here).collect::<Vec<_>>().concat().into()
    };
    join(|| without(old, new), || without(new, old))
}

/// `students`: rows of the timetable of students.
fn read(folder: &Path, students: &[u8], order: &mut Vec<Cell>) -> Result<Week, Error> {
    let mut week = Week::new();
    let mut add = |kind, id: &str, block: &str, times: [&str; 3], doing: Doing| {
        let cell = Cell { kind, id: id.to_owned(), block: block.to_owned() };
        order.push(cell.clone());
        week.insert(cell, (doing, times.map(str::to_owned)));
    };
    let columns = ["student", "block", "day", "start", "end", "offering", "place", "lead"];
    table::parse(students, STUDENT_TIMETABLE.file, columns, |_, cells| {
        let [student, block, day, start, end, offering, place, lead] = cells;
        let doing = Doing {
            offering: offering.to_owned(),
            role: String::new(),
            place: place.to_owned(),
            lead: lead.to_owned(),
        };
        add("student", student, block, [day, start, end], doing);
    })?;
    let mut leads: HashMap<String, String> = HashMap::new();
    table::read(folder, SESSIONS.file, ["session", "lead"], |_, [session, lead]| {
        leads.insert(session.to_owned(), lead.to_owned());
    })?;
    let columns = ["staff", "block", "day", "start", "end", "role", "session", "offering", "place"];
    table::read(folder, STAFF_TIMETABLE.file, columns, |_, cells| {
        let [staff, block, day, start, end, role, session, offering, place] = cells;
        let lead = leads.get(session).filter(|lead| role == Role::Assistant.label() && *lead != staff);
        let doing = Doing {
            offering: offering.to_owned(),
            role: role.to_owned(),
            place: place.to_owned(),
            lead: lead.cloned().unwrap_or_default(),
        };
        add("staff", staff, block, [day, start, end], doing);
    })?;
    Ok(week)
}
