//! What of a running schedule breaks a rule now, and what is left without it.

pub mod load;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::classes::Numbers;
use crate::model::rules::r6_needs::order_allows;
use crate::model::rules::r8_pins::is_met_by;
use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Attendance, Meeting, Schedule, Session};
use crate::school::*;
use crate::verify::WrittenSchedule;
use crate::write::meets;

use super::surplus::surplus;
use super::{packages, places};
use load::{Duty, Load};

/// The schedule without what is no longer possible.
#[derive(Clone, Debug, Default)]
pub struct Invalidated {
    /// Holds every rule that does not ask for something to be there.
    pub schedule: Schedule,
    /// Meetings whose coach is not there.
    pub open_meetings: Vec<Meeting>,
    /// Sessions that were taken out whole, as they were.
    pub sessions: Vec<Session>,
    /// Who lost an attendance or lacks something new.
    pub students: BTreeSet<StudentId>,
    /// The attendances that were lost.
    pub lost: BTreeSet<(StudentId, BlockId)>,
    /// What pins ask for and is not there.
    pub pinned: BTreeSet<(BlockId, OfferingId)>,
    /// When something was invalidated.
    pub hours: BTreeSet<BlockId>,
    /// Blocks in which an assistant fell out.
    pub helped: BTreeSet<BlockId>,
    /// Of the attendances invalidated and of new needs.
    pub subjects: BTreeSet<SubjectId>,
    /// Hours of staff whose session was invalidated while they are there.
    pub cells: BTreeSet<(StaffId, BlockId)>,
}

impl Invalidated {
    /// Whether an attendance of one of the need's subjects was invalidated.
    pub fn subjects_of(&self, school: &School, need: NeedId) -> bool {
        school[need].subjects.iter().any(|subject| self.subjects.contains(subject))
    }

    /// Frees whoever has these needs, and the blocks in which they could be met.
    pub fn want(&mut self, school: &School, needs: &[NeedId]) {
        for need in needs.iter().map(|&need| &school[need]) {
            self.students.insert(need.student);
            self.subjects.extend(need.subjects.iter().copied());
        }
    }

    fn lose(&mut self, school: &School, session: &Session, attendance: &Attendance) {
        self.students.insert(attendance.student);
        self.lost.insert((attendance.student, session.block));
        self.hours.insert(session.block);
        if let Activity::Offering(o) = session.activity {
            self.subjects.extend(school[o].subjects.iter().copied());
        }
    }

    /// Takes the student out of the session of that index.
    fn leave(&mut self, school: &School, at: usize, student: StudentId) {
        let old = self.schedule.sessions[at].clone();
        self.schedule.sessions[at].attendances.retain(|attendance| attendance.student != student);
        let lost = old.attendances.iter().filter(|attendance| attendance.student == student);
        lost.for_each(|attendance| self.lose(school, &old, attendance));
    }

    pub fn take_out(&mut self, school: &School, session: Session) {
        session.attendances.iter().for_each(|attendance| self.lose(school, &session, attendance));
        self.hours.insert(session.block);
        self.cells.extend(people(&session).map(|staff| (staff, session.block)));
        self.sessions.push(session);
    }
}

/// Takes out what breaks a rule. Groups are taken over as they are, those without a coach left empty.
pub fn invalidate(school: &School, sets: &Sets, before: &WrittenSchedule) -> Invalidated {
    let striker = Invalidator { school, sets, bans: Bans::new(school) };
    let mut invalidated = Invalidated::default();
    invalidated.schedule.package_holders = packages::kept(school, &before.package_holders);
    invalidated.schedule.reserve =
        before.reserve.iter().copied().filter(|r| school.staff_free[(r.staff, r.block)]).collect();
    for session in &before.sessions {
        striker.session(session, &mut invalidated);
    }
    striker.too_far(before, &mut invalidated);
    striker.beyond_what_is_asked(&mut invalidated);
    striker.overworked(before, &mut invalidated);
    striker.crowded(&mut invalidated);
    while striker.out_of_order(&mut invalidated) {}
    striker.newly_lacking(&mut invalidated);
    invalidated
}

struct Invalidator<'a> {
    school: &'a School,
    sets: &'a Sets,
    bans: Bans<'a>,
}

