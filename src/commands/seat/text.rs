//! Seats as text and as JSON.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::commands::progress::number;
use crate::pluralize::pluralize;
use crate::school::{NeedId, clock};
use crate::whatif::replan::changes::Change;
use crate::whatif::seat::{Answer, Ask, Bar, Desk, Move, Seat, TERMS, Terms};
use crate::write::files::CHANGES;

pub struct Told<'t, 'a> {
    pub desk: &'t Desk<'a>,
    pub ask: &'t Ask,
    pub answer: &'t Answer,
}

impl Told<'_, '_> {
    /// `most`: seats by moves that are told.
    pub fn text(&self, most: usize) -> String {
        let Answer { free, by_moves, barred } = self.answer;
        let mut text = format!("{}\n", self.asked());
        if self.answer.seats().count() + barred.len() == 0 {
            let subject = &self.desk.school[self.ask.subject].id;
            return text + &format!("no session of {subject} runs then\n");
        }
        text +=
            if free.is_empty() { "no seat without moving anybody\n" } else { "without moving anybody:\n" };
        for (at, seat) in free.iter().enumerate() {
            text +=
                &format!("  {}  {}, {}\n", at + 1, self.where_and_when(seat.session), self.seats_left(seat));
            text += &format!("       {}\n", self.effect(seat));
            if let [one] = seat.moves.as_slice()
                && !one.leave.is_empty()
            {
                text += &format!("       leaves {}\n", self.ids(&one.leave));
            }
            text += &self.ends(seat);
        }
        if !by_moves.is_empty() {
            text += "by moves, the least price first:\n";
        }
        for (at, seat) in by_moves.iter().take(most).enumerate() {
            let number = free.len() + at + 1;
            text +=
                &format!("  {number}  {}\n       {}\n", self.where_and_when(seat.session), self.effect(seat));
            for one in &seat.moves {
                text += &format!("       {}\n", self.step(one));
            }
            text += &self.ends(seat);
        }
        if by_moves.len() > most {
            text +=
                &format!("  and {} more; --most {} tells them all\n", by_moves.len() - most, by_moves.len());
        }
        if !barred.is_empty() {
            text += "not there without moves, because:\n";
        }
        for (at, bars) in barred {
            let why: Vec<String> = bars.iter().map(|bar| self.why(*at, *bar)).collect();
            text += &format!("     {}: {}\n", self.where_and_when(*at), why.join("; "));
        }
        text
    }

    /// What is told of a seat that was taken.
    pub fn taken(&self, seat: &Seat, out: &Path, changes: &[Change]) -> String {
        let rows = pluralize(changes.len(), "row");
        let mut text = format!("{}: {}\n", self.who(), self.where_and_when(seat.session));
        text += &format!("{}\n", self.effect(seat));
        for one in seat.moves.iter().filter(|one| seat.moves.len() > 1 || !one.leave.is_empty()) {
            text += &format!("  {}\n", self.step(one));
        }
        text + &format!("{} is written anew; {rows} in {}\n", out.display(), out.join(CHANGES.file).display())
    }

    fn ends(&self, seat: &Seat) -> String {
        match seat.ends.is_empty() {
            true => String::new(),
            false => format!("       ends, as nobody is left in it: {}\n", self.ids(&seat.ends)),
        }
    }

    fn who(&self) -> String {
        let row = &self.desk.school[self.ask.student];
        if row.name.is_empty() { row.id.clone() } else { format!("{} ({})", row.id, row.name) }
    }

    fn asked(&self) -> String {
        let subject = &self.desk.school[self.ask.subject].id;
        let priority = self.ask.priority.label();
        match self.ask.missing {
            0 => format!(
                "{}, one more session of {subject} (asked here, not in needs.csv: counted as a {priority})",
                self.who()
            ),
            missing => format!(
                "{}, a session of {subject} ({priority}; {} missing)",
                self.who(),
                pluralize(missing as usize, "session")
            ),
        }
    }

    fn where_and_when(&self, at: usize) -> String {
        let (school, entry) = (self.desk.school, self.desk.entry(at));
        let block = &school[entry.block];
        let place = entry.place.map_or("online".to_owned(), |place| format!("in {}", school[place].id));
        let offering = self.desk.plan.offering_cell(entry);
        let lead = &school[entry.lead].id;
        let (day, start) = (&school[block.day], clock(block.start));
        format!("{day} {start} {offering} ({}) {place} with {lead}", block.id)
    }

    fn seats_left(&self, seat: &Seat) -> String {
        match self.desk.seats_left(seat.session) {
            None => "any number of seats left".to_owned(),
            Some(left) => format!("{} left", pluralize(left as usize, "seat")),
        }
    }

    /// What the total gains, by its terms, and the price of the changes of others.
    fn effect(&self, seat: &Seat) -> String {
        let parts: Vec<String> = TERMS
            .iter()
            .zip(seat.terms)
            .filter(|(_, value)| value.abs() > 1e-9)
            .map(|(term, value)| format!("{term} {}", signed(value)))
            .collect();
        let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        let changes = match seat.is_free() {
            true => String::new(),
            false => format!("; {}", pluralize(seat.changes as usize, "change")),
        };
        format!("total {}{parts}{changes}", signed(seat.gain()))
    }

    fn step(&self, one: &Move) -> String {
        let who = &self.desk.school[one.student].id;
        let lost = match one.loses.is_empty() {
            true => String::new(),
            false => format!("; loses {}", self.needs(&one.loses)),
        };
        let way = match (one.leave.is_empty(), one.enter.is_empty()) {
            (true, _) => format!("to {}", self.ids(&one.enter)),
            (_, true) => format!("leaves {}", self.ids(&one.leave)),
            _ => format!("from {} to {}", self.ids(&one.leave), self.ids(&one.enter)),
        };
        format!("{who}: {way}{lost}")
    }

