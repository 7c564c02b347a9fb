//! The search: a start solution, improvement by all workers side by side, and meanwhile a bound; small
//! schools are then handed whole to the engine, which proves the best.

mod anneal;
mod bounds;
mod clock;
mod coaches;
mod comfort;
mod duties;
mod groups;
mod instance;
mod memory;
mod moves;
mod region;
mod round;
mod schedule;
mod start;
mod state;
mod warm_start;

use std::time::Duration;

use anneal::{Cooling, End, MoveMix};
use clock::Clock;
use instance::{Instance, Wanted};
use moves::Worker;

use super::bound::{DualState, Relaxation};
use super::engine::{Engine, Limits, SolveStatus};
use super::observer::{Observer, Progress};
use super::options::{Method, Options};
use super::scope::Scope;
use super::sets::Sets;
use super::{build, monolith};
use crate::model::rules::r4_limits::in_bound;
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::{Id, OfferingId, Priority, School};

/// Moves of each worker in the first round, per student.
const FIRST_ROUND: u64 = 500;
/// A round between has so many times as many, for those who accept a gap wider than this.
const GROWTH: u64 = 4;
const WIDE_GAP: f64 = 0.002;
/// Moves of each worker in the main round: some, more for every student, and at most so many. The search then
/// ends by itself.
const MOVES: u64 = 3_000_000;
const MOVES_A_STUDENT: u64 = 4_000;
const MOST_MOVES: u64 = 100_000_000;
/// Times as many where a time limit says how long is too long.
const PATIENCE: u64 = 8;
/// Temperatures at which the rounds start, in parts of the largest value of a need session, and at which they end, in
/// parts of the smallest value that counts.
const FIRST_TEMPERATURE: f64 = 0.1;
const MAIN_TEMPERATURE: f64 = 0.3;
const PATIENT_TEMPERATURE: f64 = 0.6;
const HASTY_TEMPERATURE: f64 = 0.01;
const COLD: f64 = 0.25;
/// Moves a student from which a main round is patient.
const PATIENT_MOVES: u64 = 30_000;
/// Times as many moves as in the first round, below which a main round only goes on from that: it has no time to be
/// better from elsewhere or hotter.
const HASTY: f64 = 2.0;
/// Legs of the main round; after each, all workers go on from the best.
const LEGS: u32 = 32;
/// Steps of the bound in the first round.
const FIRST_STEPS: usize = 40;
/// In the main round more in proportion to its moves, up to a limit: this effort in steps x students x students, within
/// these numbers for small and large schools. What later steps gain is less than what the workers lose by them.
const STEPS_EFFORT: u64 = 90_000_000;
const SMALL_STEPS: u64 = 2_000;
const LARGE_STEPS: u64 = 160;
/// Needs x blocks and variables of the model up to which the engine is given the whole of it first.
const SMALL_CELLS: usize = 20_000;
const SMALL_VARIABLES: usize = 4_000;
/// Seats that students could take, up to which it is given a larger model in which nothing but seats is to be decided.
const MOST_SEATS: usize = 60_000;
/// Variables x nodes of branch and bound that it may spend on it.
const SMALL_EFFORT: u64 = 400_000;
/// No small school waits longer for it.
const SMALL_TIME: Duration = Duration::from_secs(20);
/// Part of the time left that a round plans to take; the rest is for what comes after it.
const ROUND_SHARE: f64 = 0.98;
/// Times as long as building the model of the search took, which must be left for prices to be worth their time: the
/// model of the bound alone takes twelve times as long.
const PRICING: u32 = 60;
/// Seeds with which the first schedule is looked for before the engine is asked, and its part of the time left.
const START_SEEDS: u64 = 4;
const ENGINE_SHARE: f64 = 0.5;
/// Part of the time taken that comfort may take as well, once time is over.
const COMFORT_SHARE: f64 = 0.03;
/// Part of the time limit for the first prices.
const FIRST_SHARE: f64 = 0.1;

