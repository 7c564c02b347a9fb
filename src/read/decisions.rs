//! What is decided already: `pins.csv` and `pairs.csv`.

use crate::school::{BlockId, Pair, PairKind, Pin, PinKind, StudentId};

use super::columns;
use super::input::Input;
use super::names::Names;
use super::origin::Origin;
use super::problem::{Problem, Problems};
use super::resources::Resources;
use super::table::{Row, Table};

/// The rows of one file in its order.
#[derive(Debug)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    pub origin: Origin,
}

impl<T> Rows<T> {
    pub fn read(
        input: &Input,
        file: &'static columns::File,
        problems: &mut Problems,
        mut read: impl FnMut(&Row, &mut Problems) -> Option<T>,
    ) -> Self {
        let table = Table::open(input, file, problems);
        let (mut rows, mut starts) = (Vec::new(), Vec::new());
        if let Some(table) = &table {
            table.each_row(problems, |row, problems| {
                if let Some(value) = read(row, problems) {
                    rows.push(value);
                    starts.push(row.start);
                }
            });
        }
        Self { rows, origin: Origin { table, starts } }
    }
}

const PIN_KINDS: [(&str, PinKind); 3] =
    [("session", PinKind::Session), ("attend", PinKind::Attend), ("ban", PinKind::Ban)];

const PAIR_KINDS: [(&str, PairKind); 2] = [("apart", PairKind::Apart), ("together", PairKind::Together)];

pub fn pins(
    input: &Input,
    blocks: &Names<BlockId>,
    resources: &Resources,
    problems: &mut Problems,
) -> Rows<Pin> {
    Rows::read(input, &columns::PINS, problems, |row, problems| {
        let kind = row.required_word("kind", &PIN_KINDS, problems);
        let pin = Pin {
            kind: kind.unwrap_or(PinKind::Ban),
            block: row.find("block", blocks, problems),
            offering: row.find("offering", &resources.offerings.names, problems),
            staff: row.find("staff", &resources.staff.names, problems),
            place: row.find("place", &resources.places.names, problems),
            student: row.find("student", &resources.students.names, problems),
            line: row.line() as u64,
        };
        match kind? {
            PinKind::Session => require(row, &["block", "offering"], "a `session` pin", problems),
            PinKind::Attend => require(row, &["student", "block", "offering"], "an `attend` pin", problems),
            PinKind::Ban => require_any(row, problems),
        }
        Some(pin)
    })
}

fn require(row: &Row, columns: &[&str], what: &str, problems: &mut Problems) {
    for column in columns.iter().filter(|column| row.text(column).is_none()) {
        let problem = Problem::error("empty-cell", format!("{what} without `{column}`"))
            .found("an empty cell")
            .expected(format!("{what} names {}", columns.join(", ")))
            .help(format!("fill in `{column}`, or take the row out"));
        let field = if row.table.has(column) { column } else { "kind" };
        row.report(field, problem, problems);
    }
}

fn require_any(row: &Row, problems: &mut Problems) {
    let columns = ["block", "offering", "staff", "place", "student"];
    if columns.iter().all(|column| row.text(column).is_none()) {
        let problem = Problem::error("empty-cell", "a `ban` that names nothing forbids everything")
            .found("a row with `ban` only")
            .expected(format!("at least one of {}", columns.join(", ")))
            .help("fill in what may never be, or take the row out");
        row.report("kind", problem, problems);
    }
}

pub fn pairs(input: &Input, students: &Names<StudentId>, problems: &mut Problems) -> Rows<Pair> {
    Rows::read(input, &columns::PAIRS, problems, |row, problems| {
        let kind = row.required_word("kind", &PAIR_KINDS, problems);
        let student = row.find_required("student", students, problems);
        let other = row.find_required("other", students, problems);
        let (kind, student, other) = (kind?, student?, other?);
        if student == other {
            let problem = Problem::error("self-pair", "a student paired with themselves")
                .found(format!("`{}` twice", row.text("student").unwrap_or_default()))
                .expected("two students")
                .help("correct one of the two, or take the row out");
            row.report("other", problem, problems);
            return None;
        }
        Some(Pair { kind, student, other, line: row.line() as u64 })
    })
}
