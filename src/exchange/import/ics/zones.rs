//! The time zones of a calendar: names of the time zone database, the file's own definitions, and names of Windows.

use std::collections::HashMap;
use std::str::FromStr;

use calcard::common::timezone::Tz;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::lines::Component;

/// Zones by the names that times of the calendar use.
#[derive(Debug)]
pub struct Zones {
    pub school: TimeZone,
    own: HashMap<String, TimeZone>,
}

impl Zones {
    /// `components` in the order in which they end: the parts of a `VTIMEZONE` stand before it.
    pub fn new(components: &[Component], school: TimeZone) -> Self {
        let mut own = HashMap::new();
        let mut parts: Vec<&Component> = Vec::new();
        for component in components {
            match component.name.as_str() {
                "STANDARD" | "DAYLIGHT" => parts.push(component),
                "VTIMEZONE" => {
                    let parts = std::mem::take(&mut parts);
                    let place = component.first("X-LIC-LOCATION");
                    let place = place.and_then(|place| TimeZone::get(&place.value).ok());
                    if let (Some(id), Some(zone)) =
                        (component.first("TZID"), place.or_else(|| defined(&parts)))
                    {
                        own.insert(id.value.clone(), zone);
                    }
                }
                _ => {}
            }
        }
        Self { school, own }
    }

    /// The zone of a `TZID`: the time zone database knows more of the past than a calendar does, and a calendar more
    /// of its own zone than a table of names does.
    pub fn find(&self, name: &str) -> Option<TimeZone> {
        let plain = name.trim_start_matches('/');
        let known = TimeZone::get(plain).ok().or_else(|| self.own.get(name).cloned());
        known.or_else(|| {
            let Tz::Tz(zone) = Tz::from_str(name).ok()? else { return None };
            TimeZone::get(zone.name()).ok()
        })
    }
}

/// When a definition takes effect, and by which rule again each year.
struct Part<'c> {
    component: &'c Component,
    start: DateTime,
    /// Seconds east of Greenwich.
    offset: i64,
    rule: Option<&'c str>,
}

/// The zone that the last definitions of standard and daylight time make.
fn defined(parts: &[&Component]) -> Option<TimeZone> {
    let last = |name: &str| {
        let parts = parts.iter().filter(|part| part.name == name).filter_map(|part| Part::read(part));
        // A rule with an end is one of the past, unless there is no other.
        parts.max_by_key(|part| (!part.rule.is_some_and(|rule| rule.contains("UNTIL")), part.start))
    };
    let standard = last("STANDARD").or_else(|| last("DAYLIGHT"))?;
    let daylight = last("DAYLIGHT").filter(|part| part.component.name != standard.component.name);
    let text = match daylight.and_then(|part| Some((part.change()?, standard.change()?, part.offset))) {
        Some((to_daylight, to_standard, offset)) => {
            let [standard, daylight] = [standard.offset, offset].map(written);
            format!("<std>{standard}<dst>{daylight},{to_daylight},{to_standard}")
        }
        None => format!("<std>{}", written(standard.offset)),
    };
    TimeZone::posix(&text).ok()
}

impl<'c> Part<'c> {
    fn read(component: &'c Component) -> Option<Self> {
        let start = DateTime::strptime("%Y%m%dT%H%M%S", &component.first("DTSTART")?.value).ok()?;
        let offset = seconds(&component.first("TZOFFSETTO")?.value)?;
        let rule = component.first("RRULE").map(|rule| rule.value.as_str());
        Some(Self { component, start, offset, rule })
    }

    /// The change of each year as POSIX writes it: month, week and day of the week, time.
    fn change(&self) -> Option<String> {
        let (mut month, mut week, mut day) = (self.start.month(), None, None);
        for part in self.rule?.split(';') {
            match part.split_once('=')? {
                ("BYMONTH", number) => month = number.parse().ok()?,
                ("BYDAY", text) => {
                    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
                    let days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
                    day = days.iter().position(|day| *day == name);
                    week = match number.parse::<i8>().ok() {
                        Some(-1) => Some(5),
                        number => number.filter(|number| (1..=5).contains(number)),
                    };
                }
                // `BYDAY=SU` among the days 8 to 14 is the second Sunday.
                ("BYMONTHDAY", days) if week.is_none() => {
                    let first = days.split(',').filter_map(|day| day.parse::<i8>().ok()).min()?;
                    week = Some((first + 6) / 7);
                }
                _ => {}
            }
        }
        let time = self.start.time();
        Some(format!("M{month}.{}.{}/{}:{:02}:{:02}", week?, day?, time.hour(), time.minute(), time.second()))
    }
}

/// `+0100` or `-033000`.
fn seconds(offset: &str) -> Option<i64> {
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        ("+", digits) => (1, digits),
        _ => (1, offset),
    };
    let number = |from: usize| digits.get(from..from + 2)?.parse::<i64>().ok();
    Some(sign * (number(0)? * 3600 + number(2)? * 60 + number(4).unwrap_or(0)))
}

/// POSIX counts west of Greenwich.
fn written(offset: i64) -> String {
    let (sign, west) = if offset > 0 { ("-", offset) } else { ("", -offset) };
    format!("{sign}{}:{:02}:{:02}", west / 3600, west / 60 % 60, west % 60)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::super::lines::read;
    use super::Zones;

    fn zones(text: &str) -> Zones {
        Zones::new(&read(text).expect("a calendar"), TimeZone::UTC)
    }

    /// What midday in winter and summer is in UTC.
    fn middays(zones: &Zones, name: &str) -> Option<[i8; 2]> {
        let zone = zones.find(name)?;
        Some([1, 7].map(|month| {
            let midday = date(2027, month, 13).at(12, 0, 0, 0);
            TimeZone::UTC.to_datetime(zone.to_timestamp(midday).expect("a time")).hour()
        }))
    }

    #[test]
    fn zones_by_the_names_that_calendars_use() {
        let none = zones("");
        for (name, hours) in [
            ("Europe/Amsterdam", [11, 10]),
            ("/Europe/Stockholm", [11, 10]),
            ("/mozilla.org/20050126_1/Europe/London", [12, 11]),
            ("W. Europe Standard Time", [11, 10]),
            ("Romance Standard Time", [11, 10]),
            ("GMT Standard Time", [12, 11]),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", [11, 10]),
        ] {
            assert_eq!(middays(&none, name), Some(hours), "{name}");
        }
        assert_eq!(middays(&none, "Nowhere Standard Time"), None);
    }

    #[test]
    fn a_calendar_may_define_its_zones() {
        let zones = zones(
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Our own\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\n\
             TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\n\
             DTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
             RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n\
             BEGIN:VTIMEZONE\nTZID:Fixed\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0330\n\
             TZOFFSETTO:-0300\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n",
        );
        assert_eq!(middays(&zones, "Our own"), Some([11, 10]));
        assert_eq!(middays(&zones, "Fixed"), Some([15, 15]));
    }
}
