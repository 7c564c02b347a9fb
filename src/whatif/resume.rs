//! What a run has left that did not come to its end: its best schedule so far, beside the output folder or in it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::Value;

use crate::open;
use crate::schedule::Schedule;
use crate::school::School;
use crate::verify::{self, Rule};
use crate::write::files;

use super::case;

/// A schedule from which a search can go on.
#[derive(Clone, Debug)]
pub struct Left {
    pub path: PathBuf,
    /// What its summary says.
    pub total: f64,
    /// How its run ended.
    pub ended: &'static str,
}

/// The best schedule of the same input among those of runs that were cut short: in `kept`, the folder beside `out`, or
/// in `out` itself. The error says why there is none.
///
/// # Errors
/// There is none.
pub fn find(out: &Path, kept: &Path, hash: &str) -> Result<Left, String> {
    let mut left: Vec<Left> = Vec::new();
    let mut why = format!("no run on {} was cut short", out.display());
    for (path, beside) in [(out, false), (kept, true)] {
        let Some(summary) = summary(path) else {
            if path.exists() && beside {
                why = format!("{} holds no whole schedule", path.display());
            }
            continue;
        };
        let ended = match (beside, summary["status"].as_str()) {
            (true, _) => "killed",
            (false, Some("interrupted")) => "stopped",
            (false, Some("time_limit")) => "out of time",
            _ => continue,
        };
        match summary["total"].as_f64() {
            Some(_) if summary["input_hash"] != hash => {
                why = format!("{} was made from another input", path.display());
            }
            Some(total) if summary.get("repair").is_none() => {
                left.push(Left { path: path.to_owned(), total, ended });
            }
            _ => {}
        }
    }
    left.into_iter().max_by(|a, b| a.total.total_cmp(&b.total)).ok_or(why)
}

fn summary(folder: &Path) -> Option<Value> {
    serde_json::from_slice(&open::settings(&folder.join(files::SUMMARY)).ok()?).ok()
}

/// Reads a schedule that was left, once the referee has found nothing wrong with it.
///
/// # Errors
/// It cannot be read or breaks a rule.
pub fn take_up(school: &School, left: &Left) -> anyhow::Result<(Schedule, f64)> {
    let verdict = verify::verify(school, &left.path)?;
    if let Some(violation) = verdict.violations.iter().find(|violation| violation.rule != Rule::Total) {
        bail!("{} ({})", violation.message, violation.rule.label());
    }
    Ok((case::schedule(verify::written_schedule(school, &left.path)?)?, verdict.total))
}
