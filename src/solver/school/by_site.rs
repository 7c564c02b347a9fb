//! Lists of which every site has a part.

use super::{Id, SiteId, ids};

/// A list, and for every site the part of it that is at hand there.
#[derive(Debug)]
pub struct BySite<T> {
    all: Vec<T>,
    at: Vec<Vec<T>>,
}

impl<T: Copy> BySite<T> {
    pub fn new(all: Vec<T>, sites: usize, at_hand: impl Fn(T, SiteId) -> bool) -> Self {
        let part = |site| all.iter().copied().filter(|&item| at_hand(item, site)).collect();
        Self { at: ids(sites).map(part).collect(), all }
    }

    /// Those at the site; all of them where there is none.
    pub fn get(&self, site: Option<SiteId>) -> &[T] {
        site.map_or(&self.all, |site| &self.at[site.index()])
    }
}
