//! Regions: a school of several sites is improved site by site, by all workers side by side. What sites
//! share is handed out for a leg of a round: each member of staff and each place of no site to one site, and each
//! site its part of what is left of budgets and reserve; the next leg hands it out anew.

use super::bounds::Bounds;
use super::instance::{Instance, NONE};
use super::moves::Worker;
use super::state::{Group, Session, State, append};
use crate::model::options::Method;
use crate::school::*;

/// Schools with fewer students are improved as a whole, unless the search is to go about them as about large ones.
const FEWEST_STUDENTS: usize = 1_000;

/// One site's part in a round.
#[derive(Clone, Debug)]
pub struct Region {
    pub site: SiteId,
    pub students: Vec<u32>,
    /// Part of all students.
    pub share: f64,
    staff: Vec<bool>,
    places: Vec<bool>,
    /// More than is spent now, and people standing by fewer than now, that the region may take.
    budgets: Vec<f64>,
    standby: Vec<u32>,
}

/// What a region is or has become.
#[derive(Clone, Debug)]
pub struct Content {
    site: SiteId,
    sessions: Vec<Session>,
    groups: Vec<(u32, Group)>,
}

/// The students of each site; `None` where sites do not part them.
fn by_site(school: &School) -> Option<Vec<Vec<u32>>> {
    let mut students: Vec<Vec<u32>> = vec![Vec::new(); school.sites.len()];
    for i in school.student_ids() {
        students[school[i].site?.index()].push(i.index() as u32);
    }
    let peopled = students.iter().filter(|students| !students.is_empty()).count();
    (peopled >= 2).then_some(students)
}

/// Whether the school is improved site by site.
pub fn are_apart(school: &School, method: Method) -> bool {
    (school.students.len() >= FEWEST_STUDENTS || method == Method::Search) && by_site(school).is_some()
}

/// The most needs that are searched at once.
pub fn most_needs(x: &Instance, apart: bool) -> u64 {
    let needs =
        |students: Vec<u32>| students.iter().map(|&i| x.needs_of_student[i as usize].len() as u64).sum();
    let of_sites = by_site(x.school).filter(|_| apart).into_iter().flatten().map(needs);
    of_sites.max().unwrap_or(x.needs.len() as u64)
}

/// The regions of the school, with staff and places of no site handed out by chance, the likelier to a site the more
/// is done with them there; none where sites do not part the students.
pub fn regions(worker: &mut Worker) -> Vec<Region> {
    let x = worker.state.x;
    let school = x.school;
    let Some(students) = by_site(school) else { return Vec::new() };
    let peopled: Vec<SiteId> =
        ids(school.sites.len()).filter(|&site: &SiteId| !students[site.index()].is_empty()).collect();
    let site_of_staff: Vec<Option<SiteId>> = school
        .staff_ids()
        .map(|s| {
            let works = |&site: &SiteId| school[s].works_at(Some(site));
            let sites: Vec<SiteId> = peopled.iter().copied().filter(works).collect();
            let week = worker.state.staff_week(s.index() as u32);
            let of_session = |k: u32| x.site_of(worker.state.sessions[k as usize].place);
            let here = |&site: &SiteId| week.iter().filter(|&&k| of_session(k) == Some(site)).count();
            let done: Vec<usize> = sites.iter().map(here).collect();
            hand_out(worker, &sites, &done)
        })
        .collect();
    let site_of_place: Vec<Option<SiteId>> = school
        .place_ids()
        .map(|p| {
            if let Some(site) = school[p].site {
                return Some(site);
            }
            let state = &worker.state;
            let held = |session: &&Session| session.running && session.place == p.index() as u32;
            let held: Vec<&Session> = state.sessions.iter().filter(held).collect();
            let here = |&site: &SiteId| held.iter().filter(|session| state.all_at(session, site)).count();
            let done: Vec<usize> = peopled.iter().map(here).collect();
            hand_out(worker, &peopled, &done)
        })
        .collect();
    let state = &worker.state;
    let all = school.students.len() as f64;
    let whole = Bounds::whole(school, x.sets);
    let mut before = 0.0;
    let mut regions = Vec::with_capacity(students.len());
    for (index, students) in students.into_iter().enumerate().filter(|(_, students)| !students.is_empty()) {
        let site = SiteId::new(index);
        let share = students.len() as f64 / all;
        let (from, to) = (before, before + share);
        before = to;
        let part =
            |left: u32| (f64::from(left) * to).floor() as u32 - (f64::from(left) * from).floor() as u32;
        let standby = state.standby.iter().zip(&whole.least_standby);
        let standby = standby.map(|(&now, &least)| part(now.saturating_sub(least))).collect();
        let budgets =
            whole.budgets.iter().zip(&state.spent).map(|(budget, spent)| (budget - spent).max(0.0) * share);
        regions.push(Region {
            site,
            share,
            staff: site_of_staff.iter().map(|of| *of == Some(site)).collect(),
            places: site_of_place.iter().map(|of| *of == Some(site)).collect(),
            budgets: budgets.collect(),
            standby,
            students,
        });
    }
    regions
}

