//! `needs.csv`, with `class:` `year:` `unit:` and `all` written out per student; `history.csv`.

use crate::limits;
use std::collections::HashMap;

use jiff::civil::Date;

use crate::school::{
    Ask, AskId, Dated, DayId, Days, Id, Need, Priority, StaffId, Student, StudentId, SubjectId, ids,
};

use super::columns;
use super::groups::Groups;
use super::input::Input;
use super::layout::too_many;
use super::names::Names;
use super::origin::Origin;
use super::problem::{Problem, Problems, Severity};
use super::resources::Resources;
use super::table::{Row, Table};

const PRIORITIES: [(&str, Priority); 3] =
    [("must", Priority::Must), ("should", Priority::Should), ("could", Priority::Could)];

/// The needs; the origin of each is the first row that it adds up.
#[derive(Debug, Default)]
pub struct Needs {
    pub rows: Vec<Need>,
    pub asks: Vec<Ask>,
    pub dated: Vec<Dated>,
    pub origin: Origin,
}

/// One row of the file, for all its students.
struct Wanted {
    subjects: Vec<SubjectId>,
    sessions: u32,
    priority: Priority,
    with: Option<SubjectId>,
    staff: Option<StaffId>,
    days: Days,
    ask: Option<AskId>,
    start: usize,
}

/// What rows say beside their needs, each once.
#[derive(Default)]
struct Said {
    asks: Vec<Ask>,
    known: HashMap<Ask, AskId>,
    dated: Vec<Dated>,
    /// A row with a date.
    first_dated: Option<usize>,
}

pub fn needs(
    input: &Input,
    days: &Names<DayId>,
    groups: &Groups,
    resources: &Resources,
    problems: &mut Problems,
) -> Needs {
    let Some(table) = Table::open(input, &columns::NEEDS, problems) else { return Needs::default() };
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut pairs: Vec<(StudentId, usize)> = Vec::new();
    let mut full = None;
    let mut said = Said::default();
    table.each_row(problems, |row, problems| {
        let students = who(row, groups, problems);
        let Some(row) = want(row, (days, resources), &mut said, problems) else { return };
        if pairs.len() + students.len() > limits::NEEDS {
            full.get_or_insert(row.start);
            return;
        }
        pairs.extend(students.iter().map(|&student| (student, wanted.len())));
        wanted.push(row);
    });
    if let Some(start) = full {
        let problem = too_many("needs, one a student and subject,", limits::NEEDS + 1, limits::NEEDS);
        problems.push(problem.at(&table.source, table.locate(start, "who")).field("who"));
    }
    if let Some(start) = said.first_dated {
        let problem = Problem::warning("dates-in-a-term", "`from` and `until` count in a term only")
            .found("dates, and no week that they could lie in")
            .expected("`leerzone roll`, which knows the date of each week")
            .help("list the weeks in weeks.toml and solve them by `leerzone roll`, or name `days`");
        problems.push(problem.at(&table.source, table.locate(start, "from")).field("from"));
    }
    pairs.sort_unstable();
    let (rows, starts) = add_up(&pairs, &wanted);
    let Said { asks, dated, .. } = said;
    Needs { rows, asks, dated, origin: Origin { table: Some(table), starts } }
}

fn who<'g>(row: &Row, groups: &'g Groups, problems: &mut Problems) -> &'g [StudentId] {
    let Some(text) = row.required("who", problems) else { return &[] };
    groups.who(text).unwrap_or_else(|problem| {
        row.report("who", problem, problems);
        &[]
    })
}

fn want(
    row: &Row,
    (days, resources): (&Names<DayId>, &Resources),
    said: &mut Said,
    problems: &mut Problems,
) -> Option<Wanted> {
    let subjects = &resources.subjects.names;
    row.required("subject", problems);
    let subjects_of_row = row.find_all("subject", subjects, problems);
    let sessions = row.required_count("sessions", problems);
    let priority = row.required_word("priority", &PRIORITIES, problems);
    let with = row.find("with", subjects, problems);
    let staff = row.find("staff", &resources.staff.names, problems);
    let days_of_row: Days = row.find_all("days", days, problems).into_iter().collect();
    let (from, until) = (date(row, "from", problems), date(row, "until", problems));
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        let problem = Problem::error("dates", "`until` lies before `from`")
            .found(format!("`{}`", row.text("until").unwrap_or_default()))
            .expected("the same date as `from`, or a later one")
            .help("exchange the two dates, or correct one of them");
        row.report("until", problem, problems);
    }
    let is_open = row.text("days").is_none() || ids(days.len()).all(|day| days_of_row.has(day));
    let wanted = Wanted {
        subjects: subjects_of_row,
        sessions: sessions?,
        priority: priority?,
        with,
        staff,
        days: if is_open { Days::EVERY } else { days_of_row },
        ask: None,
        start: row.start,
    };
    if wanted.sessions == 0 || wanted.subjects.is_empty() {
        return None;
    }
    said.add_dates(row, wanted.days);
    Some(Wanted { ask: said.ask(row, resources), ..wanted })
}

