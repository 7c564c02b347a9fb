use std::collections::HashMap;

use crate::school::{BlockId, Id, OfferingId, PackageId, PlaceId, School, StaffId, StudentId, ids};

use crate::verify::violation::{Row, Rule, Violations};

/// The ids of a school by the text that stands for them in files.
pub struct Names<'a> {
    pub blocks: Table<'a, BlockId>,
    pub offerings: Table<'a, OfferingId>,
    pub places: Table<'a, PlaceId>,
    pub staff: Table<'a, StaffId>,
    pub students: Table<'a, StudentId>,
    pub packages: Table<'a, PackageId>,
}

impl<'a> Names<'a> {
    pub fn new(school: &'a School) -> Self {
        Self {
            blocks: Table::new("block", school.blocks.iter().map(|row| row.id.as_str())),
            offerings: Table::new("offering", school.offerings.iter().map(|row| row.id.as_str())),
            places: Table::new("place", school.places.iter().map(|row| row.id.as_str())),
            staff: Table::new("staff", school.staff.iter().map(|row| row.id.as_str())),
            students: Table::new("student", school.students.iter().map(|row| row.id.as_str())),
            packages: Table::new("package", school.packages.iter().map(|row| row.id.as_str())),
        }
    }
}

/// The ids of one table of the school.
pub struct Table<'a, I> {
    what: &'static str,
    ids: HashMap<&'a str, I>,
}

impl<'a, I: Id> Table<'a, I> {
    fn new(what: &'static str, names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let count = names.len();
        Self { what, ids: names.zip(ids(count)).collect() }
    }

    /// The id of a cell that must be filled; reports it when it is empty or unknown.
    pub fn find(&self, cell: &str, row: Row, violations: &mut Violations) -> Option<I> {
        let found = self.ids.get(cell).copied();
        if found.is_none() {
            let what = self.what;
            let message = if cell.is_empty() {
                format!("the cell `{what}` is empty")
            } else {
                format!("unknown {what} `{cell}`")
            };
            violations.add(Rule::Files, [row], message);
        }
        found
    }

    /// The id of a cell that may be empty; reports it when it is unknown.
    pub fn find_if_any(&self, cell: &str, row: Row, violations: &mut Violations) -> Option<I> {
        if cell.is_empty() { None } else { self.find(cell, row, violations) }
    }
}
