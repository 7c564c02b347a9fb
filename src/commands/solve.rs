use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::model::{self, EngineChoice, Method, Options};
use crate::read::{self, Severity};
use crate::schedule::{Outcome, Status};
use crate::school::Priority;
use crate::write::{self, Run, Written};

use super::closing;
use super::progress::{self, note, number, percent};
use super::{BAD_INPUT, MUST_UNMET};

/// Exit code of a second Ctrl-C, as shells expect it of an interrupted program.
const INTERRUPTED: i32 = 130;

/// The stronger of those built in.
const DEFAULT_ENGINE: &str = if cfg!(feature = "highs") { "highs" } else { "microlp" };

/// Builds the schedule
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the school
    dir: PathBuf,
    /// Layout to use in place of the folder's layout.toml
    #[arg(long, value_name = "F")]
    layout: Option<PathBuf>,
    /// Folder to write the schedule into [default: DIR/schedule]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Stop after this many seconds and write the best schedule so far
    #[arg(long, value_name = "S", value_parser = seconds)]
    time_limit: Option<Duration>,
    /// Stop when the total is proven to be within this part of the best possible: 0.01 is 1 %
    #[arg(long, value_name = "G", value_parser = part, default_value = "0.001")]
    gap: f64,
    /// Workers side by side [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Start of the random numbers; equal data, options and seed give an equal schedule
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Give exit code 3 if a session of a need of priority `must` is missing
    #[arg(long)]
    strict: bool,
    /// Print no progress and no warnings
    #[arg(long, short)]
    quiet: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
    /// Engine for linear programs: microlp, or highs where it is built in
    #[arg(long, value_name = "NAME", value_parser = engine, default_value = DEFAULT_ENGINE)]
    engine: EngineChoice,
    /// Megabytes of memory that the engine's parts may use together
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..))]
    memory_limit: Option<u64>,
    /// How the search goes about it: auto, or monolith to hand the whole model to the engine
    #[arg(long, value_name = "NAME", value_parser = method, default_value = "auto", hide = true)]
    method: Method,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let out = args.out.clone().unwrap_or_else(|| args.dir.join("schedule"));
    let reading = read::read_school(&args.dir, args.layout.as_deref());
    let told =
        reading.problems.into_iter().filter(|problem| !args.quiet || problem.severity == Severity::Error);
    read::print_problems(&told.collect::<Vec<_>>());
    let Some(school) = reading.school else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    if let Err(error) = write::check_target(&out, &args.dir) {
        note(&format!("error: {error:#}"));
        return Ok(ExitCode::from(BAD_INPUT));
    }

    // Better to learn now than after the search that the folder cannot be written.
    drop(write::Staged::beside(&out)?);

    let options = options(args)?;
    let run = Run {
        input_hash: read::input_hash(&args.dir, args.layout.as_deref()),
        engine: engine_version(options.engine),
        options: options_told(args, &options),
    };
    let mut observer = progress::observer(args.quiet, options.time_limit);
    let (schedule, outcome) = model::solve(&school, &options, observer.as_mut())?;
    drop(observer);
    let written = write::write_schedule(&school, &schedule, &outcome, &run, &out)?;
    if !args.quiet {
        tell_early_end(&outcome);
    }
    let mut text = report(args, &out, &written);
    if !args.json {
        text += &closing::tell(&school, &args.dir, &out, written.outcome.gap());
    }
    std::io::stdout().write_all(text.as_bytes())?;
    let must = written.needs[Priority::Must as usize];
    Ok(if args.strict && must.met < must.asked { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

/// The options of the search; from here on Ctrl-C ends it.
fn options(args: &Args) -> anyhow::Result<Options> {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Ok(Options {
        time_limit: args.time_limit,
        gap: args.gap,
        threads: args.threads.map_or(processors, usize::from),
        seed: args.seed,
        engine: args.engine,
        method: args.method,
        memory_limit: args.memory_limit.map(|megabytes| megabytes.saturating_mul(1_000_000)),
        stop: stop_on_interrupt()?,
    })
}

/// Set by the first Ctrl-C; the second quits at once and leaves the previous output as it was.
fn stop_on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        note("\nstopping: the best schedule so far will be written; once more to quit without");
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

/// The options as `summary.json` tells them.
fn options_told(args: &Args, options: &Options) -> Value {
    json!({
        "layout": args.layout.as_deref().map(|layout| layout.display().to_string()),
        "time_limit": options.time_limit.map(|limit| limit.as_secs_f64()),
        "gap": options.gap,
        "threads": options.threads,
        "seed": options.seed,
        "engine": engine_name(options.engine),
        "memory_limit": args.memory_limit,
    })
}

fn tell_early_end(outcome: &Outcome) {
    match outcome.status {
        Status::Interrupted => note("stopped: this is the best schedule found until then"),
        Status::TimeLimit => note("the time limit ended the search; more time may find a better schedule"),
        Status::Optimal | Status::GapReached | Status::Feasible => {}
    }
}

/// Where the schedule is and how good it is.
fn report(args: &Args, out: &Path, written: &Written) -> String {
    if args.json {
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
        "schedule written to {}\ntotal {}, at most {} is possible (gap {}), {:.1} s\nneed sessions met: {}\n",
        out.display(),
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

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number of seconds, such as 60".to_owned())?;
    if number <= 0.0 {
        return Err("expected more than 0 seconds".to_owned());
    }
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}

fn part(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 0.01 for 1 %".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("expected a number from 0 to 1".to_owned()) }
}

fn engine(name: &str) -> Result<EngineChoice, String> {
    match name {
        "microlp" => Ok(EngineChoice::Microlp),
        #[cfg(feature = "highs")]
        "highs" => Ok(EngineChoice::Highs),
        #[cfg(not(feature = "highs"))]
        "highs" => Err("this program was built without HiGHS: build it with `--features highs`".to_owned()),
        _ => Err("expected microlp or highs".to_owned()),
    }
}

fn engine_name(engine: EngineChoice) -> &'static str {
    match engine {
        EngineChoice::Microlp => "microlp",
        #[cfg(feature = "highs")]
        EngineChoice::Highs => "highs",
    }
}

/// Name and version; for HiGHS of the library that is linked.
fn engine_version(engine: EngineChoice) -> String {
    let version = match engine {
        EngineChoice::Microlp => locked_version("microlp"),
        #[cfg(feature = "highs")]
        EngineChoice::Highs => locked_version("highs-sys"),
    };
    format!("{} {}", engine_name(engine), version.unwrap_or("of unknown version"))
}

/// The version of a dependency that this program was built with.
fn locked_version(package: &str) -> Option<&'static str> {
    let lock = include_str!("../../Cargo.lock");
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\"")).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn method(name: &str) -> Result<Method, String> {
    match name {
        "auto" => Ok(Method::Auto),
        "monolith" => Ok(Method::Monolith),
        _ => Err("expected auto or monolith".to_owned()),
    }
}
