mod find;
mod text;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use serde_json::{Value, json};

use crate::model::search::quick_bound;
use crate::open;
use crate::schedule::{Outcome, Status};
use crate::school::{BlockId, DayId, School, StudentId, SubjectId};
use crate::whatif::case::Case;
use crate::whatif::replan::changes::Change;
use crate::whatif::seat::{Ask, Desk, Seat, taken};
use crate::write::{self, Lookup, Plan, Run, Written, files, scenario_of};

use super::input::{self, InputArgs};
use super::output::{tell_of, tell_other_input, under};
use super::refusal::bad_input;
use super::replan::{Remade, Request, weight};
use super::running::open_asking_more;

/// Says where one student could still go in a running week
///
/// Every seat in a session of the subject: without moving anybody, in order of time; then with few moves and what they
/// cost whom, the cheapest first; and why the other sessions are not there. Sessions stay as they are: one more of them is
/// what `replan` and `solve` decide. With --take a seat is taken: the week is verified and written anew, whole, with
/// changes.csv beside it.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  leerzone seat school school/schedule amina wi\n  \
    leerzone seat school school/schedule amina wi --days mon|tue --take 1")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the running schedule
    out: PathBuf,
    /// The student: id or name; part of a name will do
    student: String,
    /// The subject: id or name
    subject: String,
    /// Only on these days, such as `mon|tue`
    #[arg(long, value_name = "D")]
    days: Option<String>,
    /// Take the seat of this number: OUT is written anew
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    take: Option<u32>,
    /// Seats by moves that are told; the rest is counted
    #[arg(long, value_name = "N", default_value_t = 5, allow_negative_numbers = true)]
    most: usize,
    /// What one change for one person costs, in units of the total [default: half the weight of `should`]
    #[arg(long, value_name = "W", value_parser = weight, allow_negative_numbers = true)]
    change_weight: Option<f64>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let input = args.input.read();
    tell_other_input(&args.out, &input);
    let school = input.usable()?;
    let student = find::student(school, &args.student).map_err(bad_input)?;
    let subject = find::subject(school, &args.subject).map_err(bad_input)?;
    let days = args.days.as_deref().map(|days| find::days(school, days)).transpose().map_err(bad_input)?;
    let mut case = open_asking_more(&args.input, school, &args.out)?;
    case.schedule = write::counted_as_written(&case.school, &case.schedule, &args.out);
    let asked = Question { args, student, subject, days };
    let text = asked.answer(&mut case, &input, began)?;
    match args.take {
        Some(_) => tell_of(&args.out, &text)?,
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A question in terms of the school.
struct Question<'a> {
    args: &'a Args,
    student: StudentId,
    subject: SubjectId,
    days: Option<Vec<DayId>>,
}

impl Question<'_> {
    fn answer(&self, case: &mut Case, input: &input::School, began: Instant) -> anyhow::Result<String> {
        let args = self.args;
        let ask = Ask::new(case, self.student, self.subject);
        let school = &case.school;
        let weight = args.change_weight.unwrap_or(school.weights.should / 2.0);
        let plan = Plan::new(school, &case.schedule);
        let lookup = Lookup::new(&plan);
        let desk = Desk::new(&plan, &lookup, weight);
        let on_day = |block: BlockId| self.days.as_ref().is_none_or(|days| days.contains(&school[block].day));
        let answer = desk.ask(&ask, on_day);
        let told = text::Told { desk: &desk, ask: &ask, answer: &answer };
        let Some(number) = args.take else {
            return Ok(match args.json {
                true => {
                    let mut document = told.document();
                    document["scenario"] = json!(scenario_of(&args.out));
                    format!("{document:#}\n")
                }
                false => under(&args.out) + &told.text(args.most),
            });
        };
        let Some(seat) = answer.seats().nth(number as usize - 1) else {
            let found = match answer.seats().count() {
                0 => "there is none".to_owned(),
                1 => "there is one".to_owned(),
                several => format!("there are {several}"),
            };
            return Err(bad_input(format!("--take {number}: no seat has this number; {found}")));
        };
        if ask.missing == 0 {
            return Err(bad_input(not_asked(school, &ask)));
        }
        let (written, changes) = self.take(case, input, &plan, seat, weight, began)?;
        Ok(match args.json {
            true => {
                let mut document = written.summary;
                document["seat"] = told.seat(number as usize, seat);
                format!("{document:#}\n")
            }
            false => told.taken(seat, &args.out, &changes),
        })
    }

    /// Writes the week with the seat taken.
    fn take(
        &self,
        case: &Case,
        input: &input::School,
        plan: &Plan,
        seat: &Seat,
        weight: f64,
        began: Instant,
    ) -> anyhow::Result<(Written, Vec<Change>)> {
        let (school, out) = (&case.school, &self.args.out);
        write::check_target(out, &self.args.input.dir).map_err(|error| bad_input(format!("{error:#}")))?;
        let request = Request::earlier(school, out).map_err(bad_input)?;
        let schedule = taken(plan, seat);
        let bound = quick_bound(school, &case.sets);
        let outcome =
            Outcome { status: Status::Feasible, total: 0.0, bound, seconds: began.elapsed().as_secs_f64() };
        let remade = Remade { school, request: &request, of: out, data: None, weight };
        remade.write(&schedule, &outcome, &self.run(input)?, out)
    }

    /// The week is of the engine and options that made it.
    fn run(&self, input: &input::School) -> anyhow::Result<Run> {
        let path = self.args.out.join(files::SUMMARY);
        let summary: Value = match open::settings(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| path.display().to_string())?,
            Err(_) => json!({}),
        };
        let options = if summary["options"].is_object() { summary["options"].clone() } else { json!({}) };
        Ok(Run {
            input_hash: input.hash.clone(),
            engine: summary["engine"].as_str().unwrap_or_default().to_owned(),
            options: input.add_to(options),
            scenario: input.scenario.title(),
        })
    }
}

/// Why a seat is not taken that only the desk asks for.
fn not_asked(school: &School, ask: &Ask) -> String {
    let (student, subject) = (&school[ask.student].id, &school[ask.subject].id);
    format!(
        "needs.csv asks for no further session of {subject} for {student}, so the week would hold what nobody asked \
         for: add the line `{student},{subject},1,{}` (who, subject, sessions, priority) to needs.csv and take the \
         seat then",
        ask.priority.label()
    )
}
