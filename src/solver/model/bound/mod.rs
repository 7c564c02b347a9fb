//! A bound on the total of every schedule of a school of any size, without an engine: Lagrangian relaxation (Held and
//! Karp 1971). Rows that tie people together get a price instead of being kept. What is left falls apart: every student
//! is a flow from needs to blocks ([`student`]), every member of staff a choice of blocks within their limits
//! ([`staff`], [`week`]). The sum of their best values at any prices is a bound; prices move so that it falls, by the
//! volume algorithm ([`volume`]).
//!
//! Sets: students i, needs n, staff s, classes c = (offering, block, site, lead class). Rows with a price:
//!
//! ```text
//! seats     λ_c ≥ 0     sum_{i,n} x[i,n,c] ≤ sum_s seats_c y[s,c] + what assistants add   for every c
//! least     α_c ≥ 0     min_o sum_s y[s,c] ≤ sum_{i,n} x[i,n,c]      where few could come
//! assisted  ζ_c ≥ 0     assistants in c ≤ assistants_o sum_s y[s,c]
//! cuts      μ_r ≥ 0     sum x of the needs of r in o - rest_r Y_o ≤ D_r - rest_r ⌈D_r/M⌉  for some (o, r)
//! coached   ν_k ≥ 0     students in groups of the coaches of k ≤ students of k, k a set of coaching keys
//!                       that share coaches
//! study     ψ_{g,b} ≥ 0 students at study at site g in block b ≤ seats x supervisors there
//! budgets   β_q ≥ 0     sum of cost of the blocks worked and carried ≤ budget_q
//! reserve   ρ_b ≥ 0     staff at work in b ≤ staff free in b - staff_per_block
//! places, rooms         sessions, meetings and study at once, and the students in them ([`places`])
//! links                 a student is in a session only as far as it is held ([`links`])
//! student               `per_day` and `after` of one student ([`student_rows`])
//! ```
//!
//! Kept where they need no price: blocks at one time for a student, `max_in_a_row`, at most `meetings` a group, general
//! bans, and that offerings which fewer could attend than `min` are never held.
//!
//! Left out: pairs, pins that demand something, travel, `max_days`, bans of assistants, and which place of several a
//! session has.
//! To leave a rule out lets more schedules through, and a price at or above 0 only ever adds to the value of a schedule
//! that holds its row: so no schedule is ever above the bound.

mod classes;
mod links;
mod places;
mod quick;
mod staff;
mod student;
mod student_rows;
mod volume;
mod week;

use std::collections::{BTreeMap, HashMap};

pub use quick::quick;
pub use volume::DualState;

use classes::{Arc, Class, Classes, MirCut, TypeKey};
use links::Links;
use places::Rooms;
use student_rows::StudentRows;
use volume::{Answer, KINDS, Prices};

use crate::model::rules::r8_staff;
use crate::model::sets::Sets;
use crate::parallel::join;
use crate::school::{
    Bans, BlockId, CoachingKey, Deployment, Fill, Id, Need, Offering, OfferingId, Priority, School, StaffId,
    StudentId, UnitId, WishWorth,
};

/// Steps before there is a schedule.
const MOST_STEPS: usize = 60;
const FEWEST_STEPS: usize = 15;
/// A link is short of a part of a seat where seats are short of many: its price needs the longer steps.
const LINK_SCALE: f64 = 5.0;
/// Times the least number of students, up to which those who could come may decide whether a session is held.
const FEW_ASKERS: f64 = 4.0;
/// Sessions that an offering may have for there to be a row for its least number.
const FEW_SESSIONS: f64 = 4.0;
/// Steps x students from which on there are fewer.
const FIRST_EFFORT: usize = 600_000;

