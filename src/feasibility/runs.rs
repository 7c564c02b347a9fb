//! In which block each offering could run, looked at by itself.

use crate::school::{BlockId, Grid, Id, OfferingId, PlaceId, School, Staff, StaffId};

/// Who may lead, and what may hold, each offering.
pub struct Runs {
    leads: Vec<Vec<StaffId>>,
    places: Vec<Vec<PlaceId>>,
    /// Whether the kind of the block, a lead and a place allow it.
    pub possible: Grid<OfferingId, BlockId, bool>,
}

/// How far an offering gets; the first obstacle that no staff, block or place overcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    NoOffering,
    NoBlock,
    NobodyQualified,
    NoPlace,
    NeverTogether,
}

impl Runs {
    pub fn new(school: &School) -> Self {
        let leads = school.offering_ids().map(|offering| school.leads_of(offering)).collect();
        let places: Vec<Vec<PlaceId>> = (school.offerings.iter())
            .map(|offering| school.place_ids().filter(|&place| school[place].may_hold(offering)).collect())
            .collect();
        let possible = Grid::filled(school.offerings.len(), school.blocks.len(), false);
        let mut runs = Self { leads, places, possible };
        for offering in school.offering_ids() {
            for block in school.block_ids() {
                let (leads, places) = (runs.leads(offering), runs.places(offering));
                let possible = Self::possible_with(school, offering, block, leads, places);
                runs.possible[(offering, block)] = possible;
            }
        }
        runs
    }

    pub fn leads(&self, offering: OfferingId) -> &[StaffId] {
        &self.leads[offering.index()]
    }

    pub fn places(&self, offering: OfferingId) -> &[PlaceId] {
        &self.places[offering.index()]
    }

    /// Whether the offering could run in the block with one of these leads at one of these places; the latter do not
    /// matter online.
    pub fn possible_with(
        school: &School,
        offering: OfferingId,
        block: BlockId,
        leads: &[StaffId],
        places: &[PlaceId],
    ) -> bool {
        if !school[offering].runs_in(&school[block]) {
            return false;
        }
        let leads = || leads.iter().filter(|lead| school.staff_free[(**lead, block)]);
        if school[offering].online {
            return leads().next().is_some();
        }
        let places = places.iter().filter(|place| school.place_free[(**place, block)]);
        places.copied().any(|place| leads().any(|&lead| school.may_lead_in(lead, place)))
    }

    /// Why the offering runs in no block with a lead of `lead_ok`.
    pub fn obstacle(
        &self,
        school: &School,
        offering: OfferingId,
        lead_ok: impl Fn(&Staff) -> bool,
    ) -> Obstacle {
        let kinds = &school[offering].kinds;
        if !school.blocks.iter().any(|block| kinds.contains(&block.kind)) {
            Obstacle::NoBlock
        } else if !self.leads(offering).iter().any(|&staff| lead_ok(&school[staff])) {
            Obstacle::NobodyQualified
        } else if !school[offering].online && self.places(offering).is_empty() {
            Obstacle::NoPlace
        } else {
            Obstacle::NeverTogether
        }
    }
}

/// Most students in one session.
pub fn largest_session(school: &School, runs: &Runs, offering: OfferingId) -> u32 {
    let row = &school[offering];
    let seats = runs.places(offering).iter().map(|&place| school[place].seats);
    row.most_students(row.assistants, if row.online { u32::MAX } else { seats.max().unwrap_or(0) })
}
