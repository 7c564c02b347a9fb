//! What a repaired week has to say on the page: who is out, what changed for whom, and who stands in for whom.

use std::path::Path;

use serde_json::{Value, json};

use crate::school::{Id, School};
use crate::timetable::Timetable;
use crate::verify::{Error, Named, repair_of};
use crate::whatif::replan::changes::{Change, Doing, Shift, listed, shifts};
use crate::write::files::{ALL_CHANGES, CHANGES, COACHING, RESERVE, STUDY};

use super::words::Words;

/// A week that is not as it was planned.
#[derive(Debug)]
pub struct Repair {
    absent: Vec<Named>,
    closed: Vec<Named>,
    changes: Vec<Change>,
    shifts: Vec<Shift>,
}

impl Repair {
    /// `None`: the schedule in `out` is as it was planned.
    ///
    /// # Errors
    /// One of its files cannot be read.
    pub fn read(out: &Path) -> Result<Option<Self>, Error> {
        let Some(repair) = repair_of(out)? else { return Ok(None) };
        let all = out.join(ALL_CHANGES.file).exists();
        let changes = listed(out, if all { &ALL_CHANGES } else { &CHANGES })?;
        let shifts = shifts(&changes);
        Ok(Some(Self { absent: repair.absent, closed: repair.closed, changes, shifts }))
    }

    /// For the page's script: people, places and blocks by their position.
    pub fn to_json(&self, timetable: &Timetable, words: &Words) -> Value {
        let school = timetable.school;
        let block = |id: &str| school.block_ids().find(|&block| school[block].id == id).map(Id::index);
        let staff = |id: &str| school.staff_ids().find(|&staff| school[staff].id == id).map(Id::index);
        let place = |id: &str| school.place_ids().find(|&place| school[place].id == id).map(Id::index);
        let student =
            |id: &str| school.student_ids().find(|&student| school[student].id == id).map(Id::index);
        let out = |rows: &[Named], find: &dyn Fn(&str) -> Option<usize>| -> Vec<Value> {
            let blocks = |row: &Named| row.blocks.iter().filter_map(|id| block(id)).collect::<Vec<_>>();
            rows.iter().filter_map(|row| Some(json!([find(&row.id)?, blocks(row)]))).collect()
        };
        let changes = self.changes.iter().filter_map(|change| {
            let cell = &change.cell;
            let who = if cell.kind == "student" { student(&cell.id) } else { staff(&cell.id) };
            Some(json!([cell.kind, who?, block(&cell.block)?, describe(school, &change.was, words)]))
        });
        let shifts = self.shifts.iter().filter_map(|shift| {
            Some(json!([
                block(&shift.block)?,
                offering_name(school, &shift.offering, words),
                staff(&shift.was_lead),
                staff(&shift.now_lead),
                place(&shift.was_place),
                place(&shift.now_place),
            ]))
        });
        json!({
            "absent": out(&self.absent, &staff),
            "closed": out(&self.closed, &place),
            "changes": changes.collect::<Vec<_>>(),
            "shifts": shifts.collect::<Vec<_>>(),
        })
    }
}

/// The name of an offering, of coaching and of study.
pub fn offering_name<'a>(school: &'a School, id: &'a str, words: &Words) -> &'a str {
    match id {
        COACHING => words.coaching,
        STUDY => words.study,
        id => school.offerings.iter().find(|row| row.id == id).map_or(id, |row| &row.name),
    }
}

/// What somebody did before, and where; empty for nothing.
fn describe(school: &School, was: &Doing, words: &Words) -> String {
    if was.role == RESERVE {
        return words.reserve.to_owned();
    }
    let place = school.places.iter().find(|row| row.id == was.place).map_or(&was.place, |row| &row.name);
    let lead = school.staff.iter().find(|row| row.id == was.lead).map_or(&was.lead, |row| &row.name);
    let parts = [offering_name(school, &was.offering, words), place, lead];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
