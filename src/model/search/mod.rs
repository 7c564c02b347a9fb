//! The search: a start solution, improvement, and what the engine proves and polishes.

mod anneal;
mod clock;
mod groups;
mod instance;
mod moves;
mod schedule;
mod start;
mod state;

use anneal::{Cooling, Menu, anneal};
use clock::Clock;
use instance::Instance;

use super::sets::Sets;
use super::{Observer, Options, Progress};
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::School;

/// Moves of the first round per student; each further round has twice as many.
const FIRST_ROUND: u64 = 2_000;

/// Finds a good schedule and a bound.
///
/// # Errors
/// When the rules contradict each other.
pub fn search(
    school: &School,
    sets: &Sets,
    options: &Options,
    observer: &mut dyn Observer,
) -> anyhow::Result<(Schedule, Outcome)> {
    let clock = Clock::start(options);
    let instance = Instance::new(school, sets);
    let mut walker = start::start(&instance, options.seed)?;
    let menu = Menu::new(&walker.state);
    let bound = most_imaginable(&instance);
    let weights = &school.weights;
    let scale = weights.must.max(weights.should).max(weights.could).max(1.0);
    let mut moves = FIRST_ROUND * school.students.len().max(20) as u64;
    let mut status = Status::Feasible;
    for round in 0..8 {
        let env = |k: &str, d: f64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
        let from = if round == 0 { env("T0", scale) } else { env("T0B", scale * 0.25) };
        let cooling =
            Cooling { from, to: env("T1", scale * 0.003), moves: (moves as f64 * env("MV", 1.0)) as u64 };
        let mut shown = clock.seconds();
        anneal(&mut walker, &menu, cooling, |best| {
            if clock.seconds() > shown + 1.0 {
                shown = clock.seconds();
                observer.progress(&Progress {
                    phase: "improve",
                    total: Some(best),
                    bound: Some(bound),
                    seconds: clock.seconds(),
                });
            }
            !clock.over()
        });
        moves *= 2;
        if clock.over() {
            status = if clock.stopped() { Status::Interrupted } else { Status::TimeLimit };
            break;
        }
        if bound - walker.state.total <= options.gap * walker.state.total.abs().max(1.0) {
            status = Status::GapReached;
            break;
        }
    }
    let total = walker.state.total;
    Ok((walker.state.schedule(), Outcome { status, total, bound, seconds: clock.seconds() }))
}

/// A bound without any effort: every need met by the right people, everybody's coach kept, every block of
/// every staff member spent on something liked, nothing missing.
fn most_imaginable(x: &Instance) -> f64 {
    let school = x.school;
    let weights = &school.weights;
    let needs: f64 = school
        .needs
        .iter()
        .zip(&x.value)
        .map(|(need, value)| {
            let asked = if need.staff.is_some() { weights.staff_asked } else { 0.0 };
            let own = match (school.own_staff, school[need.student].unit) {
                (crate::school::OwnStaff::Ignore, _) | (_, None) => 0.0,
                _ => weights.own_unit,
            };
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
        .map(|staff| staff.max_blocks.unwrap_or(u32::MAX).min(school.blocks.len() as u32))
        .sum();
    let history: f64 = school
        .students
        .iter()
        .map(|s| f64::from(s.missed_before) * (f64::from(s.missed_before) - 1.0) / 2.0)
        .sum();
    needs + weights.coach_kept * kept as f64 + weights.likes * f64::from(likes) - weights.fairness * history
}
