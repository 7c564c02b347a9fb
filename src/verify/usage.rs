//! What a week uses, counted from its files: seats, staff, and who of them is left free.

use serde::Serialize;

use crate::school::{Id, School, StaffId};

use super::week::{Activity, Session, Week};

/// What a schedule uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    /// By [`BlockId`](crate::school::BlockId).
    pub blocks: Vec<BlockUse>,
    /// By [`StaffId`]: blocks led, assisted, coached or supervised.
    pub staff: Vec<u32>,
}

/// One block of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct BlockUse {
    /// Sessions and coaching meetings.
    pub sessions: u32,
    /// Seats of these, and students in them.
    pub seats: u32,
    pub taken: u32,
    /// Students at supervised study.
    pub study: u32,
    /// Staff at work in the block, and those neither busy nor at work at any moment of it.
    pub deployed: u32,
    pub free: u32,
}

impl Usage {
    /// Blocks of all staff together.
    pub fn staff_blocks(&self) -> u64 {
        self.staff.iter().map(|&blocks| u64::from(blocks)).sum()
    }

    /// Cost of these blocks.
    pub fn cost(&self, school: &School) -> f64 {
        school.staff.iter().zip(&self.staff).map(|(staff, &blocks)| staff.cost * f64::from(blocks)).sum()
    }
}

pub fn count(school: &School, week: &Week) -> Usage {
    let mut blocks = vec![BlockUse::default(); school.blocks.len()];
    for session in &week.sessions {
        let block = &mut blocks[session.block.index()];
        let students = session.attendances.len() as u32;
        match seats(school, session) {
            Some(seats) => {
                block.sessions += 1;
                block.seats = block.seats.saturating_add(seats);
                block.taken += students;
            }
            None => block.study += students,
        }
    }
    for block in school.block_ids() {
        let at_work = |staff: &StaffId| {
            let of_staff = &week.of_staff[staff.index()];
            of_staff.iter().any(|&session| school[week.sessions[session].block].overlaps(&school[block]))
        };
        let present = school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]);
        let (deployed, free): (Vec<StaffId>, Vec<StaffId>) = present.partition(at_work);
        (blocks[block.index()].deployed, blocks[block.index()].free) =
            (deployed.len() as u32, free.len() as u32);
    }
    Usage { blocks, staff: week.of_staff.iter().map(|sessions| sessions.len() as u32).collect() }
}

/// Students that fit a session or a meeting; `None`: study, where any number may sit.
fn seats(school: &School, session: &Session) -> Option<u32> {
    let most = match session.activity {
        Activity::Study => return None,
        Activity::Meeting(_) => school.coaching.as_ref().map_or(u32::MAX, |coaching| coaching.max),
        Activity::Offering(offering) => {
            let offering = &school[offering];
            let extra = offering.per_assistant.saturating_mul(session.assistants.len() as u32);
            offering.max.saturating_add(extra)
        }
    };
    let of_place = session.place.map(|place| school[place].seats);
    Some(most.min(of_place.unwrap_or(u32::MAX)))
}
