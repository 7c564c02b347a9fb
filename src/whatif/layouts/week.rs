//! Where blocks can lie in a day: packed at its start or its end, or where most students are free.

/// Minutes since midnight, start before end.
pub type Window = (u16, u16);

/// One day of the week as far as blocks may lie in it.
#[derive(Clone, Debug)]
pub struct Day {
    pub from: u16,
    pub until: u16,
    /// What stays where it is, in order of time.
    pub kept: Vec<Window>,
}

/// How many blocks of what length, with how many minutes between two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub count: usize,
    pub length: u16,
    pub pause: u16,
}

fn overlap(a: Window, b: Window) -> bool {
    a.0 < b.1 && b.0 < a.1
}

impl Day {
    fn free(&self, window: Window) -> bool {
        window.0 >= self.from
            && window.1 <= self.until
            && !self.kept.iter().any(|&kept| overlap(kept, window))
    }

    /// The blocks as early as they can be; `None` where they do not fit.
    pub fn early(&self, shape: Shape) -> Option<Vec<Window>> {
        let mut windows = Vec::new();
        let mut start = self.from;
        while windows.len() < shape.count {
            let window = (start, start.checked_add(shape.length)?);
            if window.1 > self.until {
                return None;
            }
            match self.kept.iter().find(|&&kept| overlap(kept, window)) {
                Some(kept) => start = kept.1,
                None => {
                    windows.push(window);
                    start = window.1.checked_add(shape.pause)?;
                }
            }
        }
        Some(windows)
    }

    /// The blocks as late as they can be.
    pub fn late(&self, shape: Shape) -> Option<Vec<Window>> {
        let mirror = |(start, end): Window| (MIDNIGHT - end, MIDNIGHT - start);
        let mirrored = Day {
            from: MIDNIGHT - self.until,
            until: MIDNIGHT - self.from,
            kept: self.kept.iter().rev().copied().map(mirror).collect(),
        };
        let mut windows: Vec<Window> = mirrored.early(shape)?.into_iter().map(mirror).collect();
        windows.reverse();
        Some(windows)
    }

    /// The blocks where `worth` of a window is most in all, at starts `step` minutes apart; of equal ones the
    /// earliest.
    pub fn best(&self, shape: Shape, step: u16, worth: impl Fn(Window) -> u64) -> Option<Vec<Window>> {
        let starts = self.starts(shape.length, step);
        // For each number of blocks and each start from the back: the most that they can be worth.
        let mut most: Vec<Vec<Option<u64>>> = vec![vec![Some(0); starts.len() + 1]];
        let next = |at: usize| {
            let end = starts[at] + shape.length + shape.pause;
            starts.partition_point(|&start| start < end)
        };
        for count in 1..=shape.count {
            let mut row = vec![None; starts.len() + 1];
            for at in (0..starts.len()).rev() {
                let window = (starts[at], starts[at] + shape.length);
                let here = most[count - 1][next(at)].map(|rest| rest + worth(window));
                row[at] = here.max(row[at + 1]);
            }
            most.push(row);
        }
        most[shape.count][0]?;
        let (mut windows, mut at) = (Vec::new(), 0);
        for count in (1..=shape.count).rev() {
            let here = |at: usize| {
                let rest = most[count - 1][next(at)]?;
                Some(rest + worth((starts[at], starts[at] + shape.length)))
            };
            while most[count][at] != here(at) {
                at += 1;
            }
            windows.push((starts[at], starts[at] + shape.length));
            at = next(at);
        }
        Some(windows)
    }

    /// Starts of windows that are free, `step` minutes apart.
    pub fn starts(&self, length: u16, step: u16) -> Vec<u16> {
        let all = (self.from..self.until).step_by(usize::from(step.max(1)));
        all.filter(|&start| start.checked_add(length).is_some_and(|end| self.free((start, end)))).collect()
    }
}

/// The last minute of a day.
pub const MIDNIGHT: u16 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { count: 2, length: 60, pause: 10 };

    fn day() -> Day {
        // 8:30 to 16:00 with a start and an end that stay.
        Day { from: 510, until: 960, kept: vec![(510, 540), (915, 960)] }
    }

    #[test]
    fn blocks_are_packed_around_what_stays() {
        assert_eq!(day().early(SHAPE), Some(vec![(540, 600), (610, 670)]));
        assert_eq!(day().late(SHAPE), Some(vec![(785, 845), (855, 915)]));
        assert_eq!(day().early(Shape { count: 7, ..SHAPE }), None);
        assert_eq!(day().late(Shape { count: 1, length: 400, pause: 0 }), None);
    }

    #[test]
    fn the_best_windows_are_the_best_of_all() {
        let worth = |(start, _): Window| u64::from(start) * 7919 % 101;
        for count in 1..=4 {
            let shape = Shape { count, ..SHAPE };
            let starts = day().starts(60, 15);
            let mut best = None;
            let mut stack = vec![(0, 0, 0, 0)];
            while let Some((taken, from, sum, end)) = stack.pop() {
                if taken == count {
                    best = best.max(Some(sum));
                    continue;
                }
                for (at, &start) in starts.iter().enumerate().skip(from) {
                    if taken == 0 || start >= end + 10 {
                        stack.push((taken + 1, at + 1, sum + worth((start, start + 60)), start + 60));
                    }
                }
            }
            let windows = day().best(shape, 15, worth);
            assert_eq!(windows.as_ref().map(|all| all.iter().map(|&one| worth(one)).sum::<u64>()), best);
            let apart = |pair: &[Window]| pair[0].1 + 10 <= pair[1].0;
            assert!(windows.is_some_and(|all| all.len() == count && all.windows(2).all(apart)));
        }
    }
}
