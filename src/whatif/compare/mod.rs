//! Several schools, layouts, scenarios and seeds put next to each other: every combination is solved,
//! judged by the referee and measured; each two of one school tell who gains and who loses.

pub mod combination;
pub mod evaluate;
pub mod files;
pub mod gather;
pub mod measure;
pub mod page;
pub mod pair;
pub mod plan;
pub mod rank;
pub mod replace;
pub mod run;
pub mod text;

use serde_json::{Value, json};

pub use combination::{Combination, Wanted, expand};
pub use evaluate::{Evaluated, evaluate};
pub use measure::Measure;
pub use pair::Pair;
pub use rank::Ranked;

/// Combinations of one school up to which each two of them are compared; of more, each with the best.
const ALL_PAIRS: usize = 12;

/// Everything that is told of a comparison.
#[derive(Debug)]
pub struct Comparison {
    pub by: Measure,
    /// Schools in their order; of each the best first.
    pub results: Vec<Ranked>,
    pub pairs: Vec<Pair>,
    /// What is not there, with the reason.
    pub missing: Vec<Missing>,
}

/// A combination without a result.
#[derive(Clone, Debug)]
pub struct Missing {
    pub name: String,
    pub why: String,
}

impl Comparison {
    pub fn new(judged: Vec<Evaluated>, missing: Vec<Missing>, by: Measure) -> Self {
        let results = rank::rank(judged, by);
        let pairs = pairs(&results);
        Self { by, results, pairs, missing }
    }

    /// Whether there are results of more than one school.
    pub fn several_schools(&self) -> bool {
        let first = self.results.first().map(|ranked| &ranked.judged.combination.dir);
        self.results.iter().any(|ranked| Some(&ranked.judged.combination.dir) != first)
    }

    pub fn judged(&self, index: usize) -> &Evaluated {
        &self.results[index].judged
    }

    /// The results that no other of their school betters: none meets as much or more with fewer staff blocks,
    /// or more with as many. By staff blocks.
    pub fn frontier(&self) -> Vec<&Evaluated> {
        let all = || self.results.iter().map(|ranked| &ranked.judged);
        let better = |one: &Evaluated, other: &Evaluated| {
            let (value, blocks) = (other.needs_value() - one.needs_value(), other.staff_blocks);
            one.combination.dir == other.combination.dir
                && value >= 0.0
                && blocks <= one.staff_blocks
                && (value > 0.0 || blocks < one.staff_blocks)
        };
        let mut frontier: Vec<&Evaluated> =
            all().filter(|one| !all().any(|other| better(one, other))).collect();
        frontier.sort_by_key(|one| (one.staff_blocks, one.combination.order));
        frontier
    }

    /// What is told of combinations without a result.
    pub fn failure(&self) -> Option<String> {
        let (missing, all) = (self.missing.len(), self.missing.len() + self.results.len());
        match missing {
            _ if self.results.is_empty() => Some("there is no result to compare".to_owned()),
            0 => None,
            _ => Some(format!("{missing} of {all} have no result")),
        }
    }

    /// The content of `comparison.json`.
    pub fn json(&self) -> Value {
        let frontier: Vec<&str> = self.frontier().iter().map(|one| one.combination.name.as_str()).collect();
        let missing = |missing: &Missing| json!({ "name": missing.name, "why": missing.why });
        json!({
            "by": self.by.key(),
            "frontier": frontier,
            "combinations": self.results.iter().map(Ranked::json).collect::<Vec<_>>(),
            "pairs": self.pairs.iter().map(|pair| pair.json(self)).collect::<Vec<_>>(),
            "missing": self.missing.iter().map(missing).collect::<Vec<_>>(),
        })
    }
}

impl Ranked {
    fn json(&self) -> Value {
        let mut value = self.judged.json();
        value["rank"] = json!(self.rank);
        value
    }
}

/// Each two of the same school: the one asked for first is what the other is held against.
fn pairs(results: &[Ranked]) -> Vec<Pair> {
    let asked = |at: usize| results[at].judged.combination.order;
    let mut pairs = Vec::new();
    let mut first = 0;
    for of_school in results.chunk_by(|a, b| a.judged.combination.dir == b.judged.combination.dir) {
        let end = first + of_school.len();
        for a in first..end {
            for b in a + 1..end {
                if of_school.len() <= ALL_PAIRS || a == first {
                    let (a, b) = if asked(a) < asked(b) { (a, b) } else { (b, a) };
                    pairs.push(Pair::new(results, a, b));
                }
            }
        }
        first = end;
    }
    pairs.sort_by_key(|pair| (asked(pair.a), asked(pair.b)));
    pairs
}
