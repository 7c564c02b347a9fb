//! Section "What is best" of the guide, recounted from the files.

use std::collections::HashSet;

use serde::Serialize;

use crate::school::{BlockId, Id, Kind, Priority, School, StaffId, StudentId};

use super::needs::{self, Counted};
use super::week::{Activity, Week};
use super::wishes;

/// One term of the objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    #[serde(skip)]
    pub name: &'static str,
    /// Below 0 only of wishes.
    pub count: i64,
    /// What the term adds to the total: the count times its weight, negative for a loss.
    pub value: f64,
    #[serde(skip)]
    pub weight: f64,
}

/// All terms, in the order of the guide.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms(pub Vec<Term>);

impl Terms {
    pub fn total(&self) -> f64 {
        self.0.iter().map(|term| term.value).sum()
    }

    pub fn get(&self, name: &str) -> Option<&Term> {
        self.0.iter().find(|term| term.name == name)
    }
}

/// Names of the terms whose counts hang on which need an attendance is counted for. Two assignments that
/// count equally may differ in them, though not in their sum.
pub const BY_ASSIGNMENT: [&str; 5] = ["must", "should", "could", "staff_asked", "fairness"];

pub fn count(school: &School, week: &Week, counted: &Counted) -> Terms {
    let weights = &school.weights;
    let met = |priority| {
        let met = school.need_ids().filter(|&need| school[need].priority == priority);
        met.map(|need| u64::from(counted.met[need.index()])).sum::<u64>()
    };
    let students = |missing: &dyn Fn(StudentId) -> u32| -> u64 {
        school.student_ids().map(|student| u64::from(missing(student))).sum()
    };
    let fairness = school.student_ids().map(|student| {
        let unmet = counted.unmet(school, student);
        unmet * unmet.saturating_sub(1) / 2
    });
    // Adding 0.0 turns the -0.0 of an absent loss into 0.0.
    let signed =
        |name, count: i64, weight: f64| Term { name, count, value: count as f64 * weight + 0.0, weight };
    let term = |name, count: u64, weight: f64| signed(name, count as i64, weight);
    Terms(vec![
        term("must", met(Priority::Must), weights.must),
        term("should", met(Priority::Should), weights.should),
        term("could", met(Priority::Could), weights.could),
        term("coach_kept", coaches_kept(school, week), weights.coach_kept),
        term("staff_asked", staff_asked(school, week, counted), weights.staff_asked),
        term("likes", likes(school, week), weights.likes),
        signed("wishes", wishes::points(school, week), weights.wishes),
        term("own_unit", own_unit(school, week, counted), weights.own_unit),
        term("fairness", fairness.sum(), -weights.fairness),
        term("presence", students(&|student| presence_missing(school, week, student)), -weights.should),
        term("meetings", students(&|student| meetings_missing(school, week, student)), -weights.should),
        term(
            "min_blocks",
            school.staff_ids().map(|staff| u64::from(min_blocks_missing(school, week, staff))).sum(),
            -weights.should,
        ),
    ])
}

/// Students whose group's coach is their present coach.
fn coaches_kept(school: &School, week: &Week) -> u64 {
    let kept = |student: &StudentId| {
        let present = school[*student].coach;
        let coach = |&group: &usize| week.groups[group].coach();
        present.is_some() && week.groups_of[student.index()].iter().any(|group| coach(group) == present)
    };
    school.student_ids().filter(kept).count() as u64
}

fn staff_asked(school: &School, week: &Week, counted: &Counted) -> u64 {
    let asked = |&(attendance, need): &(usize, &Option<_>)| {
        need.is_some_and(|need| needs::asked(school, week.attended(attendance), need))
    };
    counted.need.iter().enumerate().filter(asked).count() as u64
}

fn own_unit(school: &School, week: &Week, counted: &Counted) -> u64 {
    let own = |&(attendance, need): &(usize, &Option<_>)| {
        need.is_some()
            && needs::own_unit(school, week.attended(attendance), week.attendances[attendance].student)
    };
    counted.need.iter().enumerate().filter(own).count() as u64
}

/// Sessions led by someone who likes the offering.
fn likes(school: &School, week: &Week) -> u64 {
    let liked = |session: &&super::week::Session| match (session.activity, session.lead) {
        (Activity::Offering(offering), Some(lead)) => school[lead].likes.contains(&offering),
        _ => false,
    };
    week.sessions.iter().filter(liked).count() as u64
}

/// Lesson and zone blocks missing to the student's least presence; study counts as attended.
pub fn presence_missing(school: &School, week: &Week, student: StudentId) -> u32 {
    let minimum = school.presence.minimum(student);
    if minimum == 0 {
        return 0;
    }
    let attended: HashSet<BlockId> = (week.of_student[student.index()].iter())
        .map(|&attendance| week.attended(attendance).block)
        .filter(|&block| school[block].kind.counts_as_presence())
        .collect();
    minimum.saturating_sub(attended.len() as u32)
}

/// Coaching meetings missing to the student's number: `meetings`, at most the coaching blocks the
/// student is invited to.
pub fn meetings_missing(school: &School, week: &Week, student: StudentId) -> u32 {
    let Some(coaching) = &school.coaching else { return 0 };
    let invited = school
        .block_ids()
        .filter(|&block| school[block].kind == Kind::Coaching && school.invited[(student, block)])
        .count() as u32;
    let attended = (week.of_student[student.index()].iter())
        .filter(|&&attendance| matches!(week.attended(attendance).activity, Activity::Meeting(_)))
        .count() as u32;
    coaching.meetings.min(invited).saturating_sub(attended)
}

/// Blocks missing to the staff member's `min_blocks`.
pub fn min_blocks_missing(school: &School, week: &Week, staff: StaffId) -> u32 {
    school[staff].min_blocks.saturating_sub(week.of_staff[staff.index()].len() as u32)
}
