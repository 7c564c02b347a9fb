//! R6: offerings that each wait for the other.

use crate::read::origin::Origins;
use crate::read::problem::{Problem, Problems};
use crate::school::{OfferingId, School};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    for offering in school.offering_ids() {
        let chain = waits_for(school, offering);
        if chain.last() != Some(&offering) {
            continue;
        }
        let names: Vec<String> = chain.iter().map(|&id| format!("`{}`", school[id].id)).collect();
        let problem =
            Problem::warning("after-cycle", format!("`{}` comes after itself", school[offering].id))
                .rule("R6")
                .found(format!("`{}` after {}", school[offering].id, names.join(" after ")))
                .expected("an `after` that leads to an offering without one")
                .help("empty one `after`; until then nobody can attend any of them");
        origins.offerings.report_id(offering, "after", problem, problems);
    }
}

/// The offerings that must come before, nearest first, up to the first that comes again.
fn waits_for(school: &School, offering: OfferingId) -> Vec<OfferingId> {
    let mut chain: Vec<OfferingId> = Vec::new();
    let mut at = offering;
    while let Some(earlier) = school[at].after {
        if chain.contains(&earlier) {
            break;
        }
        chain.push(earlier);
        at = earlier;
        if at == offering {
            break;
        }
    }
    chain
}
