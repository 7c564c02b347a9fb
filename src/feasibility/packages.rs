//! R9, R4: packages that too few can carry, each by itself and together.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use crate::model::rules::r4_limits::blocks_left;
use crate::pluralize::pluralize;
use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{BlockId, PackageId, Roles, School, StaffId};

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
}

/// Staff with one set of roles and as much room; `None` is no limit.
type Alike = (Roles, Option<u32>);

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
        let mut places: HashMap<(Vec<&str>, Option<u32>), usize> = HashMap::new();
        for id in school.staff_ids() {
            let row = &school[id];
            let room = blocks_left(row, pinned.get(&id).map_or(0, |blocks| blocks.len() as u64));
            let roles: Vec<&str> = row.roles.iter().map(|role| role.label()).collect();
            let at = *places.entry((roles, room)).or_insert(staff.len());
            match staff.get_mut(at) {
                Some((_, number)) => *number += 1,
                None => staff.push(((row.roles, room), 1)),
            }
        }
        Self { school, staff, by_pins: !pinned.is_empty() }
    }

    fn too_few(&self, package: PackageId) -> Option<Problem> {
        let row = &self.school[package];
        let with_role = || self.staff.iter().filter(|((roles, _), _)| row.is_for(*roles));
        let by_role: u64 = with_role().map(|(_, number)| number).sum();
        let has_room = |room: Option<u32>| room.is_none_or(|room| room >= row.blocks);
        let able: u64 = with_role().filter(|((_, room), _)| has_room(*room)).map(|(_, number)| number).sum();
        if able >= u64::from(row.people) {
            return None;
        }
        let problem =
            Problem::error("impossible-package", format!("package `{}` finds too few people", row.id))
                .rule("R9")
                .found(format!(
                    "{by_role} staff have a role for it, {able} of them `max_blocks` of at least {}{}",
                    row.blocks,
                    if self.by_pins { " beside pinned blocks" } else { "" }
                ))
                .expected(format!("{} people who can carry it", row.people))
                .help(
                    "ask for fewer `people` or `blocks`, allow more `roles`, or raise `max_blocks` of staff",
                );
        Some(problem)
    }

    /// The first set of packages for which holders have too little room, and the last of them. Looked at are the
    /// packages for which certain roles are asked, and those of them with so many blocks.
    fn too_few_together(&self, packages: &[PackageId]) -> Option<(PackageId, Problem)> {
        let mut role_sets: Vec<Option<Roles>> = Vec::new();
        for &package in packages {
            let roles = Some(self.school[package].roles).filter(|roles| !roles.is_empty());
            if roles.is_some() && !role_sets.contains(&roles) {
                role_sets.push(roles);
            }
        }
        role_sets.push(None);
        for allowed in role_sets {
            let within = |package: Roles| {
                allowed
                    .is_none_or(|allowed| !package.is_empty() && package.iter().all(|role| allowed.has(role)))
            };
            let mut some: Vec<PackageId> =
                packages.iter().copied().filter(|&package| within(self.school[package].roles)).collect();
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
        for &((roles, most), number) in &self.staff {
            let carried = || packages.iter().filter(|&&package| school[package].is_for(roles));
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
        .help("ask for fewer `people` or `blocks`, allow more `roles`, or raise `max_blocks` of staff");
        Some((packages.pop()?, problem))
    }
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
            let alike @ (roles, room) = self.staff[at];
            let suits = row.is_for(roles) && room.is_none_or(|room| room >= row.blocks);
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
