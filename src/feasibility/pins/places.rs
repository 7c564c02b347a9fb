//! Pins of one place against each other.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::school::{BlockId, OfferingId, PinKind, PlaceId, School, StaffId};

use super::clash::Clash;

/// For each offering the leads that pins name; `None` where they leave the lead open.
type Leads = HashMap<OfferingId, HashSet<Option<StaffId>>>;

/// Sessions pinned to one place at one time.
pub fn report(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let mut sessions: HashMap<PlaceId, BTreeMap<BlockId, Leads>> = HashMap::new();
    for (index, pin) in school.pins.iter().enumerate().filter(|(_, pin)| pin.kind != PinKind::Ban) {
        let (Some(place), Some(block), Some(offering)) = (pin.place, pin.block, pin.offering) else {
            continue;
        };
        let here = sessions.entry(place).or_default();
        let of_block = here.entry(block).or_default();
        let is_new = of_block.entry(offering).or_default().insert(pin.staff);
        let most = school[place].parallel as usize;
        // Of blocks that overlap, the start of one is when most of them are on.
        let starts = here.keys().map(|&other| &school[other]).filter(|other| other.overlaps(&school[block]));
        let starts = starts.map(|other| other.start.max(school[block].start));
        let least = starts.map(|start| least_at(school, here, block, start)).max().unwrap_or(0);
        if is_new && least == most + 1 {
            add(
                index,
                Clash::new(
                    "place",
                    "R2",
                    format!(
                        "too many sessions are pinned to `{}` in block `{}`",
                        school[place].id, school[block].id
                    ),
                    format!("{least} sessions, `parallel` is {most}"),
                    "name another place, or raise `parallel` in places.csv",
                ),
            );
        }
    }
}

/// The fewest sessions of a place at the moment `start` of the block's day.
fn least_at(school: &School, sessions: &BTreeMap<BlockId, Leads>, block: BlockId, start: u16) -> usize {
    let on = |other: &BlockId| {
        let other = &school[*other];
        other.day == school[block].day && other.start <= start && start < other.end
    };
    // A pin without staff may be met by the session of one with staff.
    let of_block =
        |leads: &Leads| -> usize { leads.values().map(|leads| leads.iter().flatten().count().max(1)).sum() };
    sessions.iter().filter(|(other, _)| on(other)).map(|(_, leads)| of_block(leads)).sum()
}
