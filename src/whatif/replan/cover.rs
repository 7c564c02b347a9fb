//! Who has stepped in how often: in the repairs of a week, and in the other weeks of its term.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::open;
use crate::school::{Id, School, StaffId};
use crate::verify::Error;
use crate::write::files::{ALL_CHANGES, RESERVE};

use super::changes::{Change, listed};

/// Blocks in which they stepped in, by the id of the member of staff.
pub type Counted = BTreeMap<String, u32>;

/// By staff member: blocks in which they stepped in.
#[derive(Clone, Debug)]
pub struct Covers {
    /// In the week that is repaired.
    pub week: Vec<u32>,
    /// In the other weeks of the term.
    pub term: Vec<u32>,
}

impl Covers {
    /// Those of the week in `out`, and of the weeks that `roll` keeps beside it.
    ///
    /// # Errors
    /// A file of changes is none.
    pub fn read(school: &School, out: &Path) -> Result<Self, Error> {
        let week = counted(out)?;
        let mut term = Counted::new();
        let own = out.parent();
        let weeks = own.and_then(Path::parent).filter(|weeks| weeks.ends_with("weeks"));
        let entries = weeks.and_then(|weeks| fs::read_dir(weeks).ok());
        for folder in entries.into_iter().flatten().flatten().map(|entry| entry.path()) {
            if own.is_some_and(|own| own.file_name() != folder.file_name()) {
                of_week(&folder)?
                    .into_iter()
                    .for_each(|(staff, blocks)| *term.entry(staff).or_default() += blocks);
            }
        }
        let by_staff = |counted: &Counted| {
            school.staff.iter().map(|staff| counted.get(&staff.id).copied().unwrap_or(0)).collect()
        };
        Ok(Self { week: by_staff(&week), term: by_staff(&term) })
    }

    pub fn of(&self, staff: StaffId) -> [u32; 2] {
        let at = staff.index();
        [self.week[at], self.term[at]]
    }
}

/// Of the last repair of a week that `roll` keeps in the folder.
///
/// # Errors
/// A file of changes is none.
pub fn of_week(folder: &Path) -> Result<Counted, Error> {
    let written = ["schedule-repaired", "schedule"].map(|name| folder.join(name));
    written
        .iter()
        .find(|out| open::is_there(&out.join(ALL_CHANGES.file)))
        .map_or(Ok(Counted::new()), |out| counted(out))
}

fn counted(out: &Path) -> Result<Counted, Error> {
    let mut counted = Counted::new();
    if open::is_there(&out.join(ALL_CHANGES.file)) {
        for change in listed(out, &ALL_CHANGES)?.iter().filter(|change| steps_in(change)) {
            *counted.entry(change.cell.id.clone()).or_default() += 1;
        }
    }
    Ok(counted)
}

/// Whether somebody of the staff who had nothing to do has something now.
pub fn steps_in(change: &Change) -> bool {
    let nothing = |role: &str| role.is_empty() || role == RESERVE;
    change.cell.kind == "staff" && nothing(&change.was.role) && !nothing(&change.now.role)
}
