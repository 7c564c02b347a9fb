//! From a folder of TOML and CSV to a valid [`School`]. Every problem of the folder is collected with
//! its file, line and column; a school is handed out when none of them is an error.

#![expect(clippy::result_large_err, reason = "an error is a whole report, made once for each thing to mend")]

mod absence;
mod budgets;
mod busy;
mod cell;
mod changes;
pub mod columns;
mod decisions;
mod document;
mod folder;
mod groups;
mod input;
mod layout;
mod lookalikes;
mod names;
mod needs;
mod origin;
mod problem;
mod render;
mod resources;
mod roster;
pub mod schema;
mod settings;
mod source;
mod spoilt;
mod table;
pub(crate) mod value;
mod wishes;
pub mod words;
pub mod workbook;

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::limits;
use crate::school::{
    BlockId, Budget, Busy, CsvStyle, Grid, Id, Pair, Pin, Presence, ReserveGroup, School, SiteId, StudentId,
    Wish,
};

pub use absence::{Absence, Who, absences};
pub use changes::Changes;
pub use input::Input;
pub use names::spoken;
pub use problem::{Problem, Severity, first_error};
pub use render::{print_problems, problems_as_text, tally};
pub use resources::HOMEWORK;
pub use table::named_by_contract;

/// What is needed to say how a school is to be changed in memory.
pub(crate) mod changing {
    pub use super::changes::{Cell, Changes, KeyEdit, RowChange, RowEdit, Target, Which};
    pub use super::columns::{self, Column, Section};
    pub use super::document::{describe, parse as parse_toml};
    pub use super::problem::{Problems, nearest};
    pub use super::source::Source;
}

/// What is needed to read tables and settings that belong to no school.
pub(crate) mod tabular {
    pub use super::columns::{File, Holds, Section, may, must};
    pub use super::document::{Keys, parse as parse_toml};
    pub use super::problem::{Problem, Problems, nearest};
    pub use super::roster::duplicate;
    pub use super::source::Source;
    pub use super::table::{Row, Table};
    pub(crate) use super::value;
}

/// What is needed to report what is wrong with a school that is read.
pub(crate) mod checking {
    pub use super::groups::some_of;
    pub use super::origin::Origins;
    pub use super::problem::{Problem, Problems, nearest};
}

use busy::Free;
use decisions::Rows;
use document::Word;
use groups::{By, Groups};
use layout::Layout;
use names::Names;
use needs::Needs;
use origin::Origins;
use problem::Problems;
use resources::Resources;
use settings::Settings;
use wishes::wishes;

/// What was read, and everything that is wrong or odd about it.
#[derive(Debug)]
pub struct Reading {
    /// `Some` if no problem is an error.
    pub school: Option<School>,
    /// In the order of files, lines and columns.
    pub problems: Vec<Problem>,
}

/// [`Input::hash`] of a school as it stands.
pub fn input_hash(dir: &Path, layout: Option<&Path>) -> String {
    Input { dir, layout, changes: &Changes::default() }.hash()
}

/// What was read, before anybody has looked whether it can work.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// With where its rows come from.
    school: Option<(School, Origins)>,
    problems: Problems,
    /// Names of the files, in the order of their problems.
    files: Vec<String>,
    /// What was read, where it is no folder.
    workbook: Option<PathBuf>,
}

impl Parsed {
    /// The school with its problems and those that the check adds; only the problems if one is an error.
    pub fn checked(mut self, check: impl Fn(&School, &Origins, &mut Problems)) -> Reading {
        if let Some((school, origins)) = &self.school {
            check(school, origins, &mut self.problems);
        }
        let files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        let school = self.school.filter(|_| self.problems.error_count() == 0).map(|(school, _)| school);
        let mut problems = self.problems.into_sorted(&files);
        if let Some(book) = &self.workbook {
            problems.iter_mut().for_each(|problem| workbook::rename(problem, book));
        }
        Reading { school, problems }
    }
}

