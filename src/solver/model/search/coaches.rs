//! Who coaches, and how many students each: the groups' coaches are chosen by what their blocks are worth
//! at the prices of the bound, what students gain by meetings and by keeping their coach (R7).

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::instance::Instance;
use super::state::State;
use crate::school::*;

/// Steps of the improvement for every group.
const STEPS: usize = 4_000;

/// A group to be formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    pub coach: u32,
    pub size: usize,
}

/// A coaching key and its students.
pub type Keyed = (CoachingKey, Vec<u32>);

/// The groups of every key. `worth`, by staff member: what a group of the least size, of one more and so
/// on up to the largest is worth with them as its coach, apart from coaches kept; empty for those who
/// cannot coach, and altogether where nothing is known yet. `fewest`: groups of every key, at least.
/// `None`: the students of some key cannot be divided, or no coaches were found for them.
pub fn plan(
    state: &State,
    coaching: &Coaching,
    keys: &[Keyed],
    worth: &[Vec<f64>],
    fewest: &[usize],
    random: &mut Xoshiro256PlusPlus,
) -> Option<Vec<Vec<Planned>>> {
    let coaches = first(state, coaching, keys, fewest)?;
    let mut plan: Vec<Vec<Planned>> = Vec::with_capacity(keys.len());
    for ((_, students), coaches) in keys.iter().zip(&coaches) {
        let groups = coaches.len().max(1);
        let size = |index: usize| (students.len() + groups - 1 - index) / groups;
        plan.push(
            coaches.iter().enumerate().map(|(index, &coach)| Planned { coach, size: size(index) }).collect(),
        );
    }
    // Coaches of several groups are told apart by when they meet, of which sizes and worth know nothing.
    let mut seen = vec![false; state.x.school.staff.len()];
    let shared = coaches.iter().flatten().any(|&s| std::mem::replace(&mut seen[s as usize], true));
    if !shared && !worth.is_empty() {
        Planner::new(state, coaching, keys, worth, fewest, plan.clone()).improve(random, &mut plan);
    }
    Some(plan)
}

/// Annealing on the plan alone.
struct Planner<'a> {
    coaching: &'a Coaching,
    worth: &'a [Vec<f64>],
    fewest: &'a [usize],
    kept_weight: f64,
    /// Per key: who may coach its students, with those who would keep them.
    allowed: Vec<Vec<(u32, f64)>>,
    plan: Vec<Vec<Planned>>,
    /// By staff member: key and position of their group.
    group_of: Vec<Option<(usize, usize)>>,
}

impl<'a> Planner<'a> {
    fn new(
        state: &State,
        coaching: &'a Coaching,
        keys: &[Keyed],
        worth: &'a [Vec<f64>],
        fewest: &'a [usize],
        plan: Vec<Vec<Planned>>,
    ) -> Self {
        let school = state.x.school;
        let allowed = keys
            .iter()
            .map(|(_, students)| {
                let able = state.x.sets.coaches.iter().copied().filter(|s| !worth[s.index()].is_empty());
                able.filter(|&s| may_coach(state.x, s, students))
                    .map(|s| (s.index() as u32, kept(school, s, students) as f64))
                    .collect()
            })
            .collect();
        let mut group_of = vec![None; school.staff.len()];
        for (key, groups) in plan.iter().enumerate() {
            for (at, group) in groups.iter().enumerate() {
                group_of[group.coach as usize] = Some((key, at));
            }
        }
        Self { coaching, worth, fewest, kept_weight: school.weights.coach_kept, allowed, plan, group_of }
    }

    fn improve(mut self, random: &mut Xoshiro256PlusPlus, best: &mut Vec<Vec<Planned>>) {
        let groups: usize = self.plan.iter().map(Vec::len).sum();
        let steps = STEPS * groups;
        let mut total = self.total();
        let mut most = total;
        let size = f64::from(self.coaching.max);
        let scale = self.worth.iter().flatten().fold(1.0, |most: f64, worth| most.max(worth.abs())) / size;
        for step in 0..steps {
            let temperature = 4.0 * scale * 0.002f64.powf(step as f64 / steps as f64);
            let unit = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
            // The least gain with which this step is taken.
            let least = temperature * unit.max(f64::MIN_POSITIVE).ln();
            if let Some(gain) = self.step(random, least) {
                total += gain;
                if total > most + 1e-9 && (step > steps / 2 || step % 64 == 0) {
                    most = total;
                    best.clone_from(&self.plan);
                }
            }
        }
    }

