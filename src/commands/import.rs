use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use serde_json::json;

use crate::exchange::dates::{Calendar, Term, cycle_weeks, date};
use crate::exchange::import::oneroster::{IdColumn, Options, SubjectFrom};
use crate::exchange::import::store::{Change, Mode, in_the_way, planned, prepare, store};
use crate::exchange::import::{self, ColumnMap, Import, Tally, days_of, must_know};
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
        /// What becomes a subject
        #[arg(long, value_enum, default_value = "code")]
        subjects: SubjectFrom,
        /// Only users and classes of this school, by its sourcedId
        #[arg(long, value_name = "ID")]
        org: Option<String>,
        /// The day on which enrollments and roles must hold [default: today]
        #[arg(long, value_name = "DATE", value_parser = date)]
        date: Option<Date>,
    },
    /// GPU files of Untis: a folder with GPU001.TXT, 003, 004, 005, 006, 008, 010 and 015 as far as they are there
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
        #[command(flatten)]
        round: Round,
    },
    /// Answers of Zermelo's API: a *.json file or a folder of them with users, students, groups and appointments
    Zermelo {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        round: Round,
        /// Priority of what students signed up for
        #[arg(long, value_name = "PRIORITY", value_parser = priority, default_value = "should")]
        priority: Priority,
    },
    /// EDEXML: students, classes and teachers of a Dutch administration
    Edexml {
        #[command(flatten)]
        what: What,
    },
    /// Any table, a spreadsheet or CSV, to the input file and columns that --map names
    Table {
        #[command(flatten)]
        what: What,
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
    /// TOML file that says which column is which: [map] and below it lines such as leerlingnummer = "student"
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

/// Which days of a calendar become the days of the school.
#[derive(clap::Args)]
struct Round {
    /// First day of the round of the school's days that counts, such as 2027-01-11
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Date,
    /// Time zone of the school
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    timezone: String,
    /// Weekday of each day of the cycle, where its label does not say so: mon,tue,...
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_weekday)]
    weekdays: Option<Vec<Weekday>>,
}

impl Round {
    fn calendar(&self, days: &[String]) -> Result<Calendar, String> {
        let term = Term {
            from: self.from,
            weeks: cycle_weeks(days, self.weekdays.as_deref())?,
            holidays: Vec::new(),
            weekdays: self.weekdays.clone(),
            zone: self.timezone.clone(),
        };
        Calendar::new(days, &term)
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let what = args.format.what();
    let map = what.map.as_deref().map_or_else(|| Ok(ColumnMap::default()), ColumnMap::read);
    let import = map.and_then(|map| args.format.read(&map)).map_err(bad_input)?;
    print_notes(&import.notes, what.json);
    if import.drafts.is_empty() {
        let sources = table_of_sources(&import.sources);
        return Err(bad_input(format!(
            "nothing in {} could be placed; nothing is written\n{}",
            what.source.display(),
            sources.trim_end()
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
    let changes = if what.dry_run { planned(&files) } else { store(&what.dir, files)? };
    let text = message(what, &import, &changes);
    if what.dry_run {
        std::io::stdout().write_all(text.as_bytes())?;
    } else {
        tell_of(&what.dir, &text)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Format {
    fn what(&self) -> &What {
        match self {
            Format::Oneroster { what, .. }
            | Format::Untis { what, .. }
            | Format::Xlsx { what }
            | Format::Ics { what, .. }
            | Format::Zermelo { what, .. }
            | Format::Edexml { what }
            | Format::Table { what }
            | Format::Choices { what, .. } => what,
        }
    }

    fn read(&self, map: &ColumnMap) -> Result<Import, String> {
        if self.what().map.is_some()
            && matches!(self, Format::Ics { .. } | Format::Zermelo { .. } | Format::Edexml { .. })
        {
            return Err("--map is for tables: this format has no columns".to_owned());
        }
        match self {
            Format::Oneroster { what, id, needs, subjects, org, date } => {
                let today = || jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).date();
                let options = Options {
                    ids: *id,
                    needs: *needs,
                    subjects: *subjects,
                    org: org.clone(),
                    date: date.unwrap_or_else(today),
                };
                import::oneroster::import(&what.source, &options, map)
            }
            Format::Untis { what, periods, priority } => {
                import::untis::import(&what.source, &what.dir, periods.as_deref(), *priority, map)
            }
            Format::Xlsx { what } => import::xlsx::import(&what.source, map),
            Format::Ics { what, who, round } => {
                let (kind, id) = owner(who)?;
                must_know(&what.dir, kind, id).map_err(|message| format!("--who {who}: {message}"))?;
                let days = days_of(&what.dir);
                import::ics::import(&what.source, &days, &round.calendar(&days)?, kind, id)
            }
            Format::Zermelo { what, round, priority } => {
                let days = days_of(&what.dir);
                import::zermelo::import(&what.source, &days, &round.calendar(&days)?, *priority)
            }
            Format::Edexml { what } => import::edexml::import(&what.source),
            Format::Table { what } => import::table::import(&what.source, map),
            Format::Choices { what, priorities } => {
                import::choices::import(&what.source, &what.dir, priorities, map)
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

fn print_notes(notes: &[String], json: bool) {
    if json || notes.is_empty() {
        return;
    }
    eprintln!("to know:");
    notes.iter().take(NOTES_SHOWN).for_each(|note| eprintln!("  {note}"));
    if let Some(more) = notes.len().checked_sub(NOTES_SHOWN).filter(|more| *more > 0) {
        eprintln!("  … and {more} more; --json lists all");
    }
}

fn message(what: &What, import: &Import, changes: &[Change]) -> String {
    if what.json {
        let document = json!({
            "dir": as_text(&what.dir),
            "dry_run": what.dry_run,
            "files": changes,
            "sources": import.sources,
            "notes": import.notes
        });
        return format!("{document:#}\n");
    }
    let mut text = table_of_sources(&import.sources);
    let written = if what.dry_run { "would be written" } else { "written" };
    for change in changes {
        text += &format!("{}: {} rows {written}", change.file, change.added);
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
        return text
            + "nothing takes time in these days, and no rows are there to take away: nothing is written\n";
    }
    if what.dry_run {
        return text + "nothing is written, because of --dry-run\n";
    }
    text + &format!("next: leerzone check {}\n", shell::path(&what.dir))
}

/// What was read of each table, and why the rest was left out.
fn table_of_sources(sources: &[Tally]) -> String {
    let width = sources.iter().map(|tally| tally.source.chars().count()).max().unwrap_or(0).max(6);
    let mut text = format!("{:width$}  {:>6}  {:>6}  left out\n", "source", "rows", "read");
    for tally in sources {
        let reasons: Vec<String> =
            tally.left_out.iter().map(|(reason, rows)| format!("{rows} {reason}")).collect();
        let left_out = if reasons.is_empty() { "-".to_owned() } else { reasons.join(", ") };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {:>6}  {:>6}  {left_out}", tally.source, tally.rows, tally.read());
    }
    text
}

fn priority(text: &str) -> Result<Priority, String> {
    let known = Priority::ALL.into_iter().find(|priority| priority.label() == text);
    known.ok_or_else(|| "expected must, should or could".to_owned())
}
