//! Pins that cannot hold: against busy times, audiences, qualifications, places, needs, bans, other pins.

use crate::counted::counted;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::read::origin::Origins;
use crate::read::problem::{Problem, Problems};
use crate::school::{
    BlockId, DayId, Need, OfferingId, Pin, PinKind, Place, PlaceId, School, Staff, StaffId, StudentId,
};

use super::runs::Runs;

/// A pin's obstacle: the column to look at, the rule, what is found, how to mend it.
struct Clash {
    column: &'static str,
    rule: &'static str,
    message: String,
    found: String,
    help: &'static str,
}

impl Clash {
    fn new(
        column: &'static str,
        rule: &'static str,
        message: String,
        found: String,
        help: &'static str,
    ) -> Self {
        Self { column, rule, message, found, help }
    }
}

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
    report_students(school, &mut add);
    report_staff(school, &mut add);
    report_places(school, &mut add);
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
                .filter(|need| meets(school, offering, need))
                .map(|need| need.student)
                .collect();
            students.dedup();
            students
        })
    }
}

fn meets(school: &School, offering: OfferingId, need: &Need) -> bool {
    need.subjects.iter().any(|subject| school[offering].subjects.contains(subject))
}

/// One `session` or `attend` pin.
struct Pinned<'s> {
    school: &'s School,
    runs: &'s Runs,
    pin: &'s Pin,
    block: BlockId,
    offering: OfferingId,
}

impl<'s> Pinned<'s> {
    fn kind(&self) -> Option<Clash> {
        let (block, offering) = (&self.school[self.block], &self.school[self.offering]);
        (!offering.kinds.contains(&block.kind)).then(|| {
            let kinds = offering.kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("|");
            Clash::new(
                "offering",
                "R8",
                format!("`{}` does not run in a {} block", offering.id, block.kind.label()),
                format!("`{}` runs in {kinds}, block `{}` is {}", offering.id, block.id, block.kind.label()),
                "pin it to another block, or add the kind to the offering's `kinds`",
            )
        })
    }

