use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::model::engine::Limits;
use crate::read::tabular::value::clock_time;
use crate::region::place::{self, Failed, Placed};
use crate::region::settle::{self, SETTLEMENT, Settled, money};
use crate::write::write_file;

use super::output::{as_text, table, tell_of};
use super::refusal::bad_files;
use super::region_bid::{self, BidArgs};
use super::region_share::{self, ShareArgs};
use super::solving::SolvingArgs;

const EXAMPLES: &str = "\
Examples:
  leerzone region bid eik --out region/eik
  leerzone region share region --out region/shared
  leerzone solve eik --scenario region/shared/eik.toml";

/// Time for a program of the region.
const TIME: Duration = Duration::from_secs(60);

/// Shares people between schools that keep their students to themselves
///
/// A school bids what further people would be worth to it; the coordinator shares the pool; each school solves with the
/// scenario that it is given. A region is a folder with region.toml (schools, travel, who pays what) and pool/staff.csv (the
/// people shared).
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    Bid(BidArgs),
    Share(ShareArgs),
    Settle(SettleArgs),
    Place(PlaceArgs),
}

/// Says who owes whom for the blocks that people of the pool worked; writes REGION/settlement.csv
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  leerzone region settle region --planned region/shared/pool_timetable.csv"
)]
struct SettleArgs {
    /// Folder of the region
    region: PathBuf,
    /// pool_timetable.csv: who stood by, and what was planned at schools that do not say what ran
    #[arg(long, value_name = "F")]
    planned: Option<PathBuf>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

/// Finds hosts for visitors and trainees; writes REGION/visits.csv, and REGION/unplaced.csv with the reasons
#[derive(clap::Args)]
#[command(after_help = "Example:\n  leerzone region place region")]
struct PlaceArgs {
    /// Folder of the region
    region: PathBuf,
    #[command(flatten)]
    solving: SolvingArgs,
}

impl Args {
    pub fn threads(&self) -> Option<u16> {
        match &self.step {
            Step::Bid(BidArgs { solving, .. }) | Step::Share(ShareArgs { solving, .. }) => solving.threads,
            Step::Place(args) => args.solving.threads,
            Step::Settle(_) => None,
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.step {
        Step::Bid(args) => region_bid::run(args),
        Step::Share(args) => region_share::run(args),
        Step::Settle(args) => settled(args),
        Step::Place(args) => placed(args),
    }
}

fn limits(solving: &SolvingArgs) -> anyhow::Result<Limits> {
    let options = solving.options()?;
    Ok(Limits {
        time: Some(options.time_limit.unwrap_or(TIME)),
        gap: 0.0,
        nodes: None,
        threads: 1,
        seed: options.seed,
        stop: options.stop,
    })
}

/// Tells of what is made, as a document or as text.
///
/// # Errors
/// stdout cannot be written.
pub fn tell(made: &Path, as_json: bool, document: &Value, text: String) -> anyhow::Result<ExitCode> {
    let text = if as_json { format!("{document:#}\n") } else { text };
    tell_of(made, &text)?;
    Ok(ExitCode::SUCCESS)
}

fn settled(args: &SettleArgs) -> anyhow::Result<ExitCode> {
    let settled = settle::settle(&args.region, args.planned.as_deref()).map_err(bad_files)?;
    let path = args.region.join(SETTLEMENT.file);
    write_file(&path, &settled.table()?)?;
    let amount = |cents: i64| cents as f64 / 100.0;
    let Settled { debts, balance, .. } = &settled;
    let debts_told = debts.iter().map(
        |debt| json!({ "from": debt.from, "to": debt.to, "blocks": debt.blocks, "cost": amount(debt.cents) }),
    );
    let document = json!({
        "settlement": debts_told.collect::<Vec<_>>(),
        "balance": balance.iter().map(|(party, &cents)| (party.clone(), json!(amount(cents)))).collect::<serde_json::Map<_, _>>(),
        "fund_pays": amount(settled.fund),
        "file": as_text(&path),
    });
    let mut owes = table(["from", "to", "blocks", "cost"]);
    for debt in debts {
        owes.add_row([debt.from.clone(), debt.to.clone(), debt.blocks.to_string(), money(debt.cents)]);
    }
    let balances = balance.iter().map(|(party, &cents)| format!("{party}: {}\n", money(cents)));
    let text = match debts.is_empty() {
        true => "nobody owes anybody anything\n".to_owned(),
        false => {
            format!("{}\n\nbalance, which adds up to 0:\n{}", owes.trim_fmt(), balances.collect::<String>())
        }
    };
    tell(&path, args.json, &document, text)
}

fn placed(args: &PlaceArgs) -> anyhow::Result<ExitCode> {
    let placed = place::place(&args.region, args.solving.engine, &limits(&args.solving)?);
    let placed = placed.map_err(|failed| match failed {
        Failed::Files(problems) => bad_files(problems),
        Failed::Engine(error) => error.context("visitors cannot be placed"),
    })?;
    for (name, bytes) in placed.tables()? {
        write_file(&args.region.join(name), &bytes).with_context(|| format!("{name} is not written"))?;
    }
    let Placed { visits, unplaced, is_proven } = &placed;
    let visits_told = visits.iter().map(|visit| {
        json!({
            "visitor": visit.visitor, "host": visit.host, "school": visit.school, "site": visit.site, "day": visit.day,
            "start": clock_time(visit.time.0), "end": clock_time(visit.time.1), "choice": visit.choice,
            "minutes": visit.minutes,
        })
    });
    let unplaced_told = unplaced.iter().map(|one| {
        json!({ "visitor": one.visitor, "missing": one.missing, "reason": one.reason, "detail": one.detail })
    });
    let document = json!({
        "visits": visits_told.collect::<Vec<_>>(),
        "unplaced": unplaced_told.collect::<Vec<_>>(),
        "proven": is_proven,
    });
    let mut all = table(["visitor", "host", "school", "day", "from", "until"]);
    for visit in visits {
        let (start, end) = (clock_time(visit.time.0), clock_time(visit.time.1));
        all.add_row([&visit.name, &visit.host_name, &visit.school, &visit.day, &start, &end]);
    }
    let mut text =
        if visits.is_empty() { "nobody is placed\n".to_owned() } else { format!("{}\n", all.trim_fmt()) };
    for one in unplaced {
        text += &format!("{}: {} fewer than asked for: {}\n", one.name, one.missing, one.detail);
    }
    tell(&args.region.join(place::VISITS.file), args.solving.json, &document, text)
}
