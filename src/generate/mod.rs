//! Writes realistic Dutch secondary schools of any size: classes of mavo, havo and vwo, units with their
//! own staff, regular lessons as busy times, needs from tests, and just so much staff as is asked for.
//! Equal options give equal bytes on every platform. Uses nothing of the solver.

mod catalogue;
mod demand;
mod dice;
mod draft;
mod extras;
mod files;
mod names;
mod needs;
mod options;
mod places;
mod staff;
mod students;
mod week;

use std::collections::BTreeSet;

use crate::pluralize::pluralize;
use catalogue::{Catalogue, LEAST_OFFERINGS, MOST_OFFERINGS};
use dice::{Dice, apportion};
use draft::Draft;
pub use files::File;
use names::Codes;
pub use options::Options;

/// Students for which a site has a unit with coaches and some choice of subjects.
const LEAST_STUDENTS: usize = 60;
const MOST_STUDENTS: usize = 2500;
/// Part of the sessions of several schools that is led by staff whom they share.
const SHARED: f64 = 0.06;

impl Options {
    /// The arguments that ask for these options.
    fn arguments(&self) -> String {
        let Self { students, tightness, seed, offerings, schools, sites, shortage } = self;
        let mut text = format!("--students {students} --tightness {tightness} --seed {seed}");
        for (name, value, default) in
            [("offerings", offerings, MOST_OFFERINGS), ("schools", schools, 1), ("sites", sites, 1)]
        {
            if *value != default {
                text.push_str(&format!(" --{name} {value}"));
            }
        }
        for (subject, part) in shortage {
            text.push_str(&format!(" --shortage {subject}={part}"));
        }
        text
    }

    fn problem(&self) -> Option<String> {
        let sites = self.schools.saturating_mul(self.sites);
        if !(1..=999).contains(&sites) {
            return Some(format!(
                "{} with {} each: expected 1 to 999 sites in all",
                pluralize(self.schools, "school"),
                pluralize(self.sites, "site")
            ));
        }
        let per_site = self.students / sites;
        if !(LEAST_STUDENTS..=MOST_STUDENTS).contains(&per_site) {
            return Some(format!(
                "{} at {}: expected {LEAST_STUDENTS} to {MOST_STUDENTS} at each",
                pluralize(self.students, "student"),
                pluralize(sites, "site")
            ));
        }
        if !(LEAST_OFFERINGS..=MOST_OFFERINGS).contains(&self.offerings) {
            return Some(format!(
                "{}: expected {LEAST_OFFERINGS} to {MOST_OFFERINGS}",
                pluralize(self.offerings, "offering")
            ));
        }
        if !(0.1..=2.0).contains(&self.tightness) {
            return Some(format!("tightness {}: expected 0.1 to 2", self.tightness));
        }
        for (subject, part) in &self.shortage {
            if !(0.0..=1.0).contains(part) {
                return Some(format!("shortage {subject}={part}: expected a part of 0 to 1"));
            }
            let catalogue = Catalogue::new(self.offerings);
            let known: BTreeSet<&str> =
                catalogue.subjects.iter().map(|subject| subject.family.code).collect();
            if !known.contains(subject.as_str()) {
                let known: Vec<&str> = known.into_iter().collect();
                return Some(format!("shortage {subject}: expected one of {}", known.join(", ")));
            }
        }
        None
    }
}

/// A generated school.
pub struct Generated {
    pub files: Vec<File>,
    pub students: usize,
    pub staff: usize,
    pub need_rows: usize,
    /// As reached; staff come in whole persons and sessions.
    pub tightness: f64,
}

/// Puts a school together.
///
/// # Errors
/// A sentence that names the option which cannot be met.
pub fn generate(options: &Options) -> Result<Generated, String> {
    if let Some(problem) = options.problem() {
        return Err(problem);
    }
    let mut dice = Dice::new(options.seed);
    let sites = site_names(options.schools, options.sites);
    let mut draft = Draft {
        catalogue: Catalogue::new(options.offerings),
        units: Vec::new(),
        classes: Vec::new(),
        students: Vec::new(),
        staff: Vec::new(),
        places: Vec::new(),
        needs: Vec::new(),
        pins: Vec::new(),
        pairs: Vec::new(),
        history: Vec::new(),
        packages: extras::packages(options.students),
        sites,
    };
    let per_site = apportion(options.students, &vec![1.0; draft.sites.len()]);
    for (site, students) in per_site.into_iter().enumerate() {
        students::add(&mut draft, site, students, &mut dice);
        needs::add(&mut draft, site, &mut dice);
        places::add(&mut draft, site, &mut dice);
        places::house_regular_lessons(&mut draft, site);
    }
    needs::add_of_years(&mut draft);
    let tightness = deploy(&mut draft, options, &mut dice);
    Ok(Generated {
        files: files::render(&draft, options),
        students: draft.students.len(),
        staff: draft.staff.len(),
        need_rows: draft.needs.len(),
        tightness,
    })
}

/// Adds the staff, their lessons and all that depends on them. Gives the tightness reached.
fn deploy(draft: &mut Draft, options: &Options, dice: &mut Dice) -> f64 {
    let mut demand = demand::sessions(draft);
    let asked: f64 = demand.iter().flatten().sum();
    // Staff are hired for what is left of it.
    for (code, part) in &options.shortage {
        for (index, subject) in draft.catalogue.subjects.iter().enumerate() {
            if subject.family.code == code {
                demand.iter_mut().for_each(|demand| demand[index] *= part);
            }
        }
    }
    let packages: usize = draft.packages.iter().map(|package| package.blocks * package.people).sum();
    // Packages take time too, spread over everyone.
    let packages = packages as f64 / asked;
    let shared = if options.schools > 1 { SHARED } else { 0.0 };
    let local = (options.tightness + packages) * (1.0 - shared);

    let mut codes = Codes::default();
    let mut sessions = 0;
    for (site, demand) in demand.iter().enumerate() {
        let first = draft.staff.len();
        staff::add(draft, site, demand, local, &mut codes, dice);
        let team = first..draft.staff.len();
        staff::teach_regular_lessons(draft, site, team.clone());
        let asked: Vec<f64> =
            staff::by_department(&draft.catalogue, demand).iter().map(|sessions| sessions * local).collect();
        sessions += staff::divide_sessions(draft, team.clone(), &asked);
        extras::ask_for_staff(draft, site, team.clone(), dice);
        extras::add_pairs_and_history(draft, site, dice);
        extras::add_pins(draft, site, team, dice);
    }
    if shared > 0.0 {
        let first = draft.staff.len();
        let asked: Vec<f64> = (0..catalogue::DEPARTMENTS)
            .map(|department| {
                let of = |demand: &Vec<f64>| staff::by_department(&draft.catalogue, demand)[department];
                demand.iter().map(of).sum::<f64>() * (options.tightness + packages) * shared
            })
            .collect();
        staff::add_pool(draft, &asked, &mut codes, dice);
        let pool = first..draft.staff.len();
        sessions += staff::divide_sessions(draft, pool, &asked);
    }
    sessions as f64 / asked - packages
}

fn site_names(schools: usize, sites: usize) -> Vec<String> {
    let site =
        |n: usize| names::SITES.get(n).map_or_else(|| format!("site{}", n + 1), |name| (*name).to_owned());
    match (schools, sites) {
        (1, _) => (0..sites).map(site).collect(),
        (_, 1) => (1..=schools).map(|school| format!("s{school:02}")).collect(),
        _ => (1..=schools)
            .flat_map(|school| (0..sites).map(move |n| format!("s{school:02}-{}", site(n))))
            .collect(),
    }
}
