use super::*;

#[test]
fn a_pinned_session_that_does_not_run() {
    let case = correct().edit("sessions.csv", "t3,tue-2", "t3,mon-2");
    let parts = ["no session has block `tue-2`, offering `arts`, staff `dora`, place `annex`"];
    breaks(case, "R8", &parts, &["pins.csv:2"]);
}

#[test]
fn a_pinned_student_who_does_not_attend() {
    let case = correct().remove("student_timetable.csv", "s1,mon-2");
    breaks(case, "R8", &["no session has block `mon-2`", "student `s1`"], &["pins.csv:3"]);
}

#[test]
fn a_banned_place() {
    let case = correct().edit("sessions.csv", "wi-joint,room", "wi-joint,hall");
    breaks(case, "R8", &["`m1`", "place `hall`, which is banned"], &["sessions.csv:4", "pins.csv:4"]);
}

#[test]
fn a_banned_deployment_in_study() {
    let case = correct().edit("staff.csv", "carl,Carl,coach", "carl,Carl,coach|supervisor").edit(
        "sessions.csv",
        "study,hall,finn",
        "study,hall,carl",
    );
    breaks(case, "R8", &["staff `carl`, which is banned"], &["sessions.csv:9", "pins.csv:5"]);
}

#[test]
fn a_banned_attendance() {
    let case = correct().edit("sessions.csv", "wi-joint,room,anna", "wi-joint,room,bram");
    let parts = ["`m1`", "student `s3`, which is banned"];
    breaks(case, "R8", &parts, &["student_timetable.csv:12", "pins.csv:6"]);
}

#[test]
fn students_apart_in_one_session_and_group() {
    let judgement = correct().append("pairs.csv", "apart,s3,s4").evaluate();
    let rows = ["student_timetable.csv:14", "student_timetable.csv:18", "pairs.csv:4"];
    judgement.assert_broken(&["R8"], "R8", &["`s3` and `s4` are both in session `t2`"], &rows);
    let rows = ["coaching_groups.csv:4", "coaching_groups.csv:5", "pairs.csv:4"];
    judgement.assert_breach("R8", &["both in group `group-1`"], &rows);
}

#[test]
fn students_together_in_two_groups() {
    let case = correct().edit("coaching_groups.csv", "group-1,carl,s2", "group-3,carl,s2");
    let rows = ["coaching_groups.csv:2", "coaching_groups.csv:3", "pairs.csv:3"];
    broken(case, &["R7", "R8"], "R8", &["`s1` and `s2` are not in one coaching group"], &rows);
}

#[test]
fn a_budget_for_all() {
    let case = correct().edit("school.toml", "cost = 100", "cost = 88.5");
    breaks(
        case,
        "R8",
        &["all staff costs 89.00 (10.00 of it for packages), the budget is 88.50"],
        &["sessions.csv:2", "sessions.csv:9"],
    );
}

#[test]
fn a_budget_of_a_unit() {
    let case = correct().edit("school.toml", "cost = 60", "cost = 47");
    breaks(
        case,
        "R8",
        &["unit `lower` costs 48.00 (10.00 of it for packages), the budget is 47.00"],
        &["sessions.csv:2", "sessions.csv:6", "package_holders.csv:2"],
    );
}

#[test]
fn a_budget_that_covers_others() {
    let with = |covers: &str, cost: &str| {
        let budget = format!("unit = \"lower\"\ncovers = [{covers}]\ncost = {cost}");
        correct().edit("school.toml", "unit = \"lower\"\ncost = 60", &budget)
    };
    let parts = ["unit `lower` with `staff:finn` costs 60.00"];
    breaks(with("\"staff:finn\"", "59"), "R8", &parts, &["sessions.csv:7", "sessions.csv:9"]);
    keeps(with("\"staff:finn\"", "60"));
    let parts = ["unit `lower` with `role:assistant` costs 53.00"];
    breaks(with("\"role:assistant\"", "52"), "R8", &parts, &["sessions.csv:6"]);
    let alone = |cost: &str| {
        let budget = format!("covers = [\"role:assistant\", \"staff:finn\"]\ncost = {cost}");
        correct().edit("school.toml", "unit = \"lower\"\ncost = 60", &budget)
    };
    breaks(alone("16"), "R8", &["`role:assistant|staff:finn` costs 17.00"], &["sessions.csv:6"]);
    keeps(alone("17"));
}

