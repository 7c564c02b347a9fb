//! Everything that is wrong with the weeks of a term, told at once and before the first of them is solved.

use crate::read::Problem;
use crate::school::{Id, School};
use crate::timetable::weekday;
use crate::whatif::absences::{absent, closed};

use super::Term;
use super::origins::At;
use super::term::weekday_of;

/// Every unknown day, person and place, and starts that are no first day.
pub fn problems(school: &School, term: &Term) -> Vec<Problem> {
    (0..term.weeks.len()).flat_map(|at| of_week(school, term, at)).collect()
}

/// The same of one week, and whether anything is left of it.
pub fn of_one(school: &School, term: &Term, at: usize) -> Vec<Problem> {
    let problems = of_week(school, term, at);
    let week = &term.weeks[at];
    let off = week.days_off(&school.days).unwrap_or_default();
    if off.is_empty() || school.blocks.iter().any(|block| !off.contains(&block.day.index())) {
        return problems;
    }
    let problem = Problem::error("bad-week", format!("week `{}` has no school day left", week.week))
        .found(format!("no block on another day than {}", week.holidays.join(", ")))
        .expected("a week with a school day")
        .help("take the week out, or one of its holidays");
    problems.into_iter().chain([term.place(problem, At { week: at, key: "holidays", item: None })]).collect()
}

fn of_week(school: &School, term: &Term, at: usize) -> Vec<Problem> {
    let week = &term.weeks[at];
    let mut problems: Vec<Problem> = wrong_start(school, term, at).into_iter().collect();
    let mut add = |key: &'static str, item: usize, found: &str, message: String, expected: String| {
        let problem = Problem::error("bad-week", message)
            .found(format!("`{found}`"))
            .expected(expected)
            .help(format!("correct it, or take it out of `{key}`"));
        problems.push(term.place(problem, At { week: at, key, item: Some(item) }));
    };
    for (item, day) in week.holidays.iter().enumerate() {
        if let Err(error) = week.day_off(day, &school.days) {
            let expected =
                format!("a date of a school day of the week, or one of {}", school.days.join(", "));
            add("holidays", item, day, error.to_string(), expected);
        }
    }
    let told = |message| format!("week `{}`: {message}", week.week);
    for (item, who) in week.absent.iter().enumerate() {
        if let Err(message) = absent(school, std::slice::from_ref(who)) {
            let expected = "a member of staff, `WHO[:DAY[:BLOCK]]`".to_owned();
            add("absent", item, who, told(message), expected);
        }
    }
    for (item, place) in week.closed.iter().enumerate() {
        if let Err(message) = closed(school, std::slice::from_ref(place)) {
            add("closed", item, place, told(message), "a place, `PLACE[:DAY[:BLOCK]]`".to_owned());
        }
    }
    problems
}

/// Dates of holidays count from the start, so that each would fall on another day.
fn wrong_start(school: &School, term: &Term, at: usize) -> Option<Problem> {
    let week = &term.weeks[at];
    let first = school.days.first()?;
    let (due, is) = (weekday(first)?, weekday_of(&week.start)?);
    if due == is {
        return None;
    }
    let message = format!("week `{}` starts on another day than `{first}`", week.week);
    let problem = Problem::warning("week-start", message)
        .found(format!("`{}`", week.start))
        .expected(format!("the date of `{first}`, from which the dates of holidays are counted"))
        .help("write the date of the first day, be it a holiday, and name the days without school in `holidays`");
    Some(term.place(problem, At { week: at, key: "start", item: None }))
}
