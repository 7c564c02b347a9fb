//! From the values of a program's variables to a schedule: the counted sessions get their leads, assistants,
//! students and places.

use std::collections::HashMap;

use anyhow::{Context, ensure};

use crate::schedule::*;
use crate::school::*;

use super::classes::{Class, Numbers, SeatGroup};
use super::formulation::Formulation;
use super::program::LinExpr;
use super::rules::r7_coaching;
use super::rules::r8_staff::choose_reserve;

/// How far from an integer a value may be.
const TOLERANCE: f64 = 1e-4;

/// The schedule that the values describe; in a part together with all that is kept.
///
/// # Errors
/// The values are no solution: a count is not integer or does not fit.
pub fn schedule(model: &Formulation, values: &[f64]) -> anyhow::Result<Schedule> {
    let integer = |at: &usize| !model.program.variables[*at].integer || is_integer(values[*at]);
    ensure!((0..values.len()).all(|at| integer(&at)), "the engine's solution is not integer");
    let mut extraction = Extraction { model, values, schedule: Schedule::default(), placed: Vec::new() };
    extraction.keep();
    extraction.add_groups();
    extraction.add_sessions()?;
    extraction.add_meetings()?;
    extraction.place()?;
    extraction.add_holders();
    let mut schedule = extraction.schedule;
    trim_study(model, &mut schedule);
    let before = model.scope.neighbourhood().map_or(&[][..], |part| &part.incumbent.reserve);
    choose_reserve(model.school, model.sets, before, &mut schedule);
    Ok(schedule)
}

fn is_integer(value: f64) -> bool {
    (value - value.round()).abs() <= TOLERANCE
}

/// A session or meeting of the schedule by index.
#[derive(Clone, Copy)]
enum Item {
    Session(usize),
    Meeting(usize),
}

struct Extraction<'m> {
    model: &'m Formulation<'m>,
    values: &'m [f64],
    schedule: Schedule,
    /// What takes a place, with its block and place class.
    placed: Vec<(Item, BlockId, usize)>,
}

/// Place classes with the sessions still to be put in them.
struct Vacancies(Vec<(usize, usize)>);

impl Vacancies {
    fn take(&mut self) -> Option<usize> {
        let (q, count) = self.0.iter_mut().find(|(_, count)| *count > 0)?;
        *count -= 1;
        Some(*q)
    }
}

impl<'m> Extraction<'m> {
    fn count(&self, sum: &LinExpr) -> usize {
        sum.value(self.values).round().max(0.0) as usize
    }

    fn chosen<T: Copy>(&self, variables: &[(T, super::program::Variable)]) -> Vec<T> {
        variables.iter().filter(|(_, c)| self.values[c.index()] > 0.5).map(|&(who, _)| who).collect()
    }

    /// What a part leaves; students who may move are taken out of it.
    fn keep(&mut self) {
        let Some(part) = self.model.scope.neighbourhood() else { return };
        self.schedule.groups = part.incumbent.groups.clone();
        self.schedule.package_holders = part.incumbent.package_holders.clone();
        for meeting in &part.incumbent.meetings {
            let q = self.model.places.class_of[meeting.place.index()];
            self.placed.push((Item::Meeting(self.schedule.meetings.len()), meeting.block, q));
            self.schedule.meetings.push(meeting.clone());
        }
        for stand_in in self.model.stand_ins.iter().filter(|s| self.values[s.variable.index()] > 0.5) {
            let mut meeting = part.open_meetings[stand_in.meeting].clone();
            let coach = self.schedule.groups[meeting.group].coach;
            meeting.stand_in = Some(stand_in.staff).filter(|&staff| staff != coach);
            let q = self.model.places.class_of[meeting.place.index()];
            self.placed.push((Item::Meeting(self.schedule.meetings.len()), meeting.block, q));
            self.schedule.meetings.push(meeting);
        }
    }

    fn add_sessions(&mut self) -> anyhow::Result<()> {
        let model = self.model;
        let mut joined: HashMap<usize, Vec<Attendance>> = HashMap::new();
        let mut vacancies: HashMap<(usize, usize), Vacancies> = HashMap::new();
        for class in &model.classes.all {
            let students = self.attendances(class);
            match class.kept {
                Some(index) => drop(joined.insert(index, students)),
                None => self.add_class(class, students, &mut vacancies)?,
            }
        }
        for (index, session) in model.scope.kept_sessions() {
            let mut session = session.clone();
            session.attendances.retain(|attendance| !model.scope.student(attendance.student));
            session.attendances.extend(joined.remove(&index).unwrap_or_default());
            session.attendances.sort_unstable();
            self.push_session(session, None);
        }
        Ok(())
    }

    fn push_session(&mut self, session: Session, q: Option<usize>) {
        let q = q.or_else(|| session.place.map(|place| self.model.places.class_of[place.index()]));
        if let Some(q) = q {
            self.placed.push((Item::Session(self.schedule.sessions.len()), session.block, q));
        }
        self.schedule.sessions.push(session);
    }

