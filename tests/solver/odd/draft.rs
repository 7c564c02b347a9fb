//! Draws from a seed what goes into the tables of a school.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::{Rule, Shape};

#[derive(Clone)]
pub struct Dice(SplitMix64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64::seed_from_u64(seed))
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    /// True once in `often` times.
    pub fn rarely(&mut self, often: usize) -> bool {
        self.below(often) == 0
    }
}

pub struct Table {
    pub file: &'static str,
    pub header: &'static str,
    pub rows: Vec<String>,
}

pub struct Draft {
    pub dice: Dice,
    /// For what is drawn since later, so that the school of a seed stays as it was in all else.
    pub later: Dice,
    pub shape: Shape,
    /// The rule that is off.
    pub off: Option<Rule>,
    pub tables: Vec<Table>,
}

impl Draft {
    pub fn id(&self, kind: &str, number: usize) -> String {
        match self.shape {
            Shape::Renamed => format!("{kind}z{}", 60 - number),
            _ => format!("{kind}{number}"),
        }
    }

    pub fn one(&mut self, kind: &str, of: usize) -> String {
        let number = self.dice.below(of);
        if of == 0 { String::new() } else { self.id(kind, number) }
    }

    pub fn maybe(&mut self, often: usize, kind: &str, of: usize) -> String {
        let (wanted, one) = (self.dice.rarely(often), self.one(kind, of));
        if wanted { one } else { String::new() }
    }

    pub fn number(&mut self, often: usize, from: usize, below: usize) -> String {
        let (wanted, number) = (self.dice.rarely(often), from + self.dice.below(below - from));
        if wanted { number.to_string() } else { String::new() }
    }

    /// Some of them, joined as lists are.
    pub fn some(&mut self, kind: &str, of: usize, often: usize) -> String {
        let chosen: Vec<usize> = (0..of).filter(|_| self.dice.rarely(often)).collect();
        chosen.into_iter().map(|number| self.id(kind, number)).collect::<Vec<_>>().join("|")
    }

    pub fn off(&self, rule: Rule) -> bool {
        self.off == Some(rule)
    }

    /// A table that sets a rule.
    pub fn table_of(&mut self, rule: Rule, file: &'static str, header: &'static str, rows: Vec<String>) {
        let rows = if self.off(rule) { Vec::new() } else { rows };
        self.table(file, header, rows);
    }

    pub fn table(&mut self, file: &'static str, header: &'static str, rows: Vec<String>) {
        self.tables.push(Table { file, header, rows });
    }
}
