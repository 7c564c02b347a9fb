//! The first coaching groups: sizes in bounds, values of `group_by` and sites unmixed, pairs kept, and as
//! many students as possible with their present coach. The search improves on them (R7).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rand_xoshiro::Xoshiro256PlusPlus;

use super::coaches::{self, Keyed, Planned};
use super::instance::NONE;
use super::state::State;
use crate::school::*;

/// Attempts at dividing the students of one key, each with another order.
const ATTEMPTS: usize = 50;

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

/// Forms the groups in an empty state; `worth` is that of [`coaches::plan`]. `None`: the students of some key were not
/// divided, or no coaches were found for them.
pub fn form(state: &mut State, worth: &[Vec<f64>], random: &mut Xoshiro256PlusPlus) -> Option<()> {
    let school = state.x.school;
    let Some(coaching) = &school.coaching else { return Some(()) };
    let grouped = school.student_ids().filter(|&i| school.is_coached(i));
    let grouped: Vec<u32> = grouped.map(|i| i.index() as u32).collect();
    let (keys, plan) = [true, false].into_iter().find_map(|join| {
        let keys = by_key(school, coaching, &grouped, join);
        let plan = coaches::plan(state, coaching, &keys, worth, random)?;
        Some((keys, plan))
    })?;
    for ((_, students), groups) in keys.iter().zip(plan) {
        divide(state, coaching, students, &groups)?;
    }
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

/// Divides students over groups with the given coaches.
fn divide(state: &mut State, coaching: &Coaching, students: &[u32], planned: &[Planned]) -> Option<()> {
    let groups = state.new_groups(planned.len());
    for (&group, planned) in groups.iter().zip(planned) {
        state.set_coach(group, planned.coach);
    }
    let sizes: Vec<usize> = planned.iter().map(|group| group.size).collect();
    let clusters = clusters(state.x.school, students);
    for attempt in 0..ATTEMPTS {
        let savepoint = state.savepoint();
        if try_divide(state, coaching, &clusters, (&groups, &sizes), attempt) {
            state.commit();
            return Some(());
        }
        state.roll_back(savepoint);
    }
    None
}

fn try_divide(
    state: &mut State,
    coaching: &Coaching,
    clusters: &[Vec<u32>],
    (groups, sizes): (&[u32], &[usize]),
    attempt: usize,
) -> bool {
    let students: usize = clusters.iter().map(Vec::len).sum();
    let min = coaching.min as usize;
    // The sizes planned are kept to at first, and left the further the more attempts fail.
    let most: HashMap<u32, usize> = groups
        .iter()
        .zip(sizes)
        .map(|(&g, &size)| (g, (size + attempt).min(coaching.max as usize)))
        .collect();
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.rotate_left(attempt * 7 % clusters.len().max(1));
    order.sort_by_key(|&c| Reverse(clusters[c].len()));
    let mut left = students;
    for keep_only in [true, false] {
        for &c in &order {
            let cluster = &clusters[c];
            if cluster.iter().any(|&i| state.group_of[i as usize] != NONE) {
                continue;
            }
            let present = |g: u32| {
                let coach = StaffId::new(state.groups[g as usize].coach as usize);
                cluster.iter().filter(|&&i| state.x.school.students[i as usize].coach == Some(coach)).count()
            };
            // Students still to come must be able to bring every group to its least size.
            let lacking: usize =
                groups.iter().map(|&g| min.saturating_sub(state.groups[g as usize].students.len())).sum();
            let fits = |g: u32| {
                let size = state.groups[g as usize].students.len();
                let helps = min.saturating_sub(size).min(cluster.len());
                size + cluster.len() <= most[&g]
                    && lacking - helps <= left - cluster.len()
                    && cluster
                        .iter()
                        .all(|&i| state.x.apart[i as usize].iter().all(|&j| state.group_of[j as usize] != g))
            };
            let best = groups
                .iter()
                .copied()
                .filter(|&g| fits(g) && (!keep_only || present(g) > 0))
                .max_by_key(|&g| (present(g), Reverse(state.groups[g as usize].students.len())));
            if let Some(g) = best {
                for &i in cluster {
                    state.join(i, g);
                }
                left -= cluster.len();
            } else if !keep_only {
                return false;
            }
        }
    }
    groups.iter().all(|&g| state.groups[g as usize].students.len() >= min)
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
