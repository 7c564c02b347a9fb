//! The tables that a school may have.

use super::draft::{Dice, Draft};
use super::settings::Sizes;
use super::{Rule, Shape};

/// What staff wish, from dice of its own.
pub fn wishes(d: &mut Draft, s: &Sizes, blocks: usize, packages: bool, dice: Dice) {
    let others = std::mem::replace(&mut d.dice, dice);
    if s.staff > 0 && d.dice.rarely(3) {
        let mut rows = std::collections::BTreeMap::new();
        for _ in 0..1 + d.dice.below(5) {
            let staff = d.one("t", s.staff);
            let (kind, id) = match d.dice.below(6) {
                0 => ("offering", d.one("o", s.offerings)),
                1 if blocks > 0 => ("block", d.one("b", blocks)),
                2 => ("day", format!("d{}", d.dice.below(s.cycle))),
                3 if packages && d.tables.iter().any(|table| table.file == "packages.csv") => {
                    ("package", "k0".to_owned())
                }
                _ => ("role", ["teacher", "coach", "assistant", "supervisor"][d.dice.below(4)].to_owned()),
            };
            let value = [-3, -2, -1, 1, 2, 3][d.dice.below(6)];
            rows.insert(format!("{staff},{kind},{id}"), value);
        }
        let rows = rows.into_iter().map(|(wish, value)| format!("{wish},{value}")).collect();
        d.table("wishes.csv", "staff,kind,id,value", rows);
    }
    d.dice = others;
}

/// The optional files, each in about one school of three.
pub fn tables(d: &mut Draft, s: &Sizes, taken: &[usize]) {
    let &Sizes { students, staff, places, offerings, subjects, units, .. } = s;
    let richer = d.shape == Shape::Richer;
    let blocks = taken.len();
    if d.dice.rarely(3) {
        let mut rows = Vec::new();
        for _ in 0..1 + d.dice.below(3) {
            let (kind, id) = match d.dice.below(3) {
                0 => ("student", d.one("i", students)),
                1 => ("staff", d.one("t", staff)),
                _ => ("place", d.one("p", places)),
            };
            let on = taken[d.dice.below(blocks)];
            let hours = ["09:00,10:00", ","][d.dice.below(2)];
            let relieved = richer && kind != "student";
            if !id.is_empty() && !relieved {
                rows.push(format!("{kind},{id},d{on},{hours},"));
            }
        }
        d.table_of(Rule::Busy, "busy.csv", "kind,id,day,start,end,note", rows);
    }
    if d.dice.rarely(3) {
        let mut rows = Vec::new();
        for _ in 0..1 + d.dice.below(2) {
            let row = match d.dice.below(6) {
                0 => format!(
                    "session,{},{},{},,",
                    d.one("b", blocks),
                    d.one("o", offerings),
                    d.maybe(3, "t", staff)
                ),
                1 if students > 0 => {
                    format!(
                        "attend,{},{},,,{}",
                        d.one("b", blocks),
                        d.one("o", offerings),
                        d.one("i", students)
                    )
                }
                _ => format!(
                    "ban,{},{},{},{},{}",
                    d.one("b", blocks),
                    d.maybe(2, "o", offerings),
                    d.maybe(3, "t", staff),
                    d.maybe(3, "p", places),
                    d.maybe(3, "i", students)
                ),
            };
            rows.push(row);
        }
        d.table_of(Rule::Bans, "pins.csv", "kind,block,offering,staff,place,student", rows);
    }
    if students > 1 && d.dice.rarely(4) {
        let kind = ["apart", "together"][d.dice.below(2)];
        let row = format!("{kind},{},{}", d.id("i", 0), d.id("i", 1));
        d.table_of(Rule::Pairs, "pairs.csv", "kind,student,other", vec![row]);
    }
    if students > 0 && d.dice.rarely(4) {
        let row = format!("{},{},must,{}", d.one("i", students), d.one("x", subjects), 1 + d.dice.below(3));
        d.table("history.csv", "student,subject,priority,missing", vec![row]);
    }
    if staff > 0 && d.dice.rarely(5) {
        let row = format!("k0,,{},{},1", 1 + d.dice.below(2), ["", "teacher", "coach"][d.dice.below(3)]);
        let (mut header, mut row) = ("package,name,blocks,roles,people", row);
        if d.dice.rarely(2) {
            header = "package,name,blocks,roles,people,subjects,unit,meets";
            let unit = if units > 0 { d.maybe(2, "u", units) } else { String::new() };
            row += &format!(",{},{unit},{}", d.maybe(2, "x", subjects), d.maybe(2, "t", staff));
        }
        d.table_of(Rule::Packages, "packages.csv", header, vec![row]);
    }
}
