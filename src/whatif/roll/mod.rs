//! Weeks in a row: a plan of the term (`weeks.toml`), and a folder for each week that was solved.

pub mod check;
mod origins;
pub mod report;
mod term;
pub mod together;
pub mod turns;
pub mod week;

pub use origins::FILE;
pub use term::{Term, Week, schema};
