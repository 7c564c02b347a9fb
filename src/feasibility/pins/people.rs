//! Pins of one student or member of staff against each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::rules::r4_limits::{Limit, just_exceeded};
use crate::model::rules::r6_needs::just_exceeds_day;
use crate::school::{BlockId, DayId, OfferingId, Pin, PinKind, School, StaffId, StudentId};

use super::clash::Clash;

/// What one student is pinned to.
pub fn report_students(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let mut by_student: BTreeMap<StudentId, Vec<usize>> = BTreeMap::new();
    for (index, pin) in school.pins.iter().enumerate() {
        if let (PinKind::Attend, Some(student)) = (pin.kind, pin.student) {
            by_student.entry(student).or_default().push(index);
        }
    }
    for (student, pins) in by_student {
        report_overlaps(school, student, &pins, add);
        report_counts(school, student, &pins, add);
    }
}

fn report_overlaps(school: &School, student: StudentId, pins: &[usize], add: &mut impl FnMut(usize, Clash)) {
    let differ = |one: &Pin, other: &Pin| {
        (one.block, one.offering) != (other.block, other.offering)
            || one.staff.zip(other.staff).is_some_and(|(one, other)| one != other)
            || one.place.zip(other.place).is_some_and(|(one, other)| one != other)
    };
    for (at, &index) in pins.iter().enumerate() {
        let pin = &school.pins[index];
        let clash = pins[..at]
            .iter()
            .map(|&earlier| &school.pins[earlier])
            .find(|earlier| at_once(school, pin, earlier) && differ(pin, earlier));
        if let Some(earlier) = clash {
            add(index, twice(&school[student].id, earlier.line, "student"));
        }
    }
}

fn at_once(school: &School, one: &Pin, other: &Pin) -> bool {
    one.block.zip(other.block).is_some_and(|(one, other)| school[one].overlaps(&school[other]))
}

fn twice(who: &str, line: u64, column: &'static str) -> Clash {
    Clash::new(
        column,
        "R1",
        format!("`{who}` is pinned to two things at once"),
        format!("another pin at the same time on line {line}"),
        "take one of the two out, or move it to another block",
    )
}

fn report_counts(school: &School, student: StudentId, pins: &[usize], add: &mut impl FnMut(usize, Clash)) {
    let id = &school[student].id;
    let mut blocks: HashMap<OfferingId, HashSet<BlockId>> = HashMap::new();
    for &index in pins {
        let pin = &school.pins[index];
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { continue };
        let blocks = blocks.entry(offering).or_default();
        if !blocks.insert(block) {
            continue;
        }
        let asked: u64 = (school.needs_of(student).map(|need| &school[need]))
            .filter(|need| school[offering].meets_one_of(&need.subjects))
            .filter(|need| blocks.iter().any(|&block| need.may_be_met_in(&school[block])))
            .map(|need| u64::from(need.sessions))
            .sum();
        let row = &school[offering];
        let on_day = blocks.iter().filter(|&&other| school[other].day == school[block].day).count();
        if asked > 0 && blocks.len() as u64 == asked + 1 {
            add(
                index,
                Clash::new(
                    "offering",
                    "R6",
                    format!("`{id}` is pinned to more sessions of `{}` than asked", row.id),
                    format!("{} pinned, {asked} asked in needs.csv", blocks.len()),
                    "take a pin out, or ask for more sessions",
                ),
            );
        }
        if just_exceeds_day(row, on_day) {
            add(
                index,
                Clash::new(
                    "offering",
                    "R6",
                    format!("`{id}` is pinned to `{}` too often on one day", row.id),
                    format!("{on_day} pinned on {}, `per_day` is {}", school[school[block].day], row.per_day),
                    "move a pin to another day, or raise `per_day`",
                ),
            );
        }
    }
}

/// Where one staff member is pinned to.
pub fn report_staff(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let mut by_staff: BTreeMap<StaffId, Vec<usize>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for (index, pin) in school.pins.iter().enumerate() {
        if let (PinKind::Session | PinKind::Attend, Some(staff)) = (pin.kind, pin.staff) {
            // Many students may be pinned to one session.
            if seen.insert((staff, pin.block, pin.offering, pin.place)) {
                by_staff.entry(staff).or_default().push(index);
            }
        }
    }
    for (staff, pins) in by_staff {
        let row = &school[staff];
        let mut blocks: BTreeSet<BlockId> = BTreeSet::new();
        let mut days: HashMap<DayId, u32> = HashMap::new();
        for (at, &index) in pins.iter().enumerate() {
            let pin = &school.pins[index];
            let Some(block) = pin.block else { continue };
            let differ = |other: &Pin| {
                (pin.block, pin.offering) != (other.block, other.offering)
                    || pin.place.zip(other.place).is_some_and(|(one, other)| one != other)
            };
            let earlier = pins[..at].iter().map(|&earlier| &school.pins[earlier]);
            if let Some(earlier) =
                earlier.into_iter().find(|other| at_once(school, pin, other) && differ(other))
            {
                add(index, twice(&row.id, earlier.line, "staff"));
            } else if blocks.insert(block) {
                let day = days.entry(school[block].day).or_default();
                *day += 1;
                let day = *day;
                let worked = days.len();
                let exceeded = just_exceeded(row, blocks.len() as u64, worked, day);
                for Limit { column, unit, most, .. } in exceeded {
                    add(
                        index,
                        Clash::new(
                            "staff",
                            "R4",
                            format!("`{}` is pinned to more {unit}s than `{column}` allows", row.id),
                            format!("{} {unit}s pinned, `{column}` is {most}", u64::from(most) + 1),
                            "take a pin out, or raise the limit in staff.csv",
                        ),
                    );
                }
            }
        }
    }
}
