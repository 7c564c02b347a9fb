//! The figures at the top of the page: needs met, who is worst off, and how good it is in plain words.

use crate::school::{Id, Priority};
use crate::timetable::{Owner, Timetable};
use crate::verify::Verdict;

use super::data::priority_word;
use super::picture::{Table, percent};
use super::words::{Words, fill};

/// A gap that rounding makes look like none.
const PROVEN: f64 = 1e-6;

/// One tile.
pub struct Fact {
    pub title: String,
    pub figure: String,
    pub text: String,
    /// Width of its bar in per cent.
    pub bar: Option<u64>,
}

pub fn facts(timetable: &Timetable, words: &Words) -> Vec<Fact> {
    let school = timetable.school;
    let mut facts = Vec::new();
    for priority in Priority::ALL {
        let needs = school.needs.iter().filter(|need| need.priority == priority);
        let asked: u64 = needs.map(|need| u64::from(need.sessions)).sum();
        let missing = timetable.missing.iter().filter(|row| row.priority == Some(priority));
        let met = asked.saturating_sub(missing.map(|row| u64::from(row.missing)).sum());
        if asked > 0 {
            let share = percent(met, asked);
            facts.push(Fact {
                title: format!("{}: {}", words.needs_met, priority_word(priority, words)),
                figure: words.share(met, asked),
                text: fill(words.met_of, &[&met, &asked]),
                bar: Some(share),
            });
        }
    }
    let unmet = unmet_by_student(timetable);
    let complete = unmet.iter().filter(|unmet| **unmet == 0).count();
    facts.push(Fact {
        title: words.complete.to_owned(),
        figure: words.share(complete as u64, unmet.len() as u64),
        text: fill(words.complete_of, &[&complete, &unmet.len()]),
        bar: Some(percent(complete as u64, unmet.len() as u64)),
    });
    facts.push(worst(timetable, &unmet, words));
    facts
}

/// Missing `must` and `should` sessions.
fn unmet_by_student(timetable: &Timetable) -> Vec<u64> {
    let mut unmet = vec![0; timetable.school.students.len()];
    for row in &timetable.missing {
        if let (Owner::Student(student), Some(priority)) = (row.who, row.priority)
            && priority.counts_for_fairness()
        {
            unmet[student.index()] += u64::from(row.missing);
        }
    }
    unmet
}

fn worst(timetable: &Timetable, unmet: &[u64], words: &Words) -> Fact {
    let most = unmet.iter().copied().max().unwrap_or(0);
    let who: Vec<&str> = timetable
        .school
        .students
        .iter()
        .zip(unmet)
        .filter(|(_, unmet)| **unmet == most)
        .map(|(student, _)| student.name.as_str())
        .collect();
    let text = match (most, who.as_slice()) {
        (0, _) => words.worst_none.to_owned(),
        (_, [name]) => fill(words.worst_of, &[name, &most]),
        (_, several) => fill(words.worst_others, &[&several.len(), &most]),
    };
    Fact { title: words.worst.to_owned(), figure: most.to_string(), text, bar: None }
}

/// How good the schedule is, in sentences. The bound of a repaired week is none of its plan, so its gap says nothing.
pub fn quality(verdict: &Verdict, repaired: bool, words: &Words) -> Vec<String> {
    let bound = verdict.stated.as_ref().and_then(|stated| stated.bound);
    let gap = bound.map(|bound| ((bound - verdict.total) / verdict.total.abs().max(1.0)).max(0.0));
    let how_good = match gap {
        _ if repaired => words.repaired_quality.to_owned(),
        None => words.no_bound.to_owned(),
        Some(gap) if gap < PROVEN => words.proven.to_owned(),
        // Rounded up, so that the sentence stays true.
        Some(gap) => fill(words.within, &[&words.number((gap * 1e4).ceil() / 100.0)]),
    };
    let rules = match verdict.violations.len() {
        0 => words.rules_hold.to_owned(),
        violations => fill(words.rules_broken, &[&violations]),
    };
    vec![how_good, rules]
}

/// Every term of the objective, the total and the bound.
pub fn terms(verdict: &Verdict, repaired: bool, words: &Words) -> Table {
    let number = |value: f64| words.number(value);
    let mut table = Table::new([words.term, words.count, words.value]);
    for term in verdict.terms.0.iter().filter(|term| term.count != 0) {
        table.push([words.term(term.name).to_owned(), term.count.to_string(), number(term.value)]);
    }
    table.push([words.total.to_owned(), String::new(), number(verdict.total)]);
    if let Some(bound) = verdict.stated.as_ref().and_then(|stated| stated.bound).filter(|_| !repaired) {
        table.push([words.bound.to_owned(), String::new(), number(bound)]);
    }
    table
}
