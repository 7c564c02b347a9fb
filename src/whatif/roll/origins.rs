//! Where the weeks of `weeks.toml` stand in the file, so that what is wrong can be told with its place.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::read::Problem;
use crate::read::changing::Source;

/// The file.
pub const FILE: &str = "weeks.toml";

/// A value of the file.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Index of the week.
    pub week: usize,
    pub key: &'static str,
    /// Index in a list.
    pub item: Option<usize>,
}

#[derive(Debug)]
pub struct Origins {
    source: Source,
    weeks: Vec<Range<usize>>,
    values: HashMap<(usize, String, Option<usize>), Range<usize>>,
}

impl Origins {
    /// Those of a text that was read as weeks.
    pub fn new(text: String) -> Self {
        let (mut weeks, mut values) = (Vec::new(), HashMap::new());
        let (file, _) = DeTable::parse_recoverable(&text);
        if let Some(DeValue::Array(list)) = file.get_ref().get("week").map(toml::Spanned::get_ref) {
            for (at, week) in list.iter().enumerate() {
                weeks.push(week.span());
                let DeValue::Table(keys) = week.get_ref() else { continue };
                for (key, value) in keys {
                    let key = key.get_ref().to_string();
                    if let DeValue::Array(items) = value.get_ref() {
                        let items = items.iter().enumerate();
                        values
                            .extend(items.map(|(item, value)| ((at, key.clone(), Some(item)), value.span())));
                    }
                    values.insert((at, key, None), value.span());
                }
            }
        }
        drop(file);
        Self { source: Source::new(FILE, text), weeks, values }
    }

    /// The problem with the place of the value; of its week where that has no such value.
    pub fn place(&self, problem: Problem, at: At) -> Problem {
        let value = self.values.get(&(at.week, at.key.to_owned(), at.item));
        match value.or_else(|| self.weeks.get(at.week)) {
            Some(span) => problem.at(&self.source, span.clone()),
            None => problem.file(FILE),
        }
    }
}
