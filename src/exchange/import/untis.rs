//! GPU files (DIF) of Untis: the timetable to busy times, master data and student choices to their files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::read::columns;
use crate::school::Priority;
use crate::timetable::{Weekday, weekday};
use crate::write::files::{COACHING, STUDY};

use super::sheet::{Sheet, cell};
use super::{ColumnMap, Counted, Draft, Import, days_of, ids_of, unusable_id, year_of};

/// What stands as note in the rows of `busy.csv`.
const NOTE: &str = "untis";
/// Seats of a room whose capacity Untis does not know.
const USUAL_SEATS: &str = "30";

/// Reads whichever of GPU001, 003, 004, 005, 006, 008, 010 and 015 the folder has.
///
/// # Errors
/// The folder has none of them, or a file cannot be read.
pub fn import(
    source: &Path,
    dir: &Path,
    periods: Option<&Path>,
    priority: Priority,
    map: &ColumnMap,
) -> Result<Import, String> {
    let files = Files::find(source)?;
    let mut import = Import::default();
    if let Some(sheet) = files.open("006", &mut import)? {
        let mut draft = Draft::new(&columns::SUBJECTS, ["subject", "name"]);
        each_id(&sheet, &mut import, |id, row| {
            if ![COACHING, STUDY].contains(&id) {
                draft.push([id, or(cell(row, Some(1)), id)]);
            }
        });
        import.add(draft);
    }
    rooms(&files, &mut import)?;
    staff(&files, &mut import)?;
    if let Some(sheet) = files.open("010", &mut import)? {
        let mut draft = Draft::new(&columns::STUDENTS, ["student", "name", "class", "year"]);
        each_id(&sheet, &mut import, |id, row| {
            let name = format!("{} {}", cell(row, Some(7)), cell(row, Some(1)));
            let class = cell(row, Some(9));
            draft.push([id, or(name.trim(), id), class, year_of(class)]);
        });
        import.add(draft);
    }
    choices(&files, priority, &mut import)?;
    if let Some(sheet) = files.open("001", &mut import)? {
        let given = periods.map(Path::to_owned).unwrap_or_else(|| source.join("periods.csv"));
        let periods = Periods::read(&given, periods.is_some(), map)?;
        let known = Master::read(&files, dir)?;
        busy(&sheet, &days_of(dir), &periods, &known, &mut import);
    }
    map.note_unused(&mut import);
    Ok(import)
}

/// The GPU files of a folder by number.
struct Files(HashMap<String, PathBuf>);

impl Files {
    fn find(source: &Path) -> Result<Self, String> {
        let entries = std::fs::read_dir(source).map_err(|error| {
            format!("cannot read {}: {error}; name the folder of the GPU files", source.display())
        })?;
        let mut files = HashMap::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().to_uppercase();
            if let Some(number) = name.strip_prefix("GPU").and_then(|rest| rest.get(..3)) {
                files.insert(number.to_owned(), entry.path());
            }
        }
        if files.is_empty() {
            return Err(format!("{} holds no GPU file such as GPU001.TXT", source.display()));
        }
        Ok(Self(files))
    }

    /// The file for its own sake: its rows count as read.
    fn open(&self, number: &str, import: &mut Import) -> Result<Option<Sheet>, String> {
        let sheet = self.read(number)?;
        if let Some(sheet) = &sheet {
            import.open(sheet);
        }
        Ok(sheet)
    }

    fn read(&self, number: &str) -> Result<Option<Sheet>, String> {
        self.0.get(number).map(|path| Sheet::read_plain(path)).transpose()
    }

    /// What stands first in the rows of a file; `None` without the file.
    fn ids(&self, number: &str) -> Result<Option<HashSet<String>>, String> {
        let sheet = self.read(number)?;
        Ok(sheet.map(|sheet| sheet.rows.iter().map(|(_, row)| cell(row, Some(0)).to_owned()).collect()))
    }
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// Every row whose first field can be an id.
fn each_id(sheet: &Sheet, import: &mut Import, mut each: impl FnMut(&str, &[String])) {
    for (line, row) in &sheet.rows {
        let id = cell(row, Some(0));
        match unusable_id(id) {
            Some(why) => import.leave_out(sheet, *line, "no usable id", why),
            None => each(id, row),
        }
    }
}

