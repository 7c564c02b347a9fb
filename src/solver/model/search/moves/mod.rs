//! The neighbourhood: small changes of a [`State`] that hold every rule. Each move leaves the state
//! changed and says whether it did anything; whether it stays is the caller's choice.

mod attraction;
mod construct;
mod cyclic_exchange;
mod exchange;
mod groups;
mod recruit;
mod sessions;
mod staff;
mod students;

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::state::{Session, State};

/// A search: a state, and the chance that drives it.
#[derive(Clone, Debug)]
pub struct Worker<'a> {
    pub state: State<'a>,
    pub random: Xoshiro256PlusPlus,
    /// Whether it matters who leads a session that a student attends.
    attracts: bool,
    /// The least total with which the move under way is kept.
    pub floor: f64,
    candidates: Vec<(f64, u32, u32, u32)>,
    ejected: Vec<u32>,
    /// Sessions whose lead was wanted for something else.
    displaced: Vec<Session>,
}

impl<'a> Worker<'a> {
    pub fn new(mut state: State<'a>, random: Xoshiro256PlusPlus) -> Self {
        state.add_spare_groups();
        let school = state.x.school;
        let units = school.weights.own_unit > 0.0
            && school.students.iter().any(|student| school.counted_unit(student.unit).is_some());
        let attracts = units || school.needs.iter().any(|need| need.staff.is_some());
        Self {
            state,
            random,
            attracts,
            floor: f64::NEG_INFINITY,
            candidates: Vec::new(),
            ejected: Vec::new(),
            displaced: Vec::new(),
        }
    }

    /// A worker in the same state whose chance differs, and differs again from the next fork's.
    pub fn fork(&mut self) -> Self {
        let mut fork = self.clone();
        fork.random.jump();
        self.random.long_jump();
        fork
    }

    /// A number below `n`, or `None` if `n` is 0.
    pub fn below(&mut self, n: usize) -> Option<usize> {
        (n > 0).then(|| ((u128::from(self.random.next_u64()) * n as u128) >> 64) as usize)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        self.below(from.len()).map(|index| from[index])
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick_open_need(&mut self) -> Option<u32> {
        let index = self.below(self.state.open_needs.len())?;
        Some(self.state.open_needs[index])
    }

    fn student_of(&self, n: u32) -> u32 {
        self.state.x.needs[n as usize].student
    }

    fn pick_group(&mut self) -> Option<u32> {
        let index = self.below(self.state.bounds.groups.len())?;
        Some(self.state.bounds.groups[index])
    }

    fn pick_offering(&mut self, n: u32) -> Option<u32> {
        self.pick(self.state.x.offerings_for(n))
    }
}
