use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::model::Options;
use crate::model::search::quick_bound;
use crate::model::sets::Sets;
use crate::report::{Words, fill, offering_name, priority_word};
use crate::schedule::{Activity, Outcome, Schedule, Status};
use crate::school::{BlockId, NeedId, PlaceId, Priority, School, StaffId, clock, same_unit};
use crate::verify::{self, WrittenSchedule};
use crate::whatif::absences::{self, Out};
use crate::whatif::part::Solver;
use crate::whatif::replan::changes::{self, Change, Shift};
use crate::whatif::replan::cover::Covers;
use crate::whatif::replan::holes::{Hole, Why, holes};
use crate::whatif::replan::{Replan, fresh_needs, history, need_assignment, undo};
use crate::write::files::{COACHING, RESERVE, STUDY};
use crate::write::{self, Run, Written};

use super::MUST_UNMET;
use super::input::InputArgs;
use super::output::{as_text, in_brackets, tell_of, tell_other_input};
use super::progress::number;
use super::refusal::{bad, bad_input};
use super::solving::{SolvingArgs, engine_version};

/// What there is to gain after this is not worth the wait of people who stand at the desk.
pub const TIME: Duration = Duration::from_secs(7);

/// Repairs a running schedule with the fewest changes
///
/// Somebody is ill on Monday: whoever is in reserve steps in, then the own unit, then others. Where nobody can,
/// students move only as far as it pays. Coaches keep their groups; a stand-in has the role `cover`. The repaired
/// schedule is verified and written whole, with changes.csv beside it: who, what it was, what it is now.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  leerzone replan school school/schedule --absent jansen:mon --closed r12")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the running schedule
    out: PathBuf,
    /// Staff member who is absent: the whole week, a day, or one block (its id, or its time of start)
    #[arg(long, value_name = "WHO[:DAY[:BLOCK]]")]
    absent: Vec<String>,
    /// Place that is closed: the whole week, a day, or one block
    #[arg(long, value_name = "PLACE[:DAY[:BLOCK]]")]
    closed: Vec<String>,
    /// Staff member or place that an earlier repair of this week took out, and that is there again
    #[arg(long, value_name = "WHO")]
    back: Vec<String>,
    /// Folder of the school as it is now, where its data changed
    #[arg(long, value_name = "NEWDIR")]
    data: Option<PathBuf>,
    /// Folder to write the repaired schedule into; OUT itself to replace it [default: OUT-repaired]
    #[arg(long = "out", value_name = "NEWOUT")]
    to: Option<PathBuf>,
    /// What one change for one person costs, in units of the total [default: half the weight of `should`]
    #[arg(long, value_name = "W", value_parser = weight, allow_negative_numbers = true)]
    change_weight: Option<f64>,
    /// Rather cancel something than call upon the last of the reserve
    #[arg(long)]
    keep_reserve: bool,
    /// Write nothing: say for each hole who could step in, the first to be asked first
    #[arg(long)]
    list: bool,
    /// Give exit code 3 if a session of a need of priority `must` is missing
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let mut now = args.input.clone();
    now.dir = args.data.clone().unwrap_or(now.dir);
    let input = now.read();
    tell_other_input(&args.out, &input);
    let mut school = input.told(args.solving.quiet)?.clone();
    let target = args.to.clone().unwrap_or_else(|| repaired(&args.out));
    let changed = args.data.is_some() || input.scenario.title().is_some();
    let request = write::check_target(&target, &now.dir)
        .map_err(|error| format!("{error:#}"))
        .and_then(|()| Request::new(args, &school, changed));
    let request = request.map_err(bad_input)?;
    request.apply(&mut school, args.keep_reserve);
    let mut before = verify::written_schedule(&school, &args.out).map_err(bad_input)?;
    need_assignment::keep(&school, &mut before.sessions, &args.out).map_err(bad_input)?;
    // A school that is as it was asks nothing new.
    let mut fresh = match write::is_made_of(&args.out, &input.hash) {
        true => Vec::new(),
        false => fresh_needs(&school, &before, &args.out).map_err(bad_input)?,
    };
    if !args.back.is_empty() {
        let as_planned =
            undo::undo(&school, &mut before, &args.out, &args.back, request.last).map_err(bad)?;
        // What the plan had not met either is nothing to move others for.
        let now = fresh_needs(&school, &before, &args.out).map_err(bad_input)?;
        fresh.extend(now.into_iter().filter(|&need| !as_planned.contains(&school[need].student)));
    }
    let covers = Covers::read(&school, &args.out).map_err(bad_input)?;
    if args.list {
        let sets = Sets::new(&school);
        let holes = holes(&school, &sets, &before, &covers)?;
        std::io::stdout().write_all(listed(&school, &holes, args.solving.json).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = args.solving.options()?;
    let run = Run {
        input_hash: input.hash.clone(),
        engine: engine_version(options.engine),
        options: input.add_to(args.solving.told(&options, now.layout.as_deref())),
        scenario: input.scenario.title(),
    };
    let week = Repairing {
        school: &school,
        before: &before,
        request: &request,
        fresh: &fresh,
        began,
        of: &args.out,
        data: args.data.as_deref(),
        weight: args.change_weight,
        covers: Some(&covers),
    };
    let (written, changes) = week.repair(&options, &run, &target)?;
    tell_of(&target, &report(args, &school, &target, &written, &changes, &covers))?;
    let must = written.needs[Priority::Must as usize];
    Ok(if args.strict && must.met < must.asked { ExitCode::from(MUST_UNMET) } else { ExitCode::SUCCESS })
}

/// Who and what is out, those of earlier repairs of the same week included.
#[derive(Default)]
pub struct Request {
    absent: Vec<Out<StaffId>>,
    closed: Vec<Out<PlaceId>>,
    /// Blocks in which somebody or something is out since this repair.
    new: BTreeSet<BlockId>,
    /// Whether whoever was out is back, so that the week is the one that was planned.
    last: bool,
}

impl Request {
    /// Those whom the schedule in `out` names; empty unless it was repaired.
    pub fn earlier(school: &School, out: &Path) -> Result<Self, verify::Error> {
        let mut request = Self::default();
        request.add_earlier(school, &verify::repair_of(out)?.unwrap_or_default(), &[]);
        Ok(request)
    }

    fn add_earlier(&mut self, school: &School, earlier: &verify::Repair, back: &[String]) {
        let staff: Vec<_> = school.staff_ids().map(|staff| (school[staff].id.clone(), staff)).collect();
        let places: Vec<_> = school.place_ids().map(|place| (school[place].id.clone(), place)).collect();
        self.absent.extend(absences::earlier(school, &earlier.absent, back, &staff));
        self.closed.extend(absences::earlier(school, &earlier.closed, back, &places));
    }

    fn new(args: &Args, school: &School, changed: bool) -> Result<Self, String> {
        let absent = absences::absent(school, &args.absent)?;
        let closed = absences::closed(school, &args.closed)?;
        if absent.is_empty() && closed.is_empty() && args.back.is_empty() && !changed {
            return Err(
                "nothing to repair: name who or what is out with --absent or --closed, who is back with \
                        --back, or what changed with --data or --scenario"
                    .to_owned(),
            );
        }
        let earlier = verify::repair_of(&args.out).map_err(|error| error.to_string())?.unwrap_or_default();
        let known = |id: &String| earlier.absent.iter().chain(&earlier.closed).any(|named| named.id == *id);
        if let Some(unknown) = args.back.iter().find(|id| !known(id)) {
            return Err(format!(
                "--back {unknown}: nobody and nothing of that id is out in {}",
                args.out.display()
            ));
        }
        let out = |out: &Out<StaffId>| out.blocks.clone();
        let new = absent.iter().flat_map(out).chain(closed.iter().flat_map(|out| out.blocks.clone()));
        let mut request = Self { new: new.collect(), absent, closed, last: false };
        request.add_earlier(school, &earlier, &args.back);
        request.last = !args.back.is_empty() && request.absent.is_empty() && request.closed.is_empty();
        Ok(request)
    }

    /// The ids of those who and what are out.
    pub fn names<'s>(&self, school: &'s School) -> Vec<&'s str> {
        let absent = self.absent.iter().map(|out| school[out.who].id.as_str());
        absent.chain(self.closed.iter().map(|out| school[out.who].id.as_str())).collect()
    }

    pub fn apply(&self, school: &mut School, keep_reserve: bool) {
        for out in &self.absent {
            out.blocks.iter().for_each(|&block| school.take_out(out.who, block));
        }
        for out in &self.closed {
            out.blocks.iter().for_each(|&block| school.close(out.who, block));
        }
        if keep_reserve {
            school.reserve_called.clear();
        }
    }

    /// Whether a change lasts only until somebody or something is back; others become part of the plan.
    fn is_temporary(&self, school: &School, change: &Change) -> bool {
        let at_once = |block: &BlockId| {
            school.blocks.iter().any(|b| b.id == change.cell.block && b.overlaps(&school[*block]))
        };
        let is = |id: &str| {
            let named = [&change.was.lead, &change.cell.id, &change.was.place];
            named.into_iter().any(|one| one == id)
        };
        self.new.iter().any(at_once)
            || self.absent.iter().any(|out| is(&school[out.who].id) && out.blocks.iter().any(at_once))
            || self.closed.iter().any(|out| is(&school[out.who].id) && out.blocks.iter().any(at_once))
    }
}

