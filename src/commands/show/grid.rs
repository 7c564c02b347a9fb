//! A week as a grid of days and times, and a block as a list of its sessions.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use comfy_table::presets::{ASCII_FULL, UTF8_FULL};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table};
use serde_json::{Value, json};

use crate::commands::output::in_brackets;
use crate::report::{Details, Words, fill, priority_word};
use crate::school::{Language, Priority};
use crate::write::files::RESERVE;

use super::book::{Book, Item, Kind, Missing, Session, Who};

/// Students in one line of a block's list.
const STUDENTS_A_LINE: usize = 4;

pub fn text(book: &Book, who: &Who) -> String {
    let words = Words::of(book.language);
    let kind = who.kind.word(words);
    let title = match who.name.as_str() {
        "" => format!("{kind} {}", who.id),
        name if name == who.id => format!("{kind} {name}"),
        name => format!("{kind} {} ({name})", who.id),
    };
    let title = format!("{title}{}", in_brackets(book.scenario.as_deref()));
    if who.kind == Kind::Block {
        return format!("{title}{}\n{}", when(book, who), sessions(book, who));
    }
    let items = book.week(who);
    if items.is_empty() {
        return format!("{title}\n{}\n{}", words.nothing_week, missing(book, who));
    }
    format!("{title}\n{}{}", week(book, who.kind, &items), missing(book, who))
}

pub fn document(book: &Book, who: &Who) -> Value {
    let mut document = json!(who);
    if let Some(scenario) = &book.scenario {
        document["scenario"] = json!(scenario);
    }
    if who.kind == Kind::Block {
        document["time"] = json!(book.times.get(&who.id));
        document["sessions"] = of_block(book, who)
            .map(|session| {
                let mut row = json!(session);
                row["students"] = json!(students(book, session));
                row
            })
            .collect();
    } else {
        document["week"] = json!(book.week(who));
        document["missing"] = missing_of(book, who).map(|missing| json!(missing)).collect();
    }
    document
}

/// Days across, times down. Bell schedules that overlap have rows of their own, by start.
fn week(book: &Book, kind: Kind, items: &[&Item]) -> String {
    let mut table = table();
    table.set_header(std::iter::once(String::new()).chain(book.days.iter().cloned()));
    let times: BTreeSet<(&str, &str)> =
        items.iter().map(|item| (item.time.start.as_str(), item.time.end.as_str())).collect();
    for (start, end) in times {
        let mut row = vec![Cell::new(format!("{start}-{end}"))];
        for day in &book.days {
            let here = items.iter().filter(|item| {
                let time = &item.time;
                time.day == *day && time.start == start && time.end == end
            });
            let here: Vec<&Item> = here.copied().collect();
            let text = here.iter().map(|item| cell(book, kind, item)).collect::<Vec<_>>().join("\n");
            row.push(coloured(Cell::new(text), book, &here));
        }
        table.add_row(row);
    }
    // A time in two lines is hard to read; the days give way.
    if let Some(times) = table.column_mut(0) {
        times.set_constraint(ColumnConstraint::ContentWidth);
    }
    format!("{}\n", table.trim_fmt())
}

/// In the colour of the kind of block; someone in reserve is dimmed.
fn coloured(cell: Cell, book: &Book, here: &[&Item]) -> Cell {
    let Some(item) = here.first().filter(|_| in_colour()) else { return cell };
    if item.role == RESERVE {
        return cell.add_attribute(Attribute::Dim);
    }
    match book.kinds.get(&item.block).map(String::as_str) {
        Some("coaching") => cell.fg(Color::Yellow),
        Some("lesson") => cell.fg(Color::Blue),
        Some("zone") => cell.fg(Color::Green),
        Some("homework") => cell.fg(Color::Magenta),
        _ => cell,
    }
}

/// On a terminal, unless `NO_COLOR` asks for none.
fn in_colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
}

