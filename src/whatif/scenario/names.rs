//! What changes may name: tables, columns and settings. A name that nothing reads would be a change without
//! effect, so unlike in the files of a school it is an error.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::read::Problem;
use crate::read::changing::{Cell, Column, Section, Target, columns, nearest};

/// What the first word of a change stands for.
#[derive(Clone, Copy)]
pub enum Named {
    Rows(Target),
    /// The settings of `school.toml` or of the layout: the file, and its outermost table.
    Settings(&'static str, &'static Section),
}

const SECTIONS: [&Section; 4] = columns::REPEATED;

pub fn named(name: &str) -> Result<Named, Problem> {
    let files = columns::FILES.into_iter().map(Target::File);
    let mut targets = files.chain(SECTIONS.into_iter().map(Target::Section));
    if let Some(target) = targets.find(|target| target.name() == name) {
        return Ok(Named::Rows(target));
    }
    match name {
        "school" => Ok(Named::Settings(columns::SCHOOL_TOML, &columns::SCHOOL)),
        "layout" => Ok(Named::Settings(columns::LAYOUT_TOML, &columns::LAYOUT)),
        _ => Err(match settings_with(name) {
            Some(file) => unknown("table", name, &all_names())
                .help(format!("`{name}` is a setting: write `{file}.{name}`, and the rest behind it")),
            None => unknown("table", name, &all_names()),
        }),
    }
}

/// The file of settings that has the key, as changes call it.
fn settings_with(key: &str) -> Option<&'static str> {
    let files = [("school", &columns::SCHOOL), ("layout", &columns::LAYOUT)];
    files.into_iter().find(|(_, section)| known(section.keys, key).is_some()).map(|(name, _)| name)
}

fn all_names() -> Vec<&'static str> {
    let files = columns::FILES.into_iter().map(|file| Target::File(file).name());
    files.chain(SECTIONS.into_iter().map(|section| section.name)).chain(["school", "layout"]).collect()
}

/// The column of that name.
pub fn column(target: Target, name: &str) -> Result<&'static str, Problem> {
    known(target.columns(), name).ok_or_else(|| unknown("column", name, &names_of(target.columns())))
}

/// Checks that a setting is one that is read: `["weights", "must"]`.
pub fn setting(section: &'static Section, path: &[&str]) -> Result<(), Problem> {
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let rows = |name: &str| {
        Err(Problem::error("unknown-key", format!("`{name}` is a table with rows"))
            .found(format!("`{name}`"))
            .expected("a single setting")
            .help(match name.contains('.') {
                true => {
                    format!("write `[[add.\"{name}\"]]`, `[[set.\"{name}\"]]` or `[[remove.\"{name}\"]]`")
                }
                false => format!("write `[[add.{name}]]`, `[[set.{name}]]` or `[[remove.{name}]]`"),
            }))
    };
    if let Some(repeated) = section.inner(first).filter(|inner| inner.repeats()) {
        return rows(repeated.name);
    }
    if known(section.keys, first).is_none() {
        return Err(unknown("setting", first, &names_of(section.keys)));
    }
    let inner = section.inner(first);
    if let Some(repeated) = inner.zip(rest.first()).and_then(|(inner, key)| inner.inner(key)) {
        return rows(repeated.name);
    }
    match (inner, rest.first()) {
        (Some(inner), Some(key)) if known(inner.keys, key).is_none() => {
            Err(unknown(&format!("setting of [{first}]"), key, &names_of(inner.keys)))
        }
        _ => Ok(()),
    }
}

fn known(columns: &'static [Column], name: &str) -> Option<&'static str> {
    columns.iter().map(|column| column.name).find(|known| *known == name)
}

fn names_of(columns: &'static [Column]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Problem {
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write one of those".to_owned(),
    };
    Problem::error("unknown-key", format!("unknown {what} `{name}`"))
        .found(format!("`{name}`"))
        .expected(format!("one of {}", known.join(", ")))
        .help(help)
}

/// One cell of a row; a CSV file gets the value as text.
pub fn cell(
    target: Target,
    (name, key): (&str, Range<usize>),
    value: &Spanned<DeValue>,
) -> Result<Cell, (Range<usize>, Problem)> {
    let column = column(target, name).map_err(|problem| (key.clone(), problem))?;
    let text = match (text(value.get_ref()), target) {
        (Some(text), _) => text,
        // The reader says what is wrong with it.
        (None, Target::Section(_)) => String::new(),
        (None, Target::File(_)) => return Err((value.span(), not_a_cell(column))),
    };
    if text.chars().any(char::is_control) {
        return Err((value.span(), not_a_cell(column)));
    }
    Ok(Cell { column, key, text, span: value.span() })
}

fn not_a_cell(column: &str) -> Problem {
    Problem::error("wrong-type", format!("`{column}` cannot stand in a cell"))
        .found("a table, a date or time without quotes, or a line break")
        .expected("a text, a number, true, false, or a list of these")
        .help(format!("write `{column} = \"…\"`, as it would stand in the file"))
}

/// A value as a cell says it.
fn text(value: &DeValue) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| text(item.get_ref())).collect();
            Some(items?.join("|"))
        }
        _ => None,
    }
}
