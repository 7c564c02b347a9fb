//! R3: a session has `min` to `max` + assistants x `per_assistant` students, and a lead with an allowed
//! role who is qualified; assistants have the role `assistant` and, with `assistants_qualified`, are qualified
//! for at least one of its subjects (all but `homework`).
//!
//! Compared: the attendances of each session with the offering's numbers (study: at least one student,
//! at most the seats, which R2 compares); the lead's roles with the offering's (study: `supervisor`),
//! the lead's subjects with the offering's by
//! `qualified`, all but `homework`; the number of assistants with the
//! offering's; the assistants' roles; the block's kind with the offering's `kinds` (study: lesson and
//! zone). Coaching meetings are R7.

use crate::school::{Offering, Qualified, Role, School, Staff, StaffId, SubjectId};
use crate::verify::violation::{Rule, Violations};
use crate::verify::week::{Activity, Session, Week, title};

use super::count;

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for session in &week.sessions {
        let mut violation = |message: String| {
            let message = format!("{}: {message}", title(school, session));
            violations.add(Rule::R3, [session.row()], message);
        };
        if session.lead.is_none() {
            violation("has no lead".to_owned());
        }
        match session.activity {
            Activity::Offering(offering) => check_session(school, session, &school[offering], &mut violation),
            Activity::Study => check_study(school, session, &mut violation),
            Activity::Meeting(_) => {}
        }
    }
}

fn check_session(
    school: &School,
    session: &Session,
    offering: &Offering,
    violation: &mut impl FnMut(String),
) {
    let kind = school[session.block].kind;
    if !offering.kinds.contains(&kind) {
        violation(format!("runs in a {} block, its kinds do not include that", kind.label()));
    }
    let (students, assistants) = (session.attendances.len() as u64, session.assistants.len() as u64);
    if students < u64::from(offering.min) {
        violation(format!("has {}, min is {}", count(students as usize, "student"), offering.min));
    }
    let most = u64::from(offering.max) + assistants * u64::from(offering.per_assistant);
    if students > most {
        let students = count(students as usize, "student");
        let with = count(assistants as usize, "assistant");
        violation(format!("has {students}, at most {most} are allowed (max {}, {with})", offering.max));
    }
    if assistants > u64::from(offering.assistants) {
        let assistants = count(assistants as usize, "assistant");
        violation(format!("has {assistants}, at most {} are allowed", offering.assistants));
    }
    if let Some(lead) = session.lead {
        check_lead(school, lead, offering, violation);
    }
    for &assistant in &session.assistants {
        if !school[assistant].roles.has(Role::Assistant) {
            violation(format!("staff `{}` assists without the role `assistant`", school[assistant].id));
        }
        let unknown = unknown_to_assistant(school, &school[assistant], offering);
        if !unknown.is_empty() {
            let subjects: Vec<_> = unknown.iter().map(|&subject| school[subject].id.as_str()).collect();
            let (id, subjects) = (&school[assistant].id, subjects.join(", "));
            violation(format!("assistant `{id}` is qualified for none of {subjects} (assistants_qualified)"));
        }
    }
}

fn check_lead(school: &School, lead: StaffId, offering: &Offering, violation: &mut impl FnMut(String)) {
    let id = &school[lead].id;
    if !school[lead].roles.intersects(offering.roles) {
        let allowed: Vec<_> = offering.roles.iter().map(Role::label).collect();
        violation(format!("lead `{id}` has none of the roles {}", allowed.join(", ")));
    }
    let lacking = offering.qualifications.iter().filter(|subject| !school[lead].subjects.contains(subject));
    let lacking: Vec<_> = lacking.map(|&subject| school[subject].id.as_str()).collect();
    let unqualified = match offering.qualified {
        Qualified::All => !lacking.is_empty(),
        Qualified::Any => !lacking.is_empty() && lacking.len() == offering.qualifications.len(),
    };
    if unqualified {
        violation(format!("lead `{id}` is not qualified for {}", lacking.join(", ")));
    }
}

/// Whether nothing is wrong with the person as a lead of the offering.
pub fn is_lead_of(person: &Staff, offering: &Offering) -> bool {
    let qualified = |subject| person.subjects.contains(subject);
    person.roles.intersects(offering.roles)
        && match offering.qualified {
            Qualified::All => offering.qualifications.iter().all(qualified),
            Qualified::Any => {
                offering.qualifications.is_empty() || offering.qualifications.iter().any(qualified)
            }
        }
}

/// The subjects of the offering of which an assistant knows none, where one must be known: all but `homework`.
pub fn unknown_to_assistant(school: &School, person: &Staff, offering: &Offering) -> Vec<SubjectId> {
    let asked = offering.subjects.iter().copied().filter(|&subject| school[subject].id != "homework");
    let asked: Vec<SubjectId> = asked.collect();
    let knows_one = asked.iter().any(|subject| person.subjects.contains(subject));
    if knows_one || !offering.assistants_qualified { Vec::new() } else { asked }
}

fn check_study(school: &School, session: &Session, violation: &mut impl FnMut(String)) {
    let kind = school[session.block].kind;
    if !kind.counts_as_presence() {
        violation(format!("runs in a {} block, study is for lesson and zone blocks", kind.label()));
    }
    if session.attendances.is_empty() {
        violation("has 0 students, min is 1".to_owned());
    }
    if !session.assistants.is_empty() {
        violation(format!("has {}, study has none", count(session.assistants.len(), "assistant")));
    }
    if let Some(lead) = session.lead
        && !school[lead].roles.has(Role::Supervisor)
    {
        violation(format!("lead `{}` supervises without the role `supervisor`", school[lead].id));
    }
}
