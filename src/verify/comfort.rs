//! What makes one of schedules of equal total the better one, counted again from the files.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::school::{Block, BlockId, DayId, Id, OwnPlaces, PlaceId, School, StaffId, StudentId};

use super::usage::Usage;
use super::week::{Activity, Week, site};

/// As `summary.json` states it: of each, less is better, and the first that differs decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Comfort {
    pub staff_blocks: u64,
    pub cost: f64,
    pub uneven: u64,
    pub group_rooms: u64,
    pub lead_rooms: u64,
    pub other_places: u64,
    pub idle_blocks: u64,
}

/// What each is, in their order.
pub const MEASURES: [(&str, &str); 7] = [
    ("staff_blocks", "blocks in which staff are deployed, summed over staff"),
    ("cost", "what these blocks cost"),
    ("uneven", "students who would have to move until parallel sessions of one offering are even"),
    ("group_rooms", "coaching meetings outside the usual room of the group in the week"),
    ("lead_rooms", "sessions and meetings outside the usual room of the lead on the day"),
    ("other_places", "sessions and meetings outside the places of the lead's unit"),
    ("idle_blocks", "idle blocks between a student's sessions of a day, summed over students"),
];

impl Comfort {
    /// The numbers in the order of [`MEASURES`].
    pub fn numbers(&self) -> [f64; 7] {
        let Self { staff_blocks, cost, uneven, group_rooms, lead_rooms, other_places, idle_blocks } = *self;
        let counts = [uneven, group_rooms, lead_rooms, other_places, idle_blocks].map(|count| count as f64);
        let [uneven, group_rooms, lead_rooms, other_places, idle_blocks] = counts;
        [staff_blocks as f64, cost, uneven, group_rooms, lead_rooms, other_places, idle_blocks]
    }
}

pub fn count(school: &School, week: &Week, usage: &Usage) -> Comfort {
    let idle = |student| {
        school.days.iter().enumerate().map(move |(day, _)| idle(school, week, student, DayId::new(day)))
    };
    Comfort {
        staff_blocks: usage.staff_blocks(),
        cost: usage.cost(school),
        uneven: uneven(school, week),
        group_rooms: group_rooms(week),
        lead_rooms: lead_rooms(school, week),
        other_places: other_places(school, week),
        idle_blocks: school.student_ids().flat_map(idle).sum(),
    }
}

/// In each block and at each site, students above the even share of an offering's sessions.
fn uneven(school: &School, week: &Week) -> u64 {
    let mut parallel: HashMap<_, Vec<usize>> = HashMap::new();
    for session in &week.sessions {
        if let Some(offering) = session.offering() {
            let sizes = parallel.entry((offering, session.block, site(school, session))).or_default();
            sizes.push(session.attendances.len());
        }
    }
    let too_many = |sizes: &Vec<usize>| {
        let all: usize = sizes.iter().sum();
        let (share, rest) = (all / sizes.len(), all % sizes.len());
        let above: Vec<usize> =
            sizes.iter().filter_map(|size| size.checked_sub(share)).filter(|&n| n > 0).collect();
        // As many sessions as there are students left over may hold one more.
        (above.iter().sum::<usize>() - rest.min(above.len())) as u64
    };
    parallel.values().map(too_many).sum()
}

/// Those that are not in the place of which there are most.
fn outside_usual<'w, K: Eq + std::hash::Hash>(placed: impl Iterator<Item = (K, &'w PlaceId)>) -> u64 {
    let mut held: HashMap<K, HashMap<PlaceId, u64>> = HashMap::new();
    for (key, place) in placed {
        *held.entry(key).or_default().entry(*place).or_default() += 1;
    }
    held.values().map(|places| places.values().sum::<u64>() - places.values().max().unwrap_or(&0)).sum()
}

fn group_rooms(week: &Week) -> u64 {
    outside_usual(week.sessions.iter().filter_map(|session| match session.activity {
        Activity::Meeting(group) => Some((group, session.place.as_ref()?)),
        Activity::Offering(_) | Activity::Study => None,
    }))
}

fn lead_rooms(school: &School, week: &Week) -> u64 {
    outside_usual(week.sessions.iter().filter_map(|session| {
        let day: DayId = school[session.block].day;
        let lead: StaffId = session.lead?;
        Some(((lead, day), session.place.as_ref()?))
    }))
}

/// One for each that is not in a place of the lead's unit, where that has any, and one for each in a place of another unit.
fn other_places(school: &School, week: &Week) -> u64 {
    if school.own_places == OwnPlaces::Ignore {
        return 0;
    }
    let with_places: HashSet<_> = school.places.iter().filter_map(|place| place.unit).collect();
    let mut outside = 0;
    for session in &week.sessions {
        let (Some(lead), Some(place)) = (session.lead, session.place) else { continue };
        let (own, of_place) = (school[lead].unit, school[place].unit);
        let has_places = own.is_some_and(|unit| with_places.contains(&unit));
        outside += u64::from(has_places && of_place != own);
        outside += u64::from(of_place.is_some() && of_place != own);
    }
    outside
}

/// Between one session of the student and the next on the day: the most blocks that could be attended one after another.
fn idle(school: &School, week: &Week, student: StudentId, day: DayId) -> u64 {
    let attended = week.of_student[student.index()].iter().map(|&attendance| week.attended(attendance).block);
    let mut attended: Vec<&Block> =
        attended.map(|block| &school[block]).filter(|block| block.day == day).collect();
    attended.sort_by_key(|block| (block.start, block.end));
    let between = |before: &Block, after: &Block| {
        let open = |&b: &BlockId| {
            let block = &school[b];
            block.day == day
                && school.student_free[(student, b)]
                && block.start >= before.end
                && block.end <= after.start
        };
        let mut open: Vec<&Block> = school.block_ids().filter(open).map(|b| &school[b]).collect();
        open.sort_by_key(|block| block.end);
        let take = |(count, until), block: &&Block| {
            if block.start >= until { (count + 1, block.end) } else { (count, until) }
        };
        open.iter().fold((0, before.end), take).0
    };
    attended.windows(2).map(|two| between(two[0], two[1])).sum()
}
