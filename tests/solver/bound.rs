//! The bound of the search is never below a schedule that exists: against the best that the engine proves, on every
//! example and on small schools in which one rule keeps needs from being met. It is below what all needs are worth
//! there, too.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use leerzone::model::bound::Relaxation;
use leerzone::model::sets::Sets;
use leerzone::model::{self, EngineChoice, Method, Observer, Options, Progress};
use leerzone::read_school;
use leerzone::schedule::Status;
use leerzone::school::School;

struct Nobody;

impl Observer for Nobody {
    fn progress(&mut self, _: &Progress) {}
}

/// The best total, proven by the engine.
fn best(school: &School, name: &str) -> f64 {
    let options = Options {
        time_limit: None,
        gap: 0.0,
        threads: 1,
        seed: 0,
        engine: EngineChoice::ALL[EngineChoice::ALL.len() - 1],
        method: Method::Monolith,
        memory_limit: None,
        stop: Default::default(),
    };
    let (_, outcome) = model::solve(school, &options, &mut Nobody).expect("a schedule");
    assert_eq!(outcome.status, Status::Optimal, "{name}");
    outcome.total
}

/// The bound after so many steps towards a total below the best: one that could fall below the best would.
fn bound(school: &School, best: f64, steps: usize) -> f64 {
    let sets = Sets::new(school);
    let relaxation = Relaxation::new(school, &sets);
    let mut dual = relaxation.start();
    relaxation.descend(&mut dual, best - 0.2 * best.abs() - 1.0, steps, 1, |_| true);
    relaxation.rounded(dual.bound)
}

#[test]
fn bounds_the_best_schedule_of_every_example() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(examples).expect("examples") {
        let dir = entry.expect("an example").path();
        let school = read_school(&dir, None).school.expect("a valid school");
        let best = best(&school, &dir.display().to_string());
        let bound = bound(&school, best, 300);
        assert!(bound >= best - 1e-6, "{}: {bound} < {best}", dir.display());
    }
}

/// A school of one offering, `a`, that every student asks for; each case changes some of it.
struct Small {
    settings: &'static str,
    blocks: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// After the id and name.
    offerings: &'static [&'static str],
    rooms: &'static [u32],
    /// Id, roles, subjects, and what comes after the sites.
    staff: &'static [(&'static str, &'static str, &'static str, &'static str)],
    students: usize,
    needs: &'static [(&'static str, u32, &'static str)],
    pins: &'static str,
}

const DAYS: &str = "\"mon\", \"tue\", \"wed\"";
const ONE_BLOCK: &[(&str, &str, &str, &str)] = &[("1", "09:00", "10:00", "lesson")];
const TWO_BLOCKS: &[(&str, &str, &str, &str)] =
    &[("1", "09:00", "10:00", "lesson"), ("2", "10:00", "11:00", "lesson")];

impl Small {
    const PLAIN: Self = Self {
        settings: "",
        blocks: ONE_BLOCK,
        offerings: &["a,lesson|zone,1,4,0,0,,1"],
        rooms: &[10, 10],
        staff: &[("t0", "teacher", "a", ""), ("t1", "teacher", "a", "")],
        students: 8,
        needs: &[("a", 3, "should")],
        pins: "",
    };

    fn school(&self) -> School {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
        file(
            "school.toml",
            &format!("name = \"small\"\ndays = [{DAYS}]\n[units]\nown_staff = \"ignore\"\n{}", self.settings),
        );
        let mut layout = "name = \"short\"\n".to_owned();
        for (id, start, end, kind) in self.blocks {
            let _ = writeln!(
                layout,
                "[[block]]\nid = \"{{day}}-{id}\"\ndays = [{DAYS}]\nstart = \"{start}\"\nend = \"{end}\"\nkind = \
                 \"{kind}\""
            );
        }
        file("layout.toml", &layout);
        let (mut subjects, mut offerings) = (
            "subject,name\n".to_owned(),
            "offering,subjects,kinds,min,max,assistants,per_assistant,after,per_day\n".to_owned(),
        );
        for row in self.offerings {
            let id = row.split(',').next().expect("an id");
            let _ = writeln!(subjects, "{id},{id}");
            let _ = writeln!(offerings, "{id},{row}");
        }
        file("subjects.csv", &subjects);
        file("offerings.csv", &offerings);
        let rooms = self.rooms.iter().enumerate().map(|(r, seats)| format!("r{r},room,,{seats}\n"));
        file("places.csv", &format!("place,name,site,seats\n{}", rooms.collect::<String>()));
        let staff = self.staff.iter().map(|(id, roles, subjects, limits)| {
            let limits = if limits.is_empty() { ",," } else { limits };
            format!("{id},{id},{roles},{subjects},{limits}\n")
        });
        let header = "staff,name,roles,subjects,min_blocks,max_blocks,max_in_a_row\n";
        file("staff.csv", &format!("{header}{}", staff.collect::<String>()));
        let ids = 0..self.students;
        let students: String = ids.clone().map(|i| format!("l{i},l{i},,,,,\n")).collect();
        file("students.csv", &format!("student,name,class,year,unit,site,coach\n{students}"));
        let needs = ids.flat_map(|i| {
            self.needs
                .iter()
                .map(move |(subject, sessions, priority)| format!("l{i},{subject},{sessions},{priority}\n"))
        });
        file("needs.csv", &format!("who,subject,sessions,priority\n{}", needs.collect::<String>()));
        if !self.pins.is_empty() {
            file("pins.csv", &format!("kind,block,offering,staff,place,student\n{}", self.pins));
        }
        let reading = read_school(folder.path(), None);
        reading.school.unwrap_or_else(|| panic!("{:?}", reading.problems))
    }
}

