//! What was changed since the week was planned, in terms of the school.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::bail;

use crate::schedule::Activity;
use crate::school::*;
use crate::verify;
use crate::whatif::replan::changes::{Change, Doing};
use crate::write::files::{ALL_CHANGES, COACHING, STUDY};

/// What was changed.
#[derive(Default)]
pub struct Rows<'a> {
    /// When those who are back fell out.
    pub hours: BTreeSet<BlockId>,
    pub students: BTreeMap<StudentId, BTreeMap<BlockId, Planned>>,
    pub staff: BTreeMap<(StaffId, BlockId), (&'a Doing, &'a Doing)>,
}

/// What a student was to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Planned {
    Nothing,
    Coaching(Option<PlaceId>),
    Session {
        activity: Activity,
        place: Option<PlaceId>,
        lead: StaffId,
    },
    /// The school does not know it any more.
    Gone,
}

impl Rows<'_> {
    pub fn of(&self, student: StudentId, block: BlockId) -> Option<Planned> {
        self.students.get(&student)?.get(&block).copied()
    }
}

/// What `all_changes.csv` says, and the hours in which `back` fell out.
///
/// # Errors
/// The school no longer knows what they did.
pub fn rows<'a>(
    school: &School,
    out: &Path,
    changes: &'a [Change],
    back: &[String],
) -> anyhow::Result<Rows<'a>> {
    let repair = verify::repair_of(out)?.unwrap_or_default();
    let out = repair.absent.iter().chain(&repair.closed).filter(|named| back.contains(&named.id));
    let fell_out: BTreeSet<&String> = out.flat_map(|named| &named.blocks).collect();
    let theirs = |change: &Change| {
        let (staff, was) = (change.cell.kind != "student", &change.was);
        back.contains(&was.place)
            || back.contains(&was.lead)
            || (staff && back.contains(&change.cell.id) && *was != Doing::default())
    };
    let block_of = |id: &String| school.block_ids().find(|&block| school[block].id == *id);
    let mut rows = Rows::default();
    for change in changes.iter().filter(|change| theirs(change)) {
        let (block, was) = (&change.cell.block, &change.was);
        let Some(at) = block_of(block).filter(|_| planned(school, was, lead(change)) != Planned::Gone) else {
            bail!(
                "the school has changed since the week was planned: it knows nothing any more of {} in {block}, \
                 which {} lists; make a new schedule with `leerzone solve`",
                if was.offering.is_empty() { &was.role } else { &was.offering },
                ALL_CHANGES.file,
            );
        };
        if fell_out.contains(block) || fell_out.iter().any(|id| overlaps(school, at, block_of(id))) {
            rows.hours.extend(school.block_ids().filter(|&other| school[other].overlaps(&school[at])));
        }
    }
    for change in changes {
        let Some(block) = block_of(&change.cell.block) else { continue };
        let id = &change.cell.id;
        if change.cell.kind != "student" {
            let staff = school.staff_ids().find(|&staff| school[staff].id == *id);
            rows.staff.extend(staff.map(|staff| ((staff, block), (&change.was, &change.now))));
        } else if let Some(student) = school.student_ids().find(|&student| school[student].id == *id) {
            let week = rows.students.entry(student).or_default();
            week.insert(block, planned(school, &change.was, lead(change)));
        }
    }
    Ok(rows)
}

fn lead(change: &Change) -> &str {
    if change.cell.kind == "student" { &change.was.lead } else { &change.cell.id }
}

fn overlaps(school: &School, block: BlockId, other: Option<BlockId>) -> bool {
    other.is_some_and(|other| school[block].overlaps(&school[other]))
}

/// What was to be done under the lead: that of a student's row, and of others whose row it is.
pub fn planned(school: &School, was: &Doing, lead: &str) -> Planned {
    let place = school.place_ids().find(|&place| school[place].id == was.place);
    let activity = match was.offering.as_str() {
        "" => return Planned::Nothing,
        COACHING => return Planned::Coaching(place),
        STUDY => Some(Activity::Study),
        name => school.offering_ids().find(|&o| school[o].id == name).map(Activity::Offering),
    };
    let lead = school.staff_ids().find(|&staff| school[staff].id == lead);
    match (activity, lead) {
        (Some(activity), Some(lead)) if place.is_some() || was.place.is_empty() => {
            Planned::Session { activity, place, lead }
        }
        _ => Planned::Gone,
    }
}
