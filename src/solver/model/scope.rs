//! Which decisions a program holds: all of them, or a part around a schedule that exists.

use crate::schedule::{Meeting, Schedule, Session};
use crate::school::*;

use super::sets::Sets;

/// What is free to be decided.
#[derive(Debug)]
pub enum Scope<'a> {
    Whole,
    Neighbourhood(Neighbourhood<'a>),
}

/// A neighbourhood of a schedule. Coaching groups, packages, sessions whose lead is not free and all
/// attendances of students who are not free stay as they are.
#[derive(Debug)]
pub struct Neighbourhood<'a> {
    pub incumbent: &'a Schedule,
    /// By student: attendances are decided anew.
    pub students: Vec<bool>,
    /// Staff member is deployed anew in the block.
    pub cells: Grid<StaffId, BlockId, bool>,
    /// By session of the incumbent: stays, with its lead, place and assistants.
    pub kept: Vec<bool>,
    /// Meetings, none of the incumbent's, that are held if somebody stands in for the coach.
    pub open_meetings: &'a [Meeting],
}

impl<'a> Scope<'a> {
    pub fn whole() -> Self {
        Self::Whole
    }

    /// `free_students`: who may move. `free_cells`: staff members and blocks in which a session that they
    /// lead may change or go. A session with a student who may not move stays; assistants follow their
    /// session.
    pub fn part(
        sets: &Sets,
        incumbent: &'a Schedule,
        free_students: Vec<bool>,
        mut free_cells: Grid<StaffId, BlockId, bool>,
    ) -> Self {
        let free_student = |i: StudentId| free_students.get(i.index()).copied().unwrap_or(false);
        let mut take = |staff: StaffId, block: BlockId| {
            sets.overlapping[block.index()].iter().for_each(|&b| free_cells[(staff, b)] = false);
        };
        for meeting in &incumbent.meetings {
            take(incumbent.lead_of(meeting), meeting.block);
        }
        let kept: Vec<bool> = incumbent
            .sessions
            .iter()
            .map(|session| {
                let moves = session.attendances.iter().all(|attendance| free_student(attendance.student));
                !moves || !free_cells[(session.lead, session.block)]
            })
            .collect();
        for (session, _) in incumbent.sessions.iter().zip(&kept).filter(|(_, kept)| **kept) {
            for staff in people(session) {
                sets.overlapping[session.block.index()].iter().for_each(|&b| free_cells[(staff, b)] = false);
            }
        }
        for (session, _) in incumbent.sessions.iter().zip(&kept).filter(|(_, kept)| !**kept) {
            for &assistant in &session.assistants {
                free_cells[(assistant, session.block)] = true;
            }
        }
        Self::Neighbourhood(Neighbourhood {
            incumbent,
            students: free_students,
            cells: free_cells,
            kept,
            open_meetings: &[],
        })
    }

    pub fn student(&self, student: StudentId) -> bool {
        match self {
            Self::Whole => true,
            Self::Neighbourhood(part) => part.students.get(student.index()).copied().unwrap_or(false),
        }
    }

    /// Whether the staff member's deployment in the block is decided.
    pub fn cell(&self, staff: StaffId, block: BlockId) -> bool {
        match self {
            Self::Whole => true,
            Self::Neighbourhood(part) => part.cells[(staff, block)],
        }
    }

    /// The meetings that are held, and those that are if somebody stands in.
    pub fn meetings(&self) -> impl Iterator<Item = &'a Meeting> + '_ {
        self.neighbourhood()
            .into_iter()
            .flat_map(|part| part.incumbent.meetings.iter().chain(part.open_meetings))
    }

    pub fn neighbourhood(&self) -> Option<&Neighbourhood<'a>> {
        match self {
            Self::Whole => None,
            Self::Neighbourhood(part) => Some(part),
        }
    }

    /// Sessions of the incumbent that stay, with their index.
    pub fn kept_sessions(&self) -> impl Iterator<Item = (usize, &'a Session)> + '_ {
        self.neighbourhood().into_iter().flat_map(|part| {
            let sessions = part.incumbent.sessions.iter().enumerate();
            sessions.zip(&part.kept).filter(|(_, kept)| **kept).map(|(session, _)| session)
        })
    }
}

/// Lead and assistants.
pub fn people(session: &Session) -> impl Iterator<Item = StaffId> + '_ {
    std::iter::once(session.lead).chain(session.assistants.iter().copied())
}
