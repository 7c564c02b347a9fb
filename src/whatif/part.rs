//! Solves a part of the model around a running schedule: some students and some hours of staff are free,
//! everything else stays.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::model::EngineChoice;
use crate::model::build;
use crate::model::engine::{Engine, Limits, SolveStatus};
use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::model::scope::Scope;
use crate::model::sets::Sets;
use crate::model::start;
use crate::schedule::{Meeting, Schedule, Session};
use crate::school::*;

/// Nodes of branch and bound of one part: a limit that cuts every run at the same point.
const NODES: u64 = 300;
/// Students whose sessions are freed in one part of a repair.
pub const MOST_STUDENTS: usize = 160;
/// Time of one part.
const LEAST: Duration = Duration::from_millis(100);
const MOST: Duration = Duration::from_secs(3);

/// What one part may cost.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub most: Duration,
    pub nodes: u64,
}

const STEP: Effort = Effort { most: MOST, nodes: NODES };

/// What all parts of one question share.
pub struct Solver<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub engine: EngineChoice,
    /// No part goes on after this.
    pub deadline: Instant,
    pub stop: Arc<AtomicBool>,
}

/// What became of a part.
#[derive(Debug)]
pub enum Found {
    Schedule(Schedule),
    /// No schedule holds every rule and what was asked for.
    Impossible,
    /// None was found within the limits.
    Undecided,
}

/// What may change.
#[derive(Clone, Debug)]
pub struct Free {
    pub students: Vec<bool>,
    pub cells: Grid<StaffId, BlockId, bool>,
}

impl Free {
    pub fn nothing(school: &School) -> Self {
        Self {
            students: vec![false; school.students.len()],
            cells: Grid::filled(school.staff.len(), school.blocks.len(), false),
        }
    }

    pub fn student(&mut self, student: StudentId) {
        self.students[student.index()] = true;
    }

    pub fn cell(&mut self, staff: StaffId, block: BlockId) {
        self.cells[(staff, block)] = true;
    }

    /// The staff member, in those of the blocks in which they are not busy.
    pub fn cells_at<'b>(
        &mut self,
        school: &School,
        staff: StaffId,
        blocks: impl IntoIterator<Item = &'b BlockId>,
    ) {
        let free = blocks.into_iter().filter(|&&block| school.staff_free[(staff, block)]);
        free.for_each(|&block| self.cell(staff, block));
    }

    /// The first of these sessions, as many as a part may have students.
    pub fn sessions<'s>(&mut self, sessions: impl IntoIterator<Item = &'s Session>) {
        self.sessions_of(sessions, MOST_STUDENTS);
    }

    /// The first of these sessions, as many as have so many students together.
    pub fn sessions_of<'s>(&mut self, sessions: impl IntoIterator<Item = &'s Session>, most: usize) {
        let mut students = 0;
        for session in sessions {
            students += session.attendances.len();
            if students > most {
                break;
            }
            self.session(session);
        }
    }

    /// The session, with everybody in it.
    pub fn session(&mut self, session: &Session) {
        session.attendances.iter().for_each(|attendance| self.student(attendance.student));
        self.cell(session.lead, session.block);
    }
}

impl Solver<'_> {
    /// Whether time is up or somebody pressed Ctrl-C.
    pub fn over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }

    /// The best schedule in which nothing else changes. `open`: meetings that are held if somebody stands in;
    /// `moves`: whether a free student may attend something else in the block; `adjust` may change the program,
    /// such as its objective.
    ///
    /// # Errors
    /// The engine fails.
    pub fn solve(
        &self,
        incumbent: &Schedule,
        free: Free,
        open: &[Meeting],
        moves: &dyn Fn(StudentId, BlockId) -> bool,
        adjust: impl FnOnce(&mut Formulation),
    ) -> anyhow::Result<Found> {
        self.solve_within(STEP, incumbent, free, open, moves, adjust)
    }

    /// The same with an effort of its own. Meetings of `open` that the incumbent holds may be given up or led by
    /// somebody else.
    ///
    /// # Errors
    /// The engine fails.
    pub fn solve_within(
        &self,
        effort: Effort,
        incumbent: &Schedule,
        free: Free,
        open: &[Meeting],
        moves: &dyn Fn(StudentId, BlockId) -> bool,
        adjust: impl FnOnce(&mut Formulation),
    ) -> anyhow::Result<Found> {
        let is_open = |meeting: &Meeting| {
            open.iter().any(|open| (open.group, open.block) == (meeting.group, meeting.block))
        };
        let mut kept = Cow::Borrowed(incumbent);
        if incumbent.meetings.iter().any(is_open) {
            kept.to_mut().meetings.retain(|meeting| !is_open(meeting));
        }
        let mut scope = Scope::part(self.sets, &kept, free.students, free.cells);
        if let Scope::Neighbourhood(part) = &mut scope {
            part.open_meetings = open;
        }
        let mut model = build::build(self.school, self.sets, &scope);
        hold_still(&mut model, incumbent, moves);
        adjust(&mut model);
        let limits = Limits {
            time: Some(self.deadline.saturating_duration_since(Instant::now()).clamp(LEAST, effort.most)),
            gap: 0.0,
            nodes: Some(effort.nodes),
            threads: 1,
            seed: 0,
            stop: Arc::clone(&self.stop),
        };
        let solved = Engine::new(self.engine).solve(&model, &limits, Some(incumbent))?;
        Ok(match solved.schedule {
            Some((schedule, _)) => Found::Schedule(schedule),
            None if solved.status == SolveStatus::Infeasible => Found::Impossible,
            None => Found::Undecided,
        })
    }
}

/// Keeps free students in their sessions in blocks in which they may not move; which of their needs that meets is open.
fn hold_still(model: &mut Formulation, incumbent: &Schedule, moves: &dyn Fn(StudentId, BlockId) -> bool) {
    let values = start::whereabouts(model, incumbent);
    for class in &model.classes.all {
        let by_student = class.attendees.chunk_by(|a, b| a.student == b.student);
        for theirs in by_student.filter(|theirs| !moves(theirs[0].student, class.block)) {
            let attends: f64 = theirs.iter().map(|attendee| values[attendee.variable.index()]).sum();
            match theirs {
                [only] => model.program.fix(only.variable, attends),
                none if attends == 0.0 => {
                    none.iter().for_each(|attendee| model.program.fix(attendee.variable, 0.0))
                }
                several => {
                    let sum: LinExpr = several.iter().map(|attendee| attendee.variable).collect();
                    model.program.exactly("stays", sum, &LinExpr::constant(attends));
                }
            }
        }
    }
}
