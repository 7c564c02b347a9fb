//! `region.toml`, the pool and the bids, with every problem at its place. What is read stands in the order of ids, so
//! that the order of rows and schools changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::limits;
use crate::open;
use crate::read::spoken;
use crate::read::tabular::{
    File, Keys, Problem, Problems, Row, Source, Table, duplicate, nearest, parse_toml, value,
};
use crate::school::{Kind, Role, Roles};

use super::columns::{self, REGION_TOML};

/// Two times of one day meet.
pub type Interval = (u16, u16);

#[derive(Debug, Default)]
pub struct Region {
    pub name: String,
    pub fund: Fund,
    /// Value of one point of a wish, and loss on one unit of money.
    pub wishes: f64,
    pub cost: f64,
    /// In the order of their ids, as all lists here.
    pub schools: Vec<Member>,
    pub travel: BTreeMap<(String, String), u32>,
    pub reserves: Vec<Reserve>,
    pub pool: Vec<Person>,
}

#[derive(Debug, Default)]
pub struct Fund {
    pub name: String,
    pub budget: Option<f64>,
    /// Part of each block's cost that it pays.
    pub share: f64,
}

/// A school of the region.
#[derive(Debug, Default)]
pub struct Member {
    pub id: String,
    pub board: String,
    /// Folder of its bids.
    pub bid: PathBuf,
    pub site: String,
    pub min_blocks: u32,
    pub max_blocks: Option<u32>,
    pub budget: Option<f64>,
    /// What ran, for the settlement.
    pub ran: Vec<PathBuf>,
    /// From its bids.
    pub blocks: Vec<Block>,
    pub cells: Vec<Cell>,
    pub given: Vec<Given>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub id: String,
    pub day: String,
    pub time: Interval,
}

/// What further people with these qualifications would be worth in one block.
#[derive(Clone, Debug)]
pub struct Cell {
    pub subjects: Vec<String>,
    pub roles: Roles,
    pub site: String,
    pub block: String,
    pub day: String,
    pub time: Interval,
    /// Subjects of the needs that it is for, and what all blocks for these are worth together.
    pub needs: String,
    pub week: Option<f64>,
    /// Of the first further person, the second, ...; each at most the one before.
    pub values: Vec<f64>,
}

/// A block given in an earlier round, and whether the school uses it.
#[derive(Debug)]
pub struct Given {
    pub staff: String,
    pub block: String,
    pub used: bool,
}

#[derive(Debug, Default)]
pub struct Reserve {
    pub people: u32,
    pub site: Option<String>,
    pub subjects: Vec<String>,
    pub roles: Roles,
}

impl Reserve {
    pub fn takes(&self, person: &Person) -> bool {
        (self.subjects.is_empty() || self.subjects.iter().any(|subject| person.subjects.contains(subject)))
            && (self.roles.is_empty() || self.roles.intersects(person.roles))
            && self.site.as_ref().is_none_or(|site| person.works_at(site))
    }

    /// Whom it asks for, in few words.
    pub fn told(&self) -> String {
        let mut told = Vec::new();
        told.extend(self.site.clone());
        told.extend((!self.subjects.is_empty()).then(|| self.subjects.join("|")));
        told.extend((!self.roles.is_empty()).then(|| role_cell(self.roles)));
        if told.is_empty() { "anybody".to_owned() } else { told.join(", ") }
    }
}

/// Somebody of the pool.
#[derive(Debug, Default)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub roles: Roles,
    pub subjects: Vec<String>,
    pub sites: Vec<String>,
    pub schools: Vec<String>,
    pub employer: String,
    pub min_blocks: u32,
    pub max_blocks: Option<u32>,
    pub max_per_day: Option<u32>,
    pub max_in_a_row: Option<u32>,
    pub max_days: Option<u32>,
    pub max_schools_a_day: u32,
    pub cost: f64,
    pub busy: Vec<(String, Interval)>,
    /// Kind (`school` or `day`), id, value.
    pub wishes: Vec<(&'static str, String, f64)>,
}

impl Person {
    pub fn works_at(&self, site: &str) -> bool {
        self.sites.is_empty() || self.sites.iter().any(|own| own == site)
    }

    pub fn is_free(&self, day: &str, time: Interval) -> bool {
        !self.busy.iter().any(|(other, busy)| other == day && meet(*busy, time))
    }

