//! Dates and times as they stand in an iCalendar file, each by its own clock.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};

use super::lines::Property;
use super::zones::Zones;

/// A date, or a time by the clock of a zone.
#[derive(Clone, Debug)]
pub struct Moment {
    pub at: DateTime,
    pub zone: TimeZone,
    /// A date without a time.
    pub whole: bool,
}

impl Moment {
    /// Times without a zone are by the clock of the school.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(text: &str, property: &Property, zones: &Zones) -> Result<Self, String> {
        let text = text.trim();
        let zone = match property.parameter("TZID").filter(|_| text.contains('T') && !text.ends_with('Z')) {
            Some(name) => Some(
                zones
                    .find(name)
                    .ok_or_else(|| format!("cannot read the time `{text}` in the time zone `{name}`"))?,
            ),
            None => None,
        };
        Self::parse(text, zone.as_ref(), &zones.school)
            .ok_or_else(|| format!("cannot read the time `{text}`"))
    }

    pub fn parse(text: &str, zone: Option<&TimeZone>, school: &TimeZone) -> Option<Self> {
        if !text.contains('T') {
            let date = Date::strptime("%Y%m%d", text).ok()?;
            return Some(Self { at: date.to_datetime(Time::midnight()), zone: school.clone(), whole: true });
        }
        let (local, utc) = text.strip_suffix('Z').map_or((text, false), |local| (local, true));
        let at = DateTime::strptime("%Y%m%dT%H%M%S", local).ok()?;
        let zone = match zone {
            _ if utc => TimeZone::UTC,
            zone => zone.unwrap_or(school).clone(),
        };
        Some(Self { at, zone, whole: false })
    }

    /// What the clock of another zone shows then; a date stays what it is.
    pub fn by(&self, zone: &TimeZone) -> Option<DateTime> {
        if self.whole || self.zone == *zone {
            return Some(self.at);
        }
        Some(zone.to_datetime(self.zone.to_timestamp(self.at).ok()?))
    }
}

/// Time from one moment to another by one clock.
pub fn from_to(from: DateTime, to: DateTime) -> SignedDuration {
    from.duration_until(to)
}

/// Time that a `DURATION` such as `PT45M` takes from a moment on.
///
/// # Errors
/// What cannot be read.
pub fn duration(text: &str, from: DateTime) -> Result<SignedDuration, String> {
    let span: Span = text
        .trim()
        .parse()
        .map_err(|_| format!("cannot read the duration `{}`, such as PT45M", text.trim()))?;
    let to = from.checked_add(span).map_err(|_| "it ends after the year 9999".to_owned())?;
    Ok(from_to(from, to))
}
