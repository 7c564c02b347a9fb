//! One week as a scenario and a layout, so that its schedule can be solved, verified and explained like any other.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::model::rules::r8_staff;
use crate::school::{BlockId, Budget, Dated, DayId, Id, School, clock};
use crate::verify::table;
use crate::whatif::absences::{absent, closed};
use crate::whatif::change::quoted;
use crate::whatif::explain::remedies::set_budget;
use crate::whatif::history;
use crate::write::files::{COACHING_GROUPS, PACKAGE_HOLDERS, SESSIONS};

use super::{Term, Week, turns};

/// Where a week is kept.
pub struct Folder(PathBuf);

impl Folder {
    pub fn of(dir: &Path, week: &Week) -> Self {
        Self(dir.join("weeks").join(&week.week))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is special about the week, as a scenario.
    pub fn scenario(&self) -> PathBuf {
        self.0.join("week.toml")
    }

    /// The layout without the days off.
    pub fn layout(&self) -> PathBuf {
        self.0.join("layout.toml")
    }

    pub fn schedule(&self) -> PathBuf {
        self.0.join("schedule")
    }

    pub fn is_solved(&self) -> bool {
        self.schedule().join(crate::write::files::SUMMARY).exists()
    }
}

/// Coaches as groups of a schedule have them, by student.
///
/// # Errors
/// The file is missing or is no table.
pub fn coaches(schedule: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut coaches = BTreeMap::new();
    table::read(schedule, COACHING_GROUPS.file, ["coach", "student"], |_, [coach, student]| {
        coaches.insert(student.to_owned(), coach.to_owned());
    })?;
    Ok(coaches)
}

/// The scenario of a week: coaches go on from the last week solved, what was missed counts, who is absent is busy.
/// `school` is the school as its folder has it.
///
/// # Errors
/// Unknown people, places or days; earlier weeks that cannot be read.
pub fn scenario(school: &School, dir: &Path, term: &Term, at: usize) -> anyhow::Result<String> {
    let week = &term.weeks[at];
    let solved: Vec<Folder> =
        (term.weeks[..at].iter()).map(|week| Folder::of(dir, week)).filter(Folder::is_solved).collect();
    let mut text = format!("name = {}\n", quoted(&format!("week {}", week.week)));
    let off = week.days_off(&school.days)?;
    text += &lifted_pins(school, &off);
    text += &shrunk_presence(school, &off);
    text += &dates_as_days(school, week)?;
    if let Some(last) = solved.last() {
        let coaches = coaches(&last.schedule()).context("reading the groups of the last week")?;
        for student in &school.students {
            let now = coaches.get(&student.id).filter(|coach| school.staff.iter().any(|s| s.id == **coach));
            let before = student.coach.map(|coach| school[coach].id.as_str());
            if let Some(now) = now.filter(|now| Some(now.as_str()) != before) {
                text += &format!("[set.students.{}]\ncoach = {}\n", quoted(&student.id), quoted(now));
            }
        }
    }
    text += &carried_budgets(school, &solved)?;
    let wrong = |message: String| anyhow!("weeks.toml: week `{}`: {message}", week.week);
    for out in absent(school, &week.absent).map_err(wrong)? {
        out.blocks.iter().for_each(|&block| text += &busy(school, "staff", &school[out.who].id, block));
    }
    for out in closed(school, &week.closed).map_err(wrong)? {
        out.blocks.iter().for_each(|&block| text += &busy(school, "place", &school[out.who].id, block));
    }
    let counting = solved.iter().rev().take(term.history).map(Folder::schedule);
    let (history, problems) = history::scenario(&counting.collect::<Vec<_>>());
    if let Some(problem) = problems.first() {
        return Err(anyhow!("{}: {}", problem.message, problem.found));
    }
    let carried = turns::carried(school, &solved, term.history).context("reading who missed what so far")?;
    Ok(text + &history + &carried)
}

/// Budgets that carry over, with what all solved weeks before left of them.
fn carried_budgets(school: &School, solved: &[Folder]) -> anyhow::Result<String> {
    let carrying: Vec<&Budget> = school.budgets.iter().filter(|budget| budget.carry).collect();
    if carrying.is_empty() || solved.is_empty() {
        return Ok(String::new());
    }
    let mut blocks = vec![0; school.staff.len()];
    for folder in solved {
        add_blocks(school, &folder.schedule(), &mut blocks).context("reading what earlier weeks cost")?;
    }
    let text = carrying.into_iter().map(|budget| {
        let spent = r8_staff::spent(school, budget, |staff| blocks[staff.index()]);
        let left = (budget.cost * solved.len() as f64 - spent).max(0.0);
        set_budget(school, budget, budget.cost + left)
    });
    Ok(text.collect())
}

/// Adds the blocks that staff worked and carried in the schedule. Whoever has left costs nothing any more.
fn add_blocks(school: &School, schedule: &Path, blocks: &mut [u64]) -> anyhow::Result<()> {
    let staff: BTreeMap<&str, usize> =
        school.staff_ids().map(|s| (school[s].id.as_str(), s.index())).collect();
    let packages: BTreeMap<&str, u32> =
        school.packages.iter().map(|package| (package.id.as_str(), package.blocks)).collect();
    let mut add = |id: &str, number: u64| {
        if let Some(&at) = staff.get(id.trim()) {
            blocks[at] += number;
        }
    };
    table::read(schedule, SESSIONS.file, ["lead", "assistants"], |_, [lead, assistants]| {
        add(lead, 1);
        assistants.split('|').for_each(|assistant| add(assistant, 1));
    })?;
    if !packages.is_empty() {
        table::read(schedule, PACKAGE_HOLDERS.file, ["package", "staff"], |_, [package, staff]| {
            add(staff, packages.get(package).copied().unwrap_or(0).into());
        })?;
    }
    Ok(())
}

fn busy(school: &School, kind: &str, id: &str, block: BlockId) -> String {
    let row = &school[block];
    let (id, day) = (quoted(id), quoted(&school[row.day]));
    let (start, end) = (clock(row.start), clock(row.end));
    format!("[[add.busy]]\nkind = \"{kind}\"\nid = {id}\nday = {day}\nstart = \"{start}\"\nend = \"{end}\"\n")
}

/// Needs with dates hold on the days of the week that lie between them; those of other weeks are left out.
fn dates_as_days(school: &School, week: &Week) -> anyhow::Result<String> {
    let mut dated: Vec<_> = school.dated.iter().collect();
    // Cells that are empty match any: rows with more of them are found first, and have no date from then on.
    let filled = |dated: &&Dated| {
        [&dated.from, &dated.until, &dated.days_cell].into_iter().filter(|cell| !cell.is_empty()).count()
    };
    dated.sort_by_key(|dated| Reverse(filled(dated)));
    let mut text = String::new();
    for dated in dated {
        let cells = [("from", &dated.from), ("until", &dated.until), ("days", &dated.days_cell)];
        let cells: Vec<_> = cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect();
        let which: Vec<String> =
            cells.iter().map(|(column, cell)| format!("{column} = {}", quoted(cell))).collect();
        let days = week.days_between(school.days.len(), &dated.from, &dated.until)?;
        let days: Vec<&str> = (days.into_iter().filter(|&day| dated.days.has(DayId::new(day))))
            .map(|day| school.days[day].as_str())
            .collect();
        if days.is_empty() {
            text += &format!("[[remove.needs]]\n{}\n", which.join("\n"));
            continue;
        }
        text += &format!("[[set.needs]]\nwhere = {{ {} }}\n", which.join(", "));
        text += &format!("days = {}\n", quoted(&days.join("|")));
        for (column, _) in cells.iter().filter(|(column, _)| *column != "days") {
            text += &format!("{column} = \"\"\n");
        }
    }
    Ok(text)
}

/// A week with fewer days asks for as many blocks less, rounded down.
fn shrunk_presence(school: &School, off: &[usize]) -> String {
    let Some(keys) = school.presence.shrink.as_ref().filter(|_| !off.is_empty()) else {
        return String::new();
    };
    let days = school.days.len() as u64;
    let left = (0..school.days.len()).filter(|day| !off.contains(day)).count() as u64;
    let mut text = "[set.school.presence.min_blocks]\n".to_owned();
    for (who, least) in keys {
        text += &format!("{} = {}\n", quoted(who), u64::from(*least) * left / days);
    }
    text
}

/// Pins of blocks that do not take place.
fn lifted_pins(school: &School, off: &[usize]) -> String {
    let mut blocks: Vec<BlockId> = school.pins.iter().filter_map(|pin| pin.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks.retain(|&block| off.contains(&school[block].day.index()));
    blocks.iter().map(|&block| format!("[[remove.pins]]\nblock = {}\n", quoted(&school[block].id))).collect()
}

/// The layout without the days off.
///
/// # Errors
/// The layout cannot be read, or nothing is left of the week.
pub fn layout(school: &School, path: &Path, week: &Week) -> anyhow::Result<String> {
    let mut layout = crate::open::toml(path).with_context(|| format!("cannot read {}", path.display()))?;
    let off = week.days_off(&school.days)?;
    let is_off =
        |day: &str| school.days.iter().position(|known| known == day).is_some_and(|at| off.contains(&at));
    if let Some(toml::Value::Array(blocks)) = layout.get_mut("block") {
        for block in blocks.iter_mut().filter_map(toml::Value::as_table_mut) {
            let days = match block.get("days").and_then(toml::Value::as_array) {
                Some(days) => days.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
                None => school.days.clone(),
            };
            let left = days.into_iter().filter(|day| !is_off(day)).map(toml::Value::String);
            block.insert("days".to_owned(), toml::Value::Array(left.collect()));
        }
        let has_days = |block: &toml::Value| {
            block.get("days").and_then(toml::Value::as_array).is_some_and(|days| !days.is_empty())
        };
        blocks.retain(has_days);
        if blocks.is_empty() {
            anyhow::bail!(
                "weeks.toml: week `{}` has no school day left: take the week out, or one of its holidays",
                week.week
            );
        }
    }
    Ok(toml::to_string(&layout)?)
}
