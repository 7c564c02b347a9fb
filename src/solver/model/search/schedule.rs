//! From the state of the search to a [`Schedule`].

use super::instance::NONE;
use super::state::{Group, Session as Running, State};
use crate::model::rules::r8_staff::choose_reserve;
use crate::schedule::{
    Activity, Attendance, Group as CoachingGroup, Meeting, PackageHolder, Schedule, Session,
};
use crate::school::{BlockId, Id, NeedId, OfferingId, PackageId, PlaceId, StaffId, StudentId};

impl State<'_> {
    /// The week as plain data. Study that a later attendance made superfluous is left out.
    pub fn schedule(&self) -> Schedule {
        let mut state = self.clone();
        state.trim_study();
        let live = |group: &&Group| !group.students.is_empty();
        // Numbers of the groups that have students.
        let mut number_of = vec![0; state.groups.len()];
        let with_students = (0..state.groups.len()).filter(|&g| live(&&state.groups[g]));
        with_students.enumerate().for_each(|(number, g)| number_of[g] = number);
        let mut schedule = Schedule {
            groups: state
                .groups
                .iter()
                .filter(live)
                .map(|group| CoachingGroup {
                    coach: StaffId::new(group.coach as usize),
                    students: sorted(group.students.iter().map(|&i| StudentId::new(i as usize))),
                })
                .collect(),
            package_holders: sorted(state.holders.iter().zip(&state.package_of_slot).map(|(&s, &p)| {
                PackageHolder { package: PackageId::new(p as usize), staff: StaffId::new(s as usize) }
            })),
            ..Schedule::default()
        };
        for running in state.sessions.iter().filter(|session| session.running) {
            let block = BlockId::new(running.block as usize);
            let place = (running.place != NONE).then(|| PlaceId::new(running.place as usize));
            match (state.group_met(running.activity), place) {
                (Some(group), Some(place)) => schedule.meetings.push(Meeting {
                    group: number_of[group as usize],
                    block,
                    place,
                    students: sorted(running.members.iter().map(|&(i, _)| StudentId::new(i as usize))),
                    stand_in: None,
                }),
                _ => schedule.sessions.push(session(&state, running, block, place)),
            }
        }
        schedule.sessions.sort_by_key(|session| (session.block, session.activity, session.lead));
        schedule.meetings.sort_by_key(|meeting| (meeting.block, meeting.group));
        choose_reserve(self.x.school, self.x.sets, &[], &mut schedule);
        schedule
    }

    /// Takes students out of study that they no longer need, and ends sessions that this leaves empty.
    pub fn trim_study(&mut self) {
        for k in self.sessions_of[self.study() as usize].clone() {
            for (i, _) in self.sessions[k as usize].members.clone() {
                if self.present[i as usize] > self.x.presence[i as usize] {
                    self.leave(i, k);
                }
            }
            if self.sessions[k as usize].members.is_empty() {
                self.close(k);
            }
        }
    }
}

fn session(state: &State, running: &Running, block: BlockId, place: Option<PlaceId>) -> Session {
    let activity = if running.activity == state.study() {
        Activity::Study
    } else {
        Activity::Offering(OfferingId::new(running.activity as usize))
    };
    Session {
        activity,
        block,
        place,
        lead: StaffId::new(running.lead as usize),
        assistants: sorted(running.assistants.iter().map(|&s| StaffId::new(s as usize))),
        attendances: sorted(running.members.iter().map(|&(i, n)| Attendance {
            student: StudentId::new(i as usize),
            need: (n != NONE).then(|| NeedId::new(n as usize)),
        })),
    }
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items
}
