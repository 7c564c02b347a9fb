//! What further people would be worth to a school: prices of the relaxation say where to look, the best are confirmed by
//! solving around that block with so many newcomers added. Nothing of a student or of own staff is in what is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::model::sets::Sets;
use crate::model::{Options, objective};
use crate::parallel::par_map;
use crate::read::first_error;
use crate::schedule::Schedule;
use crate::school::*;
use crate::whatif::advise::prices::Prices;
use crate::whatif::around::{better, unmet};
use crate::whatif::case::Case;
use crate::whatif::change::{fresh, quoted};
use crate::whatif::part::Solver;

use super::read::role_cell;

/// Further people in one block that are bid for.
const STEPS: usize = 3;
/// Longer than any search takes: what no clock cuts is the same again.
const LONG: Duration = Duration::from_secs(30 * 24 * 3600);
/// The relaxation ends by its steps long before.
const PRICES: Duration = Duration::from_secs(120);

/// Makes the school with more staff, given as the text of a scenario.
pub type Changed<'a> = dyn Fn(&str) -> anyhow::Result<School> + Sync + 'a;

/// One row of the bids.
#[derive(Clone, Debug, PartialEq)]
pub struct Bid {
    pub subjects: String,
    pub roles: String,
    pub site: String,
    pub block: BlockId,
    pub step: usize,
    pub value: f64,
    pub needs: String,
    pub week: f64,
    pub solved: bool,
}

/// Who could be asked for, and for which needs.
struct Profile {
    offerings: Vec<OfferingId>,
    subjects: String,
    roles: String,
    site: String,
    needs: String,
    week: f64,
}

