//! How blocks lie in the week: which overlap, which follow each other in a row, which are too far apart to travel.

use super::{Block, BlockId, DayId, School, SiteId};

impl Block {
    /// Whether the two share a moment; blocks that only touch do not.
    pub fn overlaps(&self, other: &Block) -> bool {
        self.day == other.day && self.start < other.end && other.start < self.end
    }

    /// Whether it has ended when the other starts, in the order of the week.
    pub fn ends_before(&self, other: &Block) -> bool {
        self.day < other.day || (self.day == other.day && self.end <= other.start)
    }

    /// Minutes between two blocks of one day that do not overlap.
    pub fn minutes_from(&self, other: &Block) -> u32 {
        u32::from(other.start.saturating_sub(self.end).max(self.start.saturating_sub(other.end)))
    }
}

impl School {
    /// The blocks that share a moment with this one, itself included.
    pub fn overlapping(&self, block: BlockId) -> impl Iterator<Item = BlockId> + '_ {
        self.block_ids().filter(move |&other| self[block].overlaps(&self[other]))
    }

    /// The blocks that follow this one "in a row" (R4): later that day, with no block of the layout in between.
    pub fn next_in_a_row(&self, block: BlockId) -> Vec<BlockId> {
        let first = &self[block];
        let follows = |later: &Block| later.day == first.day && first.end <= later.start;
        self.block_ids()
            .filter(|&later| follows(&self[later]))
            .filter(|&later| {
                !self.blocks.iter().any(|between| follows(between) && between.end <= self[later].start)
            })
            .collect()
    }

    /// Whether nobody can be at both: not enough minutes to travel from one to the other (R5). Blocks that overlap are
    /// R1's.
    pub fn too_far(&self, (a, from): (BlockId, SiteId), (b, to): (BlockId, SiteId)) -> bool {
        let (first, second) = (&self[a], &self[b]);
        first.day == second.day
            && !first.overlaps(second)
            && first.minutes_from(second) < self.travel[(from, to)]
    }
}

/// The most of these blocks that one person can be in, as blocks that overlap exclude each other. They come in order
/// of day and start.
pub fn most_at_once<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> u32 {
    let mut count = 0;
    let mut last: Option<(DayId, u16)> = None;
    for block in blocks {
        match last {
            // Of two that overlap, the one that ends first leaves most room.
            Some((day, end)) if day == block.day && block.start < end => {
                last = Some((day, end.min(block.end)));
            }
            _ => {
                count += 1;
                last = Some((block.day, block.end));
            }
        }
    }
    count
}
