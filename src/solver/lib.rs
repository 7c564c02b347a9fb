//! What leerzone plans with: from a [`School`](school::School) to the best [`Schedule`](schedule::Schedule) that can be
//! found and proven. A crate of its own, so that a build for tests compiles it with optimisation and the rest without.

// HiGHS alone needs it, which is in C: see `model/engine/highs.rs`.
#![cfg_attr(not(feature = "highs"), forbid(unsafe_code))]

pub mod model;
pub mod parallel;
pub mod schedule;
pub mod school;
