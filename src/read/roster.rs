//! The rows of a file that gives ids to what it lists.

use crate::pluralize::one;
use crate::school::Id;

use super::names::Names;
use super::origin::Origin;
use super::problem::{Problem, Problems};
use super::table::{OPEN_QUOTE, RAGGED_ROW, Row, Table};

/// Problems by which rows are lost.
const TORN: [&str; 2] = [OPEN_QUOTE, RAGGED_ROW];

/// The rows of one file in its order, and their ids.
#[derive(Debug)]
pub struct Roster<I, T> {
    pub rows: Vec<T>,
    pub names: Names<I>,
    pub origin: Origin,
}

impl<I: Id, T> Roster<I, T> {
    /// Reads every row with `read`, which gets the row's id. A row without an id, or with one that is
    /// taken, is a problem and left out.
    pub fn read(
        table: Option<Table>,
        what: &'static str,
        home: &'static str,
        problems: &mut Problems,
        mut read: impl FnMut(&Row, &str, &mut Problems) -> T,
    ) -> Self {
        let complete = table.as_ref().is_some_and(|table| table.has(what));
        let mut names = Names::new(what, home, complete);
        let (mut rows, mut starts) = (Vec::new(), Vec::new());
        if let Some(table) = &table {
            let before = problems.error_count();
            table.each_row(problems, |row, problems| {
                let Some(id) = row.required(what, problems) else { return };
                if let Some(problem) = unusable_id(what, id) {
                    row.report(what, problem, problems);
                }
                let value = read(row, id, problems);
                match names.insert(id, I::new(rows.len())) {
                    Ok(()) => {
                        row.text("name")
                            .into_iter()
                            .for_each(|name| names.set_called(name, I::new(rows.len())));
                        rows.push(value);
                        starts.push(row.start);
                    }
                    Err(first) => {
                        let line = table.source.line(starts[first.index()]);
                        row.report(what, duplicate(what, id, line), problems);
                    }
                }
            });
            // A row that is torn or swallowed may be the one that another file names; where its id stands first, a torn
            // row still gives it.
            let lost: &[&str] = if table.begins_with(what) { &[OPEN_QUOTE] } else { &TORN };
            let is_torn = lost.iter().any(|code| problems.has(code, home));
            if problems.error_count() > before && is_torn {
                names.set_incomplete();
            }
            if table.has_no_rows(problems) {
                names.set_empty();
            }
        }
        Self { rows, names, origin: Origin { table, starts } }
    }
}

/// An id that stands on a line already.
pub fn duplicate(what: &str, id: &str, first_line: usize) -> Problem {
    Problem::error("duplicate-id", format!("{what} `{id}` stands here a second time"))
        .found(format!("`{id}`, already on line {first_line}"))
        .expected(format!("{} that no other row has", one(what)))
        .help("give one of the two another id, or take one out")
}

/// Ids that could not be told apart from other things once they stand in a list, a row of `needs.csv`
/// or a written schedule.
fn unusable_id(what: &str, id: &str) -> Option<Problem> {
    let reserved = match what {
        "offering" => ["coaching", "study"].contains(&id),
        "student" => id == "all",
        _ => false,
    };
    let problem = if reserved {
        Problem::error("reserved-id", format!("`{id}` cannot be the id of any {what}"))
            .expected("another id: this word has a meaning of its own")
            .help(format!("call it something like `{id}-1`"))
    } else if id.contains('|') || id.chars().any(char::is_control) {
        Problem::error(
            "reserved-id",
            format!("{what} `{}` has a character that no id may have", id.escape_debug()),
        )
        .expected("an id without `|`, which separates the items of a list, and without line breaks")
        .help("replace the character, for instance by `-`")
    } else {
        return None;
    };
    Some(problem.found(format!("`{}`", id.escape_debug())))
}