    /// Whether the person has the qualifications of the bid and works there.
    pub fn fits(&self, school: &Member, cell: &Cell) -> bool {
        (self.schools.is_empty() || self.schools.contains(&school.id))
            && self.works_at(&cell.site)
            && self.roles.intersects(cell.roles)
            && cell.subjects.iter().all(|subject| self.subjects.contains(subject))
    }

    /// What the wishes say of a block at the school on the day.
    pub fn wish(&self, school: &str, day: &str) -> f64 {
        let of = |(kind, id, value): &(&str, String, f64)| match *kind {
            "school" if id == school => *value,
            "day" if id == day => *value,
            _ => 0.0,
        };
        self.wishes.iter().map(of).sum()
    }
}

/// A day, a site and a time of that day.
pub type At<'a> = (&'a str, &'a str, Interval);

pub fn meet(a: Interval, b: Interval) -> bool {
    a.0 < b.1 && b.0 < a.1
}

pub fn role_cell(roles: Roles) -> String {
    roles.iter().map(Role::label).collect::<Vec<_>>().join("|")
}

impl Region {
    /// Minutes between two sites.
    pub fn minutes(&self, from: &str, to: &str) -> u32 {
        self.travel.get(&pair(from, to)).copied().unwrap_or(0)
    }

    pub fn school(&self, id: &str) -> Option<usize> {
        self.schools.binary_search_by(|school| school.id.as_str().cmp(id)).ok()
    }

    pub fn person(&self, id: &str) -> Option<usize> {
        self.pool.binary_search_by(|person| person.id.as_str().cmp(id)).ok()
    }

    /// Whether nobody can be at both: they meet, or travel between them takes longer than there is.
    pub fn clash(&self, a: At, b: At) -> bool {
        let minutes = if a.1 == b.1 { 0 } else { self.minutes(a.1, b.1) };
        let after = |first: Interval, then: Interval| u32::from(first.1) + minutes <= u32::from(then.0);
        a.0 == b.0 && !after(a.2, b.2) && !after(b.2, a.2)
    }

    /// Who of the pool the row names; anybody else is a problem.
    pub(super) fn person_of(&self, row: &Row, problems: &mut Problems) -> Option<usize> {
        let id = row.required("staff", problems)?;
        let found = self.person(id);
        if found.is_none() {
            let known = self.pool.iter().map(|person| person.id.as_str());
            row.report("staff", unknown("staff", id, known, columns::POOL_STAFF.name), problems);
        }
        found
    }

    /// Which school the row names; any other is a problem.
    pub(super) fn school_of(&self, row: &Row, problems: &mut Problems) -> Option<usize> {
        let id = row.required("school", problems)?;
        let found = self.school(id);
        if found.is_none() {
            let known = self.schools.iter().map(|school| school.id.as_str());
            row.report("school", unknown("school", id, known, REGION_TOML), problems);
        }
        found
    }

    /// Every day label of the schools.
    fn days(&self) -> BTreeSet<&str> {
        self.schools.iter().flat_map(|school| &school.blocks).map(|block| block.day.as_str()).collect()
    }

    /// Reads region.toml and the pool.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(dir: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut region = settings(dir, &mut problems);
        region.read_pool(dir, &mut problems);
        finish(region, problems)
    }

    /// The same with the bids of the round.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn with_bids(dir: &Path, round: u32) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut region = settings(dir, &mut problems);
        for school in &mut region.schools {
            school.read_bids(round, &mut problems);
        }
        region.read_pool(dir, &mut problems);
        finish(region, problems)
    }

    /// The same without the pool, for those who have nothing to do with it.
    ///
    /// # Errors
    /// What is wrong with region.toml.
    pub fn schools_only(dir: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let region = settings(dir, &mut problems);
        finish(region, problems)
    }
}

pub(super) fn finish<T>(found: T, problems: Problems) -> Result<T, Vec<Problem>> {
    if problems.error_count() == 0 { Ok(found) } else { Err(problems.into_list()) }
}

fn pair(from: &str, to: &str) -> (String, String) {
    let (a, b) = if from <= to { (from, to) } else { (to, from) };
    (a.to_owned(), b.to_owned())
}

