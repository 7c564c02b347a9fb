//! What illness does to a week that is planned: many days are drawn, each is repaired as `replan` would and judged by the
//! referee.

pub mod day;
pub mod draws;
pub mod files;
pub mod interval;
pub mod irreplaceable;
pub mod relief;
pub mod text;

use crate::parallel::par_map;
use crate::school::*;

use day::{Loss, Week};
use draws::Draws;
use interval::Estimate;
use irreplaceable::Irreplaceable;
use relief::Relief;

/// One day that was drawn.
#[derive(Clone, Debug)]
pub struct Day {
    /// From 0.
    pub number: u32,
    pub weekday: DayId,
    /// Everybody who is ill.
    pub out: Vec<StaffId>,
    /// Those of them of whom the week asks something that day.
    pub ill: Vec<StaffId>,
    pub loss: Loss,
}

/// What many days tell.
#[derive(Debug)]
pub struct Stress {
    /// In order; fewer than asked for where the run was cut short.
    pub days: Vec<Day>,
    /// Days asked for.
    pub asked: u32,
    /// Those without whom most was lost, the most first.
    pub irreplaceable: Vec<Irreplaceable>,
    /// One person or qualification more that saves something, the best first.
    pub relief: Vec<Relief>,
    /// Days of a week on which something takes place.
    pub week: usize,
}

/// Draws and repairs so many days, `threads` at once. `over`: whether no more are to be begun.
///
/// # Errors
/// A repaired week breaks a rule.
pub fn stress(
    week: &Week,
    draws: &Draws,
    days: u32,
    threads: usize,
    over: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Stress> {
    let school = week.school;
    let weekdays: Vec<DayId> =
        ids(school.days.len()).filter(|&day| school.blocks.iter().any(|block| block.day == day)).collect();
    let numbers: Vec<u32> = if weekdays.is_empty() { Vec::new() } else { (0..days).collect() };
    let repaired = par_map(threads, &numbers, |&number| -> anyhow::Result<Option<Day>> {
        if over() {
            return Ok(None);
        }
        let weekday = weekdays[number as usize % weekdays.len()];
        let out = draws.ill(school, number);
        let loss = week.without(school, week.sets, &out, weekday)?;
        let at_work = week.at_work(weekday);
        let ill = out.iter().copied().filter(|staff| at_work.contains(staff)).collect();
        Ok(Some(Day { number, weekday, out, ill, loss }))
    });
    let days_done: Vec<Option<Day>> = repaired.into_iter().collect::<anyhow::Result<_>>()?;
    // A day that another worker had begun after the first that was left out would favour what is quick to repair.
    let days_done: Vec<Day> = days_done.into_iter().map_while(|day| day).collect();
    let irreplaceable = irreplaceable::of(week, &days_done);
    let relief = relief::of(week, &days_done, threads, over)?;
    Ok(Stress { days: days_done, asked: days, irreplaceable, relief, week: weekdays.len() })
}

impl Stress {
    /// Need sessions of the priority lost a day.
    pub fn lost(&self, school: &School, priority: Priority) -> Estimate {
        self.mean(|day| f64::from(day.loss.of(school, priority)))
    }

    /// The mean of the days.
    pub fn mean(&self, value: impl Fn(&Day) -> f64) -> Estimate {
        let values: Vec<f64> = self.days.iter().map(value).collect();
        interval::mean(&values, self.week)
    }

    /// The part of the days on which no session of a `must` is lost.
    pub fn without_lost_must(&self, school: &School) -> Estimate {
        let without = self.days.iter().filter(|day| day.loss.of(school, Priority::Must) == 0).count();
        interval::part(without, self.days.len())
    }

    /// Days that could not be repaired, with why.
    pub fn unrepaired(&self) -> impl Iterator<Item = (&Day, &str)> {
        self.days.iter().filter_map(|day| Some((day, day.loss.unrepaired.as_deref()?)))
    }
}