fn parse(input: &Input) -> Parsed {
    let dir = input.dir;
    let mut problems = Problems::default();
    let school = if dir.is_dir() || workbook::is_workbook(dir) {
        input.changes.problems().iter().for_each(|problem| problems.push(problem.clone()));
        read_folder(input, &mut problems)
    } else {
        problems.push(
            Problem::error("missing-folder", format!("`{}` is not a folder", dir.display()))
                .file(dir.display().to_string())
                .found("no such folder")
                .expected(
                    "the folder with the school's files, or a workbook (.xlsx, .ods) with a sheet for each",
                )
                .help("check the name; `leerzone init` writes a small school to start from"),
        );
        None
    };
    let mut files = vec![columns::SCHOOL_TOML.to_owned(), input.layout_file().1];
    files.extend(columns::FILES.map(|file| file.name.to_owned()));
    let workbook = workbook::is_workbook(dir).then(|| dir.to_owned());
    Parsed { school, problems, files, workbook }
}

fn read_folder(input: &Input, problems: &mut Problems) -> Option<(School, Origins)> {
    folder::report_unknown_files(input.dir, problems);
    let settings = Settings::read(input, problems);
    let layout = Layout::read(input, &settings.days, problems);
    let mut resources = Resources::read(input, problems);
    needs::history(input, &resources.students.names, &mut resources.students.rows, problems);
    if resources.shared.sites.len() + settings.travel.len() > limits::SITES {
        let sites = resources.shared.sites.len() + settings.travel.len();
        let problem = layout::too_many("sites and travels between them", sites, limits::SITES);
        problems.push(problem.file(columns::PLACES.name));
        return None;
    }
    lookalikes::report(&resources, problems);
    let travel = travel(&settings, &mut resources.shared.sites, problems);
    let budgets = budgets::budgets(&settings, &resources, problems);
    let reserve_groups = reserve_groups(&settings, &resources, problems);

    if is_too_large(&resources, &layout, problems) {
        return None;
    }
    let groups = Groups::new(&resources.students, &resources.shared.units);
    let presence = presence(&settings, &groups, resources.students.rows.len(), problems);
    let needs = needs::needs(input, &settings.days, &groups, &resources, problems);
    resources::audiences(&mut resources.offerings, &groups, problems);
    let invited = invited(&layout, &groups, resources.students.rows.len(), problems);
    let mut free = Free::new(&invited, layout.blocks.len(), &resources);
    let known =
        busy::Known { days: &settings.days, blocks: &layout.blocks, groups: &groups, resources: &resources };
    let busy = busy::busy(input, &known, &mut free, problems);
    let pins = decisions::pins(input, &layout.names, &resources, problems);
    let pairs = decisions::pairs(input, &resources.students.names, problems);
    let wishes = wishes(input, &settings.days, &layout, &resources, problems);
    // What needs and pairs say can be mended without a change of what the rest is found to lack.
    if !problems.errors_only_in(&[columns::NEEDS.name, columns::PAIRS.name, columns::HISTORY.name]) {
        return None;
    }
    let parts = Parts {
        settings,
        presence,
        layout,
        resources,
        travel,
        budgets,
        reserve_groups,
        needs,
        pins,
        pairs,
        wishes,
        invited,
        free,
        busy,
    };
    Some(parts.assemble())
}

/// How the school writes its largest table.
fn csv_style(resources: &Resources) -> CsvStyle {
    let table = resources.students.origin.table.as_ref();
    table.map_or(CsvStyle::PLAIN, |table| CsvStyle {
        separator: if table.has_semicolons() { b';' } else { b',' },
        has_bom: table.source.has_bom,
    })
}

/// Reports more students and blocks than their tables can be made for.
fn is_too_large(resources: &Resources, layout: &Layout, problems: &mut Problems) -> bool {
    let cells = resources.students.rows.len().saturating_mul(layout.blocks.len());
    if cells > limits::STUDENT_BLOCKS {
        let problem = layout::too_many("students times blocks", cells, limits::STUDENT_BLOCKS);
        problems.push(problem.file(columns::STUDENTS.name));
    }
    cells > limits::STUDENT_BLOCKS
}