fn cell(book: &Book, kind: Kind, item: &Item) -> String {
    let words = Words::of(book.language);
    let students = || book.session(item).map_or(String::new(), |session| people(&session.count, words));
    let lines = match kind {
        Kind::Student => vec![subject(item, words), joined([&item.lead, &item.place])],
        Kind::Staff if item.role == RESERVE => vec![format!("({})", words.reserve.to_lowercase())],
        Kind::Staff if item.role == "assistant" => {
            vec![fill(words.assists_in, &[&item.offering]), item.place.clone()]
        }
        Kind::Staff => vec![item.offering.clone(), item.place.clone(), students()],
        Kind::Place | Kind::Block => vec![format!("{}, {}", item.offering, item.lead), students()],
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The need met, with the offering where its id does not say so already.
fn subject(item: &Item, words: &Words) -> String {
    if item.subject.is_empty() || item.offering.contains(&item.subject) {
        item.offering.clone()
    } else {
        fill(words.subject_in, &[&item.subject, &item.offering])
    }
}

fn joined(words: [&String; 2]) -> String {
    words.into_iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn when(book: &Book, who: &Who) -> String {
    book.times
        .get(&who.id)
        .map_or(String::new(), |time| format!(": {} {}-{}", time.day, time.start, time.end))
}

fn of_block<'a>(book: &'a Book, who: &Who) -> impl Iterator<Item = &'a Session> {
    book.sessions.iter().filter(move |session| session.block == who.id)
}

fn people(count: &str, words: &Words) -> String {
    if count == "1" { words.one_student.to_owned() } else { fill(words.n_students, &[&count]) }
}

fn students<'a>(book: &'a Book, session: &Session) -> Vec<&'a str> {
    let here =
        book.students.iter().filter(|item| item.session == session.session && item.block == session.block);
    here.map(|item| item.owner.as_str()).collect()
}

/// Who attends, by name, with the subject they come for where there are several.
fn by_name(book: &Book, session: &Session) -> Vec<String> {
    let here = |item: &&Item| item.session == session.session && item.block == session.block;
    let attended: Vec<&Item> = book.students.iter().filter(here).collect();
    let subjects: BTreeSet<&str> = attended.iter().map(|item| item.subject.as_str()).collect();
    let named = |item: &&Item| {
        let is_known = |who: &&Who| who.kind == Kind::Student && who.id == item.owner && !who.name.is_empty();
        let name = book.known.iter().find(is_known).map_or(&item.owner, |who| &who.name);
        if subjects.len() > 1 { format!("{name} ({})", item.subject) } else { name.clone() }
    };
    attended.iter().map(named).collect()
}

/// Every block of a day, in order of time; `None` where the schedule has no such day.
pub fn day(book: &Book, label: &str) -> Option<String> {
    let day = book.days.iter().find(|day| day.eq_ignore_ascii_case(label.trim()))?;
    let mut blocks: Vec<&Who> = book.known.iter().filter(|who| who.kind == Kind::Block).collect();
    blocks.retain(|who| book.times.get(&who.id).is_some_and(|time| time.day == *day));
    blocks.sort_by_key(|who| book.times.get(&who.id).map(|time| (time.start.clone(), time.end.clone())));
    Some(blocks.into_iter().map(|who| text(book, who)).collect::<Vec<_>>().join("\n"))
}

fn sessions(book: &Book, who: &Who) -> String {
    let mut table = table();
    let words = Words::of(book.language);
    let head = match book.language {
        Language::English => ["offering", "lead", "place", "seats", "students"].map(str::to_owned),
        Language::Dutch => {
            [words.offering, words.lead, words.place, words.seats_head, words.students].map(str::to_lowercase)
        }
    };
    table.set_header(head);
    for session in of_block(book, who) {
        let leads = std::iter::once(&session.lead).chain(&session.assistants).cloned().collect::<Vec<_>>();
        let names = by_name(book, session);
        let lines: Vec<String> = names.chunks(STUDENTS_A_LINE).map(|line| line.join(", ")).collect();
        table.add_row([
            session.offering.clone(),
            leads.join(" + "),
            session.place.clone(),
            fill(words.seats_of, &[&session.count, &session.capacity]),
            lines.join("\n"),
        ]);
    }
    if table.is_empty() { format!("{}\n", words.nothing_runs) } else { format!("{}\n", table.trim_fmt()) }
}

fn missing_of<'a>(book: &'a Book, who: &Who) -> impl Iterator<Item = &'a Missing> {
    book.missing.iter().filter(move |missing| missing.owner == who.id && who.kind != Kind::Place)
}

fn missing(book: &Book, who: &Who) -> String {
    let words = Words::of(book.language);
    let details = Details::without_names(book.language);
    let line = |missing: &Missing| {
        let Missing { subject, priority, missing, reason, detail, .. } = missing;
        let known = Priority::ALL.into_iter().find(|known| known.label() == priority);
        let priority = known.map_or(String::new(), |known| format!(" ({})", priority_word(known, words)));
        let reason = if book.language == Language::English { reason } else { words.reason(reason) };
        let detail = details.in_words(detail);
        format!("{}\n", fill(words.missing_line, &[missing, subject, &priority, &reason, &detail]))
    };
    missing_of(book, who).map(line).collect()
}

/// As wide as the terminal; elsewhere plain and as wide as it needs.
fn table() -> Table {
    let mut table = Table::new();
    if std::io::stdout().is_terminal() {
        table.load_style(UTF8_FULL).set_content_arrangement(ContentArrangement::Dynamic);
    } else {
        table.load_style(ASCII_FULL);
    }
    table
}
