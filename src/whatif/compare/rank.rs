//! Which result is the best of its school by one measure.

use super::evaluate::Evaluated;
use super::measure::Measure;

/// A result with its place among those of its school, from 1; equal ones share theirs.
#[derive(Debug)]
pub struct Ranked {
    pub rank: usize,
    pub judged: Evaluated,
}

/// Relative difference below which two numbers are the same.
const SAME: f64 = 1e-9;

/// Schools in the order in which they were asked for; of each the best first, ties as asked for.
pub fn rank(mut judged: Vec<Evaluated>, by: Measure) -> Vec<Ranked> {
    judged.sort_by_key(|one| one.combination.order);
    let mut results = Vec::with_capacity(judged.len());
    while let Some(first) = judged.first() {
        let dir = first.combination.dir.clone();
        let (of_school, rest): (Vec<Evaluated>, Vec<Evaluated>) =
            judged.into_iter().partition(|one| one.combination.dir == dir);
        judged = rest;
        results.extend(ranked(of_school, by));
    }
    results
}

fn ranked(mut of_school: Vec<Evaluated>, by: Measure) -> Vec<Ranked> {
    let sign = if by.more_is_better() { -1.0 } else { 1.0 };
    let key = |one: &Evaluated| sign * by.value(one);
    of_school.sort_by(|a, b| key(a).total_cmp(&key(b)));
    let mut ranks: Vec<usize> = Vec::with_capacity(of_school.len());
    for (at, one) in of_school.iter().enumerate() {
        let same = at > 0 && {
            let (before, now) = (key(&of_school[at - 1]), key(one));
            (before - now).abs() <= SAME * before.abs().max(1.0)
        };
        ranks.push(if same { ranks[at - 1] } else { at + 1 });
    }
    ranks.into_iter().zip(of_school).map(|(rank, judged)| Ranked { rank, judged }).collect()
}
