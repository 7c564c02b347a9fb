//! The commands: what each answers, writes and says, and the documentation about them.

#[path = "../support/small.rs"]
mod small;

mod comparing;

mod advise;
mod compare;
mod compare_plan;
mod docs;
mod everyday;
mod explain;
mod export;
mod generate;
mod help;
mod import;
mod init;
mod json;
mod layouts;
#[cfg(unix)]
mod messages;
mod real_files;
mod region;
mod region_share;
mod report;
mod roll;
mod schema;
mod seat;
mod show;
mod stress;
mod write;
