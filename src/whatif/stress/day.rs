//! One day on which some are ill: the week is repaired without them, and the referee says what is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::model::EngineChoice;
use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::schedule::{Activity, Schedule};
use crate::school::*;
use crate::verify::{self, Verdict, WrittenSchedule};
use crate::whatif::part::Solver;
use crate::whatif::replan::Replan;
use crate::whatif::replan::cover::Covers;

/// Time of one repair, which it comes nowhere near: the number of its steps limits it, so that every run finds the same.
const TIME: Duration = Duration::from_secs(60);

/// A week as it runs, before anybody is ill.
pub struct Week<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub schedule: &'a Schedule,
    before: WrittenSchedule,
    /// Sessions missing, by need.
    missing: Vec<u32>,
    verdict: Verdict,
    engine: EngineChoice,
    stop: Arc<AtomicBool>,
}

/// What one day costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loss {
    /// Need sessions that took place in the plan and do not now.
    pub lost: Vec<Lost>,
    /// Coaching meetings of students, and blocks missing to their least presence.
    pub meetings: u64,
    pub presence: u64,
    /// Sessions and meetings whose lead is ill, and of all sessions and meetings those that do not take place.
    pub hit: usize,
    pub cancelled: usize,
    /// Why nothing could be repaired; then all that those who are ill were to lead is lost.
    pub unrepaired: Option<String>,
}

/// Sessions of a need that a student loses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lost {
    pub need: NeedId,
    pub sessions: u32,
    /// What fell out for it; `None` where the student makes room for others.
    pub instead_of: Option<Hit>,
}

/// A session whose lead is ill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    pub lead: StaffId,
    pub block: BlockId,
    pub offering: OfferingId,
}

impl Loss {
    /// Need sessions lost of the priority.
    pub fn of(&self, school: &School, priority: Priority) -> u32 {
        let lost = self.lost.iter().filter(|lost| school[lost.need].priority == priority);
        lost.map(|lost| lost.sessions).sum()
    }

    /// What the lost sessions of `must` and `should` are worth.
    pub fn worth(&self, school: &School) -> f64 {
        [Priority::Must, Priority::Should]
            .map(|priority| f64::from(self.of(school, priority)) * school.weights.priority(priority))
            .iter()
            .sum()
    }
}

impl<'a> Week<'a> {
    /// `before`: the schedule as it was written.
    pub fn new(
        school: &'a School,
        sets: &'a Sets,
        schedule: &'a Schedule,
        before: WrittenSchedule,
        engine: EngineChoice,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let verdict = verify::judge(school, schedule);
        Self { school, sets, schedule, missing: missing(school, &verdict), before, verdict, engine, stop }
    }

    /// Repairs the week as `replan` does, without these people on that day. `school` and `sets` are those of the week,
    /// or with somebody more.
    ///
    /// # Errors
    /// The repaired week breaks a rule, which is a fault of this program.
    pub fn without(&self, school: &School, sets: &Sets, ill: &[StaffId], day: DayId) -> anyhow::Result<Loss> {
        let blocks: Vec<BlockId> = school.block_ids().filter(|&block| school[block].day == day).collect();
        let out: Vec<(StaffId, BlockId)> = (ill.iter())
            .flat_map(|&staff| blocks.iter().map(move |&block| (staff, block)))
            .filter(|&(staff, block)| school.staff_free[(staff, block)])
            .collect();
        if out.is_empty() {
            return Ok(Loss::default());
        }
        let mut there = school.clone();
        out.iter().for_each(|&(staff, block)| there.take_out(staff, block));
        let solver = Solver {
            school: &there,
            sets,
            engine: self.engine,
            deadline: Instant::now() + TIME,
            stop: Arc::clone(&self.stop),
        };
        let weight = school.weights.should / 2.0;
        let none = vec![0; there.staff.len()];
        let covers = Covers { week: none.clone(), term: none };
        let covers = Some(&covers);
        let replan = Replan { solver, before: &self.before, fresh: &[], weight, covers, quick: true };
        let repaired = match replan.run() {
            Ok(repaired) => repaired,
            Err(error) => return Ok(self.unrepaired(&there, format!("{error:#}"))),
        };
        let verdict = verify::judge(&there, &repaired);
        if let Some(violation) = verdict.violations.first() {
            anyhow::bail!(
                "the repair of a day breaks a rule: {} ({}). This is a fault of leerzone; please report it with the \
                 input folder",
                violation.message,
                violation.rule.label()
            );
        }
        let term = |verdict: &Verdict, name| verdict.terms.get(name).map_or(0, |term| term.count);
        let more = |name| u64::try_from(term(&verdict, name) - term(&self.verdict, name)).unwrap_or(0);
        let (before, after) = (took_place(self.schedule), took_place(&repaired));
        let cancelled =
            before.iter().map(|(what, &count)| count.saturating_sub(after.get(what).copied().unwrap_or(0)));
        Ok(Loss {
            lost: self.lost(&there, &missing(&there, &verdict), &repaired),
            meetings: more("meetings"),
            presence: more("presence"),
            hit: self.hit(&there),
            cancelled: cancelled.sum(),
            unrepaired: None,
        })
    }

