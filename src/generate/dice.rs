use rand_xoshiro::Xoshiro256StarStar;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Random choices that come out the same on every platform. They stand on the bits of the generator
/// alone, because the sampling of the `rand` crate may change from version to version.
pub struct Dice(Xoshiro256StarStar);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256StarStar::seed_from_u64(seed))
    }

    /// A number in `0..n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; `None` if there is none.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len())).copied()
    }

    /// Up to `count` different members of `items`, drawn with the weights that stand beside them.
    pub fn draw(&mut self, items: &mut Vec<(usize, usize)>, count: usize) -> Vec<usize> {
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count {
            let total: usize = items.iter().map(|(_, weight)| weight).sum();
            if total == 0 {
                break;
            }
            let mut rest = self.below(total);
            let at = items.iter().position(|&(_, weight)| {
                let here = rest < weight;
                rest = rest.saturating_sub(weight);
                here
            });
            let Some(at) = at else { break };
            drawn.push(items.remove(at).0);
        }
        drawn
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// Divides `total` over `weights` in whole numbers, each within 1 of its exact share (largest remainder).
pub fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| weight / sum * total as f64).collect();
    let mut shares: Vec<usize> = exact.iter().map(|share| share.floor() as usize).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| {
        let rest = |i: usize| exact[i] - exact[i].floor();
        rest(b).total_cmp(&rest(a)).then(a.cmp(&b))
    });
    let given: usize = shares.iter().sum();
    for &i in order.iter().cycle().take(total.saturating_sub(given)) {
        shares[i] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::apportion;

    #[test]
    fn shares_add_up() {
        assert_eq!(apportion(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportion(3, &[0.0, 2.0]), [0, 3]);
        assert_eq!(apportion(3, &[]), [] as [usize; 0]);
    }
}
