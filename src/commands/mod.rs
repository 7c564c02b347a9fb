//! The command line: one small file a command, which parses its arguments, calls and prints.
//! Messages go to stderr, data to stdout.

mod advise;
mod check;
mod compare;
mod comparing;
mod explain;
mod export;
mod generate;
mod help;
mod import;
mod init;
mod input;
mod layouts;
mod load_schedule;
mod multi_progress;
mod new_folder;
mod output;
mod progress;
mod pseudonymise;
mod refusal;
mod region;
mod region_bid;
mod region_share;
mod replan;
mod report;
mod resume;
mod roll;
mod running;
mod seat;
mod shell;
mod show;
mod solve;
mod solve_summary;
mod solving;
mod stress;
mod verify;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::parallel;
use refusal::Form;

/// Could not finish: I/O, solver failure.
pub const FAILED: u8 = 1;
/// Bad usage or bad input.
pub const BAD_INPUT: u8 = 2;
/// With `--strict`: a `must` is unmet.
pub const MUST_UNMET: u8 = 3;
/// `verify` found a broken rule or a wrong total.
pub const BROKEN_RULE: u8 = 4;

/// Scheduler for schools that teach in flex lessons and learning zones.
#[derive(Parser)]
#[command(name = "leerzone", version, propagate_version = true, disable_help_subcommand = true)]
struct Line {
    /// Let nobody but the owner read what is written: files 0600, folders 0700
    #[arg(long, global = true)]
    private: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Solve(solve::Args),
    Verify(verify::Args),
    Show(show::Args),
    Explain(explain::Args),
    Advise(advise::Args),
    Replan(replan::Args),
    Seat(seat::Args),
    Region(region::Args),
    Stress(stress::Args),
    Roll(roll::Args),
    Compare(compare::Args),
    Layouts(layouts::Args),
    Watch(watch::Args),
    Report(report::Args),
    Export(export::Args),
    Import(import::Args),
    Generate(generate::Args),
    Pseudonymise(pseudonymise::Args),
    Help(help::Args),
    Completions(shell::Completions),
    Man(shell::Man),
}

impl Command {
    /// The `--threads` of commands that solve.
    fn threads(&self) -> Option<u16> {
        match self {
            Command::Solve(solve::Args { solving, .. })
            | Command::Explain(explain::Args { solving, .. })
            | Command::Advise(advise::Args { solving, .. })
            | Command::Replan(replan::Args { solving, .. })
            | Command::Stress(stress::Args { solving, .. })
            | Command::Roll(roll::Args { solving, .. })
            | Command::Compare(compare::Args { solving, .. })
            | Command::Layouts(layouts::Args { solving, .. })
            | Command::Watch(watch::Args { solving, .. }) => solving.threads,
            Command::Region(args) => args.threads(),
            _ => None,
        }
    }
}

/// Parses the command line of the program, runs the command and gives its exit code.
pub fn run() -> ExitCode {
    run_with(std::env::args_os())
}

/// The same for arguments given, the first of which names the program.
pub fn run_with<S: Into<OsString>>(arguments: impl IntoIterator<Item = S>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    // As it was typed: a line that cannot be parsed may ask for it as well.
    let asked = arguments.iter().take_while(|&word| word != "--").any(|word| word == "--json");
    let form = if asked { Form::Document } else { Form::Nothing };
    match Line::try_parse_from(arguments) {
        Ok(line) => {
            let form = if asked && matches!(line.command, Command::Watch(_)) { Form::Line } else { form };
            line.run().unwrap_or_else(|error| refusal::tell(&error, form))
        }
        Err(error) => refusal::tell_usage(&error, form),
    }
}

impl Line {
    fn run(&self) -> anyhow::Result<ExitCode> {
        if self.private {
            owner_only().map_err(refusal::bad_input)?;
        }
        if let Some(threads) = self.command.threads() {
            parallel::limit(threads.into());
        }
        match &self.command {
            Command::Init(args) => init::run(args),
            Command::Check(args) => check::run(args),
            Command::Solve(args) => solve::run(args),
            Command::Verify(args) => verify::run(args),
            Command::Show(args) => show::run(args),
            Command::Advise(args) => advise::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Replan(args) => replan::run(args),
            Command::Seat(args) => seat::run(args),
            Command::Region(args) => region::run(args),
            Command::Stress(args) => stress::run(args),
            Command::Roll(args) => roll::run(args),
            Command::Compare(args) => compare::run(args),
            Command::Layouts(args) => layouts::run(args),
            Command::Watch(args) => watch::run(args),
            Command::Report(args) => report::run(args),
            Command::Export(args) => export::run(args),
            Command::Import(args) => import::run(args),
            Command::Generate(args) => generate::run(args),
            Command::Pseudonymise(args) => pseudonymise::run(args),
            Command::Help(args) => help::run(args),
            Command::Completions(args) => shell::completions(args),
            Command::Man(args) => shell::man(args),
        }
    }
}

/// Takes from all that this run writes the permissions of others.
#[cfg(unix)]
fn owner_only() -> Result<(), &'static str> {
    use rustix::fs::Mode;
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    Ok(())
}

#[cfg(not(unix))]
fn owner_only() -> Result<(), &'static str> {
    Err(
        "--private works where files have an owner and modes; here, write into a folder that only you may open",
    )
}
