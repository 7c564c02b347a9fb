//! R8: a reserve that cannot be kept.

use crate::model::rules::r8_staff::{deployable, free_in};
use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{BlockId, School};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let free = |block: BlockId| free_in(school, block);
    let wanted = school.staff_per_block as usize;
    let short: Vec<BlockId> = school.block_ids().filter(|&block| deployable(school, block) < 0.0).collect();
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
