//! Gives back what they did to those who are there again: in the hours in which they fell out, the week goes back to
//! how it was planned, but for what still cannot be. The result need not hold every rule; what does not is struck like
//! anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::bail;

use crate::model::classes::activity_id;
use crate::model::scope::people;
use crate::schedule::{Activity, Attendance, Meeting, Reserve, Session};
use crate::school::*;
use crate::verify::{self, Reread};
use crate::write::files::{ALL_CHANGES, COACHING, RESERVE, STUDY};

use super::changes::{Change, Doing};
use super::history;

/// Turns round, as `all_changes.csv` has it, what was changed in the hours in which `back` fell out. `school` is
/// without those who are still out.
///
/// # Errors
/// Nothing says how the week was planned, or the school no longer knows what it says.
pub fn undo(school: &School, before: &mut Reread, out: &Path, back: &[String]) -> anyhow::Result<()> {
    if back.is_empty() {
        return Ok(());
    }
    let Some(changes) = history::read(out)? else {
        bail!(
            "{} is a repaired week without {}, so that nothing says what {} did before: repair the week as it was \
             planned once more for those who are still out",
            out.display(),
            ALL_CHANGES.file,
            back.join(", ")
        );
    };
    let rows = rows(school, out, &changes, back)?;
    let mut undoing = Undoing { school, before, rows, heirs: BTreeMap::new() };
    undoing.give_up_substitutes();
    undoing.students();
    undoing.part_double_leads();
    undoing.follow();
    undoing.staff();
    undoing.before.sessions.retain(|session| !session.attendances.is_empty());
    Ok(())
}

/// What was changed in the hours in question.
#[derive(Default)]
struct Rows<'a> {
    students: BTreeMap<(StudentId, BlockId), Planned>,
    staff: BTreeMap<(StaffId, BlockId), (&'a Doing, &'a Doing)>,
}

/// What a student was to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Planned {
    Nothing,
    Coaching(Option<PlaceId>),
    Session {
        activity: Activity,
        place: Option<PlaceId>,
        lead: StaffId,
    },
    /// The school does not know it any more.
    Gone,
}

fn rows<'a>(school: &School, out: &Path, changes: &'a [Change], back: &[String]) -> anyhow::Result<Rows<'a>> {
    let repair = verify::repair_of(out)?.unwrap_or_default();
    let out = repair.absent.iter().chain(&repair.closed).filter(|named| back.contains(&named.id));
    let fell_out: BTreeSet<&String> = out.flat_map(|named| &named.blocks).collect();
    let theirs = |change: &Change| {
        let (staff, was) = (change.cell.kind != "student", &change.was);
        back.contains(&was.place)
            || back.contains(&was.lead)
            || (staff && back.contains(&change.cell.id) && *was != Doing::default())
    };
    let block_of = |id: &String| school.block_ids().find(|&block| school[block].id == *id);
    let mut hours: BTreeSet<BlockId> = BTreeSet::new();
    for change in changes.iter().filter(|change| theirs(change)) {
        let (block, was) = (&change.cell.block, &change.was);
        let Some(at) = block_of(block).filter(|_| planned(school, was, change) != Planned::Gone) else {
            bail!(
                "the school has changed since the week was planned: it knows nothing any more of {} in {block}, \
                 which {} lists; make a new schedule with `leerzone solve`",
                if was.offering.is_empty() { &was.role } else { &was.offering },
                ALL_CHANGES.file,
            );
        };
        if fell_out.contains(block) || fell_out.iter().any(|id| overlaps(school, at, block_of(id))) {
            hours.extend(school.block_ids().filter(|&other| school[other].overlaps(&school[at])));
        }
    }
    let mut rows = Rows::default();
    for change in changes {
        let Some(block) = block_of(&change.cell.block).filter(|block| hours.contains(block)) else {
            continue;
        };
        let id = &change.cell.id;
        if change.cell.kind != "student" {
            let staff = school.staff_ids().find(|&staff| school[staff].id == *id);
            rows.staff.extend(staff.map(|staff| ((staff, block), (&change.was, &change.now))));
        } else if let Some(student) = school.student_ids().find(|&student| school[student].id == *id) {
            rows.students.insert((student, block), planned(school, &change.was, change));
        }
    }
    Ok(rows)
}

