//! Reads the files of an output folder into a [`Week`] and reports where they disagree with the school
//! or with each other.

mod groups;
mod holders;
mod names;
mod places;
mod sessions;
mod staff;
mod students;
pub mod summary;
pub mod unmet;

use std::path::Path;

use crate::school::{BlockId, School, clock};

use super::Error;
use super::violation::{Row, Rule, Violations};
use super::week::Week;

use names::Names;
use sessions::Written;

/// Reads all tables but `unmet_needs.csv`, which [`unmet::check`] compares with what was counted.
///
/// # Errors
/// A file that is missing or that is not a table with the columns of the guide.
pub fn read(school: &School, out: &Path, violations: &mut Violations) -> Result<Week, Error> {
    let names = Names::new(school);
    let mut week = Week::default();
    groups::read(&names, out, &mut week, violations)?;
    let written = sessions::read(&names, out, &mut week, violations)?;
    let mut files = Files { school, names: &names, written: &written, violations };
    students::read(&mut files, out, &mut week)?;
    week.index(school);
    sessions::check_numbers(&mut files, &week);
    staff::read(&mut files, out, &mut week)?;
    places::read(&mut files, out, &week)?;
    holders::read(&mut files, out, &mut week)?;
    Ok(week)
}

/// What the readers of the derived files compare with.
struct Files<'a> {
    school: &'a School,
    names: &'a Names<'a>,
    written: &'a Written,
    violations: &'a mut Violations,
}

/// The columns by which a timetable repeats a block; `kind` where the file has it.
struct BlockCells<'a> {
    day: &'a str,
    start: &'a str,
    end: &'a str,
    kind: Option<&'a str>,
}

impl Files<'_> {
    /// Index of the session that a row names by session id and block.
    fn session(&mut self, row: Row, session: &str, block: &str) -> Option<usize> {
        if session.is_empty() {
            self.differ(row, "the cell `session` is empty".to_owned());
            return None;
        }
        match self.written.find(session, block) {
            Some(index) => {
                let expected = &self.written.cells[index].block;
                if expected != block {
                    let message = format!(
                        "session `{session}` is in block `{expected}` of sessions.csv, here in `{block}`"
                    );
                    let rows = [row, self.written.row(index)];
                    self.violations.add(Rule::Files, rows, message);
                }
                Some(index)
            }
            None => {
                if !self.written.dropped(session) {
                    let message =
                        format!("session `{session}` in block `{block}` does not exist in sessions.csv");
                    self.differ(row, message);
                }
                None
            }
        }
    }

    /// Compares one cell of a derived row with what `sessions.csv` says of that session.
    fn same(&mut self, row: Row, session: usize, column: &str, found: &str, expected: &str) {
        if found != expected {
            let rows = [row, self.written.row(session)];
            let message = format!("{column} is `{found}`, in sessions.csv `{expected}`");
            self.violations.add(Rule::Files, rows, message);
        }
    }

    /// Compares the repeated columns of a block with the layout.
    fn same_block(&mut self, row: Row, block: BlockId, cells: &BlockCells) {
        let school = self.school;
        let block = &school[block];
        let mut differ = |column: &str, found: &str, expected: &str| {
            let message = format!("{column} is `{found}`, block `{}` has `{expected}`", block.id);
            self.violations.add(Rule::Files, [row], message);
        };
        if cells.day != school[block.day] {
            differ("day", cells.day, &school[block.day]);
        }
        if minutes(cells.start) != Some(block.start) {
            differ("start", cells.start, &clock(block.start));
        }
        if minutes(cells.end) != Some(block.end) {
            differ("end", cells.end, &clock(block.end));
        }
        if let Some(kind) = cells.kind
            && kind != block.kind.label()
        {
            differ("kind", kind, block.kind.label());
        }
    }

    fn differ(&mut self, row: Row, message: String) {
        self.violations.add(Rule::Files, [row], message);
    }
}

/// Minutes since midnight of `08:30`, or as spreadsheets rewrite it: `8:30`, `08:30:00`.
fn minutes(time: &str) -> Option<u16> {
    let (hours, rest) = time.split_once(':')?;
    let minutes = rest.strip_suffix(":00").unwrap_or(rest);
    Some(hours.parse::<u8>().ok()? as u16 * 60 + minutes.parse::<u8>().ok()? as u16)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_are_read_as_spreadsheets_write_them() {
        for time in ["08:30", "8:30", "8:30:00"] {
            assert_eq!(minutes(time), Some(510), "{time}");
        }
        for time in ["", "8.30", "x:30", "8:300", "8:00:10"] {
            assert_eq!(minutes(time), None, "{time}");
        }
    }
}
