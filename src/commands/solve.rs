use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::model::interchange::{self, Format};
use crate::model::{self, Observer, Progress};
use crate::open;
use crate::read::workbook;
use crate::report::{Words, fill, priority_word};
use crate::schedule::{Outcome, Status};
use crate::school::{CsvStyle, Priority, School};
use crate::shell;
use crate::whatif::compare::gather;
use crate::whatif::{self, start};
use crate::write::{self, Run, Written, files, scenario_of};

use super::MUST_UNMET;
use super::input::InputArgs;
use super::output::{as_text, finish, in_brackets, tell_of};
use super::progress::{self, note, number, percent};
use super::refusal::{bad, bad_input};
use super::resume::{self, Checkpoint};
use super::solve_summary;
use super::solving::{SolvingArgs, engine_version};

/// Time to write and judge a schedule, in times of reading its school: how long that took tells how fast this machine
/// is.
const WRITING: u32 = 5;
/// More than that is never kept for it: where a small school was read slowly, something else was in the way once.
const WRITING_A_NEED: Duration = Duration::from_micros(30);
const WRITING_ANY: Duration = Duration::from_millis(50);

const EXAMPLES: &str = "\
Examples:
  leerzone solve school
  leerzone solve school --layout four-blocks.toml --time-limit 60 --out four
  leerzone solve school --scenario closed.toml --set staff.jansen.max_blocks=10 --out closed
  leerzone solve school --scenario closed.toml --start school/schedule --out closed
  leerzone solve school --resume";

