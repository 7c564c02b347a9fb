//! Solves a part of the model around a running schedule: some students and some hours of staff are free,
//! everything else stays.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::model::EngineChoice;
use crate::model::engine::{Engine, Limits};
use crate::model::formulation::{self, Formulation};
use crate::model::scope::Scope;
use crate::model::sets::Sets;
use crate::schedule::{Meeting, Schedule};
use crate::school::*;

/// Nodes of branch and bound of one part: a limit that cuts every run at the same point.
const NODES: u64 = 400;

/// What all parts of one question share.
pub struct Solver<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub engine: EngineChoice,
    /// No part takes longer.
    pub time: Duration,
    pub stop: Arc<AtomicBool>,
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

    /// The session, with everybody in it.
    pub fn session(&mut self, session: &crate::schedule::Session) {
        session.attendances.iter().for_each(|attendance| self.student(attendance.student));
        self.cell(session.lead, session.block);
    }
}

impl Solver<'_> {
    /// The best schedule in which nothing else changes. `open`: meetings that are held if somebody stands in;
    /// `adjust` may change the program, such as its objective. `None`: there is none, or none was found.
    ///
    /// # Errors
    /// The engine fails.
    pub fn solve(
        &self,
        incumbent: &Schedule,
        free: Free,
        open: &[Meeting],
        adjust: impl FnOnce(&mut Formulation),
    ) -> anyhow::Result<Option<Schedule>> {
        let mut scope = Scope::part(self.sets, incumbent, free.students, free.cells);
        if let Scope::Part(part) = &mut scope {
            part.open_meetings = open;
        }
        let mut model = formulation::build(self.school, self.sets, &scope);
        adjust(&mut model);
        let limits = Limits {
            time: Some(self.time),
            gap: 0.0,
            nodes: Some(NODES),
            threads: 1,
            seed: 0,
            stop: Arc::clone(&self.stop),
        };
        let solved = Engine::new(self.engine).solve(&model, &limits, Some(incumbent))?;
        Ok(solved.schedule.map(|(schedule, _)| schedule))
    }
}
