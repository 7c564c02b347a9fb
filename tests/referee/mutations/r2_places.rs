use super::*;

/// The study session beside physics in the lab.
fn study_in_lab() -> Case {
    correct().remove("busy.csv", "student,s4").edit(
        "sessions.csv",
        "t2,tue-1,lesson,study,hall",
        "t2,mon-2,zone,study,lab",
    )
}

#[test]
fn too_many_sessions_at_once() {
    let parts = ["place `lab` holds 2 sessions at once", "`mon-2`", "parallel is 1"];
    breaks(study_in_lab(), "R2", &parts, &["sessions.csv:5", "sessions.csv:9"]);
}

#[test]
fn too_few_seats_for_parallel_sessions() {
    let case = study_in_lab().edit("places.csv", "lab,north,6,1", "lab,north,3,2");
    let parts = ["place `lab` holds 4 students", "seats are 3"];
    breaks(case, "R2", &parts, &["sessions.csv:5", "sessions.csv:9"]);
}

#[test]
fn too_few_seats() {
    let case =
        correct().edit("sessions.csv", "m3,mon-3,lesson,wi-practice,room", "m3,mon-3,lesson,wi-practice,lab");
    let case = case.edit("places.csv", "lab,north,6,1", "lab,north,3,1");
    breaks(case, "R2", &["place `lab` holds 4 students in block `mon-3`, seats are 3"], &["sessions.csv:6"]);
}

#[test]
fn a_busy_place() {
    let case = correct().edit("sessions.csv", "wi-practice,room", "wi-practice,hall");
    breaks(case, "R2", &["place `hall` is busy in block `mon-3`"], &["sessions.csv:6"]);
}

#[test]
fn a_place_without_the_tag() {
    let case = correct().edit("sessions.csv", "physics,lab", "physics,room");
    breaks(case, "R2", &["place `room` lacks the tag `lab`"], &["sessions.csv:5"]);
}

#[test]
fn no_place_at_all() {
    let case = correct().edit("sessions.csv", "support,room", "support,");
    breaks(case, "R2", &["`m4`", "has no place"], &["sessions.csv:7"]);
}

/// Physics in the room of the joint lesson, which it overlaps without beginning with it.
#[test]
fn too_many_sessions_in_overlapping_blocks() {
    let case = correct().remove("pins.csv", "attend").edit(
        "sessions.csv",
        "m2,mon-2,zone,physics,lab",
        "m2,mon-lower,lesson,physics,room",
    );
    let case = case.edit("offerings.csv", "1,6,teacher,0,0,lab", "1,6,teacher,0,0,");
    let parts = ["place `room` holds 2 sessions at once in block `mon-lower`"];
    broken(case, &["R1", "R2"], "R2", &parts, &["sessions.csv:4", "sessions.csv:5"]);
}

#[test]
fn exactly_as_many_seats_as_students() {
    keeps(correct().edit("places.csv", "room,north,6,1", "room,north,4,1"));
    keeps(study_in_lab().edit("places.csv", "lab,north,6,1", "lab,north,4,2"));
}
