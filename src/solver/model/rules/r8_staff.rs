//! R8, staff: budgets hold; in every block at least `staff_per_block` people stand by, and so many of each
//! `[[reserve.group]]`. (`own_staff = "require"`: no variable exists for a student with staff of another unit.)
//!
//! - Budget: sum over its staff s of cost_s (sum over b of `d[s,b]` + sum over packages p of blocks_p `h[p,s]`) <= cost.
//! - Block b, and each demand of the reserve: sum of `r[s,b]` over the s that it asks for, who are free in b and have
//!   a role and qualification for something of its kind, >= people. Standing by is judged as if b were deployed too, one
//!   block at a time: `r[s,b]` <= 1 - sum of `d[s,b']` over b' in m for each moment m of b (R1); `r[s,b]` <= what
//!   `max_blocks`, `max_per_day` and each chain through b leave beside the other blocks (R4); at one of the sites where
//!   they are of use, `r[s,b]` <= 1 - sum of the deployments in b' at sites too far from there (R5). All of these are
//!   whole numbers, so that `r` needs not be an integer. Staff of whom nothing is decided here count as they are.
//!
//! The search and repairs ask [`affords`] and [`Standby`]. The Lagrangian bound prices the rows of budgets, and
//! those of the reserve as [`deployable`] has them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::formulation::Formulation;
use crate::model::program::{LinExpr, Program};
use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::{Meeting, PackageHolder, Reserve, Schedule, Session};
use crate::school::*;

use super::r4_limits::{self, Chain, Load};

/// Costs up to this times a budget hold: they are sums of fractions.
const TOLERANCE: f64 = 1.000_000_001;

pub const BUDGET: &str = "R8.budget";
pub const RESERVE: &str = "R8.reserve";

/// Whether a budget of so much pays for these costs.
pub fn affords(budget: f64, cost: f64) -> bool {
    cost <= budget * TOLERANCE
}

/// What is spent of the budget on so many blocks of each of them, those of packages included.
pub fn spent(school: &School, budget: &Budget, blocks: impl Fn(StaffId) -> u64) -> f64 {
    let covered = school.staff_ids().filter(|&staff| budget.covers(school, staff));
    covered.map(|staff| school[staff].cost * blocks(staff) as f64).sum()
}

/// What the budget pays for the packages that these people carry.
pub fn spent_on_packages(school: &School, budget: &Budget, holders: &[PackageHolder]) -> f64 {
    let covered = holders.iter().filter(|holder| budget.covers(school, holder.staff));
    covered.map(|holder| school[holder.staff].cost * f64::from(school[holder.package].blocks)).sum()
}

/// Whether some row of the rule counts the blocks of the staff member.
pub fn binds(school: &School, staff: &Staff) -> bool {
    asks_for_reserve(school) || (staff.cost > 0.0 && !school.budgets.is_empty())
}

pub fn asks_for_reserve(school: &School) -> bool {
    school.staff_per_block > 0 || school.reserve_groups.iter().any(|group| group.people > 0)
}

/// Something that somebody does, and where.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    pub block: BlockId,
    pub site: Option<SiteId>,
}

impl Duty {
    pub fn session(school: &School, session: &Session) -> Self {
        Self { block: session.block, site: session.place.and_then(|place| school[place].site) }
    }

    pub fn meeting(school: &School, meeting: &Meeting) -> Self {
        Self { block: meeting.block, site: school[meeting.place].site }
    }
}

/// What the reserve asks for, and who could be of use for it as far as the data alone decide.
#[derive(Debug, Default)]
pub struct Standby {
    pub demands: Vec<ReserveGroup>,
    /// By demand, staff member and kind of block: sites where they could work then; `None`: anywhere, or sites are at
    /// no distance. Empty: they do not count.
    sites: Vec<Vec<Option<SiteId>>>,
    staff: usize,
}

