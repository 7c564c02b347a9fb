//! What is best (section "What is best" of the guide), as the objective of a program and as the total of a
//! schedule.
//!
//! Maximised, with the weights of the school:
//! - `must` `should` `could`: sum of the sessions met, `m[n]` or its `x`;
//! - `staff_asked`, `own_unit`: on `x[i,n,c]` where the leads of c are the one asked, of i's unit;
//! - `wishes`: on `y[s,c]`, `a[s,c]`, `meet[g,b]`, `cover[m,s]` what the block and the duty are worth to s, on `h[p,s]`
//!   what the package is ([`WishWorth`]);
//! - `likes`: on `y[s,c]`; `coach_kept`: on `in[i,g]` with g of i's present coach;
//! - fairness: u(u-1)/2 is convex, its k-th unit loses k - 1 more: unmet sessions of student i beyond those of
//!   history h = sum of `e[i,k]`, 0 <= `e` <= 1, k = h+1 ..., at a loss of fairness (k - 1) each; the first of
//!   these, beyond all that i could attend, are a constant;
//! - presence: `p[i]` >= minimum - lesson and zone blocks attended, at a loss of `should`;
//! - meetings: the loss of all meetings wanted, and `should` gained by each `z`;
//! - min_blocks: `s[s]` >= min_blocks_s - sum over b of `d[s,b]`, at a loss of `should`.
//!
//! What a part leaves as it is enters the constant, so that the objective is the total of the whole.

use crate::schedule::{Activity, Schedule, Session, unshared};
use crate::school::*;

use super::formulation::Formulation;
use super::program::LinExpr;
use super::scope::people;

pub const FAIRNESS: &str = "objective.fairness";
pub const PRESENCE: &str = "objective.presence";
pub const MIN_BLOCKS: &str = "objective.min_blocks";

pub fn add(model: &mut Formulation) {
    let mut objective = LinExpr::default();
    add_sessions(model, &mut objective);
    let kept = Kept::new(model);
    for student in model.school.student_ids() {
        if model.scope.student(student) {
            add_fairness(model, student, &mut objective);
            add_presence(model, student, &mut objective);
        } else {
            objective.constant += kept.students[student.index()].value(model.school, student);
        }
    }
    add_coaching(model, &mut objective);
    objective.constant += kept.coaching;
    add_wishes(model, &mut objective);
    for staff in model.school.staff_ids() {
        add_min_blocks(model, staff, &mut objective);
    }
    model.program.objective = objective;
}

/// Value of one attendance of request or need by itself, fairness apart.
fn attendance_value(school: &School, lead: StaffId, student: StudentId, asked: Option<StaffId>) -> f64 {
    let mut value = 0.0;
    if asked == Some(lead) {
        value += school.weights.staff_asked;
    }
    if school.is_own_unit(lead, student) {
        value += school.weights.own_unit;
    }
    value
}

fn like(school: &School, lead: StaffId, activity: Activity) -> f64 {
    match activity {
        Activity::Offering(o) if school[lead].likes.contains(&o) => school.weights.likes,
        _ => 0.0,
    }
}

fn add_sessions(model: &Formulation, objective: &mut LinExpr) {
    let school = model.school;
    for class in &model.classes.all {
        for &(lead, y) in &class.leads {
            let value = like(school, lead, class.activity);
            if value != 0.0 {
                objective.add(value, y);
            }
        }
        for attendee in &class.attendees {
            let Some(request) = attendee.request else { continue };
            let value =
                attendance_value(school, class.lead, attendee.student, model.requests.all[request].staff);
            if value != 0.0 {
                objective.add(value, attendee.variable);
            }
        }
    }
    for (_, session) in model.scope.kept_sessions() {
        objective.constant += like(school, session.lead, session.activity);
    }
    for (request, met) in model.requests.all.iter().zip(&model.met) {
        for (&need, met) in request.needs.iter().zip(met) {
            objective.add_expr(school.weights.priority(school[need].priority), met);
        }
    }
}