/// The relaxation of one school: prices go in, a bound and a direction come out.
#[derive(Debug)]
pub struct Relaxation<'a> {
    school: &'a School,
    classes: Vec<Class>,
    links: Links,
    rooms: Rooms,
    student_rows: StudentRows,
    /// Per block: the first of the blocks at one time, in only one of which a student can be.
    time_of: Vec<usize>,
    /// Per block: those that follow it in a row.
    next_in_a_row: Vec<Vec<BlockId>>,
    /// Rows for least numbers of students, and for the most assistants.
    least: usize,
    assisted: usize,
    priority_of_type: Vec<Priority>,
    unit_of_type: Vec<Option<UnitId>>,
    /// Per need: its type.
    type_of: Vec<u32>,
    cuts: Vec<MirCut>,
    /// Per class: its cuts.
    cuts_of: Vec<Vec<u32>>,
    /// Per staff member and block: what they can bring about.
    duties: Vec<Vec<Vec<staff::Duty>>>,
    /// Per set of coaching keys (values of `group_by` and the site) that share coaches: its students.
    coached: Vec<f64>,
    /// Per coach: the set whose students they may coach, with those who would keep them.
    coaches: Vec<Option<(u32, f64)>>,
    /// Per site (last: students without a site) and block: most seats of one study session; 0 where no
    /// study can be.
    study_seats: Vec<Vec<f64>>,
    /// Whether some place has no site, so that students of every site can come.
    open_to_all: bool,
    /// Per budget: whether it covers the staff member.
    in_budget: Vec<Vec<bool>>,
    /// Per block: staff who may work at once.
    deployable: Vec<f64>,
    constant: f64,
    integral: bool,
    wishes: Option<WishWorth>,
}

impl<'a> Relaxation<'a> {
    pub fn new(school: &'a School, sets: &Sets) -> Self {
        let bans = Bans::new(school);
        let wishes = WishWorth::new(school);
        let classes = Classes::new(school, sets, &bans, wishes.as_ref());
        let mut types: HashMap<TypeKey, u32> = HashMap::new();
        let mut arcs = Vec::new();
        let mut priority_of_type = Vec::new();
        let mut unit_of_type = Vec::new();
        let mut type_of = Vec::with_capacity(school.needs.len());
        for need in school.need_ids() {
            let key = classes.type_key(need);
            let next = types.len() as u32;
            let id = *types.entry(key.clone()).or_insert_with(|| {
                arcs.push(classes.arcs(&key));
                priority_of_type.push(key.priority);
                unit_of_type.push(key.unit);
                next
            });
            type_of.push(id);
        }
        let mut duties = classes.duties();
        let lead_units = classes.lead_units();
        let mut classes = classes.into_list();
        let reach = reach(school, &bans, &classes, &arcs, &type_of);
        close_classes(school, &classes, &reach, &mut arcs, &mut duties);
        for (class, &reach) in classes.iter_mut().zip(&reach) {
            class.seats = class.seats.min(reach);
        }
        let (least, assisted) = number_rows(school, &mut classes, &reach);
        let ((cuts, cuts_of, rooms, coached), links) = join(
            || {
                let (cuts, of_class) = cuts(school, sets, &classes, &lead_units);
                let mut rooms = Rooms::new(school, sets, &bans, &classes);
                few_sessions(school, sets, &classes, &reach, &mut rooms);
                (cuts, of_class, rooms, coaching(school, sets))
            },
            || Links::new(school, &bans, classes.len(), arcs, &type_of),
        );
        let student_rows = StudentRows::new(school, &links);
        let weights = &school.weights;
        let integral = [
            weights.must,
            weights.should,
            weights.could,
            weights.coach_kept,
            weights.staff_asked,
            weights.likes,
            weights.wishes,
            weights.own_unit,
            weights.fairness,
        ]
        .iter()
        .all(|weight| weight.fract() == 0.0);
        Self {
            school,
            classes,
            links,
            rooms,
            student_rows,
            time_of: times(school),
            next_in_a_row: sets.next_in_a_row.clone(),
            least,
            assisted,
            priority_of_type,
            unit_of_type,
            type_of,
            cuts,
            cuts_of,
            duties,
            coached: coached.students,
            coaches: coached.coaches,
            study_seats: study_seats(school),
            open_to_all: school.places.iter().any(|place| place.site.is_none()),
            in_budget: school
                .budgets
                .iter()
                .map(|budget| school.staff_ids().map(|staff| budget.covers(school, staff)).collect())
                .collect(),
            deployable: deployable(school),
            constant: -weights.should * coached.wanted,
            integral,
            wishes,
        }
    }