fn rooms(files: &Files, import: &mut Import) -> Result<(), String> {
    let Some(sheet) = files.open("005", import)? else { return Ok(()) };
    let mut draft = Draft::new(&columns::PLACES, ["place", "name", "seats"]);
    let mut unknown = Vec::new();
    each_id(&sheet, import, |id, row| {
        let seats = cell(row, Some(7));
        let known = seats.parse::<u32>().is_ok_and(|seats| seats > 0);
        if !known {
            unknown.push(id.to_owned());
        }
        draft.push([id, or(cell(row, Some(1)), id), if known { seats } else { USUAL_SEATS }]);
    });
    if !unknown.is_empty() {
        let rooms = unknown.join(", ");
        import.note(&sheet.name, format!("no capacity, so {USUAL_SEATS} seats were filled in: {rooms}"));
    }
    import.add(draft);
    Ok(())
}

/// What staff teach is what they are qualified for (GPU008) or, without that file, what they are seen to
/// teach in the timetable.
fn staff(files: &Files, import: &mut Import) -> Result<(), String> {
    let Some(sheet) = files.open("004", import)? else { return Ok(()) };
    let subjects = files.read("006")?;
    let subjects: Vec<&str> =
        subjects.iter().flat_map(|sheet| &sheet.rows).map(|(_, row)| cell(row, Some(0))).collect();
    let mut taught: HashMap<String, Vec<String>> = HashMap::new();
    let mut teach = |teacher: &str, subject: &str| {
        let list = taught.entry(teacher.to_owned()).or_default();
        if subjects.contains(&subject) && !list.iter().any(|known| known == subject) {
            list.push(subject.to_owned());
        }
    };
    if let Some(qualified) = files.read("008")? {
        for (_, row) in &qualified.rows {
            let pattern = cell(row, Some(1));
            subjects
                .iter()
                .filter(|subject| fits(pattern, subject))
                .for_each(|s| teach(cell(row, Some(0)), s));
        }
    } else if let Some(timetable) = files.read("001")? {
        for (_, row) in &timetable.rows {
            teach(cell(row, Some(2)), cell(row, Some(3)));
        }
    }
    let mut draft = Draft::new(&columns::STAFF, ["staff", "name", "roles", "subjects"]);
    each_id(&sheet, import, |id, row| {
        let subjects = taught.get(id).map(|list| list.join("|")).unwrap_or_default();
        draft.push([id, or(cell(row, Some(1)), id), "teacher", &subjects]);
    });
    import.add(draft);
    Ok(())
}

/// Whether a subject fits a pattern with `?` for a letter and `*` for any.
fn fits(pattern: &str, subject: &str) -> bool {
    let (pattern, subject): (Vec<char>, Vec<char>) = (pattern.chars().collect(), subject.chars().collect());
    let (mut at, mut letter) = (0, 0);
    // Behind the last `*`, and the letter up to which it reaches. Only that one can take more: an earlier one
    // could but leave less to the later ones.
    let mut star: Option<(usize, usize)> = None;
    while letter < subject.len() {
        match pattern.get(at) {
            Some('*') => {
                at += 1;
                star = Some((at, letter));
            }
            Some(&wanted) if wanted == '?' || wanted == subject[letter] => {
                at += 1;
                letter += 1;
            }
            _ => {
                let Some((behind, reach)) = star.as_mut() else { return false };
                *reach += 1;
                (at, letter) = (*behind, *reach);
            }
        }
    }
    pattern[at..].iter().all(|&rest| rest == '*')
}

