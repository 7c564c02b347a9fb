//! What a terminal tells of it.

use comfy_table::Cell;

use crate::pluralize::pluralize;
use crate::school::*;
use crate::text_table::{right, text_table};

use super::Stress;
use super::interval::Estimate;
use super::relief::Kind;

/// Rows of a table that a terminal shows.
const SHOWN: usize = 10;

/// `lines`: whether tables have lines.
pub fn text(school: &School, stress: &Stress, lines: bool) -> String {
    let mut text = format!("{} drawn and repaired", pluralize(stress.days.len(), "day"));
    if stress.days.len() < stress.asked as usize {
        text += &format!(" of {}, as the run was cut short", stress.asked);
    }
    text += "; a day, with what another draw of as many days may tell (95 %):\n";
    let mut row = |what: &str, estimate: Estimate| {
        text += &format!(
            "  {:>6} {what} ({} to {})\n",
            short(estimate.mean),
            short(estimate.low),
            short(estimate.high)
        );
    };
    row("people ill of whom the week asks something", stress.mean(|day| day.ill.len() as f64));
    row("sessions and meetings without their lead", stress.mean(|day| day.loss.hit as f64));
    row("sessions and meetings cancelled", stress.mean(|day| day.loss.cancelled as f64));
    row("sessions of must lost to a student", stress.lost(school, Priority::Must));
    row("sessions of should lost to a student", stress.lost(school, Priority::Should));
    let without = stress.without_lost_must(school);
    let percent = |part: f64| format!("{:.0}", part * 100.0);
    text += &format!(
        "on {} % of the days no session of must is lost ({} to {} %)\n",
        percent(without.mean),
        percent(without.low),
        percent(without.high)
    );
    if let Some((day, why)) = stress.unrepaired().next() {
        let days = pluralize(stress.unrepaired().count(), "day");
        text += &format!("{days} could not be repaired, such as draw {}: {why}\n", day.number + 1);
    }
    text + &irreplaceable(school, stress, lines) + &relief(school, stress, lines)
}

fn irreplaceable(school: &School, stress: &Stress, lines: bool) -> String {
    let mut table =
        text_table(lines, ["must", "should", "ill", "without whom", "offering", "block", "could step in"]);
    for one in stress.irreplaceable.iter().take(SHOWN) {
        let names: Vec<&str> = one.idle.iter().map(|&staff| school[staff].name.as_str()).collect();
        let idle = match names.len() {
            0 => "nobody".to_owned(),
            1..=2 => names.join(", "),
            more => format!("{} and {} more", names[0], more - 1),
        };
        let counts = [one.lost[0], one.lost[1], one.times].map(right);
        let words = [
            school[one.hit.lead].name.clone(),
            school[one.hit.offering].name.clone(),
            school[one.hit.block].id.clone(),
            idle,
        ];
        table.add_row(counts.into_iter().chain(words.map(Cell::new)));
    }
    match stress.irreplaceable.len() {
        0 => "nobody was missed who could not be replaced\n".to_owned(),
        all => {
            let more = if all > SHOWN { format!("and {} more\n", all - SHOWN) } else { String::new() };
            format!("\nlost on all days together, by who was ill:\n{}\n{more}", table.trim_fmt())
        }
    }
}

fn relief(school: &School, stress: &Stress, lines: bool) -> String {
    if stress.relief.is_empty() {
        return String::new();
    }
    let mut table = text_table(lines, ["must", "should", "what would be more"]);
    for one in &stress.relief {
        let what = match one.kind {
            Kind::Reserve { block, like } => {
                format!("somebody like {} stands by in {}", school[like].name, school[block].id)
            }
            Kind::Qualification { staff, subject } => {
                format!("{} is qualified for {}", school[staff].name, school[subject].name)
            }
        };
        let saved = [one.saved[0], one.saved[1]];
        let saved = saved.map(right);
        table.add_row(saved.into_iter().chain([Cell::new(what)]));
    }
    format!("\nsaved on all days together, each by itself:\n{}\n", table.trim_fmt())
}

/// With as many decimals as tell something.
pub fn short(value: f64) -> String {
    match value {
        value if value.is_infinite() => "?".to_owned(),
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
