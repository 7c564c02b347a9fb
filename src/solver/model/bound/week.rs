//! The best blocks of one member of staff when what each block is used for has a worth: as many as their limits allow,
//! none overlapping (R1, R4). Dynamic programming over the blocks of a day, then over the days.

use crate::model::rules::r4_limits;
use crate::school::{BlockId, DayId, Id, School, Staff, ids};

/// A use of a block.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub block: BlockId,
    pub worth: f64,
    /// Counts for the most meetings.
    pub meets: bool,
}

/// The best choice of choices.
pub struct Week {
    pub value: f64,
    /// Indices of those taken.
    pub chosen: Vec<usize>,
    /// Best value with exactly so many blocks.
    pub by_count: Vec<f64>,
}

/// Blocks and meetings of a state of the program.
#[derive(Clone, Copy)]
struct Size {
    most: usize,
    /// `None`: any number of meetings.
    meetings: Option<usize>,
    in_a_row: Option<usize>,
}

impl Size {
    /// Numbers of meetings that are told apart.
    fn width(&self) -> usize {
        self.meetings.map_or(1, |most| most + 1)
    }

    fn met(&self, option: &Choice) -> usize {
        usize::from(self.meetings.is_some() && option.meets)
    }

    fn nothing(&self, most: usize) -> Vec<f64> {
        vec![f64::NEG_INFINITY; (most + 1) * self.width()]
    }
}

/// The best choices of a member of staff with at most so many meetings. `next_in_a_row`: per block.
pub fn best(
    school: &School,
    staff: &Staff,
    choices: &[Choice],
    meetings: Option<usize>,
    next_in_a_row: &[Vec<BlockId>],
) -> Week {
    let limits = r4_limits::in_bound(school, staff);
    let size = Size { most: limits.per_day, meetings, in_a_row: limits.in_a_row };
    let (most, width) = (limits.blocks, size.width());
    let mut days: Vec<Day> = Vec::new();
    let mut whole = vec![size.nothing(0)];
    whole[0][0] = 0.0;
    for day in ids::<DayId>(school.days.len()) {
        let mut members: Vec<usize> =
            (0..choices.len()).filter(|&index| school[choices[index].block].day == day).collect();
        if members.is_empty() {
            continue;
        }
        members.sort_by_key(|&index| (school[choices[index].block].end, choices[index].block));
        let day = Day::new(school, choices, members, size, next_in_a_row);
        let before = &whole[whole.len() - 1];
        let (first, second) = (before.len() / width - 1, day.best().len() / width - 1);
        let longest = (first + second).min(most);
        let mut next = size.nothing(longest);
        for a in 0..=first {
            for b in 0..=second.min(longest.saturating_sub(a)) {
                for m in 0..width {
                    let from = before[a * width + m];
                    if from == f64::NEG_INFINITY {
                        continue;
                    }
                    for n in 0..width - m {
                        let value = from + day.best()[b * width + n];
                        let cell = &mut next[(a + b) * width + m + n];
                        *cell = cell.max(value);
                    }
                }
            }
        }
        whole.push(next);
        days.push(day);
    }
    let last = &whole[days.len()];
    let least = staff.min_blocks as usize;
    let loss = |count: usize| school.weights.should * least.saturating_sub(count) as f64;
    let by_count: Vec<f64> = last
        .chunks(width)
        .enumerate()
        .map(|(count, values)| values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - loss(count))
        .collect();
    let mut count = argmax(by_count.len(), |count| by_count[count]);
    let value = by_count[count];
    let mut met = argmax(width, |met| last[count * width + met]);
    let mut chosen = Vec::new();
    for (d, day) in days.iter().enumerate().rev() {
        let before = &whole[d];
        let cells = day.best().len();
        let rest = |cell: usize| {
            let (blocks, meetings) = (cell / width, cell % width);
            let left = count.checked_sub(blocks).zip(met.checked_sub(meetings));
            let value = left.and_then(|(count, met)| before.get(count * width + met));
            value.map_or(f64::NEG_INFINITY, |value| value + day.best()[cell])
        };
        let cell = argmax(cells, rest);
        day.choose(choices, cell, &mut chosen);
        (count, met) = (count - (cell / width).min(count), met - (cell % width).min(met));
    }
    Week { value, chosen, by_count }
}

