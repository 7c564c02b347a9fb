//! Schools built around a timetable: the week comes first, and what happens in it becomes the school. Students need
//! what they attend, staff have time for what they lead, and there are as many rooms as are in use at once. So a
//! schedule with a known total exists, which a solver should find or surpass.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// What a planted school is like. Every shape differs from [`Shape::PLAIN`] in a few of these.
#[derive(Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    pub students: usize,
    /// Times a day at which there are lessons.
    pub times: usize,
    /// At every time a lesson and a learning zone side by side, each for half of the offerings.
    pub twins: bool,
    pub offerings: usize,
    /// Students in a session.
    pub min: usize,
    pub max: usize,
    /// Part of the times that a student attends.
    pub filled: f64,
    /// Sessions that a student may attend of one offering in a week, and in a day.
    pub repeats: usize,
    pub per_day: usize,
    pub sites: usize,
    /// Rooms beyond those in use at the busiest time.
    pub spare_rooms: usize,
    /// Rooms are just large enough for what is planned in them.
    pub fitting_rooms: bool,
    /// An assistant may bring so many seats.
    pub per_assistant: usize,
    /// Each second offering comes after the one before it.
    pub after: bool,
    pub in_a_row: usize,
    /// Meetings a week of coaching groups; 0: none. On so many days there could be one.
    pub meetings: usize,
    pub meeting_days: usize,
    pub spare_coaches: usize,
    /// Lesson blocks that a student is present in, if need be at study.
    pub presence: usize,
    /// Parts of the needs that are a must, and that could be met.
    pub must: f64,
    pub could: f64,
    /// Needs beyond those that the plan meets, in parts of all, for the first third of the offerings.
    pub short: f64,
    /// Sessions missed before, at most, of each student.
    pub missed: usize,
    /// Staff have to work all blocks that they have time for.
    pub least_blocks: bool,
}

impl Shape {
    const PLAIN: Self = Self {
        name: "plain",
        students: 200,
        times: 3,
        twins: false,
        offerings: 12,
        min: 6,
        max: 20,
        filled: 0.6,
        repeats: 1,
        per_day: 1,
        sites: 1,
        spare_rooms: 2,
        fitting_rooms: false,
        per_assistant: 0,
        after: false,
        in_a_row: 0,
        meetings: 0,
        meeting_days: 5,
        spare_coaches: 0,
        presence: 0,
        must: 0.3,
        could: 0.3,
        short: 0.0,
        missed: 0,
        least_blocks: false,
    };

