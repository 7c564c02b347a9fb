//! What a school settles by hand: wishes for a teacher, pins, pairs, packages, what was missed before.

use super::dice::Dice;
use super::draft::{Draft, History, Package, Pin, Wanted, Who};
use super::week::{self, Slot};

/// Duties that a school of `students` gives whole to members of its staff.
pub fn packages(students: usize) -> Vec<Package> {
    let people = |per: usize| (students / per).max(1);
    vec![
        Package {
            id: "stage",
            name: "Stagebegeleiding",
            blocks: 2,
            roles: "teacher|instructor",
            people: people(450),
        },
        Package {
            id: "starters",
            name: "Begeleiding van nieuwe collega's",
            blocks: 2,
            roles: "teacher",
            people: people(900),
        },
        Package { id: "rooster", name: "Roosterteam", blocks: 1, roles: "", people: people(600) },
    ]
}

/// Lets some needs name a teacher who is qualified and works at the student's site.
pub fn ask_for_staff(draft: &mut Draft, site: usize, staff: std::ops::Range<usize>, dice: &mut Dice) {
    for at in 0..draft.needs.len() {
        let need = &draft.needs[at];
        let (Who::Student(student), Wanted::AnyOf(subjects)) = (&need.who, &need.wanted) else { continue };
        if draft.site_of(*student) != site || subjects.len() > 1 || !dice.chance(5) {
            continue;
        }
        let qualified: Vec<usize> = staff
            .clone()
            .filter(|&person| {
                draft.staff[person].department.is_some()
                    && draft.staff[person].subjects.contains(&subjects[0])
            })
            .collect();
        draft.needs[at].staff = dice.pick(&qualified);
    }
}

/// Adds pairs and the history of the students of `site`.
pub fn add_pairs_and_history(draft: &mut Draft, site: usize, dice: &mut Dice) {
    let students = draft.students_at(site);
    for at in 0..students.len() {
        let student = students[at];
        // A neighbour in the list is nearly always in the same class.
        if let Some(&other) = students.get(at + 1) {
            if dice.chance(2) {
                draft.pairs.push(("apart", student, other));
            } else if dice.chance(1) && draft.unit_of(student) == draft.unit_of(other) {
                draft.pairs.push(("together", student, other));
            }
        }
        if dice.chance(8) {
            let curriculum = &draft.students[student].curriculum;
            if let Some(subject) = dice.pick(curriculum) {
                let priority = if dice.chance(20) { "must" } else { "should" };
                draft.history.push(History { student, subject, priority, missing: dice.between(1, 2) });
            }
        }
    }
}

/// Adds a few pins of `site`, each possible beside all the others: sessions with enough students who are
/// free, attendances at such sessions, and bans.
pub fn add_pins(draft: &mut Draft, site: usize, staff: std::ops::Range<usize>, dice: &mut Dice) {
    const SESSIONS: usize = 2;
    const ATTENDANCES: usize = 3;
    let mut slots = week::lesson_slots();
    dice.shuffle(&mut slots);
    let mut offerings: Vec<usize> = (0..draft.catalogue.offerings.len())
        .filter(|&o| {
            let offering = &draft.catalogue.offerings[o];
            offering.subjects.len() == 1 && offering.tag.is_empty() && offering.lesson
        })
        .collect();
    dice.shuffle(&mut offerings);

    // A block, an offering and a lead occur in one pin at most, so that pins cannot hinder each other.
    let mut leads = Vec::new();
    let mut pins = Vec::new();
    for slot in slots {
        let found = offerings.iter().enumerate().find_map(|(at, &offering)| {
            let student = in_want(draft, site, offering, slot, dice)?;
            let lead = staff
                .clone()
                .find(|&person| may_lead(draft, person, offering, slot) && !leads.contains(&person))?;
            Some((at, offering, lead, student))
        });
        let Some((at, offering, lead, student)) = found else { continue };
        offerings.remove(at);
        leads.push(lead);
        let session = pins.len() < SESSIONS;
        pins.push(Pin {
            kind: if session { "session" } else { "attend" },
            slot: Some(slot),
            offering: Some(offering),
            staff: session.then_some(lead),
            student: (!session).then_some(student),
        });
        if pins.len() == SESSIONS + ATTENDANCES {
            break;
        }
    }
    draft.pins.extend(pins);
    add_bans(draft, site, staff, dice);
}

fn add_bans(draft: &mut Draft, site: usize, staff: std::ops::Range<usize>, dice: &mut Dice) {
    let teachers: Vec<usize> = staff.filter(|&person| draft.staff[person].department.is_some()).collect();
    let day = dice.below(week::DAYS.len());
    let ends = Slot { day, period: week::PERIODS.len() - 1 };
    if let Some(teacher) = dice.pick(&teachers) {
        draft.pins.push(Pin { kind: "ban", slot: Some(ends), staff: Some(teacher), ..Pin::default() });
    }
    let zone = draft.catalogue.offerings.iter().position(|offering| offering.id == "zone-talen");
    if let (Some(zone), Some(student)) = (zone, dice.pick(&draft.students_at(site))) {
        draft.pins.push(Pin { kind: "ban", offering: Some(zone), student: Some(student), ..Pin::default() });
    }
}

/// A student who needs the offering and is free in `slot`, if three sessions' minimum of them are.
fn in_want(draft: &Draft, site: usize, offering: usize, slot: Slot, dice: &mut Dice) -> Option<usize> {
    let offering = &draft.catalogue.offerings[offering];
    let wanting: Vec<usize> = draft
        .needs
        .iter()
        .filter_map(|need| match (&need.who, &need.wanted) {
            (Who::Student(student), Wanted::AnyOf(wanted)) if *wanted == offering.subjects => Some(*student),
            _ => None,
        })
        .filter(|&student| draft.site_of(student) == site && !draft.students[student].busy.has(slot))
        .collect();
    if wanting.len() >= 3 * offering.min { dice.pick(&wanting) } else { None }
}

fn may_lead(draft: &Draft, person: usize, offering: usize, slot: Slot) -> bool {
    let person = &draft.staff[person];
    let offering = &draft.catalogue.offerings[offering];
    person.roles.iter().any(|role| offering.roles.split('|').any(|allowed| allowed == *role))
        && offering.subjects.iter().all(|subject| person.subjects.contains(subject))
        && !person.busy.has(slot)
        && person.quota > 0
}
