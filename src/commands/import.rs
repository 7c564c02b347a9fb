use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use serde_json::json;

use crate::exchange::dates::{Calendar, Term, cycle_weeks, date};
use crate::exchange::import::oneroster::IdColumn;
use crate::exchange::import::store::{Change, Mode, in_the_way, prepare, store};
use crate::exchange::import::{self, Import, days_of, must_know};
use crate::school::Priority;
use crate::shell;
use crate::timetable::Weekday;

use super::export::parse_weekday;
use super::output::{as_text, tell_of};
use super::refusal::{bad, bad_input};

/// Notes that are printed; the rest is counted.
const NOTES_SHOWN: usize = 20;

/// Kinds of `busy.csv` that have a calendar of their own.
const CALENDARS: [&str; 7] = ["student", "class", "year", "unit", "staff", "place", "site"];

/// Builds or updates input files from other systems' files
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(clap::Subcommand)]
enum Format {
    /// OneRoster CSV, 1.1 or 1.2: a folder or zip file with users, classes and enrollments
    Oneroster {
        #[command(flatten)]
        what: What,
        /// Column of users.csv that gives the ids
        #[arg(long, value_enum, default_value = "sourced")]
        id: IdColumn,
        /// Make every enrollment of a student in a class a need of this priority
        #[arg(long, value_name = "PRIORITY", value_parser = priority)]
        needs: Option<Priority>,
    },
    /// GPU files of Untis: a folder with GPU001.TXT, 004, 005, 006, 008, 010 and 015 as far as they are there
    Untis {
        #[command(flatten)]
        what: What,
        /// CSV file with the columns period,start,end [default: periods.csv beside the GPU files]
        #[arg(long, value_name = "F")]
        periods: Option<PathBuf>,
        /// Priority of the students' choices
        #[arg(long, value_name = "PRIORITY", value_parser = priority, default_value = "should")]
        priority: Priority,
    },
    /// A workbook with a sheet for each input file, called as the file
    Xlsx {
        #[command(flatten)]
        what: What,
    },
    /// The busy times of one person, class or place from a calendar
    Ics {
        #[command(flatten)]
        what: What,
        /// Whose calendar it is, such as staff:anja or place:r1
        #[arg(long, value_name = "KIND:ID")]
        who: String,
        /// First day of the round of the school's days that counts, such as 2027-01-11
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Date,
        /// Time zone of the school
        #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
        timezone: String,
        /// Weekday of each day of the cycle, where its label does not say so: mon,tue,...
        #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_weekday)]
        weekdays: Option<Vec<Weekday>>,
    },
    /// Sign-ups of students, a spreadsheet with the first to the last choice, to needs.csv
    Choices {
        #[command(flatten)]
        what: What,
        /// Priority of the first choice, the second and so on; the last holds for the rest
        #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = priority, default_value = "should,could")]
        priorities: Vec<Priority>,
    },
}

/// What is imported and into which school.
#[derive(clap::Args)]
struct What {
    /// File or folder to read
    source: PathBuf,
    /// Folder of the school; made if it is not there
    dir: PathBuf,
    /// Add rows to files made by hand, and leave the rows that they have
    #[arg(long, conflicts_with = "force")]
    add: bool,
    /// Replace files made by hand; the old ones are kept as *.bak
    #[arg(long)]
    force: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let what = args.format.what();
    let import = args.format.read().map_err(bad_input)?;
    tell_notes(&import.notes, what.json);
    if import.drafts.is_empty() {
        return Err(bad_input(format!(
            "nothing in {} could be placed; nothing is written",
            what.source.display()
        )));
    }
    let mode = match (what.add, what.force) {
        (true, _) => Mode::Add,
        (_, true) => Mode::Force,
        _ => Mode::Careful,
    };
    let foreign = in_the_way(&what.dir, &import.drafts, mode);
    if !foreign.is_empty() {
        return Err(bad_input(format!(
            "not overwritten, as made or changed by hand: {} in {}; --add adds the new rows, --force replaces the \
             whole and keeps what was there as *.bak. Nothing is written",
            foreign.join(", "),
            what.dir.display()
        )));
    }
    let files = prepare(&what.dir, &import.drafts, mode).map_err(bad)?;
    let changes = store(&what.dir, files)?;
    tell_of(&what.dir, &told(what, &import, &changes))?;
    Ok(ExitCode::SUCCESS)
}

impl Format {
    fn what(&self) -> &What {
        match self {
            Format::Oneroster { what, .. }
            | Format::Untis { what, .. }
            | Format::Xlsx { what }
            | Format::Ics { what, .. }
            | Format::Choices { what, .. } => what,
        }
    }

    fn read(&self) -> Result<Import, String> {
        match self {
            Format::Oneroster { what, id, needs } => import::oneroster::import(&what.source, *id, *needs),
            Format::Untis { what, periods, priority } => {
                import::untis::import(&what.source, &what.dir, periods.as_deref(), *priority)
            }
            Format::Xlsx { what } => import::xlsx::import(&what.source),
            Format::Ics { what, who, from, timezone, weekdays } => {
                let (kind, id) = owner(who)?;
                must_know(&what.dir, kind, id).map_err(|message| format!("--who {who}: {message}"))?;
                let days = days_of(&what.dir);
                let term = Term {
                    from: *from,
                    weeks: cycle_weeks(&days, weekdays.as_deref())?,
                    holidays: Vec::new(),
                    weekdays: weekdays.clone(),
                    zone: timezone.clone(),
                };
                import::ics::import(&what.source, &days, &Calendar::new(&days, &term)?, kind, id)
            }
            Format::Choices { what, priorities } => {
                import::choices::import(&what.source, &what.dir, priorities)
            }
        }
    }
}

fn owner(who: &str) -> Result<(&str, &str), String> {
    match who.split_once(':') {
        Some((kind, id)) if CALENDARS.contains(&kind) && !id.is_empty() => Ok((kind, id)),
        _ => Err(format!(
            "--who {who}: expected one of {} with an id, such as staff:anja",
            CALENDARS.join(", ")
        )),
    }
}

fn tell_notes(notes: &[String], json: bool) {
    if json || notes.is_empty() {
        return;
    }
    eprintln!("could not be placed as it stands:");
    notes.iter().take(NOTES_SHOWN).for_each(|note| eprintln!("  {note}"));
    if let Some(more) = notes.len().checked_sub(NOTES_SHOWN).filter(|more| *more > 0) {
        eprintln!("  … and {more} more; --json lists all");
    }
}

fn told(what: &What, import: &Import, changes: &[Change]) -> String {
    if what.json {
        return format!(
            "{:#}\n",
            json!({ "dir": as_text(&what.dir), "files": changes, "notes": import.notes })
        );
    }
    let mut text = String::new();
    for change in changes {
        text += &format!("{}: {} rows written", change.file, change.added);
        if change.kept > 0 {
            text += &format!(", {} kept", change.kept);
        }
        if change.replaced > 0 {
            text += &format!(", {} of an earlier import replaced", change.replaced);
        }
        if let Some(backup) = &change.backup {
            text += &format!("; the old file is {backup}");
        }
        text.push('\n');
    }
    if changes.is_empty() {
        return "nothing takes time in these days, and no rows are there to take away: nothing is written\n"
            .to_owned();
    }
    text + &format!("next: leerzone check {}\n", shell::path(&what.dir))
}

fn priority(text: &str) -> Result<Priority, String> {
    let known = Priority::ALL.into_iter().find(|priority| priority.label() == text);
    known.ok_or_else(|| "expected must, should or could".to_owned())
}
