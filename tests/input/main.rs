//! What is read: every mistake in a school's files has a message with file, line and column, and nothing panics.

mod small_school;

mod check;
#[cfg(unix)]
mod limits;
mod mistakes;
mod never;
mod scenario;
