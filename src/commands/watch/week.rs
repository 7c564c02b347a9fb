//! The schedule and page that follow a school.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{self, Options};
use crate::pluralize::pluralize;
use crate::report::{self, Live, Repair};
use crate::schedule::{Outcome, Schedule};
use crate::school::{Priority, School};
use crate::timetable::Timetable;
use crate::verify::{self, verify};
use crate::whatif::replan::changes::{Change, Doing};
use crate::whatif::replan::fresh_needs;
use crate::write::{self, Run, Written, files, write_file};

use super::super::input;
use super::super::output::as_text;
use super::super::progress::{self, note, number};
use super::super::replan::{Remade, Repairing, Request, people};
use super::super::solving::engine_version;
use super::{Args, tell};

/// Changes told one by one; changes.csv has the rest.
const TOLD: usize = 12;

/// What a change of the school led to.
pub enum Made {
    Nothing,
    /// The schedule is that of these data already.
    Same,
    Solved(Box<Written>),
    Repaired(Box<Written>, Vec<Change>),
}

pub struct Week<'a> {
    args: &'a Args,
    out: &'a Path,
    page: &'a Path,
    options: Options,
    /// Of the page that stands there now; empty before the first.
    version: String,
    language: crate::school::Language,
}

impl<'a> Week<'a> {
    pub fn new(args: &'a Args, out: &'a Path, page: &'a Path, options: Options) -> Self {
        let language = args.lang.unwrap_or_default();
        Self { args, out, page, options, version: String::new(), language }
    }

    /// Makes schedule and page those of the school.
    ///
    /// # Errors
    /// A file cannot be written, or the engine fails.
    pub fn follow(&mut self, input: &input::School) -> anyhow::Result<Made> {
        let Some(school) = &input.reading.school else { return Ok(Made::Nothing) };
        self.language = self.args.lang.unwrap_or(school.language);
        let layout = self.args.input.layout.as_deref();
        let run = Run {
            input_hash: input.hash.clone(),
            engine: engine_version(self.options.engine),
            options: input.add_to(self.args.solving.told(&self.options, layout)),
            scenario: input.scenario.title(),
        };
        let made = if write::is_made_of(self.out, &input.hash) && verify(school, self.out).is_ok() {
            Made::Same
        } else if self.out.join(files::SESSIONS.file).exists() {
            match self.repair(school, &run) {
                Ok(made) => made,
                Err(error) => {
                    note(&format!("cannot be repaired: {error:#}"));
                    self.solve_anew(school, &run)?
                }
            }
        } else {
            self.solve(school, &run)?
        };
        self.version = Timestamp::now().to_string();
        self.write_page(school, true)?;
        self.write_beside(false)?;
        Ok(made)
    }

    fn find(&self, school: &School) -> anyhow::Result<(Schedule, Outcome)> {
        let quiet = self.args.solving.quiet || self.args.solving.json;
        let mut observer = progress::observer(quiet, self.options.time_limit);
        model::solve(school, &self.options, observer.as_mut())
    }

    fn solve(&self, school: &School, run: &Run) -> anyhow::Result<Made> {
        let (schedule, outcome) = self.find(school)?;
        Ok(Made::Solved(Box::new(write::write_schedule(school, &schedule, &outcome, run, self.out)?)))
    }

    /// Solves the week without those who are out, be they named long ago.
    fn solve_anew(&self, school: &School, run: &Run) -> anyhow::Result<Made> {
        let request = match Request::earlier(school, self.out) {
            Ok(request) => request,
            Err(error) => {
                note(&format!("{error}: nobody and nothing is out any more"));
                Request::default()
            }
        };
        let names = request.names(school).join(", ");
        if names.is_empty() {
            note("making a new schedule");
            return self.solve(school, run);
        }
        note(&format!("making a new schedule; still out: {names}"));
        match self.solve_without(&request, school, run) {
            Ok(written) => Ok(Made::Solved(Box::new(written))),
            Err(error) => {
                note(&format!("{error:#}\nmaking a new schedule in which they are back: {names}"));
                self.solve(school, run)
            }
        }
    }

    fn solve_without(&self, request: &Request, school: &School, run: &Run) -> anyhow::Result<Written> {
        let mut school = school.clone();
        request.apply(&mut school, false);
        let (schedule, outcome) = self.find(&school)?;
        let weight = self.args.change_weight.unwrap_or(school.weights.should / 2.0);
        let remade = Remade { school: &school, request, of: self.out, data: None, weight };
        Ok(remade.write(&write::uncounted(&schedule), &outcome, run, self.out)?.0)
    }

