//! R4: a staff member stays within `max_blocks`, `max_days`, `max_per_day` and `max_in_a_row`.
//!
//! Compared: the deployments of each staff member (led, assisted, coached and supervised; packages held
//! add their `blocks`, the reserve nothing) with `max_blocks`; the days on which there are any with `max_days`;
//! those of each day with `max_per_day`; the longest chain of deployments of a day, each following the one
//! before with no other block of the layout fitting between, with `max_in_a_row`.

use crate::school::{Block, Id, School, StaffId};
use crate::verify::violation::{Rule, Violations};
use crate::verify::week::Week;

use super::count;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for staff in school.staff_ids() {
        check_week(school, week, staff, violations);
        check_days(school, week, staff, violations);
        let day = |&index: &usize| school[week.sessions[index].block].day;
        for deployed in week.of_staff[staff.index()].chunk_by(|a, b| day(a) == day(b)) {
            check_day(school, week, staff, deployed, violations);
        }
    }
}

fn check_week(school: &School, week: &Week, staff: StaffId, violations: &mut Violations) {
    let Some(max) = school[staff].max_blocks else { return };
    let deployed = &week.of_staff[staff.index()];
    let held: Vec<_> = week.holders.iter().filter(|holder| holder.staff == staff).collect();
    let in_packages: u64 = held.iter().map(|holder| u64::from(school[holder.package].blocks)).sum();
    let total = deployed.len() as u64 + in_packages;
    if total > u64::from(max) {
        let packages =
            if held.is_empty() { String::new() } else { format!(" ({in_packages} of them in packages)") };
        let message =
            format!("staff `{}` has {total} blocks{packages}, max_blocks is {max}", school[staff].id);
        let rows = week.session_rows(deployed).chain(held.iter().map(|holder| holder.row()));
        violations.add(Rule::R4, rows, message);
    }
}

fn check_days(school: &School, week: &Week, staff: StaffId, violations: &mut Violations) {
    let person = &school[staff];
    let deployed = &week.of_staff[staff.index()];
    let days =
        deployed.chunk_by(|&a, &b| school[week.sessions[a].block].day == school[week.sessions[b].block].day);
    let days = days.count();
    if let Some(max) = person.max_days.filter(|&max| days > max as usize) {
        let message = format!("staff `{}` works on {}, max_days is {max}", person.id, count(days, "day"));
        violations.add(Rule::R4, week.session_rows(deployed), message);
    }
}

/// `deployed`: the sessions of one staff member on one day, in order of time.
fn check_day(school: &School, week: &Week, staff: StaffId, deployed: &[usize], violations: &mut Violations) {
    let person = &school[staff];
    let Some(&first) = deployed.first() else { return };
    let day = &school[school[week.sessions[first].block].day];
    if let Some(max) = person.max_per_day
        && deployed.len() > max as usize
    {
        let blocks = count(deployed.len(), "block");
        let message = format!("staff `{}` has {blocks} on {day}, max_per_day is {max}", person.id);
        violations.add(Rule::R4, week.session_rows(deployed), message);
    }
    if let Some(max) = person.max_in_a_row {
        let chain = longest_chain(school, week, deployed);
        if chain.len() > max as usize {
            let blocks = count(chain.len(), "block");
            let message =
                format!("staff `{}` has {blocks} in a row on {day}, max_in_a_row is {max}", person.id);
            violations.add(Rule::R4, week.session_rows(&chain), message);
        }
    }
}

/// The longest chain of sessions, each in a row with the one before.
fn longest_chain(school: &School, week: &Week, deployed: &[usize]) -> Vec<usize> {
    let block = |index: usize| &school[week.sessions[index].block];
    let mut chains: Vec<Vec<usize>> = Vec::with_capacity(deployed.len());
    for (at, &session) in deployed.iter().enumerate() {
        let before = (0..at).filter(|&earlier| in_a_row(school, block(deployed[earlier]), block(session)));
        let longest = before.max_by_key(|&earlier| chains[earlier].len());
        let mut chain = longest.map(|earlier| chains[earlier].clone()).unwrap_or_default();
        chain.push(session);
        chains.push(chain);
    }
    chains.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

/// The most of these blocks of one day, in order of time, that follow each other in a row.
pub fn longest_row(school: &School, blocks: &[&Block]) -> usize {
    let mut rows: Vec<usize> = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.iter().enumerate() {
        let before = (0..at).filter(|&earlier| in_a_row(school, blocks[earlier], block));
        rows.push(1 + before.map(|earlier| rows[earlier]).max().unwrap_or(0));
    }
    rows.into_iter().max().unwrap_or(0)
}

/// `b` follows `a` on the same day and no block of the layout fits between.
fn in_a_row(school: &School, a: &Block, b: &Block) -> bool {
    let between = |other: &Block| other.day == a.day && other.start >= a.end && other.end <= b.start;
    a.day == b.day && a.end <= b.start && !school.blocks.iter().any(between)
}
