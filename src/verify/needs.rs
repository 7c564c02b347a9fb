//! Which attendance meets which need. An attendance meets one session of one need; of the assignments
//! in which most attendances meet a need, the one that counts most in the objective holds.

use std::collections::BTreeMap;

use crate::parallel::par_chunks;
use crate::school::{Id, NeedId, OfferingId, OwnStaff, Priority, School, StaffId, StudentId};

use super::flow::Network;
use super::week::{Session, Week};

/// Students whose attendances are counted by one thread at a time.
const TOGETHER: usize = 500;

/// A row of `unmet_needs.csv`, as far as it identifies needs: the student's needs with these subjects and
/// this priority.
pub type Key = (Vec<usize>, Priority);

/// The needs met this week.
#[derive(Debug)]
pub struct Counted {
    /// By index into [`Week::attendances`]; `None` for study, meetings and attendances no need is left for.
    pub need: Vec<Option<NeedId>>,
    /// Sessions met, by [`NeedId`].
    pub met: Vec<u32>,
    /// [`Assignment::cost`], by [`StudentId`].
    pub cost: Vec<f64>,
}

impl Counted {
    /// Sessions of a need that are not met.
    pub fn missing(&self, school: &School, need: NeedId) -> u32 {
        school[need].sessions - self.met[need.index()]
    }

    /// The student's unmet `must` and `should` sessions, those of earlier weeks included.
    pub fn unmet(&self, school: &School, student: StudentId) -> u64 {
        let counting = school.needs_of(student).filter(|&need| school[need].priority.counts_for_fairness());
        let now: u64 = counting.map(|need| u64::from(self.missing(school, need))).sum();
        u64::from(school[student].missed_before) + now
    }
}

/// Whether an offering meets needs for one of the need's subjects.
pub fn meets_subject(school: &School, offering: OfferingId, need: NeedId) -> bool {
    school[need].subjects.iter().any(|subject| school[offering].subjects.contains(subject))
}

/// The audience of the offering includes the student.
pub fn is_for(school: &School, offering: OfferingId, student: StudentId) -> bool {
    match &school[offering].audience {
        None => true,
        Some(audience) => audience.contains(&student),
    }
}

/// The session is on a day on which the need may be attended.
pub fn is_on_its_days(school: &School, session: &Session, need: NeedId) -> bool {
    school[need].days.has(school[session.block].day)
}

/// Whether attending the session can count for the need: an offering for one of its subjects, on one of its days, led
/// by someone qualified for what the need names in `with`.
pub fn can_meet(school: &School, session: &Session, need: NeedId) -> bool {
    let qualified = |lead: StaffId, with| school[lead].subjects.contains(with);
    session.offering().is_some_and(|offering| {
        meets_subject(school, offering, need) && is_for(school, offering, school[need].student)
    }) && is_on_its_days(school, session, need)
        && school[need]
            .with
            .as_ref()
            .is_none_or(|with| session.lead.is_some_and(|lead| qualified(lead, with)))
}

/// The lead is the staff member whom the need names.
pub fn asked(school: &School, session: &Session, need: NeedId) -> bool {
    school[need].staff.is_some() && school[need].staff == session.lead
}

/// The lead is of the student's own unit, where that counts.
pub fn own_unit(school: &School, session: &Session, student: StudentId) -> bool {
    let unit = school[student].unit;
    school.own_staff != OwnStaff::Ignore
        && unit.is_some()
        && session.lead.is_some_and(|lead| school[lead].unit == unit)
}

/// Counts every student's attendances.
pub fn count(school: &School, week: &Week) -> Counted {
    let mut counted = Counted {
        need: vec![None; week.attendances.len()],
        met: vec![0; school.needs.len()],
        cost: Vec::with_capacity(school.students.len()),
    };
    let students: Vec<StudentId> = school.student_ids().collect();
    let assigned = par_chunks(&students, TOGETHER, |piece| {
        piece.iter().map(|&student| assign(school, week, student, None)).collect()
    });
    for best in assigned {
        for (attendance, need) in best.meets {
            counted.need[attendance] = Some(need);
            counted.met[need.index()] += 1;
        }
        counted.cost.push(best.cost);
    }
    counted
}

