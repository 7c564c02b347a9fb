use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::whatif::compare::{Combination, Comparison, Measure, files, replace::replace, run, text};
use crate::whatif::layouts::{
    self, COLUMNS, CURRENT, Estimated, FOLDER, From, TABLE, Wanted, Where, candidates, choose, combinations,
    estimate,
};
use crate::write::{Contents, Staged, check_target_of};

use super::comparing::{add_failure, ended, tell_missing};
use super::input::{self, InputArgs};
use super::multi_progress::SolveBars;
use super::output::as_text;
use super::progress::{note, number};
use super::refusal::bad;
use super::solving::{SolvingArgs, engine_version};

const PROPOSALS: Contents =
    Contents { what: "folder of proposals", name: "proposals", option: "--out", belongs };

/// Candidates shown; all stand in the table.
const SHOWN: usize = 12;

const EXAMPLES: &str = "\
Examples:
  leerzone layouts school
  leerzone layouts school --count 2,3 --length 45,60 --from 08:30 --until 16:00 --solve 8 --time-limit 30
  leerzone solve school --layout school/proposals/layouts/3x60-gaps.toml";

/// Proposes block layouts: many candidates bounded, the best solved, needs met against staff used
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// When a day begins [default: as in the present layout]
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    from: Option<u16>,
    /// When a day ends [default: as in the present layout]
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    until: Option<u16>,
    /// Blocks a day [default: as many as now, one less, one more]
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=20))]
    count: Vec<u8>,
    /// Minutes of a block [default: 45, 60, 90 and as now]
    #[arg(long, value_name = "M,M", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(5..=480))]
    length: Vec<u16>,
    /// Minutes between two blocks
    #[arg(long, value_name = "M", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=240))]
    pause: u16,
    /// Before or after regular lessons, or in the gaps where most students are free [default: all]
    #[arg(long, value_name = "WHERE", value_delimiter = ',', value_parser = place)]
    place: Vec<Where>,
    /// All students at once, staggered by year, or both
    #[arg(long, value_name = "BANDS", default_value = "both", value_parser = ["one", "years", "both"])]
    bands: String,
    /// Proposals to solve, beside the present layout
    #[arg(long, value_name = "N", default_value_t = 6)]
    solve: usize,
    /// Folder to write the proposals into [default: DIR/proposals]
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let input = args.input.read();
    let dir = &args.input.dir;
    let school = input.usable()?.clone();
    let out = args.out.clone().unwrap_or_else(|| dir.join(PROPOSALS.name));
    check_target_of(&out, dir, &[], PROPOSALS).map_err(bad)?;
    let from = From { dir, layout: args.input.layout.as_deref(), scenario: &input.scenario };
    // A disk that is full is not the fault of what was asked.
    let by_system = |error: &anyhow::Error| error.chain().any(|cause| cause.is::<std::io::Error>());
    let found = candidates(from, school, &wanted(args));
    let found = found.map_err(|error| if by_system(&error) { error } else { bad(error) })?;
    let staged = Staged::beside_of(&out, PROPOSALS)?;
    let options = args.solving.options()?;
    if !args.solving.quiet {
        note(&format!("{} candidates to estimate", found.len()));
    }
    let folder = staged.path().join(FOLDER);
    let mut estimated = estimate(from, found, &folder, options.threads, &options.stop)?;
    choose(&mut estimated, args.solve);
    let present = present(args);
    let combinations = combinations(&present, &estimated, (&folder, &out.join(FOLDER)));
    let job = run::Job {
        options: &options,
        told: &args.solving.told(&options, None),
        engine: &engine_version(options.engine),
        out: staged.path(),
    };
    let board = SolveBars::new(args.solving.quiet, combinations.len());
    let comparison = run::compare(&combinations, &job, &board, Measure::Total);
    files::write(&comparison, staged.path())?;
    replace(staged.path(), TABLE, &table(&estimated)?)?;
    staged.publish()?;
    tell(args, &input, &estimated, &comparison, &out)
}

fn wanted(args: &Args) -> Wanted {
    Wanted {
        from: args.from,
        until: args.until,
        counts: args.count.iter().map(|&count| usize::from(count)).collect(),
        lengths: args.length.clone(),
        pause: args.pause,
        places: args.place.clone(),
        together: args.bands != "years",
        staggered: args.bands != "one",
    }
}

/// The layout as it is, to be solved beside the proposals.
fn present(args: &Args) -> Combination {
    Combination {
        order: 0,
        name: CURRENT.to_owned(),
        dir: args.input.dir.clone(),
        layout: args.input.layout.clone(),
        layout_told: None,
        scenarios: args.input.changes.scenario.clone(),
        sets: args.input.changes.set.clone(),
        seed: args.solving.seed,
    }
}