    fn total(&self) -> f64 {
        self.plan
            .iter()
            .enumerate()
            .flat_map(|(key, groups)| groups.iter().map(move |&group| self.value(key, group)))
            .sum()
    }

    /// What the group is worth; -inf if it cannot be.
    fn value(&self, key: usize, group: Planned) -> f64 {
        let least = self.coaching.min as usize;
        let allowed = &self.allowed[key];
        let worth = self.worth[group.coach as usize].get(group.size.wrapping_sub(least));
        let kept = allowed.binary_search_by_key(&group.coach, |&(s, _)| s).ok().map(|at| allowed[at].1);
        match (worth, kept) {
            (Some(worth), Some(kept)) => worth + self.kept_weight * kept.min(group.size as f64),
            _ => f64::NEG_INFINITY,
        }
    }

    /// Tries a change and takes it if it gains at least `least`.
    fn step(&mut self, random: &mut Xoshiro256PlusPlus, least: f64) -> Option<f64> {
        let key = below(random, self.plan.len())?;
        let at = below(random, self.plan[key].len())?;
        match random.next_u64() % 8 {
            0..=2 => self.change_coach(random, (key, at), least),
            3 => self.split(random, (key, at), least),
            4 => self.merge(random, (key, at), least),
            _ => self.shift(random, (key, at), least),
        }
    }

    fn take(&mut self, key: usize, at: usize, group: Planned) {
        self.plan[key][at] = group;
        self.group_of[group.coach as usize] = Some((key, at));
    }

    /// Another coach, who gives their own group, if any, to the one before.
    fn change_coach(
        &mut self,
        random: &mut Xoshiro256PlusPlus,
        (key, at): (usize, usize),
        least: f64,
    ) -> Option<f64> {
        let before = self.plan[key][at];
        let (coach, _) = self.allowed[key][below(random, self.allowed[key].len())?];
        if coach == before.coach {
            return None;
        }
        let after = Planned { coach, ..before };
        let mut gain = self.value(key, after) - self.value(key, before);
        let other = self.group_of[coach as usize];
        if let Some((key, at)) = other {
            let group = self.plan[key][at];
            gain += self.value(key, Planned { coach: before.coach, ..group }) - self.value(key, group);
        }
        if gain < least || !gain.is_finite() {
            return None;
        }
        self.group_of[before.coach as usize] = None;
        if let Some((key, at)) = other {
            let size = self.plan[key][at].size;
            self.take(key, at, Planned { coach: before.coach, size });
        }
        self.take(key, at, after);
        Some(gain)
    }

    /// A student moves to another group of the key, or as many as fit.
    fn shift(
        &mut self,
        random: &mut Xoshiro256PlusPlus,
        (key, from): (usize, usize),
        least: f64,
    ) -> Option<f64> {
        let to = below(random, self.plan[key].len())?;
        let [a, b] = [self.plan[key][from], self.plan[key][to]];
        let most = (a.size.checked_sub(self.coaching.min as usize)?)
            .min((self.coaching.max as usize).checked_sub(b.size)?);
        if from == to || most == 0 {
            return None;
        }
        let moved = if random.next_u64().is_multiple_of(2) { 1 } else { most };
        let [c, d] = [Planned { size: a.size - moved, ..a }, Planned { size: b.size + moved, ..b }];
        let gain = self.value(key, c) + self.value(key, d) - self.value(key, a) - self.value(key, b);
        if gain < least || !gain.is_finite() {
            return None;
        }
        self.plan[key][from] = c;
        self.plan[key][to] = d;
        Some(gain)
    }

