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
fn a_count_that_is_not_worth_its_value() {
    states("\"count\": 10,", "\"count\": 9,", "states 9 x `must` with value 1000, so many are worth 900");
}

#[test]
fn a_wrong_measure_of_comfort() {
    for (from, to, told) in [
        (
            "\"staff_blocks\": 10",
            "\"staff_blocks\": 9",
            "states 9 as `staff_blocks` of `comfort`, recomputed it is 10",
        ),
        ("\"cost\": 79", "\"cost\": 78.5", "states 78.5 as `cost` of `comfort`, recomputed it is 79"),
        ("\"uneven\": 0", "\"uneven\": 2", "states 2 as `uneven`"),
        ("\"group_rooms\": 0", "\"group_rooms\": 1", "states 1 as `group_rooms`"),
        ("\"lead_rooms\": 0", "\"lead_rooms\": 1", "states 1 as `lead_rooms`"),
        ("\"other_places\": 0", "\"other_places\": 1", "states 1 as `other_places`"),
        ("\"idle_blocks\": 1", "\"idle_blocks\": 0", "states 0 as `idle_blocks`"),
    ] {
        states(from, to, told);
    }
    // A schedule of before they were stated.
    let text = correct().text("summary.json").replace("\"comfort\"", "\"my_comfort\"");
    correct().write("summary.json", text).evaluate().assert_holds();
}

#[test]
fn no_total() {
    states("\"total\"", "\"sum\"", "states no total");
}

/// Rounding, up to a millionth of the number, is no difference.
#[test]
fn rounded_numbers() {
    for (from, to) in [
        ("\"total\": 1032", "\"total\": 1032.001"),
        ("\"bound\": 1032", "\"bound\": 1031.9991"),
        ("\"gap\": 0.0", "\"gap\": 0.0000009"),
        ("\"value\": 13", "\"value\": 13.00001"),
        ("\"value\": 1000", "\"value\": 1000.001"),
        // A bound above the total, with the gap that goes with it.
        ("\"bound\": 1032,\n  \"gap\": 0.0", "\"bound\": 1135.2,\n  \"gap\": 0.1"),
        ("\"bound\": 1032,\n", ""),
        ("\"gap\": 0.0,\n", ""),
    ] {
        correct().edit("summary.json", from, to).evaluate().assert_holds();
    }
    states("\"total\": 1032", "\"total\": 1032.0011", "states the total 1032.0011");
    states("\"bound\": 1032", "\"bound\": 1031.9989", "states the bound 1031.9989");
    states("\"gap\": 0.0", "\"gap\": 0.0000011", "states the gap 0.0000011");
    states("\"value\": 13", "\"value\": 13.0001", "with value 13.0001");
    states("\"value\": 1000", "\"value\": 1000.0011", "recomputed it is 1028");
}

#[test]
fn a_term_that_is_not_stated() {
    let text = correct().text("summary.json");
    for name in ["own_unit", "must"] {
        let text = text.replace(&format!("\"{name}\""), &format!("\"my_{name}\""));
        correct().write("summary.json", text).evaluate().assert_holds();
    }
}
