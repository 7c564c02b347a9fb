//! R8, R9: a reserve that cannot be kept, packages that too few can carry.

use crate::read::groups::some_of;
use crate::read::origin::Origins;
use crate::read::problem::{Problem, Problems};
use crate::school::{BlockId, PackageId, School};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    report_reserve(school, origins, problems);
    for package in school.package_ids() {
        report_package(school, package, origins, problems);
    }
}

fn report_reserve(school: &School, origins: &Origins, problems: &mut Problems) {
    let free = |block: BlockId| school.staff_ids().filter(|&staff| school.staff_free[(staff, block)]).count();
    let wanted = school.staff_per_block as usize;
    let short: Vec<BlockId> = school.block_ids().filter(|&block| free(block) < wanted).collect();
    let Some(&worst) = short.iter().min_by_key(|&&block| free(block)) else { return };
    let names: Vec<&str> = short.iter().map(|&block| school[block].id.as_str()).collect();
    let problem = Problem::error("impossible-reserve", format!("a reserve of {wanted} cannot be kept"))
        .rule("R8")
        .found(format!(
            "only {} of {} staff are not busy in block `{}`; too few in {}",
            free(worst),
            school.staff.len(),
            school[worst].id,
            some_of(&names)
        ))
        .expected(format!("at least {wanted} staff who are not busy in every block"))
        .help(format!("set `staff_per_block` to {} or less", free(worst)));
    origins.settings.report(&origins.setting_spans.staff_per_block, "staff_per_block", problem, problems);
}

fn report_package(school: &School, package: PackageId, origins: &Origins, problems: &mut Problems) {
    let row = &school[package];
    let has_role = |roles| row.roles.is_empty() || row.roles.intersects(roles);
    let by_role = school.staff.iter().filter(|staff| has_role(staff.roles)).count();
    let able = (school.staff.iter())
        .filter(|staff| has_role(staff.roles) && staff.max_blocks.is_none_or(|most| most >= row.blocks))
        .count();
    if able >= row.people as usize {
        return;
    }
    let problem = Problem::error("impossible-package", format!("package `{}` finds too few people", row.id))
        .rule("R9")
        .found(format!(
            "{by_role} staff have a role for it, {able} of them `max_blocks` of at least {}",
            row.blocks
        ))
        .expected(format!("{} people who can carry it", row.people))
        .help("ask for fewer `people` or `blocks`, allow more `roles`, or raise `max_blocks` of staff");
    origins.packages.report_id(package, "people", problem, problems);
}
