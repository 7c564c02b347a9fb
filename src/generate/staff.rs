//! The staff of one site, and those whom schools share.

use super::catalogue::{Catalogue, DEPARTMENTS};
use super::dice::{Dice, apportion};
use super::draft::{Draft, Staff};
use super::names::{self, Codes};
use super::needs::HOMEWORK_SUBJECTS;
use super::week::{self, DAYS, Slots};

/// Students for each member of staff.
const STUDENTS_PER_STAFF: usize = 12;
/// Lesson and zone sessions that a teacher has time for beside regular lessons.
const SESSIONS_PER_TEACHER: f64 = 7.0;
/// Levels that one teacher may be qualified for; half of them teach all.
const LEVELS_TAUGHT: [&[usize]; 4] = [&[0, 1, 2], &[0, 1, 2], &[0, 1], &[1, 2]];
/// Largest coaching group.
const GROUP_MAX: usize = 16;
/// Size of the present coaching groups.
const GROUP_NOW: usize = 14;

/// Adds the staff of `site`, whose needs ask for `demand[subject]` sessions; `tightness` of them are to be
/// led by this staff. Gives the students their present coach.
pub fn add(
    draft: &mut Draft,
    site: usize,
    demand: &[f64],
    tightness: f64,
    codes: &mut Codes,
    dice: &mut Dice,
) {
    let students = draft.students_at(site);
    let staff = students.len().div_ceil(STUDENTS_PER_STAFF);
    let guests = (students.len() / 450).max(1);
    let supervisors = (students.len() / 300).max(1);
    let assistants = (students.len() / 225).max(1);
    let needed = (tightness * demand.iter().sum::<f64>() / SESSIONS_PER_TEACHER).ceil() as usize;
    let teachers = staff.saturating_sub(guests + supervisors + assistants).max(needed);

    let first = draft.staff.len();
    add_teachers(draft, site, teachers, demand, codes, dice);
    for (role, count, cost) in [("assistant", assistants, 32), ("supervisor", supervisors, 30)] {
        for _ in 0..count {
            let mut person = person(site, codes, dice);
            person.roles = vec![role];
            person.homework = role == "supervisor";
            person.cost = cost;
            person.max_blocks = 12;
            draft.staff.push(person);
        }
    }
    join_units(draft, site, first, &students, dice);
    for _ in 0..guests {
        let english = draft.catalogue.subjects.iter();
        let english = english.enumerate().filter(|(_, s)| s.family.code == "en" && s.level.is_some());
        let subjects = english.map(|(subject, _)| subject).collect();
        let mut person = person(site, codes, dice);
        person.roles = vec!["guest"];
        person.subjects = subjects;
        person.cost = 40;
        person.max_blocks = 2;
        person.days_off = vec![0, 2, 4];
        draft.staff.push(person);
    }
    for person in &mut draft.staff[first..] {
        person.days_off.iter().for_each(|&day| person.busy.insert_day(day));
    }
}

/// A full-time member of staff without role.
fn person(site: usize, codes: &mut Codes, dice: &mut Dice) -> Staff {
    let name = names::person(dice);
    Staff {
        id: codes.code(&name),
        name,
        roles: Vec::new(),
        subjects: Vec::new(),
        homework: false,
        likes: Vec::new(),
        department: None,
        unit: None,
        sites: vec![site],
        days_off: Vec::new(),
        busy: Slots::default(),
        quota: 0,
        min_blocks: None,
        max_blocks: 0,
        max_per_day: None,
        max_in_a_row: None,
        cost: 60,
    }
}

/// Sessions asked of each department.
pub fn by_department(catalogue: &Catalogue, demand: &[f64]) -> Vec<f64> {
    let mut sessions = vec![0.0; DEPARTMENTS];
    for (subject, asked) in catalogue.subjects.iter().zip(demand) {
        sessions[subject.family.department] += asked;
    }
    sessions
}

