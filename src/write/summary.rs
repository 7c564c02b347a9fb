//! `summary.json`: how good the schedule is, and what it was made from.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::open;
use crate::read::schema::DRAFT;
use crate::schedule::{Outcome, Status};
use crate::school::{Language, Priority};
use crate::verify::{Comfort, MEASURES, Terms};

use super::files::SUMMARY;
use super::plan::{Plan, What};
use super::run::Run;

/// Need sessions of one priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Needs {
    pub asked: u64,
    pub met: u64,
}

/// Need sessions asked and met, by [`Priority::ALL`].
pub fn count_needs(plan: &Plan) -> [Needs; 3] {
    let school = plan.school;
    Priority::ALL.map(|priority| {
        let needs = school.need_ids().filter(|&need| school[need].priority == priority);
        needs.fold(Needs::default(), |sum, need| Needs {
            asked: sum.asked + u64::from(school[need].sessions),
            met: sum.met + u64::from(plan.met(need)),
        })
    })
}

/// The content of `summary.json`.
pub fn compose(
    plan: &Plan,
    needs: &[Needs; 3],
    (terms, comfort): (&Terms, &Comfort),
    outcome: &Outcome,
    run: &Run,
) -> Value {
    let school = plan.school;
    let by_name: Map<String, Value> =
        terms.0.iter().map(|term| (term.name.to_owned(), json!(term))).collect();
    let count = |matches: &dyn Fn(What) -> bool| plan.entries.iter().filter(|e| matches(e.what)).count();
    let by_priority: Map<String, Value> = Priority::ALL
        .iter()
        .zip(needs)
        .map(|(priority, needs)| (priority.label().to_owned(), json!(needs)))
        .collect();
    let mut summary = json!({
        "status": outcome.status.label(),
        "total": outcome.total,
        "bound": outcome.bound,
        "gap": outcome.gap(),
        "seconds": (outcome.seconds * 1000.0).round() / 1000.0,
        "terms": by_name,
        "comfort": comfort,
        "needs": by_priority,
        "counts": {
            "students": school.students.len(),
            "staff": school.staff.len(),
            "places": school.places.len(),
            "blocks": school.blocks.len(),
            "sessions": count(&|what| matches!(what, What::Offering(_))),
            "study_sessions": count(&|what| what == What::Study),
            "coaching_groups": plan.groups.len(),
            "coaching_meetings": count(&|what| what == What::Coaching),
        },
        "school": school.name,
        "layout": school.layout,
        INPUT: run.input_hash,
        "options": run.options,
        "versions": {
            "leerzone": env!("CARGO_PKG_VERSION"),
            "engine": run.engine,
        },
    });
    if let Some(scenario) = &run.scenario {
        summary[SCENARIO] = json!(scenario);
    }
    if school.language != Language::default() {
        summary[LANGUAGE] = json!(school.language.code());
    }
    summary
}

/// Says under which scenario a schedule was made.
const SCENARIO: &str = "scenario";

/// The language of the school, where it is not English.
const LANGUAGE: &str = "language";

const INPUT: &str = "input_hash";

/// The scenario under which the schedule in `out` was made, as far as it says so itself.
pub fn scenario_of(out: &Path) -> Option<String> {
    stated(out, SCENARIO)
}

/// The language of the school that the schedule in `out` is of.
pub fn language_of(out: &Path) -> Language {
    let stated = stated(out, LANGUAGE);
    Language::ALL.into_iter().find(|language| stated.as_deref() == Some(language.code())).unwrap_or_default()
}

/// Whether the schedule in `out` says that it was made of the input with this hash.
pub fn is_made_of(out: &Path, hash: &str) -> bool {
    stated(out, INPUT).is_some_and(|stated| stated == hash)
}

fn stated(out: &Path, key: &str) -> Option<String> {
    let summary: Value = serde_json::from_slice(&open::settings(&out.join(SUMMARY)).ok()?).ok()?;
    summary[key].as_str().map(str::to_owned)
}

/// The JSON Schema of `summary.json`.
pub fn schema() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let number = |about: &str| json!({ "type": "number", "description": about });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let object = |about: &str, properties: Map<String, Value>| {
        let required: Vec<String> = properties.keys().cloned().collect();
        json!({ "type": "object", "description": about, "properties": properties, "required": required })
    };
    let counts = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), count())).collect();
    let by_priority = Priority::ALL
        .map(|priority| (priority.label().to_owned(), object("need sessions", counts(&["asked", "met"]))));
    let term = json!({
        "type": "object",
        "properties": { "count": { "type": "integer" }, "value": { "type": "number" } },
        "required": ["count", "value"],
    });
    let measure = |(name, about): (&str, &str)| {
        let kind = if name == "cost" { "number" } else { "integer" };
        (name.to_owned(), json!({ "type": kind, "minimum": 0, "description": about }))
    };
    let comfort = MEASURES.map(measure).into_iter().collect();
    let versions = ["leerzone", "engine"].map(|name| (name.to_owned(), json!({ "type": "string" })));
    let parts = [
        ("status", json!({ "enum": Status::ALL.map(Status::label), "description": "how the search ended" })),
        ("total", number("the value of the schedule, as the referee counts it from the files")),
        ("bound", number("no schedule of this school has a higher total")),
        (
            "gap",
            json!({ "type": "number", "minimum": 0, "description": "(bound - total) / max(|total|, 1)" }),
        ),
        ("seconds", json!({ "type": "number", "minimum": 0, "description": "of the search" })),
        (
            "terms",
            json!({ "type": "object", "description": "what makes up the total", "additionalProperties": term }),
        ),
        (
            "comfort",
            object(
                "what decides among schedules of equal total: less is better, the first that differs counts",
                comfort,
            ),
        ),
        ("needs", object("sessions asked and met, by priority", by_priority.into_iter().collect())),
        ("counts", object("how many there are", counts(&COUNTS))),
        ("school", text("name of the school")),
        ("layout", text("name of the layout")),
        (INPUT, text("SHA-256 of all input; equal hashes mean equal data")),
        ("options", json!({ "type": "object", "description": "of the run" })),
        ("versions", object("of this program and of the engine", versions.into_iter().collect())),
    ];
    let mut schema = object(
        "how good the schedule is, and what it was made from",
        parts.map(|(name, part)| (name.to_owned(), part)).into_iter().collect(),
    );
    schema["properties"]["repair"] =
        json!({ "type": "object", "description": "of a repaired week: what was changed" });
    schema["properties"][SCENARIO] =
        text("the changes in memory under which it was made: names of scenarios, and single changes");
    schema["properties"][LANGUAGE] = text("of the school, where it is not English");
    schema["additionalProperties"] = json!(false);
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!(SUMMARY);
    schema
}

/// What `counts` tells.
const COUNTS: [&str; 8] = [
    "students",
    "staff",
    "places",
    "blocks",
    "sessions",
    "study_sessions",
    "coaching_groups",
    "coaching_meetings",
];

/// Writes `summary.json` into `folder`, down to the disk.
///
/// # Errors
/// The file cannot be written.
pub fn write(summary: &Value, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(SUMMARY);
    let write = || -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(summary)?;
        text.push('\n');
        let mut file = File::create(&path)?;
        file.write_all(text.as_bytes())?;
        Ok(file.sync_all()?)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
