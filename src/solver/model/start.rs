//! From a schedule to values of a program's variables, for engines that take a start.

use std::collections::HashMap;

use crate::schedule::{Attendance, Meeting, Schedule, Session};
use crate::school::*;

use super::classes::{Class, SeatGroup};
use super::coaching::{Slot, StandIn};
use super::formulation::Formulation;
use super::program::{LinExpr, Variable};

/// Values that describe the schedule, or `None` if the program has no variables for it or the schedule
/// breaks a row.
pub fn values(model: &Formulation, schedule: &Schedule) -> Option<Vec<f64>> {
    let mut start = Start { model, values: vec![0.0; model.program.variables.len()] };
    start.add_sessions(schedule)?;
    if let Some(part) = model.scope.neighbourhood() {
        start.add_stand_ins(part.open_meetings, schedule)?;
    } else {
        start.add_groups(schedule)?;
        for holder in &schedule.package_holders {
            let (.., variable) =
                model.holders.iter().find(|&&(p, s, _)| p == holder.package && s == holder.staff)?;
            start.set(*variable, 1.0);
        }
    }
    model.program.complete(&mut start.values);
    model.program.broken(&start.values).is_none().then_some(start.values)
}

/// Values of the variables that say what students attend, whatever rows that breaks; all others are 0.
pub fn whereabouts(model: &Formulation, schedule: &Schedule) -> Vec<f64> {
    let mut start = Start { model, values: vec![0.0; model.program.variables.len()] };
    let led = start.led();
    for session in &schedule.sessions {
        let Some(class) = start.class_of(&led, session) else { continue };
        for attendance in &session.attendances {
            if let Some(variable) = start.attends(class, attendance) {
                start.set(variable, 1.0);
            }
        }
    }
    start.values
}

/// Indices of classes, by who could lead them when.
type Led = HashMap<(BlockId, StaffId), Vec<usize>>;

struct Start<'m> {
    model: &'m Formulation<'m>,
    values: Vec<f64>,
}

impl<'m> Start<'m> {
    fn set(&mut self, variable: Variable, value: f64) {
        self.values[variable.index()] = value;
    }

    /// Adds to a count that is a variable; one that is a sum of others follows from them.
    fn count(&mut self, sum: &LinExpr, more: usize) {
        if let [(variable, _)] = sum.terms[..] {
            self.values[variable.index()] += more as f64;
        }
    }

    fn led(&self) -> Led {
        let mut led = Led::new();
        for (index, class) in self.model.classes.all.iter().enumerate() {
            match class.kept {
                Some(_) => led.entry((class.block, class.lead)).or_default().push(index),
                None => (class.leads.iter())
                    .for_each(|&(lead, _)| led.entry((class.block, lead)).or_default().push(index)),
            }
        }
        led
    }

    fn class_of(&self, led: &Led, session: &Session) -> Option<&'m Class> {
        let model = self.model;
        let area = session.place.map(|place| model.places.area_of_place(place));
        let classes = led.get(&(session.block, session.lead))?;
        classes.iter().map(|&index| &model.classes.all[index]).find(|class| {
            class.activity == session.activity && model.classes.openings[class.opening].area == area
        })
    }

    fn attends(&self, class: &Class, attendance: &Attendance) -> Option<Variable> {
        let request = match attendance.need {
            Some(need) => Some(self.model.requests.of_need(need)?),
            None => None,
        };
        let key = (attendance.student, request);
        let at = class.attendees.binary_search_by_key(&key, |attendee| (attendee.student, attendee.request));
        Some(class.attendees[at.ok()?].variable)
    }

    fn add_sessions(&mut self, schedule: &Schedule) -> Option<()> {
        let model = self.model;
        let led = self.led();
        let kept: HashMap<(BlockId, StaffId), usize> =
            model.scope.kept_sessions().map(|(index, s)| ((s.block, s.lead), index)).collect();
        for session in &schedule.sessions {
            match self.class_of(&led, session) {
                Some(class) => self.add_session(class, session)?,
                // A kept session that no free student could attend has no class.
                None if kept.contains_key(&(session.block, session.lead)) => {}
                None => return None,
            }
        }
        Some(())
    }

    fn add_session(&mut self, class: &Class, session: &Session) -> Option<()> {
        let model = self.model;
        for attendance in session.attendances.iter().filter(|at| model.scope.student(at.student)) {
            let variable = self.attends(class, attendance)?;
            self.set(variable, 1.0);
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

    /// Open meetings that the schedule holds, by whomever.
    fn add_stand_ins(&mut self, open: &[Meeting], schedule: &Schedule) -> Option<()> {
        for (index, open) in open.iter().enumerate() {
            let same = |meeting: &&Meeting| (meeting.group, meeting.block) == (open.group, open.block);
            let Some(meeting) = schedule.meetings.iter().find(same) else { continue };
            let lead = schedule.lead_of(meeting);
            let leads = |stand_in: &&StandIn| stand_in.meeting == index && stand_in.staff == lead;
            let variable = self.model.stand_ins.iter().find(leads)?.variable;
            self.set(variable, 1.0);
        }
        Some(())
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
        let variable = slot.meetings.iter().find(|m| m.opening == index && m.group == group)?;
        self.set(variable.meets, 1.0);
        self.set(variable.attending, meeting.students.len() as f64);
        Some(())
    }
}
