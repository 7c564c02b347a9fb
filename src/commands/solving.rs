//! The options of solving that several commands share, and what follows from them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::model::{EngineChoice, Method, Options};
use crate::parallel::processors;

use super::progress::note;

/// Exit code of a second Ctrl-C, as shells expect it of an interrupted program.
pub const INTERRUPTED: i32 = 130;

/// Seconds of the longest time limit: thirty years, after which no clock has to tell the time.
const LONGEST: f64 = 1e9;

/// To be flattened into the arguments of a command that solves.
#[derive(clap::Args, Clone, Debug)]
pub struct SolvingArgs {
    /// Stop after this many seconds with the best found so far [default: no limit; 7 for a repair, 60 for `advise`, 20 a
    /// need for `explain`]
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true)]
    pub time_limit: Option<Duration>,
    /// Stop when the total is proven to be within this part of the best possible: 0.01 is 1 %
    #[arg(long, value_name = "G", value_parser = part, allow_negative_numbers = true, default_value = "0.001")]
    pub gap: f64,
    /// Workers side by side [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), allow_negative_numbers = true)]
    pub threads: Option<u16>,
    /// Start of the random numbers; equal data, options and seed give an equal schedule
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub seed: u64,
    /// Print no progress and no warnings
    #[arg(long, short)]
    pub quiet: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    pub json: bool,
    /// Engine for linear programs: microlp, or highs where it is built in
    #[arg(long, env = "LEERZONE_ENGINE", hide_env_values = true)]
    #[arg(value_name = "NAME", value_parser = engine, default_value = EngineChoice::default().name())]
    pub engine: EngineChoice,
    /// Megabytes of memory that the search may use: it takes fewer workers where they would not fit
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..), allow_negative_numbers = true)]
    pub memory_limit: Option<u64>,
    /// How the search goes about it: auto, monolith to hand the whole model to the engine, or search never to
    #[arg(long, value_name = "NAME", value_parser = method, default_value = "auto", hide = true)]
    pub method: Method,
}

impl SolvingArgs {
    /// The options of the search; from here on Ctrl-C ends it. To be called once a process.
    ///
    /// # Errors
    /// Ctrl-C cannot be listened for.
    pub fn options(&self) -> anyhow::Result<Options> {
        Ok(Options { stop: stop_on_interrupt()?, ..self.without_stop() })
    }

    /// The options of a search that nothing ends from outside.
    pub fn without_stop(&self) -> Options {
        Options {
            time_limit: self.time_limit,
            gap: self.gap,
            threads: self.threads.map_or_else(processors, usize::from),
            seed: self.seed,
            engine: self.engine,
            method: self.method,
            memory_limit: self.memory_limit.map(|megabytes| megabytes.saturating_mul(1_000_000)),
            ..Options::default()
        }
    }

    /// Workers of one command of many that run side by side.
    pub fn planned_threads(&self) -> u16 {
        self.threads.unwrap_or(1)
    }

    /// The arguments that give another command the same options, but for the seed.
    pub fn as_arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            arguments.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
        };
        add("--time-limit", self.time_limit.map(|limit| limit.as_secs_f64().to_string()));
        add("--gap", Some(self.gap.to_string()));
        add("--threads", Some(self.planned_threads().to_string()));
        add("--engine", Some(self.engine.name().to_owned()));
        add("--memory-limit", self.memory_limit.map(|megabytes| megabytes.to_string()));
        add("--method", method_name(self.method).map(str::to_owned));
        arguments
    }

    /// The options as `summary.json` tells them. `layout`: the file in place of the folder's own.
    pub fn told(&self, options: &Options, layout: Option<&Path>) -> Value {
        let mut told = json!({
            "layout": layout.map(|layout| layout.display().to_string()),
            "time_limit": options.time_limit.map(|limit| limit.as_secs_f64()),
            "gap": options.gap,
            "threads": options.threads,
            "seed": options.seed,
            "engine": options.engine.name(),
            "memory_limit": self.memory_limit,
        });
        if let Some(name) = method_name(options.method) {
            told["method"] = json!(name);
        }
        told
    }
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

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number of seconds, such as 60".to_owned())?;
    if number <= 0.0 {
        return Err("expected more than 0 seconds".to_owned());
    }
    let limit = Duration::try_from_secs_f64(number).ok().filter(|_| number <= LONGEST);
    limit.ok_or_else(|| {
        format!("expected at most {LONGEST} seconds, such as 60; without the option there is no limit")
    })
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

/// Name and version; for HiGHS of the library that is linked.
pub fn engine_version(engine: EngineChoice) -> String {
    let version = match engine {
        EngineChoice::Microlp => locked_version("microlp"),
        #[cfg(feature = "highs")]
        EngineChoice::Highs => locked_version("highs-sys"),
    };
    format!("{} {}", engine.name(), version.unwrap_or("of unknown version"))
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
        "search" => Ok(Method::Search),
        _ => Err("expected auto, monolith or search".to_owned()),
    }
}

/// `None`: the one that goes without saying.
fn method_name(method: Method) -> Option<&'static str> {
    match method {
        Method::Auto => None,
        Method::Monolith => Some("monolith"),
        Method::Search => Some("search"),
    }
}
