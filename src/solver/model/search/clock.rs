//! When to stop.

use std::time::{Duration, Instant};

use crate::model::options::Options;

/// The wall clock of one solve.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    limit: Option<Duration>,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Clock {
    pub fn start(options: &Options) -> Self {
        Self { started: Instant::now(), limit: options.time_limit, stop: options.stop.clone() }
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }

    /// What is left of the time limit; `None`: no limit.
    pub fn left(&self) -> Option<Duration> {
        self.limit.map(|limit| limit.saturating_sub(self.started.elapsed()))
    }

    pub fn stopped(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Stopped from outside or out of time.
    pub fn over(&self) -> bool {
        self.stopped() || self.left().is_some_and(|left| left.is_zero())
    }
}
