//! R4: a staff member stays within `max_blocks`, `max_days`, `max_per_day` and `max_in_a_row`.
//!
//! For staff s:
//! - sum over b of `d[s,b]` + sum over p of blocks_p `h[p,s]` <= max_blocks_s;
//! - sum over days of `works[s,day]` <= max_days_s, where `d[s,b]` <= `works[s,day]` for each b of the day;
//! - for each day: sum over b of the day of `d[s,b]` <= max_per_day_s;
//! - for each chain of max_in_a_row_s + 1 positions in a row: sum of `d[s,b]` over it <= max_in_a_row_s. A position is the
//!   blocks side by side that follow upon the same blocks and are followed by the same.
//!
//! The search, repairs and the checks before a solve ask [`allows`] and [`room`]. The Lagrangian bound keeps what
//! [`in_bound`] says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::model::sets::Sets;
use crate::school::{BlockId, DayId, Id, School, Staff, StaffId};

pub const WEEK: &str = "R4.week";
pub const DAYS: &str = "R4.days";
pub const DAY: &str = "R4.day";
pub const ROW: &str = "R4.row";

/// What somebody does already, as far as these limits ask.
pub struct Load<At: Fn(BlockId) -> bool> {
    /// Blocks of the week, those of packages included.
    pub week: u64,
    /// Blocks of the day that is asked about.
    pub day: u32,
    /// Whether they are deployed in a block of the week.
    pub at: At,
}

/// Whether somebody who does that already may be deployed in one more block.
pub fn allows(
    (school, sets): (&School, &Sets),
    staff: &Staff,
    block: BlockId,
    load: &Load<impl Fn(BlockId) -> bool>,
) -> bool {
    room(staff, load.week) > 0
        && staff.max_per_day.is_none_or(|most| load.day < most)
        && staff.max_in_a_row.is_none_or(|most| in_a_row(sets, block, &load.at) <= most)
        && (load.day > 0 || staff.max_days.is_none_or(|most| days(school, &load.at) < most as usize))
}

/// Blocks a week that are left to somebody beside those taken; less than 0 where these are too many.
pub fn room(staff: &Staff, taken: u64) -> i64 {
    let most = staff.max_blocks.map_or(i64::MAX / 2, i64::from);
    most.saturating_sub_unsigned(taken)
}

/// The same; `None`: no limit.
pub fn blocks_left(staff: &Staff, taken: u64) -> Option<u32> {
    staff.max_blocks.map(|most| most.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX)))
}

/// Days on which somebody works.
fn days(school: &School, at: &impl Fn(BlockId) -> bool) -> usize {
    let days = school.block_ids().filter(|&block| at(block)).map(|block| school[block].day);
    days.collect::<BTreeSet<DayId>>().len()
}

/// Blocks in the row that the block makes with those before and after it.
fn in_a_row(sets: &Sets, block: BlockId, at: &impl Fn(BlockId) -> bool) -> u32 {
    1 + longest(&sets.before_in_a_row, block, at) + longest(&sets.next_in_a_row, block, at)
}

/// The longest row of blocks that goes on from this one.
fn longest(next: &[Vec<BlockId>], block: BlockId, at: &impl Fn(BlockId) -> bool) -> u32 {
    let further = next[block.index()].iter().filter(|&&next| at(next));
    further.map(|&further| 1 + longest(next, further, at)).max().unwrap_or(0)
}

/// Whether some limit of the rule is set for the staff member.
pub fn binds(staff: &Staff) -> bool {
    let limits = [staff.max_blocks, staff.max_days, staff.max_per_day, staff.max_in_a_row];
    limits.iter().any(Option::is_some)
}

/// What the Lagrangian bound keeps of the rule.
pub struct InBound {
    pub blocks: usize,
    pub per_day: usize,
    /// `None`: any number. At least one, whatever is asked.
    pub in_a_row: Option<usize>,
}

pub fn in_bound(school: &School, staff: &Staff) -> InBound {
    let most = |limit: Option<u32>| limit.map_or(school.blocks.len(), |most| most as usize);
    InBound {
        blocks: most(staff.max_blocks),
        per_day: most(staff.max_per_day),
        in_a_row: staff.max_in_a_row.map(|most| most.max(1) as usize),
    }
}

/// A limit of a staff member.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Its column in `staff.csv`.
    pub column: &'static str,
    /// What it counts: `block` or `day`.
    pub unit: &'static str,
    /// `a week` or `a day`.
    pub period: &'static str,
    pub most: u32,
}

