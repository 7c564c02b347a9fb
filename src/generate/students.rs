//! Classes, units and students of one site, and their regular lessons.

use super::catalogue::{LEVELS, PROFILES};
use super::dice::{Dice, apportion};
use super::draft::{Class, Draft, RegularLesson, Student, Unit};
use super::names;
use super::week::{self, Slots};

/// Students of one class and of one unit, on average.
const CLASS_SIZE: usize = 25;
const UNIT_SIZE: usize = 90;

/// Adds the classes, units and `count` students of `site`.
pub fn add(draft: &mut Draft, site: usize, count: usize, dice: &mut Dice) {
    let prefix = if draft.sites.len() > 1 { format!("{}-", draft.sites[site]) } else { String::new() };
    let sizes = add_classes(draft, site, count, &prefix, dice);
    let first = draft.classes.len() - sizes.len();
    add_units(draft, site, first, &sizes, &prefix);
    for (class, &size) in (first..).zip(&sizes) {
        for _ in 0..size {
            add_student(draft, class, dice);
        }
    }
}

/// Adds the classes of every level and year; gives their sizes.
fn add_classes(draft: &mut Draft, site: usize, count: usize, prefix: &str, dice: &mut Dice) -> Vec<usize> {
    let cohorts: Vec<(usize, usize)> = LEVELS
        .iter()
        .enumerate()
        .flat_map(|(level, l)| (1..=l.years).map(move |year| (level, year)))
        .collect();
    let shares: Vec<f64> =
        cohorts.iter().map(|&(level, _)| LEVELS[level].share / LEVELS[level].years as f64).collect();
    let mut sizes = Vec::new();
    for ((level, year), students) in cohorts.into_iter().zip(apportion(count, &shares)) {
        if students == 0 {
            continue;
        }
        let parallel = ((students + CLASS_SIZE / 2) / CLASS_SIZE).max(1);
        for (letter, size) in ('a'..='z').zip(apportion(students, &vec![1.0; parallel])) {
            let id = format!("{prefix}{}{year}{letter}", LEVELS[level].letter);
            draft.classes.push(class(draft, id, site, level, year, dice));
            sizes.push(size);
        }
    }
    sizes
}

fn class(draft: &Draft, id: String, site: usize, level: usize, year: usize, dice: &mut Dice) -> Class {
    let curriculum = draft.catalogue.curriculum(level, year, dice.below(PROFILES.len()));
    let mut subjects: Vec<(usize, usize)> =
        curriculum.iter().map(|&s| (s, draft.catalogue.subjects[s].family.weight)).collect();
    let tests = dice.draw(&mut subjects, 3);

    let mut slots = week::regular_slots();
    let mut flex = week::flex_slots();
    dice.shuffle(&mut flex);
    slots.extend(flex.into_iter().take(dice.between(3, 4)));
    let mut busy = Slots::default();
    let lessons = slots
        .into_iter()
        .filter_map(|slot| {
            busy.insert(slot);
            Some(RegularLesson { slot, subject: dice.pick(&curriculum)?, teacher: None, place: None })
        })
        .collect();
    // The number of the unit is filled in by `add_units`.
    Class { id, site, level, year, unit: 0, tests, lessons, busy }
}

/// Neighbouring classes form a unit.
fn add_units(draft: &mut Draft, site: usize, first: usize, sizes: &[usize], prefix: &str) {
    let students: usize = sizes.iter().sum();
    let units = ((students + UNIT_SIZE / 2) / UNIT_SIZE).max(1);
    let mut before = 0;
    let from = draft.units.len();
    for (class, size) in (first..).zip(sizes) {
        // A class belongs to the unit in whose stretch its middle student falls.
        let number = (before + size / 2) * units / students.max(1);
        before += size;
        while draft.units.len() <= from + number {
            let n = draft.units.len() - from;
            let tree = names::UNITS[n % names::UNITS.len()];
            let round = n / names::UNITS.len();
            let suffix = if round == 0 { String::new() } else { format!("-{}", round + 1) };
            draft.units.push(Unit { id: format!("{prefix}{tree}{suffix}"), site });
        }
        draft.classes[class].unit = from + number;
    }
}

fn add_student(draft: &mut Draft, class: usize, dice: &mut Dice) {
    let Class { level, year, busy, .. } = draft.classes[class];
    let profile = dice.below(PROFILES.len());
    let mut student = Student {
        id: format!("l{:05}", draft.students.len() + 1),
        name: names::person(dice),
        class,
        coach: None,
        curriculum: draft.catalogue.curriculum(level, year, profile),
        appointments: Vec::new(),
        busy,
    };
    if dice.chance(2) {
        let note = dice.pick(&["logopedie", "topsport", "fysiotherapie", "orthodontist"]).unwrap_or_default();
        if let Some(slot) = dice.pick(&week::flex_slots()) {
            student.appointments.push((slot, note));
            student.busy.insert(slot);
        }
    }
    if year > week::LOWER_YEARS {
        student.busy.insert(week::LOWER_ONLY);
    }
    draft.students.push(student);
}