    fn repair(&self, school: &School, run: &Run) -> anyhow::Result<Made> {
        let mut school = school.clone();
        let request = Request::earlier(&school, self.out)?;
        request.apply(&mut school, false);
        let before = verify::written_schedule(&school, self.out)?;
        let repairing = Repairing {
            school: &school,
            before: &before,
            request: &request,
            fresh: &fresh_needs(&school, &before, self.out)?,
            began: Instant::now(),
            of: self.out,
            data: None,
            weight: self.args.change_weight,
            covers: None,
        };
        let (written, changes) = repairing.repair(&self.options, run, self.out)?;
        Ok(Made::Repaired(Box::new(written), changes))
    }

    fn write_page(&self, school: &School, live: bool) -> anyhow::Result<()> {
        let beside = name(&beside(self.page));
        let live = live.then_some(Live { beside: &beside, version: &self.version });
        let timetable = Timetable::read(school, self.out)?;
        let html = report::live_page(
            &timetable,
            &verify(school, self.out)?,
            Repair::read(self.out)?.as_ref(),
            self.language,
            live,
        )?;
        write_file(self.page, html.as_bytes())
    }

    fn write_beside(&self, stale: bool) -> anyhow::Result<()> {
        write_file(&beside(self.page), Live::beside(&self.version, stale).as_bytes())
    }

    /// Lets an open page say that it shows an earlier state.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn stale(&self) -> anyhow::Result<()> {
        if self.version.is_empty() { Ok(()) } else { self.write_beside(true) }
    }

    /// Leaves a page that looks for nothing any more.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn end(&self) -> anyhow::Result<()> {
        if self.version.is_empty() {
            return Ok(());
        }
        let text = std::fs::read_to_string(self.page)?;
        let input = self.args.input.read();
        let fits = |school: &&School| Timetable::read(school, self.out).is_ok();
        match input.reading.school.as_ref().filter(fits) {
            Some(school) => self.write_page(school, false)?,
            // The school cannot be read now: the page keeps what it shows.
            None => write_file(self.page, text.as_bytes())?,
        }
        let _ = std::fs::remove_file(beside(self.page));
        Ok(())
    }

    /// Says what was made.
    ///
    /// # Errors
    /// stdout cannot be written.
    pub fn tell(&self, made: &Made) -> anyhow::Result<()> {
        let (state, written, changes): (_, _, &[Change]) = match made {
            Made::Nothing => return Ok(()),
            Made::Same => ("same", None, &[]),
            Made::Solved(written) => ("solved", Some(written), &[]),
            Made::Repaired(written, changes) => ("repaired", Some(written), changes),
        };
        let document = json!({
            "state": state,
            "out": as_text(self.out),
            "page": as_text(self.page),
            "changes": changes.iter().map(document).collect::<Vec<_>>(),
            "summary": written.map(|written| &written.summary),
        });
        tell(self.args, &document, || {
            let mut text = String::new();
            for line in changes.iter().filter(|change| change.counts()).take(TOLD).map(line) {
                text += &format!("  {line}\n");
            }
            let counting = changes.iter().filter(|change| change.counts()).count();
            text += &match (state, written) {
                ("repaired", Some(written)) => format!(
                    "{}: {}, {} staff; {}",
                    pluralize(counting, "change"),
                    pluralize(people(changes, "student").len(), "student"),
                    people(changes, "staff").len(),
                    met(written)
                ),
                (_, Some(written)) => format!("a new schedule: {}", met(written)),
                _ => "the schedule is up to date".to_owned(),
            };
            if counting > TOLD {
                text += &format!("\nall changes: {}", self.out.join(files::CHANGES.file).display());
            }
            text + &format!("\nopen {} in a browser; Ctrl-C ends", self.page.display())
        })
    }
}

fn met(written: &Written) -> String {
    let asked = Priority::ALL.iter().zip(&written.needs).filter(|(_, needs)| needs.asked > 0);
    let told =
        asked.map(|(priority, needs)| format!("{} {} of {}", priority.label(), needs.met, needs.asked));
    format!("total {}, met {}", number(written.outcome.total), told.collect::<Vec<_>>().join(", "))
}

fn line(change: &Change) -> String {
    let [day, start, _] = &change.times;
    let doing = |doing: &Doing| match (doing.offering.is_empty(), doing.role.is_empty()) {
        (true, true) => "nothing".to_owned(),
        (true, false) => doing.role.clone(),
        (false, _) => doing.offering.clone(),
    };
    format!(
        "{} {} {day} {start}: {} -> {}",
        change.cell.kind,
        change.cell.id,
        doing(&change.was),
        doing(&change.now)
    )
}

fn document(change: &Change) -> Value {
    let cells: BTreeMap<&str, String> = files::CHANGES.columns.iter().copied().zip(change.row()).collect();
    json!(cells)
}

/// The script that names the newest version of the page.
fn beside(page: &Path) -> PathBuf {
    let mut name: OsString = page.file_name().unwrap_or_default().to_owned();
    name.push(".js");
    page.with_file_name(name)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
