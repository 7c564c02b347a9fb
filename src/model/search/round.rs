//! One round: all workers improve the best schedule side by side while the bound falls.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::Search;
use super::anneal::{Cooling, End, Menu, anneal};
use super::clock::Clock;
use super::moves::Walker;
use super::region::{Changed, Region};
use crate::model::{Observer, Progress};

/// Between two looks at the workers.
const WATCH: Duration = Duration::from_millis(5);
/// For cooling down at once.
const SOON: Duration = Duration::from_secs(1);
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
        let shared =
            Shared { total: AtomicU64::new(target.to_bits()), bound: AtomicU64::new(self.bound.to_bits()) };
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
                let leader = round.together(walkers, legs, &mut watcher);
                if let Some(leader) = leader.filter(|leader| leader.state.total > best.state.total + 1e-9) {
                    *best = leader;
                }
            } else {
                let walkers = (0..workers).map(|_| best.fork()).collect();
                let changed = round.apart(walkers, regions, &mut watcher);
                if !changed.is_empty() {
                    best.state.merge(&changed, regions);
                }
            }
            watcher.wait(|| lowered.is_finished());
        });
        self.best.seat_hard_cases();
        self.bound = self.bound.min(self.relaxation.rounded(self.descent.bound));
        self.tell("improve");
    }
}

/// What the workers of a round need to know.
struct Round<'r> {
    menu: &'r Menu,
    cooling: Cooling,
    clock: &'r Clock,
    shared: &'r Shared,
    /// Seconds on the clock when it began.
    started: f64,
}

impl Round<'_> {
    /// All workers search the whole school, each on its own; the best of them is returned.
    fn together<'a>(
        &self,
        mut walkers: Vec<Walker<'a>>,
        legs: u32,
        watcher: &mut Watcher,
    ) -> Option<Walker<'a>> {
        let Self { menu, cooling, clock, shared, started } = *self;
        for leg in 0..legs {
            let cooling = cooling.leg(leg, legs, clock.seconds() - started);
            std::thread::scope(|scope| {
                let go_on = |total| {
                    // What is met on the way is not kept.
                    if cooling.end != End::Open {
                        shared.raise(total);
                    }
                    !clock.over()
                };
                let work = |walker| scope.spawn(move || anneal(walker, menu, cooling, go_on));
                let workers: Vec<_> = walkers.iter_mut().map(work).collect();
                watcher.wait(|| workers.iter().all(|worker| worker.is_finished()));
            });
            if clock.over() {
                break;
            }
            // While it is hot, a total says little of what becomes of it.
            if leg >= legs / 2 {
                gather(&mut walkers);
            }
        }
        gather(&mut walkers);
        let mut leader = walkers.into_iter().next()?;
        if clock.stopped() {
            // Somebody waits for what has been found so far.
            let soon = Cooling { from: cooling.to, time: Some(SOON), end: End::Best, ..cooling };
            anneal(&mut leader, menu, soon, |_| true);
        }
        Some(leader)
    }

    /// Each worker searches its regions, one after another.
    fn apart(&self, walkers: Vec<Walker>, regions: &[Region], watcher: &mut Watcher) -> Vec<Changed> {
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
            watcher.wait(|| workers.iter().all(|worker| worker.is_finished()));
            workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
        })
    }

    /// Improves the regions one after another, and tells what they have become where that is better.
    fn visit(&self, walker: &mut Walker, regions: Vec<&Region>) -> Vec<Changed> {
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
            anneal(walker, &menu.of_region(&region.students), cooling, |_| !clock.over());
            if walker.state.total > before {
                shared.add(walker.state.total - before);
                changed.push(walker.state.changed(region.site));
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

/// Shows how far the workers are.
struct Watcher<'r> {
    shared: &'r Shared,
    bound: f64,
    clock: &'r Clock,
    shown: f64,
    observer: &'r mut dyn Observer,
}

impl Watcher<'_> {
    fn wait(&mut self, done: impl Fn() -> bool) {
        while !done() {
            std::thread::sleep(WATCH);
            let seconds = self.clock.seconds();
            if seconds > self.shown + TOLD {
                self.shown = seconds;
                self.observer.progress(&Progress {
                    phase: "improve",
                    total: Some(f64::from_bits(self.shared.total.load(Ordering::Relaxed))),
                    bound: Some(self.bound.min(f64::from_bits(self.shared.bound.load(Ordering::Relaxed)))),
                    seconds,
                });
            }
        }
    }
}

/// What the workers of a round tell the watcher.
struct Shared {
    total: AtomicU64,
    bound: AtomicU64,
}

impl Shared {
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
}
