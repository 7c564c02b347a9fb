//! How commands end that put results next to each other.

use std::process::ExitCode;

use serde_json::Value;

use crate::whatif::compare::Comparison;

use super::FAILED;
use super::progress::note;
use super::refusal::add_to;

/// Names the combinations without a result, and why.
pub fn tell_missing(comparison: &Comparison) {
    for missing in &comparison.missing {
        note(&format!("missing: {}: {}", missing.name, missing.why));
    }
}

/// Says in the document that something is missing.
pub fn add_failure(document: &mut Value, failure: Option<&str>) {
    if let Some(why) = failure {
        add_to(document, why, FAILED, &[]);
    }
}

/// The exit code; a failure is told.
pub fn ended(failure: Option<&str>) -> ExitCode {
    let Some(why) = failure else { return ExitCode::SUCCESS };
    note(&format!("error: {why}"));
    ExitCode::from(FAILED)
}
