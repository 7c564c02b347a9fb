//! The first schedule: groups, packages and what pins demand, so that all later steps only improve.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::instance::Instance;
use super::moves::Worker;
use super::state::State;
use super::{duties, groups};

/// A schedule that holds every rule and contains what must be there; `worth` is that of
/// [`super::coaches::plan`]. `None`: groups, packages or pins were not met in this way, which proves nothing.
pub fn start<'a>(x: &'a Instance<'a>, worth: &[Vec<f64>], seed: u64) -> Option<Worker<'a>> {
    let mut state = State::new(x);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    groups::form(&mut state, worth, &mut random)?;
    state.commit();
    let mut worker = Worker::new(state, random);
    if !duties::place(&mut worker) {
        return None;
    }
    for group in worker.state.bounds.groups.clone() {
        for block in 0..x.school.blocks.len() as u32 {
            let savepoint = worker.state.savepoint();
            if !worker.meet(group, block) {
                worker.state.roll_back(savepoint);
            }
        }
    }
    worker.state.commit();
    Some(worker)
}
