//! A workbook as a timetabler prints it: a week on a sheet of paper for everybody, lists to filter, what is missing.
//! Behind them stand rows for other programs. Cells are text or numbers, never formulas.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::report::week::{self, BUSY};
use crate::report::{Details, Words, labels, missing_subject, priority_word};
use crate::school::{BlockId, Id, Language, Priority, clock};
use crate::timetable::{Owner, Session, Timetable};

/// Longest text that a cell takes.
const LONGEST: usize = 32_767;
/// Most page breaks that a sheet takes.
const BREAKS: usize = 1023;
/// Pixels that A4 across has for columns, and those of the times.
const ACROSS: u32 = 1000;
const TIMES: u32 = 80;

/// The workbook's bytes.
///
/// # Errors
/// The workbook cannot be built.
pub fn export(timetable: &Timetable, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Equal schedules give equal files.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let words = Words::of(language);
    let school = timetable.school;
    weeks(timetable, words, &mut book, words.sheet_students, school.student_ids().map(Owner::Student))?;
    weeks(timetable, words, &mut book, words.sheet_staff, school.staff_ids().map(Owner::Staff))?;
    weeks(timetable, words, &mut book, words.sheet_places, school.place_ids().map(Owner::Place))?;
    all_sessions(timetable, words, &mut book)?;
    who_where(timetable, words, &mut book)?;
    missing(timetable, words, language, &mut book)?;
    // No input file is called so: a workbook that is imported again makes no timetable into students.
    sessions(timetable, &mut Sheet::add(&mut book, "rows_sessions", &SESSIONS)?)?;
    students(timetable, &mut Sheet::add(&mut book, "rows_students", &STUDENTS)?)?;
    staff(timetable, &mut Sheet::add(&mut book, "rows_staff", &STAFF)?)?;
    places(timetable, &mut Sheet::add(&mut book, "rows_places", &PLACES)?)?;
    unmet(timetable, &mut Sheet::add(&mut book, "rows_unmet", &UNMET)?)?;
    book.save_to_buffer()
}

/// A sheet of week grids, one under the other, each on a sheet of paper.
fn weeks(
    timetable: &Timetable,
    words: &Words,
    book: &mut Workbook,
    name: &str,
    owners: impl Iterator<Item = Owner>,
) -> Result<(), XlsxError> {
    let days = labels::days(timetable.school, words);
    let title = Format::new().set_bold().set_font_size(14);
    let cell = Format::new()
        .set_font_size(9)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::Silver);
    let (head, grey) = (cell.clone().set_bold(), cell.clone().set_background_color(Color::RGB(0x00E6_E8EC)));
    let sheet = printed(book.add_worksheet(), timetable, name)?;
    sheet.set_column_width_pixels(0, TIMES)?;
    let width = (ACROSS - TIMES) / u32::try_from(days.len()).unwrap_or(1).max(1);
    for (column, _) in (1..).zip(&days) {
        sheet.set_column_width_pixels(column, width.max(40))?;
    }
    let (mut row, mut breaks) = (0, Vec::new());
    for owner in owners {
        let entries = week::of(timetable, owner, words);
        let (id, called) = timetable.title(owner);
        if row > 0 {
            breaks.push(row);
        }
        let class = match owner {
            Owner::Student(student) => timetable.school[student].class.as_str(),
            Owner::Staff(_) | Owner::Place(_) => "",
        };
        let parts = [called, class, id].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        sheet.write_string_with_format(row, 0, parts.join(" · "), &title)?;
        row += 1;
        for (column, day) in (1..).zip(&days) {
            sheet.write_string_with_format(row, column, day, &head)?;
        }
        for time in week::times(&entries) {
            row += 1;
            let [start, end] = week::time_words(time, words);
            sheet.write_string_with_format(row, 0, format!("{start}\n{end}").trim_end(), &head)?;
            let mut lines = 2;
            for (column, day) in (1..).zip(0..days.len()) {
                let here = entries.iter().filter(|entry| entry.day.index() == day && entry.time == time);
                let here: Vec<&week::Entry> = here.collect();
                let text = |entry: &&week::Entry| {
                    let lines = std::iter::once(&entry.title).chain(&entry.lines);
                    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
                };
                let texts = here.iter().map(text).collect::<Vec<_>>().join("\n");
                lines = lines.max(height(&texts, width));
                let is_busy = !here.is_empty() && here.iter().all(|entry| entry.kind == BUSY);
                let texts: String = texts.chars().take(LONGEST).collect();
                sheet.write_string_with_format(row, column, texts, if is_busy { &grey } else { &cell })?;
            }
            // Excel takes at most 409 points.
            sheet.set_row_height(row, (lines as f64 * 12.0 + 3.0).min(409.0))?;
        }
        for missing in timetable.missing_of(owner) {
            row += 1;
            let subject = missing_subject(timetable, missing, words);
            let text = format!(
                "{}: {} × {subject}, {}",
                words.missing,
                missing.missing,
                words.reason(&missing.reason)
            );
            sheet.write_string(row, 0, text)?;
        }
        row += 2;
    }
    breaks.truncate(BREAKS);
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// Lines that a text takes in a column of so many pixels.
fn height(text: &str, width: u32) -> usize {
    let letters = (width as usize / 5).max(8);
    text.lines().map(|line| line.chars().count().div_ceil(letters).max(1)).sum()
}

