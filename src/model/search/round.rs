//! One round: all workers improve the best schedule side by side while the bound falls.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::Search;
use super::anneal::{Cooling, End, Menu, anneal};
use super::clock::Clock;
use super::moves::Walker;
use super::region::{Content, Region};
use super::state::State;
use crate::model::{Observer, Progress};

/// Between two looks at the workers.
const WATCH: Duration = Duration::from_millis(5);
/// For cooling down at once.
const SOON: Duration = Duration::from_secs(1);
/// Parts of a long round after which copies of the workers are cooled at once: what stands then can be kept and shown.
const SAMPLES: [f64; 2] = [0.5, 0.75];
/// Between two lines of progress, in seconds.
const TOLD: f64 = 0.5;

impl<'a> Search<'a, '_> {
    /// Equal work whatever the clock says, unless it runs out. `legs`: so many times in the round, all workers go
    /// on from the state of the best of them (Aldous and Vazirani 1994: go with the winners).
    pub(super) fn round(
        &mut self,
        cooling: Cooling,
        steps: usize,
        legs: u32,
        starts: Vec<Walker<'a>>,
        regions: &[Region],
    ) {
        let clock = &self.clock;
        let target = self.best.state.total;
        let shared = Shared::new(target, self.bound);
        let (relaxation, descent) = (&self.relaxation, &mut self.descent);
        let (best, workers) = (&mut self.best, self.workers);
        let mut watcher = Watcher {
            shared: &shared,
            bound: self.bound,
            clock,
            shown: clock.seconds(),
            observer: &mut *self.observer,
        };
        let round = Round { menu: &self.menu, cooling, clock, shared: &shared, started: clock.seconds() };
        std::thread::scope(|scope| {
            let lowered = scope.spawn(|| {
                relaxation.descend(descent, target, steps, 1, |bound| {
                    shared.bound.fetch_min(bound.max(0.0).to_bits(), Ordering::Relaxed);
                    !clock.over()
                })
            });
            if regions.is_empty() {
                let mut walkers = starts;
                walkers.resize_with(workers.max(walkers.len()), || best.fork());
                round.together(best, walkers, legs, &mut watcher);
            } else {
                let walkers = (0..workers).map(|_| best.fork()).collect();
                let changed = round.apart(&best.state, walkers, regions, &mut watcher);
                if !changed.is_empty() {
                    best.state.merge(&changed, regions);
                }
            }
            watcher.wait(|| lowered.is_finished(), || None);
        });
        self.best.seat_hard_cases();
        self.bound = self.bound.min(self.relaxation.rounded(self.descent.bound));
        self.tell("improve");
        self.hand_on();
    }

    /// Gives the best schedule to the observer, if that is due.
    fn hand_on(&mut self) {
        let state = &self.best.state;
        if self.observer.wants_best(state.total) {
            let (total, bound) = (Some(state.total), Some(self.bound));
            let now = Progress { phase: "improve", total, bound, seconds: self.clock.seconds() };
            self.observer.best(&state.schedule(), &now);
        }
    }
}

/// What the workers of a round need to know.
struct Round<'r, 'a> {
    menu: &'r Menu,
    cooling: Cooling,
    clock: &'r Clock,
    shared: &'r Shared<'a>,
    /// Seconds on the clock when it began.
    started: f64,
}

