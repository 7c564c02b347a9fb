//! Coaching groups and task packages of a running week, mended where the data changed: students keep their
//! group, newcomers get a seat in one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use crate::model::bans::{Bans, Deployment};
use crate::model::coaching::coached;
use crate::model::sets::{self, Sets};
use crate::schedule::{Group, Meeting, PackageHolder, Session};
use crate::school::*;
use crate::verify::Reread;

use super::strike::Struck;

/// Fills groups, meetings and package holders of the struck schedule.
///
/// # Errors
/// No group has room for a student, no coach for a group, or nobody carries a package.
pub fn mend(school: &School, sets: &Sets, before: &Reread, struck: &mut Struck) -> anyhow::Result<()> {
    packages(school, struck)?;
    if school.coaching.is_none() {
        return Ok(());
    }
    let mut mender = Mender { school, sets, before, members: Vec::new(), coaches: Vec::new() };
    mender.take_over();
    mender.dissolve_small();
    mender.place_students()?;
    mender.find_coaches()?;
    mender.hold_meetings(struck);
    Ok(())
}

struct Mender<'a> {
    school: &'a School,
    sets: &'a Sets,
    before: &'a Reread,
    /// By group of `before`; empty: dissolved.
    members: Vec<Vec<StudentId>>,
    coaches: Vec<Option<StaffId>>,
}