impl Standby {
    pub fn new(school: &School) -> Self {
        let anybody = ReserveGroup { people: school.staff_per_block, ..ReserveGroup::default() };
        let demands = std::iter::once(&anybody).chain(&school.reserve_groups);
        let demands: Vec<ReserveGroup> = demands.filter(|demand| demand.people > 0).cloned().collect();
        if demands.is_empty() {
            return Self::default();
        }
        let of_use: Vec<_> = school
            .staff_ids()
            .flat_map(|staff| Kind::ALL.map(|kind| (staff, school.sites_of_use(staff, kind))))
            .collect();
        let distant =
            |&from: &SiteId| ids(school.sites.len()).any(|to: SiteId| school.travel[(from, to)] > 0);
        let travel = ids(school.sites.len()).any(|site| distant(&site));
        let sites_for = |demand: &ReserveGroup, staff: StaffId, sites: &[Option<SiteId>]| {
            if !demand.includes(&school[staff]) {
                return Vec::new();
            }
            let there =
                |site: &Option<SiteId>| demand.site.is_none() || site.is_none() || *site == demand.site;
            let sites: Vec<_> = sites.iter().copied().filter(there).collect();
            if sites.contains(&None) || (!travel && !sites.is_empty()) { vec![None] } else { sites }
        };
        let sites = demands
            .iter()
            .flat_map(|demand| of_use.iter().map(move |(staff, sites)| sites_for(demand, *staff, sites)));
        Self { sites: sites.collect(), staff: school.staff.len(), demands }
    }

    pub fn sites(&self, demand: usize, staff: StaffId, kind: Kind) -> &[Option<SiteId>] {
        &self.sites[(demand * self.staff + staff.index()) * Kind::ALL.len() + kind as usize]
    }

    /// Whether the staff member could stand by then if nothing else were asked of them in the week.
    pub fn could(&self, school: &School, demand: usize, staff: StaffId, block: BlockId) -> bool {
        let row = &school[staff];
        let limits = [row.max_blocks, row.max_days, row.max_per_day, row.max_in_a_row];
        school.staff_free[(staff, block)]
            && !self.sites(demand, staff, school[block].kind).is_empty()
            && limits.into_iter().flatten().all(|most| most > 0)
    }

    /// Whether the staff member, with these duties and so many blocks in packages, stands by then.
    pub fn stands_by(
        &self,
        (school, sets): (&School, &Sets),
        demand: usize,
        (staff, block): (StaffId, BlockId),
        duties: &[Duty],
        carried: u64,
    ) -> bool {
        let today = || duties.iter().filter(|duty| school[duty.block].day == school[block].day);
        let load = Load {
            week: carried + duties.len() as u64,
            day: today().count() as u32,
            at: |block: BlockId| duties.iter().any(|duty| duty.block == block),
        };
        let too_far = |site| {
            let there = |duty: &Duty| duty.site.map(|site| (duty.block, site));
            today().filter_map(there).any(|there| school.too_far((block, site), there))
        };
        school.staff_free[(staff, block)]
            && !today().any(|duty| school[duty.block].overlaps(&school[block]))
            && can_reach(self.sites(demand, staff, school[block].kind), too_far)
            && r4_limits::allows((school, sets), &school[staff], block, &load)
    }

    /// By block and demand: the fewest who stand by.
    pub fn least(&self, school: &School) -> Vec<u32> {
        let of_block = |b| self.demands.iter().map(move |demand| school.reserve_in(b, demand.people));
        school.block_ids().flat_map(of_block).collect()
    }
}

/// Whether one of the sites is not too far.
pub fn can_reach(sites: &[Option<SiteId>], too_far: impl Fn(SiteId) -> bool) -> bool {
    sites.iter().any(|site| site.is_none_or(|site| !too_far(site)))
}

/// Most staff who can be deployed in the block, as whoever stands by is not. Of several demands the largest: one person
/// may count for all.
pub fn deployable(school: &School, block: BlockId) -> f64 {
    let free = school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]).count();
    let groups = school.reserve_groups.iter().map(|group| group.people);
    let most = groups.max().unwrap_or(0).max(school.staff_per_block);
    free as f64 - f64::from(school.reserve_in(block, most))
}

pub fn add(model: &mut Formulation) {
    add_budgets(model);
    if asks_for_reserve(model.school) {
        add_reserve(model);
    }
}

fn add_budgets(model: &mut Formulation) {
    let school = model.school;
    for budget in &school.budgets {
        let mut cost = LinExpr::default();
        if let Some(part) = model.scope.neighbourhood() {
            cost.constant += spent_on_packages(school, budget, &part.incumbent.package_holders);
        }
        for &(package, holder, variable) in &model.holders {
            let blocks = f64::from(school[package].blocks);
            if blocks > 0.0 && budget.covers(school, holder) {
                cost.add(school[holder].cost * blocks, variable);
            }
        }
        for staff in school.staff_ids().filter(|&staff| budget.covers(school, staff)) {
            let week = &model.weeks[staff.index()];
            week.iter().for_each(|(_, deployed)| cost.add_expr(school[staff].cost, deployed));
            if week.is_empty() {
                cost.constant += school[staff].cost * model.deployed[staff.index()].len() as f64;
            }
        }
        if !cost.is_constant() {
            model.program.at_most(BUDGET, cost, &LinExpr::constant(budget.cost));
        }
    }
}

