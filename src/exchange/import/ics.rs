//! The busy times of a person or place from an iCalendar file, for one round of the school's days.

use std::collections::HashSet;
use std::path::Path;

use icalendar::{Calendar as Ics, Component, Event};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use crate::exchange::dates::Calendar;
use crate::open;
use crate::read::columns;
use crate::school::{Id, clock};

use super::{Draft, Import};

/// What stands as note in the rows: titles of appointments are nobody else's business.
const NOTE: &str = "calendar";
const DAY: i64 = 24 * 60;
/// Days that a repeated event is followed at most.
const FOLLOWED: usize = 366 * 30;
/// Days that one occurrence of a repeated event lasts at most.
const LONGEST: i64 = 366;

/// Rows of `busy.csv` for `id`, which is a `kind` of that file.
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
    let ics: Ics = text.parse().map_err(|error| format!("{name} is no iCalendar file: {error}"))?;
    let mut import = Import::default();
    let moved = moved(&ics, calendar);
    let mut busy: HashSet<(usize, i64, i64)> = HashSet::new();
    for event in ics.events().filter(|event| takes_time(event)) {
        match Appointment::read(event, calendar, &moved) {
            Ok(appointment) => {
                for &(date, day) in &calendar.days {
                    let times = appointment.on(date);
                    busy.extend(times.into_iter().map(|(start, end)| (day.index(), start, end)));
                }
            }
            Err(message) => import.note(&name, message),
        }
    }
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
    import.add(draft);
    Ok(import)
}

/// Events that leave the time free or were called off do not count.
fn takes_time(event: &Event) -> bool {
    let is =
        |key: &str, value: &str| event.property_value(key).is_some_and(|v| v.eq_ignore_ascii_case(value));
    !is("TRANSP", "TRANSPARENT") && !is("STATUS", "CANCELLED")
}

/// Repetitions that an event of their own stands for, by UID.
fn moved(ics: &Ics, calendar: &Calendar) -> HashSet<(String, Date)> {
    let instead = |event: &Event| {
        let date = moment(event, "RECURRENCE-ID", calendar)?.ok()?.0.date();
        Some((event.property_value("UID")?.to_owned(), date))
    };
    ics.events().filter_map(instead).collect()
}

struct Appointment {
    start: DateTime,
    end: DateTime,
    repeat: Repeat,
    /// Dates on which it does not take place.
    except: HashSet<Date>,
}

enum Repeat {
    Never,
    Days { every: i64, until: Option<Date>, count: Option<usize> },
    Weeks { every: i64, weekdays: Vec<i8>, until: Option<Date>, count: Option<usize> },
}

impl Appointment {
    fn read(event: &Event, calendar: &Calendar, moved: &HashSet<(String, Date)>) -> Result<Self, String> {
        // By its time: what it is about is nobody else's business.
        let called = event.property_value("DTSTART").unwrap_or("no time").to_owned();
        let say = |message: String| format!("the event of {called}: {message}");
        let (start, whole) = moment(event, "DTSTART", calendar)
            .ok_or_else(|| say("it has no start".to_owned()))?
            .map_err(say)?;
        let too_late = |_| say("it ends after the year 9999".to_owned());
        let end = match (moment(event, "DTEND", calendar), event.property_value("DURATION")) {
            (Some(end), _) => end.map_err(say)?.0,
            (None, Some(text)) => {
                let span: Span = text
                    .parse()
                    .map_err(|_| say(format!("cannot read the duration `{text}`, such as PT45M")))?;
                start.checked_add(span).map_err(too_late)?
            }
            (None, None) if whole => start.checked_add(1.day()).map_err(too_late)?,
            (None, None) => return Err(say("it has neither an end nor a duration".to_owned())),
        };
        if end <= start {
            return Err(say("it ends before it starts".to_owned()));
        }
        let uid = event.property_value("UID").unwrap_or_default();
        let own = event.property_value("RECURRENCE-ID").is_some();
        let mut except: HashSet<Date> =
            moved.iter().filter(|(of, _)| !own && of == uid).map(|(_, date)| *date).collect();
        for property in event.multi_properties().get("EXDATE").into_iter().flatten() {
            except.extend(property.value().split(',').filter_map(|text| date_of(text.trim())));
        }
        except.extend(
            event.property_value("EXDATE").into_iter().flat_map(|list| list.split(',')).filter_map(date_of),
        );
        let repeat = match event.property_value("RRULE") {
            Some(rule) if !own => Repeat::read(rule, start.date()).map_err(say)?,
            _ => Repeat::Never,
        };
        Ok(Self { start, end, repeat, except })
    }

