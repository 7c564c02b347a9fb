//! What is left of the model for one student: needs go to blocks, each block at most once, when every seat
//! has a price. A flow of greatest value with the loss of fairness, which is convex, on the way in; found
//! by successive best paths (Busacker and Gowen 1961).

use std::ops::Range;

use super::{Prices, Relaxation};
use crate::school::*;

/// The best class and its worth for every need type and block at given prices.
pub struct Table {
    /// By type x blocks + block; -inf where there is none.
    worth: Vec<f64>,
    pub choice: Vec<u32>,
}

impl Relaxation<'_> {
    pub(super) fn price_table(&self, prices: &Prices) -> Table {
        let blocks = self.school.blocks.len();
        let mut table = Table {
            worth: vec![f64::NEG_INFINITY; self.arcs.len() * blocks],
            choice: vec![u32::MAX; self.arcs.len() * blocks],
        };
        for (ty, by_block) in self.arcs.iter().enumerate() {
            let priority = self.priority_of_type[ty];
            let value = self.school.weights.priority(priority);
            for (block, arcs) in by_block.iter().enumerate() {
                let at = ty * blocks + block;
                for arc in arcs {
                    let offering = self.classes[arc.class as usize].offering;
                    let rounding: f64 = self.roundings_of[offering.index()]
                        .iter()
                        .filter(|&&r| priority <= self.roundings[r as usize].lowest)
                        .map(|&r| prices.roundings[r as usize])
                        .sum();
                    let worth = value + arc.bonus - prices.seats[arc.class as usize] - rounding;
                    if worth > table.worth[at] {
                        table.worth[at] = worth;
                        table.choice[at] = arc.class;
                    }
                }
            }
        }
        table
    }
}

/// The choices of the students in `range`: their value, and attendances by type and block.
pub fn choose(relaxation: &Relaxation, table: &Table, range: Range<usize>) -> (f64, Vec<f64>) {
    let school = relaxation.school;
    let blocks = school.blocks.len();
    let mut taken = vec![0.0; table.worth.len()];
    let mut value = 0.0;
    let mut flow = Flow::default();
    for student in range.map(StudentId::new) {
        value += flow.solve(relaxation, table, student);
        for (row, need) in school.needs_of(student).enumerate() {
            let ty = relaxation.type_of[need.index()] as usize;
            for (block, &used) in flow.used[row * blocks..(row + 1) * blocks].iter().enumerate() {
                if used {
                    taken[ty * blocks + block] += 1.0;
                }
            }
        }
    }
    (value, taken)
}

const NOBODY: usize = usize::MAX;

/// Room for one student's flow, used again for the next.
#[derive(Default)]
struct Flow {
    /// Need row x block: worth of the arc.
    worth: Vec<f64>,
    /// Need row x block: whether the flow uses it.
    used: Vec<bool>,
    /// Per block: need rows that hold it or a block that overlaps it.
    left: Vec<u32>,
    fair: Vec<bool>,
    holder: Vec<usize>,
    reach: Vec<f64>,
    from: Vec<From>,
    block_reach: Vec<f64>,
    block_from: Vec<usize>,
}

impl Flow {
    /// Value of the best flow, fairness and presence included.
    fn solve(&mut self, relaxation: &Relaxation, table: &Table, student: StudentId) -> f64 {
        let school = relaxation.school;
        let needs = school.needs_of(student);
        let blocks = school.blocks.len();
        let weights = &school.weights;
        let rows = needs.len();
        self.worth.clear();
        self.used.clear();
        self.used.resize(rows * blocks, false);
        self.left.clear();
        self.fair.clear();
        let mut unmet = f64::from(school[student].missed_before);
        let free = school.student_free.row(student);
        for need in needs {
            let row = &school[need];
            self.left.push(row.sessions);
            self.fair.push(row.priority.counts_for_fairness());
            if row.priority.counts_for_fairness() {
                unmet += f64::from(row.sessions);
            }
            let at = relaxation.type_of[need.index()] as usize * blocks;
            self.worth.extend(
                table.worth[at..at + blocks]
                    .iter()
                    .zip(free)
                    .map(|(worth, free)| if *free { *worth } else { f64::NEG_INFINITY }),
            );
        }
        self.holder.clear();
        self.holder.resize(blocks, NOBODY);
        let mut value = -weights.fairness * unmet * (unmet - 1.0) / 2.0;
        // Each pass adds the path of greatest gain; the gains never grow.
        while let Some(gain) = self.augment(rows, blocks, weights.fairness * (unmet - 1.0)) {
            value += gain.value;
            if gain.fair {
                unmet -= 1.0;
            }
        }
        value
    }

