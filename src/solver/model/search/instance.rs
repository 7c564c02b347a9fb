//! The school as flat tables for the local search: what may be asked millions of times a second is
//! looked up here and computed nowhere else.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use crate::model::classes::Numbers;
use crate::model::rules::r9_packages::asks_for_meetings;
use crate::model::sets::Sets;
use crate::parallel::join;
use crate::schedule::Activity;
use crate::school::*;

/// "No place", "nobody", "nothing".
pub const NONE: u32 = u32::MAX;

/// The unit of staff without one, which is no student's.
pub const NOWHERE: u32 = u32::MAX - 1;

/// A need, in one cache line.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub student: u32,
    pub sessions: u32,
    /// Of one attended session, by priority.
    pub value: f64,
    /// The same with everything else that a session could be worth to the student, but fairness and presence.
    pub most: f64,
    pub counts_for_fairness: bool,
    /// Of the student; [`NONE`] if none counts.
    unit: u32,
    /// Asked for, or [`NONE`].
    staff: u32,
    pub with: Option<SubjectId>,
    /// No other need of the student can be met by an offering that meets this one.
    pub alone: bool,
    /// It may not be attended on every day.
    pub has_days: bool,
    /// Of all [`Options`], those that meet it.
    options: u32,
}

impl Wanted {
    fn new(school: &School, sets: &Sets, need: NeedId, options: u32) -> Self {
        let id = need;
        let need = &school[id];
        let offerings = |n: NeedId| &sets.offerings_of[n.index()];
        let shares = |n: NeedId| n != id && offerings(n).iter().any(|o| offerings(id).contains(o));
        let student = &school[need.student];
        let weights = &school.weights;
        let value = weights.priority(need.priority);
        let unit = unit(school, student.unit, NONE);
        let extras = [(need.staff.is_some(), weights.staff_asked), (unit != NONE, weights.own_unit)];
        let extra: f64 = extras.iter().filter(|(counts, _)| *counts).map(|(_, weight)| weight).sum();
        Self {
            student: need.student.index() as u32,
            sessions: need.sessions,
            value,
            most: value + extra,
            counts_for_fairness: need.priority.counts_for_fairness(),
            unit,
            staff: need.staff.map_or(NONE, |s| s.index() as u32),
            with: need.with,
            alone: !school.needs_of(need.student).any(shares),
            has_days: need.days != Days::EVERY,
            options,
        }
    }
}

fn unit(school: &School, unit: Option<UnitId>, none: u32) -> u32 {
    school.counted_unit(unit).map_or(none, |unit| unit.index() as u32)
}

/// The offerings by which needs can be met. Equal lists stand once: they are few, and stay near.
#[derive(Debug)]
struct Options {
    lists: Vec<Vec<u32>>,
    /// List x offering.
    meets: Vec<bool>,
}

impl Options {
    /// All lists, and the list of every need.
    fn new(school: &School, sets: &Sets) -> (Self, Vec<u32>) {
        let mut known: HashMap<&[OfferingId], u32> = HashMap::new();
        let mut options = Self { lists: Vec::new(), meets: Vec::new() };
        let of_need = sets.offerings_of.iter().map(|offerings| {
            *known.entry(offerings).or_insert_with(|| {
                let meets = |o: OfferingId| offerings.contains(&o);
                options.meets.extend(school.offering_ids().map(meets));
                options.lists.push(offerings.iter().map(|o| o.index() as u32).collect());
                options.lists.len() as u32 - 1
            })
        });
        let of_need = of_need.collect();
        (options, of_need)
    }
}

