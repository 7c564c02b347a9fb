//! The referee of a sharing: plain loops over who works where, sharing with the program only its weights and the
//! times of blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::program::{AGREED, AIMED, BLOCK, DAY, slots, windows};
use super::read::{Region, meet};
use super::share::{Job, Stand};

#[derive(Debug, Default)]
pub struct Counted {
    /// Rules that it breaks, in words.
    pub broken: Vec<String>,
    /// What the bids are worth that were met.
    pub value: f64,
    pub total: f64,
    pub missing_reserve: u32,
}

pub fn recount(region: &Region, jobs: &[Job], stands: &[Stand]) -> Counted {
    let mut counted = Counted::default();
    for (person, who) in region.pool.iter().enumerate() {
        let own: Vec<&Job> = jobs.iter().filter(|job| job.person == person).collect();
        let at_once: Vec<&Stand> = stands.iter().filter(|stand| stand.person == person).collect();
        let mut says = |is_broken: bool, what: &str| {
            if is_broken {
                counted.broken.push(format!("{} {what}", who.id));
            }
        };
        let days: BTreeSet<&str> = own.iter().map(|job| job.day.as_str()).collect();
        let over = |number: usize, most: Option<u32>| most.is_some_and(|most| number > most as usize);
        says(over(own.len(), who.max_blocks), "works more than `max_blocks`");
        says(over(days.len(), who.max_days), "works more than `max_days`");
        for day in &days {
            let today: Vec<&&Job> = own.iter().filter(|job| job.day == *day).collect();
            let schools: BTreeSet<usize> = today.iter().map(|job| job.school).collect();
            says(over(today.len(), who.max_per_day), "works more than `max_per_day`");
            says(schools.len() > who.max_schools_a_day as usize, "works at more than `max_schools_a_day`");
            if let Some(most) = who.max_in_a_row {
                for &school in &schools {
                    for window in windows(region, school, day, most as usize + 1) {
                        let all = window
                            .iter()
                            .all(|time| today.iter().any(|job| job.school == school && job.time == *time));
                        says(all, "works more than `max_in_a_row`");
                    }
                }
            }
        }
        for (at, job) in own.iter().enumerate() {
            let member = &region.schools[job.school];
            says(!who.is_free(&job.day, job.time), "works when busy");
            says(!who.works_at(&job.site), "works at a site that is none of theirs");
            let elsewhere = !who.schools.is_empty() && !who.schools.contains(&member.id);
            says(elsewhere, "works at a school that is none of theirs");
            says(!job.subjects.iter().all(|s| who.subjects.contains(s)), "is not qualified");
            says(!who.roles.intersects(job.roles), "has none of the roles");
            let mut others = own[at + 1..].iter().map(|other| (&other.day, Some(&other.site), other.time));
            let mut standing = at_once
                .iter()
                .map(|stand| (&stand.day, region.reserves[stand.group].site.as_ref(), stand.time));
            let is_late = |(day, site, time): (&String, Option<&String>, (u16, u16))| {
                let gap = match job.time.1 <= time.0 {
                    true => time.0 - job.time.1,
                    false => job.time.0.saturating_sub(time.1),
                };
                let far = site.filter(|site| **site != job.site);
                let late = far.is_some_and(|site| u32::from(gap) < region.minutes(site, &job.site));
                *day == job.day && (meet(job.time, time) || late)
            };
            says(
                others.any(is_late) || standing.any(is_late),
                "is in two places at once, or travels too fast",
            );
        }
        for stand in &at_once {
            let takes = region.reserves[stand.group].takes(who) && who.is_free(&stand.day, stand.time);
            says(!takes, "stands by and could not step in");
        }
        counted.total -= AIMED * f64::from(who.min_blocks.saturating_sub(own.len() as u32));
        // Only what this round gives is counted.
        let new: Vec<&&Job> = own.iter().filter(|job| job.cell.is_some()).collect();
        let before: BTreeSet<&str> =
            own.iter().filter(|job| job.cell.is_none()).map(|job| job.day.as_str()).collect();
        counted.total -= DAY * (days.len() - before.len()) as f64;
        for job in new {
            let wish = region.wishes * who.wish(&region.schools[job.school].id, &job.day);
            counted.total += wish - region.cost * who.cost - BLOCK;
        }
        counted.total -= (BLOCK + region.cost * who.cost) * at_once.len() as f64;
    }
    schools(region, jobs, &mut counted);
    reserves(region, jobs, stands, &mut counted);
    counted
}

fn schools(region: &Region, jobs: &[Job], counted: &mut Counted) {
    for (school, member) in region.schools.iter().enumerate() {
        let here: Vec<&Job> = jobs.iter().filter(|job| job.school == school).collect();
        if member.max_blocks.is_some_and(|most| here.len() > most as usize) {
            counted.broken.push(format!("school {} gets more than `max_blocks`", member.id));
        }
        let cost: f64 = here.iter().map(|job| region.pool[job.person].cost).sum();
        if member.budget.is_some_and(|budget| (1.0 - region.fund.share) * cost > budget + 1e-6) {
            counted.broken.push(format!("school {} pays more than its budget", member.id));
        }
        counted.total -= AGREED * f64::from(member.min_blocks.saturating_sub(here.len() as u32));
        let mut weeks: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for (cell, bid) in member.cells.iter().enumerate() {
            let people = here.iter().filter(|job| job.cell == Some(cell)).count();
            if people > bid.values.len() {
                counted
                    .broken
                    .push(format!("school {} gets more in {} than it bids for", member.id, bid.block));
            }
            let (worth, most) = weeks.entry(&bid.needs).or_insert((0.0, f64::INFINITY));
            *worth += bid.values.iter().take(people).sum::<f64>();
            *most = most.min(if bid.values.is_empty() { *most } else { bid.week.unwrap_or(f64::INFINITY) });
        }
        counted.value += weeks.into_values().map(|(worth, most)| worth.min(most)).sum::<f64>();
    }
    counted.total += counted.value;
}

fn reserves(region: &Region, jobs: &[Job], stands: &[Stand], counted: &mut Counted) {
    for (group, reserve) in region.reserves.iter().enumerate() {
        for (day, time) in slots(region) {
            let there = stands.iter().filter(|s| s.group == group && s.day == day && s.time == time);
            counted.missing_reserve += reserve.people.saturating_sub(there.count() as u32);
        }
    }
    counted.total -= AGREED * f64::from(counted.missing_reserve);
    let worked: f64 = jobs.iter().map(|job| region.fund.share * region.pool[job.person].cost).sum();
    let stood: f64 = stands.iter().map(|stand| region.pool[stand.person].cost).sum();
    if region.fund.budget.is_some_and(|budget| worked + stood > budget + 1e-6) {
        counted.broken.push("the fund pays more than its budget".to_owned());
    }
}
