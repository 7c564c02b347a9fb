//! The program of a region (docs/model.md, "A region"): who of the pool works where, in which block.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::engine::{Answer, Limits, solve_program};
use crate::model::program::{LinExpr, Program, Variable};
use crate::model::{EngineChoice, Options};

use super::read::{Interval, Region, meet};
use super::share::{Job, Stand};

/// Loss on a block short of what was agreed, or on a person short in reserve.
pub const AGREED: f64 = 1000.0;
/// Loss on a block short of somebody's `min_blocks`.
pub const AIMED: f64 = 10.0;
/// Loss on a block, so that nobody is sent for nothing, and on a day of a person.
pub const BLOCK: f64 = 0.01;
pub const DAY: f64 = 0.02;

/// The program with what its variables stand for.
pub struct Model<'r> {
    region: &'r Region,
    pub program: Program,
    /// Given before, which stays.
    kept: &'r [Job],
    /// Jobs that could be given, and the bid that each is for.
    pub jobs: Vec<(Job, Variable)>,
    pub stands: Vec<(Stand, Variable)>,
}

pub fn slots(region: &Region) -> BTreeSet<(String, Interval)> {
    let blocks = region.schools.iter().flat_map(|school| &school.blocks);
    blocks.map(|block| (block.day.clone(), block.time)).collect()
}

impl<'r> Model<'r> {
    pub fn new(region: &'r Region, kept: &'r [Job]) -> Self {
        let mut model =
            Self { region, program: Program::default(), kept, jobs: Vec::new(), stands: Vec::new() };
        model.candidates();
        model.values();
        for person in 0..region.pool.len() {
            model.person(person);
        }
        model.schools();
        model.reserves();
        model
    }

    /// # Errors
    /// No engine solves it.
    pub fn solve(&self, engine: EngineChoice, options: &Options) -> anyhow::Result<Answer> {
        let limits = Limits {
            time: options.time_limit,
            gap: options.gap,
            nodes: None,
            threads: 1,
            seed: options.seed,
            stop: options.stop.clone(),
        };
        solve_program(engine, &self.program, &limits)
    }

    fn candidates(&mut self) {
        let region = self.region;
        for (school, member) in region.schools.iter().enumerate() {
            for (cell, bid) in member.cells.iter().enumerate().filter(|(_, bid)| !bid.values.is_empty()) {
                for (person, who) in region.pool.iter().enumerate() {
                    if !who.fits(member, bid) || !who.is_free(&bid.day, bid.time) {
                        continue;
                    }
                    let job = Job::of(region, person, school, cell);
                    if self.kept.iter().any(|kept| kept.person == person && kept.clashes(region, &job)) {
                        continue;
                    }
                    let variable = self.program.binary(String::new);
                    let wish = region.wishes * who.wish(&member.id, &bid.day);
                    self.program.objective.add(wish - region.cost * who.cost - BLOCK, variable);
                    self.jobs.push((job, variable));
                }
            }
        }
    }

    /// What the bids are worth: step by step, and no more in a week than all blocks for the same needs are.
    fn values(&mut self) {
        for (school, member) in self.region.schools.iter().enumerate() {
            let mut weeks: BTreeMap<&str, (LinExpr, f64)> = BTreeMap::new();
            for (cell, bid) in member.cells.iter().enumerate() {
                let mut people = LinExpr::default();
                let here = self.jobs.iter().filter(|(job, _)| job.school == school && job.cell == Some(cell));
                here.for_each(|(_, variable)| people.add(1.0, *variable));
                if people.is_constant() {
                    continue;
                }
                let (worth, most) =
                    weeks.entry(&bid.needs).or_insert_with(|| (LinExpr::default(), f64::INFINITY));
                *most = most.min(bid.week.unwrap_or(f64::INFINITY));
                let mut steps = LinExpr::default();
                for &value in &bid.values {
                    let step = self.program.continuous(1.0, String::new);
                    steps.add(1.0, step);
                    worth.add(value, step);
                }
                self.program.exactly("region_steps", people, &steps);
            }
            for (worth, most) in weeks.into_values() {
                let most = most.min(self.program.range(&worth).1);
                let counted = self.program.continuous(most, String::new);
                self.program.objective.add(1.0, counted);
                self.program.at_most("region_week", counted.into(), &worth);
            }
        }
    }

