use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::read::{self, Problem, Severity};
use crate::shell;
use crate::whatif::compare::plan::{Plan, Planned};
use crate::whatif::compare::{Combination, Comparison, Measure, Wanted, expand, files, gather, run, text};
use crate::write::{Contents, Staged, check_target_of};

use super::comparing::{add_failure, ended, tell_missing};
use super::input::ChangeArgs;
use super::multi_progress::SolveBars;
use super::output::as_text;
use super::progress::note;
use super::refusal::{bad, bad_files_told};
use super::solving::{SolvingArgs, engine_version};

const COMPARISON: Contents =
    Contents { what: "comparison", name: "compare", option: "--out", belongs: files::belongs };

const EXAMPLES: &str = "\
Examples:
  leerzone compare school --layout layouts --by must
  leerzone compare school --layout three.toml --layout four.toml --scenario closed.toml --out cmp
  leerzone compare school --layout layouts --seeds 1,2,3 --plan --out cmp | parallel -j 8
  leerzone compare --gather cmp";

/// Solves layouts and scenarios side by side and says who gains and who loses
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folders of schools
    #[arg(required_unless_present = "gather", value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// Layout, or folder of layouts, to use in place of each school's own
    #[arg(long, value_name = "F")]
    layout: Vec<PathBuf>,
    #[command(flatten)]
    changes: ChangeArgs,
    /// Leave out the school without a scenario
    #[arg(long, requires = "scenario")]
    only_scenarios: bool,
    /// Solve every combination with each of these seeds
    #[arg(
        long,
        value_name = "N,N",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "seed"
    )]
    seeds: Vec<u64>,
    /// Folder to write the comparison into [default: DIR/compare]
    #[arg(long, value_name = "CMP")]
    out: Option<PathBuf>,
    /// Measure by which the best comes first [default: total, or that of the plan]
    #[arg(long, value_name = "MEASURE", value_parser = Measure::parse)]
    by: Option<Measure>,
    /// Solve nothing: write one independent command a combination, for many machines
    #[arg(long)]
    plan: bool,
    /// Join what the commands of a plan have finished
    #[arg(long, value_name = "CMP", conflicts_with_all = ["dirs", "plan", "out"])]
    gather: Option<PathBuf>,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.gather {
        let comparison = gather::gather(folder, args.by).map_err(bad)?;
        if !comparison.results.is_empty() {
            files::write(&comparison, folder)?;
        }
        return tell(args, &comparison, folder, true);
    }
    let wanted = Wanted {
        dirs: args.dirs.clone(),
        layouts: args.layout.clone(),
        scenarios: args.changes.scenario.clone(),
        sets: args.changes.set.clone(),
        seeds: if args.seeds.is_empty() { vec![args.solving.seed] } else { args.seeds.clone() },
        only_scenarios: args.only_scenarios,
    };
    let combinations = expand(&wanted).map_err(bad)?;
    let out = args.out.clone().unwrap_or_else(|| match &args.dirs[..] {
        [one] => one.join(COMPARISON.name),
        _ => PathBuf::from(COMPARISON.name),
    });
    let hashes = check(args, &combinations).map_err(bad_files_told)?;
    args.dirs.iter().try_for_each(|dir| check_target_of(&out, dir, &[], COMPARISON)).map_err(bad)?;
    if args.plan { plan(args, &combinations, hashes, &out) } else { solve(args, &combinations, &out) }
}

/// Reads every combination and prints each problem once; the hash of each input, or the problems if one cannot be
/// solved.
fn check(args: &Args, combinations: &[Combination]) -> Result<Vec<String>, Vec<Problem>> {
    let (mut told, mut sound, mut hashes, mut problems) = (HashSet::new(), true, Vec::new(), Vec::new());
    for combination in combinations {
        let read = combination.read();
        sound &= read.reading.school.is_some();
        hashes.push(read.hash);
        let new = read.reading.problems.into_iter().filter(|problem| {
            let place = (&combination.dir, problem.file.clone(), problem.line, problem.column);
            (problem.severity == Severity::Error || !args.solving.quiet)
                && told.insert((place, problem.message.clone()))
        });
        let new: Vec<_> = new.collect();
        if !new.is_empty() {
            note(&format!("in {} ({}):", combination.name, combination.dir.display()));
            read::print_problems(&new);
            problems.extend(new);
        }
    }
    if sound { Ok(hashes) } else { Err(problems) }
}

fn solve(args: &Args, combinations: &[Combination], out: &Path) -> anyhow::Result<ExitCode> {
    let staged = Staged::beside_of(out, COMPARISON)?;
    let options = args.solving.options()?;
    let board = SolveBars::new(args.solving.quiet, combinations.len());
    let job = run::Job {
        options: &options,
        told: &args.solving.told(&options, None),
        engine: &engine_version(options.engine),
        out: staged.path(),
    };
    let comparison = run::compare(combinations, &job, &board, args.by.unwrap_or(Measure::Total));
    if !comparison.results.is_empty() {
        files::write(&comparison, staged.path())?;
        staged.publish()?;
    }
    tell(args, &comparison, out, false)
}

/// Prints the comparison.
fn tell(args: &Args, comparison: &Comparison, out: &Path, gathered: bool) -> anyhow::Result<ExitCode> {
    tell_missing(comparison);
    let none = comparison.results.is_empty();
    // A gathered one may be incomplete: that is what it is asked for.
    let failure = comparison.failure().filter(|_| none || !gathered);
    let mut stdout = std::io::stdout();
    if args.solving.json {
        let mut document = comparison.json();
        document["out"] = json!(as_text(out));
        add_failure(&mut document, failure.as_deref());
        writeln!(stdout, "{document:#}")?;
    } else if !none {
        let lines = stdout.is_terminal();
        let page = out.join(files::PAGE);
        write!(stdout, "{}\ncomparison written to {}\n", text::text(comparison, lines), page.display())?;
    }
    Ok(ended(failure.as_deref()))
}

/// Writes the commands, and prints them for whatever runs them.
fn plan(
    args: &Args,
    combinations: &[Combination],
    hashes: Vec<String>,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let shared = args.solving.as_arguments();
    let told = told(args);
    let planned = combinations
        .iter()
        .zip(hashes)
        .map(|(combination, hash)| Planned::new(combination, hash, combination.told(&told), out, &shared));
    let plan = Plan::new(args.by.unwrap_or(Measure::Total), planned.collect());
    plan.write(out)?;
    let text = if args.solving.json { format!("{:#}\n", json!(plan)) } else { plan.commands() };
    std::io::stdout().write_all(text.as_bytes())?;
    if !args.solving.quiet {
        note(&format!(
            "{} commands written to {}; then `leerzone compare --gather {}`",
            plan.combinations.len(),
            out.display(),
            shell::path(out)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The options that each command will tell in its `summary.json`.
fn told(args: &Args) -> Value {
    let mut solving = args.solving.clone();
    solving.threads = Some(solving.planned_threads());
    solving.told(&solving.without_stop(), None)
}
