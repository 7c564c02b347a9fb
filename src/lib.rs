//! A scheduler for schools that teach in flex lessons and learning zones.
//!
//! Data flows one way: [`read`] → [`school`] → [`model`] → [`schedule`] → [`write`]; [`verify`] is the
//! referee and shares no code with [`model`].

pub mod commands;
pub mod generate;
pub mod model;
pub mod read;
pub mod schedule;
pub mod school;
pub mod verify;
pub mod whatif;
pub mod write;