/// A schedule that runs, in a school that is no longer what it was made for.
pub struct Repairing<'a> {
    pub school: &'a School,
    pub before: &'a WrittenSchedule,
    pub request: &'a Request,
    /// Needs that are new, or ask more than they did.
    pub fresh: &'a [NeedId],
    pub began: Instant,
    /// Folder of the running schedule.
    pub of: &'a Path,
    /// Folder of the school as it is now, if it is another.
    pub data: Option<&'a Path>,
    /// Loss of one change; half the weight of `should` if not given.
    pub weight: Option<f64>,
    /// Who has stepped in how often; `None`: as the files say.
    pub covers: Option<&'a Covers>,
}

impl Repairing<'_> {
    pub fn repair(
        &self,
        options: &Options,
        run: &Run,
        target: &Path,
    ) -> anyhow::Result<(Written, Vec<Change>)> {
        let &Self { school, before, fresh, began, of, weight, .. } = self;
        let sets = Sets::new(school);
        let weight = weight.unwrap_or(school.weights.should / 2.0);
        let deadline = began + options.time_limit.unwrap_or(TIME);
        let (engine, stop) = (options.engine, options.stop.clone());
        let solver = Solver { school, sets: &sets, engine, deadline, stop };
        let read;
        let covers = match self.covers {
            Some(covers) => covers,
            None => {
                read = Covers::read(school, of)?;
                &read
            }
        };
        let mut schedule =
            Replan { solver, before, fresh, weight, covers: Some(covers), quick: false }.run()?;
        if self.request.last {
            schedule = write::uncounted(&schedule);
        } else {
            need_assignment::keep(school, &mut schedule.sessions, of)?;
        }
        let (bound, seconds) = (quick_bound(school, &sets), began.elapsed().as_secs_f64());
        let outcome = Outcome { status: Status::Feasible, total: 0.0, bound, seconds };
        Remade { school, request: self.request, of, data: self.data, weight }
            .write(&schedule, &outcome, run, target)
    }
}