    /// Finds and takes the best path from the source to a free block; `fair_gain` is what one more met
    /// must or should session is worth beside its own worth.
    fn augment(&mut self, rows: usize, blocks: usize, fair_gain: f64) -> Option<Gain> {
        self.reach.clear();
        self.from.clear();
        self.block_reach.clear();
        self.block_reach.resize(blocks, f64::NEG_INFINITY);
        self.block_from.clear();
        self.block_from.resize(blocks, NOBODY);
        for row in 0..rows {
            let open = self.left[row] > 0;
            self.reach.push(match (open, self.fair[row]) {
                (false, _) => f64::NEG_INFINITY,
                (true, true) => fair_gain,
                (true, false) => 0.0,
            });
            self.from.push(From::Source);
        }
        let mut claim = (fair_gain, NOBODY);
        let mut changed = true;
        let mut passes = 0;
        while changed && passes < rows + blocks + 2 {
            changed = false;
            passes += 1;
            for row in 0..rows {
                let reach = self.reach[row];
                if reach == f64::NEG_INFINITY {
                    continue;
                }
                for block in 0..blocks {
                    let at = row * blocks + block;
                    if self.used[at] || self.worth[at] == f64::NEG_INFINITY {
                        continue;
                    }
                    let value = reach + self.worth[at];
                    if value > self.block_reach[block] + 1e-9 {
                        self.block_reach[block] = value;
                        self.block_from[block] = row;
                        changed = true;
                    }
                }
            }
            for block in 0..blocks {
                let holder = self.holder[block];
                if holder == NOBODY || self.block_from[block] == NOBODY {
                    continue;
                }
                let value = self.block_reach[block] - self.worth[holder * blocks + block];
                if value > self.reach[holder] + 1e-9 {
                    self.reach[holder] = value;
                    self.from[holder] = From::Block(block);
                    changed = true;
                }
                // A need that gives a session up can pass its claim on fairness to another one.
                if self.fair[holder] && value > claim.0 + 1e-9 {
                    claim = (value, holder);
                }
            }
            for row in 0..rows {
                if self.fair[row] && self.left[row] > 0 && claim.0 > self.reach[row] + 1e-9 && claim.1 != row
                {
                    self.reach[row] = claim.0;
                    self.from[row] = From::Need(claim.1);
                    changed = true;
                }
            }
        }
        let (end, reach) = (0..blocks)
            .filter(|&block| self.holder[block] == NOBODY && self.block_from[block] != NOBODY)
            .map(|block| (block, self.block_reach[block]))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        if reach <= 1e-9 {
            return None;
        }
        let mut row = self.block_from[end];
        self.used[row * blocks + end] = true;
        self.holder[end] = row;
        for _ in 0..=rows + blocks {
            match self.from[row] {
                From::Source => {
                    self.left[row] -= 1;
                    return Some(Gain { value: reach, fair: self.fair[row] });
                }
                From::Need(before) => {
                    self.left[row] -= 1;
                    self.left[before] += 1;
                    row = before;
                }
                From::Block(block) => {
                    self.used[row * blocks + block] = false;
                    row = self.block_from[block];
                    self.used[row * blocks + block] = true;
                    self.holder[block] = row;
                }
            }
        }
        None
    }
}

/// Where the best path to a need row comes from.
#[derive(Clone, Copy)]
enum From {
    Source,
    /// The row that gives up its claim.
    Need(usize),
    /// The block that the row gives up.
    Block(usize),
}

struct Gain {
    value: f64,
    fair: bool,
}