    /// A coach without a group takes over some students of two groups or one.
    fn split(
        &mut self,
        random: &mut Xoshiro256PlusPlus,
        (key, at): (usize, usize),
        least: f64,
    ) -> Option<f64> {
        let (coach, _) = self.allowed[key][below(random, self.allowed[key].len())?];
        let min = self.coaching.min as usize;
        if self.group_of[coach as usize].is_some() {
            return None;
        }
        let other = below(random, self.plan[key].len())?;
        let mut gain = 0.0;
        let mut size = 0;
        let mut givers = [(at, 0), (other, 0)];
        for giver in givers.iter_mut().take(if other == at { 1 } else { 2 }) {
            let group = self.plan[key][giver.0];
            giver.1 = group.size.checked_sub(min)?.min(self.coaching.max as usize - size);
            size += giver.1;
            gain += self.value(key, Planned { size: group.size - giver.1, ..group }) - self.value(key, group);
        }
        let group = Planned { coach, size };
        gain += self.value(key, group);
        if gain < least || !gain.is_finite() {
            return None;
        }
        for (giver, given) in givers {
            self.plan[key][giver].size -= given;
        }
        self.plan[key].push(group);
        self.group_of[coach as usize] = Some((key, self.plan[key].len() - 1));
        Some(gain)
    }

    /// A group ends; its students fill others of the key.
    fn merge(
        &mut self,
        random: &mut Xoshiro256PlusPlus,
        (key, at): (usize, usize),
        least: f64,
    ) -> Option<f64> {
        let groups = self.plan[key].len();
        if groups <= self.fewest[key] {
            return None;
        }
        let gone = self.plan[key][at];
        let mut left = gone.size;
        let mut gain = -self.value(key, gone);
        let first = below(random, groups)?;
        let mut takers = Vec::new();
        for other in (0..groups).map(|step| (first + step) % groups).filter(|&other| other != at) {
            let group = self.plan[key][other];
            let more = left.min((self.coaching.max as usize).saturating_sub(group.size));
            if more > 0 {
                left -= more;
                gain +=
                    self.value(key, Planned { size: group.size + more, ..group }) - self.value(key, group);
                takers.push((other, more));
            }
        }
        if left > 0 || gain < least || !gain.is_finite() {
            return None;
        }
        for (other, more) in takers {
            self.plan[key][other].size += more;
        }
        self.plan[key].swap_remove(at);
        self.group_of[gone.coach as usize] = None;
        if let Some(moved) = self.plan[key].get(at) {
            self.group_of[moved.coach as usize] = Some((key, at));
        }
        Some(gain)
    }
}

fn below(random: &mut Xoshiro256PlusPlus, n: usize) -> Option<usize> {
    (n > 0).then(|| (random.next_u64() % n as u64) as usize)
}

/// Whether the staff member may coach a group of any of these students.
fn may_coach(x: &Instance, s: StaffId, students: &[u32]) -> bool {
    let school = x.school;
    school[s].works_at(x.site_of_students(students))
        && students.iter().all(|&i| school.own_staff_allows(s, StudentId::new(i as usize)))
}

/// Students whose present coach this is.
fn kept(school: &School, s: StaffId, students: &[u32]) -> usize {
    students.iter().filter(|&&i| school.students[i as usize].coach == Some(s)).count()
}

