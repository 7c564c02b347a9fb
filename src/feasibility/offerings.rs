//! R6: offerings that each wait for the other. R2: those that no place can hold, where others meet their
//! subjects, so that no need tells of it. R3: those that fewer students ask for than a session needs.

use std::collections::BTreeSet;

use crate::pluralize::pluralize;
use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{BlockId, Id, Offering, OfferingId, School, StudentId};

use super::runs::Runs;

pub fn report(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    report_cycles(school, origins, problems);
    report_few_askers(school, runs, origins, problems);
    for offering in school.offering_ids() {
        let row = &school[offering];
        let is_lost = !row.online && !school.places.iter().any(|place| place.has_tags_of(row));
        if is_lost && stands_in(school, runs, offering) {
            origins.offerings.report_id(offering, "tags", no_place(row), problems);
        }
    }
}

/// Whether another offering that can run meets a subject of this one.
fn stands_in(school: &School, runs: &Runs, offering: OfferingId) -> bool {
    let subjects = &school[offering].subjects;
    let meets = |&other: &OfferingId| other != offering && school[other].meets_one_of(subjects);
    let runs_in = |other: OfferingId, block: BlockId| runs.possible[(other, block)];
    school.offering_ids().filter(meets).any(|other| school.block_ids().any(|block| runs_in(other, block)))
}

fn no_place(offering: &Offering) -> Problem {
    let tags = offering.tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ");
    Problem::warning("no-place", format!("`{}` can never run: no place has its tags", offering.id))
        .rule("R2")
        .found(format!("no place with {tags}"))
        .expected("a place in places.csv with all of the offering's `tags`")
        .help("add the tags to a place, or take them out here")
}

/// Where another offering meets the subject as well, nobody goes without.
fn report_few_askers(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    let mut students: Vec<BTreeSet<StudentId>> = vec![BTreeSet::new(); school.subjects.len()];
    for need in &school.needs {
        for subject in &need.subjects {
            students[subject.index()].insert(need.student);
        }
    }
    for offering in school.offering_ids() {
        let row = &school[offering];
        let of_subjects = row.subjects.iter().flat_map(|subject| &students[subject.index()]);
        let askers = of_subjects.collect::<BTreeSet<_>>().len();
        if askers > 0 && askers < row.min as usize && !stands_in(school, runs, offering) {
            let problem =
                Problem::warning("few-askers", format!("`{}` can never run: too few ask for it", row.id))
                    .rule("R3")
                    .found(format!("{} with a need for it, `min` {}", pluralize(askers, "student"), row.min))
                    .expected("at least as many students as one session needs")
                    .help("lower `min`, or let another offering meet the subject as well");
            origins.offerings.report_id(offering, "min", problem, problems);
        }
    }
}

fn report_cycles(school: &School, origins: &Origins, problems: &mut Problems) {
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
