use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::open;
use crate::read::{self, Problem, Reading, Severity};
use crate::school::{Kind, Priority, School};
use crate::whatif::roll::{self, Term};

use super::BAD_INPUT;
use super::input::InputArgs;
use super::progress::note;
use super::pseudonymise::copy;
use super::refusal::add_unusable;

const EXAMPLES: &str = "\
Examples:
  leerzone check school
  leerzone check school --scenario closed.toml --set staff.jansen.max_blocks=10";

/// Reads everything and reports every problem at once
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
    /// Also write a copy of the school without names, as `leerzone pseudonymise` does
    #[arg(long, value_name = "COPY", conflicts_with_all = ["scenario", "set", "history"])]
    pseudonymise: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let input = args.input.read();
    let (mut reading, scenario) = (input.reading, input.scenario.title());
    add_weeks(&args.input.dir, &mut reading);
    if !args.json {
        read::print_problems(&reading.problems);
    }
    if let (Some(to), Some(_)) = (&args.pseudonymise, &reading.school) {
        let made = copy(&args.input.dir, args.input.layout.as_deref(), to, None)?;
        if !args.json {
            note(&made.text());
        }
    }
    let text = if args.json {
        format!("{:#}\n", document(reading.school.as_ref(), scenario, &reading.problems))
    } else {
        reading.school.as_ref().map(|school| summary_text(school, scenario)).unwrap_or_default()
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if reading.school.is_some() { ExitCode::SUCCESS } else { ExitCode::from(BAD_INPUT) })
}

/// Adds what is wrong with the weeks of the term, where the school has them.
fn add_weeks(dir: &Path, reading: &mut Reading) {
    let Some(school) = reading.school.as_ref().filter(|_| open::is_there(&dir.join(roll::FILE))) else {
        return;
    };
    let found = match Term::read(dir) {
        Ok(term) => roll::check::problems(school, &term),
        Err(problems) => problems,
    };
    let is_wrong = found.iter().any(|problem| problem.severity == Severity::Error);
    reading.problems.extend(found);
    if is_wrong {
        reading.school = None;
    }
}

fn document(school: Option<&School>, scenario: Option<String>, problems: &[Problem]) -> Value {
    let count = |severity: Severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let mut document = json!({
        "school": school.map(summary_json),
        "scenario": scenario,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "problems": problems,
    });
    if school.is_none() {
        add_unusable(&mut document, problems);
    }
    document
}

fn blocks_of(school: &School, kind: Kind) -> usize {
    school.blocks.iter().filter(|block| block.kind == kind).count()
}

fn sessions_of(school: &School, priority: Priority) -> u64 {
    let needs = school.needs.iter().filter(|need| need.priority == priority);
    needs.map(|need| u64::from(need.sessions)).sum()
}

fn summary_json(school: &School) -> Value {
    let blocks: serde_json::Map<_, _> =
        Kind::ALL.iter().map(|kind| (kind.label().to_owned(), blocks_of(school, *kind).into())).collect();
    let sessions: serde_json::Map<_, _> = Priority::ALL
        .iter()
        .map(|priority| (priority.label().to_owned(), sessions_of(school, *priority).into()))
        .collect();
    json!({
        "name": school.name,
        "layout": school.layout,
        "days": school.days,
        "blocks": blocks,
        "subjects": school.subjects.len(),
        "offerings": school.offerings.len(),
        "places": school.places.len(),
        "staff": school.staff.len(),
        "students": school.students.len(),
        "needs": school.needs.len(),
        "sessions_needed": sessions,
        "pins": school.pins.len(),
        "pairs": school.pairs.len(),
        "packages": school.packages.len(),
    })
}

fn summary_text(school: &School, scenario: Option<String>) -> String {
    let scenario = scenario.map(|name| format!(", scenario `{name}`")).unwrap_or_default();
    let blocks = Kind::ALL
        .into_iter()
        .filter(|kind| blocks_of(school, *kind) > 0)
        .map(|kind| format!("{} {}", blocks_of(school, kind), kind.label()));
    let sessions = Priority::ALL
        .into_iter()
        .map(|priority| format!("{} {}", sessions_of(school, priority), priority.label()));
    let join = |words: &mut dyn Iterator<Item = String>| words.collect::<Vec<_>>().join(", ");
    format!(
        "{} (layout `{}`{scenario})\n\
         {:>7} days: {}\n{:>7} blocks: {}\n{:>7} offerings of {} subjects\n{:>7} places\n{:>7} staff\n\
         {:>7} students\n{:>7} needs; sessions: {}\n",
        school.name,
        school.layout,
        school.days.len(),
        school.days.join(", "),
        school.blocks.len(),
        join(&mut blocks.into_iter()),
        school.offerings.len(),
        school.subjects.len(),
        school.places.len(),
        school.staff.len(),
        school.students.len(),
        school.needs.len(),
        join(&mut sessions.into_iter()),
    )
}
