//! One page for each student, with that student's week and nobody else's. It needs no script, so that it
//! also opens in the preview of a mail program.

use std::collections::HashSet;

use askama::Template;

use crate::school::{Id, Language, StudentId};
use crate::timetable::{Owner, Timetable};
use crate::write::free_file;

use super::week::{self, Entry};
use super::words::Words;
use super::{STYLE, data, labels, requests};

/// A page and the name of its file.
pub struct StudentPage {
    pub file: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "student.html")]
struct Page<'a> {
    lang: &'static str,
    words: &'a Words,
    school: &'a str,
    style: &'a str,
    name: &'a str,
    /// Class, unit, coach: heading and value.
    facts: Vec<(&'static str, String)>,
    times: Vec<[String; 2]>,
    days: Vec<Day>,
    requests: Vec<String>,
    missing: Vec<String>,
    made: String,
}

struct Day {
    name: String,
    cells: Vec<Vec<Card>>,
    empty: bool,
}

struct Card {
    kind: &'static str,
    /// Of the subject, as the style sheet counts them.
    colour: Option<usize>,
    time: String,
    title: String,
    lines: Vec<String>,
}

/// A page for every student, in the order of the students.
///
/// # Errors
/// Never for a timetable that was read; rendering reports its own faults.
pub fn student_pages(timetable: &Timetable, language: Language) -> Result<Vec<StudentPage>, askama::Error> {
    let mut taken = HashSet::new();
    let page = |student: StudentId| {
        let file = free_file("", &timetable.school[student].id, "html", &mut taken);
        Ok(StudentPage { file, html: draw(timetable, student, language)? })
    };
    timetable.school.student_ids().map(page).collect()
}

fn draw(timetable: &Timetable, student: StudentId, language: Language) -> Result<String, askama::Error> {
    let school = timetable.school;
    let words = Words::of(language);
    let entries = week::of(timetable, Owner::Student(student), words);
    let slots = week::times(&entries);
    let days = labels::days(school, words).into_iter().enumerate().map(|(at, name)| {
        let of_day = || entries.iter().filter(|entry| entry.day.index() == at);
        let cell =
            |slot| of_day().filter(|entry| entry.time == slot).map(|entry| card(entry, words)).collect();
        Day { name, cells: slots.iter().copied().map(cell).collect(), empty: of_day().next().is_none() }
    });
    Page {
        lang: language.code(),
        words,
        school: &school.name,
        style: STYLE,
        name: &school[student].name,
        facts: facts(timetable, student, words),
        times: slots.iter().map(|&time| week::time_words(time, words)).collect(),
        days: days.collect(),
        requests: requests::of_student(timetable, student, words),
        missing: missing(timetable, student, words),
        made: words.made_with(timetable),
    }
    .render()
}

fn facts(timetable: &Timetable, student: StudentId, words: &Words) -> Vec<(&'static str, String)> {
    let school = timetable.school;
    let row = &school[student];
    let coach = timetable.group_of(student).map(|group| school[group.coach].name.clone());
    let facts = [
        (words.class, row.class.clone()),
        (words.unit, row.unit.map_or(String::new(), |unit| school[unit].clone())),
        (words.coach, coach.unwrap_or_default()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn card(entry: &Entry, words: &Words) -> Card {
    let Entry { kind, colour, title, lines, .. } = entry;
    let [start, end] = week::time_words(entry.time, words);
    let time = if end.is_empty() { start } else { format!("{start}–{end}") };
    Card { kind, colour: *colour, time, title: title.clone(), lines: lines.clone() }
}

fn missing(timetable: &Timetable, student: StudentId, words: &Words) -> Vec<String> {
    let rows = timetable.missing_of(Owner::Student(student));
    rows.map(|row| {
        let subject = data::missing_subject(timetable, row, words);
        format!("{} × {subject}: {}", row.missing, words.reason(&row.reason))
    })
    .collect()
}
