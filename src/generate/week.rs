//! The bell times of a generated school: eight periods a day, five of them blocks of the layout.

pub const DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

pub struct Period {
    pub start: &'static str,
    pub end: &'static str,
    /// Suffix of the block's id and its kind; `None`: regular lessons only.
    pub block: Option<(&'static str, &'static str)>,
}

const fn period(
    start: &'static str,
    end: &'static str,
    block: Option<(&'static str, &'static str)>,
) -> Period {
    Period { start, end, block }
}

pub const PERIODS: [Period; 8] = [
    period("08:30", "09:00", Some(("start", "coaching"))),
    period("09:00", "10:00", None),
    period("10:00", "11:00", Some(("1", "lesson"))),
    period("11:20", "12:20", Some(("2", "zone"))),
    period("12:20", "13:20", None),
    period("13:50", "14:50", Some(("3", "lesson"))),
    period("14:50", "15:50", None),
    period("15:50", "16:35", Some(("end", "homework"))),
];

const REGULAR: [usize; 3] = [1, 4, 6];
const LESSONS: [usize; 2] = [2, 5];
const ZONE: usize = 3;
/// Lesson and zone blocks a week.
pub const LESSON_BLOCKS: usize = LESSONS.len() * DAYS.len();
pub const ZONE_BLOCKS: usize = DAYS.len();

/// A period of a day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub day: usize,
    pub period: usize,
}

impl Slot {
    fn bit(self) -> u64 {
        1 << (self.day * PERIODS.len() + self.period)
    }

    pub fn block_id(self) -> String {
        let suffix = PERIODS[self.period].block.map_or("", |(suffix, _)| suffix);
        format!("{}-{suffix}", DAYS[self.day])
    }
}

fn slots(periods: &[usize]) -> Vec<Slot> {
    let of_day = |day| periods.iter().map(move |&period| Slot { day, period });
    (0..DAYS.len()).flat_map(of_day).collect()
}

/// Slots of regular lessons that no block of the layout uses.
pub fn regular_slots() -> Vec<Slot> {
    slots(&REGULAR)
}

pub fn lesson_slots() -> Vec<Slot> {
    slots(&LESSONS)
}

/// Lesson and zone blocks.
pub fn flex_slots() -> Vec<Slot> {
    slots(&[LESSONS[0], ZONE, LESSONS[1]])
}

/// The last flex block of Friday is for the lower years only.
pub const LOWER_ONLY: Slot = Slot { day: 4, period: 5 };
pub const LOWER_YEARS: usize = 3;

/// A set of slots.
#[derive(Clone, Copy, Default)]
pub struct Slots(u64);

impl Slots {
    pub fn has(self, slot: Slot) -> bool {
        self.0 & slot.bit() != 0
    }
    pub fn insert(&mut self, slot: Slot) {
        self.0 |= slot.bit();
    }
    pub fn insert_day(&mut self, day: usize) {
        (0..PERIODS.len()).for_each(|period| self.insert(Slot { day, period }));
    }
    /// How many of `slots` are not in the set.
    pub fn free(self, slots: &[Slot]) -> usize {
        slots.iter().filter(|&&slot| !self.has(slot)).count()
    }
}
