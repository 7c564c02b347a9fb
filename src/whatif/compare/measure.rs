//! What results are measured by, and which way is better.

use crate::pluralize::pluralize;
use crate::school::Priority;

use super::Evaluated;

/// Something that every result has a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Must,
    Should,
    Could,
    StudentsMissingMust,
    WorstOff,
    Presence,
    Meetings,
    CoachKept,
    StaffBlocks,
    Cost,
    Seats,
    FreeStaff,
    Total,
    Gap,
}

use Measure::*;

/// What is said of a measure.
struct Said {
    measure: Measure,
    /// The word of `--by` and of the files.
    key: &'static str,
    heading: &'static str,
    about: &'static str,
    more_is_better: bool,
}

const fn more(measure: Measure, key: &'static str, heading: &'static str, about: &'static str) -> Said {
    Said { measure, key, heading, about, more_is_better: true }
}

const fn less(measure: Measure, key: &'static str, heading: &'static str, about: &'static str) -> Said {
    Said { measure, key, heading, about, more_is_better: false }
}

/// Every measure, in the order of the declaration.
const SAID: [Said; 14] = [
    more(Must, "must", "must", "need sessions of `must` met"),
    more(Should, "should", "should", "need sessions of `should` met"),
    more(Could, "could", "could", "need sessions of `could` met"),
    less(StudentsMissingMust, "students_missing_must", "miss a must", "students who miss a `must`"),
    less(WorstOff, "worst_off", "worst off", "most `must` and `should` sessions that one student misses"),
    less(Presence, "presence_missing", "presence short", "blocks missing to the least presence"),
    less(Meetings, "meetings_missing", "meetings held", "coaching meetings missing"),
    more(CoachKept, "coach_kept", "coach kept", "students who keep their coach"),
    less(StaffBlocks, "staff_blocks", "staff blocks", "blocks that staff work"),
    less(Cost, "cost", "cost", "cost of the blocks that staff work"),
    more(Seats, "seats", "seats taken", "part of the seats of sessions that is taken"),
    more(FreeStaff, "free_staff", "staff free", "blocks in which somebody is free, counted for each"),
    more(Total, "total", "total", "the objective"),
    less(Gap, "gap", "gap", "part by which the total may still be bettered"),
];

impl Measure {
    pub const ALL: [Measure; 14] = {
        let mut all = [Must; 14];
        let mut at = 0;
        while at < all.len() {
            all[at] = SAID[at].measure;
            at += 1;
        }
        all
    };

    fn said(self) -> &'static Said {
        &SAID[self as usize]
    }

    /// The word of `--by` and of the files.
    pub fn key(self) -> &'static str {
        self.said().key
    }

    /// The heading of its column, for people.
    pub fn heading(self) -> &'static str {
        self.said().heading
    }

    /// What it says.
    pub fn about(self) -> &'static str {
        self.said().about
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        self.said().more_is_better
    }

    pub fn value(self, judged: &Evaluated) -> f64 {
        match self {
            Total => judged.total,
            Must => judged.met[Priority::Must as usize] as f64,
            Should => judged.met[Priority::Should as usize] as f64,
            Could => judged.met[Priority::Could as usize] as f64,
            StudentsMissingMust => judged.missing_must() as f64,
            WorstOff => f64::from(judged.worst_off().0),
            Presence => judged.presence_missing as f64,
            Meetings => judged.meetings_missing as f64,
            CoachKept => judged.coach_kept as f64,
            StaffBlocks => judged.staff_blocks as f64,
            Cost => judged.cost,
            Seats => {
                let (taken, seats) = judged.seats();
                taken as f64 / (seats as f64).max(1.0)
            }
            FreeStaff => judged.free_staff().0 as f64,
            Gap => judged.gap(),
        }
    }

    /// The value as a cell of a table for people.
    pub fn shown(self, judged: &Evaluated) -> String {
        let needs = |priority: Priority| {
            let at = priority as usize;
            if judged.asked[at] == 0 {
                "-".to_owned()
            } else {
                format!("{} of {}", judged.met[at], judged.asked[at])
            }
        };
        match self {
            Must => needs(Priority::Must),
            Should => needs(Priority::Should),
            Could => needs(Priority::Could),
            Meetings if judged.meetings_asked == 0 => "-".to_owned(),
            Meetings => format!("{} of {}", judged.meetings_held(), judged.meetings_asked),
            CoachKept if judged.coached == 0 => "-".to_owned(),
            CoachKept => format!("{} of {}", judged.coach_kept, judged.coached),
            WorstOff => match judged.worst_off() {
                (0, _) => "0".to_owned(),
                (most, who) => format!("{most} ({})", pluralize(who.len(), "student")),
            },
            Seats => format!("{:.0} %", self.value(judged) * 100.0),
            FreeStaff => {
                let (blocks, least) = judged.free_staff();
                format!("{blocks}, least {least}")
            }
            Gap => format!("{:.2} %", judged.gap() * 100.0),
            _ => short(self.value(judged)),
        }
    }

    /// The measure of that word, or what to say.
    ///
    /// # Errors
    /// There is none.
    pub fn parse(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|measure| measure.key() == word).ok_or_else(|| {
            let all = Self::ALL.map(Self::key).join(", ");
            format!("expected one of {all}")
        })
    }
}

/// A number with at most two decimals.
pub fn short(value: f64) -> String {
    // Adding zero turns a negative zero into a plain one.
    ((value * 100.0).round() / 100.0 + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_at_its_measure() {
        for (at, said) in SAID.iter().enumerate() {
            assert_eq!(said.measure as usize, at, "{}", said.key);
        }
    }
}
