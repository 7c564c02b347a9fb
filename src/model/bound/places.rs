//! Places in the relaxation: offerings that only some places suit share them (R2).
//!
//! For every set P of places of one site that is the choice of some offering, and every block b:
//!
//! ```text
//! places  π_{P,b} ≥ 0   sum of sessions at b of offerings whose places lie in P ≤ sum of parallel_p over p in P
//! rooms   χ_{P,b} ≥ 0   sum of students in them                                 ≤ sum of seats_p over p in P
//! ```
//!
//! Source: the condition of Hall (1935) for the sets that offerings choose from; its other sets are left out.

use std::collections::HashMap;

use super::classes::Class;
use crate::model::sets::Sets;
use crate::school::*;

/// Rows that classes share by their places.
#[derive(Debug, Default)]
pub struct Rooms {
    /// Per row: sessions at once.
    pub parallel: Vec<f64>,
    /// Per row: students at once; infinite where sessions alone fill no place beyond its seats.
    pub seats: Vec<f64>,
    /// Per class: its rows.
    pub of_class: Vec<Vec<u32>>,
}

impl Rooms {
    pub fn new(school: &School, sets: &Sets, classes: &[Class]) -> Self {
        let at = |class: &Class| -> Vec<PlaceId> {
            let places = sets.places_of[class.offering.index()].iter().copied();
            places.filter(|&p| school[p].site == class.site && school.place_free[(p, class.block)]).collect()
        };
        let chosen: Vec<Vec<PlaceId>> = classes
            .iter()
            .map(|class| if school[class.offering].online { Vec::new() } else { at(class) })
            .collect();
        let mut rooms = Self { of_class: vec![Vec::new(); classes.len()], ..Self::default() };
        let mut rows: HashMap<(BlockId, &[PlaceId]), u32> = HashMap::new();
        let mut together: HashMap<(BlockId, Option<SiteId>), Vec<u32>> = HashMap::new();
        let mut places_of_row: Vec<&[PlaceId]> = Vec::new();
        for (class, places) in classes.iter().zip(&chosen).filter(|(_, places)| !places.is_empty()) {
            rows.entry((class.block, places)).or_insert_with(|| {
                let row = rooms.parallel.len() as u32;
                rooms.parallel.push(places.iter().map(|&p| f64::from(school[p].parallel)).sum());
                let shared = places.iter().any(|&p| school[p].parallel > 1);
                let seats = places.iter().map(|&p| f64::from(school[p].seats)).sum();
                rooms.seats.push(if shared { seats } else { f64::INFINITY });
                together.entry((class.block, class.site)).or_default().push(row);
                places_of_row.push(places);
                row
            });
        }
        for ((class, places), of_class) in classes.iter().zip(&chosen).zip(&mut rooms.of_class) {
            let rows = together.get(&(class.block, class.site)).filter(|_| !places.is_empty());
            let around = |&&row: &&u32| within(places, places_of_row[row as usize]);
            of_class.extend(rows.into_iter().flatten().filter(around));
        }
        rooms
    }
}

/// Whether all of the one are in the other; both in order.
fn within(part: &[PlaceId], whole: &[PlaceId]) -> bool {
    part.iter().all(|p| whole.binary_search(p).is_ok())
}
