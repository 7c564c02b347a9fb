//! Rooms and open learning zones of one site, and the rooms that regular lessons take.

use super::dice::Dice;
use super::draft::{Draft, Place};
use super::week::{self, Slots};

/// Students for each ordinary room and each open learning zone.
const STUDENTS_PER_ROOM: usize = 28;
const STUDENTS_PER_ZONE: usize = 130;

/// Special rooms: code, name, tag, seats, students for each.
#[rustfmt::skip]
const SPECIAL: &[(&str, &str, &str, usize, usize)] = &[
    ("lab",   "Practicumlokaal",  "lab",      24, 150),
    ("gym",   "Gymzaal",          "gym",      30, 300),
    ("atel",  "Atelier",          "atelier",  24, 350),
    ("muz",   "Muzieklokaal",     "music",    22, 600),
    ("comp",  "Computerlokaal",   "computer", 26, 450),
    ("aula",  "Aula",             "aula",     120, 1200),
    ("stil",  "Stilteruimte",     "quiet",    20, 450),
];

/// Adds the places of `site`.
pub fn add(draft: &mut Draft, site: usize, dice: &mut Dice) {
    let students = draft.students_at(site).len();
    let prefix = if draft.sites.len() > 1 { format!("{}-", draft.sites[site]) } else { String::new() };
    let units: Vec<usize> = (0..draft.units.len()).filter(|&unit| draft.units[unit].site == site).collect();
    let mut add = |code: &str, name: &str, seats, parallel, tags, unit| {
        draft.places.push(Place {
            id: format!("{prefix}{code}"),
            name: name.to_owned(),
            site,
            seats,
            parallel,
            tags,
            unit,
            busy: Slots::default(),
        });
    };
    for number in 0..students / STUDENTS_PER_ROOM + 3 {
        // A school house of three floors: 001, 002, … 101, 102, …
        let code = format!("{}{:02}", number % 3, number / 3 + 1);
        let unit = if dice.chance(40) { dice.pick(&units) } else { None };
        add(&code, &format!("Lokaal {code}"), dice.between(26, 32), 1, "", unit);
    }
    for &(code, name, tag, seats, per) in SPECIAL {
        for number in 1..=(students / per).max(1) {
            add(&format!("{code}{number}"), &format!("{name} {number}"), seats, 1, tag, None);
        }
    }
    for number in 1..=(students / STUDENTS_PER_ZONE).max(2) {
        let tags = if number % 3 == 0 { "zone|quiet" } else { "zone" };
        add(&format!("plein{number}"), &format!("Leerplein {number}"), 96, 4, tags, None);
    }
}

/// Gives every regular lesson in a lesson or zone block a room.
pub fn house_regular_lessons(draft: &mut Draft, site: usize) {
    let flex = week::flex_slots();
    for class in draft.classes.iter_mut().filter(|class| class.site == site) {
        for lesson in class.lessons.iter_mut().filter(|lesson| flex.contains(&lesson.slot)) {
            let tag = draft.catalogue.subjects[lesson.subject].family.tag;
            lesson.place = draft
                .places
                .iter()
                .position(|place| place.site == site && place.tags == tag && !place.busy.has(lesson.slot));
            if let Some(place) = lesson.place {
                draft.places[place].busy.insert(lesson.slot);
            }
        }
    }
}
