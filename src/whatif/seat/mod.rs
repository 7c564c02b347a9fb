//! Where one student could still go in a running week, as asked at a desk: the seats that are free, then those for which
//! somebody moves, and why the others are not there. Sessions stay as they are; only students move.
//!
//! A *move* puts one student out of a session, into another, or both. Every answer is a few moves that together hold
//! every rule. It is worth what the total gains, less the price of its changes as `replan` counts them.

mod desk;
mod search;

use crate::model::rules::r8_staff::choose_reserve;
use crate::model::sets::Sets;
use crate::schedule::{Attendance, Schedule, Session};
use crate::school::*;
use crate::write::{Plan, What, meets};

use super::case::Case;

pub use desk::{Bar, Desk, Move, TERMS, Terms};

/// What is asked for: one more session of the subject.
#[derive(Clone, Debug)]
pub struct Ask {
    pub student: StudentId,
    pub subject: SubjectId,
    pub priority: Priority,
    /// Sessions that the data ask for and that are missing; 0: it is asked at the desk only.
    pub missing: u32,
    /// The student's needs of which one more session is to be met.
    pub needs: Vec<NeedId>,
}

impl Ask {
    /// Makes the school ask for one more session of the subject where all that it asks for is met, or where it asks for
    /// none: at the priority of the student's most urgent need for it, else as a `must`.
    pub fn new(case: &mut Case, student: StudentId, subject: SubjectId) -> Self {
        let met = case.met(&case.schedule);
        let school = &case.school;
        let missing = |need: &NeedId| school[*need].sessions.saturating_sub(met[need.index()]);
        let mut needs: Vec<NeedId> =
            school.needs_of(student).filter(|&need| school[need].subjects.contains(&subject)).collect();
        needs.sort_by_key(|&need| school[need].priority);
        // A session that counts for the subject now could count for what else is missing.
        let sessions = case.schedule.sessions.iter().filter(|session| {
            let mut attended = session.attendances.iter().filter(|at| at.student == student);
            attended.any(|at| at.need.is_some_and(|need| needs.contains(&need)))
        });
        let sessions: Vec<&Session> = sessions.collect();
        let instead = |need: &NeedId| {
            missing(need) > 0
                && !needs.contains(need)
                && sessions.iter().any(|session| meets(school, session, *need))
        };
        let instead: Vec<NeedId> = school.needs_of(student).filter(instead).collect();
        needs.extend(instead);
        if let Some(open) = needs.iter().find(|need| missing(need) > 0) {
            let (priority, missing) = (school[*open].priority, needs.iter().map(missing).sum());
            return Self { student, subject, priority, missing, needs };
        }
        let (priority, need) = ask_more(case, student, subject, needs.first().copied());
        if !needs.contains(&need) {
            needs.push(need);
        }
        Self { student, subject, priority, missing: 0, needs }
    }
}

/// Asks for one more session of the student's need, or of a new one.
fn ask_more(
    case: &mut Case,
    student: StudentId,
    subject: SubjectId,
    need: Option<NeedId>,
) -> (Priority, NeedId) {
    let needs = &mut case.school.needs;
    if let Some(need) = need {
        let row = &mut needs[need.index()];
        row.sessions = row.sessions.saturating_add(1);
        return (row.priority, need);
    }
    let at = needs.partition_point(|need| need.student <= student);
    let priority = Priority::Must;
    needs.insert(
        at,
        Need {
            student,
            subjects: vec![subject],
            sessions: 1,
            priority,
            with: None,
            staff: None,
            days: Days::EVERY,
            ask: None,
        },
    );
    let attended = case.schedule.sessions.iter_mut().flat_map(|session| &mut session.attendances);
    for need in attended.filter_map(|attendance| attendance.need.as_mut()) {
        *need = NeedId::new(need.index() + usize::from(need.index() >= at));
    }
    (priority, NeedId::new(at))
}

/// A session that the student could have, and what it takes.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Index into [`Plan::entries`].
    pub session: usize,
    /// The student's own first.
    pub moves: Vec<Move>,
    /// Study sessions that end, as nobody is left in them.
    pub ends: Vec<usize>,
    /// What the total gains, term by term.
    pub terms: Terms,
    /// Rows of `changes.csv` that count.
    pub changes: u32,
}

impl Seat {
    pub fn gain(&self) -> f64 {
        self.terms.iter().sum()
    }

    /// Whether nobody has to leave anything but study for it.
    pub fn is_free(&self) -> bool {
        self.moves.len() == 1 && self.moves[0].own == 0
    }

    /// Students, and further sessions of the one who asks, that move.
    pub fn moved(&self) -> usize {
        self.moves.len() - 1 + self.moves[0].own
    }
}

/// All that can be said of a question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// In order of time.
    pub free: Vec<Seat>,
    /// The one worth most first.
    pub by_moves: Vec<Seat>,
    /// The other sessions of the subject, with what keeps the student out, in order of time.
    pub barred: Vec<(usize, Vec<Bar>)>,
}

impl Answer {
    /// The seats in the order in which they are numbered, from 1.
    pub fn seats(&self) -> impl Iterator<Item = &Seat> {
        self.free.iter().chain(&self.by_moves)
    }
}

/// The week with the seat taken.
pub fn taken(plan: &Plan, seat: &Seat) -> Schedule {
    let mut schedule = plan.schedule.clone();
    let of_entry = |entry: usize| {
        let entry = &plan.entries[entry];
        plan.schedule.sessions.iter().position(|session| {
            let what = session.activity.offering().map_or(What::Study, What::Offering);
            (session.block, session.lead, what) == (entry.block, entry.lead, entry.what)
        })
    };
    for one in &seat.moves {
        for at in one.leave.iter().filter_map(|&entry| of_entry(entry)) {
            schedule.sessions[at].attendances.retain(|attendance| attendance.student != one.student);
        }
        for at in one.enter.iter().filter_map(|&entry| of_entry(entry)) {
            schedule.sessions[at].attendances.push(Attendance { student: one.student, need: None });
        }
        for (at, need) in one.needs.iter().filter_map(|&(entry, need)| Some((of_entry(entry)?, need))) {
            let attendances = schedule.sessions[at].attendances.iter_mut();
            attendances.filter(|attendance| attendance.student == one.student).for_each(|at| at.need = need);
        }
    }
    schedule.sessions.iter_mut().for_each(|session| session.attendances.sort_unstable());
    if !seat.ends.is_empty() {
        let ended: Vec<usize> = seat.ends.iter().filter_map(|&entry| of_entry(entry)).collect();
        let mut index = 0..;
        schedule.sessions.retain(|_| index.next().is_none_or(|at| !ended.contains(&at)));
        let before = std::mem::take(&mut schedule.reserve);
        choose_reserve(plan.school, &Sets::new(plan.school), &before, &mut schedule);
    }
    schedule
}
