//! R9: a package is carried whole.
//!
//! Compared: the distinct holders of each package with `people`, and each holder's roles, subjects and unit with
//! those of the package (none named = any); the free blocks of a holder with those of each in `meets`, unless the week
//! was repaired. R4 counts its blocks, R8 their cost.

use std::collections::BTreeSet;

use crate::school::{BlockId, Id, Role, School, StaffId};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{HOLDERS, Holder, Week};

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for package in school.package_ids() {
        let row = &school[package];
        let holders: Vec<&Holder> = week.holders.iter().filter(|holder| holder.package == package).collect();
        let people: BTreeSet<_> = holders.iter().map(|holder| holder.staff).collect();
        if people.len() != row.people as usize {
            let mut rows: Vec<Row> = holders.iter().map(|holder| holder.row()).collect();
            if rows.is_empty() {
                rows.push(Row { file: HOLDERS, line: 0 });
            }
            let message = format!(
                "package `{}` has {} different holders, people is {}",
                row.id,
                people.len(),
                row.people
            );
            violations.add(Rule::R9, rows, message);
        }
        for holder in holders {
            let roles = school[holder.staff].roles;
            if !row.roles.is_empty() && !roles.intersects(row.roles) {
                let allowed: Vec<_> = row.roles.iter().map(Role::label).collect();
                let message = format!(
                    "package `{}`: `{}` has none of the roles {}",
                    row.id,
                    school[holder.staff].id,
                    allowed.join(", ")
                );
                violations.add(Rule::R9, [holder.row()], message);
            }
            let subjects = &school[holder.staff].subjects;
            if !row.subjects.is_empty() && !row.subjects.iter().any(|subject| subjects.contains(subject)) {
                let asked: Vec<&str> =
                    row.subjects.iter().map(|&subject| school[subject].id.as_str()).collect();
                let message = format!(
                    "package `{}`: `{}` is qualified for none of {}",
                    row.id,
                    school[holder.staff].id,
                    asked.join(", ")
                );
                violations.add(Rule::R9, [holder.row()], message);
            }
            let id = &school[holder.staff].id;
            for &other in row.meets.iter().filter(|_| !week.repaired) {
                let at_work = |staff: StaffId, block: BlockId| {
                    let mut sessions =
                        week.of_staff[staff.index()].iter().map(|&index| &week.sessions[index]);
                    sessions.any(|session| school[session.block].overlaps(&school[block]))
                };
                let is_free = |staff: StaffId, block: BlockId| {
                    school.staff_free[(staff, block)] && !at_work(staff, block)
                };
                let together = |block: BlockId| is_free(holder.staff, block) && is_free(other, block);
                if other == holder.staff || !school.block_ids().any(together) {
                    let message = match &school[other].id {
                        own if own == id => format!("package `{}`: `{id}` is to meet others", row.id),
                        other => {
                            format!("package `{}`: `{id}` and `{other}` are never free together", row.id)
                        }
                    };
                    violations.add(Rule::R9, [holder.row()], message);
                }
            }
            if let Some(unit) = row.unit.filter(|_| school[holder.staff].unit != row.unit) {
                let message = format!("package `{}`: `{id}` is not of unit `{}`", row.id, school[unit]);
                violations.add(Rule::R9, [holder.row()], message);
            }
        }
    }
}
