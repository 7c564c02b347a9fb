//! R8, staff: budgets hold; `own_staff = "require"` holds; in every block at least `staff_per_block` people
//! are neither busy nor deployed and stand in `staff_timetable.csv` with the role `reserve`.
//!
//! Compared: the sum of the cost of all deployments (coaching included), and of the blocks of packages carried, of a
//! unit's staff, or of all, and of those whom it names or who have a role that it names, with each budget; the unit of every lead and coach with the unit of each student in the session and
//! in the group (a lead without a unit goes with all); the reserve rows of each block with
//! `staff_per_block`, and each of them with the person's busy times and deployments.

use std::collections::BTreeSet;

use crate::school::{Id, OwnStaff, School, StaffId, StudentId};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{GROUPS, Holder, STAFF, Week, title};

use super::count;

/// Costs up to this times a budget hold: they are sums of fractions.
const TOLERANCE: f64 = 1.000_000_001;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    check_budgets(school, week, violations);
    if school.own_staff == OwnStaff::Require {
        check_own_staff(school, week, violations);
    }
    check_reserve(school, week, violations);
}

fn check_budgets(school: &School, week: &Week, violations: &mut Violations) {
    for budget in &school.budgets {
        let counts = |&staff: &StaffId| {
            let row = &school[staff];
            budget.all
                || (budget.unit.is_some() && row.unit == budget.unit)
                || budget.people.iter().any(|&named| named == staff)
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
    let mut people: Vec<BTreeSet<StaffId>> = vec![BTreeSet::new(); school.blocks.len()];
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
        } else if !school.staff_free[(reserve.staff, reserve.block)] {
            let message = format!("staff `{}` is reserve in block `{}`, but busy", staff.id, block.id);
            violations.add(Rule::R8, [reserve.row()], message);
        } else {
            people[reserve.block.index()].insert(reserve.staff);
        }
    }
    for (block, people) in school.block_ids().zip(people) {
        let least = school.reserve_in(block);
        if people.len() < least as usize {
            let listed = week.reserves.iter().filter(|reserve| reserve.block == block).map(|row| row.row());
            let whole_file = Row { file: STAFF, line: 0 };
            let mut rows: Vec<Row> = listed.collect();
            if rows.is_empty() {
                rows.push(whole_file);
            }
            let message = format!(
                "block `{}` has a reserve of {}, staff_per_block is {}{}",
                school[block].id,
                count(people.len(), "free person").replace("persons", "people"),
                school.staff_per_block,
                match school.staff_per_block - least {
                    0 => String::new(),
                    called => format!(", of whom {called} may stand in for somebody absent"),
                }
            );
            violations.add(Rule::R8, rows, message);
        }
    }
}
