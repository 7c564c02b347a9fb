use std::path::PathBuf;
use std::process::ExitCode;

/// Shows a week in the terminal
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the schedule
    out: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("{}: not built yet", args.out.display())
}
