//! Repairs a running schedule: what is no longer possible is invalidated, and the hole is filled with as few changes
//! as pay.
//!
//! 1. [`strike`] takes out what breaks a rule now; [`groups`] mends coaching groups and packages.
//! 2. Small parts of the model are solved around what is left, hour by hour: those who lost something and those who
//!    are idle and could replace somebody are free. The objective is the school's, less the [`prices`] of changes.
//! 3. Who still lacks something may come at another time; then sessions whose leads could help are freed as well,
//!    and in the end those who sit where it could be met, hour by hour. Each result is taken if it is worth more.
//! 4. [`exact`] decides the whole week of a small school, or whole days, at once.

mod blocks;
pub mod changes;
pub mod cover;
mod exact;
mod further;
mod groups;
pub mod history;
pub mod holes;
mod invalidate;
mod meetings;
pub mod need_assignment;
mod packages;
mod pins;
mod places;
mod polish;
mod prices;
mod seats;
mod surplus;
pub mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::model::formulation::Formulation;
use crate::model::objective;
use crate::model::rules::r8_staff;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Meeting, Schedule};
use crate::school::*;
use crate::verify::{Error, WrittenSchedule, table};
use crate::write::files::UNMET_NEEDS;

use super::case::met;
use super::part::{Found, Free, Solver};
use cover::Covers;
use invalidate::Invalidated;
use prices::Prices;

/// A school and the schedule that ran until now, as far as the school knows its ids.
pub struct Replan<'a> {
    pub solver: Solver<'a>,
    pub before: &'a WrittenSchedule,
    /// Needs that are new, or ask more than they did.
    pub fresh: &'a [NeedId],
    /// Loss of one change for one person in one block.
    pub weight: f64,
    /// Leaves out the steps that look at every hour of the week: what they find is little for the time they take.
    pub quick: bool,
    /// Who has stepped in how often: of equals whoever did so least is asked. `None`: nobody steps in for others.
    pub covers: Option<&'a Covers>,
}

impl Replan<'_> {
    /// The repaired schedule.
    ///
    /// # Errors
    /// Coaching groups, packages or pins can no longer be held, or the engine fails.
    pub fn run(&self) -> anyhow::Result<Schedule> {
        let Solver { school, sets, .. } = self.solver;
        let mut invalidated = invalidate::invalidate(school, sets, self.before);
        invalidated.want(school, self.fresh);
        groups::repair(school, sets, self.before, &mut invalidated)?;
        let prices = Prices::new(self, &invalidated);
        let mut repair = Repair { replan: self, prices, schedule: invalidated.schedule.clone(), invalidated };
        for hours in repair.hours() {
            repair.cover(&hours)?;
        }
        repair.keep_pins()?;
        // From here on it gets better and not merely right, as long as there is time.
        repair.elsewhere()?;
        let mut hours = repair.hours();
        hours.sort_by_cached_key(|hours| std::cmp::Reverse(repair.most_urgent(hours)));
        for hours in hours.iter().take_while(|_| !self.solver.over()) {
            repair.take_from_others(hours)?;
        }
        if !self.quick {
            repair.make_room()?;
        }
        repair.seat_displaced()?;
        if self.weight > 0.0 && !self.quick {
            repair.polish()?;
            repair.decide_at_once()?;
        }
        if let Some(pin) = repair.broken_pins(&repair.schedule).next() {
            let remedy = match self.solver.over() {
                true => "in this time; allow more with --time-limit",
                false => "by repairing this schedule; make a new one with `leerzone solve`",
            };
            anyhow::bail!("pins.csv:{} cannot be kept {remedy}", pin.line);
        }
        let Repair { invalidated, mut schedule, .. } = repair;
        // Where nothing was solved, nobody stands by yet for who is called upon no longer.
        schedule.reserve.clear();
        r8_staff::choose_reserve(school, sets, &self.before.reserve, &mut schedule);
        places::stay(school, sets, &self.before.sessions, &invalidated, &mut schedule);
        if self.weight > 0.0 {
            seats::stay(school, &self.before.sessions, &mut schedule);
            blocks::stay(school, sets, &self.before.sessions, &invalidated, &mut schedule);
        }
        Ok(schedule)
    }
}

