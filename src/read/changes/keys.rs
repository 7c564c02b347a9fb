//! Changes of a TOML file: settings, and the tables that repeat.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::super::columns::{LAYOUT_TOML, SCHOOL_TOML};
use super::super::problem::{Problem, Problems};
use super::super::source::Source;
use super::{Cell, Changes, KeyEdit, RowChange, RowEdit, Target, Which};

/// A source of changes as an annex of the file that they change.
#[derive(Clone, Copy)]
struct Annex<'c> {
    source: &'c Source,
    /// Its first byte there.
    base: usize,
}

impl<'c> Annex<'c> {
    fn place(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.base..span.end + self.base
    }

    /// The value that stands at `span`; what is no TOML, or a time without quotes, is a text.
    fn value(&self, span: &Range<usize>) -> Spanned<DeValue<'c>> {
        let text = self.source.text.get(span.clone()).unwrap_or_default();
        let value = match DeValue::parse(text).map(Spanned::into_inner) {
            Ok(DeValue::Datetime(_)) | Err(_) => DeValue::String(Cow::Borrowed(text)),
            Ok(value) => moved(value, span.start + self.base),
        };
        Spanned::new(self.place(span), value)
    }

    fn insert(&self, table: &mut DeTable<'c>, key: &'c str, at: &Range<usize>, value: &Range<usize>) {
        // The map would keep the key that it has, and with it the place in the file.
        table.remove(key);
        table.insert(Spanned::new(self.place(at), Cow::Borrowed(key)), self.value(value));
    }

    fn set(&self, table: &mut DeTable<'c>, cells: &'c [Cell]) {
        cells.iter().for_each(|cell| self.insert(table, cell.column, &cell.key, &cell.span));
    }
}

/// The items of a list that was parsed by itself, at their place.
fn moved(value: DeValue, base: usize) -> DeValue {
    match value {
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| {
                let span = item.span();
                Spanned::new(span.start + base..span.end + base, moved(item.into_inner(), base))
            });
            DeValue::Array(items.collect())
        }
        other => other,
    }
}

impl Changes {
    /// Makes room in a TOML file's source for the places of the changes; gives where each begins.
    pub fn annex_to(&self, source: &mut Source) -> Vec<usize> {
        self.sources.iter().map(|changes| source.annex(changes)).collect()
    }

    pub fn apply_to_school<'c>(
        &'c self,
        table: &mut DeTable<'c>,
        annexes: &[usize],
        problems: &mut Problems,
    ) {
        self.apply(SCHOOL_TOML, table, annexes, problems);
    }

    pub fn apply_to_layout<'c>(
        &'c self,
        table: &mut DeTable<'c>,
        annexes: &[usize],
        problems: &mut Problems,
    ) {
        self.apply(LAYOUT_TOML, table, annexes, problems);
    }

    fn apply<'c>(&'c self, file: &str, table: &mut DeTable<'c>, annexes: &[usize], problems: &mut Problems) {
        let annex = |index: usize| Annex { source: &self.sources[index], base: annexes[index] };
        for edit in self.keys.iter().filter(|edit| edit.file == file) {
            if let Err(problem) = change_key(edit, table, annex(edit.source)) {
                problems.push(self.report(edit.source, &edit.span, problem));
            }
        }
        for edit in &self.rows {
            if let Target::Section(section) = edit.target
                && section.file == file
                && let Err((span, problem)) = change_tables(edit, table, annex(edit.source))
            {
                problems.push(self.report(edit.source, &span, problem));
            }
        }
    }
}

