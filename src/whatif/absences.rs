//! Who or what is out, as command lines and plans say it: `WHO[:DAY[:BLOCK]]`.

use crate::read::spoken;
use crate::school::{BlockId, Id, PlaceId, School, StaffId, clock};
use crate::verify::Named;

/// Somebody or something, and the blocks in which they are out.
#[derive(Clone, Debug)]
pub struct Out<I> {
    pub who: I,
    pub blocks: Vec<BlockId>,
}

/// Staff who are absent.
///
/// # Errors
/// An unknown id, day or block; the message says which.
pub fn absent(school: &School, told: &[String]) -> Result<Vec<Out<StaffId>>, String> {
    told.iter()
        .map(|text| {
            let by_id = split(text, |id| school.staff_ids().find(|&staff| school[staff].id == id));
            let found = by_id.or_else(|| split(text, |name| called(school, name)));
            let Some((who, when)) = found else {
                let student = split(text, |id| school.student_ids().find(|&i| school[i].id == id)).is_some();
                return Err(match student {
                    true => format!(
                        "absent {text}: this is a student; write the absence in busy.csv of a copy of the \
                         school and give that with --data"
                    ),
                    false => format!("absent {text}: no staff member has this id; see staff.csv"),
                });
            };
            Ok(Out { who, blocks: blocks(school, when).map_err(|why| format!("absent {text}: {why}"))? })
        })
        .collect()
}

/// The only member of staff who is called so.
fn called(school: &School, name: &str) -> Option<StaffId> {
    let name = spoken(name);
    let mut named = school.staff_ids().filter(|&staff| spoken(&school[staff].name) == name);
    named.next().filter(|_| named.next().is_none())
}

/// Places that are closed.
///
/// # Errors
/// As [`absent`].
pub fn closed(school: &School, told: &[String]) -> Result<Vec<Out<PlaceId>>, String> {
    told.iter()
        .map(|text| {
            let found = split(text, |id| school.place_ids().find(|&place| school[place].id == id));
            let (who, when) =
                found.ok_or_else(|| format!("closed {text}: no place has this id; see places.csv"))?;
            Ok(Out { who, blocks: blocks(school, when).map_err(|why| format!("closed {text}: {why}"))? })
        })
        .collect()
}

/// Those of an earlier repair whom `school` knows, but for those of `back`.
pub fn earlier<I: Copy>(
    school: &School,
    named: &[Named],
    back: &[String],
    ids: &[(String, I)],
) -> Vec<Out<I>> {
    let block = |id: &String| school.block_ids().find(|&block| school[block].id == *id);
    let known = named.iter().filter(|named| !back.contains(&named.id)).filter_map(|named| {
        let &(_, who) = ids.iter().find(|(id, _)| *id == named.id)?;
        Some(Out { who, blocks: named.blocks.iter().filter_map(block).collect() })
    });
    known.collect()
}

/// The id before a colon, and what follows it; the longest id that exists, as ids may have colons themselves.
fn split<T>(text: &str, find: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    let mut ends = std::iter::once(text.len()).chain(text.rmatch_indices(':').map(|(at, _)| at));
    ends.find_map(|end| Some((find(&text[..end])?, text[end..].trim_start_matches(':'))))
}

/// Blocks of `DAY`, `DAY:BLOCK` or all. A block is named by its id or the time of its start.
fn blocks(school: &School, when: &str) -> Result<Vec<BlockId>, String> {
    let found = split(when, |label| school.days.iter().position(|day| day == label));
    let (day, block) = match (when, found) {
        ("", _) => (None, ""),
        (_, Some((day, block))) => (Some(day), block),
        (_, None) => (None, when),
    };
    let here = |b: &BlockId| day.is_none_or(|day| school[*b].day.index() == day);
    let named = |b: &BlockId| {
        let row = &school[*b];
        block.is_empty() || row.id == block || (day.is_some() && clock(row.start) == format!("{block:0>5}"))
    };
    let blocks: Vec<BlockId> = school.block_ids().filter(|b| here(b) && named(b)).collect();
    if blocks.is_empty() {
        let days = school.days.join(", ");
        return Err(format!("`{when}` is no day ({days}), block or time at which one starts"));
    }
    Ok(blocks)
}