/// A sheet on A4 across, with its name and the school's under each page.
fn printed<'a>(
    sheet: &'a mut Worksheet,
    timetable: &Timetable,
    name: &str,
) -> Result<&'a mut Worksheet, XlsxError> {
    sheet.set_name(name)?;
    sheet.set_paper_size(9).set_landscape().set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3);
    // `&` begins a code there.
    let school = timetable.school.name.replace('&', "&&");
    let school: String = school.chars().take(100).collect();
    sheet.set_footer(format!("&L{school}&C{name}&R&P / &N"));
    Ok(sheet)
}

/// A list to filter, its head on every page.
fn list<'a>(
    book: &'a mut Workbook,
    timetable: &Timetable,
    name: &str,
    columns: &[(&str, u32)],
    rows: u32,
) -> Result<Sheet<'a>, XlsxError> {
    let sheet = printed(book.add_worksheet(), timetable, name)?;
    let bold = Format::new().set_bold();
    for (at, (title, width)) in (0..).zip(columns) {
        sheet.write_string_with_format(0, at, *title, &bold)?;
        sheet.set_column_width_pixels(at, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    sheet.autofilter(0, 0, rows, u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1))?;
    Ok(Sheet { sheet, row: 0 })
}

/// Day, start and end.
fn when(timetable: &Timetable, days: &[String], block: BlockId) -> [String; 3] {
    let row = &timetable.school[block];
    [days[row.day.index()].clone(), clock(row.start), clock(row.end)]
}

fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn all_sessions(timetable: &Timetable, words: &Words, book: &mut Workbook) -> Result<(), XlsxError> {
    let school = timetable.school;
    let days = labels::days(school, words);
    let head = [
        (words.day, 80),
        (words.from, 50),
        (words.until, 50),
        (words.offering, 220),
        (words.place, 130),
        (words.lead, 150),
        (words.assistants, 150),
        (words.students, 70),
        (words.seats_head, 70),
        (words.class, 150),
    ];
    let mut sheet = list(book, timetable, words.timetable, &head, rows(timetable.sessions.len()))?;
    for session in &timetable.sessions {
        let [day, start, end] = when(timetable, &days, session.block);
        let assistants: Vec<&str> =
            session.assistants.iter().map(|staff| school[*staff].name.as_str()).collect();
        sheet.push([
            Text(&day),
            Text(&start),
            Text(&end),
            Text(week::name(timetable, session, words)),
            Text(week::place(timetable, session.place, words)),
            Text(&school[session.lead].name),
            Text(&assistants.join(", ")),
            Number(session.seats.len() as f64),
            session.capacity.map_or(Text(""), |capacity| Number(f64::from(capacity))),
            Text(&timetable.classes(session).join(", ")),
        ])?;
    }
    Ok(())
}