/// Limits on numbers of blocks and days, each with the number that counts for it.
fn limits(staff: &Staff, week: u64, days: usize, day: u32) -> impl Iterator<Item = (Limit, u64)> {
    let limit = |column, unit, period, most: Option<u32>, count| {
        most.map(|most| (Limit { column, unit, period, most }, count))
    };
    let of_week = limit("max_blocks", "block", "a week", staff.max_blocks, week);
    let of_days = limit("max_days", "day", "a week", staff.max_days, days as u64);
    let of_day = limit("max_per_day", "block", "a day", staff.max_per_day, u64::from(day));
    of_week.into_iter().chain(of_days).chain(of_day)
}

/// Limits that the last of so many blocks on so many days, of which so many on its day, is the first to exceed: what is
/// pinned so can never hold.
pub fn just_exceeded(staff: &Staff, week: u64, days: usize, day: u32) -> impl Iterator<Item = Limit> {
    // Only the first block of a day makes one day more.
    let days = if day == 1 { days } else { 0 };
    limits(staff, week, days, day)
        .filter(|(limit, blocks)| *blocks == u64::from(limit.most) + 1)
        .map(|(limit, _)| limit)
}

/// Limits that somebody with these blocks and so many more in packages has reached: what one more block asks to raise.
pub fn reached(
    school: &School,
    staff: &Staff,
    blocks: &[BlockId],
    in_packages: u64,
) -> impl Iterator<Item = Limit> {
    let on_day =
        |block: &BlockId| blocks.iter().filter(|other| school[**other].day == school[*block].day).count();
    let fullest = blocks.iter().map(on_day).max();
    let (week, day) = (blocks.len() as u64 + in_packages, fullest.unwrap_or(0) as u32);
    let days = days(school, &|block| blocks.contains(&block));
    limits(staff, week, days, day)
        .filter(move |(limit, blocks)| {
            *blocks >= u64::from(limit.most) && (limit.period == "a week" || fullest.is_some())
        })
        .map(|(limit, _)| limit)
}

/// Positions in a row, each the blocks side by side in it.
pub type Chain = Vec<Vec<BlockId>>;

pub fn add(model: &mut Formulation) {
    let mut chains_of: BTreeMap<u32, Vec<Chain>> = BTreeMap::new();
    for staff in model.school.staff_ids() {
        add_days_of_week(model, staff);
        if model.weeks[staff.index()].is_empty() && !model.holders.iter().any(|&(_, s, _)| s == staff) {
            continue;
        }
        add_week(model, staff);
        add_days(model, staff);
        if let Some(most) = model.school[staff].max_in_a_row {
            let chains =
                chains_of.entry(most).or_insert_with(|| chains(model.school, model.sets, most as usize + 1));
            add_chains(model, staff, most, chains);
        }
    }
}

fn add_week(model: &mut Formulation, staff: StaffId) {
    let school = model.school;
    let Some(most) = school[staff].max_blocks else { return };
    let mut total = LinExpr::default();
    model.weeks[staff.index()].iter().for_each(|(_, deployed)| total.add_expr(1.0, deployed));
    total.add_expr(1.0, &carried(model, staff));
    model.program.at_most(WEEK, total, &LinExpr::constant(f64::from(most)));
}

/// Blocks of the packages that the staff member carries.
pub fn carried(model: &Formulation, staff: StaffId) -> LinExpr {
    let school = model.school;
    let mut total = LinExpr::default();
    for &(package, holder, variable) in &model.holders {
        if holder == staff {
            total.add(f64::from(school[package].blocks), variable);
        }
    }
    if let Some(part) = model.scope.neighbourhood() {
        let held = part.incumbent.package_holders.iter().filter(|holder| holder.staff == staff);
        total.constant += held.map(|holder| f64::from(school[holder.package].blocks)).sum::<f64>();
    }
    total
}

/// Days of the week on which the staff member works, where there may be too many.
fn add_days_of_week(model: &mut Formulation, staff: StaffId) {
    let school = model.school;
    let Some(most) = school[staff].max_days.filter(|&most| (most as usize) < school.days.len()) else {
        return;
    };
    let mut days: BTreeMap<DayId, Vec<LinExpr>> = BTreeMap::new();
    for (block, deployed) in model.week_of(staff) {
        days.entry(school[block].day).or_default().push(deployed);
    }
    for (day, blocks) in days {
        let works = works(model, staff, day, blocks);
        model.works[staff.index()].push((day, works));
    }
    let mut total = LinExpr::default();
    model.works[staff.index()].iter().for_each(|(_, works)| total.add_expr(1.0, works));
    if !total.is_constant() {
        model.program.at_most(DAYS, total, &LinExpr::constant(f64::from(most)));
    }
}

