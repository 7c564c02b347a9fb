//! A comparison for the terminal: one table of each school, then what may be concluded.

use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{Cell, Table};

use crate::school::Priority;
use crate::text_table::right;

use super::measure::{Measure, short};
use super::pair::{Group, Pair};
use super::{Comparison, Evaluated, Ranked};

/// Results that stand beside each other in one table, and tables of such.
const BESIDE: usize = 4;
const TABLES: usize = 3;
/// What is shown of more than these.
const SHORT: [Measure; 7] = [
    Measure::Must,
    Measure::Should,
    Measure::Could,
    Measure::StudentsMissingMust,
    Measure::StaffBlocks,
    Measure::Total,
    Measure::Gap,
];
/// Results and pairs shown; the rest stands in the files.
const RESULTS_SHOWN: usize = 30;
const PAIRS_SHOWN: usize = 10;
/// Groups shown of one pair.
const GROUPS_SHOWN: usize = 6;

/// The whole of it. `lines`: draw the table with lines.
pub fn text(comparison: &Comparison, lines: bool) -> String {
    let mut text = results(comparison, lines);
    let others = comparison.pairs.len().saturating_sub(PAIRS_SHOWN);
    for pair in comparison.pairs.iter().take(PAIRS_SHOWN) {
        text += &format!("\n{}", pair_text(comparison, pair));
    }
    if others > 0 {
        text += &format!("\n{others} more pairs stand in comparison.json and gains.csv\n");
    }
    if let Some(noise) = noise(comparison) {
        text += &format!("\n{noise}\n");
    }
    text
}

/// What there is to choose from, if staff are what it costs.
pub fn frontier(comparison: &Comparison) -> String {
    let mut text = "\nworth choosing from: nothing meets more with as few staff blocks\n".to_owned();
    for judged in comparison.frontier() {
        let needs = [Measure::Must, Measure::Should, Measure::Could]
            .map(|measure| format!("{} {}", measure.heading(), measure.shown(judged)));
        let name = &judged.combination.name;
        text += &format!("  {:4} staff blocks  {name}: {}\n", judged.staff_blocks, needs.join(", "));
    }
    text
}

/// What may be concluded of each result beside the one of this name, and what is noise.
pub fn against(comparison: &Comparison, name: &str) -> String {
    let is = |index: usize| comparison.judged(index).combination.name == name;
    let pairs: Vec<&Pair> = comparison.pairs.iter().filter(|pair| is(pair.a) || is(pair.b)).collect();
    let mut text = format!("\nagainst {name}:\n");
    for pair in pairs.iter().take(PAIRS_SHOWN) {
        text += &format!("  {}\n", pair.words(comparison));
    }
    if pairs.is_empty() {
        text += "  nothing else was solved\n";
    }
    match noise(comparison) {
        Some(noise) => format!("{text}\n{noise}\n"),
        None => text,
    }
}

/// The tables alone.
pub fn results(comparison: &Comparison, lines: bool) -> String {
    let mut text = String::new();
    for of_school in comparison.results.chunk_by(|a, b| a.judged.combination.dir == b.judged.combination.dir)
    {
        if comparison.several_schools() {
            text += &format!("{}\n", of_school[0].judged.school);
        }
        text += &table(of_school, lines);
    }
    text
}

fn table(results: &[Ranked], lines: bool) -> String {
    if results.len() <= BESIDE * TABLES {
        let tables = results.chunks(BESIDE).map(|few| drawn(beside(few), lines));
        return tables.collect::<Vec<_>>().join("\n");
    }
    let mut table = Table::new();
    table.set_header(["rank", ""].into_iter().chain(SHORT.map(Measure::heading)));
    for ranked in results.iter().take(RESULTS_SHOWN) {
        let name = Cell::new(&ranked.judged.combination.name);
        let mut cells = vec![right(ranked.rank.to_string()), name];
        cells.extend(SHORT.map(|measure| right(measure.shown(&ranked.judged))));
        table.add_row(cells);
    }
    let mut text = drawn(table, lines);
    if results.len() > RESULTS_SHOWN {
        text += &format!("{} more in comparison.csv\n", results.len() - RESULTS_SHOWN);
    }
    text
}

