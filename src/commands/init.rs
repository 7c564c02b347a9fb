use std::path::PathBuf;
use std::process::ExitCode;

/// Writes a small working school to start from
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write; must not exist or be empty
    dir: PathBuf,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("{}: not built yet", args.dir.display())
}
