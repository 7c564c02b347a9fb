//! Explanations as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::commands::progress::number;
use crate::pluralize::pluralize;
use crate::school::Priority;
use crate::whatif::case::NeedName;
use crate::whatif::explain::force::Forced;
use crate::whatif::explain::{Crowd, Explanation, Tried, Verdict};
use crate::write::Unmet;

/// Sessions, and people who lose something, that are named; more are counted.
const NAMED: usize = 4;

pub fn told(who: &str, found: &[Explanation], left: usize) -> String {
    if found.is_empty() {
        return match left {
            0 => format!("every need of {who} is met\n"),
            _ => format!("{}; --most {left} explains them all\n", pluralize(left, "unmet need")),
        };
    }
    let mut text = String::new();
    for one in found {
        // Writing to a string cannot fail.
        let _ = tell(&mut text, one);
    }
    if left > 0 {
        text += &format!("and {left} more unmet needs; --most {} explains them all\n", found.len() + left);
    }
    text
}

/// What is missing beside needs, with the reason that the schedule gives.
pub fn beside(rows: &[&Unmet]) -> String {
    let line = |row: &&Unmet| {
        format!(
            "{} lacks {} of {}: {}: {}\n",
            row.who,
            row.missing,
            row.subject,
            row.reason.label(),
            row.detail
        )
    };
    let told: String = rows.iter().take(NAMED).map(line).collect();
    let left = rows.len().saturating_sub(NAMED);
    told + &if left > 0 {
        format!("and {left} more lack meetings or presence: see unmet_needs.csv\n")
    } else {
        String::new()
    }
}

fn tell(text: &mut String, one: &Explanation) -> std::fmt::Result {
    let NeedName { student, subject, priority, .. } = &one.need;
    writeln!(
        text,
        "{student} lacks {} of {subject} ({})",
        pluralize(one.missing as usize, "session"),
        priority.label()
    )?;
    writeln!(text, "  {}: {}", one.reason.label(), one.detail)?;
    for crowd in one.crowds.iter().take(NAMED) {
        writeln!(text, "    {}", crowded(crowd))?;
    }
    if let Some((lacking, min)) = one.too_few {
        let others = lacking.saturating_sub(1);
        writeln!(text, "    {others} others lack it too, a session of its own takes {min}")?;
    }
    writeln!(text, "  as the school is: {}", judged(one))?;
    if one.remedies.is_empty() && one.verdict != Verdict::Possible {
        writeln!(text, "  {}", without_remedy(one))?;
    }
    for remedy in &one.remedies {
        writeln!(text, "  with {}: total {}", remedy.change.text, effect(&remedy.forced))?;
        for line in remedy.change.scenario.lines() {
            writeln!(text, "      {line}")?;
        }
    }
    writeln!(text)
}

/// What it means that nothing was found.
fn without_remedy(one: &Explanation) -> String {
    let Tried { single, pairs, cut_off } = one.tried;
    let tried = format!("{single} single changes and {pairs} pairs of them were tried");
    match (cut_off, &one.as_it_is) {
        (true, _) => {
            format!(
                "no small change was found that would help before the time ran out: {tried}; see --time-limit"
            )
        }
        (false, None) => format!("no small change was found that would have met it: {tried}"),
        (false, Some(_)) => {
            format!(
                "no small change was found that would have met it without as much being lost elsewhere: {tried}"
            )
        }
    }
}

fn crowded(crowd: &Crowd) -> String {
    let by_priority: Vec<String> = Priority::ALL
        .iter()
        .zip(crowd.by_priority)
        .filter(|(_, count)| *count > 0)
        .map(|(priority, count)| format!("{count} {}", priority.label()))
        .collect();
    let instead = crowd.instead.as_ref().map_or(String::new(), |other| format!("; then in {other}"));
    let students = pluralize(crowd.students, "student");
    format!("{}: {students}, {}{instead}", crowd.session, by_priority.join(", "))
}

/// What the test says: proven, found or not found.
fn judged(one: &Explanation) -> String {
    let further = if one.proven {
        "proven: no schedule that meets it has a higher total"
    } else {
        "found, not proven: there may be a better way"
    };
    match (&one.as_it_is, one.verdict) {
        (None, Verdict::Undecided) => "not decided in time whether it can be met".to_owned(),
        (None, Verdict::Impossible) => "proven: no schedule meets it".to_owned(),
        (None, _) => {
            "no way to meet it was found by changing one block and its people, which does not prove \
                      that there is none"
                .to_owned()
        }
        (Some(forced), Verdict::Possible) => {
            format!("could be met, total {}; a longer search may find it", effect(forced))
        }
        (Some(forced), Verdict::OwnNeeds) => {
            format!("own needs collide: total {} ({further})", effect(forced))
        }
        (Some(forced), _) => format!("at the expense of others: total {} ({further})", effect(forced)),
    }
}

fn effect(forced: &Forced) -> String {
    let sign = if forced.gain >= 0.0 { "+" } else { "" };
    let named = |needs: &[(NeedName, u32)]| {
        let mut names: Vec<String> = needs
            .iter()
            .take(NAMED)
            .map(|(need, _)| format!("{} {} ({})", need.student, need.subject, need.priority.label()))
            .collect();
        if needs.len() > NAMED {
            names.push(format!("{} more", needs.len() - NAMED));
        }
        names.join(", ")
    };
    let loses = match forced.loses.is_empty() {
        true => "nobody loses a session".to_owned(),
        false => format!("lost: {}", named(&forced.loses)),
    };
    format!("{sign}{}; {loses}", number(forced.gain))
}

pub fn document(found: &[Explanation], left: usize) -> Value {
    let needs: Vec<Value> = found.iter().map(explanation).collect();
    json!({ "needs": needs, "not_explained": left })
}

fn explanation(one: &Explanation) -> Value {
    let crowds: Vec<Value> = one
        .crowds
        .iter()
        .map(|crowd| {
            let [must, should, could] = crowd.by_priority;
            json!({
                "session": crowd.session, "students": crowd.students,
                "must": must, "should": should, "could": could, "instead": crowd.instead,
            })
        })
        .collect();
    let remedies: Vec<Value> = one
        .remedies
        .iter()
        .map(|remedy| {
            let mut value = forced(&remedy.forced);
            value["change"] = json!(remedy.change.text);
            value["kind"] = json!(remedy.change.kind);
            value["scenario"] = json!(remedy.change.scenario);
            value
        })
        .collect();
    json!({
        "student": one.need.student,
        "subject": one.need.subject,
        "priority": one.need.priority.label(),
        "missing": one.missing,
        "reason": one.reason.label(),
        "detail": one.detail,
        "sessions": crowds,
        "too_few": one.too_few.map(|(lacking, min)| json!({ "lacking": lacking, "min": min })),
        "verdict": one.verdict.label(),
        "proven": one.proven,
        "as_it_is": one.as_it_is.as_ref().map(forced),
        "remedies": remedies,
        "tried": { "single": one.tried.single, "pairs": one.tried.pairs, "cut_off": one.tried.cut_off },
    })
}

fn forced(forced: &Forced) -> Value {
    let list = |needs: &[(NeedName, u32)]| -> Vec<Value> {
        let need = |(need, sessions): &(NeedName, u32)| {
            json!({
                "student": need.student, "subject": need.subject,
                "priority": need.priority.label(), "sessions": sessions,
            })
        };
        needs.iter().map(need).collect()
    };
    json!({ "gain": forced.gain, "loses": list(&forced.loses), "gains": list(&forced.gains) })
}
