//! Moves of coaching groups: their meetings, members and coaches.

use super::Worker;
use crate::model::search::groups;
use crate::model::search::instance::NONE;
use crate::model::search::state::State;
use crate::school::*;

impl Worker<'_> {
    /// A group meets in one more block, or gives a meeting up.
    pub fn change_meeting(&mut self) -> bool {
        let x = self.state.x;
        let Some(group) = self.pick_group() else { return false };
        let Some(block) = self.pick(&x.coaching_blocks) else { return false };
        self.ejected.clear();
        let met = self.state.sessions_of[self.state.meeting(group) as usize]
            .iter()
            .copied()
            .find(|&k| self.state.sessions[k as usize].block == block);
        if let Some(k) = met {
            return self.disband(k);
        }
        self.displaced.clear();
        let coach = self.state.groups[group as usize].coach;
        if !self.take(coach, block) || !self.meet(group, block) {
            return false;
        }
        if self.below(4) != Some(0) {
            self.hand_over();
        }
        self.reseat(1)
    }

    /// Holds a meeting of the group in the block if its coach and a place are free; members give up what
    /// they attend then.
    pub fn meet(&mut self, group: u32, block: u32) -> bool {
        let x = self.state.x;
        let Some(coaching) = &x.school.coaching else { return false };
        let activity = self.state.meeting(group);
        let coach = self.state.groups[group as usize].coach;
        let held = &self.state.sessions_of[activity as usize];
        if x.school.blocks[block as usize].kind != Kind::Coaching
            || held.len() as u32 >= coaching.meetings
            || held.iter().any(|&k| self.state.sessions[k as usize].block == block)
            || !self.state.may_deploy(coach, block, NONE)
        {
            return false;
        }
        let students: Vec<u32> = self.state.groups[group as usize]
            .students
            .iter()
            .copied()
            .filter(|&i| x.school.student_free[(StudentId::new(i as usize), BlockId::new(block as usize))])
            .collect();
        let site = x.site_of_students(&students);
        let seats = students.len() as u32;
        let Some(place) = self.find_place(x.places_by_seats.get(site), activity, block, coach, site, seats)
        else {
            return false;
        };
        if students.is_empty()
            || !self.state.may_deploy(coach, block, place)
            || students.iter().any(|&i| x.attendance_banned(i, block, None, coach, place))
        {
            return false;
        }
        for &i in &students {
            let in_the_way =
                |state: &State| state.student_in(i, block).or_else(|| state.too_far_from(i, block, place));
            while let Some(k) = in_the_way(&self.state) {
                if !self.may_leave(i, k, false) {
                    return false;
                }
                let n = self.take_out(i, k);
                if n != NONE {
                    self.ejected.push(n);
                }
            }
        }
        let k = self.state.open(activity, block, place, coach);
        for i in students {
            self.state.attend(i, NONE, k);
        }
        true
    }

    /// Two students of like groups change places, or one moves over; meetings of both groups are held
    /// again where they were.
    pub fn change_group(&mut self) -> bool {
        let Some(coaching) = &self.state.x.school.coaching else { return false };
        let (min, max) = (coaching.min as usize, coaching.max as usize);
        let Some(a) = self.pick_group() else { return false };
        let Some(b) = self.below(self.state.peers(a).len()).map(|index| self.state.peers(a)[index]) else {
            return false;
        };
        if a == b {
            return false;
        }
        let students = &self.state.groups[a as usize].students;
        let Some(i) = self.below(students.len()).map(|index| self.state.groups[a as usize].students[index])
        else {
            return false;
        };
        // Now and then to where the present coach is.
        let b = match self.state.x.school.students[i as usize].coach {
            Some(coach) if self.below(2) == Some(0) => {
                let led = |&g: &u32| self.is_led_by(g, coach.index() as u32) && g != a;
                self.state.peers(a).iter().copied().find(led).unwrap_or(b)
            }
            _ => b,
        };
        let others = self.state.groups[b as usize].students.clone();
        let swap = self.pick(&others);
        let like = swap.is_some_and(|j| groups::alike(self.state.x.school, i, j));
        if !like || !self.coach_allowed(b, i) {
            return false;
        }
        let one_way = self.state.groups[a as usize].students.len() > min && others.len() < max;
        self.ejected.clear();
        let (Some(of_a), Some(of_b)) = (self.close_meetings(a), self.close_meetings(b)) else { return false };
        self.state.join(i, b);
        if let Some(j) = swap
            && !(one_way && self.below(2) == Some(0))
        {
            if !self.coach_allowed(a, j) {
                return false;
            }
            self.state.join(j, a);
        }
        if [a, b].iter().any(|&g| !groups::pairs_hold(&self.state, g)) {
            return false;
        }
        self.meet_again(a, &of_a);
        self.meet_again(b, &of_b);
        self.reseat(0)
    }

    fn is_led_by(&self, group: u32, coach: u32) -> bool {
        let group = &self.state.groups[group as usize];
        group.coach == coach && !group.students.is_empty()
    }

    /// A coach without a group gets one: those whose present coach this is, and others until there are enough.
    pub fn open_group(&mut self) -> bool {
        let x = self.state.x;
        let Some(coaching) = &x.school.coaching else { return false };
        let min = (coaching.min as usize).max(1);
        let Some(a) = self.pick_group() else { return false };
        let empty = |&g: &u32| self.state.groups[g as usize].students.is_empty();
        let Some(new) = self.state.peers(a).iter().copied().find(empty) else { return false };
        let members = self.state.groups[a as usize].students.clone();
        let site = x.site_of_students(&members);
        let present = self.pick(&members).and_then(|i| x.school.students[i as usize].coach);
        let coach = match present.filter(|s| x.sets.coaches.contains(s) && x.school[*s].works_at(site)) {
            Some(coach) if self.below(4) != Some(0) => coach.index() as u32,
            _ => match self.pick(x.coaches.get(site)) {
                Some(coach) => coach.index() as u32,
                None => return false,
            },
        };
        if !self.state.bounds.staff[coach as usize]
            || self.state.groups.iter().any(|group| group.coach == coach && !group.students.is_empty())
        {
            return false;
        }
        self.ejected.clear();
        // Those who keep this coach, out of every group that can spare them; then others of the first.
        let keeps = |i: u32| x.school.students[i as usize].coach == Some(StaffId::new(coach as usize));
        let mut left: Vec<(u32, Vec<u32>)> = Vec::new();
        let mut moved: Vec<u32> = Vec::new();
        let donors: Vec<u32> =
            std::iter::once(a).chain(self.state.peers(a).iter().copied().filter(|&g| g != a)).collect();
        for keeping in [true, false] {
            for &g in donors.iter().filter(|&&g| g == a || keeping) {
                let students = self.state.groups[g as usize].students.clone();
                let mut size = students.len();
                for i in students {
                    let wanted = if keeping { keeps(i) } else { moved.len() < min };
                    if !wanted
                        || size <= min
                        || moved.len() >= coaching.max as usize
                        || moved.contains(&i)
                        || !groups::alike(x.school, i, members[0])
                    {
                        continue;
                    }
                    if !left.iter().any(|(from, _)| *from == g) {
                        let Some(blocks) = self.close_meetings(g) else { return false };
                        left.push((g, blocks));
                    }
                    self.state.join(i, new);
                    moved.push(i);
                    size -= 1;
                }
            }
        }
        if moved.len() < min {
            return false;
        }
        self.state.set_coach(new, coach);
        if moved.iter().any(|&i| !self.coach_allowed(new, i))
            || left.iter().map(|(g, _)| *g).chain([new]).any(|g| !groups::pairs_hold(&self.state, g))
        {
            return false;
        }
        for (g, blocks) in &left {
            self.meet_again(*g, blocks);
        }
        let Some(first) = self.below(x.coaching_blocks.len()) else { return false };
        for step in 0..x.coaching_blocks.len() {
            let block = x.coaching_blocks[(first + step) % x.coaching_blocks.len()];
            self.displaced.clear();
            self.attempt(|worker| worker.take(coach, block) && worker.meet(new, block));
        }
        self.reseat(0)
    }

    /// A group ends; its students join others, their present coach's first.
    pub fn end_group(&mut self) -> bool {
        let x = self.state.x;
        let Some(coaching) = &x.school.coaching else { return false };
        let max = coaching.max as usize;
        let Some(a) = self.pick_group() else { return false };
        let students = self.state.groups[a as usize].students.clone();
        let with_students = |&g: &u32| g != a && !self.state.groups[g as usize].students.is_empty();
        let others: Vec<u32> = self.state.peers(a).iter().copied().filter(with_students).collect();
        let room: usize =
            others.iter().map(|&g| max.saturating_sub(self.state.groups[g as usize].students.len())).sum();
        if room < students.len() {
            return false;
        }
        self.ejected.clear();
        if self.close_meetings(a).is_none() {
            return false;
        }
        let mut grown: Vec<(u32, Vec<u32>)> = Vec::new();
        for i in students {
            let present = x.school.students[i as usize].coach.map(|coach| coach.index() as u32);
            let suits = |worker: &Self, g: u32| {
                worker.state.groups[g as usize].students.len() < max
                    && groups::alike(x.school, i, worker.state.groups[g as usize].students[0])
                    && worker.coach_allowed(g, i)
            };
            let first = self.below(others.len()).unwrap_or(0);
            let any = (0..others.len()).map(|step| others[(first + step) % others.len()]);
            let own =
                any.clone().find(|&g| suits(self, g) && Some(self.state.groups[g as usize].coach) == present);
            let Some(to) = own.or_else(|| any.into_iter().find(|&g| suits(self, g))) else { return false };
            if !grown.iter().any(|(g, _)| *g == to) {
                let Some(blocks) = self.close_meetings(to) else { return false };
                grown.push((to, blocks));
            }
            self.state.join(i, to);
        }
        if grown.iter().any(|(g, _)| !groups::pairs_hold(&self.state, *g)) {
            return false;
        }
        for (g, blocks) in &grown {
            self.meet_again(*g, blocks);
        }
        self.reseat(0)
    }

    fn coach_allowed(&self, group: u32, i: u32) -> bool {
        let coach = StaffId::new(self.state.groups[group as usize].coach as usize);
        self.state.x.school.own_staff_allows(coach, StudentId::new(i as usize))
    }

    /// Another coach takes the group, or two groups swap coaches.
    pub fn change_coach(&mut self) -> bool {
        let x = self.state.x;
        let Some(a) = self.pick_group() else { return false };
        let site = x.site_of_students(&self.state.groups[a as usize].students);
        let Some(coach) = self.pick(x.coaches.get(site)).map(|s| s.index() as u32) else { return false };
        let before = self.state.groups[a as usize].coach;
        if coach == before {
            return false;
        }
        if !self.state.bounds.staff[coach as usize] {
            return false;
        }
        let groups = self.state.bounds.groups.iter().copied();
        let other = groups.into_iter().find(|&g| self.state.groups[g as usize].coach == coach);
        self.ejected.clear();
        let mut changed = vec![(a, coach)];
        changed.extend(other.map(|b| (b, before)));
        let blocks: Option<Vec<Vec<u32>>> = changed.iter().map(|&(g, _)| self.close_meetings(g)).collect();
        let Some(blocks) = blocks else { return false };
        for &(g, coach) in &changed {
            self.state.set_coach(g, coach);
            let students = self.state.groups[g as usize].students.clone();
            if students.iter().any(|&i| !self.coach_allowed(g, i)) {
                return false;
            }
        }
        for (&(g, coach), blocks) in changed.iter().zip(&blocks) {
            for &block in blocks {
                if x.is_free(coach, block) && (!self.release(coach, block) || !self.meet(g, block)) {
                    return false;
                }
            }
        }
        self.reseat(1)
    }

    /// The blocks in which the group met; `None`: some meeting is not at hand.
    fn close_meetings(&mut self, group: u32) -> Option<Vec<u32>> {
        let activity = self.state.meeting(group) as usize;
        let mut blocks = Vec::new();
        while let Some(&k) = self.state.sessions_of[activity].last() {
            blocks.push(self.state.sessions[k as usize].block);
            if !self.disband(k) {
                return None;
            }
        }
        Some(blocks)
    }

    fn meet_again(&mut self, group: u32, blocks: &[u32]) {
        for &block in blocks {
            let savepoint = self.state.savepoint();
            if !self.meet(group, block) {
                self.state.roll_back(savepoint);
            }
        }
    }
}
