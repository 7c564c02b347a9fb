//! The program among others: killed, interrupted, refused by the system, and what it may show to whom.

#[path = "../support/small.rs"]
mod small;

#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod interrupt;
mod privacy;
#[cfg(target_os = "linux")]
mod refused;
mod resume;
#[cfg(unix)]
mod watch;
