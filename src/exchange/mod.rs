//! Other systems' files: calendars, spreadsheets, Untis, OneRoster, FET, Zermelo. One file a format.

pub mod dates;
pub mod export;
pub mod import;
pub mod pseudonyms;
pub mod template;
mod text;
pub mod zipped;

pub use text::{Field, Quotes, Table};
