//! JSON Schemas of the TOML files, made from the one table of [`columns`](super::columns): editors that know
//! them complete and check while typing. What refers to other rows only the reader can judge.

use serde_json::{Map, Value, json};

use super::columns::{Column, FILES, Holds, LAYOUT, REPEATED, SCHOOL, Section};
use crate::school::{Kind, Language};

/// The dialect that they are written in.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schemas by name.
pub fn all() -> [(&'static str, Value); 3] {
    [("school", file(&SCHOOL)), ("layout", file(&LAYOUT)), ("scenario", scenario())]
}

fn file(section: &Section) -> Value {
    let mut schema = table(section, true);
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!(section.file);
    schema
}

/// Settings of a file as a change names them: those that are rows have changes of their own.
fn settings(section: &Section) -> Value {
    let mut schema = table(section, false);
    if let Some(keys) = schema["properties"].as_object_mut() {
        keys.retain(|key, _| REPEATED.iter().all(|repeated| repeated.name != key));
    }
    schema
}

/// One table; `whole`: with the keys that it must have.
fn table(section: &Section, whole: bool) -> Value {
    let keys = section.keys.iter().map(|column| (column.name.to_owned(), key(section, column, whole)));
    let mut schema = json!({
        "type": "object",
        "properties": keys.collect::<Map<_, _>>(),
        "additionalProperties": false,
    });
    let required: Vec<&str> =
        section.keys.iter().filter(|column| column.required).map(|column| column.name).collect();
    if whole && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn key(section: &Section, column: &Column, whole: bool) -> Value {
    let mut schema = match (section.name, column.name) {
        ("presence", "min_blocks") => {
            json!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } })
        }
        ("block", "kind") => json!({ "enum": Kind::ALL.map(Kind::label) }),
        ("", "language") => json!({ "enum": Language::ALL.map(Language::code) }),
        ("units", "own_staff" | "own_places") => json!({ "enum": ["prefer", "require", "ignore"] }),
        ("presence", "fill") => json!({ "enum": ["study", "none"] }),
        _ => match column.holds {
            Holds::Id | Holds::Word | Holds::Text => json!({ "type": "string" }),
            Holds::Words => json!({ "type": "array", "items": { "type": "string" } }),
            Holds::Count => json!({ "type": "integer", "minimum": 0 }),
            Holds::Amount => json!({ "type": "number", "minimum": 0 }),
            Holds::Time => json!({ "type": "string", "pattern": "^([01]?[0-9]|2[0-4]):[0-5][0-9]$" }),
            Holds::Flag => json!({ "type": "boolean" }),
            Holds::Table => inner(section, column.name, whole),
        },
    };
    schema["description"] = json!(column.about);
    if !column.default.is_empty() {
        schema["description"] = json!(format!("{}; if left out: {}", column.about, column.default));
    }
    schema
}

/// The table that a key holds, or the tables.
fn inner(outer: &Section, name: &str, whole: bool) -> Value {
    match outer.inner(name) {
        Some(section) if section.repeats() => {
            json!({ "type": "array", "items": table(section, whole) })
        }
        Some(section) => table(section, whole),
        None => json!({ "type": "object" }),
    }
}

/// A table whose rows a scenario may change.
struct Rows {
    name: &'static str,
    columns: &'static [Column],
    /// The table of a TOML file; the others are CSV, where every cell may be a text.
    section: Option<&'static Section>,
}

impl Rows {
    fn all() -> impl Iterator<Item = Rows> {
        let name = |file: &'static str| file.trim_end_matches(".csv");
        let files = FILES.iter().map(move |file| Rows {
            name: name(file.name),
            columns: file.columns,
            section: None,
        });
        let sections = REPEATED.iter();
        files.chain(sections.map(|&section| Rows {
            name: section.name,
            columns: section.keys,
            section: Some(section),
        }))
    }

    /// Whether an id names a row.
    fn has_ids(&self) -> bool {
        self.columns.first().is_some_and(|column| column.holds == Holds::Id)
    }

    /// A row, or part of one.
    fn cells(&self) -> Value {
        let cell = |column: &Column| {
            let schema = match self.section {
                Some(section) => key(section, column, false),
                None => cell(column),
            };
            (column.name.to_owned(), schema)
        };
        json!({
            "type": "object",
            "properties": self.columns.iter().map(cell).collect::<Map<_, _>>(),
            "additionalProperties": false,
        })
    }

    /// Cells by which rows are found.
    fn which(&self) -> Value {
        let mut schema = self.cells();
        schema["minProperties"] = json!(1);
        schema
    }

    fn set(&self) -> Value {
        let mut row = self.cells();
        row["properties"]["where"] = self.which();
        row["required"] = json!(["where"]);
        let by_where = json!({ "type": "array", "items": row });
        if !self.has_ids() {
            return by_where;
        }
        json!({ "anyOf": [{ "type": "object", "additionalProperties": self.cells() }, by_where] })
    }

    fn add(&self) -> Value {
        let mut row = self.cells();
        let required = self.columns.iter().filter(|column| column.required).map(|column| column.name);
        row["required"] = required.collect();
        json!({ "anyOf": [row, { "type": "array", "items": row }] })
    }

    fn remove(&self) -> Value {
        let which = match self.has_ids() {
            true => json!({ "anyOf": [{ "type": "string" }, self.which()] }),
            false => self.which(),
        };
        json!({ "anyOf": [{ "const": "all" }, { "type": "array", "items": which }] })
    }
}

/// A cell of a CSV file, as a text or as what it says.
fn cell(column: &Column) -> Value {
    let text = json!({ "type": "string" });
    let or = |said: Value| json!({ "anyOf": [text, said] });
    let mut schema = match column.holds {
        Holds::Id | Holds::Word | Holds::Text | Holds::Table => {
            json!({ "type": ["string", "number", "boolean"] })
        }
        Holds::Words => json!({ "anyOf": [
            { "type": ["string", "number"] },
            { "type": "array", "items": { "type": ["string", "number"] } },
        ] }),
        Holds::Count => or(json!({ "type": "integer", "minimum": 0 })),
        Holds::Amount => or(json!({ "type": "number", "minimum": 0 })),
        Holds::Time => text,
        Holds::Flag => or(json!({ "type": "boolean" })),
    };
    schema["description"] = json!(column.about);
    schema
}

/// A scenario: what is set, added and removed, by table.
fn scenario() -> Value {
    let by_table = |verb: &dyn Fn(&Rows) -> Value| {
        Rows::all().map(|rows| (rows.name.to_owned(), verb(&rows))).collect::<Map<_, _>>()
    };
    let (mut set, mut remove) = (by_table(&Rows::set), by_table(&Rows::remove));
    for section in [&SCHOOL, &LAYOUT] {
        let name = section.file.trim_end_matches(".toml").to_owned();
        set.insert(name.clone(), settings(section));
        remove.insert(name, json!({ "type": "array", "items": { "type": "string" } }));
    }
    let verb = |properties: Map<String, Value>| json!({ "type": "object", "properties": properties, "additionalProperties": false });
    json!({
        "$schema": DRAFT,
        "title": "scenario",
        "type": "object",
        "properties": {
            "name": { "type": "string", "description": "what the scenario is about" },
            "set": verb(set),
            "add": verb(by_table(&Rows::add)),
            "remove": verb(remove),
        },
        "additionalProperties": false,
    })
}
