//! Sign-ups of students, a row for each answer with the first to the last choice, to `needs.csv`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::read::changing::nearest;
use crate::read::columns;
use crate::school::Priority;

use super::sheet::{Sheet, cell};
use super::{ColumnMap, Draft, Import};

/// Titles of columns that say who answered, in English, Dutch and German.
const STUDENT: [&str; 14] = [
    "student",
    "student id",
    "student-id",
    "student number",
    "studentnumber",
    "leerling",
    "leerlingnummer",
    "leerlingnr",
    "llnr",
    "stamnummer",
    "schüler",
    "schüler-id",
    "schülernummer",
    "schuelernummer",
];
const NAME: [&str; 9] = [
    "name",
    "naam",
    "student name",
    "full name",
    "volledige naam",
    "naam leerling",
    "schülername",
    "name des schülers",
    "vollständiger name",
];
const FIRST_NAME: [&str; 6] = ["first name", "firstname", "given name", "voornaam", "roepnaam", "vorname"];
const MIDDLE_NAME: [&str; 4] = ["tussenvoegsel", "voorvoegsel", "prefix", "middle name"];
const LAST_NAME: [&str; 7] =
    ["last name", "lastname", "surname", "family name", "achternaam", "nachname", "familienname"];
const EMAIL: [&str; 6] =
    ["email", "e-mail", "email address", "e-mail address", "e-mailadres", "e-mail-adresse"];
/// The number of an answer in a web form has this title too, so it counts only where nothing else says who answered.
const NUMBER: [&str; 3] = ["id", "nr", "nummer"];
/// When somebody answered; the end of answering comes first.
const TIME: [&str; 10] = [
    "completion time",
    "voltooiingstijd",
    "fertigstellungszeit",
    "abschlusszeit",
    "timestamp",
    "tijdstempel",
    "zeitstempel",
    "start time",
    "begintijd",
    "startzeit",
];
/// Further columns that are no choices.
const OTHER: [&str; 8] = ["class", "klas", "klasse", "group", "groep", "year", "leerjaar", "jahrgang"];
/// What stands in the title of a choice.
const CHOICE: [&str; 6] = ["choice", "keuze", "pick", "wahl", "voorkeur", "preference"];

/// What a student chose in one answer.
struct Answer {
    sheet: usize,
    line: usize,
    student: String,
    /// As `2027-01-11 09:30`; other ways to write a time cannot be compared.
    time: Option<String>,
    needs: Vec<(String, Priority)>,
}

/// The nth choice has the nth priority, further ones the last. Of a student's answers the last one counts.
///
/// # Errors
/// The source, or the students and subjects of the school, cannot be read.
pub fn import(source: &Path, dir: &Path, priorities: &[Priority], map: &ColumnMap) -> Result<Import, String> {
    let students = Known::read(dir, columns::STUDENTS.name, "student", "student")?;
    let subjects = Known::read(dir, columns::SUBJECTS.name, "subject", "subject")?;
    // An offering stands for the subjects that it meets, any of which will do.
    let offerings = Known::read(dir, columns::OFFERINGS.name, "offering", "subjects").unwrap_or_default();
    let mut import = Import::default();
    let mut answers: Vec<Answer> = Vec::new();
    let sheets: Vec<Sheet> = Sheet::read_all(source)?.into_iter().map(|sheet| map.rename(sheet)).collect();
    for (at, sheet) in sheets.iter().enumerate() {
        import.open(sheet);
        let Some(titles) = Titles::read(sheet) else {
            let message = format!(
                "no column says who answered: call it {}, or name it with --map; the first line is `{}`",
                STUDENT[0],
                sheet.header.join(",")
            );
            import.note(&sheet.name, message);
            import.skip(&sheet.name, "no column says who", sheet.rows.len());
            continue;
        };
        for (line, row) in &sheet.rows {
            match titles.student(row, &students) {
                Err(message) => {
                    import.leave_out(sheet, *line, "unknown student", format!("student {message}"))
                }
                Ok(student) => {
                    let needs =
                        chosen(sheet, *line, row, &titles, [&subjects, &offerings], priorities, &mut import);
                    if needs.is_empty() {
                        import.leave_out(sheet, *line, "no known choice", "no choice in it is known");
                        continue;
                    }
                    let time = Some(cell(row, titles.time)).filter(|time| is_iso(time)).map(str::to_owned);
                    answers.push(Answer { sheet: at, line: *line, student, time, needs });
                }
            }
        }
    }
    map.note_unused(&mut import);
    let counts = last_answers(&answers);
    let mut draft = Draft::new(&columns::NEEDS, ["who", "subject", "sessions", "priority"]);
    for (at, answer) in answers.iter().enumerate() {
        let last = counts[answer.student.as_str()];
        if last != at {
            let message = format!(
                "`{}` answered again later, in line {}: this answer does not count",
                answer.student, answers[last].line
            );
            import.leave_out(&sheets[answer.sheet], answer.line, "answered again later", message);
            continue;
        }
        for (subject, priority) in &answer.needs {
            draft.push([&answer.student, subject, "1", priority.label()]);
        }
    }
    import.add(draft);
    Ok(import)
}

