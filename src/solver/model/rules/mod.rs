//! The rules R1 to R9 of the guide as rows, one module each, under the same names as in the referee.

pub mod r1_one_place;
pub mod r2_places;
pub mod r3_sessions;
pub mod r4_limits;
pub mod r5_travel;
pub mod r6_needs;
pub mod r7_coaching;
pub mod r8_pairs;
pub mod r8_pins;
pub mod r8_staff;
pub mod r9_packages;

use super::formulation::Formulation;

/// Writes every rule.
pub fn add(model: &mut Formulation) {
    r1_one_place::add(model);
    r2_places::add(model);
    r3_sessions::add(model);
    r4_limits::add(model);
    r5_travel::add(model);
    r6_needs::add(model);
    r7_coaching::add(model);
    r8_pins::add(model);
    r8_pairs::add(model);
    r8_staff::add(model);
    r9_packages::add(model);
}
