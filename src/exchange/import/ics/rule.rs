//! The days of a recurrence rule (RFC 5545, section 3.3.10).

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, time};

use super::moment::Moment;

/// Days that a rule with a COUNT is followed at most.
const FOLLOWED: i64 = 366 * 30;
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Period {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Debug)]
pub struct Rule {
    period: Period,
    /// Every how manieth period counts.
    every: i64,
    until: Option<DateTime>,
    count: Option<usize>,
    months: Vec<i8>,
    /// Below 0 from the end of the month.
    month_days: Vec<i8>,
    /// From Monday = 0, each with its number within the month or year; 0 is all of them.
    weekdays: Vec<(i16, i8)>,
    /// Which of the days of a period count; below 0 from its end.
    positions: Vec<i16>,
    week_start: i8,
}

impl Rule {
    /// The rule of an event that starts first at `start`, to be followed from the day `from` on.
    ///
    /// # Errors
    /// A part that cannot be read or is not followed.
    pub fn read(text: &str, start: &Moment, from: Date) -> Result<Self, String> {
        let text = text.to_ascii_uppercase();
        let mut period = None;
        let mut rule = Self {
            period: Period::Day,
            every: 1,
            until: None,
            count: None,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
            week_start: 0,
        };
        let mut seen: Vec<&str> = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let unread = || format!("cannot read `{part}`");
            let (key, value) = part.split_once('=').ok_or_else(unread)?;
            if seen.contains(&key) {
                return Err(format!("{key} is there twice"));
            }
            seen.push(key);
            match key {
                "FREQ" => period = Some(Period::read(value).ok_or_else(|| not_followed(part))?),
                "INTERVAL" => rule.every = number(value, 1, i64::MAX).ok_or_else(unread)?,
                "COUNT" => {
                    let count = number(value, 1, i64::MAX).and_then(|count| usize::try_from(count).ok());
                    rule.count = Some(count.ok_or_else(unread)?);
                }
                "UNTIL" => rule.until = Some(until(value, start).ok_or_else(unread)?),
                "WKST" => rule.week_start = weekday(value).ok_or_else(unread)?,
                "BYMONTH" => rule.months = numbers(value, 1, 12).ok_or_else(unread)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, -31, 31).ok_or_else(unread)?,
                "BYDAY" => rule.weekdays = weekdays(value).ok_or_else(unread)?,
                "BYSETPOS" => rule.positions = numbers(value, -366, 366).ok_or_else(unread)?,
                "BYHOUR" | "BYMINUTE" | "BYSECOND" if is_of(key, value, start) => {}
                _ => return Err(not_followed(part)),
            }
        }
        rule.period = period.ok_or("it has no FREQ")?;
        let short = matches!(rule.period, Period::Day | Period::Week);
        if short && rule.weekdays.iter().any(|(nth, _)| *nth != 0) {
            return Err("BYDAY has a number, which only months and years can have".to_owned());
        }
        if rule.period == Period::Week && !rule.month_days.is_empty() {
            return Err("BYMONTHDAY does not go with weeks".to_owned());
        }
        if rule.count.is_some() && start.at.date() < back(from, FOLLOWED) {
            return Err("COUNT is followed for 30 years at most".to_owned());
        }
        Ok(rule)
    }

    /// The days from `from` to `until` on which it starts. The first start always counts.
    pub fn days(&self, first: DateTime, from: Date, until: Date) -> Vec<Date> {
        let start = first.date();
        let begin = if self.count.is_some() { start } else { start.max(from) };
        let in_reach = |date: &Date| {
            *date <= until && self.until.is_none_or(|until| date.to_datetime(first.time()) <= until)
        };
        begin
            .series(1.day())
            .take_while(in_reach)
            .filter(|&date| date == start || self.falls_on(start, date))
            .take(self.count.unwrap_or(usize::MAX))
            .filter(|&date| date >= from)
            .collect()
    }

    fn falls_on(&self, start: Date, date: Date) -> bool {
        self.counts(start, date) && self.names(start, date) && self.has_position(start, date)
    }

    /// Whether the period of the date is one of those that count.
    fn counts(&self, start: Date, date: Date) -> bool {
        let years = i64::from(date.year()) - i64::from(start.year());
        let since = match self.period {
            Period::Day => days_between(start, date),
            Period::Week => days_between(self.first_of_week(start), date).div_euclid(7),
            Period::Month => years * 12 + i64::from(date.month()) - i64::from(start.month()),
            Period::Year => years,
        };
        since % self.every == 0
    }

    /// Whether the parts of the rule name the date, whatever its period. What they leave open is as at the start.
    fn names(&self, start: Date, date: Date) -> bool {
        let back = date.day() - date.days_in_month() - 1;
        let in_month = self.months.is_empty() || self.months.contains(&date.month());
        let on_day =
            self.month_days.is_empty() || self.month_days.iter().any(|&day| day == date.day() || day == back);
        let (front, end) = self.numbers_of(date);
        let on_weekday = self.weekdays.is_empty()
            || self
                .weekdays
                .iter()
                .any(|&(nth, weekday)| weekday == offset(date) && (nth == 0 || nth == front || nth == end));
        let open = self.weekdays.is_empty() && self.month_days.is_empty();
        let as_at_start = match self.period {
            Period::Day => true,
            Period::Week => !open || offset(date) == offset(start),
            Period::Month => !open || date.day() == start.day(),
            Period::Year => {
                !open
                    || (date.day() == start.day()
                        && (!self.months.is_empty() || date.month() == start.month()))
            }
        };
        in_month && on_day && on_weekday && as_at_start
    }

    /// The how manieth of its weekday the date is in its month or year, from the front and from the end.
    fn numbers_of(&self, date: Date) -> (i16, i16) {
        let (at, days) = if self.period == Period::Year && self.months.is_empty() {
            (date.day_of_year(), date.days_in_year())
        } else {
            (i16::from(date.day()), i16::from(date.days_in_month()))
        };
        ((at - 1) / 7 + 1, -((days - at) / 7 + 1))
    }

    fn has_position(&self, start: Date, date: Date) -> bool {
        if self.positions.is_empty() {
            return true;
        }
        let (first, last) = match self.period {
            Period::Day => (date, date),
            Period::Week => {
                let first = self.first_of_week(date);
                (first, first.checked_add(6.days()).unwrap_or(Date::MAX))
            }
            Period::Month => (date.first_of_month(), date.last_of_month()),
            Period::Year => (date.first_of_year(), date.last_of_year()),
        };
        let days = first.series(1.day()).take_while(|day| *day <= last);
        let (mut before, mut after) = (1_i16, -1_i16);
        for day in days.filter(|&day| day != date && self.names(start, day)) {
            if day < date {
                before += 1;
            } else {
                after -= 1;
            }
        }
        self.positions.contains(&before) || self.positions.contains(&after)
    }

    fn first_of_week(&self, date: Date) -> Date {
        back(date, i64::from((offset(date) - self.week_start).rem_euclid(7)))
    }
}

