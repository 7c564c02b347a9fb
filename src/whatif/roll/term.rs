//! `weeks.toml`: the weeks of a term with their dates, holidays and absences.
//!
//! ```toml
//! history = 4                   # so many earlier weeks count for who comes first (4)
//! [[week]]
//! week = "36"
//! start = "2026-08-31"          # date of the first day
//! holidays = ["2026-09-04"]     # dates, or days as the school calls them
//! absent = ["jansen:mon"]       # WHO[:DAY[:BLOCK]]
//! closed = ["r12"]
//! ```

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::read::Problem;
use crate::read::changing::Source;
use crate::read::schema::DRAFT;
use crate::timetable::Weekday;
use crate::write::is_device;

use super::origins::{At, FILE, Origins};

/// Weeks that count for who comes first, where the term does not say.
const HISTORY: usize = 4;
const DAYS_A_WEEK: i64 = 7;
/// Bytes of the name of a week's folder.
const LONGEST_NAME: usize = 80;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    #[serde(default = "history")]
    pub history: usize,
    #[serde(default, rename = "week")]
    pub weeks: Vec<Week>,
    /// Where everything stands in the file.
    #[serde(skip)]
    origins: Option<Arc<Origins>>,
}

/// A name that every system takes for a folder inside another one.
fn is_folder_name(name: &str) -> bool {
    let odd = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let stem = name.split('.').next().unwrap_or_default();
    !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.contains(odd)
        && !is_device(stem)
}

fn history() -> usize {
    HISTORY
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// Name of its folder.
    pub week: String,
    /// Date of the first day, `YYYY-MM-DD`.
    #[serde(deserialize_with = "date")]
    pub start: String,
    /// Dates or labels of days on which there is no school.
    #[serde(default, deserialize_with = "dates")]
    pub holidays: Vec<String>,
    #[serde(default)]
    pub absent: Vec<String>,
    #[serde(default)]
    pub closed: Vec<String>,
}

/// A date is as good without quotes.
fn plain(value: toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Datetime(date) => Ok(date.to_string()),
        other => Err(format!("expected a date such as \"2026-08-31\", found {}", other.type_str())),
    }
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    plain(toml::Value::deserialize(from)?).map_err(D::Error::custom)
}

fn dates<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<toml::Value>::deserialize(from)?;
    list.into_iter().map(plain).collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// The JSON Schema of `weeks.toml`.
pub fn schema() -> Value {
    let texts = |about: &str| json!({ "type": "array", "items": { "type": "string" }, "description": about });
    let week = json!({
        "type": "object",
        "properties": {
            "week": { "type": "string", "description": "name of the week and of its folder" },
            "start": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                "description": "date of the first day",
            },
            "holidays": texts("dates, or days as school.toml calls them, on which there is no school"),
            "absent": texts("who is absent: WHO, WHO:DAY or WHO:DAY:BLOCK"),
            "closed": texts("places that are closed: PLACE, PLACE:DAY or PLACE:DAY:BLOCK"),
        },
        "required": ["week", "start"],
        "additionalProperties": false,
    });
    json!({
        "$schema": DRAFT,
        "title": FILE,
        "type": "object",
        "properties": {
            "history": {
                "type": "integer",
                "minimum": 0,
                "description": format!("earlier weeks that count for who comes first; if left out: {HISTORY}"),
            },
            "week": { "type": "array", "items": week, "description": "the weeks of the term, in their order" },
        },
        "additionalProperties": false,
    })
}

