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
    pub(super) fn round(&mut self, cooling: Cooling, steps: usize, legs: u32, regions: &[Region]) {
        let clock = &self.clock;
        let target = self.best.state.total;
        let shared =
            Shared { total: AtomicU64::new(target.to_bits()), bound: AtomicU64::new(self.bound.to_bits()) };
        let (menu, relaxation, descent) = (&self.menu, &self.relaxation, &mut self.descent);
        let (best, all_workers) = (&mut self.best, self.workers);
        let mut watcher = Watcher {
            shared: &shared,
            bound: self.bound,
            clock,
            shown: clock.seconds(),
            observer: &mut *self.observer,
        };
        let started = clock.seconds();
        std::thread::scope(|scope| {
            let lowered = scope.spawn(|| {
                relaxation.descend(descent, target, steps, 1, |bound| {
                    shared.bound.fetch_min(bound.max(0.0).to_bits(), Ordering::Relaxed);
                    !clock.over()
                })
            });
            if regions.is_empty() {
                let mut leader = best.fork();
                for leg in 0..legs {
                    let cooling = cooling.leg(leg, legs, clock.seconds() - started);
                    let workers: Vec<_> = (0..all_workers)
                        .map(|_| {
                            let (mut walker, shared) = (leader.fork(), &shared);
                            scope.spawn(move || {
                                anneal(&mut walker, menu, cooling, |total| {
                                    // What is met on the way is not kept.
                                    if cooling.end != End::Open {
                                        shared.raise(total);
                                    }
                                    !clock.over()
                                });
                                walker
                            })
                        })
                        .collect();
                    watcher.wait(|| workers.iter().all(|worker| worker.is_finished()));
                    let walkers = workers.into_iter().filter_map(|worker| worker.join().ok());
                    let ahead = |a: Walker<'a>, b: Walker<'a>| {
                        if b.state.total > a.state.total + 1e-9 { b } else { a }
                    };
                    leader = walkers.reduce(ahead).unwrap_or(leader);
                    if clock.over() {
                        break;
                    }
                }
                if clock.stopped() {
                    // Somebody waits for what has been found so far.
                    let soon = Cooling { from: cooling.to, time: Some(SOON), end: End::Best, ..cooling };
                    anneal(&mut leader, menu, soon, |_| true);
                }
                if leader.state.total > best.state.total + 1e-9 {
                    *best = leader;
                }
            } else {
                let workers: Vec<_> = (0..all_workers)
                    .map(|index| {
                        let (mut walker, shared) = (best.fork(), &shared);
                        let part = regions.iter().skip(index).step_by(all_workers).collect();
                        scope.spawn(move || visit(&mut walker, menu, cooling, part, (clock, shared)))
                    })
                    .collect();
                watcher.wait(|| workers.iter().all(|worker| worker.is_finished()));
                let changed: Vec<Changed> =
                    workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect();
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

/// Improves the regions one after another, and tells what they have become where that is better.
fn visit(
    walker: &mut Walker,
    menu: &Menu,
    cooling: Cooling,
    regions: Vec<&Region>,
    (clock, shared): (&Clock, &Shared),
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
            changed.push(walker.state.changed(region.site));
        }
    }
    changed
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