/// All bids, in the order of qualification, block and step; the `top` dearest are confirmed.
///
/// # Errors
/// The school cannot take a newcomer, or the engine fails.
pub fn bids(case: &Case, changed: &Changed, options: &Options, top: usize) -> anyhow::Result<Vec<Bid>> {
    let began = Instant::now();
    let time = options.time_limit.unwrap_or(LONG);
    let prices = Prices::new(case, began + PRICES.min(time / 4), options.threads);
    let profiles = profiles(case);
    let mut cells: Vec<(usize, BlockId, f64)> = Vec::new();
    for (at, profile) in profiles.iter().enumerate() {
        let blocks: BTreeSet<BlockId> =
            profile.offerings.iter().flat_map(|o| case.sets.blocks_of[o.index()].iter().copied()).collect();
        for block in blocks {
            let seat = prices.seat(&profile.offerings, &BTreeSet::from([block]));
            let most = profile.offerings.iter().map(|&o| case.school[o].max).max().unwrap_or(0);
            cells.push((at, block, (seat * f64::from(most)).min(profile.week)));
        }
    }
    cells.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let with = newcomers(case, changed, &profiles)?;
    let asked: Vec<(usize, BlockId, f64, bool)> =
        cells.iter().enumerate().map(|(rank, &(at, block, price))| (at, block, price, rank < top)).collect();
    let deadline = began + time;
    let found = par_map(options.threads, &asked, |&(at, block, price, is_tried)| {
        let gains = match is_tried && Instant::now() < deadline && !options.stopped() {
            true => Some(gains(case, &with[at], &profiles[at], block, options, deadline)?),
            false => None,
        };
        anyhow::Ok((gains.is_some(), gains.unwrap_or_else(|| vec![price])))
    });
    let mut bids = Vec::new();
    for (&(at, block, ..), found) in asked.iter().zip(found) {
        let (solved, values) = found?;
        let profile = &profiles[at];
        for (step, value) in values.into_iter().enumerate().take_while(|(_, value)| *value >= 0.05) {
            bids.push(Bid {
                subjects: profile.subjects.clone(),
                roles: profile.roles.clone(),
                site: profile.site.clone(),
                block,
                step: step + 1,
                value: tenth(value),
                needs: profile.needs.clone(),
                week: tenth(profile.week),
                solved,
            });
        }
    }
    let key = |bid: &Bid| {
        (bid.needs.clone(), bid.site.clone(), bid.subjects.clone(), bid.roles.clone(), bid.block, bid.step)
    };
    bids.sort_by_key(key);
    Ok(bids)
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Of the offerings that meet the same unmet needs, each set of qualifications that asks for no more than another does.
fn profiles(case: &Case) -> Vec<Profile> {
    let school = &case.school;
    let mut profiles = Vec::new();
    for (offerings, needs) in unmet(school, &case.sets, &case.schedule) {
        let week = needs.iter().map(|&(_, value)| value).sum();
        let named: BTreeSet<String> =
            needs.iter().map(|&(need, _)| school.need_subjects(need).into_owned()).collect();
        let sites: Vec<String> = match needs.first().and_then(|&(need, _)| school[school[need].student].site)
        {
            Some(site) => vec![school[site].clone()],
            None => school
                .places
                .iter()
                .filter_map(|place| place.site)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .map(|site| school[site].clone())
                .collect(),
        };
        let sites = if sites.is_empty() { vec![String::new()] } else { sites };
        let mut wanted: BTreeMap<(BTreeSet<SubjectId>, String), Vec<OfferingId>> = BTreeMap::new();
        for &offering in &offerings {
            let row = &school[offering];
            let sets: Vec<BTreeSet<SubjectId>> = match row.qualified {
                Qualified::All => vec![row.qualifications.iter().copied().collect()],
                Qualified::Any => row.qualifications.iter().map(|&subject| [subject].into()).collect(),
            };
            for set in sets {
                wanted.entry((set, role_cell(row.roles))).or_default().push(offering);
            }
        }
        let all: Vec<(BTreeSet<SubjectId>, String)> = wanted.keys().cloned().collect();
        for ((set, roles), offerings) in wanted {
            let asks_more = |other: &&(BTreeSet<SubjectId>, String)| {
                other.1 == roles && other.0.len() < set.len() && other.0.is_subset(&set)
            };
            if all.iter().any(|other| asks_more(&other)) {
                continue;
            }
            let subjects: Vec<&str> = set.iter().map(|&subject| school[subject].id.as_str()).collect();
            for site in &sites {
                profiles.push(Profile {
                    offerings: offerings.clone(),
                    subjects: subjects.join("|"),
                    roles: roles.clone(),
                    site: site.clone(),
                    needs: named
                        .iter()
                        .flat_map(|named| named.split('|'))
                        .collect::<BTreeSet<_>>()
                        .into_iter()
                        .collect::<Vec<_>>()
                        .join("|"),
                    week,
                });
            }
        }
    }
    profiles
}

/// By profile and number of newcomers, the school with them.
fn newcomers(case: &Case, changed: &Changed, profiles: &[Profile]) -> anyhow::Result<Vec<Vec<Arc<Case>>>> {
    let mut known: BTreeMap<(&str, &str, &str), Vec<Arc<Case>>> = BTreeMap::new();
    for profile in profiles {
        let key = (profile.subjects.as_str(), profile.roles.as_str(), profile.site.as_str());
        if known.contains_key(&key) {
            continue;
        }
        let (mut text, mut cases) = (String::new(), Vec::new());
        for number in 1..=STEPS {
            let id = fresh(&format!("newcomer-{number}"), |id| case.school.staff.iter().any(|s| s.id == id));
            text += &format!("[[add.staff]]\nstaff = {}\nroles = {}\n", quoted(&id), quoted(&profile.roles));
            text += &format!("subjects = {}\nsites = {}\n", quoted(&profile.subjects), quoted(&profile.site));
            let school = changed(&text)?;
            cases.push(Arc::new(Case { sets: Sets::new(&school), school, schedule: case.schedule.clone() }));
        }
        known.insert(key, cases);
    }
    let of = |profile: &Profile| {
        known[&(profile.subjects.as_str(), profile.roles.as_str(), profile.site.as_str())].clone()
    };
    Ok(profiles.iter().map(of).collect())
}

/// What the first, the second, ... newcomer gains in the block over the same search without any; none more than the one
/// before.
fn gains(
    case: &Case,
    with: &[Arc<Case>],
    profile: &Profile,
    block: BlockId,
    options: &Options,
    deadline: Instant,
) -> anyhow::Result<Vec<f64>> {
    let gain = |case: &Case| -> anyhow::Result<f64> {
        let Case { school, sets, schedule } = case;
        let solver =
            Solver { school, sets, engine: options.engine, deadline, stop: Arc::clone(&options.stop) };
        let found: Option<Schedule> = better(&solver, schedule, &profile.offerings, block)?;
        Ok(found.map_or(0.0, |found| objective::gain(school, schedule, &found)))
    };
    let (mut before, mut most, mut values) = (gain(case)?, f64::INFINITY, Vec::new());
    for case in with {
        let now = gain(case)?;
        let more = (now - before).max(0.0).min(most);
        if more < 0.05 {
            break;
        }
        values.push(more);
        (before, most) = (now, more);
    }
    Ok(values)
}

/// The school that a reading gives.
///
/// # Errors
/// It has none.
pub fn usable(reading: crate::read::Reading) -> anyhow::Result<School> {
    match reading.school {
        Some(school) => Ok(school),
        None => bail!(first_error(&reading.problems)),
    }
}
