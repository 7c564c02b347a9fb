//! Rows that cut off fractional points only. They change no schedule, only how soon a bound is proven.

use super::formulation::Formulation;

pub fn add(_model: &mut Formulation) {}
