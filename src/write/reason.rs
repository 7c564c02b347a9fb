//! The rows of `unmet_needs.csv`, and the reasons that they give.

use std::sync::Arc;

use crate::school::Priority;

/// A row of `unmet_needs.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmet {
    /// A student; for `min_blocks` a staff member.
    pub who: String,
    pub subject: String,
    /// `None`: no need. So the file can serve as next week's `history.csv`, where every row with a
    /// priority counts towards fairness.
    pub priority: Option<Priority>,
    /// Sessions, blocks or meetings, at least 1.
    pub missing: u32,
    pub reason: Reason,
    /// A sentence with the numbers, the same one for many.
    pub detail: Arc<str>,
    /// Who asked for it, and why.
    pub by: String,
    pub note: String,
}

/// Why something is missing: the obstacle that was nearest to being overcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A seat was left that nothing forbids; the search ended before using it.
    NotFound,
    /// Sessions ran when the student had nothing else, all full.
    SessionsFull,
    /// Sessions ran with seats left, but only while the student attended something else.
    Clash,
    /// The sessions that ran were full, and during something else.
    ClashAndFull,
    /// The student already has as many sessions of the offering on that day as `per_day` allows.
    PerDay,
    /// The student has not attended the offering that comes before it.
    After,
    /// A student whom `pairs.csv` keeps apart from this one is in the session.
    Apart,
    /// `pins.csv` bans it.
    Banned,
    /// Sessions ran, on none of the days of the need.
    OtherDays,
    /// Nothing ran when the student was free.
    NoSession,
    /// In the blocks left to the student, nobody who may lead it or no fitting place is free.
    NobodyFree,
    /// The student is not free in any further block.
    NeverFree,
    /// No place carries the tags at the student's site.
    NoPlace,
    /// Nobody may lead it.
    NobodyQualified,
    /// Nothing offered meets it.
    NoOffering,
    /// The own limits of the staff member are below the minimum.
    Limits,
}

impl Reason {
    /// The word used in files.
    pub fn label(self) -> &'static str {
        match self {
            Reason::NotFound => "not-found",
            Reason::SessionsFull => "sessions-full",
            Reason::Clash => "clash",
            Reason::ClashAndFull => "clash-and-full",
            Reason::PerDay => "per-day",
            Reason::After => "after",
            Reason::Apart => "apart",
            Reason::Banned => "banned",
            Reason::OtherDays => "other-days",
            Reason::NoSession => "no-session",
            Reason::NobodyFree => "nobody-free",
            Reason::NeverFree => "never-free",
            Reason::NoPlace => "no-place",
            Reason::NobodyQualified => "nobody-qualified",
            Reason::NoOffering => "no-offering",
            Reason::Limits => "limits",
        }
    }
}
