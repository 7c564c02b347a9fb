//! Simulated annealing over the moves: a worse schedule is kept with probability exp(loss / temperature),
//! the temperature falling geometrically (Kirkpatrick, Gelatt and Vecchi 1983).

use std::time::{Duration, Instant};

use super::moves::Worker;
use super::state::State;

/// How far and how fast one round cools.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cooling {
    /// Temperatures in units of the objective.
    pub from: f64,
    pub to: f64,
    /// Moves tried in the round.
    pub moves: u64,
    /// Time for the round: where it is too short for all moves, the round cools faster.
    pub time: Option<Duration>,
    pub end: End,
}

/// How a round or a leg of it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// In the best state met.
    Best,
    /// Without any temperature, where its state is good enough.
    Cold,
    /// Wherever it is: a leg goes on from there.
    Open,
}

impl Cooling {
    /// The same temperatures with a share of the moves and the time.
    pub fn part(self, share: f64) -> Self {
        Self {
            moves: (self.moves as f64 * share) as u64,
            time: self.time.map(|time| time.mul_f64(share)),
            ..self
        }
    }

    /// The part of the round in which everything may change, and the last one, for seats only.
    pub fn parts(self) -> (Self, Self) {
        let part = |share: f64| self.part(share);
        let end = if self.end == End::Cold { End::Open } else { self.end };
        let seats = Self { from: self.to * SEATS_FROM, to: self.to * SEATS_TO, ..part(SEATS) };
        (Self { end, ..part(1.0 - SEATS) }, seats)
    }

    /// A fraction of one of `legs` parts, from a temperature within the round down to where the round ends.
    pub fn sample(self, from: f64, legs: u32) -> Self {
        let parts = legs * SAMPLE;
        let (moves, time) = (self.moves / u64::from(parts), self.time.map(|time| time / parts));
        Self { from, moves, time, end: End::Best, ..self }
    }

    /// One of `legs` equal parts, the first is 0; `elapsed` seconds since the first began. What took time between is
    /// shared by all that follow: a leg passed over would be a leap in temperature.
    pub fn leg(self, leg: u32, legs: u32, elapsed: f64) -> Self {
        let at = |leg: u32| self.from * (self.to / self.from).powf(f64::from(leg) / f64::from(legs));
        let until = |time: Duration| time.saturating_sub(Duration::from_secs_f64(elapsed)) / (legs - leg);
        Self {
            from: at(leg),
            to: at(leg + 1),
            moves: self.moves / u64::from(legs),
            time: self.time.map(until),
            end: if leg + 1 == legs { self.end } else { End::Open },
        }
    }
}

/// The last part of a round seats students only, colder than the rest of it: parts of its moves or time, and of
/// the temperature at which the rest ends.
const SEATS: f64 = 0.1;
const SEATS_FROM: f64 = 0.8;
const SEATS_TO: f64 = 0.2;

/// So many samples are as long as one leg.
const SAMPLE: u32 = 4;

/// Last part of a round that keeps no best state: nothing worse is taken any more.
const QUENCH: f64 = 0.05;

/// Moves between two looks at the clock and two changes of temperature.
const STRIDE: u64 = 256;

/// The shares in proportion, of 1 in all.
fn whole(mut shares: Vec<(Move, f64)>) -> Vec<(Move, f64)> {
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    shares.iter_mut().for_each(|(_, share)| *share /= sum);
    shares
}

/// Which moves a school has any use for, with the share of each.
#[derive(Clone, Debug)]
pub struct MoveMix {
    shares: Vec<(Move, f64)>,
    /// Students with a least presence.
    present: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    SeatOpenNeed,
    Reseat,
    SwapAttendances,
    RunSession,
    Reschedule,
    CloseSession,
    ChangeLead,
    Attract,
    AddAssistant,
    RunStudy,
    ChangeMeeting,
    ChangeCoach,
    ChangeGroup,
    OpenGroup,
    EndGroup,
    ChangeHolder,
}

impl MoveMix {
    /// What seats students in sessions that stay as they are.
    pub fn of_seats(&self) -> Self {
        let shares = [
            (Move::SeatOpenNeed, 0.02),
            (Move::Reseat, 0.15),
            (Move::SwapAttendances, 0.3),
            (Move::Attract, 0.06),
        ];
        let useful = |&(kind, _): &(Move, f64)| self.shares.iter().any(|&(other, _)| other == kind);
        Self { shares: whole(shares.into_iter().filter(useful).collect()), present: self.present.clone() }
    }

    /// The mix of a region: what concerns the whole school is left out.
    pub fn of_region(&self, students: &[u32]) -> Self {
        let here = |i: &u32| students.binary_search(i).is_ok();
        let mut mix = self.only(|kind| kind != Move::ChangeHolder);
        mix.present.retain(here);
        mix
    }

