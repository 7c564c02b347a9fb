use super::*;

#[test]
fn too_little_time_between_sites() {
    let case = correct().edit("staff.csv", "upper,south", "upper,").edit(
        "sessions.csv",
        "dutch,,dora",
        "dutch,hall,dora",
    );
    let parts = ["staff `dora` has 15 minutes", "`north`", "`south`", "travel takes 20"];
    breaks(case, "R5", &parts, &["sessions.csv:8", "sessions.csv:10"]);
}

#[test]
fn a_site_where_the_lead_does_not_work() {
    let case = correct().edit("sessions.csv", "dutch,,dora", "dutch,hall,dora");
    breaks(case, "R5", &["staff `dora` does not work at site `north`"], &["sessions.csv:8"]);
}

#[test]
fn a_student_at_another_site() {
    let case = correct().remove("pins.csv", "session").edit("sessions.csv", "arts,annex", "arts,hall");
    let parts = ["student `s5` of site `south` attends", "at site `north`"];
    breaks(case, "R5", &parts, &["student_timetable.csv:21"]);
}

/// Dora at two sites with 15 minutes between.
fn dora_at_two_sites(minutes: &str) -> Case {
    correct()
        .edit("staff.csv", "upper,south", "upper,")
        .edit("sessions.csv", "dutch,,dora", "dutch,hall,dora")
        .edit("school.toml", "minutes = 20", minutes)
}

#[test]
fn exactly_enough_time_between_sites() {
    keeps(dora_at_two_sites("minutes = 15"));
    let parts = ["staff `dora` has 15 minutes", "travel takes 16"];
    breaks(dora_at_two_sites("minutes = 16"), "R5", &parts, &["sessions.csv:8", "sessions.csv:10"]);
}

#[test]
fn at_two_sites_at_once_is_not_a_matter_of_travel() {
    let case = correct().edit("staff.csv", "upper,south", "upper,").edit(
        "sessions.csv",
        "m1,mon-1,lesson,wi-joint,room,anna",
        "m1,mon-c,coaching,wi-joint,room,dora",
    );
    let judgement = case.evaluate();
    judgement.assert_breach("R1", &["staff `dora`", "at once"], &["sessions.csv:3", "sessions.csv:4"]);
    assert!(!judgement.rules().contains("R5"), "{:#?}", judgement.verdict.violations);
}

#[test]
fn students_of_no_site_travel_too() {
    let at_two_sites = |minutes: &str| {
        dora_at_two_sites(minutes).edit("students.csv", "2a,2,upper,south,carl", "2a,2,upper,,carl")
    };
    keeps(at_two_sites("minutes = 15"));
    let parts = ["student `s5` has 15 minutes", "`north`", "`south`", "travel takes 16"];
    let rows = ["student_timetable.csv:20", "student_timetable.csv:21"];
    breaks(at_two_sites("minutes = 16"), "R5", &parts, &rows);
}
