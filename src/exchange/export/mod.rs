//! A written schedule in other systems' files.

pub mod fet;
pub mod ics;
pub mod oneroster;
pub mod untis;
pub mod xlsx;
pub mod zermelo;

use crate::school::School;

/// A file of an export: its name and its bytes.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// The bell times of the week, each once, in order: the first is period 1.
pub fn periods(school: &School) -> Vec<(u16, u16)> {
    let mut periods: Vec<(u16, u16)> = school.blocks.iter().map(|block| (block.start, block.end)).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}

/// The period of an interval, counted from 1.
fn period(periods: &[(u16, u16)], start: u16, end: u16) -> usize {
    periods.iter().position(|period| *period == (start, end)).map_or(0, |at| at + 1)
}

/// First and last name, as near as a name in one cell tells.
fn split_name(name: &str) -> (&str, &str) {
    name.trim().split_once(' ').map_or(("", name.trim()), |(first, last)| (first, last.trim()))
}
