//! Wishes that can make no difference.

use crate::model::rules::r4_limits;
use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{BlockId, Role, School, Wanted, Wish};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    for (index, wish) in school.wishes.iter().enumerate() {
        let (column, why, help) = match never(school, wish) {
            Some((why, help)) => ("id", why, help),
            None if wish.value == 0 => {
                ("value", "a value of 0".to_owned(), "write 1 to 3 or -1 to -3, or take the row out")
            }
            None => continue,
        };
        let (staff, id) = (&school[wish.staff].id, wish.what.id(school));
        let message = format!("the wish of `{staff}` for `{id}` makes no difference");
        let problem = Problem::warning("idle-wish", message)
            .found(why)
            .expected("a wish for what may happen or not")
            .help(help);
        origins.wishes.report(index, column, problem, problems);
    }
}

/// Why it can never come true, and what to do about it.
fn never(school: &School, wish: &Wish) -> Option<(String, &'static str)> {
    let staff = &school[wish.staff];
    let free = |block: BlockId| school.staff_free[(wish.staff, block)];
    match wish.what {
        Wanted::Offering(offering) if !staff.may_lead(&school[offering]) => Some((
            format!("`{}` may not lead it: roles and qualifications", staff.id),
            "correct `roles` or `subjects` in staff.csv, or take the row out",
        )),
        Wanted::Role(role) if !staff.roles.has(role) => {
            let roles: Vec<&str> = staff.roles.iter().map(Role::label).collect();
            let found = format!("`{}` has the roles {}", staff.id, roles.join(", "));
            Some((found, "add the role in staff.csv, or take the row out"))
        }
        Wanted::Package(package)
            if !school.may_carry(wish.staff, &school[package])
                || r4_limits::room(staff, u64::from(school[package].blocks)) < 0 =>
        {
            Some((
                format!("`{}` may not carry it: roles, or `max_blocks`", staff.id),
                "correct staff.csv or packages.csv, or take the row out",
            ))
        }
        Wanted::Block(block) if !free(block) => Some((
            format!("`{}` is busy then", staff.id),
            "take the row out, or the time in busy.csv if they would rather work then",
        )),
        Wanted::Day(day) if !school.block_ids().any(|block| school[block].day == day && free(block)) => {
            Some((
                format!("`{}` is busy all blocks of that day", staff.id),
                "take the row out, or the time in busy.csv if they would rather work then",
            ))
        }
        _ => None,
    }
}
