//! A scheduler for schools that teach in flex lessons and learning zones.
//!
//! Data flows one way: [`read`] → [`school`] → [`model`] → [`schedule`] → [`write`]; [`verify`] is the
//! referee and shares no code with [`model`]. [`timetable`] reads a written schedule back; [`report`] makes
//! pages of it and [`exchange`] other systems' files. All that is read goes through [`open`].
//!
//! The command line is the way to use it; from Rust it takes five lines:
//!
//! ```
//! # use std::path::Path;
//! let school = leerzone::read_school(Path::new("examples/alternatives"), None).school.expect("a valid school");
//! let options = leerzone::model::Options::default();
//! let (schedule, outcome) = leerzone::model::solve(&school, &options, &mut ())?;
//! println!("{} sessions, total {}, at most {}", schedule.sessions.len(), outcome.total, outcome.bound);
//! assert_eq!(outcome.total, 230.0);
//! # Ok::<(), anyhow::Error>(())
//! ```

#![forbid(unsafe_code)]

pub mod commands;
mod csv_injection;
mod delimited;
pub mod exchange;
pub mod feasibility;
pub mod generate;
pub mod limits;
pub mod open;
mod pluralize;
pub mod read;
pub mod region;
pub mod report;
mod shell;
mod text_table;
pub mod timetable;
pub mod verify;
pub mod whatif;
pub mod write;

pub use feasibility::read_school;
pub use leerzone_solver::{model, schedule, school};

use leerzone_solver::parallel;
