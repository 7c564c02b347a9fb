//! People shared by schools that keep their students to themselves. Only numbers cross the border: a school says what
//! further people would be worth to it ([`bid`]), the coordinator decides who works where ([`share`]), who owes whom for
//! what ran ([`settle`]), and who visits whom ([`place`]).

pub mod bid;
pub mod columns;
pub mod place;
mod program;
mod read;
mod recount;
pub mod settle;
pub mod share;
pub mod written;

pub use read::Region;
