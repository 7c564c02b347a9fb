//! Needs for which somebody asked: who, why, and what became of them.

use serde_json::{Value, json};

use crate::school::{Ask, Id, NeedId, Role, School, StudentId};
use crate::timetable::{Owner, Timetable};

use super::labels;
use super::words::{Words, fill};

/// A need with an asker or a reason.
pub struct Request<'t> {
    need: NeedId,
    ask: &'t Ask,
    missing: u32,
    /// Why it is missing, as the file says.
    reason: &'t str,
}

impl<'t> Request<'t> {
    fn of(timetable: &'t Timetable, need: NeedId) -> Option<Self> {
        let school = timetable.school;
        let row = &school[need];
        let ask = &school[row.ask?];
        let subjects = school.need_subjects(need);
        let missing = timetable.missing_of(Owner::Student(row.student)).filter(|missing| {
            (&missing.by, &missing.note) == (&ask.by, &ask.note)
                && missing.priority == Some(row.priority)
                && missing.subject == subjects
        });
        let (mut count, mut reason) = (0, "");
        for missing in missing {
            count = missing.missing.saturating_add(count).min(row.sessions);
            reason = &missing.reason;
        }
        Some(Self { need, ask, missing: count, reason })
    }

    fn subjects(&self, school: &School, words: &Words) -> String {
        labels::subjects(school, &school.need_subjects(self.need), words)
    }

    /// Met or not, and why not.
    fn outcome(&self, words: &Words) -> String {
        match self.missing {
            0 => words.request_met.to_owned(),
            missing => fill(words.request_unmet, &[&missing, &words.reason(self.reason)]),
        }
    }

    /// Who asked, and why.
    fn asked(&self, who: String) -> String {
        let parts = [who, self.ask.note.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }

    fn by(&self, school: &School, words: &Words) -> String {
        let name = self.ask.staff.map_or(self.ask.by.as_str(), |staff| &school[staff].name);
        if name.is_empty() { String::new() } else { fill(words.asked_by, &[&name]) }
    }

    /// The same to the student: their teacher of the subject, or somebody by name.
    fn by_yours(&self, school: &School, words: &Words) -> String {
        let subjects = &school[self.need].subjects;
        let teaches = self
            .ask
            .staff
            .filter(|&staff| school[staff].roles.has(Role::Teacher))
            .and_then(|staff| subjects.iter().find(|&&subject| school[staff].is_qualified(subject)));
        match teaches {
            Some(&subject) => {
                let subject = labels::subjects(school, &school[subject].id, words);
                fill(words.asked_by_teacher, &[&subject])
            }
            None => self.by(school, words),
        }
    }
}

/// What was asked for a student, a line each, as it is told to them.
pub fn of_student(timetable: &Timetable, student: StudentId, words: &Words) -> Vec<String> {
    let school = timetable.school;
    let line = |request: Request| {
        let asked = request.asked(request.by_yours(school, words));
        let (sessions, subjects) = (school[request.need].sessions, request.subjects(school, words));
        format!("{sessions} × {subjects}, {asked} ({})", request.outcome(words))
    };
    school.needs_of(student).filter_map(|need| Request::of(timetable, need)).map(line).collect()
}

/// For the script of the page: staff member, student, subject, sessions, who asked and why, what became of it.
pub fn rows(timetable: &Timetable, words: &Words) -> Vec<Value> {
    let school = timetable.school;
    let row = |request: Request| {
        let need = &school[request.need];
        json!([
            request.ask.staff.map(|staff| staff.index()),
            need.student.index(),
            request.subjects(school, words),
            need.sessions,
            request.asked(request.by(school, words)),
            request.ask.note,
            request.outcome(words),
        ])
    };
    school.need_ids().filter_map(|need| Request::of(timetable, need)).map(row).collect()
}
