//! Compares the files that repeat cells of others with what these say.

use crate::school::{BlockId, School, clock};
use crate::verify::violation::{Row, Rule, Violations};

use super::names::Names;
use super::written::Written;

/// What the readers of the derived files compare with.
pub struct Files<'a> {
    pub school: &'a School,
    pub names: &'a Names<'a>,
    pub written: &'a Written,
    pub violations: &'a mut Violations,
}

/// The columns by which a timetable repeats a block; `kind` where the file has it.
pub struct BlockCells<'a> {
    pub day: &'a str,
    pub start: &'a str,
    pub end: &'a str,
    pub kind: Option<&'a str>,
}

impl Files<'_> {
    /// Index of the session that a row names by session id and block.
    pub fn session(&mut self, row: Row, session: &str, block: &str) -> Option<usize> {
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
    pub fn same(&mut self, row: Row, session: usize, column: &str, found: &str, expected: &str) {
        if found != expected {
            let rows = [row, self.written.row(session)];
            let message = format!("{column} is `{found}`, in sessions.csv `{expected}`");
            self.violations.add(Rule::Files, rows, message);
        }
    }

    /// Compares the repeated columns of a block with the layout.
    pub fn same_block(&mut self, row: Row, block: BlockId, cells: &BlockCells) {
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

    pub fn differ(&mut self, row: Row, message: String) {
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
