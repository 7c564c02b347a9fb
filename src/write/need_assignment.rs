//! Which need each attendance meets. Where several could count it, the assignment that counts most holds,
//! and a search that was stopped may not have found it.

use crate::parallel::par_chunks;
use crate::schedule::{Activity, Schedule, Session};
use crate::school::{Id, NeedId, School, StudentId};
use crate::verify::Network;

/// Part of the weight of `must` that it is worth to count an attendance as the search did: of needs that count alike
/// this one is taken.
const KEPT: f64 = 1e-7;
/// Students of one piece of work.
const TOGETHER: usize = 500;

/// One attendance: index of its session, index into the session's attendances.
pub type At = (usize, usize);

/// The same schedule with every student's attendances counted for the needs where they count most.
pub fn settled(school: &School, schedule: &Schedule) -> Schedule {
    let mut settled = schedule.clone();
    let mut attended: Vec<Vec<At>> = vec![Vec::new(); school.students.len()];
    for (s, session) in schedule.sessions.iter().enumerate() {
        if session.activity != Activity::Study {
            for (a, attendance) in session.attendances.iter().enumerate() {
                attended[attendance.student.index()].push((s, a));
            }
        }
    }
    let students: Vec<StudentId> = school.student_ids().collect();
    // Among needs that count alike, what is chosen hangs on the week alone.
    attended.iter_mut().for_each(|attended| {
        attended.sort_by_key(|&(s, _)| (schedule.sessions[s].block, schedule.sessions[s].lead));
    });
    let best = |students: &[StudentId]| -> Vec<(At, Option<NeedId>)> {
        let of_student = |&student: &StudentId| {
            let attended = &attended[student.index()];
            attended.iter().copied().zip(best_needs(school, &schedule.sessions, student, attended))
        };
        students.iter().flat_map(of_student).collect()
    };
    for ((s, a), need) in par_chunks(&students, TOGETHER, best) {
        settled.sessions[s].attendances[a].need = need;
    }
    settled
}

/// The same schedule, of which nothing says which need an attendance of an offering meets.
pub fn uncounted(schedule: &Schedule) -> Schedule {
    let mut uncounted = schedule.clone();
    let attendances = uncounted.sessions.iter_mut().flat_map(|session| &mut session.attendances);
    attendances.for_each(|attendance| attendance.need = None);
    uncounted
}

/// The needs for which a student's attendances of offerings count most; `None` for one that meets nothing more.
///
/// A flow from the attendances over the needs to the sink: the largest, and of these the one of most
/// value. The sessions of `must` and `should` pass through `pool`, whose arcs to the sink carry what each
/// further one spares in fairness: u - 1 for the first, one less for each next, u being those unmet.
pub fn best_needs(
    school: &School,
    sessions: &[Session],
    student: StudentId,
    attended: &[At],
) -> Vec<Option<NeedId>> {
    let needs: Vec<NeedId> = school.needs_of(student).collect();
    let (source, first_attendance, first_need) = (0, 1, 1 + attended.len());
    let pool = first_need + needs.len();
    let sink = pool + 1;
    let mut network = Network::new(sink + 1);
    let wish = KEPT * school.weights.must.max(1.0);
    let mut choices = Vec::new();
    for (a, &(s, at)) in attended.iter().enumerate() {
        network.add(source, first_attendance + a, 1, 0.0);
        let session = &sessions[s];
        for (n, &need) in needs.iter().enumerate().filter(|(_, need)| meets(school, session, **need)) {
            let kept = session.attendances[at].need == Some(need);
            let value = value(school, session, need) + if kept { wish } else { 0.0 };
            choices.push((network.add(first_attendance + a, first_need + n, 1, -value), a, need));
        }
    }
    let mut unmet = u64::from(school[student].missed_before);
    for (n, &need) in needs.iter().enumerate() {
        let counts = school[need].priority.counts_for_fairness();
        network.add(first_need + n, if counts { pool } else { sink }, school[need].sessions, 0.0);
        unmet += if counts { u64::from(school[need].sessions) } else { 0 };
    }
    for met in 1..=unmet.min(attended.len() as u64) {
        network.add(pool, sink, 1, -school.weights.fairness * (unmet - met) as f64);
    }
    network.fill(source, sink);
    let mut best = vec![None; attended.len()];
    for (_, a, need) in choices.into_iter().filter(|(arc, ..)| network.flow(*arc) > 0) {
        best[a] = Some(need);
    }
    best
}

/// Whether attending the session can count for the need.
pub fn meets(school: &School, session: &Session, need: NeedId) -> bool {
    let Activity::Offering(offering) = session.activity else { return false };
    school.can_meet(offering, session.block, need)
        && school[session.lead].has_what_is_asked_with(&school[need])
}

/// What it counts, fairness apart.
fn value(school: &School, session: &Session, need: NeedId) -> f64 {
    let weights = &school.weights;
    let row = &school[need];
    let asked = row.staff == Some(session.lead);
    let own = school.is_own_unit(session.lead, row.student);
    weights.priority(row.priority)
        + if asked { weights.staff_asked } else { 0.0 }
        + if own { weights.own_unit } else { 0.0 }
}
