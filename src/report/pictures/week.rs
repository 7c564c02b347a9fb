//! The whole school's week: every block as a strip of the subjects side by side.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::HOMEWORK;
use crate::report::labels;
use crate::report::picture::{Label, Mark, Picture, Table, short};
use crate::report::words::{Words, fill};
use crate::school::{BlockId, School, clock};
use crate::timetable::{Timetable, What};

const LEFT: usize = 52;
const TOP: usize = 26;
const DAY: usize = 218;
const ROW: usize = 66;
const GAP: usize = 8;
/// Width of a letter of a label.
const LETTER: usize = 7;

pub fn draw(timetable: &Timetable, words: &Words) -> Picture {
    let school = timetable.school;
    let slots: Vec<(u16, u16)> = school
        .blocks
        .iter()
        .map(|block| (block.start, block.end))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut picture = Picture {
        id: "week",
        title: words.week_title,
        about: words.week_about,
        width: LEFT + school.days.len() * DAY,
        height: TOP + slots.len() * ROW,
        marks: Vec::new(),
        labels: Vec::new(),
        legend: labels::kinds(school, words),
        table: Table::new([words.block, words.day, words.time, words.subject, words.students]),
        cut: None,
    };
    let days = labels::days(school, words);
    for (at, day) in days.iter().enumerate() {
        picture
            .labels
            .push(Label::new(LEFT + at * DAY, 16, "l-start l-head", day.clone()).to("day", &school.days[at]));
    }
    for (at, (start, end)) in slots.iter().enumerate() {
        let y = TOP + at * ROW + 16;
        picture.labels.push(Label::new(0, y, "l-start l-head", clock(*start)));
        picture.labels.push(Label::new(0, y + 15, "l-start l-soft", clock(*end)));
    }
    let strips = strips(timetable, words);
    for block in school.block_ids() {
        let row = slots.iter().position(|slot| *slot == (school[block].start, school[block].end));
        let corner = (LEFT + day_at(school, block) * DAY, TOP + row.unwrap_or(0) * ROW);
        let strip = strips.get(&block).map(Vec::as_slice).unwrap_or_default();
        draw_block(&mut picture, school, block, corner, strip, words);
        tabulate(&mut picture.table, school, block, strip, &days);
    }
    picture
}

/// What is side by side in a block: a family of subjects, coaching or study.
struct Strip {
    name: String,
    colour: usize,
    students: usize,
    /// By subject.
    subjects: BTreeMap<String, usize>,
}

/// In the order of the subjects' file, so that a family has its place in every block.
fn strips(timetable: &Timetable, words: &Words) -> BTreeMap<BlockId, Vec<Strip>> {
    let school = timetable.school;
    let families = labels::families(school);
    let mut counts: BTreeMap<(BlockId, usize), Strip> = BTreeMap::new();
    for session in &timetable.sessions {
        for seat in &session.seats {
            let subject = match session.what {
                What::Coaching => words.coaching,
                What::Study => words.study,
                What::Offering(_) => seat.subject.split('|').next().unwrap_or_default(),
            };
            let (family, called) = match session.what {
                What::Offering(_) => (labels::family(subject), labels::subjects(school, subject, words)),
                What::Coaching | What::Study => (subject, subject.to_owned()),
            };
            let at = families.iter().position(|known| *known == family).unwrap_or(families.len());
            let strip = counts.entry((session.block, at)).or_insert_with(|| Strip {
                name: if subject == HOMEWORK { called.clone() } else { family.to_owned() },
                colour: if at < families.len() { at % labels::COLOURS } else { labels::COLOURS },
                students: 0,
                subjects: BTreeMap::new(),
            });
            strip.students += 1;
            *strip.subjects.entry(called).or_default() += 1;
        }
    }
    let mut strips: BTreeMap<BlockId, Vec<Strip>> = BTreeMap::new();
    for ((block, _), strip) in counts {
        strips.entry(block).or_default().push(strip);
    }
    strips
}

fn day_at(school: &School, block: BlockId) -> usize {
    use crate::school::Id;
    school[block].day.index()
}

fn draw_block(
    picture: &mut Picture,
    school: &School,
    block: BlockId,
    (x, y): (usize, usize),
    strips: &[Strip],
    words: &Words,
) {
    let (width, height) = (DAY - GAP, ROW - GAP);
    let kind = school[block].kind;
    let tip = format!("{}: {}", school[block].id, labels::kind(kind, words));
    let class = format!("k-{}", kind.label());
    picture.marks.push(Mark { x, y, width, height, class, tip });
    let all: usize = strips.iter().map(|strip| strip.students).sum();
    let text = match all {
        0 => words.free.to_owned(),
        1 => words.one_student.to_owned(),
        _ => fill(words.n_students, &[&all]),
    };
    picture.labels.push(Label::new(x + 8, y + 17, "l-start", text).to("block", &school[block].id));
    let (inner, mut before) = (width - 16, 0);
    for strip in strips {
        let (from, to) = (before * inner / all, (before + strip.students) * inner / all);
        before += strip.students;
        let mark = Mark {
            x: x + 8 + from,
            y: y + 26,
            width: (to - from).max(1),
            height: 24,
            class: format!("hue{}", strip.colour),
            tip: tell(strip),
        };
        if strip.name.chars().count() * LETTER + 2 <= to - from {
            let x = mark.x + (to - from) / 2;
            picture.labels.push(Label::new(x, y + 42, "l-mid l-white", short(&strip.name, 20)));
        }
        picture.marks.push(mark);
    }
}

fn tell(strip: &Strip) -> String {
    let subjects: Vec<String> =
        strip.subjects.iter().map(|(subject, students)| format!("{subject}: {students}")).collect();
    subjects.join(", ")
}

fn tabulate(table: &mut Table, school: &School, block: BlockId, strips: &[Strip], days: &[String]) {
    let row = &school[block];
    for (subject, students) in strips.iter().flat_map(|strip| &strip.subjects) {
        let time = format!("{}-{}", clock(row.start), clock(row.end));
        let day = days[day_at(school, block)].clone();
        table.push([row.id.clone(), day, time, subject.clone(), students.to_string()]);
    }
}
