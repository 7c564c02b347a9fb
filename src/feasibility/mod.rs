//! What can never work, told before anyone waits for a solver. A rule that the data make impossible on
//! its own is an error that names the rule; what merely cannot all be met is a warning with numbers.
//!
//! Every check is a necessary condition: silence does not promise that everything can be met.

mod apart;
mod capacity;
mod coaching;
mod group_sizes;
mod near_miss;
mod needs;
mod offerings;
mod oversights;
mod packages;
mod pairs;
mod pinned_staff;
mod pins;
mod reserve;
mod runs;
mod sharing;
mod sites;
mod wishes;

use std::path::Path;

use crate::parallel::join;
use crate::read::checking::{Origins, Problems};
use crate::read::{Changes, Input, Reading};
use crate::school::School;

use runs::Runs;

/// Reads the school in the folder `dir`, with `layout` in place of its `layout.toml` if given.
pub fn read_school(dir: &Path, layout: Option<&Path>) -> Reading {
    Input { dir, layout, changes: &Changes::default() }.read()
}

impl Input<'_> {
    /// Reads the school and adds to the problems what can never work in it.
    pub fn read(&self) -> Reading {
        self.parse().checked(report)
    }
}

/// Adds everything that can never work in `school`.
fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let runs = &Runs::new(school);
    let (of_needs, (others, of_capacity)) = join(
        || {
            let mut problems = Problems::default();
            needs::report(school, runs, origins, &mut problems);
            problems
        },
        || {
            let mut problems = Problems::default();
            coaching::report(school, origins, &mut problems);
            pairs::report(school, origins, &mut problems);
            apart::report(school, origins, &mut problems);
            pins::report(school, runs, origins, &mut problems);
            pinned_staff::report(school, runs, origins, &mut problems);
            packages::report(school, origins, &mut problems);
            reserve::report(school, origins, &mut problems);
            offerings::report(school, runs, origins, &mut problems);
            sites::report(school, origins, &mut problems);
            oversights::report(school, origins, &mut problems);
            wishes::report(school, origins, &mut problems);
            let mut of_capacity = Problems::default();
            capacity::report(school, runs, origins, &mut of_capacity);
            (problems, of_capacity)
        },
    );
    problems.extend(others);
    problems.extend(of_needs);
    problems.extend(of_capacity);
}