impl Term {
    /// Reads `weeks.toml` in the folder of the school.
    ///
    /// # Errors
    /// It is not there, or something in it is wrong: what and where.
    pub fn read(dir: &Path) -> Result<Self, Vec<Problem>> {
        let text = crate::open::settings_text(&dir.join(FILE)).map_err(|error| {
            let message = format!("cannot read `{FILE}`: {error}");
            let weeks = "the weeks of the term, such as\n[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n\
                         holidays = [\"2026-09-04\"]\nabsent = [\"jansen:mon\"]";
            let problem = Problem::error("bad-week", message).file(FILE).found(error.to_string());
            vec![problem.expected(weeks).help("write it, as in docs/roll.md")]
        })?;
        let mut term: Self = toml::from_str(&text).map_err(|error| {
            let message = error.message().replace('\n', ", ");
            let problem = Problem::error("bad-week", message).found("weeks that cannot be read");
            let problem = problem.expected("`[[week]]` with `week` and `start`, as in docs/roll.md");
            let span = error.span().unwrap_or(0..0);
            vec![problem.help("correct the line").at(&Source::new(FILE, text.clone()), span)]
        })?;
        term.origins = Some(Arc::new(Origins::new(text)));
        let problems = term.odd_weeks();
        if problems.is_empty() { Ok(term) } else { Err(problems) }
    }

    /// Names that no folder can have or that two weeks have, and starts that are no date.
    fn odd_weeks(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (at, week) in self.weeks.iter().enumerate() {
            let mut told = |key: &'static str, found: &str, message: String, expected: &str| {
                let message = format!("week `{}`: {message}", week.week);
                let problem = Problem::error("bad-week", message).found(format!("`{found}`"));
                let problem = problem.expected(expected).help(format!("correct `{key}`"));
                problems.push(self.place(problem, At { week: at, key, item: None }));
            };
            if !is_folder_name(&week.week) {
                let message = "a folder cannot be called so; use a name such as 36".to_owned();
                told("week", &week.week, message, "a name that a folder can have");
            }
            if self.weeks[..at].iter().any(|other| other.week == week.week) {
                told("week", &week.week, "stands here a second time".to_owned(), "a name of its own");
            }
            if let Err(error) = day_number(&week.start) {
                told("start", &week.start, error.to_string(), "a date such as \"2026-08-31\"");
            }
        }
        problems
    }

    /// The problem with the place of what it is about: the value, else its week, else the file.
    pub(super) fn place(&self, problem: Problem, at: At) -> Problem {
        let problem = problem.field(at.key);
        match &self.origins {
            Some(origins) => origins.place(problem, at),
            None => problem.file(FILE),
        }
    }

    /// Index of a week.
    ///
    /// # Errors
    /// The term has no such week.
    pub fn find(&self, name: &str) -> anyhow::Result<usize> {
        let names: Vec<&str> = self.weeks.iter().map(|week| week.week.as_str()).collect();
        let found = names.iter().position(|known| *known == name);
        found.with_context(|| format!("weeks.toml has no week `{name}`; it has {}", names.join(", ")))
    }
}

impl Week {
    /// The days, by index into the school's, on which there is no school.
    ///
    /// # Errors
    /// A date outside the week, or a word that is no day.
    pub fn days_off(&self, days: &[String]) -> anyhow::Result<Vec<usize>> {
        self.holidays.iter().map(|holiday| self.day_off(holiday, days)).collect()
    }

    /// The days of the week whose dates are not before the one and not after the other, where given.
    ///
    /// # Errors
    /// The week starts on no date.
    pub(super) fn days_between(&self, days: usize, from: &str, until: &str) -> anyhow::Result<Vec<usize>> {
        let limit = |text: &str, open: i64| if text.is_empty() { Ok(open) } else { day_number(text) };
        let (from, until) = (limit(from, i64::MIN)?, limit(until, i64::MAX)?);
        let start = day_number(&self.start)?;
        let a_week = days.div_ceil(days.div_ceil(DAYS_A_WEEK as usize).max(1)).max(1);
        let date = |day: usize| start + (day / a_week) as i64 * DAYS_A_WEEK + (day % a_week) as i64;
        Ok((0..days).filter(|&day| (from..=until).contains(&date(day))).collect())
    }

