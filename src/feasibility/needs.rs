//! Needs that can never be met, whatever else is planned: nothing offered, nobody qualified, never free.

use crate::pluralize::pluralize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{
    BlockId, Days, Id, Kind, Need, NeedId, OfferingId, PlaceId, School, SiteId, Staff, StaffId, StudentId,
    SubjectId, UnitId, attends_at, most_at_once,
};

use super::near_miss::NearMiss;
use super::runs::{Obstacle, Runs};

/// What needs must share to be met by the same offerings in the same blocks.
#[derive(PartialEq, Eq, Hash, Clone)]
struct Pattern<'s> {
    subjects: &'s [SubjectId],
    with: Option<SubjectId>,
    days: Days,
    site: Option<SiteId>,
    /// Only where students are bound to the staff of their own unit.
    unit: Option<UnitId>,
    /// Offerings whose audience excludes the student.
    barred: Vec<OfferingId>,
}

impl<'s> Pattern<'s> {
    fn of(school: &'s School, need: &'s Need) -> Self {
        let student = &school[need.student];
        let (unit, barred) = (school.binding_unit(student.unit), school.barred(need.student));
        Self { subjects: &need.subjects, with: need.with, days: need.days, site: student.site, unit, barred }
    }

    fn accepts(&self, lead: &Staff) -> bool {
        self.with.is_none_or(|subject| lead.is_qualified(subject))
            && (self.unit.is_none() || lead.unit.is_none() || lead.unit == self.unit)
    }

    fn offerings(&self, school: &School) -> Vec<OfferingId> {
        let offerings = school.offering_ids().filter(|offering| !self.barred.contains(offering));
        offerings.filter(|&offering| school[offering].meets_one_of(self.subjects)).collect()
    }
}

/// The blocks in which offerings could meet needs of one pattern.
struct Chances {
    /// Days of the needs with such blocks.
    days: Vec<Day>,
    /// Whether there are such blocks on other days.
    on_other_days: bool,
    obstacle: Obstacle,
}

struct Day {
    /// By offering: sessions that a student may attend, and the blocks.
    offerings: Vec<(u32, Vec<BlockId>)>,
    /// The blocks of all offerings together.
    any: Vec<BlockId>,
}

impl Day {
    /// The most sessions that a student who is `free` could attend.
    fn reach(&self, free: impl Fn(&&BlockId) -> bool) -> u32 {
        let count = |blocks: &[BlockId]| u32::try_from(blocks.iter().filter(&free).count());
        let count = |blocks: &[BlockId]| count(blocks).unwrap_or(u32::MAX);
        let of_each = self.offerings.iter().map(|(per_day, blocks)| count(blocks).min(*per_day));
        of_each.fold(0, u32::saturating_add).min(count(&self.any))
    }
}

impl Chances {
    fn of(school: &School, runs: &Runs, pattern: &Pattern) -> Self {
        let mut obstacle = Obstacle::NoOffering;
        let mut blocks: Vec<(OfferingId, Vec<BlockId>)> = Vec::new();
        for offering in pattern.offerings(school) {
            let places = runs.places(offering).iter().copied();
            let places: Vec<PlaceId> =
                places.filter(|&place| attends_at(pattern.site, school[place].site)).collect();
            let somewhere = |lead: StaffId| {
                school[offering].online || places.iter().any(|&place| school.may_lead_in(lead, place))
            };
            let leads = runs.leads(offering).iter().copied();
            let leads: Vec<StaffId> =
                leads.filter(|&lead| pattern.accepts(&school[lead]) && somewhere(lead)).collect();
            let possible = |block: &BlockId| {
                runs.possible[(offering, *block)]
                    && Runs::possible_with(school, offering, *block, &leads, &places)
            };
            let possible: Vec<BlockId> = school.block_ids().filter(possible).collect();
            if possible.is_empty() {
                obstacle = obstacle.max(runs.obstacle(school, offering, |lead| pattern.accepts(lead)));
            } else {
                blocks.push((offering, possible));
            }
        }
        let on_other_days =
            blocks.iter().flat_map(|(_, of)| of).any(|&block| !pattern.days.has(school[block].day));
        let days = school.day_ids().filter(|&day| pattern.days.has(day)).map(|day| {
            let today = |block: &BlockId| school[*block].day == day;
            let of_offering = |(offering, blocks): &(OfferingId, Vec<BlockId>)| {
                (school[*offering].per_day, blocks.iter().copied().filter(today).collect())
            };
            let offerings: Vec<(u32, Vec<BlockId>)> = blocks.iter().map(of_offering).collect();
            let any = school.block_ids().filter(|block| offerings.iter().any(|(_, of)| of.contains(block)));
            Day { any: any.collect(), offerings }
        });
        Self { days: days.filter(|day| !day.any.is_empty()).collect(), on_other_days, obstacle }
    }

