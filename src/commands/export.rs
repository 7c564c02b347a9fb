use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use crate::exchange::dates::{Calendar, Term, date};
use crate::exchange::export::{self, File};
use crate::exchange::zipped::{is_zip, pack};
use crate::pluralize::pluralize;
use crate::school::School;
use crate::timetable::{Owner, Timetable, Weekday, weekday};
use crate::verify::table;
use crate::write::{Contents, Staged, check_file, check_target_of, write_file};

use super::input::InputArgs;
use super::load_schedule::{open, school};
use super::output::{as_text, in_brackets, tell_of};
use super::refusal::{bad, bad_input};

/// Writes a schedule as calendars, a workbook or other systems' files
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(clap::Subcommand)]
enum Format {
    /// A calendar (iCalendar) for each student, staff member and place, into a folder
    Ics {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        term: TermArgs,
        /// Only these: student, staff or place, or one of them such as student:amina; may be repeated
        #[arg(long, value_name = "KIND[:ID]")]
        only: Vec<String>,
    },
    /// One workbook: weeks to print, lists to filter, what is missing, and rows for other programs
    Xlsx {
        #[command(flatten)]
        what: What,
    },
    /// GPU files that Untis imports, into a folder
    Untis {
        #[command(flatten)]
        what: What,
        /// Number of the first lesson [default: 1]
        #[arg(long, value_name = "N")]
        first_lesson: Option<usize>,
        /// GPU002 file of the lessons that Untis has: the first lesson comes after its last
        #[arg(long, value_name = "GPU002", conflicts_with = "first_lesson")]
        lessons: Option<PathBuf>,
    },
    /// OneRoster 1.1 CSV: classes and enrollments with what they refer to, into a folder or a *.zip file
    Oneroster {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        term: TermArgs,
    },
    /// The timetable as FET exports it: one CSV file
    Fet {
        #[command(flatten)]
        what: What,
    },
    /// Appointments with the fields of Zermelo's API: JSON to post, or a table if the file's name ends in `.csv`
    Zermelo {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        term: TermArgs,
        /// An earlier export, or the folder of a schedule that was exported: only what has changed is to be posted
        #[arg(long, value_name = "OUT")]
        since: Option<PathBuf>,
    },
}

/// What is exported and where to.
#[derive(clap::Args)]
struct What {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: PathBuf,
    /// File or folder to write
    to: PathBuf,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct TermArgs {
    /// First day, such as 2027-01-11
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Date,
    /// Number of weeks
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=104))]
    weeks: u32,
    /// CSV file of days without school, with the columns `from` and `until`
    #[arg(long, value_name = "F")]
    skip: Option<PathBuf>,
    /// Time zone of the school
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    timezone: String,
    /// Weekday of each day of the cycle, where its label does not say so: mon,tue,...
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_weekday)]
    weekdays: Option<Vec<Weekday>>,
}

/// What the folders of exports may hold.
const CALENDARS: Contents = Contents {
    what: "set of calendars",
    name: "calendars",
    option: "TO",
    belongs: |path| path.extension().is_some_and(|ending| ending == "ics"),
};
const UNTIS: Contents = Contents {
    what: "set of GPU files",
    name: "untis",
    option: "TO",
    belongs: |path| is_named(path, &|name| name.starts_with("GPU") || name == "periods.csv"),
};
const ONEROSTER: Contents = Contents {
    what: "OneRoster folder",
    name: "oneroster",
    option: "TO",
    belongs: |path| is_named(path, &export::oneroster::is_known),
};

fn is_named(path: &Path, is_known: &dyn Fn(&str) -> bool) -> bool {
    path.file_name().is_some_and(|name| is_known(&name.to_string_lossy()))
}

/// What an export made: one file, or several into a folder.
enum Made {
    File(Vec<u8>),
    Folder {
        files: Vec<File>,
        contents: Contents,
        /// Other files of the folder stay.
        adds: bool,
    },
}