/// Whether something in a folder belongs to proposals that may be replaced.
fn belongs(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let beside = path.parent().is_some_and(|folder| folder.join(TABLE).is_file());
    files::belongs(path) || name == TABLE || (name == FOLDER && beside)
}

/// `candidates.csv`.
fn table(estimated: &[Estimated]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for one in estimated {
        let candidate = &one.candidate;
        let (bound, problem) = match &one.bound {
            Ok(bound) => (number(*bound), String::new()),
            Err(problem) => (String::new(), problem.clone()),
        };
        writer.write_record([
            candidate.name.clone(),
            candidate.shape.count.to_string(),
            candidate.shape.length.to_string(),
            candidate.place.label().to_owned(),
            if candidate.staggered { "years" } else { "one" }.to_owned(),
            bound,
            one.solved.to_string(),
            problem,
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn tell(
    args: &Args,
    input: &input::School,
    estimated: &[Estimated],
    comparison: &Comparison,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    tell_missing(comparison);
    if !args.solving.quiet {
        tell_unusable(estimated);
    }
    let failure = comparison.failure();
    let mut stdout = std::io::stdout();
    if args.solving.json {
        let mut document = comparison.json();
        document["candidates"] = estimated.iter().map(candidate_json).collect();
        document["scenario"] = json!(input.scenario.title());
        document["out"] = json!(as_text(out));
        add_failure(&mut document, failure.as_deref());
        writeln!(stdout, "{document:#}")?;
    } else {
        write!(stdout, "{}", estimates_text(estimated))?;
        write!(stdout, "{}", text::results(comparison, stdout.is_terminal()))?;
        write!(stdout, "{}", text::frontier(comparison))?;
        write!(stdout, "{}", text::against(comparison, CURRENT))?;
        writeln!(stdout, "\nlayouts written to {}", out.join(FOLDER).display())?;
    }
    Ok(ended(failure.as_deref()))
}

fn candidate_json(one: &Estimated) -> Value {
    let candidate = &one.candidate;
    json!({
        "layout": candidate.name,
        "file": format!("{FOLDER}/{}.toml", candidate.name),
        "blocks_a_day": candidate.shape.count,
        "minutes": candidate.shape.length,
        "place": candidate.place.label(),
        "staggered": candidate.staggered,
        "bound": one.bound.as_ref().ok(),
        "problem": one.bound.as_ref().err(),
        "solved": one.solved,
    })
}

fn estimates_text(estimated: &[Estimated]) -> String {
    let usable: Vec<(&Estimated, f64)> =
        estimated.iter().filter_map(|one| Some((one, *one.bound.as_ref().ok()?))).collect();
    let mut text = format!(
        "{} layouts fit, {} can be used; no schedule has a total above\n",
        estimated.len(),
        usable.len()
    );
    for (one, bound) in usable.iter().take(SHOWN) {
        let solved = if one.solved { "  solved below" } else { "" };
        text += &format!("  {:24} {}{solved}\n", one.candidate.name, number(*bound));
    }
    if usable.len() > SHOWN {
        text += &format!("  {} more in {TABLE}\n", usable.len() - SHOWN);
    }
    text + "\n"
}

/// Why candidates cannot be used, and what helps.
fn tell_unusable(estimated: &[Estimated]) {
    let problems: Vec<&String> = estimated.iter().filter_map(|one| one.bound.as_ref().err()).collect();
    let Some(first) = problems.first() else { return };
    note(&format!(
        "note: {} of {} layouts cannot be used, the first of them: {first}",
        problems.len(),
        estimated.len()
    ));
    if problems.iter().any(|problem| problem.starts_with("pins.csv")) {
        note(
            "note: pins belong to the blocks of the present layout; --scenario with a file that says \
             `remove.pins = \"all\"` takes them out in memory",
        );
    }
}

fn time(text: &str) -> Result<u16, String> {
    let parts = text.split_once(':').and_then(|(hours, minutes)| {
        let number = |text: &str| text.parse::<u8>().ok().map(u16::from);
        Some((number(hours)?, number(minutes).filter(|_| minutes.len() == 2)?))
    });
    match parts {
        Some((hours, minutes)) if minutes < 60 && hours * 60 + minutes <= layouts::week::MIDNIGHT => {
            Ok(hours * 60 + minutes)
        }
        _ => Err("expected a time such as 08:30".to_owned()),
    }
}

fn place(word: &str) -> Result<Where, String> {
    Where::ALL
        .into_iter()
        .find(|place| place.label() == word)
        .ok_or_else(|| "expected before, after or gaps".to_owned())
}