/// Finds a good schedule and a bound. `from`: a schedule to go on from, which the result is never worse than, as far
/// as it holds the rules.
///
/// # Errors
/// When the rules contradict each other, or the engine fails.
pub fn search(
    school: &School,
    sets: &Sets,
    options: &Options,
    from: Option<&Schedule>,
    observer: &mut dyn Observer,
) -> anyhow::Result<(Schedule, Outcome)> {
    let clock = Clock::start(options);
    let instance = Instance::new(school, sets);
    let modelled = clock.elapsed();
    // A small school is the engine's: it proves the best at once. What it proves before it gives up holds as well.
    let mut proven = f64::INFINITY;
    if options.method == Method::Auto {
        match small(school, sets, options, from, observer) {
            Proof::Best(best) => {
                let (schedule, outcome) = *best;
                return Ok((comfort::improve_schedule(&instance, schedule, outcome.total), outcome));
            }
            Proof::Bound(bound) => proven = bound,
        }
    }
    let mut message = |phase| {
        observer.progress(&Progress { phase, total: None, bound: None, seconds: clock.seconds() });
    };
    let priced = clock.left().is_none_or(|left| left > modelled * PRICING).then(|| {
        message("price");
        Priced::new(school, sets, options, &clock)
    });
    message("start");
    let warm = from.and_then(|from| warm_start::warm_start(&instance, from, options.seed));
    let goes_on = warm.is_some();
    let worth = priced.as_ref().map_or(&[][..], |priced| &priced.worth);
    let cold_start = || {
        (0..START_SEEDS)
            .find_map(|attempt| start::start(&instance, worth, options.seed.wrapping_add(attempt)))
    };
    let found = warm.or_else(cold_start);
    let worker = match found {
        Some(worker) => worker,
        // What the first steps did not find the engine may find, or prove impossible.
        None => {
            message("prove");
            let time = clock.left().map(|left| left.mul_f64(ENGINE_SHARE));
            let first = monolith::first_schedule(school, sets, options, time, observer)?;
            match warm_start::warm_start(&instance, &first, options.seed) {
                Some(worker) => worker,
                None => return monolith::monolith(school, sets, options, observer),
            }
        }
    };
    let apart = region::are_apart(school, options.method);
    let workers = memory::workers(options, worker.state.bytes(), region::most_needs(&instance, apart))?;
    let mut search = Search {
        workers,
        apart,
        bound: most_imaginable(&instance).min(proven),
        mix: MoveMix::new(&worker.state),
        priced,
        best: worker,
        goes_on,
        options,
        clock,
        observer,
    };
    let mut status = search.run(&instance);
    // What is left out of the week counts for nothing.
    search.best.state.trim_study();
    if status == Status::GapReached && !search.good_enough() {
        status = Status::Feasible;
    }
    let (since, late) = (search.clock.elapsed(), search.clock.over());
    let over = || match late {
        true => search.clock.elapsed() > since.mul_f64(1.0 + COMFORT_SHARE),
        false => search.clock.over(),
    };
    comfort::improve(&mut search.best.state, &over);
    let (total, mut bound) = (search.best.state.total, search.bound);
    let schedule = search.best.state.schedule();
    // Less than a point of any total that a school can reach: a bound is not to be told lower than it was proven.
    if bound - total <= 1e-9 * total.abs().max(1.0) {
        (status, bound) = (Status::Optimal, total);
    }
    Ok((schedule, Outcome { status, total, bound, seconds: search.clock.seconds() }))
}

/// The bound, and the prices at which it is reached.
struct Priced<'a> {
    relaxation: Relaxation<'a>,
    dual: DualState,
    /// By staff member: what groups of them are worth at the first prices, by size; empty: out of time.
    worth: Vec<Vec<f64>>,
}

impl<'a> Priced<'a> {
    fn new(school: &'a School, sets: &Sets, options: &Options, clock: &Clock) -> Self {
        let relaxation = Relaxation::new(school, sets);
        let mut dual = relaxation.start();
        let spared = options.time_limit.map_or(f64::INFINITY, |limit| limit.as_secs_f64() * FIRST_SHARE);
        relaxation.first_steps(&mut dual, options.threads, || !clock.over() && clock.seconds() < spared);
        // Out of time, any coaches will do.
        let worth = if clock.over() { Vec::new() } else { relaxation.coach_worth(&dual) };
        Self { relaxation, dual, worth }
    }

    fn bound(&self) -> f64 {
        self.relaxation.rounded(self.dual.bound)
    }
}

struct Search<'a, 'o> {
    /// `None`: no time for it.
    priced: Option<Priced<'a>>,
    mix: MoveMix,
    best: Worker<'a>,
    /// Whether it goes on from a schedule that was given.
    goes_on: bool,
    bound: f64,
    workers: usize,
    /// Whether every site is improved by itself.
    apart: bool,
    options: &'o Options,
    clock: Clock,
    observer: &'o mut dyn Observer,
}

