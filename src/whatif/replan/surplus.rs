//! What students attend in a running schedule though nothing asks for it any more, and who must not meet there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::rules::r6_needs::day_allows;
use crate::schedule::{Activity, Session};
use crate::school::*;
use crate::write::{At, best_needs};

/// Session by index, and student.
pub type Surplus = BTreeSet<(usize, StudentId)>;

/// Attendances beyond what was asked for and beyond `per_day`, of students to be apart and of study that is not needed:
/// without them the rest holds R6 and R8. Of those to be apart one goes.
pub fn surplus(school: &School, sessions: &mut [Session]) -> Surplus {
    let mut gone = apart(school, sessions);
    beyond_a_day(school, sessions, &mut gone);
    let mut weeks: Vec<Vec<At>> = vec![Vec::new(); school.students.len()];
    for (s, session) in sessions.iter().enumerate() {
        for (at, attendance) in session.attendances.iter().enumerate() {
            if !gone.contains(&(s, attendance.student)) {
                weeks[attendance.student.index()].push((s, at));
            }
        }
    }
    for (student, week) in school.student_ids().zip(weeks) {
        let (study, attended): (Vec<_>, Vec<_>) =
            week.into_iter().partition(|&(s, _)| sessions[s].activity == Activity::Study);
        let kept = within_needs(school, sessions, student, attended, &mut gone);
        let present = kept.iter().filter(|&&s| school[sessions[s].block].kind.counts_as_presence()).count();
        let least = match school.presence.fill {
            Fill::Study => school.presence.minimum(student) as usize,
            Fill::None => 0,
        };
        let missing = least.saturating_sub(present);
        gone.extend(study.into_iter().skip(missing).map(|(s, _)| (s, student)));
    }
    gone
}

fn apart(school: &School, sessions: &[Session]) -> Surplus {
    let mut gone = Surplus::new();
    for pair in school.pairs.iter().filter(|pair| pair.kind == PairKind::Apart) {
        for (s, session) in sessions.iter().enumerate() {
            let there = |student: StudentId| {
                !gone.contains(&(s, student)) && session.attendances.iter().any(|at| at.student == student)
            };
            if there(pair.student) && there(pair.other) {
                gone.insert((s, pair.other));
            }
        }
    }
    gone
}

/// More sessions of one offering on a day than `per_day`, as where the present week and the planned one come together.
fn beyond_a_day(school: &School, sessions: &[Session], gone: &mut Surplus) {
    let mut attended: HashMap<(StudentId, OfferingId, DayId), u32> = HashMap::new();
    for (s, session) in sessions.iter().enumerate() {
        let Activity::Offering(o) = session.activity else { continue };
        for student in session.attendances.iter().map(|attendance| attendance.student) {
            if gone.contains(&(s, student)) {
                continue;
            }
            let count = attended.entry((student, o, school[session.block].day)).or_default();
            if !day_allows(&school[o], *count) {
                gone.insert((s, student));
            }
            *count += 1;
        }
    }
}

/// Counts the student's attendances for the needs where they count most. Gives the sessions in which the student meets
/// nothing more.
pub fn recount(school: &School, sessions: &mut [Session], student: StudentId, attended: &[At]) -> Vec<usize> {
    let needs = best_needs(school, sessions, student, attended);
    for (&(s, at), &need) in attended.iter().zip(&needs) {
        sessions[s].attendances[at].need = need;
    }
    attended.iter().zip(needs).filter(|(_, need)| need.is_none()).map(|(&(s, _), _)| s).collect()
}

/// Counts the student's attendances anew if some need is met too often; what meets nothing more is gone. Gives the
/// sessions of the others.
fn within_needs(
    school: &School,
    sessions: &mut [Session],
    student: StudentId,
    attended: Vec<At>,
    gone: &mut Surplus,
) -> Vec<usize> {
    let mut met: BTreeMap<NeedId, u32> = BTreeMap::new();
    for need in attended.iter().filter_map(|&(s, at)| sessions[s].attendances[at].need) {
        *met.entry(need).or_default() += 1;
    }
    if met.iter().any(|(&need, &count)| count > school[need].sessions) {
        gone.extend(recount(school, sessions, student, &attended).into_iter().map(|s| (s, student)));
    }
    attended.into_iter().map(|(s, _)| s).filter(|&s| !gone.contains(&(s, student))).collect()
}
