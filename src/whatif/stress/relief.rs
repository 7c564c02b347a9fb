//! Where one person in reserve, or one qualification more, saves most. Every candidate gets an estimate from what was lost
//! on the days that were drawn; the best of each kind are then made in memory and the days in which they could serve are
//! repaired again, under the same illness.

use std::collections::BTreeMap;

use crate::model::sets::Sets;
use crate::parallel::par_map;
use crate::school::*;

use super::Day;
use super::day::{Hit, Week};
use super::irreplaceable::Duties;

/// Candidates of each kind that are tried by repairs.
const TRIED: usize = 5;

/// What could be more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody with the roles and qualifications of `like` stands by in the block.
    Reserve {
        block: BlockId,
        like: StaffId,
    },
    Qualification {
        staff: StaffId,
        subject: SubjectId,
    },
}

/// What it saves.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    pub kind: Kind,
    /// Sessions of must, should and could lost less on all days together.
    pub saved: [i64; 3],
    /// What the sessions of must and should are worth.
    pub worth: f64,
}

/// What saves most, the best first.
///
/// # Errors
/// A repaired week breaks a rule.
pub fn of(
    week: &Week,
    days: &[Day],
    threads: usize,
    over: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Vec<Relief>> {
    let kinds = candidates(week, days);
    let tried = par_map(threads, &kinds, |&kind| -> anyhow::Result<Option<Relief>> {
        if over() { Ok(None) } else { confirm(week, days, kind).map(Some) }
    });
    let tried: Vec<Option<Relief>> = tried.into_iter().collect::<anyhow::Result<_>>()?;
    let mut found: Vec<Relief> = tried.into_iter().flatten().filter(|one| one.worth > 0.0).collect();
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.kind.cmp(&b.kind)));
    Ok(found)
}

/// The candidates of each kind with the highest estimate: of those in reserve in one block who serve alike, the first.
fn candidates(week: &Week, days: &[Day]) -> Vec<Kind> {
    let school = week.school;
    let duties = Duties::new(week);
    let (mut reserve, mut qualification) = (BTreeMap::new(), BTreeMap::new());
    for day in days {
        let mut worth: BTreeMap<Hit, f64> = BTreeMap::new();
        for lost in &day.loss.lost {
            let Some(hit) = lost.instead_of else { continue };
            let need = &school[lost.need];
            if need.priority.counts_for_fairness() {
                *worth.entry(hit).or_default() +=
                    f64::from(lost.sessions) * school.weights.priority(need.priority);
            }
        }
        // One person leads one session at a time: the one that is worth most.
        let (mut by_reserve, mut by_subject) = (BTreeMap::new(), BTreeMap::new());
        for (hit, worth) in worth {
            let best = |entry: &mut f64| *entry = entry.max(worth);
            for &like in &week.sets.leads_of[hit.offering.index()] {
                best(by_reserve.entry((hit.block, like)).or_default());
            }
            let offering = &school[hit.offering];
            let idle = school.staff_ids().filter(|staff| {
                school[*staff].roles.intersects(offering.roles)
                    && !school[*staff].may_lead(offering)
                    && !day.out.contains(staff)
                    && duties.is_idle(*staff, hit.block)
            });
            for staff in idle {
                let lacks = |subject: &&SubjectId| !school[staff].is_qualified(**subject);
                let lacking: Vec<SubjectId> = offering.qualifications.iter().filter(lacks).copied().collect();
                // With one qualification more they could lead it.
                if lacking.len() == 1 || offering.qualified == Qualified::Any {
                    lacking.iter().for_each(|&subject| {
                        best(by_subject.entry((staff, subject, hit.block)).or_default());
                    });
                }
            }
        }
        for ((block, like), worth) in by_reserve {
            *reserve.entry((block, like)).or_insert(0.0) += worth;
        }
        for ((staff, subject, _), worth) in by_subject {
            *qualification.entry((staff, subject)).or_insert(0.0) += worth;
        }
    }
    let reserve =
        best(reserve.into_iter().map(|((block, like), worth)| (Kind::Reserve { block, like }, worth)));
    let qualification = qualification
        .into_iter()
        .map(|((staff, subject), worth)| (Kind::Qualification { staff, subject }, worth));
    let mut kinds: Vec<Kind> = Vec::new();
    for kind in reserve {
        // Another one for the same block would serve much the same.
        let same = |other: &Kind| matches!((other, kind), (Kind::Reserve { block: a, .. }, Kind::Reserve { block: b, .. }) if *a == b);
        if kinds.len() < TRIED && !kinds.iter().any(same) {
            kinds.push(kind);
        }
    }
    kinds.extend(best(qualification).into_iter().take(TRIED));
    kinds
}

/// Those with the highest value first.
fn best(valued: impl Iterator<Item = (Kind, f64)>) -> Vec<Kind> {
    let mut all: Vec<(Kind, f64)> = valued.collect();
    all.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
    all.into_iter().map(|(kind, _)| kind).collect()
}

/// Repairs again the days on which it could serve. On no day more is lost than without: what was found without still holds.
fn confirm(week: &Week, days: &[Day], kind: Kind) -> anyhow::Result<Relief> {
    let school = with(week.school, kind);
    let sets = Sets::new(&school);
    let (mut saved, mut worth) = ([0; 3], 0.0);
    for day in days.iter().filter(|day| serves(&school, day, kind)) {
        let loss = week.without(&school, &sets, &day.out, day.weekday)?;
        let gain = day.loss.worth(&school) - loss.worth(&school);
        if gain > 0.0 {
            worth += gain;
            let less = |of: Priority| i64::from(day.loss.of(&school, of)) - i64::from(loss.of(&school, of));
            Priority::ALL.iter().for_each(|&of| saved[of as usize] += less(of));
        }
    }
    Ok(Relief { kind, saved, worth })
}

/// Whether something was lost on the day that it could have led.
fn serves(school: &School, day: &Day, kind: Kind) -> bool {
    let mut hits = day.loss.lost.iter().filter_map(|lost| lost.instead_of);
    match kind {
        Kind::Reserve { block, like } => {
            hits.any(|hit| hit.block == block && school[like].may_lead(&school[hit.offering]))
        }
        Kind::Qualification { staff, subject } => {
            !day.out.contains(&staff)
                && hits.any(|hit| school[hit.offering].qualifications.contains(&subject))
        }
    }
}

/// The school with it.
fn with(school: &School, kind: Kind) -> School {
    let mut school = school.clone();
    match kind {
        Kind::Qualification { staff, subject } => school.staff[staff.index()].subjects.push(subject),
        Kind::Reserve { block, like } => {
            let new = StaffId::new(school.staff.len());
            let mut row = school[like].clone();
            row.id = format!("+{}", row.id);
            row.likes.clear();
            row.min_blocks = 0;
            row.cost = 0.0;
            school.staff.push(row);
            let mut free = Grid::filled(school.staff.len(), school.blocks.len(), false);
            for staff in school.staff_ids().filter(|&staff| staff != new) {
                school.block_ids().for_each(|block| free[(staff, block)] = school.staff_free[(staff, block)]);
            }
            free[(new, block)] = true;
            school.staff_free = free;
        }
    }
    school
}
