//! Meetings of coaching groups in a running week that is repaired.

use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::Meeting;
use crate::school::*;

use super::invalidate::Invalidated;
use super::invalidate::load::{Duty, Load};
use super::places;

/// Meetings stay where their coach and place allow; the others are open for a stand-in, in another place if theirs is
/// closed. Groups are those of the invalidated schedule.
pub fn hold(school: &School, sets: &Sets, mut meetings: Vec<Meeting>, invalidated: &mut Invalidated) {
    let mut load = Load::new(school, sets, &invalidated.schedule.package_holders);
    for session in &invalidated.schedule.sessions {
        load.add(&people(session).collect::<Vec<_>>(), Duty::session(school, session));
    }
    let (mut in_block, mut in_place) =
        (vec![Vec::new(); school.blocks.len()], vec![Vec::new(); school.places.len()]);
    for (at, session) in invalidated.schedule.sessions.iter().enumerate() {
        in_block[session.block.index()].push(at);
        session.place.iter().for_each(|place| in_place[place.index()].push(at));
    }
    let mut holder = Holder { school, sets, invalidated, load, in_block, in_place };
    let mut held = vec![true; meetings.len()];
    for at in 0..meetings.len() {
        let meeting = &meetings[at];
        if holder.place_suits(meeting, meeting.place) && !holder.is_crowded(&meetings[..at], meeting) {
            continue;
        }
        match holder.other_place(&meetings, at) {
            Some(place) => meetings[at].place = place,
            None => held[at] = false,
        }
    }
    for (meeting, _) in meetings.into_iter().zip(held).filter(|&(_, held)| held) {
        holder.hold(meeting);
    }
}

struct Holder<'a> {
    school: &'a School,
    sets: &'a Sets,
    invalidated: &'a mut Invalidated,
    /// Of the sessions, and of the meetings held so far.
    load: Load<'a>,
    /// Sessions by block, and by place.
    in_block: Vec<Vec<usize>>,
    in_place: Vec<Vec<usize>>,
}

impl Holder<'_> {
    /// Keeps the meeting with its lead, or opens it for a stand-in.
    fn hold(&mut self, mut meeting: Meeting) {
        let (school, invalidated) = (self.school, &mut *self.invalidated);
        let coach = invalidated.schedule.groups[meeting.group].coach;
        let duty = Duty::meeting(school, &meeting);
        let there = |staff: StaffId| {
            school.staff_free[(staff, meeting.block)]
                && school.may_lead_in(staff, meeting.place)
                && self.load.takes(&[staff], duty)
        };
        // The coach comes back to the own group as soon as possible.
        let stand_in = meeting.stand_in.filter(|&staff| there(staff));
        let lead = if there(coach) { Some(coach) } else { stand_in };
        for &at in self.sets.overlapping[meeting.block.index()].iter().flat_map(|b| &self.in_block[b.index()])
        {
            let attendances = &mut invalidated.schedule.sessions[at].attendances;
            attendances.retain(|at| !meeting.students.contains(&at.student));
        }
        meeting.stand_in = lead.filter(|&lead| lead != coach);
        match lead {
            Some(lead) => {
                self.load.add(&[lead], duty);
                invalidated.schedule.meetings.push(meeting);
            }
            None => {
                invalidated.cells.insert((coach, meeting.block));
                invalidated.open_meetings.push(meeting);
            }
        }
    }

    fn place_suits(&self, meeting: &Meeting, place: PlaceId) -> bool {
        let school = self.school;
        school.place_free[(place, meeting.block)]
            && school[place].seats as usize >= meeting.students.len()
            && (meeting.students.iter()).all(|&i| attends_at(school[i].site, school[place].site))
    }

    /// Whether its place holds too many, as another one moved there meanwhile.
    fn is_crowded(&self, earlier: &[Meeting], meeting: &Meeting) -> bool {
        let sessions = self.in_place[meeting.place.index()].iter();
        let sessions = sessions.map(|&at| &self.invalidated.schedule.sessions[at]);
        let sessions = sessions.map(|session| (session.block, session.attendances.len()));
        let meetings = earlier.iter().filter(|other| other.place == meeting.place);
        let beside: Vec<_> = sessions.chain(meetings.map(|m| (m.block, m.students.len()))).collect();
        places::is_crowded(self.school, meeting.place, (meeting.block, meeting.students.len()), &beside)
    }

    /// The smallest free place that suits.
    fn other_place(&self, meetings: &[Meeting], at: usize) -> Option<PlaceId> {
        let (school, invalidated) = (self.school, &*self.invalidated);
        let meeting = &meetings[at];
        let at_once = |b: BlockId| school[b].overlaps(&school[meeting.block]);
        let used = |place: PlaceId| {
            invalidated.schedule.sessions.iter().any(|s| s.place == Some(place) && at_once(s.block))
                || meetings.iter().any(|other| other.place == place && at_once(other.block))
        };
        let lead =
            meeting.stand_in.or(invalidated.schedule.groups.get(meeting.group).map(|group| group.coach));
        let reached = |place: PlaceId| lead.is_none_or(|lead| school.may_lead_in(lead, place));
        let bans = Bans::new(school);
        let banned = |place: PlaceId| {
            let there = Deployment { block: meeting.block, offering: None, staff: lead, place: Some(place) };
            bans.forbid(there) || meeting.students.iter().any(|&i| bans.forbid_student(i, there))
        };
        let suits = |place: PlaceId| self.place_suits(meeting, place) && reached(place);
        (school.place_ids().filter(|&place| suits(place) && !used(place) && !banned(place)))
            .min_by_key(|&place| school[place].seats)
    }
}
