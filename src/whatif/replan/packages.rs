//! Task packages of a running week: whoever carries one goes on, others take over what nobody carries any more.

use anyhow::bail;

use crate::model::scope::people;
use crate::schedule::PackageHolder;
use crate::school::*;

use super::strike::Struck;

/// Packages stay with their holders; others take over what nobody carries.
///
/// # Errors
/// Nobody has time for a package.
pub fn mend(school: &School, struck: &mut Struck) -> anyhow::Result<()> {
    let held = std::mem::take(&mut struck.schedule.package_holders);
    let may = |package: &Package, staff: StaffId| {
        package.roles.is_empty() || package.roles.intersects(school[staff].roles)
    };
    let mut holders: Vec<PackageHolder> = Vec::new();
    for package in school.package_ids() {
        let row = &school[package];
        let present = held.iter().filter(|holder| holder.package == package && may(row, holder.staff));
        holders.extend(present.copied().take(row.people as usize));
    }
    for package in school.package_ids() {
        let row = &school[package];
        while holders.iter().filter(|holder| holder.package == package).count() < row.people as usize {
            let left = |staff: StaffId| {
                let carried =
                    holders.iter().filter(|h| h.staff == staff).map(|h| i64::from(school[h.package].blocks));
                let sessions = struck.schedule.sessions.iter();
                let deployed = sessions.filter(|s| people(s).any(|other| other == staff));
                let most = school[staff].max_blocks.map_or(i64::MAX / 2, i64::from);
                most - carried.sum::<i64>() - deployed.count() as i64
            };
            let carries = |staff: StaffId| holders.contains(&PackageHolder { package, staff });
            let able = school.staff_ids().filter(|&staff| may(row, staff) && !carries(staff));
            let Some(staff) = able.filter(|&s| left(s) >= i64::from(row.blocks)).max_by_key(|&s| left(s))
            else {
                bail!("nobody has time for package `{}`; make a new schedule with `leerzone solve`", row.id);
            };
            holders.push(PackageHolder { package, staff });
        }
    }
    struck.schedule.package_holders = holders;
    Ok(())
}
