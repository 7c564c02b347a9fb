//! Ids of one table and the rows they stand for.

use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use unicode_normalization::UnicodeNormalization;

use crate::pluralize::one;
use crate::school::{Id, weekday};

use super::problem::{Problem, Problems, nearest};
use super::table::Row;
use super::value;

/// Comparisons that suggestions for one table may cost; a wrong file must not take minutes to report.
const MOST_COMPARISONS: usize = 500_000;

/// The ids of one table, each with its dense index.
#[derive(Debug)]
pub struct Names<I> {
    /// What they name, such as `subject`.
    pub what: &'static str,
    /// Where they are listed, such as `subjects.csv`.
    home: &'static str,
    index: HashMap<String, I>,
    /// Names beyond ASCII with their letters composed, as `é` may be one character or two that look the same.
    composed: HashMap<String, I>,
    /// What people call them, in small letters; `None` where several are called so.
    called: HashMap<String, Option<I>>,
    /// Whether all of them could be read; if not, an unknown one is no mistake of who uses it.
    complete: bool,
    /// Whether their file has no rows.
    empty: bool,
    /// Whether this has been said of a name that is used.
    told_empty: Cell<bool>,
    comparisons: Cell<usize>,
}

impl<I: Id> Names<I> {
    pub fn new(what: &'static str, home: &'static str, complete: bool) -> Self {
        Self {
            what,
            home,
            index: HashMap::new(),
            composed: HashMap::new(),
            called: HashMap::new(),
            complete,
            empty: false,
            told_empty: Cell::new(false),
            comparisons: Cell::new(0),
        }
    }

    pub fn get(&self, name: &str) -> Option<I> {
        let composed = || self.composed.get(&compose(name)?).copied();
        self.index.get(name).copied().or_else(composed)
    }

    /// Says what people call the one with this id.
    pub fn set_called(&mut self, name: &str, id: I) {
        let named = self.called.entry(spoken(name));
        named.and_modify(|several| *several = several.filter(|known| *known == id)).or_insert(Some(id));
    }

    /// Whether people may be written by their name: that of one of them alone is as good as an id.
    fn are_people(&self) -> bool {
        ["student", "staff"].contains(&self.what)
    }

    /// Whether all of them could be read.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Says that some could not be read.
    pub fn set_incomplete(&mut self) {
        self.complete = false;
    }

