//! Who is ill when. Each person's fate on a day hangs on the seed, the day and that person alone, so that a school with
//! one more person, or a larger reserve, sees the same illness.

use sha2::{Digest, Sha256};

use crate::read::{Absence, Who};
use crate::school::{Id, School, StaffId};

/// How often somebody is ill, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Illness {
    /// Part of the days on which they are out.
    pub rate: f64,
    /// Days in a row.
    pub days: u32,
}

impl Illness {
    /// The chance that an illness begins on a day, so that they are out on the part of the days that the rate says.
    fn begins(self) -> f64 {
        1.0 - (1.0 - self.rate).powf(1.0 / f64::from(self.days))
    }
}

/// By staff member: the narrowest row that names them holds, of several roles the one with the highest rate; `rate` for
/// whoever no row names.
pub fn illnesses(school: &School, rows: &[Absence], rate: f64) -> Vec<Illness> {
    let breadth = |who: Who| match who {
        Who::Staff(_) => 0,
        Who::Role(_) => 1,
        Who::Unit(_) => 2,
        Who::All => 3,
    };
    let of = |staff: StaffId| {
        let rows = rows.iter().filter(|row| row.who.includes(school, staff));
        let row = rows.min_by(|a, b| breadth(a.who).cmp(&breadth(b.who)).then(b.rate.total_cmp(&a.rate)));
        row.map_or(Illness { rate, days: 1 }, |row| Illness { rate: row.rate, days: row.days })
    };
    school.staff_ids().map(of).collect()
}

/// How days are drawn.
#[derive(Clone, Debug)]
pub struct Draws {
    pub seed: u64,
    /// By staff member.
    pub illnesses: Vec<Illness>,
    /// Part of the illnesses that a whole unit catches on the same day.
    pub together: f64,
}

impl Draws {
    /// Who is ill on the day.
    pub fn ill(&self, school: &School, day: u32) -> Vec<StaffId> {
        school.staff_ids().filter(|&staff| self.is_ill(school, staff, i64::from(day))).collect()
    }

    fn is_ill(&self, school: &School, staff: StaffId, day: i64) -> bool {
        let illness = self.illnesses[staff.index()];
        let first = day - i64::from(illness.days) + 1;
        (first..=day).any(|day| self.falls_ill(school, staff, illness, day))
    }

    fn falls_ill(&self, school: &School, staff: StaffId, illness: Illness, day: i64) -> bool {
        if illness.rate == 0.0 {
            return false;
        }
        let row = &school[staff];
        let [own, shared] = self.chances("staff", &row.id, day);
        let chance = if shared < self.together {
            let unit = row.unit.map_or("", |unit| school[unit].as_str());
            self.chances("unit", unit, day)[0]
        } else {
            own
        };
        chance < illness.begins()
    }

    /// Two numbers from 0 to below 1.
    fn chances(&self, kind: &str, name: &str, day: i64) -> [f64; 2] {
        let digest = Sha256::digest(format!("{} {day} {kind} {name}", self.seed));
        let number = |from: usize| {
            let bits = digest[from..from + 8].iter().fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
            (bits >> 11) as f64 / (1_u64 << 53) as f64
        };
        [number(0), number(8)]
    }
}

#[cfg(test)]
mod tests {
    use super::Illness;

    #[test]
    fn a_longer_illness_begins_less_often() {
        assert!((Illness { rate: 0.05, days: 1 }.begins() - 0.05).abs() < 1e-12);
        let long = Illness { rate: 0.05, days: 5 };
        assert!((1.0 - (1.0 - long.begins()).powi(5) - 0.05).abs() < 1e-12);
        assert_eq!(Illness { rate: 1.0, days: 3 }.begins(), 1.0);
        assert_eq!(Illness { rate: 0.0, days: 3 }.begins(), 0.0);
    }
}
