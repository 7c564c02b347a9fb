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

use super::breach::Breaches;
use super::needs::Counted;
use super::week::Week;

/// Checks every rule that does not ask which need an attendance meets.
pub fn of_week(school: &School, week: &Week) -> Breaches {
    let mut breaches = Breaches::default();
    r1_one_place::check(school, week, &mut breaches);
    r2_places::check(school, week, &mut breaches);
    r3_sessions::check(school, week, &mut breaches);
    r4_limits::check(school, week, &mut breaches);
    r5_travel::check(school, week, &mut breaches);
    r7_coaching::check(school, week, &mut breaches);
    r8_pins::check(school, week, &mut breaches);
    r8_pairs::check(school, week, &mut breaches);
    r8_staff::check(school, week, &mut breaches);
    r9_packages::check(school, week, &mut breaches);
    breaches
}

/// Checks the rule that does.
pub fn of_needs(school: &School, week: &Week, counted: &Counted) -> Breaches {
    let mut breaches = Breaches::default();
    r6_needs::check(school, week, counted, &mut breaches);
    breaches
}

/// `4 student(s)` as people write it.
fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
