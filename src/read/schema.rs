//! JSON Schemas of the TOML files, made from the one table of [`columns`](super::columns): editors that know
//! them complete and check while typing. What refers to other rows only the reader can judge.

use serde_json::{Map, Value, json};

use super::columns::{BLOCK, BUDGET, Column, FILES, Holds, LAYOUT, SCHOOL, SECTIONS, Section, TRAVEL};
use crate::school::{Kind, Language};

/// The dialect that they are written in.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Tables of which a file may have several.
const REPEATED: [&Section; 3] = [&BLOCK, &BUDGET, &TRAVEL];

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
        ("units", "own_staff") => json!({ "enum": ["prefer", "require", "ignore"] }),
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
    let found = SECTIONS.iter().find(|section| section.file == outer.file && section.name == name);
    match found {
        Some(section) if REPEATED.iter().any(|repeated| repeated.name == name) => {
            json!({ "type": "array", "items": table(section, whole) })
        }
        Some(section) => table(section, whole),
        None => json!({ "type": "object" }),
    }
}

/// A scenario: what is set, added and removed, by table.
fn scenario() -> Value {
    let files = FILES.iter().map(|file| (file.name.trim_end_matches(".csv"), file.columns, file.open));
    let repeated = REPEATED.iter().map(|section| (section.name, section.keys, false));
    let tables: Vec<(&str, &[Column], bool)> = files.chain(repeated).collect();
    let by_table = |verb: &dyn Fn(&[Column], bool) -> Value| {
        tables
            .iter()
            .map(|(name, columns, open)| ((*name).to_owned(), verb(columns, *open)))
            .collect::<Map<_, _>>()
    };
    let mut set = by_table(&|columns, open| {
        let mut with_where = cells(columns, open);
        with_where["properties"]["where"] = cells(columns, open);
        with_where["required"] = json!(["where"]);
        json!({ "anyOf": [
            { "type": "object", "additionalProperties": cells(columns, open) },
            { "type": "array", "items": with_where },
        ] })
    });
    let add = by_table(&|columns, open| {
        let cells = cells(columns, open);
        json!({ "anyOf": [cells, { "type": "array", "items": cells }] })
    });
    let mut remove = by_table(&|columns, open| {
        let which = json!({ "anyOf": [{ "type": "string" }, cells(columns, open)] });
        json!({ "anyOf": [{ "const": "all" }, { "type": "array", "items": which }] })
    });
    for section in [&SCHOOL, &LAYOUT] {
        let name = section.file.trim_end_matches(".toml").to_owned();
        set.insert(name.clone(), table(section, false));
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
            "add": verb(add),
            "remove": verb(remove),
        },
        "additionalProperties": false,
    })
}

/// A row, or part of one, each cell as a text or as what it says.
fn cells(columns: &[Column], open: bool) -> Value {
    let cell = |column: &Column| {
        let schema = json!({
            "type": ["string", "number", "boolean", "array"],
            "description": column.about,
        });
        (column.name.to_owned(), schema)
    };
    json!({
        "type": "object",
        "properties": columns.iter().map(cell).collect::<Map<_, _>>(),
        "additionalProperties": open,
    })
}