#[test]
fn a_lead_of_another_unit() {
    let case = correct()
        .edit("staff.csv", "0,2,2,1,10", "0,6,3,3,10")
        .edit("sessions.csv", "dutch,,dora", "dutch,,anna")
        .edit("staff.csv", "anna,Anna,teacher,wi|ku", "anna,Anna,teacher,wi|ku|ne");
    let parts = ["student `s5` of unit `upper` is with `anna` of unit `lower`"];
    breaks(case, "R8", &parts, &["sessions.csv:8", "student_timetable.csv:20"]);
}

#[test]
fn a_place_of_another_unit() {
    let with_units = |room: &str, annex: &str| {
        let case = correct().remove("pins.csv", "session");
        let case = case.edit("school.toml", "own_staff", "own_places = \"require\"\nown_staff");
        let case = case.edit("places.csv", "parallel,tags", "parallel,tags,unit");
        let case = case.edit("places.csv", "room,north,6,1,", &format!("room,north,6,1,,{room}"));
        let case = case.edit("places.csv", "hall,north,6,2,", "hall,north,6,2,,");
        let case = case.edit("places.csv", "lab,north,6,1,lab", "lab,north,6,1,lab,");
        case.edit("places.csv", "annex,south,10,1,", &format!("annex,south,10,1,,{annex}"))
    };
    keeps(with_units("", "upper"));
    let parts = ["in place `annex` of unit `lower`, led by `dora` of unit `upper`"];
    breaks(with_units("", "lower"), "R8", &parts, &["sessions.csv:3"]);
    // Finn, who supervises there, has no unit.
    let parts = ["in place `room` of unit `lower`, led by `finn` of no unit"];
    breaks(with_units("lower", "upper"), "R8", &parts, &["sessions.csv:7"]);
    keeps(with_units("lower", "lower").edit(
        "school.toml",
        "own_places = \"require\"",
        "own_places = \"prefer\"",
    ));
}

#[test]
fn no_reserve() {
    let case = correct().remove("staff_timetable.csv", "gwen,tue-c");
    let parts = ["block `tue-c` has a reserve of 0 free people, staff_per_block is 1"];
    breaks(case, "R8", &parts, &["staff_timetable.csv:0"]);
}

#[test]
fn a_reserve_who_is_busy() {
    let case = correct().append("busy.csv", "staff,gwen,tue,09:30,09:40,");
    let parts = ["staff `gwen` is reserve in block `tue-1`, but busy"];
    breaks(case, "R8", &parts, &["staff_timetable.csv:19"]);
}

#[test]
fn a_reserve_who_is_deployed() {
    let case = correct().edit("staff.csv", "ne|wi,,upper", "ne|wi,,").edit(
        "sessions.csv",
        "study,hall,finn",
        "study,hall,gwen",
    );
    let parts = ["staff `gwen` is reserve in block `tue-1` and in session `t2`"];
    breaks(case, "R8", &parts, &["staff_timetable.csv:19", "sessions.csv:9"]);
}