    /// Everything given or to be given to those that `of` takes.
    fn sum(&self, weight: impl Fn(&Job) -> f64) -> LinExpr {
        let mut sum = LinExpr::constant(self.kept.iter().map(&weight).sum());
        for (job, variable) in &self.jobs {
            let weight = weight(job);
            if weight != 0.0 {
                sum.add(weight, *variable);
            }
        }
        sum
    }

    fn most(&mut self, family: &'static str, most: Option<u32>, of: impl Fn(&Job) -> bool) {
        if let Some(most) = most {
            let sum = self.sum(|job| if of(job) { 1.0 } else { 0.0 });
            self.program.at_most(family, sum, &LinExpr::constant(most.into()));
        }
    }

    fn least(&mut self, family: &'static str, least: u32, loss: f64, of: impl Fn(&Job) -> bool) {
        if least == 0 {
            return;
        }
        let short = self.program.continuous(least.into(), String::new);
        self.program.objective.add(-loss, short);
        let mut sum = self.sum(|job| if of(job) { 1.0 } else { 0.0 });
        sum.add(1.0, short);
        self.program.at_most(family, LinExpr::constant(least.into()), &sum);
    }

    fn person(&mut self, person: usize) {
        let region = self.region;
        let who = &region.pool[person];
        self.most("region_blocks", who.max_blocks, |job| job.person == person);
        self.least("region_min_blocks", who.min_blocks, AIMED, |job| job.person == person);
        let own: Vec<(Job, Variable)> =
            self.jobs.iter().filter(|(job, _)| job.person == person).cloned().collect();
        let days: BTreeSet<&str> = own.iter().map(|(job, _)| job.day.as_str()).collect();
        let kept_days: BTreeSet<&str> =
            self.kept.iter().filter(|job| job.person == person).map(|job| job.day.as_str()).collect();
        let mut at_work = LinExpr::constant(kept_days.len() as f64);
        for day in days {
            self.most("region_per_day", who.max_per_day, |job| job.person == person && job.day == day);
            let today: Vec<&(Job, Variable)> = own.iter().filter(|(job, _)| job.day == day).collect();
            self.one_place(&today);
            self.in_a_row(person, day);
            let schools: BTreeSet<usize> = today.iter().map(|(job, _)| job.school).collect();
            let is_there = |school: usize| {
                self.kept.iter().any(|job| job.person == person && job.day == day && job.school == school)
            };
            let kept = (0..region.schools.len()).filter(|&school| is_there(school)).count();
            let mut visited = LinExpr::constant(kept as f64);
            for school in schools.into_iter().filter(|&school| !is_there(school)) {
                let visit = self.program.binary(String::new);
                visited.add(1.0, visit);
                for (_, variable) in today.iter().filter(|(job, _)| job.school == school) {
                    self.program.at_most("region_visit", (*variable).into(), &visit.into());
                }
            }
            let schools_a_day = LinExpr::constant(who.max_schools_a_day.into());
            self.program.at_most("region_schools_a_day", visited, &schools_a_day);
            if !kept_days.contains(day) {
                let comes = self.program.binary(String::new);
                self.program.objective.add(-DAY, comes);
                at_work.add(1.0, comes);
                for (_, variable) in &today {
                    self.program.at_most("region_day", (*variable).into(), &comes.into());
                }
            }
        }
        if let Some(most) = who.max_days {
            self.program.at_most("region_days", at_work, &LinExpr::constant(most.into()));
        }
    }

