//! Questions asked of a school that is not quite the one in the folder.

pub mod compare;
pub mod layouts;
pub mod scenario;