impl<'a> Search<'a, '_> {
    fn tell(&mut self, phase: &'static str) {
        self.observer.progress(&Progress {
            phase,
            total: Some(self.best.state.total),
            bound: Some(self.bound),
            seconds: self.clock.seconds(),
        });
    }

    fn good_enough(&self) -> bool {
        let total = self.best.state.total;
        self.bound - total <= self.options.gap.max(1e-9) * total.abs().max(1.0)
    }

    fn run(&mut self, x: &'a Instance<'a>) -> Status {
        let (coarse, fine) = weights_that_matter(x);
        let students = x.school.students.len() as u64;
        let patience = if self.options.time_limit.is_some() { PATIENCE } else { 1 };
        let main = patience * (MOVES + MOVES_A_STUDENT * students).min(MOST_MOVES);
        let first = (FIRST_ROUND * students.max(40)).min(main);
        // A round that starts hot forgets what it starts from: a short one for a schedule soon and then a long one
        // is better than many that grow. Only who asks for less than the best is served by one between.
        let between = (first * GROWTH).min(main);
        let rounds = if self.options.gap > WIDE_GAP { vec![first, between, main] } else { vec![first, main] };
        let apart = self.apart;
        let end = if apart { End::Cold } else { End::Best };
        let began = self.clock.seconds();
        for (round, moves) in rounds.into_iter().enumerate() {
            // Only to set out on a round takes as long as to judge a schedule, where the school is large.
            if apart && self.clock.left().is_some_and(|left| left.is_zero()) {
                self.tell("improve");
                return Status::TimeLimit;
            }
            let time = self.clock.left().map(|left| left.mul_f64(ROUND_SHARE));
            let cooling = Cooling { from: coarse * FIRST_TEMPERATURE, to: fine * COLD, moves, time, end };
            if round == 0 {
                self.round(cooling, FIRST_STEPS, 1, Vec::new(), apart);
            } else {
                let fitting = time.map_or(f64::INFINITY, |time| {
                    first as f64 * time.as_secs_f64() / (self.clock.seconds() - began).max(1e-3)
                });
                let patient = fitting.min(moves as f64) > (PATIENT_MOVES * students) as f64;
                let hasty = fitting < HASTY * first as f64;
                let temperature = match (patient, hasty) {
                    (true, _) => PATIENT_TEMPERATURE,
                    (_, true) => HASTY_TEMPERATURE,
                    _ => MAIN_TEMPERATURE,
                };
                let most = (STEPS_EFFORT / (students * students).max(1)).clamp(LARGE_STEPS, SMALL_STEPS);
                let steps = (FIRST_STEPS as u64 * moves / first).min(most) as usize;
                let starts = if !apart && !hasty { self.new_starts(x) } else { Vec::new() };
                self.round(Cooling { from: coarse * temperature, ..cooling }, steps, LEGS, starts, apart);
            }
            if self.clock.over() {
                return if self.clock.stopped() { Status::Interrupted } else { Status::TimeLimit };
            }
            if self.good_enough() {
                return Status::GapReached;
            }
        }
        Status::Feasible
    }

    /// A start for each worker, with coaches chosen at the first prices and at those reached by now: which of them serve
    /// sessions better differs from school to school. A hot round forgets sessions and keeps groups.
    fn new_starts(&mut self, x: &'a Instance<'a>) -> Vec<Worker<'a>> {
        let Some(priced) = self.priced.as_ref().filter(|_| !self.goes_on && x.school.coaching.is_some())
        else {
            return Vec::new();
        };
        let now = priced.relaxation.coach_worth(&priced.dual);
        let seed = |worker: u64| self.options.seed.wrapping_add(worker << 32);
        let worth = |worker: u64| if worker.is_multiple_of(2) { &now } else { &priced.worth };
        let workers = 1..=self.workers as u64;
        workers.filter_map(|worker| start::start(x, worth(worker), seed(worker))).collect()
    }
}

/// What the engine makes of the whole model.
enum Proof {
    Best(Box<(Schedule, Outcome)>),
    /// Infinite where it was not asked.
    Bound(f64),
}

/// Whether all there is to decide is who attends what, each offering having one time and lead: the engine proves that
/// where it is far larger than other models that it proves.
fn only_seats(school: &School, sets: &Sets) -> bool {
    let ways = |o: OfferingId| sets.blocks_of[o.index()].len() * sets.leads_of[o.index()].len();
    let seats = |offerings: &Vec<OfferingId>| offerings.iter().map(|&o| ways(o)).sum::<usize>();
    school.coaching.is_none()
        && school.offering_ids().all(|o| ways(o) <= 1)
        && sets.offerings_of.iter().map(seats).sum::<usize>() <= MOST_SEATS
}