fn settings(dir: &Path, problems: &mut Problems) -> Region {
    let mut region = Region { wishes: 1.0, ..Region::default() };
    region.fund.name = "fund".to_owned();
    let path = dir.join(REGION_TOML);
    if !open::is_there(&path) {
        problems.push(
            missing(&path)
                .expected("the schools of the region, travel between them and what was agreed")
                .help("start it with `name = \"…\"` and a `[[school]]` for each; docs/region.md has a whole one"),
        );
        return region;
    }
    let name = path.display().to_string();
    let Some(source) = Source::load(&path, &name, limits::SETTINGS, problems) else { return region };
    let document = parse_toml(&source, problems);
    let keys = Keys::new(&source, &columns::REGION, document.get_ref(), 0..0, problems);
    region.name = keys.text("name", problems).unwrap_or_default().to_owned();
    if let Some(keys) = keys.section(&columns::FUND, problems) {
        region.fund.name = keys.text("name", problems).unwrap_or("fund").to_owned();
        region.fund.budget = keys.amount("budget", problems);
        region.fund.share = keys.amount("share", problems).unwrap_or(0.0);
        if region.fund.share > 1.0 {
            let problem =
                Problem::error("share-above-1", format!("the share {} is above 1", region.fund.share))
                    .found(format!("`{}`", region.fund.share))
                    .expected("a part of the cost, 0 to 1")
                    .help(format!("write {} for {} %", region.fund.share / 100.0, region.fund.share));
            keys.report("share", problem, problems);
        }
    }
    if let Some(keys) = keys.section(&columns::WEIGHTS, problems) {
        region.wishes = keys.amount("wishes", problems).unwrap_or(1.0);
        region.cost = keys.amount("cost", problems).unwrap_or(0.0);
    }
    read_schools(dir, &mut region, &keys, problems);
    for keys in keys.sections(&columns::TRAVEL, problems) {
        let (from, to) = (keys.text("from", problems), keys.text("to", problems));
        let minutes = keys.count("minutes", problems);
        let (Some(from), Some(to), Some(minutes)) = (from, to, minutes) else { continue };
        let before = region.travel.insert(pair(from, to), minutes);
        if let Some(before) = before.filter(|&before| before != minutes) {
            let message = format!("travel between `{from}` and `{to}` takes {before} and {minutes} minutes");
            let problem = Problem::error("travel-twice", message)
                .found(format!("{minutes} minutes, and {before} in a table above"))
                .expected("one `[[travel]]` for two sites: it counts both ways")
                .help("take one of the two tables out");
            keys.report("minutes", problem, problems);
        }
    }
    for keys in keys.sections(&columns::RESERVE, problems) {
        let words = |key: &str, problems: &mut Problems| keys.words(key, problems).unwrap_or_default();
        let mut roles = Roles::default();
        for (word, span) in words("roles", problems) {
            let role = value::word("role", &word, &Role::ALL.map(|role| (role.label(), role)));
            keys.checked("roles", span, role, problems).into_iter().for_each(|role| roles.insert(role));
        }
        region.reserves.push(Reserve {
            people: keys.count("people", problems).unwrap_or(0),
            site: keys.text("site", problems).map(str::to_owned),
            subjects: words("subjects", problems).into_iter().map(|(subject, _)| subject).collect(),
            roles,
        });
    }
    region
}

fn read_schools(dir: &Path, region: &mut Region, keys: &Keys, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for keys in keys.sections(&columns::SCHOOL, problems) {
        let (id, board) = (keys.text("school", problems), keys.text("board", problems));
        let mut text = |key: &str, default: &str| keys.text(key, problems).unwrap_or(default).to_owned();
        let (bid, site) = (text("bid", id.unwrap_or_default()), text("site", id.unwrap_or_default()));
        let ran = keys.words("ran", problems).unwrap_or_default();
        let member = Member {
            id: id.unwrap_or_default().to_owned(),
            board: board.unwrap_or_default().to_owned(),
            bid: dir.join(bid),
            site,
            min_blocks: keys.count("min_blocks", problems).unwrap_or(0),
            max_blocks: keys.count("max_blocks", problems),
            budget: keys.amount("budget", problems),
            ran: ran.into_iter().map(|(path, _)| dir.join(path)).collect(),
            ..Member::default()
        };
        let Some(id) = id else { continue };
        let is_name = id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) && !id.starts_with('.');
        if !is_name {
            let problem = Problem::error("unusable-id", format!("`{id}` cannot be the name of a file"))
                .found(format!("`{id}`"))
                .expected("letters, digits, `-` and `_`")
                .help("give the school a short id, here and in its bids (`region bid --school`)");
            keys.report("school", problem, problems);
        }
        if let Some(max) = member.max_blocks
            && let Err(problem) = value::check_range(("min_blocks", member.min_blocks), ("max_blocks", max))
        {
            keys.report("max_blocks", problem, problems);
        }
        if !seen.insert(id.to_owned()) {
            let problem = Problem::error("duplicate-id", format!("school `{id}` stands here a second time"))
                .found(format!("`{id}`"))
                .expected("a `[[school]]` for each school")
                .help("give one of the two another id, or take one out");
            keys.report("school", problem, problems);
            continue;
        }
        region.schools.push(member);
    }
    region.schools.sort_by(|a, b| a.id.cmp(&b.id));
}