    /// What a student's whole week of meetings is worth.
    fn group_worth(&self) -> f64 {
        let meetings = self.school.coaching.as_ref().map_or(0, |coaching| coaching.meetings);
        self.school.weights.should * f64::from(meetings)
    }

    /// Prices of nothing, but for groups, whose price is never near 0.
    pub fn start(&self) -> DualState {
        DualState::new(Prices {
            seats: vec![0.0; self.classes.len()],
            cuts: vec![0.0; self.cuts.len()],
            coached: self.coached.iter().map(|_| self.group_worth() * 0.5).collect(),
            study: vec![0.0; (self.school.sites.len() + 1) * self.school.blocks.len()],
            budgets: vec![0.0; self.school.budgets.len()],
            reserve: vec![0.0; self.school.blocks.len()],
            places: vec![0.0; self.rooms.parallel.len()],
            rooms: vec![0.0; self.rooms.lines.len()],
            links: vec![0.0; self.links.count()],
            least: vec![0.0; self.least],
            assisted: vec![0.0; self.assisted],
            student: vec![0.0; self.student_rows.level.len()],
        })
    }

    /// First prices, from which the start solution is built; there is no total yet to aim at.
    pub fn first_steps(&self, dual: &mut DualState, threads: usize, go_on: impl Fn() -> bool + Sync) {
        let students = self.school.students.len().max(1);
        let steps = (FIRST_EFFORT / students).clamp(FEWEST_STEPS, MOST_STEPS);
        self.descend(dual, f64::NEG_INFINITY, steps, threads, |_| go_on());
    }

    /// Goes on lowering the bound by the volume algorithm (Barahona and Anbil 2000); `target` is the total of
    /// a known schedule, `go_on` is asked now and then, with the best bound so far.
    pub fn descend(
        &self,
        dual: &mut DualState,
        target: f64,
        steps: usize,
        threads: usize,
        go_on: impl Fn(f64) -> bool + Sync,
    ) {
        let (scale, stake) = (self.scale(), self.stake());
        for _ in 0..steps {
            let prices = dual.next_prices(target, stake, &scale);
            let bound = dual.bound;
            let Some(answer) = self.answer(&prices, threads, &|| go_on(self.rounded(bound))) else { break };
            dual.take(prices, answer, &scale);
            if !go_on(self.rounded(dual.bound)) || dual.bound <= target + 1e-6 || dual.length < 1e-6 {
                break;
            }
        }
    }

    /// What the best and the worst schedule could differ by: needs and fairness.
    fn stake(&self) -> f64 {
        let school = self.school;
        let needs =
            school.needs.iter().map(|need| f64::from(need.sessions) * school.weights.priority(need.priority));
        let unmet = |student: StudentId| {
            let asked = school.needs_of(student).map(|need| &school[need]);
            let asked = asked.filter(|need| need.priority.counts_for_fairness()).map(|need| need.sessions);
            let (before, all) =
                (school[student].missed_before, school[student].missed_before + asked.sum::<u32>());
            let loss = |unmet: u32| f64::from(unmet) * (f64::from(unmet) - 1.0) / 2.0;
            loss(all) - loss(before)
        };
        needs.sum::<f64>() + school.weights.fairness * school.student_ids().map(unmet).sum::<f64>()
    }

