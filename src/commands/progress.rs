//! Shows a solve while it runs, on stderr: a bar on a terminal, plain lines otherwise.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::model::{Observer, Progress};

/// Seconds between two plain lines of the same phase.
const LINE_EVERY: f64 = 5.0;
/// Steps of the bar per second.
const STEPS: f64 = 10.0;

/// What fits where stderr goes. `limit`: the time limit, which the bar fills.
pub fn observer(quiet: bool, limit: Option<Duration>) -> Box<dyn Observer> {
    if quiet {
        Box::new(())
    } else if std::io::stderr().is_terminal() {
        Box::new(Bar::new(limit))
    } else {
        Box::new(Lines { phase: "", next: 0.0 })
    }
}

/// A line on stderr. That nobody reads it any more is no reason to lose a schedule.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A value of the objective, with at most two decimals.
pub fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // Adding zero turns a negative zero into a plain one.
    (rounded + 0.0).to_string()
}

/// A gap in per cent.
pub fn percent(gap: f64) -> String {
    format!("{:.2} %", gap * 100.0)
}

/// Keeps every moment of a search in a CSV file, and hands it on.
pub struct Trace {
    shown: Box<dyn Observer>,
    file: csv::Writer<File>,
}

impl Trace {
    /// # Errors
    /// The file cannot be written.
    pub fn new(shown: Box<dyn Observer>, path: &Path) -> anyhow::Result<Self> {
        let context = || format!("cannot write {}", path.display());
        if path.is_file() {
            // A new file has the permissions of this run, and not those of an earlier one.
            std::fs::remove_file(path).with_context(context)?;
        }
        let mut file = csv::Writer::from_path(path).with_context(context)?;
        file.write_record(["seconds", "phase", "total", "bound"]).with_context(context)?;
        Ok(Self { shown, file })
    }
}

impl Observer for Trace {
    fn progress(&mut self, progress: &Progress) {
        self.shown.progress(progress);
        let cell = |value: Option<f64>| value.map_or(String::new(), number);
        let seconds = format!("{:.3}", progress.seconds);
        let row = [seconds, progress.phase.to_owned(), cell(progress.total), cell(progress.bound)];
        // A trace that can no longer be written is no reason to lose a schedule.
        let _ = self.file.write_record(row).and_then(|()| Ok(self.file.flush()?));
    }

    fn trouble(&mut self, told: &str) {
        self.shown.trouble(told);
    }
}

struct Lines {
    phase: &'static str,
    /// Seconds of the run from which the same phase is told again.
    next: f64,
}

impl Observer for Lines {
    fn progress(&mut self, progress: &Progress) {
        if progress.phase != self.phase || progress.seconds >= self.next {
            self.phase = progress.phase;
            self.next = progress.seconds + LINE_EVERY;
            note(&format!("{:7.1} s  {}", progress.seconds, describe(progress)));
        }
    }

    fn trouble(&mut self, told: &str) {
        note(&format!("warning: {told}"));
    }
}

struct Bar(ProgressBar);

impl Bar {
    fn new(limit: Option<Duration>) -> Self {
        let (bar, template) = match limit {
            Some(limit) => {
                let steps = (limit.as_secs_f64() * STEPS) as u64;
                (ProgressBar::new(steps.max(1)), "{bar:20} {elapsed} {wide_msg}")
            }
            None => (ProgressBar::new_spinner(), "{spinner} {elapsed} {wide_msg}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Observer for Bar {
    fn progress(&mut self, progress: &Progress) {
        if let Some(length) = self.0.length() {
            self.0.set_position(((progress.seconds * STEPS) as u64).min(length));
        }
        self.0.set_message(numbers_first(progress));
    }

    fn trouble(&mut self, told: &str) {
        self.0.suspend(|| note(&format!("warning: {told}")));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

pub fn describe(progress: &Progress) -> String {
    let mut text = in_words(progress.phase).to_owned();
    numbers(progress).iter().for_each(|number| text += &format!(", {number}"));
    text
}

/// The same for a line that a narrow terminal cuts off at its end.
pub fn numbers_first(progress: &Progress) -> String {
    let mut parts = numbers(progress);
    parts.reverse();
    parts.push(in_words(progress.phase).to_owned());
    parts.join(", ")
}

fn numbers(progress: &Progress) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(progress.total.map(|total| format!("total {}", number(total))));
    parts.extend(progress.bound.map(|bound| format!("bound {}", number(bound))));
    if let (Some(total), Some(bound)) = (progress.total, progress.bound) {
        parts.push(format!("gap {}", percent(((bound - total) / total.abs().max(1.0)).max(0.0))));
    }
    parts
}

/// What a phase of the search does, in the words of whoever waits for it.
fn in_words(phase: &str) -> &str {
    match phase {
        "price" => "weighing what seats and staff are worth",
        "start" => "forming coaching groups and first sessions",
        "write" => "judging and writing the schedule",
        "improve" => "moving sessions and students to better places",
        "prove" => "looking for the best timetable there is",
        "build" => "writing down what is possible",
        "solve" => "choosing the best of it",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{number, numbers_first};
    use crate::model::Progress;

    #[test]
    fn gap_and_bound_fit_beside_the_bar_in_80_columns() {
        let progress =
            Progress { phase: "improve", total: Some(1_548_490.0), bound: Some(1_557_936.0), seconds: 9.0 };
        // The bar takes 20, the time 8, and a space stands behind each.
        let shown: String = numbers_first(&progress).chars().take(80 - 30).collect();
        assert!(shown.starts_with("gap 0.61 %, bound 1557936, total 1548490"), "{shown}");
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(630_000.0, "630000"), (0.1 + 0.2, "0.3"), (-0.001, "0"), (-12.345, "-12.35")] {
            assert_eq!(number(value), text);
        }
    }
}
