//! Seats, staff and blocks that are short for what is asked altogether.

use crate::model::rules::r4_limits::room;
use crate::pluralize::pluralize;
use std::collections::{BTreeMap, HashMap};

use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{
    BlockId, Id, Kind, NeedId, OfferingId, School, StaffId, StudentId, SubjectId, most_at_once,
};

use super::runs::{Runs, largest_session};

pub fn report(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    report_presence(school, origins, problems);
    report_seats(school, runs, origins, problems);
    report_staff(school, runs, origins, problems);
}

fn free_blocks(school: &School, student: StudentId) -> u32 {
    let free = school
        .block_ids()
        .filter(|&block| school.student_free[(student, block)] && school[block].kind.counts_as_presence());
    most_at_once(free.map(|block| &school[block]))
}

/// Students whose least presence is above the lesson and zone blocks they are invited to and free in.
fn report_presence(school: &School, origins: &Origins, problems: &mut Problems) {
    let mut short: BTreeMap<(&str, u32), (usize, u32)> = BTreeMap::new();
    for student in school.student_ids() {
        let year = school[student].year.as_str();
        let least = school.presence.minimum(student);
        let missing = least.saturating_sub(free_blocks(school, student));
        if missing > 0 {
            let (students, most) = short.entry((year, least)).or_default();
            *students += 1;
            *most = missing.max(*most);
        }
    }
    for ((year, least), (students, missing)) in short {
        let whose = if year.is_empty() { "without a year".to_owned() } else { format!("of year `{year}`") };
        let students = pluralize(students, "student");
        let problem = Problem::warning(
            "presence",
            format!("{students} {whose} cannot be present in {least} lesson or zone blocks"),
        )
        .found(format!(
            "{students} with up to {} too few to which they are invited and free",
            pluralize(missing as usize, "block")
        ))
        .expected(format!("at least {least} lesson or zone blocks for each of them"))
        .help("lower `min_blocks`, widen the blocks' audience or shorten busy times");
        origins.settings.report(&origins.setting_spans.min_blocks, "min_blocks", problem, problems);
    }
}

/// Blocks with more students who must be there than seats. A student must be there if what they are
/// asked for takes every block in which they are free.
fn report_seats(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    let mut present = vec![0_u32; school.blocks.len()];
    for student in school.student_ids() {
        let asked: u64 = school.needs_of(student).map(|need| u64::from(school[need].sessions)).sum();
        let asked = asked.max(u64::from(school.presence.minimum(student)));
        let full_week = asked >= u64::from(free_blocks(school, student));
        let invited = school.coaching_blocks().filter(|&block| school.invited[(student, block)]).count();
        let all_coaching = school.coaching.is_some() && school.meetings_wanted(student) as usize >= invited;
        for block in school.block_ids().filter(|&block| school.student_free[(student, block)]) {
            let must = match school[block].kind {
                Kind::Coaching => all_coaching,
                Kind::Lesson | Kind::Zone => full_week,
                Kind::Homework => false,
            };
            present[block.index()] += u32::from(must);
        }
    }
    let mut short: Vec<(BlockId, u32, u32)> = Vec::new();
    for block in school.block_ids() {
        let online = |offering: OfferingId| school[offering].online && runs.possible[(offering, block)];
        if school.offering_ids().any(online) {
            continue;
        }
        let (students, seats) = (present[block.index()], seats(school, block));
        if students > seats {
            short.push((block, students, seats));
        }
    }
    let Some(&(worst, students, seats)) = short.iter().max_by_key(|(_, students, seats)| students - seats)
    else {
        return;
    };
    let names: Vec<&str> = short.iter().map(|&(block, ..)| school[block].id.as_str()).collect();
    let problem = Problem::warning(
        "seats-short",
        format!("seats are short in {}", pluralize(short.len(), "block")),
    )
    .rule("R2")
    .found(format!(
        "{students} students who should be present in `{}` and {seats} seats in free places; short in {}",
        school[worst].id,
        some_of(&names)
    ))
    .expected(format!("{students} seats in places that are free then"))
    .help("add places or seats, give students fewer sessions, or spread them over more blocks");
    origins.layout.report(&origins.blocks[worst.index()], "id", problem, problems);
}