    /// Squared worth of a unit of each kind of row in seats, so that one step suits all prices.
    fn scale(&self) -> [f64; KINDS] {
        let offerings = self.school.offerings.len().max(1) as f64;
        let seats = self.school.offerings.iter().map(|o| f64::from(o.max)).sum::<f64>() / offerings;
        let staff = self.school.staff.len().max(1) as f64;
        let cost = (self.school.staff.iter().map(|s| s.cost).sum::<f64>() / staff).max(1e-3);
        let meetings = self.school.coaching.as_ref().map_or(1.0, |coaching| f64::from(coaching.meetings));
        let session = seats * seats;
        [
            1.0,
            1.0,
            meetings * meetings,
            1.0,
            (seats / cost).powi(2),
            session,
            session,
            1.0,
            LINK_SCALE,
            1.0,
            session,
            LINK_SCALE,
        ]
    }

    /// What one more seat is worth by the prices: λ of each class, with its offering and block.
    pub fn seat_prices(&self, dual: &DualState) -> Vec<(OfferingId, BlockId, f64)> {
        let prices = self.classes.iter().zip(&dual.prices.seats);
        prices.map(|(class, &price)| (class.offering, class.block, price)).collect()
    }

    /// What one more of each budget is worth by the prices: β.
    pub fn budget_prices<'d>(&self, dual: &'d DualState) -> &'d [f64] {
        &dual.prices.budgets
    }

    /// Totals are whole numbers when all weights are.
    pub fn rounded(&self, bound: f64) -> f64 {
        if self.integral { (bound + 1e-6).floor() } else { bound }
    }

    /// Whether attendances of needs of the type count in the cut.
    fn counts(&self, ty: usize, cut: &MirCut) -> bool {
        self.priority_of_type[ty] <= cut.lowest && (cut.unit.is_none() || cut.unit == self.unit_of_type[ty])
    }

    /// `None` if `go_on` ends it.
    fn answer(&self, prices: &Prices, threads: usize, go_on: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
        let table = self.price_table(prices);
        let students = self.school.students.len();
        let chunk = students.div_ceil(threads.max(1)).max(1);
        let starts: Vec<usize> = (0..students).step_by(chunk).collect();
        let parts: Option<Vec<student::Choices>> = std::thread::scope(|scope| {
            let workers: Vec<_> = starts
                .iter()
                .map(|&from| {
                    let table = &table;
                    let range = from..(from + chunk).min(students);
                    scope.spawn(move || student::choose(self, table, prices, range, go_on))
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().ok().flatten()).collect()
        });
        let parts = parts?;
        let mut subgradient = Prices {
            seats: vec![0.0; self.classes.len()],
            cuts: self.cuts.iter().map(|cut| cut.level).collect(),
            coached: self.coached.clone(),
            study: vec![0.0; prices.study.len()],
            budgets: self.school.budgets.iter().map(|budget| budget.cost).collect(),
            reserve: self.deployable.clone(),
            places: self.rooms.parallel.clone(),
            rooms: self.rooms.lines.iter().map(|line| line.level).collect(),
            links: vec![0.0; prices.links.len()],
            least: vec![0.0; prices.least.len()],
            assisted: vec![0.0; prices.assisted.len()],
            student: self.student_rows.level.clone(),
        };
        let mut value = self.constant
            + dot(&subgradient.cuts, &prices.cuts)
            + dot(&subgradient.coached, &prices.coached)
            + dot(&subgradient.budgets, &prices.budgets)
            + dot(&subgradient.reserve, &prices.reserve)
            + dot(&subgradient.places, &prices.places)
            + dot(&subgradient.rooms, &prices.rooms)
            + dot(&subgradient.student, &prices.student);
        for part in parts {
            value += part.value;
            let less = |subgradient: &mut [f64], taken: &[f64]| {
                subgradient.iter_mut().zip(taken).for_each(|(subgradient, taken)| *subgradient -= taken);
            };
            less(&mut subgradient.study, &part.study);
            less(&mut subgradient.seats, &part.seats);
            less(&mut subgradient.cuts, &part.cuts);
            less(&mut subgradient.links[part.first_link..], &part.links);
            less(&mut subgradient.student[part.first_row..], &part.student);
        }
        self.count_students(&mut subgradient);
        value += self.staff_value(prices, &mut subgradient);
        Some(Answer { value, subgradient })
    }

    /// What the students in classes and at study are to rows that say so of several: before sessions are counted.
    fn count_students(&self, subgradient: &mut Prices) {
        for ((class, rows), &taken) in self.classes.iter().zip(&self.rooms.of_class).zip(&subgradient.seats) {
            rows.lines.iter().for_each(|&line| subgradient.rooms[line as usize] += taken);
            if let Some(row) = class.least {
                subgradient.least[row as usize] -= taken;
            }
        }
        let studying = self.rooms.of_studying.iter().flatten();
        for (rows, &taken) in studying.zip(&subgradient.study) {
            rows.lines.iter().for_each(|&line| subgradient.rooms[line as usize] += taken);
        }
    }
}

