//! The result as plain data: who is where, when, with whom. Nothing here decides or checks anything.

use std::collections::HashMap;
use std::hash::Hash;

use crate::school::{BlockId, NeedId, OfferingId, PackageId, PlaceId, StaffId, StudentId};

/// A whole week. Holds only what the rules speak of; names, times and reasons are added when written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    pub sessions: Vec<Session>,
    pub groups: Vec<Group>,
    pub meetings: Vec<Meeting>,
    pub package_holders: Vec<PackageHolder>,
    /// Staff kept available, at most one entry per block and person.
    pub reserve: Vec<Reserve>,
}

impl Schedule {
    /// Who leads the meeting: the group's coach or a stand-in.
    pub fn lead_of(&self, meeting: &Meeting) -> StaffId {
        meeting.stand_in.unwrap_or(self.groups[meeting.group].coach)
    }
}

/// What two lists do not share, from the first and from the second: items `at` the same key are shared if they are
/// `alike`.
pub fn unshared<'s, T, K: Eq + Hash>(
    from: &'s [T],
    to: &'s [T],
    at: impl Fn(&T) -> K,
    alike: impl Fn(&T, &T) -> bool,
) -> [Vec<&'s T>; 2] {
    let places: HashMap<K, usize> = from.iter().enumerate().map(|(index, item)| (at(item), index)).collect();
    let mut shared = vec![false; from.len()];
    let mut new = Vec::new();
    for item in to {
        match places.get(&at(item)) {
            Some(&index) if alike(&from[index], item) => shared[index] = true,
            _ => new.push(item),
        }
    }
    let gone = from.iter().zip(shared).filter(|(_, shared)| !shared).map(|(item, _)| item);
    [gone.collect(), new]
}

/// One run of an offering, or one supervised study session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub activity: Activity,
    pub block: BlockId,
    /// `None` only for an online offering.
    pub place: Option<PlaceId>,
    pub lead: StaffId,
    pub assistants: Vec<StaffId>,
    pub attendances: Vec<Attendance>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activity {
    Offering(OfferingId),
    /// Fills a student's least presence; meets no need.
    Study,
}

impl Activity {
    /// The offering that runs; `None`: study.
    pub fn offering(self) -> Option<OfferingId> {
        match self {
            Self::Offering(offering) => Some(offering),
            Self::Study => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attendance {
    pub student: StudentId,
    /// The need this attendance meets; `None` in a study session.
    pub need: Option<NeedId>,
}

/// A coaching group: the same students and coach all week.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub coach: StaffId,
    pub students: Vec<StudentId>,
}

/// One meeting of a coaching group.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    /// Index into [`Schedule::groups`].
    pub group: usize,
    pub block: BlockId,
    pub place: PlaceId,
    /// The members who attend: those of the group who are free then.
    pub students: Vec<StudentId>,
    /// Who leads it in place of the coach; only in a repaired week.
    pub stand_in: Option<StaffId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageHolder {
    pub package: PackageId,
    pub staff: StaffId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reserve {
    pub block: BlockId,
    pub staff: StaffId,
}

/// What `solve` can say of the quality of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub status: Status,
    /// The objective (section "What is best" of the guide), recomputed by the referee when written.
    pub total: f64,
    /// No schedule of this school has a higher total.
    pub bound: f64,
    /// Wall-clock seconds from the start of the solve.
    pub seconds: f64,
}

impl Outcome {
    /// (bound - total) / max(|total|, 1): 0 = proven best.
    pub fn gap(&self) -> f64 {
        ((self.bound - self.total) / self.total.abs().max(1.0)).max(0.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Proven within the numerical tolerance: no better schedule exists.
    Optimal,
    /// The gap asked for was reached.
    GapReached,
    /// The search ended by itself; the gap says how much better could at most exist.
    Feasible,
    /// The time limit ended it.
    TimeLimit,
    /// The user ended it.
    Interrupted,
}

impl Status {
    pub const ALL: [Self; 5] =
        [Self::Optimal, Self::GapReached, Self::Feasible, Self::TimeLimit, Self::Interrupted];

    pub fn label(self) -> &'static str {
        match self {
            Status::Optimal => "optimal",
            Status::GapReached => "gap_reached",
            Status::Feasible => "feasible",
            Status::TimeLimit => "time_limit",
            Status::Interrupted => "interrupted",
        }
    }
}