impl Mender<'_> {
    fn coaching(&self) -> (usize, usize) {
        let sizes =
            self.school.coaching.as_ref().map(|coaching| (coaching.min as usize, coaching.max as usize));
        sizes.unwrap_or((0, 0))
    }

    /// Members who are still coached and of the same key as most of the group.
    fn take_over(&mut self) {
        let school = self.school;
        let mut seen = BTreeSet::new();
        for group in &self.before.groups {
            let coach = group.coach.filter(|coach| self.sets.coaches.contains(coach));
            let mut members: Vec<StudentId> = Vec::new();
            let key = self.main_key(&group.students);
            for &student in &group.students {
                let fits = coached(school, student)
                    && key.as_ref().is_none_or(|key| agrees(key, &sets::coaching_key(school, student)))
                    && coach.is_none_or(|coach| sets::own_staff_allows(school, coach, student))
                    && !members.iter().any(|&other| apart(school, student, other))
                    && members.len() < self.coaching().1;
                if fits && seen.insert(student) {
                    members.push(student);
                }
            }
            self.members.push(members);
            self.coaches.push(coach);
        }
    }

    /// The key that most students have.
    fn main_key(&self, students: &[StudentId]) -> Option<sets::CoachingKey> {
        let mut count: BTreeMap<sets::CoachingKey, usize> = BTreeMap::new();
        for &student in students {
            *count.entry(sets::coaching_key(self.school, student)).or_default() += 1;
        }
        count.into_iter().max_by_key(|(key, number)| (key.1.is_some(), *number)).map(|(key, _)| key)
    }

    fn dissolve_small(&mut self) {
        let (min, _) = self.coaching();
        self.members.iter_mut().filter(|members| members.len() < min).for_each(Vec::clear);
    }

    /// Gives every student without a group a seat: with the own coach if possible, else in the smallest group.
    fn place_students(&mut self) -> anyhow::Result<()> {
        let school = self.school;
        let grouped: BTreeSet<StudentId> = self.members.iter().flatten().copied().collect();
        for student in school.student_ids().filter(|&i| coached(school, i) && !grouped.contains(&i)) {
            let fits = |&group: &usize| self.has_room(group, student);
            let of_coach = |group: &usize| {
                self.coaches[*group].is_some() && self.coaches[*group] == school[student].coach
            };
            let best = (0..self.members.len())
                .filter(fits)
                .min_by_key(|group| (!of_coach(group), self.members[*group].len()));
            let Some(group) = best else {
                bail!(
                    "no coaching group has room for student `{}` under the rules for groups; \
                     make a new schedule with `leerzone solve`",
                    school[student].id
                );
            };
            self.members[group].push(student);
            self.members[group].sort_unstable();
        }
        Ok(())
    }

    fn has_room(&self, group: usize, student: StudentId) -> bool {
        let school = self.school;
        let members = &self.members[group];
        let key = self.main_key(members);
        let allowed = match self.coaches[group] {
            Some(coach) => sets::own_staff_allows(school, coach, student),
            None => true,
        };
        let seated = self.meetings_of(group).all(|meeting| {
            let present = members.iter().filter(|&&i| school.student_free[(i, meeting.block)]).count();
            present < school[meeting.place].seats as usize
        });
        !members.is_empty()
            && members.len() < self.coaching().1
            && key.is_some_and(|key| agrees(&key, &sets::coaching_key(school, student)))
            && allowed
            && seated
            && !members.iter().any(|&other| apart(school, student, other))
    }

    fn meetings_of(&self, group: usize) -> impl Iterator<Item = &Meeting> {
        self.before.meetings.iter().filter(move |meeting| meeting.group == group)
    }

    /// A group whose coach has left gets the one who could hold most of its meetings and has fewest groups.
    fn find_coaches(&mut self) -> anyhow::Result<()> {
        let school = self.school;
        for group in 0..self.members.len() {
            if self.members[group].is_empty() || self.coaches[group].is_some() {
                continue;
            }
            let allowed = |coach: &StaffId| {
                self.members[group].iter().all(|&i| sets::own_staff_allows(school, *coach, i))
            };
            let held = |coach: StaffId| {
                self.meetings_of(group).filter(|m| school.staff_free[(coach, m.block)]).count()
            };
            let groups = |coach: StaffId| self.coaches.iter().filter(|other| **other == Some(coach)).count();
            let coaches = self.sets.coaches.iter().copied().filter(allowed);
            let best = coaches.max_by_key(|&coach| (held(coach), std::cmp::Reverse(groups(coach))));
            let Some(best) = best else {
                bail!(
                    "nobody may coach the group of student `{}`; make a new schedule with `leerzone solve`",
                    school[self.members[group][0]].id
                );
            };
            self.coaches[group] = Some(best);
        }
        Ok(())
    }

    /// Meetings stay where their coach and place allow; the others are open for a stand-in, in another place if
    /// theirs is closed.
    fn hold_meetings(&self, struck: &mut Struck) {
        let school = self.school;
        let mut index = vec![None; self.members.len()];
        for (group, (members, coach)) in self.members.iter().zip(&self.coaches).enumerate() {
            if let (Some(coach), false) = (*coach, members.is_empty()) {
                index[group] = Some(struck.schedule.groups.len());
                struck.schedule.groups.push(Group { coach, students: members.clone() });
            }
        }
        let mut meetings: Vec<Meeting> = Vec::new();
        for old in &self.before.meetings {
            let Some(group) = index[old.group].filter(|_| school[old.block].kind == Kind::Coaching) else {
                continue;
            };
            let free = |student: &StudentId| school.student_free[(*student, old.block)];
            let students: Vec<StudentId> =
                struck.schedule.groups[group].students.iter().copied().filter(free).collect();
            if !students.is_empty() || old.students.is_empty() {
                meetings.push(Meeting { group, students, ..old.clone() });
            }
        }
        let mut held = vec![true; meetings.len()];
        for at in 0..meetings.len() {
            let meeting = &meetings[at];
            if self.place_suits(meeting, meeting.place) && !self.is_crowded(struck, &meetings[..at], meeting)
            {
                continue;
            }
            match self.other_place(struck, &meetings, at) {
                Some(place) => meetings[at].place = place,
                None => held[at] = false,
            }
        }
        for (meeting, _) in meetings.into_iter().zip(held).filter(|&(_, held)| held) {
            self.hold(meeting, struck);
        }
    }

    /// Keeps the meeting with its lead, or opens it for a stand-in.
    fn hold(&self, mut meeting: Meeting, struck: &mut Struck) {
        let school = self.school;
        let busy = |staff: StaffId, struck: &Struck| {
            let at_once = |b: BlockId| school[b].overlaps(&school[meeting.block]);
            let teaches = struck.schedule.sessions.iter().any(|session| {
                at_once(session.block) && crate::model::scope::people(session).any(|s| s == staff)
            });
            teaches
                || struck
                    .schedule
                    .meetings
                    .iter()
                    .any(|other| at_once(other.block) && struck.schedule.lead_of(other) == staff)
        };
        let coach = struck.schedule.groups[meeting.group].coach;
        let full = |staff: StaffId, struck: &Struck| {
            let schedule = &struck.schedule;
            let led =
                schedule.meetings.iter().filter(|other| schedule.lead_of(other) == staff).count() as u32;
            let carried = schedule.package_holders.iter().filter(|holder| holder.staff == staff);
            let carried: u32 = carried.map(|holder| school[holder.package].blocks).sum();
            // Who has led the meeting goes before sessions; who takes it over finds theirs as they are.
            let taught = match meeting.stand_in {
                None => 0,
                Some(_) => {
                    let leads = |s: &&Session| crate::model::scope::people(s).any(|other| other == staff);
                    schedule.sessions.iter().filter(leads).count() as u32
                }
            };
            school[staff].max_blocks.is_some_and(|most| led + carried + taught >= most)
        };
        let there = |staff: StaffId, struck: &Struck| {
            !full(staff, struck)
                && school.staff_free[(staff, meeting.block)]
                && sets::works_at(&school[staff], school[meeting.place].site)
                && !busy(staff, struck)
        };
        // The coach comes back to the own group as soon as possible.
        let stand_in = meeting.stand_in.filter(|&staff| there(staff, struck));
        let lead = if there(coach, struck) { Some(coach) } else { stand_in };
        struck
            .schedule
            .sessions
            .iter_mut()
            .filter(|s| school[s.block].overlaps(&school[meeting.block]))
            .for_each(|session| session.attendances.retain(|at| !meeting.students.contains(&at.student)));
        meeting.stand_in = lead.filter(|&lead| lead != coach);
        match lead {
            Some(_) => struck.schedule.meetings.push(meeting),
            None => {
                struck.cells.insert((coach, meeting.block));
                struck.open_meetings.push(meeting);
            }
        }
    }

    fn place_suits(&self, meeting: &Meeting, place: PlaceId) -> bool {
        let school = self.school;
        school.place_free[(place, meeting.block)]
            && school[place].seats as usize >= meeting.students.len()
            && (meeting.students.iter()).all(|&i| sets::attends_at(school[i].site, school[place].site))
    }

    /// Whether its place holds too many at some moment, as another one moved there meanwhile.
    fn is_crowded(&self, struck: &Struck, earlier: &[Meeting], meeting: &Meeting) -> bool {
        let school = self.school;
        let (place, block) = (&school[meeting.place], &school[meeting.block]);
        let sessions = struck.schedule.sessions.iter().filter(|s| s.place == Some(meeting.place));
        let sessions = sessions.map(|s| (&school[s.block], s.attendances.len()));
        let meetings = earlier.iter().filter(|other| other.place == meeting.place);
        let meetings = meetings.map(|other| (&school[other.block], other.students.len()));
        let beside: Vec<(&Block, usize)> =
            sessions.chain(meetings).filter(|(other, _)| other.overlaps(block)).collect();
        beside.iter().any(|(other, _)| {
            let moment = other.start.max(block.start);
            let now = beside.iter().filter(|(other, _)| other.start <= moment && moment < other.end);
            let (count, students) =
                now.fold((1, meeting.students.len()), |(n, sum), (_, more)| (n + 1, sum + more));
            count > place.parallel as usize || students > place.seats as usize
        })
    }

    /// The smallest free place that suits.
    fn other_place(&self, struck: &Struck, meetings: &[Meeting], at: usize) -> Option<PlaceId> {
        let school = self.school;
        let meeting = &meetings[at];
        let at_once = |b: BlockId| school[b].overlaps(&school[meeting.block]);
        let used = |place: PlaceId| {
            struck.schedule.sessions.iter().any(|s| s.place == Some(place) && at_once(s.block))
                || meetings.iter().any(|other| other.place == place && at_once(other.block))
        };
        let lead = meeting.stand_in.or(struck.schedule.groups.get(meeting.group).map(|group| group.coach));
        let reached =
            |place: PlaceId| lead.is_none_or(|lead| sets::works_at(&school[lead], school[place].site));
        let bans = Bans::new(school);
        let banned = |place: PlaceId| {
            let there = Deployment { block: meeting.block, activity: None, staff: lead, place: Some(place) };
            bans.forbid(there) || meeting.students.iter().any(|&i| bans.forbid_student(i, there))
        };
        let suits = |place: PlaceId| self.place_suits(meeting, place) && reached(place);
        (school.place_ids().filter(|&place| suits(place) && !used(place) && !banned(place)))
            .min_by_key(|&place| school[place].seats)
    }
}