/// The first index of the greatest value.
fn argmax(length: usize, value: impl Fn(usize) -> f64) -> usize {
    (1..length).fold(0, |best, index| if value(index) > value(best) { index } else { best })
}

/// The choices of one day in order of their end.
struct Day {
    size: Size,
    members: Vec<usize>,
    /// Per option: how many end before it starts, those apart of which it would be the next in a row; and these.
    before: Vec<usize>,
    row: Vec<Vec<usize>>,
    /// Per option, and blocks in a row up to it less one: the best choice that ends with it, by blocks and meetings.
    ending: Vec<Vec<Vec<f64>>>,
    /// Best choice of the first choices, by blocks and meetings.
    first: Vec<Vec<f64>>,
}

impl Day {
    fn new(
        school: &School,
        choices: &[Choice],
        members: Vec<usize>,
        mut size: Size,
        next_in_a_row: &[Vec<BlockId>],
    ) -> Self {
        size.most = size.most.min(members.len());
        size.in_a_row = size.in_a_row.filter(|&most| most < size.most);
        let block = |at: usize| choices[members[at]].block;
        let mut day = Self {
            size,
            before: Vec::new(),
            row: Vec::new(),
            ending: Vec::new(),
            first: vec![size.nothing(size.most)],
            members: Vec::new(),
        };
        day.first[0][0] = 0.0;
        for at in 0..members.len() {
            let ended = (0..at).filter(|&other| school[block(other)].end <= school[block(at)].start);
            let follows = |other: &usize| next_in_a_row[block(*other).index()].contains(&block(at));
            let (row, apart): (Vec<usize>, Vec<usize>) =
                ended.partition(|other| size.in_a_row.is_some() && follows(other));
            // Those that end sooner come first.
            let before = apart.len();
            let option = &choices[members[at]];
            let mut ending = vec![size.nothing(size.most); size.in_a_row.unwrap_or(1)];
            day.extend(&day.first[before], option, &mut ending[0]);
            for &other in &row {
                for (shorter, ending) in day.ending[other].iter().zip(&mut ending[1..]) {
                    day.extend(shorter, option, ending);
                }
            }
            let mut first = day.first[at].clone();
            for ending in &ending {
                first.iter_mut().zip(ending).for_each(|(first, &ending)| *first = first.max(ending));
            }
            day.first.push(first);
            day.ending.push(ending);
            day.before.push(before);
            day.row.push(row);
        }
        day.members = members;
        // More blocks than fit.
        let width = size.width();
        let last = day.first.len() - 1;
        while day.first[last].len() > width
            && day.first[last][day.first[last].len() - width..]
                .iter()
                .all(|value| *value == f64::NEG_INFINITY)
        {
            let shorter = day.first[last].len() - width;
            day.first[last].truncate(shorter);
        }
        day
    }

    /// The choices, with the option after them.
    fn extend(&self, from: &[f64], option: &Choice, to: &mut [f64]) {
        let step = self.size.width() + self.size.met(option);
        let width = self.size.width();
        for cell in step..to.len() {
            // A meeting more than are told apart would be counted with the next number of blocks.
            if cell % width >= self.size.met(option) {
                to[cell] = to[cell].max(from[cell - step] + option.worth);
            }
        }
    }

    fn best(&self) -> &[f64] {
        &self.first[self.first.len() - 1]
    }

    /// Adds the choices of the best choice of so many blocks and meetings.
    fn choose(&self, choices: &[Choice], mut cell: usize, chosen: &mut Vec<usize>) {
        let mut at = self.members.len();
        while at > 0 && cell > 0 {
            let value = self.first[at][cell];
            at -= 1;
            if self.first[at][cell] >= value {
                continue;
            }
            // It ends with this option.
            let mut length = argmax(self.ending[at].len(), |length| self.ending[at][length][cell]);
            loop {
                let option = &choices[self.members[at]];
                chosen.push(self.members[at]);
                cell -= self.size.width() + self.size.met(option);
                if length == 0 {
                    at = self.before[at];
                    break;
                }
                length -= 1;
                let row = &self.row[at];
                at = row[argmax(row.len(), |other| self.ending[row[other]][length][cell])];
            }
        }
    }
}
