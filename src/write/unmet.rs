//! What is missing: needs, presence, meetings and `min_blocks`, each with its reason.

use crate::model::rules::r4_limits::room;
use crate::parallel::{par_chunks, processors};
use crate::pluralize::pluralize;
use crate::school::{Fill, Id, Kind, NeedId, Staff, StaffId, StudentId, most_at_once};

use super::files::{MEETINGS, MIN_BLOCKS, PRESENCE};
use super::lookup::{Lookup, occupied};
use super::plan::{Plan, What};
use super::reason::{Reason, Unmet};
use super::unmet_reasons::Obstacles;

/// Students of one piece of work: at least so many, and pieces for every processor. What is worked out for a site serves
/// the whole piece.
const TOGETHER: usize = 500;
const PIECES: usize = 8;

/// Everything missing: by student their needs in the order of the file, presence and meetings; then staff.
pub fn list(plan: &Plan) -> Vec<Unmet> {
    let school = plan.school;
    let lookup = Lookup::new(plan);
    let students: Vec<StudentId> = school.student_ids().collect();
    let together = students.len().div_ceil(PIECES * processors()).max(TOGETHER);
    let mut unmet: Vec<Unmet> = par_chunks(&students, together, |piece| {
        let mut unmet_reasons = Obstacles::new(&lookup);
        let mut unmet = Vec::new();
        for &student in piece {
            unmet.extend(
                school.needs_of(student).filter_map(|need| unmet_need(plan, &mut unmet_reasons, need)),
            );
            unmet.extend(missing_presence(&lookup, student));
            unmet.extend(missing_meetings(plan, student));
        }
        unmet
    });
    unmet.extend(school.staff_ids().filter_map(|staff| missing_blocks(plan, staff)));
    unmet
}

fn unmet_need(plan: &Plan, unmet_reasons: &mut Obstacles, need: NeedId) -> Option<Unmet> {
    let school = plan.school;
    let missing = plan.missing(need);
    (missing > 0).then(|| {
        let (reason, detail) = unmet_reasons.of_need(need);
        let ask = school[need].ask.map(|ask| &school[ask]);
        Unmet {
            who: school[school[need].student].id.clone(),
            subject: school.need_subjects(need).into_owned(),
            priority: Some(school[need].priority),
            missing,
            reason,
            detail,
            by: ask.map_or_else(String::new, |ask| ask.by.clone()),
            note: ask.map_or_else(String::new, |ask| ask.note.clone()),
        }
    })
}

/// A row that is about no need.
fn row(who: &str, subject: &str, missing: u32, (reason, detail): (Reason, String)) -> Unmet {
    Unmet {
        who: who.to_owned(),
        subject: subject.to_owned(),
        priority: None,
        missing,
        reason,
        detail: detail.into(),
        by: String::new(),
        note: String::new(),
    }
}

fn missing_presence(lookup: &Lookup, student: StudentId) -> Option<Unmet> {
    let plan = lookup.plan;
    let school = plan.school;
    let minimum = school.presence.minimum(student);
    let counts = |kind: Kind| kind.counts_as_presence();
    let attended = plan.attended_by(student).filter(|entry| counts(school[entry.block].kind)).count() as u32;
    let missing = minimum.saturating_sub(attended);
    (missing > 0).then(|| {
        let why = why_absent(lookup, student, minimum, attended);
        row(&school[student].id, PRESENCE, missing, why)
    })
}

