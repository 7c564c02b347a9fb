//! One round: all workers improve the best schedule side by side while the bound falls.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use super::anneal::{Cooling, End, MoveMix, anneal};
use super::clock::Clock;
use super::moves::Worker;
use super::region::{self, Content, Region};
use super::state::State;
use super::{Priced, Search};
use crate::model::observer::{Observer, Progress};

/// Between two looks at the workers.
const WATCH: Duration = Duration::from_millis(5);
/// For cooling down at once.
const SOON: Duration = Duration::from_secs(1);
/// Parts of a long round after which copies of the workers are cooled at once: what stands then can be kept and shown.
const SAMPLES: [f64; 2] = [0.5, 0.75];
/// Legs of a round in which every site is searched by itself, before the one for seats.
const LEGS_APART: u32 = 8;
/// Part of such a round in which the whole school is searched at last, and the temperature at which that starts, in
/// those at which the round ends.
const WHOLE: f64 = 0.2;
const WHOLE_FROM: f64 = 4.0;
/// Students of a school from which its first sessions are constructed.
const CONSTRUCTED: usize = 1_000;
/// Between two lines of progress, in seconds.
const PROGRESS_EVERY: f64 = 0.5;

impl<'a> Search<'a, '_> {
    /// Equal work whatever the clock says, unless it runs out. `apart`: every site by itself.
    pub(super) fn round(
        &mut self,
        cooling: Cooling,
        steps: usize,
        legs: u32,
        starts: Vec<Worker<'a>>,
        apart: bool,
    ) {
        let clock = &self.clock;
        let target = self.best.state.total;
        let shared = Shared::new(target, self.bound);
        let priced = self.priced.as_mut();
        let (best, workers) = (&mut self.best, self.workers);
        let mut watcher = Watcher {
            shared: &shared,
            bound: self.bound,
            clock,
            shown: clock.seconds(),
            observer: &mut *self.observer,
        };
        // Smaller schools have a schedule as good as soon from chance alone, and go further from there.
        let constructed = legs == 1 && best.state.x.school.students.len() >= CONSTRUCTED;
        let started = clock.seconds();
        let round = Round { mix: &self.mix, cooling, clock, shared: &shared, started, constructed };
        std::thread::scope(|scope| {
            let shared = &shared;
            let lowered = priced.map(|Priced { relaxation, dual, .. }| {
                scope.spawn(move || {
                    relaxation.descend(dual, target, steps, 1, |bound| {
                        shared.lower(bound);
                        !clock.over() && !shared.proven()
                    })
                })
            });
            if apart {
                round.apart(best, workers, &mut watcher);
            } else {
                if constructed {
                    best.construct(|| !clock.over());
                }
                let mut peers = starts;
                peers.resize_with(workers.max(peers.len()), || best.fork());
                round.together(best, peers, legs, &mut watcher);
            }
            watcher.wait(|| lowered.as_ref().is_none_or(ScopedJoinHandle::is_finished), || None);
        });
        self.best.seat_hard_cases();
        self.bound = self.priced.iter().map(Priced::bound).fold(self.bound, f64::min);
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
    mix: &'r MoveMix,
    cooling: Cooling,
    clock: &'r Clock,
    shared: &'r Shared<'a>,
    /// Seconds on the clock when it began.
    started: f64,
    /// Whether it begins with sessions constructed for open needs.
    constructed: bool,
}

