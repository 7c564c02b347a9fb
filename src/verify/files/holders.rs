//! `package_holders.csv`: who carries which package.

use std::path::Path;

use crate::verify::breach::Row;
use crate::verify::week::{HOLDERS, Holder, Week};
use crate::verify::{Error, table};

use super::Files;

pub fn read(files: &mut Files, out: &Path, week: &mut Week) -> Result<(), Error> {
    table::read(out, HOLDERS, ["package", "staff"], |line, [package, staff]| {
        let row = Row { file: HOLDERS, line };
        let package = files.names.packages.find(package, row, files.breaches);
        let staff = files.names.staff.find(staff, row, files.breaches);
        if let (Some(package), Some(staff)) = (package, staff) {
            week.holders.push(Holder { line, package, staff });
        }
    })
}