    /// The students of a class, each with one of the needs of the request.
    fn attendances(&self, class: &Class) -> Vec<Attendance> {
        let here = class.attendees.iter().filter(|attendee| self.values[attendee.variable.index()] > 0.5);
        here.map(|attendee| Attendance { student: attendee.student, need: self.need(attendee) }).collect()
    }

    /// The need that this attendance of the request meets: the sessions of a request in the order of classes,
    /// as many for each need as the program says.
    fn need(&self, attendee: &super::classes::Attendee) -> Option<NeedId> {
        let request = attendee.request?;
        let model = self.model;
        let needs = &model.requests.all[request].needs;
        let earlier = (model.attends[attendee.student.index()].iter())
            .filter(|attends| attends.request == Some(request) && attends.variable < attendee.variable)
            .filter(|attends| self.values[attends.variable.index()] > 0.5)
            .count();
        let mut until = 0;
        for (&need, met) in needs.iter().zip(&model.met[request]) {
            until += self.count(met);
            if earlier < until {
                return Some(need);
            }
        }
        needs.last().copied()
    }

    fn add_class(
        &mut self,
        class: &Class,
        mut students: Vec<Attendance>,
        vacancies: &mut HashMap<(usize, usize), Vacancies>,
    ) -> anyhow::Result<()> {
        let model = self.model;
        let opening = &model.classes.openings[class.opening];
        let numbers = Numbers::of(model.school, class.activity);
        let mut leads = self.chosen(&class.leads).into_iter();
        let mut assistants = self.chosen(&class.assistants);
        for (g, (group, seats)) in opening.groups.iter().zip(&class.seats).enumerate() {
            let sessions = self.count(&seats.sessions);
            let mut helpers = even(self.count(&seats.assistants), sessions);
            let here = self.count(&seats.students).min(students.len());
            let sizes = fill(here, &helpers, numbers, group.seats).context("a class does not fit")?;
            let mut here = students.split_off(students.len() - here).into_iter();
            for size in sizes {
                let lead = leads.next().context("a session without a lead")?;
                let helpers = helpers.pop().unwrap_or(0).min(assistants.len());
                let vacancies = vacancies.entry((class.opening, g)).or_insert_with(|| self.vacancies(group));
                let q = vacancies.take();
                ensure!(q.is_some() || opening.area.is_none(), "a session without a place");
                let mut attendances: Vec<Attendance> = here.by_ref().take(size).collect();
                attendances.sort_unstable();
                let assistants = assistants.split_off(assistants.len() - helpers);
                let (activity, block) = (class.activity, class.block);
                self.push_session(Session { activity, block, place: None, lead, assistants, attendances }, q);
            }
        }
        ensure!(students.is_empty(), "students without a session");
        Ok(())
    }

    /// `Z` of each place class; a class alone takes all sessions of its group.
    fn vacancies(&self, group: &SeatGroup) -> Vacancies {
        let count = |variable: &Option<super::program::Variable>| match variable {
            Some(z) => self.values[z.index()].round().max(0.0) as usize,
            None => usize::MAX,
        };
        Vacancies(group.places.iter().map(|(q, z)| (*q, count(z))).collect())
    }

    fn add_groups(&mut self) {
        for slot in r7_coaching::existing(&self.model.groups.slots, self.values) {
            let students = self.chosen(&slot.members);
            self.schedule.groups.push(Group { coach: slot.coach, students });
        }
    }

    fn add_meetings(&mut self) -> anyhow::Result<()> {
        let model = self.model;
        let groups = &model.groups;
        let mut vacancies: HashMap<(usize, usize), Vacancies> = HashMap::new();
        for (group, slot) in r7_coaching::existing(&groups.slots, self.values).enumerate() {
            let students = self.chosen(&slot.members);
            for meeting in slot.meetings.iter().filter(|m| self.values[m.meets.index()] > 0.5) {
                let seats = &groups.openings[meeting.opening].groups[meeting.group];
                let key = (meeting.opening, meeting.group);
                let vacancies = vacancies.entry(key).or_insert_with(|| {
                    let count = |z: &Option<super::program::Variable>| {
                        z.map_or(groups.slots.len(), |z| self.values[z.index()].round().max(0.0) as usize)
                    };
                    Vacancies(seats.places.iter().map(|(q, z)| (*q, count(z))).collect())
                });
                let q = vacancies.take().context("a meeting without a place")?;
                let block = meeting.block;
                let free = students.iter().copied().filter(|&i| model.school.student_free[(i, block)]);
                self.placed.push((Item::Meeting(self.schedule.meetings.len()), block, q));
                let place = model.places.classes[q].example();
                let students = free.collect();
                self.schedule.meetings.push(Meeting { group, block, place, students, stand_in: None });
            }
        }
        Ok(())
    }

