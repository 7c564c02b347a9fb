//! A bound in a moment, to sort many schools by before any is solved.

use crate::model::sets::Sets;
use crate::school::School;

use super::Relaxation;

/// How far below the bound so far each round of steps aims, and its steps.
const ROUNDS: [(f64, usize); 4] = [(0.7, 12), (0.95, 12), (0.97, 16), (0.985, 20)];

/// No schedule of the school has a higher total. Equal schools have equal bounds, whatever the machine.
pub fn quick(school: &School) -> f64 {
    let sets = Sets::new(school);
    let relaxation = Relaxation::new(school, &sets);
    let mut descent = relaxation.start();
    // The first step only finds where the bound starts.
    relaxation.descend(&mut descent, 0.0, 1, 1, |_| true);
    for (aim, steps) in ROUNDS {
        let target = descent.bound * aim;
        relaxation.descend(&mut descent, target, steps, 1, |_| true);
    }
    relaxation.rounded(descent.bound)
}