fn change_key<'c>(edit: &'c KeyEdit, table: &mut DeTable<'c>, annex: Annex<'c>) -> Result<(), Problem> {
    let Some((key, outer)) = edit.path.split_last() else { return Ok(()) };
    let mut inner = table;
    for name in outer {
        if edit.value.is_none() && !inner.contains_key(name.as_str()) {
            return Err(no_such_key(edit));
        }
        let place = annex.place(&edit.span);
        let fresh = || Spanned::new(place.clone(), DeValue::Table(DeTable::new()));
        let key = Spanned::new(place.clone(), Cow::Borrowed(name.as_str()));
        match inner.entry(key).or_insert_with(fresh).get_mut() {
            DeValue::Table(next) => inner = next,
            // What it is instead is reported when it is read.
            _ => return Ok(()),
        }
    }
    match &edit.value {
        Some(value) => annex.insert(inner, key, &edit.span, value),
        None => {
            inner.remove(key.as_str()).ok_or_else(|| no_such_key(edit))?;
        }
    }
    Ok(())
}

fn no_such_key(edit: &KeyEdit) -> Problem {
    let path = edit.path.join(".");
    Problem::error("no-such-row", format!("{} does not set `{path}`", edit.file))
        .found(format!("`{path}`"))
        .expected(format!("a key or table that {} has", edit.file))
        .help("leave it out: there is nothing to take out")
}

/// Changes a table that repeats: `[[block]]`, `[[reserve.group]]`.
fn change_tables<'c>(
    edit: &'c RowEdit,
    table: &mut DeTable<'c>,
    annex: Annex<'c>,
) -> Result<(), (Range<usize>, Problem)> {
    let mut table = table;
    let (outer, name) = edit.target.name().rsplit_once('.').unwrap_or(("", edit.target.name()));
    for outer in outer.split('.').filter(|outer| !outer.is_empty()) {
        let key = Spanned::new(0..0, Cow::Borrowed(outer));
        let fresh = || Spanned::new(0..0, DeValue::Table(DeTable::new()));
        let DeValue::Table(inner) = table.entry(key).or_insert_with(fresh).get_mut() else { return Ok(()) };
        table = inner;
    }
    let key = Spanned::new(0..0, Cow::Borrowed(name));
    let tables = table.entry(key).or_insert_with(|| Spanned::new(0..0, DeValue::Array(DeArray::new())));
    let DeValue::Array(items) = tables.get_mut() else { return Ok(()) };
    match &edit.change {
        RowChange::Add(cells, span) => {
            let mut added = DeTable::new();
            annex.set(&mut added, cells);
            items.push(Spanned::new(annex.place(span), DeValue::Table(added)));
            Ok(())
        }
        RowChange::Set(which, cells) => {
            let mut found = false;
            for item in items.iter_mut().filter(|item| matches(which, item.get_ref())) {
                if let DeValue::Table(table) = item.get_mut() {
                    found = true;
                    annex.set(table, cells);
                }
            }
            if found { Ok(()) } else { Err(unmatched(edit.target, which, items)) }
        }
        RowChange::Remove(which) => {
            let kept: DeArray =
                items.iter().filter(|item| !matches(which, item.get_ref())).cloned().collect();
            if kept.len() == items.len() {
                return Err(unmatched(edit.target, which, items));
            }
            *items = kept;
            Ok(())
        }
    }
}

fn matches(which: &Which, item: &DeValue) -> bool {
    which.matches(|column| item.as_table().and_then(|table| text(table.get(column)?.get_ref())))
}

fn unmatched(target: Target, which: &Which, items: &DeArray) -> (Range<usize>, Problem) {
    let first = which.cells.first().map(|(column, _)| *column).unwrap_or_default();
    let known = items.iter().filter_map(|item| text(item.get_ref().get(first)?.get_ref()));
    let known: Vec<Cow<str>> = known.collect();
    (which.span.clone(), which.unmatched(target, known.iter().map(AsRef::as_ref)))
}

/// What a value says, for comparing: a list as in a cell.
fn text<'v>(value: &'v DeValue) -> Option<Cow<'v, str>> {
    match value {
        DeValue::String(text) => Some(text.trim().into()),
        DeValue::Integer(number) => Some(number.as_str().into()),
        DeValue::Float(number) => Some(number.as_str().into()),
        DeValue::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| text(item.get_ref())).collect();
            Some(items?.join("|").into())
        }
        _ => None,
    }
}