    /// What meets at one moment, and pairs that travel keeps apart.
    fn one_place(&mut self, today: &[&(Job, Variable)]) {
        for (job, _) in today {
            let at = job.time.0;
            let now = today.iter().filter(|(other, _)| other.time.0 <= at && at < other.time.1);
            let now: LinExpr = now.map(|(_, variable)| *variable).collect();
            self.program.at_most("region_one_place", now, &LinExpr::constant(1.0));
        }
        for (at, (job, variable)) in today.iter().enumerate() {
            for (other, second) in &today[at + 1..] {
                if !meet(job.time, other.time) && job.clashes(self.region, other) {
                    let both = [*variable, *second].into_iter().collect();
                    self.program.at_most("region_travel", both, &LinExpr::constant(1.0));
                }
            }
        }
    }

    /// Of blocks of one school that follow each other.
    fn in_a_row(&mut self, person: usize, day: &str) {
        let Some(most) = self.region.pool[person].max_in_a_row else { return };
        for school in 0..self.region.schools.len() {
            for window in windows(self.region, school, day, most as usize + 1) {
                self.most("region_in_a_row", Some(most), |job| {
                    job.person == person
                        && job.day == day
                        && job.school == school
                        && window.contains(&job.time)
                });
            }
        }
    }

    fn schools(&mut self) {
        let region = self.region;
        for (school, member) in region.schools.iter().enumerate() {
            self.most("region_school_most", member.max_blocks, |job| job.school == school);
            self.least("region_school_least", member.min_blocks, AGREED, |job| job.school == school);
            if let Some(budget) = member.budget {
                let pays = |job: &Job| match job.school == school {
                    true => (1.0 - region.fund.share) * region.pool[job.person].cost,
                    false => 0.0,
                };
                let cost = self.sum(pays);
                self.program.at_most("region_school_budget", cost, &LinExpr::constant(budget));
            }
        }
    }

    fn reserves(&mut self) {
        let region = self.region;
        let mut paid = self.sum(|job| region.fund.share * region.pool[job.person].cost);
        for (group, reserve) in region.reserves.iter().enumerate() {
            for (day, time) in slots(region) {
                let mut people = LinExpr::default();
                for (person, who) in region.pool.iter().enumerate() {
                    let stand = Stand { person, group, day: day.clone(), time };
                    if !reserve.takes(who)
                        || !who.is_free(&day, time)
                        || self.kept.iter().any(|job| stand.clashes(region, job))
                    {
                        continue;
                    }
                    let variable = self.program.binary(String::new);
                    self.program.objective.add(-BLOCK - region.cost * who.cost, variable);
                    people.add(1.0, variable);
                    paid.add(who.cost, variable);
                    for (_, job) in self.jobs.iter().filter(|(job, _)| stand.clashes(region, job)) {
                        let both = [variable, *job].into_iter().collect();
                        self.program.at_most("region_stand_by", both, &LinExpr::constant(1.0));
                    }
                    for (other, second) in self.stands.iter().filter(|(other, _)| other.person == person) {
                        if other.apart(region, &stand) {
                            let both = [variable, *second].into_iter().collect();
                            self.program.at_most("region_stand_by", both, &LinExpr::constant(1.0));
                        }
                    }
                    self.stands.push((stand, variable));
                }
                let short = self.program.continuous(reserve.people.into(), String::new);
                self.program.objective.add(-AGREED, short);
                people.add(1.0, short);
                let least = LinExpr::constant(reserve.people.into());
                self.program.at_most("region_reserve", least, &people);
            }
        }
        if let Some(budget) = region.fund.budget {
            self.program.at_most("region_fund", paid, &LinExpr::constant(budget));
        }
    }
}

/// Times of the school on the day, so many that follow each other.
pub fn windows(region: &Region, school: usize, day: &str, length: usize) -> Vec<Vec<Interval>> {
    let blocks = region.schools[school].blocks.iter().filter(|block| block.day == day);
    let times: Vec<Interval> = blocks.map(|block| block.time).collect::<BTreeSet<_>>().into_iter().collect();
    times.windows(length).map(<[_]>::to_vec).collect()
}
