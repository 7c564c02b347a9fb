//! On random tiny schools the best schedule of the program has the total that trying everything finds.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use leerzone::model::engine::{Engine, Limits};
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;
use leerzone::model::{EngineChoice, build};
use leerzone::school::*;

const ENGINES: &[EngineChoice] = &[
    EngineChoice::Microlp,
    #[cfg(feature = "highs")]
    EngineChoice::Highs,
];

/// Takes choices one by one from a list of random bytes; 0 when it runs out.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % end.max(1)
    }

    /// True once in `often` times.
    fn rarely(&mut self, often: usize) -> bool {
        self.below(often) == often - 1
    }

    fn maybe<I: Id>(&mut self, often: usize, end: usize) -> Option<I> {
        self.rarely(often).then(|| I::new(self.below(end)))
    }
}

/// Mostly those that go without saying; otherwise such that no priority need be worth more than another.
fn weights(c: &mut Choices) -> Weights {
    if !c.rarely(3) {
        return Weights::default();
    }
    let mut weight = |end| c.below(end) as f64;
    Weights {
        must: weight(9),
        should: weight(9),
        could: weight(9),
        coach_kept: weight(3),
        staff_asked: weight(4),
        likes: weight(4),
        wishes: 1.0,
        own_unit: weight(4),
        fairness: weight(8),
    }
}