/// Whether the staff member works on a day on which they may be deployed in these blocks.
fn works(model: &mut Formulation, staff: StaffId, day: DayId, blocks: Vec<LinExpr>) -> LinExpr {
    let school = model.school;
    if blocks.iter().any(|deployed| deployed.is_constant() && deployed.constant > 0.0) {
        return LinExpr::constant(1.0);
    }
    if let [deployed] = &blocks[..] {
        return deployed.clone();
    }
    let program = &mut model.program;
    let works = program.binary(|| format!("works[{},{}]", school[staff].id, school[day]));
    let mut total = LinExpr::default();
    blocks.iter().for_each(|deployed| total.add_expr(1.0, deployed));
    program.derive(works, total);
    blocks.into_iter().for_each(|deployed| program.at_most(DAYS, deployed, &works.into()));
    works.into()
}

fn add_days(model: &mut Formulation, staff: StaffId) {
    let Some(most) = model.school[staff].max_per_day else { return };
    let mut days: BTreeMap<DayId, LinExpr> = BTreeMap::new();
    for (block, deployed) in &model.weeks[staff.index()] {
        days.entry(model.school[*block].day).or_default().add_expr(1.0, deployed);
    }
    for total in days.into_values().filter(|total| !total.is_constant()) {
        model.program.at_most(DAY, total, &LinExpr::constant(f64::from(most)));
    }
}

fn add_chains(model: &mut Formulation, staff: StaffId, most: u32, chains: &[Chain]) {
    let Formulation { weeks, program, .. } = model;
    let week: BTreeMap<BlockId, &LinExpr> =
        weeks[staff.index()].iter().map(|(block, deployed)| (*block, deployed)).collect();
    let mut added: HashSet<Vec<&BlockId>> = HashSet::new();
    for chain in chains {
        let deployed = |position: &Vec<BlockId>| position.iter().any(|block| week.contains_key(block));
        let blocks: Vec<&BlockId> = chain.iter().flatten().filter(|block| week.contains_key(block)).collect();
        // Chains may differ only in blocks in which the person is never deployed.
        if !chain.iter().all(deployed) || !added.insert(blocks.clone()) {
            continue;
        }
        let mut total = LinExpr::default();
        blocks.into_iter().filter_map(|block| week.get(block)).for_each(|sum| total.add_expr(1.0, sum));
        if !total.is_constant() {
            program.at_most(ROW, total, &LinExpr::constant(f64::from(most)));
        }
    }
}

/// All chains of `length` positions in a row (R4), in time order. A position is the blocks that follow upon the same
/// blocks and are followed by the same: they all overlap, so a person is in at most one of them. Blocks side by
/// side thus make one chain together and not one each.
pub fn chains(school: &School, sets: &Sets, length: usize) -> Vec<Chain> {
    let row = Row::new(school, sets);
    let mut chains: Vec<Vec<usize>> = (0..row.positions.len()).map(|position| vec![position]).collect();
    for taken in 1..=length {
        // A chain that cannot become long enough is not followed.
        chains.retain(|chain| chain.last().is_some_and(|&last| taken - 1 + row.longest[last] >= length));
        if taken == length {
            break;
        }
        chains = chains
            .iter()
            .flat_map(|chain| {
                let next = chain.last().map_or(&[][..], |&last| &row.next[last]);
                next.iter().map(|&next| chain.iter().copied().chain([next]).collect())
            })
            .collect();
    }
    let blocks =
        |chain: Vec<usize>| chain.into_iter().map(|position| row.positions[position].clone()).collect();
    chains.into_iter().map(blocks).collect()
}

/// The positions in a row of a week.
struct Row {
    /// In order of time.
    positions: Vec<Vec<BlockId>>,
    next: Vec<Vec<usize>>,
    /// Places of the longest chain that begins with each.
    longest: Vec<usize>,
}

impl Row {
    fn new(school: &School, sets: &Sets) -> Self {
        let before = &sets.before_in_a_row;
        let mut position_of = vec![0; before.len()];
        let mut positions: Vec<Vec<BlockId>> = Vec::new();
        let mut known: HashMap<(&[BlockId], &[BlockId], DayId), usize> = HashMap::new();
        for &block in &sets.in_time {
            let at = block.index();
            let like = (&before[at][..], &sets.next_in_a_row[at][..], school[block].day);
            let position = *known.entry(like).or_insert(positions.len());
            if position == positions.len() {
                positions.push(Vec::new());
            }
            positions[position].push(block);
            position_of[at] = position;
        }
        let next: Vec<Vec<usize>> = positions
            .iter()
            .map(|position| {
                let blocks = position.first().map_or(&[][..], |first| &sets.next_in_a_row[first.index()]);
                let mut next: Vec<usize> = blocks.iter().map(|block| position_of[block.index()]).collect();
                next.sort_unstable();
                next.dedup();
                next
            })
            .collect();
        let mut longest = vec![1; positions.len()];
        for position in (0..positions.len()).rev() {
            longest[position] = 1 + next[position].iter().map(|&next| longest[next]).max().unwrap_or(0);
        }
        Self { positions, next, longest }
    }
}
