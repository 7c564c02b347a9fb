//! R6: no student attends more sessions for a need than asked, nor more of an offering a day than
//! `per_day`, nor an offering before its `after`, nor more `study` than is missing to the least presence.
//!
//! - `x[i,n,c]` exists only where the block of c is on a day of n.
//! - Request n (needs that differ in priority only): sum over c of `x[i,n,c]` <= sessions_n; with several
//!   needs k, = sum of `m[k]`, `m[k]` <= sessions_k.
//! - Student i, offering o, day: sum of `x[i,n,c]` over n and the classes c of o that day <= per_day_o.
//! - Offering o with after o', block b: sum of `x` of i in o in b <= sum of `x` of i in o' in blocks that
//!   end before b starts.
//! - Study, where sitting in one more than missing could be of use to somebody (a supervisor short of
//!   `min_blocks`): with p and f the student's lesson and zone blocks for needs and for study and `u[i]`
//!   binary: f <= min `u[i]`, p + f <= min + (most - min) (1 - `u[i]`). Elsewhere superfluous study is
//!   left out when the schedule is written.
//!
//! The search, repairs and the reasons of what is unmet ask [`day_allows`] and [`order_allows`]. The Lagrangian bound
//! prices both for the students for whom they may bind.

use std::collections::BTreeMap;

use crate::model::formulation::{Attends, Formulation};
use crate::model::program::LinExpr;
use crate::schedule::Activity;
use crate::school::*;

pub const REQUEST: &str = "R6.request";
pub const PER_DAY: &str = "R6.per_day";
pub const AFTER: &str = "R6.after";
pub const STUDY: &str = "R6.study";

/// Whether a student who has so many sessions of the offering on a day may attend one more.
pub fn day_allows(offering: &Offering, taken: u32) -> bool {
    taken < offering.per_day
}

/// Whether so many sessions of the offering on a day are just one too many.
pub fn just_exceeds_day(offering: &Offering, sessions: usize) -> bool {
    sessions == offering.per_day as usize + 1
}

/// Whether a student who attends these may attend the offering in the block: what comes before it is among them.
pub fn order_allows(
    school: &School,
    offering: &Offering,
    block: BlockId,
    mut attended: impl Iterator<Item = (OfferingId, BlockId)>,
) -> bool {
    offering
        .after
        .is_none_or(|first| attended.any(|(o, b)| o == first && school[b].ends_before(&school[block])))
}

pub fn add(model: &mut Formulation) {
    add_requests(model);
    for student in model.school.student_ids() {
        if !model.attends[student.index()].is_empty() {
            add_per_day(model, student);
            add_after(model, student);
            add_study(model, student);
        }
    }
}

fn add_requests(model: &mut Formulation) {
    let Formulation { school, requests, attends, program, met, .. } = model;
    let mut attended = vec![LinExpr::default(); requests.all.len()];
    for attends in attends.iter().flatten() {
        if let Some(request) = attends.request {
            attended[request].add(1.0, attends.variable);
        }
    }
    for (request, attended) in requests.all.iter().zip(attended) {
        if attended.is_constant() || request.needs.len() == 1 {
            program.at_most(REQUEST, attended.clone(), &LinExpr::constant(f64::from(request.sessions)));
            let mut sums = vec![LinExpr::default(); request.needs.len()];
            sums[0] = attended;
            met.push(sums);
            continue;
        }
        let mut rest = attended.clone();
        let mut sums = Vec::with_capacity(request.needs.len());
        for &need in &request.needs {
            let sessions = f64::from(school[need].sessions);
            let variable = program.continuous(sessions, || {
                let student = &school[request.student].id;
                format!("m[{student},{},{}]", school.need_subjects(need), school[need].priority.label())
            });
            program.derive(variable, rest.clone());
            rest.add(-1.0, variable);
            sums.push(LinExpr::from(variable));
        }
        program.exactly(REQUEST, rest, &LinExpr::default());
        met.push(sums);
    }
}

fn add_per_day(model: &mut Formulation, student: StudentId) {
    let Formulation { school, attends, program, .. } = model;
    let mut days: BTreeMap<(OfferingId, DayId), LinExpr> = BTreeMap::new();
    for attends in &attends[student.index()] {
        if let Activity::Offering(o) = attends.activity {
            days.entry((o, school[attends.block].day)).or_default().add(1.0, attends.variable);
        }
    }
    for ((offering, day), sum) in days {
        let most = school[offering].per_day;
        let blocks = school.blocks.iter().filter(|block| block.day == day).count();
        if blocks > most as usize && sum.terms.len() > most as usize {
            program.at_most(PER_DAY, sum, &LinExpr::constant(f64::from(most)));
        }
    }
}

fn add_after(model: &mut Formulation, student: StudentId) {
    let Formulation { school, attends, program, .. } = model;
    let attends = &attends[student.index()];
    let mut by_cell: BTreeMap<(OfferingId, BlockId), LinExpr> = BTreeMap::new();
    for attends in attends {
        if let Activity::Offering(o) = attends.activity
            && school[o].after.is_some()
        {
            by_cell.entry((o, attends.block)).or_default().add(1.0, attends.variable);
        }
    }
    for ((offering, block), sum) in by_cell {
        let row = &school[offering];
        let is_first = |attends: &&Attends| {
            let attended = attends.activity.offering().map(|o| (o, attends.block));
            order_allows(school, row, block, attended.into_iter())
        };
        let earlier: LinExpr = attends.iter().filter(is_first).map(|attends| attends.variable).collect();
        program.at_most(AFTER, sum, &earlier);
    }
}

fn add_study(model: &mut Formulation, student: StudentId) {
    let school = model.school;
    let wishes = WishWorth::new(school);
    let wished = |s: StaffId| {
        let is_wished = |worth: &WishWorth| school.block_ids().any(|b| worth.of(s, b, Duty::Study) > 0.0);
        wishes.as_ref().is_some_and(is_wished)
    };
    let gains = |s: &StaffId| school[*s].min_blocks > 0 || wished(*s);
    if !model.sets.supervisors.iter().any(gains) {
        return;
    }
    let Formulation { attends, program, .. } = model;
    let (mut needs, mut study) = (LinExpr::default(), LinExpr::default());
    for &Attends { block, request, variable, .. } in &attends[student.index()] {
        match request {
            None => study.add(1.0, variable),
            Some(_) if school[block].kind.counts_as_presence() => needs.add(1.0, variable),
            Some(_) => {}
        }
    }
    if study.is_constant() {
        return;
    }
    let minimum = f64::from(school.presence.minimum(student));
    let blocks = school.blocks.iter().filter(|block| block.kind.counts_as_presence()).count() as f64;
    let studies = program.binary(|| format!("u[{}]", school[student].id));
    program.derive(studies, study.clone());
    let mut most = LinExpr::default();
    most.add(minimum, studies);
    program.at_most(STUDY, study.clone(), &most);
    let spare = (blocks - minimum).max(0.0);
    let mut most = LinExpr::constant(minimum + spare);
    most.add(-spare, studies);
    needs.add_expr(1.0, &study);
    program.at_most(STUDY, needs, &most);
}
