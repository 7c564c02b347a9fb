//! Missing sessions by reason, as bars of the three priorities.

use std::collections::BTreeMap;

use crate::report::picture::{Label, Mark, Picture, Table, short};
use crate::report::words::Words;
use crate::school::Priority;
use crate::timetable::Timetable;

const LEFT: usize = 370;
/// Letters that fit beside the bars.
const LETTERS: usize = 48;
const WIDTH: usize = 420;
const ROW: usize = 28;

pub fn draw(timetable: &Timetable, words: &Words) -> Picture {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in &timetable.missing {
        if let Some(priority) = row.priority {
            let of_reason = counts.entry(&row.reason).or_default();
            of_reason[priority as usize] += row.missing as usize;
        }
    }
    let mut bars: Vec<(&str, [usize; 3])> = counts.into_iter().collect();
    bars.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    let names = [words.must, words.should, words.could];
    let most = bars.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let mut picture = Picture {
        id: "reasons",
        title: words.reasons_title,
        about: words.reasons_about,
        width: LEFT + WIDTH + 50,
        height: (bars.len() * ROW).max(ROW) + 4,
        marks: Vec::new(),
        labels: Vec::new(),
        legend: Priority::ALL
            .map(|priority| (format!("p-{}", priority.label()), names[priority as usize].to_owned()))
            .to_vec(),
        table: Table::new([words.reason, words.must, words.should, words.could]),
        cut: None,
    };
    if bars.is_empty() {
        picture.labels.push(Label::new(0, 18, "l-start", words.unmet_none.to_owned()));
    }
    for (row, (reason, counts)) in bars.iter().enumerate() {
        let y = row * ROW;
        let text = words.reason(reason).to_owned();
        let label = short(&text, LETTERS);
        picture.labels.push(Label::new(LEFT - 10, y + 18, "l-end", label));
        let mut x = LEFT;
        for priority in Priority::ALL {
            let count = counts[priority as usize];
            let width = (count * WIDTH).div_ceil(most);
            if count > 0 {
                let class = format!("p-{}", priority.label());
                let tip = format!("{}: {count}", names[priority as usize]);
                picture.marks.push(Mark { x, y: y + 4, width, height: ROW - 8, class, tip });
            }
            x += width;
        }
        let all = counts.iter().sum::<usize>().to_string();
        picture.labels.push(Label::new(x + 8, y + 18, "l-start", all));
        let [must, should, could] = counts.map(|count| count.to_string());
        picture.table.push([text, must, should, could]);
    }
    picture
}