fn add_teachers(
    draft: &mut Draft,
    site: usize,
    count: usize,
    demand: &[f64],
    codes: &mut Codes,
    dice: &mut Dice,
) {
    let first = draft.staff.len();
    let departments = by_department(&draft.catalogue, demand);
    for (department, teachers) in apportion(count, &departments).into_iter().enumerate() {
        let subjects = subjects_of_teachers(&draft.catalogue, department, teachers, demand, dice);
        for subjects in subjects {
            let mut teacher = person(site, codes, dice);
            teacher.subjects = subjects;
            teacher.department = Some(department);
            teacher.homework = dice.chance(30);
            employ(&mut teacher, dice);
            draft.staff.push(teacher);
        }
    }
    cover(draft, first, demand);
    cover_homework(draft, first);
    for teacher in first..draft.staff.len() {
        draft.staff[teacher].likes = likes(&draft.catalogue, &draft.staff[teacher].subjects, dice);
    }
}

/// Role, days off and the limits of a stage of life.
fn employ(teacher: &mut Staff, dice: &mut Dice) {
    let instructor = dice.chance(12);
    teacher.roles = vec![if instructor { "instructor" } else { "teacher" }];
    teacher.cost = if instructor { 48 } else { dice.between(11, 15) * 5 };
    let days_off = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2][dice.below(10)];
    let mut days: Vec<usize> = (0..DAYS.len()).collect();
    dice.shuffle(&mut days);
    teacher.days_off = days.into_iter().take(days_off).collect();
    teacher.days_off.sort_unstable();
    if dice.chance(20) {
        teacher.max_in_a_row = Some(dice.between(3, 4));
    }
    if dice.chance(20) {
        teacher.max_per_day = Some(4);
    }
    if dice.chance(15) {
        teacher.min_blocks = Some(dice.between(3, 6));
    }
}

/// What each of the `teachers` of a department is qualified for: one family of subjects by demand, half of
/// them a second one; all levels, the upper two or the lower two.
fn subjects_of_teachers(
    catalogue: &Catalogue,
    department: usize,
    teachers: usize,
    demand: &[f64],
    dice: &mut Dice,
) -> Vec<Vec<usize>> {
    let mut families: Vec<(&str, f64)> = Vec::new();
    for (subject, asked) in catalogue.subjects.iter().zip(demand) {
        if subject.family.department == department {
            match families.iter_mut().find(|(code, _)| *code == subject.family.code) {
                Some((_, sum)) => *sum += asked,
                None => families.push((subject.family.code, *asked)),
            }
        }
    }
    let asked: Vec<f64> = families.iter().map(|(_, asked)| *asked).collect();
    let mut result = Vec::new();
    for (family, count) in apportion(teachers, &asked).into_iter().enumerate() {
        for _ in 0..count {
            let levels = LEVELS_TAUGHT[dice.below(LEVELS_TAUGHT.len())];
            let second = dice.chance(50).then(|| dice.below(families.len()));
            let codes: Vec<&str> =
                [Some(family), second].into_iter().flatten().map(|family| families[family].0).collect();
            let taught = |subject: usize| {
                let subject = &catalogue.subjects[subject];
                codes.contains(&subject.family.code) && subject.level.is_none_or(|l| levels.contains(&l))
            };
            result.push((0..catalogue.subjects.len()).filter(|&subject| taught(subject)).collect());
        }
    }
    result
}

/// Sees to it that somebody is qualified for every subject that is asked, two people where the department
/// has them.
fn cover(draft: &mut Draft, first: usize, demand: &[f64]) {
    for (subject, &asked) in demand.iter().enumerate() {
        let department = draft.catalogue.subjects[subject].family.department;
        let teachers = &mut draft.staff[first..];
        let in_department = teachers.iter().filter(|t| t.department == Some(department)).count();
        let wanted = if asked > 0.0 { in_department.clamp(1, 2) } else { 0 };
        let mut qualified = teachers.iter().filter(|t| t.subjects.contains(&subject)).count();
        while qualified < wanted {
            let next = teachers
                .iter_mut()
                .filter(|t| !t.subjects.contains(&subject))
                .min_by_key(|t| (t.department != Some(department), t.subjects.len()));
            let Some(next) = next else { break };
            next.subjects.push(subject);
            next.subjects.sort_unstable();
            qualified += 1;
        }
    }
}

