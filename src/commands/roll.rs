use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::Cell;
use serde_json::{Value, json};

use crate::model::{self, Options};
use crate::read::{self, Severity};
use crate::schedule::{Outcome, Schedule, Status};
use crate::school::{Priority, School, StudentId};
use crate::text_table::right;
use crate::whatif::roll::report::{Report, report};
use crate::whatif::roll::week::{Folder, layout, scenario};
use crate::whatif::roll::{self, Term, Week, together, turns};
use crate::write::{self, Run};

use super::input::{ChangeArgs, InputArgs};
use super::output::table;
use super::progress::{self, number};
use super::refusal::{bad, bad_files, bad_input};
use super::solving::{SolvingArgs, engine_version};

/// Students who keep missing out that are printed.
const NAMED: usize = 10;

/// Solves the next week of a term from those before, and reports over the term
///
/// DIR/weeks.toml lists the weeks with their dates, holidays and absences. Each week is kept in DIR/weeks/WEEK: what is
/// special about it (week.toml, a scenario; layout.toml) and its schedule. Coaches go on from the last week, and who
/// missed out comes first. Without WEEK: the report only.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  leerzone roll school 37\n  \
    leerzone verify school school/weeks/37/schedule --layout school/weeks/37/layout.toml \\\n    \
    --scenario school/weeks/37/week.toml")]
pub struct Args {
    /// Folder of the school, with weeks.toml
    dir: PathBuf,
    /// The week to solve, as weeks.toml calls it
    week: Option<String>,
    /// Solve the week again if it is solved already
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let term = Term::read(&args.dir).map_err(bad_files)?;
    match &args.week {
        Some(name) => solve(args, &term, term.find(name).map_err(bad)?)?,
        None => look_over(args, &term)?,
    }
    let report = report(&args.dir, &term)?;
    let text = match args.solving.json {
        true => format!("{:#}\n", json!(report)),
        false => told(&report, args.week.as_ref().map(|week| args.dir.join("weeks").join(week))),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Tells everything that is wrong with any week, as far as the school can be read.
fn look_over(args: &Args, term: &Term) -> anyhow::Result<()> {
    let Some(school) = crate::read_school(&args.dir, None).school else { return Ok(()) };
    let problems = roll::check::problems(&school, term);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(bad_files(problems));
    }
    if !args.solving.quiet {
        read::print_problems(&problems);
    }
    Ok(())
}

/// Writes down what is special about the week, and solves it.
fn solve(args: &Args, term: &Term, at: usize) -> anyhow::Result<()> {
    let week = &term.weeks[at];
    let folder = Folder::of(&args.dir, week);
    if folder.is_solved() && !args.again {
        let path = folder.schedule();
        return Err(bad_input(format!(
            "week `{}` is solved, in {}; --again solves it once more",
            week.week,
            path.display()
        )));
    }
    let reading = crate::read_school(&args.dir, None);
    let Some(school) = reading.school else { return Err(bad_files(reading.problems)) };
    let problems = roll::check::of_one(&school, term, at);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(bad_files(problems));
    }
    let texts = scenario(&school, &args.dir, term, at)
        .and_then(|scenario| Ok((scenario, layout(&school, &args.dir.join("layout.toml"), week)?)));
    let (scenario, layout) = texts.map_err(bad)?;
    write::write_file(&folder.scenario(), scenario.as_bytes())?;
    write::write_file(&folder.layout(), layout.as_bytes())?;
    let earlier = term.weeks[..at].iter().map(|week| Folder::of(&args.dir, week));
    let last = earlier.rev().find(Folder::is_solved);
    solve_week(args, (week, at), &folder, last.as_ref())
}

