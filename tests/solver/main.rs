//! Schedules: every rule binds, the best total is found, repairs change little. Each result is judged by the referee.

#[path = "../support/small.rs"]
mod small;

mod brute_force;
mod odd;
mod program;
mod repairs;

mod binding;
mod bound;
mod comfort;
mod determinism;
mod engines;
mod examples;
mod golden;
mod kottenpark;
mod model;
mod property;
mod random_schools;
mod replan;
mod replan_back;
mod replan_data;
mod replan_least;
mod required;
mod search;
mod start;
mod unmet;