fn dot(levels: &[f64], prices: &[f64]) -> f64 {
    levels.iter().zip(prices).map(|(level, price)| level * price).sum()
}

/// Per class: the students who could ever be in it.
fn reach(
    school: &School,
    bans: &Bans,
    classes: &[Class],
    arcs: &[Vec<Vec<Arc>>],
    type_of: &[u32],
) -> Vec<f64> {
    let mut reach = vec![0.0; classes.len()];
    let mut last = vec![usize::MAX; classes.len()];
    for (need, &ty) in school.needs.iter().zip(type_of) {
        let student = need.student;
        for (block, arcs) in arcs[ty as usize].iter().enumerate() {
            let block = BlockId::new(block);
            if !school.student_free[(student, block)] {
                continue;
            }
            for arc in arcs {
                let attends = Deployment { block, offering: Some(arc.offering), staff: None, place: None };
                let counted = std::mem::replace(&mut last[arc.class as usize], student.index());
                if counted != student.index() && !bans.forbid_student(student, attends) {
                    reach[arc.class as usize] += 1.0;
                }
            }
        }
    }
    reach
}

/// Classes that fewer could attend than have to are never held.
fn close_classes(
    school: &School,
    classes: &[Class],
    reach: &[f64],
    arcs: &mut [Vec<Vec<Arc>>],
    duties: &mut [Vec<Vec<staff::Duty>>],
) {
    let held = |class: u32| {
        let class = class as usize;
        reach[class] >= f64::from(school[classes[class].offering].min)
    };
    arcs.iter_mut().flatten().for_each(|arcs| arcs.retain(|arc| held(arc.class)));
    duties.iter_mut().flatten().for_each(|duties| duties.retain(|duty| held(duty.class)));
}

/// Classes for which a least number of students, or of most assistants, may decide what is best get a row for it.
fn number_rows(school: &School, classes: &mut [Class], reach: &[f64]) -> (usize, usize) {
    let (mut least, mut assisted) = (0, 0);
    let next = |count: &mut usize| {
        *count += 1;
        Some(*count as u32 - 1)
    };
    for (class, &reach) in classes.iter_mut().zip(reach) {
        let offering = &school[class.offering];
        if offering.min > 1 && reach < FEW_ASKERS * f64::from(offering.min) {
            class.least = next(&mut least);
        }
        if offering.assistants > 0 {
            class.assisted = next(&mut assisted);
        }
    }
    (least, assisted)
}

/// Offerings that few ask for have no more sessions, in the week and in each block, than have enough students.
fn few_sessions(school: &School, sets: &Sets, classes: &[Class], reach: &[f64], rooms: &mut Rooms) {
    let mut of_offering: BTreeMap<OfferingId, BTreeMap<BlockId, Vec<usize>>> = BTreeMap::new();
    for (c, class) in classes.iter().enumerate().filter(|(c, _)| reach[*c] > 0.0) {
        of_offering.entry(class.offering).or_default().entry(class.block).or_default().push(c);
    }
    for (offering, blocks) in of_offering {
        let least = f64::from(school[offering].min);
        if least < 2.0 {
            continue;
        }
        let asked = Asked::of(sets.needs_of[offering.index()].iter().map(|&need| &school[need]));
        let sessions = (asked.sessions / least).floor();
        if sessions <= FEW_SESSIONS {
            rooms.limit_sessions(blocks.values().flatten().copied(), sessions);
        }
        for classes in blocks.into_values() {
            // Students who could be in several classes count in each.
            let students = classes.iter().map(|&c| reach[c]).sum::<f64>().min(asked.students);
            let at_once = (students / least).floor();
            if at_once <= FEW_SESSIONS && at_once < sessions {
                rooms.limit_sessions(classes, at_once);
            }
        }
    }
}

