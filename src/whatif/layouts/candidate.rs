//! The layouts that are worth a look: so many blocks of such a length a day, before or after the regular
//! lessons or where most students are free, for all at once or staggered by year.

use toml::Value;

use crate::school::{DayId, Id, Kind, School, ids};

use super::base::{Base, Free, STEP, block, layout_text};
use super::week::{Shape, Window};

/// Where in the day the blocks lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// As early as possible.
    Before,
    /// As late as possible.
    After,
    /// Where most students are free.
    Gaps,
}

impl Where {
    pub const ALL: [Where; 3] = [Where::Before, Where::After, Where::Gaps];

    pub fn label(self) -> &'static str {
        match self {
            Where::Before => "before",
            Where::After => "after",
            Where::Gaps => "gaps",
        }
    }

    /// The opposite, for those who come at the other time.
    fn other(self) -> Self {
        match self {
            Where::Before => Where::After,
            Where::After => Where::Before,
            Where::Gaps => Where::Gaps,
        }
    }
}

/// A layout to be estimated.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub name: String,
    pub shape: Shape,
    pub place: Where,
    pub staggered: bool,
    /// The layout file.
    pub text: String,
}

/// A block that the band of some years gets on one day.
struct Placed {
    day: DayId,
    /// Which of the day's blocks of its band.
    number: usize,
    window: Window,
}

/// The candidate, or `None` where the blocks do not fit the day.
///
/// # Errors
/// A value that TOML cannot say.
pub fn candidate(
    base: &Base,
    free: &Free,
    shape: Shape,
    place: Where,
    staggered: bool,
) -> anyhow::Result<Option<Candidate>> {
    let half = base.years.len() / 2;
    let bands: Vec<(Where, &[String])> = if staggered {
        vec![(place, &base.years[..half]), (place.other(), &base.years[half..])]
    } else {
        vec![(place, &[])]
    };
    let mut blocks: Vec<Value> = base.kept.iter().cloned().map(Value::Table).collect();
    let mut used = 0;
    for (place, years) in bands {
        let Some(placed) = placed(base, free, shape, place, years) else { return Ok(None) };
        for number in 0..shape.count {
            let id = base.ids.get(used).cloned().unwrap_or_else(|| format!("{{day}}-flex-{}", used + 1));
            used += 1;
            let kind = base.kinds[number % base.kinds.len()];
            blocks.extend(same_times(&base.school, &placed, number, &id, kind, years));
        }
    }
    let name = format!(
        "{}x{}-{}{}",
        shape.count,
        shape.length,
        place.label(),
        if staggered { "-staggered" } else { "" }
    );
    let text = layout_text(&title(shape, place, staggered, &base.years[..half]), blocks)?;
    Ok(Some(Candidate { name, shape, place, staggered, text }))
}

fn title(shape: Shape, place: Where, staggered: bool, first: &[String]) -> String {
    let time = match (place, staggered) {
        (Where::Gaps, _) => "where most are free".to_owned(),
        (_, false) => format!("{} regular lessons", place.label()),
        (_, true) => {
            let others = place.other().label();
            format!(
                "{} regular lessons for the years {}, {others} for the others",
                place.label(),
                first.join(", ")
            )
        }
    };
    let each = if staggered && place == Where::Gaps { ", staggered by year" } else { "" };
    format!("{} x {} min, {time}{each}", shape.count, shape.length)
}

fn placed(base: &Base, free: &Free, shape: Shape, place: Where, years: &[String]) -> Option<Vec<Placed>> {
    let mut placed = Vec::new();
    for (day, id) in base.days.iter().zip(ids::<DayId>(base.days.len())) {
        let windows = match place {
            Where::Before => day.early(shape),
            Where::After => day.late(shape),
            Where::Gaps => day.best(shape, STEP, |window| free.students(id, window, years)),
        };
        let of_day = windows?.into_iter().enumerate();
        placed.extend(of_day.map(|(number, window)| Placed { day: id, number, window }));
    }
    Some(placed)
}

/// One `[[block]]` for all days on which it lies at the same time.
fn same_times(
    school: &School,
    placed: &[Placed],
    number: usize,
    id: &str,
    kind: Kind,
    years: &[String],
) -> Vec<Value> {
    let of_number = || placed.iter().filter(|placed| placed.number == number);
    let mut windows: Vec<Window> = of_number().map(|placed| placed.window).collect();
    windows.sort_unstable();
    windows.dedup();
    let table = |window: Window| {
        let days: Vec<&String> = of_number()
            .filter(|placed| placed.window == window)
            .map(|placed| &school.days[placed.day.index()])
            .collect();
        Value::Table(block(id, &days, window, kind, years))
    };
    windows.into_iter().map(table).collect()
}
