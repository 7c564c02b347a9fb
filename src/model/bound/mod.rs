//! A bound on the total of every schedule, at any size of school: seats are priced and everybody chooses
//! alone (Lagrangian relaxation; Held and Karp 1971, steps after Polyak 1969).
//!
//! Sets: students i, needs n, staff s, classes c = (offering, block, site, lead class). Relaxed, each with
//! a price:
//!
//! ```text
//! seats     λ_c ≥ 0     sum_{i,n} x[i,n,c] ≤ sum_s seats_c y[s,c]                       for every c
//! rounding  μ_r ≥ 0     sum x of the needs of r in o - rest_r Y_o ≤ D_r - rest_r ⌈D_r/M⌉  for some (o, r)
//! meetings  π ≥ 0       meetings attended ≤ largest group x meetings held
//! ```
//!
//! What is left falls apart: every student is a flow from needs to blocks ([`student`]), every member of
//! staff a choice of blocks within their limits ([`staff`]). Dropped, so that the bound may be weaker but
//! never wrong: least numbers of students, `per_day`, `after`, pairs, bans, travel, rows, places other than
//! their seats, budgets, reserve.

mod classes;
mod staff;
mod student;

use std::collections::HashMap;

use classes::{Arc, Class, Classes, Rounding, TypeKey};

use crate::model::sets::Sets;
use crate::school::*;

/// The relaxation of one school: prices go in, a bound and a direction come out.
#[derive(Debug)]
pub struct Relaxation<'a> {
    school: &'a School,
    classes: Vec<Class>,
    /// Per type and block: the arcs.
    arcs: Vec<Vec<Vec<Arc>>>,
    priority_of_type: Vec<Priority>,
    /// Per need: its type.
    type_of: Vec<u32>,
    roundings: Vec<Rounding>,
    /// Per offering: its roundings.
    roundings_of: Vec<Vec<u32>>,
    /// Per staff member and block: (class, seats brought, liked) that they can bring about.
    duties: Vec<Vec<Vec<staff::Duty>>>,
    largest_group: f64,
    meetings_wanted: f64,
    constant: f64,
    integral: bool,
}

/// A point of the dual: prices by seat class, rounding, meeting.
#[derive(Clone, Debug)]
pub struct Prices {
    seats: Vec<f64>,
    roundings: Vec<f64>,
    meeting: f64,
}

/// What the relaxation says at some prices.
struct Answer {
    value: f64,
    slope: Prices,
}

impl<'a> Relaxation<'a> {
    pub fn new(school: &'a School, sets: &Sets) -> Self {
        let classes = Classes::new(school, sets);
        let mut types: HashMap<TypeKey, u32> = HashMap::new();
        let mut arcs = Vec::new();
        let mut priority_of_type = Vec::new();
        let mut type_of = Vec::with_capacity(school.needs.len());
        for need in school.need_ids() {
            let key = classes.type_key(need);
            let next = types.len() as u32;
            let id = *types.entry(key.clone()).or_insert_with(|| {
                arcs.push(classes.arcs(&key));
                priority_of_type.push(key.priority);
                next
            });
            type_of.push(id);
        }
        let duties = classes.duties();
        let mut classes = classes.into_list();
        tighten_seats(school, &mut classes, &arcs, &type_of);
        let (roundings, roundings_of) = roundings(school, sets, &classes);
        let (largest_group, meetings_wanted) = coaching(school);
        let weights = &school.weights;
        let integral = [
            weights.must,
            weights.should,
            weights.could,
            weights.coach_kept,
            weights.staff_asked,
            weights.likes,
            weights.own_unit,
            weights.fairness,
        ]
        .iter()
        .all(|weight| weight.fract() == 0.0);
        Self {
            school,
            classes,
            arcs,
            priority_of_type,
            type_of,
            roundings,
            roundings_of,
            duties,
            largest_group,
            meetings_wanted,
            constant: coaches_kept(school) * weights.coach_kept,
            integral,
        }
    }

    /// Prices of nothing.
    pub fn origin(&self) -> Prices {
        Prices {
            seats: vec![0.0; self.classes.len()],
            roundings: vec![0.0; self.roundings.len()],
            meeting: self.school.weights.should * 0.5,
        }
    }

