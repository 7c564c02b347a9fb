//! A small school with two layouts, and what the tests ask of a comparison.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, leerzone};
use assert_cmd::assert::Assert;
use serde_json::Value;

pub const ONE_BLOCK: &str = "name = \"one\"\n[[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\n\
     end = \"10:00\"\nkind = \"lesson\"\n";

/// The small school with a folder of two layouts: of two blocks, where every need can be met, and of one.
pub fn school() -> Small {
    let small = Small::new();
    let layouts = small.dir().join("layouts");
    fs::create_dir(&layouts).unwrap();
    fs::copy(small.dir().join("layout.toml"), layouts.join("two.toml")).unwrap();
    fs::write(layouts.join("one.toml"), ONE_BLOCK).unwrap();
    small
}

pub fn compare(small: &Small, arguments: &[&str]) -> Assert {
    leerzone(&["compare", "--time-limit", "30"]).arg(small.dir()).args(arguments).assert()
}

pub fn json(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("comparison.json")).unwrap()).unwrap()
}

pub fn out(small: &Small) -> PathBuf {
    small.dir().join("compare")
}

/// The result of that name.
pub fn result<'j>(json: &'j Value, name: &str) -> &'j Value {
    let results = json["combinations"].as_array().unwrap();
    results.iter().find(|result| result["name"] == name).unwrap_or_else(|| panic!("no {name} in {json:#}"))
}

pub fn pair<'j>(json: &'j Value, a: &str, b: &str) -> &'j Value {
    let pairs = json["pairs"].as_array().unwrap();
    pairs
        .iter()
        .find(|pair| pair["a"] == a && pair["b"] == b)
        .unwrap_or_else(|| panic!("no {a}, {b}: {json:#}"))
}

pub fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}