/// A week in which somebody or something is out, in place of one that runs.
pub struct Remade<'a> {
    pub school: &'a School,
    pub request: &'a Request,
    /// Folder of the running schedule.
    pub of: &'a Path,
    /// Folder of the school as it is now, if it is another.
    pub data: Option<&'a Path>,
    /// Loss of one change.
    pub weight: f64,
}

impl Remade<'_> {
    /// Writes it with what changed and who is out.
    ///
    /// # Errors
    /// The running schedule cannot be read, or the folder not be written.
    pub fn write(
        &self,
        schedule: &Schedule,
        outcome: &Outcome,
        run: &Run,
        target: &Path,
    ) -> anyhow::Result<(Written, Vec<Change>)> {
        let &Self { school, of, .. } = self;
        let mut found = Vec::new();
        let earlier = history::read(of)?;
        // What new data change is no repair that somebody's return could undo.
        let same = write::is_made_of(of, &run.input_hash);
        let temporary = |change: &Change| same || self.request.is_temporary(school, change);
        let _lock = write::Lock::of(target)?;
        let written = write::write_repaired(school, schedule, outcome, run, target, |folder| {
            found = changes::between(of, folder)?;
            write::files::CHANGES.write(folder, school.csv, found.iter().map(Change::row))?;
            if let Some(earlier) = earlier {
                let all = history::joined(earlier, &found, temporary);
                write::files::ALL_CHANGES.write(folder, school.csv, all.iter().map(Change::row))?;
            }
            Ok(self.told(&found))
        });
        Ok((written?, found))
    }

    /// What `summary.json` says under `repair`.
    fn told(&self, changes: &[Change]) -> Value {
        let &Self { school, request, weight, .. } = self;
        let ids =
            |blocks: &[BlockId]| blocks.iter().map(|&block| school[block].id.clone()).collect::<Vec<_>>();
        let (absent, closed) = (request.absent.iter(), request.closed.iter());
        let absent = absent.map(|out| json!({ "id": school[out.who].id, "blocks": ids(&out.blocks) }));
        let closed = closed.map(|out| json!({ "id": school[out.who].id, "blocks": ids(&out.blocks) }));
        let counted = changes.iter().filter(|change| change.counts()).count();
        json!({
            "of": as_text(self.of),
            "absent": absent.collect::<Vec<_>>(),
            "closed": closed.collect::<Vec<_>>(),
            "data": self.data.map(as_text),
            "rows": changes.len(),
            "students": people(changes, "student").len(),
            "staff": people(changes, "staff").len(),
            "changes": counted,
            "change_weight": weight,
            "cost": weight * counted as f64,
        })
    }
}

