//! Two results of one school: who gains, who loses, and whether the difference is more than noise.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::school::Priority;

use super::evaluate::{Evaluated, Student};
use super::measure::short;
use super::{Comparison, Ranked};

/// Relative difference below which two totals are the same.
const SAME: f64 = 1e-9;

/// `b` held against `a`, both indices into [`Comparison::results`].
#[derive(Debug)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    /// Total of `b` less that of `a`.
    pub difference: f64,
    pub finding: Finding,
    /// Students of whom something changes, in the order of the file.
    pub changes: Vec<Change>,
    /// Students of only one of the two.
    pub only_a: usize,
    pub only_b: usize,
    /// What the changes come to by year, class and unit.
    pub groups: Vec<Group>,
}

/// What may be said of the two totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Equal,
    /// The better of the two, better than everything that is possible with the other.
    Better(usize),
    /// The difference is within the gap of the lower one.
    Noise,
    /// Their totals count different things.
    Incomparable,
}

/// One student.
#[derive(Clone, Debug)]
pub struct Change {
    pub student: Student,
    /// Need sessions that are met in `b` and not in `a`, by [`Priority::ALL`]; negative the other way.
    pub more: [i64; 3],
}

/// The students of one year, class or unit.
#[derive(Clone, Debug)]
pub struct Group {
    pub by: &'static str,
    pub value: String,
    pub gain: usize,
    pub lose: usize,
    pub more: [i64; 3],
}

impl Change {
    /// A missed `must` weighs more than any `should`, that more than any `could`.
    pub fn gains(&self) -> bool {
        self.more > [0; 3]
    }
}

impl Pair {
    pub fn new(results: &[Ranked], a: usize, b: usize) -> Self {
        let (of_a, of_b) = (&results[a].judged, &results[b].judged);
        let known: HashMap<&str, &Student> =
            of_a.students.iter().map(|student| (student.id.as_str(), student)).collect();
        let both =
            of_b.students.iter().filter_map(|student| Some((known.get(student.id.as_str())?, student)));
        let (mut changes, mut shared) = (Vec::new(), 0);
        for (before, after) in both {
            shared += 1;
            let more = [0, 1, 2].map(|at| i64::from(before.missing[at]) - i64::from(after.missing[at]));
            if more != [0; 3] {
                changes.push(Change { student: after.clone(), more });
            }
        }
        Self {
            a,
            b,
            difference: of_b.total - of_a.total,
            finding: finding((a, of_a), (b, of_b)),
            groups: groups(&changes),
            changes,
            only_a: of_a.students.len() - shared,
            only_b: of_b.students.len() - shared,
        }
    }

    pub fn gain(&self) -> usize {
        self.changes.iter().filter(|change| change.gains()).count()
    }

    pub fn lose(&self) -> usize {
        self.changes.len() - self.gain()
    }

    /// Need sessions met more in `b`, of all students.
    pub fn more(&self) -> [i64; 3] {
        let mut sum = [0; 3];
        self.changes.iter().for_each(|change| add(&mut sum, change.more));
        sum
    }

    /// What may be said of the totals, in plain words.
    pub fn words(&self, comparison: &Comparison) -> String {
        let (a, b) = (comparison.judged(self.a), comparison.judged(self.b));
        let compared = self.finding != Finding::Incomparable;
        match b.goes_on_from.as_ref().filter(|from| compared && **from == a.combination.name) {
            Some(from) => format!(
                "{}; both went on from the same schedule of {from} with the same effort: with the change the total is \
                 {} more",
                self.finding_in_words(comparison),
                short(self.difference)
            ),
            None => self.finding_in_words(comparison),
        }
    }