/// A school of up to 3 students, 2 staff, 2 offerings, 3 blocks and 2 places.
fn school(bytes: &[u8]) -> School {
    let mut c = Choices(bytes.iter());
    let (students, staff, offerings) = (1 + c.below(3), 1 + c.below(2), 1 + c.below(2));
    let (blocks, places) = (if staff == 1 { 1 + c.below(3) } else { 1 + c.below(2) }, 1 + c.below(2));
    let subject = |at: usize| Subject { id: format!("s{at}"), name: String::new() };
    let starts = [0, 30, 60];
    let blocks: Vec<Block> = (0..blocks)
        .map(|at| {
            let start = 540 + starts[c.below(3)];
            let kind = [Kind::Lesson, Kind::Zone, Kind::Homework][c.below(3)];
            Block { id: format!("b{at}"), day: DayId::new(c.below(2)), start, end: start + 60, kind }
        })
        .collect();
    let limit = |c: &mut Choices| c.rarely(4).then(|| c.below(3) as u32);
    let mut school = School {
        name: String::new(),
        csv: CsvStyle::PLAIN,
        language: Language::English,
        days: vec!["mo".into(), "di".into()],
        sites: Vec::new(),
        units: vec!["u0".into(), "u1".into()],
        weights: weights(&mut c),
        coaching: None,
        presence: Presence {
            min_blocks: vec![u32::from(c.rarely(4)); students],
            fill: Fill::None,
            shrink: None,
        },
        own_staff: [OwnStaff::Prefer, OwnStaff::Require, OwnStaff::Ignore][c.below(3)],
        own_places: OwnPlaces::Prefer,
        staff_per_block: u32::from(c.rarely(8)),
        reserve_groups: Vec::new(),
        wishes: Vec::new(),
        reserve_called: Vec::new(),
        budgets: Vec::new(),
        travel: Grid::filled(0, 0, 0),
        busy: Vec::new(),
        layout: String::new(),
        subjects: (0..2).map(subject).collect(),
        offerings: (0..offerings)
            .map(|at| {
                let subjects = match c.below(3) {
                    0 => vec![SubjectId::new(0)],
                    1 => vec![SubjectId::new(1)],
                    _ => vec![SubjectId::new(0), SubjectId::new(1)],
                };
                Offering {
                    id: format!("o{at}"),
                    name: String::new(),
                    qualifications: subjects.clone(),
                    subjects,
                    audience: (at == 0 && c.rarely(4)).then(|| vec![StudentId::new(0)]),
                    kinds: if c.rarely(4) { vec![Kind::Homework] } else { vec![Kind::Lesson, Kind::Zone] },
                    min: c.below(3) as u32,
                    max: 2 + c.below(2) as u32,
                    roles: Roles::from_iter([Role::Teacher]),
                    assistants: 0,
                    per_assistant: 0,
                    assistants_qualified: false,
                    tags: Vec::new(),
                    online: false,
                    after: (at == 1 && c.rarely(3)).then(|| OfferingId::new(0)),
                    per_day: 1 + c.below(2) as u32,
                    qualified: Qualified::All,
                }
            })
            .collect(),
        places: (0..places)
            .map(|at| Place {
                id: format!("p{at}"),
                name: String::new(),
                site: None,
                seats: 1 + c.below(3) as u32,
                parallel: 1 + u32::from(c.rarely(3)),
                tags: Vec::new(),
                unit: None,
            })
            .collect(),
        staff: (0..staff)
            .map(|at| Staff {
                id: format!("t{at}"),
                name: String::new(),
                roles: Roles::from_iter([Role::Teacher]),
                subjects: if c.rarely(3) { vec![SubjectId::new(c.below(2))] } else { ids(2).collect() },
                likes: c.maybe(2, offerings).into_iter().collect(),
                unit: c.maybe(2, 2),
                sites: Vec::new(),
                min_blocks: c.below(2) as u32,
                max_blocks: limit(&mut c),
                max_days: limit(&mut c),
                max_per_day: limit(&mut c),
                max_in_a_row: limit(&mut c),
                cover_max: None,
                cost: c.below(3) as f64,
            })
            .collect(),
        students: (0..students)
            .map(|at| Student {
                id: format!("i{at}"),
                name: String::new(),
                class: String::new(),
                year: String::new(),
                unit: c.maybe(2, 2),
                site: None,
                coach: None,
                missed_before: c.below(3) as u32,
            })
            .collect(),
        needs: Vec::new(),
        asks: Vec::new(),
        dated: Vec::new(),
        pins: Vec::new(),
        pairs: Vec::new(),
        packages: Vec::new(),
        invited: Grid::filled(students, blocks.len(), true),
        student_free: Grid::filled(students, blocks.len(), true),
        staff_free: Grid::filled(staff, blocks.len(), true),
        place_free: Grid::filled(places, blocks.len(), true),
        blocks,
    };
    for student in school.student_ids() {
        for _ in 0..1 + c.below(2) {
            school.needs.push(Need {
                student,
                subjects: if c.rarely(3) { ids(2).collect() } else { vec![SubjectId::new(c.below(2))] },
                sessions: 1 + c.below(2) as u32,
                priority: Priority::ALL[c.below(3)],
                with: c.maybe(4, 2),
                staff: c.maybe(3, staff),
                days: if c.rarely(4) { [DayId::new(c.below(2))].into_iter().collect() } else { Days::EVERY },
                ask: None,
            });
        }
        for block in school.block_ids() {
            school.student_free[(student, block)] = !c.rarely(6);
        }
    }
    for block in school.block_ids() {
        school.staff_ids().for_each(|s| school.staff_free[(s, block)] = !c.rarely(6));
        school.place_ids().for_each(|p| school.place_free[(p, block)] = !c.rarely(6));
    }
    if c.rarely(3) {
        let unit = c.maybe(2, 2);
        let cost = c.below(5) as f64;
        school.budgets.push(Budget { all: unit.is_none(), unit, cost, ..Budget::default() });
    }
    if c.rarely(2) {
        let (blocks, line) = (school.blocks.len(), 2);
        school.pins.push(Pin {
            kind: PinKind::Ban,
            block: Some(BlockId::new(c.below(blocks))),
            offering: c.maybe(2, offerings),
            staff: c.maybe(2, staff),
            place: c.maybe(2, places),
            student: c.maybe(2, students),
            line,
        });
    }
    if students > 1 && c.rarely(3) {
        let pair = (StudentId::new(0), StudentId::new(1));
        school.pairs.push(Pair { kind: PairKind::Apart, student: pair.0, other: pair.1, line: 2 });
    }
    school
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_program_finds_what_trying_everything_finds(bytes in prop::collection::vec(any::<u8>(), 160)) {
        let school = school(&bytes);
        let expected = crate::brute_force::best_total(&school);
        let sets = Sets::new(&school);
        let scope = Scope::whole();
        let model = build::build(&school, &sets, &scope);
        let limits = Limits {
            time: Some(Duration::from_secs(60)),
            gap: 0.0,
            nodes: None,
            threads: 1,
            seed: 0,
            stop: Arc::default(),
        };
        for &engine in ENGINES {
            let solved = Engine::new(engine).solve(&model, &limits, None).expect("an answer");
            let found = solved.schedule.map(|(_, total)| total);
            let same = match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
                (None, None) => true,
                _ => false,
            };
            prop_assert!(same, "{engine:?}: {found:?}, trying everything {expected:?}\n{school:#?}");
        }
    }
}