    fn leads(&self) -> Vec<&'s Staff> {
        let named = |staff: &&StaffId| self.pin.staff.is_none_or(|named| named == **staff);
        let free = |staff: &&StaffId| self.school.staff_free[(**staff, self.block)];
        self.runs
            .leads(self.offering)
            .iter()
            .filter(named)
            .filter(free)
            .map(|&staff| &self.school[staff])
            .collect()
    }

    fn lead(&self) -> Option<Clash> {
        let (school, block) = (self.school, &self.school[self.block].id);
        let offering = &school[self.offering];
        if !self.leads().is_empty() {
            return None;
        }
        let Some(named) = self.pin.staff else {
            let number = self.runs.leads(self.offering).len();
            return Some(Clash::new(
                "offering",
                if number == 0 { "R3" } else { "R1" },
                format!("nobody can lead `{}` in block `{block}`", offering.id),
                format!("{number} staff may lead it, none of them is free then"),
                "pin it to another block, qualify someone, or shorten busy times",
            ));
        };
        let staff = &school[named];
        Some(if !staff.roles.intersects(offering.roles) {
            let roles = staff.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("|");
            Clash::new(
                "staff",
                "R3",
                format!("`{}` has no role that may lead `{}`", staff.id, offering.id),
                format!("the roles {roles}"),
                "name someone else, or add a role in staff.csv or offerings.csv",
            )
        } else if !staff.may_lead(offering) {
            Clash::new(
                "staff",
                "R3",
                format!("`{}` is not qualified for `{}`", staff.id, offering.id),
                format!("`{}`, who lacks a subject of the offering", staff.id),
                "name someone else, or add the subject to `subjects` in staff.csv",
            )
        } else {
            Clash::new(
                "staff",
                "R1",
                format!("`{}` is busy during block `{block}`", staff.id),
                format!("a busy time of `{}` in busy.csv", staff.id),
                "pin it to another block, name someone else, or shorten the busy time",
            )
        })
    }

    fn places(&self) -> Vec<&'s Place> {
        let named = |place: &&PlaceId| self.pin.place.is_none_or(|named| named == **place);
        let free = |place: &&PlaceId| self.school.place_free[(**place, self.block)];
        self.runs
            .places(self.offering)
            .iter()
            .filter(named)
            .filter(free)
            .map(|&place| &self.school[place])
            .collect()
    }

    fn place(&self) -> Option<Clash> {
        let (school, block) = (self.school, &self.school[self.block].id);
        let offering = &school[self.offering];
        if offering.online {
            return self.pin.place.map(|place| {
                Clash::new(
                    "place",
                    "R2",
                    format!("`{}` is online and has no place", offering.id),
                    format!("`{}`", school[place].id),
                    "empty the cell",
                )
            });
        }
        if !self.places().is_empty() {
            return None;
        }
        let Some(named) = self.pin.place else {
            let number = self.runs.places(self.offering).len();
            return Some(Clash::new(
                "offering",
                "R2",
                format!("no place can hold `{}` in block `{block}`", offering.id),
                format!("{} could hold it, none of them free then", counted(number, "place")),
                "pin it to another block, or free a place",
            ));
        };
        let place = &school[named];
        Some(if !place.has_tags_of(offering) {
            Clash::new(
                "place",
                "R2",
                format!("`{}` lacks a tag that `{}` asks for", place.id, offering.id),
                format!("the tags `{}`, asked `{}`", place.tags.join("|"), offering.tags.join("|")),
                "name another place, or add the tag in places.csv",
            )
        } else if place.seats < offering.min.max(1) {
            Clash::new(
                "place",
                "R2",
                format!("`{}` has too few seats for `{}`", place.id, offering.id),
                format!(
                    "{}, a session has at least {}",
                    counted(place.seats as usize, "seat"),
                    counted(offering.min as usize, "student")
                ),
                "name a larger place",
            )
        } else {
            Clash::new(
                "place",
                "R2",
                format!("`{}` is busy during block `{block}`", place.id),
                format!("a busy time of `{}` or its site in busy.csv", place.id),
                "pin it to another block, name another place, or shorten the busy time",
            )
        })
    }

    /// The lead works where the place is, and so does the student.
    fn site(&self) -> Option<Clash> {
        let school = self.school;
        if school[self.offering].online {
            return None;
        }
        let (leads, places) = (self.leads(), self.places());
        let apart = !leads.is_empty()
            && !places.is_empty()
            && !places.iter().any(|place| leads.iter().any(|lead| lead.works_at(place.site)));
        if apart {
            return Some(Clash::new(
                if self.pin.place.is_some() { "place" } else { "offering" },
                "R5",
                "nobody who can lead it works at a site where it can be".to_owned(),
                format!(
                    "{} and {} at different sites",
                    counted(leads.len(), "lead"),
                    counted(places.len(), "place")
                ),
                "name another place or lead, or add the site to `sites` in staff.csv",
            ));
        }
        let student = &school[self.pin.student?];
        let site = student.site?;
        let reachable = places.iter().any(|place| place.site.is_none_or(|other| other == site));
        (!places.is_empty() && !reachable).then(|| {
            Clash::new(
                "student",
                "R5",
                format!("`{}` cannot attend at another site than their own", student.id),
                format!("`{}` at site `{}`, no place for it there", student.id, school[site]),
                "name another place or student",
            )
        })
    }

    fn student(&self) -> Option<Clash> {
        let id = self.pin.student?;
        let (school, block) = (self.school, &self.school[self.block].id);
        let (student, offering) = (&school[id], &school[self.offering]);
        if !school.invited[(id, self.block)] {
            return Some(Clash::new(
                "student",
                "R1",
                format!("block `{block}` is not for `{}`", student.id),
                format!("`{}`, whom the audience of `{block}` excludes", student.id),
                "pin it to another block, or widen its audience in the layout",
            ));
        }
        if !school.student_free[(id, self.block)] {
            return Some(Clash::new(
                "student",
                "R1",
                format!("`{}` is busy during block `{block}`", student.id),
                format!("a busy time of `{}` in busy.csv", student.id),
                "pin it to another block, or shorten the busy time",
            ));
        }
        if self.pin.kind != PinKind::Attend {
            return None;
        }
        let needs: Vec<&Need> = school
            .needs_of(id)
            .map(|need| &school[need])
            .filter(|need| meets(school, self.offering, need))
            .collect();
        if needs.is_empty() {
            return Some(Clash::new(
                "offering",
                "R6",
                format!("`{}` has no need that `{}` meets", student.id, offering.id),
                "no such need in needs.csv".to_owned(),
                "add the need to needs.csv, or take the pin out",
            ));
        }
        let lead = &school[self.pin.staff?];
        if needs.iter().all(|need| need.with.is_some_and(|subject| !lead.subjects.contains(&subject))) {
            return Some(Clash::new(
                "staff",
                "R6",
                format!("`{}` is not qualified for what the need asks `with`", lead.id),
                format!("`{}`", lead.id),
                "name someone else, or empty `with` in needs.csv",
            ));
        }
        (!school.own_staff.allows(lead.unit, student.unit)).then(|| {
            Clash::new(
                "staff",
                "R8",
                format!("`{}` is not of the unit of `{}`", lead.id, student.id),
                "staff of another unit, and `own_staff = \"require\"`".to_owned(),
                "name staff of the student's unit, or set `own_staff = \"prefer\"`",
            )
        })
    }

    /// A session that runs has at least `min` students.
    fn too_few(&self, wanting: &[StudentId]) -> Option<Clash> {
        let free = wanting.iter().filter(|&&student| self.school.student_free[(student, self.block)]).count();
        let found = || format!("{} with a need for it are free then", counted(free, "student"));
        (free < self.school[self.offering].min as usize).then(|| self.small(found()))
    }

    /// The students of a session are those whom its lead may serve at its place.
    fn too_few_at_once(&self, wanting: &[StudentId]) -> Option<Clash> {
        let school = self.school;
        let row = &school[self.offering];
        let (leads, places) = (self.leads(), self.places());
        let places: Vec<Option<&Place>> =
            if row.online { vec![None] } else { places.into_iter().map(Some).collect() };
        let least = row.min as usize;
        let mut most = None;
        for &lead in &leads {
            for &place in places.iter().filter(|place| place.is_none_or(|place| lead.works_at(place.site))) {
                let serves = |student: &&StudentId| self.serves(**student, lead, place);
                if !self.pin.student.as_ref().is_none_or(|student| serves(&student)) {
                    continue;
                }
                let number = wanting.iter().filter(serves).take(least).count();
                if number >= least {
                    return None;
                }
                most = most.max(Some(number));
            }
        }
        let Some(most) = most else {
            let student = &school[self.pin.student?].id;
            return Some(Clash::new(
                "student",
                "R8",
                format!("no lead of `{}` may serve `{student}` at a place for it", row.id),
                format!(
                    "{} and {}, no two of which suit",
                    counted(leads.len(), "lead"),
                    counted(places.len(), "place")
                ),
                "name another student, or look at the sites, the units and `with` of the need",
            ));
        };
        Some(self.small(format!(
            "{} at most whom one lead may serve at one place are free then",
            counted(most, "student")
        )))
    }

    /// Whether the student could be in a session of the pin.
    fn serves(&self, student: StudentId, lead: &Staff, place: Option<&Place>) -> bool {
        let (school, row) = (self.school, &self.school[student]);
        let at_site =
            place.and_then(|place| place.site).zip(row.site).is_none_or(|(one, other)| one == other);
        let met = |need: &Need| {
            meets(school, self.offering, need)
                && need.with.is_none_or(|subject| lead.subjects.contains(&subject))
        };
        school.student_free[(student, self.block)]
            && at_site
            && school.own_staff.allows(lead.unit, row.unit)
            && school.needs_of(student).any(|need| met(&school[need]))
    }

    fn small(&self, found: String) -> Clash {
        let (school, offering) = (self.school, &self.school[self.offering]);
        Clash::new(
            "offering",
            "R3",
            format!("too few students for `{}` in block `{}`", offering.id, school[self.block].id),
            format!("{found}, a session has at least {}", offering.min),
            "pin it to another block, or lower the offering's `min`",
        )
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

/// What one student is pinned to.
fn report_students(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let mut by_student: BTreeMap<StudentId, Vec<usize>> = BTreeMap::new();
    for (index, pin) in school.pins.iter().enumerate() {
        if let (PinKind::Attend, Some(student)) = (pin.kind, pin.student) {
            by_student.entry(student).or_default().push(index);
        }
    }
    for (student, pins) in by_student {
        report_overlaps(school, student, &pins, add);
        report_counts(school, student, &pins, add);
    }
}

fn report_overlaps(school: &School, student: StudentId, pins: &[usize], add: &mut impl FnMut(usize, Clash)) {
    let differ = |one: &Pin, other: &Pin| {
        (one.block, one.offering) != (other.block, other.offering)
            || one.staff.zip(other.staff).is_some_and(|(one, other)| one != other)
            || one.place.zip(other.place).is_some_and(|(one, other)| one != other)
    };
    for (at, &index) in pins.iter().enumerate() {
        let pin = &school.pins[index];
        let clash = pins[..at]
            .iter()
            .map(|&earlier| &school.pins[earlier])
            .find(|earlier| at_once(school, pin, earlier) && differ(pin, earlier));
        if let Some(earlier) = clash {
            add(index, twice(&school[student].id, earlier.line, "student"));
        }
    }
}

fn at_once(school: &School, one: &Pin, other: &Pin) -> bool {
    one.block.zip(other.block).is_some_and(|(one, other)| school[one].overlaps(&school[other]))
}

fn twice(who: &str, line: u64, column: &'static str) -> Clash {
    Clash::new(
        column,
        "R1",
        format!("`{who}` is pinned to two things at once"),
        format!("another pin at the same time on line {line}"),
        "take one of the two out, or move it to another block",
    )
}

fn report_counts(school: &School, student: StudentId, pins: &[usize], add: &mut impl FnMut(usize, Clash)) {
    let id = &school[student].id;
    let mut blocks: HashMap<OfferingId, HashSet<BlockId>> = HashMap::new();
    for &index in pins {
        let pin = &school.pins[index];
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { continue };
        let blocks = blocks.entry(offering).or_default();
        if !blocks.insert(block) {
            continue;
        }
        let asked: u64 = (school.needs_of(student).map(|need| &school[need]))
            .filter(|need| meets(school, offering, need))
            .map(|need| u64::from(need.sessions))
            .sum();
        let row = &school[offering];
        let on_day = blocks.iter().filter(|&&other| school[other].day == school[block].day).count();
        if asked > 0 && blocks.len() as u64 == asked + 1 {
            add(
                index,
                Clash::new(
                    "offering",
                    "R6",
                    format!("`{id}` is pinned to more sessions of `{}` than asked", row.id),
                    format!("{} pinned, {asked} asked in needs.csv", blocks.len()),
                    "take a pin out, or ask for more sessions",
                ),
            );
        }
        if on_day == row.per_day as usize + 1 {
            add(
                index,
                Clash::new(
                    "offering",
                    "R6",
                    format!("`{id}` is pinned to `{}` too often on one day", row.id),
                    format!("{on_day} pinned on {}, `per_day` is {}", school[school[block].day], row.per_day),
                    "move a pin to another day, or raise `per_day`",
                ),
            );
        }
    }
}

/// Where one staff member is pinned to.
fn report_staff(school: &School, add: &mut impl FnMut(usize, Clash)) {
    let mut by_staff: BTreeMap<StaffId, Vec<usize>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for (index, pin) in school.pins.iter().enumerate() {
        if let (PinKind::Session | PinKind::Attend, Some(staff)) = (pin.kind, pin.staff) {
            // Many students may be pinned to one session.
            if seen.insert((staff, pin.block, pin.offering, pin.place)) {
                by_staff.entry(staff).or_default().push(index);
            }
        }
    }
    for (staff, pins) in by_staff {
        let row = &school[staff];
        let mut blocks: BTreeSet<BlockId> = BTreeSet::new();
        let mut days: HashMap<DayId, u32> = HashMap::new();
        for (at, &index) in pins.iter().enumerate() {
            let pin = &school.pins[index];
            let Some(block) = pin.block else { continue };
            let differ = |other: &Pin| {
                (pin.block, pin.offering) != (other.block, other.offering)
                    || pin.place.zip(other.place).is_some_and(|(one, other)| one != other)
            };
            let earlier = pins[..at].iter().map(|&earlier| &school.pins[earlier]);
            if let Some(earlier) =
                earlier.into_iter().find(|other| at_once(school, pin, other) && differ(other))
            {
                add(index, twice(&row.id, earlier.line, "staff"));
            } else if blocks.insert(block) {
                let day = days.entry(school[block].day).or_default();
                *day += 1;
                let week = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
                for (pinned, most, name) in
                    [(week, row.max_blocks, "max_blocks"), (*day, row.max_per_day, "max_per_day")]
                {
                    if most.is_some_and(|most| most.checked_add(1) == Some(pinned)) {
                        add(
                            index,
                            Clash::new(
                                "staff",
                                "R4",
                                format!("`{}` is pinned to more blocks than `{name}` allows", row.id),
                                format!("{pinned} blocks pinned, `{name}` is {}", pinned - 1),
                                "take a pin out, or raise the limit in staff.csv",
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// For each offering the leads that pins name; `None` where they leave the lead open.
type Leads = HashMap<OfferingId, HashSet<Option<StaffId>>>;

/// Sessions pinned to one place at one time.
fn report_places(school: &School, add: &mut impl FnMut(usize, Clash)) {
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