impl Invalidator<'_> {
    /// Keeps the session without those who cannot be in it, or takes it out.
    fn session(&self, old: &Session, invalidated: &mut Invalidated) {
        let school = self.school;
        let mut session = old.clone();
        session.assistants.retain(|&staff| self.may_assist(staff, old));
        if session.assistants.len() < old.assistants.len() {
            invalidated.helped.insert(old.block);
            invalidated.hours.insert(old.block);
        }
        session.attendances.retain(|attendance| self.may_attend(attendance, old));
        for attendance in old.attendances.iter().filter(|a| !session.attendances.contains(a)) {
            invalidated.lose(school, old, attendance);
        }
        if self.may_run(old) && self.fits(&session) {
            invalidated.schedule.sessions.push(session);
        } else {
            invalidated.take_out(school, session);
        }
    }

    fn may_run(&self, session: &Session) -> bool {
        let school = self.school;
        let (block, lead, place) = (session.block, session.lead, session.place);
        let leads = match session.activity {
            Activity::Offering(o) => {
                self.sets.leads_of[o.index()].contains(&lead)
                    && school[o].runs_in(&school[block])
                    && match place {
                        Some(place) => self.sets.places_of[o.index()].contains(&place),
                        None => school[o].online,
                    }
            }
            Activity::Study => self.sets.supervisors.contains(&lead) && place.is_some(),
        };
        leads
            && school.staff_free[(lead, block)]
            && place.is_none_or(|place| school.place_free[(place, block)] && school.may_lead_in(lead, place))
            && !self.bans.forbid(deployment(session, lead))
    }

    fn may_assist(&self, staff: StaffId, session: &Session) -> bool {
        let school = self.school;
        let site = session.place.and_then(|place| school[place].site);
        session.activity.offering().is_some_and(|o| school[staff].may_assist(&school[o]))
            && school.staff_free[(staff, session.block)]
            && school[staff].works_at(site)
            && !self.bans.forbid(deployment(session, staff))
    }

    fn may_attend(&self, attendance: &Attendance, session: &Session) -> bool {
        let school = self.school;
        let student = attendance.student;
        let site = session.place.and_then(|place| school[place].site);
        school.student_free[(student, session.block)]
            && match attendance.need {
                Some(need) => meets(school, session, need),
                None => session.activity == Activity::Study,
            }
            && attends_at(school[student].site, site)
            && school.own_staff_allows(session.lead, student)
            && !people(session).any(|staff| self.bans.forbid_student(student, deployment(session, staff)))
    }

    fn fits(&self, session: &Session) -> bool {
        let numbers = Numbers::of(self.school, session.activity);
        let seats = session.place.map_or(u32::MAX, |place| self.school[place].seats);
        let students = session.attendances.len() as u32;
        let assistants = session.assistants.len() as u32;
        numbers.min <= students
            && students <= numbers.most(assistants, seats)
            && assistants <= numbers.assistants
    }

    /// Takes out attendances that students of no site have no time to come to, from what they attend earlier or from a
    /// meeting of their group.
    fn too_far(&self, before: &WrittenSchedule, invalidated: &mut Invalidated) {
        let school = self.school;
        for &student in &self.sets.travelling {
            let meets = before.meetings.iter().filter(|meeting| meeting.students.contains(&student));
            let mut there: Vec<(BlockId, SiteId)> =
                meets.filter_map(|meeting| Some((meeting.block, school[meeting.place].site?))).collect();
            let sessions = invalidated.schedule.sessions.iter().enumerate();
            let attended = sessions.filter(|(_, s)| s.attendances.iter().any(|at| at.student == student));
            let mut attended: Vec<(usize, (BlockId, SiteId))> =
                attended.filter_map(|(at, s)| Some((at, (s.block, school[s.place?].site?)))).collect();
            attended.sort_by_key(|&(_, (block, _))| (school[block].day, school[block].start));
            for (at, here) in attended {
                if there.iter().any(|&other| school.too_far(here, other)) {
                    invalidated.leave(school, at, student);
                } else {
                    there.push(here);
                }
            }
        }
    }

    /// Takes out attendances that nothing asks for, and one of two students to be apart.
    fn beyond_what_is_asked(&self, invalidated: &mut Invalidated) {
        for (at, student) in surplus(self.school, &mut invalidated.schedule.sessions) {
            invalidated.leave(self.school, at, student);
        }
        self.take_out_where(invalidated, |session| !self.fits(session));
    }

    /// Takes out sessions, but no meetings, that are too much for their staff, a budget or the reserve: those worth
    /// least, of equals the last.
    fn overworked(&self, before: &WrittenSchedule, invalidated: &mut Invalidated) {
        let school = self.school;
        let mut load = Load::new(school, self.sets, &invalidated.schedule.package_holders);
        for meeting in &before.meetings {
            if let Some(lead) =
                lead_before(before, meeting).filter(|&s| school.staff_free[(s, meeting.block)])
            {
                load.add(&[lead], Duty::meeting(school, meeting));
            }
        }
        let sessions = std::mem::take(&mut invalidated.schedule.sessions);
        let worth: Vec<f64> = sessions.iter().map(|session| self.worth(session)).collect();
        let mut order: Vec<usize> = (0..sessions.len()).collect();
        order.sort_by(|&a, &b| worth[b].total_cmp(&worth[a]));
        let mut stays = vec![false; sessions.len()];
        for at in order {
            let staff: Vec<StaffId> = people(&sessions[at]).collect();
            let duty = Duty::session(school, &sessions[at]);
            stays[at] = load.takes(&staff, duty);
            if stays[at] {
                load.add(&staff, duty);
            }
        }
        for (session, stays) in sessions.into_iter().zip(stays) {
            if stays {
                invalidated.schedule.sessions.push(session);
            } else {
                invalidated.take_out(school, session);
            }
        }
    }

    /// What its students would miss; nothing makes up for what is pinned.
    fn worth(&self, session: &Session) -> f64 {
        if is_pinned(self.school, session) {
            return f64::INFINITY;
        }
        let weights = &self.school.weights;
        let attended = session.attendances.iter().map(|at| match at.need {
            Some(need) => weights.priority(self.school[need].priority),
            None => weights.should,
        });
        attended.sum()
    }

    /// Takes out sessions of which a place holds too many, the last ones first.
    fn crowded(&self, invalidated: &mut Invalidated) {
        let mut held: BTreeMap<PlaceId, Vec<(BlockId, usize)>> = BTreeMap::new();
        for session in std::mem::take(&mut invalidated.schedule.sessions) {
            if let Some(place) = session.place {
                let beside = held.entry(place).or_default();
                let this = (session.block, session.attendances.len());
                if places::is_crowded(self.school, place, this, beside) {
                    invalidated.take_out(self.school, session);
                    continue;
                }
                beside.push(this);
            }
            invalidated.schedule.sessions.push(session);
        }
    }

    /// Takes students out of sessions for which they miss what comes first, and sessions that have too few left.
    /// Gives whether there were any.
    fn out_of_order(&self, invalidated: &mut Invalidated) -> bool {
        let school = self.school;
        let mut attended: BTreeSet<(StudentId, OfferingId, BlockId)> = BTreeSet::new();
        for session in &invalidated.schedule.sessions {
            if let Activity::Offering(o) = session.activity {
                attended.extend(session.attendances.iter().map(|at| (at.student, o, session.block)));
            }
        }
        let mut sessions = std::mem::take(&mut invalidated.schedule.sessions);
        let mut found = false;
        for session in &mut sessions {
            let Activity::Offering(o) = session.activity else { continue };
            let Some(first) = school[o].after else { continue };
            let old = session.clone();
            session.attendances.retain(|at| {
                let attended = school.block_ids().filter(|&b| attended.contains(&(at.student, first, b)));
                order_allows(school, &school[o], old.block, attended.map(|b| (first, b)))
            });
            for attendance in old.attendances.iter().filter(|a| !session.attendances.contains(a)) {
                invalidated.lose(school, &old, attendance);
                found = true;
            }
        }
        invalidated.schedule.sessions = sessions;
        self.take_out_where(invalidated, |session| !self.fits(session)) || found
    }

    fn take_out_where(&self, invalidated: &mut Invalidated, out: impl Fn(&Session) -> bool) -> bool {
        let sessions = std::mem::take(&mut invalidated.schedule.sessions);
        let (gone, kept): (Vec<Session>, Vec<Session>) =
            sessions.into_iter().partition(|session| out(session));
        invalidated.schedule.sessions = kept;
        let found = !gone.is_empty();
        gone.into_iter().for_each(|session| invalidated.take_out(self.school, session));
        found
    }

    /// Pins that are not kept free those they name.
    fn newly_lacking(&self, invalidated: &mut Invalidated) {
        let school = self.school;
        for pin in school.demanding_pins() {
            let (Some(block), Some(o)) = (pin.block, pin.offering) else { continue };
            if kept(pin, &invalidated.schedule) {
                continue;
            }
            invalidated.hours.insert(block);
            invalidated.pinned.insert((block, o));
            invalidated.lost.extend(pin.student.map(|student| (student, block)));
            let asks = |need: &&Need| need.subjects.iter().any(|s| school[o].subjects.contains(s));
            let comes = |student: &StudentId| school.student_free[(*student, block)];
            let students = school.needs.iter().filter(asks).map(|need| need.student).filter(comes);
            invalidated.lost.extend(students.map(|student| (student, block)));
        }
    }
}

/// Who led the meeting until now.
pub fn lead_before(before: &WrittenSchedule, meeting: &Meeting) -> Option<StaffId> {
    meeting.stand_in.or(before.groups[meeting.group].coach)
}

/// Whether what the pin asks for is there.
pub fn kept(pin: &Pin, schedule: &Schedule) -> bool {
    schedule.sessions.iter().any(|session| is_met_by(pin, session))
}

/// Whether some pin demands the session.
pub fn is_pinned(school: &School, session: &Session) -> bool {
    school.demanding_pins().any(|pin| is_met_by(pin, session))
}

fn deployment(session: &Session, staff: StaffId) -> Deployment {
    let (block, place) = (session.block, session.place);
    Deployment { block, offering: session.activity.offering(), staff: Some(staff), place }
}
