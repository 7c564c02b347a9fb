//! GPU files (DIF) that Untis imports: no header, commas, text quoted, lists joined by `~`. Each session is
//! a lesson of its own, because each has its own students; a coaching group is one lesson.

use std::collections::HashMap;
use std::path::Path;

use crate::exchange::import::Sheet;
use crate::exchange::{Field, Quotes, Table};
use crate::school::{Id, clock};
use crate::timetable::{Session, Timetable, What, weekday};
use crate::write::files::{COACHING, STUDY};

use super::hours::Hours;
use super::{File, split_name};

/// Fields of a row of each file, as far as they are filled.
const LESSON_FIELDS: usize = 24;
const STUDENT_FIELDS: usize = 15;
const CHOICE_FIELDS: usize = 13;

/// GPU001 timetable, 002 lessons, 003 classes, 004 teachers, 005 rooms, 006 subjects, 010 students, 015
/// choices, and the times of the periods, which GPU files lack.
///
/// Lessons are numbered from `first_lesson` on.
pub fn export(timetable: &Timetable, first_lesson: usize) -> Vec<File> {
    let numbers = Numbers::new(timetable, first_lesson);
    let hours = Hours::new(timetable.school);
    let file = |name: &str, table: Table| File::new(name, table.into_text());
    vec![
        file("GPU001.TXT", placed(timetable, &numbers, &hours)),
        file("GPU002.TXT", lessons(timetable, &numbers)),
        file("GPU003.TXT", classes(timetable)),
        file("GPU004.TXT", teachers(timetable)),
        file("GPU005.TXT", rooms(timetable)),
        file("GPU006.TXT", subjects(timetable)),
        file("GPU010.TXT", students(timetable)),
        file("GPU015.TXT", choices(timetable, &numbers)),
        file("periods.csv", bells(timetable, &hours)),
    ]
}

/// The lesson number of every session.
struct Numbers {
    of_session: Vec<usize>,
    /// The sessions of each lesson; the first stands for it.
    lessons: Vec<Vec<usize>>,
    /// The number of the first lesson.
    first: usize,
}

impl Numbers {
    fn new(timetable: &Timetable, first: usize) -> Self {
        let mut of_group: HashMap<&str, usize> = HashMap::new();
        let mut numbers = Self { of_session: Vec::new(), lessons: Vec::new(), first };
        for (at, session) in timetable.sessions.iter().enumerate() {
            let next = numbers.lessons.len();
            let lesson = match session.what {
                What::Coaching => *of_group.entry(&session.id).or_insert(next),
                What::Offering(_) | What::Study => next,
            };
            if lesson == next {
                numbers.lessons.push(Vec::new());
            }
            numbers.lessons[lesson].push(at);
            numbers.of_session.push(lesson + first);
        }
        numbers
    }
}

/// Lead and assistants.
fn staff<'a>(timetable: &'a Timetable, session: &'a Session) -> impl Iterator<Item = &'a str> {
    let staff = std::iter::once(&session.lead).chain(&session.assistants);
    staff.map(|staff| timetable.school[*staff].id.as_str())
}

/// One row for every class and teacher of a session.
fn placed(timetable: &Timetable, numbers: &Numbers, hours: &Hours) -> Table {
    let school = timetable.school;
    let mut table = Table::new(Quotes::Needed);
    for (session, number) in timetable.sessions.iter().zip(&numbers.of_session) {
        let block = &school[session.block];
        let day = weekday(&school[block.day]).map_or(block.day.index(), |day| usize::from(day.0)) + 1;
        // A cycle of more than a week counts on.
        let day = if school.days.len() > 7 { block.day.index() + 1 } else { day };
        let mut classes = timetable.classes(session);
        if classes.is_empty() {
            classes.push("");
        }
        for teacher in staff(timetable, session) {
            for class in &classes {
                table.push_fields([
                    Field::from(*number),
                    Field::from(*class),
                    Field::from(teacher),
                    Field::from(timetable.offering_id(session)),
                    Field::from(timetable.place_id(session)),
                    Field::from(day),
                    Field::from(hours.of(session.block)),
                    Field::Empty,
                    Field::Empty,
                ]);
            }
        }
    }
    table
}

/// One row for every teacher of a lesson.
fn lessons(timetable: &Timetable, numbers: &Numbers) -> Table {
    let mut table = Table::new(Quotes::Needed);
    for (number, sessions) in (numbers.first..).zip(&numbers.lessons) {
        let session = &timetable.sessions[sessions[0]];
        for teacher in staff(timetable, session) {
            let row = fields::<LESSON_FIELDS>([
                (1, Field::from(number)),
                (2, Field::from(sessions.len())),
                (5, Field::from(timetable.classes(session).join("~").as_str())),
                (6, Field::from(teacher)),
                (7, Field::from(timetable.offering_id(session))),
                (8, Field::from(timetable.place_id(session))),
                (10, Field::from(session.seats.len())),
                (12, Field::from(if session.what == What::Coaching { session.id.as_str() } else { "" })),
                (21, Field::from(timetable.offering_name(session).unwrap_or_default())),
            ]);
            table.push_fields(row);
        }
    }
    table
}

