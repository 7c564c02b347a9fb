//! Random weeks repaired: somebody falls out, a place is closed, and both are there again.

use std::path::{Path, PathBuf};

use leerzone::school::{BlockId, Id, PlaceId, School, StaffId};
use leerzone::verify;

use super::{Tally, line};
use crate::repairs::rows;
use crate::small::HEADERS;

/// What a repair does not mend: groups, packages and pins that only a new schedule could hold.
const REFUSALS: &[&str] = &["cannot be kept by repairing this schedule", "nobody has time for package"];

/// By turns each falls out by itself, or the place while somebody is out already. In the end nobody is out, and the
/// week is the one that was planned.
pub fn mend(seed: u64, school: &School, dir: &Path, out: &Path, tally: &mut Tally) -> Result<(), String> {
    let (absent, closed) = falls_out(seed, school, out)?;
    let mut week = Week { school, dir, planned: out, tally, steps: Vec::new() };
    let [absent, closed] = [("--absent", absent), ("--closed", closed)]
        .map(|(option, out)| out.map(|(who, when)| Out { option, who: who.clone(), when: who + &when }));
    match (absent, closed) {
        (Some(absent), Some(closed)) if seed.is_multiple_of(2) => {
            let Some(first) = week.without(out, &absent)? else { return Ok(()) };
            let Some(both) = week.without(&first, &closed)? else { return Ok(()) };
            // A pin that was lifted for want of people may want the place that is still closed.
            let back = ["--back", &absent.who];
            let Some(one) = week.repair(&both, &back, &[0, 1])? else { return Ok(()) };
            week.all_back(&one, &closed)
        }
        (absent, closed) => {
            for one in absent.iter().chain(&closed) {
                if let Some(repaired) = week.without(out, one)? {
                    week.all_back(&repaired, one)?;
                }
            }
            Ok(())
        }
    }
}

/// Somebody or something that falls out, as the command line has it.
struct Out {
    option: &'static str,
    who: String,
    when: String,
}

type Falls = Option<(String, String)>;

/// Somebody who works and a place that is used, if there are any; in a block, on a day or the whole week.
fn falls_out(seed: u64, school: &School, out: &Path) -> Result<(Falls, Falls), String> {
    let week = verify::written_schedule(school, out).map_err(|error| error.to_string())?;
    let sessions = week.sessions.iter().map(|session| (Some(session.lead), session.place, session.block));
    let coach = |group: usize| week.groups[group].coach;
    let meetings =
        week.meetings.iter().map(|meeting| (coach(meeting.group), Some(meeting.place), meeting.block));
    let used: Vec<(Option<StaffId>, Option<PlaceId>, BlockId)> = sessions.chain(meetings).collect();
    let turn = seed as usize;
    let one = used.get(turn % used.len().max(1));
    let block = one.map_or(BlockId::new(turn % school.blocks.len()), |&(.., block)| block);
    let any = |many: usize| (many > 0).then(|| turn % many);
    let staff = one.and_then(|one| one.0).or_else(|| any(school.staff.len()).map(StaffId::new));
    let place = one.and_then(|one| one.1).or_else(|| any(school.places.len()).map(PlaceId::new));
    let when = |turn: usize| match turn % 3 {
        0 => String::new(),
        1 => format!(":{}", school.days[school[block].day.index()]),
        _ => format!(":{}", school[block].id),
    };
    let turn = turn / 2;
    Ok((
        staff.map(|staff| (school[staff].id.clone(), when(turn))),
        place.map(|place| (school[place].id.clone(), when(turn / 3))),
    ))
}

struct Week<'a> {
    school: &'a School,
    dir: &'a Path,
    planned: &'a Path,
    tally: &'a mut Tally,
    /// Who fell out or came back, in order.
    steps: Vec<String>,
}

impl Week<'_> {
    /// The week repaired without one; `None` where only a new schedule will do.
    fn without(&mut self, from: &Path, one: &Out) -> Result<Option<PathBuf>, String> {
        self.repair(from, &[one.option, &one.when], &[0, 1])
    }

    /// The last one who was out is back.
    fn all_back(&mut self, from: &Path, one: &Out) -> Result<(), String> {
        let back = self.repair(from, &["--back", &one.who], &[0])?;
        back.map_or(Ok(()), |week| self.is_as_planned(&week))
    }

    fn repair(&mut self, from: &Path, who: &[&str], allowed: &[i32]) -> Result<Option<PathBuf>, String> {
        self.steps.push(who.join(" "));
        let to = self.dir.join(format!("repair-{}", self.steps.len()));
        let options = [who, &["--quiet", "--time-limit", "0.3"]].concat();
        let ran = line::run("replan", &[self.dir, from, Path::new("--out"), &to], &options, allowed)?;
        if ran.code != 0 {
            self.tally.refused_repairs += 1;
            let known = REFUSALS.iter().any(|refusal| ran.told.contains(refusal));
            return if known { Ok(None) } else { Err(format!("replan {:?}: {}", self.steps, ran.told)) };
        }
        self.tally.repairs += 1;
        let verdict = verify::verify(self.school, &to).map_err(|error| format!("replan {who:?}: {error}"))?;
        if let Some(violation) = verdict.violations.first() {
            return Err(format!("replan {who:?}: {}", violation.message));
        }
        Ok(Some(to))
    }

    /// Every table to the row.
    fn is_as_planned(&self, week: &Path) -> Result<(), String> {
        for (file, _) in HEADERS {
            let [was, is] = [self.planned, week].map(|folder| rows(folder, file));
            if was != is {
                let gone: Vec<_> = was.iter().filter(|row| !is.contains(row)).collect();
                let new: Vec<_> = is.iter().filter(|row| !was.contains(row)).collect();
                return Err(format!("after {:?} {file} has {new:?}, not {gone:?} as planned", self.steps));
            }
        }
        match rows(week, "all_changes.csv").first() {
            Some(row) => Err(format!("after {:?} all_changes.csv has {row:?}", self.steps)),
            None => Ok(()),
        }
    }
}
