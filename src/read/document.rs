//! A TOML file walked by hand, so that every wrong value is reported at its place and not only the first.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::columns::{Column, Holds, REPEATED, SECTIONS, Section};
use super::problem::{Problem, Problems, nearest};
use super::source::Source;
use super::value;

/// A text and the bytes it stands in.
pub type Word = (String, Range<usize>);

/// The code of what is no TOML; it makes of the rest of the file a guess.
pub const SYNTAX: &str = "toml-syntax";

/// Places of a file at which it is said that it is no TOML.
const MOST_SYNTAX: usize = 10;

/// Parses the whole file; syntax errors are reported, and what could be read around them is given.
pub fn parse<'s>(source: &'s Source, problems: &mut Problems) -> Spanned<DeTable<'s>> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        report_syntax(source, problems);
    }
    document
}

/// Reports the first syntax error, and those that the tables below it have by themselves: whatever else
/// the parser says follows from the first.
fn report_syntax(source: &Source, problems: &mut Problems) {
    let (mut from, mut told) = (0, HashSet::new());
    while told.len() < MOST_SYNTAX {
        let errors = DeTable::parse_recoverable(&source.text[from..]).1;
        let first = errors.into_iter().min_by_key(|error| error.span().map_or(0, |span| span.start));
        let Some(error) = first else { return };
        let span = error.span().unwrap_or(0..0);
        let span = span.start + from..span.end + from;
        let message = error.message().replace('\n', ", ");
        // A table that stands there ten times is one mistake.
        if told.insert((message.clone(), source.line_at(span.start))) {
            problems.push(syntax_error(source, span.clone(), message));
        }
        let Some(next) = next_table(&source.text, span.start) else { return };
        from = next;
    }
}

fn syntax_error(source: &Source, span: Range<usize>, message: String) -> Problem {
    let found = source.text.get(span.clone()).map_or("", str::trim);
    let found = if found.is_empty() { "the end of the line".to_owned() } else { format!("`{found}`") };
    let several = table_name(source.line_at(span.start))
        .filter(|name| REPEATED.iter().any(|section| section.name == *name));
    let bare = bare_value(source.line_at(span.start));
    let message = if bare.is_some() { "text without quotes".to_owned() } else { message };
    let help = match (bare, several) {
        (Some(meant), _) => format!("write `{meant}`"),
        (None, Some(name)) => format!("write `[[{name}]]`, with double brackets, above each of them"),
        (None, None) => "correct the line; the file's form is described in docs/input.md".to_owned(),
    };
    Problem::error(SYNTAX, message)
        .at(source, span)
        .found(found)
        .expected("TOML: `key = value`, text between double quotes, tables as `[name]`")
        .help(help)
}

/// The line as it was meant, where a text stands in it without quotes: `language = nl`, `start = 8:30`.
fn bare_value(line: &str) -> Option<String> {
    let (key, value) = line.split('#').next()?.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let is_text = value.starts_with(|c: char| c.is_alphanumeric())
        && value.chars().all(|c| c.is_alphanumeric() || " _-:.,|".contains(c))
        && !["true", "false", "inf", "nan"].contains(&value);
    let column = SECTIONS.iter().flat_map(|section| section.keys).find(|column| column.name == key)?;
    let value = match column.holds {
        Holds::Words => {
            let items = value.split([',', '|']).map(|item| format!("\"{}\"", item.trim()));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Holds::Time => format!("\"{}\"", clock_of(value)?),
        _ if value.starts_with(|c: char| c.is_ascii_digit()) => return None,
        _ => format!("\"{value}\""),
    };
    is_text.then(|| format!("{key} = {value}"))
}

/// The time that somebody meant with `8.30` or `8:30`.
fn clock_of(text: &str) -> Option<String> {
    value::time(&text.replace('.', ":")).ok().map(value::clock_time)
}

/// The name in a line such as `[name]`.
fn table_name(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let name = line.strip_prefix('[')?.strip_suffix(']')?.trim();
    name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c)).then_some(name)
}