/// A column for each result: easier to read as long as they are few.
fn beside(results: &[Ranked]) -> Table {
    let mut table = Table::new();
    let names = results.iter().map(|ranked| ranked.judged.combination.name.as_str());
    table.set_header(std::iter::once("").chain(names));
    table.add_row(row("rank", results.iter().map(|ranked| ranked.rank.to_string())));
    for measure in Measure::ALL.into_iter().filter(|&measure| says(measure, results)) {
        table.add_row(row(measure.heading(), results.iter().map(|ranked| measure.shown(&ranked.judged))));
    }
    table
}

fn drawn(mut table: Table, lines: bool) -> String {
    table.load_style(if lines { UTF8_FULL_CONDENSED } else { NOTHING });
    format!("{}\n", table.trim_fmt())
}

/// Whether any of the results has something to say here.
fn says(measure: Measure, results: &[Ranked]) -> bool {
    let silent = |ranked: &Ranked| matches!(measure.shown(&ranked.judged).as_str(), "0" | "-");
    measure == Measure::StudentsMissingMust || !results.iter().all(silent)
}

fn row(heading: &str, cells: impl Iterator<Item = String>) -> Vec<Cell> {
    std::iter::once(Cell::new(heading)).chain(cells.map(right)).collect()
}

fn pair_text(comparison: &Comparison, pair: &Pair) -> String {
    let name = |index: usize| &comparison.judged(index).combination.name;
    let mut text = format!("{} against {}: {}\n", name(pair.b), name(pair.a), sentence(pair));
    text += &format!("  {}\n", pair.words(comparison));
    for by in ["year", "class", "unit"] {
        let of_key: Vec<&Group> = pair.groups.iter().filter(|group| group.by == by).collect();
        if of_key.len() > 1 || (of_key.len() == 1 && by == "year") {
            text += &format!("  by {by}: {}\n", groups(of_key));
        }
    }
    text
}

/// Who gains and loses, in one sentence.
pub fn sentence(pair: &Pair) -> String {
    if pair.changes.is_empty() {
        return "no student misses more or less".to_owned();
    }
    let more: Vec<String> = Priority::ALL
        .iter()
        .zip(pair.more())
        .filter(|(_, more)| *more != 0)
        .map(|(priority, more)| format!("{} {more:+}", priority.label()))
        .collect();
    let net = if more.is_empty() { "as many sessions in all".to_owned() } else { more.join(", ") };
    format!("{} gain, {} lose; {net}", students(pair.gain()), students(pair.lose()))
}

fn students(count: usize) -> String {
    format!("{count} student{}", if count == 1 { "" } else { "s" })
}

/// The groups of which most changes.
fn groups(mut groups: Vec<&Group>) -> String {
    let order: Vec<String> = groups.iter().map(|group| group.value.clone()).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.gain + group.lose));
    let more = groups.len().saturating_sub(GROUPS_SHOWN);
    groups.truncate(GROUPS_SHOWN);
    groups.sort_by_key(|group| order.iter().position(|value| *value == group.value));
    let told = groups.iter().map(|group| format!("{} +{} -{}", group.value, group.gain, group.lose));
    let rest = if more > 0 { format!(", {more} more") } else { String::new() };
    format!("{}{rest}", told.collect::<Vec<_>>().join(", "))
}

/// What a difference within the gaps comes to in sessions; `None` where everything is proven.
pub fn noise(comparison: &Comparison) -> Option<String> {
    let widest = comparison
        .results
        .iter()
        .map(|ranked| &ranked.judged)
        .max_by(|a, b| a.slack().total_cmp(&b.slack()))?;
    let worth = |judged: &Evaluated| {
        Priority::ALL
            .into_iter()
            .filter(|&priority| judged.weights.priority(priority) > 0.0)
            .filter(|&priority| judged.asked[priority as usize] > 0)
            .map(|priority| {
                let sessions = (judged.slack() / judged.weights.priority(priority)).floor();
                format!(
                    "{} of {}",
                    short(sessions.min(judged.asked[priority as usize] as f64)),
                    priority.label()
                )
            })
            .collect::<Vec<_>>()
            .join(" or ")
    };
    (widest.slack() > 0.0).then(|| {
        format!(
            "The widest gap is {} ({}). It is worth up to {} sessions: smaller differences between two results \
             may come from the search and not from the school.",
            short(widest.slack()),
            widest.combination.name,
            worth(widest)
        )
    })
}
