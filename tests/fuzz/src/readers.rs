//! Which file is read by whom.

use std::cell::OnceCell;
use std::hint::black_box;
use std::path::Path;

use leerzone::commands;
use leerzone::exchange::dates::{Calendar, Term, date};
use leerzone::exchange::export;
use leerzone::exchange::import::oneroster::{IdColumn, Options, SubjectFrom};
use leerzone::exchange::import::{self, ColumnMap, Import};
use leerzone::read::{Changes, Input, problems_as_text};
use leerzone::read_school;
use leerzone::report;
use leerzone::school::{Priority, School};
use leerzone::timetable::Timetable;
use leerzone::verify::{school_of_week, verify, written_schedule};
use leerzone::whatif::history;
use leerzone::whatif::roll::Term as Weeks;
use leerzone::whatif::scenario::Scenario;

use crate::stage::Stage;

type Read = fn(&Stage, &Path);

/// The file of each letter, from `A` on. Inputs are kept by these letters: new files go to the end.
pub const FILES: [(&str, Read); 50] = [
    ("school/school.toml", school),
    ("school/layout.toml", school),
    ("school/subjects.csv", school),
    ("school/offerings.csv", school),
    ("school/places.csv", school),
    ("school/staff.csv", school),
    ("school/students.csv", school),
    ("school/needs.csv", school),
    ("school/busy.csv", school),
    ("school/pins.csv", school),
    ("school/pairs.csv", school),
    ("school/history.csv", school),
    ("school/packages.csv", school),
    ("schedule/sessions.csv", schedule),
    ("schedule/student_timetable.csv", schedule),
    ("schedule/staff_timetable.csv", schedule),
    ("schedule/place_timetable.csv", schedule),
    ("schedule/coaching_groups.csv", schedule),
    ("schedule/package_holders.csv", schedule),
    ("schedule/unmet_needs.csv", schedule),
    ("schedule/summary.json", schedule),
    ("schedule/changes.csv", schedule),
    ("schedule/names.csv", show),
    ("single/scenario.toml", scenario),
    ("single/set.txt", set),
    ("single/history.csv", earlier),
    ("single/skip.csv", skip),
    ("school/weeks.toml", weeks),
    ("roster/users.csv", oneroster),
    ("roster/roles.csv", oneroster),
    ("roster/classes.csv", oneroster),
    ("roster/courses.csv", oneroster),
    ("roster/enrollments.csv", oneroster),
    ("single/roster.zip", oneroster_zip),
    ("untis/GPU001.TXT", untis),
    ("untis/GPU004.TXT", untis),
    ("untis/GPU005.TXT", untis),
    ("untis/GPU006.TXT", untis),
    ("untis/GPU008.TXT", untis),
    ("untis/GPU010.TXT", untis),
    ("untis/GPU015.TXT", untis),
    ("untis/periods.csv", untis),
    ("single/book.xlsx", workbook),
    ("single/book.ods", workbook),
    ("single/calendar.ics", calendar),
    ("single/choices.csv", choices),
    ("single/zermelo.json", zermelo),
    ("single/edex.xml", edexml),
    ("single/map.toml", column_map),
    ("single/table.csv", any_table),
];

/// Whether it is the turn of what takes longer than reading: that of one input in eight.
fn turn(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.len() % 8 == 0)
}

fn school(stage: &Stage, path: &Path) {
    let dir = stage.path("school");
    let reading = read_school(&dir, None);
    black_box(problems_as_text(&reading.problems));
    if let Some(school) = reading.school
        && turn(path)
    {
        let _ = black_box(verify(&school, &stage.path("schedule")));
    }
}

thread_local! {
    static SOUND: OnceCell<School> = const { OnceCell::new() };
}

/// The school as it stands while another folder holds the input.
fn with_sound(stage: &Stage, read: impl FnOnce(&School)) {
    SOUND.with(|sound| {
        read(sound.get_or_init(|| read_school(&stage.path("school"), None).school.expect("a sound school")));
    });
}

fn schedule(stage: &Stage, path: &Path) {
    with_sound(stage, |school| evaluate(school, &stage.path("schedule"), turn(path)));
}

fn evaluate(school: &School, out: &Path, turn: bool) {
    let verdict = verify(school, out);
    let _ = black_box(school_of_week(school, out));
    if !turn {
        let _ = black_box(Timetable::read(school, out));
        return;
    }
    let _ = black_box(written_schedule(school, out));
    let Ok(timetable) = Timetable::read(school, out) else { return };
    if let Ok(verdict) = verdict {
        let _ = black_box(report::page(&timetable, &verdict, None, school.language));
    }
    black_box(export::untis::export(&timetable, 1));
    black_box(export::fet::export(&timetable));
    if let Ok(calendar) = Calendar::new(&school.days, &one_week()) {
        black_box(export::oneroster::export(&timetable, &calendar));
        let _ = black_box(export::zermelo::export(&timetable, &calendar, None));
    }
}

