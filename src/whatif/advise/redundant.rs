//! What could be dropped at no loss: hours, places and blocks that nothing uses, and sessions whose students find a
//! seat elsewhere.

use std::collections::BTreeSet;

use crate::model::classes::activity_id;
use crate::model::objective;
use crate::model::rules::r8_staff;
use crate::parallel::par_map;
use crate::pluralize::pluralize;
use crate::school::*;
use crate::verify;
use crate::whatif::case::{Case, Origin};
use crate::whatif::change::{Change, quoted, set};
use crate::whatif::explain::remedies::{blocks_of, budget_name, set_budget};
use crate::whatif::part::Solver;
use crate::whatif::replan::Replan;

/// Something that could go.
#[derive(Clone, Debug)]
pub struct Drop {
    pub change: Change,
    /// Of the total; none is a loss.
    pub gain: f64,
}

/// Tries the `top` sessions with the fewest students, and names what nothing uses.
///
/// # Errors
/// The engine fails.
pub fn redundant_resources(
    origin: &Origin,
    case: &Case,
    solver: &Solver,
    top: usize,
    threads: usize,
) -> anyhow::Result<Vec<Drop>> {
    let unused = unused(case);
    // Less of everything that is only less of a number: what holds with all of it holds with each.
    let (numbers, others): (Vec<&Change>, Vec<&Change>) =
        unused.iter().partition(|change| matches!(change.kind, "hours" | "budget"));
    let all = numbers.iter().copied().cloned().reduce(|all, change| all.and(&change));
    let together = all.is_none_or(|all| still_holds(origin, case, &all));
    let single = if together { others } else { unused.iter().collect() };
    let hold = par_map(threads, &single, |change| still_holds(origin, case, change));
    let gone: Vec<&Change> =
        single.iter().zip(hold).filter(|(_, hold)| !hold).map(|(change, _)| *change).collect();
    let unused = unused.iter().filter(|change| !gone.contains(change));
    let mut found: Vec<Drop> = unused.map(|change| Drop { change: change.clone(), gain: 0.0 }).collect();
    let mut sessions: Vec<&crate::schedule::Session> = case.schedule.sessions.iter().collect();
    sessions.sort_by_key(|session| session.attendances.len());
    sessions.truncate(top);
    let tried = par_map(threads, &sessions, |session| {
        let change = without(case, session);
        let gain = if solver.over() { Ok(None) } else { resolved(origin, case, solver, &change) };
        gain.map(|gain| Some(Drop { change, gain: gain.filter(|gain| *gain >= -1e-6)? }))
    });
    for drop in tried {
        found.extend(drop?);
    }
    Ok(found)
}

/// Hours, places, money and blocks that nothing uses.
fn unused(case: &Case) -> Vec<Change> {
    let Case { school, schedule, .. } = case;
    let mut changes = Vec::new();
    for staff in school.staff_ids() {
        let row = &school[staff];
        let carried = schedule.package_holders.iter().filter(|holder| holder.staff == staff);
        let carried: u32 = carried.map(|holder| school[holder.package].blocks).sum();
        let used = blocks_of(case, staff).len() as u32 + carried;
        if let Some(most) = row.max_blocks.filter(|&most| used < most) {
            let free = most - used;
            changes.push(Change::new(
                "hours",
                format!(
                    "{free} of the {} of {} {} not used",
                    pluralize(most as usize, "block"),
                    row.id,
                    be(free == 1)
                ),
                set("staff", &row.id, "max_blocks", used),
            ));
        }
    }
    let placed = |place: PlaceId| {
        schedule.sessions.iter().any(|session| session.place == Some(place))
            || schedule.meetings.iter().any(|meeting| meeting.place == place)
    };
    for place in school.place_ids().filter(|&place| !placed(place)) {
        changes.push(Change::new(
            "place",
            format!("{} is not used", school[place].id),
            format!("remove.places = [{}]\n", quoted(&school[place].id)),
        ));
    }
    changes.extend(unspent(case));
    changes.extend(empty_blocks(case));
    changes
}

