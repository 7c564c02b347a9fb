//! The referee: rules R1 to R9, the agreement of the files with each other and the total, by plain
//! loops over the school and the files of an output folder. It shares no code with the solver's model and
//! knows nothing of how a schedule was made, so that it also judges one edited by hand.

mod comfort;
mod files;
mod flow;
mod in_memory;
mod needs;
mod repair;
mod rules;
pub(crate) mod table;
mod terms;
mod usage;
mod violation;
mod week;
mod wishes;
mod written_schedule;

pub(crate) use flow::Network;

pub use comfort::{Comfort, MEASURES};
pub use files::summary::{Stated, StatedTerm};
pub use in_memory::judge;
pub use repair::{Named, Repair, read as repair_of};
pub use terms::{Term, Terms};
pub use usage::{BlockUse, Usage};
pub use violation::{Error, Row, Rule, Violation};
pub use written_schedule::{Group as ReadGroup, WrittenSchedule, written_schedule};

use std::path::Path;

use serde::Serialize;

use crate::parallel::join;
use crate::school::{NeedId, School};

use violation::Violations;

/// What the referee found.
#[derive(Debug)]
pub struct Verdict {
    /// Empty: the schedule holds every rule and its files agree. Sorted by rule.
    pub violations: Vec<Violation>,
    /// Every term of the objective, recounted.
    pub terms: Terms,
    pub total: f64,
    /// Needs with missing sessions.
    pub unmet: Vec<Unmet>,
    pub usage: Usage,
    /// Measures that decide among schedules of equal total, recounted.
    pub comfort: Comfort,
    /// By row of `wishes.csv`: how often it came true.
    pub granted: Vec<u32>,
    /// The numbers of `summary.json`; `None` if there is no such file.
    pub stated: Option<Stated>,
}

/// A need of which sessions are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Unmet {
    #[serde(skip)]
    pub need: NeedId,
    pub missing: u32,
}

/// The school in the week of the schedule in `out`: where it was repaired, without whom and what fell out.
///
/// # Errors
/// `summary.json` cannot be read or is not of its shape.
pub fn school_of_week(school: &School, out: &Path) -> Result<School, Error> {
    Ok(match repair::read(out)? {
        Some(repair) => repair::school_of(school, &repair, &mut Violations::default()),
        None => school.clone(),
    })
}

/// Checks the schedule in `out` against the school; that of a repaired week against the school without whom
/// and what fell out.
///
/// # Errors
/// The folder or one of its CSV files is missing, or a file is not what its name says (not UTF-8, a column
/// missing, not JSON). Unknown ids and wrong numbers are violations, not errors.
pub fn verify(school: &School, out: &Path) -> Result<Verdict, Error> {
    let mut violations = Violations::default();
    let repair = repair::read(out)?;
    let school = match &repair {
        Some(repair) => &repair::school_of(school, repair, &mut violations),
        None => school,
    };
    let judge = || -> Result<_, Error> {
        let mut week = files::read(school, out, &mut violations)?;
        week.repaired = repair.is_some();
        let count = || {
            let counted = needs::count(school, &week);
            let violations = rules::of_needs(school, &week, &counted);
            (counted, violations)
        };
        let (of_week, (counted, of_needs)) = join(|| rules::of_week(school, &week), count);
        violations.extend(of_week);
        violations.extend(of_needs);
        Ok((week, counted))
    };
    let (missing, judged) = join(|| files::unmet::read(school, out), judge);
    let (week, counted) = judged?;
    let missing = missing?;
    let (terms, ()) = join(
        || terms::count(school, &week, &counted),
        || files::unmet::check(school, missing, &week, &counted, &mut violations),
    );
    files::wishes::check(school, out, &week, &mut violations)?;
    let usage = usage::count(school, &week);
    let comfort = comfort::count(school, &week, &usage);
    let stated = files::summary::read(out)?;
    if let Some(stated) = &stated {
        files::summary::check(stated, &terms, &comfort, &mut violations);
    }
    let mut violations = violations.0;
    violations.sort_by_key(|violation| violation.rule);
    let unmet = (school.need_ids())
        .map(|need| Unmet { need, missing: counted.missing(school, need) })
        .filter(|unmet| unmet.missing > 0)
        .collect();
    let granted = wishes::all_granted(school, &week);
    Ok(Verdict { violations, total: terms.total(), terms, unmet, usage, comfort, granted, stated })
}
