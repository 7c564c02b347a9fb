//! R5: people bound to a site where there is no place.

use crate::pluralize::pluralize;
use std::collections::{BTreeMap, BTreeSet};

use crate::read::checking::{Origins, Problem, Problems, nearest};
use crate::school::{School, SiteId};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let with_place: BTreeSet<SiteId> = school.places.iter().filter_map(|place| place.site).collect();
    let has_place = |site: SiteId| with_place.contains(&site);
    // A place without a site is open to everybody.
    if school.places.iter().any(|place| place.site.is_none()) {
        return;
    }
    let mut students: BTreeMap<SiteId, Vec<usize>> = BTreeMap::new();
    for (index, student) in school.students.iter().enumerate() {
        if let Some(site) = student.site.filter(|&site| !has_place(site)) {
            students.entry(site).or_default().push(index);
        }
    }
    for (site, members) in students {
        let problem = without_place(school, site, &pluralize(members.len(), "student"));
        origins.students.report(members[0], "site", problem, problems);
    }
    let mut staff: BTreeMap<SiteId, Vec<usize>> = BTreeMap::new();
    for (index, row) in school.staff.iter().enumerate() {
        for &site in row.sites.iter().filter(|&&site| !has_place(site)) {
            staff.entry(site).or_default().push(index);
        }
    }
    for (site, members) in staff {
        let problem = without_place(school, site, &format!("{} staff", members.len()));
        origins.staff.report(members[0], "sites", problem, problems);
    }
}

fn without_place(school: &School, site: SiteId, whom: &str) -> Problem {
    let known = school.places.iter().filter_map(|place| place.site).map(|site| school[site].as_str());
    let help = match nearest(&school[site], known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "correct it, or add a place there to places.csv".to_owned(),
    };
    Problem::warning("site-without-place", format!("no place is at the site `{}`", school[site]))
        .rule("R5")
        .found(format!("`{}`, the site of {whom}", school[site]))
        .expected("a site of places.csv")
        .help(help)
}