/// The index of the answer that counts for each student: by time where all of the student's answers have one, else
/// the one further down.
fn last_answers(answers: &[Answer]) -> HashMap<&str, usize> {
    let mut of_student: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, answer) in answers.iter().enumerate() {
        of_student.entry(&answer.student).or_default().push(at);
    }
    let last = |given: &Vec<usize>| {
        let timed = given.iter().all(|&at| answers[at].time.is_some());
        given.iter().copied().max_by_key(|&at| (answers[at].time.as_deref().filter(|_| timed), at))
    };
    of_student.iter().filter_map(|(student, given)| Some((*student, last(given)?))).collect()
}

fn is_iso(time: &str) -> bool {
    time.get(..10).is_some_and(|date| date.parse::<jiff::civil::Date>().is_ok())
}

/// What an answer chose, each subject once, with its priority.
fn chosen(
    sheet: &Sheet,
    line: usize,
    row: &[String],
    titles: &Titles,
    known: [&Known; 2],
    priorities: &[Priority],
    import: &mut Import,
) -> Vec<(String, Priority)> {
    let place = sheet.place(line);
    let [subjects, offerings] = known;
    let find = |text: &str| subjects.find(text).or_else(|message| offerings.find(text).map_err(|_| message));
    let mut taken = HashSet::new();
    let mut needs = Vec::new();
    for (column, &at) in titles.choices.iter().enumerate() {
        let text = cell(row, Some(at));
        if let Some(date) = sheet.dates.get(&(line, at)) {
            import.note(
                &place,
                format!("a spreadsheet made the date {date} of a choice: type it again as text"),
            );
            continue;
        }
        // Some names have commas in them, so the cell as a whole comes first.
        let parts = if find(text).is_ok() { vec![text] } else { parts(text) };
        for (within, part) in parts.into_iter().enumerate() {
            match find(part) {
                Err(message) => import.note(&place, format!("subject {message}")),
                Ok(subject) if !taken.insert(subject.to_owned()) => {
                    import.note(&place, format!("`{part}` is chosen twice; the first choice counts"));
                }
                Ok(subject) => {
                    let priority = priorities.get(column + within).or(priorities.last());
                    needs.push((subject.to_owned(), priority.copied().unwrap_or(Priority::Could)));
                }
            }
        }
    }
    needs
}

