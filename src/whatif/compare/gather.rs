//! Joins what the commands of a plan have finished. A result counts only if it was made from the input, with
//! the options and by the program that were planned, and if the referee passes it now.

use std::path::Path;

use anyhow::bail;
use serde_json::Value;

use crate::read::first_error;
use crate::write::files::SUMMARY;

use super::plan::{Plan, Planned};
use super::{Comparison, Evaluated, Measure, Missing, evaluate};

/// Reads the plan in `out` and all that is finished. `by`: in place of the plan's measure.
///
/// # Errors
/// There is no plan that this program can read.
pub fn gather(out: &Path, by: Option<Measure>) -> anyhow::Result<Comparison> {
    let plan = Plan::read(out)?;
    let by = by.unwrap_or_else(|| Measure::parse(&plan.by).unwrap_or(Measure::Total));
    let (mut judged, mut missing) = (Vec::new(), Vec::new());
    for (order, planned) in plan.combinations.iter().enumerate() {
        match finished(planned, order, &out.join(&planned.name), &plan.version) {
            Ok(one) => judged.push(one),
            Err(error) => missing.push(Missing { name: planned.name.clone(), why: format!("{error:#}") }),
        }
    }
    Ok(Comparison::new(judged, missing, by))
}

fn finished(planned: &Planned, order: usize, schedule: &Path, version: &str) -> anyhow::Result<Evaluated> {
    let Ok(text) = crate::open::settings(&schedule.join(SUMMARY)) else {
        bail!("not finished: run its command")
    };
    let summary: Value = serde_json::from_slice(&text).unwrap_or(Value::Null);
    let combination = planned.combination(order);
    let read = combination.read();
    if read.reading.school.is_none() {
        let why = first_error(&read.reading.problems);
        bail!("its input cannot be read: {why}; gather where the plan was made");
    }
    if read.hash != planned.input_hash {
        bail!("the input was changed after the plan was made: plan again");
    }
    if let Some(other) = made_otherwise(&summary, &read.hash, &planned.options, version) {
        bail!("not mixed with the others, because it was made {other}: run its command");
    }
    evaluate(&combination, &read, schedule)
}

/// In what a finished schedule differs from what is wanted; `None`: in nothing. One that was interrupted
/// is not finished.
pub fn made_otherwise(summary: &Value, hash: &str, options: &Value, version: &str) -> Option<&'static str> {
    if summary["input_hash"] != hash {
        Some("from another input")
    } else if summary["options"] != *options {
        Some("with other options")
    } else if summary["versions"]["leerzone"] != version {
        Some("by another version of leerzone")
    } else if summary["status"] == "interrupted" {
        Some("by a run that was interrupted")
    } else {
        None
    }
}