/// The part of a [`NeedId`] that a row of `unmet_needs.csv` states.
pub fn key(school: &School, need: NeedId) -> Key {
    (school[need].subjects.iter().map(|subject| subject.index()).collect(), school[need].priority)
}

/// An assignment of one student's attendances to needs.
pub struct Assignment {
    /// Index into [`Week::attendances`], need met.
    pub meets: Vec<(usize, NeedId)>,
    /// The less, the more it counts: the part of `fairness` that it changes minus priorities, `staff_asked` and
    /// `own_unit`.
    pub cost: f64,
}

/// The assignment that counts most. `met` limits the sessions met by key (absent: as many as asked).
///
/// A flow from the attendances over the needs and their keys to the sink. The sessions of `must` and
/// `should` pass through `pool`, whose arcs to the sink gain what each further one spares in fairness:
/// u - 1 for the first, one less for each next, so that filling them in order is best.
pub fn assign(
    school: &School,
    week: &Week,
    student: StudentId,
    met: Option<&BTreeMap<Key, u32>>,
) -> Assignment {
    let attendances: Vec<usize> = (week.of_student[student.index()].iter().copied())
        .filter(|&attendance| week.attended(attendance).offering().is_some())
        .collect();
    let needs: Vec<NeedId> = school.needs_of(student).collect();
    let mut asked_by_key: BTreeMap<Key, u32> = BTreeMap::new();
    for &need in &needs {
        *asked_by_key.entry(key(school, need)).or_default() += school[need].sessions;
    }
    let keys: Vec<&Key> = asked_by_key.keys().collect();

    let (source, first_attendance) = (0, 1);
    let first_need = first_attendance + attendances.len();
    let first_key = first_need + needs.len();
    let pool = first_key + keys.len();
    let sink = pool + 1;
    let mut network = Network::new(sink + 1);

    let mut chosen = Vec::new();
    for (a, &attendance) in attendances.iter().enumerate() {
        network.add(source, first_attendance + a, 1, 0.0);
        let session = week.attended(attendance);
        for (n, &need) in needs.iter().enumerate().filter(|(_, need)| can_meet(school, session, **need)) {
            let gain = gain(school, session, need);
            let arc = network.add(first_attendance + a, first_need + n, 1, -gain);
            chosen.push((arc, attendance, need));
        }
    }
    for (n, &need) in needs.iter().enumerate() {
        let at = keys.binary_search(&&key(school, need)).unwrap_or_default();
        network.add(first_need + n, first_key + at, school[need].sessions, 0.0);
    }
    for (k, key) in keys.iter().enumerate() {
        let room = met.map_or(asked_by_key[*key], |met| met.get(*key).copied().unwrap_or(0));
        let to = if key.1.counts_for_fairness() { pool } else { sink };
        network.add(first_key + k, to, room, 0.0);
    }
    for gain in fairness_gains(school, &needs, student, attendances.len()) {
        network.add(pool, sink, 1, -gain);
    }
    let cost = network.fill(source, sink);
    let met = chosen.into_iter().filter(|(arc, ..)| network.flow(*arc) > 0);
    Assignment { meets: met.map(|(_, attendance, need)| (attendance, need)).collect(), cost }
}

/// Value of counting one attendance of the session for the need, fairness apart.
fn gain(school: &School, session: &Session, need: NeedId) -> f64 {
    let weights = &school.weights;
    let mut gain = weights.priority(school[need].priority);
    if asked(school, session, need) {
        gain += weights.staff_asked;
    }
    if own_unit(school, session, school[need].student) {
        gain += weights.own_unit;
    }
    gain
}

/// What the first, second, ... met session of `must` or `should` spares in fairness: u(u-1)/2 falls by
/// u - 1 when u falls by one.
fn fairness_gains(
    school: &School,
    needs: &[NeedId],
    student: StudentId,
    most: usize,
) -> impl Iterator<Item = f64> {
    let counting = needs.iter().filter(|&&need| school[need].priority.counts_for_fairness());
    let asked: u64 = counting.map(|&need| u64::from(school[need].sessions)).sum();
    let unmet = u64::from(school[student].missed_before) + asked;
    let sessions = asked.min(most as u64);
    let weight = school.weights.fairness;
    (0..sessions).map(move |met| weight * (unmet - met - 1) as f64)
}
