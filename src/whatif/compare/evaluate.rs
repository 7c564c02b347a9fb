//! What the referee says of the schedule of one combination, with everything that is compared.

use std::path::Path;

use anyhow::bail;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::read::first_error;
use crate::school::{Id, Kind, Priority, School, StudentId, Weights, clock};
use crate::verify::{BlockUse, Verdict, verify};

use super::combination::{Combination, Read};

/// Students named who miss most.
const WORST_NAMED: usize = 10;

/// A schedule that holds every rule, measured.
#[derive(Clone, Debug)]
pub struct Evaluated {
    pub combination: Combination,
    /// The result without the change, from which it was searched on and which went on with the same effort.
    pub goes_on_from: Option<String>,
    pub school: String,
    pub layout: String,
    /// What the scenario calls itself.
    pub scenario: Option<String>,
    pub input_hash: String,
    pub total: f64,
    pub bound: f64,
    /// By [`Priority::ALL`].
    pub asked: [u64; 3],
    pub met: [u64; 3],
    /// What the total counts; totals of results that count differently say nothing about each other.
    pub counting: String,
    pub weights: Weights,
    pub students: Vec<Student>,
    pub blocks: Vec<Block>,
    /// Id and blocks worked.
    pub staff: Vec<(String, u32)>,
    pub staff_blocks: u64,
    pub cost: f64,
    pub presence_missing: u64,
    pub meetings_missing: u64,
    /// Coaching meetings that students should have, by the blocks of the layout.
    pub meetings_asked: u64,
    pub coach_kept: u64,
    /// Students who have a coach to keep.
    pub coached: u64,
}

/// What one student goes without.
#[derive(Clone, Debug, PartialEq)]
pub struct Student {
    pub id: String,
    pub class: String,
    pub year: String,
    pub unit: String,
    /// Need sessions missing, by [`Priority::ALL`].
    pub missing: [u32; 3],
}

#[derive(Clone, Debug, Serialize)]
pub struct Block {
    pub block: String,
    pub day: String,
    pub start: String,
    pub kind: &'static str,
    #[serde(flatten)]
    pub usage: BlockUse,
}

impl Student {
    /// Missing sessions of `must` and `should`, those that fairness counts.
    pub fn missed(&self) -> u32 {
        let counting = Priority::ALL.iter().zip(self.missing).filter(|(p, _)| p.counts_for_fairness());
        counting.map(|(_, missing)| missing).sum()
    }
}

impl Block {
    /// Whether students get what they need here, other than coaching.
    pub fn teaches(&self) -> bool {
        self.kind != Kind::Coaching.label()
    }
}

impl Evaluated {
    /// (bound - total) / max(|total|, 1).
    pub fn gap(&self) -> f64 {
        (self.slack() / self.total.abs().max(1.0)).max(0.0)
    }

    /// By how much a better schedule could at most be better.
    pub fn slack(&self) -> f64 {
        (self.bound - self.total).max(0.0)
    }

    /// Value of the need sessions that are met.
    pub fn needs_value(&self) -> f64 {
        let values = Priority::ALL.iter().map(|&priority| self.weights.priority(priority));
        values.zip(self.met).map(|(value, met)| value * met as f64).sum()
    }

    /// Coaching meetings that students attend of those asked.
    pub fn meetings_held(&self) -> u64 {
        self.meetings_asked.saturating_sub(self.meetings_missing)
    }

    pub fn missing_must(&self) -> usize {
        self.students.iter().filter(|student| student.missing[Priority::Must as usize] > 0).count()
    }

    /// The most `must` and `should` sessions that one student misses, and those who miss so many.
    pub fn worst_off(&self) -> (u32, Vec<&str>) {
        let most = self.students.iter().map(Student::missed).max().unwrap_or(0);
        let worst = self.students.iter().filter(|student| most > 0 && student.missed() == most);
        (most, worst.map(|student| student.id.as_str()).collect())
    }

    /// Students in sessions, and the seats of these, coaching apart.
    pub fn seats(&self) -> (u64, u64) {
        let teaching = self.blocks.iter().filter(|block| block.teaches());
        teaching.fold((0, 0), |(taken, seats), block| {
            (taken + u64::from(block.usage.taken), seats + u64::from(block.usage.seats))
        })
    }

    /// Blocks in which somebody is free, each counted for everybody who is, and the least of one block.
    pub fn free_staff(&self) -> (u64, u32) {
        let free = self.blocks.iter().map(|block| block.usage.free);
        (free.clone().map(u64::from).sum(), free.min().unwrap_or(0))
    }

