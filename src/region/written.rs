//! The files that cross the border, and those of the coordinator.

use std::path::Path;

use serde_json::{Value, json};

use crate::school::{CsvStyle, Kind, School, clock};
use crate::write::files::Table;
use crate::write::{Contents, Staged};

use super::bid::Bid;
use super::read::{Region, role_cell};
use super::share::{Shared, scenario};

const BID: Table<14> = Table {
    file: "bid.csv",
    columns: [
        "school", "subjects", "roles", "site", "block", "day", "start", "end", "step", "value", "needs",
        "week", "source", "round",
    ],
};
const BLOCKS: Table<6> =
    Table { file: "blocks.csv", columns: ["school", "block", "day", "start", "end", "kind"] };
const GIVEN: Table<4> = Table { file: "given.csv", columns: ["school", "staff", "block", "used"] };
const POOL: Table<12> = Table {
    file: "pool_timetable.csv",
    columns: [
        "staff", "school", "site", "block", "day", "start", "end", "role", "roles", "subjects", "needs",
        "value",
    ],
};
const SHORT: Table<10> = Table {
    file: "short.csv",
    columns: ["school", "needs", "subjects", "roles", "site", "block", "day", "start", "value", "reason"],
};
const SHARE_JSON: &str = "share.json";

pub const BIDS: Contents = Contents {
    what: "bid",
    name: "bid",
    option: "--out",
    belongs: |path| named(path, &[BID.file, BLOCKS.file, GIVEN.file]),
};
/// Scenarios are called as the schools are.
pub const SHARED: Contents = Contents {
    what: "sharing",
    name: "shared",
    option: "--out",
    belongs: |path| {
        named(path, &[POOL.file, SHORT.file, SHARE_JSON]) || path.extension().is_some_and(|end| end == "toml")
    },
};

fn named(path: &Path, files: &[&str]) -> bool {
    path.file_name().is_some_and(|name| files.iter().any(|file| name == *file))
}

/// Of somebody of the pool: the id, the block and whether it is used.
pub type Used = (String, String, bool);

/// # Errors
/// The folder cannot be written.
pub fn write_bids(
    school: &School,
    id: &str,
    (bids, used): (&[Bid], &[Used]),
    round: u32,
    staged: &Staged,
) -> anyhow::Result<()> {
    let rows = bids.iter().map(|bid| {
        let block = &school[bid.block];
        [
            id.to_owned(),
            bid.subjects.clone(),
            bid.roles.clone(),
            bid.site.clone(),
            block.id.clone(),
            school[block.day].clone(),
            clock(block.start),
            clock(block.end),
            bid.step.to_string(),
            bid.value.to_string(),
            bid.needs.clone(),
            bid.week.to_string(),
            if bid.solved { "solved" } else { "price" }.to_owned(),
            round.to_string(),
        ]
    });
    BID.write(staged.path(), CsvStyle::PLAIN, rows)?;
    let rows = school.blocks.iter().map(|block| {
        let kind: Kind = block.kind;
        [
            id.to_owned(),
            block.id.clone(),
            school[block.day].clone(),
            clock(block.start),
            clock(block.end),
            kind.label().to_owned(),
        ]
    });
    BLOCKS.write(staged.path(), CsvStyle::PLAIN, rows)?;
    let rows =
        used.iter().map(|(staff, block, used)| [id, staff, block, if *used { "true" } else { "false" }]);
    GIVEN.write(staged.path(), CsvStyle::PLAIN, rows)
}

/// # Errors
/// The folder cannot be written.
pub fn write_shared(region: &Region, shared: &Shared, round: u32, staged: &Staged) -> anyhow::Result<Value> {
    let work = shared.jobs.iter().map(|job| {
        let member = &region.schools[job.school];
        // A school without sites has none to name.
        let site = if job.site == member.site { "" } else { &job.site };
        [
            region.pool[job.person].id.clone(),
            member.id.clone(),
            site.to_owned(),
            job.block.clone(),
            job.day.clone(),
            clock(job.time.0),
            clock(job.time.1),
            "work".to_owned(),
            role_cell(job.roles),
            job.subjects.join("|"),
            job.needs.clone(),
            job.value.to_string(),
        ]
    });
    let reserve = shared.stands.iter().map(|stand| {
        let mut cells: [String; 12] = Default::default();
        cells[0].clone_from(&region.pool[stand.person].id);
        cells[2] = region.reserves[stand.group].site.clone().unwrap_or_default();
        cells[4].clone_from(&stand.day);
        (cells[5], cells[6]) = (clock(stand.time.0), clock(stand.time.1));
        cells[7] = "reserve".to_owned();
        cells
    });
    POOL.write(staged.path(), CsvStyle::PLAIN, work.chain(reserve))?;
    let rows = shared.short.iter().map(|short| {
        let member = &region.schools[short.school];
        let bid = &member.cells[short.cell];
        [
            member.id.clone(),
            bid.needs.clone(),
            bid.subjects.join("|"),
            role_cell(bid.roles),
            bid.site.clone(),
            bid.block.clone(),
            bid.day.clone(),
            clock(bid.time.0),
            short.value.to_string(),
            short.reason.to_owned(),
        ]
    });
    SHORT.write(staged.path(), CsvStyle::PLAIN, rows)?;
    for (school, member) in region.schools.iter().enumerate() {
        staged.write(&format!("{}.toml", member.id), scenario(region, school, &shared.jobs))?;
    }
    let document = document(region, shared, round);
    staged.write(SHARE_JSON, format!("{document:#}\n"))?;
    Ok(document)
}

fn document(region: &Region, shared: &Shared, round: u32) -> Value {
    let schools = region.schools.iter().enumerate().map(|(school, member)| {
        let here = shared.jobs.iter().filter(|job| job.school == school);
        let new = here.clone().filter(|job| job.cell.is_some()).count();
        let cost: f64 = here.clone().map(|job| region.pool[job.person].cost).sum();
        json!({
            "school": member.id, "board": member.board, "blocks": here.count(), "new": new,
            "cost": cost * (1.0 - region.fund.share),
        })
    });
    let worked: f64 = shared.jobs.iter().map(|job| region.fund.share * region.pool[job.person].cost).sum();
    let stood: f64 = shared.stands.iter().map(|stand| region.pool[stand.person].cost).sum();
    json!({
        "region": region.name,
        "round": round,
        "value": shared.value,
        "total": shared.total,
        "bound": shared.bound,
        "schools": schools.collect::<Vec<_>>(),
        "fund": worked + stood,
        "reserve": shared.stands.len(),
        "reserve_missing": shared.missing_reserve,
        "short": shared.short.len(),
    })
}
