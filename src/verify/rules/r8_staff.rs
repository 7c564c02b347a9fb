//! R8, staff: budgets hold; `own_staff = "require"` and `own_places = "require"` hold; in every block at least
//! `staff_per_block` people, and `people` of each `[[reserve.group]]`, stand by and stand in `staff_timetable.csv` with
//! the role `reserve`.
//!
//! Compared: the sum of the cost of all deployments (coaching included), and of the blocks of packages carried, of a
//! unit's staff, or of all, and of those whom it names or who have a role that it names, with each budget; the unit of
//! every lead and coach with the unit of each student in the session and in the group (a lead without a unit goes with
//! all); the unit of each place, if any, with that of whoever leads the session or meeting in it; the reserve rows of
//! each block with `staff_per_block` and the groups, and each of them with the person's busy times and deployments, with
//! the roles and subjects that anything of the block's kind takes, and with the limits and travel of R4 and R5 as if that
//! block were deployed as well.

use std::collections::BTreeSet;

use crate::school::{
    Block, BlockId, DayId, Fill, Id, Kind, Offering, OwnPlaces, OwnStaff, ReserveGroup, Role, School, SiteId,
    Staff, StaffId, StudentId,
};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{self, GROUPS, Holder, STAFF, Session, Week, title};

use super::count;
use super::r3_sessions::{is_lead_of, unknown_to_assistant};
use super::r4_limits::longest_row;

/// Costs up to this times a budget hold: they are sums of fractions.
const TOLERANCE: f64 = 1.000_000_001;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    check_budgets(school, week, violations);
    if school.own_staff == OwnStaff::Require {
        check_own_staff(school, week, violations);
    }
    if school.own_places == OwnPlaces::Require {
        check_own_places(school, week, violations);
    }
    check_reserve(school, week, violations);
}

fn check_budgets(school: &School, week: &Week, violations: &mut Violations) {
    for budget in &school.budgets {
        let counts = |&staff: &StaffId| {
            let row = &school[staff];
            budget.all
                || (budget.unit.is_some() && row.unit == budget.unit)
                || budget.people.contains(&staff)
                || budget.roles.iter().any(|role| row.roles.has(role))
        };
        let worked: f64 = (school.staff_ids().filter(counts))
            .map(|staff| school[staff].cost * week.of_staff[staff.index()].len() as f64)
            .sum();
        let carried: Vec<&Holder> = (week.holders.iter())
            .filter(|holder| counts(&holder.staff) && school[holder.staff].cost > 0.0)
            .filter(|holder| school[holder.package].blocks > 0)
            .collect();
        let in_packages: f64 = (carried.iter())
            .map(|holder| school[holder.staff].cost * f64::from(school[holder.package].blocks))
            .sum();
        let cost = worked + in_packages;
        if cost > budget.cost * TOLERANCE {
            let unit = budget.whose(school);
            let costing = |staff: &StaffId| school[*staff].cost > 0.0 && counts(staff);
            let deployed: BTreeSet<usize> = (school.staff_ids().filter(costing))
                .flat_map(|staff| week.of_staff[staff.index()].iter().copied())
                .collect();
            let mut rows = week.session_rows(&deployed.into_iter().collect::<Vec<_>>()).collect::<Vec<_>>();
            rows.extend(carried.iter().map(|holder| holder.row()));
            let packages = match carried.is_empty() {
                true => String::new(),
                false => format!(" ({in_packages:.2} of it for packages)"),
            };
            let message = format!("{unit} costs {cost:.2}{packages}, the budget is {:.2}", budget.cost);
            violations.add(Rule::R8, rows, message);
        }
    }
}

fn check_own_staff(school: &School, week: &Week, violations: &mut Violations) {
    for session in &week.sessions {
        let Some(lead) = session.lead else { continue };
        for &attendance in &session.attendances {
            let student = week.student_of(attendance);
            if let Some(message) = foreign(school, student, lead) {
                let rows = [week.attendances[attendance].row(), session.row()];
                violations.add(Rule::R8, rows, format!("{}: {message}", title(school, session)));
            }
        }
    }
    for group in &week.groups {
        let Some(coach) = group.coach() else { continue };
        for &(student, line) in &group.members {
            if let Some(message) = foreign(school, student, coach) {
                let row = Row { file: GROUPS, line };
                violations.add(Rule::R8, [row], format!("group `{}`: {message}", group.id));
            }
        }
    }
}