/// A moment is an instant at which some block starts. Two blocks overlap exactly when they share one, so
/// that a person, a seat or a place is free in a block when it is free at each of the block's moments.
#[derive(Debug)]
pub struct Instance<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub moments: usize,
    /// Per block: its moments, the first one being its own start.
    pub moments_of: Vec<Range<usize>>,
    /// Per day: its moments.
    pub moments_of_day: Vec<Range<usize>>,
    /// Per block: whether lessons and zones there count as presence.
    pub counts_as_presence: Vec<bool>,
    /// Per need: all that is asked of it all the time.
    pub needs: Vec<Wanted>,
    options: Options,
    /// Per staff member: the unit, [`NOWHERE`] if none counts.
    pub unit_of_staff: Vec<u32>,
    pub site_of_student: Vec<Option<SiteId>>,
    /// Per student: range of needs.
    pub needs_of_student: Vec<Range<u32>>,
    /// Per student: least number of lesson and zone blocks.
    pub presence: Vec<u32>,
    pub coaching_blocks: Vec<u32>,
    /// Per student: meetings wanted.
    pub meetings: Vec<u32>,
    /// Students never to be in one session with the student.
    pub apart: Vec<Vec<u32>>,
    /// Per offering and site (last: students without a site): needs that an attendance can meet.
    pub demand: Vec<Vec<Vec<u32>>>,
    /// Per offering and unit: needs that its own staff serve better than others. Per offering: those that ask for
    /// somebody.
    own_demand: Vec<Vec<Vec<u32>>>,
    asking: Vec<Vec<u32>>,
    /// Offerings that have this one as their `after`.
    pub followed: Vec<bool>,
    /// Places in which study sessions and meetings may be held, fewest seats first; all places.
    pub places_by_seats: BySite<u32>,
    /// Per offering: places that carry its tags, fewest wasted seats first.
    pub places_of: Vec<BySite<u32>>,
    /// Per offering: who may lead it.
    pub leads_of: Vec<BySite<StaffId>>,
    pub coaches: BySite<StaffId>,
    pub supervisors: BySite<StaffId>,
    /// Per offering: who may assist.
    pub assistants_of: Vec<BySite<StaffId>>,
    /// Rows of `pins.csv` of kind ban that name a student, and those that do not.
    pub student_bans: Vec<&'a Pin>,
    pub session_bans: Vec<&'a Pin>,
    /// Per student: named in a ban.
    pub student_banned: Vec<bool>,
    /// Per student: bound by no site, where sites are minutes apart.
    pub travels: Vec<bool>,
    /// Per student: neither named in a ban nor to be apart from anybody, and bound to a site if that matters.
    pub plain: Vec<bool>,
    /// Rows of `pins.csv` of kind attend, by student.
    pub attend_pins: Vec<Vec<&'a Pin>>,
    /// Staff x subject: qualified.
    pub qualified: Vec<bool>,
    /// Per budget: whether it covers the staff member (staff-major).
    pub in_budget: Vec<Vec<bool>>,
    /// Offerings that may gain seats by assistants.
    pub assisted: Vec<bool>,
    pub has_travel: bool,
    /// Whether some places are for what staff of their unit lead only, or rather.
    pub places_of_units: bool,
    pub has_meetings_of_holders: bool,
    pub wishes: Option<WishWorth>,
}

