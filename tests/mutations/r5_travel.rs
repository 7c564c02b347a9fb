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
