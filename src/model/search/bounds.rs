//! What a worker may change: everything, or the part that a region has.

use crate::model::rules::r8_staff::least_idle;
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
    /// By block: fewest staff left idle.
    pub least_idle: Vec<u32>,
    pub groups: Vec<u32>,
}

impl Bounds {
    pub fn whole(school: &School) -> Self {
        Self {
            site: None,
            staff: vec![true; school.staff.len()],
            places: vec![true; school.places.len()],
            budgets: school.budgets.iter().map(|budget| budget.cost).collect(),
            least_idle: least_idle(school),
            groups: Vec::new(),
        }
    }
}
