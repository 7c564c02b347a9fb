//! The busy times of a person or place from an iCalendar file, for one round of the school's days.

mod event;
mod lines;
mod moment;
mod rule;
mod zones;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::delimited::decode;
use crate::exchange::dates::Calendar;
use crate::open;
use crate::school::Id;

use super::Import;
use super::busy_times::{self, minutes_on};
use event::{Event, Round};
use lines::Component;
use zones::Zones;

/// What stands as note in the rows: titles of appointments are nobody else's business.
const NOTE: &str = "calendar";

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
    let name = source.display().to_string();
    let bytes = open::bytes(source).map_err(|error| format!("cannot read {name}: {error}"))?;
    let (text, _) = decode(&bytes);
    if !text.contains("BEGIN:VCALENDAR") {
        return Err(format!("{name} is no iCalendar file: it has no BEGIN:VCALENDAR"));
    }
    let components = lines::read(&text).map_err(|error| format!("{name}:{error}"))?;
    let zones = Zones::new(&components, calendar.zone().clone());
    let round = Round { zones: &zones, first: calendar.from, last: calendar.until };
    let revised = last_revisions(&components);
    let events = || revised.iter().copied();
    let mut import = Import::default();
    let all = components.iter().filter(|component| component.name == "VEVENT").count();
    import.count(&name, all);
    import.skip(&name, "replaced by a later revision", all - revised.len());
    let mut notes = Vec::new();
    let mut momentary = Vec::new();
    let moved = event::moved(events(), round, &mut notes);
    let mut busy: HashSet<(usize, i64, i64)> = HashSet::new();
    for event in events() {
        if !takes_time(event) {
            import.skip(&name, "free or cancelled", 1);
            continue;
        }
        // By its time: what it is about is nobody else's business.
        let called = event.first("DTSTART").map_or("no time", |start| start.value.as_str());
        let of_event = |(line, message)| (line, format!("the event of {called}: {message}"));
        let mut remarks = Vec::new();
        match Event::read(event, &moved, round, &mut remarks) {
            Ok(read) if read.takes_no_time() => {
                let message = "it has no end later than its start: it takes no time".to_owned();
                momentary.push(of_event((event.line, message)));
                import.skip(&name, "takes no time", 1);
            }
            Ok(event) => {
                let mut within = false;
                for (start, end) in event.times(round) {
                    for &(date, day) in &calendar.days {
                        if let Some((start, end)) = minutes_on(date, start, end) {
                            busy.insert((day.index(), start, end));
                            within = true;
                        }
                    }
                }
                import.skip(&name, "not in these days", usize::from(!within));
            }
            Err(note) => {
                remarks.push(note);
                import.skip(&name, "cannot be read", 1);
            }
        }
        notes.extend(remarks.into_iter().map(of_event));
    }
    for free_busy in components.iter().filter(|component| component.name == "VFREEBUSY") {
        notes.push((free_busy.line, "VFREEBUSY is not read: its times are left out".to_owned()));
    }
    let all_read = notes.is_empty();
    notes.extend(momentary);
    notes.sort_unstable();
    notes.iter().for_each(|(line, message)| import.note(format!("{name}:{line}"), message));
    let mut rows: Vec<_> = busy.into_iter().collect();
    rows.sort_unstable();
    let mut draft = busy_times::new_draft();
    draft.replaces = Some(vec![("kind", kind.to_owned()), ("id", id.to_owned()), ("note", NOTE.to_owned())]);
    for (day, start, end) in rows {
        let day = days.get(day).map_or("", String::as_str);
        busy_times::push(&mut draft, kind, id, day, (start, end), NOTE);
    }
    if draft.rows.is_empty() && all_read {
        import.clear(draft);
    } else {
        import.add(draft);
    }
    Ok(import)
}

/// The events of a calendar; of one that stands there several times, the last revision. Some programs give all events
/// one UID, so that those of equal revision are different events.
fn last_revisions(components: &[Component]) -> Vec<&Component> {
    let key = |event: &Component| {
        let of = event.first("RECURRENCE-ID").map(|of| of.value.clone());
        Some((event.first("UID")?.value.clone(), of))
    };
    let revision = |event: &Component| {
        let number = event.first("SEQUENCE").and_then(|number| number.value.parse::<u64>().ok());
        number.unwrap_or(0)
    };
    let events = || components.iter().filter(|component| component.name == "VEVENT");
    let mut last: HashMap<(String, Option<String>), u64> = HashMap::new();
    for event in events() {
        if let Some(key) = key(event) {
            let number = last.entry(key).or_default();
            *number = revision(event).max(*number);
        }
    }
    let is_last = |event: &&Component| key(event).is_none_or(|key| last[&key] == revision(event));
    events().filter(is_last).collect()
}

/// Events that leave the time free or were called off do not count. Outlook may say the former in a property of its own.
fn takes_time(event: &Component) -> bool {
    let free = match event.first("TRANSP") {
        Some(_) => event.has("TRANSP", "TRANSPARENT"),
        None => event.has("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"),
    };
    !free && !event.has("STATUS", "CANCELLED")
}