fn add_reserve(model: &mut Formulation) {
    let (school, standby) = (model.school, &model.sets.standby);
    let demands = standby.demands.len();
    let mut rows = vec![LinExpr::default(); school.blocks.len() * demands];
    let mut chains_of: BTreeMap<u32, Vec<Chain>> = BTreeMap::new();
    for staff in school.staff_ids() {
        if let Some(most) = school[staff].max_in_a_row {
            chains_of.entry(most).or_insert_with(|| r4_limits::chains(school, model.sets, most as usize + 1));
        }
        let chains = school[staff].max_in_a_row.and_then(|most| chains_of.get(&most));
        let week = Week::new(model, staff);
        for block in school.block_ids().filter(|&block| school.staff_free[(staff, block)]) {
            let mut caps: Option<Vec<LinExpr>> = None;
            let mut known: Vec<(&[Option<SiteId>], LinExpr)> = Vec::new();
            for demand in 0..demands {
                let sites = standby.sites(demand, staff, school[block].kind);
                if sites.is_empty() {
                    continue;
                }
                if !known.iter().any(|(same, _)| *same == sites) {
                    let caps = caps.get_or_insert_with(|| {
                        week.caps(model, block, chains.map_or(&[][..], Vec::as_slice))
                    });
                    let reach = week.reach(model, block, sites);
                    let name = || match demand {
                        0 => format!("r[{},{}]", school[staff].id, school[block].id),
                        _ => format!("r[{},{},{demand}]", school[staff].id, school[block].id),
                    };
                    known.push((sites, spare(&mut model.program, caps.clone(), reach, &name)));
                }
                let stands_by = known.iter().find(|(same, _)| *same == sites);
                if let Some((_, stands_by)) = stands_by {
                    rows[block.index() * demands + demand].add_expr(1.0, stands_by);
                }
            }
        }
    }
    for (row, least) in rows.iter().zip(standby.least(school)) {
        model.program.at_most(RESERVE, LinExpr::constant(f64::from(least)), row);
    }
}

/// A number from 0 to 1 that is at most each of the caps, which are whole numbers, and the sum over sites of one that is
/// at most each of theirs.
fn spare(
    program: &mut Program,
    mut caps: Vec<LinExpr>,
    mut reach: Vec<Vec<LinExpr>>,
    name: &dyn Fn() -> String,
) -> LinExpr {
    match reach.len() {
        0 => {}
        1 => caps.append(&mut reach[0]),
        _ => {
            let sites = reach.into_iter().enumerate();
            let site = |(at, caps): (usize, Vec<LinExpr>)| {
                spare(program, caps, Vec::new(), &|| format!("{}[{at}]", name()))
            };
            let mut sum = LinExpr::default();
            sites.map(site).for_each(|site| sum.add_expr(1.0, &site));
            caps.push(sum);
        }
    }
    caps.retain(|cap| program.range(cap).0 < 1.0);
    if caps.iter().any(|cap| program.range(cap).1 < 1.0) {
        return LinExpr::default();
    }
    match &caps[..] {
        [] => LinExpr::constant(1.0),
        [cap] if program.range(cap) == (0.0, 1.0) => caps.swap_remove(0),
        _ => {
            let spare = program.continuous(1.0, name);
            caps.iter().for_each(|cap| program.at_most(RESERVE, spare.into(), cap));
            program.derive_least(spare, caps);
            spare.into()
        }
    }
}

/// What is known of the week of a staff member: what is decided, and what stays.
struct Week {
    staff: StaffId,
    deployed: BTreeMap<BlockId, LinExpr>,
    carried: LinExpr,
}

impl Week {
    fn new(model: &Formulation, staff: StaffId) -> Self {
        Self { staff, deployed: model.week_of(staff), carried: r4_limits::carried(model, staff) }
    }

