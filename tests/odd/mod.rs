//! Small schools of odd shapes, drawn from a seed: nobody, nothing, everything busy, every optional file.

#![allow(dead_code, reason = "not every test file uses all of it")]

use std::fs;
use std::path::Path;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// What the same school is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Plain,
    /// So few of everything that every schedule can be tried.
    Tiny,
    /// Other ids, so that they sort the other way round.
    Renamed,
    /// Rows of every table in another order.
    Reordered,
    /// A second copy of the first place and of the first staff member, staff and places busy less.
    Richer,
    /// One rule, which the seed says, is off: nobody and nothing that it holds back is held back.
    Freer,
}

/// Rules that a school can do without, by what sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Busy,
    LeastStudents,
    StaffLimits,
    Travel,
    Order,
    Bans,
    Pairs,
    Budget,
    OwnStaff,
    Reserve,
    Packages,
}

/// The rule that [`Shape::Freer`] leaves out.
pub fn freed(seed: u64) -> Rule {
    use Rule::*;
    let all =
        [Busy, LeastStudents, StaffLimits, Travel, Order, Bans, Pairs, Budget, OwnStaff, Reserve, Packages];
    all[(seed % all.len() as u64) as usize]
}

pub struct Dice(SplitMix64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64::seed_from_u64(seed))
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    /// True once in `often` times.
    pub fn rarely(&mut self, often: usize) -> bool {
        self.below(often) == 0
    }
}

struct Table {
    file: &'static str,
    header: &'static str,
    rows: Vec<String>,
}

struct Draft {
    dice: Dice,
    shape: Shape,
    /// The rule that is off.
    off: Option<Rule>,
    tables: Vec<Table>,
}

impl Draft {
    fn id(&self, kind: &str, number: usize) -> String {
        match self.shape {
            Shape::Renamed => format!("{kind}z{}", 60 - number),
            _ => format!("{kind}{number}"),
        }
    }

    fn one(&mut self, kind: &str, of: usize) -> String {
        let number = self.dice.below(of);
        if of == 0 { String::new() } else { self.id(kind, number) }
    }

    fn maybe(&mut self, often: usize, kind: &str, of: usize) -> String {
        let (wanted, one) = (self.dice.rarely(often), self.one(kind, of));
        if wanted { one } else { String::new() }
    }

    fn number(&mut self, often: usize, from: usize, below: usize) -> String {
        let (wanted, number) = (self.dice.rarely(often), from + self.dice.below(below - from));
        if wanted { number.to_string() } else { String::new() }
    }

    /// Some of them, joined as lists are.
    fn some(&mut self, kind: &str, of: usize, often: usize) -> String {
        let chosen: Vec<usize> = (0..of).filter(|_| self.dice.rarely(often)).collect();
        chosen.into_iter().map(|number| self.id(kind, number)).collect::<Vec<_>>().join("|")
    }

    fn off(&self, rule: Rule) -> bool {
        self.off == Some(rule)
    }

    /// A table that sets a rule.
    fn table_of(&mut self, rule: Rule, file: &'static str, header: &'static str, rows: Vec<String>) {
        let rows = if self.off(rule) { Vec::new() } else { rows };
        self.table(file, header, rows);
    }

    fn table(&mut self, file: &'static str, header: &'static str, rows: Vec<String>) {
        self.tables.push(Table { file, header, rows });
    }
}

/// Writes the school of the seed into the folder.
pub fn write(seed: u64, shape: Shape, dir: &Path) {
    let off = (shape == Shape::Freer).then(|| freed(seed));
    let mut d = Draft { dice: Dice::new(seed), shape, off, tables: Vec::new() };
    let toml = settings_and_tables(&mut d, dir);
    fs::write(dir.join("school.toml"), toml).expect("school.toml");
    let mut order = Dice::new(seed ^ 0x5eed);
    for table in &mut d.tables {
        if shape == Shape::Reordered {
            for at in (1..table.rows.len()).rev() {
                table.rows.swap(at, order.below(at + 1));
            }
        }
        let text = format!("{}\n{}\n", table.header, table.rows.join("\n"));
        fs::write(dir.join(table.file), text).expect("a table");
    }
}

