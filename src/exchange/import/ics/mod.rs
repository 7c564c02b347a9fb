//! The busy times of a person or place from an iCalendar file, for one round of the school's days.

mod event;
mod lines;
mod moment;
mod rule;

use std::collections::HashSet;
use std::path::Path;

use jiff::civil::{Date, DateTime, Time};

use crate::exchange::dates::Calendar;
use crate::open;
use crate::read::columns;
use crate::school::{Id, clock};

use super::{Draft, Import};
use event::{Event, Round};
use lines::Component;

/// What stands as note in the rows: titles of appointments are nobody else's business.
const NOTE: &str = "calendar";
const DAY: i64 = 24 * 60;

/// Rows of `busy.csv` for `id`, which is a `kind` of that file. They take the place of the rows of an earlier import,
/// also where there are none, unless something could not be read.
///
/// # Errors
/// The file cannot be read or is no calendar.
pub fn import(
    source: &Path,
    days: &[String],
    calendar: &Calendar,
    kind: &str,
    id: &str,
) -> Result<Import, String> {
    let name = source.display();
    let text = open::text(source).map_err(|error| format!("cannot read {name}: {error}"))?;
    if !text.contains("BEGIN:VCALENDAR") {
        return Err(format!("{name} is no iCalendar file: it has no BEGIN:VCALENDAR"));
    }
    let components = lines::read(&text).map_err(|error| format!("{name}:{error}"))?;
    let round = Round { school: calendar.zone(), first: calendar.from, last: calendar.until };
    let events = || components.iter().filter(|component| component.name == "VEVENT");
    let mut notes = Vec::new();
    let mut momentary = Vec::new();
    let moved = event::moved(events(), round, &mut notes);
    let mut busy: HashSet<(usize, i64, i64)> = HashSet::new();
    for event in events().filter(|event| takes_time(event)) {
        // By its time: what it is about is nobody else's business.
        let called = event.first("DTSTART").map_or("no time", |start| start.value.as_str());
        let of_event = |(line, message)| (line, format!("the event of {called}: {message}"));
        let mut told = Vec::new();
        match Event::read(event, &moved, round, &mut told) {
            Ok(read) if read.takes_no_time() => {
                let message = "it has no end later than its start: it takes no time".to_owned();
                momentary.push(of_event((event.line, message)));
            }
            Ok(event) => {
                for (start, end) in event.times(round) {
                    let on = |date| minutes_on(date, start, end);
                    busy.extend(
                        calendar.days.iter().filter_map(|&(date, day)| {
                            on(date).map(|(start, end)| (day.index(), start, end))
                        }),
                    );
                }
            }
            Err(note) => told.push(note),
        }
        notes.extend(told.into_iter().map(of_event));
    }
    for free_busy in components.iter().filter(|component| component.name == "VFREEBUSY") {
        notes.push((free_busy.line, "VFREEBUSY is not read: its times are left out".to_owned()));
    }
    let all_read = notes.is_empty();
    let mut import = Import::default();
    notes.extend(momentary);
    notes.sort_unstable();
    notes.iter().for_each(|(line, message)| import.note(format!("{name}:{line}"), message));
    let mut rows: Vec<_> = busy.into_iter().collect();
    rows.sort_unstable();
    let mut draft = Draft::new(&columns::BUSY, ["kind", "id", "day", "start", "end", "note"]);
    draft.replaces = Some(vec![("kind", kind.to_owned()), ("id", id.to_owned()), ("note", NOTE.to_owned())]);
    let time = |minutes: i64| u16::try_from(minutes).map(clock).unwrap_or_default();
    for (day, start, end) in rows {
        let whole = start == 0 && end == DAY;
        let [start, end] = if whole { Default::default() } else { [time(start), time(end)] };
        draft.push([kind, id, days.get(day).map_or("", String::as_str), &start, &end, NOTE]);
    }
    if draft.rows.is_empty() && all_read {
        import.clear(draft);
    } else {
        import.add(draft);
    }
    Ok(import)
}

/// Events that leave the time free or were called off do not count.
fn takes_time(event: &Component) -> bool {
    !event.has("TRANSP", "TRANSPARENT") && !event.has("STATUS", "CANCELLED")
}

/// First and last minute of the day that it takes, if it takes any; a minute begun is a minute taken.
fn minutes_on(date: Date, start: DateTime, end: DateTime) -> Option<(i64, i64)> {
    let since = |at: DateTime| date.to_datetime(Time::midnight()).duration_until(at).as_secs();
    let start = since(start).div_euclid(60).max(0);
    let end = (since(end) + 59).div_euclid(60).min(DAY);
    (start < end).then_some((start, end))
}
