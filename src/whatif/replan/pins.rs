//! Pins that the invalidation broke: they come before all that makes the week better, since no schedule without them is one.

use std::collections::BTreeSet;

use crate::schedule::{Activity, Session};
use crate::school::*;
use crate::whatif::part::{Free, Solver};

use super::{Repair, could_lead, invalidate};

/// Sessions at other times that are given up in turn for the sake of a pin.
const TRIES: usize = 12;

impl Repair<'_> {
    /// Keeps what is pinned: with whoever could lead it at that time, in place of something else then, or else in place
    /// of a session at another time.
    pub fn keep_pins(&mut self) -> anyhow::Result<()> {
        let school = self.replan.solver.school;
        for pin in school.demanding_pins() {
            let (Some(block), Some(o)) = (pin.block, pin.offering) else { continue };
            if invalidate::kept(pin, &self.schedule) {
                continue;
            }
            let leads = self.leads(pin, Activity::Offering(o), block);
            self.keep_with(pin, block, &leads)?;
            for session in self.given_up(&leads, block).into_iter().take(TRIES) {
                if invalidate::kept(pin, &self.schedule) || self.replan.solver.over() {
                    break;
                }
                self.keep_in_place_of(pin, block, &session, &leads)?;
            }
        }
        Ok(())
    }

    /// Who could lead what is pinned.
    fn leads(&self, pin: &Pin, activity: Activity, block: BlockId) -> Vec<StaffId> {
        let Solver { school, sets, .. } = self.replan.solver;
        let able = |&staff: &StaffId| {
            pin.staff.is_none_or(|named| named == staff)
                && school.staff_free[(staff, block)]
                && could_lead(sets, staff, activity)
        };
        school.staff_ids().filter(able).collect()
    }

    /// Sessions of the leads at other times, those first that fewest lose; none that something comes after or a pin holds.
    fn given_up(&self, leads: &[StaffId], block: BlockId) -> Vec<Session> {
        let school = self.replan.solver.school;
        let followed = |o: OfferingId| school.offerings.iter().any(|offering| offering.after == Some(o));
        let may_go = |session: &&Session| {
            leads.contains(&session.lead)
                && !school[session.block].overlaps(&school[block])
                && !matches!(session.activity, Activity::Offering(o) if followed(o))
                && !invalidate::is_pinned(school, session)
        };
        let mut sessions: Vec<Session> = self.schedule.sessions.iter().filter(may_go).cloned().collect();
        sessions.sort_by_key(|session| (session.attendances.len(), session.block, session.lead));
        sessions
    }

    /// Gives the session up if its lead can then lead what is pinned.
    fn keep_in_place_of(
        &mut self,
        pin: &Pin,
        block: BlockId,
        session: &Session,
        leads: &[StaffId],
    ) -> anyhow::Result<()> {
        let Solver { school, sets, .. } = self.replan.solver;
        let before = (self.schedule.clone(), self.invalidated.clone());
        self.schedule.sessions.retain(|other| other != session);
        self.invalidated.take_out(school, session.clone());
        self.keep_with(pin, block, leads)?;
        if invalidate::kept(pin, &self.schedule) {
            return self.cover(&sets.overlapping[session.block.index()].iter().copied().collect());
        }
        (self.schedule, self.invalidated) = before;
        Ok(())
    }

    /// The leads are free at the time of the pin, with the students of what they lead then.
    fn keep_with(&mut self, pin: &Pin, block: BlockId, leads: &[StaffId]) -> anyhow::Result<()> {
        let Solver { school, sets, .. } = self.replan.solver;
        let hour: BTreeSet<BlockId> = sets.overlapping[block.index()].iter().copied().collect();
        let mut free = Free::nothing(school);
        pin.student.into_iter().chain(self.lost(&hour)).for_each(|student| free.student(student));
        leads.iter().for_each(|&staff| free.cells_at(school, staff, &hour));
        let theirs = |session: &&Session| leads.contains(&session.lead) && hour.contains(&session.block);
        free.sessions(self.schedule.sessions.iter().filter(theirs));
        self.fill(free, &[], &|_, block| hour.contains(&block))
    }
}