/// Sees to it that homework support in Dutch, English and mathematics has somebody who knows the subject.
fn cover_homework(draft: &mut Draft, first: usize) {
    for (subject, of) in draft.catalogue.subjects.iter().enumerate() {
        if !HOMEWORK_SUBJECTS.contains(&of.family.code) {
            continue;
        }
        // One who supervises homework anyway, else the first who is qualified.
        let qualified = draft.staff[first..].iter_mut().filter(|t| t.subjects.contains(&subject));
        if let Some(teacher) = qualified.min_by_key(|teacher| !teacher.homework) {
            teacher.homework = true;
        }
    }
}

/// Up to three of the offerings that one qualified for `subjects` may lead.
fn likes(catalogue: &Catalogue, subjects: &[usize], dice: &mut Dice) -> Vec<usize> {
    let leads = |offering: usize| {
        let mut of = catalogue.offerings[offering].subjects.iter();
        if catalogue.offerings[offering].any_qualified {
            of.any(|subject| subjects.contains(subject))
        } else {
            of.all(|subject| subjects.contains(subject))
        }
    };
    let mut possible: Vec<usize> = (0..catalogue.offerings.len()).filter(|&o| leads(o)).collect();
    dice.shuffle(&mut possible);
    possible.truncate(dice.between(1, 3));
    possible.sort_unstable();
    possible
}

/// Divides the staff from `first` on over the units of the site, with enough coaches in each, and gives
/// the students their present coach.
fn join_units(draft: &mut Draft, site: usize, first: usize, students: &[usize], dice: &mut Dice) {
    let units: Vec<usize> = (0..draft.units.len()).filter(|&unit| draft.units[unit].site == site).collect();
    let members: Vec<Vec<usize>> = units
        .iter()
        .map(|&unit| students.iter().copied().filter(|&student| draft.unit_of(student) == unit).collect())
        .collect();
    let coaches: Vec<usize> = members.iter().map(|members| members.len().div_ceil(GROUP_MAX) + 1).collect();
    let mut order: Vec<usize> = (first..draft.staff.len()).collect();
    dice.shuffle(&mut order);
    let shares: Vec<f64> = members.iter().map(|members| members.len() as f64).collect();
    let spare = order.len().saturating_sub(coaches.iter().sum());
    let mut order = order.into_iter();
    for (at, extra) in apportion(spare, &shares).into_iter().enumerate() {
        let team: Vec<usize> = order.by_ref().take(coaches[at] + extra).collect();
        for (place, &person) in team.iter().enumerate() {
            draft.staff[person].unit = Some(units[at]);
            if place < coaches[at] || dice.chance(50) {
                draft.staff[person].roles.push("coach");
            }
        }
        keep_coaches(draft, &members[at], &team, dice);
    }
}

/// Coaching groups of last year: classes in order, in groups of [`GROUP_NOW`]; newcomers have no coach yet.
fn keep_coaches(draft: &mut Draft, members: &[usize], team: &[usize], dice: &mut Dice) {
    let mut coaches: Vec<usize> =
        team.iter().copied().filter(|&person| draft.staff[person].roles.contains(&"coach")).collect();
    // Those with the most days at school come first.
    coaches.sort_by_key(|&person| draft.staff[person].days_off.len());
    coaches.truncate(members.len().div_ceil(GROUP_NOW));
    for (group, students) in members.chunks(GROUP_NOW).enumerate() {
        let Some(&coach) = coaches.get(group) else { break };
        for &student in students {
            let newcomer = draft.classes[draft.students[student].class].year == 1 || dice.chance(8);
            if !newcomer {
                draft.students[student].coach = Some(coach);
            }
        }
    }
    for coach in coaches {
        // One meeting every morning at school, beside all else.
        let days = DAYS.len() - draft.staff[coach].days_off.len();
        draft.staff[coach].max_blocks += days;
    }
}