/// The byte at which the first table below the line of `byte` begins.
fn next_table(text: &str, byte: usize) -> Option<usize> {
    let mut start = byte + text[byte..].find('\n')? + 1;
    for line in text[start..].split_inclusive('\n') {
        let name = line.trim_start().strip_prefix('[').filter(|rest| rest.starts_with('['));
        if table_name(line).is_some() || name.is_some() {
            return Some(start);
        }
        start += line.len();
    }
    None
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
            None if column.holds == Holds::Table => {
                format!("add `[[{}]]` with its keys on the lines below", column.name)
            }
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
        if !self.is_torn(key, problems) {
            problems.push(problem.at(self.source, span).field(key));
        }
    }

    /// Whether a syntax error stands in the lines of the key's value, so that what was read of it is a
    /// guess.
    fn is_torn(&self, key: &str, problems: &Problems) -> bool {
        let (source, span) = self.source.origin(self.span_of(key));
        let lines = source.position(span.start).0..=source.position(span.end).0;
        problems.stands_in(SYNTAX, &source.name, &lines)
    }

    fn wrong_type(&self, slot: Slot, value: &Spanned<DeValue>, expected: &str, problems: &mut Problems) {
        let key = slot.key();
        let problem = Problem::error("wrong-type", format!("{} is not {expected}", slot.name()))
            .found(describe(value.get_ref()))
            .expected(expected)
            .help(match (expected, self.mended(key, value.get_ref(), expected)) {
                (TABLES, _) => format!("write `[[{key}]]` with its keys on the lines below"),
                (TABLE, _) => format!("write `[{key}]` with its keys on the lines below"),
                (_, Some(meant)) => format!("write `{}{meant}`", slot.before()),
                _ => format!("write it as in `{}{}`", slot.before(), example(expected)),
            });
        self.report_at(key, value.span(), problem, problems);
    }

    /// The value as it should have been written, where that can be told.
    fn mended(&self, key: &str, value: &DeValue, expected: &str) -> Option<String> {
        match value {
            DeValue::Float(number) if self.column(key).is_some_and(|column| column.holds == Holds::Time) => {
                clock_of(number.as_str()).map(|time| format!("\"{time}\""))
            }
            _ => mended(value, expected),
        }
    }

    /// A text that is not empty.
    pub fn text(&self, key: &str, problems: &mut Problems) -> Option<&'d str> {
        let value = self.get(key)?;
        self.as_text(Slot::Key(key), value, problems)
    }

    fn as_text(
        &self,
        slot: Slot,
        value: &'d Spanned<DeValue<'d>>,
        problems: &mut Problems,
    ) -> Option<&'d str> {
        let Some(text) = value.get_ref().as_str().map(str::trim) else {
            self.wrong_type(slot, value, "a text", problems);
            return None;
        };
        if text.is_empty() {
            let key = slot.key();
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
        self.as_count(Slot::Key(key), value, problems)
    }

    fn as_count(&self, slot: Slot, value: &Spanned<DeValue>, problems: &mut Problems) -> Option<u32> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => {
                self.wrong_type(slot, value, "a whole number", problems);
                return None;
            }
        };
        self.checked(slot.key(), value.span(), value::count(text.trim_start_matches('+')), problems)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.get(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        self.wrong_type(Slot::Key(key), value, "true or false", problems);
        None
    }

    pub fn amount(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong_type(Slot::Key(key), value, "a number", problems);
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
            self.wrong_type(Slot::Key(key), value, "a list of texts", problems);
            return None;
        };
        let (mut words, mut seen) = (Vec::new(), HashSet::new());
        for item in items.iter() {
            let Some(text) = self.as_text(Slot::Item(key), item, problems) else { continue };
            if seen.insert(text) {
                words.push((text.to_owned(), item.span()));
            } else {
                self.report_at(key, item.span(), value::repeated(text, text), problems);
            }
        }
        Some(words)
    }

    /// Counts under keys of the school's own, such as years.
    pub fn counts(&self, key: &str, problems: &mut Problems) -> Vec<(Word, u32)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(Slot::Key(key), value, "a table of counts", problems);
            return Vec::new();
        };
        let mut counts = Vec::new();
        for (name, value) in table.iter() {
            if let Some(count) = self.as_count(Slot::Entry(key, name.get_ref()), value, problems) {
                counts.push(((name.get_ref().trim().to_owned(), name.span()), count));
            }
        }
        counts
    }

    /// The table `[section]`.
    pub fn section(&self, section: &'static Section, problems: &mut Problems) -> Option<Keys<'d>> {
        let value = self.get(section.key())?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Keys::new(self.source, section, table, value.span(), problems)),
            _ => {
                self.wrong_type(Slot::Key(section.name), value, TABLE, problems);
                None
            }
        }
    }

    /// The tables `[[section]]`, in their order.
    pub fn sections(&self, section: &'static Section, problems: &mut Problems) -> Vec<Keys<'d>> {
        let Some(value) = self.get(section.key()) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            // Of several `[name]` the second is a syntax error, which says how they are written.
            if !problems.has(SYNTAX, &self.source.name) {
                self.wrong_type(Slot::Key(section.name), value, TABLES, problems);
            }
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
                _ => self.wrong_type(Slot::Key(section.name), item, TABLES, problems),
            }
        }
        tables
    }
}

