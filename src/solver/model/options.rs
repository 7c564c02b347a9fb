//! What the user asks of a solve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::parallel::processors;

/// What the user asks of a solve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Wall-clock limit of the whole solve; `None`: the search ends by itself.
    pub time_limit: Option<Duration>,
    /// Stop when (bound - total) / max(|total|, 1) is at most this.
    pub gap: f64,
    /// Workers side by side, at least 1.
    pub threads: usize,
    pub seed: u64,
    pub engine: EngineChoice,
    pub method: Method,
    /// Bytes that the program may hold while it searches; `None`: no limit.
    pub memory_limit: Option<u64>,
    /// Set from outside (Ctrl-C) to end the search and keep the best schedule so far.
    pub stop: Arc<AtomicBool>,
}

/// No limits, all processors, the strongest engine that is built in.
impl Default for Options {
    fn default() -> Self {
        Self {
            time_limit: None,
            gap: 0.001,
            threads: processors(),
            seed: 0,
            engine: EngineChoice::default(),
            method: Method::Auto,
            memory_limit: None,
            stop: Arc::default(),
        }
    }
}

impl Options {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The linear-programming engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    Microlp,
    #[cfg(feature = "highs")]
    Highs,
}

impl Default for EngineChoice {
    #[cfg(feature = "highs")]
    fn default() -> Self {
        Self::Highs
    }

    #[cfg(not(feature = "highs"))]
    fn default() -> Self {
        Self::Microlp
    }
}

impl EngineChoice {
    /// Those built in.
    pub const ALL: &'static [EngineChoice] = &[
        EngineChoice::Microlp,
        #[cfg(feature = "highs")]
        EngineChoice::Highs,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EngineChoice::Microlp => "microlp",
            #[cfg(feature = "highs")]
            EngineChoice::Highs => "highs",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Start solution, improvement and bound, sized to the school.
    Auto,
    /// The whole model handed to the engine at once, to measure against.
    Monolith,
    /// The search as of large schools also where the school is small enough for the engine, to hold the two against
    /// each other.
    Search,
}