/// Per block: the first of the blocks that all overlap, in one of which at most a student is.
fn times(school: &School) -> Vec<usize> {
    let mut times: Vec<Vec<BlockId>> = Vec::new();
    let mut time_of = Vec::with_capacity(school.blocks.len());
    for b in school.block_ids() {
        let block = &school[b];
        let same = |others: &Vec<BlockId>| {
            others.iter().all(|&other| {
                block.overlaps(&school[other])
                    && block.kind.counts_as_presence() == school[other].kind.counts_as_presence()
            })
        };
        match times.iter_mut().find(|others| same(others)) {
            Some(others) => {
                time_of.push(others[0].index());
                others.push(b);
            }
            None => {
                time_of.push(b.index());
                times.push(vec![b]);
            }
        }
    }
    time_of
}

/// What some needs ask together.
struct Asked {
    sessions: f64,
    students: f64,
}

impl Asked {
    /// Needs in the order of their students.
    fn of<'n>(needs: impl Iterator<Item = &'n Need>) -> Self {
        let (mut asked, mut last) = (Self { sessions: 0.0, students: 0.0 }, None);
        for need in needs {
            asked.sessions += f64::from(need.sessions);
            if last.replace(need.student) != Some(need.student) {
                asked.students += 1.0;
            }
        }
        asked
    }
}

/// Integer cut of served ≤ M Y and served ≤ D: for every offering and lowest priority, and for the
/// students of a unit in sessions led by their own unit.
fn cuts(
    school: &School,
    sets: &Sets,
    classes: &[Class],
    lead_units: &[Option<UnitId>],
) -> (Vec<MirCut>, Vec<Vec<u32>>) {
    let mut cuts: Vec<MirCut> = Vec::new();
    let mut of_class = vec![Vec::new(); classes.len()];
    let mut classes_of = vec![Vec::new(); school.offerings.len()];
    for (c, class) in classes.iter().enumerate() {
        classes_of[class.offering.index()].push(c);
    }
    let mut add = |offering: &Offering, members: &[usize], kind: (Priority, Option<UnitId>), asked: Asked| {
        let (lowest, unit) = kind;
        let demand = asked.sessions;
        // Nobody sits in a session twice, and assistants bring seats of their own.
        let extra = f64::from(offering.assistants) * f64::from(offering.per_assistant);
        let seats =
            (members.iter().map(|&c| classes[c].seats).fold(0.0, f64::max) + extra).min(asked.students);
        if seats < 1.0 || demand < 1.0 {
            return;
        }
        let sessions = (demand / seats).ceil();
        let rest = demand - seats * (sessions - 1.0);
        if rest < seats {
            for &c in members {
                of_class[c].push(cuts.len() as u32);
            }
            cuts.push(MirCut { lowest, unit, rest, level: demand - rest * sessions });
        }
    };
    for offering in school.offering_ids() {
        let members = &classes_of[offering.index()];
        let needs = || sets.needs_of[offering.index()].iter().map(|&need| &school[need]);
        let mut before = 0.0;
        for lowest in Priority::ALL {
            let asked = Asked::of(needs().filter(|need| need.priority <= lowest));
            if asked.sessions != before {
                before = asked.sessions;
                add(&school[offering], members, (lowest, None), asked);
            }
        }
        let mut led_by: BTreeMap<UnitId, (Vec<usize>, Vec<&Need>)> = BTreeMap::new();
        for &c in members {
            lead_units[c].iter().for_each(|&unit| led_by.entry(unit).or_default().0.push(c));
        }
        for need in needs() {
            let unit = school[need.student].unit;
            unit.and_then(|unit| led_by.get_mut(&unit)).into_iter().for_each(|(_, needs)| needs.push(need));
        }
        for (unit, (of_unit, needs)) in led_by {
            let asked = Asked::of(needs.into_iter());
            add(&school[offering], &of_unit, (Priority::Could, Some(unit)), asked);
        }
    }
    (cuts, of_class)
}

