use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::model::sets::Sets;
use crate::school::{NeedId, PinKind, Priority, School};
use crate::whatif::case::{Case, NeedName};
use crate::whatif::explain::conflict::{self, Conflict, Demand};
use crate::whatif::explain::force::Forced;
use crate::whatif::explain::{Crowd, Explanation, Verdict, explain};
use crate::whatif::part::Solver;
use crate::write::{self, Unmet};

use super::input::InputArgs;
use super::progress::{note, number};
use super::running::{bad_input, open, origin};
use super::solving::SolvingArgs;
use super::{BAD_INPUT, read};

/// Sessions, and people who lose something, that are named; more are counted.
const NAMED: usize = 4;
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
    #[arg(requires = "who")]
    out: Option<PathBuf>,
    /// A student (id or name), a class, a subject, or `all`; `student:` `class:` `subject:` before it if several match
    who: Option<String>,
    /// Needs that are explained; the rest is counted
    #[arg(long, value_name = "N", default_value_t = 10)]
    most: usize,
    #[command(flatten)]
    solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (Some(out), Some(who)) = (&args.out, &args.who) else { return conflicts(args) };
    let case = match open(&args.input, out, args.solving.quiet)? {
        Ok(case) => case,
        Err(code) => return Ok(code),
    };
    let unmet = write::missing(&case.school, &case.schedule);
    let chosen = match chosen(&case.school, who) {
        Ok(chosen) => chosen,
        Err(message) => return Ok(bad_input(&message)),
    };
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
        true => format!("{:#}\n", document(&found, left)),
        false => told(who, &found, left),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
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

fn told(who: &str, found: &[Explanation], left: usize) -> String {
    if found.is_empty() {
        return format!("every need of {who} is met\n");
    }
    let mut text = String::new();
    for one in found {
        // Writing to a string cannot fail.
        let _ = tell(&mut text, one);
    }
    if left > 0 {
        text += &format!("and {left} more unmet needs; --most {} explains them all\n", found.len() + left);
    }
    text
}

fn tell(text: &mut String, one: &Explanation) -> std::fmt::Result {
    let NeedName { student, subject, priority, .. } = &one.need;
    writeln!(text, "{student} lacks {} of {subject} ({})", sessions(one.missing), priority.label())?;
    writeln!(text, "  {}: {}", one.reason.label(), one.detail)?;
    for crowd in one.crowds.iter().take(NAMED) {
        writeln!(text, "    {}", crowded(crowd))?;
    }
    if let Some((lacking, min)) = one.too_few {
        let others = lacking.saturating_sub(1);
        writeln!(text, "    {others} others lack it too, a session of its own takes {min}")?;
    }
    writeln!(text, "  as the school is: {}", judged(one))?;
    if one.remedies.is_empty() && one.verdict != Verdict::Possible {
        writeln!(text, "  no single change that was tried would gain anything")?;
    }
    for remedy in &one.remedies {
        writeln!(text, "  with {}: total {}", remedy.change.text, effect(&remedy.forced))?;
        for line in remedy.change.scenario.lines() {
            writeln!(text, "      {line}")?;
        }
    }
    writeln!(text)
}

fn sessions(number: u32) -> String {
    if number == 1 { "1 session".to_owned() } else { format!("{number} sessions") }
}

fn crowded(crowd: &Crowd) -> String {
    let by_priority: Vec<String> = Priority::ALL
        .iter()
        .zip(crowd.by_priority)
        .filter(|(_, count)| *count > 0)
        .map(|(priority, count)| format!("{count} {}", priority.label()))
        .collect();
    let instead = crowd.instead.as_ref().map_or(String::new(), |other| format!("; then in {other}"));
    format!("{}: {} students, {}{instead}", crowd.session, crowd.students, by_priority.join(", "))
}

fn judged(one: &Explanation) -> String {
    match (&one.as_it_is, one.verdict) {
        (None, Verdict::Undecided) => "not decided in time whether it can be met".to_owned(),
        (None, _) => "no way to meet it was found by changing one block and its people".to_owned(),
        (Some(forced), Verdict::Possible) => {
            format!("could be met, total {}; a longer search may find it", effect(forced))
        }
        (Some(forced), Verdict::OwnNeeds) => format!("own needs collide: total {}", effect(forced)),
        (Some(forced), _) => format!("at the expense of others: total {}", effect(forced)),
    }
}

fn effect(forced: &Forced) -> String {
    let sign = if forced.gain >= 0.0 { "+" } else { "" };
    let named = |needs: &[(NeedName, u32)]| {
        let mut names: Vec<String> = needs
            .iter()
            .take(NAMED)
            .map(|(need, _)| format!("{} {} ({})", need.student, need.subject, need.priority.label()))
            .collect();
        if needs.len() > NAMED {
            names.push(format!("{} more", needs.len() - NAMED));
        }
        names.join(", ")
    };
    let loses = match forced.loses.is_empty() {
        true => "nobody loses a session".to_owned(),
        false => format!("lost: {}", named(&forced.loses)),
    };
    format!("{sign}{}; {loses}", number(forced.gain))
}