/// Student, subject and the alternatives to it. Each lesson that a student chose is a session.
fn choices(files: &Files, priority: Priority, import: &mut Import) -> Result<(), String> {
    let Some(sheet) = files.open("015", import)? else { return Ok(()) };
    let mut needs = Counted::default();
    let mut seen = HashSet::new();
    for (line, row) in &sheet.rows {
        let [student, lesson, subject] = [0, 1, 2].map(|at| cell(row, Some(at)));
        if student.is_empty() || subject.is_empty() {
            import.leave_out(&sheet, *line, "no student or subject", "a choice without student or subject");
            continue;
        }
        if [COACHING, STUDY].contains(&subject) {
            import.skip(&sheet.name, "coaching and study, which are no needs", 1);
            continue;
        }
        if !lesson.is_empty() && !seen.insert((student, lesson, subject)) {
            import.leave_out(
                &sheet,
                *line,
                "twice in the file",
                "the same student, lesson and subject again",
            );
            continue;
        }
        let mut subjects = vec![subject];
        for other in cell(row, Some(10)).split('~').map(str::trim) {
            if !other.is_empty() && !subjects.contains(&other) {
                subjects.push(other);
            }
        }
        needs.add(student, &subjects.join("|"), priority);
    }
    import.add(needs.into_draft());
    Ok(())
}

/// The times of the periods, for each class where classes have bells of their own.
struct Periods(Vec<Period>);

struct Period {
    number: String,
    times: [String; 2],
    /// Those for which it has these times; empty: all.
    classes: Vec<String>,
    days: Vec<String>,
}

impl Periods {
    fn read(path: &Path, asked: bool, map: &ColumnMap) -> Result<Self, String> {
        if !crate::open::is_there(path) && !asked {
            return Err(format!(
                "GPU001 gives lessons by period, not by time: write the times of the periods into a CSV file with \
                 the columns period,start,end and name it with --periods (or call it {})",
                path.display()
            ));
        }
        let sheet = map.rename(Sheet::read_csv(path)?);
        let names = ["period", "start", "end"];
        sheet.must_have(&names)?;
        let [number, start, end] = names.map(|name| sheet.column(&[name]));
        let [classes, days] = ["classes", "days"].map(|name| sheet.column(&[name]));
        let list = |row, at| split(cell(row, at), '|').map(str::to_owned).collect();
        let rows = sheet.rows.iter().map(|(_, row)| Period {
            number: cell(row, number).to_owned(),
            times: [start, end].map(|at| cell(row, at).to_owned()),
            classes: list(row, classes),
            days: list(row, days),
        });
        Ok(Self(rows.collect()))
    }

    /// Those of a lesson of a class on a day; a lesson without a class goes by any bell.
    fn times(&self, number: &str, class: &str, day: &str) -> Option<&[String; 2]> {
        let holds = |list: &[String], item: &str| list.is_empty() || list.iter().any(|other| other == item);
        let on_day = || self.0.iter().filter(|period| period.number == number && holds(&period.days, day));
        let own = on_day().find(|period| holds(&period.classes, class));
        own.or_else(|| on_day().next().filter(|_| class.is_empty())).map(|period| &period.times)
    }
}

fn split(list: &str, separator: char) -> impl Iterator<Item = &str> {
    list.split(separator).map(str::trim).filter(|item| !item.is_empty())
}

/// The classes, staff and rooms of the master data, and who is in which lesson.
struct Master {
    /// By kind of `busy.csv`; a kind that nothing lists is missing.
    ids: HashMap<&'static str, HashSet<String>>,
    in_lesson: HashMap<String, Vec<String>>,
}

impl Master {
    fn read(files: &Files, dir: &Path) -> Result<Self, String> {
        let mut ids = HashMap::new();
        let lists = [("staff", "004", 0), ("place", "005", 0), ("student", "010", 0), ("class", "010", 9)];
        for (kind, number, at) in lists {
            let own = ids_of(dir, kind);
            let given = files.read(number)?.map(|sheet| {
                sheet.rows.iter().map(|(_, row)| cell(row, Some(at)).to_owned()).collect::<HashSet<_>>()
            });
            if let Some(all) = [own, given].into_iter().flatten().reduce(|a, b| &a | &b) {
                ids.insert(kind, all);
            }
        }
        if let (false, Some(classes)) = (ids.contains_key("class"), files.ids("003")?) {
            ids.insert("class", classes);
        }
        let mut in_lesson: HashMap<String, Vec<String>> = HashMap::new();
        for (_, row) in files.read("015")?.iter().flat_map(|sheet| &sheet.rows) {
            let [student, lesson] = [0, 1].map(|at| cell(row, Some(at)));
            if !student.is_empty() && !lesson.is_empty() {
                in_lesson.entry(lesson.to_owned()).or_default().push(student.to_owned());
            }
        }
        Ok(Self { ids, in_lesson })
    }

