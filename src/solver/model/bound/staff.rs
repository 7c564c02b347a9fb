//! What is left of the model for one member of staff: which blocks to work, and at what, when every seat brought has a
//! price. The best use of each block comes first, then the best blocks ([`week`]); a coach tries the sizes of groups
//! that can be best.

use super::places::Rows;
use super::week::{self, Choice, Week};
use super::{DualState, Prices, Relaxation};
use crate::model::rules::r4_limits;
use crate::school::{self, BlockId, Id, SiteId, StaffId};

/// Something a staff member can do in a block.
#[derive(Clone, Debug)]
pub struct Duty {
    pub class: u32,
    /// Assists instead of leads.
    pub assists: bool,
    /// What it is worth to the member of staff beside the students: liked, wished.
    pub worth: f64,
}

/// What a member of staff does in a block.
#[derive(Clone, Copy, Debug)]
enum Use {
    /// Index into the duties of the block.
    Duty(usize),
    Meeting,
    /// Supervises study at the site.
    Study(usize),
}

/// Groups that a coach may have in a best choice.
#[derive(Clone, Copy)]
struct Groups {
    students: f64,
    /// The set of coaching keys whose students they are, and how many would keep their coach.
    set: u32,
    kept: f64,
    /// Most meetings of all of them.
    meetings: usize,
}

/// Prices that many members of staff ask for, added up.
struct Sums {
    /// What running a session of each class is worth.
    session: Vec<f64>,
    /// Per site and block: the places of a study session.
    study: Vec<Vec<f64>>,
}

/// The uses of a member of staff with their worth.
#[derive(Default)]
struct Offers {
    choices: Vec<Choice>,
    uses: Vec<Use>,
}

impl Offers {
    fn add(&mut self, choice: Choice, of: Use) {
        self.choices.push(choice);
        self.uses.push(of);
    }
}