    pub const ALL: &[Self] = &[
        Self::PLAIN,
        Self { name: "full week", times: 6, offerings: 30, filled: 0.9, ..Self::PLAIN },
        Self { name: "one block a day", times: 1, filled: 0.9, ..Self::PLAIN },
        Self { name: "large", students: 900, offerings: 30, ..Self::PLAIN },
        Self { name: "small sessions", max: 8, min: 4, ..Self::PLAIN },
        Self { name: "min near max", min: 17, max: 20, ..Self::PLAIN },
        Self {
            name: "few askers",
            students: 120,
            offerings: 40,
            min: 10,
            max: 15,
            filled: 0.4,
            ..Self::PLAIN
        },
        Self { name: "no room to spare", spare_rooms: 0, ..Self::PLAIN },
        Self { name: "rooms that fit", spare_rooms: 0, fitting_rooms: true, ..Self::PLAIN },
        Self { name: "rooms for meetings", spare_rooms: 0, meetings: 5, ..Self::PLAIN },
        Self { name: "two sites", sites: 2, ..Self::PLAIN },
        Self { name: "three sites, 900", students: 900, sites: 3, ..Self::PLAIN },
        Self { name: "lessons and zones", twins: true, filled: 0.8, ..Self::PLAIN },
        Self { name: "zones, few rooms", twins: true, filled: 0.8, spare_rooms: 0, ..Self::PLAIN },
        Self { name: "repeats", repeats: 3, offerings: 6, ..Self::PLAIN },
        Self { name: "one of a kind a day", repeats: 5, offerings: 4, filled: 0.8, ..Self::PLAIN },
        Self {
            name: "two of a kind a day",
            repeats: 6,
            per_day: 2,
            offerings: 4,
            filled: 0.8,
            ..Self::PLAIN
        },
        Self { name: "assistants", max: 12, per_assistant: 6, ..Self::PLAIN },
        Self { name: "first the introduction", after: true, ..Self::PLAIN },
        Self { name: "two in a row", times: 5, in_a_row: 2, ..Self::PLAIN },
        Self { name: "coaching", meetings: 5, ..Self::PLAIN },
        Self { name: "coaching twice a week", meetings: 2, ..Self::PLAIN },
        Self { name: "spare coaches", meetings: 2, spare_coaches: 8, ..Self::PLAIN },
        Self { name: "study", presence: 11, ..Self::PLAIN },
        Self { name: "study, few rooms", presence: 11, spare_rooms: 0, ..Self::PLAIN },
        Self { name: "everything a must", must: 1.0, could: 0.0, short: 0.8, ..Self::PLAIN },
        Self { name: "everything could be", must: 0.0, could: 1.0, short: 0.8, ..Self::PLAIN },
        Self { name: "short of some subjects", short: 0.8, ..Self::PLAIN },
        Self { name: "very short", short: 0.8, offerings: 24, filled: 0.4, ..Self::PLAIN },
        Self { name: "short, 600", students: 600, short: 0.8, offerings: 24, ..Self::PLAIN },
        Self { name: "missed before", missed: 12, ..Self::PLAIN },
        Self { name: "missed and short", missed: 12, short: 0.8, ..Self::PLAIN },
        Self { name: "least blocks", least_blocks: true, short: 0.8, ..Self::PLAIN },
        Self {
            name: "all at once",
            sites: 2,
            twins: true,
            repeats: 2,
            per_assistant: 5,
            meetings: 3,
            presence: 8,
            short: 0.8,
            missed: 4,
            spare_rooms: 0,
            ..Self::PLAIN
        },
    ];
}

const DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];
const MUST: f64 = 100.0;
const SHOULD: f64 = 10.0;
const COULD: f64 = 1.0;
const COACH_KEPT: f64 = 5.0;
const LIKES: f64 = 1.0;
const FAIRNESS: f64 = 5.0;
/// Blocks a week that a member of staff may be given before somebody else is hired.
const LOAD: usize = 8;
const STUDY_SEATS: usize = 30;
const GROUP: std::ops::RangeInclusive<usize> = 10..=16;

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        ((self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * most as f64) as usize
    }

    fn chance(&mut self, part: f64) -> bool {
        self.below(1_000_000) < (part * 1e6) as usize
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Somebody who has been given work.
struct Person {
    roles: &'static str,
    /// What they are qualified for: one offering, or none.
    offering: Option<usize>,
    site: usize,
    /// Times (day x times + time) at which they work.
    busy: BTreeSet<usize>,
    load: usize,
    likes: bool,
}

struct Week {
    shape: Shape,
    dice: Dice,
    staff: Vec<Person>,
    /// Per student and offering: sessions attended.
    attended: Vec<BTreeMap<usize, usize>>,
    /// Per student and time: the offering attended.
    at: Vec<BTreeMap<usize, usize>>,
    /// Per site and time: students in each room used.
    rooms: BTreeMap<(usize, usize), Vec<usize>>,
    liked: usize,
    most_study: usize,
}

/// Writes the school and gives the total of its planted schedule.
pub fn write(shape: Shape, seed: u64, dir: &Path) -> anyhow::Result<f64> {
    let mut week = Week {
        shape,
        dice: Dice(Xoshiro256PlusPlus::seed_from_u64(seed)),
        staff: Vec::new(),
        attended: vec![BTreeMap::new(); shape.students],
        at: vec![BTreeMap::new(); shape.students],
        rooms: BTreeMap::new(),
        liked: 0,
        most_study: 0,
    };
    for time in 0..DAYS.len() * shape.times {
        for site in 0..shape.sites {
            week.hold_sessions(time, site);
        }
    }
    let coaches = week.hold_meetings();
    week.hold_study();
    week.write(&coaches, dir)
}

impl Week {
    fn site_of(&self, student: usize) -> usize {
        student % self.shape.sites
    }

    fn may_attend(&self, student: usize, offering: usize, time: usize) -> bool {
        let day = time / self.shape.times;
        let today = |at: &usize| at / self.shape.times == day;
        let mine = &self.at[student];
        let times = mine.iter().filter(|(at, o)| **o == offering && today(at)).count();
        let had = self.attended[student].get(&offering).copied().unwrap_or(0);
        let first = !self.shape.after
            || offering.is_multiple_of(2)
            || mine.iter().any(|(&at, &o)| o + 1 == offering && at < time);
        times < self.shape.per_day && had < self.shape.repeats && first
    }

    /// Students present at the time are seated until no more session gets enough of them.
    fn hold_sessions(&mut self, time: usize, site: usize) {
        let shape = self.shape;
        let mut waiting: Vec<usize> = (0..shape.students)
            .filter(|&student| self.site_of(student) == site && self.dice.chance(shape.filled))
            .collect();
        self.dice.shuffle(&mut waiting);
        let mut failures = 0;
        while waiting.len() >= shape.min && failures < 3 * shape.offerings {
            let offering = self.dice.below(shape.offerings);
            let assisted = shape.per_assistant > 0 && self.dice.chance(0.5);
            let most = shape.max + if assisted { shape.per_assistant } else { 0 };
            let size = most - self.dice.below(most.min(shape.max) - shape.min + 1).min(most - shape.min) / 2;
            let seated: Vec<usize> =
                waiting.iter().copied().filter(|&i| self.may_attend(i, offering, time)).take(size).collect();
            if seated.len() < shape.min {
                failures += 1;
                continue;
            }
            waiting.retain(|student| !seated.contains(student));
            let lead = self.deploy("teacher", Some(offering), site, time);
            self.liked += usize::from(self.staff[lead].likes);
            if seated.len() > shape.max {
                self.deploy("assistant", None, site, time);
            }
            for &student in &seated {
                *self.attended[student].entry(offering).or_default() += 1;
                self.at[student].insert(time, offering);
            }
            self.rooms.entry((site, time)).or_default().push(seated.len());
        }
    }

    /// Whoever has time, or somebody new.
    fn deploy(&mut self, roles: &'static str, offering: Option<usize>, site: usize, time: usize) -> usize {
        let (times, in_a_row) = (self.shape.times, self.shape.in_a_row);
        let fits = |person: &Person| {
            let day = time / times * times..(time / times + 1) * times;
            let mut run = 0;
            let row = day.map(|at| {
                run = if at == time || person.busy.contains(&at) { run + 1 } else { 0 };
                run
            });
            person.roles == roles
                && person.offering == offering
                && person.site == site
                && person.load < LOAD
                && !person.busy.contains(&time)
                && (in_a_row == 0 || row.max().unwrap_or(0) <= in_a_row)
        };
        let found = self.staff.iter().position(fits);
        let index = found.unwrap_or_else(|| {
            let likes = offering.is_some() && self.dice.chance(0.3);
            self.staff.push(Person { roles, offering, site, busy: BTreeSet::new(), load: 0, likes });
            self.staff.len() - 1
        });
        self.staff[index].busy.insert(time);
        self.staff[index].load += 1;
        index
    }

    /// Groups of students of one site with a coach each, who meets them on the first days of the week that are not yet
    /// taken by as many others; by student: their coach.
    fn hold_meetings(&mut self) -> Vec<usize> {
        let shape = self.shape;
        let mut coach_of = vec![usize::MAX; shape.students];
        if shape.meetings == 0 {
            return coach_of;
        }
        let (least, most) = (*GROUP.start(), *GROUP.end());
        for site in 0..shape.sites {
            let mut students: Vec<usize> =
                (0..shape.students).filter(|&student| self.site_of(student) == site).collect();
            self.dice.shuffle(&mut students);
            let groups = students.len().div_ceil(most).min((students.len() / least).max(1));
            for group in 0..groups {
                let coach = self.staff.len();
                self.staff.push(Person {
                    roles: "coach",
                    offering: None,
                    site,
                    busy: BTreeSet::new(),
                    load: shape.meetings,
                    likes: false,
                });
                students.iter().skip(group).step_by(groups).for_each(|&student| coach_of[student] = coach);
                for meeting in 0..shape.meetings {
                    let day = (group + meeting) % shape.meeting_days;
                    self.rooms.entry((site, usize::MAX - day)).or_default().push(most);
                }
            }
            for _ in 0..shape.spare_coaches {
                let load = shape.meeting_days;
                let busy = BTreeSet::new();
                self.staff.push(Person { roles: "coach", offering: None, site, busy, load, likes: false });
            }
        }
        coach_of
    }

    /// Students who attend fewer blocks than they have to sit at study at their first free times.
    fn hold_study(&mut self) {
        let shape = self.shape;
        let mut studying: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for student in 0..shape.students {
            let site = self.site_of(student);
            let free: Vec<usize> =
                (0..DAYS.len() * shape.times).filter(|time| !self.at[student].contains_key(time)).collect();
            let missing = shape.presence.saturating_sub(self.at[student].len());
            for &time in free.iter().cycle().skip(student % free.len().max(1)).take(missing.min(free.len())) {
                *studying.entry((site, time)).or_default() += 1;
            }
        }
        for ((site, time), students) in studying {
            self.most_study = self.most_study.max(students.min(STUDY_SEATS));
            for session in 0..students.div_ceil(STUDY_SEATS) {
                self.deploy("supervisor", None, site, time);
                let here = students - session * STUDY_SEATS;
                self.rooms.entry((site, time)).or_default().push(here.min(STUDY_SEATS));
            }
        }
    }

    /// Rooms of a site: the largest holds the largest session of any time, the second the second, and so on.
    fn rooms_of(&self, site: usize) -> Vec<usize> {
        let mut seats: Vec<usize> = Vec::new();
        for (_, students) in self.rooms.iter().filter(|((at, _), _)| *at == site) {
            let mut students = students.clone();
            students.sort_unstable_by(|a, b| b.cmp(a));
            seats.resize(seats.len().max(students.len()), 0);
            seats.iter_mut().zip(students).for_each(|(seats, students)| *seats = students.max(*seats));
        }
        if !self.shape.fitting_rooms {
            seats.fill(STUDY_SEATS.max(self.shape.max + self.shape.per_assistant));
        }
        let spare = seats.first().copied().unwrap_or(1);
        seats.extend(std::iter::repeat_n(spare, self.shape.spare_rooms));
        seats
    }

    fn write(mut self, coach_of: &[usize], dir: &Path) -> anyhow::Result<f64> {
        let shape = self.shape;
        let file = |name: &str, text: &str| fs::write(dir.join(name), text);
        fs::create_dir_all(dir)?;
        let mut settings = format!(
            "name = \"{}\"\ndays = {DAYS:?}\n[weights]\nmust = {MUST}\nshould = {SHOULD}\ncould = {COULD}\ncoach_kept = \
             {COACH_KEPT}\nlikes = {LIKES}\nfairness = {FAIRNESS}\n[units]\nown_staff = \"ignore\"\n",
            shape.name
        );
        if shape.meetings > 0 {
            let (min, max) = (GROUP.start(), GROUP.end());
            let meetings = shape.meetings;
            let _ = writeln!(
                settings,
                "[coaching]\nmin = {min}\nmax = {max}\nmeetings = {meetings}\ngroup_by = []"
            );
        }
        if shape.presence > 0 {
            let _ = writeln!(
                settings,
                "[presence]\nmin_blocks = {{ \"*\" = {} }}\nfill = \"study\"",
                shape.presence
            );
        }
        file("school.toml", &settings)?;
        file("layout.toml", &layout(shape))?;
        let ids = |prefix: char, count: usize| (0..count).map(move |index| format!("{prefix}{index}"));
        let subjects: String = ids('v', shape.offerings).map(|id| format!("{id},{id}\n")).collect();
        file("subjects.csv", &format!("subject,name\n{subjects}"))?;
        let mut offerings =
            "offering,name,subjects,kinds,min,max,assistants,per_assistant,after,per_day\n".to_owned();
        for o in 0..shape.offerings {
            let kinds = match (shape.twins, o % 2) {
                (true, 0) => "lesson",
                (true, _) => "zone",
                _ => "lesson|zone",
            };
            let after = if shape.after && o % 2 == 1 { format!("o{}", o - 1) } else { String::new() };
            let _ = writeln!(
                offerings,
                "o{o},o{o},v{o},{kinds},{},{},{},{},{after},{}",
                shape.min,
                shape.max,
                usize::from(shape.per_assistant > 0),
                shape.per_assistant,
                shape.per_day
            );
        }
        file("offerings.csv", &offerings)?;
        let mut places = "place,name,site,seats\n".to_owned();
        for site in 0..shape.sites {
            for (index, seats) in self.rooms_of(site).into_iter().enumerate() {
                let _ = writeln!(places, "r{site}-{index},room,{site},{seats}");
            }
        }
        file("places.csv", &places)?;
        let mut staff =
            "staff,name,roles,subjects,likes,sites,min_blocks,max_blocks,max_in_a_row\n".to_owned();
        for (index, person) in self.staff.iter().enumerate() {
            let subject = person.offering.map_or(String::new(), |o| format!("v{o}"));
            let likes = person.offering.filter(|_| person.likes).map_or(String::new(), |o| format!("o{o}"));
            let least = if shape.least_blocks && person.roles == "teacher" { person.load } else { 0 };
            let row = if shape.in_a_row > 0 { shape.in_a_row.to_string() } else { String::new() };
            let _ = writeln!(
                staff,
                "s{index},s{index},{},{subject},{likes},{},{least},{},{row}",
                person.roles, person.site, person.load
            );
        }
        file("staff.csv", &staff)?;
        let mut students = "student,name,class,year,unit,site,coach\n".to_owned();
        let mut total = LIKES * self.liked as f64;
        for (student, &coach) in coach_of.iter().enumerate() {
            // Some have a coach who is no longer the best.
            let kept = coach != usize::MAX && self.dice.chance(0.9);
            let coach = if kept { format!("s{coach}") } else { String::new() };
            total += if kept { COACH_KEPT } else { 0.0 };
            let _ = writeln!(students, "l{student},l{student},,,,{},{coach}", self.site_of(student));
        }
        file("students.csv", &students)?;
        let (mut needs, mut history) =
            ("who,subject,sessions,priority\n".to_owned(), "student,subject,priority,missing\n".to_owned());
        for student in 0..shape.students {
            let mut unmet = 0;
            for (offering, sessions) in std::mem::take(&mut self.attended[student]) {
                let (priority, value) = self.priority();
                total += value * sessions as f64;
                let _ = writeln!(needs, "l{student},v{offering},{sessions},{priority}");
            }
            for offering in 0..shape.offerings / 3 {
                if self.dice.chance(shape.short) {
                    let (priority, value) = self.priority();
                    unmet += usize::from(value >= SHOULD);
                    let _ = writeln!(needs, "l{student},v{offering},1,{priority}");
                }
            }
            let missed = self.dice.below(shape.missed + 1);
            if missed > 0 {
                let _ = writeln!(history, "l{student},v0,should,{missed}");
                unmet += missed;
            }
            total -= FAIRNESS * (unmet * unmet.saturating_sub(1)) as f64 / 2.0;
        }
        file("needs.csv", &needs)?;
        file("history.csv", &history)?;
        Ok(total)
    }

    fn priority(&mut self) -> (&'static str, f64) {
        let at = self.dice.below(1000) as f64 / 1000.0;
        match at {
            _ if at < self.shape.must => ("must", MUST),
            _ if at < self.shape.must + self.shape.could => ("could", COULD),
            _ => ("should", SHOULD),
        }
    }
}

fn layout(shape: Shape) -> String {
    let mut text = "name = \"planted\"\n".to_owned();
    let mut block = |id: String, days: &[&str], hour: usize, kind: &str| {
        let end = hour + 1;
        let _ = writeln!(
            text,
            "[[block]]\nid = \"{{day}}-{id}\"\ndays = {days:?}\nstart = \"{hour:02}:00\"\nend = \"{end:02}:00\"\nkind = \
             \"{kind}\""
        );
    };
    if shape.meetings > 0 {
        block("start".to_owned(), &DAYS[..shape.meeting_days], 8, "coaching");
    }
    for time in 0..shape.times {
        block(time.to_string(), &DAYS, 9 + time, "lesson");
        if shape.twins {
            block(format!("{time}z"), &DAYS, 9 + time, "zone");
        }
    }
    text
}
