//! Visitors and trainees find hosts: the assignment that serves most of them, by one program that the engine proves.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;

use crate::model::EngineChoice;
use crate::model::engine::{Limits, SolveStatus, solve_program};
use crate::model::program::{LinExpr, Program};
use crate::read::spoken;
use crate::read::tabular::{Problem, Problems, duplicate, value::clock_time};
use crate::school::CsvStyle;
use crate::write::files::Table;

use super::columns::{self, REGION_TOML};
use super::read::{At, Interval, Region, finish, interval, list, meet, table, unknown};

pub const VISITS: Table<11> = Table {
    file: "visits.csv",
    columns: [
        "visitor",
        "name",
        "host",
        "host_name",
        "school",
        "site",
        "day",
        "start",
        "end",
        "choice",
        "minutes",
    ],
};
const UNPLACED: Table<5> =
    Table { file: "unplaced.csv", columns: ["visitor", "name", "missing", "reason", "detail"] };

/// A first visit counts more than a second one of somebody else, and any visit more than every choice and minute.
const FIRST: f64 = 3000.0;
const FURTHER: f64 = 1000.0;
const CHOICE: f64 = 50.0;
const CHOICES: usize = 10;
const MINUTE: f64 = 0.1;
/// Travel beyond this counts no more.
const LONGEST: u32 = 600;

#[derive(Debug, Default)]
struct Visitor {
    id: String,
    name: String,
    kind: String,
    subjects: Vec<String>,
    schools: Vec<String>,
    from: String,
    minutes: Option<u32>,
    days: Vec<String>,
    times: u32,
}

/// Somebody who guides visitors at one time.
#[derive(Debug)]
struct Host {
    id: String,
    name: String,
    school: String,
    site: String,
    kinds: Vec<String>,
    subjects: Vec<String>,
    day: String,
    time: Interval,
    most: u32,
}

/// Who visits whom.
#[derive(Debug)]
pub struct Placed {
    pub visits: Vec<Visit>,
    pub unplaced: Vec<Unplaced>,
    /// No other assignment serves more, or nearer to what was asked.
    pub is_proven: bool,
}

#[derive(Clone, Debug)]
pub struct Visit {
    pub visitor: String,
    pub name: String,
    pub host: String,
    pub host_name: String,
    pub school: String,
    pub site: String,
    pub day: String,
    pub time: Interval,
    /// 1: the school asked for most; `None`: one that was not asked for.
    pub choice: Option<usize>,
    pub minutes: u32,
}

/// Visits that somebody asked for and does not get.
#[derive(Clone, Debug)]
pub struct Unplaced {
    pub visitor: String,
    pub name: String,
    pub missing: u32,
    pub reason: &'static str,
    pub detail: String,
}

/// What is wrong with the files, or what the engine says.
#[derive(Debug)]
pub enum Failed {
    Files(Vec<Problem>),
    Engine(anyhow::Error),
}

/// Reads the region, its visitors and hosts, and places them.
///
/// # Errors
/// Files that cannot be used; the engine fails.
pub fn place(dir: &Path, engine: EngineChoice, limits: &Limits) -> Result<Placed, Failed> {
    let (region, visitors, hosts) = read(dir).map_err(Failed::Files)?;
    assign(&region, &visitors, &hosts, engine, limits).map_err(Failed::Engine)
}

impl Host {
    fn at(&self) -> At<'_> {
        (&self.day, &self.site, self.time)
    }
}

impl Visitor {
    fn wants_kind(&self, host: &Host) -> bool {
        host.kinds.is_empty() || host.kinds.contains(&self.kind)
    }

    fn wants_subject(&self, host: &Host) -> bool {
        self.subjects.is_empty()
            || host.subjects.is_empty()
            || self.subjects.iter().any(|subject| host.subjects.contains(subject))
    }

    fn can_on(&self, host: &Host) -> bool {
        self.days.is_empty() || self.days.contains(&host.day)
    }

    fn minutes(&self, region: &Region, host: &Host) -> u32 {
        if self.from.is_empty() { 0 } else { region.minutes(&self.from, &host.site) }
    }

    fn reaches(&self, region: &Region, host: &Host) -> bool {
        self.minutes.is_none_or(|most| self.minutes(region, host) <= most)
    }

    fn fits(&self, region: &Region, host: &Host) -> bool {
        self.wants_kind(host) && self.wants_subject(host) && self.can_on(host) && self.reaches(region, host)
    }

    /// 1 for the school asked for most.
    fn choice(&self, host: &Host) -> Option<usize> {
        self.schools.iter().position(|school| *school == host.school).map(|at| at + 1)
    }

    fn worth(&self, region: &Region, host: &Host) -> f64 {
        let choice =
            self.choice(host).map_or(0.0, |choice| CHOICE * (CHOICES + 1).saturating_sub(choice) as f64);
        choice - MINUTE * f64::from(self.minutes(region, host).min(LONGEST))
    }
}