impl<'a> Instance<'a> {
    pub fn new(school: &'a School, sets: &'a Sets) -> Self {
        let mut starts: Vec<(DayId, u16)> = school.blocks.iter().map(|b| (b.day, b.start)).collect();
        starts.sort_unstable();
        starts.dedup();
        let before = |moment: (DayId, u16)| starts.partition_point(|&start| start < moment);
        let moments_of =
            school.blocks.iter().map(|b| before((b.day, b.start))..before((b.day, b.end))).collect();
        let of_day =
            |d| starts.partition_point(|&(day, _)| day < d)..starts.partition_point(|&(day, _)| day <= d);
        let moments_of_day = ids(school.days.len()).map(of_day).collect();

        let indices = |students: Vec<StudentId>| students.into_iter().map(|i| i.index() as u32).collect();
        let apart: Vec<Vec<u32>> = school.kept_apart().into_iter().map(indices).collect();
        let (student_bans, session_bans): (Vec<&Pin>, Vec<&Pin>) =
            school.pins.iter().filter(|pin| pin.kind == PinKind::Ban).partition(|pin| pin.student.is_some());
        let mut student_banned = vec![false; school.students.len()];
        for student in student_bans.iter().filter_map(|ban| ban.student) {
            student_banned[student.index()] = true;
        }
        let mut travels = vec![false; school.students.len()];
        sets.travelling.iter().for_each(|i| travels[i.index()] = true);
        let plain = (0..school.students.len())
            .map(|i| !student_banned[i] && apart[i].is_empty() && !travels[i])
            .collect();
        let mut attend_pins = vec![Vec::new(); school.students.len()];
        for pin in school.demanding_pins() {
            if let Some(student) = pin.student {
                attend_pins[student.index()].push(pin);
            }
        }
        let mut followed = vec![false; school.offerings.len()];
        for after in school.offerings.iter().filter_map(|o| o.after) {
            followed[after.index()] = true;
        }
        let mut places_by_seats: Vec<u32> = (0..school.places.len() as u32).collect();
        places_by_seats.sort_by_key(|&p| school.places[p as usize].seats);
        let sites = school.sites.len();
        let works = |s: StaffId, site: SiteId| school[s].works_at(Some(site));
        let (options, options_of) = Options::new(school, sets);
        let wanted = |(need, &options)| Wanted::new(school, sets, need, options);
        let wanted = || school.need_ids().zip(&options_of).map(wanted).collect();
        let (demand, wanted) = join(|| demand(school, sets), wanted);
        let mut instance = Self {
            school,
            sets,
            moments: starts.len(),
            moments_of,
            moments_of_day,
            counts_as_presence: school.blocks.iter().map(|block| block.kind.counts_as_presence()).collect(),
            needs: wanted,
            options,
            unit_of_staff: school.staff.iter().map(|s| unit(school, s.unit, NOWHERE)).collect(),
            site_of_student: school.students.iter().map(|student| student.site).collect(),
            needs_of_student: needs_of_student(school),
            presence: school.student_ids().map(|i| school.presence.minimum(i)).collect(),
            coaching_blocks: (0..school.blocks.len() as u32)
                .filter(|&b| school.blocks[b as usize].kind == Kind::Coaching)
                .collect(),
            meetings: school.student_ids().map(|i| school.meetings_wanted(i)).collect(),
            apart,
            demand,
            own_demand: Vec::new(),
            asking: Vec::new(),
            followed,
            places_of: Vec::new(),
            places_by_seats: BySite::new(places_by_seats, sites, |p, site| reachable(school, p, site)),
            leads_of: sets.leads_of.iter().map(|leads| BySite::new(leads.clone(), sites, works)).collect(),
            coaches: BySite::new(sets.coaches.clone(), sites, works),
            supervisors: BySite::new(sets.supervisors.clone(), sites, works),
            assistants_of: (sets.assistants_of.iter())
                .map(|assistants| BySite::new(assistants.clone(), sites, works))
                .collect(),
            student_bans,
            session_bans,
            student_banned,
            travels,
            plain,
            attend_pins,
            qualified: qualified(school),
            in_budget: in_budget(school),
            assisted: school
                .offerings
                .iter()
                .zip(&sets.assistants_of)
                .map(|(o, assistants)| o.per_assistant > 0 && !assistants.is_empty())
                .collect(),
            has_travel: school.sites.len() > 1,
            places_of_units: school.own_places != OwnPlaces::Ignore
                && school.places.iter().any(|place| place.unit.is_some()),
            has_meetings_of_holders: asks_for_meetings(school),
            wishes: WishWorth::new(school),
        };
        instance.own_demand = sets.needs_of.iter().map(|needs| instance.by_unit(needs)).collect();
        instance.asking = sets.needs_of.iter().map(|needs| instance.asking(needs)).collect();
        instance.places_of = school
            .offering_ids()
            .map(|o| BySite::new(instance.suitable_places(o), sites, |p, site| reachable(school, p, site)))
            .collect();
        instance
    }

    /// Places with the tags of `o`: those that hold a full session first, the smallest of them first.
    fn suitable_places(&self, o: OfferingId) -> Vec<u32> {
        let numbers = Numbers::of(self.school, Activity::Offering(o));
        let full = numbers.most(numbers.assistants, u32::MAX);
        let mut places: Vec<u32> = self.sets.places_of[o.index()].iter().map(|p| p.index() as u32).collect();
        places.sort_by_key(|&p| {
            let place = &self.school.places[p as usize];
            (place.seats < full, if place.seats < full { u32::MAX - place.seats } else { place.seats })
        });
        places
    }

