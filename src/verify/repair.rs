//! What the schedule of a repaired week says of itself: `changes.csv` marks it, and `summary.json` names who
//! and what fell out.

use std::path::Path;

use serde::Deserialize;

use crate::open;
use crate::school::School;

use super::Error;
use super::violation::{Row, Rule, Violations};
use super::week::{CHANGES, SUMMARY};

/// Who and what was out, and when.
#[derive(Debug, Default, Deserialize)]
pub struct Repair {
    #[serde(default)]
    pub absent: Vec<Named>,
    #[serde(default)]
    pub closed: Vec<Named>,
}

#[derive(Debug, Deserialize)]
pub struct Named {
    /// A staff member or place.
    pub id: String,
    pub blocks: Vec<String>,
}

#[derive(Deserialize)]
struct Summary {
    repair: Option<Repair>,
}

/// `None`: the folder holds no repaired week.
///
/// # Errors
/// `summary.json` cannot be read or is not of this shape.
pub fn read(out: &Path) -> Result<Option<Repair>, Error> {
    if !open::is_there(&out.join(CHANGES)) {
        return Ok(None);
    }
    let path = out.join(SUMMARY);
    let bytes = match open::settings(&path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Some(Repair::default())),
        Err(cause) => return Err(Error::Missing { path, cause }),
    };
    let summary: Summary = serde_json::from_slice(&bytes).map_err(|cause| Error::Malformed {
        file: SUMMARY,
        line: cause.line() as u64,
        message: cause.to_string(),
    })?;
    Ok(Some(summary.repair.unwrap_or_default()))
}

/// The school in that week.
pub fn school_of(school: &School, repair: &Repair, violations: &mut Violations) -> School {
    let mut school = school.clone();
    let mut unknown = |what: &str, id: &str| {
        let message = format!("the repair names the unknown {what} `{id}`");
        violations.add(Rule::Files, [Row { file: SUMMARY, line: 0 }], message);
    };
    for out in &repair.absent {
        let Some(staff) = school.staff_ids().find(|&staff| school[staff].id == out.id) else {
            unknown("staff member", &out.id);
            continue;
        };
        for name in &out.blocks {
            match school.block_ids().find(|&block| school[block].id == *name) {
                Some(block) => school.take_out(staff, block),
                None => unknown("block", name),
            }
        }
    }
    for out in &repair.closed {
        let Some(place) = school.place_ids().find(|&place| school[place].id == out.id) else {
            unknown("place", &out.id);
            continue;
        };
        for name in &out.blocks {
            match school.block_ids().find(|&block| school[block].id == *name) {
                Some(block) => school.close(place, block),
                None => unknown("block", name),
            }
        }
    }
    school
}
