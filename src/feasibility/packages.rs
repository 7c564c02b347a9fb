//! R9, R4: packages that too few can carry, each by itself and together.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::iter;

use crate::model::rules::r4_limits::blocks_left;
use crate::model::rules::r8_staff::affords;
use crate::pluralize::pluralize;
use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{BlockId, Budget, Package, PackageId, School, StaffId};

/// Beyond so many holders asked for, or staff, or steps, no division is searched for.
const MOST_PEOPLE: u64 = 200;
const MOST_STAFF: u64 = 1_000;
const STEPS: u32 = 20_000;

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    if school.packages.is_empty() {
        return;
    }
    let carriers = Carriers::new(school);
    let mut possible = Vec::new();
    for package in school.package_ids() {
        match carriers.too_few(package) {
            Some(problem) => origins.packages.report_id(package, "people", problem, problems),
            None if school[package].blocks > 0 && school[package].people > 0 => possible.push(package),
            None => {}
        }
    }
    let together = carriers.too_few_together(&possible).or_else(|| carriers.indivisible(&possible));
    if let Some((last, problem)) = together {
        origins.packages.report_id(last, "blocks", problem, problems);
    }
    for budget in &school.budgets {
        if let Some((last, problem)) = too_dear(school, budget) {
            origins.packages.report_id(last, "blocks", problem, problems);
        }
    }
}

/// The least that the package costs the budget.
pub fn least_cost(school: &School, budget: &Budget, package: PackageId) -> f64 {
    let row = &school[package];
    let able = school.staff_ids().filter(|&staff| school.may_carry(staff, row));
    let cost = |staff| if budget.covers(school, staff) { school[staff].cost } else { 0.0 };
    let mut costs: Vec<f64> = able.map(cost).collect();
    costs.sort_by(f64::total_cmp);
    costs.iter().take(row.people as usize).sum::<f64>() * f64::from(row.blocks)
}

/// R8: packages that cost more than a budget whoever carries them, and the last of them.
fn too_dear(school: &School, budget: &Budget) -> Option<(PackageId, Problem)> {
    let costs = school.package_ids().map(|package| (package, least_cost(school, budget, package)));
    let costly: Vec<(PackageId, f64)> = costs.filter(|&(_, cost)| cost > 0.0).collect();
    let total: f64 = costly.iter().map(|(_, cost)| cost).sum();
    if affords(budget.cost, total) {
        return None;
    }
    let names: Vec<&str> = costly.iter().map(|&(package, _)| school[package].id.as_str()).collect();
    let which = if names.len() == 1 { "package" } else { "packages" };
    let message =
        format!("{which} {} cost more than the budget of {}", some_of(&names), budget.whose(school));
    let problem = Problem::error("impossible-package", message)
        .rule("R8")
        .found(format!("{total:.2} a week for the cheapest holders, the budget is {:.2}", budget.cost))
        .expected("packages that the budget pays for")
        .help("ask for fewer `people` or `blocks`, or raise the budget in school.toml");
    Some((costly.last()?.0, problem))
}

/// The first of staff who may carry the same packages and have as much room; `None` is no limit.
type Alike = (StaffId, Option<u32>);

struct Carriers<'s> {
    school: &'s School,
    /// How many there are of each.
    staff: Vec<(Alike, u64)>,
    /// Whether pins take some of the room.
    by_pins: bool,
}

impl<'s> Carriers<'s> {
    fn new(school: &'s School) -> Self {
        let mut pinned: HashMap<StaffId, BTreeSet<BlockId>> = HashMap::new();
        for pin in school.demanding_pins() {
            if let (Some(staff), Some(block)) = (pin.staff, pin.block) {
                pinned.entry(staff).or_default().insert(block);
            }
        }
        let mut staff: Vec<(Alike, u64)> = Vec::new();
        let mut places: HashMap<(Vec<bool>, Option<u32>), usize> = HashMap::new();
        for id in school.staff_ids() {
            let row = &school[id];
            let room = blocks_left(row, pinned.get(&id).map_or(0, |blocks| blocks.len() as u64));
            let carried = school.packages.iter().map(|package| school.may_carry(id, package)).collect();
            let at = *places.entry((carried, room)).or_insert(staff.len());
            match staff.get_mut(at) {
                Some((_, number)) => *number += 1,
                None => staff.push(((id, room), 1)),
            }
        }
        Self { school, staff, by_pins: !pinned.is_empty() }
    }