fn add_fairness(model: &mut Formulation, student: StudentId, objective: &mut LinExpr) {
    let Formulation { school, requests, met, attends, program, .. } = model;
    let before = f64::from(school[student].missed_before);
    let weight = school.weights.fairness;
    objective.constant -= weight * pairs(before);
    let mut unmet = LinExpr::default();
    for request in requests.of_student(student) {
        for (&need, met) in requests.all[request].needs.iter().zip(&met[request]) {
            if school[need].priority.counts_for_fairness() {
                unmet.constant += f64::from(school[need].sessions);
                unmet.add_expr(-1.0, met);
            }
        }
    }
    if weight == 0.0 {
        return;
    }
    let most = attends[student.index()].iter().filter(|attends| attends.request.is_some()).count() as f64;
    // What is asked beyond all that the student could attend is lost in any case.
    let lost = if unmet.is_constant() { unmet.constant } else { (unmet.constant - most).max(0.0) };
    objective.constant -= weight * (pairs(before + lost) - pairs(before));
    if unmet.is_constant() {
        return;
    }
    unmet.constant -= lost;
    let mut pieces = LinExpr::default();
    let mut rest = unmet.clone();
    for further in 0..unmet.constant as u32 {
        let unit = before + lost + f64::from(further) + 1.0;
        let piece = program.continuous(1.0, || format!("e[{},{unit}]", school[student].id));
        program.derive(piece, rest.clone());
        rest.constant -= 1.0;
        pieces.add(1.0, piece);
        objective.add(-weight * (unit - 1.0), piece);
    }
    program.at_most(FAIRNESS, unmet, &pieces);
}

fn add_presence(model: &mut Formulation, student: StudentId, objective: &mut LinExpr) {
    let Formulation { school, attends, program, .. } = model;
    let minimum = f64::from(school.presence.minimum(student));
    if minimum == 0.0 {
        return;
    }
    let present = attends[student.index()].iter().filter(|at| school[at.block].kind.counts_as_presence());
    let mut missing = LinExpr::constant(minimum);
    present.for_each(|attends| missing.add(-1.0, attends.variable));
    if missing.is_constant() {
        objective.constant -= school.weights.should * minimum;
        return;
    }
    let short = program.continuous(minimum, || format!("p[{}]", school[student].id));
    program.derive(short, missing.clone());
    program.at_most(PRESENCE, missing, &short.into());
    objective.add(-school.weights.should, short);
}

/// In a part coaching is constant, apart from meetings that want a stand-in.
fn add_coaching(model: &Formulation, objective: &mut LinExpr) {
    let school = model.school;
    for slot in &model.groups.slots {
        for &(student, member) in &slot.members {
            if school[student].coach == Some(slot.coach) {
                objective.add(school.weights.coach_kept, member);
            }
        }
        slot.meetings.iter().for_each(|meeting| objective.add(school.weights.should, meeting.attending));
    }
    for stand_in in &model.stand_ins {
        objective.add(school.weights.should * f64::from(stand_in.students), stand_in.variable);
    }
    objective.constant -= school.weights.should * all_meetings(school);
}

fn add_wishes(model: &Formulation, objective: &mut LinExpr) {
    let school = model.school;
    let Some(worth) = WishWorth::new(school) else { return };
    let mut add = |value: f64, variable| {
        if value != 0.0 {
            objective.add(value, variable);
        }
    };
    for class in &model.classes.all {
        let leads = class.leads.iter().map(|&(lead, y)| (lead, led(class.activity), y));
        let assistants = class.assistants.iter().map(|&(staff, a)| (staff, Duty::Assist, a));
        leads.chain(assistants).for_each(|(staff, duty, y)| add(worth.of(staff, class.block, duty), y));
    }
    for slot in &model.groups.slots {
        let meetings = slot.meetings.iter();
        meetings.for_each(|meeting| add(worth.of(slot.coach, meeting.block, Duty::Coach), meeting.meets));
    }
    for stand_in in &model.stand_ins {
        add(worth.of(stand_in.staff, stand_in.block, Duty::Coach), stand_in.variable);
    }
    model.holders.iter().for_each(|&(package, staff, h)| add(worth.of_package(staff, package), h));
    let Some(part) = model.scope.neighbourhood() else { return };
    let kept = model.scope.kept_sessions();
    objective.constant += kept.map(|(_, session)| session_wished(&worth, session)).sum::<f64>();
    objective.constant += coaching_wished(&worth, part.incumbent) + packages_wished(&worth, part.incumbent);
}

