//! Shows several solves that run side by side, on stderr: a line each on a terminal, otherwise a line when
//! one is done.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::model::{Observer, Progress};
use crate::whatif::compare::run::Watch;
use crate::whatif::compare::{Combination, Evaluated, Missing};

use super::progress::{describe, note, number, percent};

pub struct SolveBars {
    quiet: bool,
    /// `None` where stderr is no terminal.
    bars: Option<MultiProgress>,
    all: usize,
    done: AtomicUsize,
    started: Instant,
}

impl SolveBars {
    /// `all`: the solves that there will be.
    pub fn new(quiet: bool, all: usize) -> Self {
        let bars = (!quiet && std::io::stderr().is_terminal()).then(MultiProgress::new);
        Self { quiet, bars, all, done: AtomicUsize::new(0), started: Instant::now() }
    }

    fn tell(&self, line: &str) {
        match &self.bars {
            // Nothing can be said to anybody once stderr is closed.
            Some(bars) => drop(bars.println(line)),
            None if self.quiet => {}
            None => note(line),
        }
    }
}

impl Watch for SolveBars {
    fn start(&self, combination: &Combination) -> Box<dyn Observer + '_> {
        let Some(bars) = &self.bars else { return Box::new(()) };
        let bar = bars.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {prefix}: {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(combination.name.clone());
        bar.enable_steady_tick(Duration::from_millis(200));
        Box::new(Line(bar))
    }

    fn done(&self, combination: &Combination, result: &Result<Evaluated, Missing>) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let told = match result {
            Ok(judged) => format!("total {}, gap {}", number(judged.total), percent(judged.gap())),
            Err(missing) => format!("no result: {}", missing.why),
        };
        let seconds = self.started.elapsed().as_secs_f64();
        self.tell(&format!("{seconds:7.1} s  [{done}/{}] {}: {told}", self.all, combination.name));
    }
}

struct Line(ProgressBar);

impl Observer for Line {
    fn progress(&mut self, progress: &Progress) {
        self.0.set_message(describe(progress));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