    /// Whether the staff member may carry the package.
    fn may(&self, staff: StaffId, package: PackageId) -> bool {
        self.school.may_carry(staff, &self.school[package])
    }

    fn too_few(&self, package: PackageId) -> Option<Problem> {
        let row = &self.school[package];
        let who_may = || self.staff.iter().filter(|((staff, _), _)| self.may(*staff, package));
        let by_data: u64 = who_may().map(|(_, number)| number).sum();
        let has_room = |room: Option<u32>| room.is_none_or(|room| room >= row.blocks);
        let able: u64 = who_may().filter(|((_, room), _)| has_room(*room)).map(|(_, number)| number).sum();
        if able >= u64::from(row.people) {
            return None;
        }
        let problem =
            Problem::error("impossible-package", format!("package `{}` finds too few people", row.id))
                .rule("R9")
                .found(format!(
                    "{by_data} staff have {} for it, {able} of them `max_blocks` of at least {}{}",
                    asked(row),
                    row.blocks,
                    if self.by_pins { " beside pinned blocks" } else { "" }
                ))
                .expected(format!("{} people who can carry it", row.people))
                .help(help(iter::once(row)));
        Some(problem)
    }

    /// The first set of packages for which holders have too little room, and the last of them. Looked at are the
    /// packages that nobody may carry but some staff, and those of them with so many blocks.
    fn too_few_together(&self, packages: &[PackageId]) -> Option<(PackageId, Problem)> {
        let carriers = |package: PackageId| -> Vec<bool> {
            self.staff.iter().map(|&((staff, _), _)| self.may(staff, package)).collect()
        };
        let mut sets: Vec<Vec<bool>> = Vec::new();
        for set in packages.iter().map(|&package| carriers(package)) {
            if !set.iter().all(|&may| may) && !sets.contains(&set) {
                sets.push(set);
            }
        }
        sets.push(vec![true; self.staff.len()]);
        for allowed in sets {
            let within = |&package: &PackageId| {
                carriers(package).iter().zip(&allowed).all(|(&carries, &allowed)| allowed || !carries)
            };
            let mut some: Vec<PackageId> = packages.iter().copied().filter(within).collect();
            let sizes: BTreeSet<u32> = some.iter().map(|&package| self.school[package].blocks).collect();
            // The largest alone name the fewest packages.
            some.sort_by_key(|&package| (Reverse(self.school[package].blocks), package));
            for &size in sizes.iter().rev() {
                let large = some.partition_point(|&package| self.school[package].blocks >= size);
                if let Some(found) = self.shortage(&some[..large], size) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// What the packages, each of at least `size` blocks, lack.
    fn shortage(&self, packages: &[PackageId], size: u32) -> Option<(PackageId, Problem)> {
        let school = self.school;
        let (mut people, mut blocks) = (0, 0);
        for &package in packages {
            people += u64::from(school[package].people);
            blocks += u64::from(school[package].people) * u64::from(school[package].blocks);
        }
        let (mut places, mut room) = (0, 0);
        for &((staff, most), number) in &self.staff {
            let carried = || packages.iter().filter(|&&package| self.may(staff, package));
            let all: u64 = carried().map(|&package| u64::from(school[package].blocks)).sum();
            let most = most.map_or(u64::MAX, u64::from);
            places += number * (most / u64::from(size)).min(carried().count() as u64);
            room += number * most.min(all);
        }
        let found = if places < people {
            format!(
                "{people} holders of {} blocks or more are asked for; staff have room for {places} such packages",
                size
            )
        } else if room < blocks {
            format!(
                "{} for all their holders; staff who may carry them have {room}",
                pluralize(blocks as usize, "block")
            )
        } else {
            return None;
        };
        self.together(packages, found)
    }

    /// Where sums hold, packages may still not fit side by side.
    fn indivisible(&self, packages: &[PackageId]) -> Option<(PackageId, Problem)> {
        let mut packages = packages.to_vec();
        packages.sort_by_key(|&package| (Reverse(self.school[package].blocks), package));
        let people: u64 = packages.iter().map(|&package| u64::from(self.school[package].people)).sum();
        let staff: u64 = self.staff.iter().map(|(_, number)| number).sum();
        if people > MOST_PEOPLE || staff > MOST_STAFF {
            return None;
        }
        let one_by_one = |&(alike, number): &(Alike, u64)| (0..number).map(move |_| alike);
        let staff = self.staff.iter().flat_map(one_by_one).collect();
        let mut trial = Trial { school: self.school, staff, steps: STEPS };
        if trial.fits(&packages) != Some(false) {
            return None;
        }
        self.together(&packages, "no division of them that keeps everybody within `max_blocks`".to_owned())
    }

    fn together(&self, packages: &[PackageId], found: String) -> Option<(PackageId, Problem)> {
        let mut packages = packages.to_vec();
        packages.sort_unstable();
        let names: Vec<&str> = packages.iter().map(|&package| self.school[package].id.as_str()).collect();
        let which = if names.len() == 1 { "package" } else { "packages" };
        let problem = Problem::error(
            "impossible-package",
            format!("{which} {} together find too few people", some_of(&names)),
        )
        .rule("R9")
        .found(found)
        .expected("room in `max_blocks` of staff beside pinned blocks")
        .help(help(packages.iter().map(|&package| &self.school[package])));
        Some((packages.pop()?, problem))
    }
}

/// What a holder must have.
fn asked(package: &Package) -> String {
    let parts = [
        (!package.roles.is_empty()).then_some("a role"),
        (!package.subjects.is_empty()).then_some("a subject"),
        package.unit.is_some().then_some("the unit"),
        (!package.meets.is_empty()).then_some("a free block in common with those of `meets`"),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "a role".to_owned() } else { parts.join(" and ") }
}

fn help<'p>(mut packages: impl Iterator<Item = &'p Package>) -> String {
    let is_narrow = packages.any(|package| !package.subjects.is_empty() || package.unit.is_some());
    let more = if is_narrow { "`roles` and `subjects`, or any `unit`" } else { "`roles`" };
    format!("ask for fewer `people` or `blocks`, allow more {more}, or raise `max_blocks` of staff")
}

/// A search for holders of all packages.
struct Trial<'s> {
    school: &'s School,
    /// With the room that is left.
    staff: Vec<Alike>,
    /// Steps before the search is given up.
    steps: u32,
}

impl Trial<'_> {
    /// `None` if that is not known after all steps.
    fn fits(&mut self, packages: &[PackageId]) -> Option<bool> {
        let people = packages.first().map_or(0, |&package| self.school[package].people);
        self.place(packages, people, 0)
    }

    /// Finds `people` more holders of the first package among staff who come after its other ones.
    fn place(&mut self, packages: &[PackageId], people: u32, from: usize) -> Option<bool> {
        let Some((&package, rest)) = packages.split_first() else { return Some(true) };
        if people == 0 {
            return self.fits(rest);
        }
        self.steps = self.steps.checked_sub(1)?;
        let row = &self.school[package];
        let mut tried: Vec<Alike> = Vec::new();
        for at in from..self.staff.len() {
            let alike @ (staff, room) = self.staff[at];
            let suits = self.school.may_carry(staff, row) && room.is_none_or(|room| room >= row.blocks);
            if !suits || tried.contains(&alike) {
                continue;
            }
            tried.push(alike);
            self.staff[at].1 = room.map(|room| room.saturating_sub(row.blocks));
            let found = self.place(packages, people - 1, at + 1);
            self.staff[at].1 = room;
            if found != Some(false) {
                return found;
            }
        }
        Some(false)
    }
}