fn led(activity: Activity) -> Duty {
    activity.offering().map_or(Duty::Study, Duty::Lead)
}

/// What a session is worth by wishes of its lead and assistants.
fn session_wished(worth: &WishWorth, session: &Session) -> f64 {
    let assistants = session.assistants.iter().map(|&staff| worth.of(staff, session.block, Duty::Assist));
    worth.of(session.lead, session.block, led(session.activity)) + assistants.sum::<f64>()
}

fn coaching_wished(worth: &WishWorth, schedule: &Schedule) -> f64 {
    let meetings = schedule.meetings.iter();
    meetings.map(|meeting| worth.of(schedule.lead_of(meeting), meeting.block, Duty::Coach)).sum()
}

fn packages_wished(worth: &WishWorth, schedule: &Schedule) -> f64 {
    let holders = schedule.package_holders.iter();
    holders.map(|holder| worth.of_package(holder.staff, holder.package)).sum()
}

/// What a schedule is worth by wishes.
fn wished(school: &School, schedule: &Schedule) -> f64 {
    WishWorth::new(school).map_or(0.0, |worth| {
        let sessions = schedule.sessions.iter();
        sessions.map(|session| session_wished(&worth, session)).sum::<f64>()
            + coaching_wished(&worth, schedule)
            + packages_wished(&worth, schedule)
    })
}

fn add_min_blocks(model: &mut Formulation, staff: StaffId, objective: &mut LinExpr) {
    let Formulation { school, weeks, deployed, program, .. } = model;
    let mut missing = LinExpr::constant(f64::from(school[staff].min_blocks));
    if missing.constant == 0.0 {
        return;
    }
    let week = &weeks[staff.index()];
    week.iter().for_each(|(_, deployed)| missing.add_expr(-1.0, deployed));
    if week.is_empty() {
        missing.constant -= deployed[staff.index()].len() as f64;
    }
    if missing.is_constant() {
        objective.constant -= school.weights.should * missing.constant.max(0.0);
        return;
    }
    let most = f64::from(school[staff].min_blocks);
    let short = program.continuous(most, || format!("s[{}]", school[staff].id));
    program.derive(short, missing.clone());
    program.at_most(MIN_BLOCKS, missing, &short.into());
    objective.add(-school.weights.should, short);
}

/// What one student has in a schedule.
#[derive(Clone, Debug, Default)]
struct Week {
    /// Value of the attendances.
    attended: f64,
    /// Sessions met of `must` and `should`.
    met: u32,
    /// Lesson and zone blocks.
    present: u32,
}

impl Week {
    fn attend(&mut self, school: &School, session: &Session, student: StudentId, need: Option<NeedId>) {
        self.present += u32::from(school[session.block].kind.counts_as_presence());
        let Some(need) = need else { return };
        let priority = school[need].priority;
        self.met += u32::from(priority.counts_for_fairness());
        self.attended += school.weights.priority(priority)
            + attendance_value(school, session.lead, student, school[need].staff);
    }

    /// Attendances, fairness and presence.
    fn value(&self, school: &School, student: StudentId) -> f64 {
        let counting = school.needs_of(student).filter(|&need| school[need].priority.counts_for_fairness());
        let asked: u64 = counting.map(|need| u64::from(school[need].sessions)).sum();
        let unmet = u64::from(school[student].missed_before) + asked.saturating_sub(self.met.into());
        let minimum = school.presence.minimum(student);
        let missing = minimum.saturating_sub(self.present);
        self.attended
            - school.weights.fairness * pairs(unmet as f64)
            - school.weights.should * f64::from(missing)
    }
}

