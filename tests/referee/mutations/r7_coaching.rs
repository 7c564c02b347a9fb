use super::*;

#[test]
fn a_student_in_two_groups() {
    let case = correct().append("coaching_groups.csv", "group-2,dora,s3");
    let judgement = case.evaluate();
    let rows = ["coaching_groups.csv:4", "coaching_groups.csv:8"];
    judgement.assert_broken(&["R7", "R8"], "R7", &["student `s3` is in 2 coaching groups"], &rows);
    let rows = ["coaching_groups.csv:6", "coaching_groups.csv:8"];
    judgement.assert_breach("R7", &["group `group-2` mixes year `1`, `2`"], &rows);
    judgement.assert_breach("R7", &["group `group-2` mixes site `north`, `south`"], &rows);
    judgement.assert_breach("R8", &["`s3` of unit `lower` is with `dora`"], &["coaching_groups.csv:8"]);
}

#[test]
fn a_student_in_no_group() {
    let judgement = correct().remove("coaching_groups.csv", "group-1,carl,s4").evaluate();
    judgement.assert_broken(
        &["R7"],
        "R7",
        &["student `s4` is in no coaching group"],
        &["coaching_groups.csv:0"],
    );
    judgement.assert_breach("R7", &["`s4` attends the meeting", "not in it"], &["student_timetable.csv:15"]);
}

#[test]
fn a_group_too_large() {
    let case = correct().edit("school.toml", "max = 4", "max = 3");
    breaks(case, "R7", &["group `group-1` has 4 students, size is 2 to 3"], &["coaching_groups.csv:2"]);
}

#[test]
fn a_group_too_small() {
    let case = correct().remove("coaching_groups.csv", "group-2,dora,s6");
    breaks(case, "R7", &["group `group-2` has 1 student, size is 2 to 4"], &["coaching_groups.csv:6"]);
}

#[test]
fn a_group_with_two_coaches() {
    let case = correct().edit("coaching_groups.csv", "group-1,carl,s4", "group-1,emma,s4");
    let rows = ["coaching_groups.csv:2", "coaching_groups.csv:5"];
    breaks(case, "R7", &["group `group-1` has 2 coaches: carl, emma"], &rows);
}

#[test]
fn assistants_in_a_meeting() {
    let case = correct().edit("sessions.csv", "coaching,room,carl,,", "coaching,room,carl,emma,");
    breaks(case, "R7", &["has 1 assistant, a meeting has none"], &["sessions.csv:2"]);
}

#[test]
fn a_coach_without_the_role() {
    let case = correct().edit_all("coaching_groups.csv", "group-2,dora", "group-2,finn");
    breaks(case, "R7", &["group `group-2`: `finn` lacks the role `coach`"], &["coaching_groups.csv:6"]);
}

#[test]
fn a_meeting_with_another_coach() {
    let case = correct().edit("sessions.csv", "coaching,room,carl", "coaching,room,emma");
    let parts = ["group `group-1`", "is led by `emma`, the group's coach is `carl`"];
    breaks(case, "R7", &parts, &["sessions.csv:2", "coaching_groups.csv:2"]);
}

/// The meeting of group-1 with somebody else, marked as stand-in in all files.
pub fn covered_by(staff: &str) -> Case {
    correct()
        .edit("sessions.csv", "coaching,room,carl", &format!("coaching,room,{staff}"))
        .edit_all("student_timetable.csv", "coaching,,room,carl", &format!("coaching,,room,{staff}"))
        .edit("place_timetable.csv", "coaching,carl", &format!("coaching,{staff}"))
        .edit("staff_timetable.csv", "carl,mon-c", &format!("{staff},mon-c"))
        .edit("staff_timetable.csv", "coach,group-1", "cover,group-1")
        .write("changes.csv", "kind,id,block\n")
}

#[test]
fn a_stand_in_marked_as_such_is_allowed() {
    // Who stands in costs less.
    covered_by("emma").edit("summary.json", "\"cost\": 79", "\"cost\": 76").evaluate().assert_holds();
}