    pub fn new(state: &State) -> Self {
        let x = state.x;
        let present: Vec<u32> = match x.school.presence.fill {
            crate::school::Fill::Study if !x.sets.supervisors.is_empty() => {
                (0..x.presence.len() as u32).filter(|&i| x.presence[i as usize] > 0).collect()
            }
            _ => Vec::new(),
        };
        let grouped = !state.groups.is_empty();
        let leads_differ = x.school.counts_units()
            || x.wishes.is_some()
            || x.school.staff.iter().any(|s| !s.likes.is_empty());
        let assisted = x.assisted.contains(&true)
            || (x.wishes.is_some() && x.school.offerings.iter().any(|o| o.assistants > 0));
        let wanted = [
            (Move::SeatOpenNeed, 0.06, true),
            (Move::Reseat, 0.15, true),
            (Move::SwapAttendances, 0.15, true),
            (Move::RunSession, 0.12, true),
            (Move::Reschedule, 0.14, true),
            (Move::CloseSession, 0.01, true),
            (Move::ChangeLead, 0.04, leads_differ),
            (Move::Attract, 0.02, leads_differ),
            (Move::AddAssistant, 0.02, assisted),
            (Move::RunStudy, 0.02, !present.is_empty()),
            (Move::ChangeMeeting, 0.10, grouped),
            (Move::ChangeCoach, 0.003, grouped),
            (Move::ChangeGroup, 0.003, grouped),
            (Move::OpenGroup, 0.0005, grouped),
            (Move::EndGroup, 0.0005, grouped),
            (Move::ChangeHolder, 0.001, !state.holders.is_empty()),
        ];
        let useful = wanted.into_iter().filter(|&(_, _, useful)| useful);
        Self { shares: whole(useful.map(|(kind, share, _)| (kind, share)).collect()), present }
    }

    fn only(&self, wanted: impl Fn(Move) -> bool) -> Self {
        let shares = self.shares.iter().copied().filter(|&(kind, _)| wanted(kind)).collect();
        Self { shares: whole(shares), present: self.present.clone() }
    }

    /// `at`: from 0 to 1.
    fn pick(&self, at: f64) -> Move {
        let mut left = at;
        let chosen = self.shares.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        chosen.map_or(Move::SeatOpenNeed, |&(kind, _)| kind)
    }

    /// Moves of groups stay cool: what they gain is small beside a session, and hard to find again.
    fn temperature(&self, kind: Move) -> f64 {
        match kind {
            Move::ChangeGroup
            | Move::OpenGroup
            | Move::EndGroup
            | Move::ChangeCoach
            | Move::ChangeMeeting => 0.02,
            _ => 1.0,
        }
    }
}

/// Runs one leg from the worker's state. `go_on` is asked now and then with the best state so far. Gives the first
/// of the best states met on the way with a total above `beat`, wherever the worker ends.
pub fn anneal<'a>(
    worker: &mut Worker<'a>,
    mix: &MoveMix,
    cooling: Cooling,
    beat: f64,
    mut go_on: impl FnMut(&State<'a>) -> bool,
) -> Option<State<'a>> {
    let started = Instant::now();
    let mut best = (cooling.end == End::Best).then(|| worker.state.clone());
    let mut least = best.as_ref().map_or(beat, |best| best.total);
    let strides = cooling.moves.div_ceil(STRIDE).max(1);
    // Copying a state costs about a move a student; spread so that it stays cheap.
    let between = (worker.state.met.len() as u64 / STRIDE).max(1);
    let mut saved = 0;
    for stride in 0..strides {
        let hurry =
            cooling.time.map_or(0.0, |time| started.elapsed().as_secs_f64() / time.as_secs_f64().max(1e-3));
        let done = (stride as f64 / strides as f64).max(hurry);
        if done >= 1.0 {
            break;
        }
        let quenched = cooling.end == End::Cold && done > 1.0 - QUENCH;
        let temperature = match quenched {
            true => 1e-9,
            false => cooling.from * (cooling.to / cooling.from).powf(done),
        };
        for _ in 0..STRIDE {
            try_move(worker, mix, temperature);
        }
        if stride >= saved + between && worker.state.total > least + 1e-9 {
            least = worker.state.total;
            best = Some(worker.state.clone());
            saved = stride;
        }
        let reached = best.as_ref().filter(|best| best.total >= worker.state.total);
        if !go_on(reached.unwrap_or(&worker.state)) {
            break;
        }
    }
    worker.floor = f64::NEG_INFINITY;
    if cooling.end == End::Best {
        if let Some(best) = best.filter(|best| worker.state.total < best.total) {
            worker.state = best;
        }
        return None;
    }
    best
}

fn try_move(worker: &mut Worker, mix: &MoveMix, temperature: f64) {
    let savepoint = worker.state.savepoint();
    let kind = mix.pick(worker.unit());
    // How much may be lost is drawn first, so that a move which loses more can be given up on the way.
    let loss = temperature * mix.temperature(kind) * worker.unit().ln();
    worker.floor = savepoint.total + loss - 1e-9;
    if step(worker, mix, kind) && worker.state.total >= worker.floor {
        worker.state.commit();
    } else {
        worker.state.roll_back(savepoint);
    }
}

fn step(worker: &mut Worker, mix: &MoveMix, kind: Move) -> bool {
    match kind {
        Move::SeatOpenNeed => {
            let depth = worker.below(3).unwrap_or(0) as u32;
            worker.seat_open_need(depth)
        }
        Move::Reseat => worker.move_attendance(),
        Move::SwapAttendances => worker.swap_attendances(),
        Move::Reschedule => worker.move_session(),
        Move::CloseSession => worker.close_session(),
        Move::RunSession => worker.run_session(),
        Move::ChangeLead => worker.change_lead(),
        Move::Attract => worker.attract_some(),
        Move::AddAssistant => worker.add_assistant(),
        Move::RunStudy => worker.run_study(&mix.present),
        Move::ChangeMeeting => worker.change_meeting(),
        Move::ChangeCoach => worker.change_coach(),
        Move::ChangeGroup => worker.change_group(),
        Move::OpenGroup => worker.open_group(),
        Move::EndGroup => worker.end_group(),
        Move::ChangeHolder => worker.change_holder(),
    }
}
