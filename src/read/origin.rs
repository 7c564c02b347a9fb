//! Where the rows of a school come from, for problems that are found once all of it is read.

use std::ops::Range;

use crate::school::Id;

use super::problem::{Problem, Problems};
use super::source::Source;
use super::table::Table;

/// The file of one table of the school, and the byte at which each of its rows starts.
#[derive(Debug, Default)]
pub struct Origin {
    /// `None` where there is no file.
    pub table: Option<Table>,
    pub starts: Vec<usize>,
}

impl Origin {
    /// Adds a problem with the cell of `column` in the row at `index`.
    pub fn report(&self, index: usize, column: &str, problem: Problem, problems: &mut Problems) {
        if let (Some(table), Some(&start)) = (&self.table, self.starts.get(index)) {
            problems.push(problem.at(&table.source, table.locate(start, column)).field(column));
        }
    }

    /// The same for the row of an id.
    pub fn report_id(&self, id: impl Id, column: &str, problem: Problem, problems: &mut Problems) {
        self.report(id.index(), column, problem, problems);
    }
}

/// A TOML file, for problems that are found once all of the school is read.
#[derive(Debug, Default)]
pub struct Document {
    /// `None` where the file could not be read.
    pub source: Option<Source>,
}

impl Document {
    /// Adds a problem with the value of `field`, which stands at `span`.
    pub fn report(&self, span: &Range<usize>, field: &str, problem: Problem, problems: &mut Problems) {
        if let Some(source) = &self.source {
            problems.push(problem.at(source, span.clone()).field(field));
        }
    }
}

/// The bytes of some values of `school.toml`; empty where a value is left out.
#[derive(Debug, Default)]
pub struct SettingSpans {
    pub coaching: Range<usize>,
    pub meetings: Range<usize>,
    pub staff_per_block: Range<usize>,
    /// `people` of each `[[reserve.group]]`.
    pub reserve_groups: Vec<Range<usize>>,
    pub own_places: Range<usize>,
    pub min_blocks: Range<usize>,
}

/// The origins of a school's tables.
#[derive(Debug)]
pub struct Origins {
    pub settings: Document,
    pub setting_spans: SettingSpans,
    pub layout: Document,
    /// For each block the bytes of its id.
    pub blocks: Vec<Range<usize>>,
    pub offerings: Origin,
    pub places: Origin,
    pub staff: Origin,
    pub students: Origin,
    pub needs: Origin,
    pub pins: Origin,
    pub pairs: Origin,
    pub packages: Origin,
    pub wishes: Origin,
}