    pub fn json(&self) -> Value {
        let combination = &self.combination;
        let path = |path: &Path| path.display().to_string();
        let needs: Map<String, Value> = Priority::ALL
            .iter()
            .map(|priority| {
                let at = *priority as usize;
                (priority.label().to_owned(), json!({ "asked": self.asked[at], "met": self.met[at] }))
            })
            .collect();
        let (worst, who) = self.worst_off();
        let (taken, seats) = self.seats();
        let (free, least) = self.free_staff();
        json!({
            "name": combination.name,
            "school": self.school,
            "folder": path(&combination.dir),
            "layout": self.layout,
            "layout_file": combination.layout_told().map(path),
            "scenario": self.scenario,
            "scenario_files": combination.scenarios.iter().map(|file| path(file)).collect::<Vec<_>>(),
            "set": combination.sets,
            "seed": combination.seed,
            "schedule": combination.name,
            "input_hash": self.input_hash,
            "verified": true,
            "goes_on_from": self.goes_on_from,
            "total": self.total,
            "bound": self.bound,
            "gap": self.gap(),
            "needs": needs,
            "students_missing_must": self.missing_must(),
            "worst_off": {
                "missing": worst,
                "students": who.len(),
                "who": who.iter().take(WORST_NAMED).collect::<Vec<_>>(),
            },
            "presence_missing": self.presence_missing,
            "meetings_missing": self.meetings_missing,
            "meetings": { "held": self.meetings_held(), "asked": self.meetings_asked },
            "coach_kept": { "kept": self.coach_kept, "of": self.coached },
            "staff_blocks": self.staff_blocks,
            "cost": self.cost,
            "seats": { "taken": taken, "seats": seats },
            "free_staff": { "blocks": free, "least": least },
            "blocks": self.blocks,
            "staff": self.staff.iter().map(|(id, blocks)| json!({ "staff": id, "blocks": blocks })).collect::<Vec<_>>(),
        })
    }
}

/// Lets the referee judge the schedule in `out`.
///
/// # Errors
/// The school cannot be read, the schedule is incomplete or breaks a rule.
pub fn evaluate(combination: &Combination, read: &Read, out: &Path) -> anyhow::Result<Evaluated> {
    let Some(school) = &read.reading.school else { bail!(first_error(&read.reading.problems)) };
    let verdict = verify(school, out)?;
    if let Some(violation) = verdict.violations.first() {
        bail!("{} breaks rule {}: {}", out.display(), violation.rule.label(), violation.message);
    }
    let Some(bound) = verdict.stated.as_ref().and_then(|stated| stated.bound) else {
        bail!("{} states no bound", out.join("summary.json").display());
    };
    let term = |name: &str| verdict.terms.get(name).map_or(0, |term| term.count.unsigned_abs());
    let (asked, met) = needs(school, &verdict);
    let meetings_asked: u64 = school.student_ids().map(|i| u64::from(school.meetings_wanted(i))).sum();
    Ok(Evaluated {
        combination: combination.clone(),
        goes_on_from: None,
        school: school.name.clone(),
        layout: school.layout.clone(),
        scenario: read.scenario.title(),
        input_hash: read.hash.clone(),
        total: verdict.total,
        bound,
        asked,
        met,
        counting: format!(
            "{:?}{:?}{:?}{:?}{asked:?}{meetings_asked}",
            school.weights, school.presence, school.coaching, school.own_staff
        ),
        weights: school.weights.clone(),
        students: students(school, &verdict),
        blocks: blocks(school, &verdict),
        staff: school.staff.iter().map(|staff| staff.id.clone()).zip(verdict.usage.staff.clone()).collect(),
        staff_blocks: verdict.usage.staff_blocks(),
        cost: verdict.usage.cost(school),
        presence_missing: term("presence"),
        meetings_missing: term("meetings"),
        meetings_asked,
        coach_kept: term("coach_kept"),
        coached: match school.coaching {
            Some(_) => school.students.iter().filter(|student| student.coach.is_some()).count() as u64,
            None => 0,
        },
    })
}

fn needs(school: &School, verdict: &Verdict) -> ([u64; 3], [u64; 3]) {
    let mut asked = [0; 3];
    for need in &school.needs {
        asked[need.priority as usize] += u64::from(need.sessions);
    }
    let mut met = asked;
    for unmet in &verdict.unmet {
        met[school[unmet.need].priority as usize] -= u64::from(unmet.missing);
    }
    (asked, met)
}

fn students(school: &School, verdict: &Verdict) -> Vec<Student> {
    let mut missing = vec![[0; 3]; school.students.len()];
    for unmet in &verdict.unmet {
        let need = &school[unmet.need];
        missing[need.student.index()][need.priority as usize] += unmet.missing;
    }
    let student = |id: StudentId| {
        let row = &school[id];
        Student {
            id: row.id.clone(),
            class: row.class.clone(),
            year: row.year.clone(),
            unit: row.unit.map(|unit| school[unit].clone()).unwrap_or_default(),
            missing: missing[id.index()],
        }
    };
    school.student_ids().map(student).collect()
}

fn blocks(school: &School, verdict: &Verdict) -> Vec<Block> {
    let blocks = school.blocks.iter().zip(&verdict.usage.blocks);
    let block = |(block, usage): (&crate::school::Block, &BlockUse)| Block {
        block: block.id.clone(),
        day: school[block.day].clone(),
        start: clock(block.start),
        kind: block.kind.label(),
        usage: *usage,
    };
    blocks.map(block).collect()
}
