//! Takes earlier repairs back in the hours of somebody who is there again: what `changes.csv` says of these hours is
//! turned round. The result need not hold every rule; what does not is struck like anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::schedule::{Activity, Attendance, Reserve, Session};
use crate::school::*;
use crate::verify::{self, Error, Repair, Reread, table};
use crate::write::files::{CHANGES, RESERVE, STUDY, SUMMARY};

/// Turns round what the repairs that led to the schedule in `out` changed while `back` were out, the last one first, as
/// far as their folders are there.
///
/// # Errors
/// A repair cannot be read.
pub fn undo(school: &School, before: &mut Reread, out: &Path, back: &[String]) -> Result<(), Error> {
    let mut folder = out.to_owned();
    let mut seen = BTreeSet::new();
    while seen.insert(folder.clone()) {
        let Some(repair) = verify::repair_of(&folder)? else { break };
        let hours = hours(school, &repair, back);
        if hours.is_empty() {
            break;
        }
        turn_round(school, before, &folder, &hours)?;
        match repaired_from(&folder) {
            Some(earlier) => folder = earlier,
            None => break,
        }
    }
    Ok(())
}

/// The blocks in which they were out, and those at the same time.
fn hours(school: &School, repair: &Repair, back: &[String]) -> BTreeSet<BlockId> {
    let named = repair.absent.iter().chain(&repair.closed).filter(|out| back.contains(&out.id));
    let out: BTreeSet<&String> = named.flat_map(|out| &out.blocks).collect();
    let at_once = |block: &BlockId| {
        school.blocks.iter().any(|other| out.contains(&other.id) && other.overlaps(&school[*block]))
    };
    school.block_ids().filter(at_once).collect()
}

/// The schedule that a repair started from, if it is another folder that is still there.
fn repaired_from(folder: &Path) -> Option<PathBuf> {
    let summary: Value = serde_json::from_slice(&crate::open::settings(&folder.join(SUMMARY)).ok()?).ok()?;
    let earlier = PathBuf::from(summary["repair"]["of"].as_str()?);
    crate::open::is_there(&earlier.join(CHANGES.file)).then_some(earlier)
}

fn turn_round(
    school: &School,
    before: &mut Reread,
    folder: &Path,
    blocks: &BTreeSet<BlockId>,
) -> Result<(), Error> {
    let mut undoing = Undoing { school, before };
    let columns = ["kind", "id", "block", "was", "was_role", "was_place", "was_lead"];
    table::read(folder, CHANGES.file, columns, |_, [kind, id, block, was, role, place, lead]| {
        let Some(block) = blocks.iter().copied().find(|&b| school[b].id == block) else { return };
        let place = school.place_ids().find(|&other| school[other].id == place);
        match kind {
            "student" => {
                let lead = school.staff_ids().find(|&staff| school[staff].id == lead);
                if let Some(student) = school.student_ids().find(|&student| school[student].id == id) {
                    undoing.student(student, block, undoing.activity(was), place, lead);
                }
            }
            _ => {
                if let Some(staff) = school.staff_ids().find(|&staff| school[staff].id == id) {
                    undoing.staff(staff, block, undoing.activity(was), place, role);
                }
            }
        }
    })?;
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

    fn staff(
        &mut self,
        staff: StaffId,
        block: BlockId,
        was: Option<Activity>,
        place: Option<PlaceId>,
        role: &str,
    ) {
        if role == RESERVE {
            self.before.reserve.push(Reserve { block, staff });
        }
        let Some(activity) = was.filter(|_| role == Role::Assistant.label()) else { return };
        let theirs = |session: &&mut Session| {
            (session.block, session.activity, session.place) == (block, activity, place)
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
