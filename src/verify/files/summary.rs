//! `summary.json`: the stated total, bound and terms, compared with what was counted.

use std::path::Path;

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::open;
use crate::verify::Error;
use crate::verify::comfort::{Comfort, MEASURES};
use crate::verify::terms::{BY_ASSIGNMENT, Terms};
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::SUMMARY;

/// Largest difference, relative to the number, between a stated and a recomputed value.
const TOLERANCE: f64 = 1e-6;

/// The numbers of `summary.json` that can be checked.
#[derive(Clone, Debug, PartialEq, Deserialize, serde::Serialize)]
pub struct Stated {
    pub total: Option<f64>,
    /// No schedule has a higher total.
    pub bound: Option<f64>,
    /// (bound - total) / max(|total|, 1).
    pub gap: Option<f64>,
    #[serde(default)]
    pub terms: BTreeMap<String, StatedTerm>,
    /// By name.
    #[serde(default)]
    pub comfort: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, serde::Serialize)]
pub struct StatedTerm {
    pub count: i64,
    pub value: f64,
}

/// The stated numbers; `None` where there is no `summary.json`, as in a schedule made by hand.
///
/// # Errors
/// A file that cannot be read or is not JSON of this shape.
pub fn read(out: &Path) -> Result<Option<Stated>, Error> {
    let path = out.join(SUMMARY);
    let text = match open::settings(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::Missing { path, cause }),
    };
    serde_json::from_slice(&text).map(Some).map_err(|cause| Error::Malformed {
        file: SUMMARY,
        line: cause.line() as u64,
        message: cause.to_string(),
    })
}

/// Compares the stated numbers with the recomputed terms and measures.
pub fn check(stated: &Stated, terms: &Terms, comfort: &Comfort, violations: &mut Violations) {
    let total = terms.total();
    let mut violation = |message: String| {
        violations.add(Rule::Total, [Row { file: SUMMARY, line: 0 }], message);
    };
    match stated.total {
        None => violation("states no total".to_owned()),
        Some(stated) if !agree(stated, total) => {
            violation(format!("states the total {stated}, recomputed it is {total}"));
        }
        Some(_) => {}
    }
    if let Some(bound) = stated.bound
        && !agree(bound, bound.max(total))
    {
        violation(format!("states the bound {bound}, which is below the total {total}"));
    }
    if let (Some(gap), Some(bound)) = (stated.gap, stated.bound) {
        let expected = ((bound - total) / total.abs().max(1.0)).max(0.0);
        if !agree(gap, expected) {
            violation(format!("states the gap {gap}, by total and bound it is {expected}"));
        }
    }
    for term in terms.0.iter().filter(|term| !BY_ASSIGNMENT.contains(&term.name)) {
        if let Some(said) = stated.terms.get(term.name)
            && (said.count != term.count || !agree(said.value, term.value))
        {
            violation(format!(
                "states {} x `{}` with value {}, recomputed it is {} with value {}",
                said.count, term.name, said.value, term.count, term.value
            ));
        }
    }
    check_assigned(stated, terms, &mut violation);
    for ((name, _), count) in MEASURES.iter().zip(comfort.numbers()) {
        if let Some(&said) = stated.comfort.get(*name)
            && !agree(said, count)
        {
            violation(format!("states {said} as `{name}` of `comfort`, recomputed it is {count}"));
        }
    }
}

/// The terms that depend on which need an attendance counts for agree in their sum, and each with its own count.
fn check_assigned(stated: &Stated, terms: &Terms, violation: &mut impl FnMut(String)) {
    let said: Option<Vec<f64>> =
        BY_ASSIGNMENT.iter().map(|name| Some(stated.terms.get(*name)?.value)).collect();
    let found = BY_ASSIGNMENT.iter().filter_map(|name| Some(terms.get(name)?.value)).sum::<f64>();
    if let Some(said) = said.map(|values| values.iter().sum::<f64>())
        && !agree(said, found)
    {
        violation(format!("states {said} as sum of {}, recomputed it is {found}", BY_ASSIGNMENT.join(", ")));
        return;
    }
    for term in terms.0.iter().filter(|term| BY_ASSIGNMENT.contains(&term.name)) {
        let Some(StatedTerm { count, value }) = stated.terms.get(term.name) else { continue };
        let worth = *count as f64 * term.weight;
        if !agree(*value, worth) {
            violation(format!(
                "states {count} x `{}` with value {value}, so many are worth {worth}",
                term.name
            ));
        }
    }
}

/// Whether two numbers are the same but for rounding.
pub fn agree(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
}