fn why_absent(lookup: &Lookup, student: StudentId, minimum: u32, attended: u32) -> (Reason, String) {
    let plan = lookup.plan;
    let school = plan.school;
    let free: Vec<_> = school
        .block_ids()
        .filter(|&block| school[block].kind.counts_as_presence() && school.student_free[(student, block)])
        .collect();
    let most = most_at_once(free.iter().map(|&block| &school[block]));
    if most < minimum {
        let detail =
            format!("free in {most} lesson and zone blocks of the {minimum} asked; attends {attended}");
        return (Reason::NeverFree, detail);
    }
    let base = format!("attends {attended} of the {minimum} lesson and zone blocks asked");
    if school.presence.fill == Fill::None {
        return (Reason::NoSession, format!("{base}; no study places are offered to fill the rest"));
    }
    if !school.staff.iter().any(Staff::may_supervise) {
        return (Reason::NobodyQualified, format!("{base}; no staff member has the role supervisor"));
    }
    let free = |&&at: &&usize| {
        let block = plan.entries[at].block;
        school.student_free[(student, block)] && !occupied(plan, student, block)
    };
    let open: Vec<usize> = lookup.study_at(student).iter().filter(free).copied().collect();
    let left = open.iter().filter(|&&at| lookup.seat_left(at)).count();
    match (open.len(), left) {
        (0, _) => (Reason::NoSession, format!("{base}; no study session ran when nothing else was attended")),
        (1, 0) => (Reason::SessionsFull, format!("{base}; 1 study session ran then, full")),
        (ran, 0) => (Reason::SessionsFull, format!("{base}; {ran} study sessions ran then, all full")),
        (_, left) => (
            Reason::NotFound,
            format!("{base}; {} had a seat left that was not used", pluralize(left, "study session")),
        ),
    }
}

fn missing_meetings(plan: &Plan, student: StudentId) -> Option<Unmet> {
    let school = plan.school;
    let asked = school.meetings_wanted(student);
    let attended = plan.attended_by(student).filter(|entry| entry.what == What::Coaching).count() as u32;
    let missing = asked.saturating_sub(attended);
    (missing > 0).then(|| {
        let free =
            (school.coaching_blocks()).filter(|&block| school.student_free[(student, block)]).count() as u32;
        row(&school[student].id, MEETINGS, missing, why_no_meeting(plan, student, [asked, attended, free]))
    })
}

fn why_no_meeting(plan: &Plan, student: StudentId, [asked, attended, free]: [u32; 3]) -> (Reason, String) {
    if free < asked {
        let detail =
            format!("free in {free} coaching blocks, {asked} meetings are asked; attends {attended}");
        return (Reason::NeverFree, detail);
    }
    let Some(group) = plan.group_of(student) else {
        return (Reason::NoSession, "is in no coaching group".to_owned());
    };
    let met = pluralize(group.meetings, "time");
    let base = format!("attends {attended} of {asked} meetings; {} met {met}", group.id);
    if group.meetings as u32 >= asked {
        return (Reason::Clash, format!("{base}, partly when the student could not come"));
    }
    (Reason::NoSession, base)
}

fn missing_blocks(plan: &Plan, staff: StaffId) -> Option<Unmet> {
    let school = plan.school;
    let minimum = school[staff].min_blocks;
    let deployed = plan.of_staff[staff.index()].len() as u32;
    let missing = minimum.saturating_sub(deployed);
    (missing > 0)
        .then(|| row(&school[staff].id, MIN_BLOCKS, missing, why_idle(plan, staff, minimum, deployed)))
}

fn why_idle(plan: &Plan, staff: StaffId, minimum: u32, deployed: u32) -> (Reason, String) {
    let school = plan.school;
    let free: Vec<_> = school.block_ids().filter(|&block| school.staff_free[(staff, block)]).collect();
    let most = most_at_once(free.iter().map(|&block| &school[block]));
    if most < minimum {
        return (
            Reason::NeverFree,
            format!("free in {most} blocks, {minimum} are asked; deployed in {deployed}"),
        );
    }
    let left = blocks_left(plan, staff);
    if left < i64::from(minimum) {
        let detail =
            format!("max_blocks less the packages carried leaves {left} blocks, {minimum} are asked");
        return (Reason::Limits, detail);
    }
    (Reason::NoSession, format!("deployed in {deployed} of {minimum} blocks; no further session needed them"))
}

/// Blocks that `max_blocks` leaves beside the packages carried.
fn blocks_left(plan: &Plan, staff: StaffId) -> i64 {
    let school = plan.school;
    let carried = plan.schedule.package_holders.iter().filter(|holder| holder.staff == staff);
    let used = carried.map(|holder| u64::from(school[holder.package].blocks)).sum();
    room(&school[staff], used).max(0)
}
