use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::Cell;
use serde_json::{Map, Value, json};

use crate::pluralize::pluralize;
use crate::school::School;
use crate::text_table::right;
use crate::verify::{MEASURES, Verdict, Violation, verify};

use super::BROKEN_RULE;
use super::input::InputArgs;
use super::output::{table, tell_other_input};
use super::refusal::bad_input;

/// Violations of one rule that are printed; the rest is counted.
const BREACHES_SHOWN: usize = 20;
/// Rows of one violation that are printed; the rest is counted.
const ROWS_SHOWN: usize = 8;

const EXAMPLES: &str = "\
Examples:
  leerzone verify school school/schedule
  leerzone verify school closed --scenario closed.toml";

/// Checks a schedule against every rule and recomputes its total
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: PathBuf,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let input = args.input.read();
    let school = input.usable()?;
    let verdict = verify(school, &args.out).map_err(bad_input)?;
    tell_other_input(&args.out, &input);
    let text = if args.json {
        format!("{:#}\n", document(school, &verdict))
    } else {
        format!("{}\n{}\n{}", findings(&verdict), terms(&verdict), comfort(&verdict))
    };
    std::io::stdout().write_all(text.as_bytes())?;
    let broken = !verdict.violations.is_empty();
    Ok(if broken { ExitCode::from(BROKEN_RULE) } else { ExitCode::SUCCESS })
}

/// The verdict and every violation.
fn findings(verdict: &Verdict) -> String {
    let violations = &verdict.violations;
    if violations.is_empty() {
        let compared = if verdict.stated.is_some() {
            "the total is as stated"
        } else {
            "there is no summary.json to compare the total with"
        };
        return format!("verified: rules R1 to R9 hold, the files agree, {compared}\n");
    }
    let word = if violations.len() == 1 { "violation" } else { "violations" };
    let mut text = format!("broken: {} {word} found\n", violations.len());
    for same_rule in violations.chunk_by(|a, b| a.rule == b.rule) {
        for violation in same_rule.iter().take(BREACHES_SHOWN) {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "  {:<5} {}\n        {}",
                violation.rule.label(),
                violation.message,
                rows(violation)
            );
        }
        if let Some(more) = same_rule.len().checked_sub(BREACHES_SHOWN).filter(|&more| more > 0) {
            let rule = same_rule[0].rule.label();
            let _ = writeln!(text, "  {rule:<5} … and {more} more; --json lists all");
        }
    }
    text
}

fn rows(violation: &Violation) -> String {
    let shown: Vec<_> = violation.rows.iter().take(ROWS_SHOWN).map(ToString::to_string).collect();
    match violation.rows.len().checked_sub(ROWS_SHOWN).filter(|&more| more > 0) {
        Some(more) => format!("{} and {} more", shown.join(", "), pluralize(more, "row")),
        None => shown.join(", "),
    }
}

/// The terms of the objective beside those stated.
fn terms(verdict: &Verdict) -> String {
    let mut table = table(["term", "count", "value", "stated"]);
    let stated = verdict.stated.as_ref();
    for term in &verdict.terms.0 {
        let said = stated.and_then(|stated| stated.terms.get(term.name)).map(|term| term.value);
        table.add_row(row(term.name, term.count.to_string(), term.value, said));
    }
    table.add_row(row("total", String::new(), verdict.total, stated.and_then(|stated| stated.total)));
    format!("{}\n", table.trim_fmt())
}

fn row(name: &str, count: String, value: f64, stated: Option<f64>) -> Vec<Cell> {
    let numbers = [count, value.to_string(), stated_cell(stated)];
    std::iter::once(Cell::new(name)).chain(numbers.map(right)).collect()
}

/// What decides among schedules of equal total, beside what is stated of it.
fn comfort(verdict: &Verdict) -> String {
    let mut table = table(["comfort", "count", "stated"]);
    for ((name, _), count) in MEASURES.iter().zip(verdict.comfort.numbers()) {
        let said = verdict.stated.as_ref().and_then(|stated| stated.comfort.get(*name).copied());
        let numbers = [count.to_string(), stated_cell(said)];
        table.add_row(std::iter::once(Cell::new(name)).chain(numbers.map(right)));
    }
    format!("{}\n", table.trim_fmt())
}

fn stated_cell(stated: Option<f64>) -> String {
    stated.map_or("-".to_owned(), |stated| stated.to_string())
}

fn document(school: &School, verdict: &Verdict) -> Value {
    let terms: Map<String, Value> =
        verdict.terms.0.iter().map(|term| (term.name.to_owned(), json!(term))).collect();
    let unmet: Vec<Value> = verdict
        .unmet
        .iter()
        .map(|unmet| {
            let need = &school[unmet.need];
            json!({
                "student": school[need.student].id,
                "subject": school.need_subjects(unmet.need),
                "priority": need.priority.label(),
                "missing": unmet.missing,
            })
        })
        .collect();
    json!({
        "holds": verdict.violations.is_empty(),
        "total": verdict.total,
        "terms": terms,
        "comfort": verdict.comfort,
        "stated": verdict.stated,
        "violations": verdict.violations,
        "unmet": unmet,
    })
}
