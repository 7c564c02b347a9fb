//! Occupancy by place and block, as a grid of shades.

use std::collections::HashMap;

use crate::report::labels;
use crate::report::picture::{Label, Mark, Picture, Table, percent, short, tenths};
use crate::report::words::Words;
use crate::school::{BlockId, Id, PlaceId, School, clock};
use crate::timetable::Timetable;

const LEFT: usize = 170;
const TOP: usize = 44;
const COLUMN: usize = 36;
const ROW: usize = 17;
/// Width of a letter of a heading.
const LETTER: usize = 10;

pub fn draw(timetable: &Timetable, words: &Words) -> Picture {
    let school = timetable.school;
    let mut picture = Picture {
        id: "occupancy",
        title: words.occupancy_title,
        about: words.occupancy_about,
        width: LEFT + school.blocks.len() * COLUMN,
        height: TOP + (school.places.len() + 1) * ROW + 8,
        marks: Vec::new(),
        labels: Vec::new(),
        legend: Vec::new(),
        table: Table::new([words.place, words.block, words.students, words.seats_head]),
        cut: None,
    };
    head(&mut picture, school, words);
    let seated = seated(timetable);
    let mut used = vec![(0, 0); school.blocks.len()];
    for place in school.place_ids() {
        let row = &school[place];
        let y = TOP + (place.index() + 1) * ROW + 6;
        picture.labels.push(Label::new(0, y + 13, "l-start", short(&row.name, 22)).to("place", &row.id));
        for block in school.block_ids() {
            let students = seated.get(&(place, block)).copied();
            let sum = &mut used[block.index()];
            if school.place_free[(place, block)] {
                *sum = (sum.0 + students.unwrap_or(0), sum.1 + u64::from(row.seats));
            }
            let what = format!("{}, {}", row.name, school[block].id);
            cell(&mut picture, block, y, students, u64::from(row.seats), &what);
            if let Some(students) = students {
                let cells = [row.name.clone(), school[block].id.clone(), students.to_string()];
                let [name, id, students] = cells;
                picture.table.push([name, id, students, row.seats.to_string()]);
            }
        }
    }
    picture.labels.push(Label::new(0, TOP + 13, "l-start l-head", words.all_places.to_owned()));
    for block in school.block_ids() {
        let (students, seats) = used[block.index()];
        let what = format!("{}, {}", words.all_places, school[block].id);
        cell(&mut picture, block, TOP, (seats > 0).then_some(students), seats, &what);
    }
    picture
}

/// The days over their blocks.
fn head(picture: &mut Picture, school: &School, words: &Words) {
    let days = labels::days(school, words);
    let mut last = None;
    for block in school.block_ids() {
        let row = &school[block];
        let x = LEFT + block.index() * COLUMN;
        if last != Some(row.day) {
            last = Some(row.day);
            let blocks = school.blocks.iter().filter(|block| block.day == row.day).count();
            let text = short(&days[row.day.index()], (blocks * COLUMN / LETTER).max(2));
            picture.labels.push(Label::new(x + 1, 14, "l-start l-head", text).to("day", &school[row.day]));
        }
        picture.labels.push(Label::new(x + 1, 34, "l-start l-soft l-small", clock(row.start)));
    }
}

/// Students by place and block.
fn seated(timetable: &Timetable) -> HashMap<(PlaceId, BlockId), u64> {
    let mut seated = HashMap::new();
    for session in &timetable.sessions {
        if let Some(place) = session.place {
            *seated.entry((place, session.block)).or_default() += session.seats.len() as u64;
        }
    }
    seated
}

fn cell(picture: &mut Picture, block: BlockId, y: usize, students: Option<u64>, seats: u64, what: &str) {
    let (x, level) = (LEFT + block.index() * COLUMN, tenths(students.unwrap_or(0), seats));
    let mark = |class: String, tip: String| Mark {
        x: x + 1,
        y: y + 1,
        width: COLUMN - 2,
        height: ROW - 2,
        class,
        tip,
    };
    match students {
        None => picture.marks.push(mark("h0".to_owned(), String::new())),
        Some(students) => {
            let tip = format!("{what}: {students} / {seats}");
            picture.marks.push(mark(format!("h{level}"), tip));
            let text = format!("{}%", percent(students, seats));
            let class = if level > 5 { "l-mid l-small l-on" } else { "l-mid l-small" };
            picture.labels.push(Label::new(x + COLUMN / 2, y + 12, class, text));
        }
    }
}
