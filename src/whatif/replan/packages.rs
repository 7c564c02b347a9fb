//! Task packages of a running week: whoever carries one goes on, others take over what nobody carries any more.

use anyhow::bail;

use crate::model::rules::r4_limits::room;
use crate::model::rules::r8_staff;
use crate::model::scope::people;
use crate::schedule::PackageHolder;
use crate::school::*;
use crate::verify::WrittenSchedule;

use super::invalidate::{Invalidated, lead_before};

/// Those of the holders who may still carry their package and have the blocks for it.
pub fn kept(school: &School, held: &[PackageHolder]) -> Vec<PackageHolder> {
    let mut holders: Vec<PackageHolder> = Vec::new();
    for package in school.package_ids() {
        let row = &school[package];
        let present = held.iter().filter(|holder| {
            holder.package == package
                && school.suits(holder.staff, row)
                && left(school, &holders, holder.staff, 0) >= i64::from(row.blocks)
                && is_paid(school, &holders, **holder)
        });
        let present: Vec<PackageHolder> = present.copied().take(row.people as usize).collect();
        holders.extend(present);
    }
    holders
}

/// Others take over what nobody carries.
///
/// # Errors
/// Nobody has time for a package.
pub fn repair(
    school: &School,
    before: &WrittenSchedule,
    invalidated: &mut Invalidated,
) -> anyhow::Result<()> {
    let mut holders = std::mem::take(&mut invalidated.schedule.package_holders);
    for package in school.package_ids() {
        let row = &school[package];
        while holders.iter().filter(|holder| holder.package == package).count() < row.people as usize {
            let left = |staff: StaffId| left(school, &holders, staff, deployed(before, invalidated, staff));
            let carries = |staff: StaffId| holders.contains(&PackageHolder { package, staff });
            let able = school.staff_ids().filter(|&s| school.suits(s, row) && !carries(s));
            let able = able.filter(|&s| left(s) >= i64::from(row.blocks));
            let paid = able.filter(|&staff| is_paid(school, &holders, PackageHolder { package, staff }));
            let Some(staff) = paid.max_by_key(|&s| left(s)) else {
                bail!("nobody has time for package `{}`; make a new schedule with `leerzone solve`", row.id);
            };
            holders.push(PackageHolder { package, staff });
        }
    }
    invalidated.schedule.package_holders = holders;
    Ok(())
}

/// Whether budgets pay for the holder beside the others; sessions make room for all of them.
fn is_paid(school: &School, holders: &[PackageHolder], holder: PackageHolder) -> bool {
    school.budgets.iter().filter(|budget| budget.covers(school, holder.staff)).all(|budget| {
        let paid = |holders: &[PackageHolder]| r8_staff::spent_on_packages(school, budget, holders);
        r8_staff::affords(budget.cost, paid(holders) + paid(&[holder]))
    })
}

/// Blocks left beside packages and so many blocks at work.
fn left(school: &School, holders: &[PackageHolder], staff: StaffId, deployed: usize) -> i64 {
    let carried = holders.iter().filter(|holder| holder.staff == staff);
    let carried: u64 = carried.map(|holder| u64::from(school[holder.package].blocks)).sum();
    room(&school[staff], carried + deployed as u64)
}

/// Sessions that are left, and meetings led until now, which are not taken over yet.
fn deployed(before: &WrittenSchedule, invalidated: &Invalidated, staff: StaffId) -> usize {
    let sessions = invalidated.schedule.sessions.iter().filter(|s| people(s).any(|other| other == staff));
    let meetings = before.meetings.iter().filter(|meeting| lead_before(before, meeting) == Some(staff));
    sessions.count() + meetings.count()
}
