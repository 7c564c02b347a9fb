//! GPU files (DIF) of Untis: the timetable to busy times, master data and student choices to their files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::read::columns;
use crate::school::Priority;
use crate::timetable::{Weekday, weekday};

use super::sheet::{Sheet, cell};
use super::{Draft, Import, days_of, unusable_id, year_of};

/// What stands as note in the rows of `busy.csv`.
const NOTE: &str = "untis";
/// Seats of a room whose capacity Untis does not know.
const USUAL_SEATS: &str = "30";

/// Reads whichever of GPU001, 004, 005, 006, 008, 010 and 015 the folder has.
///
/// # Errors
/// The folder has none of them, or a file cannot be read.
pub fn import(
    source: &Path,
    dir: &Path,
    periods: Option<&Path>,
    priority: Priority,
) -> Result<Import, String> {
    let files = Files::find(source)?;
    let mut import = Import::default();
    if let Some(sheet) = files.read("006")? {
        let mut draft = Draft::new(&columns::SUBJECTS, ["subject", "name"]);
        each_id(&sheet, &mut import, |id, row| draft.push([id, or(cell(row, Some(1)), id)]));
        import.add(draft);
    }
    rooms(&files, &mut import)?;
    staff(&files, &mut import)?;
    if let Some(sheet) = files.read("010")? {
        let mut draft = Draft::new(&columns::STUDENTS, ["student", "name", "class", "year"]);
        each_id(&sheet, &mut import, |id, row| {
            let name = format!("{} {}", cell(row, Some(7)), cell(row, Some(1)));
            let class = cell(row, Some(9));
            draft.push([id, or(name.trim(), id), class, year_of(class)]);
        });
        import.add(draft);
    }
    choices(&files, priority, &mut import)?;
    if let Some(sheet) = files.read("001")? {
        let given = periods.map(Path::to_owned).unwrap_or_else(|| source.join("periods.csv"));
        let periods = read_periods(&given, periods.is_some())?;
        busy(&sheet, &days_of(dir), &periods, &mut import);
    }
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

    fn read(&self, number: &str) -> Result<Option<Sheet>, String> {
        self.0.get(number).map(|path| Sheet::read_plain(path)).transpose()
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
            Some(why) => import.note(sheet.place(*line), why),
            None => each(id, row),
        }
    }
}

fn rooms(files: &Files, import: &mut Import) -> Result<(), String> {
    let Some(sheet) = files.read("005")? else { return Ok(()) };
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
    let Some(sheet) = files.read("004")? else { return Ok(()) };
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

/// Student, subject and the alternatives to it.
fn choices(files: &Files, priority: Priority, import: &mut Import) -> Result<(), String> {
    let Some(sheet) = files.read("015")? else { return Ok(()) };
    let mut draft = Draft::new(&columns::NEEDS, ["who", "subject", "sessions", "priority"]);
    for (line, row) in &sheet.rows {
        let (student, subject) = (cell(row, Some(0)), cell(row, Some(2)));
        if student.is_empty() || subject.is_empty() {
            import.note(sheet.place(*line), "a choice without student or subject");
            continue;
        }
        let mut subjects = vec![subject];
        for other in cell(row, Some(10)).split('~').map(str::trim) {
            if !other.is_empty() && !subjects.contains(&other) {
                subjects.push(other);
            }
        }
        draft.push([student, &subjects.join("|"), "1", priority.label()]);
    }
    import.add(draft);
    Ok(())
}

/// Start and end of each period.
fn read_periods(path: &Path, asked: bool) -> Result<HashMap<String, [String; 2]>, String> {
    if !crate::open::is_there(path) && !asked {
        return Err(format!(
            "GPU001 gives lessons by period, not by time: write the times of the periods into a CSV file with \
             the columns period,start,end and name it with --periods (or call it {})",
            path.display()
        ));
    }
    let sheet = Sheet::read_csv(path)?;
    let names = ["period", "start", "end"];
    sheet.must_have(&names)?;
    let columns = names.map(|name| sheet.column(&[name]));
    let rows = sheet.rows.iter().map(|(_, row)| columns.map(|at| cell(row, at).to_owned()));
    Ok(rows.map(|[period, start, end]| (period, [start, end])).collect())
}

/// Classes, teachers and rooms are busy when they have a lesson.
fn busy(sheet: &Sheet, days: &[String], periods: &HashMap<String, [String; 2]>, import: &mut Import) {
    let mut draft = Draft::new(&columns::BUSY, ["kind", "id", "day", "start", "end", "note"]);
    draft.replaces = Some(vec![("note", NOTE.to_owned())]);
    for (line, row) in &sheet.rows {
        let field = |at: usize| cell(row, Some(at - 1));
        let (day, period) = (field(6), field(7));
        let Some(label) = day_label(days, day) else {
            import.note(sheet.place(*line), format!("day `{day}` is none of {}", days.join(", ")));
            continue;
        };
        let Some([start, end]) = periods.get(period) else {
            import.note(sheet.place(*line), format!("the times of period `{period}` are not given"));
            continue;
        };
        for (kind, ids) in [("class", field(2)), ("staff", field(3)), ("place", field(5))] {
            for id in ids.split('~').map(str::trim).filter(|id| !id.is_empty()) {
                draft.push([kind, id, label, start, end, NOTE]);
            }
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
