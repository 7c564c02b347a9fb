//! One round of the search: all workers side by side, and meanwhile a bound.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::Search;
use super::anneal::{Cooling, Menu, anneal};
use super::clock::Clock;
use super::moves::Walker;
use super::region::{Changed, Region};
use super::state::State;
use crate::model::Progress;

/// Between two looks at the workers.
const WATCH: Duration = Duration::from_millis(20);

impl<'a> Search<'a, '_> {
    /// All workers improve the best schedule, each on its own, while the bound falls; the best of them goes
    /// on. Equal work whatever the clock says, unless it runs out.
    pub(super) fn round(&mut self, cooling: Cooling, steps: usize, regions: &[Region]) {
        let clock = &self.clock;
        let target = self.best.state.total;
        let shared = Shared::new(target, self.bound);
        let (menu, relaxation, descent) = (&self.menu, &self.relaxation, &mut self.descent);
        let bound = self.bound;
        let mut walkers: Vec<Walker> = (0..self.workers).map(|_| self.best.fork()).collect();
        let (observer, best) = (&mut *self.observer, &self.best.state);
        let all_workers = walkers.len();
        let (walkers, changed): (Vec<Walker>, Vec<Vec<Changed>>) = std::thread::scope(|scope| {
            let lowered = scope.spawn(|| {
                relaxation.descend(descent, target, steps, 1, |bound| {
                    shared.bound.fetch_min(bound.max(0.0).to_bits(), Ordering::Relaxed);
                    !clock.over()
                })
            });
            let workers: Vec<_> = walkers
                .drain(..)
                .enumerate()
                .map(|(index, mut walker)| {
                    let shared = &shared;
                    // Every further worker starts cooler: one looks wide, the others close by.
                    let from = (cooling.from * 0.3f64.powi(index as i32)).max(cooling.to * 2.0);
                    let part = regions.iter().skip(index).step_by(all_workers);
                    scope.spawn(move || {
                        if !regions.is_empty() {
                            let changed = visit(&mut walker, menu, cooling, part.collect(), (clock, shared));
                            return (walker, changed);
                        }
                        anneal(&mut walker, menu, Cooling { from, ..cooling }, |state| {
                            shared.raise(state.total);
                            shared.offer(state);
                            !clock.over()
                        });
                        (walker, Vec::new())
                    })
                })
                .collect();
            let mut shown = clock.seconds();
            while !(workers.iter().all(|worker| worker.is_finished()) && lowered.is_finished()) {
                std::thread::sleep(WATCH);
                let mut now = Progress {
                    phase: "improve",
                    total: Some(f64::from_bits(shared.total.load(Ordering::Relaxed))),
                    bound: Some(bound.min(f64::from_bits(shared.bound.load(Ordering::Relaxed)))),
                    seconds: clock.seconds(),
                };
                if now.seconds > shown + 0.5 {
                    shown = now.seconds;
                    observer.progress(&now);
                }
                if now.total.is_some_and(|total| observer.wants_best(total))
                    && let Some(state) = shared.best(best, regions)
                {
                    now.total = Some(state.total);
                    observer.best(&state.schedule(), &now);
                }
            }
            workers.into_iter().filter_map(|worker| worker.join().ok()).unzip()
        });
        let changed: Vec<Changed> = changed.into_iter().flatten().collect();
        if !changed.is_empty() {
            self.best.state.merge(&changed, regions);
        }
        for walker in walkers.into_iter().filter(|_| regions.is_empty()) {
            if walker.state.total > self.best.state.total + 1e-9 {
                self.best = walker;
            }
        }
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

/// Improves the regions one after another, and tells what they have become where that is better.
fn visit(
    walker: &mut Walker,
    menu: &Menu,
    cooling: Cooling,
    regions: Vec<&Region>,
    (clock, shared): (&Clock, &Shared<'_>),
) -> Vec<Changed> {
    let started = clock.seconds();
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
        anneal(walker, &menu.of_region(&region.students), cooling, |_| !clock.over());
        if walker.state.total > before {
            shared.add(walker.state.total - before);
            let now = walker.state.changed(region.site);
            // A watcher that failed needs it no more.
            let _ = shared.changed.lock().map(|mut changed| changed.push(now.clone()));
            changed.push(now);
        }
    }
    changed
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
    changed: Mutex<Vec<Changed>>,
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

    /// The best state until now, if any is better than `before`, that before the round. Workers are only asked for it
    /// at first: it is there at one of the next looks.
    fn best(&self, before: &State<'a>, regions: &[Region]) -> Option<State<'a>> {
        if regions.is_empty() {
            if !self.asked.swap(true, Ordering::Relaxed) {
                return None;
            }
            let state = self.offered.lock().ok()?.take()?;
            self.asked.store(false, Ordering::Relaxed);
            return Some(state);
        }
        let changed = self.changed.lock().ok()?;
        let mut state = before.clone();
        state.merge(&changed, regions);
        Some(state)
    }
}