    /// What R1 and R4 leave to one more block.
    fn caps(&self, model: &Formulation, block: BlockId, chains: &[Chain]) -> Vec<LinExpr> {
        let school = model.school;
        let moments = model.moments.iter().filter(|moment| moment.contains(&block));
        let mut caps: Vec<LinExpr> =
            moments.map(|moment| self.left(1, |other| moment.contains(&other))).collect();
        if let Some(most) = school[self.staff].max_blocks {
            let mut left = self.left(most, |_| true);
            left.add_expr(-1.0, &self.carried);
            caps.push(left);
        }
        if let Some(most) = school[self.staff].max_days {
            let mut left = LinExpr::constant(f64::from(most));
            let other_days =
                model.works[self.staff.index()].iter().filter(|(day, _)| *day != school[block].day);
            other_days.for_each(|(_, works)| left.add_expr(-1.0, works));
            caps.push(left);
        }
        if let Some(most) = school[self.staff].max_per_day {
            caps.push(self.left(most, |other| school[other].day == school[block].day));
        }
        if let Some(most) = school[self.staff].max_in_a_row {
            let through = chains.iter().filter_map(|chain| {
                let rest = chain.iter().filter(|position| !position.contains(&block));
                let rest: Vec<&Vec<BlockId>> = rest.collect();
                (rest.len() < chain.len()).then_some(rest)
            });
            caps.extend(
                through.map(|rest| {
                    self.left(most, |other| rest.iter().any(|position| position.contains(&other)))
                }),
            );
        }
        caps
    }

    /// So many, less those of the blocks in which they are deployed.
    fn left(&self, most: u32, counts: impl Fn(BlockId) -> bool) -> LinExpr {
        let mut left = LinExpr::constant(f64::from(most));
        let blocks = self.deployed.iter().filter(|(block, _)| counts(**block));
        blocks.for_each(|(_, deployed)| left.add_expr(-1.0, deployed));
        left
    }

    /// By site: what R5 leaves to the block there; nothing where no way can be too far.
    fn reach(&self, model: &Formulation, block: BlockId, sites: &[Option<SiteId>]) -> Vec<Vec<LinExpr>> {
        let school = model.school;
        let mut reach = Vec::new();
        for &site in sites {
            let Some(here) = site else { return Vec::new() };
            let mut by_block: BTreeMap<BlockId, LinExpr> = BTreeMap::new();
            for deployed in &model.deployed[self.staff.index()] {
                let there = deployed.site.map(|site| (deployed.block, site));
                if there.is_some_and(|there| school.too_far((block, here), there)) {
                    let left = by_block.entry(deployed.block).or_insert_with(|| LinExpr::constant(1.0));
                    match deployed.variable {
                        Some(variable) => left.add(-1.0, variable),
                        None => left.constant -= 1.0,
                    }
                }
            }
            if by_block.is_empty() {
                return Vec::new();
            }
            reach.push(by_block.into_values().collect());
        }
        reach
    }
}

/// Adds people in each block who stand by: those of `before` first, then those who stand by for most of what is still
/// asked, then the first.
pub fn choose_reserve(school: &School, sets: &Sets, before: &[Reserve], schedule: &mut Schedule) {
    let standby = &sets.standby;
    if standby.demands.is_empty() {
        return;
    }
    let mut duties: Vec<Vec<Duty>> = vec![Vec::new(); school.staff.len()];
    for session in &schedule.sessions {
        let duty = Duty::session(school, session);
        people(session).for_each(|staff| duties[staff.index()].push(duty));
    }
    for meeting in &schedule.meetings {
        duties[schedule.lead_of(meeting).index()].push(Duty::meeting(school, meeting));
    }
    let mut carried = vec![0_u64; school.staff.len()];
    for holder in &schedule.package_holders {
        carried[holder.staff.index()] += u64::from(school[holder.package].blocks);
    }
    let before: BTreeSet<&Reserve> = before.iter().collect();
    for block in school.block_ids() {
        let stands_by = |staff: StaffId, demand: usize| {
            let (duties, carried) = (&duties[staff.index()], carried[staff.index()]);
            standby.stands_by((school, sets), demand, (staff, block), duties, carried)
        };
        let demands = 0..standby.demands.len();
        let mut people: Vec<(StaffId, Vec<usize>)> = school
            .staff_ids()
            .map(|staff| (staff, demands.clone().filter(|&demand| stands_by(staff, demand)).collect()))
            .filter(|(_, demands): &(_, Vec<usize>)| !demands.is_empty())
            .collect();
        let mut missing: Vec<u32> = standby.demands.iter().map(|demand| demand.people).collect();
        loop {
            let helps = |demands: &[usize]| demands.iter().filter(|&&demand| missing[demand] > 0).count();
            let best = (0..people.len()).filter(|&at| helps(&people[at].1) > 0).min_by_key(|&at| {
                let (staff, ref demands) = people[at];
                (!before.contains(&Reserve { block, staff }), Reverse(helps(demands)), at)
            });
            let Some(best) = best else { break };
            let (staff, demands) = people.remove(best);
            demands.iter().for_each(|&demand| missing[demand] = missing[demand].saturating_sub(1));
            schedule.reserve.push(Reserve { block, staff });
        }
    }
    schedule.reserve.sort_unstable();
}
