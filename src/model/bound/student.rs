//! What is left of the model for one student: needs go to blocks, each block at most once, when every seat
//! has a price. A flow of greatest value with the loss of fairness, which is convex, on the way in; found
//! by successive best paths (Busacker and Gowen 1961).

use std::ops::Range;

use super::{Prices, Relaxation};
use crate::school::*;

/// The best class and its worth for every tier at given prices, links not yet paid for.
pub struct Table {
    /// -inf where there is none.
    worth: Vec<f64>,
    choice: Vec<u32>,
}

impl Relaxation<'_> {
    pub(super) fn price_table(&self, prices: &Prices) -> Table {
        let tiers = self.links.tiers.len();
        let mut table = Table { worth: vec![f64::NEG_INFINITY; tiers], choice: vec![u32::MAX; tiers] };
        let seat_prices: Vec<f64> = prices
            .seats
            .iter()
            .zip(&self.rooms.of_class)
            .map(|(seat, rows)| seat + rows.iter().map(|&row| prices.rooms[row as usize]).sum::<f64>())
            .collect();
        for (ty, tiers) in self.links.of_type.iter().enumerate() {
            let value = self.school.weights.priority(self.priority_of_type[ty]);
            for tier in tiers.clone().map(|tier| tier as usize) {
                for arc in &self.links.tiers[tier].arcs {
                    let rounding: f64 = self.roundings_of[arc.class as usize]
                        .iter()
                        .filter(|&&r| self.counts(ty, &self.roundings[r as usize]))
                        .map(|&r| prices.roundings[r as usize])
                        .sum();
                    let worth = value + arc.bonus - seat_prices[arc.class as usize] - rounding;
                    if worth > table.worth[tier] {
                        table.worth[tier] = worth;
                        table.choice[tier] = arc.class;
                    }
                }
            }
        }
        table
    }
}

/// What some students choose.
pub struct Choices {
    pub value: f64,
    /// Attendances by class.
    pub seats: Vec<f64>,
    /// Attendances that count, by rounding.
    pub roundings: Vec<f64>,
    /// Study by site x blocks + block.
    pub study: Vec<f64>,
    /// Attendances by link, from the first link of these students.
    pub links: Vec<f64>,
    pub first_link: usize,
}

/// Students between two looks at the clock.
const STRIDE: usize = 512;