/// The verb after a number of things.
fn be(one: bool) -> &'static str {
    if one { "is" } else { "are" }
}

/// Money that is left of a budget.
fn unspent(case: &Case) -> Vec<Change> {
    let school = &case.school;
    let left = |budget: &Budget| {
        let spent = r8_staff::spent(school, budget, |staff| blocks_of(case, staff).len() as u64)
            + r8_staff::spent_on_packages(school, budget, &case.schedule.package_holders);
        let rest = budget.cost - spent;
        (spent < budget.cost).then(|| {
            Change::new(
                "budget",
                format!(
                    "{rest} of the {} in the budget of {} {} not spent",
                    budget.cost,
                    budget_name(school, budget),
                    be((rest - 1.0).abs() < 1e-9)
                ),
                set_budget(school, budget, spent),
            )
        })
    };
    school.budgets.iter().filter_map(left).collect()
}

/// Blocks of the layout in which nothing takes place: as rows of their own, or of every day.
fn empty_blocks(case: &Case) -> Vec<Change> {
    let Case { school, schedule, .. } = case;
    let mut used: BTreeSet<BlockId> = schedule.sessions.iter().map(|session| session.block).collect();
    used.extend(schedule.meetings.iter().map(|meeting| meeting.block));
    let mut rows = BTreeSet::new();
    for block in school.block_ids().filter(|block| !used.contains(block)) {
        let Block { id, day, .. } = &school[block];
        rows.insert(id.clone());
        rows.insert(id.replacen(school[*day].as_str(), "{day}", 1));
    }
    let row = |id: String| {
        let scenario = format!("remove.block = [{}]\n", quoted(&id));
        Change::new("block", format!("nothing takes place in {id}"), scenario)
    };
    rows.into_iter().map(row).collect()
}

/// Whether the running schedule is one of the changed school, with the same total.
fn still_holds(origin: &Origin, case: &Case, change: &Change) -> bool {
    let Ok(changed) = origin.case(Some(&change.scenario)) else { return false };
    let Ok(verdict) = verify::verify(&changed.school, origin.out) else { return false };
    let same = objective::total(&case.school, &case.schedule);
    verdict.violations.is_empty() && (verdict.total - same).abs() <= 1e-6 * same.abs().max(1.0)
}

fn without(case: &Case, session: &crate::schedule::Session) -> Change {
    let school = &case.school;
    let (block, lead) = (&school[session.block].id, &school[session.lead].id);
    let students = pluralize(session.attendances.len(), "student");
    Change::new(
        "session",
        format!("{block}/{}/{lead}, with {students}", activity_id(school, session.activity)),
        format!("[[add.pins]]\nkind = \"ban\"\nblock = {}\nstaff = {}\n", quoted(block), quoted(lead)),
    )
}

/// What the total gains when the schedule is repaired for the changed school, whatever changes. `None`:
/// no repair, or with as many sessions.
fn resolved(origin: &Origin, case: &Case, solver: &Solver, change: &Change) -> anyhow::Result<Option<f64>> {
    let Ok(changed) = origin.case(Some(&change.scenario)) else { return Ok(None) };
    let before = verify::written_schedule(&changed.school, origin.out)?;
    let there = Solver { school: &changed.school, sets: &changed.sets, stop: solver.stop.clone(), ..*solver };
    let replan =
        Replan { solver: there, before: &before, fresh: &[], weight: 0.0, covers: None, quick: false };
    let Ok(repaired) = replan.run() else { return Ok(None) };
    // A session that only comes at another time is none that can be dropped.
    if repaired.sessions.len() >= case.schedule.sessions.len() {
        return Ok(None);
    }
    Ok(Some(objective::gain(&case.school, &case.schedule, &repaired)))
}