/// Adds staff whom neighbouring schools share, for `sessions[department]` sessions: they travel, belong to
/// no unit and work elsewhere on two days.
pub fn add_pool(draft: &mut Draft, sessions: &[f64], codes: &mut Codes, dice: &mut Dice) {
    const SESSIONS: f64 = 6.0;
    const CLUSTER: usize = 4;
    let sites = draft.sites.len();
    let people = (sessions.iter().sum::<f64>() / SESSIONS).ceil() as usize;
    for (department, count) in apportion(people, sessions).into_iter().enumerate() {
        for _ in 0..count {
            let home = dice.below(sites) / CLUSTER * CLUSTER;
            let mut shared = person(home, codes, dice);
            shared.sites = (home..sites.min(home + CLUSTER)).collect();
            shared.department = Some(department);
            shared.roles = vec!["teacher"];
            shared.subjects = (0..draft.catalogue.subjects.len())
                .filter(|&subject| draft.catalogue.subjects[subject].family.department == department)
                .collect();
            shared.likes = likes(&draft.catalogue, &shared.subjects, dice);
            let first = dice.below(DAYS.len() - 1);
            shared.days_off = vec![first, first + 1];
            shared.days_off.iter().for_each(|&day| shared.busy.insert_day(day));
            draft.staff.push(shared);
        }
    }
}

/// Gives every regular lesson a teacher who is qualified and free, the least burdened first.
pub fn teach_regular_lessons(draft: &mut Draft, site: usize, staff: std::ops::Range<usize>) {
    /// Regular lessons in lesson and zone blocks that leave a teacher time for sessions.
    const MOST_IN_FLEX: usize = 3;
    let flex = week::flex_slots();
    let mut lessons_given = vec![0; staff.len()];
    let mut in_flex = vec![0; staff.len()];
    for class in draft.classes.iter_mut().filter(|class| class.site == site) {
        for lesson in &mut class.lessons {
            let is_flex = flex.contains(&lesson.slot);
            let free = staff.clone().filter(|&teacher| {
                let person = &draft.staff[teacher];
                person.department.is_some()
                    && person.subjects.contains(&lesson.subject)
                    && !person.busy.has(lesson.slot)
                    && !(is_flex && in_flex[teacher - staff.start] >= MOST_IN_FLEX)
            });
            lesson.teacher = free.min_by_key(|&teacher| lessons_given[teacher - staff.start]);
            if let Some(teacher) = lesson.teacher {
                draft.staff[teacher].busy.insert(lesson.slot);
                lessons_given[teacher - staff.start] += 1;
                in_flex[teacher - staff.start] += usize::from(is_flex);
            }
        }
    }
}

/// Divides `sessions[department]` over the members of `staff` by their free lesson and zone blocks, and
/// sets what they can be deployed for in all. Gives the sessions for which somebody has time.
pub fn divide_sessions(draft: &mut Draft, staff: std::ops::Range<usize>, sessions: &[f64]) -> usize {
    let flex = week::flex_slots();
    let mut wanted = sessions.iter().sum::<f64>().round() as usize;
    for (department, share) in apportion(wanted, sessions).into_iter().enumerate() {
        let team: Vec<usize> =
            staff.clone().filter(|&person| draft.staff[person].department == Some(department)).collect();
        let free: Vec<f64> = team.iter().map(|&t| draft.staff[t].busy.free(&flex) as f64).collect();
        for (&teacher, quota) in team.iter().zip(apportion(share, &free)) {
            let quota = quota.min(draft.staff[teacher].busy.free(&flex));
            draft.staff[teacher].quota = quota;
            wanted -= quota;
        }
    }
    // What a department is short of, others with the most time left take over.
    while wanted > 0 {
        let time = |person: usize| draft.staff[person].busy.free(&flex) - draft.staff[person].quota;
        let teachers = staff.clone().filter(|&person| draft.staff[person].department.is_some());
        let Some(next) = teachers.max_by_key(|&person| (time(person), std::cmp::Reverse(person))) else {
            break;
        };
        if time(next) == 0 {
            break;
        }
        draft.staff[next].quota += 1;
        wanted -= 1;
    }
    let mut total = 0;
    for person in &mut draft.staff[staff] {
        total += person.quota;
        person.max_blocks += person.quota + usize::from(person.homework && person.department.is_some());
        person.min_blocks = person.min_blocks.map(|least| least.min(person.max_blocks));
        let days = DAYS.len() - person.days_off.len();
        if person.max_per_day.is_some_and(|most| person.max_blocks > most * days) {
            person.max_per_day = None;
        }
    }
    total
}
