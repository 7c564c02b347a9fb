//! What commands tell of that which was made.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::Table;
use serde_json::Value;

use crate::open;
use crate::shell;
use crate::text_table::text_table;
use crate::write::{files, scenario_of};

use super::input;
use super::progress::note;

/// A path as documents tell it: JSON has no place for what is not UTF-8, which is replaced.
pub fn as_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Says so where the schedule was made with a scenario or earlier weeks that were not given, or the other way round.
pub fn tell_other_input(out: &Path, input: &input::School) {
    let Ok(text) = open::settings(&out.join(files::SUMMARY)) else { return };
    let Ok(summary) = serde_json::from_slice::<Value>(&text) else { return };
    let missing = input.scenario.told().into_iter().flat_map(|(name, given)| {
        let stated = summary["options"][name].as_array().cloned().unwrap_or_default();
        let left =
            stated.into_iter().filter(move |one| given.as_array().is_none_or(|all| !all.contains(one)));
        left.filter_map(move |one| Some(format!("--{name} {}", shell::word(one.as_str()?))))
    });
    let mut missing: Vec<String> = missing.collect();
    if input.history.is_empty() {
        let weeks = summary["options"]["history"].as_array().into_iter().flatten();
        missing.extend(weeks.filter_map(|week| Some(format!("--history {}", shell::word(week.as_str()?)))));
    }
    if !missing.is_empty() {
        note(&format!("note: the schedule was made with {}: give it here as well", missing.join(" ")));
    }
}

/// Ends a command that has nothing to give but files: with a message for people, or the document.
///
/// # Errors
/// stdout cannot be written.
pub fn finish(as_json: bool, document: &Value, text: impl FnOnce() -> String) -> anyhow::Result<ExitCode> {
    if as_json {
        std::io::stdout().write_all(format!("{document:#}\n").as_bytes())?;
    } else {
        note(&text());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to stdout what is told of something that is made: where nobody can be told so, it is there all the same.
///
/// # Errors
/// stdout cannot be written.
pub fn tell_of(made: &Path, text: &str) -> anyhow::Result<()> {
    let told = std::io::stdout().write_all(text.as_bytes());
    told.with_context(|| format!("{} is written, but not what is told of it on stdout", made.display()))
}

/// A table for stdout.
pub fn table<const N: usize>(header: [&str; N]) -> Table {
    text_table(std::io::stdout().is_terminal(), header)
}

/// What stands behind the name of a schedule, if it was made under a scenario.
pub fn in_brackets(scenario: Option<&str>) -> String {
    scenario.map(|name| format!(" (scenario `{name}`)")).unwrap_or_default()
}

/// A line of its own that says so, for what is told of such a schedule.
pub fn under(out: &Path) -> String {
    scenario_of(out).map(|name| format!("under scenario `{name}`:\n")).unwrap_or_default()
}