impl<'a> Round<'_, 'a> {
    /// All workers search the whole school, each on its own; `best` becomes the best schedule that any of them has.
    /// `legs`: so many times in the round, all go on from the state of the best of them (Aldous and Vazirani 1994: go
    /// with the winners).
    fn together(
        &self,
        best: &mut Worker<'a>,
        mut peers: Vec<Worker<'a>>,
        legs: u32,
        watcher: &mut Watcher<'_, 'a>,
    ) {
        let Self { mix, clock, started, .. } = *self;
        let (cooling, seats) = self.cooling.parts();
        let late = clock.over();
        for leg in 0..legs {
            let part = cooling.leg(leg, legs, clock.seconds() - started);
            self.walk(&mut peers, (mix, part), best, watcher);
            // What is proven to be the best is what the run ends with, whenever the proof came.
            if clock.over() || self.shared.proven() {
                break;
            }
            // While it is hot, a total says little of what becomes of it.
            if leg >= legs / 2 {
                gather(&mut peers);
            }
            if SAMPLES.contains(&(f64::from(leg) / f64::from(legs))) {
                let cold = cooling.sample(part.from, legs);
                let mut samples = peers.clone();
                self.walk(&mut samples, (mix, cold), best, watcher);
                self.keep(best, samples);
            }
        }
        if !clock.over() && !self.shared.proven() {
            self.polish(&mut peers, |worker| worker.exchange_leads(|| !clock.over()));
            let left =
                |time: Duration| time.saturating_sub(Duration::from_secs_f64(clock.seconds() - started));
            let seats = Cooling { time: self.cooling.time.map(left), ..seats };
            self.walk(&mut peers, (&mix.of_seats(), seats), best, watcher);
            self.polish(&mut peers, |worker| {
                worker.exchange_leads(|| !clock.over());
                worker.transfer(|| !clock.over());
            });
        }
        if clock.stopped() || late {
            // Somebody waits for what has been found so far: only the best is cooled. Where an engine that did not end took
            // all the time, this is all the search there is.
            gather(&mut peers);
            peers.truncate(1);
            let soon = Cooling { from: cooling.to, time: Some(SOON), end: End::Best, ..cooling };
            peers.iter_mut().for_each(|worker| _ = anneal(worker, mix, soon, f64::INFINITY, |_| true));
        }
        self.keep(best, peers);
    }

    /// `best` becomes the best of the peers, if that is better.
    fn keep(&self, best: &mut Worker<'a>, peers: Vec<Worker<'a>>) {
        for worker in peers {
            if worker.state.total > best.state.total + 1e-9 {
                *best = worker;
            }
        }
        self.shared.raise(best.state.total);
    }

    /// What chance left of better leads and seats, for each of the peers.
    fn polish(&self, peers: &mut [Worker<'a>], step: impl Fn(&mut Worker<'a>) + Sync) {
        std::thread::scope(|scope| {
            for worker in peers {
                scope.spawn(|| step(worker));
            }
        });
    }

    /// All workers go on side by side; `best` becomes the best state that they meet, if that is better.
    fn walk(
        &self,
        peers: &mut [Worker<'a>],
        (mix, cooling): (&MoveMix, Cooling),
        best: &mut Worker<'a>,
        watcher: &mut Watcher<'_, 'a>,
    ) {
        let Self { clock, shared, .. } = *self;
        let before = best.state.total;
        let met = std::thread::scope(|scope| {
            let go_on = |state: &State<'a>| {
                if cooling.end != End::Open {
                    shared.raise(state.total);
                    shared.offer(state);
                }
                !clock.over()
            };
            let work = |worker| scope.spawn(move || anneal(worker, mix, cooling, before, go_on));
            let workers: Vec<_> = peers.iter_mut().map(work).collect();
            watcher.wait(
                || workers.iter().all(|worker| worker.is_finished()),
                || if cooling.end == End::Open { Some(best.state.clone()) } else { shared.offered() },
            );
            workers.into_iter().filter_map(|worker| worker.join().ok().flatten()).collect::<Vec<_>>()
        });
        for state in met {
            if state.total > best.state.total + 1e-9 {
                best.state = state;
            }
        }
        shared.raise(best.state.total);
    }

    /// Every region is searched by one worker; `best` becomes the best schedule that they make together. What sites
    /// share is handed out anew for every leg, and all go on from what the regions have become, better or worse.
    fn apart(&self, best: &mut Worker<'a>, workers: usize, watcher: &mut Watcher<'_, 'a>) {
        let Self { mix, clock, started, shared, .. } = *self;
        let by_site = self.cooling.part(1.0 - WHOLE);
        let (main, seats) = by_site.parts();
        let seats_menu = mix.of_seats();
        let mut now = best.fork();
        for leg in 0..=LEGS_APART {
            let elapsed = clock.seconds() - started;
            let left = |time: Duration| time.saturating_sub(Duration::from_secs_f64(elapsed));
            let (mix, cooling) = match leg < LEGS_APART {
                true => (mix, main.leg(leg, LEGS_APART, elapsed)),
                false => (&seats_menu, Cooling { time: by_site.time.map(left), ..seats }),
            };
            let regions = region::regions(&mut now);
            let peers: Vec<Worker> = (0..workers).map(|_| now.fork()).collect();
            shared.begin(now.state.total);
            let contents = std::thread::scope(|scope| {
                let visits: Vec<_> = peers
                    .into_iter()
                    .enumerate()
                    .map(|(index, worker)| {
                        let first = (index + leg as usize) % workers;
                        let part = regions.iter().skip(first).step_by(workers).collect();
                        scope.spawn(move || {
                            self.visit(worker, part, mix, cooling, self.constructed && leg == 0)
                        })
                    })
                    .collect();
                watcher.wait(
                    || visits.iter().all(|visit| visit.is_finished()),
                    || Some(shared.merged(&now.state, &regions).unwrap_or_else(|| best.state.clone())),
                );
                visits.into_iter().filter_map(|visit| visit.join().ok()).flatten().collect::<Vec<_>>()
            });
            now.state.merge(&contents, &regions);
            if now.state.total > best.state.total + 1e-9 {
                best.state = now.state.clone();
                shared.raise(best.state.total);
            }
            if clock.over() || shared.proven() {
                return;
            }
        }
        // What sites share was handed out by chance: at last all of it is for everybody.
        let elapsed = clock.seconds() - started;
        let left = |time: Duration| time.saturating_sub(Duration::from_secs_f64(elapsed));
        let last = Cooling {
            from: main.to * WHOLE_FROM,
            to: main.to,
            moves: (self.cooling.moves as f64 * WHOLE) as u64,
            time: self.cooling.time.map(left),
            end: End::Best,
        };
        let mut peers: Vec<Worker> = (0..workers).map(|_| best.fork()).collect();
        self.walk(&mut peers, (mix, last), best, watcher);
        self.keep(best, peers);
    }

    /// Searches the regions one after another, and tells what they have become. The last leg and one that is cut short
    /// leave a region as it was unless it is better.
    fn visit(
        &self,
        mut worker: Worker,
        regions: Vec<&Region>,
        mix: &MoveMix,
        cooling: Cooling,
        constructed: bool,
    ) -> Vec<Content> {
        let Self { clock, shared, .. } = *self;
        let began = clock.seconds();
        let all: f64 = regions.iter().map(|region| region.share).sum();
        let mut visited = 0.0;
        let mut contents = Vec::with_capacity(regions.len());
        for region in regions {
            visited += region.share / all;
            let until = |time: Duration| {
                time.mul_f64(visited).saturating_sub(Duration::from_secs_f64(clock.seconds() - began))
            };
            let cooling = Cooling {
                moves: (cooling.moves as f64 * region.share) as u64,
                time: cooling.time.map(until),
                ..cooling
            };
            worker.state.enter(region);
            let before = worker.state.total;
            let stood = worker.state.content(region.site);
            if constructed {
                worker.construct(|| !clock.over());
            }
            anneal(&mut worker, &mix.of_region(&region.students), cooling, f64::INFINITY, |_| !clock.over());
            if cooling.end != End::Open {
                worker.exchange_leads(|| !clock.over());
                worker.transfer(|| !clock.over());
            }
            let gain = worker.state.total - before;
            if gain > 0.0 || (cooling.end == End::Open && !clock.over()) {
                let now = worker.state.content(region.site);
                shared.add(gain, now.clone());
                contents.push(now);
            } else {
                // What is not taken over must not make room for the next regions.
                worker.state.merge(&[stood], std::slice::from_ref(region));
            }
        }
        contents
    }
}

