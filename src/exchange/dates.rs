//! From the days of the cycle to the dates of a term.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::pluralize::pluralize;
use crate::school::{BlockId, DayId, Id, School};
use crate::timetable::{Weekday, weekday};

/// Weeks that a term may have at most; more is a slip of the hand.
const MOST_WEEKS: u32 = 104;

/// What the command line says of a term.
#[derive(Clone, Debug)]
pub struct Term {
    pub from: Date,
    pub weeks: u32,
    /// First and last day of each holiday.
    pub holidays: Vec<(Date, Date)>,
    /// Weekdays of the days of the cycle, where their labels do not say so.
    pub weekdays: Option<Vec<Weekday>>,
    /// Name in the time zone database.
    pub zone: String,
}

/// The dates on which a school's days fall.
#[derive(Debug)]
pub struct Calendar {
    zone: TimeZone,
    pub zone_name: String,
    pub from: Date,
    /// The last day of the term.
    pub until: Date,
    /// In order of time.
    pub days: Vec<(Date, DayId)>,
}

impl Calendar {
    /// # Errors
    /// What is wrong with the term, and how to mend it.
    pub fn new(days: &[String], term: &Term) -> Result<Self, String> {
        let zone = TimeZone::get(&term.zone).map_err(|_| {
            format!("unknown time zone `{}`: give a name such as Europe/Amsterdam", term.zone)
        })?;
        if term.weeks == 0 || term.weeks > MOST_WEEKS {
            return Err(format!("{}: expected 1 to {MOST_WEEKS}", pluralize(term.weeks as usize, "week")));
        }
        let offsets = offsets(days, term.weekdays.as_deref())?;
        let cycle = cycle(&offsets);
        let too_late = |_| {
            format!(
                "the days from {} on go beyond the year 9999: give an earlier date with --from",
                term.from
            )
        };
        let monday = term
            .from
            .checked_sub(i64::from(term.from.weekday().to_monday_zero_offset()).days())
            .map_err(too_late)?;
        let mut dates = Vec::new();
        let mut date = term.from;
        let mut until = term.from;
        for _ in 0..term.weeks * 7 {
            until = date;
            let since = (date - monday).get_days();
            let position = u32::try_from(since).unwrap_or(0) % cycle;
            let free = term.holidays.iter().any(|(first, last)| *first <= date && date <= *last);
            if let (Ok(day), false) = (offsets.binary_search(&position), free) {
                dates.push((date, DayId::new(day)));
            }
            date = date.tomorrow().map_err(too_late)?;
        }
        Ok(Self { zone, zone_name: term.zone.clone(), from: term.from, until, days: dates })
    }

    /// Every date of the block with its start and end.
    ///
    /// # Errors
    /// A date beyond what a clock can show.
    pub fn times(
        &self,
        school: &School,
        block: BlockId,
    ) -> Result<Vec<(Date, Timestamp, Timestamp)>, String> {
        let row = &school[block];
        let dates = self.days.iter().filter(|(_, day)| *day == row.day);
        dates.map(|&(date, _)| Ok((date, self.at(date, row.start)?, self.at(date, row.end)?))).collect()
    }

    /// That of the school.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The moment `minutes` after midnight; 24:00 is midnight of the next day.
    fn at(&self, date: Date, minutes: u16) -> Result<Timestamp, String> {
        let moment = || -> Result<Timestamp, jiff::Error> {
            let time: DateTime =
                date.to_datetime(Time::midnight()).checked_add(i64::from(minutes).minutes())?;
            self.zone.to_timestamp(time)
        };
        moment().map_err(|error| format!("{date}: {error}"))
    }
}

/// Days from the Monday of the first week to each day of the cycle, rising.
fn offsets(days: &[String], given: Option<&[Weekday]>) -> Result<Vec<u32>, String> {
    let list = days.join(", ");
    let weekdays: Vec<Weekday> = match given {
        Some(given) if given.len() == days.len() => given.to_vec(),
        Some(given) => {
            return Err(format!(
                "--weekdays names {}; the cycle has {}: {list}",
                pluralize(given.len(), "weekday"),
                pluralize(days.len(), "day")
            ));
        }
        None => {
            let known: Option<Vec<Weekday>> = days.iter().map(|label| weekday(label)).collect();
            known.ok_or_else(|| {
                format!(
                    "which weekdays are the days {list}? Say so for each with --weekdays, such as \
                     --weekdays mon,tue,wed,thu,fri"
                )
            })?
        }
    };
    let mut offsets: Vec<u32> = Vec::new();
    for Weekday(day) in weekdays {
        let day = u32::from(day);
        offsets.push(match offsets.last() {
            None => day,
            Some(last) => last + 1 + (day + 7 - (last + 1) % 7) % 7,
        });
    }
    Ok(offsets)
}

/// Days of the whole weeks that the cycle takes.
fn cycle(offsets: &[u32]) -> u32 {
    offsets.last().map_or(7, |last| (last / 7 + 1) * 7)
}

/// Weeks that a cycle of these days takes.
///
/// # Errors
/// As of [`Calendar::new`].
pub fn cycle_weeks(days: &[String], weekdays: Option<&[Weekday]>) -> Result<u32, String> {
    Ok(cycle(&offsets(days, weekdays)?) / 7)
}

/// `2027-01-11`.
///
/// # Errors
/// What was expected.
pub fn date(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is not a date: write it as 2027-01-11"))
}
