//! Whose turn it is: what counts of weeks that are long past and of those before somebody came, and lots among equals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::schedule::Schedule;
use crate::school::{Id, NeedId, School, StudentId};
use crate::verify::table;
use crate::whatif::change::quoted;
use crate::write::files::{NAMES, UNMET_NEEDS};

use super::week::Folder;

/// Sums of means are not exact.
const TINY: f64 = 1e-9;

/// What one solved week says of the students of now.
struct Past {
    /// Sessions of `must` and `should` missed, by student.
    missed: Vec<f64>,
    /// Who was in the school.
    there: Vec<bool>,
}

/// Rows of history beside those of the last `history` weeks: one for who missed more, in all weeks before, than those who
/// need the same on average; and for newcomers what such students missed on average before they came. So turns are even
/// over the whole term, and nobody waits longer for being new. `solved`: the weeks in their order.
///
/// # Errors
/// A file of a week cannot be read.
pub fn carried(school: &School, solved: &[Folder], history: usize) -> anyhow::Result<String> {
    let mut needing: BTreeMap<String, Vec<StudentId>> = BTreeMap::new();
    for need in school.need_ids().filter(|&need| school[need].priority.counts_for_fairness()) {
        needing.entry(school.need_subjects(need).into_owned()).or_default().push(school[need].student);
    }
    let mut peers: Vec<BTreeSet<StudentId>> = vec![BTreeSet::new(); school.students.len()];
    let weeks = solved.iter().map(|week| past(school, week)).collect::<anyhow::Result<Vec<_>>>()?;
    // Only who was not always there is held against others one by one.
    let new = |i: StudentId| weeks.iter().any(|week| !week.there[i.index()]);
    for students in needing.values() {
        for &i in students.iter().filter(|&&i| new(i)) {
            peers[i.index()].extend(students);
        }
    }
    let credit = |week: &Past, i: StudentId| {
        let there = peers[i.index()].iter().filter(|peer| week.there[peer.index()]);
        let (sum, count) =
            there.fold((0.0, 0.0), |(sum, count), peer| (sum + week.missed[peer.index()], count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let (long_past, counting) = weeks.split_at(weeks.len().saturating_sub(history));
    let before = |i: StudentId| -> f64 {
        let of = |week: &Past| if week.there[i.index()] { week.missed[i.index()] } else { credit(week, i) };
        long_past.iter().map(of).sum()
    };
    let before: Vec<f64> = school.student_ids().map(before).collect();
    let mut usual = vec![0.0f64; school.students.len()];
    for students in needing.values() {
        let sum: f64 = students.iter().map(|i| before[i.index()]).sum();
        let mean = (sum / students.len() as f64 + TINY).floor();
        students.iter().for_each(|i| usual[i.index()] = usual[i.index()].max(mean));
    }
    let mut text = String::new();
    for i in school.student_ids() {
        let away = counting.iter().filter(|week| !week.there[i.index()]);
        let more = if history == 0 { 0.0 } else { (before[i.index()] - usual[i.index()]).clamp(0.0, 1.0) };
        let rows = (away.map(|week| credit(week, i)).sum::<f64>() + more + TINY).round();
        let need = school.needs_of(i).find(|&need| school[need].priority.counts_for_fairness());
        if let (Some(need), true) = (need, rows >= 1.0) {
            let cells = [
                ("student", school[i].id.clone()),
                ("subject", school.need_subjects(need).into_owned()),
                ("priority", school[need].priority.label().to_owned()),
                ("missing", rows.to_string()),
            ];
            text += "[[add.history]]\n";
            cells.iter().for_each(|(column, cell)| text += &format!("{column} = {}\n", quoted(cell)));
        }
    }
    Ok(text)
}

fn past(school: &School, week: &Folder) -> anyhow::Result<Past> {
    let known: HashMap<&str, StudentId> = school.student_ids().map(|i| (school[i].id.as_str(), i)).collect();
    let mut past = Past { missed: vec![0.0; known.len()], there: vec![false; known.len()] };
    table::read(
        &week.schedule(),
        UNMET_NEEDS.file,
        ["student", "priority", "missing"],
        |_, [student, priority, missing]| {
            if let (Some(i), "must" | "should") = (known.get(student), priority) {
                past.missed[i.index()] += missing.parse::<f64>().unwrap_or(0.0);
            }
        },
    )?;
    table::read(&week.schedule(), NAMES.file, ["kind", "id"], |_, [kind, id]| {
        if let (Some(i), "student") = (known.get(id), kind) {
            past.there[i.index()] = true;
        }
    })?;
    Ok(past)
}

/// The schedule in which lots decide who of students alike in everything sits where: it is worth as much, and ties do not
/// fall on the same ones every week.
pub fn drawn(school: &School, schedule: &mut Schedule, seed: u64) {
    let bound: BTreeSet<StudentId> = (school.pairs.iter().flat_map(|pair| [pair.student, pair.other]))
        .chain(school.pins.iter().filter_map(|pin| pin.student))
        .collect();
    let mut group_of = vec![None; school.students.len()];
    for (at, group) in schedule.groups.iter().enumerate() {
        group.students.iter().for_each(|i| group_of[i.index()] = Some(at));
    }
    let mut alike: BTreeMap<String, Vec<StudentId>> = BTreeMap::new();
    for i in school.student_ids().filter(|i| !bound.contains(i)) {
        let needs: Vec<_> = school
            .needs_of(i)
            .map(|need| crate::school::Need { student: StudentId::new(0), ..school[need].clone() })
            .collect();
        let blocks: Vec<_> = school
            .block_ids()
            .map(|block| (school.student_free[(i, block)], school.invited[(i, block)]))
            .collect();
        let row = &school[i];
        let key = format!(
            "{needs:?}{blocks:?}{:?}{:?}{:?}{:?}{:?}{:?}",
            group_of[i.index()],
            row.unit,
            row.site,
            row.missed_before,
            school.presence.minimum(i),
            school.barred(i)
        );
        alike.entry(key).or_default().push(i);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut student: Vec<StudentId> = school.student_ids().collect();
    let mut need: Vec<NeedId> = school.need_ids().collect();
    for students in alike.into_values().filter(|students| students.len() > 1) {
        let mut lots = students.clone();
        for at in (1..lots.len()).rev() {
            lots.swap(at, (random.next_u64() % (at as u64 + 1)) as usize);
        }
        for (from, to) in students.into_iter().zip(lots) {
            student[from.index()] = to;
            school.needs_of(from).zip(school.needs_of(to)).for_each(|(from, to)| need[from.index()] = to);
        }
    }
    for session in &mut schedule.sessions {
        for attendance in &mut session.attendances {
            attendance.student = student[attendance.student.index()];
            attendance.need = attendance.need.map(|of| need[of.index()]);
        }
        session.attendances.sort_unstable();
    }
    for meeting in &mut schedule.meetings {
        meeting.students.iter_mut().for_each(|i| *i = student[i.index()]);
        meeting.students.sort_unstable();
    }
}
