//! Other systems' files: calendars, spreadsheets, Untis, OneRoster, FET, Zermelo. One file a format.

pub mod dates;
pub mod export;
mod text;

pub use text::{Quotes, Table};
