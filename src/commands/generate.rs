use std::path::PathBuf;
use std::process::ExitCode;

/// Writes a realistic school of any size
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write
    dir: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("{}: not built yet", args.dir.display())
}