    fn finding_in_words(&self, comparison: &Comparison) -> String {
        let (a, b) = (comparison.judged(self.a), comparison.judged(self.b));
        let name = |judged: &Evaluated| judged.combination.name.clone();
        match self.finding {
            Finding::Equal if a.slack() + b.slack() <= SAME * a.total.abs().max(1.0) => {
                format!(
                    "{} and {} have the same total, and nothing better exists of either",
                    name(a),
                    name(b)
                )
            }
            Finding::Equal => format!("no finding: {} and {} have the same total", name(a), name(b)),
            Finding::Incomparable if a.meetings_asked != b.meetings_asked => format!(
                "the totals of {} and {} count different things: {} of {} coaching meetings are held, and {} of {}: \
                 compare what is met, not the totals",
                name(a),
                name(b),
                a.meetings_held(),
                a.meetings_asked,
                b.meetings_held(),
                b.meetings_asked
            ),
            Finding::Incomparable => format!(
                "the totals of {} and {} count different needs, weights or rules: compare what is met, not \
                 the totals",
                name(a),
                name(b)
            ),
            Finding::Better(best) => {
                let (best, other) = if best == self.b { (b, a) } else { (a, b) };
                format!(
                    "{} is better than {}: its total {} is more than any schedule of the other can have ({})",
                    name(best),
                    name(other),
                    short(best.total),
                    short(other.bound)
                )
            }
            Finding::Noise => {
                let low = if a.total < b.total { a } else { b };
                format!(
                    "no finding: the totals of {} and {} differ by {}, less than the {} that a better \
                     schedule of {} could still gain",
                    name(a),
                    name(b),
                    short(self.difference.abs()),
                    short(low.slack()),
                    name(low)
                )
            }
        }
    }

    pub fn json(&self, comparison: &Comparison) -> Value {
        let name = |index: usize| comparison.judged(index).combination.name.clone();
        let better = match self.finding {
            Finding::Better(best) => Some(name(best)),
            _ => None,
        };
        let mut by: Map<String, Value> = Map::new();
        for group in &self.groups {
            let list = by.entry(group.by).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(json!({
                    "value": group.value, "gain": group.gain, "lose": group.lose, "more": told(group.more),
                }));
            }
        }
        let student = |change: &Change| {
            json!({
                "student": change.student.id,
                "gains": change.gains(),
                "more": told(change.more),
            })
        };
        json!({
            "a": name(self.a),
            "b": name(self.b),
            "difference": self.difference,
            "finding": self.finding.label(),
            "better": better,
            "words": self.words(comparison),
            "gain": self.gain(),
            "lose": self.lose(),
            "more": told(self.more()),
            "only_in_a": self.only_a,
            "only_in_b": self.only_b,
            "by": by,
            "students": self.changes.iter().map(student).collect::<Vec<_>>(),
        })
    }
}

impl Finding {
    pub fn label(self) -> &'static str {
        match self {
            Finding::Equal => "equal",
            Finding::Better(_) => "better",
            Finding::Noise => "within_gap",
            Finding::Incomparable => "incomparable",
        }
    }
}

fn finding((at_a, a): (usize, &Evaluated), (at_b, b): (usize, &Evaluated)) -> Finding {
    if a.counting != b.counting {
        return Finding::Incomparable;
    }
    let same = SAME * a.total.abs().max(b.total.abs()).max(1.0);
    if (a.total - b.total).abs() <= same {
        return Finding::Equal;
    }
    let (best, high, low) = if a.total > b.total { (at_a, a, b) } else { (at_b, b, a) };
    if low.bound + same < high.total { Finding::Better(best) } else { Finding::Noise }
}

fn add(sum: &mut [i64; 3], more: [i64; 3]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn told(more: [i64; 3]) -> Value {
    let by_priority: Map<String, Value> = Priority::ALL
        .iter()
        .zip(more)
        .map(|(priority, more)| (priority.label().to_owned(), json!(more)))
        .collect();
    Value::Object(by_priority)
}

/// A column of `students.csv`.
type KeyOf = fn(&Student) -> &str;

fn groups(changes: &[Change]) -> Vec<Group> {
    let keys: [(&str, KeyOf); 3] = [
        ("year", |student| &student.year),
        ("class", |student| &student.class),
        ("unit", |student| &student.unit),
    ];
    let mut groups = Vec::new();
    for (by, key) in keys {
        let mut of_key: BTreeMap<Natural, Group> = BTreeMap::new();
        for change in changes.iter().filter(|change| !key(&change.student).is_empty()) {
            let value = key(&change.student);
            let empty = || Group { by, value: value.to_owned(), gain: 0, lose: 0, more: [0; 3] };
            let group = of_key.entry(Natural(value)).or_insert_with(empty);
            if change.gains() {
                group.gain += 1;
            } else {
                group.lose += 1;
            }
            add(&mut group.more, change.more);
        }
        groups.extend(of_key.into_values());
    }
    groups
}

/// Texts in the order of people: `2` before `10`.
#[derive(PartialEq, Eq)]
struct Natural<'a>(&'a str);

impl Ord for Natural<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
        (number(self.0), self.0).cmp(&(number(other.0), other.0))
    }
}

impl PartialOrd for Natural<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