fn document(found: &[Explanation], left: usize) -> Value {
    let needs: Vec<Value> = found.iter().map(explanation).collect();
    json!({ "needs": needs, "not_explained": left })
}

fn explanation(one: &Explanation) -> Value {
    let crowds: Vec<Value> = one
        .crowds
        .iter()
        .map(|crowd| {
            let [must, should, could] = crowd.by_priority;
            json!({
                "session": crowd.session, "students": crowd.students,
                "must": must, "should": should, "could": could, "instead": crowd.instead,
            })
        })
        .collect();
    let remedies: Vec<Value> = one
        .remedies
        .iter()
        .map(|remedy| {
            let mut value = forced(&remedy.forced);
            value["change"] = json!(remedy.change.text);
            value["kind"] = json!(remedy.change.kind);
            value["scenario"] = json!(remedy.change.scenario);
            value
        })
        .collect();
    json!({
        "student": one.need.student,
        "subject": one.need.subject,
        "priority": one.need.priority.label(),
        "missing": one.missing,
        "reason": one.reason.label(),
        "detail": one.detail,
        "sessions": crowds,
        "too_few": one.too_few.map(|(lacking, min)| json!({ "lacking": lacking, "min": min })),
        "verdict": one.verdict.label(),
        "as_it_is": one.as_it_is.as_ref().map(forced),
        "remedies": remedies,
    })
}

fn forced(forced: &Forced) -> Value {
    let list = |needs: &[(NeedName, u32)]| -> Vec<Value> {
        let need = |(need, sessions): &(NeedName, u32)| {
            json!({
                "student": need.student, "subject": need.subject,
                "priority": need.priority.label(), "sessions": sessions,
            })
        };
        needs.iter().map(need).collect()
    };
    json!({ "gain": forced.gain, "loses": list(&forced.loses), "gains": list(&forced.gains) })
}

/// Whether the rules of the school contradict each other.
fn conflicts(args: &Args) -> anyhow::Result<ExitCode> {
    let reading = args.input.read().reading;
    read::print_problems(&reading.problems);
    let Some(school) = &reading.school else { return Ok(ExitCode::from(BAD_INPUT)) };
    let options = args.solving.options()?;
    let sets = Sets::new(school);
    let deadline = Instant::now() + options.time_limit.unwrap_or(4 * TIME);
    let solver = Solver { school, sets: &sets, engine: options.engine, deadline, stop: options.stop.clone() };
    let found = conflict::find(&solver)?;
    let names: Vec<String> = match &found {
        Conflict::Smallest(demands) => demands.iter().map(|&demand| demanded(school, demand)).collect(),
        _ => Vec::new(),
    };
    if args.solving.json {
        let verdict = match found {
            Conflict::None => "none",
            Conflict::Smallest(_) => "conflict",
            Conflict::Unknown => "unknown",
        };
        writeln!(std::io::stdout(), "{:#}", json!({ "verdict": verdict, "conflict": names }))?;
        return Ok(ExitCode::SUCCESS);
    }
    match found {
        Conflict::None => {
            writeln!(
                std::io::stdout(),
                "no contradiction: pins, pairs, packages and budgets can hold together"
            )?;
        }
        Conflict::Unknown => {
            note("not decided: the time ran out, or coaching or places alone leave no schedule")
        }
        Conflict::Smallest(_) => {
            let mut text = "these cannot hold together; without any one of them the others can:\n".to_owned();
            names.iter().for_each(|name| text += &format!("  {name}\n"));
            std::io::stdout().write_all(text.as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn demanded(school: &School, demand: Demand) -> String {
    match demand {
        Demand::Pin(at) => {
            let pin = &school.pins[at];
            let kind = match pin.kind {
                PinKind::Session => "session",
                PinKind::Attend => "attend",
                PinKind::Ban => "ban",
            };
            let cells = [
                pin.student.map(|student| school[student].id.as_str()),
                pin.offering.map(|offering| school[offering].id.as_str()),
                pin.block.map(|block| school[block].id.as_str()),
                pin.staff.map(|staff| school[staff].id.as_str()),
                pin.place.map(|place| school[place].id.as_str()),
            ];
            let cells: Vec<&str> = cells.into_iter().flatten().collect();
            format!("pins.csv:{}: {kind} {}", pin.line, cells.join(" "))
        }
        Demand::Pair(at) => {
            let pair = &school.pairs[at];
            let kind = if pair.kind == crate::school::PairKind::Apart { "apart" } else { "together" };
            format!(
                "pairs.csv:{}: {} and {} {kind}",
                pair.line, school[pair.student].id, school[pair.other].id
            )
        }
        Demand::Budget(at) => {
            let budget = &school.budgets[at];
            let unit = budget.unit.map_or("*", |unit| school[unit].as_str());
            format!("school.toml: the budget of {unit}, {}", number(budget.cost))
        }
        Demand::Package(at) => {
            let package = &school.packages[at];
            format!("packages.csv: {} for {} people", package.id, package.people)
        }
        Demand::Reserve => format!("school.toml: staff_per_block = {}", school.staff_per_block),
        Demand::OwnStaff => "school.toml: own_staff = \"require\"".to_owned(),
    }
}