#[test]
fn a_reserve_who_could_not_be_deployed() {
    let refuses = |to: &str, why: &str, row: &str| {
        let case =
            correct().edit("staff.csv", "gwen,Gwen,teacher|coach|supervisor,ne|wi,,upper,,0,6,3,3,9", to);
        breaks(case, "R8", &[&format!("staff `gwen` is reserve in block {why}")], &[row]);
    };
    let no_role = "`mon-2`, but has no role and qualification for anything that runs in a zone block";
    refuses("gwen,Gwen,teacher|coach|guest,ne|wi,,upper,,0,6,3,3,9", no_role, "staff_timetable.csv:15");
    let blocks = "`mon-c`, but has 0 blocks already, max_blocks is 0";
    refuses("gwen,Gwen,teacher|coach|supervisor,ne|wi,,upper,,0,0,3,3,9", blocks, "staff_timetable.csv:12");
    let day = "`mon-c`, but has 0 blocks that day already, max_per_day is 0";
    refuses("gwen,Gwen,teacher|coach|supervisor,ne|wi,,upper,,0,6,0,3,9", day, "staff_timetable.csv:12");
    let row = "`mon-c`, but would have more in a row than max_in_a_row, which is 0";
    refuses("gwen,Gwen,teacher|coach|supervisor,ne|wi,,upper,,0,6,3,0,9", row, "staff_timetable.csv:12");
    let case = correct().column("staff.csv", "max_days", "gwen", "0");
    let days = "staff `gwen` is reserve in block `mon-c`, but works on 0 other days already, max_days is 0";
    breaks(case, "R8", &[days], &["staff_timetable.csv:12"]);
    // Carl coaches first; beside that he may have one block more.
    let carl = |max: &str| {
        let edit = format!("carl,Carl,coach|supervisor,,,lower,north,0,{max},3,3,8");
        correct()
            .edit("staff.csv", "carl,Carl,coach,,,lower,north,0,6,3,3,8", &edit)
            .append("staff_timetable.csv", "carl,tue-2,tue,10:15,11:15,zone,reserve,,,")
    };
    keeps(carl("2"));
    let parts = ["staff `carl` is reserve in block `tue-2`, but has 1 blocks already, max_blocks is 1"];
    breaks(carl("1"), "R8", &parts, &["staff_timetable.csv:21"]);
}

#[test]
fn nobody_of_a_group_in_reserve() {
    let group = |what: &str| {
        let settings = format!("staff_per_block = 1\n[[reserve.group]]\n{what}\n");
        correct().edit("school.toml", "staff_per_block = 1\n", &settings)
    };
    keeps(group(
        "people = 1\nunit = \"upper\"\nroles = [\"coach\"]\nsubjects = [\"wi\", \"na\"]\nsite = \"south\"",
    ));
    let lower = group("people = 1\nunit = \"lower\"").edit(
        "staff.csv",
        "carl,Carl,coach,",
        "carl,Carl,coach|supervisor,",
    );
    let part = "block `mon-c` has a reserve of 0 people of unit `lower`, a group asks for 1";
    breaks(lower, "R8", &[part], &["staff_timetable.csv:12"]);
}

#[test]
fn exactly_the_budget() {
    keeps(correct().edit("school.toml", "cost = 100", "cost = 89"));
    keeps(correct().edit("school.toml", "cost = 60", "cost = 48"));
    // Tenths do not add up to the last digit: 0.1 + 0.2 is more than 0.3.
    let tenths = ["10", "10", "8", "8", "5", "6", "9"];
    let rows = correct().text("staff.csv");
    let cheap: Vec<String> = rows
        .lines()
        .zip(["cost"].into_iter().chain(tenths))
        .map(|(row, cost)| match row.strip_suffix(cost) {
            Some(row) if cost != "cost" => {
                format!("{row}{}", if row.starts_with("finn") { "0.1" } else { "0" })
            }
            _ => row.to_owned(),
        })
        .collect();
    let cheap = correct().write("staff.csv", cheap.join("\n"));
    keeps(cheap.edit("school.toml", "cost = 100", "cost = 0.2"));
    // Who costs nothing is within a budget of nothing.
    let free =
        correct().edit("staff.csv", "assistant|coach,,,,,0,6,3,3,5", "assistant|coach,,,west,,0,6,3,3,0");
    keeps(free.edit("school.toml", "unit = \"lower\"\ncost = 60", "unit = \"west\"\ncost = 0"));
}

#[test]
fn a_budget_names_the_sessions_that_cost_it() {
    let judgement = correct().edit("school.toml", "cost = 60", "cost = 47").evaluate();
    let rows =
        ["sessions.csv:2", "sessions.csv:4", "sessions.csv:5", "sessions.csv:6", "package_holders.csv:2"];
    judgement.assert_rows("R8", &rows);
    let free = correct().edit(
        "staff.csv",
        "carl,Carl,coach,,,lower,north,0,6,3,3,8",
        "carl,Carl,coach,,,lower,north,0,6,3,3,0",
    );
    let judgement = free.edit("school.toml", "cost = 60", "cost = 39").evaluate();
    judgement.assert_rows("R8", &rows[1..]);
}
