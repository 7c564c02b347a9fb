//! The school's own layout: what of it stays in every proposal, and when students are free beside it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use toml::{Table, Value};

use crate::read::{Input, Reading, first_error};
use crate::school::{BlockId, DayId, Kind, School, StudentId, clock, ids};
use crate::whatif::scenario::Scenario;

use super::week::{Day, Window};

/// Blocks start at these minutes.
pub const STEP: u16 = 15;
/// Names blocks that only ask who is free.
const PROBE: &str = "free?";

/// Everything that proposals start from.
pub struct Base {
    pub school: School,
    pub days: Vec<Day>,
    /// The tables of the blocks that stay: coaching and homework.
    pub kept: Vec<Table>,
    /// All blocks as they are.
    all: Vec<Table>,
    /// Ids of the other blocks, with `{day}`, to be used again: pins may name them.
    pub ids: Vec<String>,
    /// The kinds of the others on a day, in their order.
    pub kinds: Vec<Kind>,
    /// The years, the youngest first.
    pub years: Vec<String>,
}

/// Where proposals come from.
#[derive(Clone, Copy)]
pub struct From<'a> {
    pub dir: &'a Path,
    pub layout: Option<&'a Path>,
    pub scenario: &'a Scenario,
}

impl From<'_> {
    pub fn read(&self, layout: Option<&Path>) -> Reading {
        Input { dir: self.dir, layout, changes: &self.scenario.changes }.read()
    }

    fn layout_file(&self) -> PathBuf {
        Input { dir: self.dir, layout: self.layout, changes: &self.scenario.changes }.layout_path()
    }
}

impl Base {
    /// `bounds`: the first and the last minute of a day; those of the present layout where not given.
    ///
    /// # Errors
    /// The layout cannot be read.
    pub fn new(from: From, school: School, bounds: (Option<u16>, Option<u16>)) -> anyhow::Result<Self> {
        let path = from.layout_file();
        let document = crate::open::toml(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let blocks = document.get("block").and_then(Value::as_array).cloned().unwrap_or_default();
        let all: Vec<Table> = blocks.into_iter().filter_map(|block| block.as_table().cloned()).collect();
        let (kept, other): (Vec<Table>, Vec<Table>) = all.iter().cloned().partition(stays);
        let earliest = school.blocks.iter().map(|block| block.start).min().unwrap_or(8 * 60);
        let latest = school.blocks.iter().map(|block| block.end).max().unwrap_or(17 * 60);
        let (start, until) = (bounds.0.unwrap_or(earliest), bounds.1.unwrap_or(latest));
        if start >= until {
            bail!("the day would end at {}, before it begins at {}", clock(until), clock(start));
        }
        let days =
            ids(school.days.len()).map(|day| Day { from: start, until, kept: kept_windows(&school, day) });
        Ok(Self {
            days: days.collect(),
            kept,
            all,
            ids: used_ids(&other),
            kinds: kinds(&school),
            years: years(&school),
            school,
        })
    }

    /// For each day and start of a free window of that length: the students free in all of it.
    ///
    /// # Errors
    /// The school cannot be read with these windows as blocks.
    pub fn free(&self, from: From, length: u16) -> anyhow::Result<Free> {
        let mut blocks: Vec<Value> = self.all.iter().cloned().map(Value::Table).collect();
        for (day, label) in self.days.iter().zip(&self.school.days) {
            for start in day.starts(length, STEP) {
                let id = format!("{PROBE}{label}-{start}");
                blocks.push(Value::Table(block(&id, &[label], (start, start + length), Kind::Zone, &[])));
            }
        }
        let text = layout_text("probe", blocks)?;
        let file = temporary(&text).context("cannot write a temporary file")?;
        let reading = from.read(Some(file.path()));
        let Some(school) = reading.school else { bail!(first_error(&reading.problems)) };
        Ok(Free { school })
    }
}

/// A school with a block at every possible start.
pub struct Free {
    school: School,
}

impl Free {
    /// Students of these years (none: all) with a need who are free in the window of that day.
    pub fn students(&self, day: DayId, window: Window, years: &[String]) -> u64 {
        let school = &self.school;
        let block = school.block_ids().find(|&block| {
            let row = &school[block];
            row.day == day && row.start == window.0 && row.id.starts_with(PROBE)
        });
        block.map_or(0, |block: BlockId| {
            let counts = |student: &StudentId| {
                (years.is_empty() || years.contains(&school[*student].year))
                    && school.student_free[(*student, block)]
                    && school.needs_of(*student).len() > 0
            };
            school.student_ids().filter(counts).count() as u64
        })
    }
}

fn stays(block: &Table) -> bool {
    let kind = block.get("kind").and_then(Value::as_str).unwrap_or_default();
    [Kind::Coaching, Kind::Homework].iter().any(|kept| kept.label() == kind)
}

fn kept_windows(school: &School, day: DayId) -> Vec<Window> {
    let kept = school.blocks.iter().filter(|block| block.day == day && !block.kind.counts_as_presence());
    kept.map(|block| (block.start, block.end)).collect()
}

fn used_ids(blocks: &[Table]) -> Vec<String> {
    let mut seen = HashSet::new();
    let ids = blocks.iter().filter_map(|block| block.get("id")?.as_str());
    ids.filter(|id| id.contains("{day}") && seen.insert(id.to_string())).map(str::to_owned).collect()
}

/// The kinds of the day that has most of these blocks.
fn kinds(school: &School) -> Vec<Kind> {
    let of_day = |day: DayId| -> Vec<Kind> {
        let blocks = school.blocks.iter().filter(|block| block.day == day && block.kind.counts_as_presence());
        blocks.map(|block| block.kind).collect()
    };
    let days = ids::<DayId>(school.days.len()).map(of_day);
    let most = days.rev().max_by_key(Vec::len).unwrap_or_default();
    if most.is_empty() { vec![Kind::Zone] } else { most }
}

fn years(school: &School) -> Vec<String> {
    let mut years: Vec<String> =
        school.students.iter().map(|student| student.year.clone()).filter(|year| !year.is_empty()).collect();
    years.sort_by_key(|year| (year.parse::<u64>().unwrap_or(u64::MAX), year.clone()));
    years.dedup();
    years
}

/// One `[[block]]`.
pub fn block(id: &str, days: &[&String], window: Window, kind: Kind, years: &[String]) -> Table {
    let list = |items: Vec<String>| Value::Array(items.into_iter().map(Value::String).collect());
    let mut table = Table::new();
    let mut set = |key: &str, value: Value| drop(table.insert(key.to_owned(), value));
    set("id", Value::String(id.to_owned()));
    set("days", list(days.iter().map(|day| (*day).clone()).collect()));
    set("start", Value::String(clock(window.0)));
    set("end", Value::String(clock(window.1)));
    set("kind", Value::String(kind.label().to_owned()));
    if !years.is_empty() {
        set("audience", list(years.iter().map(|year| format!("year:{year}")).collect()));
    }
    table
}

/// A whole layout as TOML.
///
/// # Errors
/// A value that TOML cannot say.
pub fn layout_text(name: &str, blocks: Vec<Value>) -> anyhow::Result<String> {
    let mut document = Table::new();
    document.insert("name".to_owned(), Value::String(name.to_owned()));
    document.insert("block".to_owned(), Value::Array(blocks));
    Ok(toml::to_string(&document)?)
}

fn temporary(text: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let file = tempfile::Builder::new().suffix(".toml").tempfile()?;
    std::fs::write(file.path(), text)?;
    Ok(file)
}
