use std::path::PathBuf;
use std::process::ExitCode;

/// Reads everything and reports every problem at once
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the school
    dir: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("{}: not built yet", args.dir.display())
}