    /// Gives every session and meeting one of the places of its class. In a part, those that stay also stay
    /// where they are, as far as the others then still find a place.
    fn place(&mut self) -> anyhow::Result<()> {
        let school = self.model.school;
        let mut placed = std::mem::take(&mut self.placed);
        placed.sort_by_key(|&(_, block, _)| (school[block].day, school[block].start, school[block].end));
        let staying = |&(item, ..): &(Item, BlockId, usize)| match item {
            Item::Session(index) => self.schedule.sessions[index].place,
            Item::Meeting(index) => Some(self.schedule.meetings[index].place),
        };
        let wanted: Vec<Option<PlaceId>> = match self.model.scope.neighbourhood() {
            Some(_) => placed.iter().map(staying).collect(),
            None => vec![None; placed.len()],
        };
        let found = self.find_places(&placed, &wanted);
        let found = found.or_else(|| self.find_places(&placed, &vec![None; placed.len()]));
        for ((item, ..), place) in placed.into_iter().zip(found.context("more sessions than places")?) {
            match item {
                Item::Session(index) => self.schedule.sessions[index].place = Some(place),
                Item::Meeting(index) => self.schedule.meetings[index].place = place,
            }
        }
        Ok(())
    }

    /// Places for these, given in the order of time: those wanted where they are free, and for the rest one
    /// that is free, of the lead's unit if there is one. As never more run at once than there are places, one always is where nothing is wanted.
    fn find_places(
        &self,
        placed: &[(Item, BlockId, usize)],
        wanted: &[Option<PlaceId>],
    ) -> Option<Vec<PlaceId>> {
        let model = self.model;
        let mut taken: Vec<Vec<Vec<BlockId>>> =
            model.places.classes.iter().map(|class| vec![Vec::new(); class.places.len()]).collect();
        let mut found = vec![None; placed.len()];
        for keep in [true, false] {
            for (at, &(_, block, q)) in
                placed.iter().enumerate().filter(|&(at, _)| !keep || wanted[at].is_some())
            {
                if found[at].is_some() {
                    continue;
                }
                let class = &model.places.classes[q];
                let overlapping = &model.sets.overlapping[block.index()];
                let free =
                    |index: &usize| class.shared || !taken[q][*index].iter().any(|b| overlapping.contains(b));
                let here = |index: &usize| !keep || wanted[at] == Some(class.places[*index]);
                let free = (0..class.places.len()).filter(here).filter(free);
                match free.min_by_key(|&index| self.order_of_place(placed[at].0, class.places[index])) {
                    Some(index) => {
                        taken[q][index].push(block);
                        found[at] = Some(class.places[index]);
                    }
                    None if keep => {}
                    None => return None,
                }
            }
        }
        found.into_iter().collect()
    }

    fn order_of_place(&self, item: Item, place: PlaceId) -> u8 {
        let schedule = &self.schedule;
        let lead = match item {
            Item::Session(index) => schedule.sessions[index].lead,
            Item::Meeting(index) => {
                let meeting = &schedule.meetings[index];
                meeting.stand_in.unwrap_or(schedule.groups[meeting.group].coach)
            }
        };
        self.model.school.order_of_place(lead, place)
    }

    fn add_holders(&mut self) {
        for &(package, staff, variable) in &self.model.holders {
            if self.values[variable.index()] > 0.5 {
                self.schedule.package_holders.push(PackageHolder { package, staff });
            }
        }
    }
}

/// `total` spread evenly over `parts`, smaller shares first.
fn even(total: usize, parts: usize) -> Vec<usize> {
    (0..parts).map(|part| (total + part) / parts.max(1)).collect()
}

/// Sizes of sessions with so many assistants each, from the last: as even as their capacities allow.
/// `None`: they do not fit.
fn fill(students: usize, helpers: &[usize], numbers: Numbers, seats: u32) -> Option<Vec<usize>> {
    let most: Vec<usize> =
        helpers.iter().rev().map(|&helpers| numbers.most(helpers as u32, seats) as usize).collect();
    let mut sizes = vec![numbers.min as usize; most.len()];
    let mut rest = students.checked_sub(sizes.iter().sum())?;
    while rest > 0 {
        let room = (0..sizes.len()).filter(|&at| sizes[at] < most[at]);
        let at = room.min_by_key(|&at| sizes[at])?;
        sizes[at] += 1;
        rest -= 1;
    }
    Some(sizes)
}

/// Takes students out of study beyond their least presence, and study sessions that nobody attends.
fn trim_study(model: &Formulation, schedule: &mut Schedule) {
    let school = model.school;
    let mut present = vec![0u32; school.students.len()];
    for session in schedule.sessions.iter().filter(|session| school[session.block].kind.counts_as_presence())
    {
        session.attendances.iter().for_each(|attendance| present[attendance.student.index()] += 1);
    }
    for session in schedule.sessions.iter_mut().filter(|session| session.activity == Activity::Study) {
        session.attendances.retain(|attendance| {
            let student = attendance.student;
            let present = &mut present[student.index()];
            let stays = *present <= school.presence.minimum(student);
            *present -= u32::from(!stays);
            stays
        });
    }
    schedule
        .sessions
        .retain(|session| session.activity != Activity::Study || !session.attendances.is_empty());
}
