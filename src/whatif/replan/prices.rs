//! What changes cost: one weight for each person and block whose duty or whereabouts differ from before.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::model::coaching::StandIn;
use crate::model::formulation::{Deployed, Formulation};
use crate::model::program::{LinExpr, Variable};
use crate::model::scope::{Neighbourhood, people};
use crate::schedule::{Activity, Attendance, Meeting, Schedule, Session, unshared};
use crate::school::*;
use crate::verify::WrittenSchedule;

use super::Replan;
use super::cover::Covers;
use super::invalidate::{Invalidated, lead_before};

/// Of one change: a student who sits in another session of the same offering in the same block.
const OTHER_SESSION: f64 = 0.25;
/// Of one change: who steps in where, after the reserve, the own unit and then others.
const OWN_UNIT: f64 = 0.1;
const OTHERS: f64 = 0.2;
/// And, of equals, at most for having stepped in often: less than one of these apart.
const OFTEN: f64 = 0.08;
/// What another week of the term counts beside this one.
const OTHER_WEEK: f64 = 0.1;

pub const COVER: &str = "R4.cover";

/// What somebody did: `None` is coaching.
type Was = Option<Activity>;

pub struct Prices<'a> {
    school: &'a School,
    before: &'a WrittenSchedule,
    weight: f64,
    covers: Option<&'a Covers>,
    /// What everybody did before.
    duties: Duties,
    reserve: BTreeSet<(StaffId, BlockId)>,
    /// Units of those who are replaced, by block.
    units: BTreeSet<(BlockId, UnitId)>,
    /// Blocks missing to the `min_blocks` of each staff member before anybody steps in.
    short: Vec<bool>,
    wishes: Option<WishWorth>,
}

impl<'a> Prices<'a> {
    pub fn new(replan: &'a Replan, invalidated: &Invalidated) -> Self {
        let Replan { before, weight, covers, .. } = *replan;
        let school = replan.solver.school;
        let mut prices = Self {
            school,
            before,
            weight,
            covers,
            duties: Duties::default(),
            reserve: before.reserve.iter().map(|reserve| (reserve.staff, reserve.block)).collect(),
            units: BTreeSet::new(),
            short: shortage(school, &invalidated.schedule),
            wishes: WishWorth::new(school),
        };
        before.sessions.iter().for_each(|session| prices.duties.add(session));
        led_before(before).iter().for_each(|&held| prices.duties.add_meeting(held));
        prices.find_units(invalidated);
        prices
    }

    fn find_units(&mut self, invalidated: &Invalidated) {
        let school = self.school;
        for session in &invalidated.sessions {
            self.units.extend(school[session.lead].unit.map(|unit| (session.block, unit)));
        }
        for meeting in &invalidated.open_meetings {
            let coach = invalidated.schedule.groups[meeting.group].coach;
            self.units.extend(school[coach].unit.map(|unit| (meeting.block, unit)));
        }
    }

    /// What stepping in costs beside the change: nothing for the reserve, a little for the own unit, more for others; of
    /// equals least for whoever did so least.
    fn order(&self, staff: StaffId, block: BlockId, stepped_in: u32) -> f64 {
        let own = |unit| self.units.contains(&(block, unit));
        let often = f64::from(stepped_in)
            + OTHER_WEEK * f64::from(self.covers.map_or(0, |covers| covers.of(staff)[1]));
        let often = OFTEN * often / (often + 1.0);
        often
            + if self.reserve.contains(&(staff, block)) {
                0.0
            } else if self.school[staff].unit.is_some_and(own) {
                OWN_UNIT
            } else {
                OTHERS
            }
    }

    /// Adds the price of deploying a staff member.
    fn deploy(
        &self,
        objective: &mut LinExpr,
        staff: StaffId,
        block: BlockId,
        (duty, helps, doing): (Was, bool, Duty),
        variable: Variable,
        stepped_in: &[u32],
    ) {
        let mut price = match self.duties.staff.get(&(staff, block)) {
            Some(before) if *before == (duty, helps) => -1.0,
            // Taken out of a session, which is one change either way.
            Some(_) => OTHERS,
            None => 1.0 + self.order(staff, block, stepped_in[staff.index()]),
        } * self.weight;
        if price > 0.0 && self.short[staff.index()] {
            // Who steps in is not to depend on who has too few blocks.
            price += self.school.weights.should;
        }
        if let Some(Activity::Offering(o)) = duty
            && price > 0.0
            && self.school[staff].likes.contains(&o)
        {
            price += self.school.weights.likes;
        }
        if price > 0.0
            && let Some(worth) = &self.wishes
        {
            price += worth.of(staff, block, doing).max(0.0);
        }
        objective.add(-price, variable);
    }