    /// Minutes of the day in which it takes place on a date, by all its repetitions.
    fn on(&self, date: Date) -> Vec<(i64, i64)> {
        let days_long = i64::from((self.end.date() - self.start.date()).get_days());
        let mut times = Vec::new();
        let reach = match self.repeat {
            // The one day on which it can have begun.
            Repeat::Never => {
                let back = i64::from((date - self.start.date()).get_days());
                back..=back
            }
            _ => 0..=days_long.min(LONGEST),
        };
        for back in reach.filter(|back| (0..=days_long).contains(back)) {
            let Ok(first) = date.checked_sub(back.days()) else { continue };
            if !self.begins(first) {
                continue;
            }
            let minute = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
            let start = if back == 0 { minute(self.start.time()) } else { 0 };
            let end = if back == days_long { minute(self.end.time()) } else { DAY };
            if start < end {
                times.push((start, end));
            }
        }
        times
    }

    fn begins(&self, date: Date) -> bool {
        let first = self.start.date();
        if date < first || self.except.contains(&date) {
            return false;
        }
        let (until, count) = match &self.repeat {
            Repeat::Never => return date == first,
            Repeat::Days { until, count, .. } | Repeat::Weeks { until, count, .. } => (*until, *count),
        };
        if until.is_some_and(|until| date > until) || !self.falls_on(date) {
            return false;
        }
        count.is_none_or(|count| {
            let days = first.series(1.day()).take(FOLLOWED).take_while(|day| *day <= date);
            days.filter(|day| self.falls_on(*day)).count() <= count
        })
    }

    fn falls_on(&self, date: Date) -> bool {
        let first = self.start.date();
        let days = i64::from((date - first).get_days());
        match &self.repeat {
            Repeat::Never => days == 0,
            Repeat::Days { every, .. } => days % every == 0,
            Repeat::Weeks { every, weekdays, .. } => {
                let monday = i64::from(first.weekday().to_monday_zero_offset());
                let weeks = (days + monday).div_euclid(7);
                weeks % every == 0 && weekdays.contains(&date.weekday().to_monday_zero_offset())
            }
        }
    }
}

impl Repeat {
    fn read(rule: &str, first: Date) -> Result<Self, String> {
        let part = |name: &str| {
            rule.split(';')
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, v)| v)
        };
        let odd = || format!("the repetition `{rule}` is neither daily nor weekly");
        if rule.split(';').any(|part| part.starts_with("BYSETPOS") || part.starts_with("BYMONTH")) {
            return Err(odd());
        }
        let every = part("INTERVAL").map_or(Ok(1), |text| text.parse::<i64>().map_err(|_| odd()))?.max(1);
        let until = part("UNTIL").and_then(date_of);
        let count = part("COUNT").and_then(|text| text.parse().ok());
        let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let day =
            |text: &str| names.iter().position(|name| *name == text).and_then(|at| i8::try_from(at).ok());
        match (part("FREQ"), part("BYDAY")) {
            (Some("DAILY"), None) => Ok(Repeat::Days { every, until, count }),
            (Some("WEEKLY"), days) | (Some("DAILY"), days @ Some(_)) => {
                let weekdays = match days {
                    None => vec![first.weekday().to_monday_zero_offset()],
                    Some(list) => {
                        list.split(',').map(|text| day(text).ok_or_else(odd)).collect::<Result<_, _>>()?
                    }
                };
                Ok(Repeat::Weeks { every, weekdays, until, count })
            }
            _ => Err(odd()),
        }
    }
}

/// The date that an iCalendar date or time begins with.
fn date_of(text: &str) -> Option<Date> {
    let digits = text.trim().get(..8)?;
    Date::strptime("%Y%m%d", digits).ok()
}

/// A date or time by the clock of the school, and whether it is a whole day; `None` where it is not given.
fn moment(event: &Event, key: &str, calendar: &Calendar) -> Option<Result<(DateTime, bool), String>> {
    let property = event.properties().get(key)?;
    let text = property.value().trim();
    let zone = property.params().get("TZID").map(|zone| zone.value().trim_matches('"'));
    Some(parse(text, zone, calendar).ok_or_else(|| {
        let zone = zone.map_or(String::new(), |zone| format!(" in the time zone `{zone}`"));
        format!("cannot read the time `{text}`{zone}")
    }))
}

fn parse(text: &str, zone: Option<&str>, calendar: &Calendar) -> Option<(DateTime, bool)> {
    if !text.contains('T') {
        return Some((date_of(text)?.to_datetime(Time::midnight()), true));
    }
    let local = DateTime::strptime("%Y%m%dT%H%M%S", text.trim_end_matches('Z')).ok()?;
    let zone = match (text.ends_with('Z'), zone) {
        (true, _) => TimeZone::UTC,
        (false, Some(zone)) => TimeZone::get(zone).ok()?,
        (false, None) => return Some((local, false)),
    };
    Some((calendar.local(zone.to_timestamp(local).ok()?), false))
}