    pub(super) fn day_off(&self, holiday: &str, days: &[String]) -> anyhow::Result<usize> {
        if let Some(day) = days.iter().position(|day| day == holiday) {
            return Ok(day);
        }
        let Ok(date) = day_number(holiday) else {
            bail!(
                "week `{}`: `{holiday}` is no date such as 2026-09-04 and none of {}",
                self.week,
                days.join(", ")
            );
        };
        let weeks = days.len().div_ceil(DAYS_A_WEEK as usize).max(1);
        let a_week = days.len().div_ceil(weeks);
        let after = date - day_number(&self.start)?;
        let (week, day) = (after.div_euclid(DAYS_A_WEEK), after.rem_euclid(DAYS_A_WEEK));
        let index = week * a_week as i64 + day;
        match usize::try_from(index) {
            Ok(index) if day < a_week as i64 && index < days.len() => Ok(index),
            _ => bail!(
                "week `{}`: {holiday} is no school day of the week that starts on {}",
                self.week,
                self.start
            ),
        }
    }
}

/// The day of the week of a date.
pub(super) fn weekday_of(date: &str) -> Option<Weekday> {
    // The first of March of the year 0 was a Wednesday.
    let day = (day_number(date).ok()? + 1).rem_euclid(DAYS_A_WEEK);
    u8::try_from(day).ok().map(Weekday)
}

/// Days since the first of March of the year 0, of a date of the Gregorian calendar.
fn day_number(date: &str) -> anyhow::Result<i64> {
    let wrong = || anyhow!("`{date}` is no date; write it as 2026-08-31");
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return Err(wrong()) };
    let number = |text: &str, digits: usize| -> anyhow::Result<i64> {
        if text.len() == digits { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(wrong()),
    };
    if !(1..=length).contains(&day) {
        return Err(wrong());
    }
    // Years begin in March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Ok(year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(holidays: &[&str]) -> Week {
        Week {
            week: "9".into(),
            start: "2028-02-28".into(),
            holidays: holidays.iter().map(|&day| day.into()).collect(),
            absent: Vec::new(),
            closed: Vec::new(),
        }
    }

    #[test]
    fn holidays_are_dates_or_days() {
        let days = ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned);
        // 2028 is a leap year.
        let off = week(&["2028-02-29", "2028-03-01", "fri"]).days_off(&days).expect("days");
        assert_eq!(off, [1, 2, 4]);
        for wrong in ["2028-03-04", "2028-03-06", "2028-02-27", "2028-02-30", "sunday", "1-3-2028"] {
            assert!(week(&[wrong]).days_off(&days).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let term = Term { history: HISTORY, weeks: vec![week(&["fri"])], origins: None };
        let read = serde_json::to_value(&term).expect("JSON");
        let schema = schema();
        let keys = |value: &Value| value.as_object().expect("a table").keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&read), keys(&schema["properties"]));
        let of_week = &schema["properties"]["week"]["items"];
        assert_eq!(keys(&read["week"][0]), keys(&of_week["properties"]));
        for key in keys(&read["week"][0]) {
            let mut without = read.clone();
            without["week"][0].as_object_mut().expect("a table").remove(&key);
            let may = serde_json::from_value::<Term>(without).is_ok();
            let must = of_week["required"].as_array().expect("a list").contains(&json!(key));
            assert_eq!(may, !must, "{key}");
        }
    }

    #[test]
    fn a_date_needs_no_quotes() {
        let text = "[[week]]\nweek = \"36\"\nstart = 2026-08-31\nholidays = [2026-09-04, \"mon\"]\n";
        let term: Term = toml::from_str(text).expect("a term");
        assert_eq!((&*term.weeks[0].start, &*term.weeks[0].holidays[0]), ("2026-08-31", "2026-09-04"));
        let wrong = toml::from_str::<Term>("[[week]]\nweek = \"36\"\nstart = 31\n").expect_err("no date");
        assert!(wrong.to_string().contains("expected a date"), "{wrong}");
    }

    #[test]
    fn a_cycle_of_two_weeks_skips_the_weekend() {
        let days: Vec<String> = (0..10).map(|day| format!("d{day}")).collect();
        assert_eq!(week(&["2028-03-07"]).days_off(&days).expect("days"), [6]);
    }
}