/// The choices of the students in `range`; `None` if `go_on` ends it.
pub fn choose(
    relaxation: &Relaxation,
    table: &Table,
    prices: &Prices,
    range: Range<usize>,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Option<Choices> {
    let school = relaxation.school;
    let blocks = school.blocks.len();
    let of_students = relaxation.links.of_students(range.clone());
    let mut choices = Choices {
        value: 0.0,
        seats: vec![0.0; prices.seats.len()],
        roundings: vec![0.0; prices.roundings.len()],
        study: vec![0.0; prices.study.len()],
        links: vec![0.0; of_students.len()],
        first_link: of_students.start,
    };
    let mut flow = Flow::default();
    for (at, student) in range.map(StudentId::new).enumerate() {
        if at % STRIDE == STRIDE - 1 && !go_on() {
            return None;
        }
        choices.value += flow.solve(relaxation, table, prices, student);
        for (row, need) in school.needs_of(student).enumerate() {
            for block in (0..blocks).filter(|block| flow.used[row * blocks + block]) {
                let way = flow.way[row * blocks + block] as usize;
                choices.count(relaxation, table, need, way);
            }
        }
        let row = school.needs_of(student).len();
        let at = school[student].site.map_or(school.sites.len(), Id::index) * blocks;
        for (block, _) in flow.used[row * blocks..].iter().enumerate().filter(|&(_, used)| *used) {
            choices.study[at + block] += 1.0;
        }
    }
    Some(choices)
}

impl Choices {
    /// Counts an attendance of the need's way `at`, with the links of the tiers below it.
    fn count(&mut self, relaxation: &Relaxation, table: &Table, need: NeedId, at: usize) {
        let ways = relaxation.links.ways_of(need);
        let class = table.choice[ways[at].tier as usize] as usize;
        self.seats[class] += 1.0;
        let ty = relaxation.type_of[need.index()] as usize;
        for &r in &relaxation.roundings_of[class] {
            if relaxation.counts(ty, &relaxation.roundings[r as usize]) {
                self.roundings[r as usize] += 1.0;
            }
        }
        for way in ways[..=at].iter().rev() {
            self.links[way.link as usize - self.first_link] += 1.0;
            if relaxation.links.tiers[way.tier as usize].opens {
                break;
            }
        }
    }
}

const NOBODY: usize = usize::MAX;
/// The path came through the presence of another block.
const FROM_PRESENCE: usize = usize::MAX - 1;

/// Room for one student's flow, used again for the next.
#[derive(Default)]
struct Flow {
    /// Need row x block: worth of the arc.
    worth: Vec<f64>,
    /// Need row x block: the best of the need's ways.
    way: Vec<u32>,
    /// Need row x block: whether the flow uses it.
    used: Vec<bool>,
    /// Blocks in which the student can be anywhere at all.
    open: Vec<usize>,
    /// Per need row: sessions still to be had.
    left: Vec<u32>,
    fair: Vec<bool>,
    holder: Vec<usize>,
    reach: Vec<f64>,
    from: Vec<From>,
    block_reach: Vec<f64>,
    block_from: Vec<usize>,
    /// Per block with [`FROM_PRESENCE`]: the block newly attended.
    presence_from: Vec<usize>,
    /// Per block: counts as presence.
    present: Vec<bool>,
}

impl Flow {
    /// Value of the best flow, fairness and presence included.
    fn solve(&mut self, relaxation: &Relaxation, table: &Table, prices: &Prices, student: StudentId) -> f64 {
        let school = relaxation.school;
        let needs = school.needs_of(student);
        let blocks = school.blocks.len();
        let weights = &school.weights;
        // The last row is study, which meets no need.
        let rows = needs.len() + 1;
        self.worth.clear();
        self.worth.resize(rows * blocks, f64::NEG_INFINITY);
        self.way.clear();
        self.way.resize(rows * blocks, u32::MAX);
        self.used.clear();
        self.used.resize(rows * blocks, false);
        self.left.clear();
        self.fair.clear();
        let mut unmet = f64::from(school[student].missed_before);
        let free = school.student_free.row(student);
        for (at, need) in needs.enumerate() {
            let row = &school[need];
            self.left.push(row.sessions);
            self.fair.push(row.priority.counts_for_fairness());
            if row.priority.counts_for_fairness() {
                unmet += f64::from(row.sessions);
            }
            let mut paid = 0.0;
            for (index, way) in relaxation.links.ways_of(need).iter().enumerate() {
                let tier = &relaxation.links.tiers[way.tier as usize];
                let price = prices.links[way.link as usize];
                paid = if tier.opens { price } else { paid + price };
                let worth = table.worth[way.tier as usize] - paid;
                let cell = at * blocks + tier.block as usize;
                if worth > self.worth[cell] {
                    self.worth[cell] = worth;
                    self.way[cell] = index as u32;
                }
            }
        }
        let site = school[student].site.map_or(school.sites.len(), Id::index);
        let mut missing = school.presence.minimum(&school[student].year);
        self.left.push(missing);
        self.fair.push(false);
        for (block, &seats) in relaxation.study_seats[site].iter().enumerate() {
            if free[block] && seats > 0.0 {
                self.worth[(rows - 1) * blocks + block] = -prices.study[site * blocks + block];
            }
        }
        self.open.clear();
        let worth = &self.worth;
        let usable = |block: &usize| (0..rows).any(|row| worth[row * blocks + block] > f64::NEG_INFINITY);
        self.open.extend((0..blocks).filter(usable));
        self.present.clear();
        self.present.extend(school.blocks.iter().map(|block| block.kind.counts_as_presence()));
        self.holder.clear();
        self.holder.resize(blocks, NOBODY);
        let mut value = -weights.fairness * unmet * (unmet - 1.0) / 2.0 - weights.should * f64::from(missing);
        // Each pass adds the path of greatest gain; the gains never grow.
        loop {
            let present_gain = if missing > 0 { weights.should } else { 0.0 };
            let Some(gain) = self.augment(rows, blocks, weights.fairness * (unmet - 1.0), present_gain)
            else {
                break;
            };
            value += gain.value;
            if gain.fair {
                unmet -= 1.0;
            }
            if gain.present {
                missing = missing.saturating_sub(1);
            }
        }
        value
    }

    /// Finds and takes the best path from the source to a free block; `fair_gain` is what one more met
    /// must or should session is worth beside its own worth, `present_gain` one more block of presence.
    fn augment(&mut self, rows: usize, blocks: usize, fair_gain: f64, present_gain: f64) -> Option<Gain> {
        self.reach.clear();
        self.from.clear();
        self.block_reach.clear();
        self.block_reach.resize(blocks, f64::NEG_INFINITY);
        self.block_from.clear();
        self.block_from.resize(blocks, NOBODY);
        self.presence_from.clear();
        self.presence_from.resize(blocks, NOBODY);
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
        let mut presence = (f64::NEG_INFINITY, NOBODY);
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
                for open in 0..self.open.len() {
                    let block = self.open[open];
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
            // A block newly attended can take over the presence of one that is given up.
            for open in 0..self.open.len() {
                let block = self.open[open];
                if self.present[block]
                    && self.holder[block] == NOBODY
                    && self.block_reach[block] > presence.0 + 1e-9
                {
                    presence = (self.block_reach[block], block);
                }
            }
            for open in 0..self.open.len() {
                let block = self.open[open];
                if self.present[block]
                    && self.holder[block] != NOBODY
                    && presence.0 > self.block_reach[block] + 1e-9
                {
                    self.block_reach[block] = presence.0;
                    self.block_from[block] = FROM_PRESENCE;
                    self.presence_from[block] = presence.1;
                    changed = true;
                }
            }
            for open in 0..self.open.len() {
                let block = self.open[open];
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
        let (end, reach) = self
            .open
            .iter()
            .copied()
            .filter(|&block| self.holder[block] == NOBODY && self.block_from[block] != NOBODY)
            .map(|block| {
                (block, self.block_reach[block] + if self.present[block] { present_gain } else { 0.0 })
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        if reach <= 1e-9 {
            return None;
        }
        let present = self.present[end];
        let mut row = self.hold(end, blocks);
        for _ in 0..=2 * (rows + blocks) {
            match self.from[row] {
                From::Source => {
                    self.left[row] -= 1;
                    return Some(Gain { value: reach, fair: self.fair[row], present });
                }
                From::Need(before) => {
                    self.left[row] -= 1;
                    self.left[before] += 1;
                    row = before;
                }
                From::Block(block) => {
                    self.used[row * blocks + block] = false;
                    row = if self.block_from[block] == FROM_PRESENCE {
                        self.holder[block] = NOBODY;
                        self.hold(self.presence_from[block], blocks)
                    } else {
                        self.hold(block, blocks)
                    };
                }
            }
        }
        None
    }
}

impl Flow {
    /// Gives the block to the row that the best path comes from.
    fn hold(&mut self, block: usize, blocks: usize) -> usize {
        let row = self.block_from[block];
        self.used[row * blocks + block] = true;
        self.holder[block] = row;
        row
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
    present: bool,
}