/// Everything a school is put together from.
struct Parts {
    settings: Settings,
    presence: Presence,
    layout: Layout,
    resources: Resources,
    travel: Grid<SiteId, SiteId, u32>,
    budgets: Vec<Budget>,
    reserve_groups: Vec<ReserveGroup>,
    needs: Needs,
    pins: Rows<Pin>,
    pairs: Rows<Pair>,
    wishes: Rows<Wish>,
    invited: Grid<StudentId, BlockId, bool>,
    free: Free,
    busy: Vec<Busy>,
}

impl Parts {
    fn assemble(self) -> (School, Origins) {
        let Parts {
            settings,
            presence,
            layout,
            resources,
            travel,
            budgets,
            reserve_groups,
            needs,
            pins,
            pairs,
            wishes,
            invited,
            free,
            busy,
        } = self;
        let school = School {
            days: settings.days.to_list(),
            sites: resources.shared.sites.to_list(),
            units: resources.shared.units.to_list(),
            name: settings.name,
            csv: csv_style(&resources),
            language: settings.language,
            weights: settings.weights,
            coaching: settings.coaching,
            presence,
            own_staff: settings.own_staff,
            own_places: settings.own_places,
            staff_per_block: settings.staff_per_block,
            reserve_groups,
            reserve_called: Vec::new(),
            budgets,
            travel,
            busy,
            layout: layout.name,
            blocks: layout.blocks,
            subjects: resources.subjects.rows,
            offerings: resources.offerings.rows,
            places: resources.places.rows,
            staff: resources.staff.rows,
            students: resources.students.rows,
            needs: needs.rows,
            asks: needs.asks,
            dated: needs.dated,
            pins: pins.rows,
            pairs: pairs.rows,
            packages: resources.packages.rows,
            wishes: wishes.rows,
            invited,
            student_free: free.students,
            staff_free: free.staff,
            place_free: free.places,
        };
        let origins = Origins {
            settings: settings.document,
            setting_spans: settings.spans,
            layout: layout.document,
            blocks: layout.spans,
            offerings: resources.offerings.origin,
            places: resources.places.origin,
            staff: resources.staff.origin,
            students: resources.students.origin,
            needs: needs.origin,
            pins: pins.origin,
            pairs: pairs.origin,
            packages: resources.packages.origin,
            wishes: wishes.origin,
        };
        (school, origins)
    }
}

/// The least presence of each student: of the keys that name the student, the narrowest counts.
fn presence(settings: &Settings, groups: &Groups, students: usize, problems: &mut Problems) -> Presence {
    let mut keys: Vec<_> = settings.min_blocks.iter().collect();
    keys.sort_by_key(|((key, _), _)| match key.split_once(':').map(|(prefix, _)| prefix.trim()) {
        None if key == "*" => 0,
        None | Some("year") => 1,
        Some("unit") => 2,
        Some("class") => 3,
        Some(_) => 4,
    });
    let mut min_blocks = vec![0; if keys.is_empty() { 0 } else { students }];
    for ((key, span), least) in keys {
        if key == "*" {
            min_blocks.fill(*least);
            continue;
        }
        // Without students the messages about needs say so already.
        if groups.are_empty() {
            continue;
        }
        let members = if key.contains(':') { groups.audience(key) } else { groups.with(By::Year, key) };
        match members {
            Ok(members) => members.iter().for_each(|student| min_blocks[student.index()] = *least),
            Err(mut problem) => {
                problem.severity = Severity::Warning;
                settings.document.report(span, "min_blocks", problem, problems);
            }
        }
    }
    let written = settings.min_blocks.iter().map(|((key, _), least)| (key.clone(), *least));
    Presence { min_blocks, fill: settings.fill, shrink: settings.shrink.then(|| written.collect()) }
}