const COACHING: &str = "[coaching]\nmin = 4\nmax = 8\nmeetings = 2\ngroup_by = []\n";
const MORNING: &[(&str, &str, &str, &str)] =
    &[("start", "08:30", "09:00", "coaching"), ("1", "09:00", "10:00", "lesson")];

const SMALL: &[(&str, Small)] = &[
    ("few askers", Small { offerings: &["a,lesson,9,12,0,0,,1"], ..Small::PLAIN }),
    ("once a day", Small { blocks: TWO_BLOCKS, needs: &[("a", 5, "should")], ..Small::PLAIN }),
    (
        "two blocks at once",
        Small {
            blocks: &[("1", "09:00", "10:00", "lesson"), ("z", "09:00", "10:00", "zone")],
            offerings: &["a,lesson,1,9,0,0,,1", "b,zone,1,9,0,0,,1"],
            staff: &[("t0", "teacher", "a", ""), ("t1", "teacher", "b", "")],
            needs: &[("a", 3, "should"), ("b", 3, "should")],
            ..Small::PLAIN
        },
    ),
    (
        "rooms of blocks that overlap",
        Small {
            blocks: &[("1", "09:00", "10:00", "lesson"), ("z", "09:30", "10:30", "zone")],
            offerings: &["a,lesson,1,4,0,0,,1", "b,zone,1,4,0,0,,1"],
            staff: &[("t0", "teacher", "a", ""), ("t1", "teacher", "b", "")],
            rooms: &[10],
            needs: &[("a", 3, "should"), ("b", 3, "could")],
            ..Small::PLAIN
        },
    ),
    ("small rooms", Small { offerings: &["a,lesson,1,8,0,0,,1"], rooms: &[5, 1], ..Small::PLAIN }),
    (
        "a row of blocks",
        Small { blocks: TWO_BLOCKS, staff: &[("t0", "teacher", "a", ",,1")], ..Small::PLAIN },
    ),
    (
        "one after the other",
        Small {
            blocks: TWO_BLOCKS,
            offerings: &["u,lesson,1,3,0,0,,1", "a,lesson,1,9,0,0,u,1"],
            staff: &[("t0", "teacher", "u", ",1,"), ("t1", "teacher", "a", "")],
            needs: &[("u", 1, "must"), ("a", 2, "should")],
            ..Small::PLAIN
        },
    ),
    (
        "assistants",
        Small {
            offerings: &["a,lesson,1,2,1,2,,1"],
            staff: &[("t0", "teacher", "a", ",1,"), ("h0", "assistant", "", ""), ("h1", "assistant", "", "")],
            ..Small::PLAIN
        },
    ),
    (
        "least blocks",
        Small {
            staff: &[
                ("t0", "teacher", "a", "3,,"),
                ("t1", "teacher", "a", "3,,"),
                ("t2", "teacher", "a", "3,,"),
            ],
            rooms: &[10],
            needs: &[("a", 3, "could")],
            ..Small::PLAIN
        },
    ),
    (
        "study in one room",
        Small {
            settings: "[presence]\nmin_blocks = { \"*\" = 3 }\nfill = \"study\"\n",
            rooms: &[5],
            staff: &[("t0", "teacher", "a", ""), ("v0", "supervisor", "", ""), ("v1", "supervisor", "", "")],
            needs: &[("a", 1, "could")],
            ..Small::PLAIN
        },
    ),
    (
        "few meetings",
        Small {
            settings: COACHING,
            blocks: MORNING,
            staff: &[("t0", "teacher", "a", ",1,"), ("c0", "coach", "", "")],
            ..Small::PLAIN
        },
    ),
    (
        "meetings in one room",
        Small {
            settings: COACHING,
            blocks: MORNING,
            rooms: &[10],
            staff: &[("t0", "teacher", "a", ",1,"), ("c0", "coach", "", ""), ("c1", "coach", "", "")],
            students: 16,
            ..Small::PLAIN
        },
    ),
    ("a ban", Small { pins: "ban,mon-1,a,,,\nban,tue-1,,t0,,\nban,wed-1,a,,,l0\n", ..Small::PLAIN }),
    (
        "short of one offering",
        Small {
            offerings: &["a,lesson,1,4,0,0,,1", "b,lesson,1,4,0,0,,1"],
            staff: &[("t0", "teacher", "a", ""), ("t1", "teacher", "a", ""), ("t2", "teacher", "b", ",1,")],
            rooms: &[10, 10, 10],
            needs: &[("a", 1, "could"), ("b", 1, "could")],
            ..Small::PLAIN
        },
    ),
];

#[test]
fn rows_of_the_bound_see_what_keeps_needs_from_being_met() {
    for (name, small) in SMALL {
        let school = small.school();
        let best = best(&school, name);
        let bound = bound(&school, best, 600);
        assert!(bound >= best - 1e-6, "{name}: bound {bound}, best {best}");
        let needs = school.needs.iter();
        let asked: f64 =
            needs.map(|need| f64::from(need.sessions) * school.weights.priority(need.priority)).sum();
        assert!(bound < asked - 1e-6, "{name}: bound {bound}, asked {asked}");
    }
}
