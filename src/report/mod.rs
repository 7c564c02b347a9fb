//! A written schedule as pages for people: one for the school, or one a student. Each is a single file
//! that needs no network.

mod data;
mod details;
mod facts;
pub mod labels;
mod picture;
mod pictures;
mod repair;
mod requests;
mod student;
pub mod week;
mod words;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::school::Language;
use crate::timetable::{Owner, Timetable};
use crate::verify::Verdict;

use facts::Fact;
use picture::{Cell, Picture, Table, address};

pub use data::{missing_subject, priority_word};
pub use details::Details;
pub use repair::{Repair, offering_name};
pub use student::{StudentPage, student_pages};
pub use words::{Words, fill};

const STYLE: &str = include_str!("templates/style.css");
const SCRIPT: &str = include_str!("templates/page.js");
const LIVE_SCRIPT: &str = include_str!("templates/live.js");

/// What a page needs to load itself again when it is rewritten: a small script beside it, which names the
/// page's newest version. A browser lets a page from a disk look at nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Live<'a> {
    /// Name of the script's file, in the folder of the page.
    pub beside: &'a str,
    /// Different for every page written.
    pub version: &'a str,
}

impl Live<'_> {
    /// The script. `stale`: the page shows an earlier state, as the school cannot be read now.
    pub fn beside(version: &str, stale: bool) -> String {
        let version = serde_json::Value::from(version);
        format!(
            "document.documentElement.dataset.newest = {version};\n\
             document.documentElement.dataset.stale = \"{stale}\";\n"
        )
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'static str,
    words: &'a Words,
    school: &'a str,
    layout: &'a str,
    scenario: Option<&'a str>,
    /// What the browser may run: nothing but the script of this program.
    script_hash: String,
    style: &'a str,
    script: &'a str,
    live: Option<Live<'a>>,
    data: String,
    facts: Vec<Fact>,
    quality: Vec<String>,
    terms: Table,
    pictures: Vec<Picture>,
    missing: Table,
    /// Empty where nobody has any.
    wishes: Table,
    made: String,
}

/// The page of the whole school.
///
/// # Errors
/// Never for a timetable that was read; rendering reports its own faults.
pub fn page(
    timetable: &Timetable,
    verdict: &Verdict,
    repair: Option<&Repair>,
    language: Language,
) -> Result<String, askama::Error> {
    live_page(timetable, verdict, repair, language, None)
}

/// The same page, which loads itself again if `live` says how.
///
/// # Errors
/// As [`page`].
pub fn live_page(
    timetable: &Timetable,
    verdict: &Verdict,
    repair: Option<&Repair>,
    language: Language,
    live: Option<Live>,
) -> Result<String, askama::Error> {
    let words = Words::of(language);
    let details = Details::new(timetable, words, language);
    let script = if live.is_some() { format!("{SCRIPT}{LIVE_SCRIPT}") } else { SCRIPT.to_owned() };
    Page {
        lang: language.code(),
        words,
        school: &timetable.school.name,
        layout: &timetable.school.layout,
        scenario: timetable.scenario.as_deref(),
        script_hash: STANDARD.encode(Sha256::digest(script.as_bytes())),
        style: STYLE,
        script: &script,
        live,
        data: data::script_json(timetable, repair, words, &details),
        facts: facts::facts(timetable, words),
        quality: facts::quality(verdict, repair.is_some(), words),
        terms: facts::terms(verdict, repair.is_some(), words),
        pictures: pictures::all(timetable, words),
        missing: missing(timetable, words, &details),
        wishes: wishes(timetable, verdict, words),
        made: words.made_with(timetable),
    }
    .render()
}

/// What each member of staff wished, and how often it came true.
fn wishes(timetable: &Timetable, verdict: &Verdict, words: &Words) -> Table {
    let school = timetable.school;
    let mut table = Table::new([words.who, words.wish, words.wish_points, words.wish_granted]);
    for (wish, &granted) in school.wishes.iter().zip(&verdict.granted) {
        let staff = &school[wish.staff];
        let denied = if wish.is_denied(granted) { format!(", {}", words.wish_denied) } else { String::new() };
        table.push([
            Cell { text: staff.name.clone(), link: Some(address("staff", &staff.id)) },
            Cell::from(format!("{} {}", wish.what.kind(), wish.what.id(school))),
            Cell::from(wish.worth().to_string()),
            Cell::from(format!("{granted}{denied}")),
        ]);
    }
    table
}

/// What is missing, the most pressing first; names lead to weeks.
fn missing(timetable: &Timetable, words: &Words, details: &Details) -> Table {
    let school = timetable.school;
    let head =
        [words.priority, words.who, words.class, words.missing, words.subject, words.reason, words.detail];
    let mut table = Table::new(head);
    let mut rows: Vec<_> = timetable.missing.iter().collect();
    rows.sort_by_key(|row| row.priority.map_or(usize::MAX, |priority| priority as usize));
    for row in rows {
        let priority = row.priority.map_or("", |priority| data::priority_word(priority, words));
        let (kind, class) = match row.who {
            Owner::Student(student) => ("student", school[student].class.clone()),
            Owner::Staff(_) => ("staff", String::new()),
            Owner::Place(_) => ("place", String::new()),
        };
        let (id, name) = timetable.title(row.who);
        let subject = row.subject.split('|').next().unwrap_or_default();
        let class_link = (!class.is_empty()).then(|| address("class", &class));
        table.push([
            Cell::from(priority.to_owned()),
            Cell { text: name.to_owned(), link: Some(address(kind, id)) },
            Cell { text: class, link: class_link },
            Cell::from(row.missing.to_string()),
            Cell {
                text: data::missing_subject(timetable, row, words),
                link: row.priority.map(|_| address("subject", subject)),
            },
            Cell::from(words.reason(&row.reason).to_owned()),
            Cell::from(details.in_words(&row.detail)),
        ]);
    }
    table
}