fn seats(school: &School, block: BlockId) -> u32 {
    let group = school.coaching.as_ref().map_or(u32::MAX, |coaching| coaching.max);
    let free = school.place_ids().filter(|&place| school.place_free[(place, block)]);
    free.map(|place| match school[block].kind {
        Kind::Coaching => school[place].seats.min(school[place].parallel.saturating_mul(group)),
        _ => school[place].seats,
    })
    .fold(0, u32::saturating_add)
}

/// Sessions that needs ask for, in full sessions of the largest size.
#[derive(Default)]
struct Demand {
    first: Option<NeedId>,
    sessions: u64,
    /// Blocks of a lead that these sessions take at least.
    leads: f64,
}

/// Blocks of staff that are short, for one subject or altogether.
fn report_staff(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    let largest: Vec<u32> =
        school.offering_ids().map(|offering| largest_session(school, runs, offering)).collect();
    let mut offerings: HashMap<&[SubjectId], Vec<OfferingId>> = HashMap::new();
    let mut by_subject: BTreeMap<&[SubjectId], Demand> = BTreeMap::new();
    let mut all = Demand::default();
    for id in school.need_ids() {
        let need = &school[id];
        let offerings =
            offerings.entry(&need.subjects).or_insert_with(|| offerings_for(school, runs, &need.subjects));
        let Some(size) =
            offerings.iter().map(|offering| largest[offering.index()]).max().filter(|&size| size > 0)
        else {
            continue;
        };
        let leads = f64::from(need.sessions) / f64::from(size);
        for demand in [by_subject.entry(&need.subjects).or_default(), &mut all] {
            demand.first.get_or_insert(id);
            demand.sessions += u64::from(need.sessions);
            demand.leads += leads;
        }
    }
    for (subjects, demand) in &by_subject {
        let available = lead_blocks(school, runs, &offerings[subjects]);
        if let Some(first) = demand.first.filter(|_| demand.leads > available as f64 + 1e-6) {
            let subject = format!("`{}`", school.need_subjects(first));
            origins.needs.report_id(first, "subject", staff_short(&subject, demand, available), problems);
        }
    }
    let everything: Vec<OfferingId> = school.offering_ids().collect();
    let available = lead_blocks(school, runs, &everything);
    if let Some(first) = all.first.filter(|_| all.leads > available as f64 + 1e-6) {
        origins.needs.report_id(
            first,
            "sessions",
            staff_short("all needs together", &all, available),
            problems,
        );
    }
}

/// The offerings that meet one of the subjects and can run at all.
fn offerings_for(school: &School, runs: &Runs, subjects: &[SubjectId]) -> Vec<OfferingId> {
    let meets = |offering: OfferingId| school[offering].meets_one_of(subjects);
    let runs_somewhere =
        |offering: OfferingId| school.block_ids().any(|block| runs.possible[(offering, block)]);
    school.offering_ids().filter(|&offering| meets(offering) && runs_somewhere(offering)).collect()
}

/// Blocks a week in which staff could lead one of the offerings.
fn lead_blocks(school: &School, runs: &Runs, offerings: &[OfferingId]) -> u64 {
    let mut kinds: BTreeMap<StaffId, Vec<OfferingId>> = BTreeMap::new();
    for &offering in offerings {
        for &staff in runs.leads(offering) {
            kinds.entry(staff).or_default().push(offering);
        }
    }
    kinds
        .into_iter()
        .map(|(staff, led)| {
            let useful = |block: &BlockId| {
                school.staff_free[(staff, *block)]
                    && led.iter().any(|&offering| runs.possible[(offering, *block)])
            };
            let blocks = most_at_once(school.block_ids().filter(useful).map(|block| &school[block]));
            i64::from(blocks).min(room(&school[staff], 0)).unsigned_abs()
        })
        .sum()
}

fn staff_short(what: &str, demand: &Demand, available: u64) -> Problem {
    let needed = pluralize(demand.leads.ceil() as usize, "block");
    let share = available as f64 / demand.leads * 100.0;
    Problem::warning("staff-short", format!("staff are short for {what}"))
        .rule("R4")
        .found(format!(
            "{} sessions of students need at least {needed} of a lead; staff have {available} ({share:.0} %)",
            demand.sessions
        ))
        .expected(format!("{needed} of staff who may lead them"))
        .help("qualify or add staff, raise `max_blocks` or the offerings' `max`; the rest goes to unmet_needs.csv")
}