fn classes(timetable: &Timetable) -> Table {
    let mut names: Vec<&str> = Vec::new();
    for student in &timetable.school.students {
        if !student.class.is_empty() && !names.contains(&student.class.as_str()) {
            names.push(&student.class);
        }
    }
    short_and_long(names.into_iter().map(|name| (name, name)))
}

fn teachers(timetable: &Timetable) -> Table {
    short_and_long(timetable.school.staff.iter().map(|staff| (staff.id.as_str(), staff.name.as_str())))
}

fn subjects(timetable: &Timetable) -> Table {
    let offerings = timetable.school.offerings.iter();
    let offerings = offerings.map(|offering| (offering.id.as_str(), offering.name.as_str()));
    short_and_long(offerings.chain([(COACHING, COACHING), (STUDY, STUDY)]))
}

fn short_and_long<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Table {
    let mut table = Table::new(Quotes::Needed);
    rows.for_each(|(short, long)| table.push_fields([Field::from(short), Field::from(long)]));
    table
}

fn rooms(timetable: &Timetable) -> Table {
    let mut table = Table::new(Quotes::Needed);
    for place in &timetable.school.places {
        let texts = [(1, Field::from(place.id.as_str())), (2, Field::from(place.name.as_str()))];
        let capacity = (8, Field::from(place.seats as usize));
        table.push_fields(fields::<8>(texts.into_iter().chain([capacity])));
    }
    table
}

fn students(timetable: &Timetable) -> Table {
    let mut table = Table::new(Quotes::Needed);
    for student in &timetable.school.students {
        let (first, last) = split_name(&student.name);
        let texts = [
            (1, student.id.as_str()),
            (2, last),
            (8, first),
            (9, &student.id),
            (10, &student.class),
            (15, &student.id),
        ];
        table.push_fields(fields::<STUDENT_FIELDS>(texts.map(|(at, text)| (at, Field::from(text)))));
    }
    table
}

/// One row for every student of a lesson.
fn choices(timetable: &Timetable, numbers: &Numbers) -> Table {
    let school = timetable.school;
    let mut table = Table::new(Quotes::Needed);
    for (number, sessions) in (numbers.first..).zip(&numbers.lessons) {
        let mut students: Vec<_> =
            sessions.iter().flat_map(|&at| &timetable.sessions[at].seats).map(|seat| seat.student).collect();
        students.sort_unstable();
        students.dedup();
        for student in students {
            table.push_fields(fields::<CHOICE_FIELDS>([
                (1, Field::from(school[student].id.as_str())),
                (2, Field::from(number)),
                (3, Field::from(timetable.offering_id(&timetable.sessions[sessions[0]]))),
                (5, Field::from(school[student].class.as_str())),
                (7, Field::from(school[student].id.as_str())),
            ]));
        }
    }
    table
}

fn bells(timetable: &Timetable, hours: &Hours) -> Table {
    let bells = hours.bells(timetable.school);
    let alike = bells.iter().all(|bell| bell.days.is_empty());
    let header = ["period", "start", "end", "classes", "days"];
    let used = if alike { 3 } else { header.len() };
    let mut table = Table::new(Quotes::Needed);
    table.push(&header[..used]);
    for bell in bells {
        let [classes, days] = [bell.classes, bell.days].map(|list| list.join("|"));
        let row = [bell.hour.to_string(), clock(bell.start), clock(bell.end), classes, days];
        table.push(&row[..used]);
    }
    table
}

/// One above the highest lesson number of a GPU002 file.
///
/// # Errors
/// The file cannot be read or has no lesson numbers.
pub fn first_free_lesson(path: &Path) -> Result<usize, String> {
    let sheet = Sheet::read_plain(path)?;
    let numbers = sheet.rows.iter().filter_map(|(_, row)| row.first()?.parse::<usize>().ok());
    let highest = numbers.max().ok_or_else(|| {
        format!("{}: no row starts with the number of a lesson: it is no GPU002 file", path.display())
    })?;
    Ok(highest.saturating_add(1))
}

/// A row of `N` fields of which some, counted from 1, are filled.
fn fields<const N: usize>(filled: impl IntoIterator<Item = (usize, Field)>) -> Vec<Field> {
    let mut row = vec![Field::Empty; N];
    for (at, field) in filled {
        row[at - 1] = field;
    }
    row
}