    fn knows(&self, kind: &str, id: &str) -> bool {
        !id.starts_with('?') && self.ids.get(kind).is_none_or(|ids| ids.contains(id))
    }
}

/// Staff and rooms are busy when they have a lesson, and so are its students where GPU015 says who they are; else its
/// classes.
fn busy(sheet: &Sheet, days: &[String], periods: &Periods, known: &Master, import: &mut Import) {
    let mut draft = Draft::new(&columns::BUSY, ["kind", "id", "day", "start", "end", "note"]);
    draft.replaces = Some(vec![("note", NOTE.to_owned())]);
    // The lessons of a class at a time, where nothing says who is in them.
    let mut side_by_side: BTreeMap<(&str, &str, &str), Vec<&str>> = BTreeMap::new();
    let mut unknown: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (line, row) in &sheet.rows {
        let field = |at: usize| cell(row, Some(at - 1));
        let (lesson, day, period) = (field(1), field(6), field(7));
        let Some(label) = day_label(days, day) else {
            let message = format!("day `{day}` is none of {}", days.join(", "));
            import.leave_out(sheet, *line, "a day that the school lacks", message);
            continue;
        };
        let first_class = split(field(2), '~').next().unwrap_or_default();
        let Some([start, end]) = periods.times(period, first_class, label) else {
            let message = format!("the times of period `{period}` are not given");
            import.leave_out(sheet, *line, "a period without times", message);
            continue;
        };
        let attend = known.in_lesson.get(lesson);
        let students = attend.into_iter().flatten().map(|student| ("student", student.as_str()));
        let classes = split(field(2), '~').filter(|_| attend.is_none()).map(|class| ("class", class));
        let staff = split(field(3), '~').map(|id| ("staff", id));
        let rooms = split(field(5), '~').map(|id| ("place", id));
        for (kind, id) in students.chain(classes).chain(staff).chain(rooms) {
            if !known.knows(kind, id) {
                unknown.entry((kind, id)).or_default().push(*line);
                continue;
            }
            draft.push([kind, id, label, start, end, NOTE]);
        }
        for class in split(field(2), '~').filter(|class| known.knows("class", class)) {
            let lessons = side_by_side.entry((class, label, period)).or_default();
            if !lessons.contains(&lesson) {
                lessons.push(lesson);
            }
        }
    }
    for ((kind, id), lines) in unknown {
        let more = if lines.len() > 1 { format!(" (and {} more)", lines.len() - 1) } else { String::new() };
        let message = format!("{kind} `{id}` is not in the master data: it is left out{more}");
        import.note(sheet.place(lines[0]), message);
    }
    for ((class, day, period), lessons) in side_by_side {
        let open: Vec<&str> =
            lessons.iter().copied().filter(|lesson| !known.in_lesson.contains_key(*lesson)).collect();
        if lessons.len() > 1 && !open.is_empty() {
            let message = format!(
                "class {class} has lessons {} side by side on {day} in period {period}, and GPU015 does not say who is \
                 in {}: the whole class counts as busy",
                lessons.join(", "),
                open.join(", ")
            );
            import.note(&sheet.name, message);
        }
    }
    import.add(draft);
}

/// Day 1 is Monday; in a cycle whose labels are no weekdays it is the first day.
fn day_label<'a>(days: &'a [String], number: &str) -> Option<&'a str> {
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    let named = days.iter().find(|label| weekday(label).map(|Weekday(day)| usize::from(day)) == Some(at));
    let plain = days.len() <= 7;
    named.filter(|_| plain).or_else(|| days.get(at)).map(String::as_str)
}
