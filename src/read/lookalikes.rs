//! Ids and values that differ in capitals only. Each is a thing of its own to the program, and one and the same to
//! whoever typed them.

use std::collections::HashMap;

use crate::school::Id;

use super::origin::Origin;
use super::problem::{Problem, Problems};
use super::resources::Resources;

/// Reports each spelling that differs from an earlier one in capitals only.
pub fn report(resources: &Resources, problems: &mut Problems) {
    let Resources { subjects, offerings, places, staff, students, shared, .. } = resources;
    let (sites, units) = (shared.sites.list(), shared.units.list());
    ids(&subjects.origin, "subject", subjects.rows.iter().map(|row| row.id.as_str()), problems);
    ids(&offerings.origin, "offering", offerings.rows.iter().map(|row| row.id.as_str()), problems);
    ids(&places.origin, "place", places.rows.iter().map(|row| row.id.as_str()), problems);
    ids(&staff.origin, "staff", staff.rows.iter().map(|row| row.id.as_str()), problems);
    ids(&students.origin, "student", students.rows.iter().map(|row| row.id.as_str()), problems);

    let (mut class, mut year) = (Spellings::new("class"), Spellings::new("year"));
    let (mut site, mut unit, mut tag) =
        (Spellings::new("site"), Spellings::new("unit"), Spellings::new("tag"));
    for (row, offering) in offerings.rows.iter().enumerate() {
        offering.tags.iter().for_each(|text| tag.see(text, &offerings.origin, row, "tags", problems));
    }
    for (row, place) in places.rows.iter().enumerate() {
        place.tags.iter().for_each(|text| tag.see(text, &places.origin, row, "tags", problems));
        place.site.iter().for_each(|id| site.see(sites[id.index()], &places.origin, row, "site", problems));
        place.unit.iter().for_each(|id| unit.see(units[id.index()], &places.origin, row, "unit", problems));
    }
    for (row, person) in staff.rows.iter().enumerate() {
        person.sites.iter().for_each(|id| site.see(sites[id.index()], &staff.origin, row, "sites", problems));
        person.unit.iter().for_each(|id| unit.see(units[id.index()], &staff.origin, row, "unit", problems));
    }
    for (row, student) in students.rows.iter().enumerate() {
        class.see(&student.class, &students.origin, row, "class", problems);
        year.see(&student.year, &students.origin, row, "year", problems);
        student
            .site
            .iter()
            .for_each(|id| site.see(sites[id.index()], &students.origin, row, "site", problems));
        student
            .unit
            .iter()
            .for_each(|id| unit.see(units[id.index()], &students.origin, row, "unit", problems));
    }
}

fn ids<'s>(
    origin: &Origin,
    column: &'static str,
    ids: impl Iterator<Item = &'s str>,
    problems: &mut Problems,
) {
    let mut spellings = Spellings::new(column);
    ids.enumerate().for_each(|(row, id)| spellings.see(id, origin, row, column, problems));
}

/// The spellings of one kind of value so far.
struct Spellings {
    what: &'static str,
    /// By the value in small letters: each spelling and where it stands first.
    seen: HashMap<String, Vec<(String, String)>>,
}

impl Spellings {
    fn new(what: &'static str) -> Self {
        Self { what, seen: HashMap::new() }
    }

    fn see(&mut self, value: &str, origin: &Origin, row: usize, column: &str, problems: &mut Problems) {
        let known = self.seen.entry(value.to_lowercase()).or_default();
        if known.iter().any(|(spelling, _)| spelling == value) {
            return;
        }
        let Some(table) = &origin.table else { return };
        // A row that was added, such as the subject `homework`, stands nowhere.
        let Some(&start) = origin.starts.get(row) else { return };
        if let Some((first, place)) = known.first() {
            let what = self.what;
            let problem =
                Problem::warning("look-alike", format!("`{first}` and `{value}` differ in capitals only"))
                    .found(format!("`{value}`, and `{first}` in {place}"))
                    .expected(format!("one spelling of each {what}: these are two"))
                    .help("write both in the same way; if two are meant, give one of them another name");
            origin.report(row, column, problem, problems);
        }
        let place = format!("{} line {}", table.file.name, table.source.line(start));
        known.push((value.to_owned(), place));
    }
}
