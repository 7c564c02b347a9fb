//! Questions about a schedule that exists: how to repair it, why a need was not met, what would help.

pub mod part;
pub mod replan;
