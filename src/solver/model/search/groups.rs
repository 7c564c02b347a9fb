//! The first coaching groups: sizes in bounds, values of `group_by` and sites unmixed, pairs kept, and as
//! many students as possible with their present coach. The search improves on them (R7).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::coaches::{self, Keyed, Planned};
use super::instance::{Instance, NONE};
use super::state::State;
use crate::school::*;

/// Attempts at dividing the students of one key, each with another order.
const ATTEMPTS: usize = 50;
/// Steps for every cluster of students when their division is repaired.
const REPAIRS: usize = 1_000;

/// Whether two students may be in one group as far as `group_by` and sites go.
pub fn alike(school: &School, i: u32, j: u32) -> bool {
    let [one, other] = [i, j].map(|i| school.coaching_key(StudentId::new(i as usize)));
    may_join(&one, &other)
}

/// Whether the pairs that concern the group's students hold.
pub fn pairs_hold(state: &State, group: u32) -> bool {
    state.x.school.pairs.iter().all(|pair| {
        let groups = [pair.student, pair.other].map(|i| state.group_of[i.index()]);
        !groups.contains(&group)
            || match pair.kind {
                PairKind::Apart => groups[0] != groups[1],
                PairKind::Together => groups.contains(&NONE) || groups[0] == groups[1],
            }
    })
}

/// Forms the groups in an empty state; `worth` is that of [`coaches::plan`]. Pairs may need more groups of a key than
/// its number of students does. `None`: the students of some key were not divided, or no coaches were found for them.
pub fn form(state: &mut State, worth: &[Vec<f64>], random: &mut Xoshiro256PlusPlus) -> Option<()> {
    let school = state.x.school;
    let Some(coaching) = &school.coaching else { return Some(()) };
    let grouped = school.student_ids().filter(|&i| school.is_coached(i));
    let grouped: Vec<u32> = grouped.map(|i| i.index() as u32).collect();
    let (plan, members) = [true, false].into_iter().find_map(|join| {
        let keys = by_key(school, coaching, &grouped, join);
        let mut fewest = vec![0; keys.len()];
        loop {
            let plan = coaches::plan(state, coaching, &keys, worth, &fewest, random)?;
            let mut members = Vec::with_capacity(keys.len());
            for ((_, students), groups) in keys.iter().zip(&plan) {
                let Some(divided) = divide(state.x, coaching, students, groups, random) else { break };
                members.push(divided);
            }
            if members.len() == keys.len() {
                return Some((plan, members));
            }
            let failed = members.len();
            fewest[failed] = plan[failed].len() + 1;
            if fewest[failed] > coaches::bounds(keys[failed].1.len(), coaching).1 {
                return None;
            }
        }
    })?;
    for (planned, members) in plan.iter().zip(members) {
        for ((group, planned), students) in
            state.new_groups(planned.len()).into_iter().zip(planned).zip(members)
        {
            state.set_coach(group, planned.coach);
            students.into_iter().for_each(|i| state.join(i, group));
        }
    }
    state.commit();
    Some(())
}

/// Students by what their groups have in common. Who has no site goes where those go who must be in the same group;
/// `join`: and else where the like of a site go, if there are any.
fn by_key(school: &School, coaching: &Coaching, students: &[u32], join: bool) -> Vec<Keyed> {
    let mut students_of: BTreeMap<CoachingKey, Vec<u32>> = BTreeMap::new();
    let mut anywhere: Vec<(CoachingKey, Vec<u32>)> = Vec::new();
    for cluster in clusters(school, students) {
        let key = cluster.iter().map(|&i| school.coaching_key(StudentId::new(i as usize))).max();
        match key {
            Some(key) if join && key.1.is_none() => anywhere.push((key, cluster)),
            Some(key) => students_of.entry(key).or_default().extend(&cluster),
            None => {}
        }
    }
    anywhere.sort_by_key(|(_, cluster)| Reverse(cluster.len()));
    for (key, cluster) in anywhere {
        let key = key_to_join(coaching, &students_of, &key, cluster.len()).unwrap_or(key);
        students_of.entry(key).or_default().extend(&cluster);
    }
    students_of.values_mut().for_each(|students| students.sort_unstable());
    students_of.into_iter().collect()
}