/// Every student in every session: the attendance lists, by filter.
fn who_where(timetable: &Timetable, words: &Words, book: &mut Workbook) -> Result<(), XlsxError> {
    let school = timetable.school;
    let days = labels::days(school, words);
    let head = [
        (words.student, 170),
        (words.class, 70),
        (words.day, 80),
        (words.from, 50),
        (words.until, 50),
        (words.comes_for, 170),
        (words.offering, 200),
        (words.place, 130),
        (words.lead, 150),
    ];
    let seats = timetable.sessions.iter().map(|session| session.seats.len()).sum();
    let mut sheet = list(book, timetable, words.sheet_who_where, &head, rows(seats))?;
    for student in school.student_ids() {
        for session in timetable.of_student[student.index()].iter().map(|&at| &timetable.sessions[at]) {
            let [day, start, end] = when(timetable, &days, session.block);
            let seat = session.seats.iter().find(|seat| seat.student == student);
            sheet.push([
                Text(&school[student].name),
                Text(&school[student].class),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(&seat.map_or(String::new(), |seat| labels::subjects(school, &seat.subject, words))),
                Text(week::name(timetable, session, words)),
                Text(week::place(timetable, session.place, words)),
                Text(&school[session.lead].name),
            ])?;
        }
    }
    Ok(())
}

/// What is missing in words, the most pressing first.
fn missing(
    timetable: &Timetable,
    words: &Words,
    language: Language,
    book: &mut Workbook,
) -> Result<(), XlsxError> {
    let details = Details::new(timetable, words, language);
    let head = [
        (words.priority, 80),
        (words.who, 170),
        (words.class, 70),
        (words.missing, 70),
        (words.subject, 170),
        (words.reason, 280),
        (words.detail, 500),
    ];
    let mut sheet = list(book, timetable, words.unmet_title, &head, rows(timetable.missing.len()))?;
    let mut by_priority: Vec<_> = timetable.missing.iter().collect();
    by_priority.sort_by_key(|row| row.priority.map_or(usize::MAX, |priority| priority as usize));
    for row in by_priority {
        let class = match row.who {
            Owner::Student(student) => timetable.school[student].class.as_str(),
            Owner::Staff(_) | Owner::Place(_) => "",
        };
        sheet.push([
            Text(row.priority.map_or("", |priority| priority_word(priority, words))),
            Text(timetable.title(row.who).1),
            Text(class),
            Number(f64::from(row.missing)),
            Text(&missing_subject(timetable, row, words)),
            Text(words.reason(&row.reason)),
            Text(&details.in_words(&row.detail)),
        ])?;
    }
    Ok(())
}

const SESSIONS: [&str; 14] = [
    "session",
    "block",
    "day",
    "start",
    "end",
    "kind",
    "offering",
    "name",
    "place",
    "lead",
    "lead name",
    "assistants",
    "students",
    "capacity",
];
const STUDENTS: [&str; 13] = [
    "student", "name", "class", "year", "block", "day", "start", "end", "offering", "subject", "place",
    "lead", "session",
];
const STAFF: [&str; 10] =
    ["staff", "name", "block", "day", "start", "end", "role", "offering", "place", "session"];
const PLACES: [&str; 10] =
    ["place", "name", "block", "day", "start", "end", "offering", "lead", "students", "session"];
const UNMET: [&str; 7] = ["id", "name", "subject", "priority", "missing", "reason", "detail"];

struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

impl<'a> Sheet<'a> {
    fn add(book: &'a mut Workbook, name: &str, head: &[&str]) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        let bold = Format::new().set_bold();
        for (column, title) in (0..).zip(head) {
            sheet.write_string_with_format(0, column, *title, &bold)?;
            sheet.set_column_width(column, 14)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { sheet, row: 0 })
    }

