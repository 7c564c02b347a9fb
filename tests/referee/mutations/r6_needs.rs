use super::*;

#[test]
fn more_sessions_than_asked() {
    let case = correct().edit("needs.csv", "year:1,wi,2", "year:1,wi,1");
    let parts = ["student `s3` attends 2 sessions for wi, asked is 1"];
    breaks(case, "R6", &parts, &["student_timetable.csv:12", "student_timetable.csv:13"]);
}

#[test]
fn a_session_without_a_need() {
    let row = "s2,mon-h,mon,15:00,16:00,homework,m4,support,homework,room,finn";
    let case = correct().append("student_timetable.csv", row);
    breaks(case, "R6", &["student `s2` has no need", "`m4`"], &["student_timetable.csv:24"]);
}

#[test]
fn a_student_outside_the_audience() {
    let case = correct()
        .edit("offerings.csv", "per_day,qualified", "per_day,qualified,audience")
        .edit("offerings.csv", "teacher,0,0,,false,,1,all\n", "teacher,0,0,,false,,1,all,class:1a|year:1\n")
        .edit("offerings.csv", "wi-joint,1,all", "wi-joint,1,all,")
        .edit("offerings.csv", "lab,false,,1,all", "lab,false,,1,all,student:s1")
        .edit("offerings.csv", "true,,1,all", "true,,1,all,")
        .edit("offerings.csv", ",1,any", ",1,any,")
        .edit("offerings.csv", "supervisor,0,0,,false,,1,all", "supervisor,0,0,,false,,1,all,");
    breaks(case, "R6", &["student `s2` is not in the audience of", "`m2`"], &["student_timetable.csv:9"]);
}

#[test]
fn on_other_days_than_the_need() {
    let case = correct()
        .edit_all("needs.csv", "\n", ",\n")
        .edit("needs.csv", "with,staff,", "with,staff,days")
        .edit("needs.csv", "s2,na,1,should,na,,", "s2,na,1,should,na,,tue");
    let parts = ["student `s2` attends", "`m2`", "on mon, not on the days of the need"];
    breaks(case, "R6", &parts, &["student_timetable.csv:9"]);
}

#[test]
fn a_lead_without_what_the_need_names() {
    let case = correct().edit("needs.csv", "s2,na,1,should,na,", "s2,na,1,should,ne,");
    breaks(case, "R6", &["student `s2` has no need", "`m2`"], &["student_timetable.csv:9"]);
}

#[test]
fn twice_a_day() {
    let case = correct().edit(
        "sessions.csv",
        "m3,mon-3,lesson,wi-practice,room,anna,emma",
        "m3,mon-3,lesson,wi-joint,room,anna,",
    );
    let parts = ["student `s1` attends 2 sessions of `wi-joint` on mon, per_day is 1"];
    breaks(case, "R6", &parts, &["student_timetable.csv:3", "student_timetable.csv:5"]);
}

#[test]
fn practice_before_the_joint_lesson() {
    let case = correct().edit("sessions.csv", "wi-practice,room,anna,emma", "wi-joint,room,anna,").edit(
        "sessions.csv",
        "m1,mon-1,lesson,wi-joint,room,anna,",
        "m1,mon-1,lesson,wi-practice,room,anna,emma",
    );
    let parts = ["student `s4` attends", "`m1`", "without `wi-joint` before it"];
    breaks(case, "R6", &parts, &["student_timetable.csv:16"]);
}

#[test]
fn study_beyond_the_least_presence() {
    let case =
        correct().append("student_timetable.csv", "s1,tue-1,tue,09:00,10:00,lesson,t2,study,,hall,finn");
    let parts = ["student `s1` has 1 study session beside 3 lesson and zone blocks", "presence is 3"];
    breaks(case, "R6", &parts, &["student_timetable.csv:24"]);
}

#[test]
fn study_where_nothing_is_filled() {
    let case = correct().edit("school.toml", "\"*\" = 2 }", "\"*\" = 2 }\nfill = \"none\"").edit(
        "staff.csv",
        "supervisor,ne|wi,",
        "supervisor,ne|wi|ku,",
    );
    breaks(case, "R6", &["student `s3` has 1 study session", "no fill"], &["student_timetable.csv:14"]);
}

/// The joint lesson and practice on two days, in this order.
fn joint_and_practice(joint: &str, practice: &str) -> Case {
    correct()
        .edit("sessions.csv", "m1,mon-1,lesson", &format!("m1,{joint},lesson"))
        .edit("sessions.csv", "m3,mon-3,lesson", &format!("m3,{practice},lesson"))
        .edit("sessions.csv", "t2,tue-1,lesson", "t2,mon-2,zone")
        .remove("busy.csv", "student,s4")
        .remove("busy.csv", "staff,emma")
}

#[test]
fn practice_on_the_day_after_the_joint_lesson() {
    keeps(joint_and_practice("mon-1", "tue-1"));
    let case = joint_and_practice("tue-1", "mon-3");
    breaks(
        case,
        "R6",
        &["student `s1` attends", "`m3`", "without `wi-joint` before it"],
        &["student_timetable.csv:5"],
    );
}
