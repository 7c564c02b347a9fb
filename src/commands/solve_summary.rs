//! What `solve` ends with: who is worst off, what was scarce, how good it is in words, and what to do next.

use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::path::Path;

use crate::parallel::join;
use crate::report::{Words, fill};
use crate::schedule::{Outcome, Status};
use crate::school::School;
use crate::shell;
use crate::write::{Reason, Unmet, Written};

/// Students and subjects named; the rest is counted.
const NAMED: usize = 3;

/// The closing lines, in the language of the school.
pub fn tell(school: &School, dir: &Path, out: &Path, written: &Written) -> String {
    let words = Words::of(school.language);
    let missing = &written.missing;
    let mut text = String::new();
    let (worst_off, scarce) = join(|| worst_off(school, missing, words), || scarce(missing, words));
    for line in [Some(quality(&written.outcome, words)), worst_off, scarce].into_iter().flatten() {
        text += &line;
        text.push('\n');
    }
    let who = school.students.first().map_or("WHO", |student| &student.id);
    let (dir, out, who) = (shell::path(dir), shell::path(out), shell::last(who));
    text + &format!("{}\n", fill(words.next_show, &[&out, &who]))
        + &format!("{}\n", fill(words.next_report, &[&dir, &out]))
}

fn quality(outcome: &Outcome, words: &Words) -> String {
    if outcome.status == Status::Optimal {
        return words.line_proven.to_owned();
    }
    // Rounded up, so that the sentence stays true; a gap that looks like none is not proven to be none.
    let hundredths = (outcome.gap() * 1e4).ceil().max(1.0);
    fill(words.line_within, &[&words.number(hundredths / 100.0)])
}

/// A count in words: one or several.
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { one.to_owned() } else { fill(several, &[&count]) }
}

/// Those who miss most sessions that they must or should attend.
fn worst_off(school: &School, missing: &[Unmet], words: &Words) -> Option<String> {
    // Only rows of needs have a priority, and needs are students'; those of one student follow each other.
    let rows = missing.chunk_by(|one, other| one.who == other.who).filter_map(|rows| {
        let counting = rows.iter().filter(|row| row.priority.is_some_and(|p| p.counts_for_fairness()));
        let missed: u32 = counting.map(|row| row.missing).sum();
        (missed > 0).then(|| (rows[0].who.as_str(), missed))
    });
    let missed: Vec<(&str, u32)> = rows.collect();
    let most = missed.iter().map(|&(_, missed)| missed).max()?;
    let worst: Vec<&str> = missed.iter().filter(|&&(_, missed)| missed == most).map(|&(id, _)| id).collect();
    // A log is read by others than the timetabler at the terminal.
    let named = std::io::stderr().is_terminal();
    let called = |id: &&str| match school.students.iter().find(|student| student.id == *id) {
        Some(student) if named => format!("{} ({id})", student.name),
        _ => (*id).to_owned(),
    };
    let mut names: Vec<String> = worst.iter().take(NAMED).map(called).collect();
    if worst.len() > NAMED {
        names.push(counted(worst.len() - NAMED, words.one_other, words.n_others));
    }
    let sessions = counted(most as usize, words.one_session, words.n_sessions);
    let everybody = match (missed.len(), school.students.len()) {
        (1, all) => fill(words.one_misses, &[&all]),
        (some, all) => fill(words.n_miss, &[&some, &all]),
    };
    let line = if worst.len() == 1 { words.worst_one } else { words.worst_many };
    Some(fill(line, &[&names.join(", "), &sessions, &everybody]))
}

/// The subjects of which most sessions are missing, each with the most frequent reason.
fn scarce(missing: &[Unmet], words: &Words) -> Option<String> {
    let mut by_subject: HashMap<&str, BTreeMap<Reason, u64>> = HashMap::new();
    for row in missing.iter().filter(|row| row.priority.is_some()) {
        *by_subject.entry(&row.subject).or_default().entry(row.reason).or_default() += u64::from(row.missing);
    }
    let mut subjects: Vec<(u64, &str, String)> = by_subject
        .into_iter()
        .map(|(subject, reasons)| {
            let all = reasons.values().sum();
            let main = reasons.into_iter().max_by_key(|&(reason, count)| (count, reason.label()));
            (all, subject, main.map_or(String::new(), |(reason, _)| words.short_reason(reason.label())))
        })
        .collect();
    subjects.sort_by_key(|(count, subject, _)| (std::cmp::Reverse(*count), *subject));
    let rows = subjects.iter().take(NAMED);
    let rows: Vec<String> =
        rows.map(|(count, subject, reason)| fill(words.scarce_one, &[subject, count, reason])).collect();
    (!rows.is_empty()).then(|| fill(words.scarce, &[&rows.join(", ")]))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Status, Words, quality};
    use crate::school::Language;

    #[test]
    fn only_what_is_proven_is_called_so() {
        let told = |status, bound| {
            quality(&Outcome { status, total: 15e6, bound, seconds: 1.0 }, Words::of(Language::English))
        };
        assert_eq!(told(Status::Optimal, 15e6), "no better timetable exists: this is proven");
        for bound in [15e6, 15e6 + 10.0] {
            let expected = "no timetable whatever can be more than 0.01 % better than this one";
            assert_eq!(told(Status::GapReached, bound), expected);
        }
    }
}
