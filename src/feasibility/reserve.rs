//! R8: a reserve that cannot be kept.

use crate::model::rules::r8_staff::Standby;
use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{BlockId, School};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let standby = Standby::new(school);
    let spans = &origins.setting_spans;
    let asks = |group: &usize| school.reserve_groups[*group].people > 0;
    let groups: Vec<usize> = (0..school.reserve_groups.len()).filter(asks).collect();
    for (demand, asked) in standby.demands.iter().enumerate() {
        let able = |block: BlockId| {
            school.staff_ids().filter(|&staff| standby.could(school, demand, staff, block)).count()
        };
        let wanted = asked.people as usize;
        let short: Vec<BlockId> = school.block_ids().filter(|&block| able(block) < wanted).collect();
        let Some(&worst) = short.iter().min_by_key(|&&block| able(block)) else { continue };
        let names: Vec<&str> = short.iter().map(|&block| school[block].id.as_str()).collect();
        let what = school.reserve_told(asked);
        let (key, span) = match groups.get(demand.wrapping_sub(usize::from(school.staff_per_block > 0))) {
            Some(&group) => ("people", &spans.reserve_groups[group]),
            None => ("staff_per_block", &spans.staff_per_block),
        };
        let problem = Problem::error("impossible-reserve", format!("a reserve of {wanted}{what} cannot be kept"))
            .rule("R8")
            .found(format!(
                "only {} of {} staff could stand by in the {} block `{}`; too few in {}",
                able(worst),
                school.staff.len(),
                school[worst].kind.label(),
                school[worst].id,
                some_of(&names)
            ))
            .expected(format!(
                "at least {wanted} people{what} in every block who are not busy, and have a role and qualification \
                 for something that runs in blocks of its kind"
            ))
            .help(format!("set `{key}` to {} or less", able(worst)));
        origins.settings.report(span, key, problem, problems);
    }
}
