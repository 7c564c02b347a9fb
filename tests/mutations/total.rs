use super::*;

#[track_caller]
fn states(from: &str, to: &str, part: &str) {
    let case = correct().edit("summary.json", from, to);
    broken(case, &[], "total", &[part], &["summary.json:0"]);
}

#[test]
fn a_wrong_total() {
    states("\"total\": 1032", "\"total\": 1042", "states the total 1042, recomputed it is 1032");
}

#[test]
fn a_bound_below_the_total() {
    states("\"bound\": 1032", "\"bound\": 1030", "bound 1030, which is below the total 1032");
}

#[test]
fn a_gap_that_is_none_of_these() {
    states("\"bound\": 1032", "\"bound\": 1135.2", "states the gap 0, by total and bound it is 0.1");
}

#[test]
fn a_wrong_term() {
    states("\"count\": 13,", "\"count\": 14,", "states 14 x `own_unit`");
}

#[test]
fn a_wrong_sum_of_what_needs_count() {
    states("\"value\": 1000", "\"value\": 1010", "recomputed it is 1028");
}

#[test]
fn no_total() {
    states("\"total\"", "\"sum\"", "states no total");
}
