//! Times at which somebody or something is busy, to rows of `busy.csv`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::exchange::dates::Calendar;
use crate::read::columns;
use crate::school::{Id, clock};

use super::Draft;

const DAY: i64 = 24 * 60;

/// Rows by kind and id, with the day and the minutes of it.
pub struct BusyTimes {
    note: &'static str,
    rows: BTreeSet<(String, String, usize, i64, i64)>,
}

impl BusyTimes {
    pub fn new(note: &'static str) -> Self {
        Self { note, rows: BTreeSet::new() }
    }

    /// Adds the time as far as it falls on days of the calendar; says whether it does.
    pub fn add(
        &mut self,
        kind: &str,
        id: &str,
        calendar: &Calendar,
        start: Timestamp,
        end: Timestamp,
    ) -> bool {
        let by_school = |at: Timestamp| calendar.zone().to_datetime(at);
        let (start, end) = (by_school(start), by_school(end));
        let mut within = false;
        for &(date, day) in &calendar.days {
            if let Some((from, to)) = minutes_on(date, start, end) {
                self.rows.insert((kind.to_owned(), id.to_owned(), day.index(), from, to));
                within = true;
            }
        }
        within
    }

    /// Takes the place of all rows with the same note.
    pub fn into_draft(self, days: &[String]) -> Draft {
        let mut draft = new_draft();
        draft.replaces = Some(vec![("note", self.note.to_owned())]);
        for (kind, id, day, from, to) in self.rows {
            push(&mut draft, &kind, &id, days.get(day).map_or("", String::as_str), (from, to), self.note);
        }
        draft
    }
}

pub fn new_draft() -> Draft {
    Draft::new(&columns::BUSY, ["kind", "id", "day", "start", "end", "note"])
}

/// Adds a row; a whole day has no times.
pub fn push(draft: &mut Draft, kind: &str, id: &str, day: &str, (from, to): (i64, i64), note: &str) {
    let time = |minutes: i64| u16::try_from(minutes).map(clock).unwrap_or_default();
    let [start, end] = if (from, to) == (0, DAY) { Default::default() } else { [time(from), time(to)] };
    draft.push([kind, id, day, &start, &end, note]);
}

/// First and last minute of the day that a time takes, if it takes any; a minute begun is a minute taken.
pub fn minutes_on(date: Date, start: DateTime, end: DateTime) -> Option<(i64, i64)> {
    let since = |at: DateTime| date.to_datetime(Time::midnight()).duration_until(at).as_secs();
    let start = since(start).div_euclid(60).max(0);
    let end = (since(end) + 59).div_euclid(60).min(DAY);
    (start < end).then_some((start, end))
}
