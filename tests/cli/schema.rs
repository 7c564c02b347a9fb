//! JSON Schemas: those of docs/schema are those of the program, and every school of the project fits them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, leerzone};
use serde_json::{Map, Value};

const NAMES: [&str; 5] = ["school", "layout", "scenario", "weeks", "summary"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn printed(name: &str) -> Vec<u8> {
    let output = leerzone(&["help", "schema", name]).output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

fn schema(name: &str) -> Value {
    serde_json::from_slice(&printed(name)).expect("JSON")
}

/// Why a document does not fit; `at` is where in it. Knows the keywords that the schemas use, and no others.
fn misfit(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let empty = Map::new();
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        let list = || rule.as_array().expect("a list").iter();
        let fits = match keyword.as_str() {
            "$schema" | "title" | "description" => true,
            "type" => match rule {
                Value::String(one) => is_a(value, one),
                _ => list().any(|one| is_a(value, one.as_str().expect("a type"))),
            },
            "enum" => list().any(|one| one == value),
            "const" => rule == value,
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
            "minProperties" => {
                value.as_object().is_none_or(|object| object.len() as u64 >= rule.as_u64().expect("a number"))
            }
            "pattern" => {
                let is_known = match rule.as_str() {
                    Some("^([01]?[0-9]|2[0-4]):[0-5][0-9]$") => is_time,
                    Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") => is_date,
                    _ => panic!("{at}: a pattern that this test does not know: {rule}"),
                };
                value.as_str().is_none_or(is_known)
            }
            "required" => value
                .as_object()
                .is_none_or(|object| list().all(|key| object.contains_key(key.as_str().expect("a key")))),
            "anyOf" => list().any(|one| misfit(one, value, at).is_none()),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    if let Some(why) = misfit(rule, item, &format!("{at}/{index}")) {
                        return Some(why);
                    }
                }
                true
            }
            "properties" => {
                for (key, rule) in rule.as_object().expect("properties") {
                    let why = value.get(key).and_then(|inner| misfit(rule, inner, &format!("{at}/{key}")));
                    if why.is_some() {
                        return why;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
                for (key, inner) in value.as_object().unwrap_or(&empty) {
                    let at = format!("{at}/{key}");
                    let why = match rule {
                        _ if known.contains_key(key) => None,
                        Value::Bool(true) => None,
                        Value::Bool(false) => Some(format!("{at} is not known")),
                        rule => misfit(rule, inner, &at),
                    };
                    if why.is_some() {
                        return why;
                    }
                }
                true
            }
            other => panic!("{at}: a keyword that this test does not know: {other}"),
        };
        if !fits {
            return Some(format!("{at} is {value}, which `{keyword}` = {rule} refuses"));
        }
    }
    None
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("no such type: {other}"),
    }
}

fn is_time(text: &str) -> bool {
    let Some((hours, minutes)) = text.split_once(':') else { return false };
    let number = |text: &str, most: u8| {
        text.chars().all(|c| c.is_ascii_digit()) && text.parse::<u8>().is_ok_and(|number| number <= most)
    };
    (1..=2).contains(&hours.len()) && minutes.len() == 2 && number(hours, 24) && number(minutes, 59)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str| part.chars().all(|c| c.is_ascii_digit());
    parts.iter().all(digits) && parts.iter().map(|part| part.len()).eq([4, 2, 2])
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries
}

/// Every TOML file of the example schools and of `data`.
fn files() -> Vec<PathBuf> {
    let mut open = vec![root().join("examples"), root().join("data")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                files.push(path);
            }
        }
    }
    files
}

fn summary(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("summary.json")).expect("a summary")).expect("JSON")
}

#[test]
fn the_kept_schemas_are_those_of_the_program() {
    let folder = root().join("docs").join("schema");
    for name in NAMES {
        let path = folder.join(format!("{name}.json"));
        // Git may have changed the ends of the lines.
        let kept = fs::read_to_string(&path).expect("the file").replace('\r', "");
        let same = kept.as_bytes() == printed(name);
        assert!(same, "{}: write it anew with `leerzone help schema {name}`", path.display());
    }
    assert_eq!(entries(&folder).len(), NAMES.len(), "a schema that no command prints");
}

#[test]
fn every_school_layout_scenario_and_term_fits_its_schema() {
    let schemas = ["school", "layout", "scenario", "weeks"].map(schema);
    let mut counts = [0; 4];
    for path in files() {
        let text = fs::read_to_string(&path).expect("a text");
        let document: toml::Table = toml::from_str(&text).expect("TOML");
        let has = |key: &str| document.contains_key(key);
        let at = if has("days") {
            0
        } else if has("block") {
            1
        } else if has("set") || has("add") || has("remove") {
            2
        } else {
            assert!(has("week"), "{}: no file that is known", path.display());
            3
        };
        counts[at] += 1;
        let value = serde_json::to_value(&document).expect("JSON");
        assert_eq!(misfit(&schemas[at], &value, ""), None, "{}", path.display());
    }
    assert!(counts[0] > 20 && counts[1] > 20 && counts[2] > 1 && counts[3] > 0, "{counts:?}");
}