/// The table, if it is there; a problem if it must be.
pub(super) fn table(dir: &Path, file: &'static File, problems: &mut Problems) -> Option<Table> {
    let path = dir.join(file.name);
    if !file.required && !open::is_there(&path) {
        return None;
    }
    let help = match file.name {
        "bid.csv" | "blocks.csv" => {
            format!("ask the school for its bids: `leerzone region bid SCHOOL --out {}`", dir.display())
        }
        _ => {
            let names: Vec<&str> = file.columns.iter().map(|column| column.name).collect();
            format!("start it with the header `{}`", names.join(","))
        }
    };
    opened(&path, file, &help, problems)
}

/// The table; a problem if it is not there, with how to mend that.
pub(super) fn opened(path: &Path, file: &'static File, help: &str, problems: &mut Problems) -> Option<Table> {
    if open::is_there(path) {
        return Table::open_at(path, file, problems);
    }
    problems.push(missing(path).expected(file.holds).help(help));
    None
}

fn missing(path: &Path) -> Problem {
    let shown = path.display().to_string();
    Problem::error("missing-file", format!("`{shown}` is missing")).file(shown).found("no such file")
}

/// The items of a list, as they are.
pub(super) fn list(row: &Row, column: &str, problems: &mut Problems) -> Vec<String> {
    row.items(column, problems).into_iter().map(|(_, item)| item.to_owned()).collect()
}

pub(super) fn roles(row: &Row, problems: &mut Problems) -> Roles {
    let words = row.words("roles", &Role::ALL.map(|role| (role.label(), role)), problems);
    words.unwrap_or_default().into_iter().collect()
}

/// Start and end, which must be there.
pub(super) fn interval(row: &Row, problems: &mut Problems) -> Option<Interval> {
    row.required("start", problems);
    row.required("end", problems);
    let (start, end) = (row.time("start", problems)?, row.time("end", problems)?);
    if let Err(problem) = value::check_interval(start, end) {
        row.report("end", problem, problems);
        return None;
    }
    Some((start, end))
}

/// Reports a name that is none of those known.
pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    home: &str,
) -> Problem {
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add `{name}` to {home}, or correct it here"),
    };
    Problem::error("unknown-id", format!("unknown {what} `{name}`"))
        .found(format!("`{name}`"))
        .expected(format!("a {what} of {home}"))
        .help(help)
}