fn assign(
    region: &Region,
    visitors: &[Visitor],
    hosts: &[Host],
    engine: EngineChoice,
    limits: &Limits,
) -> anyhow::Result<Placed> {
    let mut program = Program::default();
    let mut of_host: Vec<LinExpr> = vec![LinExpr::default(); hosts.len()];
    let mut choices = Vec::new();
    for (at, visitor) in visitors.iter().enumerate() {
        let theirs: Vec<_> = (0..hosts.len())
            .filter(|&host| visitor.fits(region, &hosts[host]))
            .map(|host| (host, program.binary(String::new)))
            .collect();
        let visits: LinExpr = theirs.iter().map(|&(_, variable)| variable).collect();
        let first = program.binary(String::new);
        program.at_most("first", first.into(), &visits);
        program.at_most("times", visits, &LinExpr::constant(f64::from(visitor.times)));
        program.objective.add(FIRST, first);
        for (index, &(host, variable)) in theirs.iter().enumerate() {
            of_host[host].add(1.0, variable);
            program.objective.add(FURTHER + visitor.worth(region, &hosts[host]), variable);
            let later = theirs.iter().skip(index + 1);
            for &(_, beside) in later.filter(|(other, _)| region.clash(hosts[host].at(), hosts[*other].at()))
            {
                let both = LinExpr { terms: vec![(variable, 1.0), (beside, 1.0)], constant: 0.0 };
                program.at_most("at once", both, &LinExpr::constant(1.0));
            }
            choices.push((at, host, variable));
        }
    }
    for (host, guests) in hosts.iter().zip(of_host) {
        program.at_most("most", guests, &LinExpr::constant(f64::from(host.most)));
    }
    let solved = solve_program(engine, &program, limits)?;
    let values = match solved.values {
        Some(values) => values,
        None if solved.status == SolveStatus::Stopped => bail!("stopped before anybody was placed"),
        None => bail!("the time was too short to place anybody"),
    };
    let mut visits = Vec::new();
    let mut counts = vec![0; visitors.len()];
    let mut guests = vec![0; hosts.len()];
    for (at, host_at, _) in choices.into_iter().filter(|(.., variable)| values[variable.index()] > 0.5) {
        let (visitor, host) = (&visitors[at], &hosts[host_at]);
        counts[at] += 1;
        guests[host_at] += 1;
        visits.push(Visit {
            visitor: visitor.id.clone(),
            name: visitor.name.clone(),
            host: host.id.clone(),
            host_name: host.name.clone(),
            school: host.school.clone(),
            site: host.site.clone(),
            day: host.day.clone(),
            time: host.time,
            choice: visitor.choice(host),
            minutes: visitor.minutes(region, host),
        });
    }
    let unplaced = visitors.iter().zip(&counts).filter(|(visitor, count)| **count < visitor.times);
    let unplaced = unplaced
        .map(|(visitor, &count)| {
            let (reason, detail) = why(region, visitor, hosts, &guests);
            let (name, missing) = (visitor.name.clone(), visitor.times - count);
            Unplaced { visitor: visitor.id.clone(), name, missing, reason, detail }
        })
        .collect();
    Ok(Placed { visits, unplaced, is_proven: solved.status == SolveStatus::Optimal })
}

/// A reason, its words, and whether a host passes.
type Test<'a> = (&'static str, String, &'a dyn Fn(&Host) -> bool);

/// Why a visitor gets fewer visits than asked for: the first thing that no host can change.
fn why(region: &Region, visitor: &Visitor, hosts: &[Host], guests: &[u32]) -> (&'static str, String) {
    let mut left: Vec<usize> = (0..hosts.len()).collect();
    let steps: [Test; 4] = [
        ("kind", format!("no host takes a {}", visitor.kind), &|host| visitor.wants_kind(host)),
        ("subject", format!("no such host teaches {}", visitor.subjects.join(" or ")), &|host| {
            visitor.wants_subject(host)
        }),
        ("day", format!("no such host guides on {}", visitor.days.join(" or ")), &|host| {
            visitor.can_on(host)
        }),
        (
            "travel",
            format!(
                "no such host is within {} minutes of {}",
                visitor.minutes.unwrap_or_default(),
                visitor.from
            ),
            &|host| visitor.reaches(region, host),
        ),
    ];
    for (reason, detail, holds) in steps {
        left.retain(|&host| holds(&hosts[host]));
        if left.is_empty() {
            return (reason, detail);
        }
    }
    let full = left.iter().filter(|&&host| guests[host] >= hosts[host].most).count();
    match full == left.len() {
        true => ("full", format!("every hour of a host who fits is full: {full}")),
        false => (
            "hours",
            "the hours left of hosts who fit are at the time of, or too near to, other visits".to_owned(),
        ),
    }
}