impl Made {
    /// Whether it may be written there.
    fn check(&self, what: &What, skip: Option<&PathBuf>) -> anyhow::Result<()> {
        let to = &what.to;
        let mut taken = what.input.taken(&what.out);
        taken.files.extend(skip.cloned());
        match self {
            Self::File(_) => check_file(to, &taken),
            Self::Folder { files, adds: true, .. } => {
                files.iter().try_for_each(|file| check_file(&to.join(&file.name), &taken))
            }
            Self::Folder { contents, .. } => {
                check_target_of(to, &what.input.dir, &taken.schedules, *contents)
            }
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let what = args.format.what();
    let school = school(&what.input, &what.out)?;
    let timetable = open(&school, &what.out)?;
    for note in args.format.notes(&timetable) {
        eprintln!("warning: {note}");
    }
    let made = args.format.make(&school, &timetable).map_err(bad_input)?;
    made.check(what, args.format.skip()).map_err(bad)?;
    let files = write(made, &what.to)?;
    let scenario = in_brackets(timetable.scenario.as_deref());
    let text = if what.json {
        format!("{:#}\n", json!({ "to": as_text(&what.to), "files": files, "scenario": timetable.scenario }))
    } else if files == 1 {
        format!("written to {}{scenario}\n", what.to.display())
    } else {
        format!("{} written to {}{scenario}\n", pluralize(files, "file"), what.to.display())
    };
    tell_of(&what.to, &text)?;
    Ok(ExitCode::SUCCESS)
}

impl Format {
    fn what(&self) -> &What {
        match self {
            Format::Ics { what, .. }
            | Format::Xlsx { what }
            | Format::Untis { what, .. }
            | Format::Oneroster { what, .. }
            | Format::Fet { what }
            | Format::Zermelo { what, .. } => what,
        }
    }

    /// The file of days without school.
    fn skip(&self) -> Option<&PathBuf> {
        match self {
            Format::Ics { term, .. } | Format::Oneroster { term, .. } | Format::Zermelo { term, .. } => {
                term.skip.as_ref()
            }
            Format::Xlsx { .. } | Format::Untis { .. } | Format::Fet { .. } => None,
        }
    }

    /// What the user should know before anything is written.
    fn notes(&self, timetable: &Timetable) -> Vec<String> {
        match self {
            Format::Untis { .. } => export::ambiguous(timetable, "Untis", '~'),
            Format::Fet { .. } => export::ambiguous(timetable, "FET", '+'),
            _ => Vec::new(),
        }
    }

    /// What is to be written, or what is wrong with the request.
    fn make(&self, school: &School, timetable: &Timetable) -> Result<Made, String> {
        Ok(match self {
            Format::Ics { term, only, .. } => {
                let calendar = term.calendar(school)?;
                let owners = owners(timetable, only)?;
                let files = export::ics::export(timetable, &calendar, &owners, now())?;
                Made::Folder { files, contents: CALENDARS, adds: !only.is_empty() }
            }
            Format::Xlsx { .. } => Made::File(
                export::xlsx::export(timetable, timetable.school.language)
                    .map_err(|error| error.to_string())?,
            ),
            Format::Untis { first_lesson, lessons, .. } => {
                let free = lessons.as_deref().map(export::untis::first_free_lesson).transpose()?;
                let first = free.or(*first_lesson).unwrap_or(1);
                Made::Folder { files: export::untis::export(timetable, first), contents: UNTIS, adds: false }
            }
            Format::Oneroster { what, term } => {
                let files = export::oneroster::export(timetable, &term.calendar(school)?);
                if is_zip(&what.to) {
                    Made::File(pack(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))?)
                } else {
                    Made::Folder { files, contents: ONEROSTER, adds: false }
                }
            }
            Format::Fet { .. } => Made::File(export::fet::export(timetable).into_bytes()),
            Format::Zermelo { what, term, since } => {
                let calendar = term.calendar(school)?;
                if what.to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
                    if since.is_some() {
                        return Err("--since is for JSON: give TO a name that ends in .json".to_owned());
                    }
                    return Ok(Made::File(export::zermelo::as_table(timetable, &calendar)?.into_bytes()));
                }
                let since = since.as_deref().map(|since| earlier(since, school, &calendar)).transpose()?;
                let export = export::zermelo::export(timetable, &calendar, since)?;
                let mut text = serde_json::to_string_pretty(&export).map_err(|error| error.to_string())?;
                text.push('\n');
                Made::File(text.into_bytes())
            }
        })
    }
}