fn check_own_places(school: &School, week: &Week, violations: &mut Violations) {
    for session in &week.sessions {
        let (Some(lead), Some(place)) = (session.lead, session.place) else { continue };
        let Some(unit) = school[place].unit else { continue };
        if school[lead].unit != Some(unit) {
            let whose =
                school[lead].unit.map_or("no unit".to_owned(), |own| format!("unit `{}`", school[own]));
            let (title, place, lead) = (title(school, session), &school[place].id, &school[lead].id);
            let unit = &school[unit];
            let message = format!(
                "{title}: in place `{place}` of unit `{unit}`, led by `{lead}` of {whose}, own_places is \"require\""
            );
            violations.add(Rule::R8, [session.row()], message);
        }
    }
}

/// What to say where the two belong to different units.
fn foreign(school: &School, student: StudentId, lead: StaffId) -> Option<String> {
    let (own, other) = (school[student].unit?, school[lead].unit?);
    (own != other).then(|| {
        format!(
            "student `{}` of unit `{}` is with `{}` of unit `{}`, own_staff is \"require\"",
            school[student].id, school[own], school[lead].id, school[other]
        )
    })
}

fn check_reserve(school: &School, week: &Week, violations: &mut Violations) {
    let anybody = ReserveGroup { people: school.staff_per_block, ..ReserveGroup::default() };
    let asked: Vec<&ReserveGroup> = std::iter::once(&anybody).chain(&school.reserve_groups).collect();
    // By block and what is asked: who stands by for it.
    let mut people: Vec<Vec<BTreeSet<StaffId>>> =
        vec![vec![BTreeSet::new(); asked.len()]; school.blocks.len()];
    for reserve in &week.reserves {
        let (block, staff) = (&school[reserve.block], &school[reserve.staff]);
        let deployed = week.of_staff[reserve.staff.index()]
            .iter()
            .map(|&index| &week.sessions[index])
            .find(|session| school[session.block].overlaps(block));
        if let Some(session) = deployed {
            let title = title(school, session);
            let message = format!("staff `{}` is reserve in block `{}` and in {title}", staff.id, block.id);
            violations.add(Rule::R8, [reserve.row(), session.row()], message);
            continue;
        }
        match stands_by(school, week, reserve.staff, block, reserve.block) {
            Err(why) => {
                let message = format!("staff `{}` is reserve in block `{}`, but {why}", staff.id, block.id);
                violations.add(Rule::R8, [reserve.row()], message);
            }
            Ok(sites) => {
                for (group, people) in asked.iter().zip(&mut people[reserve.block.index()]) {
                    let there =
                        group.site.is_none_or(|site| sites.contains(&None) || sites.contains(&Some(site)));
                    if there && belongs(staff, group) {
                        people.insert(reserve.staff);
                    }
                }
            }
        }
    }
    for (block, people) in school.block_ids().zip(people) {
        for (at, (group, people)) in asked.iter().zip(people).enumerate() {
            let least = school.reserve_in(block, group.people);
            if people.len() >= least as usize {
                continue;
            }
            let listed = week.reserves.iter().filter(|reserve| reserve.block == block).map(|row| row.row());
            let whole_file = Row { file: STAFF, line: 0 };
            let mut rows: Vec<Row> = listed.collect();
            if rows.is_empty() {
                rows.push(whole_file);
            }
            let (who, asked) = match at {
                0 => ("free person".to_owned(), format!("staff_per_block is {}", group.people)),
                _ => ("person".to_owned(), format!("a group asks for {}", group.people)),
            };
            let message = format!(
                "block `{}` has a reserve of {}{}, {asked}{}",
                school[block].id,
                count(people.len(), &who).replace("persons", "people"),
                school.reserve_told(group),
                match group.people - least {
                    0 => String::new(),
                    called => format!(", of whom {called} may stand in for somebody absent"),
                }
            );
            violations.add(Rule::R8, rows, message);
        }
    }
}

fn belongs(staff: &Staff, group: &ReserveGroup) -> bool {
    let has_subject = group.subjects.iter().any(|subject| staff.subjects.contains(subject));
    let works_there = group.site.is_none_or(|site| staff.sites.is_empty() || staff.sites.contains(&site));
    works_there
        && (group.unit.is_none() || staff.unit == group.unit)
        && (group.subjects.is_empty() || has_subject)
        && (group.roles.is_empty() || group.roles.iter().any(|role| staff.roles.has(role)))
}

