use super::*;

/// Physics an hour earlier, in a block that overlaps the joint lesson.
fn physics_in_overlapping_block() -> Case {
    correct().remove("pins.csv", "attend").edit("sessions.csv", "m2,mon-2,zone", "m2,mon-lower,lesson")
}

#[test]
fn a_student_in_overlapping_blocks() {
    let rows = ["student_timetable.csv:3", "student_timetable.csv:4"];
    breaks(physics_in_overlapping_block(), "R1", &["`s1`", "`m1`", "`m2`", "at once"], &rows);
}

#[test]
fn a_staff_member_in_overlapping_blocks() {
    let case = physics_in_overlapping_block().remove("pins.csv", "ban,,,bram").edit(
        "sessions.csv",
        "m1,mon-1,lesson,wi-joint,room,anna",
        "m1,mon-1,lesson,wi-joint,room,bram",
    );
    let rows = ["sessions.csv:4", "sessions.csv:5"];
    breaks(case, "R1", &["staff `bram`", "`m1`", "`m2`", "at once"], &rows);
}

#[test]
fn a_busy_student() {
    let case =
        correct().remove("pins.csv", "session").append("busy.csv", "student,s5,tue,11:00,11:20,dentist");
    breaks(case, "R1", &["student `s5` is busy in block `tue-2`"], &["student_timetable.csv:21"]);
}

#[test]
fn a_busy_staff_member() {
    let case = correct().append("busy.csv", "staff,finn,mon,15:30,18:00,");
    breaks(case, "R1", &["staff `finn` is busy in block `mon-h`"], &["sessions.csv:7"]);
}

#[test]
fn a_block_for_others() {
    let case = correct().edit("sessions.csv", "t1,tue-1", "t1,mon-lower");
    breaks(case, "R1", &["`s6` is not in the audience of block `mon-lower`"], &["student_timetable.csv:23"]);
}