/// Puts all workers where the best of them is.
fn gather(peers: &mut [Worker]) {
    let totals = peers.iter().enumerate().map(|(index, worker)| (index, worker.state.total));
    let ahead = |a: (usize, f64), b: (usize, f64)| if b.1 > a.1 + 1e-9 { b } else { a };
    let Some((best, _)) = totals.reduce(ahead) else { return };
    for index in (0..peers.len()).filter(|&index| index != best) {
        peers[index].state = peers[best].state.clone();
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
            if now.seconds > self.shown + PROGRESS_EVERY {
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

/// What the workers of a round report to the watcher.
struct Shared<'a> {
    total: AtomicU64,
    bound: AtomicU64,
    /// Whether the watcher wants the best state.
    asked: AtomicBool,
    /// The best state since it was asked for, if it is better than that before the round.
    offered: Mutex<Option<State<'a>>>,
    before: f64,
    /// The total before the leg with the gains of the regions visited by now, and what these have become.
    visited: Mutex<(f64, Vec<Content>)>,
}

impl<'a> Shared<'a> {
    fn new(total: f64, bound: f64) -> Self {
        Self {
            total: AtomicU64::new(total.to_bits()),
            bound: AtomicU64::new(bound.to_bits()),
            asked: AtomicBool::new(false),
            offered: Mutex::new(None),
            before: total,
            visited: Mutex::default(),
        }
    }

    /// Regions set out from a state with this total.
    fn begin(&self, total: f64) {
        // Nobody panics while it is held.
        *self.visited.lock().unwrap_or_else(PoisonError::into_inner) = (total, Vec::new());
    }

    /// A worker goes on with what a region has become, which gains so much. Those it visits later may need all of them.
    fn add(&self, gain: f64, content: Content) {
        let mut visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner);
        visited.0 += gain;
        visited.1.push(content);
        self.raise(visited.0);
    }

    fn lower(&self, bound: f64) {
        let lower = |now: u64| (bound < f64::from_bits(now)).then_some(bound.to_bits());
        let _ = self.bound.fetch_update(Ordering::Relaxed, Ordering::Relaxed, lower);
    }

    /// Whether the best total is as high as the bound: nothing can be won any more.
    fn proven(&self) -> bool {
        let [total, bound] =
            [&self.total, &self.bound].map(|number| f64::from_bits(number.load(Ordering::Relaxed)));
        bound - total <= 1e-9 * total.abs().max(1.0)
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

    /// The state before with what regions have become by now, if that is the best of all.
    fn merged(&self, before: &State<'a>, regions: &[Region]) -> Option<State<'a>> {
        let visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner);
        if visited.0 < f64::from_bits(self.total.load(Ordering::Relaxed)) - 1e-6 {
            return None;
        }
        let mut state = before.clone();
        state.merge(&visited.1, regions);
        Some(state)
    }
}