    /// Takes the prices off the objective of a part. The price of what is lost anyway is left out.
    pub fn add(&self, model: &mut Formulation) {
        let stepped_in = self.limit_covers(model);
        let mut objective = std::mem::take(&mut model.program.objective);
        for class in &model.classes.all {
            let duty = Some(class.activity);
            let leads = class.activity.offering().map_or(Duty::Study, Duty::Lead);
            for (people, doing) in [(&class.leads, leads), (&class.assistants, Duty::Assist)] {
                for &(staff, variable) in people {
                    let does = (duty, doing == Duty::Assist, doing);
                    self.deploy(&mut objective, staff, class.block, does, variable, &stepped_in);
                }
            }
            for attendee in &class.attendees {
                let price = match self.duties.students.get(&(attendee.student, class.block)) {
                    None => self.weight,
                    Some((before, _)) if *before != duty => 0.0,
                    Some((_, lead)) => {
                        let moves = class.kept.is_some() && *lead != Some(class.lead);
                        let own = self.own_unit(attendee.student, class.lead, *lead);
                        self.weight * (if moves { OTHER_SESSION } else { 0.0 } - 1.0) + own
                    }
                };
                objective.add(-price, attendee.variable);
            }
        }
        for stand_in in &model.stand_ins {
            let StandIn { staff, block, variable, .. } = *stand_in;
            let coach = |part: &Neighbourhood| {
                part.incumbent.groups[part.open_meetings[stand_in.meeting].group].coach
            };
            let helps = model.scope.neighbourhood().is_some_and(|part| coach(part) != staff);
            let does = (None, helps, Duty::Coach);
            self.deploy(&mut objective, staff, block, does, variable, &stepped_in);
            // Every student of the group keeps the meeting.
            objective.add(self.weight * f64::from(stand_in.students), stand_in.variable);
        }
        model.program.objective = objective;
    }

    /// Blocks in which each of the staff has stepped in, as far as that stays. Whoever has a `cover_max` does so in no more.
    fn limit_covers(&self, model: &mut Formulation) -> Vec<u32> {
        let Some(covers) = self.covers else { return vec![0; self.school.staff.len()] };
        let steps_in = |staff: StaffId, block: BlockId| !self.duties.staff.contains_key(&(staff, block));
        let mut all = Vec::with_capacity(self.school.staff.len());
        for staff in self.school.staff_ids() {
            let here =
                model.deployed[staff.index()].iter().filter(|deployed| steps_in(staff, deployed.block));
            let (open, kept): (Vec<&Deployed>, Vec<&Deployed>) = here.partition(|d| d.variable.is_some());
            let stays = covers.of(staff)[0] + kept.len() as u32;
            if let Some(most) = self.school[staff].cover_max {
                let more: LinExpr = open.iter().filter_map(|deployed| deployed.variable).collect();
                let left = LinExpr::constant(f64::from(most.saturating_sub(stays)));
                model.program.at_most(COVER, more, &left);
            }
            all.push(stays);
        }
        all
    }

    /// What the student gains by a new lead of the own unit: who steps in is not to depend on it.
    fn own_unit(&self, student: StudentId, lead: StaffId, before: Option<StaffId>) -> f64 {
        let school = self.school;
        let counts = school.counted_unit(school[student].unit).is_some();
        let own = counts && school[lead].unit == school[student].unit;
        if own && before != Some(lead) { school.weights.own_unit } else { 0.0 }
    }

    /// The price of a schedule: its changes, what is lost included.
    pub fn of(&self, schedule: &Schedule) -> f64 {
        let [was, now] = self.differing(schedule);
        let other_duty = |(before, _): &(Was, _), (now, _): &(Was, _)| before != now;
        let changes = different(&was.students, &now.students, other_duty).count()
            + different(&was.staff, &now.staff, |before, now| before != now).count();
        self.weight * changes as f64
    }

    /// Students who do something else than before, or with another lead, and when.
    pub fn changed_students(&self, schedule: &Schedule) -> BTreeSet<(StudentId, BlockId)> {
        let [was, now] = self.differing(schedule);
        different(&was.students, &now.students, |before, now| before != now).collect()
    }

