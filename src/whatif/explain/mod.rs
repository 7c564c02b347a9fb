//! Why a need was not met, tested: one more session of it is asked of the part of the model around it, as the
//! school is and with small changes.

pub mod conflict;
pub mod force;
pub mod remedies;

use crate::school::*;
use crate::write::{Reason, Unmet};

use super::case::{Case, NeedName, Origin};
use super::change::Change;
use super::part::Solver;
use force::{Forced, Outcome, force};

/// Remedies that cost nobody anything; then no more are tried.
const ENOUGH: usize = 3;
/// Changes of a kind that are tried together with another, and such pairs that are tried.
const OF_A_KIND: usize = 2;
const MOST_PAIRS: usize = 40;
/// Pairs that are tried because they are smaller than the single change that was found.
const MOST_SMALLER: usize = 8;

/// What a test with the school as it is says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It could have been met at no loss; the search did not find it.
    Possible,
    /// The best way found is at the expense of the student's own other needs.
    OwnNeeds,
    /// The best way found is at the expense of something worth more to others.
    Others,
    /// Proven: not at all.
    Impossible,
    /// No way was found, which does not prove that there is none.
    NotFound,
    /// Not decided in time.
    Undecided,
}

impl Verdict {
    /// The word used in files.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Possible => "possible",
            Verdict::OwnNeeds => "own-needs",
            Verdict::Others => "others",
            Verdict::Impossible => "impossible",
            Verdict::NotFound => "not-found",
            Verdict::Undecided => "undecided",
        }
    }
}

/// Of a session that could have met the need: who sits in it.
#[derive(Clone, Debug)]
pub struct Crowd {
    pub session: String,
    pub students: usize,
    /// By priority of what they attend it for.
    pub by_priority: [usize; 3],
    /// What the student does then instead.
    pub instead: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Remedy {
    pub change: Change,
    pub forced: Forced,
}

/// How much was tried to find a remedy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tried {
    pub single: usize,
    pub pairs: usize,
    /// The time ran out before everything was.
    pub cut_off: bool,
}

#[derive(Clone, Debug)]
pub struct Explanation {
    pub need: NeedName,
    pub missing: u32,
    /// What stood nearest in the way, as `unmet_needs.csv` has it.
    pub reason: Reason,
    pub detail: String,
    pub verdict: Verdict,
    /// Whether no schedule of the school meets it at less, or none at all.
    pub proven: bool,
    /// As the school is; `None` if no way was found.
    pub as_it_is: Option<Forced>,
    pub crowds: Vec<Crowd>,
    /// Too few students for a session of their own: who lacks it, and how many it takes.
    pub too_few: Option<(usize, u32)>,
    pub remedies: Vec<Remedy>,
    pub tried: Tried,
}

/// Explains one row of `unmet_needs.csv`. `solver` is of the school as it is.
///
/// # Errors
/// The engine fails.
pub fn explain(
    origin: &Origin,
    case: &Case,
    solver: &Solver,
    (need, unmet): (NeedId, &Unmet),
) -> anyhow::Result<Explanation> {
    let mut tested = force(case, solver, need)?;
    let mut proven = false;
    if !matches!(&tested, Outcome::Met(forced) if forced.loses.is_empty() && forced.gain > 0.0) {
        (tested, proven) = force::prove(case, solver, need, tested);
    }
    let verdict = verdict(case, need, &tested);
    let as_it_is = match tested {
        Outcome::Met(forced) => Some(*forced),
        Outcome::Impossible | Outcome::NotFound | Outcome::Undecided => None,
    };
    let name = NeedName::of(&case.school, need);
    let harmless = as_it_is.as_ref().is_some_and(|forced| forced.loses.is_empty());
    let (remedies, tried) = match verdict {
        Verdict::Possible if harmless => (Vec::new(), Tried::default()),
        _ => {
            let base = as_it_is.as_ref().map_or(0.0, |forced| forced.gain.max(0.0));
            Search { origin, solver, name: &name, base }.remedies(&remedies::candidates(case, need))?
        }
    };
    Ok(Explanation {
        need: name,
        missing: unmet.missing,
        reason: unmet.reason,
        detail: unmet.detail.to_string(),
        verdict,
        proven,
        as_it_is,
        crowds: crowds(case, need),
        too_few: too_few(case, need),
        remedies,
        tried,
    })
}

