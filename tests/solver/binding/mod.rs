//! Schools of a few lines in which one rule binds: the best schedule takes all that the rule leaves, and no more.
//! Totals are counted by hand with the weights of a school that states none: 100 for a `must`, 10 for a `should`,
//! 1 for a `could`.

mod coaching;
mod pins;
mod places;
mod sizes;
mod staff;
mod students;
mod wishes;

use leerzone::model::EngineChoice;

use crate::program::{Files, best, improved, poor_schedule, school_with};

/// Asserts the best total of the base with other files, by every engine; then that parts of the best schedule and
/// of a poor one hold every rule, and are never better than the best.
#[track_caller]
fn binds(name: &str, total: f64, changed: Files) {
    let school = school_with(name, changed);
    let mut schedules = Vec::new();
    for &engine in EngineChoice::ALL {
        let (schedule, found) = best(name, &school, engine).unwrap_or_else(|| panic!("{name}: none"));
        assert!((found - total).abs() < 1e-6, "{name}: {found}, by hand {total}: {schedule:#?}");
        schedules.push(schedule);
    }
    schedules.truncate(1);
    schedules.extend(poor_schedule(&school, EngineChoice::Microlp));
    for start in &schedules {
        for (students, cells) in
            [(0b1111, 0b111), (0b0101, 0b111), (0b1010, 0b111), (0b0101, 0b101), (0b1010, 0b110)]
        {
            let student = |at: usize| students >> (at % 4) & 1 == 1;
            let cell = |staff: usize, block: usize| cells >> ((staff + block) % 3) & 1 == 1;
            let (_, better) = improved(name, &school, start, student, cell, EngineChoice::Microlp);
            assert!(better < total + 1e-6, "{name}: {better} in a part, best {total}");
        }
    }
}

/// `layout.toml` of blocks as `id day start end kind`.
fn layout(blocks: &[&str]) -> String {
    let mut text = "name = \"own\"\n".to_owned();
    for block in blocks {
        let [id, day, start, end, kind] = block.split(' ').collect::<Vec<_>>()[..] else {
            panic!("`{block}` is no block")
        };
        text += &format!(
            "[[block]]\nid = \"{id}\"\ndays = [\"{day}\"]\nstart = \"{start}\"\nend = \"{end}\"\nkind = \"{kind}\"\n"
        );
    }
    text
}

const NEEDS_TWO: (&str, &str) = ("needs.csv", "who,subject,sessions,priority\nall,wi,2,must\n");

const TWICE_A_DAY: (&str, &str) =
    ("offerings.csv", "offering,name,subjects,min,max,per_day\nwi,Wiskunde,wi,1,2,2\n");

/// Two teachers of the base's subject.
const TWO_TEACHERS: (&str, &str) =
    ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,wi\n");

const ONE_BLOCK: &[&str] = &["b1 mo 09:00 10:00 lesson"];

const SINGLES: (&str, &str) = ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,1\n");
