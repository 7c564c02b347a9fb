//! Questions asked of a school that is not quite the one in the folder, or of a schedule that exists: how to
//! repair it, why a need was not met, what would help.

pub mod absences;
pub mod advise;
pub mod around;
pub mod case;
pub mod change;
pub mod compare;
pub mod explain;
pub mod history;
pub mod layouts;
pub mod part;
pub mod replan;
pub mod resume;
pub mod roll;
pub mod scenario;
pub mod seat;
pub mod start;
pub mod stress;
