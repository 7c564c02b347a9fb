//! Blocks a week of every staff member, by role, with the bounds agreed.

use crate::report::picture::{Label, Mark, Picture, Table, short};
use crate::report::words::Words;
use crate::school::{Id, StaffId};
use crate::timetable::{Timetable, What};
use crate::write::files::RESERVE;

const LEFT: usize = 170;
const WIDTH: usize = 560;
const ROW: usize = 20;
/// Rows on one sheet of paper.
const SHEET: usize = 44;

/// Class of the colour; the order of the segments of a bar.
const ROLES: [&str; 5] = ["lead", "coach", "supervisor", "assistant", "package"];

pub fn draw(timetable: &Timetable, words: &Words) -> Picture {
    let school = timetable.school;
    let names =
        [words.role_lead, words.role_coach, words.role_supervisor, words.role_assistant, words.role_package];
    let loads: Vec<(StaffId, [usize; 5])> =
        school.staff_ids().map(|staff| (staff, load(timetable, staff))).collect();
    let highest = loads.iter().map(|(staff, load)| {
        let most = school[*staff].max_blocks.unwrap_or(0).min(100) as usize;
        load.iter().sum::<usize>().max(most).max(school[*staff].min_blocks.min(100) as usize)
    });
    let unit = WIDTH / highest.max().unwrap_or(0).max(1);
    let mut picture = Picture {
        id: "load",
        title: words.load_title,
        about: words.load_about,
        width: LEFT + WIDTH + 40,
        height: loads.len() * ROW + 6,
        marks: Vec::new(),
        labels: Vec::new(),
        legend: ROLES.iter().zip(names).map(|(role, name)| (format!("r-{role}"), name.to_owned())).collect(),
        table: Table::new([words.staff, words.blocks, words.least, words.most]),
        cut: Some(SHEET * ROW),
    };
    for (row, (staff, load)) in loads.iter().enumerate() {
        let (y, who) = (row * ROW, &school[*staff]);
        picture.labels.push(Label::new(0, y + 15, "l-start", short(&who.name, 22)).to("staff", &who.id));
        let mut x = LEFT;
        for ((&blocks, role), name) in load.iter().zip(ROLES).zip(names) {
            if blocks > 0 {
                let (class, tip) = (format!("r-{role}"), format!("{}: {name}: {blocks}", who.name));
                picture.marks.push(Mark { x, y: y + 4, width: blocks * unit, height: ROW - 7, class, tip });
            }
            x += blocks * unit;
        }
        let all: usize = load.iter().sum();
        picture.labels.push(Label::new(x + 8, y + 15, "l-start l-soft", all.to_string()));
        let least = (who.min_blocks > 0).then_some(who.min_blocks);
        for (bound, name, class) in [(least, words.least, "least"), (who.max_blocks, words.most, "most")] {
            if let Some(bound) = bound.filter(|&bound| bound as usize * unit <= WIDTH) {
                let (x, tip) = (LEFT + bound as usize * unit, format!("{}: {name}: {bound}", who.name));
                let class = format!("bound {class}");
                picture.marks.push(Mark {
                    x: x.saturating_sub(1),
                    y: y + 1,
                    width: 2,
                    height: ROW - 2,
                    class,
                    tip,
                });
            }
        }
        let most = who.max_blocks.map_or(words.no_limit.to_owned(), |most| most.to_string());
        picture.table.push([who.name.clone(), all.to_string(), who.min_blocks.to_string(), most]);
    }
    picture
}

/// Blocks by role, as in [`ROLES`].
fn load(timetable: &Timetable, staff: StaffId) -> [usize; 5] {
    let mut load = [0; 5];
    for duty in timetable.of_staff[staff.index()].iter().filter(|duty| duty.role != RESERVE) {
        let what = duty.session.map(|session| timetable.sessions[session].what);
        let at = match (duty.role.as_str(), what) {
            ("assistant", _) => 3,
            (_, Some(What::Coaching)) => 1,
            (_, Some(What::Study)) | ("supervisor", _) => 2,
            _ => 0,
        };
        load[at] += 1;
    }
    let carried = timetable.holders.iter().filter(|(_, holder)| *holder == staff);
    load[4] = carried.map(|(package, _)| timetable.school[*package].blocks as usize).sum();
    load
}