/// The key of a site, with the same values, that so many more students go to: one that cannot be divided into groups
/// without more, else one that still can with them, the largest of these.
fn key_to_join(
    coaching: &Coaching,
    students_of: &BTreeMap<CoachingKey, Vec<u32>>,
    (values, _): &CoachingKey,
    more: usize,
) -> Option<CoachingKey> {
    let of_sites = students_of.iter().filter(|((other, site), _)| other == values && site.is_some());
    let best = of_sites.min_by_key(|(_, students)| {
        let lacking = coaches::lacking(students.len(), coaching);
        let after = coaches::lacking(students.len() + more, coaching);
        (lacking == 0, lacking, after, Reverse(students.len()))
    });
    best.map(|(key, _)| key.clone())
}

/// The students of each group with a given coach and size; the sizes planned are left only where pairs ask for it.
fn divide(
    x: &Instance,
    coaching: &Coaching,
    students: &[u32],
    planned: &[Planned],
    random: &mut Xoshiro256PlusPlus,
) -> Option<Vec<Vec<u32>>> {
    let division = Division::new(x, coaching, clusters(x.school, students), planned);
    let group_of = (0..ATTEMPTS)
        .find_map(|attempt| division.assign(attempt).ok())
        .or_else(|| division.repair(division.assign(ATTEMPTS).unwrap_or_else(|partly| partly), random))?;
    let mut members = vec![Vec::new(); planned.len()];
    for (cluster, g) in division.clusters.iter().zip(group_of) {
        members[g].extend(cluster);
    }
    Some(members)
}

/// Students of one coaching key who are divided over its groups.
struct Division<'p> {
    planned: &'p [Planned],
    min: usize,
    max: usize,
    /// Students who must be together.
    clusters: Vec<Vec<u32>>,
    /// By cluster: those that may not be in one group with it.
    apart: Vec<Vec<usize>>,
    /// By cluster and group: students who keep their coach there.
    kept: Vec<Vec<usize>>,
}

impl<'p> Division<'p> {
    fn new(x: &Instance, coaching: &Coaching, clusters: Vec<Vec<u32>>, planned: &'p [Planned]) -> Self {
        let mut cluster_of: HashMap<u32, usize> = HashMap::new();
        for (c, cluster) in clusters.iter().enumerate() {
            cluster_of.extend(cluster.iter().map(|&i| (i, c)));
        }
        let apart_from = |cluster: &Vec<u32>| {
            let others = cluster.iter().flat_map(|&i| &x.apart[i as usize]);
            others.filter_map(|j| cluster_of.get(j).copied()).collect()
        };
        let kept_by = |cluster: &Vec<u32>, coach: u32| {
            let coach = StaffId::new(coach as usize);
            cluster.iter().filter(|&&i| x.school.students[i as usize].coach == Some(coach)).count()
        };
        let kept = |cluster: &Vec<u32>| planned.iter().map(|group| kept_by(cluster, group.coach)).collect();
        Self {
            planned,
            min: coaching.min as usize,
            max: coaching.max as usize,
            apart: clusters.iter().map(apart_from).collect(),
            kept: clusters.iter().map(kept).collect(),
            clusters,
        }
    }

    fn fits(&self, group_of: &[usize], c: usize, g: usize) -> bool {
        self.apart[c].iter().all(|&other| group_of[other] != g)
    }

    /// Puts every cluster where most of it keep their coach, large ones first; as an error what was assigned, the rest
    /// of it in the first group. Later attempts take another order and leave the sizes planned further.
    fn assign(&self, attempt: usize) -> Result<Vec<usize>, Vec<usize>> {
        let most: Vec<usize> =
            self.planned.iter().map(|group| (group.size + attempt).min(self.max)).collect();
        let mut order: Vec<usize> = (0..self.clusters.len()).collect();
        order.rotate_left(attempt * 7 % self.clusters.len().max(1));
        order.sort_by_key(|&c| (Reverse(self.clusters[c].len()), Reverse(self.apart[c].len())));
        let mut group_of = vec![usize::MAX; self.clusters.len()];
        let mut sizes = vec![0; self.planned.len()];
        let mut left: usize = self.clusters.iter().map(Vec::len).sum();
        let mut all = true;
        for keep_only in [true, false] {
            for &c in &order {
                if group_of[c] != usize::MAX {
                    continue;
                }
                let size = self.clusters[c].len();
                // Students still to come must be able to bring every group to its least size.
                let lacking: usize = sizes.iter().map(|&size| self.min.saturating_sub(size)).sum();
                let suits = |g: usize| {
                    let helps = self.min.saturating_sub(sizes[g]).min(size);
                    sizes[g] + size <= most[g] && lacking - helps <= left - size && self.fits(&group_of, c, g)
                };
                let best = (0..self.planned.len())
                    .filter(|&g| suits(g) && (!keep_only || self.kept[c][g] > 0))
                    .max_by_key(|&g| (self.kept[c][g], Reverse(sizes[g])));
                if let Some(g) = best {
                    group_of[c] = g;
                    sizes[g] += size;
                    left -= size;
                } else if !keep_only {
                    all = false;
                }
            }
        }
        if all && sizes.iter().all(|&size| size >= self.min) {
            return Ok(group_of);
        }
        group_of.iter_mut().filter(|g| **g == usize::MAX).for_each(|g| *g = 0);
        Err(group_of)
    }

