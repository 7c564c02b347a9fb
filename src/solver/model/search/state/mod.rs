//! A schedule under change: every step is checked against the rules before it is taken, changes the
//! total by its exact worth, and can be taken back.

mod apply;
mod feasibility;
mod journal;

pub(super) use apply::append;

use super::bounds::Bounds;
use super::instance::{Instance, NONE};
use crate::school::*;

/// One running session, study session or meeting. Slots of closed ones are used again.
#[derive(Clone, Debug)]
pub struct Session {
    /// Offering; [`State::study`]; or [`State::meeting`] of a group.
    pub activity: u32,
    pub block: u32,
    /// [`NONE`] if online.
    pub place: u32,
    pub lead: u32,
    pub assistants: Vec<u32>,
    /// Whether others may use its place at the same time.
    pub shares: bool,
    /// Students it may hold, by offering, assistants and seats.
    pub capacity: u32,
    /// (student, need met or [`NONE`])
    pub members: Vec<(u32, u32)>,
    /// Demanded by a pin: stays as it is, its students may change.
    pub pinned: bool,
    pub running: bool,
    /// Positions in [`State::running`], [`State::sessions_of`] and the list of its site.
    pub(super) positions: [u32; 3],
    /// The list of its site.
    pub(super) list: u32,
}

/// A running session where its block is asked for before anything else of it.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub session: u32,
    pub block: u32,
    /// Whether it holds as many students as it may.
    pub full: bool,
}

/// A coaching group.
#[derive(Clone, Debug)]
pub struct Group {
    pub coach: u32,
    pub students: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Open(u32),
    Close(u32),
    Attend(u32, u32),
    Leave(u32, u32, u32),
    Assist(u32, u32),
    Dismiss(u32, u32),
    Coach(u32, u32),
    Hold(u32, u32),
    Join(u32, u32),
}

/// A point to return to.
#[derive(Clone, Copy, Debug)]
pub struct Savepoint {
    steps: usize,
    pub total: f64,
}

#[derive(Clone, Debug)]
pub struct State<'a> {
    pub x: &'a Instance<'a>,
    pub total: f64,
    pub sessions: Vec<Session>,
    spare: Vec<u32>,
    closed: Vec<u32>,
    /// Running sessions and study sessions, without meetings.
    pub running: Vec<u32>,
    /// Per activity: running sessions.
    pub sessions_of: Vec<Vec<u32>>,
    /// Per offering, or study, and site (last: at no site): running sessions.
    by_site: Vec<Vec<Held>>,
    /// Student x moment, staff x moment: the session they are in.
    student_at: Vec<u32>,
    staff_at: Vec<u32>,
    /// Student x moment: the need met there.
    need_at: Vec<u32>,
    /// Per need: a session in which it is met, the only one where it asks for one.
    held_in: Vec<u32>,
    pub met: Vec<u32>,
    /// Unmet must and should sessions per student, history included.
    pub unmet: Vec<u32>,
    pub present: Vec<u32>,
    pub attended_meetings: Vec<u32>,
    /// Deployments per staff member, and the blocks of packages held.
    pub load: Vec<u32>,
    pub package_load: Vec<u32>,
    day_load: Vec<u32>,
    place_sessions: Vec<u32>,
    /// Of places for several sessions at once.
    place_students: Vec<u32>,
    /// Per block and demand of the reserve: how many stand by; per staff member, block and demand: whether they do.
    pub(super) standby: Vec<u32>,
    stands_by: Vec<bool>,
    pub(super) spent: Vec<f64>,
    /// Needs with sessions missing, with the position of each need in it.
    pub open_needs: Vec<u32>,
    pub(super) open_position: Vec<u32>,
    pub groups: Vec<Group>,
    pub group_of: Vec<u32>,
    /// Groups by coaching key, and per group its list there.
    peers: Vec<Vec<u32>>,
    peers_of: Vec<u32>,
    /// Package holders, `people` slots per package in order.
    pub holders: Vec<u32>,
    pub package_of_slot: Vec<u32>,
    /// What may be changed now: everything, or a region's part.
    pub bounds: Bounds,
    journal: Vec<Step>,
}

impl<'a> State<'a> {
    /// The empty week: nothing runs, everything is missing.
    pub fn new(x: &'a Instance<'a>) -> Self {
        let school = x.school;
        let (students, staff, places) = (school.students.len(), school.staff.len(), school.places.len());
        let mut unmet: Vec<u32> = school.students.iter().map(|s| s.missed_before).collect();
        for need in school.needs.iter().filter(|need| need.priority.counts_for_fairness()) {
            let unmet = &mut unmet[need.student.index()];
            *unmet = unmet.saturating_add(need.sessions);
        }
        let demands = x.sets.standby.demands.len() * school.blocks.len();
        let package_of_slot: Vec<u32> = school
            .packages
            .iter()
            .enumerate()
            .flat_map(|(p, package)| std::iter::repeat_n(p as u32, package.people as usize))
            .collect();
        let mut state = Self {
            x,
            total: 0.0,
            sessions: Vec::new(),
            spare: Vec::new(),
            closed: Vec::new(),
            running: Vec::new(),
            sessions_of: vec![Vec::new(); school.offerings.len() + 1],
            by_site: vec![Vec::new(); (school.offerings.len() + 1) * (school.sites.len() + 1)],
            student_at: vec![NONE; students * x.moments],
            staff_at: vec![NONE; staff * x.moments],
            need_at: vec![NONE; students * x.moments],
            held_in: vec![NONE; school.needs.len()],
            met: vec![0; school.needs.len()],
            unmet,
            present: vec![0; students],
            attended_meetings: vec![0; students],
            load: vec![0; staff],
            package_load: vec![0; staff],
            day_load: vec![0; staff * school.days.len()],
            place_sessions: vec![0; places * x.moments],
            place_students: vec![0; places * x.moments],
            standby: vec![0; demands],
            stands_by: vec![false; staff * demands],
            spent: vec![0.0; school.budgets.len()],
            open_needs: (0..school.needs.len() as u32).collect(),
            open_position: (0..school.needs.len() as u32).collect(),
            groups: Vec::new(),
            peers: Vec::new(),
            peers_of: Vec::new(),
            group_of: vec![NONE; students],
            holders: vec![NONE; package_of_slot.len()],
            package_of_slot,
            bounds: Bounds::whole(school, x.sets),
            journal: Vec::new(),
        };
        state.total = state.worth_of_nothing();
        (0..staff as u32).for_each(|s| state.recount_standby(s, None));
        state
    }

