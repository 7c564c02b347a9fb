//! The tables that every school has.

use super::draft::{Dice, Draft};
use super::settings::Sizes;
use super::{Rule, Shape};

pub fn subjects(d: &mut Draft, s: &Sizes) {
    let subjects = s.subjects;
    let mut rows: Vec<String> = (0..subjects).map(|n| format!("{},", d.id("x", n))).collect();
    rows.push("homework,".to_owned());
    d.table("subjects.csv", "subject,name", rows);
}

/// Gives whether places have tags.
pub fn offerings(d: &mut Draft, s: &Sizes) -> bool {
    let &Sizes { offerings, subjects, .. } = s;
    let tags = d.dice.rarely(5);
    let rows = (0..offerings)
        .map(|n| {
            let homework = d.dice.rarely(8);
            let mut of = d.some("x", subjects, 2);
            if of.is_empty() {
                of = d.one("x", subjects);
            }
            let (min, more) = (d.dice.below(3), d.dice.below(3));
            let assistants = if d.dice.rarely(3) { 1 + d.dice.below(2) } else { 0 };
            let knowing = if assistants > 0 && d.dice.rarely(2) { "true" } else { "" };
            let after = n > 0 && d.dice.rarely(4) && !d.off(Rule::Order);
            let after = if after { d.id("o", n - 1) } else { String::new() };
            let (subjects, kinds) = if homework { ("homework".to_owned(), "homework") } else { (of, "") };
            format!(
                "{},,{subjects},{kinds},{},{},{},{assistants},{},{},{},{after},{},{},{knowing}",
                d.id("o", n),
                if d.off(Rule::LeastStudents) { 0 } else { min },
                min.max(1) + more,
                if homework { "supervisor|teacher" } else { "" },
                d.dice.below(3),
                if tags && d.dice.rarely(2) { "lab" } else { "" },
                if d.dice.rarely(6) { "true" } else { "" },
                d.number(3, 1, 3),
                ["", "any", "all"][d.dice.below(3)],
            )
        })
        .collect();
    d.table(
        "offerings.csv",
        "offering,name,subjects,kinds,min,max,roles,assistants,per_assistant,tags,online,after,per_day,qualified,assistants_qualified",
        rows,
    );
    tags
}

pub fn places(d: &mut Draft, s: &Sizes, tags: bool) {
    let &Sizes { places, sites, units, .. } = s;
    let richer = d.shape == Shape::Richer;
    let mut rows: Vec<String> = (0..places)
        .map(|n| {
            format!(
                "{},,{},{},{},{},{}",
                d.id("p", n),
                d.maybe(2, "z", sites),
                1 + d.dice.below(6),
                d.number(3, 1, 4),
                if tags { ["lab", ""][d.dice.below(2)] } else { "" },
                d.maybe(4, "u", units)
            )
        })
        .collect();
    if richer && let Some(first) = rows.first() {
        rows.push(format!("extra-place{}", &first[first.find(',').unwrap_or(0)..]));
    }
    d.table("places.csv", "place,name,site,seats,parallel,tags,unit", rows);
}

pub fn staff(d: &mut Draft, s: &Sizes) {
    let &Sizes { staff, offerings, subjects, sites, units, .. } = s;
    let richer = d.shape == Shape::Richer;
    let mut rows: Vec<String> = (0..staff)
        .map(|n| {
            let mut roles = vec![["teacher", "teacher", "instructor", "guest"][d.dice.below(4)]];
            for role in ["coach", "assistant", "supervisor"] {
                if d.dice.rarely(2) {
                    roles.push(role);
                }
            }
            let qualified = d.some("x", subjects, 2);
            let (likes, unit) = (d.some("o", offerings, 3), d.maybe(2, "u", units));
            let (sites, least) = (d.maybe(3, "z", sites), d.number(4, 0, 3));
            let limits = [d.number(3, 2, 4), d.number(5, 1, 3), d.number(5, 1, 3)].join(",");
            let limits = if d.off(Rule::StaffLimits) { ",,".to_owned() } else { limits };
            let days = if d.later.rarely(4) { (1 + d.later.below(2)).to_string() } else { String::new() };
            let days = if d.off(Rule::StaffLimits) { String::new() } else { days };
            format!(
                "{},,{},{qualified},{likes},{unit},{sites},{least},{limits},{},{days}",
                d.id("t", n),
                roles.join("|"),
                d.dice.below(3)
            )
        })
        .collect();
    if richer && let Some(first) = rows.first() {
        let mut cells: Vec<&str> = first.split(',').collect();
        (cells[0], cells[7]) = ("extra-person", "");
        rows.push(cells.join(","));
    }
    d.table(
        "staff.csv",
        "staff,name,roles,subjects,likes,unit,sites,min_blocks,max_blocks,max_per_day,max_in_a_row,cost,max_days",
        rows,
    );
}

pub fn students(d: &mut Draft, s: &Sizes) {
    let &Sizes { students, staff, sites, units, .. } = s;
    let rows = (0..students)
        .map(|n| {
            let class = d.dice.below(2);
            let unit = d.maybe(2, "u", units);
            format!(
                "{},,c{class},{class},{unit},{},{}",
                d.id("i", n),
                d.maybe(2, "z", sites),
                d.maybe(3, "t", staff)
            )
        })
        .collect();
    d.table("students.csv", "student,name,class,year,unit,site,coach", rows);
}

pub fn needs(d: &mut Draft, s: &Sizes) {
    let &Sizes { students, staff, subjects, .. } = s;
    let mut rows = Vec::new();
    for n in 0..students {
        for _ in 0..d.dice.below(3) {
            let mut subject = d.one("x", subjects);
            if d.dice.rarely(4) {
                let other = d.one("x", subjects);
                if other != subject {
                    subject = format!("{subject}|{other}");
                }
            }
            if d.dice.rarely(8) {
                subject = "homework".to_owned();
            }
            let days = if d.later.rarely(4) { some_days(&mut d.later, s.cycle) } else { String::new() };
            rows.push(format!(
                "{},{subject},{},{},{},{},{days}",
                d.id("i", n),
                1 + d.dice.below(2),
                ["must", "should", "could"][d.dice.below(3)],
                d.maybe(5, "x", subjects),
                d.maybe(4, "t", staff)
            ));
        }
    }
    if students > 0 && d.dice.rarely(2) {
        rows.push(format!("all,{},1,must,,,", d.one("x", subjects)));
    }
    d.table("needs.csv", "who,subject,sessions,priority,with,staff,days", rows);
}

/// One or more days of the cycle.
fn some_days(dice: &mut Dice, cycle: usize) -> String {
    let always = dice.below(cycle);
    let chosen = (0..cycle).filter(|&day| day == always || dice.rarely(4));
    chosen.map(|day| format!("d{day}")).collect::<Vec<_>>().join("|")
}