/// Sites where somebody who does nothing else then could be deployed as well (`None`: wherever they are); or what keeps
/// them from it.
fn stands_by(
    school: &School,
    week: &Week,
    staff: StaffId,
    block: &Block,
    id: BlockId,
) -> Result<Vec<Option<SiteId>>, String> {
    let person = &school[staff];
    if !school.staff_free[(staff, id)] {
        return Err("busy".to_owned());
    }
    let sites = sites_of_use(school, person, block.kind);
    if sites.is_empty() {
        let kind = block.kind.label();
        return Err(format!("has no role and qualification for anything that runs in a {kind} block"));
    }
    let deployed: Vec<&Session> =
        week.of_staff[staff.index()].iter().map(|&index| &week.sessions[index]).collect();
    let held = week.holders.iter().filter(|holder| holder.staff == staff);
    let carried: u64 = held.map(|holder| u64::from(school[holder.package].blocks)).sum();
    let blocks = deployed.len() as u64 + carried;
    if let Some(max) = person.max_blocks.filter(|&max| blocks >= u64::from(max)) {
        return Err(format!("has {blocks} blocks already, max_blocks is {max}"));
    }
    let days: BTreeSet<DayId> = deployed.iter().map(|session| school[session.block].day).collect();
    if let Some(max) = person.max_days.filter(|&max| !days.contains(&block.day) && days.len() >= max as usize)
    {
        return Err(format!("works on {} already, max_days is {max}", count(days.len(), "other day")));
    }
    let today: Vec<&Session> =
        deployed.into_iter().filter(|session| school[session.block].day == block.day).collect();
    if let Some(max) = person.max_per_day.filter(|&max| today.len() >= max as usize) {
        return Err(format!("has {} that day already, max_per_day is {max}", count(today.len(), "block")));
    }
    let mut row: Vec<&Block> = today.iter().map(|session| &school[session.block]).chain([block]).collect();
    row.sort_by_key(|block| (block.start, block.end));
    if let Some(max) = person.max_in_a_row.filter(|&max| longest_row(school, &row) > max as usize) {
        return Err(format!("would have more in a row than max_in_a_row, which is {max}"));
    }
    let in_time = |site: &Option<SiteId>| {
        let Some(here) = *site else { return true };
        today.iter().all(|other| {
            let other_block = &school[other.block];
            let minutes = match other_block.end <= block.start {
                true => block.start - other_block.end,
                false => other_block.start.saturating_sub(block.end),
            };
            week::site(school, other).is_none_or(|there| u32::from(minutes) >= school.travel[(here, there)])
        })
    };
    let sites: Vec<Option<SiteId>> = sites.into_iter().filter(in_time).collect();
    if sites.is_empty() {
        return Err("is at sites that day from which there is no time to travel".to_owned());
    }
    Ok(sites)
}

/// Where there is something in blocks of the kind that the person has a role and qualification for.
fn sites_of_use(school: &School, person: &Staff, kind: Kind) -> Vec<Option<SiteId>> {
    let may = |offering: &Offering| {
        let assists = offering.assistants > 0
            && person.roles.has(Role::Assistant)
            && unknown_to_assistant(school, person, offering).is_empty();
        offering.kinds.contains(&kind) && (assists || is_lead_of(person, offering))
    };
    let study = school.presence.fill == Fill::Study
        && matches!(kind, Kind::Lesson | Kind::Zone)
        && school.presence.min_blocks.iter().any(|&least| least > 0)
        && person.roles.has(Role::Supervisor);
    let coaching = kind == Kind::Coaching && school.coaching.is_some() && person.roles.has(Role::Coach);
    let mut sites = Vec::new();
    for place in &school.places {
        let suits = |offering: &&Offering| {
            !offering.online
                && offering.tags.iter().all(|tag| place.tags.contains(tag))
                && place.seats >= offering.min.max(1)
        };
        let here = place.site.is_none_or(|site| person.sites.is_empty() || person.sites.contains(&site));
        if here && (study || coaching || school.offerings.iter().filter(suits).any(may)) {
            sites.push(place.site);
        }
    }
    if school.offerings.iter().any(|offering| offering.online && may(offering)) {
        sites.push(None);
    }
    sites
}