fn settings_and_tables(d: &mut Draft, dir: &Path) -> String {
    let richer = d.shape == Shape::Richer;
    let tiny = d.shape == Shape::Tiny;
    let most = |few: usize, drawn: usize| if tiny { drawn.min(few) } else { drawn };
    let cycle = if d.dice.rarely(12) { 10 } else { 1 + d.dice.below(2) };
    let students = most(3, if d.dice.rarely(15) { 0 } else { 1 + d.dice.below(5) });
    let staff = most(2, if d.dice.rarely(25) { 0 } else { 1 + d.dice.below(3) });
    let places = most(2, if d.dice.rarely(25) { 0 } else { 1 + d.dice.below(3) });
    let (offerings, subjects) = (most(2, 1 + d.dice.below(3)), 1 + d.dice.below(3));
    let sites = if d.dice.rarely(4) { 2 } else { 0 };
    let units = if d.dice.rarely(3) { 2 } else { 0 };
    let coaching = d.dice.rarely(3);
    let day = |number: usize| format!("d{number}");

    let days: Vec<String> = (0..cycle).map(|number| format!("{:?}", day(number))).collect();
    let mut toml = format!("name = \"Odd\"\ndays = [{}]\n", days.join(", "));
    if d.dice.rarely(3) {
        toml += &format!(
            "[weights]\nmust = {}\nshould = {}\ncould = {}\nfairness = {}\nlikes = {}\nstaff_asked = {}\n\
             own_unit = {}\ncoach_kept = {}\n",
            d.dice.below(50),
            d.dice.below(20),
            d.dice.below(5),
            d.dice.below(8),
            d.dice.below(4),
            d.dice.below(4),
            d.dice.below(4),
            d.dice.below(8),
        );
    }
    if coaching {
        let min = d.dice.below(3);
        let by = ["", "group_by = [\"class\"]\n", "group_by = [\"unit\"]\n"][d.dice.below(3)];
        toml += &format!(
            "[coaching]\nmin = {}\nmax = {}\nmeetings = {}\n{by}",
            min.max(1),
            min.max(1) + d.dice.below(4),
            1 + d.dice.below(2)
        );
    }
    if d.dice.rarely(3) {
        let fill = ["study", "none"][d.dice.below(2)];
        toml += &format!("[presence]\nmin_blocks = {{ \"*\" = {} }}\nfill = {fill:?}\n", 1 + d.dice.below(2));
    }
    if units > 0 {
        let own = ["prefer", "require", "ignore"][d.dice.below(3)];
        let own = if own == "require" && d.off(Rule::OwnStaff) { "prefer" } else { own };
        toml += &format!("[units]\nown_staff = {own:?}\n");
    }
    if d.dice.rarely(8) && !d.off(Rule::Reserve) {
        toml += "[reserve]\nstaff_per_block = 1\n";
    }
    if d.dice.rarely(5) {
        let unit = if units > 0 && d.dice.rarely(2) { d.one("u", units) } else { "*".to_owned() };
        let cost = d.dice.below(6);
        if !d.off(Rule::Budget) {
            toml += &format!("[[budget]]\nunit = {unit:?}\ncost = {cost}\n");
        }
    }
    if sites > 0 && d.dice.rarely(2) {
        let (from, to) = (d.id("z", 0), d.id("z", 1));
        let minutes = 10 * d.dice.below(8);
        let minutes = if d.off(Rule::Travel) { 0 } else { minutes };
        toml += &format!("[[travel]]\nfrom = {from:?}\nto = {to:?}\nminutes = {minutes}\n");
    }

    let mut layout = String::from("name = \"odd\"\n");
    let blocks = most(3, 1 + d.dice.below(4));
    let mut taken = Vec::new();
    for number in 0..blocks {
        let on = d.dice.below(cycle);
        let start = 540 + 30 * d.dice.below(6);
        let end = start + [30, 60, 60][d.dice.below(3)];
        let kind = match d.dice.below(8) {
            0 => "homework",
            1 | 2 if coaching => "coaching",
            3 => "zone",
            _ => "lesson",
        };
        let id = d.id("b", number);
        let audience = if d.dice.rarely(8) {
            format!("audience = [\"class:c{}\"]\n", d.dice.below(2))
        } else {
            String::new()
        };
        layout += &format!(
            "[[block]]\nid = {id:?}\ndays = [{:?}]\nstart = \"{:02}:{:02}\"\nend = \"{:02}:{:02}\"\nkind = \
             {kind:?}\n{audience}",
            day(on),
            start / 60,
            start % 60,
            end / 60,
            end % 60
        );
        taken.push(on);
    }
    fs::write(dir.join("layout.toml"), layout).expect("layout.toml");

    let mut rows: Vec<String> = (0..subjects).map(|n| format!("{},", d.id("x", n))).collect();
    rows.push("homework,".to_owned());
    d.table("subjects.csv", "subject,name", rows);

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
            let after = n > 0 && d.dice.rarely(4) && !d.off(Rule::Order);
            let after = if after { d.id("o", n - 1) } else { String::new() };
            let (subjects, kinds) = if homework { ("homework".to_owned(), "homework") } else { (of, "") };
            format!(
                "{},,{subjects},{kinds},{},{},{},{assistants},{},{},{},{after},{},{}",
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
        "offering,name,subjects,kinds,min,max,roles,assistants,per_assistant,tags,online,after,per_day,qualified",
        rows,
    );

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
            format!(
                "{},,{},{qualified},{likes},{unit},{sites},{least},{limits},{}",
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
        "staff,name,roles,subjects,likes,unit,sites,min_blocks,max_blocks,max_per_day,max_in_a_row,cost",
        rows,
    );

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
            rows.push(format!(
                "{},{subject},{},{},{},{}",
                d.id("i", n),
                1 + d.dice.below(2),
                ["must", "should", "could"][d.dice.below(3)],
                d.maybe(5, "x", subjects),
                d.maybe(4, "t", staff)
            ));
        }
    }
    if students > 0 && d.dice.rarely(2) {
        rows.push(format!("all,{},1,must,,", d.one("x", subjects)));
    }
    d.table("needs.csv", "who,subject,sessions,priority,with,staff", rows);
    optional_tables(d, (students, staff, places, offerings, subjects), &taken);
    toml
}

/// The optional files, each in about one school of three.
fn optional_tables(
    d: &mut Draft,
    (students, staff, places, offerings, subjects): (usize, usize, usize, usize, usize),
    taken: &[usize],
) {
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
        d.table_of(Rule::Packages, "packages.csv", "package,name,blocks,roles,people", vec![row]);
    }
}
