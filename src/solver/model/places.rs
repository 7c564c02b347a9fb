//! Places that nothing tells apart, so that the model counts them instead of naming each.

use std::collections::BTreeMap;

use crate::school::*;

/// Interchangeable places: same site, unit (where only its staff lead there), seats, tags and availability, one session at once each, none of them
/// named by a pin. A place with parallel > 1 is a class of its own.
#[derive(Debug)]
pub struct PlaceClass {
    pub places: Vec<PlaceId>,
    pub seats: u32,
    /// Sessions at once, in all places of the class together.
    pub sessions: u32,
    /// One place for several sessions at once, which share its seats.
    pub shared: bool,
}

impl PlaceClass {
    /// Any of the places; they do not differ in what a rule asks.
    pub fn example(&self) -> PlaceId {
        self.places[0]
    }
}

/// Place classes that differ in nothing a student or a lead could be forbidden: one site, and one unit where only its
/// staff lead in its places. A place that a
/// pin names together with a person is an area of its own.
#[derive(Debug)]
pub struct Area {
    pub site: Option<SiteId>,
    /// Indices into [`Places::classes`].
    pub classes: Vec<usize>,
    /// The place of an area of one place that a pin names.
    pub alone: Option<PlaceId>,
}

#[derive(Debug)]
pub struct Places {
    pub classes: Vec<PlaceClass>,
    pub areas: Vec<Area>,
    /// By place: index into `classes`, and by class: index into `areas`.
    pub class_of: Vec<usize>,
    pub area_of: Vec<usize>,
}

impl Places {
    pub fn new(school: &School) -> Self {
        let named = |place: PlaceId| school.pins.iter().any(|pin| pin.place == Some(place));
        let mut classes: Vec<PlaceClass> = Vec::new();
        let mut class_of = Vec::with_capacity(school.places.len());
        let mut alike: BTreeMap<_, usize> = BTreeMap::new();
        for id in school.place_ids() {
            let place = &school[id];
            let mut tags = place.tags.clone();
            tags.sort();
            let single = (place.parallel > 1 || named(id)).then_some(id);
            let unit = school.unit_of_place(id);
            let key =
                (single, place.site, unit, place.seats, place.parallel, tags, school.place_free.row(id));
            let index = *alike.entry(key).or_insert_with(|| {
                classes.push(PlaceClass {
                    places: Vec::new(),
                    seats: place.seats,
                    sessions: 0,
                    shared: place.parallel > 1,
                });
                classes.len() - 1
            });
            classes[index].places.push(id);
            classes[index].sessions += place.parallel;
            class_of.push(index);
        }

        let with_person = |pin: &Pin| pin.staff.is_some() || pin.student.is_some();
        let set_apart =
            |place: PlaceId| school.pins.iter().any(|pin| pin.place == Some(place) && with_person(pin));
        let mut areas: Vec<Area> = Vec::new();
        let mut area_of = Vec::with_capacity(classes.len());
        let mut by_site: BTreeMap<_, usize> = BTreeMap::new();
        for (index, class) in classes.iter().enumerate() {
            let site = school[class.example()].site;
            let alone = set_apart(class.example()).then_some(class.example());
            let unit = school.unit_of_place(class.example());
            let area = *by_site.entry((site, unit, alone)).or_insert_with(|| {
                areas.push(Area { site, classes: Vec::new(), alone });
                areas.len() - 1
            });
            areas[area].classes.push(index);
            area_of.push(area);
        }
        Self { classes, areas, class_of, area_of }
    }

    /// Whether the staff member may lead something there: site (R5) and unit (R8).
    pub fn may_lead_in(&self, school: &School, lead: StaffId, area: usize) -> bool {
        self.areas[area].classes.first().is_none_or(|&q| school.may_lead_in(lead, self.classes[q].example()))
    }

    pub fn area_of_place(&self, place: PlaceId) -> usize {
        self.area_of[self.class_of[place.index()]]
    }
}

/// Largest sets of blocks that share a moment, each in time order: intervals that pairwise overlap have a
/// common moment, so that "one at a time" is one row for each of these.
pub fn moments(school: &School) -> Vec<Vec<BlockId>> {
    let running = |at: BlockId| -> Vec<BlockId> {
        let (day, start) = (school[at].day, school[at].start);
        let covers =
            |b: &BlockId| school[*b].day == day && school[*b].start <= start && start < school[*b].end;
        school.block_ids().filter(covers).collect()
    };
    let mut starts: Vec<BlockId> = school.block_ids().collect();
    starts.sort_by_key(|&b| (school[b].day, school[b].start, b));
    starts.dedup_by_key(|b| (school[*b].day, school[*b].start));
    let sets: Vec<Vec<BlockId>> = starts.into_iter().map(running).collect();
    let within = |small: &[BlockId], large: &[BlockId]| small.iter().all(|b| large.contains(b));
    let is_largest = |at: usize| {
        !sets.iter().enumerate().any(|(other, set)| {
            other != at && within(&sets[at], set) && (set.len() > sets[at].len() || other < at)
        })
    };
    (0..sets.len()).filter(|&at| is_largest(at)).map(|at| sets[at].clone()).collect()
}
