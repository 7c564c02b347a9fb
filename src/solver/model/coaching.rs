//! Coaching groups as the model sees them. A *slot* g is a group that a coach may have. Variables:
//! `in[i,g]` student i is in g, `key[g,k]` g exists and its members share key k (values of `group_by`,
//! site), `meet[g,b,..]` g meets in block b in an area and seat group, `z[g,b,..]` how many attend it.

use std::collections::{BTreeMap, BTreeSet};

use crate::school::*;

use super::classes::SeatGroup;
use super::places::Places;
use super::program::{LinExpr, Program, Variable};
use super::scope::Scope;
use super::sets::Sets;

/// With at most so many variables `in[i,g]`, a coach may have as many groups as there are students for.
/// Beyond, no more than can all have their full number of meetings.
const FREE_SLOTS: usize = 4_000;

/// Coaching in a block in an area of places.
#[derive(Debug)]
pub struct CoachingOpening {
    pub block: BlockId,
    pub area: usize,
    pub groups: Vec<SeatGroup>,
}

#[derive(Debug)]
pub struct MeetingColumn {
    pub block: BlockId,
    pub site: Option<SiteId>,
    /// Index into [`Groups::openings`], and of the seat group there.
    pub opening: usize,
    pub group: usize,
    /// `meet`
    pub meets: Variable,
    /// `z`
    pub attending: Variable,
}

#[derive(Debug)]
pub struct Slot {
    pub coach: StaffId,
    /// `in[i,g]`
    pub members: Vec<(StudentId, Variable)>,
    /// Index into [`Groups::keys`] and `key[g,k]`.
    pub keys: Vec<(usize, Variable)>,
    pub meetings: Vec<MeetingColumn>,
}

impl Slot {
    /// 1 if the group exists.
    pub fn exists(&self) -> LinExpr {
        self.keys.iter().map(|&(_, key)| key).collect()
    }

    pub fn member(&self, student: StudentId) -> Option<Variable> {
        let at = self.members.binary_search_by_key(&student, |&(i, _)| i).ok()?;
        Some(self.members[at].1)
    }

    /// Members who are free in the block, so that they attend if the group meets.
    pub fn free_members(&self, school: &School, block: BlockId) -> LinExpr {
        let free = self.members.iter().filter(|(i, _)| school.student_free[(*i, block)]);
        free.map(|&(_, variable)| variable).collect()
    }
}

/// Somebody who could lead an open meeting of a part in place of the coach.
#[derive(Debug)]
pub struct StandIn {
    /// Index into [`Part::open_meetings`](super::scope::Neighbourhood::open_meetings).
    pub meeting: usize,
    pub block: BlockId,
    pub site: Option<SiteId>,
    pub staff: StaffId,
    /// Who attend.
    pub students: u32,
    /// `cover[m,s]`
    pub variable: Variable,
}

/// `cover[m,s]`: coaches whose time is free to be decided.
pub fn stand_ins(
    school: &School,
    sets: &Sets,
    scope: &Scope,
    bans: &Bans,
    program: &mut Program,
) -> Vec<StandIn> {
    let mut stand_ins = Vec::new();
    let open = scope.neighbourhood().map_or(&[][..], |part| part.open_meetings);
    for (index, meeting) in open.iter().enumerate() {
        let (block, place) = (meeting.block, Some(meeting.place));
        let site = school[meeting.place].site;
        for &staff in &sets.coaches {
            let deployment = Deployment { block, offering: None, staff: Some(staff), place };
            let suits = school.staff_free[(staff, block)]
                && scope.cell(staff, block)
                && school.may_lead_in(staff, meeting.place)
                && !bans.forbid(deployment)
                && (meeting.students.iter())
                    .all(|&i| school.own_staff_allows(staff, i) && !bans.forbid_student(i, deployment));
            if suits {
                let name = || format!("cover[{index},{}]", school[staff].id);
                let variable = program.binary(name);
                let students = meeting.students.len() as u32;
                stand_ins.push(StandIn { meeting: index, block, site, staff, students, variable });
            }
        }
    }
    stand_ins
}

#[derive(Debug, Default)]
pub struct Groups {
    pub keys: Vec<CoachingKey>,
    pub openings: Vec<CoachingOpening>,
    /// Slots of one coach follow each other.
    pub slots: Vec<Slot>,
    /// Whether a coach might have more groups than there are slots, so that no solution proves nothing.
    pub limited: bool,
    /// By student: the keys of the groups they may be in; empty: in none.
    pub keys_of: Vec<Vec<usize>>,
}

impl Groups {
    pub fn new(school: &School, sets: &Sets, places: &Places, bans: &Bans, program: &mut Program) -> Self {
        let Some(coaching) = &school.coaching else { return Self::default() };
        let mut groups = Self::default();
        groups.find_keys(school);
        groups.open(school, coaching, places, bans, program);
        for &coach in &sets.coaches {
            let allowed =
                |i: &StudentId| !groups.keys_of[i.index()].is_empty() && school.own_staff_allows(coach, *i);
            let students: Vec<StudentId> = school.student_ids().filter(allowed).collect();
            let (slots, limited) = slots_of(school, sets, coaching, coach, students.len());
            groups.limited |= limited;
            for _ in 0..slots {
                groups.add_slot(school, (places, bans), coach, &students, program);
            }
        }
        groups
    }

