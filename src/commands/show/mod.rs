mod book;
mod find;
mod grid;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::refusal::bad_input;
use book::{Book, Kind};

/// Shows a week in the terminal: of a student, a staff member, a place or a block; or all that runs on a day
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the schedule
    out: PathBuf,
    /// Id or name of a student, staff member, place or block; part of a name will do; or a day
    who: String,
    /// What WHO is, where several share an id
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let book = Book::read(&args.out).map_err(bad_input)?;
    if args.kind.is_none()
        && !args.json
        && let Some(text) = grid::day(&book, &args.who)
    {
        std::io::stdout().write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let found = find::find(&book, &args.who, args.kind).map_err(bad_input)?;
    let text =
        if args.json { format!("{:#}\n", grid::document(&book, &found)) } else { grid::text(&book, &found) };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