#[test]
fn the_summaries_of_solve_and_replan_fit_their_schema() {
    let school = Small::new();
    school.solve(&[]).success();
    let repaired = school.dir().join("repaired");
    leerzone(&["replan"])
        .args([school.dir(), school.out()])
        .args(["--absent", "ann", "--time-limit", "2", "--quiet", "--out"])
        .arg(&repaired)
        .assert()
        .success();
    let schema = schema("summary");
    for folder in [school.out(), repaired] {
        assert_eq!(misfit(&schema, &summary(&folder), ""), None);
    }
    assert!(summary(&school.dir().join("repaired"))["repair"].is_object());
    let mut wrong = summary(&school.out());
    wrong["status"] = "best".into();
    assert!(misfit(&schema, &wrong, "").is_some());
}

/// Each kind of change that docs/whatif.md names.
#[test]
fn every_form_of_a_scenario_fits() {
    let scenario = schema("scenario");
    for form in [
        r#"{ "remove": { "places": [{ "place": "north" }], "needs": "all", "school": ["reserve"] } }"#,
        r#"{ "remove": { "places": ["north", "south"] } }"#,
        r#"{ "set": { "staff": { "jansen": { "max_blocks": 10, "subjects": ["wi", "ne"] } } } }"#,
        r#"{ "set": { "needs": [{ "where": { "who": "class:3a", "subject": "wi" }, "sessions": 3 }] } }"#,
        r#"{ "name": "x", "add": { "busy": [{ "kind": "staff", "id": "jansen", "day": "tue" }] } }"#,
        r#"{ "add": { "budget": { "unit": "*", "cost": 100 } } }"#,
        r#"{ "set": { "school": { "weights": { "could": 2 } } } }"#,
        r#"{ "set": { "block": { "mon-1": { "end": "10:30" } } } }"#,
    ] {
        let form: Value = serde_json::from_str(form).expect("JSON");
        assert_eq!(misfit(&scenario, &form, ""), None);
    }
}

/// What the schema of a scenario refuses, the program refuses as well.
#[test]
fn what_the_schemas_refuse_the_program_refuses() {
    for wrong in [
        "[[add.staff]]\nname = \"A\"\n",
        "[set.needs.s1]\nsessions = 2\n",
        "[remove]\nneeds = [\"s1\"]\n",
        "[remove]\nneeds = [{}]\n",
        "[set.staff.ann]\nmax_blocks = -1\n",
        "[set.staff.ann]\nmax_blocks = 1.5\n",
        "[[set.school.budget]]\nunit = \"*\"\ncost = 1\n",
        "[set.block.one]\nkind = \"lessons\"\n",
        "[[add.history]]\nstudent = \"s1\"\nsubject = \"wi\"\npriority = \"must\"\nmissing = 1\nnote = \"\"\n",
    ] {
        let small = Small::new().with("wrong.toml", wrong);
        leerzone(&["check", "--scenario", "wrong.toml"]).arg(small.dir()).assert().code(2);
        let document: toml::Table = toml::from_str(wrong).expect("TOML");
        let value = serde_json::to_value(&document).expect("JSON");
        assert!(misfit(&schema("scenario"), &value, "").is_some(), "the schema takes {wrong}");
    }
}

#[test]
fn what_the_program_refuses_the_schemas_refuse() {
    for (name, wrong) in [
        ("school", r#"{ "name": "x", "days": ["mon"], "weights": { "musst": 1 } }"#),
        ("school", r#"{ "name": "x" }"#),
        ("school", r#"{ "name": "x", "days": ["mon"], "weights": { "must": -1 } }"#),
        ("layout", r#"{ "block": [{ "id": "a", "start": "9 am", "end": "10:00", "kind": "lesson" }] }"#),
        ("layout", r#"{ "block": [{ "id": "a", "start": "09:00", "end": "10:00", "kind": "lessons" }] }"#),
        ("scenario", r#"{ "change": {} }"#),
        ("scenario", r#"{ "add": { "staff": [{ "stafff": "a" }] } }"#),
        ("weeks", r#"{ "week": [{ "week": "36" }] }"#),
        ("weeks", r#"{ "week": [{ "week": "36", "start": "31-8-2026" }] }"#),
        ("weeks", r#"{ "weeks": [] }"#),
    ] {
        let wrong: Value = serde_json::from_str(wrong).expect("JSON");
        assert!(misfit(&schema(name), &wrong, "").is_some(), "{name} takes {wrong}");
    }
    leerzone(&["help", "schema", "students"]).assert().code(2);
    leerzone(&["help", "schema"]).assert().code(2);
}
