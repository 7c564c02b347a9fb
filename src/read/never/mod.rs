//! What can never work, told before anyone waits for a solver. A rule that the data make impossible on
//! its own is an error that names the rule; what merely cannot all be met is a warning with numbers.
//!
//! Every check is a necessary condition: silence does not promise that everything can be met.

mod capacity;
mod coaching;
mod duties;
mod needs;
mod offerings;
mod pairs;
mod pins;
mod runs;
mod sites;

use crate::school::{Block, School};

use super::origin::Origins;
use super::problem::Problems;

use runs::Runs;

/// Adds everything that can never work in `school`.
pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let runs = Runs::new(school);
    coaching::report(school, origins, problems);
    pairs::report(school, origins, problems);
    pins::report(school, &runs, origins, problems);
    duties::report(school, origins, problems);
    offerings::report(school, origins, problems);
    sites::report(school, origins, problems);
    needs::report(school, &runs, origins, problems);
    capacity::report(school, &runs, origins, problems);
}

/// Whether two blocks have a moment in common.
fn overlap(one: &Block, other: &Block) -> bool {
    one.day == other.day && one.start < other.end && other.start < one.end
}

/// The most of these blocks that one person can attend; they come in order of day and start.
fn disjoint<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> u32 {
    let mut count = 0;
    let mut last: Option<(crate::school::DayId, u16)> = None;
    for block in blocks {
        match last {
            // Of two that overlap, the one that ends first leaves most room.
            Some((day, end)) if day == block.day && block.start < end => {
                last = Some((day, end.min(block.end)))
            }
            _ => {
                count += 1;
                last = Some((block.day, block.end));
            }
        }
    }
    count
}
