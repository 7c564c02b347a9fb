//! Everything that is wrong with the weeks of a term, told at once and before the first of them is solved.

use crate::read::Problem;
use crate::school::School;
use crate::timetable::weekday;
use crate::whatif::absences::{absent, closed};

use super::term::weekday_of;
use super::{FILE, Term, Week};

/// Every unknown day, person and place, and starts that are no first day.
pub fn problems(school: &School, term: &Term) -> Vec<Problem> {
    term.weeks.iter().flat_map(|week| of_week(school, week)).collect()
}

/// Weeks of which nothing can be said but why.
pub fn unreadable(error: &anyhow::Error) -> Problem {
    Problem::error("bad-week", format!("{error:#}"))
        .file(FILE)
        .found("weeks that cannot be read")
        .expected("`[[week]]` with `week` and `start`, as in docs/roll.md")
        .help("correct the line")
}

fn of_week(school: &School, week: &Week) -> Vec<Problem> {
    let mut problems: Vec<Problem> = wrong_start(school, week).into_iter().collect();
    let days = week.holidays.iter().map(|day| (day, week.day_off(day, &school.days).err()));
    problems.extend(days.filter_map(|(day, error)| {
        let message = error?.to_string();
        let expected = format!("a date of a school day of the week, or one of {}", school.days.join(", "));
        Some(of_item("holidays", message, day, expected))
    }));
    let told = |message| format!("{FILE}: week `{}`: {message}", week.week);
    problems.extend(week.absent.iter().filter_map(|who| {
        let message = told(absent(school, std::slice::from_ref(who)).err()?);
        Some(of_item("absent", message, who, "a member of staff, `WHO[:DAY[:BLOCK]]`".to_owned()))
    }));
    problems.extend(week.closed.iter().filter_map(|place| {
        let message = told(closed(school, std::slice::from_ref(place)).err()?);
        Some(of_item("closed", message, place, "a place, `PLACE[:DAY[:BLOCK]]`".to_owned()))
    }));
    problems
}

fn of_item(key: &str, message: String, found: &str, expected: String) -> Problem {
    Problem::error("bad-week", message)
        .file(FILE)
        .field(key)
        .found(format!("`{found}`"))
        .expected(expected)
        .help(format!("correct it, or take it out of `{key}`"))
}

/// Dates of holidays count from the start, so that each would fall on another day.
fn wrong_start(school: &School, week: &Week) -> Option<Problem> {
    let first = school.days.first()?;
    let (due, is) = (weekday(first)?, weekday_of(&week.start)?);
    if due == is {
        return None;
    }
    let message = format!("{FILE}: week `{}` starts on another day than `{first}`", week.week);
    let problem = Problem::warning("week-start", message)
        .file(FILE)
        .field("start")
        .found(format!("`{}`", week.start))
        .expected(format!("the date of `{first}`, from which the dates of holidays are counted"))
        .help("write the date of the first day, be it a holiday, and name the days without school in `holidays`");
    Some(problem)
}
