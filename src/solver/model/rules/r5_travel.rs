//! R5: between blocks at different sites there are at least the travel minutes. Students attend at their
//! own site, or online (no variable exists elsewhere); those without a site travel as staff do.
//!
//! For blocks b and b' of one day that do not overlap, site k, and the sites k' with travel(k, k') > minutes
//! between b and b':
//! - staff s: deployments of s in b at k + those in b' at k' <= 1;
//! - student i without a site: sum of `x[i,n,c]` over classes c in b at k + over those in b' at k' <= 1;
//! - the same i and a group g: sum of `x[i,n,c]` in b at k + `in[i,g]` + sum of `meet[g,b']` at k' <= 2, where
//!   i is free in b'. (Two meetings of g are parted by the travel of its coach.)
//! - the same i in a part whose meetings stay: `x[i,n,c]` in b at k = 0 where i meets in b' at k'.
//!
//! Everybody asks [`School::too_far`]. The Lagrangian bound leaves travel out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::school::*;

pub const TRAVEL: &str = "R5.travel";

pub fn add(model: &mut Formulation) {
    if model.school.sites.len() < 2 {
        return;
    }
    for staff in model.school.staff_ids() {
        if !model.weeks[staff.index()].is_empty() {
            add_staff(model, staff);
        }
    }
    for &student in &model.sets.travelling {
        add_student(model, student);
    }
}

fn add_staff(model: &mut Formulation<'_>, staff: StaffId) {
    let mut at: BTreeMap<(BlockId, SiteId), LinExpr> = BTreeMap::new();
    for deployed in &model.deployed[staff.index()] {
        let Some(site) = deployed.site else { continue };
        let sum = at.entry((deployed.block, site)).or_default();
        match deployed.variable {
            Some(variable) => sum.add(1.0, variable),
            None => sum.constant += 1.0,
        }
    }
    add_apart(model, &at);
}

/// At most one of two blocks that are too far from each other.
fn add_apart(model: &mut Formulation<'_>, at: &BTreeMap<(BlockId, SiteId), LinExpr>) {
    let school = model.school;
    for (&here, attended) in at {
        let mut by_block: BTreeMap<BlockId, LinExpr> = BTreeMap::new();
        for (&there, sum) in at {
            let later = school[here.0].ends_before(&school[there.0]);
            if later && school.too_far(here, there) {
                by_block.entry(there.0).or_default().add_expr(1.0, sum);
            }
        }
        for mut sum in by_block.into_values() {
            sum.add_expr(1.0, attended);
            if !sum.is_constant() {
                model.program.at_most(TRAVEL, sum, &LinExpr::constant(1.0));
            }
        }
    }
}

fn add_student(model: &mut Formulation<'_>, student: StudentId) {
    let school = model.school;
    let mut at: BTreeMap<(BlockId, SiteId), LinExpr> = BTreeMap::new();
    for attends in &model.attends[student.index()] {
        if let Some(site) = model.classes.all[attends.class].site {
            at.entry((attends.block, site)).or_default().add(1.0, attends.variable);
        }
    }
    add_apart(model, &at);
    let kept = model.scope.meetings().filter(|meeting| meeting.students.contains(&student));
    let kept: BTreeSet<(BlockId, SiteId)> =
        kept.filter_map(|meeting| Some((meeting.block, school[meeting.place].site?))).collect();
    let Formulation { groups, program, .. } = model;
    for (here, attended) in at {
        if kept.iter().any(|&there| school.too_far(here, there)) {
            program.at_most(TRAVEL, attended, &LinExpr::default());
            continue;
        }
        for slot in &groups.slots {
            let Some(member) = slot.member(student) else { continue };
            let mut by_block: BTreeMap<BlockId, LinExpr> = BTreeMap::new();
            for meeting in
                slot.meetings.iter().filter(|meeting| school.student_free[(student, meeting.block)])
            {
                if meeting.site.is_some_and(|site| school.too_far(here, (meeting.block, site))) {
                    by_block.entry(meeting.block).or_default().add(1.0, meeting.meets);
                }
            }
            for mut sum in by_block.into_values() {
                sum.add(1.0, member);
                sum.add_expr(1.0, &attended);
                program.at_most(TRAVEL, sum, &LinExpr::constant(2.0));
            }
        }
    }
}