    fn find_keys(&mut self, school: &School) {
        let students: Vec<StudentId> = school.student_ids().filter(|&i| school.is_coached(i)).collect();
        let keys: BTreeSet<CoachingKey> = students.iter().map(|&i| school.coaching_key(i)).collect();
        self.keys = keys.into_iter().collect();
        self.keys_of = vec![Vec::new(); school.students.len()];
        for i in students {
            let (values, site) = school.coaching_key(i);
            let suits = |key: &CoachingKey| key.0 == values && (site.is_none() || key.1 == site);
            self.keys_of[i.index()] = (0..self.keys.len()).filter(|&k| suits(&self.keys[k])).collect();
        }
    }

    fn open(
        &mut self,
        school: &School,
        coaching: &Coaching,
        places: &Places,
        bans: &Bans,
        program: &mut Program,
    ) {
        for block in school.coaching_blocks() {
            for (area, row) in places.areas.iter().enumerate() {
                let mut groups: BTreeMap<(u32, Option<usize>), Vec<usize>> = BTreeMap::new();
                for &q in &row.classes {
                    let class = &places.classes[q];
                    let place = class.example();
                    let meeting = Deployment { block, offering: None, staff: None, place: Some(place) };
                    if school.place_free[(place, block)] && !bans.forbid(meeting) {
                        let key = (class.seats.min(coaching.max), class.shared.then_some(q));
                        groups.entry(key).or_default().push(q);
                    }
                }
                let mut place = |q: usize, several: bool| {
                    let sessions = places.classes[q].sessions;
                    let name = || {
                        let place = &school[places.classes[q].example()].id;
                        format!("Z[coaching,{},{place}]", school[block].id)
                    };
                    (q, several.then(|| program.integer(sessions, name)))
                };
                let groups: Vec<SeatGroup> = groups
                    .into_iter()
                    .map(|((seats, _), classes)| {
                        let several = classes.len() > 1;
                        SeatGroup { seats, places: classes.iter().map(|&q| place(q, several)).collect() }
                    })
                    .collect();
                if !groups.is_empty() {
                    self.openings.push(CoachingOpening { block, area, groups });
                }
            }
        }
    }

    fn add_slot(
        &mut self,
        school: &School,
        (places, bans): (&Places, &Bans),
        coach: StaffId,
        students: &[StudentId],
        program: &mut Program,
    ) {
        let g = self.slots.len();
        let id = &school[coach].id;
        let members: Vec<(StudentId, Variable)> = students
            .iter()
            .map(|&i| (i, program.binary(|| format!("in[{},{id},{g}]", school[i].id))))
            .collect();
        let mut keys: Vec<usize> =
            students.iter().flat_map(|i| self.keys_of[i.index()].iter().copied()).collect();
        keys.sort_unstable();
        keys.dedup();
        let keys = keys.into_iter().map(|k| (k, program.binary(|| format!("key[{id},{g},{k}]")))).collect();
        let mut meetings = Vec::new();
        for (index, opening) in self.openings.iter().enumerate() {
            let block = opening.block;
            let area = &places.areas[opening.area];
            let meeting = Deployment { block, offering: None, staff: Some(coach), place: area.alone };
            let comes = school.staff_free[(coach, block)]
                && places.may_lead_in(school, coach, opening.area)
                && !bans.forbid(meeting);
            if !comes {
                continue;
            }
            for (group, seats) in opening.groups.iter().enumerate() {
                let name = |what| format!("{what}[{id},{g},{},{}]", school[block].id, seats.seats);
                let most = f64::from(seats.seats.min(members.len() as u32));
                meetings.push(MeetingColumn {
                    block,
                    site: area.site,
                    opening: index,
                    group,
                    meets: program.binary(|| name("meet")),
                    attending: program.continuous(most, || name("z")),
                });
            }
        }
        self.slots.push(Slot { coach, members, keys, meetings });
    }
}

/// Groups that a coach may have at most in the model, and whether it could be more.
fn slots_of(
    school: &School,
    sets: &Sets,
    coaching: &Coaching,
    coach: StaffId,
    students: usize,
) -> (usize, bool) {
    if students == 0 {
        return (0, false);
    }
    let free = school.coaching_blocks().filter(|&b| school.staff_free[(coach, b)]).count();
    let full = (free / coaching.meetings.max(1) as usize).max(1);
    let most = students / coaching.min.max(1) as usize;
    let all = sets.coaches.len() * school.students.len() * most;
    if all <= FREE_SLOTS { (most, false) } else { (full.min(most), full < most) }
}
