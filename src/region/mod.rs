//! People shared by schools that keep their students to themselves. Only numbers cross the border: a school says what
//! further people would be worth to it ([`bid`]), the coordinator decides who works where ([`share`]), what ran is
//! settled ([`settle`]), and visitors find hosts ([`place`]).

pub mod bid;
mod columns;
pub mod files;
pub mod place;
mod program;
mod read;
mod recount;
pub mod settle;
pub mod share;

pub use read::{Region, Reserve};
