//! A TOML file walked by hand, so that every wrong value is reported at its place and not only the first.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::columns::{Column, Section};
use super::problem::{Problem, Problems, nearest};
use super::source::Source;
use super::value;

/// A text and the bytes it stands in.
pub type Word = (String, Range<usize>);

const SYNTAX: &str = "toml-syntax";

/// Parses the whole file; syntax errors are reported, and what could be read around them is given.
pub fn parse<'s>(source: &'s Source, problems: &mut Problems) -> Spanned<DeTable<'s>> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let found = source.text.get(span.clone()).map_or("", str::trim);
        let found = if found.is_empty() { "the end of the line".to_owned() } else { format!("`{found}`") };
        problems.push(
            Problem::error(SYNTAX, error.message().replace('\n', ", "))
                .at(source, span)
                .found(found)
                .expected("TOML: `key = value`, text between double quotes, tables as `[name]`")
                .help("correct the line; the file's form is described in docs/input.md"),
        );
    }
    document
}

/// One table of a TOML file.
pub struct Keys<'d> {
    source: &'d Source,
    section: &'static Section,
    table: &'d DeTable<'d>,
    /// The table's own bytes, for what is missing in it.
    pub span: Range<usize>,
}

impl<'d> Keys<'d> {
    /// Reports keys that the table of columns does not know and those it wants and are missing.
    pub fn new(
        source: &'d Source,
        section: &'static Section,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        problems: &mut Problems,
    ) -> Self {
        let keys = Self { source, section, table, span };
        for key in table.keys() {
            if keys.column(key.get_ref()).is_none() {
                problems.push(keys.unknown_key(key));
            }
        }
        for column in section.keys.iter().filter(|column| column.required) {
            // What could not be read may have held it.
            if !table.contains_key(column.name) && !problems.has(SYNTAX, &source.name) {
                problems.push(keys.missing_key(column));
            }
        }
        keys
    }

