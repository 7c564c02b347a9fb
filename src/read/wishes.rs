//! `wishes.csv`: what staff would like, or rather not; `wishes_history.csv`.

use std::collections::HashMap;

use crate::school::{DayId, Id, Role, Wanted, Wish};

use super::columns;
use super::decisions::Rows;
use super::input::Input;
use super::layout::Layout;
use super::names::Names;
use super::problem::{Problem, Problems};
use super::resources::Resources;
use super::table::{Row, Table};

#[derive(Clone, Copy)]
enum Kind {
    Offering,
    Role,
    Package,
    Block,
    Day,
}

const KINDS: [(&str, Kind); 5] = [
    ("offering", Kind::Offering),
    ("role", Kind::Role),
    ("package", Kind::Package),
    ("block", Kind::Block),
    ("day", Kind::Day),
];

const VALUES: [(&str, i32); 7] = [("-3", -3), ("-2", -2), ("-1", -1), ("0", 0), ("1", 1), ("2", 2), ("3", 3)];

pub fn wishes(
    input: &Input,
    days: &Names<DayId>,
    layout: &Layout,
    resources: &Resources,
    problems: &mut Problems,
) -> Rows<Wish> {
    let mut first: HashMap<_, usize> = HashMap::new();
    let mut wishes = Rows::read(input, &columns::WISHES, problems, |row, problems| {
        let staff = row.find_required("staff", &resources.staff.names, problems);
        let kind = row.required_word("kind", &KINDS, problems);
        let value = row.required_word("value", &VALUES, problems);
        let id = row.required("id", problems);
        let (kind, _) = (kind?, id?);
        let what = match kind {
            Kind::Offering => Wanted::Offering(row.find("id", &resources.offerings.names, problems)?),
            Kind::Role => {
                Wanted::Role(row.word("id", &Role::ALL.map(|role| (role.label(), role)), problems)?)
            }
            Kind::Package => Wanted::Package(row.find("id", &resources.packages.names, problems)?),
            Kind::Block => Wanted::Block(row.find("id", &layout.names, problems)?),
            Kind::Day => Wanted::Day(row.find("id", days, problems)?),
        };
        let wish = Wish { staff: staff?, what, value: value?, denied: 0 };
        match first.insert((wish.staff, wish.what), row.line()) {
            None => Some(wish),
            Some(line) => {
                twice(row, line, problems);
                None
            }
        }
    });
    let days = days.list();
    let key = |wish: &Wish| {
        let id: &str = match wish.what {
            Wanted::Offering(offering) => &resources.offerings.rows[offering.index()].id,
            Wanted::Role(role) => role.label(),
            Wanted::Package(package) => &resources.packages.rows[package.index()].id,
            Wanted::Block(block) => &layout.blocks[block.index()].id,
            Wanted::Day(day) => days[day.index()],
        };
        let staff: &str = &resources.staff.rows[wish.staff.index()].id;
        [staff, wish.what.kind(), id].map(str::to_owned)
    };
    let keys = wishes.rows.iter().map(key).zip(0..);
    let index_of: HashMap<[String; 3], usize> = keys.collect();
    if let Some(table) = Table::open(input, &columns::WISHES_HISTORY, problems) {
        table.each_row(problems, |row, problems| {
            let cells = ["staff", "kind", "id"].map(|column| row.required(column, problems));
            let denied = row.required_count("denied", problems);
            // What nobody wishes any more is no mistake.
            if let ([Some(staff), Some(kind), Some(id)], Some(denied)) = (cells, denied)
                && let Some(&index) = index_of.get(&[staff, kind, id].map(str::to_owned))
            {
                let wish = &mut wishes.rows[index];
                wish.denied = wish.denied.saturating_add(denied);
            }
        });
    }
    wishes
}

fn twice(row: &Row, line: usize, problems: &mut Problems) {
    let cell = |column| row.text(column).unwrap_or_default();
    let problem = Problem::error(
        "wish-twice",
        format!("`{}` wishes something of `{}` twice", cell("staff"), cell("id")),
    )
    .found(format!("another value in line {line}"))
    .expected("one row for each wish")
    .help("take one of the two rows out");
    row.report("id", problem, problems);
}