    fn push<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), XlsxError> {
        self.row += 1;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text("") => {}
                Cell::Text(text) => {
                    let text: String = text.chars().take(LONGEST).collect();
                    self.sheet.write_string(self.row, column, text)?;
                }
                Cell::Number(number) => {
                    self.sheet.write_number(self.row, column, number)?;
                }
            }
        }
        Ok(())
    }
}

enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

use Cell::{Number, Text};

/// Block, day, start, end.
fn times(timetable: &Timetable, block: BlockId) -> [String; 4] {
    let row = &timetable.school[block];
    [row.id.clone(), timetable.school[row.day].clone(), clock(row.start), clock(row.end)]
}

fn sessions(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for session in &timetable.sessions {
        let [block, day, start, end] = times(timetable, session.block);
        let lead = &school[session.lead];
        let assistants: Vec<&str> =
            session.assistants.iter().map(|staff| school[*staff].id.as_str()).collect();
        sheet.push([
            Text(&session.id),
            Text(&block),
            Text(&day),
            Text(&start),
            Text(&end),
            Text(timetable.kind(session).label()),
            Text(timetable.offering_id(session)),
            Text(timetable.offering_name(session).unwrap_or_default()),
            Text(timetable.place_id(session)),
            Text(&lead.id),
            Text(&lead.name),
            Text(&assistants.join("|")),
            Number(session.seats.len() as f64),
            session.capacity.map_or(Text(""), |capacity| Number(f64::from(capacity))),
        ])?;
    }
    Ok(())
}

fn students(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for student in school.student_ids() {
        let who = &school[student];
        for session in timetable.of_student[student.index()].iter().map(|&at| &timetable.sessions[at]) {
            let [block, day, start, end] = times(timetable, session.block);
            let seat = session.seats.iter().find(|seat| seat.student == student);
            sheet.push([
                Text(&who.id),
                Text(&who.name),
                Text(&who.class),
                Text(&who.year),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(timetable.offering_id(session)),
                Text(seat.map_or("", |seat| &seat.subject)),
                Text(timetable.place_id(session)),
                Text(&school[session.lead].id),
                Text(&session.id),
            ])?;
        }
    }
    Ok(())
}

fn staff(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for staff in school.staff_ids() {
        for duty in &timetable.of_staff[staff.index()] {
            let [block, day, start, end] = times(timetable, duty.block);
            let session: Option<&Session> = duty.session.map(|at| &timetable.sessions[at]);
            sheet.push([
                Text(&school[staff].id),
                Text(&school[staff].name),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(&duty.role),
                Text(session.map_or("", |session| timetable.offering_id(session))),
                Text(session.map_or("", |session| timetable.place_id(session))),
                Text(session.map_or("", |session| &session.id)),
            ])?;
        }
    }
    Ok(())
}

fn places(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let school = timetable.school;
    for place in school.place_ids() {
        for session in timetable.of_place[place.index()].iter().map(|&at| &timetable.sessions[at]) {
            let [block, day, start, end] = times(timetable, session.block);
            sheet.push([
                Text(&school[place].id),
                Text(&school[place].name),
                Text(&block),
                Text(&day),
                Text(&start),
                Text(&end),
                Text(timetable.offering_id(session)),
                Text(&school[session.lead].id),
                Number(session.seats.len() as f64),
                Text(&session.id),
            ])?;
        }
    }
    Ok(())
}

fn unmet(timetable: &Timetable, sheet: &mut Sheet) -> Result<(), XlsxError> {
    for row in &timetable.missing {
        let (id, name) = timetable.title(row.who);
        sheet.push([
            Text(id),
            Text(name),
            Text(&row.subject),
            Text(row.priority.map_or("", Priority::label)),
            Number(f64::from(row.missing)),
            Text(&row.reason),
            Text(&row.detail),
        ])?;
    }
    Ok(())
}