/// The search for changes that would meet a need.
struct Search<'a> {
    origin: &'a Origin<'a>,
    solver: &'a Solver<'a>,
    name: &'a NeedName,
    /// What must be gained more than.
    base: f64,
}

impl Search<'_> {
    /// Single changes; where none of them helps or two at once would be smaller, those.
    fn remedies(&self, candidates: &[Change]) -> anyhow::Result<(Vec<Remedy>, Tried)> {
        let (mut found, mut tried) = (Vec::new(), Tried::default());
        let mut alone = Vec::new();
        for change in candidates {
            if escape(&found) >= ENOUGH {
                break;
            }
            if self.solver.over() {
                tried.cut_off = true;
                break;
            }
            tried.single += 1;
            if !self.try_one(change.clone(), &mut found)? {
                alone.push(change);
            }
        }
        // A pair is worth trying only if it asks less of the school than the change that was found.
        let smallest = found.iter().map(|remedy| size(&remedy.change)).min();
        let smaller =
            |pair: &(&Change, &Change)| smallest.is_none_or(|found| size(pair.0) + size(pair.1) < found);
        let most = if smallest.is_none() { MOST_PAIRS } else { MOST_SMALLER };
        let pairs = if tried.cut_off { Vec::new() } else { pairs(&alone) };
        let single = found.len();
        for (first, second) in pairs.into_iter().filter(smaller).take(most) {
            if escape(&found[single..]) > 0 {
                break;
            }
            if self.solver.over() {
                tried.cut_off = true;
                break;
            }
            tried.pairs += 1;
            self.try_one(first.and(second), &mut found)?;
        }
        // Pairs that are smaller come before what they are smaller than.
        let pairs = found.len() - single;
        found.rotate_right(pairs);
        found.sort_by_key(|remedy| !remedy.forced.loses.is_empty());
        Ok((found, tried))
    }

    /// Whether the change meets the need; kept is one that gains something.
    fn try_one(&self, change: Change, found: &mut Vec<Remedy>) -> anyhow::Result<bool> {
        let Some(forced) = with(self.origin, self.solver, self.name, &change)? else { return Ok(false) };
        if forced.gain > self.base + 1e-6 {
            found.push(Remedy { change, forced });
        }
        Ok(true)
    }
}

/// How much a change asks of the school, roughly: a seat less than an hour of somebody who is there, that less than
/// somebody new, a room or another block.
fn size(change: &Change) -> u32 {
    match (change.kind, change.who) {
        ("seat" | "smaller-session", _) => 1,
        ("hour", Some(_)) | ("budget", _) => 2,
        ("qualification", _) => 3,
        ("hour", None) => 5,
        ("place", _) => 6,
        _ => 8,
    }
}

fn escape(found: &[Remedy]) -> usize {
    found.iter().filter(|remedy| remedy.forced.loses.is_empty()).count()
}

/// Two changes of different kinds each, the smallest first.
fn pairs<'c>(alone: &[&'c Change]) -> Vec<(&'c Change, &'c Change)> {
    let mut few: Vec<&Change> = Vec::new();
    for &change in alone {
        if few.iter().filter(|other| other.kind == change.kind).count() < OF_A_KIND {
            few.push(change);
        }
    }
    let of_first = |at: usize| (0..at).map(move |other| (other, at));
    let mut pairs: Vec<(usize, usize)> = (0..few.len()).flat_map(of_first).collect();
    pairs.retain(|&(a, b)| few[a].kind != few[b].kind);
    pairs.sort_by_key(|&(a, b)| (a + b, b));
    pairs.into_iter().take(MOST_PAIRS).map(|(a, b)| (few[a], few[b])).collect()
}