#[test]
fn a_stand_in_in_a_week_that_was_not_repaired() {
    let case = covered_by("emma");
    std::fs::remove_file(case.path("changes.csv")).expect("the file");
    breaks(case, "R7", &["the stand-in `emma`", "no repaired week"], &["sessions.csv:2"]);
}

#[test]
fn a_stand_in_who_is_no_coach() {
    breaks(covered_by("finn"), "R7", &["the stand-in `finn` lacks the role `coach`"], &["sessions.csv:2"]);
}

#[test]
fn a_free_member_left_out() {
    let case = correct().remove("student_timetable.csv", "s4,mon-c");
    let parts = ["student `s4` is free and missing", "`group-1` in `mon-c`"];
    breaks(case, "R7", &parts, &["sessions.csv:2", "coaching_groups.csv:5"]);
}

#[test]
fn more_meetings_than_asked() {
    let case = correct().append("sessions.csv", "group-1,tue-c,coaching,coaching,room,carl,,0,4");
    let parts = ["group `group-1` meets 2 times, meetings is 1"];
    breaks(case, "R7", &parts, &["sessions.csv:2", "sessions.csv:11"]);
}

#[test]
fn a_meeting_outside_the_coaching_blocks() {
    let case = correct().edit("sessions.csv", "group-2,mon-c,coaching", "group-2,mon-3,lesson");
    breaks(case, "R7", &["`group-2`", "is a lesson block"], &["sessions.csv:3"]);
}

#[test]
fn groups_in_a_school_without_coaching() {
    let text = correct().text("school.toml");
    let (before, rest) = text.split_once("[coaching]").expect("a table [coaching]");
    let (_, after) = rest.split_once("\n[").expect("a table after it");
    let settings = format!("{before}[{after}").replace("staff_per_block = 1", "staff_per_block = 0");
    let case = correct()
        .write("school.toml", settings)
        .remove("staff_timetable.csv", "gwen,mon-c")
        .remove("staff_timetable.csv", "gwen,tue-c");
    breaks(
        case,
        "R7",
        &["group `group-1` exists, but the school has no [coaching]"],
        &["coaching_groups.csv:2"],
    );
}

/// Only year 2 is invited to coaching; so year 1 has neither groups nor meetings.
fn coaching_for_year_2() -> Case {
    let text = correct()
        .text("layout.toml")
        .replace("kind = \"coaching\"", "kind = \"coaching\"\naudience = [\"year:2\"]");
    let groups = correct().text("coaching_groups.csv");
    let groups: Vec<&str> = groups.lines().filter(|line| !line.starts_with("group-1")).collect();
    let attended = correct().text("student_timetable.csv");
    let attended: Vec<&str> = attended.lines().filter(|line| !line.contains("group-1")).collect();
    correct()
        .write("layout.toml", text)
        .write("coaching_groups.csv", groups.join("\n") + "\n")
        .write("student_timetable.csv", attended.join("\n") + "\n")
        .remove("sessions.csv", "group-1")
        .remove("pairs.csv", "together")
}

#[test]
fn who_is_invited_to_no_coaching_block_has_no_group() {
    keeps(coaching_for_year_2());
    let case = coaching_for_year_2().append("coaching_groups.csv", "group-3,carl,s1\ngroup-3,carl,s2");
    let parts = ["student `s1` is in a coaching group, but is invited to no coaching block"];
    breaks(case, "R7", &parts, &["coaching_groups.csv:4"]);
}

#[test]
fn twice_in_one_block() {
    let case = correct()
        .edit("school.toml", "meetings = 1", "meetings = 2")
        .edit("places.csv", "room,north,6,1", "room,north,8,2")
        .append("sessions.csv", "group-1,mon-c,coaching,coaching,room,carl,,4,4");
    let judgement = case.evaluate();
    let rows = ["sessions.csv:2", "sessions.csv:11"];
    judgement.assert_breach("R7", &["group `group-1` meets 2 times in block `mon-c`"], &rows);
    assert_eq!(
        judgement.verdict.violations.iter().filter(|b| b.message.contains("times in block")).count(),
        1
    );
}
