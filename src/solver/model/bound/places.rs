//! Places in the relaxation (R2): sessions, meetings and study share them at every moment.
//!
//! For a moment m (blocks that share an instant) and a set P of places of one site, such as those that suit an
//! offering, what can only be held in P takes places there:
//!
//! ```text
//! places  π_{P,m} ≥ 0     sessions, meetings and study in P ≤ sum of parallel_p over p in P
//! rooms   χ_{P,m,k} ≥ 0   students in sessions and study in P ≤ k · sessions and study in P
//!                                                              + sum over sessions j that P has room for of
//!                                                                max(0, seats_j - k)
//! ```
//!
//! The second is a line above the most seats that a number of sessions can have in P, the largest rooms being
//! taken first; seats_j is no more than the largest session needs. With k = 0 it counts the seats of P.
//!
//! Offerings that few ask for have rows of the first kind too ([`Rooms::limit_sessions`]).
//!
//! Source: the condition of Hall (1935) for the sets that offerings choose from; its other sets are left out.

use std::collections::{BTreeSet, HashMap};

use super::classes::Class;
use crate::model::places::moments;
use crate::model::sets::Sets;
use crate::school::{Bans, BlockId, Deployment, Fill, Id, Kind, PlaceId, School, SiteId, StaffId};

/// Most lines for one set of places at one moment.
const MOST_LINES: usize = 4;

/// students - per_session · sessions ≤ level.
#[derive(Debug)]
pub struct Line {
    pub per_session: f64,
    pub level: f64,
}

/// The rows that a use of places counts in.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub places: Vec<u32>,
    pub lines: Vec<u32>,
}

/// Rows that sessions, meetings and study share.
#[derive(Debug, Default)]
pub struct Rooms {
    /// Per row of places: sessions at once.
    pub parallel: Vec<f64>,
    pub lines: Vec<Line>,
    pub of_class: Vec<Rows>,
    /// Per site (last: none) and block: the rows of a study session held there, and of a student of that site who
    /// studies.
    pub of_study: Vec<Vec<Rows>>,
    pub of_studying: Vec<Vec<Rows>>,
    /// Per staff member and block: the rows of a meeting that they hold; `None` where they cannot hold any.
    pub of_meeting: Vec<Vec<Option<Vec<u32>>>>,
}

/// Sets of places that uses choose from, each once.
#[derive(Default)]
struct Choices {
    sets: Vec<Vec<PlaceId>>,
    index: HashMap<Vec<PlaceId>, usize>,
}

impl Choices {
    /// `None`: no place at all.
    fn of(&mut self, places: Vec<PlaceId>) -> Option<usize> {
        if places.is_empty() {
            return None;
        }
        let next = self.sets.len();
        Some(*self.index.entry(places).or_insert_with_key(|places| {
            self.sets.push(places.clone());
            next
        }))
    }
}

/// The choices of every use.
struct Uses {
    class: Vec<Option<usize>>,
    study: Vec<Vec<Option<usize>>>,
    studying: Vec<Vec<Option<usize>>>,
    meeting: Vec<Vec<Option<usize>>>,
}

impl Rooms {
    pub fn new(school: &School, sets: &Sets, bans: &Bans, classes: &[Class]) -> Self {
        let mut choices = Choices::default();
        let uses = uses(school, sets, bans, classes, &mut choices);
        let mut rooms = Self {
            of_class: vec![Rows::default(); classes.len()],
            of_study: vec![vec![Rows::default(); school.blocks.len()]; school.sites.len() + 1],
            of_studying: vec![vec![Rows::default(); school.blocks.len()]; school.sites.len() + 1],
            of_meeting: uses
                .meeting
                .iter()
                .map(|blocks| blocks.iter().map(|choice| choice.map(|_| Vec::new())).collect())
                .collect(),
            ..Self::default()
        };
        let mut classes_in = vec![Vec::new(); school.blocks.len()];
        for (c, class) in classes.iter().enumerate() {
            classes_in[class.block.index()].push(c);
        }
        for moment in moments(school) {
            rooms.add_moment(school, &moment, (classes, &classes_in), &choices, &uses);
        }
        rooms
    }

