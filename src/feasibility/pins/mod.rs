//! Pins that cannot hold: against busy times, audiences, qualifications, places, needs, bans, other pins.

mod clash;
mod one;
mod people;
mod places;

use std::collections::HashMap;

use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{BlockId, OfferingId, PinKind, PlaceId, School, StaffId, StudentId};

use super::runs::Runs;

use clash::Clash;
use one::Pinned;

pub fn report(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    let mut add = |index: usize, clash: Clash| {
        let problem = Problem::error("impossible-pin", clash.message)
            .rule(clash.rule)
            .found(clash.found)
            .expected("a pin that can hold")
            .help(clash.help);
        origins.pins.report(index, clash.column, problem, problems);
    };
    let mut wanting = Wanting::default();
    for (index, pin) in school.pins.iter().enumerate() {
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { continue };
        if pin.kind == PinKind::Ban {
            continue;
        }
        let pinned = Pinned { school, runs, pin, block, offering };
        let clashes = [pinned.kind(), pinned.lead(), pinned.place(), pinned.student(), pinned.site()];
        let wanting = wanting.students(school, offering);
        let clashes = clashes.into_iter().chain([pinned.too_few(wanting)]).flatten();
        let clashes: Vec<Clash> = clashes.collect();
        if clashes.is_empty() {
            pinned.too_few_at_once(wanting).into_iter().for_each(|clash| add(index, clash));
        }
        clashes.into_iter().for_each(|clash| add(index, clash));
    }
    report_bans(school, &mut add);
    people::report_students(school, &mut add);
    people::report_staff(school, &mut add);
    places::report(school, &mut add);
}

/// The students who need each offering, collected when first asked for.
#[derive(Default)]
struct Wanting {
    by_offering: HashMap<OfferingId, Vec<StudentId>>,
}

impl Wanting {
    fn students(&mut self, school: &School, offering: OfferingId) -> &[StudentId] {
        self.by_offering.entry(offering).or_insert_with(|| {
            let mut students: Vec<StudentId> = (school.needs.iter())
                .filter(|need| school[offering].meets_one_of(&need.subjects))
                .map(|need| need.student)
                .collect();
            students.dedup();
            students
        })
    }
}

type Cells = (Option<BlockId>, Option<OfferingId>, Option<StaffId>, Option<PlaceId>, Option<StudentId>);

/// Pins that have all the cells of a ban.
fn report_bans(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let bans: HashMap<Cells, u64> = (school.pins.iter().rev())
        .filter(|pin| pin.kind == PinKind::Ban)
        .map(|pin| ((pin.block, pin.offering, pin.staff, pin.place, pin.student), pin.line))
        .collect();
    if bans.is_empty() {
        return;
    }
    for (index, pin) in school.pins.iter().enumerate().filter(|(_, pin)| pin.kind != PinKind::Ban) {
        let banned = (0..32).find_map(|mask: u32| {
            let keep = |bit: u32| mask & (1 << bit) != 0;
            bans.get(&(
                pin.block.filter(|_| keep(0)),
                pin.offering.filter(|_| keep(1)),
                pin.staff.filter(|_| keep(2)),
                pin.place.filter(|_| keep(3)),
                pin.student.filter(|_| keep(4)),
            ))
        });
        if let Some(line) = banned {
            let message = "what this row pins, another bans".to_owned();
            let found = format!("a `ban` on line {line}");
            add(index, Clash::new("kind", "R8", message, found, "take one of the two rows out"));
        }
    }
}
