//! What a generated school is to be like.

use super::catalogue::MOST_OFFERINGS;

/// What `leerzone generate` can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Of all schools together.
    pub students: usize,
    /// Lesson and zone sessions that the staff have time for, divided by those the needs ask for.
    ///
    /// Asked for: over all needs for lesson and zone subjects, sessions divided by the effective group size
    /// of the subject: the students of a full session with one assistant where there may be any, averaged
    /// over its flex lesson and its learning zone and the blocks in which each may run; alternatives count
    /// in equal parts. Time: the sum of `max_blocks` without the blocks that go to coaching meetings of
    /// groups of 14, homework support and packages; nobody counts for more sessions than they have free
    /// lesson and zone blocks.
    pub tightness: f64,
    pub seed: u64,
    /// Offerings of lesson and zone blocks.
    pub offerings: usize,
    /// Schools that share travelling staff; each has `sites` sites of its own.
    pub schools: usize,
    /// Sites of each school.
    pub sites: usize,
    /// Subjects, such as `wi`, for which there are fewer staff: with the part of the sessions that there is time for.
    pub shortage: Vec<(String, f64)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            students: 900,
            tightness: 0.95,
            seed: 1,
            offerings: MOST_OFFERINGS,
            schools: 1,
            sites: 1,
            shortage: Vec::new(),
        }
    }
}
