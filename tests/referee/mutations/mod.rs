//! Every rule, broken by hand in a correct schedule, is named with its rows and numbers.

mod assignment;
mod counting;
mod files;
mod r1_one_place;
mod r2_places;
mod r3_sessions;
mod r4_limits;
mod r5_travel;
mod r6_needs;
mod r7_coaching;
mod r8_pins_budgets;
mod r9_packages;
mod repaired;
mod tables;
mod total;

use crate::case::Case;

/// Judges the case; asserts which of R1 to R9 are broken and what one violation says, where.
#[track_caller]
fn broken(case: Case, rules: &[&str], rule: &str, parts: &[&str], rows: &[&str]) {
    case.evaluate().assert_broken(rules, rule, parts, rows);
}

/// As [`broken`], with `rule` as the only one of R1 to R9.
#[track_caller]
fn breaks(case: Case, rule: &str, parts: &[&str], rows: &[&str]) {
    broken(case, &[rule], rule, parts, rows);
}

/// Judges an edit of one file that must agree with the others; no rule is broken, no other row disagrees.
#[track_caller]
fn disagrees(case: Case, parts: &[&str], rows: &[&str]) {
    let judgement = case.evaluate();
    judgement.assert_broken(&[], "files", parts, rows);
    judgement.assert_rows("files", rows);
}

/// Judges an edit that no rule forbids.
#[track_caller]
fn keeps(case: Case) {
    case.evaluate().assert_keeps_rules();
}

fn correct() -> Case {
    Case::correct()
}
