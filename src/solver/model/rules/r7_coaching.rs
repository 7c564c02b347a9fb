//! R7: each student has one coaching group; a group has one coach and the same students all week, its size is
//! within bounds, it does not mix `group_by` values or sites; it meets with its own coach.
//!
//! - Invited student i: sum over g of `in[i,g]` = 1.
//! - Slot g: sum over k of `key[g,k]` <= 1 (it exists); min x that <= sum over i of `in[i,g]` <= max x that;
//!   for each key k: sum of `in[i,g]` over students of only that key <= max `key[g,k]`; students without a
//!   site may join several keys k of their values: their sum <= max x sum of those `key[g,k]`.
//! - `meet[g,b,..]` <= sum of `key[g,k]` over keys whose site suits the area's; sum over b of `meet` <=
//!   meetings.
//! - Those who attend: `z[g,b,..]` <= min(max, seats) `meet[g,b,..]`; sum over areas and seats of `z` <= sum
//!   of `in[i,g]` over i free in b. Where seats are fewer than a full group or shared, also >= that sum -
//!   max (1 - sum of `meet[g,b,..]`): everybody who is free attends.
//! - Open meeting m of a part: sum over s of `cover[m,s]` <= 1.
//! - Slots of one coach: the second only exists if the first does.
//!
//! A coach's groups never meet at once: R1. The coach's role: only coaches have slots.

use std::collections::BTreeMap;

use crate::model::coaching::{MeetingColumn, Slot};
use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::school::*;

pub const ONE_GROUP: &str = "R7.one_group";
pub const EXISTS: &str = "R7.exists";
pub const SIZE: &str = "R7.size";
pub const MIXING: &str = "R7.mixing";
pub const MEETINGS: &str = "R7.meetings";
pub const ATTEND: &str = "R7.attend";
pub const STAND_IN: &str = "R7.stand_in";
pub const ORDER: &str = "R7.order";

pub fn add(model: &mut Formulation) {
    add_stand_ins(model);
    let (Some(coaching), None) = (&model.school.coaching, model.scope.neighbourhood()) else { return };
    add_one_group(model);
    for g in 0..model.groups.slots.len() {
        add_size(model, coaching, g);
        add_mixing(model, coaching, g);
        add_meetings(model, coaching, g);
    }
    let Formulation { groups, program, .. } = model;
    for pair in groups.slots.windows(2).filter(|pair| pair[0].coach == pair[1].coach) {
        program.at_most(ORDER, pair[1].exists(), &pair[0].exists());
    }
}

fn add_stand_ins(model: &mut Formulation) {
    let open = model.scope.neighbourhood().map_or(0, |part| part.open_meetings.len());
    let mut leads = vec![LinExpr::default(); open];
    model.stand_ins.iter().for_each(|stand_in| leads[stand_in.meeting].add(1.0, stand_in.variable));
    for lead in leads {
        model.program.at_most(STAND_IN, lead, &LinExpr::constant(1.0));
    }
}

fn add_one_group(model: &mut Formulation) {
    let mut groups_of = vec![LinExpr::default(); model.school.students.len()];
    for (i, member) in model.groups.slots.iter().flat_map(|slot| &slot.members) {
        groups_of[i.index()].add(1.0, *member);
    }
    for i in model.school.student_ids().filter(|&i| model.school.is_coached(i)) {
        let groups = std::mem::take(&mut groups_of[i.index()]);
        model.program.exactly(ONE_GROUP, groups, &LinExpr::constant(1.0));
    }
}

fn times(factor: u32, sum: &LinExpr) -> LinExpr {
    let mut product = LinExpr::default();
    product.add_expr(f64::from(factor), sum);
    product
}

fn add_size(model: &mut Formulation, coaching: &Coaching, g: usize) {
    let Formulation { groups, program, .. } = model;
    let slot = &groups.slots[g];
    let members: LinExpr = slot.members.iter().map(|&(_, member)| member).collect();
    let exists = slot.exists();
    program.at_most(EXISTS, exists.clone(), &LinExpr::constant(1.0));
    program.at_most(SIZE, times(coaching.min, &exists), &members);
    program.at_most(SIZE, members, &times(coaching.max, &exists));
}

fn add_mixing(model: &mut Formulation, coaching: &Coaching, g: usize) {
    let Formulation { groups, program, .. } = model;
    let slot = &groups.slots[g];
    let mut by_keys: BTreeMap<&[usize], LinExpr> = BTreeMap::new();
    for &(i, member) in &slot.members {
        by_keys.entry(&groups.keys_of[i.index()]).or_default().add(1.0, member);
    }
    if slot.keys.len() < 2 {
        return;
    }
    for (keys, members) in by_keys {
        let key = slot.keys.iter().filter(|(k, _)| keys.contains(k)).map(|&(_, key)| key).collect();
        let most = coaching.max.min(members.terms.len() as u32);
        program.at_most(MIXING, members, &times(most, &key));
    }
}

fn add_meetings(model: &mut Formulation, coaching: &Coaching, g: usize) {
    let Formulation { school, groups, places, program, .. } = model;
    let slot = &groups.slots[g];
    for meeting in &slot.meetings {
        let suits = |k: usize| attends_at(groups.keys[k].1, meeting.site);
        let key = slot.keys.iter().filter(|(k, _)| suits(*k)).map(|&(_, key)| key).collect();
        program.at_most(MEETINGS, meeting.meets.into(), &key);
    }
    let week: LinExpr = slot.meetings.iter().map(|meeting| meeting.meets).collect();
    program.at_most(MEETINGS, week, &LinExpr::constant(f64::from(coaching.meetings)));

    let mut by_block: BTreeMap<BlockId, Vec<&MeetingColumn>> = BTreeMap::new();
    for meeting in &slot.meetings {
        by_block.entry(meeting.block).or_default().push(meeting);
    }
    let group = |meeting: &MeetingColumn| &groups.openings[meeting.opening].groups[meeting.group];
    for (block, meetings) in by_block {
        let free = slot.free_members(school, block);
        let most = coaching.max.min(free.terms.len() as u32);
        let meets: LinExpr = meetings.iter().map(|meeting| meeting.meets).collect();
        let attending: LinExpr = meetings.iter().map(|meeting| meeting.attending).collect();
        for meeting in &meetings {
            let seats = group(meeting).seats.min(most);
            program.at_most(ATTEND, meeting.attending.into(), &times(seats, &meeting.meets.into()));
        }
        let tight = meetings.iter().any(|meeting| {
            let group = group(meeting);
            group.seats < most || group.places.iter().any(|&(q, _)| places.classes[q].shared)
        });
        if tight {
            let mut least = free.clone();
            least.add_expr(f64::from(most), &meets);
            let mut right = attending.clone();
            right.constant += f64::from(most);
            program.at_most(ATTEND, least, &right);
        }
        program.at_most(ATTEND, attending, &free);
    }
}

/// Slots as the schedule numbers its groups: those that exist.
pub fn existing<'a>(slots: &'a [Slot], values: &'a [f64]) -> impl Iterator<Item = &'a Slot> {
    slots.iter().filter(|slot| slot.exists().value(values) > 0.5)
}
