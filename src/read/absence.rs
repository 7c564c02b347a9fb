//! `absence.csv`: how often members of staff are ill, and for how long. It belongs to no schedule: `stress` alone reads it.

use std::collections::HashMap;
use std::path::Path;

use crate::school::{Role, School, StaffId, UnitId};

use super::columns::ABSENCE;
use super::names::Names;
use super::problem::{Problem, Problems};
use super::roster::duplicate;
use super::table::{Row, Table};
use super::value;

/// School days that an illness may last: a year.
const LONGEST: u32 = 366;

/// Whom a row is about, the narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    Staff(StaffId),
    Role(Role),
    Unit(UnitId),
    All,
}

impl Who {
    pub fn includes(self, school: &School, staff: StaffId) -> bool {
        match self {
            Who::Staff(one) => one == staff,
            Who::Role(role) => school[staff].roles.has(role),
            Who::Unit(unit) => school[staff].unit == Some(unit),
            Who::All => true,
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Absence {
    pub who: Who,
    /// Part of the days on which each of them is out.
    pub rate: f64,
    /// Days in a row that an illness lasts.
    pub days: u32,
}

/// The rows of the file, and what is wrong with it.
pub fn absences(school: &School, path: &Path) -> (Vec<Absence>, Vec<Problem>) {
    let mut problems = Problems::default();
    let mut absences = Vec::new();
    if let Some(table) = Table::open_at(path, &ABSENCE, &mut problems) {
        let reader = Reader::new(school);
        let mut lines: HashMap<Who, usize> = HashMap::new();
        table.each_row(&mut problems, |row, problems| {
            let who = reader.who(row, problems);
            let rate = reader.rate(row, problems);
            let days = if row.text("days").is_some() { reader.days(row, problems) } else { Some(1) };
            let (Some(who), Some(rate), Some(days)) = (who, rate, days) else { return };
            if let Some(line) = lines.insert(who, row.line()) {
                row.report("who", duplicate("who", row.text("who").unwrap_or_default(), line), problems);
            }
            absences.push(Absence { who, rate, days });
        });
    }
    (absences, problems.into_list())
}

struct Reader<'a> {
    school: &'a School,
    staff: Names<StaffId>,
    units: Names<UnitId>,
}

impl<'a> Reader<'a> {
    fn new(school: &'a School) -> Self {
        let mut staff = Names::new("staff", "staff.csv", true);
        for one in school.staff_ids() {
            // Ids of a school are unique.
            let _ = staff.insert(&school[one].id, one);
            staff.set_called(&school[one].name, one);
        }
        let mut units = Names::new("unit", "staff.csv or students.csv", true);
        school.units.iter().for_each(|unit| {
            units.add(unit);
        });
        Self { school, staff, units }
    }

    fn who(&self, row: &Row, problems: &mut Problems) -> Option<Who> {
        let text = row.required("who", problems)?;
        let found = match text.split_once(':') {
            _ if text == "all" => Ok(Some(Who::All)),
            Some(("role", role)) => {
                let roles = Role::ALL.map(|role| (role.label(), role));
                value::word("role", role.trim(), &roles).map(|role| Some(Who::Role(role)))
            }
            Some(("unit", unit)) => self.units.resolve(unit.trim()).map(|unit| unit.map(Who::Unit)),
            _ => self.staff.resolve(text).map(|staff| staff.map(Who::Staff)),
        };
        let who = match found {
            Ok(who) => who?,
            Err(problem) => {
                row.report("who", problem, problems);
                return None;
            }
        };
        if !self.school.staff_ids().any(|staff| who.includes(self.school, staff)) {
            let problem = Problem::warning("no-effect", format!("`{text}` is nobody of staff.csv"))
                .found(format!("`{text}`"))
                .expected("somebody, or a role or unit that somebody has")
                .help("correct it, or take the row out");
            row.report("who", problem, problems);
        }
        Some(who)
    }

    fn days(&self, row: &Row, problems: &mut Problems) -> Option<u32> {
        let days = row.positive("days", problems)?;
        if days > LONGEST {
            let problem = Problem::error("number-too-large", format!("an illness of {days} school days"))
                .found(format!("`{days}`"))
                .expected(format!("at most {LONGEST}"))
                .help("give whoever is out for so long a rate of 1");
            row.report("days", problem, problems);
            return None;
        }
        Some(days)
    }

    fn rate(&self, row: &Row, problems: &mut Problems) -> Option<f64> {
        row.required("rate", problems)?;
        let rate = row.amount("rate", problems)?;
        if rate > 1.0 {
            let problem = Problem::error("rate-above-1", format!("the rate {rate} is above 1"))
                .found(format!("`{rate}`"))
                .expected("a part of all days, 0 to 1")
                .help(format!("write {} for {rate} %", rate / 100.0));
            row.report("rate", problem, problems);
            return None;
        }
        Some(rate)
    }
}
