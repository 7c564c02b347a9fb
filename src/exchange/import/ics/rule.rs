//! The times of a recurrence rule (RFC 5545, section 3.3.10).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, time};
use jiff::tz::TimeZone;
use rrule::{Frequency, NWeekday, RRuleError, RRuleSet};

use super::moment::Moment;

/// Repetitions that are followed at most: every hour for thirty years.
const FOLLOWED: usize = 270_000;

/// A rule whose times are by the clock of its start, each written as if that were UTC.
#[derive(Debug)]
pub struct Rule(RRuleSet);

impl Rule {
    /// The rule of an event that starts first at `start`.
    ///
    /// # Errors
    /// A part that cannot be read or is not followed.
    pub fn read(text: &str, start: &Moment) -> Result<Self, String> {
        let text = text.to_ascii_uppercase();
        let mut parts: Vec<String> = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("FREQ", "MINUTELY" | "SECONDLY")) => {
                    return Err(format!("leerzone does not follow `{part}`"));
                }
                Some(("UNTIL", last)) => {
                    let last = until(last, start).ok_or_else(|| format!("cannot read `{part}`"))?;
                    parts.push(format!("UNTIL={}", written(last)));
                }
                _ => parts.push(part.to_owned()),
            }
        }
        let set = format!("DTSTART:{}\nRRULE:{}", written(start.at), parts.join(";")).parse::<RRuleSet>();
        let set = set.map_err(|error| told(&error))?;
        for rule in set.get_rrule() {
            let numbered = |day: &NWeekday| matches!(day, NWeekday::Nth(..));
            let short = !matches!(rule.get_freq(), Frequency::Monthly | Frequency::Yearly);
            if rule.get_interval() == 0 {
                return Err("cannot read `INTERVAL=0`".to_owned());
            }
            if short && rule.get_by_weekday().iter().any(numbered) {
                return Err("BYDAY has a number, which only months and years can have".to_owned());
            }
        }
        Ok(Self(set.limit()))
    }

    /// When it starts, from the day `from` to the day `until`.
    pub fn times(&self, from: Date, until: Date) -> impl Iterator<Item = DateTime> {
        let times = self.0.into_iter().take(FOLLOWED).map_while(|time| {
            let time = Timestamp::from_second(time.timestamp()).ok()?;
            Some(TimeZone::UTC.to_datetime(time))
        });
        times.skip_while(move |time| time.date() < from).take_while(move |time| time.date() <= until)
    }
}

fn told(error: &RRuleError) -> String {
    let text = match error {
        RRuleError::ParserError(error) => error.to_string(),
        RRuleError::ValidationError(error) => error.to_string(),
        error => error.to_string(),
    };
    text.trim_end_matches('.').to_owned()
}

fn written(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The last time, by the clock of the start; a day counts to its end.
fn until(text: &str, start: &Moment) -> Option<DateTime> {
    let last = Moment::parse(text, None, &start.zone)?;
    let at = last.by(&start.zone)?;
    let whole = last.whole || start.whole;
    Some(if whole { at.date().to_datetime(time(23, 59, 59, 0)) } else { at })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::super::moment::Moment;
    use super::Rule;

    fn read(rule: &str, start: &str) -> Result<Rule, String> {
        let start = Moment::parse(start, None, &TimeZone::UTC).expect("a start");
        Rule::read(rule, &start)
    }

    /// Days of January to March 2027 as the standard has them.
    #[test]
    fn rules_fall_on_the_days_of_the_standard() {
        for (rule, start, days) in [
            (
                "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;COUNT=4",
                "20270104T090000",
                "01-04 01-06 01-08 01-12",
            ),
            ("FREQ=DAILY;UNTIL=20270107T085959Z", "20270105T090000", "01-05 01-06"),
            ("FREQ=DAILY;UNTIL=20270107", "20270105T090000", "01-05 01-06 01-07"),
            ("FREQ=WEEKLY;COUNT=3", "20270105T090000", "01-05 01-12 01-19"),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "20270105", "01-05 01-10 01-19 01-24"),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "20270105", "01-05 01-17 01-19 01-31"),
            ("freq=weekly;byday=mo;byhour=9;byminute=0;count=2", "20270104T090000", "01-04 01-11"),
            ("FREQ=MONTHLY;COUNT=3", "20270131", "01-31 03-31 05-31"),
            ("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "20270112", "01-12 02-09 03-09"),
            ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "20270129", "01-29 02-26"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "20270131", "01-31 02-28"),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=1", "20270813", "08-13"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "20270129", "01-29 02-26"),
            ("FREQ=YEARLY;BYMONTH=1,2;COUNT=3", "20270110", "01-10 02-10"),
            ("FREQ=YEARLY;BYDAY=20MO", "20270517", "05-17"),
            ("FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO", "20270104T090000", "01-18"),
            ("FREQ=YEARLY;BYMONTH=1;BYDAY=-1SU", "20270131", "01-31"),
            // A first start that the rule does not name is the event's own.
            ("FREQ=WEEKLY;BYDAY=WE;COUNT=2", "20270104T090000", "01-06 01-13"),
        ] {
            let read = read(rule, start).expect(rule);
            let found = read.times(date(2027, 1, 1), date(2027, 8, 31));
            let found: Vec<String> = found.map(|day| day.strftime("%m-%d").to_string()).collect();
            assert_eq!(found.join(" "), days, "{rule}");
        }
    }

    #[test]
    fn a_rule_may_name_hours() {
        let read = read("FREQ=DAILY;BYHOUR=9,11;COUNT=3", "20270104T090000").expect("a rule");
        let found: Vec<String> = read
            .times(date(2027, 1, 1), date(2027, 8, 31))
            .map(|at| at.strftime("%m-%d %H:%M").to_string())
            .collect();
        assert_eq!(found, ["01-04 09:00", "01-04 11:00", "01-05 09:00"]);
    }

    /// Days that no year has, a start before the first calendar and after the last: no end and no fault.
    #[test]
    fn odd_rules_end() {
        for (rule, start) in [
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "20270104T090000"),
            ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "20270104T090000"),
            ("FREQ=DAILY;COUNT=4000000", "00010101"),
            ("FREQ=DAILY", "99991231"),
            ("FREQ=YEARLY;INTERVAL=65535", "99991231T235959"),
            ("FREQ=MONTHLY;BYDAY=53MO,-53MO;BYSETPOS=366,-366", "20270104T090000"),
            ("FREQ=WEEKLY;BYDAY=2MO", "20270104T090000"),
            ("FREQ=HOURLY", "19000101T000000"),
        ] {
            if let Ok(read) = read(rule, start) {
                read.times(date(2027, 1, 1), date(2027, 1, 31)).for_each(drop);
            }
        }
    }

    #[test]
    fn what_cannot_be_followed_is_told() {
        for (rule, told) in [
            ("FREQ=SECONDLY", "leerzone does not follow `FREQ=SECONDLY`"),
            ("FREQ=DAILY;COUNT=oops", "`OOPS` is not a valid COUNT"),
            ("FREQ=DAILY;INTERVAL=0", "cannot read `INTERVAL=0`"),
            ("FREQ=DAILY;UNTIL=soon", "cannot read `UNTIL=SOON`"),
            ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "duplicate property for `BYDAY`"),
            ("FREQ=DAILY;BYHOUR=99", "BYHOUR"),
            ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY has a number, which only months and years can have"),
            ("COUNT=3", "`FREQ` wasn't found"),
        ] {
            let found = read(rule, "20270104T090000").err();
            assert!(found.as_ref().is_some_and(|found| found.contains(told)), "{rule}: {found:?}");
        }
    }
}
