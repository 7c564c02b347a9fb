//! The rules R1 to R9 of the guide, one module each, under the same names as in the model.

mod r1_one_place;
mod r2_places;
mod r3_sessions;
mod r4_limits;
mod r5_travel;
mod r6_needs;
mod r7_coaching;
mod r8_pairs;
mod r8_pins;
mod r8_staff;
mod r9_packages;

use crate::school::School;

use super::needs::Counted;
use super::violation::Violations;
use super::week::Week;

/// Checks every rule that does not ask which need an attendance meets.
pub fn of_week(school: &School, week: &Week) -> Violations {
    let mut violations = Violations::default();
    r1_one_place::check(school, week, &mut violations);
    r2_places::check(school, week, &mut violations);
    r3_sessions::check(school, week, &mut violations);
    r4_limits::check(school, week, &mut violations);
    r5_travel::check(school, week, &mut violations);
    r7_coaching::check(school, week, &mut violations);
    r8_pins::check(school, week, &mut violations);
    r8_pairs::check(school, week, &mut violations);
    r8_staff::check(school, week, &mut violations);
    r9_packages::check(school, week, &mut violations);
    violations
}

/// Checks the rule that does.
pub fn of_needs(school: &School, week: &Week, counted: &Counted) -> Violations {
    let mut violations = Violations::default();
    r6_needs::check(school, week, counted, &mut violations);
    violations
}

/// `4 student(s)` as people write it.
fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