/// What a part leaves as it is.
struct Kept {
    students: Vec<Week>,
    coaching: f64,
}

impl Kept {
    fn new(model: &Formulation) -> Self {
        let Some(part) = model.scope.neighbourhood() else {
            return Self { students: Vec::new(), coaching: 0.0 };
        };
        let students = weeks(model.school, part.incumbent, |_| true);
        Self { students, coaching: coaching_gain(model.school, part.incumbent) }
    }
}

/// Of the students who are wanted.
fn weeks(school: &School, schedule: &Schedule, wanted: impl Fn(StudentId) -> bool) -> Vec<Week> {
    let mut weeks = vec![Week::default(); school.students.len()];
    for session in &schedule.sessions {
        for attendance in session.attendances.iter().filter(|attendance| wanted(attendance.student)) {
            let week = &mut weeks[attendance.student.index()];
            week.attend(school, session, attendance.student, attendance.need);
        }
    }
    weeks
}

/// Meetings that all students together should have.
fn all_meetings(school: &School) -> f64 {
    school.student_ids().map(|student| f64::from(school.meetings_wanted(student))).sum()
}

/// Coaches kept and meetings attended.
fn coaching_gain(school: &School, schedule: &Schedule) -> f64 {
    let kept = |group: &crate::schedule::Group| {
        group.students.iter().filter(|&&i| school[i].coach == Some(group.coach)).count() as f64
    };
    let meetings = schedule.meetings.iter().map(|meeting| meeting.students.len() as f64).sum::<f64>();
    schedule.groups.iter().map(kept).sum::<f64>() * school.weights.coach_kept
        + meetings * school.weights.should
}

/// Total of a schedule, each attendance counted for the need that it states.
pub fn total(school: &School, schedule: &Schedule) -> f64 {
    students(school, schedule, |_| true) + rest(school, schedule)
        - school.weights.should * all_meetings(school)
}

/// What the total gains from one schedule to another, soonest where most of them is the same.
pub fn gain(school: &School, from: &Schedule, to: &Schedule) -> f64 {
    let at = |session: &Session| (session.block, session.lead);
    let mut touched = vec![false; school.students.len()];
    for session in unshared(&from.sessions, &to.sessions, at, Session::eq).into_iter().flatten() {
        session.attendances.iter().for_each(|attendance| touched[attendance.student.index()] = true);
    }
    let value = |schedule| students(school, schedule, |i| touched[i.index()]) + rest(school, schedule);
    value(to) - value(from)
}

/// Attendances, fairness and presence of the students who are wanted.
fn students(school: &School, schedule: &Schedule, wanted: impl Fn(StudentId) -> bool) -> f64 {
    let weeks = weeks(school, schedule, &wanted);
    let weeks = school.student_ids().zip(weeks).filter(|(student, _)| wanted(*student));
    weeks.map(|(student, week)| week.value(school, student)).sum()
}

/// What staff and groups add: likes, wishes, coaches kept, meetings attended, and the loss of `min_blocks`.
fn rest(school: &School, schedule: &Schedule) -> f64 {
    let likes: f64 =
        schedule.sessions.iter().map(|session| like(school, session.lead, session.activity)).sum();
    let mut blocks = vec![0u32; school.staff.len()];
    for session in &schedule.sessions {
        people(session).for_each(|staff| blocks[staff.index()] += 1);
    }
    for meeting in &schedule.meetings {
        blocks[schedule.lead_of(meeting).index()] += 1;
    }
    let short: f64 = (school.staff.iter().zip(blocks))
        .map(|(staff, blocks)| f64::from(staff.min_blocks.saturating_sub(blocks)))
        .sum();
    likes + wished(school, schedule) + coaching_gain(school, schedule) - school.weights.should * short
}

/// u(u-1)/2
fn pairs(unmet: f64) -> f64 {
    unmet * (unmet - 1.0) / 2.0
}