    fn column(&self, key: &str) -> Option<&'static Column> {
        self.section.keys.iter().find(|column| column.name == key)
    }

    fn place(&self) -> String {
        if self.section.name.is_empty() {
            self.source.name.clone()
        } else {
            format!("[{}]", self.section.name)
        }
    }

    fn unknown_key(&self, key: &Spanned<std::borrow::Cow<str>>) -> Problem {
        let name = key.get_ref();
        let known = self.section.keys.iter().map(|column| column.name);
        let help = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "it is not read; take it out or leave it".to_owned(),
        };
        let known = known.collect::<Vec<_>>().join(", ");
        Problem::warning("unknown-key", format!("unknown key `{name}` in {}", self.place()))
            .at(self.source, key.span())
            .field(&**name)
            .found(format!("`{name}`"))
            .expected(format!("one of {known}"))
            .help(help)
    }

    fn missing_key(&self, column: &Column) -> Problem {
        let unknown = self.table.keys().map(|key| &**key.get_ref()).filter(|key| self.column(key).is_none());
        let help = match nearest(column.name, unknown) {
            Some(near) => format!("rename `{near}` to `{}`", column.name),
            None => format!("add `{} = …`: {}", column.name, column.about),
        };
        Problem::error("missing-key", format!("`{}` is missing in {}", column.name, self.place()))
            .at(self.source, self.span.clone())
            .field(column.name)
            .found(format!("no `{}`", column.name))
            .expected(format!("`{}`: {}", column.name, column.about))
            .help(help)
    }

    fn get(&self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table.get(key)
    }

    /// The bytes of the value of `key`, or of the table where it is missing.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.get(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Adds a problem with the value of `key`.
    pub fn report(&self, key: &str, problem: Problem, problems: &mut Problems) {
        self.report_at(key, self.span_of(key), problem, problems);
    }

    pub fn report_at(&self, key: &str, span: Range<usize>, problem: Problem, problems: &mut Problems) {
        problems.push(problem.at(self.source, span).field(key));
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue>, expected: &str, problems: &mut Problems) {
        let problem = Problem::error("wrong-type", format!("`{key}` is not {expected}"))
            .found(describe(value.get_ref()))
            .expected(expected)
            .help(match expected {
                TABLES => format!("write `[[{key}]]` with its keys on the lines below"),
                _ => format!("write `{key} = {}`", example(expected)),
            });
        self.report_at(key, value.span(), problem, problems);
    }

    /// A text that is not empty.
    pub fn text(&self, key: &str, problems: &mut Problems) -> Option<&'d str> {
        let value = self.get(key)?;
        let text = self.as_text(key, value, problems)?;
        Some(text)
    }

    fn as_text(
        &self,
        key: &str,
        value: &'d Spanned<DeValue<'d>>,
        problems: &mut Problems,
    ) -> Option<&'d str> {
        let Some(text) = value.get_ref().as_str().map(str::trim) else {
            self.wrong_type(key, value, "a text", problems);
            return None;
        };
        if text.is_empty() {
            let problem = Problem::error("empty-cell", format!("`{key}` is empty"))
                .found("an empty text")
                .expected("a text")
                .help(format!("fill in `{key}`"));
            self.report_at(key, value.span(), problem, problems);
            return None;
        }
        Some(text)
    }

    pub fn count(&self, key: &str, problems: &mut Problems) -> Option<u32> {
        let value = self.get(key)?;
        self.as_count(key, value, problems)
    }

    fn as_count(&self, key: &str, value: &Spanned<DeValue>, problems: &mut Problems) -> Option<u32> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => {
                self.wrong_type(key, value, "a whole number", problems);
                return None;
            }
        };
        self.checked(key, value.span(), value::count(text.trim_start_matches('+')), problems)
    }

    pub fn amount(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong_type(key, value, "a number", problems);
                return None;
            }
        };
        self.checked(key, value.span(), value::amount(text, false), problems)
    }

    pub fn time(&self, key: &str, problems: &mut Problems) -> Option<u16> {
        let text = self.text(key, problems)?;
        self.checked(key, self.span_of(key), value::time(text), problems)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let text = self.text(key, problems)?;
        self.checked(key, self.span_of(key), value::word(key, text, words), problems)
    }

    pub fn checked<T>(
        &self,
        key: &str,
        span: Range<usize>,
        result: Result<T, Problem>,
        problems: &mut Problems,
    ) -> Option<T> {
        result.map_err(|problem| self.report_at(key, span, problem, problems)).ok()
    }

    /// A list of texts; repeated ones are reported and left out.
    pub fn words(&self, key: &str, problems: &mut Problems) -> Option<Vec<Word>> {
        let value = self.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of texts", problems);
            return None;
        };
        let (mut words, mut seen) = (Vec::new(), HashSet::new());
        for item in items.iter() {
            let Some(text) = self.as_text(key, item, problems) else { continue };
            if seen.insert(text) {
                words.push((text.to_owned(), item.span()));
            } else {
                self.report_at(key, item.span(), value::repeated(text, key), problems);
            }
        }
        Some(words)
    }

    /// Counts under keys of the school's own, such as years.
    pub fn counts(&self, key: &str, problems: &mut Problems) -> Vec<(Word, u32)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(key, value, "a table of counts", problems);
            return Vec::new();
        };
        let mut counts = Vec::new();
        for (name, value) in table.iter() {
            if let Some(count) = self.as_count(key, value, problems) {
                counts.push(((name.get_ref().trim().to_owned(), name.span()), count));
            }
        }
        counts
    }

    /// The table `[section]`.
    pub fn section(&self, section: &'static Section, problems: &mut Problems) -> Option<Keys<'d>> {
        let value = self.get(section.name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Keys::new(self.source, section, table, value.span(), problems)),
            _ => {
                self.wrong_type(section.name, value, "a table", problems);
                None
            }
        }
    }

    /// The tables `[[section]]`, in their order.
    pub fn sections(&self, section: &'static Section, problems: &mut Problems) -> Vec<Keys<'d>> {
        let Some(value) = self.get(section.name) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(section.name, value, TABLES, problems);
            return Vec::new();
        };
        self.tables(items, section, problems)
    }

    fn tables(
        &self,
        items: &'d DeArray<'d>,
        section: &'static Section,
        problems: &mut Problems,
    ) -> Vec<Keys<'d>> {
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    tables.push(Keys::new(self.source, section, table, item.span(), problems));
                }
                _ => self.wrong_type(section.name, item, TABLES, problems),
            }
        }
        tables
    }
}

/// The value in a few words.
pub fn describe(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("the text `{text}`"),
        DeValue::Integer(number) => format!("the number `{number}`"),
        DeValue::Float(number) => format!("the number `{number}`"),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(time) => format!("`{time}`, a date or time without quotes"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

const TABLES: &str = "a list of tables";

fn example(expected: &str) -> &'static str {
    match expected {
        "a text" => "\"…\"",
        "a whole number" => "5",
        "a number" => "5.0",
        "a list of texts" => "[\"…\", \"…\"]",
        "a table of counts" => "{ \"1\" = 5, \"*\" = 3 }",
        _ => "…",
    }
}
