//! What scarce things are worth by the prices of the Lagrangian relaxation: the sieve of the advice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::model::bound::Relaxation;
use crate::model::objective;
use crate::school::*;
use crate::whatif::case::Case;
use crate::whatif::change::Change;

/// Steps of the relaxation.
const STEPS: usize = 200;

/// Prices of seats and of money.
#[derive(Debug)]
pub struct Prices {
    seats: BTreeMap<(OfferingId, BlockId), f64>,
    budgets: Vec<f64>,
    /// Proven: no schedule has a higher total.
    pub bound: f64,
}

impl Prices {
    /// Lowers the bound until `until`, and takes the prices it stands at.
    pub fn new(case: &Case, until: Instant, threads: usize) -> Self {
        let relaxation = Relaxation::new(&case.school, &case.sets);
        let mut dual = relaxation.start();
        let target = objective::total(&case.school, &case.schedule);
        relaxation.descend(&mut dual, target, STEPS, threads, |_| Instant::now() < until);
        let mut seats: BTreeMap<(OfferingId, BlockId), f64> = BTreeMap::new();
        for (offering, block, price) in relaxation.seat_prices(&dual) {
            let dearest = seats.entry((offering, block)).or_insert(0.0);
            *dearest = dearest.max(price);
        }
        let budgets = relaxation.budget_prices(&dual).to_vec();
        Self { seats, budgets, bound: relaxation.rounded(dual.bound) }
    }

    /// The dearest seat of the offerings in these blocks.
    pub fn seat(&self, offerings: &[OfferingId], blocks: &BTreeSet<BlockId>) -> f64 {
        let here =
            self.seats.iter().filter(|((o, block), _)| offerings.contains(o) && blocks.contains(block));
        here.map(|(_, &price)| price).fold(0.0, f64::max)
    }

    /// What a change is worth at these prices, at most: seats x price.
    pub fn estimate(
        &self,
        case: &Case,
        change: &Change,
        offerings: &[OfferingId],
        blocks: &BTreeSet<BlockId>,
    ) -> f64 {
        let school = &case.school;
        let session = offerings.iter().map(|&o| f64::from(school[o].max)).fold(0.0, f64::max);
        let running = case.schedule.sessions.iter().filter(|session| match session.activity {
            crate::schedule::Activity::Offering(o) => offerings.contains(&o),
            crate::schedule::Activity::Study => false,
        });
        let seat = self.seat(offerings, blocks);
        let dearest = school.staff.iter().map(|staff| staff.cost).fold(0.0, f64::max);
        match change.kind {
            "seat" => seat * running.count().max(1) as f64,
            "budget" => self.budgets.iter().copied().fold(0.0, f64::max) * dearest,
            _ => seat * session,
        }
    }
}
