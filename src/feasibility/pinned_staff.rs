//! R1, R8: pins that could hold one by one, but whose leads are too few, cost more than a budget, or leave no
//! reserve.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::rules::r8_staff::{Standby, affords, asks_for_reserve};
use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{BlockId, Budget, OfferingId, Pin, PinKind, PlaceId, ReserveGroup, School, StaffId};

use super::packages::least_cost;
use super::runs::Runs;

pub fn report(school: &School, runs: &Runs, origins: &Origins, problems: &mut Problems) {
    if school.demanding_pins().next().is_none() {
        return;
    }
    for budget in &school.budgets {
        report_budget(school, runs, budget, origins, problems);
    }
    let mut sessions = Sessions::new();
    for (index, pin, block, offering) in demanding(school) {
        sessions.entry(block).or_default().entry(offering).or_default().add(index, pin);
    }
    for (&block, of_block) in &sessions {
        report_leads(school, runs, &sessions, (block, of_block), origins, problems);
    }
    if asks_for_reserve(school) {
        report_reserve(school, &sessions, origins, problems);
    }
}

type Sessions = BTreeMap<BlockId, BTreeMap<OfferingId, Demanded>>;

/// The sessions that pins demand of one offering in one block.
#[derive(Default)]
struct Demanded {
    staff: BTreeSet<StaffId>,
    places: BTreeSet<PlaceId>,
    /// The last of the pins.
    last: usize,
}

impl Demanded {
    fn add(&mut self, index: usize, pin: &Pin) {
        self.staff.extend(pin.staff);
        self.places.extend(pin.place);
        self.last = index;
    }

    /// Sessions that somebody leads whom no pin names. A pin that leaves staff or place open may be met by the
    /// session of another.
    fn open_leads(&self) -> usize {
        self.places.len().max(1).saturating_sub(self.staff.len())
    }
}

/// The demanding pins with block and offering, and where they stand.
fn demanding(school: &School) -> impl Iterator<Item = (usize, &Pin, BlockId, OfferingId)> {
    let all = school.pins.iter().enumerate().filter(|(_, pin)| pin.kind != PinKind::Ban);
    all.filter_map(|(index, pin)| Some((index, pin, pin.block?, pin.offering?)))
}

/// What is demanded in the blocks that share a moment with this one.
fn at_once<'s>(
    school: &School,
    sessions: &'s Sessions,
    block: BlockId,
) -> impl Iterator<Item = (BlockId, &'s Demanded)> {
    let overlapping = sessions.iter().filter(move |&(&other, _)| school[block].overlaps(&school[other]));
    overlapping.flat_map(|(&other, of)| of.values().map(move |demanded| (other, demanded)))
}

fn field(pin: &Pin) -> &'static str {
    if pin.staff.is_some() { "staff" } else { "offering" }
}

fn report_budget(school: &School, runs: &Runs, budget: &Budget, origins: &Origins, problems: &mut Problems) {
    let cost = |staff: StaffId| {
        if budget.covers(school, staff) { school[staff].cost } else { 0.0 }
    };
    let mut sessions: HashMap<(BlockId, OfferingId), (Demanded, f64)> = HashMap::new();
    let packages: f64 = school.package_ids().map(|package| least_cost(school, budget, package)).sum();
    let mut total = packages;
    for (index, pin, block, offering) in demanding(school) {
        let (demanded, before) = sessions.entry((block, offering)).or_default();
        demanded.add(index, pin);
        let mut now: f64 = demanded.staff.iter().map(|&staff| cost(staff)).sum();
        if demanded.open_leads() > 0 {
            let free = runs.leads(offering).iter().filter(|&&lead| school.staff_free[(lead, block)]);
            let cheapest = free.map(|&lead| cost(lead)).min_by(f64::total_cmp).unwrap_or(0.0);
            now += cheapest * demanded.open_leads() as f64;
        }
        total += now - *before;
        *before = now;
        if !affords(budget.cost, total) {
            let problem = over_budget(school, budget, total, packages);
            origins.pins.report(index, field(pin), problem, problems);
            return;
        }
    }
}

fn over_budget(school: &School, budget: &Budget, total: f64, packages: f64) -> Problem {
    let whose = budget.whose(school);
    Problem::error("impossible-pin", format!("pinned sessions cost more than the budget of {whose}"))
        .rule("R8")
        .found(format!(
            "{total:.2} a week for the leads of the pins up to this line{}, the budget is {:.2}",
            if packages > 0.0 { " and for packages" } else { "" },
            budget.cost
        ))
        .expected("pinned sessions that the budget pays for")
        .help("take a pin out, name staff who cost less, or raise the budget in school.toml")
}