/// The answers of a cell that holds several.
fn parts(text: &str) -> Vec<&str> {
    let separators: &[char] = if text.contains([';', '|', '\n']) { &[';', '|', '\n'] } else { &[','] };
    text.split(separators).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The columns of a sheet of answers.
struct Titles {
    student: Option<usize>,
    name: Option<usize>,
    /// First, middle and last name.
    names: [Option<usize>; 3],
    email: Option<usize>,
    number: Option<usize>,
    time: Option<usize>,
    choices: Vec<usize>,
}

impl Titles {
    /// `None` where no column says who answered.
    fn read(sheet: &Sheet) -> Option<Self> {
        let at = |titles: &[&str]| titles.iter().find_map(|title| sheet.column(&[title]));
        let names = [&FIRST_NAME[..], &MIDDLE_NAME, &LAST_NAME].map(at);
        let [student, name, email, number] = [&STUDENT[..], &NAME, &EMAIL, &NUMBER].map(at);
        let says_who = [student, name, names[0].and(names[2]), email];
        let number = number.filter(|_| says_who.iter().all(Option::is_none));
        let who = says_who.into_iter().flatten().chain(number).min()?;
        let is = |list: &[&str], title: &str| list.contains(&title);
        let is_other = |title: &str| {
            [&STUDENT[..], &NAME, &FIRST_NAME, &MIDDLE_NAME, &LAST_NAME, &EMAIL, &NUMBER, &TIME, &OTHER]
                .iter()
                .any(|list| is(list, title))
        };
        let titles: Vec<String> = sheet.header.iter().map(|title| title.trim().to_lowercase()).collect();
        let is_choice = |title: &String| {
            !is_other(title)
                && (CHOICE.iter().any(|word| title.contains(word)) || title.parse::<u32>().is_ok())
        };
        let named: Vec<usize> = (0..titles.len()).filter(|&at| is_choice(&titles[at])).collect();
        let behind = (who + 1..titles.len()).filter(|&at| !is_other(&titles[at]));
        let choices = if named.is_empty() { behind.collect() } else { named };
        Some(Self { student, name, names, email, number, time: at(&TIME), choices })
    }

    /// The student whom the columns of a row name; they must not name two.
    fn student(&self, row: &[String], students: &Known) -> Result<String, String> {
        let text = |at: Option<usize>| Some(cell(row, at)).filter(|text| !text.is_empty());
        let [first, middle, last] = self.names.map(|at| cell(row, at));
        let whole = [first, middle, last].join(" ");
        let of_parts = (!first.is_empty() && !last.is_empty()).then_some(whole.as_str());
        let texts = [text(self.student), text(self.name), of_parts, text(self.number)];
        let given: Vec<&str> = texts.into_iter().flatten().collect();
        let mut found: Vec<(&str, &str)> =
            given.iter().filter_map(|text| Some((*text, students.find(text).ok()?))).collect();
        // An address rarely begins with an id, so that it counts only where it does.
        let address = text(self.email).and_then(|address| Some((address, address.split_once('@')?.0)));
        if let Some((address, local)) = address
            && let Some(id) = students.ids.get(local)
        {
            found.push((address, id));
        }
        match found[..] {
            [] => match given.first() {
                Some(text) => Err(students.find(text).err().unwrap_or_default()),
                None => Err("is not named".to_owned()),
            },
            [(text, id), ref more @ ..] => match more.iter().find(|(_, other)| *other != id) {
                None => Ok(id.to_owned()),
                Some((other, of)) => Err(format!(
                    "`{}` is {id} and `{}` is {of}: the row names two students",
                    text.trim(),
                    other.trim()
                )),
            },
        }
    }
}

/// What ids and names stand for.
#[derive(Default)]
struct Known {
    ids: BTreeMap<String, String>,
    /// `None` where several are called so.
    names: HashMap<String, Option<String>>,
}

impl Known {
    /// Rows of a file of the school; their ids and names stand for what is in the column `value`.
    fn read(dir: &Path, file: &str, id: &str, value: &str) -> Result<Self, String> {
        let sheet = Sheet::read_csv(&dir.join(file))?;
        let [id, name, value] = [id, "name", value].map(|column| sheet.column(&[column]));
        let mut known = Self::default();
        for (_, row) in &sheet.rows {
            let value = cell(row, value).to_owned();
            known.ids.insert(cell(row, id).to_owned(), value.clone());
            let named = known.names.entry(words(cell(row, name)));
            named.and_modify(|several| *several = None).or_insert(Some(value));
        }
        Ok(known)
    }

    fn find(&self, text: &str) -> Result<&str, String> {
        let text = text.trim();
        if let Some(value) = self.ids.get(text).filter(|_| !text.is_empty()) {
            return Ok(value);
        }
        let name = words(text);
        match self.names.get(&name) {
            Some(Some(value)) if !name.is_empty() => Ok(value),
            Some(None) if !name.is_empty() => Err(format!("`{text}`: several are called so; give the id")),
            _ => {
                let near = nearest(text, self.ids.keys().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Err(format!("`{text}` is not known{near}"))
            }
        }
    }
}

/// The words of a name in an order of their own, so that `Bos, Amina` is `Amina Bos`.
fn words(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}