/// The need forced in the changed school. `None`: it still cannot be met, or the change is none that the school
/// could make.
fn with(
    origin: &Origin,
    solver: &Solver,
    name: &NeedName,
    change: &Change,
) -> anyhow::Result<Option<Forced>> {
    let Ok(changed) = origin.case(Some(&change.scenario)) else { return Ok(None) };
    let Some(need) = name.find(&changed.school) else { return Ok(None) };
    let solver =
        Solver { school: &changed.school, sets: &changed.sets, stop: solver.stop.clone(), ..*solver };
    Ok(match force(&changed, &solver, need)? {
        Outcome::Met(forced) => Some(*forced),
        Outcome::Impossible | Outcome::NotFound | Outcome::Undecided => None,
    })
}

fn verdict(case: &Case, need: NeedId, tested: &Outcome) -> Verdict {
    let forced = match tested {
        Outcome::Met(forced) => forced,
        Outcome::Impossible => return Verdict::Impossible,
        Outcome::NotFound => return Verdict::NotFound,
        Outcome::Undecided => return Verdict::Undecided,
    };
    let own = &case.school[case.school[need].student].id;
    if forced.gain > 1e-6 || (forced.gain > -1e-6 && forced.loses.is_empty()) {
        Verdict::Possible
    } else if forced.loses.iter().all(|(lost, _)| lost.student == *own) {
        Verdict::OwnNeeds
    } else {
        Verdict::Others
    }
}

/// The sessions that could have met the need when the student could come.
fn crowds(case: &Case, need: NeedId) -> Vec<Crowd> {
    let Case { school, schedule, .. } = case;
    let student = school[need].student;
    let suits = |session: &&crate::schedule::Session| {
        let site = session.place.and_then(|place| school[place].site);
        school.own_staff_allows(session.lead, student)
            && attends_at(school[student].site, site)
            && !session.attendances.iter().any(|at| at.student == student)
    };
    let found = remedies::sessions(case, need).map(|(session, _)| session).filter(suits);
    found
        .map(|session| {
            let mut by_priority = [0; 3];
            for need in session.attendances.iter().filter_map(|at| at.need) {
                by_priority[school[need].priority as usize] += 1;
            }
            let instead = schedule.sessions.iter().find(|other| {
                school[other.block].overlaps(&school[session.block])
                    && other.attendances.iter().any(|at| at.student == student)
            });
            Crowd {
                session: session_name(school, session),
                students: session.attendances.len(),
                by_priority,
                instead: instead.map(|other| session_name(school, other)),
            }
        })
        .collect()
}

fn session_name(school: &School, session: &crate::schedule::Session) -> String {
    let activity = crate::model::classes::activity_id(school, session.activity);
    format!("{}/{activity}/{}", school[session.block].id, school[session.lead].id)
}

/// Students who lack what an offering for the need serves, where they are fewer than a session takes.
fn too_few(case: &Case, need: NeedId) -> Option<(usize, u32)> {
    let Case { school, sets, schedule } = case;
    let met = case.met(schedule);
    let offerings = &sets.offerings_of[need.index()];
    let of = |o: &OfferingId| {
        let lacking: std::collections::BTreeSet<StudentId> = (school.need_ids())
            .filter(|n| met[n.index()] < school[*n].sessions && sets.offerings_of[n.index()].contains(o))
            .map(|n| school[n].student)
            .collect();
        (lacking.len(), school[*o].min)
    };
    let all: Vec<(usize, u32)> = offerings.iter().map(of).collect();
    let few = all.iter().all(|(lacking, min)| *lacking < *min as usize);
    all.into_iter().max_by_key(|(lacking, _)| *lacking).filter(|_| few)
}