/// Sessions of one block for which pins leave the lead open, with fewer leads than sessions.
fn report_leads(
    school: &School,
    runs: &Runs,
    sessions: &Sessions,
    (block, of_block): (BlockId, &BTreeMap<OfferingId, Demanded>),
    origins: &Origins,
    problems: &mut Problems,
) {
    let named: BTreeSet<StaffId> =
        at_once(school, sessions, block).flat_map(|(_, demanded)| &demanded.staff).copied().collect();
    let mut led: HashMap<StaffId, usize> = HashMap::new();
    let mut open: Vec<Vec<StaffId>> = Vec::new();
    for (&offering, demanded) in of_block {
        let free = runs.leads(offering).iter().copied().filter(|&lead| school.staff_free[(lead, block)]);
        let free: Vec<StaffId> = free.collect();
        // That nobody at all can lead it is told of each pin.
        if free.is_empty() {
            continue;
        }
        for _ in 0..demanded.open_leads() {
            open.push(free.iter().copied().filter(|lead| !named.contains(lead)).collect());
            let session = open.len() - 1;
            if !find_lead(&open, session, &mut led, &mut HashSet::new()) {
                let pin = &school.pins[demanded.last];
                let problem = Problem::error(
                    "impossible-pin",
                    format!("too few people can lead what is pinned in block `{}`", school[block].id),
                )
                .rule("R1")
                .found(format!(
                    "nobody is left for `{}` beside {} who lead other pinned sessions then",
                    school[offering].id,
                    named.len() + led.len()
                ))
                .expected("somebody of their own for every pinned session")
                .help("pin one of them to another block, qualify someone, or shorten busy times");
                origins.pins.report(demanded.last, field(pin), problem, problems);
                return;
            }
        }
    }
}

/// Finds somebody for the session, if need be by giving the sessions of others to someone else.
fn find_lead(
    open: &[Vec<StaffId>],
    session: usize,
    led: &mut HashMap<StaffId, usize>,
    asked: &mut HashSet<StaffId>,
) -> bool {
    for &lead in &open[session] {
        if !asked.insert(lead) {
            continue;
        }
        let is_free = match led.get(&lead) {
            None => true,
            Some(&other) => find_lead(open, other, led, asked),
        };
        if is_free {
            led.insert(lead, session);
            return true;
        }
    }
    false
}

fn report_reserve(school: &School, sessions: &Sessions, origins: &Origins, problems: &mut Problems) {
    let standby = Standby::new(school);
    for (demand, block) in (0..standby.demands.len()).flat_map(|d| school.block_ids().map(move |b| (d, b))) {
        let asked = &standby.demands[demand];
        let of_all = ReserveGroup { people: asked.people, ..ReserveGroup::default() } == *asked;
        let able: BTreeSet<StaffId> =
            school.staff_ids().filter(|&staff| standby.could(school, demand, staff, block)).collect();
        let wanted = school.reserve_in(block, asked.people) as usize;
        let mut named: BTreeSet<StaffId> = BTreeSet::new();
        let (mut open, mut last) = (0, None);
        for (other, demanded) in at_once(school, sessions, block) {
            named.extend(demanded.staff.intersection(&able));
            // Who leads in another block at that time may be busy in this one, and anybody may be of no group.
            open += if other == block && of_all { demanded.open_leads() } else { 0 };
            last = last.max(Some(demanded.last));
        }
        let left = able.len().saturating_sub(named.len() + open);
        let Some(last) = last.filter(|_| left < wanted && wanted <= able.len()) else { continue };
        let (what, key) = (school.reserve_told(asked), if of_all { "staff_per_block" } else { "people" });
        let problem = Problem::error(
            "impossible-pin",
            format!("pins leave too few people for the reserve in block `{}`", school[block].id),
        )
        .rule("R8")
        .found(format!(
            "{} staff could stand by then, pinned sessions take {}, a reserve of {wanted}{what} is asked for",
            able.len(),
            named.len() + open
        ))
        .expected(format!("at least {wanted} people{what} who are neither busy nor deployed in every block"))
        .help(format!("take a pin out, move it to another block, or lower `{key}` to {left}"));
        origins.pins.report(last, field(&school.pins[last]), problem, problems);
    }
}