fn solve_week(
    args: &Args,
    (week, at): (&Week, usize),
    folder: &Folder,
    last: Option<&Folder>,
) -> anyhow::Result<()> {
    let input = InputArgs {
        dir: args.dir.clone(),
        layout: Some(folder.layout()),
        history: Vec::new(),
        changes: ChangeArgs { scenario: vec![folder.scenario()], set: Vec::new() },
    };
    let told = input.read();
    let quiet = args.solving.quiet;
    let school = told.told(quiet)?;
    let _lock = write::Lock::of(&folder.schedule())?;
    drop(write::Staged::beside(&folder.schedule())?);
    let options = args.solving.options()?;
    let mut run = Run {
        input_hash: told.hash.clone(),
        engine: engine_version(options.engine),
        options: told.add_to(args.solving.told(&options, input.layout.as_deref())),
        scenario: told.scenario.title(),
    };
    run.options["week"] = Value::from(week.week.as_str());
    // Every week draws lots of its own.
    let seed = options.seed.wrapping_add((at as u64) << 32);
    let options = Options { seed, ..options };
    let several = last.map_or(Ok(Vec::new()), |last| together::groups(school, &last.schedule()))?;
    let (mut schedule, outcome) = match &several[..] {
        [] => find(school, &options, quiet)?,
        groups => in_their_groups(school, groups, &options, quiet)?,
    };
    turns::drawn(school, &mut schedule, seed);
    write::write_schedule(school, &schedule, &outcome, &run, &folder.schedule())?;
    Ok(())
}

fn find(school: &School, options: &Options, quiet: bool) -> anyhow::Result<(Schedule, Outcome)> {
    let mut observer = progress::observer(quiet, options.time_limit);
    model::solve(school, options, observer.as_mut())
}

/// With the groups of last week kept where a coach has several, unless changing them is worth more than that many
/// coaches changed.
fn in_their_groups(
    school: &School,
    groups: &[Vec<StudentId>],
    options: &Options,
    quiet: bool,
) -> anyhow::Result<(Schedule, Outcome)> {
    let half = Options { time_limit: options.time_limit.map(|limit| limit / 2), ..options.clone() };
    let free = find(school, &half, quiet)?;
    // Not every week has room for them.
    let Ok((schedule, outcome)) = find(&together::school(school, groups), &half, quiet) else {
        return Ok(free);
    };
    let more = together::moved(groups, &free.0).saturating_sub(together::moved(groups, &schedule));
    let (bound, total) = (free.1.bound.max(outcome.total), outcome.total);
    if total + more as f64 * school.weights.coach_kept < free.1.total - 1e-6 {
        return Ok(free);
    }
    let status = if bound - total > 1e-6 { Status::Feasible } else { free.1.status };
    Ok((schedule, Outcome { status, total, bound, seconds: free.1.seconds + outcome.seconds }))
}

fn told(report: &Report, solved: Option<PathBuf>) -> String {
    let mut text = solved.map_or(String::new(), |path| format!("week written to {}\n\n", path.display()));
    let mut weeks = table(["week", "from", "must", "should", "could", "coach kept", "total"]);
    for row in &report.weeks {
        let mut cells = vec![Cell::new(&row.week), Cell::new(&row.start)];
        let needs = (0..Priority::ALL.len()).map(|at| format!("{} of {}", row.met[at], row.asked[at]));
        cells.extend(needs.map(right));
        let kept = match row.coached {
            0 => "-".to_owned(),
            coached => format!("{} of {coached}", row.coach_kept),
        };
        cells.extend([right(kept), right(number(row.total))]);
        weeks.add_row(cells);
    }
    text += &format!("{}\n\n", weeks.trim_fmt());
    if !report.covers.is_empty() {
        let mut covers = table(["stepped in", "weeks", "blocks"]);
        for one in report.covers.iter().take(NAMED) {
            let counts = [one.weeks as u64, u64::from(one.blocks)].map(|count| right(count.to_string()));
            covers.add_row(std::iter::once(Cell::new(&one.staff)).chain(counts));
        }
        text += &format!("{}\n\n", covers.trim_fmt());
    }
    if report.missing.is_empty() {
        return text + "nobody missed a session of must or should\n";
    }
    let mut missing = table(["missed out", "weeks", "must", "should"]);
    for one in report.missing.iter().take(NAMED) {
        let counts = [one.weeks as u64, one.must, one.should].map(|count| right(count.to_string()));
        missing.add_row(std::iter::once(Cell::new(&one.student)).chain(counts));
    }
    text += &format!("{}\n", missing.trim_fmt());
    if report.missing.len() > NAMED {
        text += &format!("and {} more; --json has all\n", report.missing.len() - NAMED);
    }
    text
}