    /// Lowers the bound from the given prices; `target` is the total of a known schedule, `go_on` is asked
    /// after every step with the best bound so far. Gives the best bound and its prices.
    pub fn descend(
        &self,
        mut prices: Prices,
        target: f64,
        steps: usize,
        threads: usize,
        mut go_on: impl FnMut(f64) -> bool,
    ) -> (f64, Prices) {
        let mut best = f64::INFINITY;
        let mut best_prices = prices.clone();
        let mut length = 1.0;
        let mut stale = 0;
        let mut direction: Option<Prices> = None;
        for _ in 0..steps {
            let answer = self.answer(&prices, threads);
            if answer.value < best - 1e-6 * best.abs() {
                stale = 0;
            } else {
                stale += 1;
            }
            if answer.value < best {
                best = answer.value;
                best_prices = prices.clone();
            }
            if stale >= 10 {
                stale = 0;
                length *= 0.7;
                prices = best_prices.clone();
                direction = None;
            }
            if !go_on(self.rounded(best)) || best <= target + 1e-6 || length < 1e-4 {
                break;
            }
            let slope = match direction.take() {
                None => answer.slope,
                Some(before) => answer.slope.mixed(&before, 0.3),
            };
            let norm = slope.square(&prices);
            if norm <= 1e-12 {
                break;
            }
            prices.step(&slope, length * (answer.value - target) / norm);
            direction = Some(slope);
        }
        (self.rounded(best), best_prices)
    }

    /// Totals are whole numbers when all weights are.
    fn rounded(&self, bound: f64) -> f64 {
        if self.integral { (bound + 1e-6).floor() } else { bound }
    }

    fn answer(&self, prices: &Prices, threads: usize) -> Answer {
        let table = self.price_table(prices);
        let students = self.school.students.len();
        let chunk = students.div_ceil(threads.max(1)).max(1);
        let starts: Vec<usize> = (0..students).step_by(chunk).collect();
        let parts: Vec<(f64, Vec<f64>)> = std::thread::scope(|scope| {
            let workers: Vec<_> = starts
                .iter()
                .map(|&from| {
                    let table = &table;
                    scope.spawn(move || student::choose(self, table, from..(from + chunk).min(students)))
                })
                .collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        });
        let mut slope = Prices {
            seats: vec![0.0; self.classes.len()],
            roundings: self.roundings.iter().map(|rounding| rounding.level).collect(),
            meeting: 0.0,
        };
        let mut value = self.constant;
        value += parts.iter().map(|(part, _)| part).sum::<f64>();
        // Attendances by type and block, turned into classes and roundings.
        let blocks = self.school.blocks.len();
        for (_, taken) in &parts {
            for (at, &count) in taken.iter().enumerate().filter(|&(_, &count)| count > 0.0) {
                let class = table.choice[at];
                slope.seats[class as usize] -= count;
                for &r in &self.roundings_of[self.classes[class as usize].offering.index()] {
                    if self.priority_of_type[at / blocks] <= self.roundings[r as usize].lowest {
                        slope.roundings[r as usize] -= count;
                    }
                }
            }
        }
        for (rounding, price) in self.roundings.iter().zip(&prices.roundings) {
            value += rounding.level * price;
        }
        value += self.staff_value(prices, &mut slope);
        let should = self.school.weights.should;
        let attend = prices.meeting < should;
        value -= self.meetings_wanted * prices.meeting.min(should);
        if attend {
            slope.meeting -= self.meetings_wanted;
        }
        Answer { value, slope }
    }
}

impl Prices {
    /// 0.7 of this slope and 0.3 of the one before, for less zigzag.
    fn mixed(mut self, before: &Prices, share: f64) -> Self {
        let mix = |a: &mut f64, b: f64| *a = (1.0 - share) * *a + share * b;
        self.seats.iter_mut().zip(&before.seats).for_each(|(a, b)| mix(a, *b));
        self.roundings.iter_mut().zip(&before.roundings).for_each(|(a, b)| mix(a, *b));
        mix(&mut self.meeting, before.meeting);
        self
    }