    /// Staff who do something else than before, and when.
    pub fn changed_staff(&self, schedule: &Schedule) -> BTreeSet<(StaffId, BlockId)> {
        let [was, now] = self.differing(schedule);
        different(&was.staff, &now.staff, |before, now| before != now).collect()
    }

    /// What was done before and is done now, without the sessions and meetings in which the same people do the same:
    /// nearly all of a week.
    fn differing(&self, schedule: &Schedule) -> [Duties; 2] {
        let place = |session: &Session| (session.block, session.lead);
        let sessions = unshared(&self.before.sessions, &schedule.sessions, place, alike);
        let now: Vec<Held> =
            schedule.meetings.iter().map(|meeting| (meeting, Some(schedule.lead_of(meeting)))).collect();
        let before = led_before(self.before);
        let place = |&(meeting, lead): &Held| (meeting.block, lead);
        let meetings = unshared(&before, &now, place, |(one, _), (other, _)| one.students == other.students);
        let duties = |sessions: Vec<&Session>, meetings: Vec<&Held>| {
            let mut duties = Duties::default();
            sessions.into_iter().for_each(|session| duties.add(session));
            meetings.into_iter().for_each(|&held| duties.add_meeting(held));
            duties
        };
        let ([gone, new], [ended, begun]) = (sessions, meetings);
        [duties(gone, ended), duties(new, begun)]
    }
}

/// A meeting, and who leads it, as far as the school knows them.
type Held<'m> = (&'m Meeting, Option<StaffId>);

fn led_before(before: &WrittenSchedule) -> Vec<Held<'_>> {
    before.meetings.iter().map(|meeting| (meeting, lead_before(before, meeting))).collect()
}

/// Whether the same people do the same; both are led by the same person in the same block.
fn alike(a: &Session, b: &Session) -> bool {
    let students = a.attendances.iter().zip(&b.attendances);
    a.activity == b.activity
        && a.assistants == b.assistants
        && a.attendances.len() == b.attendances.len()
        && students.into_iter().all(|(a, b)| a.student == b.student)
}

/// What everybody does when; students with whom, but for coaching.
#[derive(Default)]
struct Duties {
    students: HashMap<(StudentId, BlockId), (Was, Option<StaffId>)>,
    /// And whether as an assistant or stand-in: another role in the same is a change too.
    staff: HashMap<(StaffId, BlockId), (Was, bool)>,
}

impl Duties {
    fn add(&mut self, session: &Session) {
        let (duty, block) = (Some(session.activity), session.block);
        let attend = |at: &Attendance| ((at.student, block), (duty, Some(session.lead)));
        self.students.extend(session.attendances.iter().map(attend));
        self.staff.extend(people(session).map(|staff| ((staff, block), (duty, staff != session.lead))));
    }

    fn add_meeting(&mut self, (meeting, lead): Held) {
        let block = meeting.block;
        self.students.extend(meeting.students.iter().map(|&student| ((student, block), (None, None))));
        self.staff.extend(lead.map(|lead| ((lead, block), (None, meeting.stand_in == Some(lead)))));
    }
}

/// Keys of which the values are there once only, or differ, in no order.
fn different<'m, K: Hash + Eq + Copy, V>(
    before: &'m HashMap<K, V>,
    now: &'m HashMap<K, V>,
    differ: impl Fn(&V, &V) -> bool + 'm,
) -> impl Iterator<Item = K> + 'm {
    let gone_or_other = move |(key, value): &(&K, &V)| now.get(key).is_none_or(|other| differ(value, other));
    let gone_or_other = before.iter().filter(gone_or_other).map(|(key, _)| *key);
    gone_or_other.chain(now.keys().copied().filter(|key| !before.contains_key(key)))
}

/// Who has fewer blocks than `min_blocks`.
fn shortage(school: &School, schedule: &Schedule) -> Vec<bool> {
    let mut blocks = vec![0; school.staff.len()];
    for session in &schedule.sessions {
        people(session).for_each(|staff| blocks[staff.index()] += 1);
    }
    schedule.meetings.iter().for_each(|meeting| blocks[schedule.lead_of(meeting).index()] += 1);
    school.staff.iter().zip(blocks).map(|(staff, blocks)| blocks < staff.min_blocks).collect()
}
