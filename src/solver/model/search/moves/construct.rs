//! The first sessions: greedy, so that the search does not have to find by chance what is obvious.

use super::Worker;

/// Blocks and leads tried for a session that a need would open.
const TRIES: usize = 8;

impl Worker<'_> {
    /// Seats the open needs one after another, those of greatest value first: in a session that has a seat, or in a new
    /// one, which is filled at once, led by somebody who has nothing else then. Nothing that stands is given up.
    pub fn construct(&mut self, go_on: impl Fn() -> bool) {
        let x = self.state.x;
        let mut open = self.state.open_needs.clone();
        open.sort_by(|&a, &b| {
            x.needs[b as usize].value.total_cmp(&x.needs[a as usize].value).then(a.cmp(&b))
        });
        for n in open {
            while self.state.is_open(n) && (self.seat_directly(n) || self.open_for(n)) {
                self.state.commit();
            }
            if !go_on() {
                break;
            }
        }
    }

    /// A new session for the need, if one of a few has enough students and gains.
    fn open_for(&mut self, n: u32) -> bool {
        let i = self.student_of(n);
        for _ in 0..TRIES {
            let Some(o) = self.pick_offering(n) else { return false };
            let Some((block, lead)) = self.pick_time(o, n) else { continue };
            if self.state.student_in(i, block).is_some() || !self.state.staff_idle(lead, block) {
                continue;
            }
            let savepoint = self.state.savepoint();
            if self.start(o, block, lead, i) && self.state.total > savepoint.total {
                return true;
            }
            self.state.roll_back(savepoint);
        }
        false
    }
}
