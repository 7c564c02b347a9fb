//! What `explain` says of random schools.

use std::path::Path;
use std::time::{Duration, Instant};

use leerzone::model::sets::Sets;
use leerzone::school::School;
use leerzone::whatif::explain::conflict::{self, Conflict};
use leerzone::whatif::part::Solver;
use serde_json::Value;

use super::{ENGINES, EXACT, line};
use crate::repairs::summary;

/// Rules contradict each other only where there is no schedule.
pub fn contradiction(school: &School, solved: bool) -> Result<(), String> {
    let sets = Sets::new(school);
    let deadline = Instant::now() + Duration::from_secs(2);
    let engine = ENGINES[ENGINES.len() - 1];
    let solver = Solver { school, sets: &sets, engine, deadline, stop: Default::default() };
    match conflict::find(&solver).map_err(|error| format!("explain: {error:#}"))? {
        Conflict::Smallest(demands) if solved => {
            Err(format!("explain: {demands:?} contradict each other, though there is a schedule"))
        }
        _ => Ok(()),
    }
}

/// Why the most urgent need is not met: in the best of all schedules nothing is left to gain.
pub fn unmet(dir: &Path, out: &Path) -> Result<(), String> {
    let options = ["all", "--most", "1", "--time-limit", "0.15", "--quiet", "--json"];
    let ran = line::run("explain", &[dir, out], &options, &[0])?;
    let told: Value = serde_json::from_str(&ran.said).map_err(|error| format!("explain: {error}"))?;
    let best = summary(out)["status"] == "optimal";
    for need in told["needs"].as_array().into_iter().flatten() {
        let gain = need["as_it_is"]["gain"].as_f64().unwrap_or(0.0);
        if best && gain > EXACT {
            return Err(format!("explain: {gain} to gain over the best schedule: {need:#}"));
        }
    }
    Ok(())
}
