//! What a worker may change: everything, or the part that a region has.

use crate::model::sets::Sets;
use crate::school::{School, SiteId};

/// What a worker may change.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// `None`: everything.
    pub site: Option<SiteId>,
    /// By staff member: may be deployed.
    pub staff: Vec<bool>,
    /// By place: may be used for more.
    pub places: Vec<bool>,
    /// By budget: most that may be spent.
    pub budgets: Vec<f64>,
    /// By block and demand of the reserve: fewest who stand by.
    pub least_standby: Vec<u32>,
    pub groups: Vec<u32>,
}

impl Bounds {
    pub fn whole(school: &School, sets: &Sets) -> Self {
        Self {
            site: None,
            staff: vec![true; school.staff.len()],
            places: vec![true; school.places.len()],
            budgets: school.budgets.iter().map(|budget| budget.cost).collect(),
            least_standby: sets.standby.least(school),
            groups: Vec::new(),
        }
    }
}