/// The whole model solved by the engine, if it is small enough to be proven within its nodes.
fn small(
    school: &School,
    sets: &Sets,
    options: &Options,
    from: Option<&Schedule>,
    observer: &mut dyn Observer,
) -> Proof {
    const NOTHING: Proof = Proof::Bound(f64::INFINITY);
    let seats_only = only_seats(school, sets);
    if school.needs.len() * school.blocks.len() > SMALL_CELLS && !seats_only {
        return NOTHING;
    }
    let clock = Clock::start(options);
    observer.progress(&Progress { phase: "prove", total: None, bound: None, seconds: clock.seconds() });
    let scope = Scope::whole();
    let model = build::build(school, sets, &scope);
    // What holds for fewer groups than a coach may have proves nothing.
    if model.groups.limited || (model.program.variables.len() > SMALL_VARIABLES && !seats_only) {
        return NOTHING;
    }
    let limits = Limits {
        time: Some(clock.left().map_or(SMALL_TIME, |left| SMALL_TIME.min(left / 2))),
        gap: 0.0,
        nodes: Some(SMALL_EFFORT / model.program.variables.len().max(20) as u64),
        threads: 1,
        seed: options.seed,
        stop: options.stop.clone(),
    };
    // Without any engine there still is the search.
    let Ok(solved) =
        Engine::solve_by_any(options.engine, &model, &limits, from, |message| observer.trouble(message))
    else {
        return NOTHING;
    };
    match (solved.status, solved.schedule) {
        (SolveStatus::Optimal, Some((schedule, total))) => {
            let outcome = Outcome { status: Status::Optimal, total, bound: total, seconds: clock.seconds() };
            Proof::Best(Box::new((schedule, outcome)))
        }
        (SolveStatus::Infeasible, _) => NOTHING,
        _ => Proof::Bound(solved.bound),
    }
}

/// The largest value of a need session, and the smallest that anything counted has.
fn weights_that_matter(x: &Instance) -> (f64, f64) {
    let school = x.school;
    let weights = &school.weights;
    let needs = |priority: Priority| school.needs.iter().any(|need| need.priority == priority);
    let used: Vec<f64> =
        Priority::ALL.into_iter().filter(|&p| needs(p)).map(|p| weights.priority(p)).collect();
    let coarse = used.iter().copied().fold(1.0, f64::max);
    let own_unit = school.students.iter().any(|s| school.counted_unit(s.unit).is_some());
    let others = [
        (weights.fairness, true),
        (weights.own_unit, own_unit),
        (weights.likes, school.staff.iter().any(|staff| !staff.likes.is_empty())),
        (weights.wishes, !school.wishes.is_empty()),
        (weights.staff_asked, school.needs.iter().any(|need| need.staff.is_some())),
        (weights.coach_kept, school.coaching.is_some()),
    ];
    let others = others.into_iter().filter(|&(_, used)| used).map(|(weight, _)| weight);
    let fine = used.iter().copied().chain(others).filter(|weight| *weight > 0.0).fold(coarse, f64::min);
    (coarse, fine)
}

/// Whether the first steps find a schedule, which then holds every rule. That they find none says nothing.
pub fn has_start(school: &School, sets: &Sets) -> bool {
    start::start(&Instance::new(school, sets), &[], 0).is_some()
}

/// A bound on the total of any schedule of the school, without any effort.
pub fn quick_bound(school: &School, sets: &Sets) -> f64 {
    most_imaginable(&Instance::new(school, sets))
}

/// A bound without any effort: every need met by the right people, everybody's coach kept, every block of
/// every staff member spent on something liked, and on what is wished most, nothing missing.
fn most_imaginable(x: &Instance) -> f64 {
    let school = x.school;
    let weights = &school.weights;
    let needs: f64 = school
        .needs
        .iter()
        .zip(&x.needs)
        .map(|(need, Wanted { value, .. })| {
            let asked = if need.staff.is_some() { weights.staff_asked } else { 0.0 };
            let own = school.counted_unit(school[need.student].unit).map_or(0.0, |_| weights.own_unit);
            f64::from(need.sessions) * (value + asked + own)
        })
        .sum();
    let kept = match school.coaching {
        None => 0,
        Some(_) => school.students.iter().filter(|student| student.coach.is_some()).count(),
    };
    let likes: u32 = school
        .staff
        .iter()
        .filter(|staff| !staff.likes.is_empty())
        .map(|staff| in_bound(school, staff).blocks.min(school.blocks.len()) as u32)
        .sum();
    let wished = x.wishes.as_ref().map_or(0.0, |worth| {
        let of_blocks = |s| school.block_ids().map(move |b| worth.most(s, b)).sum::<f64>();
        let of_packages = |s| school.package_ids().map(move |p| worth.of_package(s, p).max(0.0)).sum::<f64>();
        school.staff_ids().map(|s| of_blocks(s) + of_packages(s)).sum()
    });
    let history: f64 = school
        .students
        .iter()
        .map(|s| f64::from(s.missed_before) * (f64::from(s.missed_before) - 1.0) / 2.0)
        .sum();
    needs + weights.coach_kept * kept as f64 + weights.likes * f64::from(likes) + wished
        - weights.fairness * history
}
