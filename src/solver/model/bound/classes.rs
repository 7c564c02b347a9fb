//! Session classes and the arcs from needs to them.

use std::collections::HashMap;

use super::staff::Duty;
use crate::model::sets::Sets;
use crate::school::{
    self, Bans, BlockId, BySite, Days, Deployment, Id, NeedId, OfferingId, Priority, School, SiteId, StaffId,
    SubjectId, UnitId, WishWorth, attends_at, same_unit,
};

/// Session classes that a need of one type can be met in, with what is gained there beside the priority.
#[derive(Debug)]
pub struct Arc {
    pub class: u32,
    pub offering: OfferingId,
    pub bonus: f64,
}

/// Needs that no price can tell apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeKey {
    pub offerings: Vec<OfferingId>,
    pub site: Option<SiteId>,
    pub unit: Option<UnitId>,
    pub with: Option<SubjectId>,
    pub asked: Option<StaffId>,
    pub days: Days,
    pub priority: Priority,
}

/// Sessions of one offering in one block at one site whose leads no student can tell apart.
#[derive(Debug)]
pub struct Class {
    pub offering: OfferingId,
    pub block: BlockId,
    pub site: Option<SiteId>,
    /// Students in one session, at most.
    pub seats: f64,
    /// Its row for the least number of students, and for the most assistants.
    pub least: Option<u32>,
    pub assisted: Option<u32>,
}

/// x_r - rest Y ≤ level for some attendances in some sessions of one offering.
#[derive(Debug)]
pub struct MirCut {
    pub lowest: Priority,
    /// Only students of this unit in sessions that it leads.
    pub unit: Option<UnitId>,
    pub rest: f64,
    pub level: f64,
}

/// What tells the leads of two classes of one offering, block and site apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LeadKey {
    unit: Option<UnitId>,
    asked: Option<StaffId>,
    /// Subjects that some need asks the person in charge to be qualified for, and the lead is.
    with: Vec<SubjectId>,
}

/// All classes, and who can bring them about.
pub struct Classes<'a> {
    school: &'a School,
    sets: &'a Sets,
    wishes: Option<&'a WishWorth>,
    list: Vec<Class>,
    leads: Vec<LeadKey>,
    /// Per offering: its classes, by where students can be.
    of_offering: Vec<BySite<u32>>,
    /// Per staff member and block: classes they can lead, with the offering.
    led: Vec<Vec<Vec<u32>>>,
}

impl<'a> Classes<'a> {
    pub fn new(school: &'a School, sets: &'a Sets, bans: &Bans, wishes: Option<&'a WishWorth>) -> Self {
        let mut classes = Self {
            school,
            sets,
            wishes,
            list: Vec::new(),
            leads: Vec::new(),
            of_offering: Vec::new(),
            led: vec![vec![Vec::new(); school.blocks.len()]; school.staff.len()],
        };
        let mut asked = vec![false; school.staff.len()];
        let mut with: Vec<SubjectId> = Vec::new();
        for need in &school.needs {
            if let Some(staff) = need.staff {
                asked[staff.index()] = true;
            }
            with.extend(need.with);
        }
        with.sort_unstable();
        with.dedup();
        // A session without students can be liked and fills its lead's least number of blocks.
        let counts = |&o: &OfferingId| !sets.needs_of[o.index()].is_empty() || school[o].min == 0;
        let mut of_offering: Vec<Vec<u32>> = vec![Vec::new(); school.offerings.len()];
        for offering in school.offering_ids().filter(counts) {
            let mut known: HashMap<(BlockId, Option<SiteId>, LeadKey), u32> = HashMap::new();
            for &block in &sets.blocks_of[offering.index()] {
                let sites = classes.seats_by_site(offering, block, bans);
                for &lead in &sets.leads_of[offering.index()] {
                    let leads =
                        Deployment { block, offering: Some(offering), staff: Some(lead), place: None };
                    if !school.staff_free[(lead, block)] || bans.forbid(leads) {
                        continue;
                    }
                    let staff = &school[lead];
                    let key = LeadKey {
                        unit: school.counted_unit(staff.unit),
                        asked: asked[lead.index()].then_some(lead),
                        with: with.iter().copied().filter(|&s| staff.is_qualified(s)).collect(),
                    };
                    for &(site, seats) in &sites {
                        if staff.works_at(site) {
                            let next = classes.list.len() as u32;
                            let class = *known.entry((block, site, key.clone())).or_insert_with(|| {
                                classes.list.push(Class {
                                    offering,
                                    block,
                                    site,
                                    seats,
                                    least: None,
                                    assisted: None,
                                });
                                classes.leads.push(key.clone());
                                of_offering[offering.index()].push(next);
                                next
                            });
                            classes.led[lead.index()][block.index()].push(class);
                        }
                    }
                }
            }
        }
        let at_hand = |class: u32, site| attends_at(Some(site), classes.list[class as usize].site);
        let by_site = |list| BySite::new(list, school.sites.len(), at_hand);
        classes.of_offering = of_offering.into_iter().map(by_site).collect();
        classes
    }

