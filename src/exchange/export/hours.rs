//! The number of the hour in which a block is, as its students count them.

use std::collections::{BTreeMap, BTreeSet};

use crate::school::{BlockId, DayId, Id, Kind, School, StudentId};

/// Start and end in minutes.
type Interval = (u16, u16);

/// A block's hour is counted within the bell of the students that it invites: years with bells of their own count
/// apart, and so do days whose times do not fit together. Hour 1 is the first that has a lesson or zone block; what is
/// before it has hour 0 and so on down.
#[derive(Debug)]
pub struct Hours(Vec<i64>);

/// The times of an hour.
#[derive(Debug)]
pub struct Bell {
    pub hour: i64,
    pub start: u16,
    pub end: u16,
    /// Where the same hour has other times for other classes or on other days: those for which it has these.
    pub classes: Vec<String>,
    pub days: Vec<String>,
}

impl Hours {
    pub fn new(school: &School) -> Self {
        let mut of_student: BTreeMap<Option<StudentId>, BTreeMap<BlockId, i64>> = BTreeMap::new();
        let hour = |block: BlockId| {
            let first = school.student_ids().find(|&student| school.invited[(student, block)]);
            let hours = of_student.entry(first).or_insert_with(|| {
                let invites = |block: &BlockId| first.is_none_or(|student| school.invited[(student, *block)]);
                hours_of(school, school.block_ids().filter(invites).collect())
            });
            hours.get(&block).copied().unwrap_or(1)
        };
        Self(school.block_ids().map(hour).collect())
    }

    pub fn of(&self, block: BlockId) -> i64 {
        self.0[block.index()]
    }

    /// Every hour with its times, in order.
    pub fn bells(&self, school: &School) -> Vec<Bell> {
        let mut used: BTreeMap<(i64, Interval), Vec<BlockId>> = BTreeMap::new();
        for block in school.block_ids() {
            let row = &school[block];
            used.entry((self.of(block), (row.start, row.end))).or_default().push(block);
        }
        let times_of = |hour: i64| used.keys().filter(|(other, _)| *other == hour).count();
        let bell = |(&(hour, (start, end)), blocks): (&(i64, Interval), &Vec<BlockId>)| {
            if times_of(hour) == 1 {
                return Bell { hour, start, end, classes: Vec::new(), days: Vec::new() };
            }
            let invited = |student: &StudentId| blocks.iter().any(|block| school.invited[(*student, *block)]);
            let classes = school.student_ids().filter(invited).map(|student| school[student].class.clone());
            let classes: BTreeSet<String> = classes.filter(|class| !class.is_empty()).collect();
            let days: BTreeSet<DayId> = blocks.iter().map(|block| school[*block].day).collect();
            let days = days.into_iter().map(|day| school[day].clone()).collect();
            Bell { hour, start, end, classes: classes.into_iter().collect(), days }
        };
        used.iter().map(bell).collect()
    }
}

/// The hours of these blocks, counted together on all days whose times fit together.
fn hours_of(school: &School, blocks: Vec<BlockId>) -> BTreeMap<BlockId, i64> {
    let interval = |block: BlockId| (school[block].start, school[block].end);
    let clash = |a: Interval, b: Interval| a != b && a.0 < b.1 && b.0 < a.1;
    let mut days: BTreeMap<DayId, Vec<BlockId>> = BTreeMap::new();
    for block in blocks {
        days.entry(school[block].day).or_default().push(block);
    }
    let mut bells: Vec<Vec<BlockId>> = Vec::new();
    for blocks in days.into_values() {
        let fits = |bell: &&mut Vec<BlockId>| {
            !bell.iter().any(|a| blocks.iter().any(|b| clash(interval(*a), interval(*b))))
        };
        match bells.iter_mut().find(fits) {
            Some(bell) => bell.extend(blocks),
            None => bells.push(blocks),
        }
    }
    let mut hours = BTreeMap::new();
    for bell in bells {
        let times: BTreeSet<Interval> = bell.iter().map(|block| interval(*block)).collect();
        let is_lesson = |block: &&BlockId| matches!(school[**block].kind, Kind::Lesson | Kind::Zone);
        let first = bell.iter().filter(is_lesson).map(|block| interval(*block)).min();
        let before = first.map_or(0, |first| times.range(..first).count());
        for block in bell {
            let position = times.range(..interval(block)).count();
            hours.insert(block, position as i64 - before as i64 + 1);
        }
    }
    hours
}
