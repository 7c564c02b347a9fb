//! Coaching groups and task packages of a running week, mended where the data changed: students keep their
//! group, newcomers get a seat in one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use crate::model::sets::Sets;
use crate::schedule::{Group, Meeting};
use crate::school::*;
use crate::verify::WrittenSchedule;

use super::invalidate::Invalidated;
use super::{meetings, packages};

/// Fills groups, meetings and package holders of the invalidated schedule.
///
/// # Errors
/// No group has room for a student, no coach for a group, or nobody carries a package.
pub fn repair(
    school: &School,
    sets: &Sets,
    before: &WrittenSchedule,
    invalidated: &mut Invalidated,
) -> anyhow::Result<()> {
    packages::repair(school, before, invalidated)?;
    if school.coaching.is_none() {
        return Ok(());
    }
    let apart = apart(school);
    let mut mender = Mender { school, sets, before, apart, members: Vec::new(), coaches: Vec::new() };
    mender.take_over();
    mender.dissolve_small();
    mender.place_students()?;
    mender.find_coaches()?;
    let meetings = mender.meetings(invalidated);
    meetings::hold(school, sets, meetings, invalidated);
    Ok(())
}

struct Mender<'a> {
    school: &'a School,
    sets: &'a Sets,
    before: &'a WrittenSchedule,
    apart: BTreeSet<(StudentId, StudentId)>,
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
                let fits = school.is_coached(student)
                    && key.as_ref().is_none_or(|key| may_join(key, &school.coaching_key(student)))
                    && coach.is_none_or(|coach| school.own_staff_allows(coach, student))
                    && !members.iter().any(|&other| self.apart.contains(&(student, other)))
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
    fn main_key(&self, students: &[StudentId]) -> Option<CoachingKey> {
        let mut count: BTreeMap<CoachingKey, usize> = BTreeMap::new();
        for &student in students {
            *count.entry(self.school.coaching_key(student)).or_default() += 1;
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
        for student in school.student_ids().filter(|&i| school.is_coached(i) && !grouped.contains(&i)) {
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
            Some(coach) => school.own_staff_allows(coach, student),
            None => true,
        };
        let seated = self.meetings_of(group).all(|meeting| {
            let present = members.iter().filter(|&&i| school.student_free[(i, meeting.block)]).count();
            present < school[meeting.place].seats as usize
        });
        !members.is_empty()
            && members.len() < self.coaching().1
            && key.is_some_and(|key| may_join(&key, &school.coaching_key(student)))
            && allowed
            && seated
            && !members.iter().any(|&other| self.apart.contains(&(student, other)))
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
            let allowed =
                |coach: &StaffId| self.members[group].iter().all(|&i| school.own_staff_allows(*coach, i));
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

    /// Hands the groups over; gives their meetings, of those who are free then.
    fn meetings(self, invalidated: &mut Invalidated) -> Vec<Meeting> {
        let school = self.school;
        let mut index = vec![None; self.members.len()];
        for (group, (students, coach)) in self.members.into_iter().zip(self.coaches).enumerate() {
            if let (Some(coach), false) = (coach, students.is_empty()) {
                index[group] = Some(invalidated.schedule.groups.len());
                invalidated.schedule.groups.push(Group { coach, students });
            }
        }
        let mut meetings: Vec<Meeting> = Vec::new();
        for old in &self.before.meetings {
            let Some(group) = index[old.group].filter(|_| school[old.block].kind == Kind::Coaching) else {
                continue;
            };
            let free = |student: &StudentId| school.student_free[(*student, old.block)];
            let students: Vec<StudentId> =
                invalidated.schedule.groups[group].students.iter().copied().filter(free).collect();
            if !students.is_empty() || old.students.is_empty() {
                meetings.push(Meeting { group, students, ..old.clone() });
            }
        }
        meetings
    }
}

/// Pairs to be kept apart, each both ways.
fn apart(school: &School) -> BTreeSet<(StudentId, StudentId)> {
    let pairs = school.pairs.iter().filter(|pair| pair.kind == PairKind::Apart);
    pairs.flat_map(|pair| [(pair.student, pair.other), (pair.other, pair.student)]).collect()
}
