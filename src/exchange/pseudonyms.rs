//! A copy of a school in which nobody can be recognised: every id, class, year, unit, site and tag becomes a number
//! of its kind, the same one in every file. Names, notes and comments are left out. Numbers, times and the order of
//! rows stay, so that the copy is as hard to schedule and has the same best total.

use std::collections::HashMap;
use std::path::Path;

use toml::{Table, Value};

use crate::open;
use crate::read::HOMEWORK;
use crate::read::columns::{self, Column, File, Holds, Section};
use crate::read::{named_by_contract, spoken, words};

use super::import::Sheet;
use super::import::store::to_csv;

/// What an id or a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Subject,
    Offering,
    Place,
    Staff,
    Student,
    Package,
    Block,
    Class,
    Year,
    Unit,
    Site,
    Tag,
}

impl Kind {
    fn label(self) -> &'static str {
        match self {
            Kind::Subject => "subject",
            Kind::Offering => "offering",
            Kind::Place => "place",
            Kind::Staff => "staff",
            Kind::Student => "student",
            Kind::Package => "package",
            Kind::Block => "block",
            Kind::Class => "class",
            Kind::Year => "year",
            Kind::Unit => "unit",
            Kind::Site => "site",
            Kind::Tag => "tag",
        }
    }

    /// The kind that stands before a colon, or in the column `kind` of `busy.csv` and `wishes.csv`.
    fn called(label: &str) -> Option<Self> {
        let named = [
            Kind::Class,
            Kind::Year,
            Kind::Unit,
            Kind::Student,
            Kind::Staff,
            Kind::Place,
            Kind::Site,
            Kind::Offering,
            Kind::Package,
            Kind::Block,
        ];
        let meant = words::meant(label, named.into_iter().map(Self::label))?;
        named.into_iter().find(|kind| kind.label() == meant)
    }
}

/// What becomes of the cells of a column.
enum Cells {
    /// One name, or several with `|` between them.
    Of(Kind),
    /// A student, or `class:` and so on with a value; or several.
    Who,
    /// Whatever the column `kind` says.
    ByKind,
    /// They name nobody.
    Kept,
    LeftOut,
}

/// What the column of that name holds.
fn cells(column: &str) -> Cells {
    match column {
        "subject" | "subjects" | "with" => Cells::Of(Kind::Subject),
        "offering" | "likes" | "after" => Cells::Of(Kind::Offering),
        "place" => Cells::Of(Kind::Place),
        "staff" | "coach" | "meets" => Cells::Of(Kind::Staff),
        "student" | "other" => Cells::Of(Kind::Student),
        "package" => Cells::Of(Kind::Package),
        "block" => Cells::Of(Kind::Block),
        "class" => Cells::Of(Kind::Class),
        "year" => Cells::Of(Kind::Year),
        "unit" => Cells::Of(Kind::Unit),
        "site" | "sites" => Cells::Of(Kind::Site),
        "tags" => Cells::Of(Kind::Tag),
        "who" | "audience" => Cells::Who,
        "id" => Cells::ByKind,
        "name" | "note" | "by" => Cells::LeftOut,
        _ => Cells::Kept,
    }
}

