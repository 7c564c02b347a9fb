//! One page for each student, with that student's week and nobody else's. It needs no script, so that it
//! also opens in the preview of a mail program.

use std::collections::{BTreeSet, HashSet};

use askama::Template;

use crate::school::{Id, Language, StudentId, clock};
use crate::timetable::{Owner, Session, Timetable};
use crate::write::free_file;

use super::words::Words;
use super::{STYLE, data, labels, words};

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
    let attended: Vec<&Session> =
        timetable.of_student[student.index()].iter().map(|&at| &timetable.sessions[at]).collect();
    let slots: BTreeSet<(u16, u16)> = attended.iter().map(|session| slot(timetable, session)).collect();
    let days = labels::days(school, words).into_iter().enumerate().map(|(at, name)| {
        let of_day = |session: &&&Session| school[session.block].day.index() == at;
        let cells = slots.iter().map(|&wanted| {
            let here = attended.iter().filter(of_day).filter(|session| slot(timetable, session) == wanted);
            here.map(|session| card(timetable, student, session, words)).collect()
        });
        Day { name, cells: cells.collect(), empty: !attended.iter().any(|session| of_day(&session)) }
    });
    Page {
        lang: language.code(),
        words,
        school: &school.name,
        style: STYLE,
        name: &school[student].name,
        facts: facts(timetable, student, words),
        times: slots.iter().map(|&(start, end)| [clock(start), clock(end)]).collect(),
        days: days.collect(),
        missing: missing(timetable, student, words),
        made: words::fill(words.made, &[&env!("CARGO_PKG_VERSION")]),
    }
    .render()
}

fn slot(timetable: &Timetable, session: &Session) -> (u16, u16) {
    let block = &timetable.school[session.block];
    (block.start, block.end)
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

fn card(timetable: &Timetable, student: StudentId, session: &Session, words: &Words) -> Card {
    let school = timetable.school;
    let seat = session.seats.iter().find(|seat| seat.student == student);
    let subject = seat.map(|seat| labels::subjects(school, &seat.subject, words)).unwrap_or_default();
    let own_name = match session.what {
        crate::timetable::What::Coaching => words.coaching,
        crate::timetable::What::Study => words.study,
        crate::timetable::What::Offering(offering) => &school[offering].name,
    };
    let place = session.place.map_or(words.online, |place| &school[place].name);
    let with = format!("{place} · {}", school[session.lead].name);
    let block = &school[session.block];
    let (title, lines) = if subject.is_empty() || own_name.contains(&subject) {
        (own_name.to_owned(), vec![with])
    } else {
        (subject, vec![own_name.to_owned(), with])
    };
    let time = format!("{}-{}", clock(block.start), clock(block.end));
    Card { kind: block.kind.label(), time, title, lines }
}

fn missing(timetable: &Timetable, student: StudentId, words: &Words) -> Vec<String> {
    let rows = timetable.missing_of(Owner::Student(student));
    rows.map(|row| {
        let subject = data::missing_subject(timetable, row, words);
        format!("{} × {subject}: {}", row.missing, words.reason(&row.reason))
    })
    .collect()
}
