mod book;
mod find;
mod grid;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::verify::Error;

use super::BAD_INPUT;
use book::{Book, Kind};

/// Shows a week in the terminal: of a student, a staff member, a place or a block
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the schedule
    out: PathBuf,
    /// Id or name of a student, staff member, place or block; part of a name will do
    who: String,
    /// What WHO is, where several share an id
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let book = match Book::read(&args.out) {
        Ok(book) => book,
        Err(error @ Error::Malformed { .. }) => {
            eprintln!("error: {error}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
        Err(error) => return Err(error.into()),
    };
    let found = match find::find(&book, &args.who, args.kind) {
        Ok(found) => found,
        Err(message) => {
            eprintln!("error: {message}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    if args.json {
        println!("{:#}", grid::document(&book, &found));
    } else {
        print!("{}", grid::text(&book, &found));
    }
    Ok(ExitCode::SUCCESS)
}