impl<'a> Round<'_, 'a> {
    /// All workers search the whole school, each on its own; `best` becomes the best schedule that any of them has.
    fn together(
        &self,
        best: &mut Walker<'a>,
        mut walkers: Vec<Walker<'a>>,
        legs: u32,
        watcher: &mut Watcher<'_, 'a>,
    ) {
        let Self { menu, clock, started, .. } = *self;
        let (cooling, seats) = self.cooling.parts();
        for leg in 0..legs {
            let part = cooling.leg(leg, legs, clock.seconds() - started);
            self.walk(&mut walkers, (menu, part), &best.state, watcher);
            if clock.over() {
                break;
            }
            // While it is hot, a total says little of what becomes of it.
            if leg >= legs / 2 {
                gather(&mut walkers);
            }
            if SAMPLES.contains(&(f64::from(leg) / f64::from(legs))) {
                let cold = cooling.sample(part.from, legs);
                let mut samples = walkers.clone();
                self.walk(&mut samples, (menu, cold), &best.state, watcher);
                self.transfer(&mut samples);
                keep(best, samples);
            }
        }
        if !clock.over() {
            let left =
                |time: Duration| time.saturating_sub(Duration::from_secs_f64(clock.seconds() - started));
            let seats = Cooling { time: self.cooling.time.map(left), ..seats };
            self.walk(&mut walkers, (&menu.of_seats(), seats), &best.state, watcher);
            self.transfer(&mut walkers);
        }
        if clock.stopped() {
            // Somebody waits for what has been found so far: only the best is cooled.
            gather(&mut walkers);
            walkers.truncate(1);
            let soon = Cooling { from: cooling.to, time: Some(SOON), end: End::Best, ..cooling };
            walkers.iter_mut().for_each(|walker| anneal(walker, menu, soon, |_| true));
        }
        keep(best, walkers);
    }

    /// What chance left of better seats.
    fn transfer(&self, walkers: &mut [Walker<'a>]) {
        std::thread::scope(|scope| {
            for walker in walkers {
                scope.spawn(|| walker.transfer(|| !self.clock.over()));
            }
        });
    }

    /// All workers go on side by side; `best` is what stands before.
    fn walk(
        &self,
        walkers: &mut [Walker<'a>],
        (menu, cooling): (&Menu, Cooling),
        best: &State<'a>,
        watcher: &mut Watcher<'_, 'a>,
    ) {
        let Self { clock, shared, .. } = *self;
        std::thread::scope(|scope| {
            let go_on = |state: &State<'a>| {
                // What is met on the way is not kept.
                if cooling.end != End::Open {
                    shared.raise(state.total);
                    shared.offer(state);
                }
                !clock.over()
            };
            let work = |walker| scope.spawn(move || anneal(walker, menu, cooling, go_on));
            let workers: Vec<_> = walkers.iter_mut().map(work).collect();
            watcher.wait(
                || workers.iter().all(|worker| worker.is_finished()),
                || if cooling.end == End::Open { Some(best.clone()) } else { shared.offered() },
            );
        });
    }

    /// Each worker searches its regions, one after another; `before`: the state before the round.
    fn apart(
        &self,
        before: &State<'a>,
        walkers: Vec<Walker<'a>>,
        regions: &[Region],
        watcher: &mut Watcher<'_, 'a>,
    ) -> Vec<Content> {
        let all = walkers.len();
        std::thread::scope(|scope| {
            let workers: Vec<_> = walkers
                .into_iter()
                .enumerate()
                .map(|(index, mut walker)| {
                    let part = regions.iter().skip(index).step_by(all).collect();
                    scope.spawn(move || self.visit(&mut walker, part))
                })
                .collect();
            watcher.wait(
                || workers.iter().all(|worker| worker.is_finished()),
                || self.shared.merged(before, regions),
            );
            workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
        })
    }

    /// Improves the regions one after another, and tells what they have become where that is better.
    fn visit(&self, walker: &mut Walker, regions: Vec<&Region>) -> Vec<Content> {
        let Self { menu, cooling, clock, shared, started } = *self;
        let all: f64 = regions.iter().map(|region| region.share).sum();
        let mut visited = 0.0;
        let mut changed = Vec::new();
        for region in regions {
            visited += region.share / all;
            let until = |time: Duration| {
                time.mul_f64(visited).saturating_sub(Duration::from_secs_f64(clock.seconds() - started))
            };
            let cooling = Cooling {
                moves: (cooling.moves as f64 * region.share) as u64,
                time: cooling.time.map(until),
                ..cooling
            };
            walker.state.enter(region);
            let before = walker.state.total;
            let stood = walker.state.content(region.site);
            let menu = menu.of_region(&region.students);
            let (main, seats) = cooling.parts();
            anneal(walker, &menu, main, |_| !clock.over());
            anneal(walker, &menu.of_seats(), seats, |_| !clock.over());
            walker.transfer(|| !clock.over());
            if walker.state.total > before {
                shared.add(walker.state.total - before);
                let now = walker.state.content(region.site);
                // A watcher that failed needs it no more.
                let _ = shared.changed.lock().map(|mut changed| changed.push(now.clone()));
                changed.push(now);
            } else {
                // What is not taken over must not make room for the next regions.
                walker.state.merge(&[stood], std::slice::from_ref(region));
            }
        }
        changed
    }
}

