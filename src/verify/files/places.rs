//! `place_timetable.csv`: the sessions seen from the places.

use std::path::Path;

use crate::verify::violation::Row;
use crate::verify::week::{PLACES, Week, title};
use crate::verify::{Error, table};

use super::compare::{BlockCells, Files};

pub fn read(files: &mut Files, out: &Path, week: &Week) -> Result<(), Error> {
    let columns = ["place", "block", "day", "start", "end", "session", "offering", "lead", "students"];
    let mut found = vec![false; week.sessions.len()];
    table::read(out, PLACES, columns, |line, cells| {
        let [place, block, day, start, end, id, offering, lead, students] = cells;
        let row = Row { file: PLACES, line };
        files.names.places.find(place, row, files.violations);
        let Some(index) = files.session(row, id, block) else { return };
        let session = &week.sessions[index];
        files.same_block(row, session.block, &BlockCells { day, start, end, kind: None });
        let cells = &files.written.cells[index];
        let expected = [
            cells.place.clone(),
            cells.offering.clone(),
            cells.lead.clone(),
            session.attendances.len().to_string(),
        ];
        let columns = [("place", place), ("offering", offering), ("lead", lead), ("students", students)];
        for ((column, found), expected) in columns.into_iter().zip(&expected) {
            files.same(row, index, column, found, expected);
        }
        if std::mem::replace(&mut found[index], true) {
            files.differ(row, format!("{} is listed twice", title(files.school, session)));
        }
    })?;
    for (session, found) in week.sessions.iter().zip(found) {
        if session.place.is_some() && !found {
            let title = title(files.school, session);
            files.differ(session.row(), format!("{title} has no row in place_timetable.csv"));
        }
    }
    Ok(())
}