fn overlaps(school: &School, block: BlockId, other: Option<BlockId>) -> bool {
    other.is_some_and(|other| school[block].overlaps(&school[other]))
}

/// What somebody was to do; of staff only whether the school still knows it.
fn planned(school: &School, was: &Doing, change: &Change) -> Planned {
    let place = school.place_ids().find(|&place| school[place].id == was.place);
    let activity = match was.offering.as_str() {
        "" => return Planned::Nothing,
        COACHING => return Planned::Coaching(place),
        STUDY => Some(Activity::Study),
        name => school.offering_ids().find(|&o| school[o].id == name).map(Activity::Offering),
    };
    let lead = if change.cell.kind == "student" { &was.lead } else { &change.cell.id };
    let lead = school.staff_ids().find(|&staff| school[staff].id == *lead);
    match (activity, lead) {
        (Some(activity), Some(lead)) if place.is_some() || was.place.is_empty() => {
            Planned::Session { activity, place, lead }
        }
        _ => Planned::Gone,
    }
}

struct Undoing<'a> {
    school: &'a School,
    before: &'a mut Reread,
    rows: Rows<'a>,
    /// By block and lead of a session that was none of the plan: the lead to whom its students went back.
    heirs: BTreeMap<(BlockId, StaffId), StaffId>,
}