/// The files of the copy.
#[derive(Debug)]
pub struct Copy {
    pub files: Vec<(&'static str, String)>,
    /// `kind,id,pseudonym` of everything that got one.
    pub key: String,
    /// Columns and keys that nothing reads, and which were therefore left out.
    pub left_out: Vec<String>,
}

/// Makes the copy of a school whose files `check` accepts.
///
/// # Errors
/// A file cannot be read.
pub fn pseudonymise(dir: &Path, layout: &Path) -> Result<Copy, String> {
    let mut names = Names::default();
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    let days = days(dir)?;
    // First the files that give ids, so that the numbers follow their rows.
    let mut tables = Vec::new();
    for file in columns::FILES {
        let path = dir.join(file.name);
        if open::is_there(&path) {
            let mut sheet = Sheet::read_csv(&path)?;
            sheet.header = named_by_contract(file, &sheet.header);
            if let Some(at) = sheet.column(&[file.columns[0].name])
                && let Cells::Of(kind) = cells(file.columns[0].name)
                && file.columns[0].holds == Holds::Id
            {
                let name = sheet.column(&["name"]);
                for (_, row) in &sheet.rows {
                    let Some(id) = row.get(at) else { continue };
                    let name = name.and_then(|name| row.get(name)).map_or("", String::as_str);
                    names.of(kind, id);
                    if !name.is_empty() && matches!(kind, Kind::Student | Kind::Staff) {
                        let called = names.called.entry((kind, spoken(name)));
                        called.and_modify(|several| *several = None).or_insert(Some(id.to_owned()));
                    }
                }
            }
            tables.push((file, sheet));
        }
    }
    files.push((columns::LAYOUT_TOML, names.layout(&settings(layout)?, &days, &mut left_out)?));
    files.push((
        columns::SCHOOL_TOML,
        names.school(settings(&dir.join(columns::SCHOOL_TOML))?, &mut left_out)?,
    ));
    for (file, sheet) in tables {
        files.push((file.name, names.table(file, &sheet, &mut left_out)?));
    }
    Ok(Copy { files, key: names.key()?, left_out })
}

fn settings(path: &Path) -> Result<Table, String> {
    open::toml(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn days(dir: &Path) -> Result<Vec<String>, String> {
    let school = settings(&dir.join(columns::SCHOOL_TOML))?;
    Ok(school.get("days").map(texts).unwrap_or_default())
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(|text| text.trim().to_owned()).collect()
}

/// Who is called what in the copy.
#[derive(Default)]
struct Names {
    new: HashMap<(Kind, String), String>,
    /// The id that belongs to a name; `None` where several have it.
    called: HashMap<(Kind, String), Option<String>>,
    numbers: HashMap<Kind, usize>,
    /// In the order in which they were met.
    met: Vec<(Kind, String)>,
}

impl Names {
    fn of(&mut self, kind: Kind, old: &str) -> String {
        let old = old.trim();
        let means_something = kind == Kind::Subject && old == HOMEWORK;
        if old.is_empty() || means_something {
            return old.to_owned();
        }
        if let Some(new) = self.new.get(&(kind, old.to_owned())) {
            return new.clone();
        }
        // A person may stand there by name.
        let id = self.called.get(&(kind, spoken(old))).cloned().flatten();
        if let Some(new) = id.and_then(|id| self.new.get(&(kind, id))) {
            return new.clone();
        }
        let new = self.next(kind);
        self.give(kind, old, &new);
        new
    }

    fn next(&mut self, kind: Kind) -> String {
        let number = self.numbers.entry(kind).or_default();
        *number += 1;
        format!("{}-{number}", kind.label())
    }

    fn give(&mut self, kind: Kind, old: &str, new: &str) {
        self.new.insert((kind, old.to_owned()), new.to_owned());
        self.met.push((kind, old.to_owned()));
    }

    fn list(&mut self, kind: Kind, cell: &str) -> String {
        cell.split('|').map(|item| self.of(kind, item)).collect::<Vec<_>>().join("|")
    }

    /// `class:1a` and so on, `all`, or a student.
    fn who(&mut self, cell: &str) -> String {
        let cell = cell.trim();
        // A student's id may have a colon in it.
        if self.new.contains_key(&(Kind::Student, cell.to_owned())) {
            return self.of(Kind::Student, cell);
        }
        if let Some(all) = words::meant(cell, ["all"].into_iter()) {
            return all.to_owned();
        }
        match cell.split_once(':') {
            Some((label, value)) => match Kind::called(label.trim()) {
                Some(kind) => format!("{}:{}", kind.label(), self.of(kind, value)),
                None => self.of(Kind::Student, cell),
            },
            None => self.of(Kind::Student, cell),
        }
    }

    fn table(&mut self, file: &File, sheet: &Sheet, left_out: &mut Vec<String>) -> Result<String, String> {
        let known = |title: &String| file.columns.iter().find(|column| column.name == title);
        for title in sheet.header.iter().filter(|title| !title.is_empty() && known(title).is_none()) {
            left_out.push(format!("{}: column `{title}`", file.name));
        }
        let kept: Vec<(usize, &Column)> = (sheet.header.iter().enumerate())
            .filter_map(|(at, title)| Some((at, known(title)?)))
            .filter(|(_, column)| !matches!(cells(column.name), Cells::LeftOut))
            .collect();
        let kind = sheet.header.iter().position(|title| title == "kind");
        let header: Vec<String> = kept.iter().map(|(_, column)| column.name.to_owned()).collect();
        let mut rows = Vec::new();
        for (_, row) in &sheet.rows {
            let cell = |at: usize| row.get(at).map_or("", String::as_str);
            let kind = kind.and_then(|at| Kind::called(cell(at)));
            let cells = kept.iter().map(|&(at, column)| match cells(column.name) {
                Cells::Of(kind) => self.list(kind, cell(at)),
                Cells::Who => cell(at).split('|').map(|who| self.who(who)).collect::<Vec<_>>().join("|"),
                // Roles and days name nobody.
                Cells::ByKind if file.name.starts_with("wishes") && kind.is_none() => cell(at).to_owned(),
                Cells::ByKind => kind.map_or(String::new(), |kind| self.of(kind, cell(at))),
                // The copy has commas between the cells, so that no decimal mark can be one.
                Cells::Kept | Cells::LeftOut if column.holds == Holds::Amount => cell(at).replace(',', "."),
                Cells::Kept | Cells::LeftOut => cell(at).to_owned(),
            });
            rows.push(cells.collect());
        }
        to_csv(b',', &header, &rows).map_err(|error| error.to_string())
    }

    fn school(&mut self, mut school: Table, left_out: &mut Vec<String>) -> Result<String, String> {
        keep_known(&mut school, &columns::SCHOOL, left_out);
        school.insert("name".to_owned(), "school".into());
        for section in
            [&columns::WEIGHTS, &columns::COACHING, &columns::PRESENCE, &columns::UNITS, &columns::RESERVE]
        {
            if let Some(table) = school.get_mut(section.name).and_then(Value::as_table_mut) {
                keep_known(table, section, left_out);
            }
        }
        if let Some(least) =
            table_in(&mut school, "presence").and_then(|table| table.get_mut("min_blocks")?.as_table_mut())
        {
            *least = std::mem::take(least)
                .into_iter()
                .map(|(who, number)| {
                    (
                        match who.as_str() {
                            "*" => who,
                            group if group.contains(':') => self.who(group),
                            year => self.of(Kind::Year, year),
                        },
                        number,
                    )
                })
                .collect();
        }
        for section in [&columns::BUDGET, &columns::TRAVEL] {
            self.rows(&mut school, section.name, section, left_out);
        }
        if let Some(reserve) = table_in(&mut school, columns::RESERVE.name) {
            self.rows(reserve, "group", &columns::RESERVE_GROUP, left_out);
        }
        toml::to_string(&school).map_err(|error| error.to_string())
    }

    /// The tables of an array, whose keys name people and groups as columns do.
    fn rows(&mut self, table: &mut Table, key: &str, section: &Section, left_out: &mut Vec<String>) {
        let rows = table.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
        for row in rows.filter_map(Value::as_table_mut) {
            keep_known(row, section, left_out);
            for (key, value) in row.iter_mut() {
                each_text(value, |text| match (key.as_str(), cells(key)) {
                    ("from" | "to", _) => *text = self.of(Kind::Site, text),
                    ("covers", _) if !text.trim_start().starts_with("staff") => {}
                    ("covers", _) | (_, Cells::Who) => *text = self.who(text),
                    (_, Cells::Of(kind)) if text != "*" => *text = self.of(kind, text),
                    _ => {}
                });
            }
        }
    }

    fn layout(
        &mut self,
        layout: &Table,
        days: &[String],
        left_out: &mut Vec<String>,
    ) -> Result<String, String> {
        let mut layout = layout.clone();
        keep_known(&mut layout, &columns::LAYOUT, left_out);
        layout.insert("name".to_owned(), "layout".into());
        let blocks = layout.get_mut("block").and_then(Value::as_array_mut);
        for block in blocks.into_iter().flatten().filter_map(Value::as_table_mut) {
            keep_known(block, &columns::BLOCK, left_out);
            // Two blocks may have one pattern on different days.
            let own = block.get("days").map_or_else(|| days.to_vec(), texts);
            if let Some(Value::String(id)) = block.get_mut("id") {
                let old = id.trim().to_owned();
                *id = self.next(Kind::Block);
                if old.contains("{day}") {
                    *id = format!("{{day}}-{id}");
                    for day in &own {
                        self.give(Kind::Block, &old.replace("{day}", day), &id.replace("{day}", day));
                    }
                } else {
                    self.give(Kind::Block, &old, id);
                }
            }
            let audience = block.get_mut("audience").and_then(Value::as_array_mut);
            for entry in audience.into_iter().flatten() {
                if let Value::String(who) = entry {
                    *who = self.who(who);
                }
            }
        }
        toml::to_string(&layout).map_err(|error| error.to_string())
    }

    fn key(&self) -> Result<String, String> {
        let row = |(kind, old): &(Kind, String)| {
            let new = self.new.get(&(*kind, old.clone())).cloned().unwrap_or_default();
            vec![kind.label().to_owned(), old.clone(), new]
        };
        let header = ["kind", "id", "pseudonym"].map(str::to_owned);
        to_csv(b',', &header, &self.met.iter().map(row).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    }
}

/// A text, or each of a list.
fn each_text(value: &mut Value, mut change: impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| {
            if let Value::String(text) = item {
                change(text);
            }
        }),
        _ => {}
    }
}

fn table_in<'t>(table: &'t mut Table, key: &str) -> Option<&'t mut Table> {
    table.get_mut(key)?.as_table_mut()
}

/// Takes out what nothing reads, which may say anything.
fn keep_known(table: &mut Table, section: &Section, left_out: &mut Vec<String>) {
    let known = |key: &str| section.keys.iter().any(|column| column.name == key);
    let place = if section.name.is_empty() { String::new() } else { format!(" [{}]", section.name) };
    for key in table.keys().filter(|key| !known(key)) {
        left_out.push(format!("{}{place}: `{key}`", section.file));
    }
    table.retain(|key, _| known(key));
}
