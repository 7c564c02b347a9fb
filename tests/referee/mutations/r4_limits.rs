use super::*;

#[test]
fn more_blocks_than_max_with_the_package() {
    let case = correct().edit("package_holders.csv", "bram", "anna");
    let parts = ["staff `anna` has 3 blocks (1 of them in packages), max_blocks is 2"];
    breaks(case, "R4", &parts, &["sessions.csv:4", "sessions.csv:6", "package_holders.csv:2"]);
}

#[test]
fn more_blocks_than_max() {
    let case = correct().edit("staff.csv", "3,6,3,3,6", "0,1,3,3,6");
    breaks(
        case,
        "R4",
        &["staff `finn` has 2 blocks, max_blocks is 1"],
        &["sessions.csv:7", "sessions.csv:9"],
    );
}

#[test]
fn more_blocks_on_a_day() {
    let case = correct().edit("staff.csv", "0,2,2,1,10", "0,2,1,1,10");
    let parts = ["staff `anna` has 2 blocks on mon, max_per_day is 1"];
    breaks(case, "R4", &parts, &["sessions.csv:4", "sessions.csv:6"]);
}

/// Anna works on Monday only, Finn on both days.
#[test]
fn work_on_more_days() {
    let days = |id: &str, most: &str| correct().column("staff.csv", "max_days", id, most);
    breaks(
        days("finn", "1"),
        "R4",
        &["staff `finn` works on 2 days, max_days is 1"],
        &["sessions.csv:7", "sessions.csv:9"],
    );
    keeps(days("finn", "2"));
    keeps(days("anna", "1"));
}

#[test]
fn more_blocks_in_a_row() {
    let case = correct().edit("staff.csv", "upper,south,0,6,3,3", "upper,south,0,6,3,1");
    let parts = ["staff `dora` has 2 blocks in a row on tue, max_in_a_row is 1"];
    breaks(case, "R4", &parts, &["sessions.csv:8", "sessions.csv:10"]);
}

/// Nothing is between Monday's last lesson and homework, whatever there is on Tuesday.
#[test]
fn a_block_of_another_day_is_not_between() {
    let case = correct()
        .append(
            "layout.toml",
            "[[block]]\nid = \"tue-h\"\ndays = [\"tue\"]\nstart = \"13:00\"\nend = \"14:00\"\nkind = \"homework\"",
        )
        .append("staff_timetable.csv", "gwen,tue-h,tue,13:00,14:00,homework,reserve,,,")
        .edit("staff.csv", "supervisor,homework,,,,3,6,3,3", "supervisor|assistant,homework,,,,3,6,3,1")
        .edit("sessions.csv", "anna,emma,4", "anna,finn,4");
    let parts = ["staff `finn` has 2 blocks in a row on mon, max_in_a_row is 1"];
    breaks(case, "R4", &parts, &["sessions.csv:6", "sessions.csv:7"]);
}

#[test]
fn exactly_as_many_blocks_as_allowed() {
    // Anna leads two on Monday with a block between; Bram one beside his package; Dora two in a row on Tuesday.
    keeps(correct().edit("staff.csv", "0,2,2,1,10", "0,2,2,1,10"));
    keeps(correct().edit("staff.csv", "0,6,2,2,10", "0,2,1,1,10"));
    keeps(correct().edit("staff.csv", "upper,south,0,6,3,3", "upper,south,0,3,2,2"));
}
