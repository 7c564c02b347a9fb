//! Rows of one student in the relaxation that no flow from needs to blocks holds by itself (R6):
//!
//! ```text
//! per_day  ω_{i,o,d} ≥ 0   attendances of i in o on day d ≤ per_day
//! after    ω_{i,o,b} ≥ 0   attendances of i in o in b ≤ those in the offering it comes after, in earlier blocks
//!          ω_{i,o} ≥ 0     attendances of i in o ≤ sessions asked x those in the offering it comes after
//! ```
//!
//! `per_day` only where it is likely to bind: for those who ask for more than half as many sessions as their days allow.
//!
//! Prices of `after` let a student attend a quarter of an introduction and with it a quarter of everything after it.
//! The first introduction that a student asks for once has none: its block is found by trying ([`Introduction`]).

use std::collections::{BTreeMap, BTreeSet};

use super::links::Links;
use crate::school::{BlockId, DayId, Id, OfferingId, School, StudentId};

/// A row and the factor of a way in it; [`NEVER`]: the way is closed.
pub type Term = (u32, f64);
pub const NEVER: u32 = u32::MAX;

#[derive(Debug, Default)]
pub struct StudentRows {
    pub level: Vec<f64>,
    /// Per student, and one more: first row.
    first: Vec<u32>,
    /// Per way, and one more: first term; empty where no student has any row.
    first_term: Vec<u32>,
    terms: Vec<Term>,
    /// Per need: most sessions that its days allow.
    pub most: Vec<u32>,
    introductions: BTreeMap<StudentId, Introduction>,
}

/// An offering that a student asks for once, and that others come after.
#[derive(Debug)]
pub struct Introduction {
    offering: OfferingId,
    /// A way to attend it, of those counted from the student's first, and the ways to what comes after it that would then
    /// still be open.
    pub attended: Vec<(usize, Vec<usize>)>,
    /// All ways to what comes after it.
    pub after: Vec<usize>,
}

/// A way that a student may go: in which offering and block.
struct Step {
    way: usize,
    offering: OfferingId,
    block: BlockId,
}

impl StudentRows {
    pub fn new(school: &School, links: &Links) -> Self {
        let mut rows = Self { first: vec![0], first_term: vec![0], ..Self::default() };
        for student in school.student_ids() {
            rows.add_student(school, links, student);
        }
        if rows.terms.is_empty() {
            rows.first_term = Vec::new();
        }
        rows
    }

    fn add_student(&mut self, school: &School, links: &Links, student: StudentId) {
        let mut steps: Vec<Step> = Vec::new();
        let mut asked: BTreeMap<OfferingId, u32> = BTreeMap::new();
        let mut allowed: BTreeMap<OfferingId, u32> = BTreeMap::new();
        let first_way = school.needs_of(student).next().map_or(0, |need| links.first_way_of(need));
        let mut ways = first_way;
        for need in school.needs_of(student) {
            let mut days: BTreeMap<(OfferingId, DayId), BTreeSet<BlockId>> = BTreeMap::new();
            for way in links.ways_of(need) {
                let tier = &links.tiers[way.tier as usize];
                let (offering, block) = (tier.offering, BlockId::new(tier.block as usize));
                days.entry((offering, school[block].day)).or_default().insert(block);
                steps.push(Step { way: ways - first_way, offering, block });
                ways += 1;
            }
            let of_day = |(&(o, _), blocks): (&(OfferingId, DayId), &BTreeSet<BlockId>)| {
                school[o].per_day.min(blocks.len() as u32)
            };
            let most = days.iter().map(of_day).sum::<u32>().min(school[need].sessions);
            self.most.push(most);
            for o in days.keys().map(|&(o, _)| o).collect::<BTreeSet<_>>() {
                *asked.entry(o).or_default() += most;
                let of_days = days.iter().filter(|((other, _), _)| *other == o).map(of_day).sum::<u32>();
                allowed.entry(o).and_modify(|most| *most = of_days.max(*most)).or_insert(of_days);
            }
        }
        let most_of = asked.clone();
        asked.retain(|o, &mut asked| asked > school[*o].per_day && 2 * asked > allowed[o]);
        let mut terms: Vec<Vec<Term>> = vec![Vec::new(); ways - first_way];
        self.add_per_day(school, &steps, &asked, &mut terms);
        self.add_introduction(school, &steps, &most_of, student);
        self.add_after(school, &steps, &most_of, &mut terms, student);
        self.first.push(self.level.len() as u32);
        for terms in terms {
            self.terms.extend(terms);
            self.first_term.push(self.terms.len() as u32);
        }
    }

