//! The best total of a tiny school by trying everything, written from the guide alone. Knows offerings with
//! leads and places; no assistants, study, coaching, packages, sites or pins other than bans.

use leerzone::school::*;

/// What one staff member does in one block.
#[derive(Clone, Copy)]
struct Run {
    lead: StaffId,
    block: BlockId,
    offering: OfferingId,
    place: PlaceId,
}

/// The highest total of any schedule that holds every rule; `None` if none does.
pub fn best_total(school: &School) -> Option<f64> {
    let mut cells = Vec::new();
    for lead in school.staff_ids() {
        for block in school.block_ids().filter(|&b| school.staff_free[(lead, b)]) {
            cells.push((lead, block));
        }
    }
    let mut search = Search { school, best: None };
    search.deploy(&cells, &mut Vec::new());
    search.best
}

struct Search<'a> {
    school: &'a School,
    best: Option<f64>,
}

fn overlap(a: &Block, b: &Block) -> bool {
    a.day == b.day && a.start < b.end && b.start < a.end
}

impl Search<'_> {
    /// Tries every deployment of the remaining cells, then every attendance.
    fn deploy(&mut self, cells: &[(StaffId, BlockId)], runs: &mut Vec<Run>) {
        let Some((&(lead, block), rest)) = cells.split_first() else {
            if self.staff_hold(runs) {
                let sessions = vec![Vec::new(); runs.len()];
                let gained = self.staff_value(runs);
                self.attend(runs, 0, sessions, gained);
            }
            return;
        };
        self.deploy(rest, runs);
        let school = self.school;
        for offering in school.offering_ids() {
            let row = &school[offering];
            let qualified = row.subjects.iter().all(|subject| school[lead].subjects.contains(subject));
            if !row.kinds.contains(&school[block].kind) || !qualified {
                continue;
            }
            for place in school.place_ids().filter(|&p| school.place_free[(p, block)]) {
                let run = Run { lead, block, offering, place };
                if !school.pins.iter().any(|pin| pin.student.is_none() && bans(pin, run)) {
                    runs.push(run);
                    self.deploy(rest, runs);
                    runs.pop();
                }
            }
        }
    }

    fn staff_hold(&self, runs: &[Run]) -> bool {
        let school = self.school;
        let meet = |a: &Run, b: &Run| overlap(&school[a.block], &school[b.block]);
        for (at, run) in runs.iter().enumerate() {
            if runs[at + 1..].iter().any(|other| other.lead == run.lead && meet(run, other)) {
                return false;
            }
            let start = |b: BlockId| (school[b].day, school[b].start);
            let going_on = runs.iter().filter(|other| {
                other.place == run.place && meet(run, other) && start(other.block) <= start(run.block)
            });
            if going_on.count() > school[run.place].parallel as usize {
                return false;
            }
        }
        school.staff_ids().all(|s| self.limits_hold(runs, s))
            && school.budgets.iter().all(|budget| {
                let paid =
                    runs.iter().filter(|run| budget.unit.is_none() || school[run.lead].unit == budget.unit);
                paid.map(|run| school[run.lead].cost).sum::<f64>() <= budget.cost + 1e-9
            })
            && school.block_ids().all(|block| {
                let at_work = |s: StaffId| {
                    runs.iter().any(|run| run.lead == s && overlap(&school[run.block], &school[block]))
                };
                let spare = school.staff_ids().filter(|&s| school.staff_free[(s, block)] && !at_work(s));
                spare.count() >= school.staff_per_block as usize
            })
    }

    fn limits_hold(&self, runs: &[Run], staff: StaffId) -> bool {
        let school = self.school;
        let mut blocks: Vec<&Block> =
            runs.iter().filter(|run| run.lead == staff).map(|run| &school[run.block]).collect();
        blocks.sort_by_key(|block| (block.day, block.start));
        let row = &school[staff];
        let in_a_row = |a: &Block, b: &Block| {
            let fits = |c: &Block| c.day == a.day && c.start >= a.end && c.end <= b.start;
            a.day == b.day && a.end <= b.start && !school.blocks.iter().any(fits)
        };
        let mut chains = vec![1; blocks.len()];
        for at in 0..blocks.len() {
            for before in 0..at {
                if in_a_row(blocks[before], blocks[at]) {
                    chains[at] = chains[at].max(chains[before] + 1);
                }
            }
        }
        let of_day = |day| blocks.iter().filter(|block| block.day == day).count();
        row.max_blocks.is_none_or(|most| blocks.len() <= most as usize)
            && row
                .max_per_day
                .is_none_or(|most| blocks.iter().all(|block| of_day(block.day) <= most as usize))
            && row.max_in_a_row.is_none_or(|most| chains.iter().all(|&chain| chain <= most))
    }

    fn staff_value(&self, runs: &[Run]) -> f64 {
        let school = self.school;
        let liked = runs.iter().filter(|run| school[run.lead].likes.contains(&run.offering)).count() as f64;
        let short = school.staff_ids().map(|s| {
            let blocks = runs.iter().filter(|run| run.lead == s).count() as u32;
            f64::from(school[s].min_blocks.saturating_sub(blocks))
        });
        liked * school.weights.likes - short.sum::<f64>() * school.weights.should
    }

    /// Tries every week of the students from `student` on.
    fn attend(&mut self, runs: &[Run], student: usize, sessions: Vec<Vec<StudentId>>, gained: f64) {
        let school = self.school;
        if student == school.students.len() {
            if self.sizes_hold(runs, &sessions) && self.best.is_none_or(|best| gained > best) {
                self.best = Some(gained);
            }
            return;
        }
        let student_id = StudentId::new(student);
        for week in 0..1u32 << runs.len() {
            let chosen: Vec<usize> = (0..runs.len()).filter(|at| week & (1 << at) != 0).collect();
            let Some(value) = self.week_value(runs, student_id, &chosen) else { continue };
            let mut sessions = sessions.clone();
            let full = chosen.iter().any(|&at| {
                sessions[at].push(student_id);
                sessions[at].len() > school[runs[at].offering].max as usize
                    || sessions[at].iter().any(|&other| apart(school, other, student_id))
            });
            if !full {
                self.attend(runs, student + 1, sessions, gained + value);
            }
        }
    }

    fn sizes_hold(&self, runs: &[Run], sessions: &[Vec<StudentId>]) -> bool {
        let school = self.school;
        runs.iter().zip(sessions).all(|(run, students)| {
            let start = (school[run.block].day, school[run.block].start);
            let there = runs.iter().zip(sessions).filter(|(other, _)| {
                other.place == run.place
                    && overlap(&school[other.block], &school[run.block])
                    && (school[other.block].day, school[other.block].start) <= start
            });
            let seated: usize = there.map(|(_, students)| students.len()).sum();
            students.len() >= school[run.offering].min as usize && seated <= school[run.place].seats as usize
        })
    }

    /// Value of a student's week; `None` if it breaks a rule.
    fn week_value(&self, runs: &[Run], student: StudentId, chosen: &[usize]) -> Option<f64> {
        let school = self.school;
        let row = &school[student];
        for (k, &at) in chosen.iter().enumerate() {
            let run = runs[at];
            let block = &school[run.block];
            let offering = &school[run.offering];
            let same_day = chosen.iter().filter(|&&other| {
                runs[other].offering == run.offering && school[runs[other].block].day == block.day
            });
            let earlier = |&&other: &&usize| {
                let first = &school[runs[other].block];
                Some(runs[other].offering) == offering.after
                    && (first.day < block.day || (first.day == block.day && first.end <= block.start))
            };
            let foreign = match (school[run.lead].unit, row.unit) {
                (Some(a), Some(b)) => a != b && school.own_staff == OwnStaff::Require,
                _ => false,
            };
            let banned = school.pins.iter().any(|pin| pin.student == Some(student) && bans(pin, run));
            if !school.student_free[(student, run.block)]
                || chosen[k + 1..].iter().any(|&other| overlap(&school[runs[other].block], block))
                || same_day.count() > offering.per_day as usize
                || (offering.after.is_some() && !chosen.iter().any(|other| earlier(&other)))
                || foreign
                || banned
            {
                return None;
            }
        }
        let mut left: Vec<u32> = school.needs.iter().map(|need| need.sessions).collect();
        let met = self.best_assignment(runs, student, chosen, &mut left)?;
        let present =
            chosen.iter().filter(|&&at| matches!(school[runs[at].block].kind, Kind::Lesson | Kind::Zone));
        let missing = school.presence.minimum(&row.year).saturating_sub(present.count() as u32);
        Some(met - f64::from(missing) * school.weights.should)
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
        let run = runs[at];
        let mut best: Option<f64> = None;
        for n in 0..school.needs.len() {
            let need = &school.needs[n];
            let suits = need.student == student
                && need.subjects.iter().any(|subject| school[run.offering].subjects.contains(subject))
                && need.with.is_none_or(|with| school[run.lead].subjects.contains(&with));
            if !suits || left[n] == 0 {
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

/// Whether the ban covers the session, its student apart.
fn bans(pin: &Pin, run: Run) -> bool {
    pin.kind == PinKind::Ban
        && pin.block.is_none_or(|b| b == run.block)
        && pin.offering.is_none_or(|o| o == run.offering)
        && pin.staff.is_none_or(|s| s == run.lead)
        && pin.place.is_none_or(|p| p == run.place)
}

fn apart(school: &School, a: StudentId, b: StudentId) -> bool {
    school.pairs.iter().any(|pair| {
        pair.kind == PairKind::Apart
            && ((pair.student, pair.other) == (a, b) || (pair.student, pair.other) == (b, a))
    })
}
