//! A schedule under change: every step is checked against the rules before it is taken, changes the
//! total by its exact worth, and can be taken back.

use std::ops::Range;

use super::instance::{Instance, NONE};
use super::region::Bounds;
use crate::model::sets;
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
    /// Students it may hold, by offering, assistants and seats.
    pub capacity: u32,
    /// (student, need met or [`NONE`])
    pub members: Vec<(u32, u32)>,
    /// Demanded by a pin: stays as it is, its students may change.
    pub pinned: bool,
    pub running: bool,
    /// Positions in [`State::running`], [`State::sessions_of`] and the list of its site.
    pub(super) positions: [u32; 3],
}

/// A running session where its block is asked for before anything else of it.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub session: u32,
    pub block: u32,
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
pub struct Mark {
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
    place_students: Vec<u32>,
    /// Per block: staff neither busy nor deployed.
    pub(super) idle: Vec<u32>,
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
    steps: Vec<Step>,
}

impl<'a> State<'a> {
    /// The empty week: nothing runs, everything is missing.
    pub fn new(x: &'a Instance<'a>) -> Self {
        let school = x.school;
        let (students, staff, places) = (school.students.len(), school.staff.len(), school.places.len());
        let mut unmet: Vec<u32> = school.students.iter().map(|s| s.missed_before).collect();
        for need in school.needs.iter().filter(|need| need.priority.counts_for_fairness()) {
            unmet[need.student.index()] += need.sessions;
        }
        let idle = school
            .block_ids()
            .map(|b| school.staff_ids().filter(|&s| school.staff_free[(s, b)]).count() as u32)
            .collect();
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
            met: vec![0; school.needs.len()],
            unmet,
            present: vec![0; students],
            attended_meetings: vec![0; students],
            load: vec![0; staff],
            package_load: vec![0; staff],
            day_load: vec![0; staff * school.days.len()],
            place_sessions: vec![0; places * x.moments],
            place_students: vec![0; places * x.moments],
            idle,
            spent: vec![0.0; school.budgets.len()],
            open_needs: (0..school.needs.len() as u32).collect(),
            open_position: (0..school.needs.len() as u32).collect(),
            groups: Vec::new(),
            peers: Vec::new(),
            peers_of: Vec::new(),
            group_of: vec![NONE; students],
            holders: vec![NONE; package_of_slot.len()],
            package_of_slot,
            bounds: Bounds::whole(school),
            steps: Vec::new(),
        };
        state.total = state.worth_of_nothing();
        state
    }

    fn worth_of_nothing(&self) -> f64 {
        let weights = &self.x.school.weights;
        let fairness: f64 = self.unmet.iter().map(|&u| f64::from(u) * (f64::from(u) - 1.0) / 2.0).sum();
        let presence: u32 = self.x.presence.iter().sum();
        let meetings: u32 = self.x.meetings.iter().sum();
        let min_blocks: u32 = self.x.school.staff.iter().map(|s| s.min_blocks).sum();
        -weights.fairness * fairness - weights.should * f64::from(presence + meetings + min_blocks)
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
        let of_needs = [&self.met, &self.open_needs, &self.open_position];
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

    // ---- marks -------------------------------------------------------------------------------------

    pub fn mark(&self) -> Mark {
        Mark { steps: self.steps.len(), total: self.total }
    }

    /// Takes back every step since the mark.
    pub fn roll_back(&mut self, mark: Mark) {
        while self.steps.len() > mark.steps {
            let Some(step) = self.steps.pop() else { break };
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
        self.total = mark.total;
    }

    /// Makes every step so far final.
    pub fn commit(&mut self) {
        self.steps.clear();
        self.spare.append(&mut self.closed);
    }

    // ---- questions ---------------------------------------------------------------------------------

    /// Where the block stands in a table of people, or places, x moments.
    fn moments(&self, row: u32, block: u32) -> Range<usize> {
        let of_block = &self.x.moments_of[block as usize];
        let first = row as usize * self.x.moments;
        first + of_block.start..first + of_block.end
    }

    /// Where the day stands in a table of people x moments.
    fn day_of(&self, row: u32, day: DayId) -> Range<usize> {
        let of_day = &self.x.moments_of_day[day.index()];
        let first = row as usize * self.x.moments;
        first + of_day.start..first + of_day.end
    }

    /// The session the student is in at some moment of the block.
    pub fn student_in(&self, i: u32, block: u32) -> Option<u32> {
        self.student_at[self.moments(i, block)].iter().copied().find(|&k| k != NONE)
    }

    /// The session in which the student has the need met and that `wanted` holds for, the first in the week.
    pub fn attendance_for(&self, i: u32, n: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let week = i as usize * self.x.moments..(i as usize + 1) * self.x.moments;
        let attended = self.need_at[week.clone()].iter().zip(&self.student_at[week]);
        attended.filter(|&(&met, _)| met == n).map(|(_, &k)| k).find(|&k| wanted(k))
    }

    /// The sessions the staff member is deployed in at the block's moments, each once.
    pub fn staff_sessions(&self, s: u32, block: u32) -> Vec<u32> {
        distinct(&self.staff_at[self.moments(s, block)]).collect()
    }

    fn staff_idle(&self, s: u32, block: u32) -> bool {
        self.staff_at[self.moments(s, block)].iter().all(|&k| k == NONE)
    }

    /// All sessions of the staff member on a day, each once, in time order.
    fn staff_day(&self, s: u32, day: DayId) -> impl Iterator<Item = u32> + '_ {
        distinct(&self.staff_at[self.day_of(s, day)])
    }

    /// All sessions of the staff member in the week, each once.
    pub fn staff_week(&self, s: u32) -> Vec<u32> {
        ids::<DayId>(self.x.school.days.len()).flat_map(|day| self.staff_day(s, day)).collect()
    }

    fn student_day(&self, i: u32, day: DayId) -> impl Iterator<Item = u32> + '_ {
        distinct(&self.student_at[self.day_of(i, day)])
    }

    /// Whether the person may be deployed in the block at the place: R1, R4, R5, budgets and reserve.
    pub fn may_deploy(&self, s: u32, block: u32, place: u32) -> bool {
        let school = self.x.school;
        let staff = &school.staff[s as usize];
        let b = self.block(block);
        if !school.staff_free[(StaffId::new(s as usize), BlockId::new(block as usize))]
            || !self.bounds.staff[s as usize]
            || !self.staff_idle(s, block)
            || staff
                .max_blocks
                .is_some_and(|max| self.load[s as usize] + self.package_load[s as usize] >= max)
            || staff
                .max_per_day
                .is_some_and(|max| self.day_load[s as usize * school.days.len() + b.day.index()] >= max)
        {
            return false;
        }
        let site = self.x.site_of(place);
        sets::works_at(staff, site)
            && staff.max_in_a_row.is_none_or(|max| self.row_with(s, block) <= max)
            && (!self.x.has_travel || site.is_none_or(|site| self.has_time_to_travel(s, b, site)))
            && self.within_budget(s)
            && self.reserve_left(s, block)
    }

    /// Longest chain of blocks in a row on the day, the block included.
    fn row_with(&self, s: u32, block: u32) -> u32 {
        let mut blocks: Vec<u32> = self
            .staff_day(s, self.block(block).day)
            .map(|k| self.sessions[k as usize].block)
            .chain([block])
            .collect();
        blocks.sort_by_key(|&b| (self.block(b).start, self.block(b).end));
        let mut lengths = vec![1; blocks.len()];
        for later in 1..blocks.len() {
            for earlier in 0..later {
                let next = &self.x.sets.next_in_a_row[blocks[earlier] as usize];
                if next.contains(&BlockId::new(blocks[later] as usize)) {
                    lengths[later] = lengths[later].max(lengths[earlier] + 1);
                }
            }
        }
        lengths.into_iter().max().unwrap_or(1)
    }

    fn has_time_to_travel(&self, s: u32, b: &Block, site: SiteId) -> bool {
        self.staff_day(s, b.day).all(|k| {
            let other = &self.sessions[k as usize];
            self.x.site_of(other.place).is_none_or(|from| {
                sets::minutes_between(b, self.block(other.block)) >= self.x.school.travel[(from, site)]
            })
        })
    }

    fn within_budget(&self, s: u32) -> bool {
        let school = self.x.school;
        let cost = school.staff[s as usize].cost;
        self.bounds.budgets.iter().enumerate().all(|(index, budget)| {
            !self.x.in_budget[s as usize][index] || self.spent[index] + cost <= budget + 1e-9
        })
    }

    fn reserve_left(&self, s: u32, block: u32) -> bool {
        let school = self.x.school;
        school.staff_per_block == 0
            || self.x.sets.overlapping[block as usize].iter().all(|&b| {
                !school.staff_free[(StaffId::new(s as usize), b)]
                    || !self.staff_idle(s, b.index() as u32)
                    || self.idle[b.index()] > self.bounds.least_idle[b.index()]
            })
    }

    /// Whether one more session can be held there in the block (R2, seats not considered).
    pub fn place_open(&self, place: u32, block: u32) -> bool {
        let school = self.x.school;
        let parallel = school.places[place as usize].parallel;
        school.place_free[(PlaceId::new(place as usize), BlockId::new(block as usize))]
            && self.place_sessions[self.moments(place, block)].iter().all(|&held| held < parallel)
    }

    /// Seats still free in the place throughout the block.
    pub fn seats_left(&self, place: u32, block: u32) -> u32 {
        let taken = self.place_students[self.moments(place, block)].iter().max();
        self.x.school.places[place as usize].seats.saturating_sub(taken.copied().unwrap_or(0))
    }

    pub fn has_seat(&self, k: u32) -> bool {
        let session = &self.sessions[k as usize];
        (session.members.len() as u32) < session.capacity
            && (session.place == NONE
                || self.x.school.places[session.place as usize].parallel == 1
                || self.seats_left(session.place, session.block) > 0)
    }

    /// Whether the student is invited, not busy and in nothing else at the block.
    pub fn student_open(&self, i: u32, block: u32) -> bool {
        self.x.school.student_free[(StudentId::new(i as usize), BlockId::new(block as usize))]
            && self.student_in(i, block).is_none()
    }

    /// Whether the student could be in the session for the need if there were a seat and the student had
    /// nothing else then: everything of R3, R5, R6 and R8 that concerns the pair.
    pub fn suits(&self, i: u32, n: u32, k: u32) -> bool {
        let x = self.x;
        let session = &self.sessions[k as usize];
        let lead = StaffId::new(session.lead as usize);
        if !x.school.student_free[(StudentId::new(i as usize), BlockId::new(session.block as usize))]
            || !sets::attends_at(x.site_of_student[i as usize], self.site_at_hand(session.place))
            || (x.student_banned[i as usize]
                && std::iter::once(&session.lead)
                    .chain(&session.assistants)
                    .any(|&s| self.bans(i, session, s)))
            || (!x.apart[i as usize].is_empty()
                && session.members.iter().any(|&(j, _)| x.apart[i as usize].contains(&j)))
        {
            return false;
        }
        if x.school.own_staff == OwnStaff::Require
            && !sets::own_staff_allows(x.school, lead, StudentId::new(i as usize))
        {
            return false;
        }
        let Some(offering) = self.offering(session.activity) else {
            // Study: only what is missing to the minimum.
            return self.present[i as usize] < x.presence[i as usize];
        };
        let need = &x.needs[n as usize];
        let met = self.met[n as usize];
        met < need.sessions
            && x.sets.offerings_of[n as usize].contains(&OfferingId::new(session.activity as usize))
            && need.with.is_none_or(|with| x.is_qualified(session.lead, with))
            && ((need.alone && met < offering.per_day)
                || self.taken_on_day(i, session.activity, session.block) < offering.per_day)
            && offering
                .after
                .is_none_or(|after| self.attended_before(i, after.index() as u32, session.block, NONE))
    }

    /// Whether a ban keeps the student out of the session because of this member of its staff.
    pub fn bans(&self, i: u32, session: &Session, s: u32) -> bool {
        let offering = self.offering(session.activity).map(|_| session.activity);
        self.x.attendance_banned(i, session.block, offering, s, session.place)
    }

    /// Sessions of the offering the student has on the day of the block.
    fn taken_on_day(&self, i: u32, activity: u32, block: u32) -> u32 {
        self.student_day(i, self.block(block).day)
            .filter(|&k| self.sessions[k as usize].activity == activity)
            .count() as u32
    }

    /// Whether the student attends the activity before the block, in a session other than `except`.
    fn attended_before(&self, i: u32, activity: u32, block: u32, except: u32) -> bool {
        self.sessions_attended(i).any(|k| {
            let session = &self.sessions[k as usize];
            k != except
                && session.activity == activity
                && sets::before(self.block(session.block), self.block(block))
        })
    }

    /// All sessions of the student in the week, each once, in time order.
    pub fn sessions_attended(&self, i: u32) -> impl Iterator<Item = u32> + '_ {
        ids::<DayId>(self.x.school.days.len()).flat_map(move |day| self.student_day(i, day))
    }

    /// Sessions of the student that hold only because they attend `k` before them (`after`).
    pub fn dependents(&self, i: u32, k: u32) -> Vec<u32> {
        let activity = self.sessions[k as usize].activity;
        if self.x.followed.get(activity as usize) != Some(&true) {
            return Vec::new();
        }
        self.sessions_attended(i)
            .filter(|&later| {
                let session = &self.sessions[later as usize];
                later != k
                    && self
                        .offering(session.activity)
                        .is_some_and(|o| o.after.is_some_and(|after| after.index() as u32 == activity))
                    && !self.attended_before(i, activity, session.block, k)
            })
            .collect()
    }

    /// What the total gains if the student now attends the session for the need.
    pub fn gain(&self, i: u32, n: u32, k: u32) -> f64 {
        let session = &self.sessions[k as usize];
        self.gain_of(i, n, session.activity, session.block, session.lead)
    }

    pub fn gain_of(&self, i: u32, n: u32, activity: u32, block: u32, lead: u32) -> f64 {
        let school = self.x.school;
        let weights = &school.weights;
        let mut gain = 0.0;
        if n != NONE {
            let need = &self.x.needs[n as usize];
            gain += need.value;
            if need.counts_for_fairness {
                gain += weights.fairness * (f64::from(self.unmet[i as usize]) - 1.0);
            }
            gain += self.x.extra(n, lead);
        } else if self.group_met(activity).is_some()
            && self.attended_meetings[i as usize] < self.x.meetings[i as usize]
        {
            gain += weights.should;
        }
        if self.block(block).kind.counts_as_presence()
            && self.present[i as usize] < self.x.presence[i as usize]
        {
            gain += weights.should;
        }
        gain
    }

    // ---- steps -------------------------------------------------------------------------------------

    /// Starts an empty session. The caller has asked [`State::may_deploy`] and [`State::place_open`].
    pub fn open(&mut self, activity: u32, block: u32, place: u32, lead: u32) -> u32 {
        let seats = self.x.school.places.get(place as usize).map_or(u32::MAX, |p| p.seats);
        let session = Session {
            activity,
            block,
            place,
            lead,
            assistants: Vec::new(),
            capacity: self.offering(activity).map_or(seats, |o| o.max.min(seats)),
            members: Vec::new(),
            pinned: false,
            running: false,
            positions: [0; 3],
        };
        let k = match self.spare.pop() {
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
        self.steps.push(Step::Open(k));
        k
    }

    /// Ends a session without students and assistants.
    pub fn close(&mut self, k: u32) {
        self.raw_close(k);
        self.closed.push(k);
        self.steps.push(Step::Close(k));
    }

    pub fn attend(&mut self, i: u32, n: u32, k: u32) {
        self.raw_attend(k, i, n);
        self.steps.push(Step::Attend(k, i));
    }

    /// Takes the student out and tells the need that the attendance met.
    pub fn leave(&mut self, i: u32, k: u32) -> u32 {
        let n = self.raw_leave(k, i);
        self.steps.push(Step::Leave(k, i, n));
        n
    }

    pub fn assist(&mut self, k: u32, s: u32) {
        self.raw_assist(k, s);
        self.steps.push(Step::Assist(k, s));
    }

    pub fn dismiss(&mut self, k: u32, s: u32) {
        self.raw_dismiss(k, s);
        self.steps.push(Step::Dismiss(k, s));
    }

    /// Gives the group another coach; its meetings must have been closed.
    pub fn set_coach(&mut self, group: u32, coach: u32) {
        let before = self.raw_coach(group, coach);
        self.steps.push(Step::Coach(group, before));
    }

    /// Moves the student to another group; meetings of both must have been closed.
    pub fn join(&mut self, i: u32, group: u32) {
        let before = self.raw_join(i, group);
        self.steps.push(Step::Join(i, before));
    }

    /// Gives the slot of a package to another holder.
    pub fn hold(&mut self, slot: u32, staff: u32) {
        let before = self.raw_hold(slot, staff);
        self.steps.push(Step::Hold(slot, before));
    }

    /// New groups of one coaching key, empty and without a coach.
    pub fn new_groups(&mut self, count: usize) -> Vec<u32> {
        let first = self.groups.len() as u32;
        let groups: Vec<u32> = (first..first + count as u32).collect();
        for _ in &groups {
            self.groups.push(Group { coach: NONE, students: Vec::new() });
            self.sessions_of.push(Vec::new());
            self.peers_of.push(self.peers.len() as u32);
        }
        self.bounds.groups.extend(&groups);
        self.peers.push(groups.clone());
        groups
    }

    // ---- the same without a journal ----------------------------------------------------------------

    fn raw_open(&mut self, k: u32) {
        let Session { activity, block, place, lead, .. } = self.sessions[k as usize];
        self.deploy(lead, block, k);
        if place != NONE {
            let at = self.moments(place, block);
            self.place_sessions[at].iter_mut().for_each(|held| *held += 1);
        }
        self.total += self.likes(activity, lead);
        let mut positions = [0; 3];
        if activity <= self.study() {
            positions[0] = append(&mut self.running, k);
            let list = self.list_of(activity, place);
            positions[2] = append(&mut self.by_site[list], Held { session: k, block });
        }
        positions[1] = append(&mut self.sessions_of[activity as usize], k);
        let session = &mut self.sessions[k as usize];
        session.positions = positions;
        session.running = true;
    }

    fn raw_close(&mut self, k: u32) {
        let Session { activity, block, place, lead, positions, .. } = self.sessions[k as usize];
        self.withdraw(lead, block);
        if place != NONE {
            let at = self.moments(place, block);
            self.place_sessions[at].iter_mut().for_each(|held| *held -= 1);
        }
        self.total -= self.likes(activity, lead);
        let of_activity = &mut self.sessions_of[activity as usize];
        remove(of_activity, &mut self.sessions, positions, 1);
        if activity <= self.study() {
            remove(&mut self.running, &mut self.sessions, positions, 0);
            let list = self.list_of(activity, place);
            let of_site = &mut self.by_site[list];
            of_site.swap_remove(positions[2] as usize);
            if let Some(moved) = of_site.get(positions[2] as usize) {
                self.sessions[moved.session as usize].positions[2] = positions[2];
            }
        }
        self.sessions[k as usize].running = false;
    }

    fn likes(&self, activity: u32, lead: u32) -> f64 {
        let school = self.x.school;
        let liked = (activity as usize) < school.offerings.len()
            && school.staff[lead as usize].likes.contains(&OfferingId::new(activity as usize));
        if liked { school.weights.likes } else { 0.0 }
    }

    fn deploy(&mut self, s: u32, block: u32, k: u32) {
        let x = self.x;
        if x.school.staff_per_block > 0 {
            for &b in &x.sets.overlapping[block as usize] {
                if x.school.staff_free[(StaffId::new(s as usize), b)] && self.staff_idle(s, b.index() as u32)
                {
                    self.idle[b.index()] -= 1;
                }
            }
        }
        let at = self.moments(s, block);
        self.staff_at[at].fill(k);
        let staff = &x.school.staff[s as usize];
        if self.load[s as usize] < staff.min_blocks {
            self.total += x.school.weights.should;
        }
        self.load[s as usize] += 1;
        let day = self.block(block).day.index();
        self.day_load[s as usize * x.school.days.len() + day] += 1;
        for (spent, covered) in self.spent.iter_mut().zip(&x.in_budget[s as usize]) {
            if *covered {
                *spent += staff.cost;
            }
        }
    }

    fn withdraw(&mut self, s: u32, block: u32) {
        let x = self.x;
        let at = self.moments(s, block);
        self.staff_at[at].fill(NONE);
        let staff = &x.school.staff[s as usize];
        self.load[s as usize] -= 1;
        if self.load[s as usize] < staff.min_blocks {
            self.total -= x.school.weights.should;
        }
        let day = self.block(block).day.index();
        self.day_load[s as usize * x.school.days.len() + day] -= 1;
        for (spent, covered) in self.spent.iter_mut().zip(&x.in_budget[s as usize]) {
            if *covered {
                *spent -= staff.cost;
            }
        }
        if x.school.staff_per_block > 0 {
            for &b in &x.sets.overlapping[block as usize] {
                if x.school.staff_free[(StaffId::new(s as usize), b)] && self.staff_idle(s, b.index() as u32)
                {
                    self.idle[b.index()] += 1;
                }
            }
        }
    }

    fn raw_attend(&mut self, k: u32, i: u32, n: u32) {
        self.total += self.gain(i, n, k);
        self.count(k, i, n, 1);
        self.sessions[k as usize].members.push((i, n));
        let at = self.moments(i, self.sessions[k as usize].block);
        self.student_at[at.clone()].fill(k);
        self.need_at[at].fill(n);
    }

    fn raw_leave(&mut self, k: u32, i: u32) -> u32 {
        let session = &mut self.sessions[k as usize];
        let position = session.members.iter().position(|&(j, _)| j == i).expect("a member of the session");
        let (_, n) = session.members.swap_remove(position);
        let at = self.moments(i, self.sessions[k as usize].block);
        self.student_at[at.clone()].fill(NONE);
        self.need_at[at].fill(NONE);
        self.count(k, i, n, -1);
        self.total -= self.gain(i, n, k);
        n
    }

    fn count(&mut self, k: u32, i: u32, n: u32, by: i32) {
        let Session { activity, block, place, .. } = self.sessions[k as usize];
        if place != NONE {
            let at = self.moments(place, block);
            self.place_students[at].iter_mut().for_each(|held| *held = held.wrapping_add_signed(by));
        }
        if self.block(block).kind.counts_as_presence() {
            self.present[i as usize] = self.present[i as usize].wrapping_add_signed(by);
        }
        if n != NONE {
            let need = &self.x.needs[n as usize];
            let met = self.met[n as usize].wrapping_add_signed(by);
            self.met[n as usize] = met;
            if need.counts_for_fairness {
                self.unmet[i as usize] = self.unmet[i as usize].wrapping_add_signed(-by);
            }
            self.set_open(n, met < need.sessions);
        } else if self.group_met(activity).is_some() {
            self.attended_meetings[i as usize] = self.attended_meetings[i as usize].wrapping_add_signed(by);
        }
    }

    fn set_open(&mut self, n: u32, open: bool) {
        let position = self.open_position[n as usize];
        if open && position == NONE {
            self.open_position[n as usize] = self.open_needs.len() as u32;
            self.open_needs.push(n);
        } else if !open && position != NONE {
            self.open_needs.swap_remove(position as usize);
            if let Some(&moved) = self.open_needs.get(position as usize) {
                self.open_position[moved as usize] = position;
            }
            self.open_position[n as usize] = NONE;
        }
    }

    fn raw_assist(&mut self, k: u32, s: u32) {
        let block = self.sessions[k as usize].block;
        self.deploy(s, block, k);
        self.sessions[k as usize].assistants.push(s);
        self.set_capacity(k);
    }

    fn raw_dismiss(&mut self, k: u32, s: u32) {
        let block = self.sessions[k as usize].block;
        self.withdraw(s, block);
        self.sessions[k as usize].assistants.retain(|&assistant| assistant != s);
        self.set_capacity(k);
    }

    fn set_capacity(&mut self, k: u32) {
        let session = &self.sessions[k as usize];
        if let Some(offering) = self.offering(session.activity) {
            let seats = self.x.school.places.get(session.place as usize).map_or(u32::MAX, |p| p.seats);
            let most = offering.max + session.assistants.len() as u32 * offering.per_assistant;
            self.sessions[k as usize].capacity = most.min(seats);
        }
    }

    fn raw_coach(&mut self, group: u32, coach: u32) -> u32 {
        let weight = self.x.school.weights.coach_kept;
        let before = std::mem::replace(&mut self.groups[group as usize].coach, coach);
        let kept = |coach: u32| {
            let members = self.groups[group as usize].students.iter();
            members.filter(|&&i| self.keeps_coach(i, coach)).count() as f64
        };
        self.total += weight * (kept(coach) - kept(before));
        before
    }

    fn keeps_coach(&self, i: u32, coach: u32) -> bool {
        self.x.school.students[i as usize].coach.is_some_and(|present| present.index() as u32 == coach)
    }

    fn raw_join(&mut self, i: u32, group: u32) -> u32 {
        let weight = self.x.school.weights.coach_kept;
        let before = std::mem::replace(&mut self.group_of[i as usize], group);
        if before != NONE {
            self.groups[before as usize].students.retain(|&j| j != i);
            if self.keeps_coach(i, self.groups[before as usize].coach) {
                self.total -= weight;
            }
        }
        if group != NONE {
            self.groups[group as usize].students.push(i);
            if self.keeps_coach(i, self.groups[group as usize].coach) {
                self.total += weight;
            }
        }
        before
    }

    fn raw_hold(&mut self, slot: u32, staff: u32) -> u32 {
        let blocks = self.x.school.packages[self.package_of_slot[slot as usize] as usize].blocks;
        let before = std::mem::replace(&mut self.holders[slot as usize], staff);
        if before != NONE {
            self.package_load[before as usize] -= blocks;
        }
        if staff != NONE {
            self.package_load[staff as usize] += blocks;
        }
        before
    }
}

/// The sessions in a row of moments, each once.
fn distinct(row: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let mut last = NONE;
    row.iter().copied().filter(move |&k| k != std::mem::replace(&mut last, k) && k != NONE)
}

pub(super) fn append<T>(list: &mut Vec<T>, item: T) -> u32 {
    list.push(item);
    list.len() as u32 - 1
}

/// Takes a session out of one of its lists; the last one moves to its place.
fn remove(list: &mut Vec<u32>, sessions: &mut [Session], positions: [u32; 3], which: usize) {
    let position = positions[which] as usize;
    list.swap_remove(position);
    if let Some(&moved) = list.get(position) {
        sessions[moved as usize].positions[which] = position as u32;
    }
}