fn read(dir: &Path) -> Result<(Region, Vec<Visitor>, Vec<Host>), Vec<Problem>> {
    let region = Region::schools_only(dir)?;
    let mut problems = Problems::default();
    let schools: Vec<&str> = region.schools.iter().map(|school| school.id.as_str()).collect();
    let hosts = read_hosts(dir, &region, &mut problems);
    let visitors = read_visitors(dir, &schools, &mut problems);
    match finish((visitors, hosts), problems) {
        Ok((visitors, hosts)) => Ok((region, visitors, hosts)),
        Err(problems) => Err(problems),
    }
}

fn read_hosts(dir: &Path, region: &Region, problems: &mut Problems) -> Vec<Host> {
    let mut hosts = Vec::new();
    let Some(file) = table(dir, &columns::HOSTS, problems) else { return hosts };
    file.each_row(problems, |row, problems| {
        let (id, day) = (row.required("host", problems), row.required("day", problems));
        let member = region.school_of(row, problems).map(|at| &region.schools[at]);
        let most = row.count("most", problems).unwrap_or(1);
        let time = interval(row, problems);
        let (kinds, subjects) = (list(row, "kinds", problems), list(row, "subjects", problems));
        let (Some(id), Some(day), Some(member), Some(time)) = (id, day, member, time) else { return };
        hosts.push(Host {
            id: id.to_owned(),
            name: row.text("name").unwrap_or(id).to_owned(),
            school: member.id.clone(),
            site: row.text("site").unwrap_or(&member.site).to_owned(),
            kinds,
            subjects,
            day: day.to_owned(),
            time,
            most,
        });
    });
    hosts.sort_by(|a, b| (&a.school, &a.id, &a.day, a.time).cmp(&(&b.school, &b.id, &b.day, b.time)));
    for pair in hosts.windows(2) {
        let [a, b] = pair else { continue };
        if a.id == b.id && a.day == b.day && meet(a.time, b.time) {
            let message = format!("host `{}` guides at two times of {} that overlap", a.id, a.day);
            problems.push(
                Problem::error("overlapping-hours", message)
                    .file(dir.join(columns::HOSTS.name).display().to_string())
                    .found(format!("{} and {}", clock_time(a.time.0), clock_time(b.time.0)))
                    .expected("one row for each time")
                    .help("for more visitors at once, raise `most`"),
            );
        }
    }
    hosts
}

fn read_visitors(dir: &Path, schools: &[&str], problems: &mut Problems) -> Vec<Visitor> {
    let mut visitors = Vec::new();
    let mut lines = BTreeMap::new();
    let Some(file) = table(dir, &columns::VISITORS, problems) else { return visitors };
    file.each_row(problems, |row, problems| {
        let id = row.required("visitor", problems);
        let asked = row.items("schools", problems);
        for &(index, school) in asked.iter().filter(|(_, school)| !schools.contains(school)) {
            let problem = unknown("school", school, schools.iter().copied(), REGION_TOML);
            row.report_item("schools", index, problem, problems);
        }
        let subjects = list(row, "subjects", problems);
        let (days, minutes) = (list(row, "days", problems), row.count("minutes", problems));
        let times = row.count("times", problems).unwrap_or(1);
        let Some(id) = id else { return };
        if let Some(line) = lines.insert(spoken(id), row.line()) {
            row.report("visitor", duplicate("visitor", id, line), problems);
            return;
        }
        visitors.push(Visitor {
            id: id.to_owned(),
            name: row.text("name").unwrap_or(id).to_owned(),
            kind: row.text("kind").unwrap_or("visit").to_owned(),
            subjects,
            schools: asked.into_iter().map(|(_, school)| school.to_owned()).collect(),
            from: row.text("from").unwrap_or_default().to_owned(),
            minutes,
            // A day on which nobody guides is no mistake: it is a reason.
            days,
            times,
        });
    });
    visitors.sort_by(|a, b| a.id.cmp(&b.id));
    visitors
}

impl Placed {
    /// `visits.csv` and `unplaced.csv`.
    ///
    /// # Errors
    /// As [`Table::bytes`].
    pub fn tables(&self) -> anyhow::Result<[(&'static str, Vec<u8>); 2]> {
        let visits = self.visits.iter().map(|visit| {
            let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
            [
                visit.visitor.clone(),
                visit.name.clone(),
                visit.host.clone(),
                visit.host_name.clone(),
                visit.school.clone(),
                visit.site.clone(),
                visit.day.clone(),
                clock_time(visit.time.0),
                clock_time(visit.time.1),
                number(visit.choice),
                visit.minutes.to_string(),
            ]
        });
        let visits = VISITS.bytes(CsvStyle::PLAIN, visits)?;
        let unplaced = self.unplaced.iter().map(|one| {
            let Unplaced { visitor, name, missing, reason, detail } = one.clone();
            [visitor, name, missing.to_string(), reason.to_owned(), detail]
        });
        let unplaced = UNPLACED.bytes(CsvStyle::PLAIN, unplaced)?;
        Ok([(VISITS.file, visits), (UNPLACED.file, unplaced)])
    }
}
