//! The term so far: needs met, coaches kept, and who keeps missing out.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow};
use serde::Serialize;
use serde_json::Value;

use crate::verify::table;
use crate::whatif::replan::cover;
use crate::write::files::{SUMMARY, UNMET_NEEDS};

use super::week::{Folder, coaches};
use super::{Term, Week};

/// One solved week.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub week: String,
    pub start: String,
    pub total: f64,
    /// Need sessions asked and met, by priority: must, should, could.
    pub asked: [u64; 3],
    pub met: [u64; 3],
    /// Students in a group in this week and the one before; those of them with the same coach.
    pub coached: usize,
    pub coach_kept: usize,
}

/// A student who missed sessions of `must` or `should`.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    pub student: String,
    /// In so many of the weeks.
    pub weeks: usize,
    pub must: u64,
    pub should: u64,
}

/// Somebody who stepped in for others in repaired weeks.
#[derive(Clone, Debug, Serialize)]
pub struct Cover {
    pub staff: String,
    /// In so many of the weeks, and blocks.
    pub weeks: usize,
    pub blocks: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub weeks: Vec<Row>,
    /// Those who missed out most often first.
    pub missing: Vec<Missing>,
    /// Those who stepped in most often first.
    pub covers: Vec<Cover>,
}

/// Everything solved so far.
///
/// # Errors
/// A file of a week cannot be read.
pub fn report(dir: &Path, term: &Term) -> anyhow::Result<Report> {
    let mut weeks = Vec::new();
    let mut missing: BTreeMap<String, Missing> = BTreeMap::new();
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    let mut covers: BTreeMap<String, Cover> = BTreeMap::new();
    for week in &term.weeks {
        let folder = Folder::of(dir, week);
        if !folder.is_solved() {
            continue;
        }
        let mut read = || -> anyhow::Result<Row> {
            let groups = coaches(&folder.schedule())?;
            let row = row(&folder, week, &groups, &last)?;
            add_missing(&folder, &mut missing)?;
            last = groups;
            for (staff, blocks) in cover::of_week(folder.path())? {
                let new = Cover { staff: staff.clone(), weeks: 0, blocks: 0 };
                let one = covers.entry(staff).or_insert(new);
                one.weeks += 1;
                one.blocks += blocks;
            }
            Ok(row)
        };
        let row = read();
        weeks.push(row.with_context(|| format!("reading week `{}`", week.week))?);
    }
    let mut missing: Vec<Missing> = missing.into_values().collect();
    missing.sort_by_key(|one| std::cmp::Reverse((one.weeks, one.must, one.should)));
    let mut covers: Vec<Cover> = covers.into_values().collect();
    covers.sort_by_key(|one| std::cmp::Reverse(one.blocks));
    Ok(Report { weeks, missing, covers })
}

fn row(
    folder: &Folder,
    week: &Week,
    groups: &BTreeMap<String, String>,
    last: &BTreeMap<String, String>,
) -> anyhow::Result<Row> {
    let path = folder.schedule().join(SUMMARY);
    let text =
        crate::open::settings_text(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let summary: Value = serde_json::from_str(&text)?;
    let none = || anyhow!("{SUMMARY} is not that of a schedule: solve the week once more with --again");
    let number = |value: &Value| value.as_u64().ok_or_else(none);
    let needs = |key: &str| -> anyhow::Result<[u64; 3]> {
        let of = |priority: &str| number(&summary["needs"][priority][key]);
        Ok([of("must")?, of("should")?, of("could")?])
    };
    let both = groups.iter().filter_map(|(student, coach)| Some((coach, last.get(student)?)));
    let (mut coached, mut coach_kept) = (0, 0);
    for (now, before) in both {
        coached += 1;
        coach_kept += usize::from(now == before);
    }
    Ok(Row {
        week: week.week.clone(),
        start: week.start.clone(),
        total: summary["total"].as_f64().ok_or_else(none)?,
        asked: needs("asked")?,
        met: needs("met")?,
        coached,
        coach_kept,
    })
}

fn add_missing(folder: &Folder, missing: &mut BTreeMap<String, Missing>) -> anyhow::Result<()> {
    let mut here: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let columns = ["student", "priority", "missing"];
    table::read(&folder.schedule(), UNMET_NEEDS.file, columns, |_, [student, priority, count]| {
        let at = match priority {
            "must" => 0,
            "should" => 1,
            _ => return,
        };
        here.entry(student.to_owned()).or_default()[at] += count.parse::<u64>().unwrap_or(0);
    })?;
    for (student, [must, should]) in here {
        let new = Missing { student: student.clone(), weeks: 0, must: 0, should: 0 };
        let one = missing.entry(student).or_insert(new);
        one.weeks += 1;
        one.must += must;
        one.should += should;
    }
    Ok(())
}
