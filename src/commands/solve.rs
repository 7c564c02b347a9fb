use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::model;
use crate::read::{self, Severity};
use crate::schedule::{Outcome, Status};
use crate::school::Priority;
use crate::whatif::compare::gather;
use crate::write::{self, Run, Written};

use super::input::InputArgs;
use super::progress::{self, note, number, percent};
use super::solving::{SolvingArgs, engine_version};
use super::{BAD_INPUT, MUST_UNMET};

/// Builds the schedule
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder to write the schedule into [default: DIR/schedule]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Do nothing if OUT holds the schedule of the same input, options and version
    #[arg(long)]
    if_changed: bool,
    /// Give exit code 3 if a session of a need of priority `must` is missing
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let dir = &args.input.dir;
    let out = args.out.clone().unwrap_or_else(|| dir.join("schedule"));
    let input = args.input.read();
    let problems = input.reading.problems.iter().cloned();
    let told = problems.filter(|problem| !args.solving.quiet || problem.severity == Severity::Error);
    read::print_problems(&told.collect::<Vec<_>>());
    let Some(school) = &input.reading.school else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    if let Err(error) = write::check_target(&out, dir) {
        note(&format!("error: {error:#}"));
        return Ok(ExitCode::from(BAD_INPUT));
    }

    let options = args.solving.without_stop();
    let told = input.add_to(args.solving.told(&options, args.input.layout.as_deref()));
    if args.if_changed
        && let Some(summary) = up_to_date(&out, &input.hash, &told)
    {
        return keep(args, &out, summary);
    }

    // Better to learn now than after the search that the folder cannot be written.
    drop(write::Staged::beside(&out)?);

    let options = args.solving.options()?;
    let run = Run { input_hash: input.hash.clone(), engine: engine_version(options.engine), options: told };
    let mut observer = progress::observer(args.solving.quiet, options.time_limit);
    let (schedule, outcome) = model::solve(school, &options, observer.as_mut())?;
    drop(observer);
    let written = write::write_schedule(school, &schedule, &outcome, &run, &out)?;
    if !args.solving.quiet {
        tell_early_end(&outcome);
    }
    std::io::stdout().write_all(report(args, &out, input.scenario.title(), &written).as_bytes())?;
    let must = written.needs[Priority::Must as usize];
    Ok(if args.strict && must.met < must.asked { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

/// The summary of the schedule in `out`, if it is whole and a new run would start from the same.
fn up_to_date(out: &Path, hash: &str, told: &Value) -> Option<Value> {
    let summary: Value =
        serde_json::from_slice(&std::fs::read(out.join(write::files::SUMMARY)).ok()?).ok()?;
    let whole = write::files::ALL.iter().all(|file| out.join(file).is_file());
    let other = gather::made_otherwise(&summary, hash, told, env!("CARGO_PKG_VERSION"));
    (whole && other.is_none()).then_some(summary)
}

/// Answers for a schedule that is there already.
fn keep(args: &Args, out: &Path, mut summary: Value) -> anyhow::Result<ExitCode> {
    if !args.solving.quiet {
        note(&format!(
            "{} is up to date: it was made of the same input with the same options",
            out.display()
        ));
    }
    let must = &summary["needs"][Priority::Must.label()];
    let unmet = must["met"].as_u64() < must["asked"].as_u64();
    if args.solving.json {
        summary["out"] = json!(out);
        std::io::stdout().write_all(format!("{summary:#}\n").as_bytes())?;
    }
    Ok(if args.strict && unmet { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

fn tell_early_end(outcome: &Outcome) {
    match outcome.status {
        Status::Interrupted => note("stopped: this is the best schedule found until then"),
        Status::TimeLimit => note("the time limit ended the search; more time may find a better schedule"),
        Status::Optimal | Status::GapReached | Status::Feasible => {}
    }
}

/// Where the schedule is and how good it is.
fn report(args: &Args, out: &Path, scenario: Option<String>, written: &Written) -> String {
    if args.solving.json {
        let mut document = written.summary.clone();
        document["out"] = json!(out);
        return format!("{document:#}\n");
    }
    let outcome = &written.outcome;
    let met = Priority::ALL.iter().zip(&written.needs).filter(|(_, needs)| needs.asked > 0);
    let met: Vec<String> = met
        .map(|(priority, needs)| format!("{} {} of {}", priority.label(), needs.met, needs.asked))
        .collect();
    let mut text = format!(
        "schedule written to {}{}\ntotal {}, at most {} is possible (gap {}), {:.1} s\nneed sessions met: {}\n",
        out.display(),
        scenario.map(|name| format!(" (scenario `{name}`)")).unwrap_or_default(),
        number(outcome.total),
        number(outcome.bound),
        percent(outcome.gap()),
        outcome.seconds,
        if met.is_empty() { "none asked".to_owned() } else { met.join(", ") },
    );
    if written.unmet > 0 {
        let file = out.join(write::files::UNMET_NEEDS.file);
        text += &format!("what is missing, and why: {}\n", file.display());
    }
    text
}
