//! What speaks against one pin by itself: busy times, audiences, qualifications, places, needs.

use crate::feasibility::runs::Runs;
use crate::pluralize::pluralize;
use crate::school::{
    BlockId, Need, OfferingId, Pin, PinKind, Place, PlaceId, School, Staff, StaffId, StudentId, attends_at,
};

use super::clash::Clash;

/// One `session` or `attend` pin.
pub struct Pinned<'s> {
    pub school: &'s School,
    pub runs: &'s Runs,
    pub pin: &'s Pin,
    pub block: BlockId,
    pub offering: OfferingId,
}

impl<'s> Pinned<'s> {
    pub fn kind(&self) -> Option<Clash> {
        let (block, offering) = (&self.school[self.block], &self.school[self.offering]);
        (!offering.runs_in(block)).then(|| {
            let kinds = offering.kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("|");
            Clash::new(
                "offering",
                "R8",
                format!("`{}` does not run in a {} block", offering.id, block.kind.label()),
                format!("`{}` runs in {kinds}, block `{}` is {}", offering.id, block.id, block.kind.label()),
                "pin it to another block, or add the kind to the offering's `kinds`",
            )
        })
    }

    fn leads(&self) -> Vec<&'s Staff> {
        let named = |staff: &&StaffId| self.pin.staff.is_none_or(|named| named == **staff);
        let free = |staff: &&StaffId| self.school.staff_free[(**staff, self.block)];
        self.runs
            .leads(self.offering)
            .iter()
            .filter(named)
            .filter(free)
            .map(|&staff| &self.school[staff])
            .collect()
    }

    pub fn lead(&self) -> Option<Clash> {
        let (school, block) = (self.school, &self.school[self.block].id);
        let offering = &school[self.offering];
        if !self.leads().is_empty() {
            return None;
        }
        let Some(named) = self.pin.staff else {
            let number = self.runs.leads(self.offering).len();
            return Some(Clash::new(
                "offering",
                if number == 0 { "R3" } else { "R1" },
                format!("nobody can lead `{}` in block `{block}`", offering.id),
                format!("{number} staff may lead it, none of them is free then"),
                "pin it to another block, qualify someone, or shorten busy times",
            ));
        };
        let staff = &school[named];
        Some(if !staff.roles.intersects(offering.roles) {
            let roles = staff.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("|");
            Clash::new(
                "staff",
                "R3",
                format!("`{}` has no role that may lead `{}`", staff.id, offering.id),
                format!("the roles {roles}"),
                "name someone else, or add a role in staff.csv or offerings.csv",
            )
        } else if !staff.may_lead(offering) {
            Clash::new(
                "staff",
                "R3",
                format!("`{}` is not qualified for `{}`", staff.id, offering.id),
                format!("`{}`, who lacks a subject of the offering", staff.id),
                "name someone else, or add the subject to `subjects` in staff.csv",
            )
        } else {
            Clash::new(
                "staff",
                "R1",
                format!("`{}` is busy during block `{block}`", staff.id),
                format!("a busy time of `{}` in busy.csv", staff.id),
                "pin it to another block, name someone else, or shorten the busy time",
            )
        })
    }

    fn places(&self) -> Vec<&'s Place> {
        let named = |place: &&PlaceId| self.pin.place.is_none_or(|named| named == **place);
        let free = |place: &&PlaceId| self.school.place_free[(**place, self.block)];
        self.runs
            .places(self.offering)
            .iter()
            .filter(named)
            .filter(free)
            .map(|&place| &self.school[place])
            .collect()
    }

    pub fn place(&self) -> Option<Clash> {
        let (school, block) = (self.school, &self.school[self.block].id);
        let offering = &school[self.offering];
        if offering.online {
            return self.pin.place.map(|place| {
                Clash::new(
                    "place",
                    "R2",
                    format!("`{}` is online and has no place", offering.id),
                    format!("`{}`", school[place].id),
                    "empty the cell",
                )
            });
        }
        if !self.places().is_empty() {
            return None;
        }
        let Some(named) = self.pin.place else {
            let number = self.runs.places(self.offering).len();
            return Some(Clash::new(
                "offering",
                "R2",
                format!("no place can hold `{}` in block `{block}`", offering.id),
                format!("{} could hold it, none of them free then", pluralize(number, "place")),
                "pin it to another block, or free a place",
            ));
        };
        let place = &school[named];
        Some(if !place.has_tags_of(offering) {
            Clash::new(
                "place",
                "R2",
                format!("`{}` lacks a tag that `{}` asks for", place.id, offering.id),
                format!("the tags `{}`, asked `{}`", place.tags.join("|"), offering.tags.join("|")),
                "name another place, or add the tag in places.csv",
            )
        } else if place.seats < offering.min.max(1) {
            Clash::new(
                "place",
                "R2",
                format!("`{}` has too few seats for `{}`", place.id, offering.id),
                format!(
                    "{}, a session has at least {}",
                    pluralize(place.seats as usize, "seat"),
                    pluralize(offering.min as usize, "student")
                ),
                "name a larger place",
            )
        } else {
            Clash::new(
                "place",
                "R2",
                format!("`{}` is busy during block `{block}`", place.id),
                format!("a busy time of `{}` or its site in busy.csv", place.id),
                "pin it to another block, name another place, or shorten the busy time",
            )
        })
    }

    /// The lead works where the place is, and so does the student.
    pub fn site(&self) -> Option<Clash> {
        let school = self.school;
        if school[self.offering].online {
            return None;
        }
        let (leads, places) = (self.leads(), self.places());
        let apart = !leads.is_empty()
            && !places.is_empty()
            && !places.iter().any(|place| leads.iter().any(|lead| lead.works_at(place.site)));
        if apart {
            return Some(Clash::new(
                if self.pin.place.is_some() { "place" } else { "offering" },
                "R5",
                "nobody who can lead it works at a site where it can be".to_owned(),
                format!(
                    "{} and {} at different sites",
                    pluralize(leads.len(), "lead"),
                    pluralize(places.len(), "place")
                ),
                "name another place or lead, or add the site to `sites` in staff.csv",
            ));
        }
        if let Some(clash) = self.own_place(&leads, &places) {
            return Some(clash);
        }
        let student = &school[self.pin.student?];
        let site = student.site?;
        let reachable = places.iter().any(|place| attends_at(student.site, place.site));
        (!places.is_empty() && !reachable).then(|| {
            Clash::new(
                "student",
                "R5",
                format!("`{}` cannot attend at another site than their own", student.id),
                format!("`{}` at site `{}`, no place for it there", student.id, school[site]),
                "name another place or student",
            )
        })
    }

    /// A place with a unit is led in by its staff, where that is required.
    fn own_place(&self, leads: &[&Staff], places: &[&Place]) -> Option<Clash> {
        let school = self.school;
        let suits = |place: &Place, lead: &Staff| {
            lead.works_at(place.site) && school.own_places.allows(place.unit, lead.unit)
        };
        let none = !leads.is_empty()
            && !places.is_empty()
            && !places.iter().any(|place| leads.iter().any(|lead| suits(place, lead)));
        none.then(|| {
            let offering = &school[self.offering].id;
            Clash::new(
                if self.pin.place.is_some() { "place" } else { "offering" },
                "R8",
                format!("nobody who can lead `{offering}` may use a place for it"),
                "places of other units only, and `own_places = \"require\"`".to_owned(),
                "name another place or lead, or set `own_places = \"prefer\"`",
            )
        })
    }

    pub fn student(&self) -> Option<Clash> {
        let id = self.pin.student?;
        let (school, block) = (self.school, &self.school[self.block].id);
        let (student, offering) = (&school[id], &school[self.offering]);
        if !school.invited[(id, self.block)] {
            return Some(Clash::new(
                "student",
                "R1",
                format!("block `{block}` is not for `{}`", student.id),
                format!("`{}`, whom the audience of `{block}` excludes", student.id),
                "pin it to another block, or widen its audience in the layout",
            ));
        }
        if !school.student_free[(id, self.block)] {
            return Some(Clash::new(
                "student",
                "R1",
                format!("`{}` is busy during block `{block}`", student.id),
                format!("a busy time of `{}` in busy.csv", student.id),
                "pin it to another block, or shorten the busy time",
            ));
        }
        if self.pin.kind != PinKind::Attend {
            return None;
        }
        if !offering.admits(id) {
            return Some(Clash::new(
                "student",
                "R6",
                format!("`{}` is not in the audience of `{}`", student.id, offering.id),
                format!("`{}`, whom the audience of `{}` excludes", student.id, offering.id),
                "widen the offering's audience, or take the pin out",
            ));
        }
        let needs: Vec<&Need> = school
            .needs_of(id)
            .map(|need| &school[need])
            .filter(|need| school[self.offering].meets_one_of(&need.subjects))
            .collect();
        if !needs.is_empty() && !needs.iter().any(|need| need.may_be_met_in(&school[self.block])) {
            let day = &school[school[self.block].day];
            return Some(Clash::new(
                "block",
                "R6",
                format!("the need of `{}` for `{}` may not be met on {day}", student.id, offering.id),
                format!("{day}, and other `days` in needs.csv"),
                "pin it to a block of one of those days, or add the day to `days`",
            ));
        }
        if needs.is_empty() {
            return Some(Clash::new(
                "offering",
                "R6",
                format!("`{}` has no need that `{}` meets", student.id, offering.id),
                "no such need in needs.csv".to_owned(),
                "add the need to needs.csv, or take the pin out",
            ));
        }
        let lead = &school[self.pin.staff?];
        let met = |need: &&Need| need.may_be_met_in(&school[self.block]) && lead.has_what_is_asked_with(need);
        if !needs.iter().any(met) {
            return Some(Clash::new(
                "staff",
                "R6",
                format!("`{}` is not qualified for what the need asks `with`", lead.id),
                format!("`{}`", lead.id),
                "name someone else, or empty `with` in needs.csv",
            ));
        }
        (!school.own_staff.allows(lead.unit, student.unit)).then(|| {
            Clash::new(
                "staff",
                "R8",
                format!("`{}` is not of the unit of `{}`", lead.id, student.id),
                "staff of another unit, and `own_staff = \"require\"`".to_owned(),
                "name staff of the student's unit, or set `own_staff = \"prefer\"`",
            )
        })
    }

    /// A session that runs has at least `min` students.
    pub fn too_few(&self, wanting: &[StudentId]) -> Option<Clash> {
        let free = wanting.iter().filter(|&&student| self.school.student_free[(student, self.block)]).count();
        let found = || format!("{} with a need for it are free then", pluralize(free, "student"));
        (free < self.school[self.offering].min as usize).then(|| self.small(found()))
    }

    /// The students of a session are those whom its lead may serve at its place.
    pub fn too_few_at_once(&self, wanting: &[StudentId]) -> Option<Clash> {
        let school = self.school;
        let row = &school[self.offering];
        let (leads, places) = (self.leads(), self.places());
        let places: Vec<Option<&Place>> =
            if row.online { vec![None] } else { places.into_iter().map(Some).collect() };
        let least = row.min as usize;
        let mut most = None;
        for &lead in &leads {
            for &place in places.iter().filter(|place| {
                place.is_none_or(|place| {
                    lead.works_at(place.site) && school.own_places.allows(place.unit, lead.unit)
                })
            }) {
                let serves = |student: &&StudentId| self.serves(**student, lead, place);
                if !self.pin.student.as_ref().is_none_or(|student| serves(&student)) {
                    continue;
                }
                let number = wanting.iter().filter(serves).take(least).count();
                if number >= least {
                    return None;
                }
                most = most.max(Some(number));
            }
        }
        let Some(most) = most else {
            let student = &school[self.pin.student?].id;
            return Some(Clash::new(
                "student",
                "R8",
                format!("no lead of `{}` may serve `{student}` at a place for it", row.id),
                format!(
                    "{} and {}, no two of which suit",
                    pluralize(leads.len(), "lead"),
                    pluralize(places.len(), "place")
                ),
                "name another student, or look at the sites, the units and `with` of the need",
            ));
        };
        Some(self.small(format!(
            "{} at most whom one lead may serve at one place are free then",
            pluralize(most, "student")
        )))
    }

    /// Whether the student could be in a session of the pin.
    fn serves(&self, student: StudentId, lead: &Staff, place: Option<&Place>) -> bool {
        let (school, row) = (self.school, &self.school[student]);
        let at_site = attends_at(row.site, place.and_then(|place| place.site));
        let met = |need: &Need| {
            need.may_be_met_in(&school[self.block])
                && school[self.offering].meets_one_of(&need.subjects)
                && lead.has_what_is_asked_with(need)
        };
        school.student_free[(student, self.block)]
            && at_site
            && school.own_staff.allows(lead.unit, row.unit)
            && school.needs_of(student).any(|need| met(&school[need]))
    }

    fn small(&self, found: String) -> Clash {
        let (school, offering) = (self.school, &self.school[self.offering]);
        Clash::new(
            "offering",
            "R3",
            format!("too few students for `{}` in block `{}`", offering.id, school[self.block].id),
            format!("{found}, a session has at least {}", offering.min),
            "pin it to another block, or lower the offering's `min`",
        )
    }
}