    /// Squared length of a slope, without the parts that would only push a price of 0 below 0.
    fn square(&self, prices: &Prices) -> f64 {
        let part =
            |(slope, price): (&f64, &f64)| if *price <= 0.0 && *slope > 0.0 { 0.0 } else { slope * slope };
        self.seats.iter().zip(&prices.seats).map(part).sum::<f64>()
            + self.roundings.iter().zip(&prices.roundings).map(part).sum::<f64>()
            + part((&self.meeting, &prices.meeting))
    }

    /// One step against the slope; no price falls below 0.
    fn step(&mut self, slope: &Prices, length: f64) {
        let lower = |price: &mut f64, slope: f64| *price = (*price - length * slope).max(0.0);
        self.seats.iter_mut().zip(&slope.seats).for_each(|(price, slope)| lower(price, *slope));
        self.roundings.iter_mut().zip(&slope.roundings).for_each(|(price, slope)| lower(price, *slope));
        lower(&mut self.meeting, slope.meeting);
    }
}

/// No more students fit a session than could ever be in it.
fn tighten_seats(school: &School, classes: &mut [Class], arcs: &[Vec<Vec<Arc>>], type_of: &[u32]) {
    let mut reach = vec![0.0; classes.len()];
    let mut last = vec![usize::MAX; classes.len()];
    for (need, &ty) in school.needs.iter().zip(type_of) {
        for (block, arcs) in arcs[ty as usize].iter().enumerate() {
            if school.student_free[(need.student, BlockId::new(block))] {
                for arc in arcs {
                    if std::mem::replace(&mut last[arc.class as usize], need.student.index())
                        != need.student.index()
                    {
                        reach[arc.class as usize] += 1.0;
                    }
                }
            }
        }
    }
    for (class, reach) in classes.iter_mut().zip(reach) {
        class.seats = class.seats.min(reach);
    }
}

/// Integer rounding of served ≤ M Y and served ≤ D, one for every offering and lowest priority.
fn roundings(school: &School, sets: &Sets, classes: &[Class]) -> (Vec<Rounding>, Vec<Vec<u32>>) {
    let mut seats = vec![0.0f64; school.offerings.len()];
    for class in classes {
        let most = &mut seats[class.offering.index()];
        *most = most.max(class.seats);
    }
    let mut roundings: Vec<Rounding> = Vec::new();
    let mut roundings_of = vec![Vec::new(); school.offerings.len()];
    for offering in school.offering_ids() {
        let seats = seats[offering.index()];
        let mut demand_before = 0.0;
        for lowest in Priority::ALL {
            let demand: f64 = sets.needs_of[offering.index()]
                .iter()
                .map(|&need| &school[need])
                .filter(|need| need.priority <= lowest)
                .map(|need| f64::from(need.sessions))
                .sum();
            if seats < 1.0 || demand == demand_before {
                continue;
            }
            demand_before = demand;
            let sessions = (demand / seats).ceil();
            let rest = demand - seats * (sessions - 1.0);
            if rest < seats {
                roundings_of[offering.index()].push(roundings.len() as u32);
                roundings.push(Rounding { offering, lowest, rest, level: demand - rest * sessions });
            }
        }
    }
    (roundings, roundings_of)
}

/// Most students of a group, and the meetings that all students together should have.
fn coaching(school: &School) -> (f64, f64) {
    let Some(coaching) = &school.coaching else { return (0.0, 0.0) };
    let wanted: u32 = school
        .student_ids()
        .map(|i| {
            let invited = school
                .block_ids()
                .filter(|&b| school[b].kind == Kind::Coaching && school.invited[(i, b)])
                .count() as u32;
            invited.min(coaching.meetings)
        })
        .sum();
    (f64::from(coaching.max), f64::from(wanted))
}

/// Students who could keep their coach.
fn coaches_kept(school: &School) -> f64 {
    if school.coaching.is_none() {
        return 0.0;
    }
    let keeps = |i: &StudentId| {
        school[*i].coach.is_some_and(|coach| school[coach].roles.has(Role::Coach))
            && school.block_ids().any(|b| school[b].kind == Kind::Coaching && school.invited[(*i, b)])
    };
    school.student_ids().filter(keeps).count() as f64
}