    fn ids(&self, entries: &[usize]) -> String {
        entries.iter().map(|&at| self.desk.entry(at).id.as_str()).collect::<Vec<_>>().join(" and ")
    }

    fn needs(&self, needs: &[NeedId]) -> String {
        let school = self.desk.school;
        let told =
            |&need: &NeedId| format!("{} ({})", school.need_subjects(need), school[need].priority.label());
        needs.iter().map(told).collect::<Vec<_>>().join(" and ")
    }

    fn why(&self, at: usize, bar: Bar) -> String {
        let (school, entry) = (self.desk.school, self.desk.entry(at));
        match bar {
            Bar::There => "attends it".to_owned(),
            Bar::Audience => "not for this student".to_owned(),
            Bar::Busy => "busy then".to_owned(),
            Bar::OtherSite => "at another site".to_owned(),
            Bar::OwnStaff => "led by staff of another unit".to_owned(),
            Bar::Days => "not on a day of the need".to_owned(),
            Bar::With => format!("{} is not qualified as the need asks", school[entry.lead].id),
            Bar::Banned => "banned in pins.csv".to_owned(),
            Bar::Apart(other) => format!("kept apart from {}, who sits there", school[other].id),
            Bar::Clash(other) => format!("sits in {} then", self.desk.entry(other).id),
            Bar::PerDay => "has as many of it that day as may be".to_owned(),
            Bar::After(first) => format!("comes after {}, which is not attended before", school[first].id),
            Bar::Full => format!("full, {}", pluralize(entry.attendances.len(), "student")),
            Bar::Counts => "would count for another need".to_owned(),
        }
    }

    pub fn document(&self) -> Value {
        let Answer { free, by_moves, barred } = self.answer;
        let school = self.desk.school;
        let seats = |seats: &[Seat], first: usize| -> Vec<Value> {
            seats.iter().enumerate().map(|(at, seat)| self.seat(first + at, seat)).collect()
        };
        let barred: Vec<Value> = barred
            .iter()
            .map(|(at, bars)| {
                let mut value = self.session(*at);
                let because = |bar: &Bar| json!({ "reason": bar.label(), "detail": self.why(*at, *bar) });
                value["because"] = bars.iter().map(because).collect();
                value
            })
            .collect();
        json!({
            "student": school[self.ask.student].id,
            "subject": school[self.ask.subject].id,
            "priority": self.ask.priority.label(),
            "missing": self.ask.missing,
            "in_needs": self.ask.missing > 0,
            "change_weight": self.desk.weight,
            "seats": seats(free, 1),
            "by_moves": seats(by_moves, free.len() + 1),
            "not_there": barred,
        })
    }

    /// A seat with its number.
    pub fn seat(&self, number: usize, seat: &Seat) -> Value {
        let mut value = self.session(seat.session);
        value["number"] = json!(number);
        value["seats_left"] = json!(self.desk.seats_left(seat.session));
        value["gain"] = json!(rounded(seat.gain()));
        value["terms"] = terms(&seat.terms);
        value["changes"] = json!(seat.changes);
        value["worth"] = json!(rounded(self.desk.worth_of(seat)));
        value["moved"] = json!(seat.moved());
        value["moves"] = seat.moves.iter().map(|one| self.one_move(one)).collect();
        let ids = |entries: &[usize]| -> Vec<&str> {
            entries.iter().map(|&at| self.desk.entry(at).id.as_str()).collect()
        };
        value["ends"] = json!(ids(&seat.ends));
        value
    }

    fn one_move(&self, one: &Move) -> Value {
        let school = self.desk.school;
        let ids = |entries: &[usize]| -> Vec<&str> {
            entries.iter().map(|&at| self.desk.entry(at).id.as_str()).collect()
        };
        let needs = |needs: &[NeedId]| -> Vec<Value> {
            let need = |&need: &NeedId| json!({ "subject": school.need_subjects(need), "priority": school[need].priority.label() });
            needs.iter().map(need).collect()
        };
        json!({
            "student": school[one.student].id,
            "from": ids(&one.leave),
            "to": ids(&one.enter),
            "loses": needs(&one.loses),
            "gains": needs(&one.gains),
            "gain": rounded(one.terms.iter().sum()),
            "terms": terms(&one.terms),
        })
    }

    fn session(&self, at: usize) -> Value {
        let (school, entry) = (self.desk.school, self.desk.entry(at));
        let block = &school[entry.block];
        json!({
            "session": entry.id,
            "block": block.id,
            "day": school[block.day],
            "start": clock(block.start),
            "end": clock(block.end),
            "offering": self.desk.plan.offering_cell(entry),
            "place": entry.place.map(|place| &school[place].id),
            "lead": school[entry.lead].id,
            "students": entry.attendances.len(),
            "capacity": entry.capacity,
        })
    }
}

/// The terms that change.
fn terms(terms: &Terms) -> Value {
    let changed = TERMS.iter().zip(terms).filter(|(_, value)| value.abs() > 1e-9);
    changed.map(|(term, &value)| ((*term).to_owned(), json!(rounded(value)))).collect::<Map<_, _>>().into()
}

fn signed(value: f64) -> String {
    if value > -1e-9 { format!("+{}", number(value)) } else { number(value) }
}

/// Without what adding up leaves of fractions.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}