/// Whether a student of the second key may be in a group of the first; no site goes with all.
fn agrees(group: &sets::CoachingKey, student: &sets::CoachingKey) -> bool {
    group.0 == student.0 && sets::attends_at(student.1, group.1)
}

fn apart(school: &School, a: StudentId, b: StudentId) -> bool {
    school.pairs.iter().any(|pair| {
        pair.kind == PairKind::Apart
            && ((pair.student, pair.other) == (a, b) || (pair.student, pair.other) == (b, a))
    })
}

/// Packages stay with their holders; others take over what nobody carries.
fn packages(school: &School, struck: &mut Struck) -> anyhow::Result<()> {
    let held = std::mem::take(&mut struck.schedule.package_holders);
    let may = |package: &Package, staff: StaffId| {
        package.roles.is_empty() || package.roles.intersects(school[staff].roles)
    };
    let mut holders: Vec<PackageHolder> = Vec::new();
    for package in school.package_ids() {
        let row = &school[package];
        let present = held.iter().filter(|holder| holder.package == package && may(row, holder.staff));
        holders.extend(present.copied().take(row.people as usize));
    }
    for package in school.package_ids() {
        let row = &school[package];
        while holders.iter().filter(|holder| holder.package == package).count() < row.people as usize {
            let left = |staff: StaffId| {
                let carried =
                    holders.iter().filter(|h| h.staff == staff).map(|h| i64::from(school[h.package].blocks));
                let sessions = struck.schedule.sessions.iter();
                let deployed =
                    sessions.filter(|s| crate::model::scope::people(s).any(|other| other == staff));
                let most = school[staff].max_blocks.map_or(i64::MAX / 2, i64::from);
                most - carried.sum::<i64>() - deployed.count() as i64
            };
            let carries = |staff: StaffId| holders.contains(&PackageHolder { package, staff });
            let able = school.staff_ids().filter(|&staff| may(row, staff) && !carries(staff));
            let Some(staff) = able.filter(|&s| left(s) >= i64::from(row.blocks)).max_by_key(|&s| left(s))
            else {
                bail!("nobody has time for package `{}`; make a new schedule with `leerzone solve`", row.id);
            };
            holders.push(PackageHolder { package, staff });
        }
    }
    struck.schedule.package_holders = holders;
    Ok(())
}
