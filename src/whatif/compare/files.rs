//! The files of a comparison.

use std::path::Path;

use crate::csv_injection::escape;
use crate::school::Priority;
use crate::write::files::SUMMARY;

use super::measure::{Measure, short};
use super::replace::replace;
use super::{Comparison, Ranked, page, plan};

pub const CSV: &str = "comparison.csv";
pub const GAINS: &str = "gains.csv";
pub const JSON: &str = "comparison.json";
pub const PAGE: &str = "comparison.html";

/// Whether something in a folder belongs to a comparison that may be replaced.
pub fn belongs(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    [CSV, GAINS, JSON, PAGE, plan::FILE, plan::COMMANDS].contains(&name.as_str())
        || path.join(SUMMARY).is_file()
}

/// Writes all of them into `folder`, each whole or not at all.
///
/// # Errors
/// The folder cannot be written.
pub fn write(comparison: &Comparison, folder: &Path) -> anyhow::Result<()> {
    replace(folder, CSV, &table(HEADER, comparison.results.iter().map(row))?)?;
    replace(folder, GAINS, &table(GAINS_HEADER, gains(comparison))?)?;
    replace(folder, PAGE, &page::page(comparison)?)?;
    replace(folder, JSON, &format!("{:#}\n", comparison.json()))
}

/// The columns of [`CSV`].
pub const HEADER: [&str; 27] = [
    "rank",
    "combination",
    "school",
    "layout",
    "scenario",
    "seed",
    "must_met",
    "must_asked",
    "should_met",
    "should_asked",
    "could_met",
    "could_asked",
    "students_missing_must",
    "worst_off",
    "worst_off_students",
    "presence_missing",
    "meetings_missing",
    "coach_kept",
    "coached",
    "staff_blocks",
    "cost",
    "seats_taken",
    "seats",
    "free_staff",
    "total",
    "bound",
    "gap",
];

fn row(ranked: &Ranked) -> Vec<String> {
    let judged = &ranked.judged;
    let whole = |measure: Measure| short(measure.value(judged));
    let (taken, seats) = judged.seats();
    let (_, worst) = judged.worst_off();
    let mut row = vec![
        ranked.rank.to_string(),
        judged.combination.name.clone(),
        judged.school.clone(),
        judged.layout.clone(),
        judged.scenario.clone().unwrap_or_default(),
        judged.combination.seed.to_string(),
    ];
    for priority in Priority::ALL {
        let at = priority as usize;
        row.extend([judged.met[at].to_string(), judged.asked[at].to_string()]);
    }
    row.extend([
        whole(Measure::StudentsMissingMust),
        whole(Measure::WorstOff),
        worst.len().to_string(),
        whole(Measure::Presence),
        whole(Measure::Meetings),
        whole(Measure::CoachKept),
        judged.coached.to_string(),
        whole(Measure::StaffBlocks),
        short(judged.cost),
        taken.to_string(),
        seats.to_string(),
        whole(Measure::FreeStaff),
        short(judged.total),
        short(judged.bound),
        judged.gap().to_string(),
    ]);
    row
}

/// The columns of [`GAINS`].
pub const GAINS_HEADER: [&str; 11] =
    ["a", "b", "finding", "student", "class", "year", "unit", "change", "must", "should", "could"];

/// One row for each student of a pair who has more or less in `b` than in `a`.
fn gains(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    comparison.pairs.iter().flat_map(move |pair| {
        pair.changes.iter().map(move |change| {
            let name = |index: usize| comparison.judged(index).combination.name.clone();
            let student = &change.student;
            let mut row = vec![
                name(pair.a),
                name(pair.b),
                pair.finding.label().to_owned(),
                student.id.clone(),
                student.class.clone(),
                student.year.clone(),
                student.unit.clone(),
                if change.gains() { "gain" } else { "lose" }.to_owned(),
            ];
            row.extend(change.more.map(|more| more.to_string()));
            row
        })
    })
}

fn table<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| escape(cell).into_owned()))?;
    }
    Ok(String::from_utf8(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)?)
}