/// What was exported before: the file itself, or the schedule of which it was made.
fn earlier(since: &Path, school: &School, calendar: &Calendar) -> Result<export::zermelo::Export, String> {
    let name = since.display();
    if since.is_dir() {
        let timetable = open(school, since).map_err(|error| format!("--since {name}: {error:#}"))?;
        return export::zermelo::export(&timetable, calendar, None);
    }
    let bytes = crate::open::bytes(since).map_err(|error| format!("cannot read {name}: {error}"))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| format!("--since {name}: it is no export of this command: {error}"))
}

/// Writes it whole or not at all; gives the number of files.
fn write(made: Made, to: &Path) -> anyhow::Result<usize> {
    match made {
        Made::File(bytes) => {
            write_file(to, &bytes)?;
            Ok(1)
        }
        Made::Folder { files, adds: true, .. } => {
            files.iter().try_for_each(|file| write_file(&to.join(&file.name), &file.bytes))?;
            Ok(files.len())
        }
        Made::Folder { files, contents, .. } => {
            let staged = Staged::beside_of(to, contents)?;
            for file in &files {
                staged.write(&file.name, &file.bytes)?;
            }
            staged.publish()?;
            Ok(files.len())
        }
    }
}

impl TermArgs {
    fn calendar(&self, school: &School) -> Result<Calendar, String> {
        let holidays = self.skip.as_deref().map_or(Ok(Vec::new()), holidays)?;
        let term = Term {
            from: self.from,
            weeks: self.weeks,
            holidays,
            weekdays: self.weekdays.clone(),
            zone: self.timezone.clone(),
        };
        Calendar::new(&school.days, &term)
    }
}

/// Rows `from,until`; an empty `until` is one day.
fn holidays(path: &Path) -> Result<Vec<(Date, Date)>, String> {
    let name = path.display();
    let bytes = crate::open::bytes(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let mut holidays = Vec::new();
    let mut wrong = None;
    let read = table::parse(&bytes, "the file of --skip", ["from", "until"], |line, [from, until]| {
        let last = if until.is_empty() { from } else { until };
        match (date(from), date(last)) {
            (Ok(from), Ok(last)) if from <= last => holidays.push((from, last)),
            (Ok(_), Ok(_)) => {
                let _ = wrong.get_or_insert(format!(
                    "{name}:{line}: `until` is {last}, before `from`, which is {from}"
                ));
            }
            (Err(message), _) | (_, Err(message)) => {
                let _ = wrong.get_or_insert(format!("{name}:{line}: {message}"));
            }
        }
    });
    read.map_err(|error| error.of_file(&name.to_string()))?;
    wrong.map_or(Ok(holidays), Err)
}

/// Whose calendars are asked for.
fn owners(timetable: &Timetable, only: &[String]) -> Result<Vec<Owner>, String> {
    let everybody = export::ics::everybody(timetable);
    if only.is_empty() {
        return Ok(everybody);
    }
    let mut owners = Vec::new();
    for wanted in only {
        let (kind, id) =
            wanted.split_once(':').map_or((wanted.as_str(), None), |(kind, id)| (kind, Some(id)));
        let fits = |owner: &&Owner| {
            export::ics::kind(**owner) == kind && id.is_none_or(|id| timetable.title(**owner).0 == id)
        };
        let before = owners.len();
        owners.extend(everybody.iter().filter(fits));
        if owners.len() == before {
            return Err(format!(
                "--only {wanted}: there is no such student, staff member or place; write student, staff or \
                 place, or one of them with its id, such as student:{}",
                timetable.school.students.first().map_or("amina", |student| &student.id)
            ));
        }
    }
    owners.sort_unstable();
    owners.dedup();
    Ok(owners)
}

/// The time of the export; `SOURCE_DATE_EPOCH` sets it, for files that can be compared.
fn now() -> Timestamp {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    set.and_then(|second| Timestamp::from_second(second).ok()).unwrap_or_else(Timestamp::now)
}

pub fn parse_weekday(text: &str) -> Result<Weekday, String> {
    weekday(text).ok_or_else(|| format!("`{text}` is no weekday: write mon, tue, ..."))
}
