//! What breaks no rule and yet can hardly be meant: an offering that nobody can lead, blocks that overlap for the same
//! students, a learning zone that may land in a classroom.

use std::collections::HashSet;

use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{Block, BlockId, Kind, Offering, OwnPlaces, Role, School, clock};

use super::near_miss::NearMiss;

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    for id in school.offering_ids() {
        let offering = &school[id];
        if !school.staff.iter().any(|staff| staff.may_lead(offering)) {
            origins.offerings.report_id(id, "offering", nobody_leads(school, offering), problems);
        }
        if let Some(problem) = no_assistant(school, offering) {
            origins.offerings.report_id(id, "assistants_qualified", problem, problems);
        }
        if let Some(problem) = zone_in_classroom(school, offering) {
            origins.offerings.report_id(id, "tags", problem, problems);
        }
    }
    report_own_places(school, origins, problems);
    report_overlaps(school, origins, problems);
}

/// `own_places = "require"` where no place has a unit, or one whose unit has no staff.
fn report_own_places(school: &School, origins: &Origins, problems: &mut Problems) {
    if school.own_places != OwnPlaces::Require {
        return;
    }
    if school.places.iter().all(|place| place.unit.is_none()) {
        let problem = Problem::warning("no-effect", "`own_places` does nothing: no place has a unit")
            .rule("R8")
            .found("`require`, and no `unit` in places.csv")
            .expected("a place with a unit")
            .help("fill in `unit` of the places that only staff of a unit use, or take this line out");
        origins.settings.report(&origins.setting_spans.own_places, "own_places", problem, problems);
    }
    for id in school.place_ids() {
        let Some(unit) = school[id].unit else { continue };
        if !school.staff.iter().any(|staff| staff.unit == Some(unit)) {
            let problem =
                Problem::warning("unused-place", format!("nobody may lead anything in `{}`", school[id].id))
                    .rule("R8")
                    .found(format!(
                        "`{}`, a unit without staff, and `own_places = \"require\"`",
                        school[unit]
                    ))
                    .expected("a unit of staff in staff.csv")
                    .help("correct the unit, or empty the cell: then everybody may use the place");
            origins.places.report_id(id, "unit", problem, problems);
        }
    }
}

fn nobody_leads(school: &School, offering: &Offering) -> Problem {
    let problem = Problem::warning(
        "nobody-leads",
        format!("nobody can lead `{}`, so it never runs", offering.id),
    )
    .rule("R3")
    .expected(
        "staff with one of its `roles` who are qualified for its subjects (`qualified`: all of them, or any)",
    );
    match NearMiss::of(school, offering, None) {
        Some(near) => problem.found(near.found()).help(near.help()),
        None => problem
            .found("nobody who has its subjects")
            .help("add its subjects to `subjects` of somebody in staff.csv with one of its `roles`"),
    }
}

/// `assistants_qualified` where there are no assistants, or none who is qualified.
fn no_assistant(school: &School, offering: &Offering) -> Option<Problem> {
    if !offering.assistants_qualified {
        return None;
    }
    if offering.assistants == 0 || offering.qualifications.is_empty() {
        let problem = Problem::warning(
            "no-effect",
            format!("`assistants_qualified` does nothing for `{}`", offering.id),
        );
        return Some(match offering.assistants {
            0 => problem
                .found("`true`, and `assistants` 0")
                .expected("an offering with assistants")
                .help("set `assistants` to the most in one session, or empty this cell"),
            _ => problem
                .found("`true`, and no subject but `homework`, for which nobody need be qualified")
                .expected("an offering of a subject for which assistants can be qualified")
                .help("empty this cell"),
        });
    }
    let assistants = || school.staff.iter().filter(|staff| staff.roles.has(Role::Assistant));
    if assistants().any(|staff| staff.may_assist(offering)) {
        return None;
    }
    let subjects: Vec<String> =
        offering.qualifications.iter().map(|&subject| format!("`{}`", school[subject].id)).collect();
    let found = match assistants().count() {
        0 => "nobody with the role `assistant`".to_owned(),
        count => format!(
            "{} with the role `assistant`, none of them qualified for {}",
            count,
            subjects.join(" or ")
        ),
    };
    let problem =
        Problem::warning("nobody-assists", format!("nobody can assist in `{}`", offering.id)).rule("R3");
    Some(
        problem
            .found(found)
            .expected("an assistant in staff.csv who is qualified for a subject of it")
            .help("add a subject of it to `subjects` of an assistant in staff.csv, or empty this cell"),
    )
}

/// An offering of learning zones that asks for no tag, where open zones and classrooms could both hold it.
fn zone_in_classroom(school: &School, offering: &Offering) -> Option<Problem> {
    if offering.kinds != [Kind::Zone] || offering.online || !offering.tags.is_empty() {
        return None;
    }
    let zone = school.places.iter().find(|place| place.parallel > 1)?;
    let room =
        school.places.iter().find(|place| place.parallel == 1 && place.seats >= offering.min.max(1))?;
    let tag = zone.tags.first().map_or("zone", String::as_str);
    let problem = Problem::warning("zone-in-classroom", format!("`{}` may run in a classroom", offering.id))
        .found(format!("no tag, so that it may be held in `{}` as well as in `{}`", room.id, zone.id))
        .expected("a tag that open learning zones have and classrooms do not");
    let at_zone =
        if zone.tags.is_empty() { format!(", and in `tags` of `{}`", zone.id) } else { String::new() };
    Some(problem.help(format!("write `{tag}` here{at_zone}; or let it be, if any room will do")))
}

/// Reports once for each two entries of the layout whose blocks are in each other's way.
fn report_overlaps(school: &School, origins: &Origins, problems: &mut Problems) {
    let mut seen = HashSet::new();
    for second in school.block_ids() {
        for first in school.block_ids().take_while(|first| *first < second) {
            let entries = (origin(origins, first), origin(origins, second));
            if !collide(school, &school[first], &school[second]) || seen.contains(&entries) {
                continue;
            }
            let shared =
                school.student_ids().filter(|&i| school.invited[(i, first)] && school.invited[(i, second)]);
            let shared = shared.count();
            if shared == 0 {
                continue;
            }
            seen.insert(entries);
            let (a, b) = (described(&school[first]), described(&school[second]));
            let problem = Problem::warning("blocks-overlap", format!("{a} and {b} overlap"))
                .rule("R1")
                .found(format!("{shared} students are invited to both and can attend only one of them"))
                .expected("blocks that follow each other, or an `audience` for each")
                .help("correct the start or the end of one, or give each an `audience` of its own");
            let later = if entries.0 <= entries.1 { second } else { first };
            origins.layout.report(&origins.blocks[crate::school::Id::index(later)], "id", problem, problems);
        }
    }
}

fn origin(origins: &Origins, block: BlockId) -> usize {
    origins.blocks[crate::school::Id::index(block)].start
}

/// Whether two blocks overlap in a way that can hardly be meant. Lessons beside a zone are, be it as long or longer.
fn collide(school: &School, a: &Block, b: &Block) -> bool {
    let holds = |outer: &Block, inner: &Block| outer.start <= inner.start && inner.end <= outer.end;
    let is_same_time = holds(a, b) && holds(b, a);
    let has_coaching = school.coaching.is_some() && (a.kind == Kind::Coaching || b.kind == Kind::Coaching);
    let is_meant = is_same_time || ((holds(a, b) || holds(b, a)) && a.kind != b.kind);
    a.overlaps(b) && (has_coaching || !is_meant)
}

fn described(block: &Block) -> String {
    format!("`{}` ({} to {})", block.id, clock(block.start), clock(block.end))
}