impl Relaxation<'_> {
    /// Adds the choices of all staff to the subgradient and gives their value.
    pub(super) fn staff_value(&self, prices: &Prices, subgradient: &mut Prices) -> f64 {
        let sums = self.sums(prices);
        let mut sessions = vec![0.0; self.classes.len()];
        let mut value = 0.0;
        let mut losses: Vec<Vec<f64>> = Vec::with_capacity(self.school.staff.len());
        for s in self.school.staff_ids() {
            let alone = self.best_uses(s, &sums, prices);
            let offers = self.offers(s, &alone, None, prices);
            let week = self.week(s, &offers, None);
            let mut by_count = week.by_count.clone();
            let (mut best, mut best_value, mut group) = ((week, offers), 0.0, None);
            best_value += best.0.value;
            for groups in self.group_sizes(s) {
                let offers = self.offers(s, &alone, Some(groups), prices);
                let week = self.week(s, &offers, Some(groups));
                let gain = self.school.weights.coach_kept * groups.kept.min(groups.students)
                    - prices.coached[groups.set as usize] * groups.students;
                for (k, value) in week.by_count.iter().enumerate() {
                    match by_count.get_mut(k) {
                        Some(best) => *best = best.max(value + gain),
                        None => by_count.push(value + gain),
                    }
                }
                if week.value + gain > best_value {
                    best_value = week.value + gain;
                    group = Some(groups);
                    best = (week, offers);
                }
            }
            let (week, offers) = best;
            value += best_value;
            if let Some(groups) = group {
                subgradient.coached[groups.set as usize] -= groups.students;
            }
            for &index in &week.chosen {
                let block = offers.choices[index].block.index();
                self.count_use(s, block, offers.uses[index], prices, subgradient);
                if let Use::Duty(index) = offers.uses[index] {
                    let duty = &self.duties[s.index()][block][index];
                    sessions[duty.class as usize] += if duty.assists { 0.0 } else { 1.0 };
                }
            }
            losses.push(by_count);
        }
        self.count_sessions(&sessions, subgradient);
        value - self.packages_cost(&losses, prices, subgradient)
    }

    fn sums(&self, prices: &Prices) -> Sums {
        let of_study = self.rooms.of_study.iter();
        Sums {
            session: self.session_prices(prices),
            study: of_study
                .map(|blocks| blocks.iter().map(|rows| self.place_price(rows, prices)).collect())
                .collect(),
        }
    }

    /// What a session takes of places, less the students it has room for.
    fn place_price(&self, rows: &Rows, prices: &Prices) -> f64 {
        let lines = rows.lines.iter().map(|&line| line as usize);
        rows.places.iter().map(|&row| prices.places[row as usize]).sum::<f64>()
            - lines.map(|line| self.rooms.lines[line].per_session * prices.rooms[line]).sum::<f64>()
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
                    - self.place_price(&self.rooms.of_class[c], prices)
                    - class.least.map_or(0.0, |row| {
                        self.school[class.offering].min as f64 * prices.least[row as usize]
                    })
                    + class.assisted.map_or(0.0, |row| {
                        f64::from(self.school[class.offering].assistants) * prices.assisted[row as usize]
                    })
            })
            .collect()
    }

    /// What the sessions held, by class, are to the rows that they share.
    fn count_sessions(&self, sessions: &[f64], subgradient: &mut Prices) {
        let mut held = vec![0.0; self.links.groups];
        for (c, &count) in sessions.iter().enumerate().filter(|&(_, &count)| count > 0.0) {
            self.links.groups_of[c].iter().for_each(|&group| held[group as usize] += count);
            self.count_places(&self.rooms.of_class[c], count, subgradient);
            let (class, offering) = (&self.classes[c], &self.school[self.classes[c].offering]);
            if let Some(row) = class.least {
                subgradient.least[row as usize] -= count * f64::from(offering.min);
            }
            if let Some(row) = class.assisted {
                subgradient.assisted[row as usize] += count * f64::from(offering.assistants);
            }
        }
        for (subgradient, &group) in subgradient.links.iter_mut().zip(&self.links.group_of) {
            *subgradient += held[group as usize];
        }
    }

    fn count_places(&self, rows: &Rows, count: f64, subgradient: &mut Prices) {
        rows.places.iter().for_each(|&row| subgradient.places[row as usize] -= count);
        for &line in &rows.lines {
            subgradient.rooms[line as usize] += count * self.rooms.lines[line as usize].per_session;
        }
    }

    /// By staff member: what a group of the least size, of one more and so on up to the largest adds to
    /// their week at the best prices, coaches kept apart; empty for those who cannot coach.
    pub fn coach_worth(&self, dual: &DualState) -> Vec<Vec<f64>> {
        let Some(coaching) = &self.school.coaching else { return Vec::new() };
        let prices = &dual.prices;
        let sums = self.sums(prices);
        let sizes = |s: StaffId| {
            let alone = self.best_uses(s, &sums, prices);
            let value = |groups| self.week(s, &self.offers(s, &alone, groups, prices), groups).value;
            let idle = value(None);
            let worth = |students: u32| {
                let meetings = coaching.meetings as usize;
                value(Some(Groups { students: f64::from(students), set: 0, kept: 0.0, meetings })) - idle
            };
            (coaching.min..=coaching.max).map(worth).collect()
        };
        let coaches = self.school.staff_ids();
        coaches.map(|s| if self.coaches[s.index()].is_some() { sizes(s) } else { Vec::new() }).collect()
    }

    /// Sizes of all groups of a coach together among which a best choice is.
    ///
    /// With given blocks for k meetings, a coach of S students gains what min(k max, S meetings) attendances gain, less a
    /// price for each student: linear in S but for the sizes below.
    fn group_sizes(&self, s: StaffId) -> Vec<Groups> {
        let school = self.school;
        let (Some(coaching), Some((set, kept))) = (&school.coaching, self.coaches[s.index()]) else {
            return Vec::new();
        };
        let (least, most) = (f64::from(coaching.min), f64::from(coaching.max));
        let each = coaching.meetings as usize;
        let mut sizes = vec![least, most];
        sizes.extend((kept > least && kept != most).then_some(kept));
        // At one time no more than one of several groups meets.
        let blocks = self.rooms.of_meeting[s.index()].iter().flatten().count();
        // More groups hold more meetings than their students need, where a meeting is worth something by itself.
        let wished = school[s].min_blocks > 0
            || self.wishes.as_ref().is_some_and(|worth| {
                school.coaching_blocks().any(|block| worth.of(s, block, school::Duty::Coach) > 0.0)
            });
        let groups = |students: f64| (students / least + 1e-9).floor() as usize;
        if wished && each > 0 {
            sizes.extend((2..=blocks.div_ceil(each)).map(|groups| groups as f64 * least));
        }
        if each > 0 {
            sizes.extend((each + 1..=blocks).map(|meetings| meetings as f64 * most / each as f64));
        }
        let meetings = |students: f64| match students <= most {
            _ if wished => groups(students).max(1).saturating_mul(each),
            true => each,
            false => (students * each as f64 / most - 1e-9).ceil() as usize,
        };
        sizes
            .into_iter()
            .map(|students| Groups { students, set, kept, meetings: meetings(students) })
            .collect()
    }

    /// The best use of each block beside meetings, with those where it can be best.
    fn offers(
        &self,
        s: StaffId,
        uses: &[Option<(f64, Use)>],
        groups: Option<Groups>,
        prices: &Prices,
    ) -> Offers {
        let school = self.school;
        let mut offers = Offers::default();
        let most = school.coaching.as_ref().map_or(0.0, |coaching| f64::from(coaching.max));
        let cost = self.cost_of_block(s, prices);
        for (block, (use_, meeting)) in
            school.block_ids().zip(uses.iter().zip(&self.rooms.of_meeting[s.index()]))
        {
            if let &Some((worth, use_)) = use_ {
                offers.add(Choice { block, worth, meets: false }, use_);
            }
            if let (Some(rows), Some(groups)) = (meeting, groups) {
                let places: f64 = rows.iter().map(|&row| prices.places[row as usize]).sum();
                let students = groups.students.min(most) * school.weights.should;
                let wished =
                    self.wishes.as_ref().map_or(0.0, |worth| worth.of(s, block, school::Duty::Coach));
                let worth = students - places - cost - prices.reserve[block.index()] + wished;
                offers.add(Choice { block, worth, meets: true }, Use::Meeting);
            }
        }
        offers
    }

    fn week(&self, s: StaffId, offers: &Offers, groups: Option<Groups>) -> Week {
        let blocks = offers.choices.iter().filter(|choice| choice.meets).count();
        let meetings = groups.map(|groups| groups.meetings).filter(|&most| most < blocks);
        week::best(self.school, &self.school[s], &offers.choices, meetings, &self.next_in_a_row)
    }

    fn cost_of_block(&self, s: StaffId, prices: &Prices) -> f64 {
        let budgets = self.in_budget.iter().zip(&prices.budgets).filter(|(covers, _)| covers[s.index()]);
        self.school[s].cost * budgets.map(|(_, price)| price).sum::<f64>()
    }

    /// By block; worth less than nothing where only a least number of blocks asks for it.
    fn best_uses(&self, s: StaffId, sums: &Sums, prices: &Prices) -> Vec<Option<(f64, Use)>> {
        let school = self.school;
        let supervisor = school[s].may_supervise();
        let cost = self.cost_of_block(s, prices);
        school
            .block_ids()
            .map(|b| {
                let duties = self.duties[s.index()][b.index()].iter().enumerate().map(|(index, duty)| {
                    let brings = if duty.assists {
                        self.assistant_worth(duty, prices)
                    } else {
                        sums.session[duty.class as usize]
                    };
                    (brings + duty.worth, Use::Duty(index))
                });
                let supervises = supervisor && school.staff_free[(s, b)];
                let study = supervises.then(|| self.study_worth(s, b, sums, prices)).into_iter().flatten();
                let uses = duties.chain(study.map(|(site, worth)| (worth, Use::Study(site))));
                let best = uses.reduce(|best, next| if next.0 > best.0 { next } else { best });
                let at_work = self.wishes.as_ref().map_or(0.0, |worth| worth.of_block(s, b));
                best.map(|(worth, use_)| (worth - cost - prices.reserve[b.index()] + at_work, use_))
            })
            .collect()
    }

    fn assistant_worth(&self, duty: &Duty, prices: &Prices) -> f64 {
        let class = &self.classes[duty.class as usize];
        f64::from(self.school[class.offering].per_assistant) * prices.seats[duty.class as usize]
            - class.assisted.map_or(0.0, |row| prices.assisted[row as usize])
    }

    /// What supervising study in the block is worth, by site.
    fn study_worth<'a>(
        &'a self,
        s: StaffId,
        b: BlockId,
        sums: &'a Sums,
        prices: &'a Prices,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let anywhere = self.school.sites.len();
        let here = move |site: usize| {
            self.study_seats[site][b.index()] > 0.0
                && (site == anywhere || self.school[s].works_at(Some(SiteId::new(site))))
        };
        (0..=anywhere).filter(move |&site| here(site)).map(move |site| {
            let dearest = prices.study[self.dearest_study(site, b.index(), prices)];
            let wished = self.wishes.as_ref().map_or(0.0, |worth| worth.of_duty(s, school::Duty::Study));
            (site, self.study_seats[site][b.index()] * dearest - sums.study[site][b.index()] + wished)
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
                    if let Some(row) = class.assisted {
                        subgradient.assisted[row as usize] -= 1.0;
                    }
                } else {
                    subgradient.seats[duty.class as usize] += class.seats;
                    for &r in &self.cuts_of[duty.class as usize] {
                        subgradient.cuts[r as usize] += self.cuts[r as usize].rest;
                    }
                }
            }
            Use::Meeting => {
                for &row in self.rooms.of_meeting[s.index()][block].iter().flatten() {
                    subgradient.places[row as usize] -= 1.0;
                }
            }
            Use::Study(site) => {
                subgradient.study[self.dearest_study(site, block, prices)] += self.study_seats[site][block];
                self.count_places(&self.rooms.of_study[site][block], 1.0, subgradient);
            }
        }
        subgradient.reserve[block] -= 1.0;
        for (covers, subgradient) in self.in_budget.iter().zip(&mut subgradient.budgets) {
            if covers[s.index()] {
                *subgradient -= self.school[s].cost;
            }
        }
    }

    /// The least that packages take from the staff's value (R9). The loss of a member of staff is at least
    /// its smallest subgradient times the blocks taken, however many packages take them. To that comes what budgets pay,
    /// less what staff wish to carry.
    fn packages_cost(&self, by_count: &[Vec<f64>], prices: &Prices, subgradient: &mut Prices) -> f64 {
        let school = self.school;
        let all = school.packages.iter().fold(0, |all: u32, package| all.saturating_add(package.blocks));
        let loss: Vec<f64> = school
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
            .package_ids()
            .map(|id| {
                let package = &school[id];
                let blocks = f64::from(package.blocks);
                let mut costs: Vec<(f64, StaffId)> = school
                    .staff_ids()
                    .filter(|&s| school.may_carry(s, package))
                    .filter(|&s| r4_limits::room(&school[s], u64::from(package.blocks)) >= 0)
                    .map(|s| {
                        let paid = self.cost_of_block(s, prices);
                        let wished = self.wishes.as_ref().map_or(0.0, |worth| worth.of_package(s, id));
                        let cost = if package.blocks == 0 { 0.0 } else { (loss[s.index()] + paid) * blocks };
                        (cost - wished, s)
                    })
                    .collect();
                costs.sort_by(|a, b| a.0.total_cmp(&b.0));
                let chosen = costs.iter().take(package.people as usize).filter(|(cost, _)| cost.is_finite());
                let chosen = chosen.inspect(|&&(_, s)| {
                    for (covers, subgradient) in self.in_budget.iter().zip(&mut subgradient.budgets) {
                        if covers[s.index()] {
                            *subgradient -= school[s].cost * blocks;
                        }
                    }
                });
                chosen.map(|(cost, _)| cost).sum::<f64>()
            })
            .sum()
    }
}