    fn add_moment(
        &mut self,
        school: &School,
        moment: &[BlockId],
        (classes, classes_in): (&[Class], &[Vec<usize>]),
        choices: &Choices,
        uses: &Uses,
    ) {
        let here: Vec<usize> = moment.iter().flat_map(|b| classes_in[b.index()].iter().copied()).collect();
        let mut chosen: BTreeSet<usize> = here.iter().filter_map(|&c| uses.class[c]).collect();
        for block in moment.iter().map(|b| b.index()) {
            let others = uses.study.iter().chain(&uses.meeting);
            chosen.extend(others.filter_map(|of_block| of_block[block]));
        }
        for (site, places) in candidates(school, moment, &chosen, choices) {
            let inside: BTreeSet<usize> =
                chosen.iter().copied().filter(|&choice| within(&choices.sets[choice], &places)).collect();
            let inside = |choice: Option<usize>| choice.is_some_and(|choice| inside.contains(&choice));
            let row = self.parallel.len() as u32;
            self.parallel.push(places.iter().map(|&p| f64::from(school[p].parallel)).sum());
            let mut largest = 0.0f64;
            let taking: Vec<usize> = here.iter().copied().filter(|&c| inside(uses.class[c])).collect();
            for &c in &taking {
                self.of_class[c].places.push(row);
                let offering = &school[classes[c].offering];
                let most =
                    offering.max.saturating_add(offering.assistants.saturating_mul(offering.per_assistant));
                largest = largest.max(f64::from(most));
            }
            for &block in moment {
                for (s, of_block) in uses.meeting.iter().enumerate() {
                    if inside(of_block[block.index()])
                        && let Some(rows) = &mut self.of_meeting[s][block.index()]
                    {
                        rows.push(row);
                    }
                }
                if inside(uses.study[site][block.index()]) {
                    self.of_study[site][block.index()].places.push(row);
                    largest = f64::INFINITY;
                }
            }
            let first = self.lines.len() as u32;
            self.lines.extend(lines(school, &places, largest));
            let lines = first..self.lines.len() as u32;
            for &c in &taking {
                self.of_class[c].lines.extend(lines.clone());
            }
            for block in moment.iter().map(|b| b.index()) {
                if inside(uses.study[site][block]) {
                    self.of_study[site][block].lines.extend(lines.clone());
                }
                if inside(uses.studying[site][block]) {
                    self.of_studying[site][block].lines.extend(lines.clone());
                }
            }
        }
    }

    /// No more than so many sessions of these classes in all.
    pub fn limit_sessions(&mut self, classes: impl IntoIterator<Item = usize>, most: f64) {
        let row = self.parallel.len() as u32;
        self.parallel.push(most);
        for class in classes {
            self.of_class[class].places.push(row);
        }
    }
}

