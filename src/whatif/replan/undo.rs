//! Takes earlier repairs back in the hours of somebody who is there again: what `changes.csv` says of these hours is
//! turned round. The result need not hold every rule; what does not is struck like anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::schedule::{Activity, Attendance, Reserve, Session};
use crate::school::*;
use crate::verify::{self, Error, Reread, table};
use crate::write::files::{CHANGES, RESERVE, STUDY, SUMMARY};

/// Turns round what the repairs that led to the schedule in `out` changed in the hours in which `back` fell out, the
/// last repair first, as far as their folders are there.
///
/// # Errors
/// A repair cannot be read.
pub fn undo(school: &School, before: &mut Reread, out: &Path, back: &[String]) -> Result<(), Error> {
    let mut folder = out.to_owned();
    let mut seen = BTreeSet::new();
    while seen.insert(folder.clone()) && is_out(&folder, back)? {
        turn_round(school, before, &folder, back)?;
        match repaired_from(&folder) {
            Some(earlier) => folder = earlier,
            None => break,
        }
    }
    Ok(())
}

fn is_out(folder: &Path, back: &[String]) -> Result<bool, Error> {
    let repair = verify::repair_of(folder)?.unwrap_or_default();
    Ok(repair.absent.iter().chain(&repair.closed).any(|out| back.contains(&out.id)))
}

/// The schedule that a repair started from, if it is another one that was repaired and is still there.
fn repaired_from(folder: &Path) -> Option<PathBuf> {
    let summary: Value = serde_json::from_slice(&crate::open::settings(&folder.join(SUMMARY)).ok()?).ok()?;
    let earlier = PathBuf::from(summary["repair"]["of"].as_str()?);
    crate::open::is_there(&earlier.join(CHANGES.file)).then_some(earlier)
}

/// A row of `changes.csv`.
struct Row {
    of_student: bool,
    id: String,
    block: String,
    was: String,
    role: String,
    place: String,
    lead: String,
    now_role: String,
}

fn rows(folder: &Path) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let columns = ["kind", "id", "block", "was", "was_role", "was_place", "was_lead", "now_role"];
    table::read(folder, CHANGES.file, columns, |_, cells| {
        let [kind, id, block, was, role, place, lead, now_role] = cells.map(str::to_owned);
        rows.push(Row { of_student: kind == "student", id, block, was, role, place, lead, now_role });
    })?;
    Ok(rows)
}

fn turn_round(school: &School, before: &mut Reread, folder: &Path, back: &[String]) -> Result<(), Error> {
    let rows = rows(folder)?;
    let fell_out = |row: &&Row| {
        back.contains(&row.place) || (!row.of_student && back.contains(&row.id) && !row.was.is_empty())
    };
    let hours: BTreeSet<&String> = rows.iter().filter(fell_out).map(|row| &row.block).collect();
    let at_once = |block: &BlockId| {
        school.blocks.iter().any(|other| hours.contains(&other.id) && other.overlaps(&school[*block]))
    };
    let hours: BTreeSet<BlockId> = school.block_ids().filter(at_once).collect();
    let mut undoing = Undoing { school, before };
    for row in &rows {
        let Some(block) = hours.iter().copied().find(|&b| school[b].id == row.block) else { continue };
        let place = school.place_ids().find(|&place| school[place].id == row.place);
        let lead = school.staff_ids().find(|&staff| school[staff].id == row.lead);
        if row.of_student {
            if let Some(student) = school.student_ids().find(|&student| school[student].id == row.id) {
                undoing.student(student, block, undoing.activity(&row.was), place, lead);
            }
        } else if let Some(staff) = school.staff_ids().find(|&staff| school[staff].id == row.id) {
            undoing.staff(staff, block, place, row);
        }
    }
    undoing.before.sessions.retain(|session| !session.attendances.is_empty());
    Ok(())
}

struct Undoing<'a> {
    school: &'a School,
    before: &'a mut Reread,
}

impl Undoing<'_> {
    /// `None`: nothing, or coaching, which is held as its group and coach have it.
    fn activity(&self, name: &str) -> Option<Activity> {
        let offering = || self.school.offering_ids().find(|&o| self.school[o].id == name);
        if name == STUDY { Some(Activity::Study) } else { offering().map(Activity::Offering) }
    }

    fn student(
        &mut self,
        student: StudentId,
        block: BlockId,
        was: Option<Activity>,
        place: Option<PlaceId>,
        lead: Option<StaffId>,
    ) {
        for session in self.before.sessions.iter_mut().filter(|session| session.block == block) {
            session.attendances.retain(|attendance| attendance.student != student);
        }
        let (Some(activity), Some(lead)) = (was, lead) else { return };
        let need = match activity {
            Activity::Study => None,
            Activity::Offering(o) => match self.unmet(student, o, lead) {
                // Met at another time since: that stays.
                None => return,
                need => need,
            },
        };
        let at = self.session(block, activity, place, lead);
        self.before.sessions[at].attendances.push(Attendance { student, need });
    }

    /// A need that this would meet, the most urgent.
    fn unmet(&self, student: StudentId, o: OfferingId, lead: StaffId) -> Option<NeedId> {
        let school = self.school;
        let mut met: BTreeMap<NeedId, u32> = BTreeMap::new();
        for need in self.before.sessions.iter().flat_map(|s| &s.attendances).filter_map(|at| at.need) {
            *met.entry(need).or_default() += 1;
        }
        let meets = |need: &NeedId| {
            let row = &school[*need];
            row.subjects.iter().any(|subject| school[o].subjects.contains(subject))
                && row.with.is_none_or(|with| school[lead].subjects.contains(&with))
                && met.get(need).copied().unwrap_or(0) < row.sessions
        };
        school.needs_of(student).filter(meets).min_by_key(|&need| school[need].priority)
    }

    fn staff(&mut self, staff: StaffId, block: BlockId, place: Option<PlaceId>, row: &Row) {
        if row.now_role == RESERVE {
            self.before.reserve.retain(|reserve| *reserve != Reserve { block, staff });
        }
        if row.role == RESERVE {
            self.before.reserve.push(Reserve { block, staff });
        }
        let assistant = Role::Assistant.label();
        if row.now_role == assistant {
            for session in self.before.sessions.iter_mut().filter(|session| session.block == block) {
                session.assistants.retain(|&other| other != staff);
            }
        }
        let assists = row.role == assistant;
        let Some(activity) = self.activity(&row.was).filter(|_| assists) else { return };
        let theirs = |session: &&mut Session| {
            (session.block, session.activity, session.place) == (block, activity, place)
                && !session.attendances.is_empty()
        };
        if let Some(session) = self.before.sessions.iter_mut().find(theirs)
            && !session.assistants.contains(&staff)
        {
            session.assistants.push(staff);
        }
    }

    /// The session as it was, anew if it did not take place.
    fn session(
        &mut self,
        block: BlockId,
        activity: Activity,
        place: Option<PlaceId>,
        lead: StaffId,
    ) -> usize {
        let sessions = &mut self.before.sessions;
        let same =
            |session: &Session| (session.block, session.activity, session.lead) == (block, activity, lead);
        if let Some(at) = sessions.iter().position(same) {
            sessions[at].place = place;
            return at;
        }
        let session =
            Session { activity, block, place, lead, assistants: Vec::new(), attendances: Vec::new() };
        sessions.push(session);
        sessions.len() - 1
    }
}
