//! Reads the school again whenever one of its files changes, and makes its schedule and page follow.

mod file_watcher;
mod week;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::read::workbook;
use crate::read::{self, Severity};
use crate::school::Language;
use crate::write;

use super::input::{InputArgs, School};
use super::progress::note;
use super::refusal::bad;
use super::replan;
use super::report::{beside, language};
use super::solving::{INTERRUPTED, SolvingArgs};
use file_watcher::FileWatcher;
use week::{Made, Week};

/// A file that is just being saved may be read half: after this long it is read once more before it is called
/// broken.
const GRACE: Duration = Duration::from_millis(700);

/// Follows a school while it is edited: every saved change moves the week and the page
///
/// Whenever a file of the folder changes, the school is read again, the running schedule is repaired with the
/// fewest changes and the page is rewritten; a page that is open in a browser loads itself again. While the files
/// hold an error, the last good schedule stays. Ctrl-C ends it.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  leerzone watch school")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule [default: DIR/schedule]
    #[arg(long)]
    out: Option<PathBuf>,
    /// File of the page [default: OUT.html]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Language of the page: en or nl [default: `language` of school.toml]
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
    /// What one change for one person costs, in units of the total [default: half the weight of `should`]
    #[arg(long, value_name = "W", value_parser = replan::weight, allow_negative_numbers = true)]
    change_weight: Option<f64>,
    /// Look at the files every second instead of waiting to be told: for folders on another machine
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

/// What wakes the command up.
enum Call {
    /// Files of the school may have changed.
    Changed,
    End,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let dir = &args.input.dir;
    let out = args.out.clone().unwrap_or_else(|| workbook::schedule_of(dir));
    let page = args.to.clone().unwrap_or_else(|| beside(&out, ".html"));
    if !dir.is_dir() && !workbook::is_workbook(dir) {
        args.input.read().usable()?;
    }
    write::check_target(&out, dir).map_err(bad)?;
    write::check_file(&page, &args.input.taken(&out)).map_err(bad)?;
    let (calls, called) = channel();
    let stop = end_on_interrupt(calls.clone())?;
    // Before the first reading, so that no change is missed in between.
    let _eye = FileWatcher::open(&args.input, args.poll, calls)?;
    let options = crate::model::Options { stop: Arc::clone(&stop), ..args.solving.without_stop() };
    let mut week = Week::new(args, &out, &page, options);
    let mut seen = None;
    loop {
        let school = read_whole(&args.input);
        if seen.as_ref() != Some(&school.hash) {
            let problems = school.reading.problems.iter();
            let shown = problems.filter(|problem| !args.solving.quiet || problem.severity == Severity::Error);
            let shown: Vec<_> = shown.cloned().collect();
            read::print_problems(&shown);
            let made = if school.reading.school.is_some() {
                week.follow(&school)?
            } else {
                week.stale()?;
                tell(args, &json!({ "state": "problems", "problems": shown }), || {
                    "waiting for the errors to be mended; the last good schedule stays".to_owned()
                })?;
                Made::Nothing
            };
            seen = Some(school.hash.clone());
            week.tell(&made)?;
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match called.recv() {
            // A spreadsheet program puts a new workbook in place of the old one.
            Ok(Call::Changed) if dir.is_dir() || dir.extension().is_some() => {
                while let Ok(Call::Changed) = called.try_recv() {}
            }
            Ok(Call::Changed) => anyhow::bail!("{} is gone", dir.display()),
            Ok(Call::End) | Err(_) => break,
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    week.end()?;
    Ok(ExitCode::SUCCESS)
}

/// The school as it stands at one moment: a file may change, or be half saved, while it is read.
fn read_whole(input: &InputArgs) -> School {
    let mut patient = true;
    loop {
        let before = input.hash();
        let school = input.read();
        if before != school.hash {
            continue;
        }
        if school.reading.school.is_some() || !patient {
            return school;
        }
        std::thread::sleep(GRACE);
        patient = input.hash() != school.hash;
        if !patient {
            return school;
        }
    }
}

/// Text for people on stderr, or a JSON document in a line of its own on stdout.
fn tell(args: &Args, document: &Value, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    use std::io::Write;
    if args.solving.json {
        let mut stdout = std::io::stdout();
        writeln!(stdout, "{document}")?;
        stdout.flush()?;
    } else {
        note(&text());
    }
    Ok(())
}

/// The first Ctrl-C ends a search with the best so far, and then the command; the second quits at once.
fn end_on_interrupt(calls: Sender<Call>) -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        // Whoever no longer listens has ended already.
        let _ = calls.send(Call::End);
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}
