//! Steps that can be taken back: each changes the state and is written in the journal.

use super::{Group, Session, State, Step};
use crate::model::search::coaches;
use crate::model::search::instance::NONE;

/// Groups that may be added to those of a key, for every one that it has.
const MOST_SPARE: usize = 2;

impl State<'_> {
    /// Starts an empty session. The caller has asked [`State::may_deploy`] and [`State::place_open`].
    pub fn open(&mut self, activity: u32, block: u32, place: u32, lead: u32) -> u32 {
        let seats = self.x.school.places.get(place as usize).map_or(u32::MAX, |p| p.seats);
        // The lists of a session that has ended are long enough by now.
        let spare = self.spare.pop();
        let (mut assistants, mut members) = spare.map_or_else(Default::default, |k| {
            let ended = &mut self.sessions[k as usize];
            (std::mem::take(&mut ended.assistants), std::mem::take(&mut ended.members))
        });
        assistants.clear();
        members.clear();
        let session = Session {
            activity,
            block,
            place,
            lead,
            assistants,
            shares: self.x.school.places.get(place as usize).is_some_and(|place| place.parallel > 1),
            capacity: self.offering(activity).map_or(seats, |o| o.max.min(seats)),
            members,
            pinned: false,
            running: false,
            positions: [0; 3],
            list: NONE,
        };
        let k = match spare {
            Some(k) => {
                self.sessions[k as usize] = session;
                k
            }
            None => {
                self.sessions.push(session);
                self.sessions.len() as u32 - 1
            }
        };
        self.raw_open(k);
        self.journal.push(Step::Open(k));
        k
    }

    /// Ends a session without students and assistants.
    pub fn close(&mut self, k: u32) {
        self.raw_close(k);
        self.closed.push(k);
        self.journal.push(Step::Close(k));
    }

    pub fn attend(&mut self, i: u32, n: u32, k: u32) {
        self.total += self.gain(i, n, k);
        self.raw_attend(k, i, n);
        self.journal.push(Step::Attend(k, i));
    }

    /// Takes the student out and tells the need that the attendance met.
    pub fn leave(&mut self, i: u32, k: u32) -> u32 {
        let n = self.raw_leave(k, i);
        self.total -= self.gain(i, n, k);
        self.journal.push(Step::Leave(k, i, n));
        n
    }

    pub fn assist(&mut self, k: u32, s: u32) {
        self.raw_assist(k, s);
        self.journal.push(Step::Assist(k, s));
    }

    pub fn dismiss(&mut self, k: u32, s: u32) {
        self.raw_dismiss(k, s);
        self.journal.push(Step::Dismiss(k, s));
    }

    /// Gives the group another coach; its meetings must have been closed.
    pub fn set_coach(&mut self, group: u32, coach: u32) {
        let before = self.raw_coach(group, coach);
        self.journal.push(Step::Coach(group, before));
    }

    /// Moves the student to another group; meetings of both must have been closed.
    pub fn join(&mut self, i: u32, group: u32) {
        let before = self.raw_join(i, group);
        self.journal.push(Step::Join(i, before));
    }

    /// Gives the slot of a package to another holder.
    pub fn hold(&mut self, slot: u32, staff: u32) {
        let before = self.raw_hold(slot, staff);
        self.journal.push(Step::Hold(slot, before));
    }

    /// New groups of one coaching key, empty and without a coach.
    pub fn new_groups(&mut self, count: usize) -> Vec<u32> {
        self.peers.push(Vec::new());
        self.add_groups(self.peers.len() - 1, count)
    }

    fn add_groups(&mut self, key: usize, count: usize) -> Vec<u32> {
        let first = self.groups.len() as u32;
        let groups: Vec<u32> = (first..first + count as u32).collect();
        for _ in &groups {
            self.groups.push(Group { coach: NONE, students: Vec::new() });
            self.sessions_of.push(Vec::new());
            self.peers_of.push(key as u32);
        }
        self.peers[key].extend(&groups);
        groups
    }

    /// Adds empty groups, so that every key has as many as its students could ever form.
    pub fn add_spare_groups(&mut self) {
        let Some(coaching) = &self.x.school.coaching else { return };
        for key in 0..self.peers.len() {
            let students = self.peers[key].iter().map(|&g| self.groups[g as usize].students.len()).sum();
            let most = coaches::bounds(students, coaching).1.min(self.peers[key].len() * MOST_SPARE);
            self.add_groups(key, most.saturating_sub(self.peers[key].len()));
        }
    }
}