    /// Sessions and meetings whose lead is not there.
    fn hit(&self, there: &School) -> usize {
        let out = |lead: StaffId, block: BlockId| !there.staff_free[(lead, block)];
        let sessions = self.schedule.sessions.iter().filter(|one| out(one.lead, one.block)).count();
        let meetings = self.schedule.meetings.iter();
        sessions + meetings.filter(|one| out(self.schedule.lead_of(one), one.block)).count()
    }

    /// Of each student and priority as much as is missing more than in the plan.
    fn lost(&self, there: &School, missing: &[u32], repaired: &Schedule) -> Vec<Lost> {
        let school = self.school;
        let mut net: BTreeMap<(StudentId, Priority), i64> = BTreeMap::new();
        let more = |need: NeedId| i64::from(missing[need.index()]) - i64::from(self.missing[need.index()]);
        for need in school.need_ids().filter(|&need| more(need) != 0) {
            *net.entry((school[need].student, school[need].priority)).or_default() += more(need);
        }
        if net.values().all(|&more| more <= 0) {
            return Vec::new();
        }
        let attends: BTreeSet<(StudentId, BlockId, Activity)> = attended(repaired).collect();
        let mut lost = Vec::new();
        for need in school.need_ids().filter(|&need| more(need) > 0) {
            let student = school[need].student;
            let left = net.entry((student, school[need].priority)).or_default();
            let mut sessions = more(need).min(*left).max(0);
            *left -= sessions;
            // What of it fell out because its lead is ill.
            let hit = self.schedule.sessions.iter().filter(|session| {
                !there.staff_free[(session.lead, session.block)]
                    && session.attendances.iter().any(|at| at.student == student && at.need == Some(need))
                    && !attends.contains(&(student, session.block, session.activity))
            });
            for session in hit.take(sessions as usize) {
                let Activity::Offering(offering) = session.activity else { continue };
                let hit = Hit { lead: session.lead, block: session.block, offering };
                lost.push(Lost { need, sessions: 1, instead_of: Some(hit) });
                sessions -= 1;
            }
            if sessions > 0 {
                lost.push(Lost { need, sessions: sessions as u32, instead_of: None });
            }
        }
        lost
    }

    /// What is lost where nobody steps in.
    fn unrepaired(&self, there: &School, why: String) -> Loss {
        let mut loss = Loss { unrepaired: Some(why), hit: self.hit(there), ..Loss::default() };
        loss.cancelled = loss.hit;
        for session in &self.schedule.sessions {
            let Activity::Offering(offering) = session.activity else { continue };
            if !there.staff_free[(session.lead, session.block)] {
                let hit = Hit { lead: session.lead, block: session.block, offering };
                let needs = session.attendances.iter().filter_map(|at| at.need);
                loss.lost.extend(needs.map(|need| Lost { need, sessions: 1, instead_of: Some(hit) }));
            }
        }
        loss
    }

    /// Who is there on the day and has something to do: those whom illness takes away.
    pub fn at_work(&self, day: DayId) -> BTreeSet<StaffId> {
        let school = self.school;
        let sessions = self.schedule.sessions.iter().filter(|one| school[one.block].day == day);
        let meetings = self.schedule.meetings.iter().filter(|one| school[one.block].day == day);
        let leads = meetings.map(|one| self.schedule.lead_of(one));
        sessions.flat_map(people).chain(leads).collect()
    }
}

fn missing(school: &School, verdict: &Verdict) -> Vec<u32> {
    let mut missing = vec![0; school.needs.len()];
    verdict.unmet.iter().for_each(|unmet| missing[unmet.need.index()] = unmet.missing);
    missing
}

/// Who sits where.
fn attended(schedule: &Schedule) -> impl Iterator<Item = (StudentId, BlockId, Activity)> + '_ {
    let sessions = schedule.sessions.iter();
    sessions.flat_map(|one| one.attendances.iter().map(move |at| (at.student, one.block, one.activity)))
}

/// How many sessions of what run when, and which groups meet.
fn took_place(schedule: &Schedule) -> BTreeMap<(BlockId, Result<Activity, usize>), usize> {
    let mut count = BTreeMap::new();
    let sessions = schedule.sessions.iter().map(|one| (one.block, Ok(one.activity)));
    let meetings = schedule.meetings.iter().map(|one| (one.block, Err(one.group)));
    sessions.chain(meetings).for_each(|what| *count.entry(what).or_default() += 1);
    count
}
