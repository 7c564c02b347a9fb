//! Which changes are worth trying: every one that could serve an unmet need, by what the prices say of it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::school::*;
use crate::whatif::around::unmet;
use crate::whatif::case::Case;
use crate::whatif::change::Change;
use crate::whatif::explain::force::hours;
use crate::whatif::explain::remedies;

use super::prices::Prices;

/// Needs of which the changes are taken that could meet them, of those that the same offerings meet.
const NEEDS: usize = 3;

/// A change with what it is about.
pub struct Candidate {
    pub change: Change,
    pub offerings: Vec<OfferingId>,
    pub blocks: BTreeSet<BlockId>,
    /// By the prices, at most; no more than is behind it.
    pub estimate: f64,
    /// What the unmet needs that it could serve are worth together.
    pub behind: f64,
}

impl Candidate {
    fn rank(&self, other: &Self) -> std::cmp::Ordering {
        (other.estimate.total_cmp(&self.estimate)).then(other.behind.total_cmp(&self.behind))
    }

    /// The same change for the sake of other needs: a block or money serves all of them, anything else one kind.
    fn join(&mut self, other: Self) {
        match self.change.kind {
            "block" | "budget" => {
                if other.offerings.iter().any(|o| !self.offerings.contains(o)) {
                    self.estimate += other.estimate;
                    self.behind += other.behind;
                }
                self.offerings.extend(other.offerings);
                self.offerings.sort_unstable();
                self.offerings.dedup();
                self.blocks.extend(other.blocks);
            }
            _ if other.rank(self).is_lt() => *self = other,
            _ => {}
        }
    }
}

/// Every change that could serve some unmet need, each once, in the order in which to try them: the best two of every
/// kind, then the best of all.
pub fn candidates(case: &Case, prices: &Prices) -> Vec<Candidate> {
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    for (offerings, needs) in unmet(&case.school, &case.sets, &case.schedule) {
        let behind: f64 = needs.iter().map(|&(_, value)| value).sum();
        let blocks: BTreeSet<BlockId> = needs.iter().flat_map(|&(need, _)| hours(case, need)).collect();
        for change in needs.iter().take(NEEDS).flat_map(|&(need, _)| changes(case, need)) {
            let estimate = prices.estimate(case, &change, &offerings, &blocks).min(behind);
            let (offerings, blocks) = (offerings.clone(), blocks.clone());
            let candidate = Candidate { change, offerings, blocks, estimate, behind };
            match found.entry(candidate.change.scenario.clone()) {
                Entry::Vacant(new) => {
                    new.insert(candidate);
                }
                Entry::Occupied(mut known) => known.get_mut().join(candidate),
            }
        }
    }
    let mut all: Vec<Candidate> = found.into_values().collect();
    all.sort_by(Candidate::rank);
    let (first, rest): (Vec<_>, Vec<_>) = {
        let first = of_every_kind(&all);
        all.into_iter().enumerate().partition(|(at, _)| first.contains(at))
    };
    first.into_iter().chain(rest).map(|(_, candidate)| candidate).collect()
}

/// Of every kind the one that the prices hold most of, and the one with most behind it: the prices are of the
/// relaxation, in which a session may run in part, and know nothing of rooms.
fn of_every_kind(sorted: &[Candidate]) -> BTreeSet<usize> {
    // An hour of somebody who is there is another thing than one of a newcomer.
    let kind = |candidate: &Candidate| (candidate.change.kind, candidate.change.who.is_some());
    let mut kinds: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
    for (at, candidate) in sorted.iter().enumerate() {
        kinds.entry(kind(candidate)).or_default().push(at);
    }
    let best = |all: Vec<usize>| {
        let behind = all[1..].iter().copied().rev();
        let behind = behind.max_by(|&a, &b| sorted[a].behind.total_cmp(&sorted[b].behind));
        std::iter::once(all[0]).chain(behind)
    };
    kinds.into_values().flat_map(best).collect()
}

fn changes(case: &Case, need: NeedId) -> Vec<Change> {
    let mut changes = remedies::candidates(case, need);
    changes.extend(remedies::further_blocks(case, need).into_iter().skip(1));
    changes
}
