//! What is left of the model for one member of staff: which blocks to work, and at what, when every seat
//! brought has a price. A choice of blocks within the limits that R4 leaves in the bound, none overlapping.

use super::{DualState, Prices, Relaxation};
use crate::model::rules::r4_limits;
use crate::school::*;

/// Something a staff member can do in a block.
#[derive(Clone, Debug)]
pub struct Duty {
    pub class: u32,
    /// Assists instead of leads.
    pub assists: bool,
    pub liked: bool,
}

/// The best use of one block.
#[derive(Clone, Copy)]
enum Use {
    /// Index into the duties of the block.
    Duty(usize),
    Meeting,
    /// Supervises study at the site.
    Study(usize),
    Nothing,
}

impl Relaxation<'_> {
    /// Adds the choices of all staff to the subgradient and gives their value.
    pub(super) fn staff_value(&self, prices: &Prices, subgradient: &mut Prices) -> f64 {
        let session_price = self.session_prices(prices);
        let mut sessions = vec![0.0; self.classes.len()];
        let mut value = 0.0;
        let mut losses: Vec<Vec<f64>> = Vec::with_capacity(self.school.staff.len());
        for s in self.school.staff_ids() {
            let alone = self.best_uses(s, &session_price, prices);
            let mut best = (self.plan(s, &alone), alone.clone());
            let mut group = None;
            let mut by_count = best.0.by_count.clone();
            for (students, key, kept) in self.group_sizes(s) {
                let uses = self.with_meetings(s, &alone, students, prices);
                let plan = self.plan(s, &uses);
                let gain = self.school.weights.coach_kept * kept.min(students)
                    - prices.coached[key as usize] * students;
                for (k, value) in plan.by_count.iter().enumerate() {
                    by_count[k] = by_count[k].max(value + gain);
                }
                if plan.value + gain > best_value(&best.0, &group) {
                    group = Some((gain, key, students));
                    best = (plan, uses);
                }
            }
            let (plan, uses) = best;
            value += best_value(&plan, &group);
            if let Some((_, key, students)) = group {
                subgradient.coached[key as usize] -= students;
            }
            for &block in &plan.blocks {
                self.count_use(s, block, uses[block].1, prices, subgradient);
                if let Use::Duty(index) = uses[block].1 {
                    let duty = &self.duties[s.index()][block][index];
                    sessions[duty.class as usize] += if duty.assists { 0.0 } else { 1.0 };
                }
            }
            losses.push(by_count);
        }
        self.count_sessions(&sessions, subgradient);
        value - self.packages_cost(&losses)
    }

    /// What running a session of each class is worth.
    fn session_prices(&self, prices: &Prices) -> Vec<f64> {
        let groups = self.links.group_prices(&prices.links);
        let sum = |rows: &[u32], prices: &[f64]| rows.iter().map(|&row| prices[row as usize]).sum::<f64>();
        self.classes
            .iter()
            .enumerate()
            .map(|(c, class)| {
                let cuts = self.cuts_of[c].iter();
                class.seats * prices.seats[c]
                    + cuts.map(|&r| self.cuts[r as usize].rest * prices.cuts[r as usize]).sum::<f64>()
                    + sum(&self.links.groups_of[c], &groups)
                    - sum(&self.rooms.of_class[c], &prices.places)
            })
            .collect()
    }

    /// What the sessions held, by class, are to places and links.
    fn count_sessions(&self, sessions: &[f64], subgradient: &mut Prices) {
        let mut held = vec![0.0; self.links.groups];
        for (c, &count) in sessions.iter().enumerate().filter(|&(_, &count)| count > 0.0) {
            self.links.groups_of[c].iter().for_each(|&group| held[group as usize] += count);
            self.rooms.of_class[c].iter().for_each(|&row| subgradient.places[row as usize] -= count);
        }
        for (subgradient, &group) in subgradient.links.iter_mut().zip(&self.links.group_of) {
            *subgradient += held[group as usize];
        }
    }

    /// By staff member: what a group of the least size, of one more and so on up to the largest adds to
    /// their week at the best prices, coaches kept apart; empty for those who cannot coach.
    pub fn coach_worth(&self, dual: &DualState) -> Vec<Vec<f64>> {
        let Some(coaching) = &self.school.coaching else { return Vec::new() };
        let prices = &dual.prices;
        let session_price = self.session_prices(prices);
        let sizes = |s: StaffId| {
            let alone = self.best_uses(s, &session_price, prices);
            let idle = self.plan(s, &alone).value;
            let worth = |students: u32| {
                let uses = self.with_meetings(s, &alone, f64::from(students), prices);
                self.plan(s, &uses).value - idle
            };
            (coaching.min..=coaching.max).map(worth).collect()
        };
        let coaches = self.school.staff_ids();
        coaches.map(|s| if self.coaches[s.index()].is_some() { sizes(s) } else { Vec::new() }).collect()
    }

    /// Sizes that the groups of a coach may have in a best choice, each with the set of keys and the students
    /// who would keep their coach.
    fn group_sizes(&self, s: StaffId) -> Vec<(f64, u32, f64)> {
        let school = self.school;
        let (Some(coaching), Some((key, kept))) = (&school.coaching, self.coaches[s.index()]) else {
            return Vec::new();
        };
        // A coach may have several groups; at one time no more than one of them meets.
        let (least, most) = (f64::from(coaching.min), f64::from(coaching.max));
        let mut sizes = vec![least, most];
        sizes.extend((kept > least && kept != most).then_some(kept));
        sizes.into_iter().map(|size| (size, key, kept)).collect()
    }

    /// The uses with meetings of a group of so many students where that is best.
    fn with_meetings(
        &self,
        s: StaffId,
        uses: &[(f64, Use)],
        students: f64,
        prices: &Prices,
    ) -> Vec<(f64, Use)> {
        let school = self.school;
        let most = school.coaching.as_ref().map_or(0.0, |coaching| f64::from(coaching.max));
        let cost = self.cost_of_block(s, prices);
        school
            .block_ids()
            .zip(uses)
            .map(|(b, &use_)| {
                let net = students.min(most) * school.weights.should - cost - prices.reserve[b.index()];
                let meets = school[b].kind == Kind::Coaching && school.staff_free[(s, b)];
                if meets && net > use_.0 { (net, Use::Meeting) } else { use_ }
            })
            .collect()
    }

    fn cost_of_block(&self, s: StaffId, prices: &Prices) -> f64 {
        let budgets = self.in_budget.iter().zip(&prices.budgets).filter(|(covers, _)| covers[s.index()]);
        self.school[s].cost * budgets.map(|(_, price)| price).sum::<f64>()
    }

    fn best_uses(&self, s: StaffId, session_price: &[f64], prices: &Prices) -> Vec<(f64, Use)> {
        let school = self.school;
        let supervisor = school[s].may_supervise();
        let cost = self.cost_of_block(s, prices);
        school
            .block_ids()
            .map(|b| {
                let mut best = (0.0, Use::Nothing);
                for (index, duty) in self.duties[s.index()][b.index()].iter().enumerate() {
                    let class = &self.classes[duty.class as usize];
                    let worth = if duty.assists {
                        f64::from(school[class.offering].per_assistant) * prices.seats[duty.class as usize]
                    } else {
                        session_price[duty.class as usize]
                            + if duty.liked { school.weights.likes } else { 0.0 }
                    };
                    if worth > best.0 {
                        best = (worth, Use::Duty(index));
                    }
                }
                if !school.staff_free[(s, b)] {
                    return best;
                }
                if supervisor {
                    for (site, worth) in self.study_worth(s, b, prices) {
                        if worth > best.0 {
                            best = (worth, Use::Study(site));
                        }
                    }
                }
                let net = best.0 - cost - prices.reserve[b.index()];
                if net > 0.0 { (net, best.1) } else { (0.0, Use::Nothing) }
            })
            .collect()
    }

    /// What supervising study in the block is worth, by site.
    fn study_worth(&self, s: StaffId, b: BlockId, prices: &Prices) -> impl Iterator<Item = (usize, f64)> {
        let anywhere = self.school.sites.len();
        let here = move |site: usize| {
            site == anywhere
                || self.school[s].sites.is_empty()
                || self.school[s].sites.contains(&SiteId::new(site))
        };
        (0..=anywhere).filter(move |&site| here(site)).map(move |site| {
            let dearest = prices.study[self.dearest_study(site, b.index(), prices)];
            (site, self.study_seats[site][b.index()] * dearest)
        })
    }

    /// The row of the students whose seats at study at the site are dearest. Students without a site may sit
    /// anywhere, and places without a site are open to all.
    fn dearest_study(&self, site: usize, block: usize, prices: &Prices) -> usize {
        let blocks = self.school.blocks.len();
        let anywhere = self.school.sites.len();
        let first = if site == anywhere && self.open_to_all { 0 } else { site };
        let rows = (first..=site).chain([anywhere]).map(|site| site * blocks + block);
        let dearer =
            |best: usize, row: usize| if prices.study[row] > prices.study[best] { row } else { best };
        rows.reduce(dearer).unwrap_or(anywhere * blocks + block)
    }

    fn count_use(&self, s: StaffId, block: usize, chosen: Use, prices: &Prices, subgradient: &mut Prices) {
        match chosen {
            Use::Duty(index) => {
                let duty = &self.duties[s.index()][block][index];
                let class = &self.classes[duty.class as usize];
                if duty.assists {
                    subgradient.seats[duty.class as usize] +=
                        f64::from(self.school[class.offering].per_assistant);
                } else {
                    subgradient.seats[duty.class as usize] += class.seats;
                    for &r in &self.cuts_of[duty.class as usize] {
                        subgradient.cuts[r as usize] += self.cuts[r as usize].rest;
                    }
                }
            }
            Use::Meeting => {}
            Use::Study(site) => {
                subgradient.study[self.dearest_study(site, block, prices)] += self.study_seats[site][block];
            }
            Use::Nothing => return,
        }
        subgradient.reserve[block] -= 1.0;
        for (covers, subgradient) in self.in_budget.iter().zip(&mut subgradient.budgets) {
            if covers[s.index()] {
                *subgradient -= self.school[s].cost;
            }
        }
    }

    /// The best blocks of one member of staff.
    fn plan(&self, s: StaffId, uses: &[(f64, Use)]) -> Plan {
        let school = self.school;
        let staff = &school[s];
        let (most, per_day) = r4_limits::in_bound(school, staff);
        let mut days: Vec<Day> = Vec::new();
        for day in ids::<DayId>(school.days.len()) {
            let mut blocks: Vec<usize> = school
                .block_ids()
                .filter(|&b| school[b].day == day && school.staff_free[(s, b)])
                .map(Id::index)
                .collect();
            blocks.sort_by_key(|&b| school.blocks[b].end);
            if !blocks.is_empty() {
                days.push(Day::new(school, &blocks, uses, per_day.min(most)));
            }
        }
        // whole[d][k]: best value of the first d days with k blocks.
        let mut whole = vec![vec![0.0]];
        for day in &days {
            let before = &whole[whole.len() - 1];
            let longest = (before.len() - 1 + day.best.len() - 1).min(most);
            let mut next = vec![f64::NEG_INFINITY; longest + 1];
            for (a, first) in before.iter().enumerate() {
                for (b, second) in day.best.iter().enumerate().take_while(|&(b, _)| a + b <= longest) {
                    next[a + b] = next[a + b].max(first + second);
                }
            }
            whole.push(next);
        }
        let should = school.weights.should;
        let least = staff.min_blocks as usize;
        let by_count: Vec<f64> = whole[days.len()]
            .iter()
            .enumerate()
            .map(|(k, value)| value - should * least.saturating_sub(k) as f64)
            .collect();
        let mut count =
            (0..by_count.len()).fold(0, |best, k| if by_count[k] > by_count[best] { k } else { best });
        let value = by_count[count];
        let mut blocks = Vec::new();
        for (d, day) in days.iter().enumerate().rev() {
            let part = (0..day.best.len().min(count + 1))
                .filter(|&b| count - b < whole[d].len())
                .max_by(|&a, &b| {
                    (whole[d][count - a] + day.best[a]).total_cmp(&(whole[d][count - b] + day.best[b]))
                })
                .unwrap_or(0);
            day.chosen(part, &mut blocks);
            count -= part;
        }
        Plan { value, blocks, by_count }
    }

    /// The least that packages take from the staff's value (R9). The loss of a member of staff is at least
    /// its smallest subgradient times the blocks taken, however many packages take them.
    fn packages_cost(&self, by_count: &[Vec<f64>]) -> f64 {
        let school = self.school;
        let all = school.packages.iter().fold(0, |all: u32, package| all.saturating_add(package.blocks));
        let subgradient: Vec<f64> = school
            .staff_ids()
            .map(|s| {
                let Some(max) = r4_limits::blocks_left(&school[s], 0) else { return 0.0 };
                let best = |room: u32| {
                    let values = by_count[s.index()].iter().take(room as usize + 1).copied();
                    values.fold(f64::NEG_INFINITY, f64::max)
                };
                (1..=all.min(max))
                    .map(|blocks| (best(max) - best(max - blocks)) / f64::from(blocks))
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        school
            .packages
            .iter()
            .map(|package| {
                let mut costs: Vec<f64> = school
                    .staff_ids()
                    .filter(|&s| school[s].may_carry(package))
                    .filter(|&s| r4_limits::room(&school[s], u64::from(package.blocks)) >= 0)
                    .map(|s| {
                        if package.blocks == 0 {
                            0.0
                        } else {
                            subgradient[s.index()] * f64::from(package.blocks)
                        }
                    })
                    .collect();
                costs.sort_by(f64::total_cmp);
                costs.iter().take(package.people as usize).filter(|cost| cost.is_finite()).sum::<f64>()
            })
            .sum()
    }
}

fn best_value(plan: &Plan, group: &Option<(f64, u32, f64)>) -> f64 {
    plan.value + group.map_or(0.0, |(gain, _, _)| gain)
}

struct Plan {
    value: f64,
    blocks: Vec<usize>,
    /// Best value with exactly so many blocks.
    by_count: Vec<f64>,
}

/// The blocks of one day: best[k] = most value with k of them, none overlapping.
struct Day {
    blocks: Vec<usize>,
    worth: Vec<f64>,
    /// Per block in order of end: how many earlier ones end before it starts.
    before: Vec<usize>,
    /// table[j][k]: best of the first j blocks with k chosen.
    table: Vec<Vec<f64>>,
    best: Vec<f64>,
}

impl Day {
    fn new(school: &School, blocks: &[usize], uses: &[(f64, Use)], most: usize) -> Self {
        let most = most.min(blocks.len());
        let before: Vec<usize> = blocks
            .iter()
            .map(|&b| blocks.iter().filter(|&&c| school.blocks[c].end <= school.blocks[b].start).count())
            .collect();
        let worth: Vec<f64> = blocks.iter().map(|&b| uses[b].0).collect();
        let mut table = vec![vec![f64::NEG_INFINITY; most + 1]; blocks.len() + 1];
        table[0][0] = 0.0;
        for j in 0..blocks.len() {
            for k in 0..=most {
                let mut value = table[j][k];
                if k > 0 {
                    value = value.max(table[before[j]][k - 1] + worth[j]);
                }
                table[j + 1][k] = value;
            }
        }
        let mut best = table[blocks.len()].clone();
        best.retain(|value| value.is_finite());
        Self { blocks: blocks.to_vec(), worth, before, table, best }
    }

    /// Adds the blocks of the best choice of `count`.
    fn chosen(&self, mut count: usize, into: &mut Vec<usize>) {
        let mut j = self.blocks.len();
        while j > 0 && count > 0 {
            let taken = self.table[self.before[j - 1]][count - 1] + self.worth[j - 1];
            if taken >= self.table[j - 1][count] {
                into.push(self.blocks[j - 1]);
                j = self.before[j - 1];
                count -= 1;
            } else {
                j -= 1;
            }
        }
    }
}