/// One of the sites; `done`: how much is done at each.
fn hand_out(worker: &mut Worker, sites: &[SiteId], done: &[usize]) -> Option<SiteId> {
    if sites.len() < 2 {
        return sites.first().copied();
    }
    let weights: Vec<usize> = done.iter().map(|done| 1 + 4 * done).collect();
    let mut at = worker.below(weights.iter().sum())?;
    sites.iter().zip(weights).find_map(|(&site, weight)| {
        let found = at < weight;
        at = at.saturating_sub(weight);
        found.then_some(site)
    })
}

impl State<'_> {
    /// Whether the session may be changed now.
    pub fn at_hand(&self, k: u32) -> bool {
        let Some(site) = self.bounds.site else { return true };
        let session = &self.sessions[k as usize];
        match self.x.site_of(session.place) {
            Some(of_place) => of_place == site,
            None => {
                self.bounds.staff[session.lead as usize]
                    && (session.place == NONE || self.bounds.places[session.place as usize])
                    && self.all_at(session, site)
            }
        }
    }

    fn all_at(&self, session: &Session, site: SiteId) -> bool {
        let at_site = |i: u32| self.x.school.students[i as usize].site == Some(site);
        session.members.iter().all(|&(i, _)| at_site(i))
    }

    /// From here on only the region may be changed.
    pub fn enter(&mut self, region: &Region) {
        let school = self.x.school;
        for &n in &self.open_needs {
            self.open_position[n as usize] = NONE;
        }
        self.open_needs.clear();
        for &i in &region.students {
            for n in self.x.needs_of_student[i as usize].clone() {
                if self.met[n as usize] < self.x.needs[n as usize].sessions {
                    self.open_position[n as usize] = append(&mut self.open_needs, n);
                }
            }
        }
        let in_region = |g: &u32| {
            let first = self.groups[*g as usize].students.first();
            first.is_some_and(|&i| school.students[i as usize].site == Some(region.site))
        };
        let groups = (0..self.groups.len() as u32).filter(in_region).collect();
        self.bounds = Bounds {
            site: None,
            staff: region.staff.clone(),
            places: region.places.clone(),
            budgets: self.spent.iter().zip(&region.budgets).map(|(spent, more)| spent + more).collect(),
            least_standby: self.standby.iter().zip(&region.standby).map(|(now, fewer)| now - fewer).collect(),
            groups,
        };
        self.list_running();
        // Sessions at no site that are at hand go to the region's lists.
        self.bounds.site = Some(region.site);
        let at_no_site: Vec<u32> = (0..self.sessions.len() as u32)
            .filter(|&k| {
                let session = &self.sessions[k as usize];
                session.running && self.x.site_of(session.place).is_none() && self.at_hand(k)
            })
            .collect();
        self.bounds.site = None;
        let emptied: Vec<Session> = at_no_site.iter().map(|&k| self.strike(k)).collect();
        self.bounds.site = Some(region.site);
        for session in &emptied {
            self.restore(session);
        }
        self.commit();
        self.list_running();
    }

    /// Lists the running sessions that are at hand.
    fn list_running(&mut self) {
        self.running.clear();
        for k in 0..self.sessions.len() as u32 {
            let session = &self.sessions[k as usize];
            if session.running && session.activity <= self.study() && self.at_hand(k) {
                self.sessions[k as usize].positions[0] = append(&mut self.running, k);
            }
        }
    }

    /// What the region holds now.
    pub fn content(&self, site: SiteId) -> Content {
        let mut sessions = Vec::new();
        for (k, session) in self.sessions.iter().enumerate() {
            if session.running && self.at_hand(k as u32) {
                sessions.push(session.clone());
            }
        }
        let groups = self.bounds.groups.iter().map(|&g| (g, self.groups[g as usize].clone())).collect();
        Content { site, sessions, groups }
    }

    /// Takes over what the regions have become.
    pub fn merge(&mut self, changed: &[Content], regions: &[Region]) {
        for region in regions.iter().filter(|region| changed.iter().any(|c| c.site == region.site)) {
            self.bounds.site = Some(region.site);
            self.bounds.staff.clone_from(&region.staff);
            self.bounds.places.clone_from(&region.places);
            let mut gone: Vec<u32> = (0..self.sessions.len() as u32).collect();
            gone.retain(|&k| self.sessions[k as usize].running && self.at_hand(k));
            self.bounds.site = None;
            for k in gone {
                self.strike(k);
            }
        }
        self.bounds.staff.fill(true);
        self.bounds.places.fill(true);
        for (g, group) in changed.iter().flat_map(|changed| &changed.groups) {
            for &i in &group.students {
                if self.group_of[i as usize] != *g {
                    self.join(i, *g);
                }
            }
            self.set_coach(*g, group.coach);
        }
        for session in changed.iter().flat_map(|changed| &changed.sessions) {
            self.restore(session);
        }
        self.commit();
    }

    /// Ends the session with all in it, and tells what it was.
    fn strike(&mut self, k: u32) -> Session {
        let session = self.sessions[k as usize].clone();
        for &(i, _) in &session.members {
            self.leave(i, k);
        }
        for &s in &session.assistants {
            self.dismiss(k, s);
        }
        self.close(k);
        session
    }

    /// Runs a session as it was.
    fn restore(&mut self, session: &Session) {
        let k = self.open(session.activity, session.block, session.place, session.lead);
        self.sessions[k as usize].pinned = session.pinned;
        for &s in &session.assistants {
            self.assist(k, s);
        }
        for &(i, n) in &session.members {
            self.attend(i, n, k);
        }
    }
}