/// `school/schedule` becomes `school/schedule-repaired`.
fn repaired(out: &Path) -> PathBuf {
    let mut name = out.components().as_path().as_os_str().to_owned();
    name.push("-repaired");
    PathBuf::from(name)
}

pub fn weight(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 5".to_owned())?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err("expected 0 or more".to_owned()) }
}

pub fn people<'a>(changes: &'a [Change], kind: &str) -> BTreeSet<&'a str> {
    changes.iter().filter(|change| change.cell.kind == kind).map(|change| change.cell.id.as_str()).collect()
}

fn report(
    args: &Args,
    school: &School,
    target: &Path,
    written: &Written,
    changes: &[Change],
    covers: &Covers,
) -> String {
    if args.solving.json {
        let mut document = written.summary.clone();
        document["out"] = json!(as_text(target));
        return format!("{document:#}\n");
    }
    let words = Words::of(school.language);
    let repair = &written.summary["repair"];
    let needs: Vec<String> = Priority::ALL
        .iter()
        .zip(&written.needs)
        .filter(|(_, needs)| needs.asked > 0)
        .map(|(priority, needs)| {
            fill(words.part_of, &[&priority_word(*priority, words), &needs.met, &needs.asked])
        })
        .collect();
    let counted = |count: usize, one: &str, several: &str| match count {
        1 => one.to_owned(),
        _ => fill(several, &[&count]),
    };
    let price = fill(
        words.repair_price,
        &[
            &counted(repair["changes"].as_u64().unwrap_or(0) as usize, words.one_change, words.n_changes),
            &number(repair["cost"].as_f64().unwrap_or(0.0)),
            &number(repair["change_weight"].as_f64().unwrap_or(0.0)),
            &counted(people(changes, "student").len(), words.one_student, words.n_students),
            &people(changes, "staff").len(),
            &target.join(write::files::CHANGES.file).display(),
        ],
    );
    let scenario = in_brackets(written.summary["scenario"].as_str());
    let seconds = format!("{:.1}", written.outcome.seconds);
    let mut text = format!(
        "{}\n{price}\n{}\n{}\n",
        fill(words.repaired_written, &[&target.display(), &scenario]),
        fill(words.repair_total, &[&number(written.outcome.total), &seconds]),
        fill(words.needs_line, &[&needs.join(", ")]),
    );
    for shift in changes::shifts(changes) {
        text += &shift_line(school, &shift, &why(school, &shift, changes, covers, words), words);
    }
    text
}

