//! What a student attends a session for: of needs that count alike the one that the running schedule names.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::schedule::{Activity, Session};
use crate::school::{BlockId, Id, NeedId, School, StudentId};
use crate::verify::{Error, table};
use crate::write::files::STUDENT_TIMETABLE;

/// Counts attendances for the subjects that the timetable in `of` states, but for students of whom a need would then be
/// met too often. It is only a wish: where another assignment counts more, the writer counts otherwise.
///
/// # Errors
/// The timetable is missing or is none.
pub fn keep(school: &School, sessions: &mut [Session], of: &Path) -> Result<(), Error> {
    let students: HashMap<&str, StudentId> =
        school.student_ids().map(|i| (school[i].id.as_str(), i)).collect();
    let blocks: HashMap<&str, BlockId> = school.block_ids().map(|b| (school[b].id.as_str(), b)).collect();
    // Needs of the same subjects are met by the same offerings: the first of the day stands for all.
    let mut stated: HashMap<(StudentId, BlockId), NeedId> = HashMap::new();
    let columns = ["student", "block", "subject"];
    table::read(of, STUDENT_TIMETABLE.file, columns, |_, [student, block, subject]| {
        let (Some(&student), Some(&block)) = (students.get(student), blocks.get(block)) else { return };
        let meant = |need: &NeedId| {
            school.need_subjects(*need) == subject && school[*need].may_be_met_in(&school[block])
        };
        match school.needs_of(student).find(meant) {
            Some(need) => stated.insert((student, block), need),
            None => stated.remove(&(student, block)),
        };
    })?;
    let named = |session: &Session, student: StudentId| -> Option<NeedId> {
        let Activity::Offering(o) = session.activity else { return None };
        let need = *stated.get(&(student, session.block))?;
        let met = school.can_meet(o, session.block, need);
        met.then_some(need)
    };
    let mut met = vec![0_u32; school.needs.len()];
    for session in sessions.iter() {
        for attendance in &session.attendances {
            if let Some(need) = named(session, attendance.student).or(attendance.need) {
                met[need.index()] += 1;
            }
        }
    }
    let too_often = school.need_ids().filter(|need| met[need.index()] > school[*need].sessions);
    let left: BTreeSet<StudentId> = too_often.map(|need| school[need].student).collect();
    for session in sessions {
        let needs: Vec<Option<NeedId>> =
            session.attendances.iter().map(|at| named(session, at.student).or(at.need)).collect();
        for (attendance, need) in session.attendances.iter_mut().zip(needs) {
            if !left.contains(&attendance.student) {
                attendance.need = need;
            }
        }
    }
    Ok(())
}
