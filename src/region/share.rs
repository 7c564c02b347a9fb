//! Who of the pool works where, in which block: one program, counted again before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};

use crate::model::Options;
use crate::read::tabular::{Problem, Problems};
use crate::school::{Roles, clock};
use crate::whatif::change::quoted;

use super::columns;
use super::program::Model;
use super::read::{Cell, Interval, Region, finish, interval, list, role_cell, roles, table};
use super::recount;

/// Somebody works in a block of a school.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Of [`Region::pool`] and [`Region::schools`].
    pub person: usize,
    pub school: usize,
    /// The bid of this round that it is for; `None`: given before.
    pub cell: Option<usize>,
    pub site: String,
    pub block: String,
    pub day: String,
    pub time: Interval,
    pub roles: Roles,
    pub subjects: Vec<String>,
    pub needs: String,
    pub value: f64,
}

/// Somebody stands by for several schools.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    pub person: usize,
    /// Of [`Region::reserves`].
    pub group: usize,
    pub day: String,
    pub time: Interval,
}

impl Job {
    pub fn of(region: &Region, person: usize, school: usize, cell: usize) -> Self {
        let bid = &region.schools[school].cells[cell];
        let roles = bid.roles.iter().filter(|&role| region.pool[person].roles.has(role)).collect();
        Self {
            person,
            school,
            cell: Some(cell),
            site: bid.site.clone(),
            block: bid.block.clone(),
            day: bid.day.clone(),
            time: bid.time,
            roles,
            subjects: bid.subjects.clone(),
            needs: bid.needs.clone(),
            value: 0.0,
        }
    }

    pub fn clashes(&self, region: &Region, other: &Job) -> bool {
        region.clash((&self.day, &self.site, self.time), (&other.day, &other.site, other.time))
    }
}

impl Stand {
    pub fn clashes(&self, region: &Region, job: &Job) -> bool {
        let site = region.reserves[self.group].site.as_deref().unwrap_or(&job.site);
        self.person == job.person
            && region.clash((&self.day, site, self.time), (&job.day, &job.site, job.time))
    }

    /// Whether nobody can stand by for both: at two sites.
    pub fn apart(&self, region: &Region, other: &Stand) -> bool {
        let site = |stand: &Stand| region.reserves[stand.group].site.clone();
        match (site(self), site(other)) {
            (Some(a), Some(b)) if a != b => {
                self.person == other.person
                    && region.clash((&self.day, &a, self.time), (&other.day, &b, other.time))
            }
            _ => false,
        }
    }
}

/// What is still short after it.
#[derive(Clone, Debug)]
pub struct Short {
    pub school: usize,
    pub cell: usize,
    pub value: f64,
    pub reason: &'static str,
}

#[derive(Debug)]
pub struct Shared {
    /// Those given before first.
    pub jobs: Vec<Job>,
    pub stands: Vec<Stand>,
    pub short: Vec<Short>,
    /// What the bids of this round are worth that were met.
    pub value: f64,
    /// The objective, and what no other sharing has more of.
    pub total: f64,
    pub bound: f64,
    /// People missing in reserve, over all blocks.
    pub missing_reserve: u32,
}

/// # Errors
/// No engine solves it, or what one found breaks a rule.
pub fn share(region: &Region, kept: Vec<Job>, options: &Options) -> anyhow::Result<Shared> {
    let model = Model::new(region, &kept);
    let solved = model.solve(options.engine, options)?;
    let values =
        solved.values.context("no way of sharing was found in this time; allow more with --time-limit")?;
    let chosen = |variable: crate::model::program::Variable| values[variable.index()] > 0.5;
    let given = model.jobs.iter().filter(|(_, variable)| chosen(*variable)).map(|(job, _)| job.clone());
    let mut given: Vec<Job> = given.collect();
    let stands: Vec<Stand> = model
        .stands
        .iter()
        .filter(|(_, variable)| chosen(*variable))
        .map(|(stand, _)| stand.clone())
        .collect();
    let bound = solved.bound;
    price(region, &mut given);
    let mut jobs = kept.clone();
    jobs.extend(given);
    let counted = recount::recount(region, &jobs, &stands);
    if let Some(broken) = counted.broken.first() {
        bail!("the sharing that was found breaks a rule: {broken}");
    }
    let (stated, slack) = (model.program.objective.value(&values), 1e-4 * bound.abs().max(1.0));
    if counted.total < stated - slack || counted.total > bound + slack {
        let total = counted.total;
        bail!("the sharing that was found counts {total}, not the {stated} of its program, at most {bound}");
    }
    let short = short(region, &jobs);
    jobs.sort_by(|a, b| (a.person, &a.day, a.time, a.school).cmp(&(b.person, &b.day, b.time, b.school)));
    let (value, total) = (counted.value, counted.total);
    Ok(Shared { jobs, stands, short, value, total, bound, missing_reserve: counted.missing_reserve })
}

/// Gives each job the value of its step.
fn price(region: &Region, jobs: &mut [Job]) {
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for job in jobs {
        let Some(cell) = job.cell else { continue };
        let step = taken.entry((job.school, cell)).or_default();
        job.value = region.schools[job.school].cells[cell].values.get(*step).copied().unwrap_or(0.0);
        *step += 1;
    }
}

