//! Comfort: which of schedules of equal total is the better one. Every measure is a number of which less is better; the
//! first in which two schedules differ decides. The formulas are in `docs/model.md`; the search asks the same functions
//! (`search/comfort`), the referee counts on its own.

use std::collections::BTreeMap;

use crate::schedule::{Activity, Schedule};
use crate::school::*;

/// The measures, the one that decides first at the head.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comfort {
    /// Blocks in which staff are deployed, and what these cost.
    pub staff_blocks: u64,
    pub cost: f64,
    /// Students too many in parallel sessions of one offering: [`uneven`].
    pub uneven: u64,
    /// Meetings of a coaching group outside its usual room of the week: [`elsewhere`].
    pub group_rooms: u64,
    /// Sessions and meetings of a lead outside the usual room of the day.
    pub lead_rooms: u64,
    /// Sessions and meetings outside the places of the lead's unit: [`OwnPlaceOrder`].
    pub other_places: u64,
    /// Idle blocks between a student's sessions of a day: [`idle`].
    pub idle_blocks: u64,
}

/// How many students have to move so that so many students each are as even as can be: of N in k sessions, N mod k hold
/// one more than the others.
pub fn uneven(sizes: &mut [u32]) -> u32 {
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let (all, sessions) = (sizes.iter().sum::<u32>(), sizes.len() as u32);
    let most = |at: u32| all / sessions + u32::from(at < all % sessions);
    (0..).zip(&*sizes).map(|(at, &size)| size.saturating_sub(most(at))).sum()
}

/// How many of these are not in the place in which most of them are.
pub fn elsewhere<P: Ord + Copy>(places: &mut [P]) -> u32 {
    places.sort_unstable();
    let most = places.chunk_by(|a, b| a == b).map(<[P]>::len).max().unwrap_or(0);
    (places.len() - most) as u32
}

/// Whose a place is, seen from the lead: 0 for one of the own unit, or nobody's where that unit has none; 1 more for what
/// is worse (nobody's before another unit's).
#[derive(Debug)]
pub struct OwnPlaceOrder {
    has_places: Vec<bool>,
}

impl OwnPlaceOrder {
    pub fn new(school: &School) -> Self {
        let has_places = |unit: UnitId| school.places.iter().any(|place| place.unit == Some(unit));
        Self { has_places: ids(school.units.len()).map(has_places).collect() }
    }

    pub fn of(&self, school: &School, lead: StaffId, place: PlaceId) -> u32 {
        let nobodys = school[lead].unit.is_none_or(|unit| !self.has_places[unit.index()]);
        u32::from(school.order_of_place(lead, place).saturating_sub(u8::from(nobodys)))
    }
}

/// Blocks for which the student is invited and free, that fit one after another between the sessions of a day.
/// `attended`: the blocks of these, in order of time.
pub fn idle(school: &School, student: StudentId, attended: impl Iterator<Item = BlockId>) -> u32 {
    let mut idle = 0;
    let mut since: Option<u16> = None;
    for block in attended {
        let Block { day, start, end, .. } = school[block];
        if let Some(mut from) = since {
            let first = school.blocks.partition_point(|other| (other.day, other.start) < (day, from));
            let until = |from: u16| {
                let later = ids::<BlockId>(school.blocks.len()).skip(first);
                let today = later.take_while(|&b| school[b].day == day && school[b].start < start);
                let fits = |&b: &BlockId| school[b].start >= from && school[b].end <= start;
                let free = today.filter(fits).filter(|&b| school.student_free[(student, b)]);
                free.map(|b| school[b].end).min()
            };
            while let Some(end) = until(from) {
                idle += 1;
                from = end;
            }
        }
        since = Some(end);
    }
    idle
}

/// All measures of a schedule.
pub fn measure(school: &School, schedule: &Schedule) -> Comfort {
    let mut comfort = Comfort::default();
    let meetings = schedule.meetings.iter().map(|m| (schedule.lead_of(m), m.block, Some(m.place)));
    let sessions = schedule.sessions.iter().map(|s| (s.lead, s.block, s.place));
    let led: Vec<(StaffId, BlockId, Option<PlaceId>)> = sessions.chain(meetings).collect();

    let leads = led.iter().map(|&(lead, ..)| lead);
    for staff in leads.chain(schedule.sessions.iter().flat_map(|s| s.assistants.iter().copied())) {
        comfort.staff_blocks += 1;
        comfort.cost += school[staff].cost;
    }

    let mut parallel: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for session in &schedule.sessions {
        if let Activity::Offering(offering) = session.activity {
            let site = session.place.and_then(|place| school[place].site);
            let sizes = parallel.entry((offering, session.block, site)).or_default();
            sizes.push(session.attendances.len() as u32);
        }
    }
    comfort.uneven = parallel.values_mut().map(|sizes| u64::from(uneven(sizes))).sum();

    let mut of_group: BTreeMap<usize, Vec<PlaceId>> = BTreeMap::new();
    for meeting in &schedule.meetings {
        of_group.entry(meeting.group).or_default().push(meeting.place);
    }
    comfort.group_rooms = of_group.values_mut().map(|places| u64::from(elsewhere(places))).sum();

    let own = OwnPlaceOrder::new(school);
    let mut of_lead: BTreeMap<(StaffId, DayId), Vec<PlaceId>> = BTreeMap::new();
    for &(lead, block, place) in &led {
        if let Some(place) = place {
            of_lead.entry((lead, school[block].day)).or_default().push(place);
            comfort.other_places += u64::from(own.of(school, lead, place));
        }
    }
    comfort.lead_rooms = of_lead.values_mut().map(|places| u64::from(elsewhere(places))).sum();

    let mut of_student: Vec<Vec<BlockId>> = vec![Vec::new(); school.students.len()];
    for session in &schedule.sessions {
        session.attendances.iter().for_each(|a| of_student[a.student.index()].push(session.block));
    }
    for meeting in &schedule.meetings {
        meeting.students.iter().for_each(|i| of_student[i.index()].push(meeting.block));
    }
    for (student, mut blocks) in school.student_ids().zip(of_student) {
        // Blocks stand in the order of time.
        blocks.sort_unstable();
        let days = blocks.chunk_by(|&a, &b| school[a].day == school[b].day);
        let idle = |day: &[BlockId]| u64::from(idle(school, student, day.iter().copied()));
        comfort.idle_blocks += days.map(idle).sum::<u64>();
    }
    comfort
}

#[cfg(test)]
mod tests {
    use super::{elsewhere, uneven};

    #[test]
    fn students_who_would_have_to_move() {
        for (sizes, moves) in [
            (&mut [17, 3][..], 7),
            (&mut [10, 10], 0),
            (&mut [10, 11], 0),
            (&mut [9, 12], 1),
            (&mut [3, 9, 9], 4),
        ] {
            assert_eq!(uneven(sizes), moves, "{sizes:?}");
        }
        assert_eq!((uneven(&mut [5]), uneven(&mut [])), (0, 0));
    }

    #[test]
    fn the_usual_place_is_that_of_most() {
        assert_eq!(
            [elsewhere(&mut [1, 2, 3, 4]), elsewhere(&mut [7, 5, 7]), elsewhere::<u32>(&mut [])],
            [3, 1, 0]
        );
    }
}