fn date(row: &Row, column: &str, problems: &mut Problems) -> Option<Date> {
    let text = row.text(column)?;
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    if date.is_none() {
        let problem = Problem::error("date", format!("`{column}` is no date"))
            .found(format!("`{text}`"))
            .expected("a date such as 2026-09-07")
            .help("write year, month and day with hyphens");
        row.report(column, problem, problems);
    }
    date
}

impl Said {
    fn add_dates(&mut self, row: &Row, days: Days) {
        let cell = |column| row.text(column).unwrap_or_default().to_owned();
        let dated = Dated { from: cell("from"), until: cell("until"), days_cell: cell("days"), days };
        if dated.from.is_empty() && dated.until.is_empty() {
            return;
        }
        self.first_dated.get_or_insert(row.start);
        if !self.dated.contains(&dated) {
            self.dated.push(dated);
        }
    }

    fn ask(&mut self, row: &Row, resources: &Resources) -> Option<AskId> {
        let cell = |column| row.text(column).unwrap_or_default().to_owned();
        let (by, note) = (cell("by"), cell("note"));
        if by.is_empty() && note.is_empty() {
            return None;
        }
        let names = &resources.staff.names;
        let staff = if names.is_empty() { None } else { names.resolve(&by).ok().flatten() };
        let ask = Ask { by, staff, note };
        Some(*self.known.entry(ask.clone()).or_insert_with(|| {
            self.asks.push(ask);
            AskId::new(self.asks.len() - 1)
        }))
    }
}

/// One need for rows of the same student that differ in nothing but the number of sessions.
fn add_up(pairs: &[(StudentId, usize)], wanted: &[Wanted]) -> (Vec<Need>, Vec<usize>) {
    let mut needs: Vec<Need> = Vec::with_capacity(pairs.len());
    let mut starts = Vec::with_capacity(pairs.len());
    let mut first_of_student = 0;
    for &(student, row) in pairs {
        if needs.last().is_some_and(|need| need.student != student) {
            first_of_student = needs.len();
        }
        let row = &wanted[row];
        let same = needs[first_of_student..].iter_mut().find(|need| {
            need.subjects == row.subjects
                && need.priority == row.priority
                && need.with == row.with
                && need.staff == row.staff
                && need.days == row.days
                && need.ask == row.ask
        });
        match same {
            Some(need) => need.sessions = need.sessions.saturating_add(row.sessions),
            None => {
                needs.push(Need {
                    student,
                    subjects: row.subjects.clone(),
                    sessions: row.sessions,
                    priority: row.priority,
                    with: row.with,
                    staff: row.staff,
                    days: row.days,
                    ask: row.ask,
                });
                starts.push(row.start);
            }
        }
    }
    (needs, starts)
}

/// Adds what was missed in earlier weeks to the students. Rows without a priority are no needs (missing
/// presence or coaching meetings); students who have left are a warning.
pub fn history(input: &Input, names: &Names<StudentId>, students: &mut [Student], problems: &mut Problems) {
    let Some(table) = Table::open(input, &columns::HISTORY, problems) else { return };
    table.each_row(problems, |row, problems| {
        let Some(priority) = row.word("priority", &PRIORITIES, problems) else { return };
        let missing = row.required_count("missing", problems).unwrap_or(0);
        let Some(name) = row.required("student", problems) else { return };
        if names.is_empty() {
            return;
        }
        match names.resolve(name) {
            Ok(Some(student)) if priority.counts_for_fairness() => {
                let missed = &mut students[student.index()].missed_before;
                *missed = missed.saturating_add(missing).min(super::value::MOST);
            }
            Ok(_) => {}
            Err(mut problem) => {
                problem.severity = Severity::Warning;
                row.report("student", problem, problems);
            }
        }
    });
}