/// Bids that nobody was found for, as far as the week is worth more.
fn short(region: &Region, jobs: &[Job]) -> Vec<Short> {
    let mut found = Vec::new();
    for (school, member) in region.schools.iter().enumerate() {
        let mut met: BTreeMap<&str, f64> = BTreeMap::new();
        for job in jobs.iter().filter(|job| job.school == school && job.cell.is_some()) {
            *met.entry(&job.needs).or_default() += job.value;
        }
        for (cell, bid) in member.cells.iter().enumerate() {
            let taken = jobs.iter().filter(|job| job.school == school && job.cell == Some(cell)).count();
            let left =
                bid.week.unwrap_or(f64::INFINITY) - met.get(bid.needs.as_str()).copied().unwrap_or(0.0);
            let value = bid.values.get(taken).copied().unwrap_or(0.0).min(left);
            if value > 1e-6 {
                found.push(Short { school, cell, value, reason: reason(region, school, bid) });
            }
        }
    }
    found.sort_by(|a, b| b.value.total_cmp(&a.value));
    found
}

fn reason(region: &Region, school: usize, bid: &Cell) -> &'static str {
    let member = &region.schools[school];
    let qualified = |person: &&super::read::Person| {
        person.roles.intersects(bid.roles) && bid.subjects.iter().all(|s| person.subjects.contains(s))
    };
    let mut people = region.pool.iter().filter(qualified).peekable();
    if people.peek().is_none() {
        return "nobody of the pool is qualified: ask or train somebody";
    }
    let mut here = people.filter(|person| person.fits(member, bid)).peekable();
    if here.peek().is_none() {
        return "nobody of those qualified works at this school or site";
    }
    if !here.any(|person| person.is_free(&bid.day, bid.time)) {
        return "nobody of those qualified is free then";
    }
    "those qualified work elsewhere, or days, blocks or money are used up"
}

/// What stands in the timetable of an earlier round and is still used.
///
/// # Errors
/// What is wrong with the file.
pub fn kept(region: &Region, folder: &Path) -> Result<Vec<Job>, Vec<Problem>> {
    let mut problems = Problems::default();
    let mut jobs = Vec::new();
    if let Some(table) = table(folder, &columns::POOL_TIMETABLE, &mut problems) {
        table.each_row(&mut problems, |row, problems| {
            if row.required("role", problems) == Some("reserve") {
                return;
            }
            let (person, school) = (region.person_of(row, problems), region.school_of(row, problems));
            let roles = roles(row, problems);
            let (block, day) = (row.required("block", problems), row.required("day", problems));
            let (Some(person), Some(school), Some(time)) = (person, school, interval(row, problems)) else {
                return;
            };
            let (Some(block), Some(day), member) = (block, day, &region.schools[school]) else { return };
            let id = &region.pool[person].id;
            let unused =
                |given: &super::read::Given| given.staff == *id && given.block == block && !given.used;
            if member.given.iter().any(unused) {
                return;
            }
            jobs.push(Job {
                person,
                school,
                cell: None,
                site: row.text("site").unwrap_or(&member.site).to_owned(),
                block: block.to_owned(),
                day: day.to_owned(),
                time,
                roles,
                subjects: list(row, "subjects", problems),
                needs: row.text("needs").unwrap_or_default().to_owned(),
                value: row.amount("value", problems).unwrap_or(0.0),
            });
        });
    }
    finish(jobs, problems)
}

/// The scenario by which a school takes over whom it is given: they are busy at all other times.
pub fn scenario(region: &Region, school: usize, jobs: &[Job]) -> String {
    let member = &region.schools[school];
    let mut text = format!("name = {}\n", quoted(&format!("shared in {}", region.name)));
    let days: BTreeSet<&str> = member.blocks.iter().map(|block| block.day.as_str()).collect();
    let here: Vec<&Job> = jobs.iter().filter(|job| job.school == school).collect();
    let people: BTreeSet<usize> = here.iter().map(|job| job.person).collect();
    for person in people {
        let who = &region.pool[person];
        let own: Vec<&&Job> = here.iter().filter(|job| job.person == person).collect();
        let mut roles = Roles::default();
        own.iter().flat_map(|job| job.roles.iter()).for_each(|role| roles.insert(role));
        let subjects: BTreeSet<&str> = own.iter().flat_map(|job| &job.subjects).map(String::as_str).collect();
        let sites: BTreeSet<&str> =
            own.iter().map(|job| job.site.as_str()).filter(|site| *site != member.site).collect();
        let joined = |words: BTreeSet<&str>| quoted(&words.into_iter().collect::<Vec<_>>().join("|"));
        text += &format!("\n[[add.staff]]\nstaff = {}\nname = {}\n", quoted(&who.id), quoted(&who.name));
        text += &format!("roles = {}\nsubjects = {}\n", quoted(&role_cell(roles)), joined(subjects));
        if !sites.is_empty() {
            text += &format!("sites = {}\n", joined(sites));
        }
        text += &format!("max_blocks = {}\n", own.len());
        if let Some(most) = who.max_in_a_row {
            text += &format!("max_in_a_row = {most}\n");
        }
        text += &format!("cost = {}\n", (1.0 - region.fund.share) * who.cost);
        for day in &days {
            let mut from = 0;
            let mut times: Vec<Interval> =
                own.iter().filter(|job| job.day == *day).map(|job| job.time).collect();
            times.sort_unstable();
            times.push((24 * 60, 24 * 60));
            for (start, end) in times {
                if from < start {
                    text += &format!(
                        "\n[[add.busy]]\nkind = \"staff\"\nid = {}\nday = {}\nstart = \"{}\"\nend = \"{}\"\n",
                        quoted(&who.id),
                        quoted(day),
                        clock(from),
                        clock(start)
                    );
                }
                from = from.max(end);
            }
        }
    }
    text
}