    /// The most sessions a week that one student could attend, looked at by themselves; `enough` are not exceeded.
    fn reach(&self, school: &School, student: StudentId, enough: u32) -> u32 {
        let free = |block: &&BlockId| school.student_free[(student, **block)];
        let mut reach = 0_u32;
        for day in &self.days {
            if reach >= enough {
                break;
            }
            reach = reach.saturating_add(day.reach(free));
        }
        reach.min(enough)
    }
}

/// Needs of one cell that fail for one reason.
#[derive(Default)]
struct Failing {
    first: Option<NeedId>,
    students: Vec<StudentId>,
    sessions: u64,
}

impl Failing {
    fn add(&mut self, school: &School, need: NeedId, sessions: u32) {
        self.first.get_or_insert(need);
        self.sessions += u64::from(sessions);
        // Needs come in order of student.
        if self.students.last() != Some(&school[need].student) {
            self.students.push(school[need].student);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Obstacle(Obstacle),
    OtherDays,
    NeverFree,
    SeldomFree,
}

pub fn report(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    let mut chances: HashMap<Pattern, Chances> = HashMap::new();
    let mut failing: BTreeMap<(Cow<str>, Option<SubjectId>, Days, Reason), Failing> = BTreeMap::new();
    for id in school.need_ids() {
        let need = &school[id];
        let pattern = Pattern::of(school, need);
        let chances = chances.entry(pattern).or_insert_with_key(|pattern| Chances::of(school, runs, pattern));
        let (reason, missing) = if chances.days.is_empty() {
            let reason = match chances.on_other_days {
                true => Reason::OtherDays,
                false => Reason::Obstacle(chances.obstacle),
            };
            (reason, need.sessions)
        } else {
            match chances.reach(school, need.student, need.sessions) {
                reach if reach >= need.sessions => continue,
                0 => (Reason::NeverFree, need.sessions),
                reach => (Reason::SeldomFree, need.sessions - reach),
            }
        };
        let key = (school.need_subjects(id), need.with, need.days, reason);
        failing.entry(key).or_default().add(school, id, missing);
    }
    for ((subject, with, _, reason), failing) in failing {
        let Some(first) = failing.first else { continue };
        let name = with.map(|with| school[with].id.as_str());
        let days = school.need_days(first);
        let mut problem = problem((&subject, name, days.as_deref()), reason, &failing);
        if reason == Reason::Obstacle(Obstacle::NobodyQualified) {
            let mut offerings = Pattern::of(school, &school[first]).offerings(school).into_iter();
            if let Some(near) = offerings.find_map(|o| NearMiss::of(school, &school[o], with)) {
                problem = problem.help(format!("{}: {}", near.found(), near.help()));
            }
        }
        origins.needs.report_id(first, "subject", problem, problems);
    }
    report_too_many(school, origins, problems);
}

fn problem(
    (subject, with, days): (&str, Option<&str>, Option<&str>),
    reason: Reason,
    failing: &Failing,
) -> Problem {
    let what = with.map_or(format!("`{subject}`"), |with| format!("`{subject}` with `{with}`"));
    let on = days.map_or(String::new(), |days| format!(" on {days}"));
    let (code, message, expected, help) = match reason {
        Reason::Obstacle(Obstacle::NoOffering) => (
            "no-offering",
            format!("no offering meets {what}"),
            "an offering with the subject in offerings.csv",
            "add an offering for it, or the subject to an offering, or widen an offering's `audience`",
        ),
        Reason::Obstacle(Obstacle::NoBlock) => (
            "no-block",
            format!("no block of the layout has a kind in which {what} is offered"),
            "a block of one of the offering's `kinds`",
            "add a kind to the offering, or a block to the layout",
        ),
        Reason::Obstacle(Obstacle::NobodyQualified) => (
            "nobody-qualified",
            format!("nobody may lead {what}"),
            "staff with one of the offering's `roles` who are qualified for its subjects",
            "add the subject to `subjects` of staff in staff.csv, or a role to the offering's `roles`",
        ),
        Reason::Obstacle(Obstacle::NoPlace) => (
            "no-place",
            format!("no place can hold {what}"),
            "a place with the offering's `tags` and seats for its `min`",
            "add the tags to a place in places.csv, or lower `min`",
        ),
        Reason::Obstacle(Obstacle::NeverTogether) => (
            "never-together",
            format!("a lead and a place for {what} are never free in the same block, at the same site"),
            "a block in which someone who may lead it and a place for it are free",
            "shorten busy times in busy.csv, or add staff or places",
        ),
        Reason::OtherDays => (
            "other-days",
            format!("{what} is asked for{on}, when it never can run"),
            "a day on which the offering's kind of block, a lead and a place are there",
            "name more `days` in needs.csv, or add a block, or staff who are free then",
        ),
        Reason::NeverFree => (
            "never-free",
            format!("students with a need for {what} are never free when it can run{on}"),
            "a block in which the student is invited and free, and the offering can run",
            "shorten the students' busy times, or widen the blocks' audience or the offering's `kinds`",
        ),
        Reason::SeldomFree => (
            "seldom-free",
            format!("students with a need for {what} are too seldom free when it can run{on}"),
            "as many free blocks, within `per_day`, as sessions asked",
            "ask for fewer sessions, raise `per_day`, or shorten the students' busy times",
        ),
    };
    Problem::warning(code, message)
        .found(format!(
            "{}, {} that cannot be met",
            pluralize(failing.students.len(), "student"),
            pluralize(usize::try_from(failing.sessions).unwrap_or(usize::MAX), "session")
        ))
        .expected(expected)
        .help(help)
}

/// Students with more sessions asked than blocks to attend them in.
fn report_too_many(school: &School, origins: &Origins, problems: &mut Problems) {
    let mut failing = Failing::default();
    for student in school.student_ids() {
        let mut needs = school.needs_of(student);
        let Some(first) = needs.next() else { continue };
        let asked: u64 = needs.chain([first]).map(|need| u64::from(school[need].sessions)).sum();
        let free = school
            .block_ids()
            .filter(|&block| school.student_free[(student, block)] && school[block].kind != Kind::Coaching);
        let free = most_at_once(free.map(|block| &school[block]));
        if asked > u64::from(free) {
            failing.add(school, first, u32::try_from(asked - u64::from(free)).unwrap_or(u32::MAX));
        }
    }
    let Some(first) = failing.first else { return };
    let students = pluralize(failing.students.len(), "student");
    let verb = if failing.students.len() == 1 { "has" } else { "have" };
    let problem = Problem::warning(
        "too-many-sessions",
        format!("{students} {verb} more sessions asked than free blocks"),
    )
    .found(format!("{} more than fit, first for `{}`", failing.sessions, school[school[first].student].id))
    .expected("at most as many sessions as free blocks that are no coaching")
    .help("ask for fewer sessions; what does not fit goes to unmet_needs.csv");
    origins.needs.report(first.index(), "sessions", problem, problems);
}