impl Member {
    fn read_bids(&mut self, round: u32, problems: &mut Problems) {
        let dir = self.bid.clone();
        if let Some(table) = table(&dir, &columns::BLOCKS, problems) {
            table.each_row(problems, |row, problems| {
                self.is_mine(row, problems);
                let (id, day) = (row.required("block", problems), row.required("day", problems));
                row.required_word("kind", &Kind::ALL.map(|kind| (kind.label(), kind)), problems);
                let time = interval(row, problems);
                let (Some(id), Some(day), Some(time)) = (id, day, time) else { return };
                if self.block(id).is_some() {
                    row.report("block", duplicate("block", id, row.line()), problems);
                    return;
                }
                self.blocks.push(Block { id: id.to_owned(), day: day.to_owned(), time });
            });
        }
        let mut steps: BTreeMap<_, BTreeMap<u32, f64>> = BTreeMap::new();
        let mut cells = BTreeMap::new();
        if let Some(table) = table(&dir, &columns::BID, problems) {
            table.each_row(problems, |row, problems| {
                let Some((step, amount, cell)) = self.bid_row(row, round, problems) else { return };
                let key = (
                    cell.subjects.clone(),
                    role_cell(cell.roles),
                    cell.site.clone(),
                    cell.block.clone(),
                    cell.needs.clone(),
                );
                if steps.entry(key.clone()).or_default().insert(step, amount).is_some() {
                    row.report("step", duplicate("step", &step.to_string(), row.line()), problems);
                }
                cells.entry(key).or_insert(cell);
            });
        }
        for (key, mut cell) in cells {
            // Further people are worth at most what the one before is: the staircase falls.
            let mut most = f64::INFINITY;
            for value in steps.remove(&key).unwrap_or_default().into_values() {
                most = value.min(most);
                cell.values.push(most);
            }
            self.cells.push(cell);
        }
        self.blocks.sort_by(|a, b| (&a.day, a.time, &a.id).cmp(&(&b.day, b.time, &b.id)));
        if let Some(table) = table(&dir, &columns::GIVEN, problems) {
            table.each_row(problems, |row, problems| {
                self.is_mine(row, problems);
                let (staff, block) = (row.required("staff", problems), row.required("block", problems));
                let used = row.flag("used", problems);
                if let (Some(staff), Some(block), Some(used)) = (staff, block, used) {
                    self.given.push(Given { staff: staff.to_owned(), block: block.to_owned(), used });
                }
            });
        }
    }

    pub fn block(&self, id: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.id == id)
    }

    fn is_mine(&self, row: &Row, problems: &mut Problems) {
        let school = row.required("school", problems);
        if let Some(other) = school.filter(|&school| school != self.id) {
            let problem = Problem::error("other-school", format!("a row of the school `{other}`"))
                .found(format!("`{other}`"))
                .expected(format!("`{}`, whose folder this is", self.id))
                .help(format!("bid with `--school {}`, or correct `bid` in {REGION_TOML}", self.id));
            row.report("school", problem, problems);
        }
    }

    fn bid_row(&self, row: &Row, round: u32, problems: &mut Problems) -> Option<(u32, f64, Cell)> {
        self.is_mine(row, problems);
        row.required("roles", problems);
        row.required("value", problems);
        let of = row.count("round", problems).unwrap_or(1);
        if of != round {
            let problem = Problem::error("other-round", format!("a bid of round {of}"))
                .found(format!("`{of}`"))
                .expected(format!("`{round}`, the round that is shared now"))
                .help(format!("bid again with `--round {round}`, or share with `--round {of}`"));
            row.report("round", problem, problems);
        }
        let step = row.required_count("step", problems).filter(|_| row.positive("step", problems).is_some());
        let (block, day) = (row.required("block", problems), row.required("day", problems));
        let time = interval(row, problems);
        let (block, day, time) = (block?, day?, time?);
        let known = self.block(block);
        if known.is_none_or(|known| known.day != day || known.time != time) {
            let problem = match known {
                None => {
                    unknown("block", block, self.blocks.iter().map(|block| block.id.as_str()), "blocks.csv")
                }
                Some(_) => {
                    Problem::error("other-time", format!("`{block}` is at another time in blocks.csv"))
                        .found("another day, start or end")
                        .expected("the same as in blocks.csv")
                        .help("make both files anew with `leerzone region bid`")
                }
            };
            row.report("block", problem, problems);
        }
        let mut subjects = list(row, "subjects", problems);
        subjects.sort();
        let cell = Cell {
            subjects,
            roles: roles(row, problems),
            site: row.text("site").unwrap_or(&self.site).to_owned(),
            block: block.to_owned(),
            day: day.to_owned(),
            time,
            needs: row.text("needs").unwrap_or_default().to_owned(),
            week: row.amount("week", problems),
            values: Vec::new(),
        };
        Some((step?, row.amount("value", problems)?, cell))
    }
}