/// What the relaxation knows of coaching.
#[derive(Default)]
struct Coached {
    /// Per set of coaching keys that share coaches: its students.
    students: Vec<f64>,
    /// Per staff member: the set whose students they may coach, with those who would keep them.
    coaches: Vec<Option<(u32, f64)>>,
    /// Meetings that all students together should have.
    wanted: f64,
}

fn coaching(school: &School, sets: &Sets) -> Coached {
    let mut coaches = vec![None; school.staff.len()];
    if school.coaching.is_none() {
        return Coached { coaches, ..Coached::default() };
    }
    let mut keys: Vec<(CoachingKey, Vec<StudentId>)> = Vec::new();
    let mut index: HashMap<CoachingKey, usize> = HashMap::new();
    let mut wanted = 0;
    for i in school.student_ids().filter(|&i| school.is_coached(i)) {
        wanted += school.meetings_wanted(i);
        let key = school.coaching_key(i);
        let at = *index.entry(key.clone()).or_insert_with(|| {
            keys.push((key, Vec::new()));
            keys.len() - 1
        });
        keys[at].1.push(i);
    }
    let mut coached: Vec<f64> = Vec::new();
    // A meeting may be held at a place of no site, where every coach may be.
    let anywhere = school.places.iter().any(|place| place.site.is_none());
    for (key, students) in &keys {
        let allowed = |s: &StaffId| {
            (anywhere || school[*s].works_at(key.1))
                && students.iter().any(|&i| school.own_staff_allows(*s, i))
        };
        let allowed: Vec<StaffId> = sets.coaches.iter().copied().filter(allowed).collect();
        // Sets that this key joins become one.
        let mut joined: Vec<u32> =
            allowed.iter().filter_map(|s| coaches[s.index()]).map(|(k, _)| k).collect();
        joined.sort_unstable();
        joined.dedup();
        let set = joined.first().copied().unwrap_or(coached.len() as u32);
        if joined.is_empty() {
            coached.push(0.0);
        }
        coached[set as usize] += students.len() as f64;
        for &other in joined.iter().skip(1) {
            coached[set as usize] += std::mem::take(&mut coached[other as usize]);
            coaches.iter_mut().flatten().filter(|(k, _)| *k == other).for_each(|(k, _)| *k = set);
        }
        for s in allowed {
            let kept = students.iter().filter(|&&i| school[i].coach == Some(s)).count() as f64;
            let before = coaches[s.index()].map_or(0.0, |(_, kept)| kept);
            coaches[s.index()] = Some((set, before + kept));
        }
    }
    Coached { students: coached, coaches, wanted: f64::from(wanted) }
}

fn study_seats(school: &School) -> Vec<Vec<f64>> {
    let sites = school.sites.len();
    let mut seats = vec![vec![0.0f64; school.blocks.len()]; sites + 1];
    if school.presence.fill == Fill::None {
        return seats;
    }
    for block in school.block_ids().filter(|&b| school[b].kind.counts_as_presence()) {
        for place in school.place_ids().filter(|&p| school.place_free[(p, block)]) {
            let of_place = f64::from(school[place].seats);
            for (site, row) in seats.iter_mut().enumerate() {
                if site == sites || school[place].site.is_none_or(|s| s.index() == site) {
                    row[block.index()] = row[block.index()].max(of_place);
                }
            }
        }
    }
    seats
}

fn deployable(school: &School) -> Vec<f64> {
    school.block_ids().map(|block| r8_staff::deployable(school, block)).collect()
}