    /// The offerings whose sessions can meet the need.
    pub fn offerings_for(&self, n: u32) -> &[u32] {
        &self.options.lists[self.needs[n as usize].options as usize]
    }

    /// Whether a session of the offering can meet the need.
    pub fn can_meet(&self, n: u32, offering: u32) -> bool {
        let first = self.needs[n as usize].options as usize * self.school.offerings.len();
        self.options.meets[first + offering as usize]
    }

    /// Whether the need may be attended in the block: on one of its days.
    pub fn may_be_met_in(&self, n: u32, block: u32) -> bool {
        !self.needs[n as usize].has_days
            || self.school.needs[n as usize].may_be_met_in(&self.school.blocks[block as usize])
    }

    /// What it is worth that this lead, of all, serves the need.
    pub fn extra(&self, n: u32, lead: u32) -> f64 {
        let (need, weights) = (&self.needs[n as usize], &self.school.weights);
        let asked = if need.staff == lead { weights.staff_asked } else { 0.0 };
        let own = need.unit == self.unit_of_staff[lead as usize];
        asked + if own { weights.own_unit } else { 0.0 }
    }

    /// What it is worth by wishes that the staff member leads this; `activity` as in a session.
    pub fn wished_lead(&self, staff: u32, activity: u32) -> f64 {
        let Some(worth) = &self.wishes else { return 0.0 };
        let duty = match (activity as usize).cmp(&self.school.offerings.len()) {
            Ordering::Less => Duty::Lead(OfferingId::new(activity as usize)),
            Ordering::Equal => Duty::Study,
            Ordering::Greater => Duty::Coach,
        };
        worth.of_duty(StaffId::new(staff as usize), duty)
    }

    /// The same of assisting, and of being at work in the block at all.
    pub fn wished_assistance(&self, staff: u32) -> f64 {
        self.wishes.as_ref().map_or(0.0, |worth| worth.of_duty(StaffId::new(staff as usize), Duty::Assist))
    }

    pub fn wished_block(&self, staff: u32, block: u32) -> f64 {
        let block = BlockId::new(block as usize);
        self.wishes.as_ref().map_or(0.0, |worth| worth.of_block(StaffId::new(staff as usize), block))
    }

    /// The same of carrying a package.
    pub fn wished_package(&self, staff: u32, package: u32) -> f64 {
        let package = PackageId::new(package as usize);
        self.wishes.as_ref().map_or(0.0, |worth| worth.of_package(StaffId::new(staff as usize), package))
    }

    /// Whether the staff member is not busy in the block.
    pub fn is_free(&self, staff: u32, block: u32) -> bool {
        self.school.staff_free[(StaffId::new(staff as usize), BlockId::new(block as usize))]
    }

    pub fn is_qualified(&self, staff: u32, subject: SubjectId) -> bool {
        self.qualified[staff as usize * self.school.subjects.len() + subject.index()]
    }

    /// Whether some ban without a student has only cells that these match. `offering` is `None` for
    /// study and coaching.
    pub fn session_banned(&self, block: u32, offering: Option<u32>, staff: u32, place: u32) -> bool {
        self.session_bans.iter().any(|ban| matches(ban, block, offering, Some(staff), place))
    }

    /// Whether a ban, or the unit of the place, keeps the staff member from leading this there.
    pub fn lead_barred(&self, block: u32, offering: Option<u32>, lead: u32, place: u32) -> bool {
        let other_unit = self.places_of_units && place != NONE && {
            let (lead, place) = (StaffId::new(lead as usize), PlaceId::new(place as usize));
            !self.school.may_lead_in(lead, place)
        };
        other_unit || self.session_banned(block, offering, lead, place)
    }

    /// Whether a ban forbids the student such an attendance.
    pub fn attendance_banned(
        &self,
        student: u32,
        block: u32,
        offering: Option<u32>,
        staff: u32,
        place: u32,
    ) -> bool {
        self.student_banned[student as usize]
            && self.student_bans.iter().any(|ban| {
                ban.student == Some(StudentId::new(student as usize))
                    && matches(ban, block, offering, Some(staff), place)
            })
    }

