//! What attendances count for, compared with trying every way to count them.

use super::*;

/// Sessions that s1 attends: subject and lead. Anna and Bram are of the student's unit, Finn of none.
const ATTENDED: [(&str, &str); 4] = [("wi", "anna"), ("na", "bram"), ("wi", "anna"), ("homework", "finn")];
const OWN_UNIT: [&str; 2] = ["anna", "bram"];

struct Need {
    subjects: &'static str,
    sessions: u32,
    priority: usize,
    staff: &'static str,
}

/// Weights: of the priorities, of the staff asked for, of the own unit and of fairness.
struct Weights {
    priorities: [f64; 3],
    asked: f64,
    own_unit: f64,
    fairness: f64,
}

/// Most sessions that count, and what the best way to count so many is worth, fairness included.
fn best(needs: &[Need], left: &mut [u32], weights: &Weights, attended: &[(&str, &str)]) -> (u32, f64) {
    let Some((&(subject, lead), rest)) = attended.split_first() else {
        let counting = needs.iter().zip(left.iter()).filter(|(need, _)| need.priority < 2);
        let unmet = f64::from(counting.map(|(_, left)| left).sum::<u32>());
        return (0, -weights.fairness * unmet * (unmet - 1.0) / 2.0);
    };
    let mut found = best(needs, left, weights, rest);
    for (at, need) in needs.iter().enumerate() {
        if left[at] == 0 || !need.subjects.split('|').any(|other| other == subject) {
            continue;
        }
        left[at] -= 1;
        let (met, value) = best(needs, left, weights, rest);
        left[at] += 1;
        let asked = if need.staff == lead { weights.asked } else { 0.0 };
        let own = if OWN_UNIT.contains(&lead) { weights.own_unit } else { 0.0 };
        let with = (met + 1, value + weights.priorities[need.priority] + asked + own);
        if with.0 > found.0 || (with.0 == found.0 && with.1 > found.1) {
            found = with;
        }
    }
    found
}

#[test]
fn no_other_way_to_count_is_worth_more() {
    let mut state = 7_u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % end) as usize
    };
    let priorities = ["must", "should", "could"];
    for round in 0..60 {
        // Large weights, whose sums are rounded more.
        let scale = if round % 3 == 0 { 333_333.0 } else { 1.0 };
        let mut tenths = |end: u64| below(end) as f64 / 10.0 * scale;
        let weights = Weights {
            priorities: [tenths(40), tenths(20), tenths(10)],
            asked: tenths(10),
            own_unit: tenths(5),
            fairness: tenths(20),
        };
        let needs: Vec<Need> = (0..1 + below(5))
            .map(|_| Need {
                subjects: ["wi", "na", "homework", "wi|na", "na|homework", "wi|ne"][below(6)],
                sessions: 1 + below(2) as u32,
                priority: below(3),
                staff: ["", "anna", "bram", "finn"][below(4)],
            })
            .collect();
        let [must, should, could] = weights.priorities;
        let Weights { asked, own_unit, fairness, .. } = weights;
        let settings = format!(
            "[weights]\nmust = {must:.1}\nshould = {should:.1}\ncould = {could:.1}\nstaff_asked = {asked:.1}\n\
             own_unit = {own_unit:.1}\nfairness = {fairness:.1}\n\n[coaching]"
        );
        let rows = needs.iter().map(|Need { subjects, sessions, priority, staff }| {
            format!("s1,{subjects},{sessions},{},,{staff}\n", priorities[*priority])
        });
        // Rows that differ in sessions only are one need, of as many as both together: no other way to count.
        let table = format!("who,subject,sessions,priority,with,staff\n{}", rows.collect::<String>());
        let case = correct().edit("school.toml", "[coaching]", &settings).write("needs.csv", &table);
        let case = case.write("history.csv", "student,subject,priority,missing\n");
        let judgement = case.write("pins.csv", "kind,block,offering,staff,place,student\n").evaluate();
        let mut left: Vec<u32> = needs.iter().map(|need| need.sessions).collect();
        let (_, expected) = best(&needs, &mut left, &weights, &ATTENDED);
        let terms = ["must", "should", "could", "staff_asked", "own_unit", "fairness"];
        let found: f64 = terms.iter().map(|name| judgement.term(name).1).sum();
        assert!(
            (found - expected).abs() < 1e-9 * scale,
            "{round}: {found}, by trying all {expected}\n{table}{settings}"
        );
    }
}
