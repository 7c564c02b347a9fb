//! What a student may attend, and what it is worth.

use leerzone::school::*;

use super::{Run, Search, Week, What, groups, overlap};

impl Search<'_> {
    /// Every week that holds the rules about one student alone.
    pub fn weeks(&self, runs: &[Run], student: StudentId) -> Vec<Week> {
        let (mut meetings, mut others) = (Vec::new(), Vec::new());
        for (at, run) in runs.iter().enumerate() {
            match run.what {
                // Whoever is free comes.
                What::Meeting(group) if !self.groups[group].students.contains(&student) => {}
                What::Meeting(_) if !self.school.student_free[(student, run.block)] => {}
                What::Meeting(_) => meetings.push(at),
                What::Offering(_) | What::Study => others.push(at),
            }
        }
        if !meetings.iter().all(|&at| self.may_attend(&runs[at], student)) {
            return Vec::new();
        }
        others.retain(|&at| self.may_attend(&runs[at], student));
        let mut found = Vec::new();
        for chosen in 0..1_u64 << others.len() {
            let chosen = others.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0);
            let all: Vec<usize> = meetings.iter().copied().chain(chosen.map(|(_, &run)| run)).collect();
            if let Some(value) = self.week_value(runs, student, &all) {
                found.push(Week { runs: all, value });
            }
        }
        found
    }

    fn may_attend(&self, run: &Run, student: StudentId) -> bool {
        let school = self.school;
        let site = run.place.and_then(|place| school[place].site);
        let asked = match run.what {
            What::Offering(_) => school.need_ids().any(|need| self.meets(run, student, need)),
            What::Study | What::Meeting(_) => true,
        };
        asked
            && school.student_free[(student, run.block)]
            && (school[student].site.is_none() || site.is_none() || site == school[student].site)
            && !groups::foreign(school, run.lead, student)
            && !run.is_banned(school, Some(student))
    }

    fn meets(&self, run: &Run, student: StudentId, need: NeedId) -> bool {
        let (school, need) = (self.school, &self.school[need]);
        let of_subject = |o: OfferingId| {
            let for_student =
                school[o].audience.as_ref().is_none_or(|audience| audience.contains(&need.student));
            for_student && need.subjects.iter().any(|one| school[o].subjects.contains(one))
        };
        need.student == student
            && run.offering().is_some_and(of_subject)
            && need.days.has(school[run.block].day)
            && need.with.is_none_or(|with| school[run.lead].subjects.contains(&with))
    }

    /// Value of a student's week; `None` if it breaks a rule.
    fn week_value(&self, runs: &[Run], student: StudentId, chosen: &[usize]) -> Option<f64> {
        let school = self.school;
        let block = |at: usize| &school[runs[at].block];
        let at_once =
            |(k, &at): (usize, &usize)| chosen[k + 1..].iter().any(|&other| overlap(block(other), block(at)));
        let out_of_order = |&at: &usize| {
            let Some(o) = runs[at].offering() else { return false };
            let same =
                chosen.iter().filter(|&&b| runs[b].offering() == Some(o) && block(b).day == block(at).day);
            let earlier = |&&other: &&usize| {
                let (first, then) = (block(other), block(at));
                runs[other].offering() == school[o].after
                    && (first.day < then.day || (first.day == then.day && first.end <= then.start))
            };
            same.count() > school[o].per_day as usize
                || (school[o].after.is_some() && !chosen.iter().any(|other| earlier(&other)))
        };
        let pinned = |pin: &Pin| {
            let theirs = pin.kind != PinKind::Ban && pin.student == Some(student);
            !theirs || chosen.iter().any(|&at| runs[at].is_of(pin))
        };
        if chosen.iter().enumerate().any(at_once)
            || chosen.iter().any(out_of_order)
            || !school.pins.iter().all(pinned)
        {
            return None;
        }
        let of = |what: &dyn Fn(What) -> bool| -> Vec<usize> {
            chosen.iter().copied().filter(|&at| what(runs[at].what)).collect()
        };
        let (study, lessons) =
            (of(&|what| what == What::Study), of(&|what| matches!(what, What::Offering(_))));
        let present =
            lessons.iter().filter(|&&at| matches!(block(at).kind, Kind::Lesson | Kind::Zone)).count();
        let least = school.presence.minimum(student) as usize;
        if study.len() > least.saturating_sub(present) {
            return None;
        }
        let absent = least.saturating_sub(present + study.len());
        let unmet = absent + self.meetings_missing(student, chosen.len() - study.len() - lessons.len());
        let mut left: Vec<u32> = school.needs.iter().map(|need| need.sessions).collect();
        let met = self.best_assignment(runs, student, &lessons, &mut left)?;
        Some(met - unmet as f64 * school.weights.should)
    }

    fn meetings_missing(&self, student: StudentId, attended: usize) -> usize {
        let school = self.school;
        let Some(coaching) = &school.coaching else { return 0 };
        let invited =
            |block: &BlockId| school[*block].kind == Kind::Coaching && school.invited[(student, *block)];
        let invited = school.block_ids().filter(invited).count();
        invited.min(coaching.meetings as usize).saturating_sub(attended)
    }

    /// The best way to count the chosen sessions for needs, with the fairness loss of what is left.
    fn best_assignment(
        &self,
        runs: &[Run],
        student: StudentId,
        chosen: &[usize],
        left: &mut Vec<u32>,
    ) -> Option<f64> {
        let school = self.school;
        let Some((&at, rest)) = chosen.split_first() else {
            let of_student = school.needs.iter().zip(left.iter()).filter(|(need, _)| need.student == student);
            let counting = of_student.filter(|(need, _)| need.priority != Priority::Could);
            let unmet = school[student].missed_before + counting.map(|(_, left)| left).sum::<u32>();
            let unmet = f64::from(unmet);
            return Some(-school.weights.fairness * unmet * (unmet - 1.0) / 2.0);
        };
        let run = &runs[at];
        let mut best: Option<f64> = None;
        for id in school.need_ids() {
            let (n, need) = (id.index(), &school[id]);
            if !self.meets(run, student, id) || left[n] == 0 {
                continue;
            }
            left[n] -= 1;
            let mut value = match need.priority {
                Priority::Must => school.weights.must,
                Priority::Should => school.weights.should,
                Priority::Could => school.weights.could,
            };
            if need.staff == Some(run.lead) {
                value += school.weights.staff_asked;
            }
            let own = school[student].unit.is_some() && school[student].unit == school[run.lead].unit;
            if own && school.own_staff != OwnStaff::Ignore {
                value += school.weights.own_unit;
            }
            let total = self.best_assignment(runs, student, rest, left).map(|rest| rest + value);
            left[n] += 1;
            if total > best {
                best = total;
            }
        }
        best
    }
}