    fn add_per_day(
        &mut self,
        school: &School,
        steps: &[Step],
        asked: &BTreeMap<OfferingId, u32>,
        terms: &mut [Vec<Term>],
    ) {
        let mut days: BTreeMap<(OfferingId, DayId), Vec<&Step>> = BTreeMap::new();
        for step in steps.iter().filter(|step| asked.contains_key(&step.offering)) {
            days.entry((step.offering, school[step.block].day)).or_default().push(step);
        }
        for ((offering, _), steps) in days {
            let blocks: BTreeSet<BlockId> = steps.iter().map(|step| step.block).collect();
            let most = school[offering].per_day;
            if blocks.len() > most as usize {
                let row = self.add_row(f64::from(most));
                steps.iter().for_each(|step| terms[step.way].push((row, 1.0)));
            }
        }
    }

    /// `most`: sessions of each offering that the student asks for.
    fn add_after(
        &mut self,
        school: &School,
        steps: &[Step],
        most: &BTreeMap<OfferingId, u32>,
        terms: &mut [Vec<Term>],
        student: StudentId,
    ) {
        let tried = self.introduction(student).map(|introduction| introduction.offering);
        let priced = |step: &Step| school[step.offering].after.filter(|&first| Some(first) != tried);
        let mut later: BTreeMap<(OfferingId, OfferingId, BlockId), Vec<&Step>> = BTreeMap::new();
        for step in steps {
            if let Some(first) = priced(step) {
                later.entry((first, step.offering, step.block)).or_default().push(step);
            }
        }
        for ((first, _, block), later) in later {
            let comes_before =
                |step: &&Step| step.offering == first && school[step.block].ends_before(&school[block]);
            let earlier: Vec<&Step> = steps.iter().filter(comes_before).collect();
            if earlier.is_empty() {
                later.iter().for_each(|step| terms[step.way].push((NEVER, 0.0)));
                continue;
            }
            let row = self.add_row(0.0);
            later.iter().for_each(|step| terms[step.way].push((row, 1.0)));
            earlier.iter().for_each(|step| terms[step.way].push((row, -1.0)));
        }
        // Together as well: a part of a session before allows no more than that part of all after it.
        for (&offering, &most) in most {
            let Some(first) = school[offering].after.filter(|&first| Some(first) != tried) else { continue };
            let row = self.add_row(0.0);
            for step in steps {
                if step.offering == offering {
                    terms[step.way].push((row, 1.0));
                } else if step.offering == first {
                    terms[step.way].push((row, -f64::from(most)));
                }
            }
        }
    }

    fn add_introduction(
        &mut self,
        school: &School,
        steps: &[Step],
        most: &BTreeMap<OfferingId, u32>,
        student: StudentId,
    ) {
        let comes_after =
            |first: OfferingId| steps.iter().filter(move |step| school[step.offering].after == Some(first));
        let once = most.iter().filter(|&(_, &most)| most == 1).map(|(&first, _)| first);
        let Some(offering) = once.into_iter().find(|&first| comes_after(first).next().is_some()) else {
            return;
        };
        let attended = steps.iter().filter(|step| step.offering == offering).map(|first| {
            let later = comes_after(offering)
                .filter(|step| school[first.block].ends_before(&school[step.block]))
                .map(|step| step.way);
            (first.way, later.collect())
        });
        let after = comes_after(offering).map(|step| step.way).collect();
        let introduction = Introduction { offering, attended: attended.collect(), after };
        self.introductions.insert(student, introduction);
    }

    pub fn introduction(&self, student: StudentId) -> Option<&Introduction> {
        self.introductions.get(&student)
    }

    fn add_row(&mut self, level: f64) -> u32 {
        self.level.push(level);
        self.level.len() as u32 - 1
    }

    /// Rows of the students.
    pub fn of_students(&self, students: std::ops::Range<usize>) -> std::ops::Range<usize> {
        self.first[students.start] as usize..self.first[students.end] as usize
    }

    /// By the number of the way among all.
    pub fn terms_of(&self, way: usize) -> &[Term] {
        match self.first_term.get(way..way + 2) {
            Some(range) => &self.terms[range[0] as usize..range[1] as usize],
            None => &[],
        }
    }

    /// What the prices take from an attendance by the way; `None`: it is closed.
    pub fn price(&self, way: usize, prices: &[f64]) -> Option<f64> {
        let mut sum = 0.0;
        for &(row, factor) in self.terms_of(way) {
            if row == NEVER {
                return None;
            }
            sum += factor * prices[row as usize];
        }
        Some(sum)
    }
}