impl Region {
    fn read_pool(&mut self, dir: &Path, problems: &mut Problems) {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        if let Some(table) = table(dir, &columns::POOL_STAFF, problems) {
            let mut pool = Vec::new();
            table.each_row(problems, |row, problems| {
                let Some(person) = self.person_row(row, problems) else { return };
                if let Some(line) = lines.insert(spoken(&person.id), row.line()) {
                    row.report("staff", duplicate("staff", &person.id, line), problems);
                    return;
                }
                pool.push(person);
            });
            self.pool = pool;
        }
        self.pool.sort_by(|a, b| a.id.cmp(&b.id));
        let days: BTreeSet<String> = self.days().into_iter().map(str::to_owned).collect();
        // Without bids nobody knows the days.
        let is_day = |day: &str| days.is_empty() || days.contains(day);
        let ids: Vec<String> = self.pool.iter().map(|person| person.id.clone()).collect();
        let schools: Vec<String> = self.schools.iter().map(|school| school.id.clone()).collect();
        let find = |row: &Row, column: &str, problems: &mut Problems| {
            let id = row.required(column, problems)?;
            let found = ids.iter().position(|known| known == id);
            if found.is_none() && !ids.is_empty() {
                let problem = unknown("staff", id, ids.iter().map(String::as_str), "pool/staff.csv");
                row.report(column, problem, problems);
            }
            found
        };
        let day = |row: &Row, column: &str, problems: &mut Problems| {
            let day = row.required(column, problems)?;
            if !is_day(day) {
                let problem = unknown("day", day, days.iter().map(String::as_str), "the schools' blocks.csv");
                row.report(column, problem, problems);
            }
            Some(day.to_owned())
        };
        if let Some(table) = table(dir, &columns::POOL_BUSY, problems) {
            table.each_row(problems, |row, problems| {
                row.word("kind", &[("staff", ())], problems);
                let who = find(row, "id", problems);
                let day = day(row, "day", problems);
                let time = match (row.text("start"), row.text("end")) {
                    (None, None) => Some((0, u16::MAX)),
                    _ => interval(row, problems),
                };
                if let (Some(who), Some(day), Some(time)) = (who, day, time) {
                    self.pool[who].busy.push((day, time));
                }
            });
        }
        if let Some(table) = table(dir, &columns::POOL_WISHES, problems) {
            let values =
                ["-3", "-2", "-1", "1", "2", "3"].map(|text| (text, text.parse::<f64>().unwrap_or(0.0)));
            table.each_row(problems, |row, problems| {
                let who = find(row, "staff", problems);
                let kind = row.required_word("kind", &[("school", "school"), ("day", "day")], problems);
                let value = row.required_word("value", &values, problems);
                let id = match kind {
                    Some("day") => day(row, "id", problems),
                    _ => row.required("id", problems).map(|id| {
                        if !schools.iter().any(|school| school == id) {
                            let problem =
                                unknown("school", id, schools.iter().map(String::as_str), REGION_TOML);
                            row.report("id", problem, problems);
                        }
                        id.to_owned()
                    }),
                };
                if let (Some(who), Some(kind), Some(id), Some(value)) = (who, kind, id, value) {
                    self.pool[who].wishes.push((kind, id, value));
                }
            });
        }
    }

    fn person_row(&self, row: &Row, problems: &mut Problems) -> Option<Person> {
        let id = row.required("staff", problems);
        let employer = row.required("employer", problems);
        row.required("roles", problems);
        let schools = row.items("schools", problems);
        for &(index, school) in &schools {
            if self.school(school).is_none() {
                let known = self.schools.iter().map(|school| school.id.as_str());
                row.report_item("schools", index, unknown("school", school, known, REGION_TOML), problems);
            }
        }
        Some(Person {
            id: id?.to_owned(),
            name: row.text("name").or(id)?.to_owned(),
            roles: roles(row, problems),
            subjects: list(row, "subjects", problems),
            sites: list(row, "sites", problems),
            schools: schools.into_iter().map(|(_, school)| school.to_owned()).collect(),
            employer: employer?.to_owned(),
            min_blocks: row.count("min_blocks", problems).unwrap_or(0),
            max_blocks: row.count("max_blocks", problems),
            max_per_day: row.count("max_per_day", problems),
            max_in_a_row: row.count("max_in_a_row", problems),
            max_days: row.count("max_days", problems),
            max_schools_a_day: row.count("max_schools_a_day", problems).unwrap_or(1),
            cost: row.amount("cost", problems).unwrap_or(0.0),
            busy: Vec::new(),
            wishes: Vec::new(),
        })
    }
}