/// Who is invited to which block.
fn invited(
    layout: &Layout,
    groups: &Groups,
    students: usize,
    problems: &mut Problems,
) -> Grid<StudentId, BlockId, bool> {
    let mut audiences: Vec<Option<Vec<StudentId>>> = Vec::new();
    for entries in &layout.audiences {
        let mut members = Vec::new();
        for (entry, span) in entries {
            match groups.audience(entry) {
                Ok(students) => members.extend_from_slice(students),
                Err(problem) => layout.document.report(span, "audience", problem, problems),
            }
        }
        audiences.push((!entries.is_empty()).then_some(members));
    }
    let mut invited = Grid::filled(students, layout.blocks.len(), true);
    for block in layout.block_ids() {
        if let Some(members) = &audiences[layout.audience[block.index()]] {
            (0..students).for_each(|student| invited[(StudentId::new(student), block)] = false);
            members.iter().for_each(|&student| invited[(student, block)] = true);
        }
    }
    invited
}

fn travel(
    settings: &Settings,
    sites: &mut Names<SiteId>,
    problems: &mut Problems,
) -> Grid<SiteId, SiteId, u32> {
    for ((from, _), (to, span), _) in settings.travel.iter().filter(|((from, _), (to, _), _)| from == to) {
        let problem = Problem::warning("self-travel", format!("travel from `{from}` to itself"))
            .found(format!("`{to}` twice"))
            .expected("two sites")
            .help("correct one of the two; within a site there is no travel");
        settings.document.report(span, "to", problem, problems);
    }
    report_travel_twice(settings, problems);
    for ((name, span), field) in settings.travel.iter().flat_map(|(from, to, _)| [(from, "from"), (to, "to")])
    {
        if let Err(mut problem) = sites.resolve(name) {
            // It may belong to staff or places that are still to come.
            problem.severity = Severity::Warning;
            settings.document.report(span, field, problem, problems);
        }
    }
    let different = settings.travel.iter().filter(|((from, _), (to, _), _)| from != to);
    let named: Vec<(SiteId, SiteId, u32)> =
        different.map(|((from, _), (to, _), minutes)| (sites.add(from), sites.add(to), *minutes)).collect();
    let mut travel = Grid::filled(sites.len(), sites.len(), 0);
    for (from, to, minutes) in named {
        travel[(from, to)] = minutes;
        travel[(to, from)] = minutes;
    }
    travel
}

/// Pairs of sites with two numbers of minutes, of which only one can be meant.
fn report_travel_twice(settings: &Settings, problems: &mut Problems) {
    for (index, ((from, _), (to, span), minutes)) in settings.travel.iter().enumerate() {
        let same = |((one, _), (other, _), _): &&(Word, Word, u32)| {
            (one == from && other == to) || (one == to && other == from)
        };
        let first = settings.travel[..index].iter().find(same);
        if let Some((.., before)) = first.filter(|(.., before)| before != minutes) {
            let message = format!("travel between `{from}` and `{to}` takes {before} and {minutes} minutes");
            let problem = Problem::error("travel-twice", message)
                .found(format!("{minutes} minutes, and {before} in a table above"))
                .expected("one `[[travel]]` for two sites: it counts both ways")
                .help("take one of the two tables out");
            settings.document.report(span, "to", problem, problems);
        }
    }
}

fn reserve_groups(settings: &Settings, resources: &Resources, problems: &mut Problems) -> Vec<ReserveGroup> {
    let shared = &resources.shared;
    let mut groups = Vec::new();
    for named in &settings.reserve_groups {
        let report = |field: &str, span: &Range<usize>, problem: Problem, problems: &mut Problems| {
            settings.document.report(span, field, problem, problems);
        };
        let mut group = ReserveGroup { people: named.people, roles: named.roles, ..ReserveGroup::default() };
        if let Some((unit, span)) = &named.unit {
            match shared.units.resolve(unit) {
                Ok(unit) => group.unit = unit,
                Err(problem) => report("unit", span, problem, problems),
            }
        }
        if let Some((site, span)) = &named.site {
            match shared.sites.resolve(site) {
                Ok(site) => group.site = site,
                Err(problem) => report("site", span, problem, problems),
            }
        }
        for (subject, span) in &named.subjects {
            match resources.subjects.names.resolve(subject) {
                Ok(subject) => group.subjects.extend(subject),
                Err(problem) => report("subjects", span, problem, problems),
            }
        }
        groups.push(group);
    }
    groups
}
