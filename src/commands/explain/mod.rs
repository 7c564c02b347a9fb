mod conflicts;
mod text;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::school::{NeedId, School, StudentId};
use crate::whatif::case::{Case, NeedName};
use crate::whatif::explain::explain;
use crate::whatif::part::Solver;
use crate::write::{self, Unmet, scenario_of};

use super::input::InputArgs;
use super::output::under;
use super::refusal::bad_input;
use super::running::{open, origin};
use super::solving::SolvingArgs;

/// Time for one need, of which some more is spent where nothing helps.
const TIME: Duration = Duration::from_secs(20);

/// Says why a need was not met, and what would have met it
///
/// For every unmet need of a student, class or subject: what stood in the way, whether it could have been met as the
/// school is and at whose expense, and the smallest changes that would meet it, each tested by solving again.
/// Without OUT: whether pins, pairs, packages and budgets contradict each other, and which.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  leerzone explain school school/schedule amina\n  \
    leerzone explain school school/schedule class:3a\n  leerzone explain school")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: Option<PathBuf>,
    /// A student (id or name), a class, a subject, or `all`, as where nobody is named; `student:` `class:` `subject:` before it if several match
    who: Option<String>,
    /// Needs that are explained; the rest is counted
    #[arg(long, value_name = "N", default_value_t = 10, allow_negative_numbers = true)]
    most: usize,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(out) = &args.out else { return conflicts::conflicts(args) };
    let who = args.who.as_deref().unwrap_or("all");
    let mut case = open(&args.input, out, args.solving.quiet)?;
    case.schedule = write::counted_as_written(&case.school, &case.schedule, out);
    let unmet = write::missing(&case.school, &case.schedule);
    let chosen = chosen(&case.school, who).map_err(bad_input)?;
    let mut needs: Vec<(NeedId, &Unmet)> = Vec::new();
    let met = case.met(&case.schedule);
    for need in case.school.need_ids().filter(|&need| chosen(&case.school, need)) {
        let name = NeedName::of(&case.school, need);
        let row = unmet.iter().find(|row| {
            row.who == name.student && row.subject == name.subject && row.priority == Some(name.priority)
        });
        if met[crate::school::Id::index(need)] < case.school[need].sessions
            && let Some(row) = row
        {
            needs.push((need, row));
        }
    }
    needs.sort_by_key(|&(need, _)| case.school[need].priority);
    let options = args.solving.options()?;
    let mut found = Vec::new();
    let asked = needs.len().min(args.most);
    let end = options.time_limit.map(|limit| Instant::now() + limit);
    for (index, &need) in needs.iter().take(args.most).enumerate() {
        // What is left of the limit is shared out over the needs that are left.
        let left = |end: Instant| end.saturating_duration_since(Instant::now()) / (asked - index) as u32;
        let deadline = Instant::now() + end.map_or(TIME, left);
        let Case { school, sets, .. } = &case;
        let solver = Solver { school, sets, engine: options.engine, deadline, stop: options.stop.clone() };
        found.push(explain(&origin(&args.input, out), &case, &solver, need)?);
        if options.stopped() {
            break;
        }
    }
    let left = needs.len() - found.len();
    let text = match args.solving.json {
        true => {
            let mut document = text::document(&found, left);
            document["scenario"] = json!(scenario_of(out));
            format!("{document:#}\n")
        }
        false => {
            under(out)
                + &text::told(who, &found, left)
                + &text::beside(&beside(&case.school, &unmet, &chosen))
        }
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What students miss beside needs, presence and meetings, of those who are meant with all their needs.
fn beside<'u>(school: &School, unmet: &'u [Unmet], chosen: &Chosen) -> Vec<&'u Unmet> {
    let meant = |&student: &StudentId| {
        let mut needs = school.needs_of(student);
        needs.len() > 0 && needs.all(|need| chosen(school, need))
    };
    let meant: BTreeSet<&str> =
        school.student_ids().filter(meant).map(|student| school[student].id.as_str()).collect();
    unmet.iter().filter(|row| row.priority.is_none() && meant.contains(row.who.as_str())).collect()
}

/// Whose or which needs are meant.
type Chosen = Box<dyn Fn(&School, NeedId) -> bool>;

fn chosen(school: &School, who: &str) -> Result<Chosen, String> {
    let (kind, text) = match who.split_once(':') {
        Some((kind @ ("student" | "class" | "subject"), text)) => (Some(kind), text),
        _ => (None, who),
    };
    let asked = |this: &str| kind.is_none_or(|kind| kind == this);
    if who == "all" {
        return Ok(Box::new(|_, _| true));
    }
    let by_id = school.student_ids().find(|&i| school[i].id == text);
    let lower = text.to_lowercase();
    let by_name = || school.student_ids().find(|&i| school[i].name.to_lowercase() == lower);
    if asked("student")
        && let Some(student) = by_id.or_else(by_name)
    {
        return Ok(Box::new(move |school, need| school[need].student == student));
    }
    if asked("class") && school.students.iter().any(|student| student.class == text) {
        let class = text.to_owned();
        return Ok(Box::new(move |school, need| school[school[need].student].class == class));
    }
    let subject = school.subjects.iter().position(|subject| subject.id == text);
    if asked("subject")
        && let Some(at) = subject
    {
        let subject: crate::school::SubjectId = crate::school::Id::new(at);
        return Ok(Box::new(move |school, need| school[need].subjects.contains(&subject)));
    }
    Err(format!("`{who}` is no student, class or subject of this school; `all` explains everything"))
}
