//! Whom and what a question names.

use crate::school::{DayId, Id, School, StudentId, SubjectId, ids};

/// Candidates named in a message.
const NAMED: usize = 6;
/// Similarity from which an id or name is suggested, of 1.
const SIMILAR: f64 = 0.7;

/// # Errors
/// No student or several are called so.
pub fn student(school: &School, text: &str) -> Result<StudentId, String> {
    let rows = school.students.iter().map(|row| (row.id.as_str(), row.name.as_str()));
    named(&rows.collect::<Vec<_>>(), "student", text)
}

/// # Errors
/// No subject or several are called so.
pub fn subject(school: &School, text: &str) -> Result<SubjectId, String> {
    let rows = school.subjects.iter().map(|row| (row.id.as_str(), row.name.as_str()));
    named(&rows.collect::<Vec<_>>(), "subject", text)
}

/// Days separated by `|` or commas, upper and lower case alike.
///
/// # Errors
/// One is no day of the school.
pub fn days(school: &School, text: &str) -> Result<Vec<DayId>, String> {
    let day = |label: &str| {
        let found = school.days.iter().position(|day| day.to_lowercase() == label.to_lowercase());
        found.map(DayId::new).ok_or_else(|| {
            format!("--days {text}: `{label}` is no day of this school ({})", school.days.join(", "))
        })
    };
    text.split(['|', ',']).map(str::trim).filter(|label| !label.is_empty()).map(day).collect()
}

/// The one that `text` names: by id, else by name, else by part of a name, upper and lower case alike unless that leaves
/// several.
fn named<I: Id>(rows: &[(&str, &str)], what: &str, text: &str) -> Result<I, String> {
    type Fits<'a> = &'a dyn Fn(&str, &str) -> bool;
    let text = text.trim();
    let lower = text.to_lowercase();
    let ways: [Fits; 4] = [
        &|id, _| id == text,
        &|id, _| id.to_lowercase() == lower,
        &|_, name| name.to_lowercase() == lower,
        &|_, name| !lower.is_empty() && name.to_lowercase().contains(&lower),
    ];
    let found = |fits: &Fits| -> Vec<I> {
        ids(rows.len()).filter(|id: &I| fits(rows[id.index()].0, rows[id.index()].1)).collect()
    };
    let told = |found: &[I]| -> String {
        let told = |id: &I| match rows[id.index()] {
            (id, "") => format!("`{id}`"),
            (id, name) => format!("`{id}` ({name})"),
        };
        found.iter().take(NAMED).map(told).collect::<Vec<_>>().join(", ")
    };
    match ways.iter().map(found).find(|found| !found.is_empty()).as_deref() {
        Some([one]) => Ok(*one),
        Some(several) => {
            let more = several.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" or {more} more") } else { String::new() };
            Err(format!("`{text}` may be {}{more}: give the id", told(several)))
        }
        None => {
            let similarity = |id: &I| {
                let (id, name) = rows[id.index()];
                let words = name.split_whitespace().chain([id, name]);
                words.map(|word| strsim::jaro_winkler(&lower, &word.to_lowercase())).fold(0.0, f64::max)
            };
            let mut near: Vec<(f64, I)> = ids(rows.len()).map(|id| (similarity(&id), id)).collect();
            near.retain(|&(similarity, _)| similarity >= SIMILAR);
            near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
            let near: Vec<I> = near.into_iter().take(3).map(|(_, id)| id).collect();
            let mean =
                if near.is_empty() { String::new() } else { format!("; did you mean {}?", told(&near)) };
            Err(format!("no {what} of this school is called `{text}`{mean}"))
        }
    }
}
