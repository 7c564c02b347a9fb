//! Gives back what they did to those who are there again: in the hours in which they fell out, the week goes back to
//! how it was planned, but for what still cannot be. When nobody is out any more, the whole week is put together anew
//! ([`week`]). The result need not hold every rule; what does not is invalidated like anything else.

mod rows;
mod students;
mod week;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::bail;

use crate::model::classes::{Numbers, activity_id};
use crate::model::scope::people;
use crate::schedule::{Activity, Attendance, Meeting, Reserve, Session};
use crate::school::*;
use crate::verify::WrittenSchedule;
use crate::write::files::{ALL_CHANGES, RESERVE};

use super::changes::Doing;
use super::history;
use rows::{Planned, Rows, planned, rows};
use week::{Week, planned_week};

/// Turns round, as `all_changes.csv` has it, what was changed in the hours in which `back` fell out, and what else was
/// changed for those who were concerned. `school` is without those who are still out; `last`: there are none. Gives the
/// students whose whole week is as it was planned.
///
/// # Errors
/// Nothing says how the week was planned, or the school no longer knows what it says.
pub fn undo(
    school: &School,
    before: &mut WrittenSchedule,
    out: &Path,
    back: &[String],
    last: bool,
) -> anyhow::Result<BTreeSet<StudentId>> {
    if back.is_empty() {
        return Ok(BTreeSet::new());
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
    let mut rows = rows(school, out, &changes, back)?;
    if last {
        if let Some(Week { sessions, meetings, reserve }) = planned_week(school, before, &rows) {
            (before.sessions, before.meetings, before.reserve) = (sessions, meetings, reserve);
            return Ok(school.student_ids().collect());
        }
        rows.hours = school.block_ids().collect();
    }
    let mut undoing = Undoing { school, before, rows, heirs: BTreeMap::new() };
    let as_planned = undoing.students();
    undoing.part_double_leads();
    undoing.follow();
    undoing.without_students();
    undoing.staff();
    let sessions = std::mem::take(&mut undoing.before.sessions);
    undoing.before.sessions = sessions.into_iter().filter(|session| undoing.is_held(session)).collect();
    Ok(as_planned)
}

struct Undoing<'a> {
    school: &'a School,
    before: &'a mut WrittenSchedule,
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
                if let Some(Planned::Session { activity, place, lead }) =
                    self.rows.of(attendance.student, left.block)
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
            let rows = &self.rows;
            let bound = |at: &Attendance| {
                rows.of(at.student, block).is_some_and(|planned| planned != Planned::Nothing)
            };
            let all = std::mem::take(&mut self.before.sessions[from].attendances);
            let (stay, go): (Vec<_>, Vec<_>) = all.into_iter().partition(bound);
            self.before.sessions[from].attendances = stay;
            self.before.sessions[to].attendances.extend(go);
            // Who assisted both of them has no row.
            let all = std::mem::take(&mut self.before.sessions[from].assistants);
            let (stay, go): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|&staff| self.rows.staff.contains_key(&(staff, block)));
            self.before.sessions[from].assistants = stay;
            self.before.sessions[to].assistants.extend(go);
        }
    }

    /// Whether the session has students, or was planned for none.
    fn is_held(&self, session: &Session) -> bool {
        let planned = |(was, _): &(&Doing, &Doing)| {
            let place = session.place.map_or("", |place| &self.school[place].id);
            was.offering == activity_id(self.school, session.activity) && was.place == place
        };
        let none = Numbers::of(self.school, session.activity).min == 0;
        let row = self.rows.staff.get(&(session.lead, session.block));
        !session.attendances.is_empty() || (none && row.is_none_or(planned))
    }

    /// Who was to lead a session that may have no students, leads it again.
    fn without_students(&mut self) {
        let school = self.school;
        let cells = self.rows.staff.iter().filter(|((_, block), _)| self.rows.hours.contains(block));
        let cells: Vec<_> = cells.map(|(&cell, &(was, _))| (cell, was)).collect();
        for ((staff, block), was) in cells {
            let there = planned(school, was, &school[staff].id);
            if let Planned::Session { activity: activity @ Activity::Offering(o), place, lead } = there
                && school[o].min == 0
                && was.role != Role::Assistant.label()
                && self.is_there(block, there)
                && !self.at_work(staff, block)
            {
                self.session(block, (activity, place, lead));
            }
        }
    }

    /// Assistants go back to the sessions that they helped, and the reserve stands by again.
    fn staff(&mut self) {
        let school = self.school;
        let assistant = Role::Assistant.label();
        let mut rows: Vec<_> = self.rows.staff.iter().map(|(&cell, &row)| (cell, row)).collect();
        rows.retain(|((_, block), _)| self.rows.hours.contains(block));
        let missed = |block: BlockId| {
            rows.iter().any(|&((staff, b), (was, _))| {
                b == block && was.role == assistant && !school.staff_free[(staff, b)]
            })
        };
        let mut left = BTreeSet::new();
        for &((staff, block), (was, now)) in &rows {
            if now.role == RESERVE {
                self.before.reserve.retain(|reserve| *reserve != Reserve { block, staff });
            }
            if now.role == assistant && (was.role == assistant || !missed(block)) {
                let helps =
                    |session: &&mut Session| session.block == block && session.assistants.contains(&staff);
                for session in self.before.sessions.iter_mut().filter(helps) {
                    session.assistants.retain(|&other| other != staff);
                    left.insert((block, session.lead));
                }
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
                    && session.activity.offering().is_some_and(|o| school[staff].may_assist(&school[o]))
            };
            // Of several side by side the lead's, the one that is too full without, or that somebody helped instead.
            let held: Vec<bool> = self.before.sessions.iter().map(|session| self.is_held(session)).collect();
            let sessions = self.before.sessions.iter_mut().zip(held).filter(|(_, held)| *held);
            let helped = sessions.map(|(session, _)| session).filter(theirs);
            let helped = helped.filter(|_| was.role == assistant).max_by_key(|session| {
                (
                    school[session.lead].id == was.lead,
                    session.attendances.len().saturating_sub(most(school, session)),
                    left.contains(&(block, session.lead)),
                )
            });
            if let Some(session) = helped.filter(|session| !session.assistants.contains(&staff)) {
                session.assistants.push(staff);
            }
        }
    }

    fn at_work(&self, staff: StaffId, block: BlockId) -> bool {
        let school = self.school;
        let at_once = |other: BlockId| school[other].overlaps(&school[block]);
        let sessions = self.before.sessions.iter().filter(|session| self.is_held(session));
        let meets = |meeting: &Meeting| meeting.stand_in == Some(staff) && at_once(meeting.block);
        sessions
            .filter(|session| at_once(session.block))
            .any(|session| people(session).any(|one| one == staff))
            || self.before.meetings.iter().any(meets)
    }
}

/// Students whom the session may have at most.
fn most(school: &School, session: &Session) -> usize {
    let seats = session.place.map_or(u32::MAX, |place| school[place].seats);
    Numbers::of(school, session.activity).most(session.assistants.len() as u32, seats) as usize
}