    /// Says that their file has no rows, so that each name used is unknown for that one reason.
    pub fn set_empty(&mut self) {
        self.empty = true;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// The index of `name`, a new one if it is not there yet.
    pub fn add(&mut self, name: &str) -> I {
        if let Some(known) = self.get(name) {
            return known;
        }
        let next = I::new(self.index.len());
        self.index.insert(name.to_owned(), next);
        self.composed.extend(compose(name).map(|composed| (composed, next)));
        next
    }

    /// Gives `name` the index `next`; the index it already has is the error.
    pub fn insert(&mut self, name: &str, next: I) -> Result<(), I> {
        if let Some(composed) = compose(name) {
            match self.composed.entry(composed) {
                Entry::Occupied(known) => return Err(*known.get()),
                Entry::Vacant(free) => free.insert(next),
            };
        }
        match self.index.entry(name.to_owned()) {
            Entry::Occupied(known) => Err(*known.get()),
            Entry::Vacant(free) => {
                free.insert(next);
                Ok(())
            }
        }
    }

    /// The names in the order of their indices.
    pub fn list(&self) -> Vec<&str> {
        let mut list: Vec<(I, &str)> = self.index.iter().map(|(name, id)| (*id, name.as_str())).collect();
        list.sort_unstable();
        list.into_iter().map(|(_, name)| name).collect()
    }

    /// The same, owned.
    pub fn to_list(&self) -> Vec<String> {
        self.list().into_iter().map(str::to_owned).collect()
    }

    /// The index of `name`, or what to report; `None` where nothing can be said about it.
    pub fn resolve(&self, name: &str) -> Result<Option<I>, Problem> {
        let person = || self.called.get(&spoken(name)).copied().flatten().filter(|_| self.are_people());
        match self.get(name).or_else(person) {
            Some(id) => Ok(Some(id)),
            None if !self.complete => Ok(None),
            None if self.empty => {
                self.none_at_all(format!("unknown {} `{name}`", self.what), name).map_or(Ok(None), Err)
            }
            None => Err(self.unknown(name)),
        }
    }

    /// What to report of the first name that is used and cannot be known; nothing of the others.
    pub fn none_at_all(&self, message: String, name: &str) -> Option<Problem> {
        let problem = Problem::error("unknown-id", message)
            .found(format!("`{name}`"))
            .expected(format!("a row of {}", self.home))
            .help(format!("{} has no rows: fill it in, also for what else is named", self.home));
        (!self.told_empty.replace(true)).then_some(problem)
    }

    /// Whether there is nothing to find because their file has no rows.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    fn unknown(&self, name: &str) -> Problem {
        let help = match self.called.get(&spoken(name)) {
            Some(None) => Some(format!("several are called so; write the id that {} gives", self.home)),
            Some(Some(id)) => self
                .index
                .iter()
                .find(|(_, of)| *of == id)
                .map(|(known, _)| format!("write `{known}`, which is called so")),
            None => self.day_called(name),
        };
        let help = help.unwrap_or_else(|| match self.suggest(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `{name}` to {}, or correct it here", self.home),
        });
        Problem::error("unknown-id", format!("unknown {} `{name}`", self.what))
            .found(format!("`{name}`"))
            .expected(format!("{} of {}", one(self.what), self.home))
            .help(help)
    }

    /// What to say of a day of the week that has another label.
    fn day_called(&self, name: &str) -> Option<String> {
        let day = weekday(name).filter(|_| self.what == "day")?;
        let mut labels = self.index.keys().filter(|label| weekday(label) == Some(day));
        labels
            .next()
            .filter(|_| labels.next().is_none())
            .map(|label| format!("write `{label}`, as that day is called here"))
    }

    /// What to say of several names with another separator than that of lists.
    pub fn separate(&self, name: &str) -> Option<String> {
        value::separate(name, |item| self.get(item).is_some())
    }

    fn suggest(&self, name: &str) -> Option<&str> {
        let spent = self.comparisons.get() + self.index.len();
        if spent > MOST_COMPARISONS {
            return None;
        }
        self.comparisons.set(spent);
        nearest(name, self.index.keys().map(String::as_str))
    }
}

/// The name with every letter as one character where there is one; `None` where that changes nothing.
pub fn compose(name: &str) -> Option<String> {
    (!name.is_ascii()).then(|| name.nfc().collect())
}

/// A name as it is compared: in small letters, each letter one character, single spaces.
pub fn spoken(name: &str) -> String {
    let name = compose(name).unwrap_or_else(|| name.to_owned()).to_lowercase();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Looks up what a cell names.
impl Row<'_> {
    pub fn find<I: Id>(&self, column: &str, names: &Names<I>, problems: &mut Problems) -> Option<I> {
        match names.resolve(self.text(column)?) {
            Ok(id) => id,
            Err(problem) => {
                self.report(column, problem, problems);
                None
            }
        }
    }

    pub fn find_required<I: Id>(&self, column: &str, names: &Names<I>, problems: &mut Problems) -> Option<I> {
        self.required(column, problems)?;
        self.find(column, names, problems)
    }

    pub fn find_all<I: Id>(&self, column: &str, names: &Names<I>, problems: &mut Problems) -> Vec<I> {
        let mut found = Vec::new();
        for (index, item) in self.items(column, problems) {
            match names.resolve(item) {
                Ok(id) => found.extend(id),
                Err(problem) => {
                    let problem = names.separate(item).map_or(problem.clone(), |help| problem.help(help));
                    self.report_item(column, index, problem, problems);
                }
            }
        }
        found
    }
}