/// The places that each use can be held in.
fn uses(school: &School, sets: &Sets, bans: &Bans, classes: &[Class], choices: &mut Choices) -> Uses {
    let free = |b: BlockId, suits: &dyn Fn(PlaceId) -> bool| -> Vec<PlaceId> {
        school.place_ids().filter(|&p| school.place_free[(p, b)] && suits(p)).collect()
    };
    let mut known: HashMap<(usize, BlockId, Option<SiteId>), Option<usize>> = HashMap::new();
    let class = classes
        .iter()
        .map(|class| {
            let o = class.offering.index();
            *known.entry((o, class.block, class.site)).or_insert_with(|| {
                let suiting = sets.places_of[o].iter().copied();
                let here = |&p: &PlaceId| school[p].site == class.site && school.place_free[(p, class.block)];
                choices.of(suiting.filter(here).collect())
            })
        })
        .collect();
    let studies = |b: BlockId| school.presence.fill == Fill::Study && school[b].kind.counts_as_presence();
    let mut of_site = |site: usize, others: bool| -> Vec<Option<usize>> {
        let suits = |p: PlaceId| match school[p].site {
            None => others || site == school.sites.len(),
            Some(other) => other.index() == site || (others && site == school.sites.len()),
        };
        let choice = |b| if studies(b) { choices.of(free(b, &suits)) } else { None };
        school.block_ids().map(choice).collect()
    };
    let sites = 0..=school.sites.len();
    let study = sites.clone().map(|site| of_site(site, false)).collect();
    let studying = sites.map(|site| of_site(site, true)).collect();
    let mut meeting_places = |s: StaffId, b: BlockId| {
        let holds = |place| bans.forbid(Deployment { block: b, offering: None, staff: Some(s), place });
        if school[b].kind != Kind::Coaching || !school.staff_free[(s, b)] || holds(None) {
            return None;
        }
        choices.of(free(b, &|p| school[s].works_at(school[p].site) && !holds(Some(p))))
    };
    let mut meeting = vec![vec![None; school.blocks.len()]; school.staff.len()];
    if school.coaching.is_some() {
        for &s in &sets.coaches {
            meeting[s.index()] = school.block_ids().map(|b| meeting_places(s, b)).collect();
        }
    }
    Uses { class, study, studying, meeting }
}

/// Sets of places of one site for which there are rows: what some use can choose from, and all that uses can choose
/// from together. The site's index comes with them.
fn candidates(
    school: &School,
    moment: &[BlockId],
    chosen: &BTreeSet<usize>,
    choices: &Choices,
) -> BTreeSet<(usize, Vec<PlaceId>)> {
    let site_of = |p: PlaceId| school[p].site.map_or(school.sites.len(), Id::index);
    let mut candidates = BTreeSet::new();
    let mut all: HashMap<usize, BTreeSet<PlaceId>> = HashMap::new();
    for places in chosen.iter().map(|&choice| &choices.sets[choice]) {
        let site = site_of(places[0]);
        if places.iter().any(|&p| site_of(p) != site) {
            continue;
        }
        all.entry(site).or_default().extend(places);
        // In blocks of unequal length other places of the same kind may be free.
        let tags = |p: PlaceId| places.iter().any(|&q| school[q].tags == school[p].tags);
        let free = |p: &PlaceId| moment.iter().any(|&b| school.place_free[(*p, b)]);
        if moment.len() > 1 {
            let like: Vec<PlaceId> =
                school.place_ids().filter(|&p| site_of(p) == site && tags(p) && free(&p)).collect();
            candidates.insert((site, like));
        }
        candidates.insert((site, places.clone()));
    }
    candidates.extend(all.into_iter().map(|(site, places)| (site, places.into_iter().collect())));
    candidates
}

/// Lines above the most students that a number of sessions of up to `largest` students can have in the places.
fn lines(school: &School, places: &[PlaceId], largest: f64) -> Vec<Line> {
    let mut seats: Vec<f64> = Vec::new();
    for &place in places {
        let mut left = f64::from(school[place].seats);
        for _ in 0..school[place].parallel {
            let taken = left.min(largest);
            left -= taken;
            seats.push(taken);
            if taken == 0.0 {
                break;
            }
        }
    }
    seats.sort_by(|a, b| b.total_cmp(a));
    let mut slopes = seats.clone();
    slopes.dedup();
    // Where all have equally many seats, the rows for seats and places say as much.
    if slopes.len() < 2 {
        return Vec::new();
    }
    slopes.remove(0);
    if slopes.last() != Some(&0.0) {
        slopes.push(0.0);
    }
    let step = slopes.len().div_ceil(MOST_LINES);
    let kept = slopes.iter().rev().step_by(step);
    let line = |&per_session: &f64| Line {
        per_session,
        level: seats.iter().map(|seats| (seats - per_session).max(0.0)).sum(),
    };
    kept.map(line).collect()
}

/// Whether all of the one are in the other; both in order.
fn within(part: &[PlaceId], whole: &[PlaceId]) -> bool {
    part.iter().all(|p| whole.binary_search(p).is_ok())
}