/// A repair under way.
struct Repair<'a> {
    replan: &'a Replan<'a>,
    invalidated: Invalidated,
    prices: Prices<'a>,
    /// Holds every rule at any time.
    schedule: Schedule,
}

impl Repair<'_> {
    /// The blocks in which something was invalidated, those together that share a moment.
    fn hours(&self) -> Vec<BTreeSet<BlockId>> {
        let sets = self.replan.solver.sets;
        let mut hours: Vec<BTreeSet<BlockId>> = Vec::new();
        let open = self.invalidated.open_meetings.iter().map(|meeting| meeting.block);
        for block in open.chain(self.invalidated.hours.iter().copied()) {
            let at_once: BTreeSet<BlockId> = sets.overlapping[block.index()].iter().copied().collect();
            let (mut same, rest): (Vec<_>, Vec<_>) =
                hours.into_iter().partition(|known| !known.is_disjoint(&at_once));
            same.push(at_once);
            hours = rest;
            hours.push(same.into_iter().flatten().collect());
        }
        hours.sort();
        hours
    }

    /// Meetings of these blocks that nobody leads yet.
    fn unheld(&self, hours: &BTreeSet<BlockId>) -> Vec<Meeting> {
        let here = self.invalidated.open_meetings.iter().filter(|open| hours.contains(&open.block));
        here.filter(|open| !held(&self.schedule, open)).cloned().collect()
    }

    /// Solves a part and takes the result if it is worth more. `still`: who may not move in a block.
    fn fill(
        &mut self,
        free: Free,
        open: &[Meeting],
        moves: &dyn Fn(StudentId, BlockId) -> bool,
    ) -> anyhow::Result<()> {
        let add = |model: &mut Formulation| self.prices.add(model);
        let filled = self.replan.solver.solve(&self.schedule, free, open, moves, add)?;
        if let Found::Schedule(schedule) = filled {
            let worth =
                |schedule| objective::total(self.replan.solver.school, schedule) - self.prices.of(schedule);
            debug_assert!((worth(&schedule) - worth(&self.schedule) - self.gain(&schedule)).abs() < 1e-3);
            // No worth makes up for a pin.
            let broken = [&schedule, &self.schedule].map(|schedule| self.broken_pins(schedule).count());
            let better = || self.gain(&schedule) >= -1e-6;
            if broken[0] < broken[1] || (broken[0] == broken[1] && better()) {
                self.schedule = schedule;
            }
        }
        Ok(())
    }

    fn broken_pins<'s>(&self, schedule: &'s Schedule) -> impl Iterator<Item = &'s Pin>
    where
        Self: 's,
    {
        self.replan.solver.school.demanding_pins().filter(move |pin| !invalidate::kept(pin, schedule))
    }

    /// What another schedule is worth more than the present one.
    fn gain(&self, other: &Schedule) -> f64 {
        let price = |schedule| self.prices.of(schedule);
        objective::gain(self.replan.solver.school, &self.schedule, other) - price(other)
            + price(&self.schedule)
    }

    /// At the same time: whoever is idle steps in, and students who lost something sit elsewhere.
    fn cover(&mut self, hours: &BTreeSet<BlockId>) -> anyhow::Result<()> {
        let open = self.unheld(hours);
        let mut free = self.idle(hours, &open);
        self.lost(hours).iter().for_each(|&student| free.student(student));
        self.fill(free, &open, &|_, block| hours.contains(&block))
    }

    /// Who lost something in these blocks.
    fn lost(&self, hours: &BTreeSet<BlockId>) -> BTreeSet<StudentId> {
        self.invalidated
            .lost
            .iter()
            .filter(|(_, block)| hours.contains(block))
            .map(|&(student, _)| student)
            .collect()
    }

    /// Hours of staff who could lead, assist, supervise or coach in place of what was invalidated.
    fn idle(&self, hours: &BTreeSet<BlockId>, open: &[Meeting]) -> Free {
        let Solver { school, sets, .. } = self.replan.solver;
        let mut free = Free::nothing(school);
        let wanted = wanted(school, &self.invalidated, hours);
        for &block in hours {
            let helped = self.invalidated.helped.contains(&block);
            for staff in school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]) {
                let leads = wanted.iter().any(|&activity| could_lead(sets, staff, activity));
                let assists = helped && sets.assistants_of.iter().any(|of| of.contains(&staff));
                let coaches = !open.is_empty() && school[staff].may_coach();
                if leads || assists || coaches || self.invalidated.cells.contains(&(staff, block)) {
                    free.cell(staff, block);
                }
            }
        }
        free
    }
}

