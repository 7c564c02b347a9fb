//! When one event takes place.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan};

use super::lines::{Component, Property};
use super::moment::{Moment, duration, from_to};
use super::rule::Rule;
use super::zones::Zones;

/// Days that one occurrence of a repeated event is followed at most.
const LONGEST: i64 = 366;

/// Starts of repetitions that an event of their own stands for, by UID.
pub type Moved = HashMap<String, Vec<Moment>>;

/// What is to be told of a line.
pub type Note = (usize, String);

/// The days that count.
#[derive(Clone, Copy, Debug)]
pub struct Round<'z> {
    pub zones: &'z Zones,
    pub first: Date,
    pub last: Date,
}

/// Its times are by the clock of its start.
#[derive(Debug)]
pub struct Event {
    start: Moment,
    long: SignedDuration,
    rules: Vec<Rule>,
    more: Vec<(DateTime, SignedDuration)>,
    except: HashSet<DateTime>,
    except_days: HashSet<Date>,
}

impl Event {
    /// What is left out of it goes to `notes`.
    ///
    /// # Errors
    /// It has no start, or a start or end that cannot be read.
    pub fn read(event: &Component, moved: &Moved, round: Round, notes: &mut Vec<Note>) -> Result<Self, Note> {
        let begins = event.first("DTSTART").ok_or((event.line, "it has no start".to_owned()))?;
        let start = moment(begins, round)?;
        let long = length(event, &start, round)?;
        let one = |at| Self {
            start: Moment { at, ..start.clone() },
            long,
            rules: Vec::new(),
            more: Vec::new(),
            except: HashSet::new(),
            except_days: HashSet::new(),
        };
        let mut read = one(start.at);
        if let Some(of) = event.first("RECURRENCE-ID") {
            if of.parameter("RANGE").is_some() {
                let rest = "later ones stay where the repeated event has them";
                notes.push((of.line, format!("RANGE is not followed: one repetition is moved, {rest}")));
            }
            return Ok(read);
        }
        read.rules = rules(event, &start, round, notes);
        for (property, text) in listed(event, "RDATE") {
            match read.period(property, text, round) {
                Ok(period) => read.more.push(period),
                Err(message) => notes.push((property.line, format!("RDATE: {message}; it is left out"))),
            }
        }
        for (property, text) in listed(event, "EXDATE") {
            let except = Moment::read(text, property, round.zones);
            if let Err(message) = except.and_then(|except| read.leave_out(&except)) {
                notes.push((property.line, format!("EXDATE: {message}; its time counts as busy")));
            }
        }
        let uid = event.first("UID").map_or("", |uid| uid.value.as_str());
        for elsewhere in moved.get(uid).into_iter().flatten() {
            // It was told of already if it cannot be read.
            let _ = read.leave_out(elsewhere);
        }
        if !read.rules.is_empty() && days(long) > LONGEST {
            let message =
                format!("each repetition lasts over {LONGEST} days; those begun before are left out");
            notes.push((begins.line, message));
        }
        Ok(read)
    }

    /// One time of an `RDATE`: a date, a moment or a period, which has a length of its own.
    fn period(
        &self,
        property: &Property,
        text: &str,
        round: Round,
    ) -> Result<(DateTime, SignedDuration), String> {
        let (from, to) = text.split_once('/').map_or((text, None), |(from, to)| (from, Some(to)));
        let from = Moment::read(from, property, round.zones)?;
        let start = self.by_own_clock(&from)?;
        if from.whole && !self.start.whole {
            return Ok((start.date().to_datetime(self.start.at.time()), self.long));
        }
        let long = match to {
            None => self.long,
            Some(to) if to.starts_with(['P', '+', '-']) => duration(to, start)?,
            Some(to) => from_to(start, self.by_own_clock(&Moment::read(to, property, round.zones)?)?),
        };
        Ok((start, long))
    }

    fn leave_out(&mut self, except: &Moment) -> Result<(), String> {
        let at = self.by_own_clock(except)?;
        if except.whole || self.start.whole {
            self.except_days.insert(at.date());
        } else {
            self.except.insert(at);
        }
        Ok(())
    }

    fn by_own_clock(&self, moment: &Moment) -> Result<DateTime, String> {
        moment.by(&self.start.zone).ok_or_else(|| format!("{} is beyond what a clock can show", moment.at))
    }

    pub fn takes_no_time(&self) -> bool {
        self.long.is_zero() && self.more.iter().all(|(_, long)| long.is_zero())
    }