    fn worth_of_nothing(&self) -> f64 {
        let weights = &self.x.school.weights;
        let fairness: f64 = self.unmet.iter().map(|&u| f64::from(u) * (f64::from(u) - 1.0) / 2.0).sum();
        let presence = self.x.presence.iter().copied();
        let meetings = self.x.meetings.iter().copied();
        let min_blocks = self.x.school.staff.iter().map(|s| s.min_blocks);
        let missing: u64 = presence.chain(meetings).chain(min_blocks).map(u64::from).sum();
        -weights.fairness * fairness - weights.should * missing as f64
    }

    /// About how many bytes a copy takes, once the week is full.
    pub fn bytes(&self) -> u64 {
        let numbers = [
            &self.student_at,
            &self.staff_at,
            &self.need_at,
            &self.unmet,
            &self.present,
            &self.attended_meetings,
            &self.load,
            &self.day_load,
            &self.place_sessions,
            &self.place_students,
            &self.group_of,
        ];
        let of_needs = [&self.held_in, &self.met, &self.open_needs, &self.open_position];
        let sizes: usize = numbers.iter().chain(&of_needs).map(|list| list.len() * size_of::<u32>()).sum();
        // Attendances, and sessions with a handful of students each at worst.
        let attendances = self.met.len() * 2 * size_of::<(u32, u32)>();
        let sessions = self.met.len() / 8 * size_of::<Session>();
        (sizes + attendances + sessions) as u64
    }

    /// The activity of study sessions.
    pub fn study(&self) -> u32 {
        self.x.school.offerings.len() as u32
    }

    /// The activity of meetings of a group.
    pub fn meeting(&self, group: u32) -> u32 {
        self.study() + 1 + group
    }

    /// The group whose meeting this is.
    pub fn group_met(&self, activity: u32) -> Option<u32> {
        activity.checked_sub(self.study() + 1)
    }

    fn offering(&self, activity: u32) -> Option<&'a Offering> {
        self.x.school.offerings.get(activity as usize)
    }

    fn block(&self, block: u32) -> &'a Block {
        &self.x.school.blocks[block as usize]
    }

    fn list_of(&self, activity: u32, place: u32) -> usize {
        let sites = self.x.school.sites.len();
        activity as usize * (sites + 1) + self.site_at_hand(place).map_or(sites, Id::index)
    }

    /// The site of the place; of what needs no place that of the region, if there is one.
    pub fn site_at_hand(&self, place: u32) -> Option<SiteId> {
        self.x.site_of(place).or(self.bounds.site)
    }

    /// Running sessions of the offering, or study, that a student of the site can reach, as lists.
    pub fn sessions_at(&self, activity: u32, site: Option<SiteId>) -> impl Iterator<Item = &Vec<Held>> {
        let lists = self.x.school.sites.len() + 1;
        let of_activity = &self.by_site[activity as usize * lists..(activity as usize + 1) * lists];
        let (here, rest) = match site {
            Some(site) if self.bounds.site.is_some() => {
                (std::slice::from_ref(&of_activity[site.index()]), &of_activity[..0])
            }
            Some(site) => (std::slice::from_ref(&of_activity[site.index()]), &of_activity[lists - 1..]),
            None => (of_activity, &of_activity[..0]),
        };
        here.iter().chain(rest)
    }

    /// Groups of the same coaching key, the group among them.
    pub fn peers(&self, group: u32) -> &[u32] {
        &self.peers[self.peers_of[group as usize] as usize]
    }

    /// Fewest students of a session of the offering: one where `min` asks for none, as a lead without students is lost
    /// to all others.
    pub fn least(&self, o: u32) -> u32 {
        self.x.school.offerings[o as usize].min.max(1)
    }

    pub fn savepoint(&self) -> Savepoint {
        Savepoint { steps: self.journal.len(), total: self.total }
    }

    /// Takes back every step since the savepoint.
    pub fn roll_back(&mut self, savepoint: Savepoint) {
        while self.journal.len() > savepoint.steps {
            let Some(step) = self.journal.pop() else { break };
            match step {
                Step::Open(k) => {
                    self.raw_close(k);
                    self.spare.push(k);
                }
                Step::Close(k) => {
                    self.closed.pop();
                    self.raw_open(k);
                }
                Step::Attend(k, i) => {
                    self.raw_leave(k, i);
                }
                Step::Leave(k, i, n) => self.raw_attend(k, i, n),
                Step::Assist(k, s) => self.raw_dismiss(k, s),
                Step::Dismiss(k, s) => self.raw_assist(k, s),
                Step::Coach(g, s) => {
                    self.raw_coach(g, s);
                }
                Step::Hold(slot, s) => {
                    self.raw_hold(slot, s);
                }
                Step::Join(i, g) => {
                    self.raw_join(i, g);
                }
            }
        }
        self.total = savepoint.total;
    }

    /// Makes every step so far final.
    pub fn commit(&mut self) {
        self.journal.clear();
        self.spare.append(&mut self.closed);
    }
}
