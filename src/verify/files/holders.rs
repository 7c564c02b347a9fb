//! `package_holders.csv`: who carries which package.

use std::collections::HashMap;
use std::path::Path;

use crate::verify::violation::{Row, Rule};
use crate::verify::week::{HOLDERS, Holder, Week};
use crate::verify::{Error, table};

use super::compare::Files;

pub fn read(files: &mut Files, out: &Path, week: &mut Week) -> Result<(), Error> {
    let mut first: HashMap<_, Row> = HashMap::new();
    table::read(out, HOLDERS, ["package", "staff"], |line, [package_cell, staff_cell]| {
        let row = Row { file: HOLDERS, line };
        let package = files.names.packages.find(package_cell, row, files.violations);
        let staff = files.names.staff.find(staff_cell, row, files.violations);
        let (Some(package), Some(staff)) = (package, staff) else { return };
        match first.insert((package, staff), row) {
            None => week.holders.push(Holder { line, package, staff }),
            Some(before) => {
                let message = format!("staff `{staff_cell}` is listed twice for package `{package_cell}`");
                files.violations.add(Rule::Files, [before, row], message);
            }
        }
    })
}