    /// Sites where the offering can run in the block, with the students one session can have there.
    fn seats_by_site(&self, offering: OfferingId, block: BlockId, bans: &Bans) -> Vec<(Option<SiteId>, f64)> {
        let o = &self.school[offering];
        // What assistants add is priced apart, as a duty of theirs.
        let most = o.max;
        if o.online {
            return vec![(None, f64::from(most))];
        }
        let mut sites: Vec<(Option<SiteId>, f64)> = Vec::new();
        for &place in &self.sets.places_of[offering.index()] {
            let held = Deployment { block, offering: Some(offering), staff: None, place: Some(place) };
            if self.school.place_free[(place, block)] && !bans.forbid(held) {
                let site = self.school[place].site;
                let seats = f64::from(self.school[place].seats.min(most));
                match sites.iter_mut().find(|(known, _)| *known == site) {
                    Some((_, known)) => *known = known.max(seats),
                    None => sites.push((site, seats)),
                }
            }
        }
        sites
    }

    pub fn type_key(&self, need: NeedId) -> TypeKey {
        let need_row = &self.school[need];
        let student = &self.school[need_row.student];
        TypeKey {
            offerings: self.sets.offerings_of[need.index()].clone(),
            site: student.site,
            unit: self.school.counted_unit(student.unit),
            with: need_row.with,
            asked: need_row.staff,
            days: need_row.days,
            priority: need_row.priority,
        }
    }

    /// Arcs of a type, by block.
    pub fn arcs(&self, key: &TypeKey) -> Vec<Vec<Arc>> {
        let weights = &self.school.weights;
        let mut arcs: Vec<Vec<Arc>> = (0..self.school.blocks.len()).map(|_| Vec::new()).collect();
        for offering in &key.offerings {
            for &class in self.of_offering[offering.index()].get(key.site) {
                let lead = &self.leads[class as usize];
                let own = same_unit(lead.unit, key.unit);
                let block = self.list[class as usize].block;
                let served = key.days.has(self.school[block].day)
                    && key.with.is_none_or(|with| lead.with.contains(&with))
                    && self.school.own_staff.allows(lead.unit, key.unit);
                if served {
                    let asked = key.asked.is_some() && lead.asked == key.asked;
                    let bonus = if own { weights.own_unit } else { 0.0 }
                        + if asked { weights.staff_asked } else { 0.0 };
                    arcs[block.index()].push(Arc { class, offering: *offering, bonus });
                }
            }
        }
        arcs
    }

    /// What every member of staff can do in every block.
    pub fn duties(&self) -> Vec<Vec<Vec<Duty>>> {
        let mut duties: Vec<Vec<Vec<Duty>>> = self
            .school
            .staff_ids()
            .map(|s| {
                let staff = &self.school[s];
                self.led[s.index()]
                    .iter()
                    .map(|classes| {
                        let duty = |&class: &u32| {
                            let offering = self.list[class as usize].offering;
                            let liked = staff.likes.contains(&offering);
                            let wished = self.wished(s, school::Duty::Lead(offering));
                            let worth = if liked { self.school.weights.likes } else { 0.0 } + wished;
                            Duty { class, assists: false, worth }
                        };
                        classes.iter().map(duty).collect()
                    })
                    .collect()
            })
            .collect();
        for (class, row) in self.list.iter().enumerate() {
            let offering = &self.school[row.offering];
            if offering.assistants > 0 {
                for &s in &self.sets.assistants_of[row.offering.index()] {
                    if self.school.staff_free[(s, row.block)] && self.school[s].works_at(row.site) {
                        duties[s.index()][row.block.index()].push(Duty {
                            class: class as u32,
                            assists: true,
                            worth: self.wished(s, school::Duty::Assist),
                        });
                    }
                }
            }
        }
        duties
    }

    fn wished(&self, staff: StaffId, duty: school::Duty) -> f64 {
        self.wishes.map_or(0.0, |worth| worth.of_duty(staff, duty))
    }

    /// Unit of the leads of each class.
    pub fn lead_units(&self) -> Vec<Option<UnitId>> {
        self.leads.iter().map(|lead| lead.unit).collect()
    }

    pub fn into_list(self) -> Vec<Class> {
        self.list
    }
}
