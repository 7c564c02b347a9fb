//! From a schedule to values of a program's columns, for engines that take a start.

use std::collections::HashMap;

use crate::schedule::{Meeting, Schedule, Session};
use crate::school::*;

use super::classes::{Class, SeatGroup};
use super::coaching::Slot;
use super::formulation::Formulation;
use super::program::{Column, Sum};

/// Values that describe the schedule, or `None` if the program has no columns for it or the schedule
/// breaks a row.
pub fn values(model: &Formulation, schedule: &Schedule) -> Option<Vec<f64>> {
    let mut start = Start { model, values: vec![0.0; model.program.columns.len()] };
    start.add_sessions(schedule)?;
    if model.scope.part_of().is_none() {
        start.add_groups(schedule)?;
        for holder in &schedule.package_holders {
            let (.., column) =
                model.holders.iter().find(|&&(p, s, _)| p == holder.package && s == holder.staff)?;
            start.set(*column, 1.0);
        }
    }
    model.program.complete(&mut start.values);
    model.program.broken(&start.values).is_none().then_some(start.values)
}

struct Start<'m> {
    model: &'m Formulation<'m>,
    values: Vec<f64>,
}

impl Start<'_> {
    fn set(&mut self, column: Column, value: f64) {
        self.values[column.index()] = value;
    }

    /// Adds to a count that is a column; one that is a sum of others follows from them.
    fn count(&mut self, sum: &Sum, more: usize) {
        if let [(column, _)] = sum.terms[..] {
            self.values[column.index()] += more as f64;
        }
    }

    fn add_sessions(&mut self, schedule: &Schedule) -> Option<()> {
        let model = self.model;
        let mut led: HashMap<(BlockId, StaffId), Vec<usize>> = HashMap::new();
        for (index, class) in model.classes.all.iter().enumerate() {
            match class.kept {
                Some(_) => led.entry((class.block, class.lead)).or_default().push(index),
                None => (class.leads.iter())
                    .for_each(|&(lead, _)| led.entry((class.block, lead)).or_default().push(index)),
            }
        }
        let kept: HashMap<(BlockId, StaffId), usize> =
            model.scope.kept_sessions().map(|(index, s)| ((s.block, s.lead), index)).collect();
        for session in &schedule.sessions {
            let cell = (session.block, session.lead);
            let classes = led.get(&cell).map_or(&[][..], Vec::as_slice);
            let area = session.place.map(|place| model.places.area_of_place(place));
            let found = classes.iter().map(|&index| &model.classes.all[index]).find(|class| {
                class.activity == session.activity && model.classes.openings[class.opening].area == area
            });
            match found {
                Some(class) => self.add_session(class, session)?,
                // A kept session that no free student could attend has no class.
                None if kept.contains_key(&cell) => {}
                None => return None,
            }
        }
        Some(())
    }

    fn add_session(&mut self, class: &Class, session: &Session) -> Option<()> {
        let model = self.model;
        for attendance in &session.attendances {
            if !model.scope.student(attendance.student) {
                continue;
            }
            let wish = match attendance.need {
                Some(need) => Some(model.wishes.of_need(need)?),
                None => None,
            };
            let key = (attendance.student, wish);
            let at = class.attendees.binary_search_by_key(&key, |attendee| (attendee.student, attendee.wish));
            self.set(class.attendees[at.ok()?].column, 1.0);
        }
        if class.kept.is_some() {
            return Some(());
        }
        let &(_, y) = class.leads.iter().find(|&&(lead, _)| lead == session.lead)?;
        self.set(y, 1.0);
        for assistant in &session.assistants {
            let &(_, a) = class.assistants.iter().find(|(staff, _)| staff == assistant)?;
            self.set(a, 1.0);
        }
        let opening = &model.classes.openings[class.opening];
        let group = self.put(&opening.groups, session.place)?;
        if opening.groups.len() > 1 {
            let seats = &class.seats[group];
            self.count(&seats.sessions, 1);
            self.count(&seats.assistants, session.assistants.len());
            self.count(&seats.students, session.attendances.len());
        }
        Some(())
    }

    /// Finds the seat group of the place and counts its `Z`.
    fn put(&mut self, groups: &[SeatGroup], place: Option<PlaceId>) -> Option<usize> {
        let Some(place) = place else { return Some(0) };
        let q = self.model.places.class_of[place.index()];
        let holds = |group: &SeatGroup| group.places.iter().position(|&(other, _)| other == q);
        let (index, at) = groups.iter().enumerate().find_map(|(g, group)| Some((g, holds(group)?)))?;
        if let (_, Some(z)) = groups[index].places[at] {
            self.values[z.index()] += 1.0;
        }
        Some(index)
    }

    fn add_groups(&mut self, schedule: &Schedule) -> Option<()> {
        let model = self.model;
        let mut free: Vec<&Slot> = model.groups.slots.iter().rev().collect();
        for (index, group) in schedule.groups.iter().enumerate() {
            let at = free.iter().rposition(|slot| slot.coach == group.coach)?;
            let slot = free.remove(at);
            for &student in &group.students {
                self.set(slot.member(student)?, 1.0);
            }
            let suits = |k: &usize| {
                group.students.iter().all(|student| model.groups.keys_of[student.index()].contains(k))
            };
            let &(_, key) = slot.keys.iter().find(|(k, _)| suits(k))?;
            self.set(key, 1.0);
            for meeting in schedule.meetings.iter().filter(|meeting| meeting.group == index) {
                self.add_meeting(slot, meeting)?;
            }
        }
        Some(())
    }

    fn add_meeting(&mut self, slot: &Slot, meeting: &Meeting) -> Option<()> {
        let model = self.model;
        let area = model.places.area_of_place(meeting.place);
        let (index, opening) = (model.groups.openings.iter().enumerate())
            .find(|(_, opening)| opening.block == meeting.block && opening.area == area)?;
        let group = self.put(&opening.groups, Some(meeting.place))?;
        let column = slot.meetings.iter().find(|m| m.opening == index && m.group == group)?;
        self.set(column.meets, 1.0);
        self.set(column.attending, meeting.students.len() as f64);
        Some(())
    }
}
