use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use comfy_table::Cell;
use serde_json::{Value, json};

use crate::school::Priority;
use crate::text_table::right;
use crate::whatif::advise::redundant::{Drop, redundant_resources};
use crate::whatif::advise::{Advice, Advised, advise};
use crate::whatif::case::Case;
use crate::whatif::change::Change;
use crate::whatif::part::Solver;
use crate::write::scenario_of;

use super::input::InputArgs;
use super::output::{table, under};
use super::progress::number;
use super::running::{open, origin};
use super::solving::SolvingArgs;

/// Time for all tests.
const TIME: Duration = Duration::from_secs(60);

/// Says what one more hour of which person, seat or block would gain
///
/// Prices of the relaxation say what is scarce; the most promising changes are then made in memory and the running
/// schedule improved with them. A gain that is told was found so: solving again with the change has at least it. Also
/// says what could be dropped at no loss.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  leerzone advise school school/schedule --top 20")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: PathBuf,
    /// Changes that are tried, and sessions that are tried to drop
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    top: usize,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let case = open(&args.input, &args.out, args.solving.quiet)?;
    let options = args.solving.options()?;
    let time = options.time_limit.unwrap_or(TIME);
    let began = Instant::now();
    let Case { school, sets, .. } = &case;
    let solver =
        |deadline| Solver { school, sets, engine: options.engine, deadline, stop: options.stop.clone() };
    let origin = origin(&args.input, &args.out);
    // A quarter of the time is for what could go.
    let advised = advise(&origin, &case, &solver(began + time.mul_f64(0.75)), args.top, options.threads)?;
    let drops = redundant_resources(&origin, &case, &solver(began + time), args.top / 2, options.threads)?;
    let text = match args.solving.json {
        true => {
            let mut document = document(&advised, &drops);
            document["scenario"] = json!(scenario_of(&args.out));
            format!("{document:#}\n")
        }
        false => under(&args.out) + &told(&advised, &drops),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn told(advised: &Advised, drops: &[Drop]) -> String {
    let mut text = String::new();
    let Advised { advice, untried, without, .. } = advised;
    if advice.is_empty() {
        text += "no gain was found of any single change that was tried\n";
    } else {
        let mut gains = table(["gain", "must", "should", "could", "by price", "change"]);
        for Advice { change, estimate, gain, met } in advice {
            let met = met.iter().map(|&met| right(format!("{met:+}")));
            let mut row = vec![right(format!("+{}", number(*gain)))];
            row.extend(met);
            row.extend([right(number(*estimate)), Cell::new(&change.text)]);
            gains.add_row(row);
        }
        text += &format!("{}\n", gains.trim_fmt());
    }
    text += &format!("tried, and no gain found: {}; not tried: {untried}\n\n", counted(without));
    if drops.is_empty() {
        return text + "nothing was found that could be dropped at no loss\n";
    }
    let mut idle = table(["gain", "could be dropped at no loss"]);
    for Drop { change, gain } in drops {
        idle.add_row(vec![right(number(*gain)), Cell::new(&change.text)]);
    }
    text + &format!("{}\n", idle.trim_fmt())
}

/// How many of each kind.
fn counted(changes: &[Change]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    changes.iter().for_each(|change| *kinds.entry(change.kind).or_default() += 1);
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
}

fn document(advised: &Advised, drops: &[Drop]) -> Value {
    let advice: Vec<Value> = advised
        .advice
        .iter()
        .map(|Advice { change, estimate, gain, met }| {
            let by_priority: serde_json::Map<String, Value> = Priority::ALL
                .iter()
                .zip(met)
                .map(|(priority, met)| (priority.label().to_owned(), json!(met)))
                .collect();
            json!({
                "kind": change.kind, "change": change.text, "scenario": change.scenario,
                "gain": gain, "met": by_priority, "estimate": estimate,
            })
        })
        .collect();
    let drops: Vec<Value> = drops
        .iter()
        .map(|Drop { change, gain }| {
            json!({ "kind": change.kind, "change": change.text, "scenario": change.scenario, "gain": gain })
        })
        .collect();
    let without: Vec<Value> = advised
        .without
        .iter()
        .map(|change| json!({ "kind": change.kind, "change": change.text, "scenario": change.scenario }))
        .collect();
    json!({
        "advice": advice,
        "without_gain": without,
        "not_tried": advised.untried,
        "bound": advised.bound,
        "drop": drops,
    })
}
