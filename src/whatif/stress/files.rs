//! The files of `stress`.

use std::path::Path;

use serde_json::{Value, json};

use crate::school::*;
use crate::write::Staged;
use crate::write::files::Table;

use super::interval::Estimate;
use super::irreplaceable::Irreplaceable;
use super::relief::{Kind, Relief};
use super::{Day, Stress};

/// One row per day that was drawn.
pub const DAYS: Table<11> = Table {
    file: "stress.csv",
    columns: [
        "draw",
        "day",
        "ill",
        "hit",
        "cancelled",
        "must",
        "should",
        "could",
        "meetings",
        "presence",
        "unrepaired",
    ],
};

/// One row per person, offering and block without whom something was lost.
pub const IRREPLACEABLE: Table<9> = Table {
    file: "irreplaceable.csv",
    columns: ["staff", "offering", "subjects", "block", "times", "must", "should", "could", "could_step_in"],
};

pub const JSON: &str = "stress.json";

/// Whether something in a folder belongs to what `stress` writes and may replace.
pub fn belongs(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| [DAYS.file, IRREPLACEABLE.file, JSON].iter().any(|file| name == *file))
}

/// Writes all of them.
///
/// # Errors
/// The folder cannot be written.
pub fn write(school: &School, stress: &Stress, document: &Value, staged: &Staged) -> anyhow::Result<()> {
    DAYS.write(staged.path(), school.csv, stress.days.iter().map(|day| row(school, day)))?;
    let rows = stress.irreplaceable.iter().map(|one| irreplaceable(school, one));
    IRREPLACEABLE.write(staged.path(), school.csv, rows)?;
    staged.write(JSON, format!("{document:#}\n"))
}

fn row(school: &School, day: &Day) -> [String; 11] {
    let loss = &day.loss;
    let lost = Priority::ALL.map(|priority| loss.of(school, priority).to_string());
    let [must, should, could] = lost;
    [
        (day.number + 1).to_string(),
        school[day.weekday].clone(),
        ids_of(school, &day.ill),
        loss.hit.to_string(),
        loss.cancelled.to_string(),
        must,
        should,
        could,
        loss.meetings.to_string(),
        loss.presence.to_string(),
        loss.unrepaired.clone().unwrap_or_default(),
    ]
}

fn irreplaceable(school: &School, one: &Irreplaceable) -> [String; 9] {
    let offering = &school[one.hit.offering];
    let subjects: Vec<&str> = offering.subjects.iter().map(|&subject| school[subject].id.as_str()).collect();
    let [must, should, could] = one.lost.map(|lost| lost.to_string());
    [
        school[one.hit.lead].id.clone(),
        offering.id.clone(),
        subjects.join("|"),
        school[one.hit.block].id.clone(),
        one.times.to_string(),
        must,
        should,
        could,
        ids_of(school, &one.idle),
    ]
}

fn ids_of(school: &School, staff: &[StaffId]) -> String {
    staff.iter().map(|&staff| school[staff].id.as_str()).collect::<Vec<_>>().join("|")
}

fn person(school: &School, staff: StaffId) -> Value {
    json!({ "id": school[staff].id, "name": school[staff].name })
}

pub fn estimate(estimate: Estimate) -> Value {
    json!({ "mean": estimate.mean, "low": estimate.low, "high": estimate.high })
}

/// The content of [`JSON`].
pub fn document(school: &School, stress: &Stress) -> Value {
    let lost = |priority| estimate(stress.lost(school, priority));
    let days = stress.days.iter().map(|day| {
        let lost = |priority| day.loss.of(school, priority);
        json!({
            "draw": day.number + 1, "day": school[day.weekday],
            "ill": day.ill.iter().map(|&staff| school[staff].id.as_str()).collect::<Vec<_>>(),
            "hit": day.loss.hit, "cancelled": day.loss.cancelled,
            "must": lost(Priority::Must), "should": lost(Priority::Should), "could": lost(Priority::Could),
            "meetings": day.loss.meetings, "presence": day.loss.presence, "unrepaired": day.loss.unrepaired,
        })
    });
    let relief = stress.relief.iter().map(|one| relief(school, one));
    let irreplaceable = stress.irreplaceable.iter().map(|one| {
        let hit = one.hit;
        let subjects = school[hit.offering].subjects.iter().map(|&subject| school[subject].id.as_str());
        json!({
            "staff": person(school, hit.lead), "offering": school[hit.offering].id,
            "subjects": subjects.collect::<Vec<_>>(), "block": school[hit.block].id, "times": one.times,
            "must": one.lost[0], "should": one.lost[1], "could": one.lost[2],
            "could_step_in": one.idle.iter().map(|&staff| person(school, staff)).collect::<Vec<_>>(),
        })
    });
    json!({
        "days": stress.days.len(),
        "days_asked": stress.asked,
        "ill": estimate(stress.mean(|day| day.ill.len() as f64)),
        "lost": {
            "must": lost(Priority::Must), "should": lost(Priority::Should), "could": lost(Priority::Could),
            "meetings": estimate(stress.mean(|day| day.loss.meetings as f64)),
            "presence": estimate(stress.mean(|day| day.loss.presence as f64)),
        },
        "cancelled": estimate(stress.mean(|day| day.loss.cancelled as f64)),
        "hit": estimate(stress.mean(|day| day.loss.hit as f64)),
        "without_lost_must": estimate(stress.without_lost_must(school)),
        "unrepaired": stress.unrepaired().count(),
        "irreplaceable": irreplaceable.collect::<Vec<_>>(),
        "relief": relief.collect::<Vec<_>>(),
        "draws": days.collect::<Vec<_>>(),
    })
}

fn relief(school: &School, one: &Relief) -> Value {
    let mut told = match one.kind {
        Kind::Reserve { block, like } => {
            let subjects = school[like].subjects.iter().map(|&subject| school[subject].id.as_str());
            json!({
                "kind": "reserve", "block": school[block].id, "like": person(school, like),
                "subjects": subjects.collect::<Vec<_>>(),
            })
        }
        Kind::Qualification { staff, subject } => {
            json!({ "kind": "qualification", "staff": person(school, staff), "subject": school[subject].id })
        }
    };
    for (priority, saved) in Priority::ALL.iter().zip(one.saved) {
        told[priority.label()] = json!(saved);
    }
    told
}
