//! What a state is asked: where people are, whether a step would hold the rules, and what it would gain.

use std::ops::Range;

use super::{Session, State};
use crate::model::search::instance::NONE;
use crate::school::*;

impl State<'_> {
    /// Where the block stands in a table of people, or places, x moments.
    pub(super) fn moments(&self, row: u32, block: u32) -> Range<usize> {
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

    /// Whether sessions of the need are missing, of those that may be met now.
    pub fn is_open(&self, n: u32) -> bool {
        self.open_position[n as usize] != NONE
    }

    /// The session in which the student has the need met and that `wanted` holds for, the first in the week.
    pub fn attendance_for(&self, i: u32, n: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        if self.x.needs[n as usize].sessions == 1 {
            return Some(self.held_in[n as usize]).filter(|&k| k != NONE && wanted(k));
        }
        let week = i as usize * self.x.moments..(i as usize + 1) * self.x.moments;
        let attended = self.need_at[week.clone()].iter().zip(&self.student_at[week]);
        attended.filter(|&(&met, _)| met == n).map(|(_, &k)| k).find(|&k| wanted(k))
    }

    /// The sessions the staff member is deployed in at the block's moments, each once.
    pub fn staff_sessions(&self, s: u32, block: u32) -> Vec<u32> {
        distinct(&self.staff_at[self.moments(s, block)]).collect()
    }

    pub fn staff_idle(&self, s: u32, block: u32) -> bool {
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
        if !self.x.is_free(s, block)
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
        staff.works_at(site)
            && staff.max_in_a_row.is_none_or(|max| self.row_with(s, block) <= max)
            && (!self.x.has_travel || self.way_from(self.staff_day(s, b.day), block, site).is_none())
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
        self.bounds.places[place as usize]
            && school.place_free[(PlaceId::new(place as usize), BlockId::new(block as usize))]
            && self.place_sessions[self.moments(place, block)].iter().all(|&held| held < parallel)
    }

    /// Seats still free throughout the block in the place, if it is open then.
    pub fn seats_left(&self, place: u32, block: u32) -> u32 {
        let taken = self.place_students[self.moments(place, block)].iter().max();
        self.x.school.places[place as usize].seats.saturating_sub(taken.copied().unwrap_or(0))
    }

    pub fn has_seat(&self, k: u32) -> bool {
        let session = &self.sessions[k as usize];
        (session.members.len() as u32) < session.capacity
            && (session.place == NONE || !session.shares || self.seats_left(session.place, session.block) > 0)
    }

    /// Whether the student is invited, not busy and in nothing else at the block.
    pub fn student_open(&self, i: u32, block: u32) -> bool {
        self.x.school.student_free[(StudentId::new(i as usize), BlockId::new(block as usize))]
            && self.student_in(i, block).is_none()
    }

    /// Whether the student could be in the session for the need if there were a seat and the student had
    /// nothing else then: everything of R3, R5, R6 and R8 that concerns the pair.
    pub fn can_attend(&self, i: u32, n: u32, k: u32) -> bool {
        let x = self.x;
        let session = &self.sessions[k as usize];
        let lead = StaffId::new(session.lead as usize);
        if !x.school.student_free[(StudentId::new(i as usize), BlockId::new(session.block as usize))]
            || !attends_at(x.site_of_student[i as usize], self.site_at_hand(session.place))
            || (!x.plain[i as usize] && !self.is_compatible(i, session))
        {
            return false;
        }
        if x.school.binds_units() && !x.school.own_staff_allows(lead, StudentId::new(i as usize)) {
            return false;
        }
        let Some(offering) = self.offering(session.activity) else {
            // Study: only what is missing to the minimum.
            return self.present[i as usize] < x.presence[i as usize];
        };
        let need = &x.needs[n as usize];
        let met = self.met[n as usize];
        met < need.sessions
            && x.can_meet(n, session.activity)
            && need.with.is_none_or(|with| x.is_qualified(session.lead, with))
            && ((need.alone && met < offering.per_day)
                || self.taken_on_day(i, session.activity, session.block) < offering.per_day)
            && offering
                .after
                .is_none_or(|after| self.attended_before(i, after.index() as u32, session.block, NONE))
    }

    /// Whether neither a ban nor somebody to be apart from nor the way from elsewhere keeps the student out of the
    /// session.
    fn is_compatible(&self, i: u32, session: &Session) -> bool {
        let apart = &self.x.apart[i as usize];
        !std::iter::once(&session.lead).chain(&session.assistants).any(|&s| self.bans(i, session, s))
            && !session.members.iter().any(|(j, _)| apart.contains(j))
            && self.too_far_from(i, session.block, session.place).is_none()
    }

    /// A session of the student from which, or to which, there is no time to travel (R5).
    pub fn too_far_from(&self, i: u32, block: u32, place: u32) -> Option<u32> {
        let site = self.x.site_of(place).filter(|_| self.x.travels[i as usize]);
        self.way_from(self.student_day(i, self.block(block).day), block, site)
    }

    /// The first of one person's sessions that is too far from the site in the block (R5).
    fn way_from(&self, mut day: impl Iterator<Item = u32>, block: u32, site: Option<SiteId>) -> Option<u32> {
        let x = self.x;
        let here = (BlockId::new(block as usize), site?);
        day.find(|&k| {
            let other = &self.sessions[k as usize];
            let there = x.site_of(other.place).map(|site| (BlockId::new(other.block as usize), site));
            there.is_some_and(|there| x.school.too_far(here, there))
        })
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
                && self.block(session.block).ends_before(self.block(block))
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
        gain + self.presence_gain(i, block)
    }

    /// What the student gains by an attendance in the block, whatever it is.
    pub fn presence_gain(&self, i: u32, block: u32) -> f64 {
        let counts = self.x.counts_as_presence[block as usize]
            && self.present[i as usize] < self.x.presence[i as usize];
        if counts { self.x.school.weights.should } else { 0.0 }
    }
}

/// The sessions in a row of moments, each once.
fn distinct(row: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let mut last = NONE;
    row.iter().copied().filter(move |&k| k != std::mem::replace(&mut last, k) && k != NONE)
}
