//! The whole week as it was planned, put together row by row: what no row of the changes names is as planned already.

use crate::schedule::{Activity, Attendance, Meeting, Reserve, Session};
use crate::school::*;
use crate::verify::WrittenSchedule;
use crate::write::files::RESERVE;

use super::most;
use super::rows::{Planned, Rows, planned};
use super::students::count;

/// What of a week the changes name.
#[derive(Default)]
pub struct Week {
    pub sessions: Vec<Session>,
    pub meetings: Vec<Meeting>,
    pub reserve: Vec<Reserve>,
}

/// The week that was planned, for when nobody is out any more. `None`: the rows contradict the week that runs, or name
/// what the school no longer knows.
pub fn planned_week(school: &School, running: &WrittenSchedule, rows: &Rows) -> Option<Week> {
    let mut week = Week::default();
    let mut assistants = week.sessions(school, running, rows)?;
    week.students(rows)?;
    week.meetings(school, running, rows)?;
    // Who led what an assistant may lead has the role too.
    assistants.retain(|helper| !week.leads(helper.staff, helper.block));
    assistants.into_iter().for_each(|helper| week.assist(school, helper));
    let stands_by = |r: &&Reserve| !rows.staff.contains_key(&(r.staff, r.block));
    week.reserve.extend(running.reserve.iter().filter(stands_by));
    rows.students.keys().for_each(|&student| {
        count(school, &mut week.sessions, student);
    });
    Some(week)
}

/// Who assists in some session of the block, activity and place.
struct Helper {
    staff: StaffId,
    block: BlockId,
    activity: Activity,
    place: Option<PlaceId>,
    /// `None`: a history of an earlier version names none.
    lead: Option<StaffId>,
}

impl Week {
    /// The sessions by those who lead them, still without those who are named; gives who assists somewhere.
    fn sessions(&mut self, school: &School, running: &WrittenSchedule, rows: &Rows) -> Option<Vec<Helper>> {
        let mut assistants = Vec::new();
        for session in &running.sessions {
            let &Session { block, activity, place, lead, .. } = session;
            let mut same = session.clone();
            same.attendances.retain(|at| rows.of(at.student, block).is_none());
            same.assistants.retain(|&staff| !rows.staff.contains_key(&(staff, block)));
            if !rows.staff.contains_key(&(lead, block)) {
                self.sessions.push(same);
                continue;
            }
            if !same.attendances.is_empty() {
                return None;
            }
            let helper = |staff| Helper { staff, block, activity, place, lead: Some(lead) };
            assistants.extend(same.assistants.into_iter().map(helper));
        }
        for (&(staff, block), (was, _)) in &rows.staff {
            if was.role == RESERVE {
                self.reserve.push(Reserve { block, staff });
                continue;
            }
            match planned(school, was, &school[staff].id) {
                Planned::Session { activity, place, .. } if was.role == Role::Assistant.label() => {
                    let lead = school.staff_ids().find(|&lead| school[lead].id == was.lead);
                    assistants.push(Helper { staff, block, activity, place, lead });
                }
                Planned::Session { activity, place, lead } => self.start(block, activity, place, lead),
                Planned::Nothing | Planned::Coaching(_) => {}
                Planned::Gone => return None,
            }
        }
        Some(assistants)
    }

    fn start(&mut self, block: BlockId, activity: Activity, place: Option<PlaceId>, lead: StaffId) {
        let (assistants, attendances) = (Vec::new(), Vec::new());
        self.sessions.push(Session { activity, block, place, lead, assistants, attendances });
    }

    fn students(&mut self, rows: &Rows) -> Option<()> {
        for (&student, days) in &rows.students {
            for (&block, &planned) in days {
                let Planned::Session { activity, place, lead } = planned else {
                    if planned == Planned::Gone {
                        return None;
                    }
                    continue;
                };
                if !self.leads(lead, block) {
                    self.start(block, activity, place, lead);
                }
                let theirs = |session: &&mut Session| (session.lead, session.block) == (lead, block);
                let session = self.sessions.iter_mut().find(theirs)?;
                if (session.activity, session.place) != (activity, place) {
                    return None;
                }
                session.attendances.push(Attendance { student, need: None });
            }
        }
        Some(())
    }

    /// Meetings as they are held, and those of the students and coaches who go back to one.
    fn meetings(&mut self, school: &School, running: &WrittenSchedule, rows: &Rows) -> Option<()> {
        self.meetings.extend(running.meetings.iter().map(|held| Meeting { stand_in: None, ..held.clone() }));
        for (student, days) in &rows.students {
            let group = running.groups.iter().position(|group| group.students.contains(student));
            for (&block, &planned) in days {
                if let Planned::Coaching(place) = planned {
                    self.meet(school, running, group?, block, place?);
                }
            }
        }
        // A meeting may have no members who are free then.
        for (&(staff, block), (was, _)) in &rows.staff {
            let Planned::Coaching(place) = planned(school, was, &school[staff].id) else { continue };
            let meets = |group: usize| self.meetings.iter().any(|m| (m.group, m.block) == (group, block));
            let come = |group: usize| {
                running.groups[group].students.iter().any(|&one| school.student_free[(one, block)])
            };
            let theirs =
                (0..running.groups.len()).filter(|&group| running.groups[group].coach == Some(staff));
            let group = theirs.min_by_key(|&group| (!meets(group), come(group)));
            self.meet(school, running, group?, block, place?);
        }
        Some(())
    }

    fn meet(
        &mut self,
        school: &School,
        running: &WrittenSchedule,
        group: usize,
        block: BlockId,
        place: PlaceId,
    ) {
        let here = |meeting: &&mut Meeting| (meeting.group, meeting.block) == (group, block);
        if let Some(meeting) = self.meetings.iter_mut().find(here) {
            meeting.place = place;
        } else {
            let all = running.groups[group].students.iter().copied();
            let students = all.filter(|&one| school.student_free[(one, block)]).collect();
            self.meetings.push(Meeting { group, block, place, students, stand_in: None });
        }
    }

    fn leads(&self, staff: StaffId, block: BlockId) -> bool {
        self.sessions.iter().any(|session| (session.lead, session.block) == (staff, block))
    }

    /// Of several side by side the lead's, or the one that is too full without; where there is none, the helper leads it.
    fn assist(&mut self, school: &School, helper: Helper) {
        let Helper { staff, block, activity, place, lead } = helper;
        let theirs =
            |s: &&mut Session| (s.block, s.activity, s.place) == (block, activity, place) && s.lead != staff;
        let sessions = self.sessions.iter_mut().filter(theirs);
        let too_many = |s: &Session| s.attendances.len().saturating_sub(most(school, s));
        match sessions.max_by_key(|session| (lead == Some(session.lead), too_many(session))) {
            Some(session) => session.assistants.push(staff),
            None => self.start(block, activity, place, staff),
        }
    }
}