    /// Starts and ends by the clock of the school, of all that may touch the days of the round.
    pub fn times(&self, round: Round) -> HashSet<(DateTime, DateTime)> {
        // A day more on either side, as other clocks show other days.
        let from = back(round.first, days(self.long).clamp(0, LONGEST) + 1);
        let until = round.last.tomorrow().unwrap_or(Date::MAX);
        let first = self.start.at;
        let repeated = self.rules.iter().flat_map(|rule| rule.times(from, until));
        let repeated = repeated.map(|start| (start, self.long));
        let takes_place = |(start, _): &(DateTime, SignedDuration)| {
            !self.except.contains(start) && !self.except_days.contains(&start.date())
        };
        let all = [(first, self.long)].into_iter().chain(self.more.iter().copied()).chain(repeated);
        let all = all.filter(takes_place);
        all.filter_map(|(start, long)| {
            let by_school = |at: DateTime| Moment { at, ..self.start.clone() }.by(&round.zones.school);
            let end = start.checked_add(long).ok().and_then(by_school);
            // What no calendar can show any more is later than every day of the round.
            Some((by_school(start)?, end.unwrap_or(DateTime::MAX)))
        })
        .collect()
    }
}

/// Repetitions that events of their own stand for.
pub fn moved<'e>(events: impl Iterator<Item = &'e Component>, round: Round, notes: &mut Vec<Note>) -> Moved {
    let mut moved = Moved::new();
    for event in events {
        let (Some(of), Some(uid)) = (event.first("RECURRENCE-ID"), event.first("UID")) else { continue };
        match Moment::read(&of.value, of, round.zones) {
            Ok(of) => moved.entry(uid.value.clone()).or_default().push(of),
            Err(message) => {
                let what = "the repetition that it moves counts as busy as well";
                notes.push((of.line, format!("RECURRENCE-ID: {message}; {what}")));
            }
        }
    }
    moved
}

fn moment(property: &Property, round: Round) -> Result<Moment, Note> {
    Moment::read(&property.value, property, round.zones).map_err(|message| (property.line, message))
}

/// An event without an end takes its day, or no time at all.
fn length(event: &Component, start: &Moment, round: Round) -> Result<SignedDuration, Note> {
    let (line, long) = match (event.first("DTEND"), event.first("DURATION")) {
        (Some(property), _) => {
            let end = moment(property, round)?.by(&start.zone);
            let late = || (property.line, "it ends beyond what a clock can show".to_owned());
            (property.line, from_to(start.at, end.ok_or_else(late)?))
        }
        (None, Some(property)) => {
            let long = duration(&property.value, start.at).map_err(|message| (property.line, message))?;
            (property.line, long)
        }
        (None, None) if start.whole => (event.line, SignedDuration::from_hours(24)),
        (None, None) => (event.line, SignedDuration::ZERO),
    };
    if long.is_negative() { Err((line, "it ends before it starts".to_owned())) } else { Ok(long) }
}

/// The rules that can be followed; the others are told of, unless the event begins after the round.
fn rules(event: &Component, start: &Moment, round: Round, notes: &mut Vec<Note>) -> Vec<Rule> {
    let mut rules = Vec::new();
    if days(from_to(start.at, round.last.to_datetime(start.at.time()))) < -1 {
        return rules;
    }
    for property in event.all("RRULE") {
        match Rule::read(&property.value, start) {
            Ok(rule) => rules.push(rule),
            Err(message) => notes.push((
                property.line,
                format!(
                    "the repetition `{}`: {message}; only the times of DTSTART and RDATE count as busy",
                    property.value
                ),
            )),
        }
    }
    for property in event.all("EXRULE") {
        let message = format!("EXRULE `{}` is not followed: its times count as busy", property.value);
        notes.push((property.line, message));
    }
    rules
}

/// The entries of every list of that name.
fn listed<'c>(event: &'c Component, name: &'c str) -> impl Iterator<Item = (&'c Property, &'c str)> {
    let entries = |property: &'c Property| property.value.split(',').map(move |text| (property, text.trim()));
    event.all(name).flat_map(entries).filter(|(_, text)| !text.is_empty())
}

/// The date so many days earlier, or the first there is.
fn back(date: Date, days: i64) -> Date {
    date.checked_sub(days.days()).unwrap_or(Date::MIN)
}

fn days(long: SignedDuration) -> i64 {
    long.as_hours().div_euclid(24)
}