/// Puts all workers where the best of them is.
fn gather(walkers: &mut [Walker]) {
    let totals = walkers.iter().enumerate().map(|(index, walker)| (index, walker.state.total));
    let ahead = |a: (usize, f64), b: (usize, f64)| if b.1 > a.1 + 1e-9 { b } else { a };
    let Some((best, _)) = totals.reduce(ahead) else { return };
    for index in (0..walkers.len()).filter(|&index| index != best) {
        walkers[index].state = walkers[best].state.clone();
    }
}

/// `best` becomes the best of the walkers, if that is better.
fn keep<'a>(best: &mut Walker<'a>, walkers: Vec<Walker<'a>>) {
    for walker in walkers {
        if walker.state.total > best.state.total + 1e-9 {
            *best = walker;
        }
    }
}

/// Shows how far the workers are, and hands on what is to be kept.
struct Watcher<'r, 'a> {
    shared: &'r Shared<'a>,
    bound: f64,
    clock: &'r Clock,
    shown: f64,
    observer: &'r mut dyn Observer,
}

impl<'a> Watcher<'_, 'a> {
    fn wait(&mut self, done: impl Fn() -> bool, best: impl Fn() -> Option<State<'a>>) {
        while !done() {
            std::thread::sleep(WATCH);
            let mut now = Progress {
                phase: "improve",
                total: Some(f64::from_bits(self.shared.total.load(Ordering::Relaxed))),
                bound: Some(self.bound.min(f64::from_bits(self.shared.bound.load(Ordering::Relaxed)))),
                seconds: self.clock.seconds(),
            };
            if now.seconds > self.shown + TOLD {
                self.shown = now.seconds;
                self.observer.progress(&now);
            }
            if now.total.is_some_and(|total| self.observer.wants_best(total))
                && let Some(state) = best()
            {
                now.total = Some(state.total);
                self.observer.best(&state.schedule(), &now);
            }
        }
    }
}

/// What the workers of a round tell the watcher.
struct Shared<'a> {
    total: AtomicU64,
    bound: AtomicU64,
    /// Whether the watcher wants the best state.
    asked: AtomicBool,
    /// The best state since it was asked for, if it is better than that before the round.
    offered: Mutex<Option<State<'a>>>,
    before: f64,
    /// What regions have become until now.
    changed: Mutex<Vec<Content>>,
}

impl<'a> Shared<'a> {
    fn new(total: f64, bound: f64) -> Self {
        Self {
            total: AtomicU64::new(total.to_bits()),
            bound: AtomicU64::new(bound.to_bits()),
            asked: AtomicBool::new(false),
            offered: Mutex::new(None),
            before: total,
            changed: Mutex::default(),
        }
    }

    fn add(&self, gain: f64) {
        let more = |now: u64| Some((f64::from_bits(now) + gain).to_bits());
        // Never fails: there is always a sum.
        let _ = self.total.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    fn raise(&self, total: f64) {
        let higher = |now: u64| (total > f64::from_bits(now)).then_some(total.to_bits());
        // Nothing to do where another worker is ahead.
        let _ = self.total.fetch_update(Ordering::Relaxed, Ordering::Relaxed, higher);
    }

    /// Leaves a copy for the watcher if it waits for one and has none as good.
    fn offer(&self, state: &State<'a>) {
        if !self.asked.load(Ordering::Relaxed) || state.total <= self.before {
            return;
        }
        let Ok(mut offered) = self.offered.lock() else { return };
        if offered.as_ref().is_none_or(|other| other.total < state.total) {
            *offered = Some(state.clone());
        }
    }

    /// The best state until now, if any is better than that before the round. Workers are only asked for it at
    /// first: it is there at one of the next looks.
    fn offered(&self) -> Option<State<'a>> {
        if !self.asked.swap(true, Ordering::Relaxed) {
            return None;
        }
        let state = self.offered.lock().ok()?.take()?;
        self.asked.store(false, Ordering::Relaxed);
        Some(state)
    }

    /// The state before the round with what regions have become until now.
    fn merged(&self, before: &State<'a>, regions: &[Region]) -> Option<State<'a>> {
        let changed = self.changed.lock().ok()?;
        let mut state = before.clone();
        state.merge(&changed, regions);
        Some(state)
    }
}