impl Period {
    fn read(text: &str) -> Option<Self> {
        match text {
            "DAILY" => Some(Self::Day),
            "WEEKLY" => Some(Self::Week),
            "MONTHLY" => Some(Self::Month),
            "YEARLY" => Some(Self::Year),
            _ => None,
        }
    }
}

/// The day so many days earlier, or the first there is.
pub fn back(date: Date, days: i64) -> Date {
    date.checked_sub(days.days()).unwrap_or(Date::MIN)
}

fn not_followed(part: &str) -> String {
    format!("leerzone does not follow `{part}`")
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn offset(date: Date) -> i8 {
    date.weekday().to_monday_zero_offset()
}

fn number(text: &str, least: i64, most: i64) -> Option<i64> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

/// Numbers in a list, none of them 0.
fn numbers<N: TryFrom<i64>>(list: &str, least: i64, most: i64) -> Option<Vec<N>> {
    let read = |text: &str| N::try_from(number(text, least, most).filter(|number| *number != 0)?).ok();
    list.split(',').map(read).collect()
}

fn weekday(text: &str) -> Option<i8> {
    WEEKDAYS.iter().position(|name| *name == text).and_then(|at| i8::try_from(at).ok())
}

/// Weekdays such as `MO`, `2TU` and `-1FR`.
fn weekdays(list: &str) -> Option<Vec<(i16, i8)>> {
    let read = |text: &str| {
        let at = text.len().checked_sub(2)?;
        let (nth, name) = text.split_at_checked(at)?;
        let nth = if nth.is_empty() { 0 } else { *numbers(nth, -53, 53)?.first()? };
        Some((nth, weekday(name)?))
    };
    list.split(',').map(read).collect()
}

/// The last time, by the clock of the start; a day counts to its end.
fn until(text: &str, start: &Moment) -> Option<DateTime> {
    let last = Moment::parse(text, None, &start.zone)?;
    let at = last.by(&start.zone)?;
    let whole = last.whole || start.whole;
    Some(if whole { at.date().to_datetime(time(23, 59, 59, 0)) } else { at })
}

/// Whether an hour, minute or second is only that of the start.
fn is_of(key: &str, value: &str, start: &Moment) -> bool {
    let own = match key {
        "BYHOUR" => start.at.hour(),
        "BYMINUTE" => start.at.minute(),
        _ => start.at.second(),
    };
    !start.whole && value.parse() == Ok(own)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::super::moment::Moment;
    use super::Rule;

    fn read(rule: &str, start: &str) -> Result<(Rule, Moment), String> {
        let start = Moment::parse(start, None, &TimeZone::UTC).expect("a start");
        Ok((Rule::read(rule, &start, date(2027, 1, 11))?, start))
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
            ("FREQ=YEARLY;BYMONTH=1;BYDAY=-1SU", "20270131", "01-31"),
            // The first start counts though the rule does not name it.
            ("FREQ=WEEKLY;BYDAY=WE;COUNT=2", "20270104T090000", "01-04 01-06"),
        ] {
            let (read, start) = read(rule, start).expect(rule);
            let found = read.days(start.at, date(2027, 1, 1), date(2027, 8, 31));
            let found: Vec<String> = found.iter().map(|day| day.strftime("%m-%d").to_string()).collect();
            assert_eq!(found.join(" "), days, "{rule}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_told() {
        for (rule, told) in [
            ("FREQ=HOURLY", "leerzone does not follow `FREQ=HOURLY`"),
            ("FREQ=YEARLY;BYWEEKNO=3", "leerzone does not follow `BYWEEKNO=3`"),
            ("FREQ=DAILY;BYHOUR=9,11", "leerzone does not follow `BYHOUR=9,11`"),
            ("FREQ=DAILY;COUNT=oops", "cannot read `COUNT=OOPS`"),
            ("FREQ=DAILY;INTERVAL=0", "cannot read `INTERVAL=0`"),
            ("FREQ=DAILY;UNTIL=soon", "cannot read `UNTIL=SOON`"),
            ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY has a number, which only months and years can have"),
            ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "BYDAY is there twice"),
            ("COUNT=3", "it has no FREQ"),
        ] {
            assert_eq!(read(rule, "20270104T090000").err().as_deref(), Some(told));
        }
        assert!(read("FREQ=DAILY;COUNT=99999999", "00010101").is_err());
    }
}
