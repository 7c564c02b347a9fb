//! What falls out of a week, and who could step in, in the order in which a repair would ask them.

use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Meeting, Reserve, Session};
use crate::school::*;
use crate::verify::WrittenSchedule;

use super::cover::Covers;
use super::invalidate::load::{Duty, Load};
use super::invalidate::{Invalidated, invalidate};
use super::{could_lead, groups};

/// Why somebody comes before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Reserve,
    OwnUnit,
    Free,
}

impl Why {
    /// The word in JSON.
    pub fn label(self) -> &'static str {
        match self {
            Why::Reserve => "reserve",
            Why::OwnUnit => "own_unit",
            Why::Free => "free",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Candidate {
    pub staff: StaffId,
    pub why: Why,
    /// Blocks in which they stepped in already, in the week and in the other weeks of the term.
    pub covered: [u32; 2],
}

/// A session or meeting without a lead.
#[derive(Clone, Debug)]
pub struct Hole {
    pub block: BlockId,
    /// `None`: a meeting of a coaching group.
    pub activity: Option<Activity>,
    pub place: Option<PlaceId>,
    pub lead: Option<StaffId>,
    pub students: usize,
    /// Whoever could lead it and has nothing to do then, the first to be asked first.
    pub candidates: Vec<Candidate>,
}

/// The sessions and meetings of a schedule that nobody leads any more, in order of time.
///
/// # Errors
/// Coaching groups or packages can no longer be held.
pub fn holes(
    school: &School,
    sets: &Sets,
    before: &WrittenSchedule,
    covers: &Covers,
) -> anyhow::Result<Vec<Hole>> {
    let mut invalidated = invalidate(school, sets, before);
    groups::repair(school, sets, before, &mut invalidated)?;
    let mut load = Load::new(school, sets, &invalidated.schedule.package_holders);
    for session in &invalidated.schedule.sessions {
        load.add(&people(session).collect::<Vec<_>>(), Duty::session(school, session));
    }
    for meeting in &invalidated.schedule.meetings {
        load.add(&[invalidated.schedule.lead_of(meeting)], Duty::meeting(school, meeting));
    }
    let asking = Asking { school, sets, before, covers, load, bans: Bans::new(school) };
    let gone = |session: &&Session| !school.staff_free[(session.lead, session.block)];
    let sessions = invalidated.sessions.iter().filter(gone).map(|session| asking.session(session));
    let meetings = invalidated.open_meetings.iter().map(|meeting| asking.meeting(meeting, &invalidated));
    let mut holes: Vec<Hole> = sessions.chain(meetings).collect();
    holes.sort_by_key(|hole| (school[hole.block].day, school[hole.block].start, hole.block, hole.place));
    Ok(holes)
}

struct Asking<'a> {
    school: &'a School,
    sets: &'a Sets,
    before: &'a WrittenSchedule,
    covers: &'a Covers,
    load: Load<'a>,
    bans: Bans<'a>,
}

impl Asking<'_> {
    fn session(&self, session: &Session) -> Hole {
        let students: Vec<StudentId> = session.attendances.iter().map(|at| at.student).collect();
        let may = |staff| could_lead(self.sets, staff, session.activity);
        let duty = Duty::session(self.school, session);
        Hole {
            block: session.block,
            activity: Some(session.activity),
            place: session.place,
            lead: Some(session.lead),
            students: students.len(),
            candidates: self.candidates(
                duty,
                session.activity.offering(),
                session.place,
                Some(session.lead),
                &students,
                &may,
            ),
        }
    }

    fn meeting(&self, meeting: &Meeting, invalidated: &Invalidated) -> Hole {
        let coach = invalidated.schedule.groups[meeting.group].coach;
        let may = |staff: StaffId| self.school[staff].may_coach();
        let duty = Duty::meeting(self.school, meeting);
        let place = Some(meeting.place);
        Hole {
            block: meeting.block,
            activity: None,
            place,
            lead: Some(coach),
            students: meeting.students.len(),
            candidates: self.candidates(duty, None, place, Some(coach), &meeting.students, &may),
        }
    }

    fn candidates(
        &self,
        duty: Duty,
        offering: Option<OfferingId>,
        place: Option<PlaceId>,
        lead: Option<StaffId>,
        students: &[StudentId],
        may: &dyn Fn(StaffId) -> bool,
    ) -> Vec<Candidate> {
        let school = self.school;
        let serves = |staff: StaffId| {
            let there = Deployment { block: duty.block, offering, staff: Some(staff), place };
            !self.bans.forbid(there)
                && students
                    .iter()
                    .all(|&i| school.own_staff_allows(staff, i) && !self.bans.forbid_student(i, there))
        };
        let left =
            |staff: StaffId| school[staff].cover_max.is_none_or(|most| self.covers.of(staff)[0] < most);
        let steps_in = |&staff: &StaffId| {
            school.staff_free[(staff, duty.block)]
                && may(staff)
                && school[staff].works_at(duty.site)
                && left(staff)
                && serves(staff)
                && self.load.takes(&[staff], duty)
        };
        let unit = lead.and_then(|lead| school[lead].unit);
        let why = |staff: StaffId| {
            let stands_by = |reserve: &Reserve| (reserve.staff, reserve.block) == (staff, duty.block);
            if self.before.reserve.iter().any(stands_by) {
                Why::Reserve
            } else if same_unit(unit, school[staff].unit) {
                Why::OwnUnit
            } else {
                Why::Free
            }
        };
        let candidate = |staff| Candidate { staff, why: why(staff), covered: self.covers.of(staff) };
        let mut candidates: Vec<Candidate> = school.staff_ids().filter(steps_in).map(candidate).collect();
        candidates.sort_by_key(|one| (one.why, one.covered, one.staff));
        candidates
    }
}