/// What a value belongs to.
#[derive(Clone, Copy)]
enum Slot<'k> {
    Key(&'k str),
    /// An item of the list of a key.
    Item(&'k str),
    /// An entry of the table of a key.
    Entry(&'k str, &'k str),
}

impl<'k> Slot<'k> {
    fn key(self) -> &'k str {
        let (Slot::Key(key) | Slot::Item(key) | Slot::Entry(key, _)) = self;
        key
    }

    fn name(self) -> String {
        match self {
            Slot::Key(key) => format!("`{key}`"),
            Slot::Item(key) => format!("an item of `{key}`"),
            Slot::Entry(key, entry) => format!("`{entry}` of `{key}`"),
        }
    }

    /// What stands in front of the value.
    fn before(self) -> String {
        match self {
            Slot::Key(key) => format!("{key} = "),
            Slot::Item(_) => String::new(),
            Slot::Entry(_, entry) => format!("\"{entry}\" = "),
        }
    }
}

/// The value as it should have been written, where that can be told: following the advice must not
/// change what it says.
fn mended(value: &DeValue, expected: &str) -> Option<String> {
    match (expected, value) {
        ("a whole number", DeValue::String(text)) => Some(value::count(text.trim()).ok()?.to_string()),
        ("a number", DeValue::String(text)) => Some(value::amount(text.trim(), true).ok()?.to_string()),
        ("a text", DeValue::Datetime(time)) if time.date.is_none() => {
            Some(format!("\"{:.5}\"", time.to_string()))
        }
        ("a text", DeValue::Datetime(time)) => Some(format!("\"{time}\"")),
        ("a text", DeValue::Integer(number)) => Some(format!("\"{number}\"")),
        ("a text", DeValue::Float(number)) => Some(format!("\"{number}\"")),
        ("a text", DeValue::Boolean(flag)) => Some(format!("\"{flag}\"")),
        ("a list of texts", DeValue::String(text)) => {
            let items = text.split([',', ';', '|']).map(|item| format!("\"{}\"", item.trim()));
            Some(format!("[{}]", items.collect::<Vec<_>>().join(", ")))
        }
        _ => None,
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

const TABLE: &str = "a table";
const TABLES: &str = "a list of tables";

fn example(expected: &str) -> &'static str {
    match expected {
        "a text" => "\"…\"",
        "a whole number" => "5",
        "a number" => "5.0",
        "true or false" => "true",
        "a list of texts" => "[\"…\", \"…\"]",
        "a table of counts" => "{ \"1\" = 5, \"*\" = 3 }",
        _ => "…",
    }
}
