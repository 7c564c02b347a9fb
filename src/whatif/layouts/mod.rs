//! Proposals for block layouts: candidates are made, each is estimated by a bound, the best are solved beside
//! the present layout, and what is worth choosing from is the frontier of needs met against staff used.

mod base;
mod candidate;
pub mod week;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;

use crate::model::bound::quick;
use crate::parallel::par_map;
use crate::read::first_error;
use crate::school::School;
use crate::whatif::compare::Combination;
use crate::write::write_file;

pub use base::From;
pub use candidate::{Candidate, Where};

use base::Base;
use week::Shape;

/// How the present layout is called beside the proposals.
pub const CURRENT: &str = "current";
/// The folder of the layouts among the files of the proposals.
pub const FOLDER: &str = "layouts";
/// The table of all candidates.
pub const TABLE: &str = "candidates.csv";
/// Its columns.
pub const COLUMNS: [&str; 8] =
    ["layout", "blocks_a_day", "minutes", "place", "bands", "bound", "solved", "problem"];

/// What candidates are made from; empty lists and `None` stand for what the present layout suggests.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub from: Option<u16>,
    pub until: Option<u16>,
    pub counts: Vec<usize>,
    pub lengths: Vec<u16>,
    pub pause: u16,
    pub places: Vec<Where>,
    /// Candidates for all at once, and staggered by year.
    pub together: bool,
    pub staggered: bool,
}

/// A candidate with its bound.
#[derive(Clone, Debug)]
pub struct Estimated {
    pub candidate: Candidate,
    /// No schedule with this layout has a higher total; or why there can be none.
    pub bound: Result<f64, String>,
    pub solved: bool,
}

/// All candidates that fit the day, no two alike.
///
/// # Errors
/// The present layout cannot be read, or nothing fits.
pub fn candidates(from: From, school: School, wanted: &Wanted) -> anyhow::Result<Vec<Candidate>> {
    let base = Base::new(from, school, (wanted.from, wanted.until))?;
    let (counts, lengths) = (counts(&base, wanted), lengths(&base, wanted));
    let mut found: Vec<Candidate> = Vec::new();
    for &length in &lengths {
        let free = base.free(from, length)?;
        for &count in &counts {
            let shape = Shape { count, length, pause: wanted.pause };
            for &place in if wanted.places.is_empty() { &Where::ALL[..] } else { &wanted.places } {
                for staggered in [false, true] {
                    let asked = if staggered { wanted.staggered } else { wanted.together };
                    if !asked || (staggered && base.years.len() < 2) {
                        continue;
                    }
                    let Some(new) = candidate::candidate(&base, &free, shape, place, staggered)? else {
                        continue;
                    };
                    if !found.iter().any(|known| body(known) == body(&new)) {
                        found.push(new);
                    }
                }
            }
        }
    }
    if found.is_empty() {
        bail!(
            "no layout fits: so many blocks of these lengths have no room in a day beside coaching and homework; \
             try a smaller --count or --length, or a longer day with --from and --until"
        );
    }
    Ok(found)
}

/// The layout but for its name.
fn body(candidate: &Candidate) -> &str {
    candidate.text.split_once('\n').map_or("", |(_, body)| body)
}

fn counts(base: &Base, wanted: &Wanted) -> Vec<usize> {
    if !wanted.counts.is_empty() {
        return wanted.counts.clone();
    }
    let now = base.kinds.len();
    [now.saturating_sub(1), now, now + 1].into_iter().filter(|&count| count > 0).collect()
}

fn lengths(base: &Base, wanted: &Wanted) -> Vec<u16> {
    if !wanted.lengths.is_empty() {
        return wanted.lengths.clone();
    }
    let blocks = base.school.blocks.iter().filter(|block| block.kind.counts_as_presence());
    let now = blocks.map(|block| block.end - block.start).max();
    let mut lengths: Vec<u16> = [45, 60, 90].into_iter().chain(now).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// Writes each candidate into `folder` and bounds it, side by side; the best bound first.
///
/// # Errors
/// The folder cannot be written.
pub fn estimate(
    from: From,
    candidates: Vec<Candidate>,
    folder: &Path,
    threads: usize,
    stop: &AtomicBool,
) -> anyhow::Result<Vec<Estimated>> {
    for candidate in &candidates {
        let file = file(folder, &candidate.name);
        write_file(&file, candidate.text.as_bytes())?;
    }
    let bounds = par_map(threads, &candidates, |candidate| {
        if stop.load(Ordering::Relaxed) {
            return Err("stopped before it was estimated".to_owned());
        }
        let reading = from.read(Some(&file(folder, &candidate.name)));
        reading.school.as_ref().map(quick).ok_or_else(|| first_error(&reading.problems))
    });
    let mut estimated: Vec<Estimated> = candidates
        .into_iter()
        .zip(bounds)
        .map(|(candidate, bound)| Estimated { candidate, bound, solved: false })
        .collect();
    let value = |one: &Estimated| *one.bound.as_ref().unwrap_or(&f64::NEG_INFINITY);
    estimated.sort_by(|a, b| value(b).total_cmp(&value(a)));
    Ok(estimated)
}

/// The file of a candidate.
pub fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.toml"))
}

/// Marks those to be solved: half of them the best of all; the rest in turn the best of each number of minutes
/// a day, so that what takes little of everybody's time is looked at as well as what meets most.
pub fn choose(estimated: &mut [Estimated], most: usize) {
    let minutes = |one: &Estimated| one.candidate.shape.count * usize::from(one.candidate.shape.length);
    let mut sizes: Vec<usize> = estimated.iter().map(minutes).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut left = most;
    for one in estimated.iter_mut().filter(|one| one.bound.is_ok()).take(most.div_ceil(2)) {
        one.solved = true;
        left -= 1;
    }
    while left > 0 {
        let before = left;
        for &size in &sizes {
            let best = estimated
                .iter_mut()
                .find(|one| !one.solved && one.bound.is_ok() && minutes(one) == size)
                .filter(|_| left > 0);
            if let Some(one) = best {
                one.solved = true;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
}

/// The present layout and the chosen ones, as combinations to be solved. `folder`: where the layouts are now;
/// `told`: where they will be.
pub fn combinations(
    present: &Combination,
    estimated: &[Estimated],
    (folder, told): (&Path, &Path),
) -> Vec<Combination> {
    let chosen = estimated.iter().filter(|one| one.solved).enumerate().map(|(at, one)| Combination {
        order: at + 1,
        name: one.candidate.name.clone(),
        layout: Some(file(folder, &one.candidate.name)),
        layout_told: Some(file(told, &one.candidate.name)),
        ..present.clone()
    });
    std::iter::once(present.clone()).chain(chosen).collect()
}
