//! The first coaching groups: sizes in bounds, values of `group_by` and sites unmixed, pairs kept, and as
//! many students as possible with their present coach. The search improves on them (R7).

use std::collections::BTreeMap;

use anyhow::bail;

use super::instance::NONE;
use super::state::State;
use crate::model::sets::{self, CoachingKey, coaching_blocks, coaching_key};
use crate::school::*;

/// Attempts at dividing the students of one key, each with another order.
const ATTEMPTS: usize = 50;

/// Whether two students may be in one group as far as `group_by` and sites go.
pub fn alike(school: &School, i: u32, j: u32) -> bool {
    let [i, j] = [i, j].map(|i| StudentId::new(i as usize));
    coaching_key(school, i) == coaching_key(school, j)
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

/// Forms the groups in an empty state.
///
/// # Errors
/// When the students of some key cannot be divided or there are too few coaches for them.
pub fn form(state: &mut State) -> anyhow::Result<()> {
    let school = state.x.school;
    let Some(coaching) = &school.coaching else { return Ok(()) };
    let mut students_of: BTreeMap<CoachingKey, Vec<u32>> = BTreeMap::new();
    for i in school.student_ids().filter(|&i| coaching_blocks(school, i) > 0) {
        students_of.entry(coaching_key(school, i)).or_default().push(i.index() as u32);
    }
    let keys: Vec<(CoachingKey, Vec<u32>)> = students_of.into_iter().collect();
    let coaches = assign_coaches(state, coaching, &keys)?;
    for ((key, students), coaches) in keys.iter().zip(coaches) {
        divide(state, coaching, students, &coaches)
            .map_err(|error| error.context(format!("coaching groups of {}", key.0.join(" ").trim())))?;
    }
    Ok(())
}

/// Coaches for the groups of every key, as many as the key has groups (R7).
fn assign_coaches(
    state: &State,
    coaching: &Coaching,
    keys: &[(CoachingKey, Vec<u32>)],
) -> anyhow::Result<Vec<Vec<u32>>> {
    let x = state.x;
    let school = x.school;
    let free_blocks = |s: StaffId| {
        school.block_ids().filter(|&b| school[b].kind == Kind::Coaching && school.staff_free[(s, b)]).count()
    };
    let mut slots: Vec<usize> = Vec::new();
    for (index, (key, students)) in keys.iter().enumerate() {
        let (least, most) = bounds(students.len(), coaching);
        if least > most {
            bail!(
                "{} students ({}) cannot be divided into groups of {} to {}",
                students.len(),
                key.0.join(" "),
                coaching.min,
                coaching.max
            );
        }
        slots.extend(std::iter::repeat_n(index, least));
    }
    // Pairs of key and coach, by coaches kept before meetings held, since the search moves
    // coaches more easily than students.
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    let allowed: Vec<Vec<usize>> = keys
        .iter()
        .enumerate()
        .map(|(index, (_, students))| {
            let coaches: Vec<usize> = (0..x.sets.coaches.len())
                .filter(|&c| {
                    students.iter().all(|&i| {
                        sets::own_staff_allows(school, x.sets.coaches[c], StudentId::new(i as usize))
                    })
                })
                .filter(|&c| {
                    let site = students.first().and_then(|&i| school.students[i as usize].site);
                    sets::works_at(&school[x.sets.coaches[c]], site)
                })
                .collect();
            let size = students.len().div_ceil(bounds(students.len(), coaching).0.max(1)) as f64;
            let gain = |&c: &usize| {
                let s = x.sets.coaches[c];
                let kept = students.iter().filter(|&&i| school.students[i as usize].coach == Some(s)).count();
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
        if !find_coach(slot, &slots, &allowed, &capacity, &mut taken, &mut seen) {
            capacity = (0..capacity.len()).map(most_groups).collect();
            seen.fill(false);
            if !find_coach(slot, &slots, &allowed, &capacity, &mut taken, &mut seen) {
                let (key, students) = &keys[slots[slot]];
                bail!(
                    "too few coaches: {} students ({}) need {} groups of at most {}",
                    students.len(),
                    key.0.join(" "),
                    bounds(students.len(), coaching).0,
                    coaching.max
                );
            }
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
            let kept = students.iter().filter(|&&i| school.students[i as usize].coach == Some(s)).count();
            if kept >= coaching.min as usize
                && taken[c].is_empty()
                && coaches[index].len() < bounds(students.len(), coaching).1
            {
                taken[c].push(usize::MAX);
                coaches[index].push(s.index() as u32);
            }
        }
    }
    Ok(coaches)
}

/// Fewest and most groups that `students` students can form.
fn bounds(students: usize, coaching: &Coaching) -> (usize, usize) {
    let most = students.checked_div(coaching.min as usize).unwrap_or(students);
    (students.div_ceil(coaching.max.max(1) as usize), most)
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

/// Divides students over groups with the given coaches.
fn divide(state: &mut State, coaching: &Coaching, students: &[u32], coaches: &[u32]) -> anyhow::Result<()> {
    let groups = state.new_groups(coaches.len());
    for (&group, &coach) in groups.iter().zip(coaches) {
        state.set_coach(group, coach);
    }
    let clusters = clusters(state.x.school, students);
    for attempt in 0..ATTEMPTS {
        let mark = state.mark();
        if try_divide(state, coaching, &clusters, &groups, attempt) {
            state.commit();
            return Ok(());
        }
        state.roll_back(mark);
    }
    bail!(
        "{} students cannot be divided into {} groups of {} to {} so that pairs.csv holds",
        students.len(),
        groups.len(),
        coaching.min,
        coaching.max
    )
}

fn try_divide(
    state: &mut State,
    coaching: &Coaching,
    clusters: &[Vec<u32>],
    groups: &[u32],
    attempt: usize,
) -> bool {
    let students: usize = clusters.iter().map(Vec::len).sum();
    let min = coaching.min as usize;
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.rotate_left(attempt * 7 % clusters.len().max(1));
    order.sort_by_key(|&c| std::cmp::Reverse(clusters[c].len()));
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
                size + cluster.len() <= coaching.max as usize
                    && lacking - helps <= left - cluster.len()
                    && cluster
                        .iter()
                        .all(|&i| state.x.apart[i as usize].iter().all(|&j| state.group_of[j as usize] != g))
            };
            let best =
                groups.iter().copied().filter(|&g| fits(g) && (!keep_only || present(g) > 0)).max_by_key(
                    |&g| (present(g), std::cmp::Reverse(state.groups[g as usize].students.len())),
                );
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
    for pair in school.pairs.iter().filter(|pair| pair.kind == PairKind::Together) {
        let [a, b] = [pair.student, pair.other]
            .map(|i| clusters.iter().position(|cluster| cluster.contains(&(i.index() as u32))));
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            let moved = clusters.swap_remove(a.max(b));
            clusters[a.min(b)].extend(moved);
        }
    }
    clusters
}
