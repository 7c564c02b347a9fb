//! Students go back to what they were to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::schedule::{Activity, Attendance, Meeting, Session};
use crate::school::*;
use crate::whatif::replan::surplus::recount;
use crate::write::At;

use super::rows::Planned;
use super::{Undoing, most};

impl Undoing<'_> {
    /// Students go back to what they were to do: first those of the hours in question, then whoever had moved for
    /// them and finds everything as it was planned. Gives those whose whole week is as planned.
    pub fn students(&mut self) -> BTreeSet<StudentId> {
        let weeks = self.rows.students.clone();
        let concerned = |week: &BTreeMap<BlockId, Planned>| week.keys().any(|b| self.rows.hours.contains(b));
        let (first, mut rest): (Vec<_>, Vec<_>) = weeks.into_iter().partition(|(_, week)| concerned(week));
        let mut whole = BTreeSet::new();
        for (student, week) in &first {
            if self.whole(*student, week) {
                whole.insert(*student);
            } else {
                self.hours_of(*student, week);
            }
        }
        loop {
            let left = rest.len();
            rest.retain(|(student, week)| !(self.whole(*student, week) && whole.insert(*student)));
            if rest.len() == left {
                return whole;
            }
        }
    }

    /// The whole week of the student as planned, or nothing of it.
    fn whole(&mut self, student: StudentId, week: &BTreeMap<BlockId, Planned>) -> bool {
        let free = |(&block, &planned): (&BlockId, &Planned)| {
            self.is_there(block, planned)
                && (self.rows.hours.contains(&block) || self.has_seat(student, block, planned))
        };
        if !week.iter().all(free) {
            return false;
        }
        let left: Vec<_> = week.keys().map(|&block| (block, self.leave(student, block))).collect();
        for (block, left) in left {
            match week[&block] {
                Planned::Session { activity, place, lead } => {
                    self.hand_over(block, left.map(|(at, _)| at), activity, lead);
                    self.seat(student, block, (activity, place, lead));
                }
                Planned::Coaching(place) => self.meet(student, block, place),
                Planned::Nothing | Planned::Gone => {}
            }
        }
        count(self.school, &mut self.before.sessions, student);
        true
    }

    /// Only the hours in question, as far as what was planned can be again; what was moved to other times stays where
    /// it is still wanted.
    fn hours_of(&mut self, student: StudentId, week: &BTreeMap<BlockId, Planned>) {
        let mut found = Vec::new();
        for (&block, &planned) in week {
            let mine = self.rows.hours.contains(&block) && self.is_there(block, planned);
            match planned {
                Planned::Session { activity, place, lead } if mine => {
                    let left = self.leave(student, block);
                    self.hand_over(block, left.map(|(at, _)| at), activity, lead);
                    self.seat(student, block, (activity, place, lead));
                }
                Planned::Coaching(place) if mine => self.meet(student, block, place),
                Planned::Nothing => found.extend(self.leave(student, block)),
                _ => {}
            }
        }
        count(self.school, &mut self.before.sessions, student);
        for (at, attendance) in found {
            let known = self.before.sessions.clone();
            self.before.sessions[at].attendances.push(attendance);
            if !count(self.school, &mut self.before.sessions, student) {
                self.before.sessions = known;
            }
        }
    }

    /// Takes the student out of what is in the block; gives the session, and as what.
    fn leave(&mut self, student: StudentId, block: BlockId) -> Option<(usize, Attendance)> {
        let sessions = self.before.sessions.iter_mut().enumerate();
        sessions.filter(|(_, session)| session.block == block).find_map(|(at, session)| {
            let of = session.attendances.iter().position(|attendance| attendance.student == student)?;
            Some((at, session.attendances.remove(of)))
        })
    }

    /// Remembers that the session of the block was held in place of a planned one.
    fn hand_over(&mut self, block: BlockId, left: Option<usize>, activity: Activity, lead: StaffId) {
        let Some(session) = left.map(|at| &self.before.sessions[at]) else { return };
        if session.activity == activity && session.lead != lead && self.is_new(session) {
            self.heirs.insert((block, session.lead), lead);
        }
    }

    fn seat(&mut self, student: StudentId, block: BlockId, planned: (Activity, Option<PlaceId>, StaffId)) {
        let at = self.session(block, planned);
        self.before.sessions[at].attendances.push(Attendance { student, need: None });
    }

    /// Whether the student could go back in a block in which somebody may have taken the seat or the lead.
    fn has_seat(&self, student: StudentId, block: BlockId, planned: Planned) -> bool {
        let Planned::Session { activity, lead, .. } = planned else { return true };
        let mut theirs = self.before.sessions.iter().filter(|session| {
            session.lead == lead && self.school[session.block].overlaps(&self.school[block])
        });
        let Some(session) = theirs.next() else { return true };
        let others = session.attendances.iter().filter(|at| at.student != student).count();
        (session.block, session.activity) == (block, activity)
            && others < most(self.school, session)
            && theirs.next().is_none()
    }

    /// A meeting that was cancelled takes place again if its coach is there.
    fn meet(&mut self, student: StudentId, block: BlockId, place: Option<PlaceId>) {
        let school = self.school;
        let Some(group) = self.before.groups.iter().position(|group| group.students.contains(&student))
        else {
            return;
        };
        let known =
            self.before.meetings.iter_mut().find(|meeting| (meeting.group, meeting.block) == (group, block));
        let Some(place) = place.filter(|&place| school.place_free[(place, block)]) else { return };
        match known {
            Some(meeting) => meeting.place = place,
            None if self.before.groups[group]
                .coach
                .is_some_and(|coach| school.staff_free[(coach, block)]) =>
            {
                let students = self.before.groups[group].students.clone();
                self.before.meetings.push(Meeting { group, block, place, students, stand_in: None });
            }
            None => return,
        }
        let at_once = |b: BlockId| school[b].overlaps(&school[block]);
        for session in self.before.sessions.iter_mut().filter(|session| at_once(session.block)) {
            session.attendances.retain(|attendance| attendance.student != student);
        }
    }
}

/// Counts what the student attends for the needs where it counts most; what meets nothing more is left. Gives whether
/// there was no such thing.
pub fn count(school: &School, sessions: &mut [Session], student: StudentId) -> bool {
    let theirs = sessions.iter().enumerate().filter(|(_, session)| session.activity != Activity::Study);
    let attended: Vec<At> = theirs
        .filter_map(|(at, session)| {
            Some((at, session.attendances.iter().position(|one| one.student == student)?))
        })
        .collect();
    let gone = recount(school, sessions, student, &attended);
    for &session in &gone {
        sessions[session].attendances.retain(|at| at.student != student);
    }
    gone.is_empty()
}