    /// Where a group of these students is at home: students without a site join those of one.
    pub fn site_of_students(&self, students: &[u32]) -> Option<SiteId> {
        students.iter().find_map(|&i| self.site_of_student[i as usize])
    }

    /// Demand that a session of `o` at `site` may meet: lists of needs of students of that site and of
    /// students without a site; at no site (online) everybody's.
    pub fn demand_at(&self, o: u32, site: Option<SiteId>) -> impl Iterator<Item = &Vec<u32>> {
        let lists = &self.demand[o as usize];
        let last = lists.len() - 1;
        lists
            .iter()
            .enumerate()
            .filter(move |&(index, _)| site.is_none_or(|site| index == site.index() || index == last))
            .map(|(_, list)| list)
    }

    /// The needs of every unit's students.
    fn by_unit(&self, needs: &[NeedId]) -> Vec<Vec<u32>> {
        let mut lists = vec![Vec::new(); self.school.units.len()];
        for need in needs {
            if let Some(list) = lists.get_mut(self.needs[need.index()].unit as usize) {
                list.push(need.index() as u32);
            }
        }
        lists
    }

    /// The needs that ask for a member of staff.
    fn asking(&self, needs: &[NeedId]) -> Vec<u32> {
        let asks = |need: &&NeedId| self.needs[need.index()].staff != NONE;
        needs.iter().filter(asks).map(|need| need.index() as u32).collect()
    }

    /// Needs that a session of `o` serves better with this lead than with most others.
    pub fn demand_for(&self, o: u32, lead: u32) -> impl Iterator<Item = u32> {
        let unit = self.unit_of_staff[lead as usize];
        let own = self.own_demand[o as usize].get(unit as usize);
        let asking = self.asking[o as usize].iter().copied().filter(move |&n| {
            let need = &self.needs[n as usize];
            need.staff == lead && need.unit != unit
        });
        own.into_iter().flatten().copied().chain(asking)
    }

    pub fn site_of(&self, place: u32) -> Option<SiteId> {
        self.school.places.get(place as usize).and_then(|place| place.site)
    }
}

fn reachable(school: &School, place: u32, site: SiteId) -> bool {
    attends_at(Some(site), school.places[place as usize].site)
}

fn matches(pin: &Pin, block: u32, offering: Option<u32>, staff: Option<u32>, place: u32) -> bool {
    pin.block.is_none_or(|b| b.index() as u32 == block)
        && pin.offering.is_none_or(|o| offering == Some(o.index() as u32))
        && pin.staff.is_none_or(|s| staff == Some(s.index() as u32))
        && pin.place.is_none_or(|p| p.index() as u32 == place)
}

fn needs_of_student(school: &School) -> Vec<Range<u32>> {
    let mut ranges = Vec::with_capacity(school.students.len());
    let mut from = 0;
    for student in school.student_ids() {
        let mut to = from;
        while to < school.needs.len() && school.needs[to].student == student {
            to += 1;
        }
        ranges.push(from as u32..to as u32);
        from = to;
    }
    ranges
}

fn demand(school: &School, sets: &Sets) -> Vec<Vec<Vec<u32>>> {
    sets.needs_of
        .iter()
        .map(|needs| {
            let mut by_site = vec![Vec::new(); school.sites.len() + 1];
            for &need in needs {
                let site = school[school[need].student].site;
                by_site[site.map_or(school.sites.len(), Id::index)].push(need.index() as u32);
            }
            by_site
        })
        .collect()
}

fn qualified(school: &School) -> Vec<bool> {
    let mut table = vec![false; school.staff.len() * school.subjects.len()];
    for (s, staff) in school.staff.iter().enumerate() {
        for subject in &staff.subjects {
            table[s * school.subjects.len() + subject.index()] = true;
        }
    }
    table
}

fn in_budget(school: &School) -> Vec<Vec<bool>> {
    let covers = |staff| school.budgets.iter().map(|budget| budget.covers(school, staff)).collect();
    school.staff_ids().map(covers).collect()
}
