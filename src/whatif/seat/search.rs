//! The search for a seat: the student's own moves, then one other student who makes room, then two.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::school::*;
use crate::write::What;

use super::desk::{Bar, Desk, Move, Terms, Week, sum};
use super::{Answer, Ask, Seat};

/// Sessions that may be in the student's way at once.
const MOST_CLASHES: usize = 2;

/// How somebody makes room in a session.
#[derive(Clone, Debug)]
pub struct Way {
    pub step: Move,
    /// The session they go to, where it has no seat for them yet.
    pub full: Option<usize>,
}

impl Desk<'_> {
    /// Every running session of the subject in the blocks that are `wanted`: how the student could have a seat in it, or
    /// why not.
    pub fn ask(&self, ask: &Ask, wanted: impl Fn(BlockId) -> bool) -> Answer {
        let school = self.school;
        let of_subject = |offering: &OfferingId| school[*offering].subjects.contains(&ask.subject);
        let offerings = school.offering_ids().filter(of_subject);
        let mut sessions: Vec<usize> =
            offerings.flat_map(|offering| self.plan.of_offering[offering.index()].iter().copied()).collect();
        sessions.retain(|&at| wanted(self.entry(at).block));
        // Entries are in order of time.
        sessions.sort_unstable();
        let mut answer = Answer::default();
        for at in sessions {
            let mut seats = self.seats(ask, at);
            let free = seats.iter().position(Seat::is_free);
            if let Some(free) = free {
                answer.free.push(seats.swap_remove(free));
                continue;
            }
            answer.by_moves.extend(seats);
            answer.barred.push((at, self.bars(ask, at)));
        }
        let worth = |seat: &Seat| self.worth_of(seat);
        answer.by_moves.sort_by(|a, b| {
            worth(b).total_cmp(&worth(a)).then((a.moved(), a.session).cmp(&(b.moved(), b.session)))
        });
        answer
    }

    /// What the total gains, less the price of the changes.
    pub fn worth_of(&self, seat: &Seat) -> f64 {
        seat.gain() - self.weight * f64::from(seat.changes)
    }

    /// Everything that keeps the student out of the session now.
    pub fn bars(&self, ask: &Ask, at: usize) -> Vec<Bar> {
        let (school, student, entry) = (self.school, ask.student, self.entry(at));
        if entry.attended_by(student) {
            return vec![Bar::There];
        }
        let mut bars: Vec<Bar> = self.bar(student, at).into_iter().collect();
        let week = self.week(student);
        let mut then: Vec<NeedId> =
            school.needs_of(student).filter(|&need| school[need].subjects.contains(&ask.subject)).collect();
        then.retain(|&need| school[need].may_be_met_in(&school[entry.block]));
        if then.is_empty() {
            bars.push(Bar::Days);
        } else if !then.iter().any(|&need| school[entry.lead].has_what_is_asked_with(&school[need])) {
            bars.push(Bar::With);
        }
        let apart = self.lookup.apart(student).iter().find(|&&other| entry.attended_by(other));
        bars.extend(apart.map(|&other| Bar::Apart(other)));
        let clashes = self.clashes(&week, at);
        bars.extend(clashes.iter().map(|&other| Bar::Clash(other)));
        let rest: Vec<usize> = week.entries.iter().copied().filter(|at| !clashes.contains(at)).collect();
        if let What::Offering(offering) = entry.what
            && self.on_day(&rest, at).count() >= school[offering].per_day as usize
        {
            bars.push(Bar::PerDay);
        }
        bars.extend(self.misses_first(&rest, at).map(Bar::After));
        if !self.lookup.seat_left(at) {
            bars.push(Bar::Full);
        }
        if bars.is_empty() {
            bars.push(Bar::Counts);
        }
        bars
    }

    /// What the student attends then, but for study.
    fn clashes(&self, week: &Week, at: usize) -> Vec<usize> {
        let clash = |&other: &usize| !self.is_study(other) && self.collide(week.student, other, at);
        week.entries.iter().copied().filter(clash).collect()
    }

    /// The best way for each number of moves that is worth more than those with fewer.
    fn seats(&self, ask: &Ask, at: usize) -> Vec<Seat> {
        let mut best = Best { desk: self, session: at, seats: Vec::new() };
        for own in self.own_moves(ask, at) {
            let mut full = own.enter.iter().copied().filter(|&new| !self.lookup.seat_left(new));
            match [full.next(), full.next()] {
                [None, _] => {
                    best.add(&[&own]);
                }
                [Some(one), None] => self.make_room(&mut best, &own, one),
                [Some(one), Some(other)] => self.make_room_twice(&mut best, &own, one, other),
            }
        }
        best.seats
    }

    /// The student enters the session; what is in the way moves to another time, or is given up.
    fn own_moves(&self, ask: &Ask, at: usize) -> Vec<Move> {
        let week = self.week(ask.student);
        if week.entries.contains(&at) || self.bar(ask.student, at).is_some() {
            return Vec::new();
        }
        let clashes = self.clashes(&week, at);
        if clashes.len() > MOST_CLASHES
            || clashes.iter().any(|&other| self.entry(other).what == What::Coaching)
        {
            return Vec::new();
        }
        let rest: Vec<usize> = week.entries.iter().copied().filter(|at| !clashes.contains(at)).collect();
        let mut leaving = vec![clashes.clone()];
        if let What::Offering(offering) = self.entry(at).what {
            let same: Vec<usize> = self.on_day(&rest, at).collect();
            if same.len() >= self.school[offering].per_day as usize {
                leaving = same.iter().map(|&one| [&clashes[..], &[one]].concat()).collect();
            }
        }
        let asked = |need: &Option<NeedId>| need.is_some_and(|need| ask.needs.contains(&need));
        let before = week.needs.iter().filter(|need| asked(need)).count();
        let one_more = |found: &Move| found.needs.iter().filter(|(_, need)| asked(need)).count() > before;
        let mut moves: Vec<Move> = Vec::new();
        for leave in leaving {
            moves.extend(self.moved(&week, &leave, &[at]));
            if !leave.is_empty() {
                let others = self.elsewhere(&week, &leave).filter(|&other| other != at);
                moves.extend(others.filter_map(|other| self.moved(&week, &leave, &[at, other])));
            }
        }
        moves.retain(one_more);
        moves.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        moves
    }

    /// Sessions of what a student who leaves these then lacks, and study.
    fn elsewhere(&self, week: &Week, leave: &[usize]) -> impl Iterator<Item = usize> {
        let school = self.school;
        let kept = |need: NeedId| {
            let attended = week.entries.iter().zip(&week.needs);
            attended.filter(|&(at, met)| *met == Some(need) && !leave.contains(at)).count() as u32
        };
        let lacking =
            school.needs_of(week.student).filter(|&need| week.several || kept(need) < school[need].sessions);
        let offerings: BTreeSet<OfferingId> =
            lacking.flat_map(|need| self.lookup.offerings_for(&school[need].subjects)).collect();
        let of_offerings =
            offerings.into_iter().flat_map(|offering| self.lookup.sessions_at(offering, week.student));
        let study: &[usize] = match school.presence.minimum(week.student) {
            0 => &[],
            _ => self.lookup.study_at(week.student),
        };
        let study = study.iter().filter(|&&at| self.lookup.seat_left(at));
        // Most sessions are held when the student has something else: those are told apart by their blocks alone.
        let mut open: Vec<bool> =
            school.block_ids().map(|block| school.student_free[(week.student, block)]).collect();
        let stays = week.entries.iter().filter(|at| !leave.contains(at) && !self.is_study(**at));
        for block in stays.flat_map(|&at| school.overlapping(self.entry(at).block)) {
            open[block.index()] = false;
        }
        let mut all: Vec<usize> = of_offerings.chain(study).copied().collect();
        all.retain(|&at| open[self.entry(at).block.index()] && !leave.contains(&at));
        all.into_iter()
    }

    /// Every way in which somebody leaves the session, the best first.
    fn ways(&self, at: usize) -> Rc<Vec<Way>> {
        if let Some(ways) = self.ways.borrow().get(&at) {
            return Rc::clone(ways);
        }
        let mut ways = Vec::new();
        for attendance in &self.entry(at).attendances {
            let week = self.week(attendance.student);
            if self.pinned(week.student, at).is_none() {
                ways.extend(self.moved(&week, &[at], &[]).map(|step| Way { step, full: None }));
            }
            ways.extend(self.elsewhere(&week, &[at]).filter_map(|to| {
                let full = (!self.lookup.seat_left(to)).then_some(to);
                Some(Way { step: self.moved(&week, &[at], &[to])?, full })
            }));
        }
        ways.sort_by(|a, b| b.step.worth.total_cmp(&a.step.worth));
        let ways = Rc::new(ways);
        self.ways.borrow_mut().insert(at, Rc::clone(&ways));
        ways
    }

    /// One student leaves the full session, and if need be another one the session that they go to.
    fn make_room(&self, best: &mut Best, own: &Move, full: usize) {
        let ways = self.ways(full);
        let freed = |way: &Way| way.full.is_none_or(|to| own.leave.contains(&to));
        for way in ways.iter().filter(|way| way.step.student != own.student && freed(way)) {
            if best.add(&[own, &way.step]) {
                break;
            }
        }
        for way in ways.iter().filter(|way| way.step.student != own.student) {
            let Some(to) = way.full.filter(|to| !own.leave.contains(to)) else { continue };
            let worth = own.worth + way.step.worth;
            // Who moves for somebody else gains nothing by it, or would have moved before.
            if worth <= best.worth() {
                break;
            }
            for next in self.ways(to).iter() {
                let students = [own.student, way.step.student];
                let freed =
                    next.full.is_none_or(|to| own.leave.contains(&to) || way.step.leave.contains(&to));
                if freed && !students.contains(&next.step.student) && best.add(&[own, &way.step, &next.step])
                {
                    break;
                }
            }
        }
    }

    /// One student leaves the session that is asked for, another one that to which the student's own goes.
    fn make_room_twice(&self, best: &mut Best, own: &Move, one: usize, other: usize) {
        let (ways, others) = (self.ways(one), self.ways(other));
        let Some(most) = others.first().map(|way| way.step.worth) else { return };
        for way in ways.iter().filter(|way| way.step.student != own.student) {
            if own.worth + way.step.worth + most <= best.worth() {
                break;
            }
            for next in others.iter() {
                let left =
                    |to: usize| [own, &way.step, &next.step].iter().any(|step| step.leave.contains(&to));
                if way.full.is_none_or(left)
                    && next.full.is_none_or(left)
                    && next.step.student != way.step.student
                    && next.step.student != own.student
                    && best.add(&[own, &way.step, &next.step])
                {
                    break;
                }
            }
        }
    }

    /// These moves together, if sessions, seats and pairs then hold.
    pub fn together(&self, session: usize, moves: &[&Move]) -> Option<Seat> {
        let mut sizes: Vec<(usize, i64)> = Vec::new();
        let mut change = |at: usize, by: i64| match sizes.iter_mut().find(|(known, _)| *known == at) {
            Some((_, size)) => *size += by,
            None => sizes.push((at, self.entry(at).attendances.len() as i64 + by)),
        };
        for one in moves {
            one.leave.iter().for_each(|&at| change(at, -1));
            one.enter.iter().for_each(|&at| change(at, 1));
        }
        let holds = sizes.iter().all(|&(at, size)| self.holds(at, size, &sizes));
        if !holds || !self.keeps_apart(moves) {
            return None;
        }
        let ends: Vec<usize> =
            sizes.iter().filter(|&&(at, size)| size == 0 && self.is_study(at)).map(|&(at, _)| at).collect();
        let mut terms = moves.iter().fold(Terms::default(), |terms, one| sum(&terms, &one.terms));
        terms[7] -= self.short_by(&ends);
        let changes = moves.iter().map(|one| one.changes).sum::<u32>() + ends.len() as u32;
        Some(Seat { session, moves: moves.iter().map(|&one| one.clone()).collect(), ends, terms, changes })
    }

    /// Students who could still come; `None`: any number.
    pub fn seats_left(&self, at: usize) -> Option<u32> {
        let entry = self.entry(at);
        let most = entry.capacity?.saturating_sub(entry.attendances.len() as u32);
        let fits = |more: &u32| {
            let size = entry.attendances.len() as i64 + i64::from(*more);
            self.holds(at, size, &[(at, size)])
        };
        Some((1..=most).take_while(fits).last().unwrap_or(0))
    }

    /// Whether the session may have so many students, of those that change (R2, R3).
    fn holds(&self, at: usize, size: i64, sizes: &[(usize, i64)]) -> bool {
        let (school, entry) = (self.school, self.entry(at));
        let least = match entry.what {
            What::Offering(offering) => school[offering].min.max(1),
            _ => 0,
        };
        let before = entry.attendances.len() as i64;
        if size <= before {
            return size == before || size >= i64::from(least);
        }
        if entry.capacity.is_some_and(|most| size > i64::from(most)) {
            return false;
        }
        let Some(place) = entry.place.filter(|&place| school[place].parallel > 1) else { return true };
        let block = &school[entry.block];
        let size = |at: usize| {
            let changed = sizes.iter().find(|(known, _)| *known == at).map(|&(_, size)| size);
            changed.unwrap_or(self.entry(at).attendances.len() as i64)
        };
        let here = &self.plan.of_place[place.index()];
        let beside: Vec<usize> =
            here.iter().copied().filter(|&at| school[self.entry(at).block].overlaps(block)).collect();
        let mut moments = beside.iter().map(|&at| school[self.entry(at).block].start.max(block.start));
        moments.all(|moment| {
            let there = beside.iter().copied().filter(|&at| {
                let other = &school[self.entry(at).block];
                other.start <= moment && moment < other.end
            });
            there.map(size).sum::<i64>() <= i64::from(school[place].seats)
        })
    }

    /// Whether nobody comes to sit with somebody they are kept apart from (R8).
    fn keeps_apart(&self, moves: &[&Move]) -> bool {
        let there = |student: StudentId, at: usize| {
            let enters = |one: &&Move| one.student == student && one.enter.contains(&at);
            let leaves = |one: &&Move| one.student == student && one.leave.contains(&at);
            moves.iter().any(enters) || (self.entry(at).attended_by(student) && !moves.iter().any(leaves))
        };
        moves.iter().all(|one| {
            let apart = self.lookup.apart(one.student);
            one.enter.iter().all(|&at| !apart.iter().any(|&other| there(other, at)))
        })
    }

    /// What it loses in `min_blocks` that these study sessions end.
    fn short_by(&self, ends: &[usize]) -> f64 {
        let mut leads: Vec<StaffId> = ends.iter().map(|&at| self.entry(at).lead).collect();
        leads.sort_unstable();
        let short = leads.chunk_by(|a, b| a == b).map(|same| {
            let load = self.plan.of_staff[same[0].index()].len() as u32;
            let least = self.school[same[0]].min_blocks;
            least.saturating_sub(load - same.len() as u32) - least.saturating_sub(load)
        });
        self.school.weights.should * f64::from(short.sum::<u32>())
    }
}

/// The best seats in a session so far.
struct Best<'d, 'a> {
    desk: &'d Desk<'a>,
    session: usize,
    /// With more and more moves, each worth more than the one before.
    seats: Vec<Seat>,
}

impl Best<'_, '_> {
    fn worth(&self) -> f64 {
        self.seats.last().map_or(f64::NEG_INFINITY, |seat| self.desk.worth_of(seat))
    }

    /// Whether the moves hold together; kept if they are worth more than all that are no more.
    fn add(&mut self, moves: &[&Move]) -> bool {
        let Some(seat) = self.desk.together(self.session, moves) else { return false };
        let worth = self.desk.worth_of(&seat);
        let no_more = |known: &Seat| known.moved() <= seat.moved();
        if !self.seats.iter().any(|known| no_more(known) && self.desk.worth_of(known) >= worth - 1e-9) {
            let moved = seat.moved();
            self.seats.retain(|known| known.moved() < moved || self.desk.worth_of(known) > worth + 1e-9);
            let at = self.seats.partition_point(|known| known.moved() < moved);
            self.seats.insert(at, seat);
        }
        true
    }
}