/// Needs of which more is missing than the schedule in `out` says: new ones, those that ask more, and those that what
/// is gone from the school had met.
///
/// # Errors
/// The schedule's `unmet_needs.csv` cannot be read.
pub fn fresh_needs(school: &School, before: &WrittenSchedule, out: &Path) -> Result<Vec<NeedId>, Error> {
    let mut stated: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let columns = ["student", "subject", "priority", "missing"];
    table::read(out, UNMET_NEEDS.file, columns, |_, [student, subject, priority, missing]| {
        let key = (student.to_owned(), subject.to_owned(), priority.to_owned());
        *stated.entry(key).or_default() += missing.parse().unwrap_or(0);
    })?;
    let met = met(school, &before.sessions);
    let more = |need: &NeedId| {
        let row = &school[*need];
        let key = (
            school[row.student].id.clone(),
            school.need_subjects(*need).into_owned(),
            row.priority.label().to_owned(),
        );
        row.sessions.saturating_sub(met[need.index()]) > stated.get(&key).copied().unwrap_or(0)
    };
    Ok(school.need_ids().filter(more).collect())
}

/// Whether the meeting takes place, led by whomever.
fn held(schedule: &Schedule, open: &Meeting) -> bool {
    schedule.meetings.iter().any(|meeting| (meeting.group, meeting.block) == (open.group, open.block))
}

/// What could take the place of what was invalidated in these blocks.
fn wanted(school: &School, invalidated: &Invalidated, hours: &BTreeSet<BlockId>) -> BTreeSet<Activity> {
    let here = invalidated.sessions.iter().filter(|session| hours.contains(&session.block));
    let mut wanted: BTreeSet<Activity> = here.map(|session| session.activity).collect();
    let pinned = invalidated.pinned.iter().filter(|(block, _)| hours.contains(block));
    wanted.extend(pinned.map(|&(_, o)| Activity::Offering(o)));
    let lost: BTreeSet<SubjectId> = (wanted.iter())
        .filter_map(|activity| match activity {
            Activity::Offering(o) => Some(school[*o].subjects.iter().copied()),
            Activity::Study => None,
        })
        .flatten()
        .collect();
    let serves = |o: &OfferingId| school[*o].subjects.iter().any(|subject| lost.contains(subject));
    wanted.extend(school.offering_ids().filter(serves).map(Activity::Offering));
    wanted
}

fn could_lead(sets: &Sets, staff: StaffId, activity: Activity) -> bool {
    match activity {
        Activity::Offering(o) => sets.leads_of[o.index()].contains(&staff),
        Activity::Study => sets.supervisors.contains(&staff),
    }
}

/// Needs of invalidated students that are met less than they are asked.
fn lacking(school: &School, invalidated: &Invalidated, found: &Schedule) -> Vec<NeedId> {
    let met = met(school, &found.sessions);
    (invalidated.students.iter().flat_map(|&student| school.needs_of(student)))
        .filter(|&need| invalidated.subjects_of(school, need) && met[need.index()] < school[need].sessions)
        .collect()
}
