//! Rows that cut off fractional points only. They change no schedule, only how soon a bound is proven.
//!
//! Whole sessions: let S be needs that the same offerings O can meet (those of `must`; with `should`; all),
//! D their sessions together, M_o the most students in a session of o and M the largest of these. Then
//! sum over o of M_o Y_o + (D - met_S) >= D, with Y_o the sessions of o in the week. Mixed-integer rounding
//! (Nemhauser and Wolsey 1990) with r = D - M (ceil(D / M) - 1) gives
//!
//! met_S <= D - r ceil(D / M) + sum over o of min(r, M_o) Y_o:
//!
//! the last session, which is not full, serves only r. Where ceil(D / M) = 1 the rows of R3 say as much.

use std::collections::BTreeMap;

use super::classes::Numbers;
use super::formulation::Formulation;
use super::program::LinExpr;
use crate::schedule::Activity;
use crate::school::*;

pub const WHOLE_SESSIONS: &str = "valid_inequalities.whole_sessions";

pub fn add(model: &mut Formulation) {
    let sessions = sessions_of(model);
    let mut by_offerings: BTreeMap<&[OfferingId], Vec<usize>> = BTreeMap::new();
    for (index, request) in model.requests.all.iter().enumerate() {
        by_offerings.entry(&model.sets.offerings_of[request.needs[0].index()]).or_default().push(index);
    }
    let rows: Vec<(LinExpr, LinExpr)> = by_offerings
        .into_iter()
        .flat_map(|(offerings, requests)| {
            let last = [Priority::Must, Priority::Should, Priority::Could];
            last.map(|last| whole_sessions(model, &sessions, offerings, &requests, last))
        })
        .flatten()
        .collect();
    for (met, most) in rows {
        model.program.at_most(WHOLE_SESSIONS, met, &most);
    }
}

/// By offering: its sessions in the week, and the most students in one of them.
fn sessions_of(model: &Formulation) -> Vec<(LinExpr, u32)> {
    let mut sessions = vec![(LinExpr::default(), 0); model.school.offerings.len()];
    for class in &model.classes.all {
        let Activity::Offering(o) = class.activity else { continue };
        let numbers = Numbers::of(model.school, class.activity);
        let (sum, most) = &mut sessions[o.index()];
        sum.add_expr(1.0, &class.sessions());
        let groups = &model.classes.openings[class.opening].groups;
        let seats = groups.iter().map(|group| group.seats).max().unwrap_or(0);
        *most = numbers.most(numbers.assistants, seats).max(*most);
    }
    sessions
}

/// The needs of these requests up to a priority: sessions met, and the most that whole sessions allow.
fn whole_sessions(
    model: &Formulation,
    sessions: &[(LinExpr, u32)],
    offerings: &[OfferingId],
    requests: &[usize],
    last: Priority,
) -> Option<(LinExpr, LinExpr)> {
    let (mut met, mut demand, mut of_last) = (LinExpr::default(), 0u64, 0u64);
    for &request in requests {
        for (&need, sum) in model.requests.all[request].needs.iter().zip(&model.met[request]) {
            let Need { priority, sessions, .. } = model.school[need];
            if priority <= last && !sum.is_constant() {
                met.add_expr(1.0, sum);
                demand += u64::from(sessions);
                of_last += u64::from(priority == last);
            }
        }
    }
    let largest = offerings.iter().map(|o| sessions[o.index()].1).max().filter(|&most| most > 0)?;
    let largest = u64::from(largest);
    let whole = demand.div_ceil(largest);
    if whole < 2 || of_last == 0 {
        return None;
    }
    let rest = demand - largest * (whole - 1);
    let mut most = LinExpr::constant(demand as f64 - rest as f64 * whole as f64);
    for o in offerings {
        let (sum, students) = &sessions[o.index()];
        most.add_expr(rest.min(u64::from(*students)) as f64, sum);
    }
    Some((met, most))
}
