use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::region::{Region, share, written};
use crate::write::{Staged, check_target_of};

use super::progress::number;
use super::refusal::{bad, bad_files};
use super::region::tell;
use super::solving::SolvingArgs;

/// Decides who of the pool works where, and writes a scenario for each school
#[derive(clap::Args)]
pub struct ShareArgs {
    /// Folder of the region, with region.toml and pool/
    region: PathBuf,
    /// Folder to write into
    #[arg(long, value_name = "SHARED")]
    out: PathBuf,
    /// The round of bids; from the second on, what SHARED gave and is used stays
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    round: u32,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &ShareArgs) -> anyhow::Result<ExitCode> {
    let region = Region::with_bids(&args.region, args.round).map_err(bad_files)?;
    let kept = match args.round {
        1 => Vec::new(),
        _ => share::kept(&region, &args.out).map_err(bad_files)?,
    };
    check_target_of(&args.out, &args.region, &[], written::SHARED).map_err(bad)?;
    let staged = Staged::beside_of(&args.out, written::SHARED)?;
    let options = args.solving.options()?;
    let shared = share::share(&region, kept, &options)?;
    let mut document = written::write_shared(&region, &shared, args.round, &staged)?;
    staged.publish()?;
    document["to"] = json!(args.out.display().to_string());
    let mut text = format!("bids met: {}, at most {}\n", number(shared.value), number(shared.bound));
    for job in &shared.jobs {
        let (who, school) = (&region.pool[job.person].id, &region.schools[job.school].id);
        text += &format!("{who}: {school} {} ({})\n", job.block, job.needs);
    }
    text += &format!("in reserve: {} blocks, {} missing\n", shared.stands.len(), shared.missing_reserve);
    text += &format!(
        "still short: {} bids, in short.csv\nwritten to {}\n",
        shared.short.len(),
        args.out.display()
    );
    tell(&args.out, args.solving.json, &document, text)
}
