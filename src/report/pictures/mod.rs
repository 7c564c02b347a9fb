//! The pictures of the page, one file each.

mod load;
mod needs;
mod occupancy;
mod reasons;
mod week;

use crate::timetable::Timetable;

use super::picture::Picture;
use super::words::Words;

/// All of them, in the order of the page.
pub fn all(timetable: &Timetable, words: &Words) -> Vec<Picture> {
    vec![
        week::draw(timetable, words),
        reasons::draw(timetable, words),
        needs::draw(timetable, words),
        occupancy::draw(timetable, words),
        load::draw(timetable, words),
    ]
}
