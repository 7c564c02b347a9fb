//! What a state is asked: where people are, whether a step would hold the rules, and what it would gain.

use std::ops::Range;

use super::{Session, State};
use crate::model::rules::r4_limits::{self, Load, room};
use crate::model::rules::r6_needs::{day_allows, order_allows};
use crate::model::rules::r8_staff::{affords, can_reach};
use crate::model::search::instance::{Instance, NONE};
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
        if !self.x.is_free(s, block) || !self.bounds.staff[s as usize] || !self.staff_idle(s, block) {
            return false;
        }
        let site = self.x.site_of(place);
        staff.works_at(site)
            && r4_limits::allows(
                (school, self.x.sets),
                staff,
                BlockId::new(block as usize),
                &self.load_of(s, b.day),
            )
            && (!self.x.has_travel || self.way_from(self.staff_day(s, b.day), block, site).is_none())
            && self.within_budget(s)
            && self.lacks_standby(s, block, place).is_none()
            && (!self.x.has_meetings_of_holders || self.broken_meetings(s, block).next().is_none())
    }

    /// Slots of packages whose holder would no longer be free together with somebody it meets if the staff member were
    /// deployed in the block (R9).
    pub fn broken_meetings(&self, s: u32, block: u32) -> impl Iterator<Item = u32> + '_ {
        let overlapping = &self.x.sets.overlapping[block as usize];
        (0..self.holders.len() as u32).filter(move |&slot| {
            let holder = self.holders[slot as usize];
            holder != NONE
                && self.met_by_holder(slot).any(|other| {
                    (holder == s || other == s)
                        && !self.idle_together(holder, other).any(|b| !overlapping.contains(&b))
                })
        })
    }

    /// Those with whom the holder of the slot is to be free together.
    pub fn met_by_holder(&self, slot: u32) -> impl Iterator<Item = u32> + '_ {
        let package = &self.x.school.packages[self.package_of_slot[slot as usize] as usize];
        package.meets.iter().map(|s| s.index() as u32)
    }

    /// Blocks in which the two are neither busy nor deployed.
    pub fn idle_together(&self, one: u32, other: u32) -> impl Iterator<Item = BlockId> + '_ {
        let free = self.x.school.free_together(StaffId::new(one as usize), StaffId::new(other as usize));
        free.filter(move |b| {
            self.staff_idle(one, b.index() as u32) && self.staff_idle(other, b.index() as u32)
        })
    }

    /// What the staff member does already in the week and on the day.
    fn load_of(&self, s: u32, day: DayId) -> Load<impl Fn(BlockId) -> bool + '_> {
        let at = move |block: BlockId| {
            let first = s as usize * self.x.moments + self.x.moments_of[block.index()].start;
            self.sessions
                .get(self.staff_at[first] as usize)
                .is_some_and(|k| k.block as usize == block.index())
        };
        Load { week: self.blocks_taken(s), day: self.load_on(s, day), at }
    }

    /// Blocks of the staff member on the day.
    fn load_on(&self, s: u32, day: DayId) -> u32 {
        self.day_load[s as usize * self.x.school.days.len() + day.index()]
    }

    /// Blocks of the staff member, those of packages included.
    pub fn blocks_taken(&self, s: u32) -> u64 {
        u64::from(self.load[s as usize]) + u64::from(self.package_load[s as usize])
    }

    /// Whether budgets pay for what the staff member does and carries by now.
    pub fn is_paid(&self, s: u32) -> bool {
        let covered = self.bounds.budgets.iter().zip(&self.spent).zip(&self.x.in_budget[s as usize]);
        self.x.school.staff[s as usize].cost <= 0.0
            || covered.into_iter().all(|((&budget, &spent), &covered)| !covered || affords(budget, spent))
    }

    fn within_budget(&self, s: u32) -> bool {
        let school = self.x.school;
        let cost = school.staff[s as usize].cost;
        self.bounds.budgets.iter().enumerate().all(|(index, &budget)| {
            !self.x.in_budget[s as usize][index] || affords(budget, self.spent[index] + cost)
        })
    }

    /// Blocks of the day, or of the week.
    pub(super) fn blocks_on(&self, day: Option<DayId>) -> Range<u32> {
        let blocks = &self.x.school.blocks;
        let of_day = |day: DayId| {
            let first =
                |from: fn(&DayId, &DayId) -> bool| blocks.partition_point(|block| from(&block.day, &day));
            first(DayId::lt) as u32..first(DayId::le) as u32
        };
        day.map_or(0..blocks.len() as u32, of_day)
    }

    /// A block in which too few stand by (R8) if the staff member is deployed in this one at the place.
    pub fn lacks_standby(&self, s: u32, block: u32, place: u32) -> Option<u32> {
        if self.standby.is_empty() {
            return None;
        }
        let demands = self.x.sets.standby.demands.len();
        self.blocks_on(self.day_touched(s, block)).find(|&b| {
            (0..demands).any(|demand| {
                let at = b as usize * demands + demand;
                self.stands_by[s as usize * self.standby.len() + at]
                    && self.standby[at] <= self.bounds.least_standby[at]
                    && !self.would_stand_by(s, b, demand, Some((block, place)))
            })
        })
    }

    /// The day beyond which one block more takes nothing from what the staff member may do; `None`: it is their last of
    /// the week, or of one more day.
    pub(super) fn day_touched(&self, s: u32, block: u32) -> Option<DayId> {
        let staff = &self.x.school.staff[s as usize];
        let day = self.block(block).day;
        let new_day = staff.max_days.is_some() && self.load_on(s, day) == 0;
        (!new_day && room(staff, self.blocks_taken(s)) > 1).then_some(day)
    }

    /// Whether the staff member could stand by in the block if they did nothing else.
    pub fn could_stand_by(&self, s: u32, block: u32) -> bool {
        let (x, standby) = (self.x, &self.x.sets.standby);
        let (s, block) = (StaffId::new(s as usize), BlockId::new(block as usize));
        (0..standby.demands.len()).any(|demand| standby.could(x.school, demand, s, block))
    }

    /// A block in which too few stand by.
    pub fn short_of_standby(&self) -> Option<u32> {
        let short =
            self.standby.iter().zip(&self.bounds.least_standby).position(|(now, least)| now < least)?;
        Some((short / self.x.sets.standby.demands.len()) as u32)
    }

    /// Whether the staff member stands by in the block for the demand, beside what they do and, if given, one more
    /// deployment in a block at a place.
    pub(super) fn would_stand_by(&self, s: u32, b: u32, demand: usize, more: Option<(u32, u32)>) -> bool {
        let x = self.x;
        let (staff, block) = (&x.school.staff[s as usize], self.block(b));
        let sites = x.sets.standby.sites(demand, StaffId::new(s as usize), block.kind);
        if sites.is_empty() || !x.is_free(s, b) || !self.staff_idle(s, b) {
            return false;
        }
        let more = more.map(|(block, place)| (BlockId::new(block as usize), x.site_of(place)));
        let today = more.filter(|(other, _)| x.school[*other].day == block.day);
        if today.is_some_and(|(other, _)| x.school[other].overlaps(block)) {
            return false;
        }
        let load = self.load_of(s, block.day);
        let load = Load {
            week: load.week + u64::from(more.is_some()),
            day: load.day + u32::from(today.is_some()),
            at: |block| more.is_some_and(|(other, _)| other == block) || (load.at)(block),
        };
        let here = BlockId::new(b as usize);
        let too_far = |site: SiteId| {
            let from_more = || today.and_then(|(other, there)| Some((other, there?)));
            from_more().is_some_and(|there| x.school.too_far((here, site), there))
                || self.way_from(self.staff_day(s, block.day), b, Some(site)).is_some()
        };
        r4_limits::allows((x.school, x.sets), staff, here, &load) && can_reach(sites, too_far)
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
            && x.may_be_met_in(n, session.block)
            && need.with.is_none_or(|with| x.is_qualified(session.lead, with))
            && ((need.alone && day_allows(offering, met))
                || day_allows(offering, self.taken_on_day(i, session.activity, session.block)))
            && self.is_in_order(i, offering, session.block, NONE)
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

    /// Whether the student attends, in a session other than `except`, what comes before the offering in the block.
    fn is_in_order(&self, i: u32, offering: &Offering, block: u32, except: u32) -> bool {
        let attended = self.sessions_attended(i).filter(|&k| k != except).map(|k| {
            let session = &self.sessions[k as usize];
            (OfferingId::new(session.activity as usize), BlockId::new(session.block as usize))
        });
        order_allows(self.x.school, offering, BlockId::new(block as usize), attended)
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
                let follows = |o: &&Offering| o.after.is_some_and(|after| after.index() as u32 == activity);
                later != k
                    && (self.offering(session.activity).filter(follows))
                        .is_some_and(|o| !self.is_in_order(i, o, session.block, k))
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

impl Instance<'_> {
    /// Whether a pin demands that the student attends this session.
    pub fn attendance_pinned(&self, student: u32, session: &Session) -> bool {
        self.attend_pins[student as usize].iter().any(|pin| {
            pin.block.is_some_and(|b| b.index() as u32 == session.block)
                && pin.offering.is_some_and(|o| o.index() as u32 == session.activity)
                && self.pin_names(pin, session)
        })
    }

    /// Whether every pin that the student's attendance of the one session meets is met in the other as well.
    pub fn pins_hold_in(&self, student: u32, one: &Session, other: &Session) -> bool {
        let of = |pin: &Pin, session: &Session| {
            pin.block.is_some_and(|b| b.index() as u32 == session.block)
                && pin.offering.is_some_and(|o| o.index() as u32 == session.activity)
                && self.pin_names(pin, session)
        };
        self.attend_pins[student as usize].iter().all(|pin| !of(pin, one) || of(pin, other))
    }

    /// Whether the staff and place cells of the pin, where given, are those of the session.
    pub fn pin_names(&self, pin: &Pin, session: &Session) -> bool {
        pin.staff.is_none_or(|s| s.index() as u32 == session.lead)
            && pin.place.is_none_or(|p| p.index() as u32 == session.place)
    }
}

/// The sessions in a row of moments, each once.
fn distinct(row: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let mut last = NONE;
    row.iter().copied().filter(move |&k| k != std::mem::replace(&mut last, k) && k != NONE)
}