/// Builds the schedule
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder to write the schedule into [default: DIR/schedule]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Schedule to go on from, also of a school that has changed since: what no longer holds is taken out and the hole
    /// filled, and the result is never worse than that. Or a file: the answer of another solver to `--write-model`
    #[arg(long, value_name = "SCHEDULE")]
    start: Option<PathBuf>,
    /// Write the whole model for another solver, as .mps or .lp, and solve nothing; `--start` reads its answer back
    #[arg(long, value_name = "FILE", conflicts_with_all = ["start", "resume", "if_changed"])]
    write_model: Option<PathBuf>,
    /// Go on from the best schedule that a run on OUT left which was killed, stopped or ran out of time, if the school
    /// is the same; without one, start afresh
    #[arg(long)]
    resume: bool,
    /// Do nothing if OUT holds the schedule of the same input, options and version
    #[arg(long)]
    if_changed: bool,
    /// How the tables are written: `excel-nl` (semicolons and a byte order mark, as Excel opens them in the Netherlands) or
    /// `plain` (commas) [default: as the school's own files]
    #[arg(long, value_name = "STYLE")]
    csv: Option<CsvArg>,
    /// Give exit code 3 if a session of a need of priority `must` is missing
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    pub solving: SolvingArgs,
    /// Write seconds, phase, best total and bound of the search to this CSV file, to see how it went
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum CsvArg {
    ExcelNl,
    Plain,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let dir = &args.input.dir;
    let out = args.out.clone().unwrap_or_else(|| workbook::schedule_of(dir));
    // The end of the process frees it sooner than it is taken apart.
    let mut input = args.input.read();
    if let (Some(csv), Some(school)) = (args.csv, &mut input.reading.school) {
        school.csv = match csv {
            CsvArg::ExcelNl => CsvStyle::EXCEL_NL,
            CsvArg::Plain => CsvStyle::PLAIN,
        };
    }
    let input = ManuallyDrop::new(input);
    let read = started.elapsed();
    let school = input.told(args.solving.quiet)?;
    let writing = time_to_write(school, read);
    write::check_target(&out, dir).map_err(bad)?;
    if let Some(trace) = &args.trace {
        let mut taken = args.input.taken(&out);
        taken.schedules.extend(args.start.clone());
        write::check_file(trace, &taken).map_err(bad)?;
    }

    if let Some(file) = &args.write_model {
        write::check_file(file, &args.input.taken(&out)).map_err(bad)?;
        return write_model(school, file, args);
    }

    let options = args.solving.without_stop();
    let mut told = input.add_to(args.solving.told(&options, args.input.layout.as_deref()));
    if let Some(start) = &args.start {
        told["start"] = json!(as_text(start));
    }
    if args.if_changed {
        let current = |told: &Value| up_to_date(&out, &input.hash, told);
        // Also if it took a run that was cut short and this one to make it.
        if let Some(summary) =
            current(&told).or_else(|| args.resume.then(|| current(&resumed(&told))).flatten())
        {
            return keep(args, &out, summary);
        }
    }

    let _lock = write::Lock::of(&out).map_err(|error| write::untouched(&error, &out))?;
    // Better to learn now than after the search that the folder cannot be written.
    drop(write::Staged::beside(&out).map_err(|error| write::untouched(&error, &out))?);

    let mut options = args.solving.options()?;
    let beside = write::kept_path(&out)?;
    let left = whatif::resume::find(&out, &beside, &input.hash);
    let taken_up = args.resume.then(|| resume::take_up(school, &left, args.solving.quiet)).flatten();
    let from = match (&taken_up, &args.start) {
        (Some((from, _)), _) => Some(from.clone()),
        (None, Some(start)) => {
            let from = match start.is_file() {
                true => std::fs::read_to_string(start)
                    .map_err(anyhow::Error::from)
                    .and_then(|text| interchange::read_solution(school, &text)),
                false => start::read(school, start, input.scenario.title().is_some(), &options),
            };
            Some(from.map_err(|error| bad_input(format!("--start {}: {error:#}", start.display())))?)
        }
        (None, None) => None,
    };
    if taken_up.is_some() {
        told = resumed(&told);
    } else if let (Ok(left), false) = (&left, args.solving.quiet || args.resume) {
        resume::tell_kept(left, &beside);
    }
    // The repair of the start takes from the time of the search.
    options.time_limit = options.time_limit.map(|limit| time_to_search(limit, writing, started.elapsed()));
    let run = Run {
        input_hash: input.hash.clone(),
        engine: engine_version(options.engine),
        options: told,
        scenario: input.scenario.title(),
    };
    let mut observer = progress::observer(args.solving.quiet, options.time_limit);
    if let Some(file) = &args.trace {
        observer = Box::new(progress::Trace::new(observer, file)?);
    }
    // What was found unfit is no better than nothing.
    let fit = !args.resume || taken_up.is_some();
    let kept = left.ok().filter(|left| fit && left.path == beside).map(|left| left.total);
    let mut keeper = Checkpoint::new(observer, school, &run, beside, kept, (writing, options.time_limit));
    let solved = model::solve_from(school, &options, from.as_ref(), &mut keeper);
    let (mut schedule, mut outcome) = solved.map_err(|error| keeper.saved(error))?;
    if let Some((taken_up, total)) = taken_up
        && total > outcome.total
    {
        (schedule, outcome.total, outcome.bound) = (taken_up, total, outcome.bound.max(total));
    }
    keeper.progress(&Progress {
        phase: "write",
        total: Some(outcome.total),
        bound: Some(outcome.bound),
        seconds: outcome.seconds,
    });
    let written = write::write_schedule(school, &schedule, &outcome, &run, &out);
    let written = ManuallyDrop::new(written.map_err(|error| keeper.saved(error))?);
    let better = keeper.end(written.outcome.total);
    if !args.solving.quiet {
        tell_early_end(&outcome);
        if let Some(better) = better {
            resume::tell_kept(&better, &better.path);
        }
    }
    let mut text = report(args, Words::of(school.language), &out, input.scenario.title(), &written);
    if !args.solving.json {
        text += &solve_summary::tell(school, dir, &out, &written);
    }
    if !args.solving.quiet || args.solving.json {
        tell_of(&out, &text)?;
    }
    let must = written.needs[Priority::Must as usize];
    Ok(if args.strict && must.met < must.asked { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

/// The whole model for another solver.
fn write_model(school: &School, file: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let format = match file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("mps") => Format::Mps,
        Some("lp") => Format::Lp,
        _ => {
            return Err(bad_input(format!(
                "--write-model {}: expected a file ending in .mps or .lp",
                file.display()
            )));
        }
    };
    let (text, [variables, constraints]) = interchange::write_model(school, format);
    write::write_file(file, text.as_bytes())?;
    let document = json!({ "file": as_text(file), "variables": variables, "constraints": constraints });
    let (dir, name) = (shell::path(&args.input.dir), file.display());
    finish(args.solving.json, &document, || {
        format!(
            "the whole model, {variables} variables and {constraints} constraints, written to {name}; with the answer of \
             another solver:\n  leerzone solve {dir} --start ANSWER"
        )
    })
}

/// The options of a run that goes on from what another one left.
fn resumed(told: &Value) -> Value {
    let mut told = told.clone();
    told["resume"] = json!(true);
    told
}

/// What writing and judging a schedule may take, if reading its school took so long.
fn time_to_write(school: &School, read: Duration) -> Duration {
    let needs = u32::try_from(school.needs.len()).unwrap_or(u32::MAX);
    (read * WRITING).min(WRITING_ANY + WRITING_A_NEED.saturating_mul(needs))
}

/// What is left of the time limit for the search.
fn time_to_search(limit: Duration, writing: Duration, gone: Duration) -> Duration {
    limit.saturating_sub(gone + writing.min(limit / 2)).max(Duration::from_millis(1))
}

/// The summary of the schedule in `out`, if it is whole and a new run would start from the same.
fn up_to_date(out: &Path, hash: &str, told: &Value) -> Option<Value> {
    let summary: Value = serde_json::from_slice(&open::settings(&out.join(files::SUMMARY)).ok()?).ok()?;
    let tables = [files::SESSIONS.file, files::STUDENT_TIMETABLE.file, files::STAFF_TIMETABLE.file];
    let whole = tables.iter().all(|file| out.join(file).is_file());
    let other = gather::made_otherwise(&summary, hash, told, env!("CARGO_PKG_VERSION"));
    (whole && other.is_none()).then_some(summary)
}

/// Answers for a schedule that is there already.
fn keep(args: &Args, out: &Path, mut summary: Value) -> anyhow::Result<ExitCode> {
    if !args.solving.quiet {
        note(&format!(
            "{}{} is up to date: it was made of the same input with the same options",
            out.display(),
            in_brackets(scenario_of(out).as_deref())
        ));
    }
    let must = &summary["needs"][Priority::Must.label()];
    let unmet = must["met"].as_u64() < must["asked"].as_u64();
    if args.solving.json {
        summary["out"] = json!(as_text(out));
        summary["changed"] = json!(false);
        std::io::stdout().write_all(format!("{summary:#}\n").as_bytes())?;
    }
    Ok(if args.strict && unmet { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

fn tell_early_end(outcome: &Outcome) {
    match outcome.status {
        Status::Interrupted => note("stopped: this is the best schedule found until then"),
        Status::TimeLimit => note("the time limit ended the search; more time may find a better schedule"),
        Status::Optimal | Status::GapReached | Status::Feasible => {}
    }
}

/// Where the schedule is and how good it is.
fn report(args: &Args, words: &Words, out: &Path, scenario: Option<String>, written: &Written) -> String {
    if args.solving.json {
        let mut document = written.summary.clone();
        document["out"] = json!(as_text(out));
        if args.if_changed {
            document["changed"] = json!(true);
        }
        return format!("{document:#}\n");
    }
    let outcome = &written.outcome;
    let met = Priority::ALL.iter().zip(&written.needs).filter(|(_, needs)| needs.asked > 0);
    let met: Vec<String> = met
        .map(|(priority, needs)| {
            fill(words.part_of, &[&priority_word(*priority, words), &needs.met, &needs.asked])
        })
        .collect();
    let seconds = format!("{:.1}", outcome.seconds);
    let total = [number(outcome.total), number(outcome.bound), percent(outcome.gap()), seconds];
    let [total, bound, gap, seconds] = &total;
    let met = if met.is_empty() { words.none_asked.to_owned() } else { met.join(", ") };
    let mut text = format!(
        "{}\n{}\n{}\n",
        fill(words.written, &[&out.display(), &in_brackets(scenario.as_deref())]),
        fill(words.total_line, &[total, bound, gap, seconds]),
        fill(words.needs_line, &[&met]),
    );
    if written.unmet > 0 {
        let file = out.join(files::UNMET_NEEDS.file);
        text += &format!("{}\n", fill(words.missing_file, &[&file.display()]));
    }
    text
}