    /// Moves and exchanges clusters until no size and no pair is wrong (annealing on what is wrong).
    fn repair(&self, mut group_of: Vec<usize>, random: &mut Xoshiro256PlusPlus) -> Option<Vec<usize>> {
        let groups = self.planned.len();
        let mut sizes = vec![0; groups];
        group_of.iter().zip(&self.clusters).for_each(|(&g, cluster)| sizes[g] += cluster.len());
        let wrong_size = |size: usize| size.saturating_sub(self.max) + self.min.saturating_sub(size);
        let clashes = |group_of: &[usize], c: usize, g: usize| {
            self.apart[c].iter().filter(|&&other| other != c && group_of[other] == g).count()
        };
        let both: usize = (0..group_of.len()).map(|c| clashes(&group_of, c, group_of[c])).sum();
        let mut wrong = sizes.iter().map(|&size| wrong_size(size)).sum::<usize>() + both / 2;
        let steps = REPAIRS * self.clusters.len();
        for step in 0..steps {
            if wrong == 0 {
                return Some(group_of);
            }
            let mut draw = |n: usize| (random.next_u64() % n as u64) as usize;
            let (c, g, d) = (draw(self.clusters.len()), draw(groups), draw(self.clusters.len()));
            let exchange = draw(2) == 0;
            let unit = (draw(1 << 30) as f64 + 1.0) / f64::from(1 << 30);
            let from = group_of[c];
            let to = if exchange { group_of[d] } else { g };
            if from == to {
                continue;
            }
            let before = wrong_size(sizes[from])
                + wrong_size(sizes[to])
                + clashes(&group_of, c, from)
                + if exchange { clashes(&group_of, d, to) } else { 0 };
            let mut change = |c: usize, from: usize, to: usize| {
                group_of[c] = to;
                sizes[from] -= self.clusters[c].len();
                sizes[to] += self.clusters[c].len();
            };
            change(c, from, to);
            if exchange {
                change(d, to, from);
            }
            let after = wrong_size(sizes[from])
                + wrong_size(sizes[to])
                + clashes(&group_of, c, to)
                + if exchange { clashes(&group_of, d, from) } else { 0 };
            let temperature = 1.0 - step as f64 / steps as f64;
            if after as f64 <= before as f64 - temperature * unit.ln() {
                wrong = wrong + after - before;
                continue;
            }
            let mut change = |c: usize, from: usize, to: usize| {
                group_of[c] = to;
                sizes[from] -= self.clusters[c].len();
                sizes[to] += self.clusters[c].len();
            };
            change(c, to, from);
            if exchange {
                change(d, from, to);
            }
        }
        None
    }
}

/// Students who must be in one group, as lists.
fn clusters(school: &School, students: &[u32]) -> Vec<Vec<u32>> {
    let mut clusters: Vec<Vec<u32>> = students.iter().map(|&i| vec![i]).collect();
    let mut cluster_of: HashMap<u32, usize> = students.iter().copied().zip(0..).collect();
    for pair in school.pairs.iter().filter(|pair| pair.kind == PairKind::Together) {
        let [a, b] = [pair.student, pair.other].map(|i| cluster_of.get(&(i.index() as u32)).copied());
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            let moved = clusters.swap_remove(a.max(b));
            clusters[a.min(b)].extend(&moved);
            moved.into_iter().for_each(|i| _ = cluster_of.insert(i, a.min(b)));
            let last = clusters.get(a.max(b)).into_iter().flatten();
            last.for_each(|&i| _ = cluster_of.insert(i, a.max(b)));
        }
    }
    clusters
}