impl Undoing<'_> {
    /// Whether what was planned can be again, as far as its lead and place are concerned.
    fn is_there(&self, block: BlockId, planned: Planned) -> bool {
        let school = self.school;
        match planned {
            Planned::Session { place, lead, .. } => {
                school.staff_free[(lead, block)]
                    && place.is_none_or(|place| school.place_free[(place, block)])
            }
            Planned::Nothing | Planned::Coaching(_) => true,
            Planned::Gone => false,
        }
    }

    /// Whether the session was none of the plan.
    fn is_new(&self, session: &Session) -> bool {
        let row = self.rows.staff.get(&(session.lead, session.block));
        row.is_some_and(|(was, _)| was.offering != activity_id(self.school, session.activity))
    }

    /// Who had nothing, and came for what can be had as planned now, stays away.
    fn give_up_substitutes(&mut self) {
        let school = self.school;
        let mut returns: BTreeMap<StudentId, BTreeSet<SubjectId>> = BTreeMap::new();
        for (&(student, block), &planned) in &self.rows.students {
            if let Planned::Session { activity: Activity::Offering(o), .. } = planned
                && self.is_there(block, planned)
            {
                returns.entry(student).or_default().extend(&school[o].subjects);
            }
        }
        let rows = &self.rows.students;
        for session in &mut self.before.sessions {
            let block = session.block;
            session.attendances.retain(|at| {
                let substitute = |need: NeedId| {
                    let subjects = returns.get(&at.student);
                    subjects.is_some_and(|all| school[need].subjects.iter().any(|one| all.contains(one)))
                };
                rows.get(&(at.student, block)) != Some(&Planned::Nothing) || !at.need.is_some_and(substitute)
            });
        }
    }

    /// Students go back to what they were to do, where that can be again.
    fn students(&mut self) {
        let rows: Vec<((StudentId, BlockId), Planned)> =
            self.rows.students.iter().map(|(&cell, &planned)| (cell, planned)).collect();
        for ((student, block), planned) in rows {
            match planned {
                Planned::Session { activity, place, lead } if self.is_there(block, planned) => {
                    self.send(student, block, (activity, place, lead));
                }
                Planned::Coaching(place) => self.meet(student, block, place),
                _ => {}
            }
        }
    }

    fn send(
        &mut self,
        student: StudentId,
        block: BlockId,
        planned @ (activity, _, lead): (Activity, Option<PlaceId>, StaffId),
    ) {
        let need = match activity {
            Activity::Study => None,
            Activity::Offering(o) => match self.unmet(student, o, lead, block) {
                // Met at another time since: that stays.
                None => return,
                need => need,
            },
        };
        if let Some(left) = self.leave(student, block)
            && self.before.sessions[left].activity == activity
            && self.before.sessions[left].lead != lead
            && self.is_new(&self.before.sessions[left])
        {
            self.heirs.insert((block, self.before.sessions[left].lead), lead);
        }
        let at = self.session(block, planned);
        self.before.sessions[at].attendances.push(Attendance { student, need });
    }

    /// Takes the student out of whatever is at that time; gives the session of the block.
    fn leave(&mut self, student: StudentId, block: BlockId) -> Option<usize> {
        let school = self.school;
        let mut left = None;
        for (at, session) in self.before.sessions.iter_mut().enumerate() {
            if school[session.block].overlaps(&school[block]) {
                let students = session.attendances.len();
                session.attendances.retain(|attendance| attendance.student != student);
                if session.attendances.len() < students && session.block == block {
                    left = Some(at);
                }
            }
        }
        left
    }

    /// A meeting that was cancelled takes place again if its coach is there.
    fn meet(&mut self, student: StudentId, block: BlockId, place: Option<PlaceId>) {
        let school = self.school;
        let Some(group) = self.before.groups.iter().position(|group| group.students.contains(&student))
        else {
            return;
        };
        let known =
            self.before.meetings.iter_mut().find(|meeting| (meeting.group, meeting.block) == (group, block));
        let Some(place) = place.filter(|&place| school.place_free[(place, block)]) else { return };
        match known {
            Some(meeting) => meeting.place = place,
            None if self.before.groups[group]
                .coach
                .is_some_and(|coach| school.staff_free[(coach, block)]) =>
            {
                let students = self.before.groups[group].students.clone();
                self.before.meetings.push(Meeting { group, block, place, students, stand_in: None });
            }
            None => return,
        }
        self.leave(student, block);
    }

    /// A need that this would meet, the most urgent, once the student has left what is in the block now.
    fn unmet(&self, student: StudentId, o: OfferingId, lead: StaffId, block: BlockId) -> Option<NeedId> {
        let school = self.school;
        let mut met: BTreeMap<NeedId, u32> = BTreeMap::new();
        let elsewhere = self.before.sessions.iter().filter(|session| session.block != block);
        for attendance in elsewhere.flat_map(|session| &session.attendances) {
            if let Some(need) = attendance.need.filter(|_| attendance.student == student) {
                *met.entry(need).or_default() += 1;
            }
        }
        let meets = |need: &NeedId| {
            let row = &school[*need];
            row.subjects.iter().any(|subject| school[o].subjects.contains(subject))
                && row.with.is_none_or(|with| school[lead].subjects.contains(&with))
                && met.get(need).copied().unwrap_or(0) < row.sessions
        };
        school.needs_of(student).filter(meets).min_by_key(|&need| school[need].priority)
    }

    /// The session as it was, anew if it does not take place.
    fn session(
        &mut self,
        block: BlockId,
        (activity, place, lead): (Activity, Option<PlaceId>, StaffId),
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

    /// Who leads again what they were to lead, leaves what they led instead; its students are as if it had not been.
    fn part_double_leads(&mut self) {
        let school = self.school;
        let at_once = |a: BlockId, b: BlockId| school[a].overlaps(&school[b]);
        while let Some(at) = self.before.sessions.iter().enumerate().position(|(at, new)| {
            let beside = |(other, session): (usize, &Session)| {
                other != at
                    && session.lead == new.lead
                    && at_once(session.block, new.block)
                    && !session.attendances.is_empty()
            };
            self.is_new(new) && self.before.sessions.iter().enumerate().any(beside)
        }) {
            let left = self.before.sessions.remove(at);
            for attendance in left.attendances {
                if let Some(&Planned::Session { activity, place, lead }) =
                    self.rows.students.get(&(attendance.student, left.block))
                {
                    let to = self.session(left.block, (activity, place, lead));
                    self.before.sessions[to].attendances.push(attendance);
                }
            }
        }
        let leads = |staff: StaffId, block: BlockId| {
            let theirs = |session: &&Session| session.lead == staff && at_once(session.block, block);
            self.before.sessions.iter().filter(theirs).any(|session| !session.attendances.is_empty())
        };
        let frees = |meeting: &Meeting| meeting.stand_in.is_some_and(|staff| leads(staff, meeting.block));
        let freed: Vec<bool> = self.before.meetings.iter().map(frees).collect();
        for (meeting, _) in self.before.meetings.iter_mut().zip(freed).filter(|(_, freed)| *freed) {
            meeting.stand_in = None;
        }
    }

    /// Who joined a session that stood for a planned one, and has nothing of their own to go back to, goes along.
    fn follow(&mut self) {
        for ((block, from), to) in std::mem::take(&mut self.heirs) {
            let sessions = &self.before.sessions;
            let led_by = |lead: StaffId| {
                sessions.iter().position(|session| (session.block, session.lead) == (block, lead))
            };
            let (Some(from), Some(to)) = (led_by(from), led_by(to)) else { continue };
            let rows = &self.rows.students;
            let bound = |at: &Attendance| {
                rows.get(&(at.student, block)).is_some_and(|planned| *planned != Planned::Nothing)
            };
            let all = std::mem::take(&mut self.before.sessions[from].attendances);
            let (stay, go): (Vec<_>, Vec<_>) = all.into_iter().partition(bound);
            self.before.sessions[from].attendances = stay;
            self.before.sessions[to].attendances.extend(go);
        }
    }

    /// Assistants go back to the sessions that they helped, and the reserve stands by again.
    fn staff(&mut self) {
        let school = self.school;
        let assistant = Role::Assistant.label();
        let rows: Vec<_> = self.rows.staff.iter().map(|(&cell, &row)| (cell, row)).collect();
        let missed = |block: BlockId| {
            rows.iter().any(|&((staff, b), (was, _))| {
                b == block && was.role == assistant && !school.staff_free[(staff, b)]
            })
        };
        for &((staff, block), (was, now)) in &rows {
            if now.role == RESERVE {
                self.before.reserve.retain(|reserve| *reserve != Reserve { block, staff });
            }
            if now.role == assistant && (was.role == assistant || !missed(block)) {
                let here = self.before.sessions.iter_mut().filter(|session| session.block == block);
                here.for_each(|session| session.assistants.retain(|&other| other != staff));
            }
        }
        for &((staff, block), (was, _)) in rows.iter().filter(|((s, b), _)| school.staff_free[(*s, *b)]) {
            if was.role == RESERVE && !self.at_work(staff, block) {
                self.before.reserve.push(Reserve { block, staff });
            }
            let place = school.place_ids().find(|&place| school[place].id == was.place);
            let theirs = |session: &&mut Session| {
                (session.block, session.place) == (block, place)
                    && activity_id(school, session.activity) == was.offering
                    && !session.attendances.is_empty()
            };
            let helped = self.before.sessions.iter_mut().find(theirs).filter(|_| was.role == assistant);
            if let Some(session) = helped.filter(|session| !session.assistants.contains(&staff)) {
                session.assistants.push(staff);
            }
        }
    }

    fn at_work(&self, staff: StaffId, block: BlockId) -> bool {
        let school = self.school;
        let at_once = |other: BlockId| school[other].overlaps(&school[block]);
        let sessions = self.before.sessions.iter().filter(|session| !session.attendances.is_empty());
        let meets = |meeting: &Meeting| meeting.stand_in == Some(staff) && at_once(meeting.block);
        sessions
            .filter(|session| at_once(session.block))
            .any(|session| people(session).any(|one| one == staff))
            || self.before.meetings.iter().any(meets)
    }
}
