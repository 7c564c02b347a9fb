//! From a folder of TOML and CSV to a valid [`School`]. Every problem of the folder is collected with
//! its file, line and column; a school is handed out when none of them is an error.

mod busy;
mod cell;
pub mod columns;
mod decisions;
mod document;
mod folder;
mod groups;
mod layout;
mod names;
mod needs;
mod never;
mod origin;
mod problem;
mod render;
mod resources;
mod roster;
mod settings;
mod source;
mod table;
mod value;

use std::path::Path;

use crate::school::{BlockId, Budget, Grid, Id, School, SiteId, StudentId};

pub use folder::input_hash;
pub use problem::{Problem, Severity};
pub use render::print_problems;

use busy::Free;
use groups::{By, Groups};
use layout::Layout;
use names::Names;
use origin::Origins;
use problem::Problems;
use resources::Shared;
use settings::Settings;

/// What was read, and everything that is wrong or odd about it.
#[derive(Debug)]
pub struct Reading {
    /// `Some` if no problem is an error.
    pub school: Option<School>,
    /// In the order of files, lines and columns.
    pub problems: Vec<Problem>,
}

/// Reads the school in the folder `dir`, with `layout` in place of its `layout.toml` if given.
pub fn read_school(dir: &Path, layout: Option<&Path>) -> Reading {
    let mut problems = Problems::default();
    let school = if dir.is_dir() {
        read_folder(dir, layout, &mut problems)
    } else {
        problems.push(
            Problem::error("missing-folder", format!("`{}` is not a folder", dir.display()))
                .file(dir.display().to_string())
                .found("no such folder")
                .expected("the folder with the school's files")
                .help("check the name; `leerzone init` writes a small school to start from"),
        );
        None
    };
    let school = school.filter(|_| problems.error_count() == 0);
    let layout_name = folder::layout_file(dir, layout).1;
    let mut order = vec![columns::SCHOOL_TOML, layout_name.as_str()];
    order.extend(columns::FILES.map(|file| file.name));
    Reading { school, problems: problems.into_sorted(&order) }
}

fn read_folder(dir: &Path, layout: Option<&Path>, problems: &mut Problems) -> Option<School> {
    folder::report_unknown_files(dir, problems);
    let settings = Settings::read(dir, problems);
    let layout = Layout::read(dir, layout, &settings.days, problems);
    let mut shared = Shared::default();
    let subjects = resources::subjects(dir, problems);
    let offerings = resources::offerings(dir, &subjects.names, problems);
    let places = resources::places(dir, &mut shared, problems);
    let staff = resources::staff(dir, &subjects.names, &offerings.names, &mut shared, problems);
    let mut students = resources::students(dir, &staff.names, &mut shared, problems);
    let packages = resources::packages(dir, problems);
    needs::history(dir, &students.names, &mut students.rows, problems);

    let complete = students.origin.table.is_some();
    let groups = Groups::new(&students.names, &students.rows, &shared.units, complete);
    let needs = needs::needs(dir, &groups, &subjects.names, &staff.names, problems);
    let invited = invited(&layout, &groups, students.rows.len(), problems);
    let mut free = Free {
        students: invited.clone(),
        staff: Grid::filled(staff.rows.len(), layout.blocks.len(), true),
        places: Grid::filled(places.rows.len(), layout.blocks.len(), true),
    };
    let known = busy::Known {
        days: &settings.days,
        groups: &groups,
        students: &students.names,
        staff: &staff.names,
        places: &places.names,
        sites: &shared.sites,
        units: &shared.units,
        staff_rows: &staff.rows,
        place_rows: &places.rows,
    };
    busy::busy(dir, &known, &layout.blocks, &mut free, problems);
    let known = decisions::Known {
        blocks: &layout.names,
        offerings: &offerings.names,
        staff: &staff.names,
        places: &places.names,
        students: &students.names,
    };
    let pins = decisions::pins(dir, &known, problems);
    let pairs = decisions::pairs(dir, &students.names, problems);
    report_unknown_years(&settings, &groups, problems);
    let travel = travel(&settings, &mut shared.sites);
    let budgets = budgets(&settings, &shared, problems);
    if problems.error_count() > 0 {
        return None;
    }
    let list = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let school = School {
        days: list(settings.days.list()),
        sites: list(shared.sites.list()),
        units: list(shared.units.list()),
        name: settings.name,
        weights: settings.weights,
        coaching: settings.coaching,
        presence: settings.presence,
        own_staff: settings.own_staff,
        staff_per_block: settings.staff_per_block,
        budgets,
        travel,
        layout: layout.name,
        blocks: layout.blocks,
        subjects: subjects.rows,
        offerings: offerings.rows,
        places: places.rows,
        staff: staff.rows,
        students: students.rows,
        needs: needs.rows,
        pins: pins.rows,
        pairs: pairs.rows,
        packages: packages.rows,
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
        offerings: offerings.origin,
        staff: staff.origin,
        students: students.origin,
        needs: needs.origin,
        pins: pins.origin,
        pairs: pairs.origin,
        packages: packages.origin,
    };
    never::report(&school, &origins, problems);
    Some(school)
}

/// Years that `min_blocks` names and no student has.
fn report_unknown_years(settings: &Settings, groups: &Groups, problems: &mut Problems) {
    for (year, span) in &settings.presence_years {
        if let Err(mut problem) = groups.with(By::Year, year) {
            problem.severity = Severity::Warning;
            settings.document.report(span, "min_blocks", problem, problems);
        }
    }
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

fn travel(settings: &Settings, sites: &mut Names<SiteId>) -> Grid<SiteId, SiteId, u32> {
    let named: Vec<(SiteId, SiteId, u32)> = settings
        .travel
        .iter()
        .map(|((from, _), (to, _), minutes)| (sites.add(from), sites.add(to), *minutes))
        .collect();
    let mut travel = Grid::filled(sites.len(), sites.len(), 0);
    for (from, to, minutes) in named {
        travel[(from, to)] = minutes;
        travel[(to, from)] = minutes;
    }
    travel
}

fn budgets(settings: &Settings, shared: &Shared, problems: &mut Problems) -> Vec<Budget> {
    let mut budgets = Vec::new();
    for ((unit, span), cost) in &settings.budgets {
        if unit == "*" {
            budgets.push(Budget { unit: None, cost: *cost });
            continue;
        }
        match shared.units.resolve(unit) {
            Ok(unit) => budgets.push(Budget { unit, cost: *cost }),
            Err(problem) => settings.document.report(span, "unit", problem, problems),
        }
    }
    budgets
}
