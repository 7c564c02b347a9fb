//! `all_changes.csv`: what differs from the week as it was planned, over all its repairs. It goes along from repair to
//! repair, so that whoever is back finds what they did, whatever else was repaired since and wherever it was written.

use std::collections::BTreeMap;
use std::path::Path;

use crate::open;
use crate::verify::Error;
use crate::write::files::{ALL_CHANGES, CHANGES};

use super::changes::{Cell, Change, listed};

/// What differs in `out` from the week as it was planned. `None`: it was repaired, and nothing says from what.
///
/// # Errors
/// The file is none.
pub fn read(out: &Path) -> Result<Option<Vec<Change>>, Error> {
    match (open::is_there(&out.join(CHANGES.file)), open::is_there(&out.join(ALL_CHANGES.file))) {
        (false, _) => Ok(Some(Vec::new())),
        (true, false) => Ok(None),
        (true, true) => listed(out, &ALL_CHANGES).map(Some),
    }
}

/// The same after one repair more. `temporary`: whether a change is none of the plan, but only until somebody is back.
pub fn joined(earlier: Vec<Change>, repair: &[Change], temporary: impl Fn(&Change) -> bool) -> Vec<Change> {
    let mut order: Vec<Cell> = Vec::new();
    let mut changes: BTreeMap<Cell, Change> = BTreeMap::new();
    for change in earlier {
        order.push(change.cell.clone());
        changes.insert(change.cell.clone(), change);
    }
    for change in repair {
        let planned = changes.remove(&change.cell).map(|known| known.was);
        let all = Change { was: planned.unwrap_or_else(|| change.was.clone()), ..change.clone() };
        if all.was != all.now && temporary(&all) {
            order.push(all.cell.clone());
            changes.insert(all.cell.clone(), all);
        }
    }
    let mut joined: Vec<Change> = order.iter().filter_map(|cell| changes.remove(cell)).collect();
    joined.sort_by_key(|change| change.cell.kind != "student");
    joined
}
