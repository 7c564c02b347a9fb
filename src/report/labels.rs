//! How the page calls days, kinds of block and subjects.

use crate::read::HOMEWORK;
use crate::school::{Kind, School};
use crate::timetable::{is_plain, weekday};

use super::words::Words;

/// The days, in full where their labels are nothing but weekdays.
pub fn days(school: &School, words: &Words) -> Vec<String> {
    let full = words.weekdays();
    let call = |label: &String| match weekday(label) {
        Some(day) if is_plain(label) => full[usize::from(day.0) % 7].to_owned(),
        _ => label.clone(),
    };
    school.days.iter().map(call).collect()
}

pub fn kind(kind: Kind, words: &Words) -> &'static str {
    match kind {
        Kind::Coaching => words.kind_coaching,
        Kind::Lesson => words.kind_lesson,
        Kind::Zone => words.kind_zone,
        Kind::Homework => words.kind_homework,
    }
}

/// The kinds that the layout has, with the classes of their colours.
pub fn kinds(school: &School, words: &Words) -> Vec<(String, String)> {
    let used = Kind::ALL.into_iter().filter(|kind| school.blocks.iter().any(|block| block.kind == *kind));
    used.map(|used| (format!("k-{}", used.label()), kind(used, words).to_owned())).collect()
}

/// The names of the subjects of a cell such as `ku|mu`. What the program itself calls homework need not be in
/// `subjects.csv` in words.
pub fn subjects(school: &School, cell: &str, words: &Words) -> String {
    let name = |id: &str| {
        let known = school.subjects.iter().find(|subject| subject.id == id);
        match known.map_or(id, |subject| subject.name.as_str()) {
            HOMEWORK => words.kind_homework.to_owned(),
            name => name.to_owned(),
        }
    };
    cell.split('|').filter(|id| !id.is_empty()).map(name).collect::<Vec<_>>().join(" / ")
}

/// What stands before the level in a subject's id: `wi` of `wi-ha`. Subjects of a family share a colour.
pub fn family(subject: &str) -> &str {
    subject.split(['-', '_', '.']).next().unwrap_or(subject)
}

/// Colours that the style sheet has for families of subjects; the next one is for everything else.
pub const COLOURS: usize = 12;

/// The colour of the first subject of a cell such as `ku|mu`.
pub fn colour(school: &School, cell: &str) -> usize {
    let family = family(cell.split('|').next().unwrap_or_default());
    families(school).iter().position(|known| *known == family).map_or(COLOURS, |at| at % COLOURS)
}

/// Each family once, in the order of the subjects.
pub fn families(school: &School) -> Vec<&str> {
    let mut families: Vec<&str> = Vec::new();
    for subject in &school.subjects {
        let family = family(&subject.id);
        if !families.contains(&family) {
            families.push(family);
        }
    }
    families
}
