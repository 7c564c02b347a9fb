//! Needs met by subject and year, as a grid of shares.

use std::collections::BTreeMap;

use crate::report::labels;
use crate::report::picture::{Label, Mark, Picture, Table, percent, short, tenths};
use crate::report::words::Words;
use crate::school::{NeedId, School};
use crate::timetable::{Owner, Timetable};

const LEFT: usize = 190;
const TOP: usize = 26;
const COLUMN: usize = 74;
const ROW: usize = 20;
/// For the part of the last heading that is wider than its column.
const RIGHT: usize = 16;

/// Sessions asked for and met.
#[derive(Clone, Copy, Default)]
pub struct Share {
    pub asked: u64,
    pub met: u64,
}

impl Share {
    fn add(&mut self, asked: u64, met: u64) {
        self.asked += asked;
        self.met += met;
    }
}

pub fn draw(timetable: &Timetable, words: &Words) -> Picture {
    let school = timetable.school;
    let mut years: Vec<&str> = school.students.iter().map(|student| student.year.as_str()).collect();
    years.sort_by_key(|year| (year.len(), *year));
    years.dedup();
    let shares = shares(timetable);
    let subjects: Vec<usize> =
        (0..school.subjects.len()).filter(|s| shares.keys().any(|(subject, _)| subject == s)).collect();
    let mut picture = Picture {
        id: "needs",
        title: words.needs_title,
        about: words.needs_about,
        width: LEFT + (years.len() + 1) * COLUMN + RIGHT,
        height: TOP + subjects.len() * ROW + 4,
        marks: Vec::new(),
        labels: Vec::new(),
        legend: Vec::new(),
        table: Table::new([words.subject, words.year, words.asked, words.met]),
        cut: None,
    };
    for (at, year) in years.iter().enumerate() {
        let x = LEFT + at * COLUMN + COLUMN / 2;
        picture.labels.push(Label::new(x, 16, "l-mid l-head", short(called(year), 10)));
    }
    let x = LEFT + years.len() * COLUMN + COLUMN / 2;
    picture.labels.push(Label::new(x, 16, "l-mid l-head", short(words.all_years, 14)));
    for (row, &subject) in subjects.iter().enumerate() {
        let y = TOP + row * ROW;
        let name = &labels::subjects(school, &school.subjects[subject].id, words);
        picture.labels.push(
            Label::new(0, y + 14, "l-start", short(name, 25)).to("subject", &school.subjects[subject].id),
        );
        let mut all = Share::default();
        for (at, year) in years.iter().enumerate() {
            if let Some(share) = shares.get(&(subject, (*year).to_owned())) {
                all.add(share.asked, share.met);
                cell(
                    &mut picture,
                    (LEFT + at * COLUMN, y),
                    *share,
                    &format!("{name}, {}: {}", words.year, called(year)),
                );
                let row = [name.clone(), (*year).to_owned(), share.asked.to_string(), share.met.to_string()];
                picture.table.push(row);
            }
        }
        cell(&mut picture, (LEFT + years.len() * COLUMN, y), all, &format!("{name}, {}", words.all_years));
    }
    picture
}

/// Students may have no year.
fn called(year: &str) -> &str {
    if year.is_empty() { "–" } else { year }
}

fn cell(picture: &mut Picture, (x, y): (usize, usize), share: Share, what: &str) {
    // The darker, the more is missing; nearly everything is as good as everything.
    let missing = share.asked.saturating_sub(share.met);
    let level = if missing * 20 <= share.asked { 0 } else { tenths(missing, share.asked) };
    picture.marks.push(Mark {
        x: x + 1,
        y: y + 1,
        width: COLUMN - 2,
        height: ROW - 2,
        class: format!("m{level}"),
        tip: format!("{what}: {} / {}", share.met, share.asked),
    });
    let text = format!("{} %", percent(share.met, share.asked));
    let class = if level > 6 { "l-mid l-on" } else { "l-mid" };
    picture.labels.push(Label::new(x + COLUMN / 2, y + 14, class, text));
}

/// By subject and year.
fn shares(timetable: &Timetable) -> BTreeMap<(usize, String), Share> {
    let school = timetable.school;
    let mut shares: BTreeMap<(usize, String), Share> = BTreeMap::new();
    let missing = missing(timetable);
    for need in school.need_ids() {
        let asked = u64::from(school[need].sessions);
        let met = asked.saturating_sub(missing.get(&need).copied().unwrap_or(0));
        if let Some(subject) = first_subject(school, need) {
            let year = school[school[need].student].year.clone();
            shares.entry((subject, year)).or_default().add(asked, met);
        }
    }
    shares
}

fn first_subject(school: &School, need: NeedId) -> Option<usize> {
    use crate::school::Id;
    school[need].subjects.first().map(|subject| subject.index())
}

/// Missing sessions by need. Needs of a student that are written alike share what is missing among them.
fn missing(timetable: &Timetable) -> BTreeMap<NeedId, u64> {
    let school = timetable.school;
    let mut missing = BTreeMap::new();
    for row in &timetable.missing {
        let (Owner::Student(student), Some(priority)) = (row.who, row.priority) else { continue };
        let mut left = u64::from(row.missing);
        for need in school.needs_of(student) {
            let fits = school[need].priority == priority && school.need_subjects(need) == row.subject;
            let known = missing.get(&need).copied().unwrap_or(0);
            let room = u64::from(school[need].sessions).saturating_sub(known);
            if fits && left > 0 && room > 0 {
                missing.insert(need, known + left.min(room));
                left -= left.min(room);
            }
        }
    }
    missing
}
