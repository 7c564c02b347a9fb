//! People shared by schools that keep their students to themselves. Only numbers cross the border: who of the pool works
//! where ([`settle`] counts what ran), and who visits whom ([`place`]).

mod columns;
mod files;
pub mod place;
mod read;
pub mod settle;

pub use read::Region;
