//! How many sessions the needs of a school ask for: the measure of its tightness.

use super::catalogue::Catalogue;
use super::draft::{Draft, Wanted, Who};
use super::week;

/// Effective group size of a subject: the students of a full session, with one assistant where there may be
/// any, averaged over its flex lesson and its learning zone and the blocks in which each may run. Joint
/// instruction and online sessions are left out. A good schedule fills nearly every session it runs.
fn group_size(catalogue: &Catalogue, subject: usize) -> f64 {
    let (mut seats, mut blocks) = (0, 0);
    for offering in &catalogue.offerings {
        let joint = offering.online || offering.tag == "aula" || !offering.after.is_empty();
        if !joint && offering.subjects.contains(&subject) {
            let here = if offering.lesson { week::LESSON_BLOCKS } else { 0 }
                + if offering.zone { week::ZONE_BLOCKS } else { 0 };
            seats += (offering.max + offering.per_assistant) * here;
            blocks += here;
        }
    }
    seats as f64 / blocks.max(1) as f64
}

/// Sessions of each subject that the needs of the students of each site ask for, alternatives in equal
/// parts: `[site][subject]`. Homework support is not counted.
pub fn sessions(draft: &Draft) -> Vec<Vec<f64>> {
    let subjects = draft.catalogue.subjects.len();
    let sizes: Vec<f64> = (0..subjects).map(|subject| group_size(&draft.catalogue, subject)).collect();
    let mut demand = vec![vec![0.0; subjects]; draft.sites.len()];
    let mut add = |site: usize, wanted: &[usize], attendances: usize| {
        for &subject in wanted {
            demand[site][subject] += attendances as f64 / wanted.len() as f64 / sizes[subject];
        }
    };
    let mut in_class = vec![0; draft.classes.len()];
    draft.students.iter().for_each(|student| in_class[student.class] += 1);
    for need in &draft.needs {
        let Wanted::AnyOf(wanted) = &need.wanted else { continue };
        match need.who {
            Who::Student(student) => add(draft.site_of(student), wanted, need.sessions),
            Who::Class(class) => add(draft.classes[class].site, wanted, need.sessions * in_class[class]),
            Who::Year(year) => {
                for (class, students) in draft.classes.iter().zip(&in_class) {
                    if class.year == year {
                        add(class.site, wanted, need.sessions * students);
                    }
                }
            }
        }
    }
    demand
}