fn one_week() -> Term {
    let from = date("2027-01-11").expect("a date");
    Term { from, weeks: 1, holidays: Vec::new(), weekdays: None, zone: "Europe/Amsterdam".to_owned() }
}

fn show(stage: &Stage, _: &Path) {
    let out = stage.path("schedule");
    let arguments = ["leerzone".as_ref(), "show".as_ref(), out.as_os_str(), "s1".as_ref(), "--json".as_ref()];
    commands::run_with(arguments);
}

fn read_changed(stage: &Stage, changes: &Changes) {
    let dir = stage.path("school");
    let input = Input { dir: &dir, layout: None, changes };
    black_box(problems_as_text(&input.read().problems));
}

fn scenario(stage: &Stage, path: &Path) {
    let scenario = Scenario::load(&stage.path("school"), &[path.to_owned()], &[]);
    read_changed(stage, &scenario.changes);
}

fn set(stage: &Stage, path: &Path) {
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let sets: Vec<String> = text.lines().map(str::to_owned).collect();
    read_changed(stage, &Scenario::load(&stage.path("school"), &[], &sets).changes);
}

fn earlier(stage: &Stage, path: &Path) {
    let (text, problems) = history::scenario(&[path.to_owned()]);
    if problems.is_empty() {
        let scenario = Scenario::load_and(&stage.path("school"), &[], &[], Some(&text));
        read_changed(stage, &scenario.changes);
    }
}

fn skip(stage: &Stage, path: &Path) {
    let (school, out, to) = (stage.path("school"), stage.path("schedule"), stage.path("single/out.csv"));
    let arguments: [&std::ffi::OsStr; 10] = [
        "leerzone".as_ref(),
        "export".as_ref(),
        "zermelo".as_ref(),
        school.as_os_str(),
        out.as_os_str(),
        to.as_os_str(),
        "--from".as_ref(),
        "2027-01-11".as_ref(),
        "--skip".as_ref(),
        path.as_os_str(),
    ];
    commands::run_with(arguments);
}

fn weeks(stage: &Stage, _: &Path) {
    let dir = stage.path("school");
    if let Ok(weeks) = Weeks::read(&dir) {
        for week in &weeks.weeks {
            let _ = black_box(weeks.find(&week.week));
            let _ = black_box(week.days_off(&["mon".to_owned(), "tue".to_owned()]));
        }
    }
}

fn imported(import: Result<Import, String>) {
    let _ = black_box(import);
}

fn roster_options(ids: IdColumn, needs: Option<Priority>) -> Options {
    let date = date("2027-01-11").expect("a date");
    Options { ids, needs, subjects: SubjectFrom::Code, org: None, date }
}

fn oneroster(stage: &Stage, _: &Path) {
    let options = roster_options(IdColumn::Sourced, Some(Priority::Should));
    imported(import::oneroster::import(&stage.path("roster"), &options, &ColumnMap::default()));
}

fn oneroster_zip(_: &Stage, path: &Path) {
    imported(import::oneroster::import(
        path,
        &roster_options(IdColumn::Username, None),
        &ColumnMap::default(),
    ));
}

fn untis(stage: &Stage, _: &Path) {
    let (source, dir) = (stage.path("untis"), stage.path("school"));
    imported(import::untis::import(&source, &dir, None, Priority::Should, &ColumnMap::default()));
}

fn workbook(_: &Stage, path: &Path) {
    imported(import::xlsx::import(path, &ColumnMap::default()));
}

fn calendar(stage: &Stage, path: &Path) {
    let days = import::days_of(&stage.path("school"));
    let calendar = Calendar::new(&days, &one_week()).expect("days that are weekdays");
    imported(import::ics::import(path, &days, &calendar, "staff", "jan"));
}

fn choices(stage: &Stage, path: &Path) {
    let priorities = [Priority::Should, Priority::Could];
    imported(import::choices::import(path, &stage.path("school"), &priorities, &ColumnMap::default()));
}

fn zermelo(stage: &Stage, path: &Path) {
    let days = import::days_of(&stage.path("school"));
    let calendar = Calendar::new(&days, &one_week()).expect("days that are weekdays");
    imported(import::zermelo::import(path, &days, &calendar, Priority::Should));
}

fn edexml(_: &Stage, path: &Path) {
    imported(import::edexml::import(path));
}

fn column_map(stage: &Stage, path: &Path) {
    if let Ok(map) = ColumnMap::read(path) {
        imported(import::table::import(&stage.path("single/table.csv"), &map));
    }
}

fn any_table(stage: &Stage, path: &Path) {
    if let Ok(map) = ColumnMap::read(&stage.path("single/map.toml")) {
        imported(import::table::import(path, &map));
    }
}
