use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use serde_json::json;

use crate::read::{self, Severity, absences};
use crate::school::School;
use crate::verify;
use crate::whatif::case::Case;
use crate::whatif::replan::need_assignment;
use crate::whatif::stress::day::Week;
use crate::whatif::stress::draws::{Draws, illnesses};
use crate::whatif::stress::{files, stress, text};
use crate::write::{Contents, Staged, check_target_of, scenario_of};

use super::input::InputArgs;
use super::output::{as_text, under};
use super::refusal::{bad, bad_files, bad_input};
use super::running::open;
use super::solving::SolvingArgs;

const STRESS: Contents =
    Contents { what: "result", name: "stress", option: "--out", belongs: files::belongs };

/// Looked for in the folder of the school if nobody says.
const ABSENCE: &str = "absence.csv";

const EXAMPLES: &str = "\
Examples:
  leerzone stress school school/schedule --days 400 --rate 0.07
  leerzone stress school school/schedule --absence flu.csv --together 0.5";

/// Says what illness does to this week: many days are drawn and repaired
///
/// On each day some are ill, drawn person by person. The week is repaired as `replan` would and judged by the referee.
/// Told is what is lost a day, how sure that is, and who cannot be replaced. Equal data and seed draw equal illness.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: PathBuf,
    /// School days to draw, one weekday after the other
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    #[arg(allow_negative_numbers = true)]
    days: u32,
    /// Part of the days on which somebody is ill: 0.05 is 5 %
    #[arg(long, value_name = "P", value_parser = part, allow_negative_numbers = true, default_value = "0.05")]
    rate: f64,
    /// Table of who is ill how often and how long: who,rate,days [default: absence.csv of DIR, where there is one]
    #[arg(long, value_name = "FILE")]
    absence: Option<PathBuf>,
    /// Part of the illnesses that a whole unit catches at once
    #[arg(long, value_name = "P", value_parser = part, allow_negative_numbers = true, default_value = "0.2")]
    together: f64,
    /// Folder to write the result into [default: DIR/stress]
    #[arg(long = "out", value_name = "FOLDER")]
    to: Option<PathBuf>,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let case = open(&args.input, &args.out, args.solving.quiet)?;
    let Case { school, sets, schedule } = &case;
    let draws = draws(args, school)?;
    let to = args.to.clone().unwrap_or_else(|| args.input.dir.join(STRESS.name));
    check_target_of(&to, &args.input.dir, std::slice::from_ref(&args.out), STRESS).map_err(bad)?;
    let mut before = verify::written_schedule(school, &args.out).map_err(bad_input)?;
    need_assignment::keep(school, &mut before.sessions, &args.out).map_err(bad_input)?;
    let staged = Staged::beside_of(&to, STRESS)?;
    let options = args.solving.options()?;
    let week = Week::new(school, sets, schedule, before, options.engine, options.stop.clone());
    let late = || options.time_limit.is_some_and(|limit| began.elapsed() >= limit);
    let over = || options.stopped() || late();
    let found = stress(&week, &draws, args.days, options.threads, &over)?;
    if found.days.is_empty() && !school.blocks.is_empty() {
        anyhow::bail!("no day was repaired in this time; allow more with --time-limit");
    }
    let mut document = files::document(school, &found);
    document["seed"] = json!(options.seed);
    document["rate"] = json!(args.rate);
    document["together"] = json!(args.together);
    document["scenario"] = json!(scenario_of(&args.out));
    files::write(school, &found, &document, &staged)?;
    staged.publish()?;
    let mut stdout = std::io::stdout();
    let text = match args.solving.json {
        true => {
            document["to"] = json!(as_text(&to));
            format!("{document:#}\n")
        }
        false => {
            let text = text::text(school, &found, stdout.is_terminal());
            format!("{}{text}written to {}\n", under(&args.out), to.display())
        }
    };
    stdout.write_all(text.as_bytes()).with_context(|| format!("{} is written", to.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// How days are drawn, as the options and the table of absences say.
fn draws(args: &Args, school: &School) -> anyhow::Result<Draws> {
    let of_school = Some(args.input.dir.join(ABSENCE)).filter(|file| file.is_file());
    let rows = match args.absence.clone().or(of_school) {
        None => Vec::new(),
        Some(file) => {
            let (rows, problems) = absences(school, &file);
            if problems.iter().any(|problem| problem.severity == Severity::Error) {
                return Err(bad_files(problems));
            }
            if !args.solving.quiet {
                read::print_problems(&problems);
            }
            rows
        }
    };
    let illnesses = illnesses(school, &rows, args.rate);
    Ok(Draws { seed: args.solving.seed, illnesses, together: args.together })
}

fn part(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 0.05 for 5 %".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("expected a number from 0 to 1".to_owned()) }
}