/// Coaches for the groups of every key, as many as the key has groups (R7).
fn first(state: &State, coaching: &Coaching, keys: &[Keyed], fewest: &[usize]) -> Option<Vec<Vec<u32>>> {
    let x = state.x;
    let school = x.school;
    let free_blocks = |s: StaffId| {
        school.block_ids().filter(|&b| school[b].kind == Kind::Coaching && school.staff_free[(s, b)]).count()
    };
    let mut slots: Vec<usize> = Vec::new();
    for (index, (_, students)) in keys.iter().enumerate() {
        let (least, most) = bounds(students.len(), coaching);
        if least > most {
            return None;
        }
        slots.extend(std::iter::repeat_n(index, least.max(fewest[index])));
    }
    // Pairs of key and coach, by coaches kept before meetings held, since the search moves
    // coaches more easily than students.
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    let allowed: Vec<Vec<usize>> = keys
        .iter()
        .enumerate()
        .map(|(index, (_, students))| {
            let coaches: Vec<usize> =
                (0..x.sets.coaches.len()).filter(|&c| may_coach(x, x.sets.coaches[c], students)).collect();
            let groups = bounds(students.len(), coaching).0.max(fewest[index]).max(1);
            let size = students.len().div_ceil(groups) as f64;
            let gain = |&c: &usize| {
                let s = x.sets.coaches[c];
                let kept = kept(school, s, students);
                let meetings = free_blocks(s).min(coaching.meetings as usize) as f64;
                school.weights.coach_kept * (kept as f64).min(size)
                    + 0.1 * school.weights.should * size * meetings
            };
            pairs.extend(coaches.iter().map(|c| (gain(c), index, *c)));
            coaches
        })
        .collect();
    let most_groups = |c: usize| match coaching.meetings {
        0 => slots.len(),
        meetings => (free_blocks(x.sets.coaches[c]) / meetings as usize).max(1),
    };
    let mut capacity = vec![1; x.sets.coaches.len()];
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); x.sets.coaches.len()];
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut open = vec![true; slots.len()];
    for &(_, key, c) in &pairs {
        let first = slots.partition_point(|&of| of < key);
        let slot = (first..slots.len()).take_while(|&slot| slots[slot] == key).find(|&slot| open[slot]);
        if let Some(slot) = slot.filter(|_| taken[c].is_empty()) {
            open[slot] = false;
            taken[c].push(slot);
        }
    }
    for slot in (0..slots.len()).filter(|&slot| open[slot]) {
        let mut seen = vec![false; capacity.len()];
        // A second group of one coach goes without some meetings, unless the coach has blocks enough for both.
        let mut found = find_coach(slot, &slots, &allowed, &capacity, &mut taken, &mut seen);
        for most in [&most_groups as &dyn Fn(usize) -> usize, &|_| slots.len()] {
            if !found {
                capacity = (0..capacity.len()).map(most).collect();
                seen.fill(false);
                found = find_coach(slot, &slots, &allowed, &capacity, &mut taken, &mut seen);
            }
        }
        if !found {
            return None;
        }
    }
    let mut coaches: Vec<Vec<u32>> = vec![Vec::new(); keys.len()];
    for (c, slots_taken) in taken.iter().enumerate() {
        for &slot in slots_taken {
            coaches[slots[slot]].push(x.sets.coaches[c].index() as u32);
        }
    }
    // More groups than needed where that keeps students with a present coach who has no group yet.
    for (index, (_, students)) in keys.iter().enumerate() {
        for &c in &allowed[index] {
            let s = x.sets.coaches[c];
            if kept(school, s, students) >= coaching.min as usize
                && taken[c].is_empty()
                && coaches[index].len() < bounds(students.len(), coaching).1
            {
                taken[c].push(usize::MAX);
                coaches[index].push(s.index() as u32);
            }
        }
    }
    Some(coaches)
}

/// Fewest and most groups that `students` students can form.
pub fn bounds(students: usize, coaching: &Coaching) -> (usize, usize) {
    let most = students.checked_div(coaching.min as usize).unwrap_or(students);
    (students.div_ceil(coaching.max.max(1) as usize), most)
}

/// How many more students it takes to divide them into groups.
pub fn lacking(students: usize, coaching: &Coaching) -> usize {
    let (least, _) = bounds(students, coaching);
    (least * coaching.min as usize).saturating_sub(students)
}

/// Augmenting path of a bipartite matching of group slots to coaches.
fn find_coach(
    slot: usize,
    slots: &[usize],
    allowed: &[Vec<usize>],
    capacity: &[usize],
    taken: &mut [Vec<usize>],
    seen: &mut [bool],
) -> bool {
    for &c in &allowed[slots[slot]] {
        if std::mem::replace(&mut seen[c], true) {
            continue;
        }
        if taken[c].len() < capacity[c] {
            taken[c].push(slot);
            return true;
        }
        for index in 0..taken[c].len() {
            if find_coach(taken[c][index], slots, allowed, capacity, taken, seen) {
                taken[c][index] = slot;
                return true;
            }
        }
    }
    false
}
