//! The plain model of textbooks, given to HiGHS as it stands: which lead holds which offering in which block, and which
//! student attends what for which need.
//!
//! Sets: offerings `o`, blocks `b`, leads `l` who may lead `o` and are free in `b`, needs `n` of a student that `o` meets.
//!
//! - `y[l,o,b]` in {0, 1}: `l` leads a session of `o` in `b`; `x[n,o,b]` in {0, 1}: need `n` is met in it.
//! - maximise the weight of the needs met, by priority, per session asked;
//! - a student attends one thing at once: `sum(n, o) x[n,o,b] <= 1`; and no more than is asked: `sum(o, b) x[n,o,b] <= sessions[n]`;
//! - seats: `sum(n) x[n,o,b] <= max[o] sum(l) y[l,o,b]`, with all the assistants that the offering may have;
//! - a lead holds one session at once, and as many a week as `max_blocks`.
//!
//! Left out: places, least numbers, assistants' own time and all else. So it promises a little more than a week holds;
//! it is here for how long HiGHS takes.

use std::collections::BTreeMap;
use std::time::Instant;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, highs, solvers::SolutionStatus, variable,
};
use leerzone::model::sets::Sets;
use leerzone::school::*;

/// What HiGHS made of the plain model.
pub struct Solved {
    pub total: f64,
    pub seconds: f64,
    /// Whether the gap was reached within the limit.
    pub proven: bool,
}

/// Solves the plain model of the school to the gap, or until the time is over.
///
/// # Errors
/// HiGHS has no solution by then.
pub fn solve(school: &School, gap: f32, limit: u32) -> anyhow::Result<Solved> {
    let began = Instant::now();
    let sets = Sets::new(school);
    let mut columns = ProblemVariables::new();
    let mut rows = Rows::default();
    let mut total = Expression::default();
    for offering in school.offering_ids() {
        let row = &school[offering];
        let most = row.max + row.assistants * row.per_assistant;
        for &block in &sets.blocks_of[offering.index()] {
            let leads = sets.leads_of[offering.index()].iter().copied();
            for lead in leads.filter(|&lead| school.staff_free[(lead, block)]) {
                let y = columns.add(variable().binary());
                rows.at_most(Row::Seats(offering, block), -f64::from(most), y, 0.0);
                rows.at_most(Row::Lead(lead, block), 1.0, y, 1.0);
                if let Some(max) = school[lead].max_blocks {
                    rows.at_most(Row::Week(lead), 1.0, y, f64::from(max));
                }
            }
        }
    }
    for need in school.need_ids() {
        let row = &school[need];
        let weight = match row.priority {
            Priority::Must => school.weights.must,
            Priority::Should => school.weights.should,
            Priority::Could => school.weights.could,
        };
        for &offering in &sets.offerings_of[need.index()] {
            let blocks = sets.blocks_of[offering.index()].iter().copied();
            for block in blocks.filter(|&block| school.student_free[(row.student, block)]) {
                let x = columns.add(variable().binary());
                total.add_mul(weight, x);
                rows.at_most(Row::Seats(offering, block), 1.0, x, 0.0);
                rows.at_most(Row::Student(row.student, block), 1.0, x, 1.0);
                rows.at_most(Row::Need(need), 1.0, x, f64::from(row.sessions));
            }
        }
    }
    let mut model = columns.maximise(&total).using(highs);
    model = model.set_mip_rel_gap(gap)?.set_time_limit(f64::from(limit)).set_threads(2);
    for (left, most) in rows.0.into_values() {
        model.add_constraint(left.leq(most));
    }
    let solution = model.solve()?;
    let proven = !matches!(solution.status(), SolutionStatus::TimeLimit);
    Ok(Solved { total: solution.eval(&total), seconds: began.elapsed().as_secs_f64(), proven })
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Seats(OfferingId, BlockId),
    Lead(StaffId, BlockId),
    Week(StaffId),
    Student(StudentId, BlockId),
    Need(NeedId),
}

/// The left and the right side of every row.
#[derive(Default)]
struct Rows(BTreeMap<Row, (Expression, f64)>);

impl Rows {
    fn at_most(&mut self, row: Row, factor: f64, column: Variable, most: f64) {
        self.0.entry(row).or_insert_with(|| (Expression::default(), most)).0.add_mul(factor, column);
    }
}
