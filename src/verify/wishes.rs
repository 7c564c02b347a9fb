//! How often each wish of staff came true.

use crate::school::{Id, Role, School, Wanted, Wish};

use super::week::{Activity, Session, Week};

/// Times that the wish came true.
pub fn granted(school: &School, week: &Week, wish: &Wish) -> u32 {
    let who = wish.staff;
    let has_role = |role| school.staff[who.index()].roles.has(role);
    let worked = week.sessions.iter().filter(|session| session.staff().any(|staff| staff == who));
    let counts = |session: &Session| {
        let leads = session.lead == Some(who);
        match wish.what {
            Wanted::Offering(offering) => leads && session.activity == Activity::Offering(offering),
            Wanted::Role(Role::Assistant) if session.assistants.contains(&who) => has_role(Role::Assistant),
            Wanted::Role(role) => {
                let allows = match session.activity {
                    Activity::Offering(offering) => school.offerings[offering.index()].roles.has(role),
                    Activity::Study => role == Role::Supervisor,
                    Activity::Meeting(_) => role == Role::Coach,
                };
                leads && allows && has_role(role)
            }
            Wanted::Package(_) => false,
            Wanted::Block(block) => session.block == block,
            Wanted::Day(day) => school.blocks[session.block.index()].day == day,
        }
    };
    let of_sessions = worked.filter(|session| counts(session)).count();
    let carried =
        |holder: &&super::week::Holder| holder.staff == who && wish.what == Wanted::Package(holder.package);
    (of_sessions + week.holders.iter().filter(carried).count()) as u32
}

/// By wish: times that it came true.
pub fn all_granted(school: &School, week: &Week) -> Vec<u32> {
    school.wishes.iter().map(|wish| granted(school, week, wish)).collect()
}

/// Points of all wishes that came true; those that were denied before have more, up to four times as many.
pub fn points(school: &School, week: &Week) -> i64 {
    let mut points = 0;
    for wish in &school.wishes {
        let times = 1 + i64::from(wish.denied.min(3));
        points += i64::from(wish.value) * times * i64::from(granted(school, week, wish));
    }
    points
}