/// Why somebody leads it instead: what they did before, and how often they have stepped in.
fn why(school: &School, shift: &Shift, changes: &[Change], covers: &Covers, words: &Words) -> String {
    let row = |id: &str| school.staff_ids().find(|&staff| school[staff].id == id);
    let Some(lead) = row(&shift.now_lead).filter(|_| shift.now_lead != shift.was_lead) else {
        return String::new();
    };
    let theirs = changes.iter().find(|change| {
        change.cell.kind == "staff" && change.cell.id == shift.now_lead && change.cell.block == shift.block
    });
    let Some(was) = theirs.map(|change| &change.was) else { return String::new() };
    let unit = row(&shift.was_lead).and_then(|was| school[was].unit);
    let why = match was.role.as_str() {
        RESERVE => Why::Reserve,
        "" if same_unit(unit, school[lead].unit) => Why::OwnUnit,
        "" => Why::Free,
        _ => return fill(words.instead, &[&offering_name(school, &was.offering, words)]),
    };
    reason(why, covers.of(lead), words)
}

fn reason(why: Why, [week, term]: [u32; 2], words: &Words) -> String {
    let why = match why {
        Why::Reserve => words.was_reserve,
        Why::OwnUnit => words.was_own_unit,
        Why::Free => words.was_free,
    };
    match (week, term) {
        (0, 0) => why.to_owned(),
        (week, 0) => format!("{why}, {}", fill(words.covered_week, &[&week])),
        (week, term) => format!("{why}, {}", fill(words.covered_term, &[&week, &term])),
    }
}

fn offering_of<'s>(school: &'s School, hole: &Hole) -> &'s str {
    match hole.activity {
        None => COACHING,
        Some(Activity::Study) => STUDY,
        Some(Activity::Offering(o)) => &school[o].id,
    }
}

/// The holes, and who could step in.
fn listed(school: &School, holes: &[Hole], as_json: bool) -> String {
    if as_json {
        let holes = holes.iter().map(|hole| {
            let candidates = hole.candidates.iter().map(|one| {
                json!({
                    "staff": school[one.staff].id,
                    "why": one.why.label(),
                    "covered_week": one.covered[0],
                    "covered_term": one.covered[1],
                })
            });
            json!({
                "block": school[hole.block].id,
                "offering": offering_of(school, hole),
                "place": hole.place.map(|place| &school[place].id),
                "lead": hole.lead.map(|lead| &school[lead].id),
                "students": hole.students,
                "candidates": candidates.collect::<Vec<_>>(),
            })
        });
        return format!("{:#}\n", json!({ "holes": holes.collect::<Vec<_>>() }));
    }
    let words = Words::of(school.language);
    let mut text = String::new();
    for hole in holes {
        let block = &school[hole.block];
        let lead = hole.lead.map_or("", |lead| &school[lead].name);
        let nobody = if hole.candidates.is_empty() { words.nobody_steps_in } else { "" };
        let (day, start) = (&school[block.day], clock(block.start));
        let offering = offering_name(school, offering_of(school, hole), words);
        let line = fill(words.shift_line, &[day, &start, &offering, &lead, &nobody]);
        text += line.trim_end();
        text += "\n";
        for (at, one) in hole.candidates.iter().enumerate() {
            let why = reason(one.why, one.covered, words);
            text += &format!("  {}. {} ({}): {why}\n", at + 1, school[one.staff].name, school[one.staff].id);
        }
    }
    if text.is_empty() { format!("{}\n", words.no_holes) } else { text }
}

/// Who does what now, and where: `tue 08:30 coaching of X: Y, room 004`.
fn shift_line(school: &School, shift: &Shift, why: &str, words: &Words) -> String {
    let staff =
        |id: &str| school.staff.iter().find(|row| row.id == id).map_or(id.to_owned(), |row| row.name.clone());
    let place = |id: &str| match id {
        "" => words.online.to_owned(),
        id => school.places.iter().find(|row| row.id == id).map_or(id.to_owned(), |row| row.name.clone()),
    };
    let now = match shift.now_lead.as_str() {
        "" => words.cancelled.to_owned(),
        lead => {
            fill(words.moved, &[&staff(lead), &place(&shift.now_place)])
                + &(if why.is_empty() { String::new() } else { format!(" ({why})") })
        }
    };
    let offering = offering_name(school, &shift.offering, words);
    let when = [&shift.day, &shift.start];
    format!("{}\n", fill(words.shift_line, &[when[0], when[1], &offering, &staff(&shift.was_lead), &now]))
}
